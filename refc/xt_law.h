/* SPDX-License-Identifier: Apache-2.0 */
/* Laws: what a pulse does to a device (rtl/SPEC.md section 9). One file per law, refc/xt_law_NAME.c; the table comes
 * from [law] of the description. */
#ifndef XT_LAW_H
#define XT_LAW_H

#include "xt_cell.h"
#include "xt_types.h"

/* One fabricated device, without its state. */
struct xt_device {
  int32_t step_up, step_down;   /* mean step up and down at state 0, in 2^-SHIFT state units, 0..32767 */
  int32_t wmin, wmax;           /* bounds of the state; equal: stuck */
  int32_t shape_up, shape_down; /* the law's own, signed 16 bits each */
};

/* Noise words of the fabrication that are a law's own. */
struct xt_law_words {
  uint32_t shape, start;
};

struct xt_law {
  const char *name;
  bool timed; /* amplitude and duration of a pulse matter */
  /* Fabrication: the shape of a direction, -32768..32767, from its step (1..32767) and the bounds. sw: StateBits; own:
   * drawn if there is `start`. */
  int32_t (*shape)(const struct xt_dev_cfg *cfg, int32_t sw, bool up, int32_t step, int32_t wmax, int32_t wmin,
                   struct xt_law_words own);
  /* The first state; NULL: 0. */
  int32_t (*start)(int32_t wmax, int32_t wmin, struct xt_law_words own);
  /* Laws of binary devices, which are at one of their bounds: the chance, Q32 (0..2^32), that a pulse takes one of this
   * shape to the bound of its direction, if it is not there. NULL: of other laws. */
  uint64_t (*flip)(const struct xt_dev_cfg *cfg, struct xt_pulse p, int32_t shape);
  /* How far a pulse (p.hit) goes at state w, before noise, rounding and bounds: below 2^20, in 2^-SHIFT state units.
   * step, shape: the device's, of the pulse's direction; w32: the pulse's noise word; flip: as flip() says. */
  int64_t (*step)(const struct xt_dev_cfg *cfg, int32_t sw, struct xt_pulse p, int32_t step, int32_t shape, int32_t w,
                  uint32_t w32, uint64_t flip);
};

/* 2^(frac/1024) in Q20, frac = 0..1023: a parabola, exact at the ends of the octave. */
static inline int64_t xt_law_arc(int64_t frac) {
  return (INT64_C(1) << 20) + frac * (677 + ((347 * frac) >> 10));
}

/* flip() of law MTJ. */
uint64_t xt_law_mtj_flip(const struct xt_dev_cfg *cfg, struct xt_pulse p, int32_t shape);

#define X(NAME, name, value, text) extern const struct xt_law xt_law_##name;
XT_LAW_TABLE(X)
#undef X

extern const struct xt_law *const xt_laws[XT_NUM_LAWS]; /* by XT_LAW_* */

#endif
