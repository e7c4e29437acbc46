// SPDX-License-Identifier: Apache-2.0
// The socket itself, on both models with two tiles of different shapes: responses to what is wrong, registers of
// xt_top, answers by tile, interrupts; three odd shapes against the golden reference. One elaboration per process:
// CK_FORK must be yes.
#include <tlm_utils/simple_initiator_socket.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "xt_sc_lt.h"
#include "xt_sc_rtl.h"

extern "C" {
#include "xt_ref.h"
}

#include <check.h>  // last: it has a macro `fail`

namespace {

constexpr int N = 5, M = 3, N1 = 7, M1 = 4;  // tile 0, tile 1
constexpr unsigned TILES = 2;
constexpr xt_shape shape_of(int n, int m) {
  return {n, m, 7, 9, 1, 0, 31, 16, 16, 0, 0, 0};
}
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

void on(int kind, const std::function<void(Bench &)> &test,
        const std::vector<xt_shape> &shapes = {shape_of(N, M), shape_of(N1, M1)}) {
  const sc_core::sc_time clock(10, sc_core::SC_NS);
  xt_sc_platform *p = nullptr;
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  if (kind)
    p = new xt_sc_rtl("rtl", shapes, clock);
  else
    p = new xt_sc_lt("lt", shapes, clock);
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
    for (const uint64_t addr :
         {uint64_t(STREAM + STRIDE * XT_SC_TDESTS), uint64_t(STREAM + 2), uint64_t(STREAM + 4), UINT64_C(1) << 40})
      for (const tlm_command c : {TLM_READ_COMMAND, TLM_WRITE_COMMAND})
        ck_assert_int_eq(b.transfer(c, addr, words, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    // lengths: more than a word, out of a word, half a word of a packet
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, 0, words, 8), tlm::TLM_BURST_ERROR_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, 3, words, 2), tlm::TLM_BURST_ERROR_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, 2, words, 4), tlm::TLM_BURST_ERROR_RESPONSE);
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
    trans.set_address(STREAM);
    ck_assert_int_eq(b.send(trans), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    trans.set_byte_enable_ptr(nullptr);
    trans.set_command(tlm::TLM_IGNORE_COMMAND);
    ck_assert_int_eq(b.send(trans), tlm::TLM_COMMAND_ERROR_RESPONSE);
    ck_assert_uint_eq(b.socket->transport_dbg(trans), 0);
    ck_assert_uint_eq(b.own(XT_CSR_BUS_EVENT), 0);  // none of these reached the bus
    ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS), 0);
    // an answer that nothing was asked for
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_GENERIC_ERROR_RESPONSE);
  });
}
END_TEST

