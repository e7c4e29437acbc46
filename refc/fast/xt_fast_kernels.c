/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels that belong to no law: slots in which lines fire, sums of products, of outer products; and the table of this
 * width. */
#include "xt_fast_simd.h"
#include "xt_fast_vec.h"

/* ---------------------------------------------------------------- masks */

/* Bit s: value[s] < t, for s = 0..slots - 1 and some more, 0 < t <= 2^16. Fewer slots: fewer cache lines. */
#if defined(__AVX512BW__) /* the one place where the compiler does not find the instruction by itself */
XT_INLINE uint32_t mask32(const uint16_t *value, uint32_t slots, uint32_t t) {
  const __m512i most = _mm512_set1_epi16((short)(t - 1));
  if (slots <= 8)
    return _mm_cmple_epu16_mask(_mm_loadu_si128((const __m128i *)(const void *)value), _mm512_castsi512_si128(most));
  return _mm512_cmple_epu16_mask(_mm512_loadu_si512(value), most);
}
#else
typedef uint16_t v16 __attribute__((vector_size(16)));
typedef int8_t v8 __attribute__((vector_size(8)));

XT_INLINE uint32_t mask32(const uint16_t *value, uint32_t slots, uint32_t t) {
  uint32_t word = 0;
  const uint16_t most = (uint16_t)(t - 1);
  for (uint32_t b = 0; 8 * b < slots; b++) {
    v16 v;
    uint64_t byte;
    memcpy(&v, value + 8 * b, sizeof v);
    const v8 fires = __builtin_convertvector(v <= most, v8);
    memcpy(&byte, &fires, sizeof byte);
    /* the lowest bits of eight bytes, put side by side by a multiplication */
    word |= (uint32_t)(((byte & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080)) >> 56) << (8 * b);
  }
  return word;
}
#endif

static void masks(const uint16_t *value, uint32_t period, const uint32_t *pos, uint32_t off, uint32_t base,
                  uint32_t slots, int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask) {
  const uint32_t there = (UINT32_C(1) << slots) - 1;
  for (int32_t r = 0; r < count; r++) {
    const uint32_t p = pos[line[r]] + off;
    mask[r] = mask32(value + (p >= period ? p - period : p) + base, slots, t[r]) & (t[r] != 0 ? there : 0);
  }
}

/* Bit s: the 16 bits from bit `at` of word s on are <= t (none is 0), for s = 0..slots - 1 and some more. */
#if defined(__AVX512BW__)
XT_INLINE uint32_t bit_mask32(const uint16_t *word, uint32_t at, uint32_t slots, uint32_t t) {
  const __m128i left = _mm_cvtsi32_si128((int)at), right = _mm_cvtsi32_si128(16 - (int)at);
  const __m512i most = _mm512_set1_epi16((short)(t < 65535 ? t : 65535));
  if (slots <= 8) {
    const __m128i few = _mm_loadu_si128((const __m128i *)(const void *)word),
                  next = _mm_loadu_si128((const __m128i *)(const void *)(word + 1));
    return _mm_cmple_epu16_mask(_mm_or_si128(_mm_sll_epi16(few, left), _mm_srl_epi16(next, right)),
                                _mm512_castsi512_si128(most));
  }
  const __m512i a = _mm512_loadu_si512(word), b = _mm512_loadu_si512(word + 1);
  return _mm512_cmple_epu16_mask(_mm512_or_si512(_mm512_sll_epi16(a, left), _mm512_srl_epi16(b, right)), most);
}
#else
XT_INLINE uint32_t bit_mask32(const uint16_t *word, uint32_t at, uint32_t slots, uint32_t t) {
  uint16_t v[32];
  for (uint32_t b = 0; b < slots; b += 8) {
    for (uint32_t s = b; s < b + 8; s++) v[s] = (uint16_t)((word[s] << at | word[s + 1] >> (16 - at)) - 1);
  }
  return mask32(v, slots, t);
}
#endif

