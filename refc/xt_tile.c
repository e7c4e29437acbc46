/* SPDX-License-Identifier: Apache-2.0 */
/* The tile as an engine (refc/xt_tile_if.h): memory, the queue of answers, snapshots. All behaviour is in the blocks.
 */
#include "xt_tile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fast/xt_fast.h"
#include "xt_ref.h"
#include "xt_room.h"
#include "xt_snapshot.h"

struct answer {
  uint32_t *words;
  size_t count;
  uint64_t cycles;
};

struct xt_tile {
  const struct xt_engine *engine;
  struct xt_blocks b;
  struct xt_fast fast;
  struct xt_room room;
  bool records;
  xt_trace_sink sink;
  void *user;
  struct answer queue[XT_QUEUE];
  unsigned first, pending;
  uint64_t op_cycles;
  char error[256];
  int index;
};

static int fail(struct xt_tile *t, int code, const char *format, ...) {
  va_list args;
  int n = snprintf(t->error, sizeof t->error, "tile %d (ref): ", t->index);
  va_start(args, format);
  vsnprintf(t->error + n, sizeof t->error - (size_t)n, format, args);
  va_end(args);
  return code;
}

static void ref_destroy(struct xt_tile *t) {
  if (t == NULL) return;
  xt_fast_join(&t->b);
  xt_room_free(&t->room);
  free(t);
}

/* ---------------------------------------------------------------- memory */

static void words_room(uint32_t **const *list, size_t count, size_t words, struct xt_room *room) {
  for (size_t k = 0; k < count; k++) *list[k] = xt_room_take(room, words, sizeof **list[k]);
}

static void seq_room(struct xt_seq *q, const struct xt_dim *dim, struct xt_room *room) {
  const size_t lines = (size_t)dim->lines;
  struct xt_drives *d = &q->drives;
  uint32_t **const numbers[] = {&q->mag, &q->row_t, &q->col_t};
  uint32_t **const bits[] = {&q->neg,     &q->row_neg, &q->col_neg, &q->row_fire, &q->col_fire,
                             &d->row_act, &d->row_pol, &d->col_act, &d->col_pol};
  q->one_line = xt_room_take(room, lines, sizeof *q->one_line);
  q->signs = xt_room_take(room, lines, sizeof *q->signs);
  q->codes = xt_room_take(room, lines, sizeof *q->codes);
  uint8_t **const codes[] = {&q->row_amp, &q->col_amp};
  for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) *codes[k] = xt_room_take(room, lines, sizeof **codes[k]);
  q->row_amp_bits = xt_room_take(room, (size_t)xt_amp_words(dim->n), sizeof *q->row_amp_bits);
  q->col_amp_bits = xt_room_take(room, (size_t)xt_amp_words(dim->m), sizeof *q->col_amp_bits);
  words_room(numbers, sizeof numbers / sizeof *numbers, lines, room);
  words_room(bits, sizeof bits / sizeof *bits, (size_t)xt_words(dim->lines), room);
}

static struct xt_device_counts *counts_room(const struct xt_plane *plane, struct xt_room *room) {
  struct xt_device_counts *c = xt_room_take(room, 1, sizeof *c);
  if (c != NULL) c->flips = xt_room_lazy(room, xt_plane_devices(plane), sizeof *c->flips);
  return c;
}

static void array_room(struct xt_blocks *b, struct xt_room *room, const struct xt_engine_opts *opts) {
  const struct xt_dim *dim = &b->dim;
  b->array.n = dim->n;
  b->array.m = dim->m;
  for (uint32_t p = 0; p < XT_NUM_PLANES; p++) {
    struct xt_plane *plane = &b->array.plane[p];
    xt_plane_room(plane, dim, p, room);
    if (opts->pulses) plane->pulses = xt_room_take(room, xt_plane_devices(plane), sizeof *plane->pulses);
    if (opts->device_counts) plane->counts = counts_room(plane, room);
  }
  b->array.column = xt_room_take(room, (size_t)dim->m, sizeof *b->array.column);
  b->array.driven = xt_room_take(room, (size_t)dim->lines, sizeof *b->array.driven);
  xt_afe_room(&b->afe, dim, room);
}

