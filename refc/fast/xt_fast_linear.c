/* SPDX-License-Identifier: Apache-2.0 */
/* Vector form of xt_law_linear. */
#include "xt_bits.h"
#include "xt_fast_simd.h"
#include "xt_fast_vec.h"

/* What a pulse needs beside the device. */
struct scale {
  vp c2c; /* q12 = (g' c2c + bias) >>> 4 for g' = g + 510 */
  vi bias;
  vi one;        /* 1 in the fraction of a shape, in the upper half */
  int32_t half;  /* the rounding, when it is not random */
  int32_t q;     /* sw - 3 */
  int32_t drop;  /* bits that the rounding cuts off */
  int32_t right; /* shift of the random bits, once they are on top of a word */
  bool nearest;  /* the rounding is not random */
};

static struct scale scale_of(const struct xt_plane *p) {
  const struct xt_dev_cfg *c = &p->cfg;
  struct scale l = {0};
  l.c2c = (vp)all(c->c_c2c * 0x10001);
  l.bias = all(16 * 4096 - 510 * c->c_c2c);
  l.q = p->sw - 3;
  l.one = all(1 << (16 + l.q));
  l.drop = 12 + c->shift;
  l.nearest = c->round != 0 || l.drop == 0; /* nothing is cut off */
  l.half = l.drop > 0 ? INT32_C(1) << (l.drop - 1) : 0;
  l.right = 32 - l.drop;
  return l;
}

/* Change of the state by one pulse, along its direction: (v + r) >>> drop of section 9. move: struct xt_plane_move. x:
 * key + idx * HASH_INDEX. The noise word is w32 = x ^ x>>16 of the mixed x, so that r16 = x mod 2^16. */
XT_INLINE vi change(const struct scale *sc, bool nearest, vi w, vu move, vu x) {
  x = mixed(x);
  const vi q12 = (byte_sums(x ^ (x >> 16), sc->c2c) + sc->bias) >> 4;
  const vi step = vmax(all(0), madd((vp)move, low_halves(w, sc->one)) >> sc->q);
  if (nearest) return (step * q12 + sc->half) >> sc->drop;
  return (step * q12 + (vi)((x << 16) >> sc->right)) >> sc->drop;
}

XT_INLINE vi lower(vu bounds) {
  return (vi)(bounds << 16) >> 16;
}
XT_INLINE vi upper(vu bounds) {
  return (vi)bounds >> 16;
}

/* ---------------------------------------------------------------- trains
 *
 * Few devices see a pulse, and most of those one or two. The ones that do are listed, in such an order that neighbours
 * see about as many; the list is filled with what they need, vectors of it get pulses until none of their devices has
 * another, and the states go back. */

/* A pulse on each device. x: the noise, as change() wants it. */
XT_INLINE vi after(const struct scale *sc, bool nearest, bool up, vi w, vu move, vu bounds, vu x) {
  const vi dw = change(sc, nearest, w, move, x);
  return vmin(vmax(up ? w + dw : w - dw, lower(bounds)), upper(bounds));
}

struct train {
  struct scale scale;
  struct vec_table keys;
  uint32_t first; /* number of the devices' first one among all planes', times HASH_INDEX */
  bool nearest, up;
  const struct xt_plane_fixed16 *fixed;
  int16_t *w16;
  uint32_t *pulses; /* NULL: not counted */
};

/* What devices i to i + XT_LANES - 1 of the list need. */
XT_INLINE void fetch(struct xt_fast_work *list, uint32_t i, const int16_t *w16, const uint8_t *fixed) {
  for (uint32_t k = i; k < i + XT_LANES; k++) {
    const size_t device = list->device[k];
    list->w[k] = w16[device];
    memcpy(list->fixed[k], fixed + device * sizeof(struct xt_plane_fixed16), sizeof *list->fixed);
  }
}

/* Returns the pulses. */
XT_INLINE uint64_t pulse(const struct train *train, struct xt_fast_work *list, uint32_t n, bool nearest, bool up) {
  enum { AHEAD = 4 * XT_LANES };
  const struct train t = *train; /* of our own: what is stored may not change it */
  const uint8_t *const fixed = (const uint8_t *)t.fixed + (up ? 0 : sizeof(struct xt_plane_move));
  uint64_t pulses = 0;
  for (uint32_t i = 0; i < n && i < AHEAD; i += XT_LANES) fetch(list, i, t.w16, fixed);
  for (uint32_t i = 0; i < n; i += XT_LANES) {
    const vu base = loadu(list->device + i) * XT_HASH_INDEX + t.first;
    vi w = load16(list->w + i);
    vu mask = loadu(list->mask + i), move, bounds;
    load_two(list->fixed[i], up ? &move : &bounds, up ? &bounds : &move);
    if (i + AHEAD < n) fetch(list, i + AHEAD, t.w16, fixed);
    for (vm on = nonzero(mask); on != 0; on = nonzero(mask)) {
      const vu rest = mask & (mask - 1);
      w = where(mask, after(&t.scale, nearest, up, w, move, bounds, base + table_look(&t.keys, mask ^ rest)), w);
      mask = rest;
      pulses += lanes_of(on);
    }
    if (n - i < XT_LANES) {
      for (uint32_t k = 0; k < n - i; k++) t.w16[list->device[i + k]] = (int16_t)w[k];
    } else {
      store_each16(t.w16, list->device + i, w);
    }
  }
  return pulses;
}

