/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_fast_switch.h"

#include "xt_cycles.h"
#include "xt_fast.h"
#include "xt_noise.h"

void xt_fast_switch_room(struct xt_fast_switch *f, int32_t n, int32_t m, struct xt_room *room) {
  const size_t columns = (size_t)xt_ceil_div(m, XT_FLIP_BLOCK) * XT_FLIP_BLOCK;
  for (int c = 0; c < XT_SWITCH_CLASSES; c++) f->limit[c] = xt_room_take(room, columns, sizeof *f->limit[c]);
  int64_t *const sums = xt_room_take(room, XT_SWITCH_CLASSES * columns, sizeof *sums);
  for (int c = 0; c < XT_SWITCH_CLASSES && sums != NULL; c++) f->sum[c] = sums + (size_t)c * columns;
  f->total = xt_room_take(room, columns, sizeof *f->total);
  f->total_plane = -1;
  f->ones = xt_room_take(room, (size_t)n, sizeof *f->ones);
  f->rows = xt_room_take(room, (size_t)n, sizeof *f->rows);
  for (int32_t i = 0; i < n && !room->failed; i++) {
    f->ones[i] = 1;
    f->rows[i] = i;
  }
  f->run = xt_room_take(room, columns, sizeof *f->run);
  f->all = xt_room_take(room, columns, sizeof *f->all);
  f->some = xt_room_take(room, columns, sizeof *f->some);
  f->found = xt_room_take(room, XT_SWITCH_SLOTS * columns, sizeof *f->found);
  for (int32_t j = 0; j < m && f->all != NULL; j += XT_FLIP_BLOCK) f->all[j / XT_FLIP_BLOCK] = j;
}

static int32_t largest_shape(const struct xt_plane *p) {
  int32_t most = 0;
  for (size_t k = 0; k < xt_plane_devices(p) && p->cfg.c_vc != 0; k++) {
    const int32_t shape = xt_plane_device(p, k).shape_up;
    most = shape > most ? shape : most;
  }
  return most;
}

static bool within_bounds(const struct xt_plane *p) {
  for (size_t k = 0; k < xt_plane_devices(p); k++) {
    const struct xt_device d = xt_plane_device(p, k);
    const int32_t w = xt_plane_state(p, k);
    if (w < d.wmin || w > d.wmax) return false;
  }
  return true;
}

void xt_fast_switch_devices(struct xt_fast_switch *f) {
  f->built = false;
  f->total_plane = -1;
  for (int p = 0; p < XT_NUM_PLANES; p++) f->checked[p] = f->read_built[p] = false;
}

static bool fits(struct xt_fast_switch *f, struct xt_plane *plane, int number) {
  if (f->checked[number]) return f->fits[number];
  xt_plane_make(plane);
  f->checked[number] = true;
  f->fits[number] = plane->cfg.law == XT_LAW_MTJ && within_bounds(plane);
  f->spread[number] = f->fits[number] ? largest_shape(plane) : 0;
  return f->fits[number];
}

/* No device of the plane flips with more than this. Where shapes spread, a margin: the sixteenths of the exponential
 * are rounded. */
static uint32_t most_of(const struct xt_dev_cfg *cfg, struct xt_pulse p, int32_t spread) {
  const uint64_t flip = xt_law_mtj_flip(cfg, p, spread) + (cfg->c_vc != 0 ? UINT64_C(1) << 17 : 0);
  return flip < UINT32_MAX ? (uint32_t)flip : UINT32_MAX;
}

static void build(struct xt_fast_switch *f, const struct xt_plane *plane, int number, uint32_t width) {
  if (f->built && f->plane == number && f->width == width) return;
  for (unsigned slot = 0; slot < XT_SWITCH_SLOTS; slot++) {
    for (int k = 0; k < XT_SWITCH_NONE; k++) {
      const struct xt_pulse p = {.hit = true,
                                 .up = (k & XT_SWITCH_UP) != 0,
                                 .half = (k & XT_SWITCH_HALF) != 0,
                                 .amplitude = (uint8_t)(k % XT_SWITCH_AMPS),
                                 .duration = (uint16_t)(width << slot)};
      f->most[slot][k] = plane->cfg.dw > 0 ? most_of(&plane->cfg, p, f->spread[number]) : 0;
    }
    f->most[slot][XT_SWITCH_NONE] = 0;
  }
  f->built = true;
  f->plane = number;
  f->width = width;
}