// What the bus refuses is OKAY with a sticky cause, or SLVERR if BUS_CTRL says so.
START_TEST(refused_accesses) {
  on(_i, [](Bench &b) {
    configure(b);
    const struct {
      uint32_t addr;
      bool write;
      uint32_t value, status;
    } refused[] = {
        {4 * 0x3F, false, 0, XT_CSR_ST_ADDRESS},
        {4 * XT_CSR_ID, true, 1, XT_CSR_ST_READONLY},
        {4 * XT_CSR_CELL_MODE, true, 3, XT_CSR_ST_VALUE},
        {4 * XT_CSR_XFER_PTR, true, N, XT_CSR_ST_VALUE},
        {4 * XT_CSR_CONTROL, true, 2, XT_CSR_ST_VALUE},
        {TILES * XT_TOP_TILE_STRIDE, false, 0, XT_CSR_ST_ADDRESS},
        {0x400, true, 0, XT_CSR_ST_ADDRESS},
        {XT_TOP_BASE + 4 * 4, false, 0, XT_CSR_ST_ADDRESS},
        {XT_TOP_BASE, true, 0, XT_CSR_ST_READONLY},
        {XT_TOP_BASE + 4 * XT_CSR_IRQ_STATUS, true, 0, XT_CSR_ST_READONLY},
        {XT_TOP_BASE + 4 * XT_CSR_BUS_CTRL, true, 2, XT_CSR_ST_VALUE},
        {XT_TOP_BASE + 4 * XT_CSR_DONE_ENABLE, true, 1u << XT_NO_TILE, XT_CSR_ST_VALUE},
        {XT_TOP_BASE + 4 * XT_CSR_ERROR_ENABLE, true, 1u << TILES, XT_CSR_ST_VALUE},
        {XT_TOP_TILE_STRIDE + 4 * XT_CSR_PROG_TOL, true, 256, XT_CSR_ST_VALUE},
    };
    for (uint32_t slverr = 0; slverr < 2; slverr++) {
      ck_assert_int_eq(b.write(XT_TOP_BASE + 4 * XT_CSR_BUS_CTRL, slverr), tlm::TLM_OK_RESPONSE);
      for (const auto &s : refused) {
        uint32_t value = s.write ? s.value : 0x55;
        ck_assert_int_eq(b.transfer(s.write ? TLM_WRITE_COMMAND : TLM_READ_COMMAND, s.addr, &value, 4),
                         slverr ? tlm::TLM_GENERIC_ERROR_RESPONSE : tlm::TLM_OK_RESPONSE);
        if (!s.write) ck_assert_uint_eq(value, 0);
        ck_assert_uint_eq(b.own(XT_CSR_BUS_EVENT), 1);
        ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS), s.addr | uint32_t(s.write) << 18 | s.status << 20);
        uint32_t zero = 0;
        b.transfer(TLM_READ_COMMAND, 0x400, &zero, 4);  // the first one is kept
        ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS), s.addr | uint32_t(s.write) << 18 | s.status << 20);
        b.write(XT_TOP_BASE + 4 * XT_CSR_BUS_EVENT, 1);
        ck_assert_uint_eq(b.own(XT_CSR_BUS_EVENT), 0);
      }
    }
    // its interrupt
    ck_assert(!b.platform.irq.read());
    b.write(XT_TOP_BASE + 4 * XT_CSR_BUS_ENABLE, 1);
    uint32_t value = 0;
    b.transfer(TLM_READ_COMMAND, 0x400, &value, 4);
    sc_core::wait(1, sc_core::SC_US);
    ck_assert(b.platform.irq.read());
    ck_assert_uint_eq(b.own(XT_CSR_IRQ_STATUS), 1u << XT_IRQ_BUS);
  });
}
END_TEST

// Bytes and halves of a word, byte enables as strobes.
START_TEST(parts_of_a_word) {
  on(_i, [](Bench &b) {
    configure(b);
    const uint64_t at = 4 * XT_CSR_SHAPE;
    const uint32_t shape = uint32_t(M) << 16 | N;
    for (unsigned bytes = 1; bytes <= 4; bytes++)
      for (unsigned offset = 0; offset + bytes <= 4; offset++) {
        unsigned char data[4] = {};
        ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, at + offset, data, bytes), tlm::TLM_OK_RESPONSE);
        for (unsigned k = 0; k < bytes; k++) ck_assert_uint_eq(data[k], shape >> (8 * (offset + k)) & 0xFF);
      }
    unsigned char data[4] = {0xAA, 0xAA, 0xAA, 0xAA};
    for (uint32_t strobes = 0; strobes < 16; strobes++) {
      unsigned char enable[4];
      for (unsigned k = 0; k < 4; k++) enable[k] = strobes >> k & 1 ? TLM_BYTE_ENABLED : TLM_BYTE_DISABLED;
      tlm::tlm_generic_payload trans;
      trans.set_data_length(4);
      trans.set_streaming_width(4);
      trans.set_byte_enable_ptr(enable);
      trans.set_byte_enable_length(4);
      trans.set_command(TLM_READ_COMMAND);
      trans.set_address(at);
      trans.set_data_ptr(data);
      std::fill(data, data + 4, static_cast<unsigned char>(0xAA));
      ck_assert_int_eq(b.send(trans), tlm::TLM_OK_RESPONSE);
      for (unsigned k = 0; k < 4; k++) ck_assert_uint_eq(data[k], strobes >> k & 1 ? shape >> (8 * k) & 0xFF : 0xAA);
      // none: no write; some: refused; all: a write
      uint32_t value = 20 + strobes;
      trans.set_command(TLM_WRITE_COMMAND);
      trans.set_address(4 * XT_CSR_UPD_RATE);
      trans.set_data_ptr(reinterpret_cast<unsigned char *>(&value));
      ck_assert_int_eq(b.send(trans), tlm::TLM_OK_RESPONSE);
      ck_assert_uint_eq(b.read(4 * XT_CSR_UPD_RATE), strobes == 15 ? value : 0);
      ck_assert_uint_eq(b.own(XT_CSR_BUS_EVENT), strobes != 0 && strobes != 15);
      if (b.own(XT_CSR_BUS_EVENT))
        ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS), 4 * XT_CSR_UPD_RATE | 1u << 18 | uint32_t(XT_CSR_ST_PARTIAL) << 20);
      b.write(XT_TOP_BASE + 4 * XT_CSR_BUS_EVENT, 1);
    }
    unsigned char byte = 1;
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, 4 * XT_CSR_UPD_RATE + 1, &byte, 1), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS),
                      (4 * XT_CSR_UPD_RATE + 1) | 1u << 18 | uint32_t(XT_CSR_ST_PARTIAL) << 20);
  });
}
END_TEST

