/* SPDX-License-Identifier: Apache-2.0 */
/* xt_top in Verilog behind the socket of xt_sc_platform.h: the Verilated xt_sc_top and a transactor that turns
 * transactions into AXI4-Lite and AXI4-Stream pin activity.
 *
 * One clock: rst_n and every input of the RTL change with its falling edge, its outputs are sampled at the rising one;
 * nothing depends on the order of processes within a delta. The clock stops, low, while nothing is under way, and goes
 * on at a multiple of the period. b_transport first waits for `delay`, then for what it does: call it from an
 * SC_THREAD; it returns with delay 0.
 *
 * The shared object of these shapes is built on demand as for engine rtl (xt_rtl.h). Each instance in a process needs
 * an object of its own, so a second instance of the same loads a copy.
 */
#ifndef XT_SC_RTL_H
#define XT_SC_RTL_H

#include <deque>
#include <vector>

#include "xt_sc_platform.h"
#include "xt_built_top.h"

class xt_sc_rtl : public xt_sc_platform {
 public:
  // `plant`: NULL or a bug of testbench/bugs.toml. Throws std::runtime_error also where the RTL cannot be built or
  // loaded.
  xt_sc_rtl(const sc_core::sc_module_name &name, const std::vector<xt_shape> &shapes, sc_core::sc_time period,
            const char *plant = nullptr);

  int configure(unsigned tile, const xt_array_cfg &cfg) override;
  int hw_reset() override;
  int hw_reset_at(uint32_t cycle) override;
  int get_snapshot(unsigned tile, xt_snapshot &s) override;
  int set_snapshot(unsigned tile, const xt_snapshot &s) override;
  const int16_t *states16(unsigned tile, int sel) const override;
  bool cut_pending() const override { return cut_armed; }

  uint64_t clock_cycles() const { return cycles; }

 private:
  struct Word {
    uint32_t data, dest;
    bool last;
  };
  struct Step {                                   // pins of the laboratory in one cycle
    bool rst_n, reset, valid, fabricate, rescan;  // reset: no traffic
    uint32_t tile, addr, data;
  };
  static const Step HELD, RELEASED, NOTHING;
  struct Lane {
    unsigned under_way = 0;  // packets accepted, answers not yet read
    std::vector<uint32_t> partial;
    std::deque<std::vector<uint32_t>> answers;
  };
  // Of tile 0: the operation that runs; those that have ended and whose answers have not been read.
  uint64_t op_length = 0;
  std::deque<uint64_t> op_lengths;

  bool bus_read(uint32_t addr, uint32_t &data, sc_core::sc_time &delay) override;
  bool bus_write(uint32_t addr, uint32_t data, uint32_t strobes, sc_core::sc_time &delay) override;
  bool stream_write(unsigned tile, const uint32_t *words, size_t n, sc_core::sc_time &delay) override;
  Stream stream_read(unsigned tile, size_t cap, std::vector<uint32_t> &words, sc_core::sc_time &delay) override;

  static void on_alarm(void *self, const char *what);
  void half_cycle();
  bool rise();
  void fall();
  bool working() const;
  void go();
  void steps(std::deque<Step> list);
  void settle(sc_core::sc_time &delay);
  void withdraw();
  bool idle() const;
  void hold_packets();
  void reset_tiles(uint32_t mask);

  xt_sc_pins pins;
  const xt_built_top *built = nullptr;
  void *model = nullptr;

  const sc_core::sc_time half;
  bool step_shown = false;
  bool high = false, sleeping = false;
  uint64_t cycles = 0, quiet = 0;
  bool failed = false;
  // AXI4-Lite: one write and one read at a time
  bool write_locked = false, write_busy = false, aw = false, w = false, write_ok = false;
  bool read_locked = false, read_busy = false, ar = false, read_ok = false;
  uint32_t write_addr = 0, write_data = 0, write_strobes = 0, read_addr = 0, read_data = 0;
  std::deque<Word> out;
  bool s_taken = false, inside = false, hold = false;  // the word on the pins; a packet has begun; no other may
  uint64_t sent = 0, queued = 0;                       // packets
  std::vector<Lane> lanes;
  std::deque<Step> todo;
  bool cut_armed = false, cutting = false, cut_ended = false, cut_done = false;
  uint32_t cut_cycle = 0;
  sc_core::sc_event wake{"wake"}, changed{"changed"};
};

#endif