/* A phase: its lines are in seq.drives, of all slots together. */
struct scan {
  struct xt_blocks *t;
  const struct xt_switch *s;
  struct xt_plane *plane;
  bool up; /* direction of a passive cell's devices; of a gated one's: by column */
  uint32_t key[XT_SWITCH_SLOTS];
  int32_t columns, blocks, runs;      /* driven columns, blocks with one, columns that are alike */
  uint64_t cycles[XT_SWITCH_CLASSES]; /* of the rows of a class altogether: what sum[class] is of */
};

/* What a device sees of a driven row (of this slot, amplitude row_amp) or of none, and of its column. */
static struct xt_pulse pulse_of(const struct scan *c, bool row, int32_t row_amp, int32_t j, unsigned slot) {
  const struct xt_drives *d = &c->t->seq.drives;
  const bool gated = c->s->cfg.gated, col = xt_bit(d->col_act, j) != 0;
  return (struct xt_pulse){.hit = gated ? row && col : row || col,
                           .up = gated ? xt_bit(d->col_pol, j) == 0 : c->up,
                           .half = row != col,
                           .amplitude = (uint8_t)(row_amp + (col ? c->s->amp->col[j] : 0)),
                           .duration = (uint16_t)(c->t->fast_memory->switches.width << slot)};
}

static uint32_t magnitude(int16_t code) {
  return (uint32_t)(code < 0 ? -code : code);
}

/* Of row i: its amplitude, or XT_SWITCH_IDLE. */
static int class_of(const struct scan *c, int32_t i) {
  return xt_bit(c->t->seq.drives.row_act, i) != 0 ? c->s->amp->row[i] : XT_SWITCH_IDLE;
}

/* Device (i, j) to state `after`. What follows of its row's pulse, and the next phase, find it there. */
static void flip(const struct scan *c, int32_t i, int32_t j, struct xt_pulse p, unsigned slot, int32_t after) {
  const size_t k = (size_t)i * (size_t)c->plane->m + (size_t)j;
  const int32_t before = xt_plane_state(c->plane, k);
  struct xt_device_counts *const counts = c->plane->counts;
  xt_plane_set_state(c->plane, k, after);
  if (counts == NULL || before == after) return;
  const uint32_t code = magnitude(c->s->x[i]);
  const int64_t change = ((int64_t)after - before) * c->t->fast_memory->switches.width;
  xt_device_flip(counts, k, p.half ? &counts->sums.disturbed : &counts->sums.flips);
  c->t->fast_memory->switches.sum[class_of(c, i)][j] += change * (c->s->cfg.gated ? code : 1);
  if (c->s->cfg.gated)
    xt_device_time(&counts->sums, p.half, p.up, p.amplitude, 0, change * (code >> (slot + 1) << (slot + 1)));
  else
    c->t->fast_memory->switches.total[j] += after - before;
}