static uint64_t pulse_list(const struct train *t, struct xt_fast_work *list, uint32_t n) {
  uint64_t pulses;
  if (n == 0) return 0;
  for (uint32_t i = 0; i < n && t->pulses != NULL; i++) t->pulses[list->device[i]] += xt_popcount(list->mask[i]);
  for (uint32_t i = n; i % XT_LANES != 0; i++) { /* no pulse on a device that is ours */
    list->mask[i] = 0;
    list->device[i] = list->device[n - 1];
  }
  if (t->up)
    pulses = t->nearest ? pulse(t, list, n, true, true) : pulse(t, list, n, false, true);
  else
    pulses = t->nearest ? pulse(t, list, n, true, false) : pulse(t, list, n, false, false);
  return pulses;
}

static uint64_t train(struct xt_plane *p, const struct xt_fast_pulse_train *t) {
  enum { MOST = 64 };
  const int32_t together = (int32_t)xt_clamp(XT_WORK_DEVICES / ((t->cols + 15) / 16 * 16), 4, MOST);
  struct xt_fast_work *const list = t->work;
  struct train train = {.scale = scale_of(p),
                        .first = (p->first + (uint32_t)t->first) * XT_HASH_INDEX,
                        .nearest = scale_of(p).nearest,
                        .up = t->up,
                        .fixed = t->fixed,
                        .w16 = p->w16 + t->first,
                        .pulses = p->pulses != NULL ? p->pulses + t->first : NULL};
  uint64_t pulses = 0;
  uint32_t n = 0;
  table_make(&train.keys, t->key, t->slots);
  for (int32_t r = 0; r < t->rows;) {
    uint32_t mask[MOST], device[MOST];
    int32_t rows = 0;
    for (; r < t->rows && rows < together; r++) {
      mask[rows] = t->row_mask[r];
      device[rows] = (uint32_t)((size_t)t->row[r] * (size_t)p->m - t->first);
      rows += mask[rows] != 0;
    }
    for (int32_t c = 0; c < t->cols; c += XT_LANES) {
      const vu col_mask = loadu(t->col_mask + c), col = (vu)load32(t->col + c);
      if (n + (uint32_t)rows * XT_LANES > XT_WORK_DEVICES) {
        pulses += pulse_list(&train, list, n);
        n = 0;
      }
      for (int32_t k = 0; k < rows; k++) {
        const vu both = col_mask & mask[k];
        const vm hit = nonzero(both);
        compress(list->mask + n, both, hit);
        compress(list->device + n, col + device[k], hit);
        n += lanes_of(hit);
      }
    }
  }
  return pulses + pulse_list(&train, list, n);
}

static void alternate(struct xt_plane *p, const uint32_t *key, uint32_t slots) {
  const struct scale sc = scale_of(p);
  const size_t devices = xt_plane_devices(p);
  for (size_t k = 0; k < devices; k += XT_LANES) { /* the slack takes what the last vector does past the end */
    const struct xt_plane_fixed16 *const fixed = p->fixed16 + k;
    vu up, down, bounds, base;
    for (uint32_t i = 0; i < XT_LANES; i++) {
      uint32_t word[3];
      memcpy(word, fixed + i, sizeof word);
      up[i] = word[0];
      bounds[i] = word[1];
      down[i] = word[2];
      base[i] = (p->first + (uint32_t)k + i) * XT_HASH_INDEX;
    }
    vi w = load16(p->w16 + k);
    for (uint32_t s = 0; s < slots; s += 2) {
      w = after(&sc, sc.nearest, true, w, up, bounds, base + key[s]);
      w = after(&sc, sc.nearest, false, w, down, bounds, base + key[s + 1]);
    }
    store16(p->w16 + k, w);
  }
  for (size_t k = 0; p->pulses != NULL && k < devices; k++) p->pulses[k] += slots;
}

/* |t * q12| + rounding < 2^31 for the largest step t within the bounds; slope * w fits because |slope| < 2^15 and |w|
 * <= 2^15. q12's noise is at most 510. A snapshot may have put a state outside its bounds: then none of this holds. */
static bool fits(const struct xt_plane *p, const struct xt_plane_fixed16 *fixed, size_t first, size_t count) {
  if (p->sw > 16 || p->cfg.shift > 18) return false;
  const unsigned q = (unsigned)(p->sw - 3);
  int64_t most = 0;
  for (size_t k = 0; k < count; k++) {
    const struct xt_plane_fixed16 f = fixed[k];
    const struct xt_plane_bounds bounds = f.bounds;
    const int64_t up = f.up.step + xt_sra((int64_t)f.up.shape * bounds.min, q);
    const int64_t down = f.down.step + xt_sra((int64_t)f.down.shape * bounds.max, q);
    most = up > most ? up : most;
    most = down > most ? down : most;
    if (p->w16[first + k] < bounds.min || p->w16[first + k] > bounds.max) return false;
  }
  const int64_t spread = 4096 + ((510 * (int64_t)p->cfg.c_c2c) >> 4) + 1;
  return most * spread + (INT64_C(1) << (12 + p->cfg.shift)) < INT64_C(1) << 31;
}

extern const struct xt_fast_law XT_FAST_NAME(xt_fast_linear);
const struct xt_fast_law XT_FAST_NAME(xt_fast_linear) = {fits, train, alternate};
