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
 * key + idx * HASH_INDEX. The noise word is w32 = x ^ x>>16 of the mixed x, so that r16 = x mod 2^16. */
XT_INLINE vi change(const struct scale *sc, bool nearest, vi w, vu move, vu x) {
  x = mixed(x);
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
 * the next round. States then go back from list to list. In lists, a device that moves down is its mirror image: state,
 * bounds and shape with the other sign, so that all go up. */

/* The other sign where `down` is. */
XT_INLINE vi mirror(vi v, vi down) {
  return (v ^ down) - down;
}
XT_INLINE vu mirror_pairs(vu v, vi down) {
  return (vu)(((vp)v ^ (vp)down) - (vp)down);
}

/* Of a train: what a pulse needs, and where devices move down. */
struct train {
  struct scale scale;
  struct vec_table keys;
  vi down_pos, down_neg; /* by the column's sign */
};
XT_INLINE vi downs(const struct train *t, vu mask) {
  return pick((vi)mask >> 31, t->down_neg, t->down_pos);
}

/* Round r; the list of round 0 is not mirrored yet. Returns the devices of the next one. */
XT_INLINE uint32_t one_round(struct xt_fast_work *work, const struct train *train, bool nearest, int32_t r,
                             uint32_t n) {
  const struct train t = *train; /* of our own: what is stored may not change it */
  struct xt_fast_list *list = &work->list[r == 0 ? 0 : 1 + r % 2], *next = &work->list[1 + (r + 1) % 2];
  uint32_t *const w = work->w[r], *const w_next = work->w[r + 1];
  uint16_t *more = work->more[r];
  uint32_t left = 0;
  storeu(list->mask + n, (vu)all(0));
  for (uint32_t i = 0; i < n; i += XT_LANES) {
    const vu mask = loadu(list->mask + i), rest = mask & (mask - 1), base = loadu(list->base + i);
    vu move = loadu(list->move + i), bounds = loadu(list->bounds + i);
    vi before = (vi)loadu(w + i);
    if (r == 0) {
      const vi down = downs(&t, mask);
      const vu turned = mirror_pairs(bounds, down);
      before = mirror(before, down);
      move = mirror_pairs(move, down & ~0xFFFF);
      bounds = (vu)pick(down, (vi)(turned << 16 | turned >> 16), (vi)turned);
    }
    const vi moved =
        before + change(&t.scale, nearest, before, move, base + table_look(&t.keys, mask ^ rest, (vi)mask));
    const vu now = (vu)vmin(vmax(moved, lower(bounds)), upper(bounds));
    const vm again = nonzero(rest << 1);
    storeu(w + i, now);
    *more++ = (uint16_t)again;
    compress(next->mask + left, rest, again);
    compress(next->base + left, base, again);
    compress(next->move + left, move, again);
    compress(next->bounds + left, bounds, again);
    compress(w_next + left, now, again);
    left += lanes_of(again);
  }
  return left;
}

/* All rounds of a list of n devices; their states to work->w[0]. Returns the pulses. */
XT_INLINE uint64_t rounds(struct xt_fast_work *work, const struct train *train, bool nearest, uint32_t n) {
  uint64_t pulses = n;
  int32_t r = 1;
  if (n == 0) return 0;
  work->count[0] = n;
  for (n = one_round(work, train, nearest, 0, n); n > 0; r++) {
    work->count[r] = n;
    pulses += n;
    n = one_round(work, train, nearest, r, n);
  }
  for (r -= 2; r >= 0; r--) {
    const uint32_t *from = work->w[r + 1], count = work->count[r];
    const uint16_t *more = work->more[r];
    uint32_t *const w = work->w[r];
    for (uint32_t i = 0; i < count; i += XT_LANES, more++) {
      storeu(w + i, expand(loadu(w + i), *more, from));
      from += lanes_of(*more);
    }
  }
  for (uint32_t i = 0; i < work->count[0]; i += XT_LANES) {
    const vi down = downs(train, loadu(work->list[0].mask + i));
    storeu(work->w[0] + i, (vu)mirror((vi)loadu(work->w[0] + i), down));
  }
  return pulses;
}

/* The states of a list go back to the devices. */
XT_INLINE void put_back(int16_t *w16, const struct xt_fast_work *work, uint32_t blocks) {
  const uint32_t *from = work->w[0];
  for (const struct xt_fast_block *block = work->block; block < work->block + blocks; block++) {
    int16_t *const w = w16 + block->device;
    const vi now = (vi)expand((vu)load16(w), block->hit, from);
    from += lanes_of(block->hit);
    if (block->devices >= XT_LANES) {
      store16(w, now);
    } else { /* the next row is not ours */
      for (int32_t i = 0; i < block->devices; i++) w[i] = (int16_t)now[i];
    }
  }
}

static void count_pulses(uint32_t *pulses, vu mask) {
  for (int i = 0; i < XT_LANES; i++)
    if (mask[i] << 1 != 0) pulses[i] += xt_popcount(mask[i] << 1);
}

XT_INLINE uint64_t train_rows(struct xt_plane *d, const struct xt_fast_pulse_train *t, bool nearest, bool count) {
  struct train train = {scale_of(d), {{0}}, all(t->up[0] ? 0 : -1), all(t->up[1] ? 0 : -1)};
  struct xt_fast_work *const work = t->work;
  struct xt_fast_list *const list = &work->list[0];
  uint32_t *const w0 = work->w[0];
  int16_t *const w16 = d->w16;
  const struct xt_plane_move *const move_pos = t->up[0] ? t->fields.up : t->fields.down;
  const struct xt_plane_move *const move_neg = t->up[1] ? t->fields.up : t->fields.down;
  const struct xt_plane_bounds *const bounds16 = t->fields.bounds16;
  const size_t first = t->first;
  const uint32_t *const cols = t->col;
  const vu lane = lane_index() + d->first * XT_HASH_INDEX;
  const int32_t rows = t->rows, m = d->m;
  uint64_t pulses = 0;
  uint32_t n = 0, blocks = 0;
  table_make(&train.keys, t->key[0], t->key[1], t->slots);
  for (int32_t r = 0; r < rows; r++) {
    const uint32_t pos = t->row_mask[0][r], neg = t->row_mask[1][r];
    if ((pos | neg) == 0) continue;
    const vi fire_pos = all((int32_t)(pos | XT_COL_NEG)), fire_neg = all((int32_t)(neg | XT_COL_NEG));
    const size_t k0 = (size_t)t->row[r] * (size_t)m;
    for (int32_t j = 0; j < m; j += XT_LANES) {
      const vu col = loadu(cols + j), mask = col & (vu)pick((vi)col >> 31, fire_neg, fire_pos);
      const vm hit = nonzero(mask << 1);
      if (hit == 0) continue;
      if (n > XT_WORK_DEVICES - XT_LANES) {
        pulses += rounds(work, &train, nearest, n);
        put_back(w16, work, blocks);
        n = blocks = 0;
      }
      const size_t k = k0 + (size_t)j;
      const vi move =
          pick((vi)col >> 31, (vi)load_pairs(move_neg + (k - first)), (vi)load_pairs(move_pos + (k - first)));
      work->block[blocks++] = (struct xt_fast_block){k, m - j, hit};
      compress(list->mask + n, mask, hit);
      compress(list->base + n, lane + (uint32_t)k * XT_HASH_INDEX, hit);
      compress(list->move + n, (vu)move, hit);
      compress(list->bounds + n, (vu)load_pairs(bounds16 + (k - first)), hit);
      compress(w0 + n, (vu)load16(w16 + k), hit);
      n += lanes_of(hit);
      if (count) count_pulses(d->pulses + k, mask);
    }
  }
  pulses += rounds(work, &train, nearest, n);
  put_back(w16, work, blocks);
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
    const vu bounds = (vu)load_pairs(p->fields.bounds16 + k), up = (vu)load_pairs(p->fields.up + k),
             down = (vu)load_pairs(p->fields.down + k);
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
static bool fits(const struct xt_plane *p, const struct xt_plane_fields *fields, size_t first, size_t count) {
  if (p->sw > 16 || p->cfg.shift > 18) return false;
  const unsigned q = (unsigned)(p->sw - 3);
  int64_t most = 0;
  for (size_t k = 0; k < count; k++) {
    const struct xt_plane_bounds bounds = fields->bounds16[k];
    const int64_t up = fields->up[k].step + xt_sra((int64_t)fields->up[k].shape * bounds.min, q);
    const int64_t down = fields->down[k].step + xt_sra((int64_t)fields->down[k].shape * bounds.max, q);
    most = up > most ? up : most;
    most = down > most ? down : most;
    if (p->w16[first + k] < bounds.min || p->w16[first + k] > bounds.max) return false;
  }
  const int64_t spread = 4096 + ((510 * (int64_t)p->cfg.c_c2c) >> 4) + 1;
  return most * spread + (INT64_C(1) << (12 + p->cfg.shift)) < INT64_C(1) << 31;
}

extern const struct xt_fast_law XT_FAST_NAME(xt_fast_linear);
const struct xt_fast_law XT_FAST_NAME(xt_fast_linear) = {fits, train, alternate};