/* Slots `slots` of row i, against limits by slot, in all blocks, or in those with a driven column: flips what flips. */
static void scan_row(const struct scan *c, int32_t i, bool row, uint32_t slots, uint32_t *const *limit, bool all) {
  const struct xt_fast *fast = c->t->fast_memory;
  const struct xt_fast_switch *f = &fast->switches;
  const size_t k0 = (size_t)i * (size_t)c->plane->m;
  const uint32_t idx = c->plane->first + (uint32_t)k0;
  const size_t n = fast->simd->flips(idx, slots, c->key, limit, all ? f->all : f->some,
                                     all ? xt_ceil_div(c->plane->m, XT_FLIP_BLOCK) : c->blocks, f->found);
  for (size_t q = 0; q < n; q++) {
    const int32_t j = (int32_t)(f->found[q] >> 3);
    const unsigned slot = f->found[q] & 7;
    if (j >= c->plane->m) continue;
    const struct xt_pulse p = pulse_of(c, row, row ? c->s->amp->row[i] : 0, j, slot);
    if (!p.hit) continue;
    const struct xt_device d = xt_plane_device(c->plane, k0 + (size_t)j);
    const uint32_t word = xt_noise_word(c->key[slot], idx + (uint32_t)j);
    if (word < xt_law_mtj_flip(&c->plane->cfg, p, d.shape_up)) flip(c, i, j, p, slot, p.up ? d.wmax : d.wmin);
  }
}

static bool alike(const struct scan *c, int32_t j, int32_t k) {
  const struct xt_drives *d = &c->t->seq.drives;
  return xt_bit(d->col_act, j) == xt_bit(d->col_act, k) && xt_bit(d->col_pol, j) == xt_bit(d->col_pol, k) &&
         c->s->amp->col[j] == c->s->amp->col[k];
}

/* The columns of this phase: how many are driven, which blocks have one, which are alike (those of a weight are). */
static void list_columns(struct scan *c) {
  const struct xt_fast_switch *f = &c->t->fast_memory->switches;
  c->columns = c->blocks = c->runs = 0;
  for (int32_t j = 0; j < c->plane->m; j++) {
    if (j == 0 || !alike(c, j - 1, j)) f->run[c->runs++] = j;
    if (xt_bit(c->t->seq.drives.col_act, j) == 0) continue;
    c->columns++;
    if (c->blocks == 0 || f->some[c->blocks - 1] != j / XT_FLIP_BLOCK * XT_FLIP_BLOCK)
      f->some[c->blocks++] = j / XT_FLIP_BLOCK * XT_FLIP_BLOCK;
  }
  f->run[c->runs] = c->plane->m;
}

/* The place of column j for rows as in pulse_of(). */
static int place_of(const struct scan *c, bool row, int32_t row_amp, int32_t j) {
  const struct xt_drives *d = &c->t->seq.drives;
  const bool col = xt_bit(d->col_act, j) != 0;
  if (!(c->s->cfg.gated ? row && col : row || col)) return XT_SWITCH_NONE;
  const bool up = c->s->cfg.gated ? xt_bit(d->col_pol, j) == 0 : c->up;
  return (row != col ? XT_SWITCH_HALF : 0) + (up ? XT_SWITCH_UP : 0) + row_amp + (col ? c->s->amp->col[j] : 0);
}

/* Limits of the columns for such rows, in the blocks that scan_row() looks at; bit s: one of slot s is not 0. */
static uint32_t limits(const struct scan *c, bool row, int32_t row_amp, uint32_t slots, uint32_t *const *limit,
                       bool all) {
  const struct xt_fast_switch *f = &c->t->fast_memory->switches;
  const int32_t *const first = all ? f->all : f->some,
                       blocks = all ? xt_ceil_div(c->plane->m, XT_FLIP_BLOCK) : c->blocks;
  uint32_t any[XT_SWITCH_SLOTS] = {0}, some = 0;
  for (int32_t b = 0; b < blocks; b++) {
    const int32_t j = first[b], most = c->plane->m - j;
    int place[XT_FLIP_BLOCK];
    for (int32_t k = 0; k < XT_FLIP_BLOCK; k++) place[k] = k < most ? place_of(c, row, row_amp, j + k) : XT_SWITCH_NONE;
    for (uint32_t slot = 0; slot < slots; slot++) {
      for (int32_t k = 0; k < XT_FLIP_BLOCK; k++) any[slot] |= limit[slot][j + k] = f->most[slot][place[k]];
    }
  }
  for (uint32_t slot = 0; slot < slots; slot++) some |= (uint32_t)(any[slot] != 0) << slot;
  return some;
}

