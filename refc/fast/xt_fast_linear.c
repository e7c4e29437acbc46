/* SPDX-License-Identifier: Apache-2.0 */
/* Vector form of xt_law_linear. */
#include "xt_bits.h"
#include "xt_fast_simd.h"
#include "xt_fast_vec.h"

/* What a pulse needs beside the device. */
struct scale {
  vp c2c; /* q12 = (g' c2c + bias) >>> 4 for g' = g + 510 */
  vi bias;
  vi one;        /* 1, in the fraction of a shape */
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
  l.one = all(1 << l.q);
  l.drop = 12 + c->shift;
  l.nearest = c->round != 0 || l.drop == 0; /* nothing is cut off */
  l.half = l.drop > 0 ? INT32_C(1) << (l.drop - 1) : 0;
  l.right = 32 - l.drop;
  return l;
}

/* Change of the state by one pulse, along its direction: (v + r) >>> drop of section 9. move: struct xt_plane_move. x:
 * key + idx * HASH_INDEX. The noise word is w32 = x ^ x>>16 with x from mix's second multiplication, so that r16 = x
 * mod 2^16. */
XT_INLINE vi change(const struct scale *sc, bool nearest, vi w, vu move, vu x) {
  x ^= x >> 16;
  x *= XT_HASH_M1;
  x ^= x >> 15;
  x *= XT_HASH_M2;
  const vi q12 = (byte_sums(x ^ (x >> 16), sc->c2c) + sc->bias) >> 4;
  const vi step = vmax(all(0), madd((vp)move, (vp)((vu)w << 16 | (vu)sc->one)) >> sc->q);
  if (nearest) return (step * q12 + sc->half) >> sc->drop;
  return (step * q12 + (vi)((x << 16) >> sc->right)) >> sc->drop;
}

XT_INLINE vi lower(vu bounds) {
  return (vi)(bounds << 16) >> 16;
}
XT_INLINE vi upper(vu bounds) {
  return (vi)bounds >> 16;
}

static vu lane_index(void) {
  vu lane;
  for (uint32_t i = 0; i < XT_LANES; i++) lane[i] = i * XT_HASH_INDEX;
  return lane;
}

/* ---------------------------------------------------------------- trains
 *
 * Few devices see a pulse, and those not many: the ones that do are put side by side in a list, with what they need. A
 * round gives every device of the list its next pulse, and puts those that have another one side by side in the list of
 * the next round. States then go back from list to list. A device that moves down is listed as its mirror image: state,
 * bounds and shape with the other sign, so that all go up. */

/* List of round 0; n < XT_WORK_DEVICES. Returns the pulses. */
XT_INLINE uint64_t rounds(struct xt_fast_work *work, const struct scale *scale, const struct vec_table *table,
                          bool nearest, uint32_t n) {
  const struct scale sc = *scale; /* of our own: what is stored may not change them */
  const struct vec_table keys = *table;
  uint64_t pulses = 0;
  int32_t r = 0;
  for (; n > 0; r++) {
    struct xt_fast_list *list = &work->list[r % 2], *next = &work->list[(r + 1) % 2];
    uint32_t *const w = work->w[r], *const w_next = work->w[r + 1];
    uint16_t *more = work->more[r];
    uint32_t left = 0;
    storeu(list->mask + n, (vu)all(0));
    work->count[r] = n;
    pulses += n;
    for (uint32_t i = 0; i < n; i += XT_LANES) {
      const vu mask = loadu(list->mask + i), rest = mask & (mask - 1);
      const vu key = table_look(&keys, mask ^ rest, (vi)mask), base = loadu(list->base + i);
      const vu move = loadu(list->move + i), bounds = loadu(list->bounds + i);
      const vi before = (vi)loadu(w + i);
      const vi moved = before + change(&sc, nearest, before, move, base + key);
      const vu now = (vu)vmin(vmax(moved, lower(bounds)), upper(bounds));
      const vm again = nonzero(rest << 1);
      storeu(w + i, now);
      *more++ = (uint16_t)again;
      compress(next->mask + left, rest, again);
      compress(next->base + left, base, again);
      compress(next->move + left, move, again);
      compress(next->bounds + left, bounds, again);
      compress(w_next + left, now, again);
      left += (uint32_t)__builtin_popcount(again);
    }
    n = left;
  }
  for (r -= 2; r >= 0; r--) {
    const uint32_t *from = work->w[r + 1], count = work->count[r];
    const uint16_t *more = work->more[r];
    uint32_t *const w = work->w[r];
    for (uint32_t i = 0; i < count; i += XT_LANES, more++) {
      storeu(w + i, expand(loadu(w + i), *more, from));
      from += __builtin_popcount(*more);
    }
  }
  return pulses;
}

