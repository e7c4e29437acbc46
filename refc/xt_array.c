/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_array.h"

#include <stdio.h>

/* ---------------------------------------------------------------- configuration and fabrication */

static int check(const char *array, const char *name, int64_t v, int64_t lo, int64_t hi, char *err, size_t errlen) {
  if (v >= lo && v <= hi) return XT_E_OK;
  snprintf(err, errlen, "array %s: %s = %lld is not in %lld..%lld", array, name, (long long)v, (long long)lo,
           (long long)hi);
  return XT_E_ARG;
}

/* The devices of one plane; fs1: the largest state. */
static int check_plane(const char *plane, const struct xt_dev_cfg *d, int32_t fs1, char *err, size_t errlen) {
#define X(NAME, name, field, smallest, largest, text)                                       \
  if (check(plane, #NAME, d->name, smallest, largest, err, errlen) != XT_E_OK) return XT_E_ARG;
  XT_DEV_TABLE(X)
#undef X
  return XT_E_OK;
}

int xt_array_check(int32_t sw, const struct xt_array_cfg *cfg, char *err, size_t errlen) {
  const int32_t fs1 = (INT32_C(1) << (sw - 1)) - 1;
#define X(NAME, value, text) \
  if (check_plane(#NAME, &cfg->dev[value], fs1, err, errlen) != XT_E_OK) return XT_E_ARG;
  XT_PLANE_TABLE(X)
#undef X
#define X(NAME, name, field, smallest, largest, text) \
  if (check("globals", #NAME, cfg->name, smallest, largest, err, errlen) != XT_E_OK) return XT_E_ARG;
  XT_DEV_GLOBAL_TABLE(X)
#undef X
  return XT_E_OK;
}

int32_t xt_array_state(const struct xt_array *a, int sel, size_t k) {
  const struct xt_devices *d = &a->dev[sel];
  return d->w16 != NULL ? d->w16[k] : d->w32[k];
}

static int32_t bound_lo(const struct xt_devices *d, size_t k) {
  return d->lo16 != NULL ? d->lo16[k] : d->lo32[k];
}
static int32_t bound_hi(const struct xt_devices *d, size_t k) {
  return d->hi16 != NULL ? d->hi16[k] : d->hi32[k];
}

void xt_array_set_state(struct xt_array *a, int sel, size_t k, int32_t w) {
  struct xt_devices *d = &a->dev[sel];
  if (d->w16 != NULL)
    d->w16[k] = (int16_t)w;
  else
    d->w32[k] = w;
}

void xt_array_bounds(struct xt_array *a) {
  for (int sel = 0; sel < 3; sel++) {
    bool outside = false;
    for (size_t k = 0; k < (size_t)a->n * (size_t)a->m; k++) {
      const int32_t w = xt_array_state(a, sel, k);
      outside |= w < bound_lo(&a->dev[sel], k) || w > bound_hi(&a->dev[sel], k);
    }
    a->dev[sel].outside = outside;
  }
}

/* A bound's magnitude: mean with its spread, within BOUND_LOW and BOUND_HIGH of the mean and below full scale. */
static int64_t bound(int64_t mean, int32_t c, int32_t s, int64_t fs) {
  const int64_t lo = (mean * XT_BOUND_LOW) >> 12, hi = (mean * XT_BOUND_HIGH) >> 12;
  return xt_clamp(xt_sra(mean * xt_q12(c, s), 12), lo > 1 ? lo : 1, hi < fs - 1 ? hi : fs - 1);
}

/* Slope of the step over the state, 2^-(sw-3) per state unit; Q12 gamma of scale / bound. */
static int64_t slope(int64_t scale, int64_t gamma, int64_t limit, int32_t sw) {
  const int64_t den = 4096 * limit;
  const int64_t l = (scale * gamma * (INT64_C(1) << (sw - 3)) + den / 2) / den;
  return l < 32767 ? l : 32767;
}

static int64_t largest(int64_t a, int64_t b) {
  return a > b ? a : b;
}

/* Fabricates one device; returns the largest step t that it can make within its bounds. */
static int64_t fabricate_one(struct xt_array *a, int sel, size_t k, const uint32_t key[5]) {
  struct xt_devices *d = &a->dev[sel];
  const struct xt_dev_cfg *c = &d->cfg;
  const uint32_t idx = (uint32_t)sel * (uint32_t)a->n * (uint32_t)a->m + (uint32_t)k;
  const int64_t fs = INT64_C(1) << (a->sw - 1);
  int32_t s[4];
  for (int f = 0; f < 4; f++) s[f] = xt_gauss(xt_hash_word(key[f], idx));

  const int64_t gain = xt_clamp(xt_q12(c->c_dtod, s[0]), 512, 32767);
  const int64_t r = xt_clamp(c->up_down + ((s[1] * c->c_ud) >> 4), -(int32_t)XT_UD_MAX, XT_UD_MAX);
  int64_t su = xt_clamp((c->dw * gain * (4096 + r) + (INT64_C(1) << 23)) >> 24, 1, 32767);
  int64_t sd = xt_clamp((c->dw * gain * (4096 - r) + (INT64_C(1) << 23)) >> 24, 1, 32767);
  int64_t hi = bound(c->w_max, c->c_wmax, s[2], fs);
  int64_t lo = -bound(c->w_min, c->c_wmin, s[3], fs);
  int64_t lu = -slope(su, c->gamma_up, hi, a->sw);
  int64_t ld = slope(sd, c->gamma_down, -lo, a->sw);
  int64_t w = 0;
  if (c->dw == 0) su = sd = lu = ld = 0;
  const uint32_t stuck = xt_hash_word(key[4], idx);
  if ((int32_t)(stuck & 0xFFFF) < c->stuck) {
    w = lo + xt_sra((int64_t)(stuck >> 16) * (hi - lo), 16);
    lo = hi = w;
  }
  d->su[k] = (int16_t)su;
  d->sd[k] = (int16_t)sd;
  d->lu[k] = (int16_t)lu;
  d->ld[k] = (int16_t)ld;
  if (d->w16 != NULL) {
    d->w16[k] = (int16_t)w;
    d->lo16[k] = (int16_t)lo;
    d->hi16[k] = (int16_t)hi;
  } else {
    d->w32[k] = (int32_t)w;
    d->lo32[k] = (int32_t)lo;
    d->hi32[k] = (int32_t)hi;
  }
  const unsigned q = (unsigned)(a->sw - 3);
  return largest(su + xt_sra(lu * lo, q), sd + xt_sra(ld * hi, q));
}

void xt_array_fabricate(struct xt_array *a, const struct xt_array_cfg *cfg) {
  a->seed = cfg->seed;
  a->read_noise = cfg->read_noise;
  a->pulse_ctr = a->read_ctr = 0;
  uint32_t key[5];
  for (uint32_t f = 0; f < 5; f++) key[f] = xt_hash_key(cfg->seed, XT_DOM_FAB, f);
  for (int sel = 0; sel < 3; sel++) {
    struct xt_devices *d = &a->dev[sel];
    d->cfg = cfg->dev[sel];
    int64_t t = 0;
    for (size_t k = 0; k < (size_t)a->n * (size_t)a->m; k++) t = largest(t, fabricate_one(a, sel, k, key));
    /* |t * q12| + rounding < 2^31; lu * w fits because |lu| < 2^15 and |w| <= 2^15. q12's noise is at most 510. */
    const int64_t m = 4096 + ((510 * (int64_t)d->cfg.c_c2c) >> 4) + 1;
    d->narrow = a->sw <= 16 && d->cfg.shift <= 18 && t * m + (INT64_C(1) << (12 + d->cfg.shift)) < INT64_C(1) << 31;
    d->outside = false;
  }
  a->fabricated = true;
}

/* sum w_k (2k+1) first, in 32 bits: the multiplier comes out of the sum modulo 2^32. */
uint32_t xt_array_digest(const struct xt_array *a, int sel) {
  const struct xt_devices *d = &a->dev[sel];
  const uint32_t count = (uint32_t)a->n * (uint32_t)a->m;
  uint32_t sum = 0;
  if (d->w16 != NULL) {
    for (uint32_t k = 0; k < count; k++) sum += (uint32_t)d->w16[k] * (2 * k + 1);
  } else {
    for (uint32_t k = 0; k < count; k++) sum += (uint32_t)d->w32[k] * (2 * k + 1);
  }
  return sum * XT_DIGEST_MUL;
}

/* ---------------------------------------------------------------- one pulse on one device */

/* Section 9, in as many bits as it may take. */
static inline int32_t pulse_wide(const struct xt_dev_cfg *c, int32_t sw, int32_t s, int32_t l, int32_t lo, int32_t hi,
                                 int32_t w, bool up, uint32_t word) {
  const int64_t t = largest(0, s + xt_sra((int64_t)l * w, (unsigned)(sw - 3)));
  const int64_t v = t * xt_q12(c->c_c2c, xt_gauss(word));
  const unsigned T = (unsigned)(12 + c->shift);
  int64_t r;
  if (c->round == 0) {
    const int64_t r16 = (word ^ (word >> 16)) & 0xFFFF;
    r = T <= 16 ? r16 >> (16 - T) : r16 << (T - 16);
  } else {
    r = T > 0 ? INT64_C(1) << (T - 1) : 0;
  }
  const int64_t dw = xt_sra(v + r, T);
  return (int32_t)xt_clamp(up ? w + dw : w - dw, lo, hi);
}

static inline void pulse_one(struct xt_devices *d, int32_t sw, size_t k, uint32_t idx, uint32_t key, bool up) {
  const uint32_t word = xt_hash_word(key, idx);
  const int32_t s = up ? d->su[k] : d->sd[k], l = up ? d->lu[k] : d->ld[k];
  if (d->w16 != NULL)
    d->w16[k] = (int16_t)pulse_wide(&d->cfg, sw, s, l, d->lo16[k], d->hi16[k], d->w16[k], up, word);
  else
    d->w32[k] = pulse_wide(&d->cfg, sw, s, l, d->lo32[k], d->hi32[k], d->w32[k], up, word);
}

static uint32_t first_idx(const struct xt_array *a, int sel) {
  return (uint32_t)sel * (uint32_t)a->n * (uint32_t)a->m;
}

/* ---------------------------------------------------------------- cycle form */

void xt_array_clear(struct xt_array *a) {
  const int32_t lines = a->n > a->m ? a->n : a->m;
  for (int32_t i = 0; i < lines; i++) a->acc[i] = 0;
}

/* The arrays that a read select looks at: the first counts +, the second (-1: none) counts -. */
static void read_arrays(int sel, int *plus, int *minus) {
  *plus = sel == XT_SEL_C ? 1 : sel == XT_SEL_R ? 2 : 0;
  *minus = sel == XT_SEL_A ? 2 : -1;
}

static void row_into_acc(const struct xt_devices *d, size_t k, int32_t m, bool plus, int64_t *acc) {
  if (d->w16 != NULL) {
    const int16_t *w = d->w16 + k;
    if (plus) {
      for (int32_t j = 0; j < m; j++) acc[j] += w[j];
    } else {
      for (int32_t j = 0; j < m; j++) acc[j] -= w[j];
    }
  } else {
    const int32_t *w = d->w32 + k, s = plus ? 1 : -1;
    for (int32_t j = 0; j < m; j++) acc[j] += s * (int64_t)w[j];
  }
}

static int64_t row_dot(const struct xt_devices *d, size_t k, int32_t m, const int16_t *sign) {
  if (d->w16 != NULL) { /* |sum| <= 2^15 columns * 2^15 */
    const int16_t *w = d->w16 + k;
    int32_t sum = 0;
    for (int32_t j = 0; j < m; j++) sum += w[j] * sign[j];
    return sum;
  }
  const int32_t *w = d->w32 + k;
  int64_t sum = 0;
  for (int32_t j = 0; j < m; j++) sum += (int64_t)w[j] * sign[j];
  return sum;
}

void xt_array_integ(struct xt_array *a, int sel, int dir, bool dbl, const uint32_t *row_act, const uint32_t *row_pol,
                    const uint32_t *col_act, const uint32_t *col_pol) {
  int plus, minus;
  read_arrays(sel, &plus, &minus);
  const int32_t sensed = dir ? a->n : a->m;
  if (dbl) {
    for (int32_t i = 0; i < sensed; i++) a->acc[i] *= 2;
  }
  if (dir == 0) {
    for (int32_t w = 0; w < xt_words(a->n); w++) {
      for (uint32_t left = row_act[w]; left != 0; left &= left - 1) {
        const int32_t i = w * 32 + (int32_t)xt_ctz(left);
        const bool pos = xt_bit(row_pol, i) != 0;
        row_into_acc(&a->dev[plus], (size_t)i * (size_t)a->m, a->m, pos, a->acc);
        if (minus >= 0) row_into_acc(&a->dev[minus], (size_t)i * (size_t)a->m, a->m, !pos, a->acc);
      }
    }
    return;
  }
  int any = 0;
  for (int32_t j = 0; j < a->m; j++) {
    a->sign[j] = (int16_t)(xt_bit(col_act, j) ? (xt_bit(col_pol, j) ? 1 : -1) : 0);
    any |= a->sign[j];
  }
  if (!any) return;
  for (int32_t i = 0; i < a->n; i++) {
    const size_t k = (size_t)i * (size_t)a->m;
    a->acc[i] += row_dot(&a->dev[plus], k, a->m, a->sign);
    if (minus >= 0) a->acc[i] -= row_dot(&a->dev[minus], k, a->m, a->sign);
  }
}

static void hold(struct xt_array *a, int dir, int32_t sensed) {
  if (a->read_noise != 0) {
    const uint32_t key = xt_hash_key(a->seed, XT_DOM_READ, a->read_ctr);
    for (int32_t i = 0; i < sensed; i++) {
      const int32_t g = xt_gauss(xt_hash_word(key, (uint32_t)i + (uint32_t)dir * 65536));
      a->v[i] += xt_sra((int64_t)g * a->read_noise, 8);
    }
  }
  a->read_ctr++;
}

void xt_array_hold(struct xt_array *a, int dir) {
  const int32_t sensed = dir ? a->n : a->m;
  for (int32_t i = 0; i < sensed; i++) a->v[i] = a->acc[i];
  hold(a, dir, sensed);
}

uint32_t xt_array_cmp(const struct xt_array *a, int32_t line, uint32_t range, int32_t sar_code) {
  const int64_t half = range > 0 ? INT64_C(1) << (range - 1) : 0;
  return a->v[line] + half >= (int64_t)sar_code * (INT64_C(1) << range);
}

void xt_array_pulse(struct xt_array *a, int sel, bool gated, const uint32_t *row_act, const uint32_t *row_pol,
                    const uint32_t *col_act, const uint32_t *col_pol) {
  struct xt_devices *d = &a->dev[sel];
  const uint32_t key = xt_hash_key(a->seed, XT_DOM_PULSE, a->pulse_ctr), idx0 = first_idx(a, sel);
  const int32_t mw = xt_words(a->m);
  for (int32_t i = 0; i < a->n; i++) {
    if (!xt_bit(row_act, i)) continue;
    const uint32_t rp = xt_bit(row_pol, i);
    for (int32_t w = 0; w < mw; w++) {
      for (uint32_t left = col_act[w]; left != 0; left &= left - 1) {
        const int32_t j = w * 32 + (int32_t)xt_ctz(left);
        const uint32_t cp = xt_bit(col_pol, j);
        if (rp == cp && !gated) continue;
        const size_t k = (size_t)i * (size_t)a->m + (size_t)j;
        pulse_one(d, a->sw, k, idx0 + (uint32_t)k, key, gated ? rp != cp : rp == 1);
      }
    }
  }
  a->pulse_ctr++;
}

/* ---------------------------------------------------------------- train form: reads */

/* The sum of |codes| times the largest |w| fits 31 bits. */
static bool sums_fit(const struct xt_array *a, const int16_t *codes, const int32_t *lines, int32_t count) {
  int64_t sum = 0;
  for (int32_t l = 0; l < count; l++) sum += codes[lines[l]] < 0 ? -codes[lines[l]] : codes[lines[l]];
  return a->sw <= 16 && sum < INT64_C(1) << (32 - a->sw);
}

static void columns_narrow(struct xt_array *a, int sel, const int16_t *codes, const int32_t *lines, int32_t count,
                           int64_t sign) {
  int32_t *const restrict sum = a->sum;
  const int32_t m = a->m;
  for (int32_t j = 0; j < m; j++) sum[j] = 0;
  for (int32_t l = 0; l < count; l++) {
    const int16_t *const restrict w = a->dev[sel].w16 + (size_t)lines[l] * (size_t)m;
    const int32_t c = codes[lines[l]];
    for (int32_t j = 0; j < m; j++) sum[j] += c * w[j];
  }
  for (int32_t j = 0; j < m; j++) a->v[j] += sign * sum[j];
}

static void columns_wide(struct xt_array *a, int sel, const int16_t *codes, const int32_t *lines, int32_t count,
                         int64_t sign) {
  for (int32_t l = 0; l < count; l++) {
    const int32_t i = lines[l];
    const size_t k = (size_t)i * (size_t)a->m;
    for (int32_t j = 0; j < a->m; j++) a->v[j] += sign * codes[i] * xt_array_state(a, sel, k + (size_t)j);
  }
}

static void rows_narrow(struct xt_array *a, int sel, const int16_t *codes, int64_t sign) {
  const int32_t m = a->m;
  for (int32_t i = 0; i < a->n; i++) {
    const int16_t *const restrict w = a->dev[sel].w16 + (size_t)i * (size_t)m;
    int32_t sum = 0;
    for (int32_t j = 0; j < m; j++) sum += w[j] * codes[j];
    a->v[i] += sign * sum;
  }
}

static void rows_wide(struct xt_array *a, int sel, const int16_t *codes, const int32_t *lines, int32_t count,
                      int64_t sign) {
  for (int32_t i = 0; i < a->n; i++) {
    const size_t k = (size_t)i * (size_t)a->m;
    int64_t sum = 0;
    for (int32_t l = 0; l < count; l++) sum += (int64_t)codes[lines[l]] * xt_array_state(a, sel, k + (size_t)lines[l]);
    a->v[i] += sign * sum;
  }
}

static void sense(struct xt_array *a, int sel, int dir, const int16_t *codes, const int32_t *lines, int32_t count,
                  bool narrow, int64_t sign) {
  if (dir == 0) {
    if (narrow)
      columns_narrow(a, sel, codes, lines, count, sign);
    else
      columns_wide(a, sel, codes, lines, count, sign);
  } else if (narrow) {
    rows_narrow(a, sel, codes, sign);
  } else {
    rows_wide(a, sel, codes, lines, count, sign);
  }
}

void xt_array_read(struct xt_array *a, int sel, int dir, const int16_t *codes, const int32_t *lines, int32_t count) {
  int plus, minus;
  read_arrays(sel, &plus, &minus);
  const int32_t sensed = dir ? a->n : a->m;
  for (int32_t i = 0; i < sensed; i++) a->v[i] = 0;
  if (count > 0) {
    const bool narrow = sums_fit(a, codes, lines, count);
    sense(a, plus, dir, codes, lines, count, narrow, 1);
    if (minus >= 0) sense(a, minus, dir, codes, lines, count, narrow, -1);
  }
  hold(a, dir, sensed);
}

/* ---------------------------------------------------------------- train form: pulses */

/* Vectors of XT_LANES lanes: a language extension of gcc and clang, as wide as the machine's registers. */
typedef int32_t vi __attribute__((vector_size(4 * XT_LANES)));
typedef uint32_t vu __attribute__((vector_size(4 * XT_LANES)));
typedef int16_t vh __attribute__((vector_size(2 * XT_LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE vi load16(const int16_t *p) {
  vh h;
  memcpy(&h, p, sizeof h);
  return __builtin_convertvector(h, vi);
}

INLINE void store16(int16_t *p, vi v) {
  const vh h = __builtin_convertvector(v, vh);
  memcpy(p, &h, sizeof h);
}

INLINE vu loadu(const uint32_t *p) {
  vu v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE vi all(int32_t x) {
  return (vi){0} + x;
}
INLINE vi pick(vi mask, vi yes, vi no) {
  return (mask & yes) | (~mask & no);
}

#if defined(__AVX2__) /* gcc finds the instruction in a loop over the lanes, not in the comparison */
INLINE vi vmin(vi a, vi b) {
  vi r;
  for (int i = 0; i < XT_LANES; i++) r[i] = a[i] < b[i] ? a[i] : b[i];
  return r;
}
INLINE vi vmax(vi a, vi b) {
  vi r;
  for (int i = 0; i < XT_LANES; i++) r[i] = a[i] > b[i] ? a[i] : b[i];
  return r;
}
#else
INLINE vi vmin(vi a, vi b) {
  return pick(a < b, a, b);
}
INLINE vi vmax(vi a, vi b) {
  return pick(a > b, a, b);
}
#endif

/* What a pulse of one array needs beside the device. */
struct law {
  int32_t c2c, bias; /* q12 = (g' c2c + bias) >>> 4 for g' = g + 510 */
  int32_t half;      /* the rounding, when it is not random */
  int32_t q;         /* sw - 3 */
  int32_t T, right;  /* right: shift of the random bits, once they are on top of a word */
  bool nearest;      /* the rounding is not random */
};

/* Of an array that is `narrow`. */
static struct law law_of(const struct xt_array *a, int sel) {
  const struct xt_dev_cfg *c = &a->dev[sel].cfg;
  struct law l = {0};
  l.c2c = c->c_c2c;
  l.bias = 16 * 4096 - 510 * c->c_c2c;
  l.q = a->sw - 3;
  l.T = 12 + c->shift;
  l.nearest = c->round != 0 || l.T == 0; /* T = 0 leaves no bit to round */
  l.half = l.T > 0 ? INT32_C(1) << (l.T - 1) : 0;
  l.right = 32 - l.T;
  return l;
}

/* Change of the state by one pulse on XT_LANES devices, along its direction: (v + r) >>> T of section 9. x: key +
 * idx * HASH_INDEX. The noise word is w32 = x ^ x>>16 with x from mix's second multiplication, so that r16 = x mod
 * 2^16. */
INLINE vi step_lanes(const struct law *law, bool nearest, vi w, vi s, vi l, vu x) {
  x ^= x >> 16;
  x *= XT_HASH_M1;
  x ^= x >> 15;
  x *= XT_HASH_M2;
  const vu word = x ^ (x >> 16);
  const vu pairs = (word & 0x00FF00FFU) + ((word >> 8) & 0x00FF00FFU);
  const vi g = (vi)((pairs * 0x10001U) >> 16);
  const vi t = vmax(all(0), s + ((l * w) >> law->q));
  const vi v = t * ((g * law->c2c + law->bias) >> 4);
  if (nearest) return (v + law->half) >> law->T;
  return (v + (vi)((x << 16) >> law->right)) >> law->T;
}

struct keys {
  uint32_t key[2][XT_CHUNK];
};

INLINE vu lane_index(void) {
  vu lane;
  for (uint32_t i = 0; i < XT_LANES; i++) lane[i] = i * XT_HASH_INDEX;
  return lane;
}

/* Vectors of columns outermost, slots innermost with the states in registers. */
INLINE uint64_t train_rows(struct xt_array *a, struct xt_devices *d, const struct law *law, const struct xt_train *t,
                           uint32_t idx0, const struct keys *keys, bool nearest) {
  const vu lane = lane_index();
  const int32_t down_pos = t->up[0] ? 0 : -1, down_neg = t->up[1] ? 0 : -1;
  vi hits = all(0);
  for (int32_t r = 0; r < t->rows; r++) { /* at most 2^15 rows of 2^15 columns: a lane's count fits */
    const uint32_t pos = t->row_mask[0][r], neg = t->row_mask[1][r];
    const size_t k0 = (size_t)t->row[r] * (size_t)a->m;
    for (int32_t j = 0, b = 0; j < a->m; j += XT_LANES, b++) {
      uint32_t todo = (pos & t->vec_mask[0][b]) | (neg & t->vec_mask[1][b]);
      if (todo == 0) continue;
      const size_t k = k0 + (size_t)j;
      const vi col_neg = (vi)loadu(t->col_neg + j);
      const vi down = pick(col_neg, all(down_neg), all(down_pos));
      const vi s = pick(down, load16(d->sd + k), load16(d->su + k));
      const vi l = pick(down, load16(d->ld + k), load16(d->lu + k));
      const vi lo = load16(d->lo16 + k), hi = load16(d->hi16 + k);
      const vi fire = (vi)loadu(t->col_mask + j) & pick(col_neg, all((int32_t)neg), all((int32_t)pos));
      const vu base = lane + (idx0 + (uint32_t)k) * XT_HASH_INDEX;
      vi w = load16(d->w16 + k);
      do {
        const unsigned slot = xt_ctz(todo);
        todo &= todo - 1;
        const vi key = pick(col_neg, all((int32_t)keys->key[1][slot]), all((int32_t)keys->key[0][slot]));
        const vi hit = (fire & (int32_t)(UINT32_C(1) << slot)) != 0;
        const vi dw = step_lanes(law, nearest, w, s, l, base + (vu)key) & hit;
        hits -= hit;
        w = vmin(vmax(w + ((dw ^ down) - down), lo), hi); /* no pulse, no change: w is within its bounds */
      } while (todo != 0);
      store16(d->w16 + k, w);
    }
  }
  uint64_t pulses = 0;
  for (int i = 0; i < XT_LANES; i++) pulses += (uint32_t)hits[i];
  return pulses;
}

static uint64_t train_random(struct xt_array *a, struct xt_devices *d, const struct law *law, const struct xt_train *t,
                             uint32_t idx0, const struct keys *keys) {
  return train_rows(a, d, law, t, idx0, keys, false);
}

static uint64_t train_nearest(struct xt_array *a, struct xt_devices *d, const struct law *law, const struct xt_train *t,
                              uint32_t idx0, const struct keys *keys) {
  return train_rows(a, d, law, t, idx0, keys, true);
}

/* The same for devices that need more than 32 bits. */
static uint64_t train_wide(struct xt_array *a, struct xt_devices *d, const struct xt_train *t, uint32_t idx0,
                           const struct keys *keys) {
  uint64_t pulses = 0;
  for (int32_t r = 0; r < t->rows; r++) {
    for (int32_t j = 0; j < a->m; j++) {
      const size_t k = (size_t)t->row[r] * (size_t)a->m + (size_t)j;
      const unsigned neg = t->col_neg[j] != 0;
      for (uint32_t todo = t->row_mask[neg][r] & t->col_mask[j]; todo != 0; todo &= todo - 1) {
        pulse_one(d, a->sw, k, idx0 + (uint32_t)k, keys->key[neg][xt_ctz(todo)], t->up[neg]);
        pulses++;
      }
    }
  }
  return pulses;
}

uint64_t xt_array_train(struct xt_array *a, int sel, const struct xt_train *t) {
  struct xt_devices *d = &a->dev[sel];
  struct keys keys;
  for (int p = 0; p < 2; p++) {
    for (uint32_t s = 0; s < t->slots; s++) keys.key[p][s] = xt_hash_key(a->seed, XT_DOM_PULSE, t->pulse_ctr[p] + s);
  }
  const uint32_t idx0 = first_idx(a, sel);
  if (!d->narrow || d->outside) return train_wide(a, d, t, idx0, &keys);
  const struct law law = law_of(a, sel);
  return law.nearest ? train_nearest(a, d, &law, t, idx0, &keys) : train_random(a, d, &law, t, idx0, &keys);
}

void xt_array_zero_shift(struct xt_array *a, int sel, uint32_t pairs) {
  struct xt_devices *d = &a->dev[sel];
  const size_t count = (size_t)a->n * (size_t)a->m;
  const uint32_t idx0 = first_idx(a, sel);
  const bool narrow = d->narrow && !d->outside;
  const struct law law = narrow ? law_of(a, sel) : (struct law){0};
  uint32_t key[XT_CHUNK];
  for (uint32_t left = 2 * pairs; left > 0;) {
    const uint32_t slots = left < XT_CHUNK ? left : XT_CHUNK; /* even: an up and a down pulse */
    for (uint32_t s = 0; s < slots; s++) key[s] = xt_hash_key(a->seed, XT_DOM_PULSE, a->pulse_ctr + s);
    if (narrow) {
      const vu lane = lane_index();
      for (size_t k = 0; k < count; k += XT_LANES) { /* the slack takes what the last vector does past the end */
        vi w = load16(d->w16 + k);
        const vi lo = load16(d->lo16 + k), hi = load16(d->hi16 + k), su = load16(d->su + k), sd = load16(d->sd + k),
                 lu = load16(d->lu + k), ld = load16(d->ld + k);
        const vu base = lane + (idx0 + (uint32_t)k) * XT_HASH_INDEX;
        for (uint32_t s = 0; s < slots; s += 2) {
          w = vmin(vmax(w + step_lanes(&law, law.nearest, w, su, lu, base + key[s]), lo), hi);
          w = vmin(vmax(w - step_lanes(&law, law.nearest, w, sd, ld, base + key[s + 1]), lo), hi);
        }
        store16(d->w16 + k, w);
      }
    } else {
      for (size_t k = 0; k < count; k++) {
        for (uint32_t s = 0; s < slots; s++) pulse_one(d, a->sw, k, idx0 + (uint32_t)k, key[s], (s & 1) == 0);
      }
    }
    a->pulse_ctr += slots;
    left -= slots;
  }
}
