/* SPDX-License-Identifier: Apache-2.0 */
#include "tile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regs.h"
#include "xt_dim.h"

const struct xt_engine *tr_engine_find(const char *name, struct tr_err *e) {
  char allowed[256] = "";
  for (int k = 0; xt_engines[k]; k++) {
    if (strcmp(xt_engines[k]->name, name) == 0) return xt_engines[k];
    tr_list_add(allowed, sizeof allowed, xt_engines[k]->name);
  }
  tr_fail(e, TR_EXIT_CONFIG, "engine '%.60s' is unknown; allowed: %s", name, allowed);
  return NULL;
}

const struct xt_engine *tr_engine_with(uint32_t can) {
  for (int k = 0; xt_engines[k]; k++)
    if ((xt_engines[k]->can & can) == can) return xt_engines[k];
  return NULL;
}

const char *tr_op_name(uint32_t op) {
  static const char *const names[] = {
#define X(name, value, text) [value] = #name,
      XT_OP_TABLE(X)
#undef X
  };
  return op < sizeof names / sizeof *names && names[op] ? names[op] : "?";
}

static const char *status_name(uint32_t st) {
  static const char *const names[] = {
#define X(name, value, text) [value] = text,
      XT_ST_TABLE(X)
#undef X
  };
  return st < sizeof names / sizeof *names && names[st] ? names[st] : "unknown status";
}

int tr_tile_check(struct tr_tile *t, int rc, const char *what, struct tr_err *e) {
  if (rc == XT_E_OK) return 0;
  const char *text = t->t ? t->engine->error(t->t) : "no tile";
  if (rc == XT_E_MISMATCH) {
    if (text && strncmp(text, "tile ", 5) == 0) return tr_fail(e, TR_EXIT_MISMATCH, "%s", text);
    return tr_fail(e, TR_EXIT_MISMATCH, "tile %d: %s", t->index, text ? text : "mismatch");
  }
  return tr_fail(e, TR_EXIT_INTERNAL, "tile %d (%s), %s: %s", t->index, t->engine->name, what, text ? text : "failed");
}

int tr_tile_open(struct tr_tile *t, const struct xt_engine *engine, const struct xt_shape *shape,
                 const struct xt_engine_opts *opts, int lanes, struct tr_err *e) {
  char err[1024] = "";
  memset(t, 0, sizeof *t);
  t->engine = engine;
  t->shape = *shape;
  t->index = opts->tile_index;
  t->lanes = lanes;
  t->cap = (size_t)(shape->n + shape->m) / 2 + 8;
  t->out = tr_alloc(t->cap, sizeof *t->out, e);
  t->in = tr_alloc(t->cap, sizeof *t->in, e);
  t->x = tr_alloc((size_t)shape->n, sizeof *t->x, e);
  if (!t->out || !t->in || !t->x) return -1;
  const int rc = engine->create(&t->t, shape, opts, err, sizeof err);
  if (rc != XT_E_OK) {
    const int code = rc == XT_E_ARG ? TR_EXIT_CONFIG : TR_EXIT_INTERNAL;
    if (strncmp(err, "tile ", 5) == 0) return tr_fail(e, code, "%s", err);
    return tr_fail(e, code, "tile %d (%s): %s", t->index, engine->name, err);
  }
  uint32_t hash = 0;
  if (tr_tile_read(t, XT_CSR_PARAM_HASH, &hash, e)) return -1;
  if (hash != XT_PARAM_HASH)
    return tr_fail(e, TR_EXIT_INTERNAL, "tile %d (%s): parameter hash 0x%08x, the program has 0x%08x: rebuild both",
                   t->index, engine->name, hash, XT_PARAM_HASH);
  return 0;
}

void tr_tile_close(struct tr_tile *t) {
  if (t->t) t->engine->destroy(t->t);
  free(t->out);
  free(t->in);
  free(t->x);
  memset(t, 0, sizeof *t);
}

int tr_tile_write(struct tr_tile *t, uint8_t addr, int64_t value, struct tr_err *e) {
  int status = XT_CSR_ST_OK;
  if (tr_tile_check(t, t->engine->csr_write(t->t, addr, (uint32_t)value, &status), tr_reg_name(addr), e)) return -1;
  if (status == XT_CSR_ST_OK) return 0;
  return tr_fail(e, TR_EXIT_INTERNAL, "tile %d: register %s refuses %lld (status %d)", t->index, tr_reg_name(addr),
                 (long long)value, status);
}

int tr_tile_read(struct tr_tile *t, uint8_t addr, uint32_t *value, struct tr_err *e) {
  int status = XT_CSR_ST_OK;
  if (tr_tile_check(t, t->engine->csr_read(t->t, addr, value, &status), tr_reg_name(addr), e)) return -1;
  if (status == XT_CSR_ST_OK) return 0;
  return tr_fail(e, TR_EXIT_INTERNAL, "tile %d: register 0x%02x cannot be read (status %d)", t->index, addr, status);
}

