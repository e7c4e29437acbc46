/* SPDX-License-Identifier: Apache-2.0 */
/* The generators of xt_encoder as positions on their orbits. All rows walk one orbit (and all columns another), so that
 * a generator is a start position plus one offset common to all rows, and the next 32 values of a line lie side by side
 * in the orbit's table: a train of 31 slots is one vector comparison. */
#ifndef XT_FAST_ORBIT_H
#define XT_FAST_ORBIT_H

#include "xt_encoder.h"
#include "xt_room.h"

/* Slots of a train that are handled at once, one bit each in a 32-bit mask, of which the last one is a column's sign;
 * and the longest run of slots whose values may be looked up beyond the period's end: 4 phases x 255 slots, and a mask.
 */
enum { XT_CHUNK = 31, XT_ORBIT_PAD = 4 * 255 + 32 };

enum { XT_ORBIT_WORDS = 4096 + 33 /* and a window of 32 slots at any bit of the last one */ };

/* One orbit of a generator width, in steps of a slot. */
struct xt_orbit {
  uint32_t *state;    /* [2^width]: state by position */
  uint32_t *position; /* [2^width]: its inverse */
  uint16_t *value;    /* [2^width + XT_ORBIT_PAD]: by position; the line fires if value < T */
  uint16_t
      *word; /* [XT_ORBIT_WORDS]: of rows of width 16, whose slot shifts in 16 bits: the first states by position, which
                are the whole sequence of bits; state p is at bit p / 4096 of word p % 4096. NULL: other widths */
  uint32_t period; /* 0: not yet built */
};

struct xt_fast_simd;
struct xt_fast_gens {
  const struct xt_fast_simd *simd; /* kernels; of room(): those that run everywhere */
  bool current;                    /* the positions are; else the states of xt_encoder */
  uint32_t *row_pos, *col_pos;     /* [n], [m]: at offset 0 */
  uint32_t row_off, col_off;       /* slots since then, modulo the period */
  struct xt_orbit row_orbit, col_orbit;
};

void xt_fast_gens_room(struct xt_fast_gens *g, const struct xt_dim *dim, struct xt_room *room);
/* Positions from the encoder's states, and back. False, nothing done, if one of them is 0: it is on no orbit. */
bool xt_fast_gens_enter(struct xt_fast_gens *g, const struct xt_encoder *e);
void xt_fast_gens_leave(struct xt_fast_gens *g, struct xt_encoder *e);

/* The slots of a chunk in which lines fire. enc: XT_ENC_*, XT_ENC_STOCH needs the positions to be current. base: slot
 * since the train's first, over its phases (not used by XT_ENC_LOWDISC); slot0: within the phase; slots: 1..XT_CHUNK.
 */
struct xt_fast_chunk {
  uint32_t enc, base, slot0, slots;
};
/* mask[r], bit s: line[r], with threshold t[r], fires in slot s of the chunk, r = 0..count-1. */
void xt_fast_row_masks(const struct xt_fast_gens *g, const struct xt_encoder *e, struct xt_fast_chunk c, int32_t count,
                       const int32_t *line, const uint32_t *t, uint32_t *mask);
void xt_fast_col_masks(const struct xt_fast_gens *g, const struct xt_encoder *e, struct xt_fast_chunk c, int32_t count,
                       const int32_t *line, const uint32_t *t, uint32_t *mask);
/* The generators after a train of `phases` phases of bl slots. */
void xt_fast_gens_skip(struct xt_fast_gens *g, struct xt_encoder *e, uint32_t enc, uint32_t phases, uint32_t bl);

#endif
