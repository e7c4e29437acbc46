/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_plane.h"

#include "xt_dim.h"
#include "xt_noise.h"
#include "xt_room.h"

void xt_plane_room(struct xt_plane *p, const struct xt_dim *dim, uint32_t number, struct xt_room *room) {
  const size_t count = (size_t)dim->n * (size_t)dim->m;
  p->n = dim->n;
  p->m = dim->m;
  p->sw = dim->sw;
  p->first = number * (uint32_t)count;
  p->lazy = count > XT_PLANE_LAZY;
  if (dim->sw <= 16) {
    p->w16 = xt_room_lazy(room, count, sizeof *p->w16);
    p->fixed16 = xt_room_lazy(room, count, sizeof *p->fixed16);
  } else {
    p->w32 = xt_room_lazy(room, count, sizeof *p->w32);
    p->fixed32 = xt_room_lazy(room, count, sizeof *p->fixed32);
  }
}

/* Counters of the fabrication's noise domain: one word per device and property. */
enum { FAB_GAIN, FAB_IMBALANCE, FAB_MAX, FAB_MIN, FAB_STUCK, FAB_SHAPE, FAB_START, FAB_WORDS };

/* A bound's magnitude: mean with its spread, within BOUND_LOW and BOUND_HIGH of the mean and below full scale. */
static int32_t bound(int64_t mean, int32_t c, int32_t s, int64_t fs) {
  const int64_t lo = (mean * XT_BOUND_LOW) >> 12, hi = (mean * XT_BOUND_HIGH) >> 12;
  return (int32_t)xt_clamp(xt_sra(mean * xt_noise_q12(c, s), 12), lo > 1 ? lo : 1, hi < fs - 1 ? hi : fs - 1);
}

/* Mean step of one direction: DW with the device's gain and 1 + imb or 1 - imb, both Q12. */
static int32_t step(int64_t dw, int64_t gain, int64_t share) {
  return (int32_t)xt_clamp((dw * gain * share + (INT64_C(1) << 23)) >> 24, 1, 32767);
}

/* One device, and the state it begins with. */
static struct xt_device fabricate_one(const struct xt_plane *p, size_t k, const uint32_t key[FAB_WORDS], int32_t *w) {
  const struct xt_dev_cfg *c = &p->cfg;
  const int64_t fs = INT64_C(1) << (p->sw - 1);
  uint32_t word[FAB_WORDS] = {0};
  const int words = p->law->start != NULL ? FAB_WORDS : FAB_SHAPE;
  for (int f = 0; f < words; f++) word[f] = xt_noise_word(key[f], p->first + (uint32_t)k);

  const int64_t gain = xt_clamp(xt_noise_q12(c->c_dtod, xt_noise_gauss(word[FAB_GAIN])), 512, 32767);
  const int64_t imb =
      xt_clamp(c->up_down + ((xt_noise_gauss(word[FAB_IMBALANCE]) * c->c_ud) >> 4), -(int32_t)XT_UD_MAX, XT_UD_MAX);
  struct xt_device d = {.step_up = step(c->dw, gain, 4096 + imb), .step_down = step(c->dw, gain, 4096 - imb)};
  d.wmax = bound(c->w_max, c->c_wmax, xt_noise_gauss(word[FAB_MAX]), fs);
  d.wmin = -bound(c->w_min, c->c_wmin, xt_noise_gauss(word[FAB_MIN]), fs);
  const struct xt_law_words own = {word[FAB_SHAPE], word[FAB_START]};
  d.shape_up = p->law->shape(c, p->sw, true, d.step_up, d.wmax, d.wmin, own);
  d.shape_down = p->law->shape(c, p->sw, false, d.step_down, d.wmax, d.wmin, own);
  if (c->dw == 0) d.step_up = d.step_down = d.shape_up = d.shape_down = 0; /* the plane never moves */
  *w = p->law->start != NULL ? p->law->start(d.wmax, d.wmin, own) : 0;
  if ((int32_t)(word[FAB_STUCK] & 0xFFFF) < c->stuck)
    *w = d.wmin = d.wmax = d.wmin + (int32_t)xt_sra((int64_t)(word[FAB_STUCK] >> 16) * (d.wmax - d.wmin), 16);
  return d;
}

