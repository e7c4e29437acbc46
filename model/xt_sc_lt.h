/* SPDX-License-Identifier: Apache-2.0 */
/* xt_top loosely timed: the golden reference behind the socket of xt_sc_platform.h.
 *
 * b_transport never waits; it annotates time in `delay`: REGISTER_CYCLES per register access, one cycle per stream
 * word, and an operation from the later of "packet is in" and "previous operation has ended" for as many cycles as
 * register CYCLES counts. Levels, STATUS and BUSY go by these times, events come at them.
 *
 * Looser than the RTL:
 * - counters, state registers and devices show an operation as soon as its packet is in; answers of several tiles do
 * not wait for each other;
 * - ABORT cuts ZERO_SHIFT and PROGRAM, in the cycle in which the write ends; for any other operation it comes too late;
 * - TILE_RESET acts at once; it cuts a ZERO_SHIFT or PROGRAM in its cycle, what any other operation under way has done
 *   to the devices stands.
 */
#ifndef XT_SC_LT_H
#define XT_SC_LT_H

#include <deque>
#include <memory>
#include <vector>

#include "xt_sc_platform.h"

class xt_sc_lt : public xt_sc_platform {
 public:
  static constexpr unsigned REGISTER_CYCLES = 4;
  xt_sc_lt(const sc_core::sc_module_name &name, const std::vector<xt_shape> &shapes, sc_core::sc_time period);
  ~xt_sc_lt() override;

  int configure(unsigned tile, const xt_array_cfg &cfg) override;
  int hw_reset() override;
  int hw_reset_at(uint32_t cycle) override;
  int get_snapshot(unsigned tile, xt_snapshot &s) override;
  int set_snapshot(unsigned tile, const xt_snapshot &s) override;
  const int16_t *states16(unsigned tile, int sel) const override;
  bool cut_pending() const override { return cut_armed; }

 private:
  // The state before an operation that may be cut, with its memory.
  struct Before {
    explicit Before(const xt_shape &shape);
    xt_snapshot s = {};
    std::vector<int32_t> w[XT_NUM_PLANES];
    std::vector<uint32_t> row_gen, col_gen;
    std::vector<int16_t> cal;
    std::vector<int32_t> acc;
  };
  struct Packet {
    std::vector<uint32_t> words, answer;
    sc_core::sc_time begin, in, start, end, out;  // first word; whole; START; after END; answer taken
    uint64_t cycles = 0;                          // of the operation
    std::unique_ptr<Before> before;
    bool ended = false, left = false;  // its events have come
    bool error() const { return (answer[0] >> 8 & 0xFF) != XT_ST_OK; }
  };
  struct Lane {  // one TDEST
    xt_tile *tile = nullptr;
    std::deque<Packet> packets;  // whose answers have not been read
    sc_core::sc_time free_at;    // END of the last operation
  };
  struct Kind {  // of event; by IRQ_*
    uint32_t event, enable, level_enable;
  };
  enum { KINDS = XT_IRQ_SPACE + 1 };

  bool bus_read(uint32_t addr, uint32_t &data, sc_core::sc_time &delay) override;
  bool bus_write(uint32_t addr, uint32_t data, uint32_t strobes, sc_core::sc_time &delay) override;
  bool stream_write(unsigned tile, const uint32_t *words, size_t n, sc_core::sc_time &delay) override;
  Stream stream_read(unsigned tile, size_t cap, std::vector<uint32_t> &words, sc_core::sc_time &delay) override;

  uint32_t mask(uint32_t kind) const;  // bits of a kind that exist
  uint32_t level(uint32_t kind, sc_core::sc_time at) const;
  uint32_t irq_status(sc_core::sc_time at) const;
  int own_read(uint32_t word, uint32_t &data, sc_core::sc_time at) const;  // XT_CSR_ST_*
  int own_write(uint32_t word, uint32_t data, sc_core::sc_time at);
  int tile_write(unsigned tile, uint8_t reg, uint32_t data, sc_core::sc_time at);
  bool respond(uint32_t addr, bool write, int status);
  void happen(sc_core::sc_time until);  // events up to then
  void show_irq();
  bool run(unsigned tile, Packet &p);
  bool abort(unsigned tile, sc_core::sc_time at);
  bool reset_tile(unsigned tile, sc_core::sc_time at);
  int relay(unsigned tile, int code);
  bool idle() const;

  std::vector<Lane> lanes;
  Kind kinds[KINDS] = {};
  uint32_t bus_ctrl = 0, bus_event = 0, bus_enable = 0, bus_status = 0, answers_given = 0;
  bool cut_armed = false;
  sc_core::sc_event irq_event{"irq_event"};
};

#endif
