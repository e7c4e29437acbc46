/* SPDX-License-Identifier: Apache-2.0 */
/* Random life of a tile: configurations, registers, operations good and bad, resets in mid-operation. */
#ifndef XT_STIMULUS_H
#define XT_STIMULUS_H

#include "xt_tile_if.h"

/* The shapes that tests of engines share: every one is Verilated and compiled when it is first needed, so there are as
 * few as the limits allow. */
enum {
  STIM_1X1,
  STIM_1X7,
  STIM_7X1,
  STIM_3X5,
  STIM_7X9, /* the default codes and states: bugs are planted here */
  STIM_33X17,
  STIM_64X10,
  STIM_260X3,    /* more lines than eight bits count */
  STIM_LONG,     /* the widest codes, long trains */
  STIM_SMALLEST, /* every parameter at its lower limit */
  STIM_ODD,
  STIM_WIDE_CODES, /* conversions with more magnitude bits than a probability has */
  STIM_ONE_CONVERTER,
  STIM_GANGED, /* four columns to a sum of the accumulator */
  STIM_SHAPES
};
extern const struct xt_shape stim_shapes[STIM_SHAPES];

struct stim {
  uint64_t rng;
  struct xt_shape shape;
  const struct xt_engine *engine;
  struct xt_tile *tile;
  uint32_t *words; /* a packet */
  uint32_t *answer;
  size_t cap;
  int under_way;
};

/* The seed of the run: environment XT_TEST_SEED, else `fallback`; printed. */
uint64_t stim_seed(uint64_t fallback);

void stim_init(struct stim *s, const struct xt_engine *engine, struct xt_tile *tile, const struct xt_shape *shape,
               uint64_t seed);
void stim_free(struct stim *s);

/* A snapshot with room for a tile of this shape. */
struct xt_snapshot stim_snapshot(const struct xt_shape *shape);
void stim_snapshot_free(struct xt_snapshot *snap);

uint32_t stim_u32(struct stim *s);
int32_t stim_range(struct stim *s, int32_t lo, int32_t hi); /* both included */

/* Each returns the engine's error code. */
int stim_configure(struct stim *s); /* random devices, fabricated */
int stim_registers(struct stim *s); /* random registers, settings and state, now and then an illegal write */
int stim_reset_op(struct stim *s);
int stim_operation(struct stim *s); /* one random packet, now and then malformed, aborted or cut by a hardware reset;
                                       collected, or left under way so that the next one overlaps it */
int stim_drain(struct stim *s);

int stim_upset(struct stim *s); /* some pulse generators to 0, some devices to any state, beyond their bounds too, in a
                                   snapshot; needs nothing under way */

/* Signs of random codes, 0 beside them. */
enum stim_signs { STIM_POS = 1, STIM_NEG = 2, STIM_BOTH = STIM_POS | STIM_NEG };

/* A good packet of operation `op` with random payload in s->words; returns its length. Outer products (UPDATE,
 * MTJ_UPDATE, ACCUMULATE) with sel 1: without x. */
size_t stim_packet(struct stim *s, uint8_t op, uint8_t sel, uint16_t arg, enum stim_signs x, enum stim_signs d);

#endif