/* The other sign where `down` is. */
XT_INLINE vi mirror(vi v, vi down) {
  return (v ^ down) - down;
}
XT_INLINE vp mirror_pairs(vp v, vp down) {
  return (v ^ down) - down;
}

/* Columns of a train, and where their devices move down. */
struct columns {
  const uint32_t *col;
  int32_t m;
  vi down_pos, down_neg;
};
XT_INLINE vi downs(const struct columns *c, vu col) {
  return pick((vi)col >> 31, c->down_neg, c->down_pos);
}

/* The states of a list go back to the devices. */
XT_INLINE void put_back(int16_t *w16, const struct xt_fast_work *work, const struct columns *columns, uint32_t blocks) {
  const struct columns c = *columns;
  const uint32_t *from = work->w[0];
  for (const struct xt_fast_block *block = work->block; block < work->block + blocks; block++) {
    const vi down = downs(&c, loadu(c.col + block->col));
    const vm hit = block->hit;
    int16_t *const w = w16 + block->device;
    const vi now = mirror((vi)expand((vu)mirror(load16(w), down), hit, from), down);
    from += __builtin_popcount(hit);
    if (block->col + XT_LANES <= c.m) {
      store16(w, now);
    } else { /* the next row is not ours */
      for (int32_t i = 0; i < c.m - block->col; i++) w[i] = (int16_t)now[i];
    }
  }
}

static void count_pulses(uint32_t *pulses, vu mask) {
  for (int i = 0; i < XT_LANES; i++)
    if (mask[i] << 1 != 0) pulses[i] += xt_popcount(mask[i] << 1);
}

XT_INLINE uint64_t train_rows(struct xt_plane *d, const struct xt_fast_pulse_train *t, bool nearest, bool count) {
  const struct scale sc = scale_of(d);
  const struct columns c = {t->col, d->m, all(t->up[0] ? 0 : -1), all(t->up[1] ? 0 : -1)};
  struct xt_fast_work *const work = t->work;
  struct xt_fast_list *const list = &work->list[0];
  uint32_t *const w0 = work->w[0];
  int16_t *const w16 = d->w16;
  const struct xt_plane_move *const ups = d->up, *const downs_ = d->down;
  const struct xt_plane_bounds *const bounds16 = d->bounds16;
  const vu lane = lane_index() + d->first * XT_HASH_INDEX;
  const int32_t rows = t->rows;
  struct vec_table keys = {{0}};
  uint64_t pulses = 0;
  uint32_t n = 0, blocks = 0;
  table_make(&keys, t->key[0], t->key[1], t->slots);
  for (int32_t r = 0; r < rows; r++) {
    const uint32_t pos = t->row_mask[0][r], neg = t->row_mask[1][r];
    if ((pos | neg) == 0) continue;
    const vi fire_pos = all((int32_t)(pos | XT_COL_NEG)), fire_neg = all((int32_t)(neg | XT_COL_NEG));
    const size_t k0 = (size_t)t->row[r] * (size_t)c.m;
    for (int32_t j = 0; j < c.m; j += XT_LANES) {
      const vu col = loadu(c.col + j), mask = col & (vu)pick((vi)col >> 31, fire_neg, fire_pos);
      const vm hit = nonzero(mask << 1);
      if (hit == 0) continue;
      if (n > XT_WORK_DEVICES - XT_LANES) {
        pulses += rounds(work, &sc, &keys, nearest, n);
        put_back(w16, work, &c, blocks);
        n = blocks = 0;
      }
      const size_t k = k0 + (size_t)j;
      const vi down = downs(&c, col);
      const vu move = (vu)pick(down, (vi)load_pairs(downs_ + k), (vi)load_pairs(ups + k));
      const vu bounds = (vu)mirror_pairs(load_pairs(bounds16 + k), (vp)down);
      work->block[blocks++] = (struct xt_fast_block){k, j, hit};
      compress(list->mask + n, mask, hit);
      compress(list->base + n, lane + (uint32_t)k * XT_HASH_INDEX, hit);
      compress(list->move + n, (vu)mirror_pairs((vp)move, (vp)(down & ~0xFFFF)), hit);
      compress(list->bounds + n, (vu)pick(down, (vi)(bounds << 16 | bounds >> 16), (vi)bounds), hit);
      compress(w0 + n, (vu)mirror(load16(w16 + k), down), hit);
      n += (uint32_t)__builtin_popcount(hit);
      if (count) count_pulses(d->pulses + k, mask);
    }
  }
  pulses += rounds(work, &sc, &keys, nearest, n);
  put_back(w16, work, &c, blocks);
  return pulses;
}