namespace {

uint32_t bit(unsigned tile) {
  return 1u << tile;
}

// A packet, and its answer.
void command(Bench &b, unsigned tile, std::vector<uint32_t> packet, uint32_t header, size_t words_of_answer) {
  uint32_t words[64] = {};
  ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM + STRIDE * tile, packet.data(), unsigned(4 * packet.size())),
                   tlm::TLM_OK_RESPONSE);
  ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE * tile, words, 64), tlm::TLM_OK_RESPONSE);
  ck_assert_uint_eq(words[0], words_of_answer);
  ck_assert_uint_eq(words[1], header);
}

}  // namespace

START_TEST(answers_and_interrupts) {
  on(_i, [](Bench &b) {
    uint32_t words[64] = {}, packet[3] = {XT_OP_RESET, 0, 0};
    configure(b);
    ck_assert_uint_eq(b.own(XT_CSR_TOP_ID), XT_ID);
    ck_assert_uint_eq(b.own(XT_CSR_TOP_TILES), TILES);
    ck_assert_uint_eq(b.read(XT_TOP_TILE_STRIDE + 4 * XT_CSR_SHAPE), uint32_t(M1) << 16 | N1);
    for (const uint32_t now : {XT_CSR_DONE_NOW, XT_CSR_IDLE_NOW, XT_CSR_SPACE_NOW}) ck_assert_uint_eq(b.own(now), 3);
    b.write(XT_TOP_BASE + 4 * XT_CSR_ERROR_ENABLE, 3 | 1u << XT_NO_TILE);
    for (unsigned t = 0; t < TILES; t++) {
      command(b, t, {XT_OP_RESET}, XT_OP_RESET, 1);
      const uint32_t so_far = bit(t + 1) - 1;
      for (const uint32_t event : {XT_CSR_ANSWER_EVENT, XT_CSR_DONE_EVENT, XT_CSR_IDLE_EVENT})
        ck_assert_uint_eq(b.own(event), so_far);
    }
    ck_assert_uint_eq(b.own(XT_CSR_ERROR_EVENT), 0);
    ck_assert_uint_eq(b.own(XT_CSR_IRQ_STATUS), 0);
    ck_assert(!b.platform.irq.read());
    // FORWARD: the answer does not fit, stays, and is taken by a longer read
    packet[0] = XT_OP_FORWARD;
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM + STRIDE, packet, 12), tlm::TLM_OK_RESPONSE);
    sc_core::wait(100, sc_core::SC_US);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE, words, 12), tlm::TLM_BURST_ERROR_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(words[0], 1 + (M1 + 1) / 2);
    ck_assert_uint_eq(words[1] & 0xFFFF, XT_OP_FORWARD);
    // a tile that does not exist answers, and that is an error
    packet[0] = 0x55;
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM + STRIDE * 9, packet, 8), tlm::TLM_OK_RESPONSE);
    sc_core::wait(10, sc_core::SC_US);
    ck_assert(b.platform.irq.read());
    ck_assert_uint_eq(b.own(XT_CSR_IRQ_STATUS), 1u << XT_IRQ_ERROR);
    ck_assert_uint_eq(b.own(XT_CSR_ERROR_EVENT), 1u << XT_NO_TILE);
    ck_assert_uint_eq(b.own(XT_CSR_ANSWER_EVENT), 3 | 1u << XT_NO_TILE);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE * 9, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(words[0], 1);
    ck_assert_uint_eq(words[1], 0x55 | XT_ST_ERR_TILE << 8);
    ck_assert_uint_eq(b.own(XT_CSR_ANSWERS), 4);
    b.write(XT_TOP_BASE + 4 * XT_CSR_ERROR_EVENT, 0xFFFF);  // not the bit that is set
    ck_assert_uint_eq(b.own(XT_CSR_ERROR_EVENT), 1u << XT_NO_TILE);
    b.write(XT_TOP_BASE + 4 * XT_CSR_ERROR_EVENT, 0xFFFFFFFF);
    sc_core::wait(10, sc_core::SC_US);
    ck_assert(!b.platform.irq.read());
    // no more than XT_QUEUE ahead
    packet[0] = XT_OP_RESET;
    for (int k = 0; k < XT_QUEUE; k++)
      ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_OK_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_GENERIC_ERROR_RESPONSE);
    for (int k = 0; k < XT_QUEUE; k++)
      ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_OK_RESPONSE);
    // the pin
    ck_assert_int_eq(b.platform.hw_reset(), XT_E_OK);
    ck_assert_uint_eq(b.own(XT_CSR_ANSWERS), 0);
    ck_assert_uint_eq(b.own(XT_CSR_ERROR_ENABLE), 0);
    ck_assert_uint_eq(b.read(4 * XT_CSR_STATUS), 0);
    ck_assert_int_eq(b.platform.hw_reset_at(0), XT_E_ARG);  // two tiles
  });
}
END_TEST