int tr_tile_counters(struct tr_tile *t, uint64_t c[XT_NUM_COUNTERS], struct tr_err *e) {
  for (int k = 0; k < XT_NUM_COUNTERS; k++) {
    uint32_t lo = 0, hi = 0;
    if (tr_tile_read(t, (uint8_t)(XT_CSR_COUNTERS + 2 * k), &lo, e) ||
        tr_tile_read(t, (uint8_t)(XT_CSR_COUNTERS + 2 * k + 1), &hi, e))
      return -1;
    c[k] = (uint64_t)hi << 32 | lo;
  }
  return 0;
}

struct xt_device_counts *tr_tile_device_counts(const struct tr_tile *t, int plane) {
  return t->engine->can & XT_CAN_DEVICE_COUNTS ? t->engine->device_counts(t->t, plane) : NULL;
}

/* ---- packets ---- */
static uint32_t header(uint32_t op, uint32_t sel, uint32_t arg) {
  return op | sel << 8 | (arg & 0xffffu) << 16;
}

static size_t pack_bytes(uint32_t *w, const int8_t *v, int32_t n) {
  const int32_t whole = n / 4;
  const size_t words = (size_t)(n + 3) / 4;
  for (int32_t k = 0; k < whole; k++) { /* compilers make a copy of it */
    const uint8_t b[4] = {(uint8_t)v[4 * k], (uint8_t)v[4 * k + 1], (uint8_t)v[4 * k + 2], (uint8_t)v[4 * k + 3]};
    w[k] = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
  }
  if (n % 4 != 0) w[whole] = 0;
  for (int32_t i = 4 * whole; i < n; i++) w[whole] |= (uint32_t)(uint8_t)v[i] << (8 * (i % 4));
  return words;
}

static size_t pack_halves(uint32_t *w, const int16_t *v, int32_t n) {
  const size_t words = (size_t)(n + 1) / 2;
  for (size_t k = 0; k < words; k++) w[k] = 0;
  for (int32_t i = 0; i < n; i++) w[i / 2] |= (uint32_t)(uint16_t)v[i] << (16 * (i % 2));
  return words;
}

/* Beats of the words of a part of a packet: each part begins a new one. */
static uint32_t beats(const struct tr_tile *t, size_t words) {
  return (uint32_t)((words + (size_t)t->lanes - 1) / (size_t)t->lanes);
}

/* payload: beats behind the header's. */
static int begin(struct tr_tile *t, size_t words, uint32_t payload, struct tr_err *e) {
  const uint32_t op = t->out[0] & 0xff;
  if (t->ops_given == t->awaited && op != XT_OP_RESET) t->awaited_op = op;
  t->ops_given = op == XT_OP_RESET ? 0 : t->ops_given + 1;
  t->last.beats = 1 + payload;
  return tr_tile_check(t, t->engine->submit(t->t, t->out, words), tr_op_name(op), e);
}

/* lines: of the answer's payload. */
static int end(struct tr_tile *t, int16_t *y, int32_t lines, uint32_t *info, struct tr_err *e) {
  const uint32_t op = t->out[0] & 0xff;
  size_t n = 0;
  if (tr_tile_check(t, t->engine->collect(t->t, t->in, t->cap, &n), tr_op_name(op), e)) return -1;
  const uint32_t status = n ? (t->in[0] >> 8) & 0xff : 0;
  if (n && status != XT_ST_OK)
    return tr_fail(e, TR_EXIT_INTERNAL, "tile %d: %s answered: %s", t->index, tr_op_name(op), status_name(status));
  if (n != 1 + (size_t)(lines + 1) / 2 || (t->in[0] & 0xff) != op)
    return tr_fail(e, TR_EXIT_INTERNAL, "tile %d: %s: answer of %zu words for operation %u", t->index, tr_op_name(op),
                   n, n ? t->in[0] & 0xff : 0u);
  for (int32_t i = 0; y && i < lines; i++) y[i] = (int16_t)(uint16_t)(t->in[1 + i / 2] >> (16 * (i % 2)));
  if (info) *info = t->in[0] >> 16;
  t->last.answer = 1 + beats(t, n - 1);
  t->last.cycles = t->engine->op_cycles(t->t);
  return 0;
}

/* What the tile keeps; x NULL: nothing that is known here. */
static void keep(struct tr_tile *t, const int8_t *x) {
  t->x_kept = x != NULL;
  if (x) memcpy(t->x, x, (size_t)t->shape.n * sizeof *x);
}

int tr_tile_put(struct tr_tile *t, const struct xt_snapshot *s) {
  keep(t, NULL);
  return t->engine->set_snapshot(t->t, s);
}

int tr_tile_set_snapshot(struct tr_tile *t, const struct xt_snapshot *s, struct tr_err *e) {
  return tr_tile_check(t, tr_tile_put(t, s), "snapshot", e);
}

int tr_tile_reset(struct tr_tile *t, struct tr_err *e) {
  keep(t, NULL);
  t->out[0] = header(XT_OP_RESET, 0, 0);
  return begin(t, 1, 0, e) || end(t, NULL, 0, NULL, e) ? -1 : 0;
}

