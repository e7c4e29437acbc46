/* SPDX-License-Identifier: Apache-2.0 */
/* Cycle counts of operations as formulas (rtl/SPEC.md section 4), and stream beats (section 2). */
#ifndef XT_CYCLES_H
#define XT_CYCLES_H

#include "xt_dim.h"

/* read_enc: XT_READ_*. */
uint32_t xt_cycles_rs(const struct xt_dim *dim, uint32_t read_enc);
uint64_t xt_cycles_readseq(const struct xt_dim *dim, uint32_t read_enc);
/* Those of them that leave a record: INTEG, HOLD, SAR. */
uint64_t xt_cycles_readseq_records(const struct xt_dim *dim, uint32_t read_enc);
/* Registers PULSE_WIDTH, PULSE_GAP, PULSE_SETTLE. */
struct xt_pulse_shape {
  uint32_t width, gap, settle;
};
struct xt_pulse_shape xt_cycles_pulse_shape(const uint32_t *reg); /* reg: registers by address */
/* Cycles of one slot, and of a phase of so many. */
uint64_t xt_cycles_slot(struct xt_pulse_shape pulse);
uint64_t xt_cycles_phase(struct xt_pulse_shape pulse, uint32_t slots);
/* The most phases that a train drives (xt_coinc_phases tells which); neg: some x < 0. */
uint32_t xt_cycles_phases_most(uint32_t cell_mode, int neg);
/* phases: number of them that are driven. */
uint64_t xt_cycles_updseq(const struct xt_dim *dim, struct xt_pulse_shape pulse, uint32_t phases, uint32_t bl);
/* RESET and every command that is answered with an error. */
uint64_t xt_cycles_short(void);
/* FORWARD, BACKWARD, READ */
uint64_t xt_cycles_read(const struct xt_dim *dim, uint32_t read_enc);
/* UPDATE without a transfer */
uint64_t xt_cycles_update(const struct xt_dim *dim, struct xt_pulse_shape pulse, uint32_t phases, uint32_t bl);
/* UPDATE with the transfer in the same operation */
uint64_t xt_cycles_update_transfer(const struct xt_dim *dim, uint32_t read_enc, struct xt_pulse_shape pulse,
                                   uint32_t phases, uint32_t bl, uint32_t xfer_phases, uint32_t xfer_bl);
uint64_t xt_cycles_transfer(const struct xt_dim *dim, uint32_t read_enc, struct xt_pulse_shape pulse, uint32_t phases,
                            uint32_t bl);
/* phases[rounds], bl[rounds]: the train of every round. */
uint64_t xt_cycles_program(const struct xt_dim *dim, uint32_t read_enc, struct xt_pulse_shape pulse,
                           const uint32_t *phases, const uint32_t *bl, uint32_t rounds);
/* MTJ_UPDATE: slots of a phase, the cycles of their pulses (each leaves a record), of a phase, of the operation. */
uint32_t xt_cycles_switch_slots(const struct xt_dim *dim, uint32_t cell_mode);
uint64_t xt_cycles_switch_pulses(struct xt_pulse_shape pulse, uint32_t slots);
uint64_t xt_cycles_switch_phase(struct xt_pulse_shape pulse, uint32_t slots);
uint64_t xt_cycles_mtj_update(const struct xt_dim *dim, uint32_t cell_mode, struct xt_pulse_shape pulse,
                              uint32_t phases);
uint64_t xt_cycles_accumulate(const struct xt_dim *dim);
/* phases: driven, of all rows together; 0: sums to 0. */
uint64_t xt_cycles_acc_update(const struct xt_dim *dim, uint32_t cell_mode, struct xt_pulse_shape pulse,
                              uint64_t phases);
uint64_t xt_cycles_zero_shift(struct xt_pulse_shape pulse, uint32_t pairs);
/* Words of a good packet in, and of its answer (status OK, without the codes that UPD_ANSWER adds), headers included; 0
 * for an unknown operation. */
uint32_t xt_beats_in(const struct xt_dim *dim, uint8_t op, uint8_t sel);
uint32_t xt_beats_out(const struct xt_dim *dim, uint8_t op);

#endif
