/* SPDX-License-Identifier: Apache-2.0 */
/* The engines of the tests: the reference, and broken ones that wrap it and fail at their 200th command. */
#include <stdio.h>
#include <stdlib.h>

#include "tile.h"
#include "xt_ref.h"

struct broken {
  const struct xt_engine *engine;
  struct xt_tile *ref;
  int left, how;
};

static struct broken *self(struct xt_tile *t) {
  return (struct broken *)(void *)t;
}
static const struct broken *self_const(const struct xt_tile *t) {
  return (const struct broken *)(const void *)t;
}

enum { NO_START, MISMATCH, HANG, STATUS, SHORT_ANSWER, HASH };
static int create_broken(struct xt_tile **t, const struct xt_shape *s, const struct xt_engine_opts *o, char *err,
                         size_t n, int how) {
  struct broken *b = calloc(1, sizeof *b);
  static const char *const names[] = {"no_start", "mismatch", "hang", "status", "short_answer", "hash"};
  *t = NULL;
  if (how == NO_START) {
    snprintf(err, n, "no simulator here");
    free(b);
    return XT_E_SETUP;
  }
  b->engine = tr_engine_find(names[how], &(struct tr_err){0, ""});
  b->left = 200;
  b->how = how;
  *t = (struct xt_tile *)(void *)b;
  return xt_engine_ref.create(&b->ref, s, o, err, n);
}
#define MAKE(name, how)                                                                                                \
  static int name(struct xt_tile **t, const struct xt_shape *s, const struct xt_engine_opts *o, char *err, size_t n) { \
    return create_broken(t, s, o, err, n, how);                                                                        \
  }
MAKE(make_no_start, NO_START)
MAKE(make_mismatch, MISMATCH)
MAKE(make_hang, HANG)
MAKE(make_status, STATUS)
MAKE(make_short, SHORT_ANSWER)
MAKE(make_hash, HASH)

static void destroy(struct xt_tile *t) {
  xt_engine_ref.destroy(self(t)->ref);
  free(self(t));
}
static const char *error(const struct xt_tile *t) {
  return (void)self_const(t), "something broke";
}
static int configure(struct xt_tile *t, const struct xt_array_cfg *c) {
  return xt_engine_ref.configure(self(t)->ref, c);
}
static int csr_write(struct xt_tile *t, uint8_t a, uint32_t v, int *st) {
  return xt_engine_ref.csr_write(self(t)->ref, a, v, st);
}
static int csr_read(struct xt_tile *t, uint8_t a, uint32_t *v, int *st) {
  const int rc = xt_engine_ref.csr_read(self(t)->ref, a, v, st);
  if (self(t)->how == HASH && a == XT_CSR_PARAM_HASH) *v ^= 1;
  return rc;
}
static int submit(struct xt_tile *t, const uint32_t *w, size_t n) {
  return xt_engine_ref.submit(self(t)->ref, w, n);
}
static int collect(struct xt_tile *t, uint32_t *w, size_t cap, size_t *n) {
  struct broken *b = self(t);
  const int rc = xt_engine_ref.collect(b->ref, w, cap, n);
  if (rc || --b->left > 0) return rc;
  if (b->how == MISMATCH) return XT_E_MISMATCH;
  if (b->how == HANG) return XT_E_HANG;
  if (b->how == STATUS) w[0] |= XT_ST_ERR_CODE << 8;
  if (b->how == SHORT_ANSWER) *n = 0;
  return XT_E_OK;
}
static uint64_t op_cycles(const struct xt_tile *t) {
  return xt_engine_ref.op_cycles(self_const(t)->ref);
}
static void set_trace(struct xt_tile *t, xt_trace_sink s, void *u) {
  xt_engine_ref.set_trace(self(t)->ref, s, u);
}
static int get_snapshot(struct xt_tile *t, struct xt_snapshot *s) {
  return xt_engine_ref.get_snapshot(self(t)->ref, s);
}
static int set_snapshot(struct xt_tile *t, const struct xt_snapshot *s) {
  return xt_engine_ref.set_snapshot(self(t)->ref, s);
}

#define BROKEN(id, maker)                                           \
  static const struct xt_engine id = {.name = #id,                  \
                                      .text = "for tests",          \
                                      .can = XT_CAN_RECORDS,        \
                                      .create = maker,              \
                                      .destroy = destroy,           \
                                      .error = error,               \
                                      .configure = configure,       \
                                      .csr_write = csr_write,       \
                                      .csr_read = csr_read,         \
                                      .submit = submit,             \
                                      .collect = collect,           \
                                      .op_cycles = op_cycles,       \
                                      .set_trace = set_trace,       \
                                      .get_snapshot = get_snapshot, \
                                      .set_snapshot = set_snapshot}
BROKEN(no_start, make_no_start);
BROKEN(mismatch, make_mismatch);
BROKEN(hang, make_hang);
BROKEN(status, make_status);
BROKEN(short_answer, make_short);
BROKEN(hash, make_hash);

const struct xt_engine *const xt_engines[] = {&xt_engine_ref, &no_start,     &mismatch, &hang,
                                              &status,        &short_answer, &hash,     NULL};
