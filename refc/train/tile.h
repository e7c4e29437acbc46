/* SPDX-License-Identifier: Apache-2.0 */
/* One tile of a network: operations of rtl/SPEC.md section 2 as calls, over any engine. */
#ifndef TR_TILE_H
#define TR_TILE_H

#include "util.h"
#include "xt_tile_if.h"

/* Engines of the program (model/engines.c), ends with NULL. */
extern const struct xt_engine *const xt_engines[];
const struct xt_engine *tr_engine_find(const char *name, struct tr_err *e);
/* The first engine that can all of this (XT_CAN_*), or NULL. */
const struct xt_engine *tr_engine_with(uint32_t can);

/* An operation that has been answered: beats of its packet and of its answer, its length (SPEC sections 2, 4). */
struct tr_op {
  uint32_t beats, answer;
  uint64_t cycles;
};

struct tr_tile {
  struct xt_tile *t;
  const struct xt_engine *engine;
  struct xt_shape shape;
  int index;
  uint32_t *out, *in;
  size_t cap;
  int8_t *x;  /* [n]: of the last FORWARD or UPDATE ... */
  int x_kept; /* ... and the tile has it still (SPEC section 2): an UPDATE with this x need not send it */
  int lanes;  /* words of a beat */
  struct tr_op last;
  uint64_t ops_given;  /* operations given since RESET, as register OPS counts them (a run that resumes sets it) */
  uint64_t awaited;    /* the operation, by register OPS before it, whose code goes to `awaited_op` */
  uint32_t awaited_op; /* 0: not given yet */
};

/* Name of an operation's code, "?" if there is none. */
const char *tr_op_name(uint32_t op);

/* lanes: words of a beat of the streams; an engine's own have one. */
int tr_tile_open(struct tr_tile *t, const struct xt_engine *engine, const struct xt_shape *shape,
                 const struct xt_engine_opts *opts, int lanes, struct tr_err *e);
void tr_tile_close(struct tr_tile *t);

/* rc of a call of the engine into *e; what: the call. Returns 0 or -1. */
int tr_tile_check(struct tr_tile *t, int rc, const char *what, struct tr_err *e);

int tr_tile_write(struct tr_tile *t, uint8_t addr, int64_t value, struct tr_err *e);
int tr_tile_read(struct tr_tile *t, uint8_t addr, uint32_t *value, struct tr_err *e);
int tr_tile_counters(struct tr_tile *t, uint64_t c[XT_NUM_COUNTERS], struct tr_err *e);

/* What pulses did to the devices of a plane; NULL: not counted. */
struct xt_device_counts *tr_tile_device_counts(const struct tr_tile *t, int plane);

/* Operations. x: n codes, d: m codes; results: one code per sensed line (NULL: not wanted). */
int tr_tile_reset(struct tr_tile *t, struct tr_err *e);
int tr_tile_forward(struct tr_tile *t, const int8_t *x, int16_t *y, struct tr_err *e);
int tr_tile_backward(struct tr_tile *t, const int8_t *d, int16_t *y, struct tr_err *e);
/* In two halves, so that the tiles of a network may work at the same time. op: XT_OP_UPDATE, MTJ_UPDATE or ACCUMULATE.
 * Sends x only if the tile does not keep it. info: of the answer. */
int tr_tile_update_begin(struct tr_tile *t, uint8_t op, const int8_t *x, const int8_t *d, int dexp, struct tr_err *e);
int tr_tile_update_end(struct tr_tile *t, uint32_t *info, struct tr_err *e);
/* ACC_UPDATE; clear: the sums to 0 instead. */
int tr_tile_acc_update(struct tr_tile *t, int clear, struct tr_err *e);
int tr_tile_line(struct tr_tile *t, int sel, int32_t line, int16_t *y, struct tr_err *e); /* READ */
/* read: the codes last read; rounds: rounds of pulses given. */
int tr_tile_program(struct tr_tile *t, int sel, int32_t line, const int16_t *target, int16_t *read, uint32_t *rounds,
                    struct tr_err *e);
/* y: max(n, m) codes. */
int tr_tile_calibrate(struct tr_tile *t, int16_t *y, struct tr_err *e);
int tr_tile_put(struct tr_tile *t, const struct xt_snapshot *s); /* XT_E_* of the engine */
int tr_tile_set_snapshot(struct tr_tile *t, const struct xt_snapshot *s, struct tr_err *e);
int tr_tile_zero_shift(struct tr_tile *t, int sel, uint32_t pairs, struct tr_err *e);

/* A snapshot with its arrays; planes 0: without the states. */
int tr_snapshot_alloc_part(struct xt_snapshot *s, const struct xt_shape *shape, int planes, struct tr_err *e);
int tr_snapshot_alloc(struct xt_snapshot *s, const struct xt_shape *shape, struct tr_err *e);
void tr_snapshot_free(struct xt_snapshot *s);

#endif
