/* SPDX-License-Identifier: Apache-2.0 */
/* Cycle counts of operations as formulas (rtl/SPEC.md section 4), and stream beats (section 2). */
#ifndef XT_CYCLES_H
#define XT_CYCLES_H

#include <stdbool.h>

#include "xt_dim.h"

/* read_enc: XT_READ_*. */
uint32_t xt_cycles_rs(const struct xt_dim *dim, uint32_t read_enc);
uint64_t xt_cycles_readseq(const struct xt_dim *dim, uint32_t read_enc);
/* Those of them that leave a record: INTEG, HOLD, SAR. */
uint64_t xt_cycles_readseq_records(const struct xt_dim *dim, uint32_t read_enc);
/* cell_mode: XT_CELL_*; neg: some x < 0. */
uint32_t xt_cycles_phases(uint32_t cell_mode, bool neg);
uint64_t xt_cycles_updseq(const struct xt_dim *dim, uint32_t phases, uint32_t bl);
/* RESET and every command that is answered with an error. */
uint64_t xt_cycles_short(void);
/* FORWARD, BACKWARD, READ */
uint64_t xt_cycles_read(const struct xt_dim *dim, uint32_t read_enc);
/* UPDATE without a transfer */
uint64_t xt_cycles_update(const struct xt_dim *dim, uint32_t phases, uint32_t bl);
/* UPDATE with the transfer in the same operation */
uint64_t xt_cycles_update_transfer(const struct xt_dim *dim, uint32_t read_enc, uint32_t phases, uint32_t bl,
                                   uint32_t xfer_phases, uint32_t xfer_bl);
uint64_t xt_cycles_transfer(const struct xt_dim *dim, uint32_t read_enc, uint32_t phases, uint32_t bl);
/* bl[rounds]: the train of every round; phases: 2, or 1 with cells that gate. */
uint64_t xt_cycles_program(const struct xt_dim *dim, uint32_t read_enc, uint32_t phases, const uint32_t *bl,
                           uint32_t rounds);
uint64_t xt_cycles_zero_shift(uint32_t pairs);
/* Words of a good packet in, and of its answer (status OK, without the codes that UPD_ANSWER adds), headers included; 0
 * for an unknown operation. */
uint32_t xt_beats_in(const struct xt_dim *dim, uint8_t op);
uint32_t xt_beats_out(const struct xt_dim *dim, uint8_t op);

#endif