/* ---------------------------------------------------------------- what devices see, where it is counted */

/* The driven rows to fast->list by class, begin[class] on; returns how many. */
static int32_t rows_by_class(const struct scan *c, int32_t begin[XT_SWITCH_CLASSES + 1]) {
  struct xt_fast *fast = c->t->fast_memory;
  const uint32_t *act = c->t->seq.drives.row_act;
  int32_t place[XT_SWITCH_CLASSES] = {0};
  memset(begin, 0, (XT_SWITCH_CLASSES + 1) * sizeof *begin);
  for (int pass = 0; pass < 2; pass++) {
    for (int32_t w = 0; w < c->t->dim.row_words; w++) {
      for (uint32_t left = act[w]; left != 0; left &= left - 1) {
        const int32_t i = 32 * w + (int32_t)xt_ctz(left), class = c->s->amp->row[i];
        if (pass == 0)
          begin[class + 1]++;
        else
          fast->list[place[class]++] = i;
      }
    }
    for (int k = 0; k < XT_SWITCH_CLASSES && pass == 0; k++) begin[k + 1] += place[k] = begin[k];
  }
  return begin[XT_SWITCH_CLASSES];
}

/* The rows of a class: sum[class] += cycles * states. */
static void sum_class(struct scan *c, int class, const int16_t *codes, const int32_t *list, int32_t rows,
                      uint64_t cycles) {
  const struct xt_fast_switch *f = &c->t->fast_memory->switches;
  memset(f->sum[class], 0, (size_t)c->plane->m * sizeof **f->sum);
  xt_fast_columns(c->t, c->plane, codes, list, rows, f->width, f->sum[class]);
  c->cycles[class] = cycles * f->width;
}

/* Gated rows are driven by their codes, all at one amplitude. */
static void sum_gated(struct scan *c) {
  struct xt_fast *fast = c->t->fast_memory;
  uint64_t cycles = 0;
  int32_t rows = 0;
  for (int32_t w = 0; w < c->t->dim.row_words; w++) {
    for (uint32_t left = c->t->seq.drives.row_act[w]; left != 0; left &= left - 1) {
      const int32_t i = 32 * w + (int32_t)xt_ctz(left);
      const uint32_t code = magnitude(c->s->x[i]);
      fast->list[rows++] = i;
      fast->codes[i] = (int16_t)code;
      cycles += code;
    }
  }
  sum_class(c, 0, fast->codes, fast->list, rows, cycles);
}

/* The states of all rows, which flips keep up while nothing else is pulsed. */
static void total(const struct scan *c) {
  struct xt_fast_switch *f = &c->t->fast_memory->switches;
  if (f->total_plane != c->s->plane) {
    memset(f->total, 0, (size_t)c->plane->m * sizeof *f->total);
    xt_fast_columns(c->t, c->plane, f->ones, f->rows, c->plane->n, 1, f->total);
  }
  f->total_plane = c->s->plane;
}

/* Passive rows by their amplitudes; those that are not driven: all less the others. */
static void sum_passive(struct scan *c) {
  struct xt_fast *fast = c->t->fast_memory;
  struct xt_fast_switch *f = &fast->switches;
  int32_t begin[XT_SWITCH_CLASSES + 1];
  const int32_t n = c->plane->n, driven = rows_by_class(c, begin);
  int64_t *const idle = f->sum[XT_SWITCH_IDLE];
  total(c);
  for (int32_t j = 0; j < c->plane->m; j++) idle[j] = f->total[j] * f->width;
  c->cycles[XT_SWITCH_IDLE] = (uint64_t)(n - driven) * f->width;
  for (int k = 0; k < XT_SWITCH_IDLE; k++) {
    const int32_t rows = begin[k + 1] - begin[k];
    if (rows == 0) continue;
    sum_class(c, k, f->ones, fast->list + begin[k], rows, (uint64_t)rows);
    for (int32_t j = 0; j < c->plane->m; j++) idle[j] -= f->sum[k][j];
  }
}

