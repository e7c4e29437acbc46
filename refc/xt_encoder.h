/* SPDX-License-Identifier: Apache-2.0 */
/* Pulse and read encoders (rtl/SPEC.md section 6).
 *
 * Two forms of the same generators. Cycle form: the LFSR states themselves, one slot at a time. Train form: all rows
 * walk one orbit (and all columns another), so a generator is a start position plus one offset common to all rows, and
 * the next 32 values of a line lie side by side in the orbit's table: a train of 32 slots is one vector comparison.
 * xt_encoder_state() and xt_encoder_orbit() convert; each form's functions need that form to be the current one. */
#ifndef XT_ENCODER_H
#define XT_ENCODER_H

#include <stdbool.h>

#include "xt_dim.h"

/* Longest run of slots whose values may be looked up beyond the period's end: 4 phases x 255 slots, and one chunk. */
enum { XT_ORBIT_PAD = 4 * 255 + XT_CHUNK };

/* One orbit of a generator width, in steps of a slot; the memory belongs to the caller. */
struct xt_orbit {
  uint32_t *state;    /* [2^width]: state by position */
  uint32_t *position; /* [2^width]: its inverse */
  uint16_t *value;    /* [2^width + XT_ORBIT_PAD]: by position; the line fires if value < T */
  uint32_t period;    /* 0: not yet built */
};

struct xt_encoder {
  int32_t n, m, pb;
  uint32_t *row, *col;         /* states, [n], [m] */
  uint32_t *row_pos, *col_pos; /* train form: positions at offset 0 */
  uint32_t row_off, col_off;   /* train form: slots since then, modulo the period */
  bool train_form;
  uint32_t lowdisc; /* n of section 6 */
  struct xt_orbit row_orbit, col_orbit;
};

/* One slot's step of a generator of `width` (8..17) bits. */
uint32_t xt_lfsr_slot(uint32_t state, int32_t width);
uint32_t xt_encoder_row_seed(uint32_t seed, int32_t i, int32_t pb);
uint32_t xt_encoder_col_seed(uint32_t seed, int32_t j, int32_t pb);

/* RESET: all generators from the seed, n = 0. */
void xt_encoder_reset(struct xt_encoder *e, uint32_t seed);
void xt_encoder_state(struct xt_encoder *e); /* to cycle form */
void xt_encoder_orbit(struct xt_encoder *e); /* to train form */

/* Cycle form. Which lines fire in this slot, before the advance; enc: XT_ENC_*; t[]: thresholds; slot: in the phase. */
void xt_encoder_fire(const struct xt_encoder *e, uint32_t enc, uint32_t slot, const uint32_t *row_t,
                     const uint32_t *col_t, uint32_t *row_fire, uint32_t *col_fire);
void xt_encoder_advance(struct xt_encoder *e, uint32_t enc);
/* Before every phase but the first: each phase of a low-discrepancy train sees the same run of n. */
void xt_encoder_next_phase(struct xt_encoder *e, uint32_t enc, uint32_t bl);

/* Train form. mask[r], bit s: line[r], with threshold t[r], fires in slot base + s of the pulse train, s = 0..slots-1
 * (at most XT_CHUNK). `base` counts from the train's first slot over its phases (but for ENC_LOWDISC); slot0 is the
 * slot within the phase. */
void xt_encoder_row_masks(const struct xt_encoder *e, uint32_t enc, uint32_t base, uint32_t slot0, uint32_t slots,
                          int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask);
void xt_encoder_col_masks(const struct xt_encoder *e, uint32_t enc, uint32_t base, uint32_t slot0, uint32_t slots,
                          int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask);
/* The generators after a train of `phases` phases of bl slots. */
void xt_encoder_skip(struct xt_encoder *e, uint32_t enc, uint32_t phases, uint32_t bl);

/* Read encoders: which lines, with |codes| mag[lines], are driven in slot s. */
void xt_encoder_read(const struct xt_dim *dim, uint32_t read_enc, uint32_t s, const uint32_t *mag, int32_t lines,
                     uint32_t *act);

#endif