static void bit_masks(const uint16_t *word, uint32_t period, const uint32_t *pos, uint32_t off, uint32_t slots,
                      int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask) {
  const uint32_t there = (UINT32_C(1) << slots) - 1;
  off = off >= period ? off - period : off;
  for (int32_t r = 0; r < count; r++) {
    const uint32_t sum = pos[line[r]] + off, p = sum >= period ? sum - period : sum;
    mask[r] = bit_mask32(word + p % 4096, p / 4096, slots, t[r]) & (t[r] != 0 ? there : 0);
  }
}

static void thresholds(const uint32_t *restrict mag, int32_t count, uint32_t gain, uint32_t shift, uint32_t full,
                       uint32_t *restrict t) {
  const uint64_t half = (UINT64_C(1) << shift) >> 1;
  for (int32_t l = 0; l < count; l++) {
    const uint64_t v = ((uint64_t)mag[l] * gain + half) >> shift;
    t[l] = (uint32_t)(v < full ? v : full);
  }
}

/* ---------------------------------------------------------------- sums */

enum { PAIRS = 2 * XT_LANES, QUEUE = 64 };

/* Two rows at a time, their states side by side in the halves of a lane. */
struct two_rows {
  const int16_t *a, *b;
  vp codes;
};

/* PAIRS columns from j on of `count` pairs of rows. A vector's columns come in another order: fours of one and of the
 * other sum in turn. */
XT_INLINE void columns_block(const struct two_rows *two, int32_t count, int32_t j, int32_t *sum) {
  vi low = all(0), high = all(0);
  for (int32_t l = 0; l < count; l++) {
    const vp a = load_pairs(two[l].a + j), b = load_pairs(two[l].b + j);
    low += madd(pair_low(a, b), two[l].codes);
    high += madd(pair_high(a, b), two[l].codes);
  }
  for (int32_t k = 0; k < XT_LANES; k++) {
    int32_t *const four = sum + j + k / 4 * 8 + k % 4;
    four[0] += low[k];
    four[4] += high[k];
  }
}

static void columns(const int16_t *w, int32_t m, int32_t from, int32_t end, const int16_t *codes, const int32_t *lines,
                    int32_t count, int32_t *restrict sum) {
  struct two_rows two[QUEUE];
  memset(sum + from, 0, (size_t)((end - from + PAIRS - 1) / PAIRS * PAIRS) * sizeof *sum);
  for (int32_t l = 0, queued = 0; l < count; l += 2) {
    const int32_t first = lines[l], second = lines[l + 1 < count ? l + 1 : l];
    const int32_t pair = (codes[first] & 0xFFFF) | (l + 1 < count ? codes[second] : 0) * 65536;
    two[queued++] = (struct two_rows){w + (size_t)first * (size_t)m, w + (size_t)second * (size_t)m, (vp)all(pair)};
    if (queued < QUEUE && l + 2 < count) continue;
    for (int32_t j = from; j < end; j += PAIRS) columns_block(two, queued, j, sum);
    queued = 0;
  }
}

static void add(int64_t *restrict v, const int32_t *restrict sum, int64_t factor, int32_t count) {
  if (factor == 1) {
    for (int32_t k = 0; k < count; k++) v[k] += sum[k];
  } else {
    for (int32_t k = 0; k < count; k++) v[k] += factor * sum[k];
  }
}

static void rows(const int16_t *w, int32_t n, int32_t m, const int16_t *codes, int32_t count, int32_t *restrict sum) {
  for (int32_t i = 0; i < n; i++) {
    const int16_t *const row = w + (size_t)i * (size_t)m;
    vi s = all(0);
    int32_t total = 0;
    for (int32_t j = 0; j < count; j += PAIRS) s += madd(load_pairs(row + j), load_pairs(codes + j));
    for (int32_t k = 0; k < XT_LANES; k++) total += s[k];
    sum[i] = total;
  }
}

/* ---------------------------------------------------------------- the accumulator */

/* No sum goes over 32 bits on the way: what would is clipped before the product is added. Behind ms factors are 0, and
 * the sums of the next row stay as they are. */