/* Of the rows that this phase drives, and the next one of its sign. */
static void sum_rows(struct scan *c) {
  memset(c->cycles, 0, sizeof c->cycles);
  (c->s->cfg.gated ? sum_gated : sum_passive)(c);
}

/* What the devices are about to see of this phase. */
static void count_phase(const struct scan *c) {
  const struct xt_fast_switch *f = &c->t->fast_memory->switches;
  struct xt_device_sums *const sums = &c->plane->counts->sums;
  sums->cycles += ((UINT64_C(1) << c->s->slots) - 1) * f->width;
  for (int32_t r = 0; r < c->runs; r++) {
    for (int k = 0; k < XT_SWITCH_CLASSES; k++) {
      const struct xt_pulse p = pulse_of(c, k != XT_SWITCH_IDLE, k != XT_SWITCH_IDLE ? k : 0, f->run[r], 0);
      int64_t weighted = 0;
      if (c->cycles[k] == 0 || !p.hit) continue;
      for (int32_t j = f->run[r]; j < f->run[r + 1]; j++) weighted += f->sum[k][j];
      xt_device_time(sums, p.half, p.up, p.amplitude, c->cycles[k] * (uint64_t)(f->run[r + 1] - f->run[r]), weighted);
    }
  }
}

/* Rows by the bits of their codes. Returns the coincidences. */
static uint64_t gated_phase(struct scan *c) {
  struct xt_fast_switch *f = &c->t->fast_memory->switches;
  const uint32_t slots = limits(c, true, 0, c->s->slots, f->limit, false);
  uint64_t rows = 0;
  for (int32_t i = c->s->first; i < c->s->end; i++) {
    if (xt_bit(c->t->seq.drives.row_act, i) == 0) continue;
    const uint32_t code = magnitude(c->s->x[i]);
    rows += xt_popcount(code);
    if ((code & slots) != 0) scan_row(c, i, true, code & slots, f->limit, false);
  }
  return rows * (uint64_t)c->columns;
}

/* Rows by their amplitudes; those that are not driven see the driven columns alone. */
static uint64_t passive_phase(struct scan *c) {
  struct xt_fast_switch *f = &c->t->fast_memory->switches;
  bool known[XT_SWITCH_CLASSES] = {false}, some[XT_SWITCH_CLASSES];
  const bool alone = limits(c, false, 0, 1, &f->limit[XT_SWITCH_IDLE], false) != 0;
  uint64_t rows = 0;
  known[XT_SWITCH_IDLE] = true;
  some[XT_SWITCH_IDLE] = alone;
  for (int32_t i = alone ? 0 : c->s->first; i < (alone ? c->plane->n : c->s->end); i++) {
    const bool row = xt_bit(c->t->seq.drives.row_act, i) != 0;
    const int class = class_of(c, i);
    rows += row;
    if (!known[class]) some[class] = limits(c, row, class, 1, &f->limit[class], true) != 0;
    known[class] = true;
    if (some[class]) scan_row(c, i, row, 1, &f->limit[class], row);
  }
  if (c->plane->counts != NULL)
    c->plane->counts->sums.half +=
        rows * (uint64_t)(c->plane->m - c->columns) + ((uint64_t)c->plane->n - rows) * (uint64_t)c->columns;
  return rows * (uint64_t)c->columns;
}

/* ---------------------------------------------------------------- read disturb */

static void build_read(struct xt_fast_switch *f, const struct xt_plane *plane, int number) {
  for (int t = 1; t < XT_SWITCH_READ && !f->read_built[number]; t++)
    f->read_most[number][t] = most_of(&plane->cfg, xt_array_read_pulse(0, (int16_t)t), f->spread[number]);
  f->read_built[number] = true;
}