static uint64_t train_random(struct xt_plane *p, const struct xt_fast_pulse_train *t) {
  return train_rows(p, t, false, false);
}

static uint64_t train_nearest(struct xt_plane *p, const struct xt_fast_pulse_train *t) {
  return train_rows(p, t, true, false);
}

static uint64_t train_counted(struct xt_plane *p, const struct xt_fast_pulse_train *t) {
  return train_rows(p, t, scale_of(p).nearest, true);
}

static uint64_t train(struct xt_plane *p, const struct xt_fast_pulse_train *t) {
  if (p->pulses != NULL) return train_counted(p, t);
  return scale_of(p).nearest ? train_nearest(p, t) : train_random(p, t);
}

static void alternate(struct xt_plane *p, const uint32_t *key, uint32_t slots) {
  const struct scale sc = scale_of(p);
  const vu lane = lane_index();
  for (size_t k = 0; k < xt_plane_devices(p);
       k += XT_LANES) { /* the slack takes what the last vector does past the end */
    vi w = load16(p->w16 + k);
    const vu bounds = (vu)load_pairs(p->bounds16 + k), up = (vu)load_pairs(p->up + k),
             down = (vu)load_pairs(p->down + k);
    const vi lo = lower(bounds), hi = upper(bounds);
    const vu base = lane + (p->first + (uint32_t)k) * XT_HASH_INDEX;
    for (uint32_t s = 0; s < slots; s += 2) {
      w = vmin(vmax(w + change(&sc, sc.nearest, w, up, base + key[s]), lo), hi);
      w = vmin(vmax(w - change(&sc, sc.nearest, w, down, base + key[s + 1]), lo), hi);
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
    const int64_t up = p->up[k].step + xt_sra((int64_t)p->up[k].shape * p->bounds16[k].min, q);
    const int64_t down = p->down[k].step + xt_sra((int64_t)p->down[k].shape * p->bounds16[k].max, q);
    most = up > most ? up : most;
    most = down > most ? down : most;
    if (p->w16[k] < p->bounds16[k].min || p->w16[k] > p->bounds16[k].max) return false;
  }
  const int64_t spread = 4096 + ((510 * (int64_t)p->cfg.c_c2c) >> 4) + 1;
  return most * spread + (INT64_C(1) << (12 + p->cfg.shift)) < INT64_C(1) << 31;
}

extern const struct xt_fast_law XT_FAST_NAME(xt_fast_linear);
const struct xt_fast_law XT_FAST_NAME(xt_fast_linear) = {fits, train, alternate};
