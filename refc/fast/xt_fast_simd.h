/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels: what refc/fast spends its time in, compiled once for every width of vectors (XT_FAST_KERNELS of
 * refc/CMakeLists.txt). A tile takes one of them when it is made; all give the same bits (test ref_fast). */
#ifndef XT_FAST_SIMD_H
#define XT_FAST_SIMD_H

#include "xt_fast_law.h"

/* Names of what a kernel file exports: xt_fast_linear_avx2. A build without widths has `base` alone. */
#ifndef XT_FAST_WIDTH
#define XT_FAST_WIDTH base
#endif
#define XT_FAST_JOIN(name, width) name##_##width
#define XT_FAST_JOINED(name, width) XT_FAST_JOIN(name, width)
#define XT_FAST_NAME(name) XT_FAST_JOINED(name, XT_FAST_WIDTH)

enum { XT_FLIP_BLOCK = 16 };

/* code = (v + half) >>> range within least..most, which is latched within +-most, less an offset. */
struct xt_fast_adc {
  int64_t half;
  unsigned range;
  int32_t least, most;
};

struct xt_fast_simd {
  const char *name;
  const struct xt_fast_law *law[XT_NUM_LAWS]; /* by XT_LAW_*; NULL: no vector form */
  /* min((mag[l] * gain + half) >> shift, full) of `count` lines; half = 2^shift / 2. */
  void (*thresholds)(const uint32_t *mag, int32_t count, uint32_t gain, uint32_t shift, uint32_t full, uint32_t *t);
  /* Bit s of mask[r] = value[p + s] < t[r] for s = 0..slots - 1 (of 31), t <= 2^16, where p = pos[line[r]] + off, less
   * period if that is not below it, + base. */
  void (*masks)(const uint16_t *value, uint32_t period, const uint32_t *pos, uint32_t off, uint32_t base,
                uint32_t slots, int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask);
  /* The same for state p of xt_orbit.word <= t, where p = pos[line[r]] + off modulo period (pos + off < 2 periods and
   * some more). A small table: it stays in the first cache. */
  void (*bit_masks)(const uint16_t *word, uint32_t period, const uint32_t *pos, uint32_t off, uint32_t slots,
                    int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask);
  /* Sums that fit 31 bits, of an array of n x m: sum[j] of codes[i] w[i][j] over the listed rows i, for j = first ..
   * end - 1 and, beyond, up to a multiple of XT_SLACK from `first`; and sum[i] of the same over the first `count`
   * columns j, behind which codes are 0 up to XT_SLACK more. */
  void (*columns)(const int16_t *w, int32_t m, int32_t first, int32_t end, const int16_t *codes, const int32_t *lines,
                  int32_t count, int32_t *sum);
  void (*rows)(const int16_t *w, int32_t n, int32_t m, const int16_t *codes, int32_t count, int32_t *sum);
  /* sum[k] + x d[k], k < ms, clipped to +-smax; true if one was. |x d[k]| < 2^23; d is 0 up to XT_SLACK more, whose
   * sums are written as they were. */
  bool (*accumulate)(int32_t *sum, int32_t ms, int32_t x, const int32_t *d, int32_t smax);
  /* v[k] += factor * sum[k] */
  void (*add)(int64_t *v, const int32_t *sum, int64_t factor, int32_t count);
  /* Lines whose code is not 0, and those of positive and of negative codes with their magnitudes, in order; lists have
   * room for 16 more. */
  int32_t (*driven)(const int16_t *codes, int32_t lines, int32_t *list);
  void (*split)(const int16_t *codes, int32_t lines, int32_t *const list[2], uint32_t *const mag[2], int32_t count[2]);
  /* Lines whose mask is not 0, and the masks: those with one bit first, then with two, three, and more; zeros behind
   * them up to a multiple of 16. Returns how many. */
  int32_t (*live)(const int32_t *line, const uint32_t *mask, int32_t count, int32_t *live, uint32_t *live_mask);
  /* Bit vectors of lines: those whose word has bits of `any`; those whose word is above a level (both below 2^31); and
   * magnitudes of codes, with the lines of negative ones. Up to 31 elements past the last line are touched. */
  void (*bits)(const uint32_t *word, int32_t lines, uint32_t any, uint32_t *to);
  void (*above)(const uint32_t *word, int32_t lines, uint32_t level, uint32_t *to);
  void (*magnitudes)(const int16_t *codes, int32_t lines, uint32_t *mag, uint32_t *neg);
  /* Trial codes of successive approximation, at this bit, on the way to code[]: half less is the code. */
  void (*trials)(const uint32_t *code, int32_t units, uint32_t bit, int32_t half, int16_t *trial);
  /* sum w[k] (2 (first + k) + 1), k < count */
  uint32_t (*digest)(const int16_t *w, size_t first, size_t count);
  /* Results of converters that are ideal, and their codes before LATCH: the lines at a rail. */
  uint32_t (*convert)(const int64_t *v, int32_t lines, const struct xt_fast_adc *adc, const int32_t *offset,
                      int32_t *raw, int16_t *codes);
  /* Noise words of a row (its first device is number idx) in the slots of `slots`, whose keys are key[slot]: those that
   * are at most limit[slot][column], of the columns of the blocks of XT_FLIP_BLOCK that begin at first[count], go to
   * found as column << 3 | slot. Returns how many. */
  size_t (*flips)(uint32_t idx, uint32_t slots, const uint32_t *key, uint32_t *const *limit, const int32_t *first,
                  int32_t count, uint32_t *found);
};

/* The widths that are built, narrowest first, then NULL. */
extern const struct xt_fast_simd *const xt_fast_simds[];

/* Whether this processor runs it. */
bool xt_fast_simd_runs(const struct xt_fast_simd *simd);
/* The one of this name, or the widest that runs for NULL and ""; NULL and a message if there is no such or it does not
 * run. */
const struct xt_fast_simd *xt_fast_simd_find(const char *name, char *err, size_t errlen);

#endif
