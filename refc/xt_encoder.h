/* SPDX-License-Identifier: Apache-2.0 */
/* Pulse and read encoders of rows and columns, one slot at a time (rtl/SPEC.md section 6). */
#ifndef XT_ENCODER_H
#define XT_ENCODER_H

#include <stdbool.h>

#include "xt_dim.h"

/* The generators. The memory belongs to the caller. */
struct xt_encoder {
  int32_t n, m, pb;
  uint32_t *row, *col; /* LFSR states, [n] of pb bits, [m] of pb + 1 bits */
  uint32_t lowdisc;    /* low-discrepancy counter n, pb bits */
};

/* One slot's step of a generator of `width` (8..17) bits. */
uint32_t xt_lfsr_slot(uint32_t state, int32_t width);
/* State of line i's (j's) generator after RESET; with seed 0 also after an upset. */
uint32_t xt_encoder_row_seed(uint32_t seed, int32_t i, int32_t pb);
uint32_t xt_encoder_col_seed(uint32_t seed, int32_t j, int32_t pb);
/* What the low-discrepancy mode compares the thresholds of rows and columns with, pb bits. */
uint32_t xt_encoder_row_level(uint32_t lowdisc, int32_t pb);
uint32_t xt_encoder_col_level(uint32_t lowdisc, int32_t pb);

/* RESET: all generators from the seed, n = 0. */
void xt_encoder_reset(struct xt_encoder *e, uint32_t seed);

/* Which lines fire in this slot, before the advance; a generator at 0 never does. enc: XT_ENC_*; row_t[n], col_t[m]:
 * thresholds, 0..2^pb; slot: within the phase; *_fire: bit vectors. */
void xt_encoder_fire(const struct xt_encoder *e, uint32_t enc, uint32_t slot, const uint32_t *row_t,
                     const uint32_t *col_t, uint32_t *row_fire, uint32_t *col_fire);
/* To the next slot. True if that was an upset: a generator stood at 0 and has been set. */
bool xt_encoder_advance(struct xt_encoder *e, uint32_t enc);
/* Before every driven phase but the first: each phase of a low-discrepancy train of bl slots sees the same run of n. */
void xt_encoder_next_phase(struct xt_encoder *e, uint32_t enc, uint32_t bl);

/* Reads: which lines, with |codes| mag[lines], are driven in slot s. read_enc: XT_READ_*. */
void xt_encoder_read(uint32_t read_enc, uint32_t s, const uint32_t *mag, int32_t lines, uint32_t *act);

#endif