static bool accumulate(int32_t *sum, int32_t ms, int32_t x, const int32_t *d, int32_t smax) {
  vi clipped = all(0);
  for (int32_t k = 0; k < ms; k += XT_LANES) {
    const vi product = load32(d + k) * x, s = load32(sum + k);
    const vi least = -smax - vmin(product, all(0)), most = smax - vmax(product, all(0));
    const vi kept = pick(product > 0, vmin(s, most), vmax(s, least));
    clipped |= kept ^ s;
    store32(sum + k, kept + product);
  }
  return nonzero((vu)clipped) != 0;
}

/* ---------------------------------------------------------------- lists, conversions */

static vi line_numbers(void) {
  vi line = all(0);
  for (int32_t k = 0; k < XT_LANES; k++) line[k] = k;
  return line;
}

static int32_t driven(const int16_t *codes, int32_t lines, int32_t *list) {
  vi line = line_numbers();
  int32_t n = 0;
  for (int32_t i = 0; i < lines; i += XT_LANES, line += XT_LANES) {
    const vm k = nonzero((vu)((line < lines) & load16(codes + i)));
    if (k != 0) compress((uint32_t *)list + n, (vu)line, k);
    n += (int32_t)lanes_of(k);
  }
  return n;
}

static void split(const int16_t *codes, int32_t lines, int32_t *const list[2], uint32_t *const mag[2],
                  int32_t count[2]) {
  vi line = line_numbers();
  int32_t n[2] = {0, 0};
  for (int32_t i = 0; i < lines; i += XT_LANES, line += XT_LANES) {
    const vi code = load16(codes + i), there = line < lines;
    const vm signs[2] = {nonzero((vu)(there & (code > 0))), nonzero((vu)(there & (code < 0)))};
    for (int neg = 0; neg < 2; neg++) {
      if (signs[neg] == 0) continue;
      compress((uint32_t *)list[neg] + n[neg], (vu)line, signs[neg]);
      compress(mag[neg] + n[neg], (vu)(neg ? -code : code), signs[neg]);
      n[neg] += (int32_t)lanes_of(signs[neg]);
    }
  }
  memcpy(count, n, sizeof n);
}

static int32_t live(const int32_t *line, const uint32_t *mask, int32_t count, int32_t *live, uint32_t *live_mask) {
  enum { MANY = 6 };
  int32_t n = 0;
  vm more = 1;
  for (int bits = 1; bits <= MANY && more != 0; bits++) {
    more = 0;
    for (int32_t l = 0; l < count; l += XT_LANES) {
      const vu m = loadu(mask + l);
      vu last = m; /* without the lowest bits - 1 */
      for (int b = 1; b < bits; b++) last &= last - 1;
      const vm there = count - l < XT_LANES ? (1U << (count - l)) - 1 : ~0U, some = nonzero(last) & there;
      const vm others = bits < MANY ? some & nonzero(last & (last - 1)) : 0, k = some & ~others;
      more |= others;
      compress((uint32_t *)live + n, loadu((const uint32_t *)line + l), k);
      compress(live_mask + n, m, k);
      n += (int32_t)lanes_of(k);
    }
  }
  memset(live_mask + n, 0, 16 * sizeof *live_mask);
  return n;
}

static uint32_t convert(const int64_t *restrict v, int32_t lines, const struct xt_fast_adc *adc,
                        const int32_t *restrict offset, int32_t *restrict raw, int16_t *restrict codes) {
  const struct xt_fast_adc a = *adc;
  uint32_t rails = 0;
  for (int32_t i = 0; i < lines; i++) {
    int64_t code = (v[i] + a.half) >> a.range;
    code = code < a.least ? a.least : code;
    code = code > a.most ? a.most : code;
    int32_t c = raw[i] = (int32_t)code;
    rails += (uint32_t)(c >= a.most || c <= -a.most);
    c = (c < -a.most ? -a.most : c) - offset[i];
    c = c < -a.most ? -a.most : c;
    codes[i] = (int16_t)(c > a.most ? a.most : c);
  }
  return rails;
}

