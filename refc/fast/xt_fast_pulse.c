/* SPDX-License-Identifier: Apache-2.0 */
/* Whole pulse trains, XT_CHUNK slots at a time: the slots in which each line fires as masks, then every device's
 * coincidences at once. */
#include "xt_fast.h"
#include "xt_noise.h"

/* Thresholds of listed lines of these magnitudes. */
static void thresholds(const struct xt_blocks *t, uint32_t g, int32_t r, const uint32_t *mag, int32_t count,
                       uint32_t *threshold) {
  const struct xt_um_factor f = xt_um_factor(g, r, t->dim.pb);
  t->fast_memory->simd->thresholds(mag, count, f.gain, (uint32_t)f.shift, UINT32_C(1) << t->dim.pb, threshold);
}

/* The same of rows, which all fire in a counted train. */
static void row_thresholds(const struct xt_blocks *t, const struct xt_um_out *um, const uint32_t *mag, int32_t count,
                           uint32_t *threshold) {
  if (um->count) {
    for (int32_t l = 0; l < count; l++) threshold[l] = UINT32_C(1) << t->dim.pb;
  } else {
    thresholds(t, um->gx, um->rx, mag, count, threshold);
  }
}

static void keys_of(const struct xt_array *a, uint32_t ctr, uint32_t slots, uint32_t *key) {
  for (uint32_t s = 0; s < slots; s++) key[s] = xt_noise_key(a->seed, XT_DOM_PULSE, ctr + s);
}

/* The columns of one sign (f->col_list[neg]) that fire. Returns how many. */
static int32_t columns(struct xt_blocks *t, struct xt_fast_chunk c, int neg, int32_t cols) {
  struct xt_fast *f = t->fast_memory;
  xt_fast_col_masks(&f->gens, &t->enc, c, cols, f->col_list[neg], f->col_list_t[neg], f->list_mask);
  return f->simd->live(f->col_list[neg], f->list_mask, cols, f->col[neg], f->col_mask[neg]);
}

/* The devices that a train can reach: their law's vector form, and what is fixed of them from device `first` on. */
struct devices {
  const struct xt_fast_law *law;
  const struct xt_plane_fixed16 *fixed;
  size_t first;
};

static struct devices devices(struct xt_blocks *t, const struct xt_pulse_train *u, const int32_t rows[2]) {
  struct xt_fast *f = t->fast_memory;
  const struct xt_plane *p = &t->array.plane[u->plane];
  if (p->made || !p->lazy || rows[0] + rows[1] != 1) {
    const struct xt_fast_law *law = xt_fast_law(f, &t->array, u->plane);
    return (struct devices){law, p->fixed16, 0};
  }
  const int32_t i = f->row_list[rows[0] == 0][0];
  return (struct devices){xt_fast_row_law(f, &t->array, u->plane, i), f->row, (size_t)i * (size_t)p->m};
}

/* Slots of the rows of one sign in their phases with columns of either sign, split by rows. */
struct chunk {
  struct xt_blocks *t;
  int plane, parts;
  const struct xt_fast_law *law;
  struct xt_fast_chunk phase[2];
  struct xt_fast_pulse_train train[2]; /* of all rows */
  uint64_t pulses[XT_FAST_PARTS];
};

/* Rows that fit into the second cache, so that the second phase finds them there. */
static int32_t block_of(int32_t m) {
  enum { BYTES = 512 << 10, EACH = sizeof(int16_t) + sizeof(struct xt_plane_fixed16) };
  return (int32_t)xt_clamp(BYTES / EACH / m, 4, INT32_MAX);
}

static void chunk_part(void *ctx, int part) {
  struct chunk *c = ctx;
  struct xt_fast *f = c->t->fast_memory;
  struct xt_plane *p = &c->t->array.plane[c->plane];
  const int32_t rows = c->train[0].rows, end = rows * (part + 1) / c->parts, block = block_of(p->m);
  c->pulses[part] = 0;
  for (int32_t first = rows * part / c->parts; first < end; first += block) {
    for (int neg = 0; neg < 2; neg++) {
      struct xt_fast_pulse_train train = c->train[neg];
      uint32_t *const mask = f->row_mask + first;
      if (train.cols == 0) continue;
      train.rows = end - first < block ? end - first : block;
      train.row += first;
      train.row_mask = mask;
      train.work = f->work[part];
      xt_fast_row_masks(&f->gens, &c->t->enc, c->phase[neg], train.rows, train.row, f->row_list_t + first, mask);
      c->pulses[part] += c->law != NULL ? c->law->pulses(p, &train) : xt_fast_plain_pulses(p, &train);
    }
  }
}

/* Parts of a train of so many rows: a few per thread, so that none waits long for another, but of some microseconds. */
static int parts_of(const struct xt_fast *f, int32_t rows, int32_t m) {
  enum { LEAST = 1 << 12, EACH = 3 };
  if (f->team == NULL) return 1;
  const int64_t most = (int64_t)rows * m / LEAST, wanted = EACH * (int64_t)f->team->threads;
  return (int)xt_clamp(most < wanted ? most : wanted, 1, XT_FAST_PARTS);
}