static bool allocate(struct xt_tile *t, const struct xt_fast_simd *simd, const struct xt_engine_opts *opts) {
  struct xt_blocks *b = &t->b;
  const struct xt_dim *dim = &b->dim;
  const size_t n = (size_t)dim->n, m = (size_t)dim->m, units = (size_t)dim->units;
  struct xt_room *room = &t->room;
  b->enc.n = dim->n;
  b->enc.m = dim->m;
  b->enc.pb = dim->pb;
  b->enc.row = xt_room_take(room, n, sizeof *b->enc.row);
  b->enc.col = xt_room_take(room, m, sizeof *b->enc.col);
  b->cmd.x = xt_room_take(room, n, sizeof *b->cmd.x);
  b->cmd.d = xt_room_take(room, m, sizeof *b->cmd.d);
  b->prog.error = xt_room_take(room, m, sizeof *b->prog.error);
  b->adc.cal = xt_room_take(room, units, sizeof *b->adc.cal);
  b->adc.code = xt_room_take(room, units, sizeof *b->adc.code);
  b->adc.trial = xt_room_take(room, units, sizeof *b->adc.trial);
  b->adc.cmp = xt_room_take(room, units, sizeof *b->adc.cmp);
  b->adc.over = xt_room_take(room, (units + 31) / 32, sizeof *b->adc.over);
  b->amp.row = xt_room_take(room, n, sizeof *b->amp.row);
  b->amp.col = xt_room_take(room, m, sizeof *b->amp.col);
  b->amp.col_on = xt_room_take(room, (size_t)dim->col_words, sizeof *b->amp.col_on);
  b->acc.sum = xt_room_lazy(room, n * (size_t)dim->ms, sizeof *b->acc.sum);
  b->acc.d = xt_room_take(room, (size_t)dim->ms, sizeof *b->acc.d);
  seq_room(&b->seq, dim, room);
  array_room(b, room, opts);
  xt_fast_room(&t->fast, simd, dim, room);
  for (unsigned q = 0; q < XT_QUEUE; q++)
    t->queue[q].words = xt_room_take(room, 1 + ((size_t)dim->lines + 1) / 2, sizeof *t->queue[q].words);
  return !room->failed;
}

/* ---------------------------------------------------------------- the engine */

static int ref_create(struct xt_tile **out, const struct xt_shape *shape, const struct xt_engine_opts *opts, char *err,
                      size_t errlen) {
  struct xt_dim dim;
  *out = NULL;
  const char *lacks = xt_engine_lacks(&xt_engine_ref, opts);
  if (lacks != NULL) {
    snprintf(err, errlen, "engine ref has no %s", lacks);
    return XT_E_ARG;
  }
  const int rc = xt_dim_init(&dim, shape, err, errlen);
  if (rc != XT_E_OK) return rc;
  const char *const vectors = getenv("XT_SIMD");
  const bool plain = vectors != NULL && strcmp(vectors, "plain") == 0;
  const struct xt_fast_simd *simd = xt_fast_simd_find(plain ? NULL : vectors, err, errlen);
  if (simd == NULL) return XT_E_ARG;
  struct xt_tile *t = calloc(1, sizeof *t);
  if (t != NULL) {
    t->b.dim = dim;
    t->b.fast_memory = &t->fast;
  }
  if (t == NULL || !allocate(t, simd, opts)) {
    snprintf(err, errlen, "no memory for a tile of %d x %d", dim.n, dim.m);
    ref_destroy(t);
    return XT_E_SETUP;
  }
  t->engine = &xt_engine_ref;
  t->records = opts->records != 0;
  t->index = opts->tile_index;
  t->fast.team = opts->team;
  t->fast.tile = opts->tile_index;
  t->b.fast = plain ? NULL : &xt_seq_fast;
  xt_seq_hw_reset(&t->b);
  *out = t;
  return XT_E_OK;
}

static const char *ref_error(const struct xt_tile *t) {
  return t->error;
}