// A long operation: what the levels say while it runs and after it, by polling and by interrupt; BUSY.
START_TEST(levels_of_a_long_operation) {
  on(_i, [](Bench &b) {
    uint32_t words[64] = {}, packet[1] = {XT_OP_ZERO_SHIFT | 2000u << 16};
    configure(b);
    command(b, 0, {XT_OP_RESET}, XT_OP_RESET, 1);
    for (const uint32_t event : {XT_CSR_ANSWER_EVENT, XT_CSR_DONE_EVENT, XT_CSR_IDLE_EVENT})
      b.write(XT_TOP_BASE + 4 * event, ~0u);
    b.write(XT_TOP_BASE + 4 * XT_CSR_DONE_LEVEL_ENABLE, bit(0));
    sc_core::wait(1, sc_core::SC_US);
    ck_assert(b.platform.irq.read());
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_OK_RESPONSE);
    sc_core::wait(1, sc_core::SC_US);
    ck_assert(!b.platform.irq.read());
    ck_assert_uint_eq(b.own(XT_CSR_DONE_NOW), bit(1));
    ck_assert_uint_eq(b.own(XT_CSR_IDLE_NOW), bit(1));
    ck_assert_uint_eq(b.own(XT_CSR_SPACE_NOW), 3);
    ck_assert_uint_eq(b.own(XT_CSR_DONE_EVENT), 0);
    ck_assert_uint_eq(b.read(4 * XT_CSR_STATUS) & 1, 1);
    // a write while the tile works is refused
    b.write(4 * XT_CSR_CELL_MODE, 1);
    ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS) >> 20, XT_CSR_ST_BUSY);
    b.write(XT_TOP_BASE + 4 * XT_CSR_BUS_EVENT, 1);
    b.write(4 * XT_CSR_ID, 1);
    ck_assert_uint_eq(b.own(XT_CSR_BUS_STATUS) >> 20, XT_CSR_ST_READONLY);
    // three packets: no credit left
    for (int k = 0; k < 2; k++)
      ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(b.own(XT_CSR_SPACE_NOW), bit(1));
    // the end, without a read
    for (int polls = 0; !(b.own(XT_CSR_DONE_NOW) & bit(0)); polls++) ck_assert_int_lt(polls, 20000);
    sc_core::wait(1, sc_core::SC_US);
    ck_assert(b.platform.irq.read());
    ck_assert_uint_eq(b.own(XT_CSR_IRQ_STATUS), 1u << XT_IRQ_DONE);
    ck_assert_uint_eq(b.own(XT_CSR_DONE_EVENT), bit(0));
    ck_assert_uint_eq(b.own(XT_CSR_SPACE_NOW), 3);
    for (int k = 0; k < 3; k++) {
      ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_OK_RESPONSE);
      ck_assert_uint_eq(words[1], XT_OP_ZERO_SHIFT);
    }
    ck_assert_uint_eq(b.own(XT_CSR_IDLE_EVENT), bit(0));
    ck_assert_uint_eq(b.read(4 * XT_CSR_CELL_MODE), 0);
    ck_assert_uint_eq(b.read(4 * XT_CSR_STATUS) & 1, 0);
    ck_assert_uint_eq(b.read(4 * (XT_CSR_COUNTERS + 2 * XT_CNT_SLOTS)), 12000);
  });
}
END_TEST

