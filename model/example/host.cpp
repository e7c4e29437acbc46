// SPDX-License-Identifier: Apache-2.0
// A virtual platform with one training tile: programs weights, runs FORWARD, BACKWARD, UPDATE, reads back, aborts. It
// knows the tile as a user's does: registers and packets behind a TLM-2.0 socket (xt_sc_platform.h), and an interrupt.
//
// usage: host [lt|rtl]
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "xt_sc_lt.h"
#include "xt_sc_rtl.h"

namespace {

constexpr int N = 8, M = 4;
constexpr xt_shape SHAPE = {N, M, 7, 9, 1, 0, 31, 16, 16, 0, 0, 0};

class Host : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Host> socket{"socket"};
  sc_core::sc_in<bool> irq{"irq"};
  bool passed = false;
  Host(const sc_core::sc_module_name &name, xt_sc_platform &p) : sc_core::sc_module(name), platform(p) {
    SC_HAS_PROCESS(Host);
    SC_THREAD(run);
  }

 private:
  void transfer(tlm::tlm_command command, uint64_t addr, void *data, unsigned bytes) {
    tlm::tlm_generic_payload trans;
    sc_core::sc_time delay;
    trans.set_command(command);
    trans.set_address(addr);
    trans.set_data_ptr(static_cast<unsigned char *>(data));
    trans.set_data_length(bytes);
    trans.set_streaming_width(bytes);
    trans.set_byte_enable_ptr(nullptr);
    trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(trans, delay);
    wait(delay);
    if (trans.is_response_error())
      throw std::runtime_error("address " + std::to_string(addr) + ": " + trans.get_response_string() + " " +
                               platform.error());
  }

  void set(uint32_t reg, uint32_t value) { transfer(tlm::TLM_WRITE_COMMAND, 4u * reg, &value, 4); }

  // One command, one answer; the interrupt says when.
  std::vector<int> command(uint32_t header, const std::vector<uint32_t> &payload, int lines) {
    uint32_t answer[2 + (N + M) / 2 + 2] = {}, tile = 1;
    std::vector<uint32_t> words = {header};
    words.insert(words.end(), payload.begin(), payload.end());
    transfer(tlm::TLM_WRITE_COMMAND, XT_STREAM_BASE, words.data(), unsigned(4 * words.size()));
    if (!irq) wait(irq.posedge_event());
    transfer(tlm::TLM_WRITE_COMMAND, XT_TOP_BASE + 4 * XT_CSR_ANSWER_EVENT, &tile, 4);
    while (irq) wait(irq.negedge_event());
    transfer(tlm::TLM_READ_COMMAND, XT_STREAM_BASE, answer, sizeof answer);
    if ((answer[1] >> 8 & 0xFF) != XT_ST_OK) throw std::runtime_error("the tile answers an error");
    std::vector<int> codes;
    for (int i = 0; i < lines; i++) codes.push_back(int16_t(answer[2 + i / 2] >> (i % 2 * 16)));
    return codes;
  }

  static std::vector<uint32_t> bytes(const std::vector<int> &v) {  // four codes to a word
    std::vector<uint32_t> w((v.size() + 3) / 4);
    for (size_t i = 0; i < v.size(); i++) w[i / 4] |= uint32_t(v[i] & 0xFF) << (i % 4 * 8);
    return w;
  }

  static void show(std::string what, const std::vector<int> &v) {
    for (const int c : v) what += "\t" + std::to_string(c);
    std::puts(what.c_str());
  }

