// SPDX-License-Identifier: Apache-2.0
// The socket itself, on both models with two tiles: responses to what is wrong, registers of xt_top, answers by tile,
// interrupts. One elaboration per process: CK_FORK must be yes.
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "xt_sc_lt.h"
#include "xt_sc_rtl.h"

#include <check.h>  // last: it has a macro `fail`

namespace {

constexpr int N = 5, M = 3;
constexpr xt_shape SHAPE = {N, M, 7, 9, 1, 31, 16, 16};
constexpr unsigned TILES = 2;
constexpr uint32_t STREAM = XT_STREAM_BASE, STRIDE = XT_STREAM_STRIDE;
using tlm::tlm_command;
using tlm::TLM_READ_COMMAND;
using tlm::TLM_WRITE_COMMAND;

class Bench : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Bench> socket{"socket"};
  std::function<void(Bench &)> test;
  xt_sc_platform &platform;
  bool done = false;

  Bench(const sc_core::sc_module_name &name, xt_sc_platform &p) : sc_core::sc_module(name), platform(p) {
    SC_HAS_PROCESS(Bench);
    SC_THREAD(run);
    set_stack_size(1 << 20);
  }

  tlm::tlm_response_status send(tlm::tlm_generic_payload &trans) {
    sc_core::sc_time delay;
    trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    trans.set_dmi_allowed(true);
    socket->b_transport(trans, delay);
    wait(delay);
    ck_assert(!trans.is_dmi_allowed());
    return trans.get_response_status();
  }

  tlm::tlm_response_status transfer(tlm_command command, uint64_t addr, void *data, unsigned bytes) {
    tlm::tlm_generic_payload trans;
    trans.set_command(command);
    trans.set_address(addr);
    trans.set_data_ptr(static_cast<unsigned char *>(data));
    trans.set_data_length(bytes);
    trans.set_streaming_width(bytes);
    trans.set_byte_enable_ptr(nullptr);
    return send(trans);
  }

  tlm::tlm_response_status write(uint64_t addr, uint32_t value) { return transfer(TLM_WRITE_COMMAND, addr, &value, 4); }
  uint32_t read(uint64_t addr) {
    uint32_t value = 0;
    ck_assert_int_eq(transfer(TLM_READ_COMMAND, addr, &value, 4), tlm::TLM_OK_RESPONSE);
    return value;
  }
  uint32_t own(uint32_t word) { return read(XT_TOP_BASE + 4 * word); }

 private:
  void run() {
    test(*this);
    done = true;
    sc_core::sc_stop();
  }
};

void on(int kind, const std::function<void(Bench &)> &test) {
  const sc_core::sc_time clock(10, sc_core::SC_NS);
  xt_sc_platform *p = nullptr;
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  if (kind)
    p = new xt_sc_rtl("rtl", SHAPE, TILES, clock);
  else
    p = new xt_sc_lt("lt", SHAPE, TILES, clock);
  auto *bench = new Bench("bench", *p);
  bench->test = test;
  bench->socket.bind(p->socket);
  sc_core::sc_start();
  ck_assert(bench->done);
}

void configure(Bench &b) {
  const xt_dev_cfg device = {1600, 4, 100, 0, 0, 29491, 29491, 0, 0, 4096, 4096, 100, 0, 0};
  const xt_array_cfg array = {{device, device, device}, 1, 0};
  for (unsigned t = 0; t < TILES; t++) ck_assert_int_eq(b.platform.configure(t, array), XT_E_OK);
  ck_assert_int_eq(b.platform.configure(TILES, array), XT_E_ARG);
}

}  // namespace

START_TEST(wrong_transactions) {
  on(_i, [](Bench &b) {
    uint32_t words[64] = {};
    unsigned char enable[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    configure(b);
    // addresses
    for (const uint64_t addr : {uint64_t(STREAM + STRIDE * XT_SC_TDESTS), uint64_t(2), uint64_t(STREAM + 4),
                                uint64_t(XT_TOP_BASE + 1), UINT64_C(1) << 40})
      for (const tlm_command c : {TLM_READ_COMMAND, TLM_WRITE_COMMAND})
        ck_assert_int_eq(b.transfer(c, addr, words, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    // lengths
    for (const unsigned bytes : {1u, 2u, 8u})
      ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, 0, words, bytes), tlm::TLM_BURST_ERROR_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, words, 6), tlm::TLM_BURST_ERROR_RESPONSE);
    tlm::tlm_generic_payload trans;
    trans.set_command(TLM_READ_COMMAND);
    trans.set_address(0);
    trans.set_data_ptr(reinterpret_cast<unsigned char *>(words));
    trans.set_data_length(4);
    trans.set_streaming_width(2);
    ck_assert_int_eq(b.send(trans), tlm::TLM_BURST_ERROR_RESPONSE);
    trans.set_streaming_width(4);
    trans.set_byte_enable_ptr(enable);
    trans.set_byte_enable_length(4);
    ck_assert_int_eq(b.send(trans), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    trans.set_byte_enable_ptr(nullptr);
    trans.set_command(tlm::TLM_IGNORE_COMMAND);
    ck_assert_int_eq(b.send(trans), tlm::TLM_COMMAND_ERROR_RESPONSE);
    ck_assert_uint_eq(b.socket->transport_dbg(trans), 0);
    ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS), 0);  // none of these reached the bus
    // an answer that nothing was asked for
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_GENERIC_ERROR_RESPONSE);
    // SLVERR and its reason
    const struct {
      uint32_t addr;
      bool write;
      uint32_t value, status;
    } slverr[] = {
        {4 * 8, false, 0, XT_CSR_ST_ADDRESS},
        {4 * XT_CSR_ID, true, 1, XT_CSR_ST_READONLY},
        {4 * XT_CSR_CELL_MODE, true, 2, XT_CSR_ST_VALUE},
        {TILES * XT_TOP_TILE_STRIDE, false, 0, XT_CSR_ST_ADDRESS},
        {0x400, true, 0, XT_CSR_ST_ADDRESS},
        {XT_TOP_BASE + 4 * 7, false, 0, XT_CSR_ST_ADDRESS},
        {XT_TOP_BASE, true, 0, XT_CSR_ST_READONLY},
        {XT_TOP_BASE + 4 * XT_CSR_IRQ_ENABLE, true, 8, XT_CSR_ST_VALUE},
        {XT_TOP_TILE_STRIDE + 4 * XT_CSR_PROG_TOL, true, 256, XT_CSR_ST_VALUE},
    };
    for (const auto &s : slverr) {
      uint32_t value = s.value;
      ck_assert_int_eq(b.transfer(s.write ? TLM_WRITE_COMMAND : TLM_READ_COMMAND, s.addr, &value, 4),
                       tlm::TLM_GENERIC_ERROR_RESPONSE);
      ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS), s.addr | uint32_t(s.write) << 18 | s.status << 20);
      if (!s.write) ck_assert_uint_eq(value, 0);
    }
    ck_assert_uint_eq(b.own(XT_CSR_IRQ_STATUS), 1u << XT_IRQ_BUS);
  });
}
END_TEST