// ABORT cuts it; what stands is told by its slots. The packets behind it run as ever.
START_TEST(aborted_operation) {
  on(_i, [](Bench &b) {
    uint32_t words[64] = {}, packet[1] = {XT_OP_ZERO_SHIFT | 65535u << 16};
    configure(b);
    command(b, 0, {XT_OP_RESET}, XT_OP_RESET, 1);
    b.write(4 * XT_CSR_CONTROL, 1);    // none runs
    b.write(4 * XT_CSR_PULSE_GAP, 0);  // a slot is a clock
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_OK_RESPONSE);
    packet[0] = XT_OP_READ;
    ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM, packet, 4), tlm::TLM_OK_RESPONSE);
    sc_core::wait(3, sc_core::SC_US);
    ck_assert_int_eq(b.write(4 * XT_CSR_CONTROL, 1), tlm::TLM_OK_RESPONSE);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(words[0], 1);
    ck_assert_uint_eq(words[1], XT_OP_ZERO_SHIFT | XT_ST_ERR_ABORT << 8);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(words[0], 1 + (M + 1) / 2);
    ck_assert_uint_eq(words[1] & 0xFFFF, XT_OP_READ);
    const uint32_t slots = b.read(4 * (XT_CSR_COUNTERS + 2 * XT_CNT_SLOTS));
    ck_assert_uint_ge(slots, 290);
    ck_assert_uint_le(slots, 330);
    ck_assert_uint_eq(b.read(4 * (XT_CSR_COUNTERS + 2 * XT_CNT_CYCLES)), slots + 2 + 77);
    ck_assert_uint_eq(b.read(4 * (XT_CSR_COUNTERS + 2 * XT_CNT_ERRORS)), 1);
    xt_snapshot s = {};
    std::vector<int32_t> w[XT_NUM_PLANES];
    std::vector<uint32_t> row(N), col(M);
    for (size_t p = 0; p < XT_NUM_PLANES; p++) w[p].resize(N * M), s.w[p] = w[p].data();
    std::vector<int16_t> cal(N > M ? N : M);
    s.row_gen = row.data(), s.col_gen = col.data(), s.cal = cal.data();
    ck_assert_int_eq(b.platform.get_snapshot(0, s), XT_E_OK);
    ck_assert_uint_eq(s.pulse_ctr, slots);
  });
}
END_TEST

// TILE_RESET: the tile is as after rst_ni, its packets are lost, the other tile goes on; a read of a lost answer fails.
START_TEST(reset_of_one_tile) {
  on(_i, [](Bench &b) {
    uint32_t words[64] = {}, packet[1] = {XT_OP_ZERO_SHIFT | 5000u << 16};
    configure(b);
    for (unsigned t = 0; t < TILES; t++) command(b, t, {XT_OP_RESET}, XT_OP_RESET, 1);
    for (unsigned t = 0; t < TILES; t++) {
      b.write(XT_TOP_TILE_STRIDE * t + 4 * XT_CSR_UPD_BL, 7);
      b.write(XT_TOP_TILE_STRIDE * t + 4 * XT_CSR_PULSE_GAP, 0);
      ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, STREAM + STRIDE * t, packet, 4), tlm::TLM_OK_RESPONSE);
    }
    sc_core::wait(1, sc_core::SC_US);
    ck_assert_int_eq(b.write(XT_TOP_BASE + 4 * XT_CSR_TILE_RESET, bit(0) | bit(7)), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(b.own(XT_CSR_TILE_RESET), 0);
    ck_assert_uint_eq(b.own(XT_CSR_IDLE_NOW), bit(0));
    ck_assert_uint_eq(b.read(4 * XT_CSR_UPD_BL), 1);
    ck_assert_uint_eq(b.read(4 * XT_CSR_STATUS), 0);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM, words, 64), tlm::TLM_GENERIC_ERROR_RESPONSE);
    command(b, 0, {XT_OP_READ}, XT_OP_READ | XT_ST_ERR_ORDER << 8, 1);
    command(b, 0, {XT_OP_RESET}, XT_OP_RESET, 1);
    ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, STREAM + STRIDE, words, 64), tlm::TLM_OK_RESPONSE);
    ck_assert_uint_eq(words[1], XT_OP_ZERO_SHIFT);
    ck_assert_uint_eq(b.read(XT_TOP_TILE_STRIDE + 4 * (XT_CSR_COUNTERS + 2 * XT_CNT_SLOTS)), 10000);
    xt_snapshot s = {};
    std::vector<int32_t> w[XT_NUM_PLANES];
    std::vector<uint32_t> row(N), col(M);
    for (size_t p = 0; p < XT_NUM_PLANES; p++) w[p].resize(N * M), s.w[p] = w[p].data();
    std::vector<int16_t> cal(N > M ? N : M);
    s.row_gen = row.data(), s.col_gen = col.data(), s.cal = cal.data();
    ck_assert_int_eq(b.platform.get_snapshot(0, s), XT_E_OK);
    ck_assert_uint_ge(s.pulse_ctr, 90);  // it was cut, and what it had done stands
    ck_assert_uint_le(s.pulse_ctr, 130);
  });
}
END_TEST