/* ---------------------------------------------------------------- records */

/* In a bit vector of `lines` lines, lines past the last one are 0. */
XT_INLINE void cut(uint32_t *to, int32_t lines) {
  if (lines % 32 != 0) to[lines / 32] &= (UINT32_C(1) << lines % 32) - 1;
}

static void bits(const uint32_t *word, int32_t lines, uint32_t any, uint32_t *to) {
  for (int32_t i = 0; i < lines; i += 32) {
    uint32_t v = 0;
    for (int32_t k = 0; k < 32; k += XT_LANES) v |= (uint32_t)nonzero(loadu(word + i + k) & any) << k;
    to[i / 32] = v;
  }
  cut(to, lines);
}

static void above(const uint32_t *word, int32_t lines, uint32_t level, uint32_t *to) {
  for (int32_t i = 0; i < lines; i += 32) {
    uint32_t v = 0;
    for (int32_t k = 0; k < 32; k += XT_LANES)
      v |= (uint32_t)nonzero((vu)((vi)loadu(word + i + k) > (int32_t)level)) << k;
    to[i / 32] = v;
  }
  cut(to, lines);
}

static void magnitudes(const int16_t *codes, int32_t lines, uint32_t *mag, uint32_t *neg) {
  for (int32_t i = 0; i < lines; i += 32) {
    uint32_t v = 0;
    for (int32_t k = 0; k < 32; k += XT_LANES) {
      const vi code = load16(codes + i + k), sign = code < 0;
      storeu(mag + i + k, (vu)((code ^ sign) - sign));
      v |= (uint32_t)nonzero((vu)sign) << k;
    }
    neg[i / 32] = v;
  }
  cut(neg, lines);
}

static void trials(const uint32_t *code, int32_t units, uint32_t bit, int32_t half, int16_t *trial) {
  const uint32_t one = UINT32_C(1) << bit, known = ~(2 * one - 1);
  for (int32_t u = 0; u < units; u += XT_LANES) store16(trial + u, (vi)((loadu(code + u) & known) | one) - half);
}

static uint32_t digest(const int16_t *w, size_t first, size_t count) {
  vi sum = all(0), weight = 2 * (line_numbers() + (int32_t)first) + 1;
  uint32_t total = 0;
  size_t k = 0;
  for (; k + XT_LANES <= count; k += XT_LANES, weight += 2 * XT_LANES)
    sum = (vi)((vu)sum + (vu)load16(w + k) * (vu)weight);
  for (; k < count; k++) total += (uint32_t)w[k] * (2 * (uint32_t)(first + k) + 1);
  for (int32_t l = 0; l < XT_LANES; l++) total += (uint32_t)sum[l];
  return total;
}

/* ---------------------------------------------------------------- the table */

extern const struct xt_fast_law XT_FAST_NAME(xt_fast_linear);
extern size_t XT_FAST_NAME(xt_fast_flips)(uint32_t idx, uint32_t slots, const uint32_t *key, uint32_t *const *limit,
                                          const int32_t *first, int32_t count, uint32_t *found);

#define TEXT(x) #x
#define NAME(x) TEXT(x)
extern const struct xt_fast_simd XT_FAST_NAME(xt_fast_simd);
const struct xt_fast_simd XT_FAST_NAME(xt_fast_simd) = {.name = NAME(XT_FAST_WIDTH),
                                                        .law = {[XT_LAW_LINEAR] = &XT_FAST_NAME(xt_fast_linear)},
                                                        .thresholds = thresholds,
                                                        .masks = masks,
                                                        .bit_masks = bit_masks,
                                                        .columns = columns,
                                                        .rows = rows,
                                                        .add = add,
                                                        .flips = XT_FAST_NAME(xt_fast_flips),
                                                        .accumulate = accumulate,
                                                        .driven = driven,
                                                        .split = split,
                                                        .live = live,
                                                        .bits = bits,
                                                        .above = above,
                                                        .magnitudes = magnitudes,
                                                        .trials = trials,
                                                        .digest = digest,
                                                        .convert = convert};