static int ref_configure(struct xt_tile *t, const struct xt_array_cfg *cfg) {
  char why[160];
  if (t->pending != 0) return fail(t, XT_E_ARG, "configure: %u answers have not been collected", t->pending);
  if (xt_array_check(t->b.dim.sw, cfg, why, sizeof why) != XT_E_OK) return fail(t, XT_E_ARG, "%s", why);
  xt_fast_join(&t->b);
  xt_array_fabricate(&t->b.array, cfg);
  xt_afe_fabricate(&t->b.afe, cfg);
  xt_fast_devices(&t->fast);
  xt_fast_units(&t->fast, &t->b.afe);
  return XT_E_OK;
}

static int ref_hw_reset(struct xt_tile *t) {
  xt_seq_hw_reset(&t->b);
  t->pending = 0;
  return XT_E_OK;
}

static int ref_hw_reset_at(struct xt_tile *t, uint32_t cycle) {
  if (t->pending != 0) return fail(t, XT_E_ARG, "hw_reset_at: %u answers have not been collected", t->pending);
  t->b.seq.cut_on = true;
  t->b.seq.cut_at = cycle;
  return XT_E_OK;
}

static int ref_abort_at(struct xt_tile *t, uint32_t cycle) {
  if (t->pending != 0) return fail(t, XT_E_ARG, "abort_at: %u answers have not been collected", t->pending);
  t->b.seq.abort_on = true;
  t->b.seq.abort_at = cycle;
  return XT_E_OK;
}

/* The state of the generator that GEN_SEL names, NULL if there is no such line. */
static uint32_t *generator(struct xt_blocks *b) {
  const uint32_t sel = b->csr.reg[XT_CSR_GEN_SEL];
  const bool col = xt_csr_gen_col(sel);
  const int32_t line = xt_csr_gen_line(sel);
  if (line >= (col ? b->dim.m : b->dim.n)) return NULL;
  xt_seq_settle(b);
  return (col ? b->enc.col : b->enc.row) + line;
}

/* The correction of the converter that CAL_SEL names, NULL if there is no such. */
static int16_t *correction(struct xt_blocks *b) {
  const uint32_t unit = b->csr.reg[XT_CSR_CAL_SEL];
  return unit < (uint32_t)b->dim.units ? &b->adc.cal[unit] : NULL;
}

/* The sum that ACC_SEL names, NULL if there is no such. */
static int32_t *accumulated(struct xt_blocks *b) {
  return xt_acc_at(&b->acc, &b->dim, b->csr.reg[XT_CSR_ACC_SEL]);
}

/* A legal write of what a block keeps. ABORT finds no operation: submit() runs a packet to its end. */
static void write_state(struct xt_blocks *b, uint8_t addr, uint32_t value) {
  switch (addr) {
    case XT_CSR_XFER_PTR:
      b->xfer.ptr = value;
      break;
    case XT_CSR_XFER_COUNT:
      b->xfer.count = value;
      break;
    case XT_CSR_LOWDISC:
      b->enc.lowdisc = value;
      break;
    case XT_CSR_GEN:
      *generator(b) = value;
      break;
    case XT_CSR_CAL:
      *correction(b) = (int16_t)value;
      break;
    case XT_CSR_ACC:
      *accumulated(b) = (int32_t)value;
      break;
    default:
      if (addr >= XT_CSR_COUNTERS) xt_count_write(&b->count, addr - XT_CSR_COUNTERS, value);
  }
}

static int ref_csr_write(struct xt_tile *t, uint8_t addr, uint32_t value, int *status) {
  xt_fast_join(&t->b);
  *status = xt_csr_write(&t->b.csr, &t->b.dim, false, addr, value);
  if (*status == XT_CSR_ST_OK) write_state(&t->b, addr, value);
  return XT_E_OK;
}