  void life() {
    xt_dev_cfg device = {};  // soft bounds, 30 % spread of the step
    device.dw = 1600;
    device.shift = 4;
    device.c_dtod = device.c_c2c = 133;
    device.w_max = device.w_min = 29491;
    device.gamma_up = device.gamma_down = 4096;
    xt_array_cfg array = {};
    for (xt_dev_cfg &plane : array.dev) plane = device;
    array.seed = 1;
    if (platform.configure(0, array) != XT_E_OK) throw std::runtime_error(platform.error());
    uint32_t tile = 1, slverr = 1;  // an access that is refused is an error of this program
    transfer(tlm::TLM_WRITE_COMMAND, XT_TOP_BASE + 4 * XT_CSR_ANSWER_ENABLE, &tile, 4);
    transfer(tlm::TLM_WRITE_COMMAND, XT_TOP_BASE + 4 * XT_CSR_BUS_CTRL, &slverr, 4);
    const uint32_t setup[][2] = {{XT_CSR_UPD_SEL, XT_SEL_C}, {XT_CSR_UPD_BL, 31},     {XT_CSR_UPD_RATE, 20000},
                                 {XT_CSR_UPD_EXP, 24},       {XT_CSR_PROG_BL, 31},    {XT_CSR_PROG_RATE, 16000},
                                 {XT_CSR_PROG_EXP, 14},      {XT_CSR_PROG_ITERS, 50}, {XT_CSR_PROG_TOL, 2}};
    for (auto [reg, value] : setup) set(reg, value);
    command(XT_OP_RESET, {}, 0);

    int worst = 0;
    for (int i = 0; i < N; i++) {
      const auto want = [i](int j) { return (i * 29 + j * 53) % 121 - 60; };
      std::vector<uint32_t> target(M / 2);
      for (int j = 0; j < M; j++) target[size_t(j) / 2] |= uint32_t(want(j) & 0xFFFF) << (j % 2 * 16);
      const auto is = command(XT_OP_PROGRAM | XT_SEL_C << 8 | uint32_t(i) << 16, target, M);
      for (int j = 0; j < M; j++) worst = std::max(worst, std::abs(want(j) - is[size_t(j)]));
    }
    std::vector<int> before, after;
    std::printf("weights programmed, worst error %d codes\n", worst);

    const std::vector<int> x = {63, -40, 0, 12, 33, -63, 5, 20}, d = {50, -20, 0, 63};
    show("FORWARD", before = command(XT_OP_FORWARD, bytes(x), M));
    show("BACKWARD", command(XT_OP_BACKWARD, bytes(d), N));
    std::vector<uint32_t> both = bytes(x);
    for (const uint32_t word : bytes(d)) both.push_back(word);
    for (int k = 0; k < 5; k++) command(XT_OP_UPDATE, both, 0);
    show("FORWARD after 5 UPDATEs", after = command(XT_OP_FORWARD, bytes(x), M));
    show("READ line 0 of C", command(XT_OP_READ | XT_SEL_C << 8, {}, M));
    uint32_t cycles[2];  // low word first: it keeps the high one
    for (uint32_t k = 0; k < 2; k++)
      transfer(tlm::TLM_READ_COMMAND, 4 * (XT_CSR_COUNTERS + 2 * XT_CNT_CYCLES + k), &cycles[k], 4);
    std::printf("%llu cycles of operations\n", static_cast<unsigned long long>(cycles[1]) << 32 | cycles[0]);
    abort_a_long_one();
    std::fprintf(stderr, "simulated time %s\n", sc_core::sc_time_stamp().to_string().c_str());
    // The update is -sign(x d): y falls where d > 0, rises where d < 0.
    passed = worst <= 8 && after[0] < before[0] && after[1] > before[1] && after[3] < before[3];
  }

  // What to do when time is up: the tile is free a few cycles later, and says so.
  void abort_a_long_one() {
    uint32_t header = XT_OP_ZERO_SHIFT | XT_SEL_A << 8 | 65535u << 16, abort = 1, done = 0, answer[2] = {};
    transfer(tlm::TLM_WRITE_COMMAND, XT_STREAM_BASE, &header, 4);
    wait(2, sc_core::SC_US);
    transfer(tlm::TLM_WRITE_COMMAND, 4u * XT_CSR_CONTROL, &abort, 4);
    while (!(done & 1)) transfer(tlm::TLM_READ_COMMAND, XT_TOP_BASE + 4 * XT_CSR_DONE_NOW, &done, 4);
    transfer(tlm::TLM_READ_COMMAND, XT_STREAM_BASE, answer, sizeof answer);
    if ((answer[1] >> 8 & 0xFF) != XT_ST_ERR_ABORT) throw std::runtime_error("ABORT was not answered as such");
    std::puts("a ZERO_SHIFT of 262140 cycles aborted");
  }

  void run() {
    try {
      life();
    } catch (const std::runtime_error &x) {
      std::fprintf(stderr, "host: %s\n", x.what());
    }
    sc_core::sc_stop();
  }

  xt_sc_platform &platform;
};

}  // namespace
int sc_main(int argc, char **argv) {
  const sc_core::sc_time clock(10, sc_core::SC_NS);
  const std::string kind = argc == 1 ? "lt" : argc == 2 ? argv[1] : "";
  try {
    std::unique_ptr<xt_sc_platform> tile;
    if (kind == "rtl") tile = std::make_unique<xt_sc_rtl>("tile", std::vector{SHAPE}, clock);
    if (kind == "lt") tile = std::make_unique<xt_sc_lt>("tile", std::vector{SHAPE}, clock);
    if (!tile) throw std::runtime_error("usage: host [lt|rtl]");
    Host host("host", *tile);
    host.socket.bind(tile->socket);
    host.irq(tile->irq);
    sc_core::sc_start();
    tile.release();  // lives as long as the kernel
    return std::puts(host.passed ? "passed" : "FAILED"), !host.passed;
  } catch (const std::runtime_error &x) {
    std::fprintf(stderr, "host: %s\n", x.what());
    return 2;
  }
}
