/* SPDX-License-Identifier: Apache-2.0 */
/* The tile as an engine (refc/xt_tile_if.h): memory, the queue of answers, snapshots. All behaviour is in xt_ctrl. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "xt_ctrl.h"
#include "xt_ref.h"
#include "xt_snapshot.h"

struct answer {
  uint32_t *words;
  size_t count;
};

struct xt_tile {
  const struct xt_engine *engine;
  struct xt_ctrl c;
  bool records;
  xt_trace_sink sink;
  void *user;
  struct answer queue[XT_QUEUE];
  unsigned first, pending;
  char error[256];
  int index;
  void **block; /* everything that was allocated */
  size_t blocks;
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
  for (size_t b = 0; b < t->blocks; b++) free(t->block[b]);
  free(t->block);
  free(t);
}

enum { BLOCKS = 128 };

/* Zeroed memory of `count` elements and some slack; NULL sets *ok to false. Cache-line aligned for the vectors' sake.
 */
static void *room(struct xt_tile *t, size_t count, size_t size, bool *ok) {
  const size_t bytes = ((count + XT_SLACK) * size + 63) / 64 * 64;
  void *p = t->blocks < BLOCKS ? aligned_alloc(64, bytes) : NULL;
  if (p == NULL) {
    *ok = false;
    return NULL;
  }
  memset(p, 0, bytes);
  t->block[t->blocks++] = p;
  return p;
}

/* The same without touching it: for tables that may never be built. */
static void *lazy_room(struct xt_tile *t, size_t count, size_t size, bool *ok) {
  void *p = t->blocks < BLOCKS ? calloc(count, size) : NULL;
  if (p == NULL) {
    *ok = false;
    return NULL;
  }
  t->block[t->blocks++] = p;
  return p;
}

static void orbit_room(struct xt_tile *t, struct xt_orbit *o, int32_t width, bool *ok) {
  const size_t states = (size_t)1 << width;
  o->state = lazy_room(t, states, sizeof *o->state, ok);
  o->position = lazy_room(t, states, sizeof *o->position, ok);
  o->value = lazy_room(t, states + XT_ORBIT_PAD, sizeof *o->value, ok);
}

static bool allocate(struct xt_tile *t) {
  struct xt_ctrl *c = &t->c;
  const struct xt_dim *dim = &c->dim;
  const size_t n = (size_t)dim->n, m = (size_t)dim->m, lines = (size_t)dim->lines, units = (size_t)dim->units;
  bool ok = true;
  struct xt_encoder *e = &c->enc;
  e->n = dim->n;
  e->m = dim->m;
  e->pb = dim->pb;
  e->row = room(t, n, sizeof *e->row, &ok);
  e->col = room(t, m, sizeof *e->col, &ok);
  e->row_pos = room(t, n, sizeof *e->row_pos, &ok);
  e->col_pos = room(t, m, sizeof *e->col_pos, &ok);
  orbit_room(t, &e->row_orbit, dim->pb, &ok);
  orbit_room(t, &e->col_orbit, dim->pb + 1, &ok);

  struct xt_array *a = &c->array;
  a->n = dim->n;
  a->m = dim->m;
  a->sw = dim->sw;
  a->acc = room(t, lines, sizeof *a->acc, &ok);
  a->v = room(t, lines, sizeof *a->v, &ok);
  a->sign = room(t, lines, sizeof *a->sign, &ok);
  a->sum = room(t, lines, sizeof *a->sum, &ok);
  for (int s = 0; s < 3; s++) {
    struct xt_devices *d = &a->dev[s];
    int16_t **narrow[] = {&d->su, &d->sd, &d->lu, &d->ld, &d->w16, &d->lo16, &d->hi16};
    int32_t **wide[] = {&d->w32, &d->lo32, &d->hi32};
    for (size_t f = 0; f < (dim->sw <= 16 ? 7 : 4); f++) *narrow[f] = room(t, n * m, sizeof **narrow[f], &ok);
    for (size_t f = 0; f < (dim->sw <= 16 ? 0 : 3); f++) *wide[f] = room(t, n * m, sizeof **wide[f], &ok);
  }

  struct xt_ctrl_mem *b = &c->mem;
  int16_t **codes[] = {&b->x, &b->d, &b->codes, &b->pulse_x, &b->pulse_d};
  for (size_t f = 0; f < sizeof codes / sizeof *codes; f++) *codes[f] = room(t, lines, sizeof **codes[f], &ok);
  uint32_t **bits[] = {&b->row_fire, &b->row_neg, &b->col_fire, &b->col_neg, &b->row_act,
                       &b->row_pol,  &b->col_act, &b->col_pol,  &b->cmp,     &b->read_neg};
  for (size_t f = 0; f < sizeof bits / sizeof *bits; f++)
    *bits[f] = room(t, (size_t)xt_words(dim->lines), sizeof **bits[f], &ok);
  uint32_t **words[] = {&b->mag,           &b->row_t,       &b->col_t,       &b->row_list_t, &b->col_list_t[0],
                        &b->col_list_t[1], &b->row_mask[0], &b->row_mask[1], &b->list_mask,  &b->col_mask,
                        &b->col_sign,      &b->vec_mask[0], &b->vec_mask[1]};
  for (size_t f = 0; f < sizeof words / sizeof *words; f++) *words[f] = room(t, lines, sizeof **words[f], &ok);
  b->adc_code = room(t, units, sizeof *b->adc_code, &ok);
  b->trial = room(t, units, sizeof *b->trial, &ok);
  b->list = room(t, lines, sizeof *b->list, &ok);
  b->row_list = room(t, lines, sizeof *b->row_list, &ok);
  for (int neg = 0; neg < 2; neg++) b->col_list[neg] = room(t, lines, sizeof *b->col_list[neg], &ok);

  for (unsigned q = 0; q < XT_QUEUE; q++)
    t->queue[q].words = room(t, 1 + (lines + 1) / 2, sizeof *t->queue[q].words, &ok);
  return ok;
}

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
  struct xt_tile *t = calloc(1, sizeof *t);
  if (t != NULL) t->block = calloc(BLOCKS, sizeof *t->block);
  if (t != NULL) t->c.dim = dim;
  if (t == NULL || t->block == NULL || !allocate(t)) {
    snprintf(err, errlen, "no memory for a tile of %d x %d", dim.n, dim.m);
    ref_destroy(t);
    return XT_E_SETUP;
  }
  t->engine = &xt_engine_ref;
  t->records = opts->records != 0;
  t->index = opts->tile_index;
  xt_ctrl_hw_reset(&t->c);
  *out = t;
  return XT_E_OK;
}

