/* SPDX-License-Identifier: Apache-2.0 */
/* xt_top loosely timed: the golden reference behind the socket of xt_sc_platform.h.
 *
 * b_transport never waits; it annotates time in `delay`: REGISTER_CYCLES per register access, one cycle per stream
 * word, and an operation from the later of "packet is in" and "previous operation has ended" for as many cycles as
 * register CYCLES counts. An access at a time (sc_time_stamp() + delay) before that end sees STATUS busy, and a
 * register write then is refused BUSY. Looser than the RTL: counters, XFER_PTR and devices show an operation as soon as
 * its packet is in; answers of several tiles do not wait for each other.
 */
#ifndef XT_SC_LT_H
#define XT_SC_LT_H

#include <deque>
#include <utility>

#include "xt_sc_platform.h"

class xt_sc_lt : public xt_sc_platform {
 public:
  static constexpr unsigned REGISTER_CYCLES = 4;
  xt_sc_lt(const sc_core::sc_module_name &name, const xt_shape &shape, unsigned tiles, sc_core::sc_time period);
  ~xt_sc_lt() override;

  int configure(unsigned tile, const xt_array_cfg &cfg) override;
  int hw_reset() override;
  int hw_reset_at(uint32_t cycle) override;
  int get_snapshot(unsigned tile, xt_snapshot &s) override;
  int set_snapshot(unsigned tile, const xt_snapshot &s) override;
  const int16_t *states16(unsigned tile, int sel) const override;
  bool cut_pending() const override { return cut_armed; }

 private:
  struct Answer {
    std::vector<uint32_t> words;
    sc_core::sc_time ready;
  };
  struct Lane {  // one TDEST
    xt_tile *tile = nullptr;
    sc_core::sc_time free_at;
    std::deque<Answer> answers;
  };
  struct Event {
    sc_core::sc_time at;
    uint32_t bits;
  };

  bool bus_read(uint32_t addr, uint32_t &data, sc_core::sc_time &delay) override;
  bool bus_write(uint32_t addr, uint32_t data, sc_core::sc_time &delay) override;
  bool stream_write(unsigned tile, const uint32_t *words, size_t n, sc_core::sc_time &delay) override;
  Stream stream_read(unsigned tile, size_t cap, std::vector<uint32_t> &words, sc_core::sc_time &delay) override;

  int own_read(uint32_t word, uint32_t &data) const;  // XT_CSR_ST_*
  int own_write(uint32_t word, uint32_t data);
  bool respond(uint32_t addr, bool write, int status, sc_core::sc_time at);
  void happen(sc_core::sc_time until);  // interrupt events up to then
  void show_irq();
  int relay(unsigned tile, int code);
  bool idle() const;

  std::vector<Lane> lanes;
  std::deque<Event> events;  // in no order
  uint32_t irq_status = 0, irq_enable = 0, bus_status = 0, answers_given = 0;
  bool cut_armed = false;
  sc_core::sc_event irq_event{"irq_event"};
};

#endif