/* Slots slot0.. of the rows of one sign. Returns the device pulses. */
static uint64_t chunk(struct xt_blocks *t, const struct xt_pulse_train *u, const struct devices *devices,
                      uint32_t slot0, bool row_neg, int32_t rows, const int32_t cols[2]) {
  struct xt_fast *f = t->fast_memory;
  struct chunk c = {.t = t, .plane = u->plane, .parts = parts_of(f, rows, t->dim.m), .law = devices->law};
  const uint32_t slots = u->um.bl - slot0 < XT_CHUNK ? u->um.bl - slot0 : XT_CHUNK;
  for (int neg = 0; neg < 2; neg++) {
    struct xt_fast_pulse_train *const train = &c.train[neg];
    const uint32_t phase = u->coinc.gated ? 0 : xt_coinc_phase(row_neg, neg != 0);
    const uint32_t before = xt_popcount(u->phases & ((UINT32_C(1) << phase) - 1)); /* driven phases */
    c.phase[neg] = (struct xt_fast_chunk){u->enc, before * u->um.bl + slot0, slot0, slots};
    *train = (struct xt_fast_pulse_train){.slots = slots,
                                          .up = xt_coinc_device_up(&u->coinc, row_neg, neg != 0),
                                          .rows = rows,
                                          .cols = columns(t, c.phase[neg], neg, cols[neg]),
                                          .row = f->row_list[row_neg],
                                          .col = f->col[neg],
                                          .col_mask = f->col_mask[neg],
                                          .fixed = devices->fixed,
                                          .first = devices->first};
    keys_of(&t->array, t->array.pulse_ctr + c.phase[neg].base, slots, train->key);
  }
  if (c.parts == 1)
    chunk_part(&c, 0);
  else
    f->team->run(f->team->pool, c.parts, chunk_part, &c);
  uint64_t pulses = 0;
  for (int k = 0; k < c.parts; k++) pulses += c.pulses[k];
  return pulses;
}

/* Lists of the lines by sign, with the columns' thresholds. */
static void lists(struct xt_blocks *t, const struct xt_pulse_train *u, int32_t rows[2], int32_t cols[2]) {
  struct xt_fast *f = t->fast_memory;
  f->simd->split(u->x, t->dim.n, f->row_list, f->row_mag, rows);
  f->simd->split(u->d, t->dim.m, f->col_list, f->col_mag, cols);
  for (int neg = 0; neg < 2; neg++) thresholds(t, u->um.gd, u->um.rd, f->col_mag[neg], cols[neg], f->col_list_t[neg]);
}

/* The masks know these cells, and no durations; with others the sequencer goes cycle by cycle. */
static bool knows(const struct xt_blocks *t, int plane) {
  const uint32_t cell = t->csr.reg[XT_CSR_CELL_MODE];
  return (cell == XT_CELL_HALF || cell == XT_CELL_GATED) && !t->array.plane[plane].law->timed;
}

bool xt_fast_pulse(struct xt_blocks *t, const struct xt_pulse_train *u) {
  struct xt_fast *f = t->fast_memory;
  uint64_t pulses = 0;
  int32_t rows[2], cols[2];
  if (!knows(t, u->plane)) return false;
  if (u->enc == XT_ENC_STOCH && !xt_fast_gens_enter(&f->gens, &t->enc)) return false;
  const uint32_t phases = xt_popcount(u->phases);
  lists(t, u, rows, cols);
  const struct devices reached = devices(t, u, rows);
  for (int neg = 0; neg < 2; neg++) {
    if (rows[neg] == 0) continue;
    row_thresholds(t, &u->um, f->row_mag[neg], rows[neg], f->row_list_t);
    for (uint32_t slot = 0; slot < u->um.bl; slot += XT_CHUNK)
      pulses += chunk(t, u, &reached, slot, neg != 0, rows[neg], cols);
  }
  t->array.pulse_ctr += phases * u->um.bl;
  xt_fast_gens_skip(&f->gens, &t->enc, u->enc, phases, u->um.bl);
  xt_count_pulses(&t->count, (uint64_t)phases * u->um.bl, pulses);
  return true;
}

bool xt_fast_alternate(struct xt_blocks *t, int plane, uint32_t pairs) {
  struct xt_plane *p = &t->array.plane[plane];
  const struct xt_fast_law *law = xt_fast_law(t->fast_memory, &t->array, plane);
  uint32_t key[XT_CHUNK];
  if (!knows(t, plane)) return false;
  for (uint32_t left = 2 * pairs; left > 0;) {
    const uint32_t most = XT_CHUNK / 2 * 2, slots = left < most ? left : most; /* even: an up and a down pulse */
    keys_of(&t->array, t->array.pulse_ctr, slots, key);
    if (law != NULL)
      law->alternate(p, key, slots);
    else
      xt_fast_plain_alternate(p, key, slots);
    t->array.pulse_ctr += slots;
    left -= slots;
  }
  xt_count_pulses(&t->count, 2 * (uint64_t)pairs, 2 * (uint64_t)pairs * xt_plane_devices(p));
  return true;
}