static const char *ref_error(const struct xt_tile *t) {
  return t->error;
}

static int ref_configure(struct xt_tile *t, const struct xt_array_cfg *cfg) {
  char why[160];
  if (t->pending != 0) return fail(t, XT_E_ARG, "configure: %u answers have not been collected", t->pending);
  if (xt_array_check(t->c.dim.sw, cfg, why, sizeof why) != XT_E_OK) return fail(t, XT_E_ARG, "%s", why);
  xt_array_fabricate(&t->c.array, cfg);
  return XT_E_OK;
}

static int ref_hw_reset(struct xt_tile *t) {
  xt_ctrl_hw_reset(&t->c);
  t->pending = 0;
  return XT_E_OK;
}

static int ref_hw_reset_at(struct xt_tile *t, uint32_t cycle) {
  if (t->pending != 0) return fail(t, XT_E_ARG, "hw_reset_at: %u answers have not been collected", t->pending);
  t->c.cut_on = true;
  t->c.cut_at = cycle;
  return XT_E_OK;
}

static int ref_csr_write(struct xt_tile *t, uint8_t addr, uint32_t value, int *status) {
  *status = xt_csr_write(&t->c.csr, &t->c.dim, false, addr, value);
  return XT_E_OK;
}

static int ref_csr_read(struct xt_tile *t, uint8_t addr, uint32_t *value, int *status) {
  const struct xt_csr_view view = {
      .reset_given = t->c.reset_given, .xfer_ptr = t->c.xfer.ptr, .xfer_count = t->c.xfer.count};
  *status = xt_csr_read(&t->c.csr, &t->c.dim, &view, t->c.counters, addr, value);
  return XT_E_OK;
}

static int ref_submit(struct xt_tile *t, const uint32_t *words, size_t n) {
  if (n == 0) return fail(t, XT_E_ARG, "submit: a packet has at least one word");
  if (!t->c.array.fabricated) return fail(t, XT_E_ARG, "submit: the devices have not been configured");
  if (t->pending == XT_QUEUE) return fail(t, XT_E_ARG, "submit: %d answers have not been collected", XT_QUEUE);
  t->c.sink = t->records ? t->sink : NULL;
  t->c.user = t->user;
  struct answer *a = &t->queue[(t->first + t->pending) % XT_QUEUE];
  a->count = xt_ctrl_run(&t->c, words, n, a->words);
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
  t->first = (t->first + 1) % XT_QUEUE;
  t->pending--;
  return XT_E_OK;
}

