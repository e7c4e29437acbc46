/* SPDX-License-Identifier: Apache-2.0 */
/* Vector form of xt_law_linear: XT_LANES devices of a row at a time. */
#include "xt_bits.h"
#include "xt_fast_simd.h"
#include "xt_fast_vec.h"

/* What a pulse needs beside the device. */
struct scale {
  int32_t c2c, bias;   /* q12 = (g' c2c + bias) >>> 4 for g' = g + 510 */
  int32_t half;        /* the rounding, when it is not random */
  int32_t q;           /* sw - 3 */
  int32_t drop, right; /* drop: bits that the rounding cuts off; right: shift of the random bits, once they are on top
                          of a word */
  bool nearest;        /* the rounding is not random */
};

static struct scale scale_of(const struct xt_plane *p) {
  const struct xt_dev_cfg *c = &p->cfg;
  struct scale l = {0};
  l.c2c = c->c_c2c;
  l.bias = 16 * 4096 - 510 * c->c_c2c;
  l.q = p->sw - 3;
  l.drop = 12 + c->shift;
  l.nearest = c->round != 0 || l.drop == 0; /* nothing is cut off */
  l.half = l.drop > 0 ? INT32_C(1) << (l.drop - 1) : 0;
  l.right = 32 - l.drop;
  return l;
}

/* Change of the state by one pulse on XT_LANES devices, along its direction: (v + r) >>> drop of section 9. x: key +
 * idx * HASH_INDEX. The noise word is w32 = x ^ x>>16 with x from mix's second multiplication, so that r16 = x mod
 * 2^16. */
XT_INLINE vi step_lanes(const struct scale *sc, bool nearest, vi w, vi s, vi l, vu x) {
  x ^= x >> 16;
  x *= XT_HASH_M1;
  x ^= x >> 15;
  x *= XT_HASH_M2;
  const vu word = x ^ (x >> 16);
  const vu sums = (word & 0x00FF00FFU) + ((word >> 8) & 0x00FF00FFU);
  const vi g = (vi)((sums * 0x10001U) >> 16);
  const vi t = vmax(all(0), s + ((l * w) >> sc->q));
  const vi v = t * ((g * sc->c2c + sc->bias) >> 4);
  if (nearest) return (v + sc->half) >> sc->drop;
  return (v + (vi)((x << 16) >> sc->right)) >> sc->drop;
}

XT_INLINE vu lane_index(void) {
  vu lane;
  for (uint32_t i = 0; i < XT_LANES; i++) lane[i] = i * XT_HASH_INDEX;
  return lane;
}

/* Vectors of columns outermost, slots innermost with the states in registers. count: d->pulses is there. */
XT_INLINE uint64_t train_rows(struct xt_plane *d, const struct scale *sc, const struct xt_fast_pulse_train *t,
                              bool nearest, bool count) {
  const vu lane = lane_index();
  const int32_t down_pos = t->up[0] ? 0 : -1, down_neg = t->up[1] ? 0 : -1;
  vi hits = all(0);
  for (int32_t r = 0; r < t->rows; r++) { /* at most 2^15 rows of 2^15 columns: a lane's count fits */
    const uint32_t pos = t->row_mask[0][r], neg = t->row_mask[1][r];
    const size_t k0 = (size_t)t->row[r] * (size_t)d->m;
    for (int32_t j = 0; j < d->m; j += XT_LANES) {
      const int32_t b = j / XT_FAST_VEC;
      uint32_t todo = (pos & t->vec_mask[0][b]) | (neg & t->vec_mask[1][b]);
      if (todo == 0) continue;
      const size_t k = k0 + (size_t)j;
      const vi col_neg = (vi)loadu(t->col_neg + j);
      const vi down = pick(col_neg, all(down_neg), all(down_pos));
      const vi s = pick(down, load16(d->step_down + k), load16(d->step_up + k));
      const vi l = pick(down, load16(d->shape_down + k), load16(d->shape_up + k));
      const vi lo = load16(d->wmin16 + k), hi = load16(d->wmax16 + k);
      const vi fire = (vi)loadu(t->col_mask + j) & pick(col_neg, all((int32_t)neg), all((int32_t)pos));
      const vu base = lane + (d->first + (uint32_t)k) * XT_HASH_INDEX;
      vi w = load16(d->w16 + k);
      vi own = all(0);
      do {
        const unsigned slot = xt_ctz(todo);
        todo &= todo - 1;
        const vi key = pick(col_neg, all((int32_t)t->key[1][slot]), all((int32_t)t->key[0][slot]));
        const vi hit = (fire & (int32_t)(UINT32_C(1) << slot)) != 0;
        const vi dw = step_lanes(sc, nearest, w, s, l, base + (vu)key) & hit;
        *(count ? &own : &hits) -= hit;
        w = vmin(vmax(w + ((dw ^ down) - down), lo), hi); /* no pulse, no change: w is within its bounds */
      } while (todo != 0);
      store16(d->w16 + k, w);
      if (count) {
        hits += own;
        storeu(d->pulses + k, loadu(d->pulses + k) + (vu)own);
      }
    }
  }
  uint64_t pulses = 0;
  for (int i = 0; i < XT_LANES; i++) pulses += (uint32_t)hits[i];
  return pulses;
}