START_TEST(answers_and_interrupts) {
  on(_i, [](Bench &b) {
    uint32_t words[64] = {}, packet[3] = {XT_OP_RESET, 0, 0};
    configure(b);
    ck_assert_uint_eq(b.own(XT_CSR_TOP_ID), XT_ID);
    ck_assert_uint_eq(b.own(XT_CSR_TOP_TILES), TILES);
    ck_assert_uint_eq(b.read(XT_TOP_TILE_STRIDE + 4 * XT_CSR_SHAPE), uint32_t(M) << 16 | N);
    b.write(XT_TOP_BASE + 4 * XT_CSR_IRQ_ENABLE, 1u << XT_IRQ_ERROR);
    for (unsigned t = 0; t < TILES; t++) {
      ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM + STRIDE * t, packet, 4), tlm::TLM_OK_RESPONSE);
      ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE * t, words, 64), tlm::TLM_OK_RESPONSE);
      ck_assert_uint_eq(words[0], 1);
      ck_assert_uint_eq(words[1], XT_OP_RESET);
    }
    ck_assert_uint_eq(b.own(XT_CSR_IRQ_STATUS), 1u << XT_IRQ_ANSWER);
    ck_assert(!b.platform.irq.read());
    // FORWARD: the answer does not fit, stays, and is taken by a longer read
    packet[0] = XT_OP_FORWARD;
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM + STRIDE, packet, 12), tlm::TLM_OK_RESPONSE);
    sc_core::wait(100, sc_core::SC_US);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE, words, 12), tlm::TLM_BURST_ERROR_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(words[0], 1 + (M + 1) / 2);
    ck_assert_uint_eq(words[1] & 0xFFFF, XT_OP_FORWARD);
    // a tile that does not exist answers, and that is an error
    packet[0] = 0x55;
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM + STRIDE * 9, packet, 8), tlm::TLM_OK_RESPONSE);
    sc_core::wait(10, sc_core::SC_US);
    ck_assert(b.platform.irq.read());
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE * 9, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(words[0], 1);
    ck_assert_uint_eq(words[1], 0x55 | XT_ST_ERR_TILE << 8);
    ck_assert_uint_eq(b.own(XT_CSR_ANSWERS), 4);
    b.write(XT_TOP_BASE + 4 * XT_CSR_IRQ_STATUS, 7);
    sc_core::wait(10, sc_core::SC_US);
    ck_assert(!b.platform.irq.read());
    // no more than XT_QUEUE ahead
    packet[0] = XT_OP_RESET;
    for (int k = 0; k < XT_QUEUE; k++)
      ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_OK_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_GENERIC_ERROR_RESPONSE);
    for (int k = 0; k < XT_QUEUE; k++)
      ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_OK_RESPONSE);
    // a write while the tile works is refused
    packet[0] = XT_OP_ZERO_SHIFT | 500u << 16;
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_OK_RESPONSE);
    ck_assert_int_eq(b.write(4 * XT_CSR_CELL_MODE, 1), tlm::TLM_GENERIC_ERROR_RESPONSE);
    ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS) >> 20, XT_CSR_ST_BUSY);
    ck_assert_uint_eq(b.read(4 * XT_CSR_STATUS) & 1, 1);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(b.read(4 * XT_CSR_CELL_MODE), 0);
    ck_assert_uint_eq(b.read(4 * XT_CSR_STATUS) & 1, 0);
    // the pin
    ck_assert_int_eq(b.platform.hw_reset(), XT_E_OK);
    ck_assert_uint_eq(b.own(XT_CSR_ANSWERS), 0);
    ck_assert_uint_eq(b.read(4 * XT_CSR_STATUS), 0);
    ck_assert_int_eq(b.platform.hw_reset_at(0), XT_E_ARG);  // two tiles
  });
}
END_TEST

int main() {
  Suite *suite = suite_create("systemc");
  TCase *tc = tcase_create("tlm");
  tcase_set_timeout(tc, 300);
  tcase_add_loop_test(tc, wrong_transactions, 0, 2);
  tcase_add_loop_test(tc, answers_and_interrupts, 0, 2);
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_FORK);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