static int ref_csr_read(struct xt_tile *t, uint8_t addr, uint32_t *value, int *status) {
  struct xt_blocks *b = &t->b;
  xt_fast_join(b);
  const uint32_t *gen = addr == XT_CSR_GEN ? generator(b) : NULL;
  const int16_t *cal = correction(b);
  const int32_t *acc = accumulated(b);
  const struct xt_csr_view view = {.reset_given = b->seq.reset_given,
                                   .xfer_ptr = b->xfer.ptr,
                                   .xfer_count = b->xfer.count,
                                   .lowdisc = b->enc.lowdisc,
                                   .gen = gen != NULL ? *gen : 0,
                                   .cal = cal != NULL ? (uint32_t)*cal : 0,
                                   .acc = acc != NULL ? (uint32_t)*acc : 0,
                                   .last_xfer_line = b->xfer.last.line,
                                   .last_xfer_bl = b->xfer.last.bl,
                                   .last_xfer_rails = b->xfer.last.rails};
  *status = xt_csr_read(&b->csr, &b->dim, &view, b->count.value, addr, value);
  return XT_E_OK;
}

static int ref_submit(struct xt_tile *t, const uint32_t *words, size_t n) {
  if (n == 0) return fail(t, XT_E_ARG, "submit: a packet has at least one word");
  if (!t->b.array.fabricated) return fail(t, XT_E_ARG, "submit: the devices have not been configured");
  if (t->pending == XT_QUEUE) return fail(t, XT_E_ARG, "submit: %d answers have not been collected", XT_QUEUE);
  t->b.trace.sink = t->records ? t->sink : NULL;
  t->b.trace.user = t->user;
  struct answer *a = &t->queue[(t->first + t->pending) % XT_QUEUE];
  a->count = xt_seq_run(&t->b, words, n, a->words);
  a->cycles = t->b.seq.cycle;
  if (a->count != 0) t->pending++; /* else a reset has cut it */
  return XT_E_OK;
}

static int ref_collect(struct xt_tile *t, uint32_t *words, size_t cap, size_t *n) {
  *n = 0;
  if (t->pending == 0) return fail(t, XT_E_ARG, "collect: no packet is under way");
  const struct answer *a = &t->queue[t->first];
  if (a->count > cap) return fail(t, XT_E_ARG, "collect: the answer has %zu words, room for %zu", a->count, cap);
  memcpy(words, a->words, a->count * sizeof *words);
  *n = a->count;
  t->op_cycles = a->cycles;
  t->first = (t->first + 1) % XT_QUEUE;
  t->pending--;
  return XT_E_OK;
}

static uint64_t ref_op_cycles(const struct xt_tile *t) {
  return t->op_cycles;
}

static void ref_set_trace(struct xt_tile *t, xt_trace_sink sink, void *user) {
  xt_fast_join(&t->b);
  t->sink = sink;
  t->user = user;
}

static size_t sums(const struct xt_dim *dim) {
  return (size_t)dim->n * (size_t)dim->ms;
}

/* Where the scalars of a snapshot live. */
#define SCALARS(X)                \
  X(pulse_ctr, array.pulse_ctr)   \
  X(read_ctr, afe.read_ctr)       \
  X(cmp_ctr, afe.cmp_ctr)         \
  X(lowdisc_n, enc.lowdisc)       \
  X(xfer_ptr, xfer.ptr)           \
  X(xfer_count, xfer.count)       \
  X(reset_given, seq.reset_given) \
  X(order, trace.order)

static int ref_get_snapshot(struct xt_tile *t, struct xt_snapshot *s) {
  struct xt_blocks *b = &t->b;
  if (t->pending != 0) return fail(t, XT_E_ARG, "snapshot: %u answers have not been collected", t->pending);
  xt_seq_settle(b);
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    const struct xt_plane *plane = &b->array.plane[p];
    for (size_t k = 0; s->w[p] != NULL && k < xt_plane_devices(plane); k++) s->w[p][k] = xt_plane_state(plane, k);
  }
  memcpy(s->row_gen, b->enc.row, (size_t)b->dim.n * sizeof *s->row_gen);
  memcpy(s->col_gen, b->enc.col, (size_t)b->dim.m * sizeof *s->col_gen);
#define X(name, where) s->name = b->where;
  SCALARS(X)
#undef X
  memcpy(s->cal, b->adc.cal, (size_t)b->dim.units * sizeof *s->cal);
  if (b->dim.ms > 0) memcpy(s->acc, b->acc.sum, sums(&b->dim) * sizeof *s->acc);
  memcpy(s->counters, b->count.value, sizeof s->counters);
  memcpy(s->csr, b->csr.reg, sizeof s->csr);
  return XT_E_OK;
}