namespace {

// A snapshot with its memory.
struct State {
  xt_snapshot s = {};
  std::vector<int32_t> w[XT_NUM_PLANES];
  std::vector<uint32_t> row, col;
  std::vector<int16_t> cal;
  explicit State(const xt_shape &shape)
      : row(size_t(shape.n)), col(size_t(shape.m)), cal(size_t(std::max(shape.n, shape.m))) {
    for (size_t p = 0; p < XT_NUM_PLANES; p++) w[p].resize(size_t(shape.n * shape.m)), s.w[p] = w[p].data();
    s.row_gen = row.data(), s.col_gen = col.data(), s.cal = cal.data();
  }
};

// Codes of rows, then of columns: large, of both signs.
std::vector<uint32_t> packet_of(uint32_t op, int rows, int columns) {
  std::vector<uint32_t> packet = {op};
  for (const int lines : {rows, columns})
    for (int k = 0; k < lines; k++) {
      if (k % 4 == 0) packet.push_back(0);
      packet.back() |= (uint32_t(k % 2 ? k - 63 : 63 - k) & 0xFF) << k % 4 * 8;
    }
  return packet;
}

}  // namespace

// Tiles of odd shapes in one xt_top: every answer, register and device is that of the golden reference of each.
START_TEST(own_shapes) {
  const std::vector<xt_shape> shapes = {shape_of(1, 1), shape_of(3, 5), shape_of(33, 17)};
  const auto test = [&](Bench &b) {
    const xt_engine &golden = xt_engine_ref;
    const xt_dev_cfg device = {1600, 4, 100, 0, 0, 29491, 29491, 100, 0, 4096, 4096, 100, 0, 0};
    const std::pair<uint32_t, uint32_t> settings[] = {
        {XT_CSR_UPD_BL, 31}, {XT_CSR_UPD_RATE, 20000}, {XT_CSR_UPD_EXP, 23}};
    std::vector<xt_tile *> ref(shapes.size());
    for (unsigned t = 0; t < shapes.size(); t++) {
      const xt_array_cfg array = {{device, device, device}, t + 1, 0};
      const xt_engine_opts opts = {};
      char why[300];
      int status = 0;
      ck_assert_int_eq(golden.create(&ref[t], &shapes[t], &opts, why, sizeof why), XT_E_OK);
      ck_assert_int_eq(golden.configure(ref[t], &array), XT_E_OK);
      ck_assert_int_eq(b.platform.configure(t, array), XT_E_OK);
      for (const auto &[reg, value] : settings) {
        ck_assert_int_eq(b.write(t * XT_TOP_TILE_STRIDE + 4 * reg, value), tlm::TLM_OK_RESPONSE);
        ck_assert_int_eq(golden.csr_write(ref[t], uint8_t(reg), value, &status), XT_E_OK);
      }
    }
    for (const uint32_t op : {XT_OP_RESET, XT_OP_UPDATE, XT_OP_FORWARD, XT_OP_BACKWARD, XT_OP_UPDATE, XT_OP_READ})
      for (unsigned t = 0; t < shapes.size(); t++) {
        const bool rows = op == XT_OP_FORWARD || op == XT_OP_UPDATE,
                   columns = op == XT_OP_BACKWARD || op == XT_OP_UPDATE;
        std::vector<uint32_t> packet = packet_of(op, rows ? shapes[t].n : 0, columns ? shapes[t].m : 0);
        if (op == XT_OP_READ) packet[0] |= uint32_t(shapes[t].n - 1) << 16;
        uint32_t words[64] = {}, want[64] = {};
        size_t n = 0;
        ck_assert_int_eq(golden.submit(ref[t], packet.data(), packet.size()), XT_E_OK);
        ck_assert_int_eq(golden.collect(ref[t], want, 64, &n), XT_E_OK);
        ck_assert_uint_eq(want[0] >> 8 & 0xFF, XT_ST_OK);
        const uint64_t stream = STREAM + STRIDE * t;
        ck_assert_int_eq(b.transfer(TLM_WRITE_COMMAND, stream, packet.data(), unsigned(4 * packet.size())),
                         tlm::TLM_OK_RESPONSE);
        ck_assert_int_eq(b.transfer(TLM_READ_COMMAND, stream, words, sizeof words), tlm::TLM_OK_RESPONSE);
        ck_assert_uint_eq(words[0], n);
        for (size_t k = 0; k < n; k++) ck_assert_uint_eq(words[1 + k], want[k]);
      }
    for (unsigned t = 0; t < shapes.size(); t++) {
      ck_assert_uint_eq(b.read(t * XT_TOP_TILE_STRIDE + 4 * XT_CSR_SHAPE),
                        uint32_t(shapes[t].m) << 16 | uint32_t(shapes[t].n));
      State is(shapes[t]), want(shapes[t]);
      ck_assert_int_eq(b.platform.get_snapshot(t, is.s), XT_E_OK);
      ck_assert_int_eq(golden.get_snapshot(ref[t], &want.s), XT_E_OK);
      for (size_t p = 0; p < XT_NUM_PLANES; p++) ck_assert(is.w[p] == want.w[p]);
      ck_assert(is.row == want.row && is.col == want.col);
      ck_assert(is.w[XT_PLANE_A].back() != 0);
      is.w[XT_PLANE_C].back() = 1000 + int32_t(t);
      ck_assert_int_eq(b.platform.set_snapshot(t, is.s), XT_E_OK);
      golden.destroy(ref[t]);
    }
    for (unsigned t = 0; t < shapes.size(); t++) {
      State is(shapes[t]);
      ck_assert_int_eq(b.platform.get_snapshot(t, is.s), XT_E_OK);
      ck_assert_int_eq(is.w[XT_PLANE_C].back(), 1000 + int32_t(t));
    }
  };
  on(_i, test, shapes);
}
END_TEST

