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
void xt_fast_row_thresholds(const struct xt_blocks *t, const struct xt_um_out *um, const uint32_t *mag, int32_t count,
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

/* The columns of one sign (l->col_list[neg]) that fire. Returns how many. */
static int32_t columns(const struct xt_blocks *t, const struct xt_fast_lines *l, struct xt_fast_chunk c, int neg,
                       int32_t cols) {
  const struct xt_fast *f = t->fast_memory;
  xt_fast_col_masks(&f->gens, &t->enc, c, cols, l->col_list[neg], l->col_list_t[neg], l->list_mask);
  return f->simd->live(l->col_list[neg], l->list_mask, cols, l->col[neg], l->col_mask[neg]);
}

/* The devices that a train can reach: their law's vector form, and what is fixed of them from device `first` on. */
struct devices {
  const struct xt_fast_law *law;
  const struct xt_plane_fixed16 *fixed;
  size_t first;
};

static struct devices devices(struct xt_blocks *t, const struct xt_pulse_train *u, const struct xt_fast_lines *l,
                              const int32_t rows[2]) {
  struct xt_fast *f = t->fast_memory;
  const struct xt_plane *p = &t->array.plane[u->plane];
  if (p->made || !p->lazy || rows[0] + rows[1] != 1) {
    const struct xt_fast_law *law = xt_fast_law(f, &t->array, u->plane);
    return (struct devices){law, p->fixed16, 0};
  }
  const int32_t i = l->row_list[rows[0] == 0][0];
  return (struct devices){xt_fast_row_law(f, &t->array, u->plane, i), f->row, (size_t)i * (size_t)p->m};
}

/* Rows that fit into the second cache, so that the second phase finds them there. */
static int32_t block_of(int32_t m) {
  enum { BYTES = 512 << 10, EACH = sizeof(int16_t) + sizeof(struct xt_plane_fixed16) };
  return (int32_t)xt_clamp(BYTES / EACH / m, 4, INT32_MAX);
}

static int32_t first_row(const struct xt_fast_rows *c, int part) {
  return c->train[0].rows * part / c->parts;
}

static void rows_part(void *ctx, int part, int thread) {
  struct xt_fast_rows *c = ctx;
  const int32_t end = first_row(c, part + 1), block = block_of(c->plane->m);
  uint64_t pulses = 0;
  for (int32_t first = first_row(c, part); first < end; first += block) {
    for (int neg = 0; neg < 2; neg++) {
      struct xt_fast_pulse_train train = c->train[neg];
      uint32_t *const mask = c->lines->row_mask + first;
      if (train.cols == 0) continue;
      train.rows = end - first < block ? end - first : block;
      train.row += first;
      train.row_mask = mask;
      train.work = &c->work[thread];
      xt_fast_row_masks(&c->gens, &c->enc, c->phase[neg], train.rows, train.row, c->lines->row_list_t + first, mask);
      pulses += c->law != NULL ? c->law->pulses(c->plane, &train) : xt_fast_plain_pulses(c->plane, &train);
    }
  }
  c->pulses[part] = pulses;
}

static uint64_t pulses_of(const struct xt_fast_rows *c) {
  uint64_t pulses = 0;
  for (int k = 0; k < c->parts; k++) pulses += c->pulses[k];
  return pulses;
}

/* ---------------------------------------------------------------- trains behind their operation */

static void other_part(void *ctx, int k, int thread) {
  const struct xt_fast_rows *c = ctx;
  rows_part(ctx, k + (k >= c->done), thread);
}

/* The part that has this row, or `parts`. */
static int part_of(const struct xt_fast_rows *c, int32_t row) {
  int part = 0;
  for (int32_t r = 0; r < c->train[0].rows; r++) {
    while (r >= first_row(c, part + 1)) part++;
    if (c->train[0].row[r] == row) return part;
  }
  return c->parts;
}

/* Begins with f->ahead_rows, split in parts; done is only the part with the row that a transfer would read now. Returns
 * that one's pulses. The operation goes on meanwhile, and so may others that do not look at this plane. */
static uint64_t go_ahead(struct xt_blocks *t, int plane) {
  struct xt_fast *f = t->fast_memory;
  struct xt_fast_rows *c = &f->ahead_rows;
  f->ahead_plane = plane;
  f->ahead_row = (int32_t)xt_xfer_line(&t->xfer);
  c->done = part_of(c, f->ahead_row);
  const bool some = c->done < c->parts;
  if (some) rows_part(c, c->done, XT_FAST_HERE);
  f->ahead = f->team->begin(f->team->pool, f->tile, c->parts - some, other_part, c);
  return !f->ahead ? pulses_of(c) : some ? c->pulses[c->done] : 0;
}

void xt_fast_join(struct xt_blocks *t) {
  struct xt_fast *f = t->fast_memory;
  struct xt_fast_rows *c = &f->ahead_rows;
  if (!f->ahead) return;
  f->team->end(f->team->pool, f->tile);
  f->ahead = false;
  if (c->done < c->parts) c->pulses[c->done] = 0; /* they have been counted */
  xt_count_pulses(&t->count, 0, pulses_of(c));
}

/* ---------------------------------------------------------------- trains */

/* Slots slot0.. of the rows of one sign; last: none come behind them. Returns the device pulses that are to be counted
 * now. */
static uint64_t chunk(struct xt_blocks *t, const struct xt_pulse_train *u, const struct xt_fast_lines *l,
                      const struct devices *devices, uint32_t slot0, bool row_neg, int32_t rows, const int32_t cols[2],
                      bool last) {
  enum { LEAST = 1 << 12 }; /* devices: some microseconds */
  struct xt_fast *f = t->fast_memory;
  struct xt_fast_rows here, *const c = f->ahead ? &here : &f->ahead_rows;
  const uint32_t slots = u->um.bl - slot0 < XT_CHUNK ? u->um.bl - slot0 : XT_CHUNK;
  c->lines = l;
  c->plane = &t->array.plane[u->plane];
  c->gens = f->gens;
  c->enc = t->enc;
  c->law = devices->law;
  c->work = f->work;
  for (int neg = 0; neg < 2; neg++) {
    struct xt_fast_pulse_train *const train = &c->train[neg];
    const uint32_t phase = u->coinc.gated ? 0 : xt_coinc_phase(row_neg, neg != 0);
    const uint32_t before = xt_popcount(u->phases & ((UINT32_C(1) << phase) - 1)); /* driven phases */
    c->phase[neg] = (struct xt_fast_chunk){u->enc, before * u->um.bl + slot0, slot0, slots};
    *train = (struct xt_fast_pulse_train){.slots = slots,
                                          .up = xt_coinc_device_up(&u->coinc, row_neg, neg != 0),
                                          .rows = rows,
                                          .cols = columns(t, l, c->phase[neg], neg, cols[neg]),
                                          .row = l->row_list[row_neg],
                                          .col = l->col[neg],
                                          .col_mask = l->col_mask[neg],
                                          .fixed = devices->fixed,
                                          .first = devices->first};
    keys_of(&t->array, t->array.pulse_ctr + c->phase[neg].base, slots, train->key);
  }
  c->parts = xt_fast_parts(f, (int64_t)rows * t->dim.m, LEAST);
  if (last && c->parts > 1 && !f->ahead && t->trace.sink == NULL) return go_ahead(t, u->plane);
  xt_fast_split(f, c->parts, rows_part, c);
  return pulses_of(c);
}

/* Lists of the lines by sign, with the columns' thresholds. */
static void lists(const struct xt_blocks *t, const struct xt_pulse_train *u, const struct xt_fast_lines *l,
                  int32_t rows[2], int32_t cols[2]) {
  const struct xt_fast *f = t->fast_memory;
  f->simd->split(u->x, t->dim.n, l->row_list, l->row_mag, rows);
  f->simd->split(u->d, t->dim.m, l->col_list, l->col_mag, cols);
  for (int neg = 0; neg < 2; neg++) thresholds(t, u->um.gd, u->um.rd, l->col_mag[neg], cols[neg], l->col_list_t[neg]);
}

/* What a train leaves of a plane's digest: all of it is to be summed up again, but for one row. */
struct moved {
  int plane;
  int32_t row; /* -1: many, or the digest is not known, or nobody wants it */
  uint32_t before;
};

static uint32_t row_digest(const struct xt_blocks *t, const struct moved *d) {
  const struct xt_plane *p = &t->array.plane[d->plane];
  const size_t first = (size_t)d->row * (size_t)p->m;
  return t->fast_memory->simd->digest(p->w16 + first, first, (size_t)p->m);
}

static struct moved look(const struct xt_blocks *t, int plane, int32_t row) {
  const bool one =
      row >= 0 && t->trace.sink != NULL && t->array.digest_known[plane] && t->array.plane[plane].w16 != NULL;
  struct moved d = {.plane = plane, .row = one ? row : -1};
  if (one) d.before = row_digest(t, &d);
  return d;
}

static void know_digest(struct xt_blocks *t, const struct moved *d) {
  t->array.digest_known[d->plane] = d->row >= 0;
  if (d->row >= 0) t->array.digest[d->plane] += (row_digest(t, d) - d->before) * XT_DIGEST_MUL;
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
  if (f->ahead && f->ahead_plane == u->plane) xt_fast_join(t);
  const struct xt_fast_lines *const l = &f->lines[f->ahead];
  const uint32_t phases = xt_popcount(u->phases);
  lists(t, u, l, rows, cols);
  const struct devices reached = devices(t, u, l, rows);
  const struct moved moved = look(t, u->plane, rows[0] + rows[1] == 1 ? l->row_list[rows[0] == 0][0] : -1);
  for (int neg = 0; neg < 2; neg++) {
    if (rows[neg] == 0) continue;
    xt_fast_row_thresholds(t, &u->um, l->row_mag[neg], rows[neg], l->row_list_t);
    for (uint32_t slot = 0; slot < u->um.bl; slot += XT_CHUNK)
      pulses += chunk(t, u, l, &reached, slot, neg != 0, rows[neg], cols,
                      slot + XT_CHUNK >= u->um.bl && (neg != 0 || rows[1] == 0));
  }
  know_digest(t, &moved);
  xt_fast_train_records(t, u, l, rows, cols);
  t->array.pulse_ctr += phases * u->um.bl;
  xt_fast_gens_skip(&f->gens, &t->enc, u->enc, phases, u->um.bl);
  xt_count_pulses(&t->count, (uint64_t)phases * u->um.bl, pulses);
  return true;
}

bool xt_fast_alternate(struct xt_blocks *t, int plane, uint32_t pairs) {
  struct xt_plane *p = &t->array.plane[plane];
  const struct xt_fast_law *law = xt_fast_law(t->fast_memory, &t->array, plane);
  uint32_t key[XT_CHUNK];
  if (!knows(t, plane) || t->trace.sink != NULL) return false;
  t->array.digest_known[plane] = false;
  xt_trace_skip(&t->trace, 2 * (uint64_t)pairs * t->csr.reg[XT_CSR_PULSE_WIDTH]);
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