/* Row i, against a limit per column, in the listed blocks. */
static void disturb_row(struct xt_blocks *t, struct xt_plane *plane, int dir, int32_t i, uint32_t key,
                        const int32_t *first, int32_t blocks) {
  const struct xt_fast *fast = t->fast_memory;
  const struct xt_fast_switch *f = &fast->switches;
  const size_t k0 = (size_t)i * (size_t)plane->m;
  const uint32_t idx = plane->first + (uint32_t)k0;
  const size_t n = fast->simd->flips(idx, 1, &key, f->limit, first, blocks, f->found);
  for (size_t q = 0; q < n; q++) {
    const int32_t j = (int32_t)(f->found[q] >> 3);
    if (j < plane->m && t->array.driven[dir ? j : i] != 0)
      xt_plane_pulse(plane, k0 + (size_t)j, xt_array_read_pulse(dir, t->array.driven[dir ? j : i]), key);
  }
}

/* Rows are driven: one limit for all columns. */
static void disturb_rows(struct xt_blocks *t, struct xt_plane *plane, const uint32_t *most, int32_t count,
                         uint32_t key) {
  const struct xt_fast_switch *f = &t->fast_memory->switches;
  uint32_t limit = 0;
  memset(f->limit[0], 0, (size_t)plane->m * sizeof *f->limit[0]);
  for (int32_t l = 0; l < count; l++) {
    const int32_t i = t->fast_memory->list[l];
    const uint32_t row = most[xt_array_read_pulse(0, t->array.driven[i]).duration];
    if (row == 0) continue;
    for (int32_t j = 0; j < plane->m && row != limit; j++) f->limit[0][j] = row;
    limit = row;
    disturb_row(t, plane, 0, i, key, f->all, xt_ceil_div(plane->m, XT_FLIP_BLOCK));
  }
}

/* Columns are driven: a limit of each for all rows. */
static void disturb_columns(struct xt_blocks *t, struct xt_plane *plane, const uint32_t *most, int32_t count,
                            uint32_t key) {
  const struct xt_fast_switch *f = &t->fast_memory->switches;
  int32_t blocks = 0;
  memset(f->limit[0], 0, (size_t)plane->m * sizeof *f->limit[0]);
  for (int32_t l = 0; l < count; l++) {
    const int32_t j = t->fast_memory->list[l], block = j / XT_FLIP_BLOCK * XT_FLIP_BLOCK;
    f->limit[0][j] = most[xt_array_read_pulse(1, t->array.driven[j]).duration];
    if (f->limit[0][j] != 0 && (blocks == 0 || f->some[blocks - 1] != block)) f->some[blocks++] = block;
  }
  for (int32_t i = 0; i < plane->n && blocks > 0; i++) disturb_row(t, plane, 1, i, key, f->some, blocks);
}

void xt_fast_read_disturb(struct xt_blocks *t, const struct xt_read *rd, int32_t count) {
  struct xt_fast_switch *f = &t->fast_memory->switches;
  const uint32_t key = xt_noise_key(t->array.seed, XT_DOM_DISTURB, t->afe.read_ctr);
  const bool serial = t->csr.reg[XT_CSR_READ_ENC] == XT_READ_SERIAL;
  xt_array_clear(&t->array);
  for (int32_t l = 0; l < count; l++) {
    const int32_t i = t->fast_memory->list[l];
    const int32_t cycles = (int32_t)(serial ? xt_popcount(magnitude(rd->codes[i])) : magnitude(rd->codes[i]));
    t->array.driven[i] = (int16_t)(rd->codes[i] < 0 ? -cycles : cycles);
  }
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    if (rd->select.coefficient[p] == 0 || !xt_plane_disturbed(&t->array.plane[p]) || fits(f, &t->array.plane[p], p))
      continue;
    xt_array_hold(&t->array, &rd->select, rd->dir, t->afe.read_ctr); /* one by one */
    return;
  }
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    struct xt_plane *plane = &t->array.plane[p];
    if (rd->select.coefficient[p] == 0 || !xt_plane_disturbed(plane)) continue;
    t->array.digest_known[p] = false;
    build_read(f, plane, p);
    (rd->dir ? disturb_columns : disturb_rows)(t, plane, f->read_most[p], count, key);
  }
}

