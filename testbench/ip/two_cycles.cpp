// SPDX-License-Identifier: Apache-2.0
// Writes every register of a tile in every cycle around the one in which a packet becomes complete, and prints what the
// tile then does: the answer, the digests, the drives of all cycles. two_cycles.sh compares the text of two builds.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "Vxt_sim.h"
#include "verilated.h"
extern "C" {
#include "../splitmix.h"
#include "xt_params.h"
}

double sc_time_stamp() {
  return 0;
}

namespace {

struct Setting {
  const char *name;
  uint8_t addr;
  uint32_t is, other;  // what it has in all cases but its own, and what it changes to or from
};
// Registers that an operation or an access looks at.
const Setting settings[] = {{"SEED", XT_CSR_SEED, 1, 77777},
                            {"CELL_MODE", XT_CSR_CELL_MODE, XT_CELL_GATED, XT_CELL_HALF},
                            {"READ_ENC", XT_CSR_READ_ENC, 0, 1},
                            {"RANGE_FWD", XT_CSR_RANGE_FWD, 12, 5},
                            {"RANGE_BWD", XT_CSR_RANGE_BWD, 12, 5},
                            {"RANGE_XFER", XT_CSR_RANGE_XFER, 10, 2},
                            {"RANGE_READ", XT_CSR_RANGE_READ, 10, 4},
                            {"ADC_OFFSET", XT_CSR_ADC_OFFSET, 0, 9},
                            {"UPD_SEL", XT_CSR_UPD_SEL, 1, 0},
                            {"UPD_MODE", XT_CSR_UPD_MODE, 2, 0},
                            {"UPD_ENC", XT_CSR_UPD_ENC, 0, 1},
                            {"UPD_BL", XT_CSR_UPD_BL, 31, 3},
                            {"UPD_RATE", XT_CSR_UPD_RATE, 20000, 40000},
                            {"UPD_EXP", XT_CSR_UPD_EXP, 23, 63},
                            {"SCALE_X", XT_CSR_SCALE_X, 30000, 9},
                            {"SCALE_X_EXP", XT_CSR_SCALE_X_EXP, 8, 30},
                            {"SCALE_D", XT_CSR_SCALE_D, 30000, 9},
                            {"SCALE_D_EXP", XT_CSR_SCALE_D_EXP, 8, 63},
                            {"XFER_EVERY", XT_CSR_XFER_EVERY, 1, 0},
                            {"XFER_ENC", XT_CSR_XFER_ENC, 0, 2},
                            {"XFER_BL", XT_CSR_XFER_BL, 31, 2},
                            {"XFER_RATE", XT_CSR_XFER_RATE, 20000, 40000},
                            {"XFER_EXP", XT_CSR_XFER_EXP, 15, 17},
                            {"PROG_BL", XT_CSR_PROG_BL, 7, 1},
                            {"PROG_RATE", XT_CSR_PROG_RATE, 30000, 60000},
                            {"PROG_EXP", XT_CSR_PROG_EXP, 15, 17},
                            {"PROG_ITERS", XT_CSR_PROG_ITERS, 3, 0},
                            {"PROG_TOL", XT_CSR_PROG_TOL, 0, 200},
                            {"GAMMA", XT_CSR_GAMMA, 0, 128},
                            {"TIMEOUT", XT_CSR_TIMEOUT, 0, 1},
                            {"UPD_ANSWER", XT_CSR_UPD_ANSWER, 1, 0},
                            {"PULSE_WIDTH", XT_CSR_PULSE_WIDTH, 1, 3},
                            {"PULSE_GAP", XT_CSR_PULSE_GAP, 1, 2},
                            {"PULSE_SETTLE", XT_CSR_PULSE_SETTLE, 0, 4},
                            {"GEN_SEL", XT_CSR_GEN_SEL, 0, 0x10001},
                            {"CAL_SEL", XT_CSR_CAL_SEL, 0, 1},
                            {"ACC_SEL", XT_CSR_ACC_SEL, 0, 0x10001},
                            {"MTJ_RATE", XT_CSR_MTJ_RATE, 2, 63},
                            {"MTJ_SHARED", XT_CSR_MTJ_SHARED, 0, 1},
                            {"ACC_EXP", XT_CSR_ACC_EXP, 8, 63},
                            {"ACC_RATE", XT_CSR_ACC_RATE, 20, 63},
                            {"ACC_DECAY", XT_CSR_ACC_DECAY, 2, 5}};

// Of a tile of 5 x 4: x and d without and with negative codes; exponents go up by one, so that 63 is too much.
const uint32_t up = 1U << 16, x0 = 0x3f12c13f, x1 = 0x21, d = 0xc1183f2b;
const std::vector<std::vector<uint32_t>> packets = {{XT_OP_FORWARD, x0, x1},
                                                    {XT_OP_BACKWARD, d},
                                                    {XT_OP_UPDATE | up, x0, x1, d},
                                                    {XT_OP_TRANSFER},
                                                    {XT_OP_READ | 1 << 8},
                                                    {XT_OP_PROGRAM | 1 << 8 | up, 0x00500050, 0xffb00050},
                                                    {XT_OP_ZERO_SHIFT | 2 << 16},
                                                    {XT_OP_CALIBRATE},
                                                    {XT_OP_MTJ_UPDATE | up, x0, x1, d},
                                                    {XT_OP_ACCUMULATE | up, x0, x1, d},
                                                    {XT_OP_ACC_UPDATE | up},
                                                    {XT_OP_RESET}};

Vxt_sim *dut;
uint64_t drives;  // digest of them
std::vector<uint32_t> answer;
bool answered;

void fold(uint64_t v) {
  drives = drives * UINT64_C(0x9e3779b97f4a7c15) + v + 1;
}

void tick() {
  dut->clk_i = 0;
  dut->eval();
  if (dut->m_valid_o) {
    answer.push_back(dut->m_data_o);
    answered |= dut->m_last_o != 0;
  }
  if (dut->trace_valid_o) {
    fold(dut->trace_row_act_o | dut->trace_row_pol_o << 8 | dut->trace_col_act_o << 16 | dut->trace_col_pol_o << 24);
    fold(dut->trace_row_amp_o);
    fold(dut->trace_col_amp_o);
    fold(dut->trace_trial_o);
  }
  dut->clk_i = 1;
  dut->eval();
}

// A request in this cycle; the answer is there in the next one.
void request(bool write, uint8_t addr, uint32_t data) {
  dut->csr_valid_i = 1;
  dut->csr_write_i = write;
  dut->csr_addr_i = addr;
  dut->csr_wdata_i = data;
  tick();
  dut->csr_valid_i = 0;
}
void set(uint8_t addr, uint32_t data) {
  request(true, addr, data);
  tick();
}

void offer(const std::vector<uint32_t> &packet, size_t word) {
  dut->s_valid_i = word < packet.size();
  if (!dut->s_valid_i) return;
  dut->s_data_i = packet[word];
  dut->s_last_i = word + 1 == packet.size();
}

void field(int addr, uint32_t data) {
  dut->cfg_valid_i = 1;
  dut->cfg_addr_i = static_cast<uint8_t>(addr);
  dut->cfg_data_i = data;
  tick();
  dut->cfg_valid_i = 0;
}

// The same devices and registers for every case.
void begin(const Setting &changed, bool from_other, bool manual) {
  static const uint32_t dev[][2] = {{XT_DEV_DW, 1311},     {XT_DEV_SHIFT, 2},       {XT_DEV_W_MAX, 29491},
                                    {XT_DEV_W_MIN, 29491}, {XT_DEV_GAMMA_UP, 4096}, {XT_DEV_GAMMA_DOWN, 4096},
                                    {XT_DEV_C_DTOD, 133},  {XT_DEV_C_C2C, 133}};
  dut->rst_ni = 0;
  tick();
  dut->rst_ni = 1;
  tick();
  for (int p = 0; p < XT_NUM_PLANES; p++)
    for (const auto &f : dev) field(p * 32 + static_cast<int>(f[0]), f[1]);
  field(96, 7);
  dut->fabricate_i = 1;
  tick();
  dut->fabricate_i = 0;
  for (const Setting &s : settings) set(s.addr, s.is);
  if (manual) set(XT_CSR_UPD_MODE, 0);
  offer({XT_OP_RESET}, 0);
  tick();
  for (answered = false, dut->s_valid_i = 0; !answered;) tick();
  for (uint32_t k = 0; k < 2; k++) {
    set(XT_CSR_CAL_SEL, k);
    set(XT_CSR_CAL, 5 + k);
    set(XT_CSR_ACC_SEL, k * 0x10001);
    set(XT_CSR_ACC, 1100 + k);
  }
  set(XT_CSR_CAL_SEL, 0);
  set(XT_CSR_ACC_SEL, 0);
  if (from_other) set(changed.addr, changed.other);
  for (int k = 0; k < 3; k++) tick();
}

// The register is written `late` cycles after the packet's first word is offered, and read back, with what it selects.
void one(const Setting &s, bool from_other, bool manual, const std::vector<uint32_t> &packet, int late) {
  const uint8_t shown = s.addr == XT_CSR_CAL_SEL ? XT_CSR_CAL : s.addr == XT_CSR_ACC_SEL ? XT_CSR_ACC : XT_CSR_GEN;
  begin(s, from_other, manual);
  drives = 0;
  answer.clear();
  answered = false;
  uint32_t read = 0, status = 0;
  for (int cycle = 0; cycle < 40 || !answered; cycle++) {
    offer(packet, static_cast<size_t>(cycle));
    dut->csr_valid_i = cycle == late || cycle == late + 1;
    dut->csr_write_i = cycle == late;
    dut->csr_addr_i = cycle == late ? s.addr : shown;
    dut->csr_wdata_i = from_other ? s.is : s.other;
    tick();
    dut->csr_valid_i = 0;
    if (cycle == late) status = dut->csr_status_o;
    if (cycle == late + 1) read = dut->csr_rdata_o;
  }
  std::printf("%s %s, operation %u%s, write in cycle %d: status %u, shows %x, answer", s.name,
              from_other ? "back" : "on", static_cast<unsigned>(packet[0] & 255), manual ? " by scales" : "", late,
              status, read);
  for (uint32_t w : answer) std::printf(" %x", w);
  std::printf(", drives %016llx, digests %x %x\n", static_cast<unsigned long long>(drives), dut->digest_o[0],
              dut->digest_o[1]);
}

}  // namespace

int main() {
  dut = new Vxt_sim;
  dut->m_ready_i = 1;
  for (const Setting &s : settings)
    for (int back = 0; back < 2; back++)
      for (const auto &packet : packets)
        for (int manual = 0; manual < ((packet[0] & 255) == XT_OP_UPDATE ? 2 : 1); manual++)
          for (int late = 0; late < static_cast<int>(packet.size()) + 2; late++) one(s, back, manual, packet, late);
  delete dut;
  return 0;
}
