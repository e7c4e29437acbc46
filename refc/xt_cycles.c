/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_cycles.h"

#include "xt_cmd.h"

enum { START = 1, END = 1, CHECK = 1, ENCODE = 1, FETCH = 1 };

uint32_t xt_cycles_rs(const struct xt_dim *dim, uint32_t read_enc) {
  return (uint32_t)(read_enc == XT_READ_PWM ? dim->cmax : dim->mb);
}

uint64_t xt_cycles_readseq(const struct xt_dim *dim, uint32_t read_enc) {
  return 1 + (uint64_t)xt_cycles_rs(dim, read_enc) + 1 + (uint64_t)dim->share * ((uint64_t)dim->conv + 1);
}

uint64_t xt_cycles_readseq_records(const struct xt_dim *dim, uint32_t read_enc) {
  return (uint64_t)xt_cycles_rs(dim, read_enc) + 1 + (uint64_t)dim->share * (uint64_t)dim->conv;
}

struct xt_pulse_shape xt_cycles_pulse_shape(const uint32_t *reg) {
  return (struct xt_pulse_shape){reg[XT_CSR_PULSE_WIDTH], reg[XT_CSR_PULSE_GAP], reg[XT_CSR_PULSE_SETTLE]};
}

uint64_t xt_cycles_slot(struct xt_pulse_shape pulse) {
  return pulse.width + pulse.gap;
}

uint64_t xt_cycles_phase(struct xt_pulse_shape pulse, uint32_t slots) {
  return slots * xt_cycles_slot(pulse) + pulse.settle;
}

uint32_t xt_cycles_phases_most(uint32_t cell_mode, int neg) {
  return cell_mode == XT_CELL_GATED ? 1 : neg ? 4 : 2;
}

uint64_t xt_cycles_updseq(const struct xt_dim *dim, struct xt_pulse_shape pulse, uint32_t phases, uint32_t bl) {
  return XT_UM_CYCLES + (bl > 0 ? (uint64_t)dim->cm + phases * xt_cycles_phase(pulse, bl) : 0);
}

uint64_t xt_cycles_short(void) {
  return START + END;
}

uint64_t xt_cycles_read(const struct xt_dim *dim, uint32_t read_enc) {
  return START + xt_cycles_readseq(dim, read_enc) + END;
}

uint64_t xt_cycles_update(const struct xt_dim *dim, struct xt_pulse_shape pulse, uint32_t phases, uint32_t bl) {
  return START + xt_cycles_updseq(dim, pulse, phases, bl) + END;
}

uint64_t xt_cycles_update_transfer(const struct xt_dim *dim, uint32_t read_enc, struct xt_pulse_shape pulse,
                                   uint32_t phases, uint32_t bl, uint32_t xfer_phases, uint32_t xfer_bl) {
  return xt_cycles_update(dim, pulse, phases, bl) + xt_cycles_readseq(dim, read_enc) +
         xt_cycles_updseq(dim, pulse, xfer_phases, xfer_bl);
}

uint64_t xt_cycles_transfer(const struct xt_dim *dim, uint32_t read_enc, struct xt_pulse_shape pulse, uint32_t phases,
                            uint32_t bl) {
  return START + xt_cycles_readseq(dim, read_enc) + xt_cycles_updseq(dim, pulse, phases, bl) + END;
}

uint64_t xt_cycles_program(const struct xt_dim *dim, uint32_t read_enc, struct xt_pulse_shape pulse,
                           const uint32_t *phases, const uint32_t *bl, uint32_t rounds) {
  const uint64_t look = xt_cycles_readseq(dim, read_enc) + CHECK;
  uint64_t n = START + look + END;
  for (uint32_t r = 0; r < rounds; r++) n += xt_cycles_updseq(dim, pulse, phases[r], bl[r]) + look;
  return n;
}

uint32_t xt_cycles_switch_slots(const struct xt_dim *dim, uint32_t cell_mode) {
  return cell_mode == XT_CELL_GATED ? (uint32_t)dim->mb : 1;
}

uint64_t xt_cycles_switch_pulses(struct xt_pulse_shape pulse, uint32_t slots) {
  return (uint64_t)pulse.width * ((UINT64_C(1) << slots) - 1);
}

uint64_t xt_cycles_switch_phase(struct xt_pulse_shape pulse, uint32_t slots) {
  return xt_cycles_switch_pulses(pulse, slots) + (uint64_t)slots * pulse.gap + pulse.settle;
}

uint64_t xt_cycles_mtj_update(const struct xt_dim *dim, uint32_t cell_mode, struct xt_pulse_shape pulse,
                              uint32_t phases) {
  return START + ENCODE + phases * xt_cycles_switch_phase(pulse, xt_cycles_switch_slots(dim, cell_mode)) + END;
}

uint64_t xt_cycles_accumulate(const struct xt_dim *dim) {
  return START + ENCODE + (uint64_t)dim->n + 1 + END;
}

uint64_t xt_cycles_acc_update(const struct xt_dim *dim, uint32_t cell_mode, struct xt_pulse_shape pulse,
                              uint64_t phases) {
  const uint64_t phase = xt_cycles_switch_phase(pulse, xt_cycles_switch_slots(dim, cell_mode));
  return START + (uint64_t)dim->n * (FETCH + ENCODE) + phases * phase + END;
}

uint64_t xt_cycles_zero_shift(struct xt_pulse_shape pulse, uint32_t pairs) {
  return START + 2 * (uint64_t)pairs * xt_cycles_phase(pulse, 1) + END;
}

uint32_t xt_beats_in(const struct xt_dim *dim, uint8_t op, uint8_t sel) {
  return (uint32_t)(1 + xt_cmd_payload_words(dim, op, sel));
}

uint32_t xt_beats_out(const struct xt_dim *dim, uint8_t op) {
  if (!xt_cmd_op(op)->known) return 0;
  return (uint32_t)(1 + xt_ceil_div(xt_cmd_result_lines(dim, op), 2));
}