static void ref_set_trace(struct xt_tile *t, xt_trace_sink sink, void *user) {
  t->sink = sink;
  t->user = user;
}

static int ref_get_snapshot(struct xt_tile *t, struct xt_snapshot *s) {
  struct xt_ctrl *c = &t->c;
  const size_t count = (size_t)c->dim.n * (size_t)c->dim.m;
  if (t->pending != 0) return fail(t, XT_E_ARG, "snapshot: %u answers have not been collected", t->pending);
  for (int sel = 0; sel < 3; sel++) {
    for (size_t k = 0; k < count; k++) s->w[sel][k] = xt_array_state(&c->array, sel, k);
  }
  xt_encoder_state(&c->enc);
  memcpy(s->row_gen, c->enc.row, (size_t)c->dim.n * sizeof *s->row_gen);
  memcpy(s->col_gen, c->enc.col, (size_t)c->dim.m * sizeof *s->col_gen);
  s->pulse_ctr = c->array.pulse_ctr;
  s->read_ctr = c->array.read_ctr;
  s->lowdisc_n = c->enc.lowdisc;
  s->xfer_ptr = c->xfer.ptr;
  s->xfer_count = c->xfer.count;
  s->reset_given = c->reset_given;
  memcpy(s->counters, c->counters, sizeof s->counters);
  s->order = c->order;
  memcpy(s->csr, c->csr.reg, sizeof s->csr);
  return XT_E_OK;
}

/* Nothing of a snapshot is taken before all of it has been checked. */
static int check_snapshot(struct xt_tile *t, const struct xt_snapshot *s) {
  char why[160];
  if (t->pending != 0) return fail(t, XT_E_ARG, "snapshot: %u answers have not been collected", t->pending);
  if (!t->c.array.fabricated) return fail(t, XT_E_ARG, "snapshot: the devices have not been configured");
  return xt_snapshot_check(&t->c.dim, s, why, sizeof why) == XT_E_OK ? XT_E_OK : fail(t, XT_E_ARG, "%s", why);
}

static int ref_set_snapshot(struct xt_tile *t, const struct xt_snapshot *s) {
  struct xt_ctrl *c = &t->c;
  const int rc = check_snapshot(t, s);
  if (rc != XT_E_OK) return rc;
  const size_t count = (size_t)c->dim.n * (size_t)c->dim.m;
  for (int sel = 0; sel < 3; sel++) {
    for (size_t k = 0; k < count; k++) xt_array_set_state(&c->array, sel, k, s->w[sel][k]);
  }
  xt_array_bounds(&c->array);
  c->array.pulse_ctr = s->pulse_ctr;
  c->array.read_ctr = s->read_ctr;
  c->enc.train_form = false;
  memcpy(c->enc.row, s->row_gen, (size_t)c->dim.n * sizeof *s->row_gen);
  memcpy(c->enc.col, s->col_gen, (size_t)c->dim.m * sizeof *s->col_gen);
  c->enc.lowdisc = s->lowdisc_n;
  c->xfer.ptr = s->xfer_ptr;
  c->xfer.count = s->xfer_count;
  c->reset_given = s->reset_given != 0;
  memcpy(c->counters, s->counters, sizeof c->counters);
  c->order = s->order;
  for (int r = 0; r < 256; r++) c->csr.reg[r] = xt_csr_writable((uint8_t)r) ? s->csr[r] : 0;
  return XT_E_OK;
}

static const int16_t *ref_states16(const struct xt_tile *t, int sel) {
  return t->c.dim.sw == 16 && sel >= 0 && sel < 3 ? t->c.array.dev[sel].w16 : NULL;
}

const struct xt_engine xt_engine_ref = {
    .name = "ref",
    .text = "golden reference in C, bit and cycle exact",
    .can = XT_CAN_RECORDS | XT_CAN_STATES16 | XT_CAN_COPIES,
    .create = ref_create,
    .destroy = ref_destroy,
    .error = ref_error,
    .configure = ref_configure,
    .hw_reset = ref_hw_reset,
    .hw_reset_at = ref_hw_reset_at,
    .csr_write = ref_csr_write,
    .csr_read = ref_csr_read,
    .submit = ref_submit,
    .collect = ref_collect,
    .set_trace = ref_set_trace,
    .get_snapshot = ref_get_snapshot,
    .set_snapshot = ref_set_snapshot,
    .states16 = ref_states16,
};