static void keys(const struct xt_plane *p, uint32_t key[FAB_WORDS]) {
  for (uint32_t f = 0; f < FAB_WORDS; f++) key[f] = xt_noise_key(p->seed, XT_DOM_FAB, f);
}

static struct xt_plane_move up(const struct xt_device *d) {
  return (struct xt_plane_move){(int16_t)d->shape_up, (int16_t)d->step_up};
}
static struct xt_plane_move down(const struct xt_device *d) {
  return (struct xt_plane_move){(int16_t)d->shape_down, (int16_t)d->step_down};
}
static struct xt_plane_fixed16 fixed16(const struct xt_device *d) {
  return (struct xt_plane_fixed16){up(d), {(int16_t)d->wmin, (int16_t)d->wmax}, down(d)};
}
static struct xt_plane_fixed32 fixed32(const struct xt_device *d) {
  return (struct xt_plane_fixed32){up(d), down(d), d->wmin, d->wmax};
}

void xt_plane_fabricate(struct xt_plane *p, const struct xt_dev_cfg *cfg, uint32_t seed) {
  uint32_t key[FAB_WORDS];
  p->cfg = *cfg;
  p->law = xt_laws[cfg->law];
  p->seed = seed;
  p->made = false;
  keys(p, key);
  for (size_t k = 0; k < xt_plane_devices(p); k++) {
    int32_t w = 0;
    if (cfg->stuck != 0 || p->law->start != NULL) (void)fabricate_one(p, k, key, &w);
    if (xt_plane_state(p, k) != w) xt_plane_set_state(p, k, w);
  }
}

void xt_plane_make(struct xt_plane *p) {
  uint32_t key[FAB_WORDS];
  if (p->made) return;
  keys(p, key);
  for (size_t k = 0; k < xt_plane_devices(p); k++) {
    int32_t w;
    const struct xt_device d = fabricate_one(p, k, key, &w);
    if (p->w16 != NULL)
      p->fixed16[k] = fixed16(&d);
    else
      p->fixed32[k] = fixed32(&d);
  }
  p->made = true;
}

void xt_plane_make_row(const struct xt_plane *p, int32_t i, struct xt_plane_fixed16 *fixed) {
  uint32_t key[FAB_WORDS];
  keys(p, key);
  for (int32_t j = 0; j < p->m; j++) {
    int32_t w;
    const struct xt_device d = fabricate_one(p, (size_t)i * (size_t)p->m + (size_t)j, key, &w);
    fixed[j] = fixed16(&d);
  }
}

static inline struct xt_device device(const struct xt_plane *p, size_t k) {
  if (!p->made) {
    uint32_t key[FAB_WORDS];
    int32_t w;
    keys(p, key);
    return fabricate_one(p, k, key, &w);
  }
  if (p->w16 != NULL) {
    const struct xt_plane_fixed16 f = p->fixed16[k];
    return (struct xt_device){f.up.step, f.down.step, f.bounds.min, f.bounds.max, f.up.shape, f.down.shape};
  }
  const struct xt_plane_fixed32 f = p->fixed32[k];
  return (struct xt_device){f.up.step, f.down.step, f.min, f.max, f.up.shape, f.down.shape};
}

struct xt_device xt_plane_device(const struct xt_plane *p, size_t k) {
  return device(p, k);
}

void xt_plane_set_state(struct xt_plane *p, size_t k, int32_t w) {
  if (p->w16 != NULL)
    p->w16[k] = (int16_t)w;
  else
    p->w32[k] = w;
}

/* What is added before `drop` (0..32) bits are cut off: stochastic, or half of what they hold. r16 is uniform and
 * uncorrelated with gauss(w32). */
static int64_t rounding(const struct xt_dev_cfg *cfg, unsigned drop, uint32_t w32) {
  if (cfg->round != 0) return drop > 0 ? INT64_C(1) << (drop - 1) : 0;
  const int64_t r16 = (w32 ^ (w32 >> 16)) & 0xFFFF;
  return drop <= 16 ? r16 >> (16 - drop) : r16 << (drop - 16);
}