/* ---------------------------------------------------------------- MTJ_UPDATE */

/* The devices' pulses, where they are counted. */
static void count(const struct scan *c) {
  const struct xt_drives *d = &c->t->seq.drives;
  for (int32_t i = c->s->first; i < c->s->end; i++) {
    if (xt_bit(d->row_act, i) == 0) continue;
    const uint32_t code = magnitude(c->s->x[i]);
    uint32_t *const pulses = c->plane->pulses + (size_t)i * (size_t)c->plane->m;
    for (int32_t j = 0; j < c->plane->m; j++)
      pulses[j] += xt_bit(d->col_act, j) * (c->s->cfg.gated ? xt_popcount(code) : 1);
  }
}

/* Bit vectors of the lines whose codes are not 0, and of the negative ones. first, end: all of them are among these. */
static void lines_of(const int16_t *codes, int32_t lines, int32_t first, int32_t end, uint32_t *some, uint32_t *neg) {
  xt_bits_zero(some, xt_words(lines));
  xt_bits_zero(neg, xt_words(lines));
  for (int32_t i = first; i < end; i++) {
    some[i >> 5] |= (uint32_t)(codes[i] != 0) << (i & 31);
    neg[i >> 5] |= (uint32_t)(codes[i] < 0) << (i & 31);
  }
}

bool xt_fast_switches(struct xt_blocks *t, const struct xt_switch *s) {
  struct xt_seq *q = &t->seq;
  struct xt_drives *d = &q->drives;
  struct xt_fast_switch *f = &t->fast_memory->switches;
  struct scan c = {.t = t, .s = s, .plane = &t->array.plane[s->plane]};
  uint64_t slots = 0, coincidences = 0;
  int summed = -1; /* rows of this sign */
  if (!fits(f, c.plane, s->plane)) return false;
  t->array.digest_known[s->plane] = false;
  xt_fast_switch_records(t, s);
  if (s->cfg.gated || f->total_ctr != t->array.pulse_ctr ||
      (xt_plane_disturbed(c.plane) && f->total_read != t->afe.read_ctr))
    f->total_plane = -1;
  build(f, c.plane, s->plane, t->csr.reg[XT_CSR_PULSE_WIDTH]);
  lines_of(s->x, t->dim.n, s->first, s->end, q->row_fire, q->row_neg);
  lines_of(s->d, t->dim.m, 0, t->dim.m, q->col_fire, q->col_neg);
  for (uint32_t left = s->amp->phases; left != 0; left &= left - 1) {
    xt_switch_drive(s->cfg, xt_ctz(left), t->dim.row_words, q->row_fire, q->row_neg, t->dim.col_words, s->amp->col_on,
                    q->col_neg, d->row_act, d->row_pol, d->col_act, d->col_pol);
    c.up = xt_coinc_device_up(&(const struct xt_coinc_cfg){0}, xt_coinc_row_neg(xt_ctz(left)),
                              xt_coinc_col_neg(xt_ctz(left)));
    for (uint32_t slot = 0; slot < s->slots; slot++)
      c.key[slot] = xt_noise_key(t->array.seed, XT_DOM_PULSE, t->array.pulse_ctr++);
    list_columns(&c);
    if (c.plane->counts != NULL) {
      const int sign = xt_switch_row_neg(s->cfg, xt_ctz(left));
      if (summed != sign) sum_rows(&c);
      summed = sign;
      count_phase(&c);
    }
    const uint64_t selected = s->cfg.gated ? gated_phase(&c) : passive_phase(&c);
    if (c.plane->counts != NULL) c.plane->counts->sums.selected += selected;
    coincidences += selected;
    if (c.plane->pulses != NULL) count(&c);
    slots += s->slots;
  }
  f->total_ctr = t->array.pulse_ctr;
  f->total_read = t->afe.read_ctr;
  xt_count_pulses(&t->count, slots, coincidences);
  return true;
}