static uint64_t train_random(struct xt_plane *p, const struct scale *sc, const struct xt_fast_pulse_train *t) {
  return train_rows(p, sc, t, false, false);
}

static uint64_t train_nearest(struct xt_plane *p, const struct scale *sc, const struct xt_fast_pulse_train *t) {
  return train_rows(p, sc, t, true, false);
}

static uint64_t train_counted(struct xt_plane *p, const struct scale *sc, const struct xt_fast_pulse_train *t) {
  return train_rows(p, sc, t, sc->nearest, true);
}

static uint64_t train(struct xt_plane *p, const struct xt_fast_pulse_train *t) {
  const struct scale sc = scale_of(p);
  if (p->pulses != NULL) return train_counted(p, &sc, t);
  return sc.nearest ? train_nearest(p, &sc, t) : train_random(p, &sc, t);
}

static void alternate(struct xt_plane *p, const uint32_t *key, uint32_t slots) {
  const struct scale sc = scale_of(p);
  const vu lane = lane_index();
  for (size_t k = 0; k < xt_plane_devices(p);
       k += XT_LANES) { /* the slack takes what the last vector does past the end */
    vi w = load16(p->w16 + k);
    const vi lo = load16(p->wmin16 + k), hi = load16(p->wmax16 + k);
    const vi step_up = load16(p->step_up + k), step_down = load16(p->step_down + k), shape_up = load16(p->shape_up + k),
             shape_down = load16(p->shape_down + k);
    const vu base = lane + (p->first + (uint32_t)k) * XT_HASH_INDEX;
    for (uint32_t s = 0; s < slots; s += 2) {
      w = vmin(vmax(w + step_lanes(&sc, sc.nearest, w, step_up, shape_up, base + key[s]), lo), hi);
      w = vmin(vmax(w - step_lanes(&sc, sc.nearest, w, step_down, shape_down, base + key[s + 1]), lo), hi);
    }
    store16(p->w16 + k, w);
  }
  for (size_t k = 0; p->pulses != NULL && k < xt_plane_devices(p); k++) p->pulses[k] += slots;
}

/* |t * q12| + rounding < 2^31 for the largest step t within the bounds; slope * w fits because |slope| < 2^15 and |w|
 * <= 2^15. q12's noise is at most 510. A snapshot may have put a state outside its bounds: then none of this holds. */
static bool fits(const struct xt_plane *p) {
  if (p->sw > 16 || p->cfg.shift > 18) return false;
  const unsigned q = (unsigned)(p->sw - 3);
  int64_t most = 0;
  for (size_t k = 0; k < xt_plane_devices(p); k++) {
    const int64_t up = p->step_up[k] + xt_sra((int64_t)p->shape_up[k] * p->wmin16[k], q);
    const int64_t down = p->step_down[k] + xt_sra((int64_t)p->shape_down[k] * p->wmax16[k], q);
    most = up > most ? up : most;
    most = down > most ? down : most;
    if (p->w16[k] < p->wmin16[k] || p->w16[k] > p->wmax16[k]) return false;
  }
  const int64_t spread = 4096 + ((510 * (int64_t)p->cfg.c_c2c) >> 4) + 1;
  return most * spread + (INT64_C(1) << (12 + p->cfg.shift)) < INT64_C(1) << 31;
}

extern const struct xt_fast_law XT_FAST_NAME(xt_fast_linear);
const struct xt_fast_law XT_FAST_NAME(xt_fast_linear) = {fits, train, alternate};