/* Nothing of a snapshot is taken before all of it has been checked. */
static int check_snapshot(struct xt_tile *t, const struct xt_snapshot *s) {
  char why[160];
  if (t->pending != 0) return fail(t, XT_E_ARG, "snapshot: %u answers have not been collected", t->pending);
  if (!t->b.array.fabricated) return fail(t, XT_E_ARG, "snapshot: the devices have not been configured");
  return xt_snapshot_check(&t->b.dim, s, why, sizeof why) == XT_E_OK ? XT_E_OK : fail(t, XT_E_ARG, "%s", why);
}

static int ref_set_snapshot(struct xt_tile *t, const struct xt_snapshot *s) {
  struct xt_blocks *b = &t->b;
  const int rc = check_snapshot(t, s);
  if (rc != XT_E_OK) return rc;
  xt_seq_settle(b);
  xt_cmd_forget(&b->cmd);
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    struct xt_plane *plane = &b->array.plane[p];
    for (size_t k = 0; k < xt_plane_devices(plane); k++) /* a page of zeros that nobody writes takes no memory */
      if (xt_plane_state(plane, k) != s->w[p][k]) xt_plane_set_state(plane, k, s->w[p][k]);
  }
  xt_fast_devices(&t->fast);
  xt_array_moved(&b->array);
  memcpy(b->enc.row, s->row_gen, (size_t)b->dim.n * sizeof *s->row_gen);
  memcpy(b->enc.col, s->col_gen, (size_t)b->dim.m * sizeof *s->col_gen);
#define X(name, where) b->where = s->name;
  SCALARS(X)
#undef X
  memcpy(b->adc.cal, s->cal, (size_t)b->dim.units * sizeof *s->cal);
  if (b->dim.ms > 0) memcpy(b->acc.sum, s->acc, sums(&b->dim) * sizeof *s->acc);
  memcpy(b->count.value, s->counters, sizeof s->counters);
  for (int r = 0; r < 256; r++) b->csr.reg[r] = xt_csr_kept((uint8_t)r) ? s->csr[r] : 0;
  return XT_E_OK;
}

static const int16_t *ref_states16(struct xt_tile *t, int plane) {
  xt_fast_join(&t->b);
  return t->b.dim.sw == 16 && plane >= 0 && plane < XT_NUM_PLANES ? t->b.array.plane[plane].w16 : NULL;
}

static uint32_t *ref_pulses(struct xt_tile *t, int plane) {
  xt_fast_join(&t->b);
  return plane >= 0 && plane < XT_NUM_PLANES ? t->b.array.plane[plane].pulses : NULL;
}

static struct xt_device_counts *ref_device_counts(struct xt_tile *t, int plane) {
  return plane >= 0 && plane < XT_NUM_PLANES ? t->b.array.plane[plane].counts : NULL;
}

void xt_ref_lazy(struct xt_tile *t) {
  for (int p = 0; p < XT_NUM_PLANES; p++) t->b.array.plane[p].lazy = true;
}

void xt_ref_plain(struct xt_tile *t) {
  xt_seq_settle(&t->b);
  t->b.fast = NULL;
}

const struct xt_engine xt_engine_ref = {
    .name = "ref",
    .text = "golden reference in C, bit and cycle exact",
    .can = XT_CAN_RECORDS | XT_CAN_STATES16 | XT_CAN_COPIES | XT_CAN_PULSES | XT_CAN_ABORT | XT_CAN_DEVICE_COUNTS,
    .create = ref_create,
    .destroy = ref_destroy,
    .error = ref_error,
    .configure = ref_configure,
    .hw_reset = ref_hw_reset,
    .hw_reset_at = ref_hw_reset_at,
    .abort_at = ref_abort_at,
    .csr_write = ref_csr_write,
    .csr_read = ref_csr_read,
    .submit = ref_submit,
    .collect = ref_collect,
    .op_cycles = ref_op_cycles,
    .set_trace = ref_set_trace,
    .get_snapshot = ref_get_snapshot,
    .set_snapshot = ref_set_snapshot,
    .states16 = ref_states16,
    .pulses = ref_pulses,
    .device_counts = ref_device_counts,
};