int tr_tile_forward(struct tr_tile *t, const int8_t *x, int16_t *y, struct tr_err *e) {
  t->out[0] = header(XT_OP_FORWARD, 0, 0);
  const size_t n = pack_bytes(t->out + 1, x, t->shape.n);
  keep(t, x);
  return begin(t, 1 + n, beats(t, n), e) || end(t, y, t->shape.m, NULL, e) ? -1 : 0;
}

int tr_tile_backward(struct tr_tile *t, const int8_t *d, int16_t *y, struct tr_err *e) {
  t->out[0] = header(XT_OP_BACKWARD, 0, 0);
  const size_t n = pack_bytes(t->out + 1, d, t->shape.m);
  return begin(t, 1 + n, beats(t, n), e) || end(t, y, t->shape.n, NULL, e) ? -1 : 0;
}

int tr_tile_update_begin(struct tr_tile *t, uint8_t op, const int8_t *x, const int8_t *d, int dexp, struct tr_err *e) {
  const int kept = t->x_kept && memcmp(t->x, x, (size_t)t->shape.n * sizeof *x) == 0;
  t->out[0] = header(op, (uint32_t)kept, (uint32_t)dexp);
  const size_t nx = kept ? 0 : pack_bytes(t->out + 1, x, t->shape.n);
  const size_t nd = pack_bytes(t->out + 1 + nx, d, t->shape.m);
  keep(t, NULL); /* a transfer may follow, which takes its place */
  return begin(t, 1 + nx + nd, beats(t, nx) + beats(t, nd), e);
}

int tr_tile_update_end(struct tr_tile *t, uint32_t *info, struct tr_err *e) {
  return end(t, NULL, 0, info, e);
}

int tr_tile_acc_update(struct tr_tile *t, int clear, struct tr_err *e) {
  t->out[0] = header(XT_OP_ACC_UPDATE, (uint32_t)clear, 0);
  keep(t, NULL);
  return begin(t, 1, 0, e) || end(t, NULL, 0, NULL, e) ? -1 : 0;
}

int tr_tile_line(struct tr_tile *t, int sel, int32_t line, int16_t *y, struct tr_err *e) {
  t->out[0] = header(XT_OP_READ, (uint32_t)sel, (uint32_t)line);
  keep(t, NULL);
  return begin(t, 1, 0, e) || end(t, y, t->shape.m, NULL, e) ? -1 : 0;
}

int tr_tile_program(struct tr_tile *t, int sel, int32_t line, const int16_t *target, int16_t *read, uint32_t *rounds,
                    struct tr_err *e) {
  t->out[0] = header(XT_OP_PROGRAM, (uint32_t)sel, (uint32_t)line);
  keep(t, NULL);
  const size_t n = pack_halves(t->out + 1, target, t->shape.m);
  return begin(t, 1 + n, beats(t, n), e) || end(t, read, t->shape.m, rounds, e) ? -1 : 0;
}

int tr_tile_zero_shift(struct tr_tile *t, int sel, uint32_t pairs, struct tr_err *e) {
  t->out[0] = header(XT_OP_ZERO_SHIFT, (uint32_t)sel, pairs);
  return begin(t, 1, 0, e) || end(t, NULL, 0, NULL, e) ? -1 : 0;
}

int tr_tile_calibrate(struct tr_tile *t, int16_t *y, struct tr_err *e) {
  t->out[0] = header(XT_OP_CALIBRATE, 0, 0);
  return begin(t, 1, 0, e) || end(t, y, t->shape.n > t->shape.m ? t->shape.n : t->shape.m, NULL, e) ? -1 : 0;
}

int tr_snapshot_alloc(struct xt_snapshot *s, const struct xt_shape *shape, struct tr_err *e) {
  return tr_snapshot_alloc_part(s, shape, XT_NUM_PLANES, e);
}

int tr_snapshot_alloc_part(struct xt_snapshot *s, const struct xt_shape *shape, int planes, struct tr_err *e) {
  const size_t devices = (size_t)shape->n * (size_t)shape->m;
  memset(s, 0, sizeof *s);
  int missing = 0;
  for (int plane = 0; plane < planes; plane++) missing |= !(s->w[plane] = tr_alloc(devices, sizeof **s->w, e));
  s->row_gen = tr_alloc((size_t)shape->n, sizeof *s->row_gen, e);
  s->col_gen = tr_alloc((size_t)shape->m, sizeof *s->col_gen, e);
  s->cal = tr_alloc((size_t)xt_shape_units(shape), sizeof *s->cal, e);
  const size_t sums = (size_t)shape->n * (size_t)xt_shape_sums(shape);
  if (sums) missing |= !(s->acc = tr_alloc(sums, sizeof *s->acc, e));
  return missing || !s->row_gen || !s->col_gen || !s->cal ? -1 : 0;
}

void tr_snapshot_free(struct xt_snapshot *s) {
  for (int plane = 0; plane < XT_NUM_PLANES; plane++) free(s->w[plane]);
  free(s->row_gen);
  free(s->col_gen);
  free(s->cal);
  free(s->acc);
  memset(s, 0, sizeof *s);
}