// What cannot be one xt_top.
START_TEST(refused_shapes) {
  const auto says = [](const std::vector<xt_shape> &shapes) {
    try {
      xt_sc_lt platform("lt", shapes, sc_core::sc_time(10, sc_core::SC_NS));
      return std::string("accepted");
    } catch (const std::runtime_error &x) {
      return std::string(x.what());
    }
  };
  xt_shape other = shape_of(2, 2);
  other.adc_bits = 8;
  ck_assert(says({}) == "the number of tiles must be 1..16");
  ck_assert(says(std::vector<xt_shape>(17, other)) == "the number of tiles must be 1..16");
  ck_assert(says({shape_of(2, 2), other}) == "tiles of one xt_top differ in N and M only");
  ck_assert(says({shape_of(2, 2), shape_of(0, 2)}) != "accepted");
}
END_TEST

int main() {
  Suite *suite = suite_create("systemc");
  TCase *tc = tcase_create("tlm");
  tcase_set_timeout(tc, 300);
  tcase_add_loop_test(tc, wrong_transactions, 0, 2);
  tcase_add_loop_test(tc, refused_accesses, 0, 2);
  tcase_add_loop_test(tc, parts_of_a_word, 0, 2);
  tcase_add_loop_test(tc, answers_and_interrupts, 0, 2);
  tcase_add_loop_test(tc, levels_of_a_long_operation, 0, 2);
  tcase_add_loop_test(tc, aborted_operation, 0, 2);
  tcase_add_loop_test(tc, reset_of_one_tile, 0, 2);
  tcase_add_loop_test(tc, own_shapes, 0, 2);
  tcase_add_test(tc, refused_shapes);
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_FORK);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