/* The state that a pulse takes device k to from w. */
static int32_t after_pulse(const struct xt_plane *p, size_t k, struct xt_column *c, int32_t w, uint32_t key) {
  const struct xt_dev_cfg *cfg = &p->cfg;
  const struct xt_device d = device(p, k);
  const bool up = c->pulse.up;
  const uint32_t w32 = xt_noise_word(key, p->first + (uint32_t)k);
  const int32_t shape = up ? d.shape_up : d.shape_down;
  if (p->law->flip != NULL) {
    if (shape != c->shape) c->flip = p->law->flip(cfg, c->pulse, shape);
    c->shape = shape;
    if (w32 >= c->flip) return (int32_t)xt_clamp(w, d.wmin, d.wmax); /* a step of 0 */
  }
  const int64_t step = p->law->step(cfg, p->sw, c->pulse, up ? d.step_up : d.step_down, shape, w, w32, c->flip);
  const int64_t moved = step * xt_noise_q12(cfg->c_c2c, xt_noise_gauss(w32));
  const unsigned drop = (unsigned)(12 + cfg->shift); /* 12 bits of the Q12, SHIFT of DW */
  const int64_t dw = xt_sra(moved + rounding(cfg, drop, w32), drop);
  return (int32_t)xt_clamp(up ? w + dw : w - dw, d.wmin, d.wmax);
}

static uint64_t *flips_of(struct xt_device_sums *s, struct xt_pulse pulse) {
  return pulse.read ? &s->read_flips : pulse.half ? &s->disturbed : &s->flips;
}

static void pulse_one(struct xt_plane *p, size_t k, struct xt_column *c, uint32_t key) {
  struct xt_device_counts *const counts = xt_plane_counts(p);
  const int32_t w = xt_plane_state(p, k), after = after_pulse(p, k, c, w, key);
  c->devices++;
  c->states += w;
  if (p->pulses != NULL && !c->pulse.half && !c->pulse.read) p->pulses[k]++;
  if (after == w) return;
  xt_plane_set_state(p, k, after);
  if (counts != NULL) xt_device_flip(counts, k, flips_of(&counts->sums, c->pulse));
}

void xt_plane_pulse_row(struct xt_plane *p, int32_t i, struct xt_column *column, int32_t columns, uint32_t key) {
  const size_t first = (size_t)i * (size_t)p->m;
  for (int32_t c = 0; c < columns; c++) pulse_one(p, first + (size_t)column[c].j, &column[c], key);
}

void xt_plane_pulsed(struct xt_plane *p, const struct xt_column *column, int32_t columns) {
  if (xt_plane_counts(p) == NULL) return;
  struct xt_device_sums *const s = &p->counts->sums;
  for (const struct xt_column *c = column; c < column + columns; c++) {
    const struct xt_pulse *pulse = &c->pulse;
    if (pulse->read) continue;
    *(pulse->half ? &s->half : &s->selected) += c->devices;
    xt_device_time(s, pulse->half, pulse->up, pulse->amplitude, c->devices * pulse->duration,
                   pulse->duration * c->states);
  }
}

void xt_plane_pulse(struct xt_plane *p, size_t k, struct xt_pulse pulse, uint32_t key) {
  struct xt_column c = {.pulse = pulse, .shape = XT_NO_SHAPE};
  pulse_one(p, k, &c, key);
  xt_plane_pulsed(p, &c, 1);
}

/* sum w_k (2k+1) first, in 32 bits: the multiplier comes out of the sum modulo 2^32. */
uint32_t xt_plane_digest(const struct xt_plane *p) {
  const uint32_t count = (uint32_t)xt_plane_devices(p);
  uint32_t sum = 0;
  for (uint32_t k = 0; k < count; k++) sum += (uint32_t)xt_plane_state(p, k) * (2 * k + 1);
  return sum * XT_DIGEST_MUL;
}
