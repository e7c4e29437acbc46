// SPDX-License-Identifier: Apache-2.0
#include "xt_sc_lt.h"

#include <algorithm>
#include <stdexcept>

extern "C" {
#include "xt_ref.h"
}

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

const xt_engine &ref = xt_engine_ref;

uint64_t cycles_of(xt_tile *t) {
  uint32_t lo = 0, hi = 0;
  int status = 0;
  ref.csr_read(t, XT_CSR_COUNTERS + 2 * XT_CNT_CYCLES, &lo, &status);
  ref.csr_read(t, XT_CSR_COUNTERS + 2 * XT_CNT_CYCLES + 1, &hi, &status);
  return uint64_t(hi) << 32 | lo;
}

}  // namespace

xt_sc_lt::xt_sc_lt(const sc_core::sc_module_name &name, const xt_shape &s, unsigned count, sc_time clock_period)
    : xt_sc_platform(name, s, count, clock_period), lanes(XT_SC_TDESTS) {
  xt_engine_opts opts = {};
  char why[300];
  for (unsigned t = 0; t < tiles; t++) {
    opts.tile_index = int(t);
    if (ref.create(&lanes[t].tile, &shape, &opts, why, sizeof why) != XT_E_OK) throw std::runtime_error(why);
  }
  SC_HAS_PROCESS(xt_sc_lt);
  SC_METHOD(show_irq);
  sensitive << irq_event;
  dont_initialize();
}

xt_sc_lt::~xt_sc_lt() {
  for (Lane &l : lanes)
    if (l.tile) ref.destroy(l.tile);
}

// ---- interrupts

void xt_sc_lt::happen(sc_time until) {
  for (size_t k = 0; k < events.size();) {
    if (events[k].at > until) {
      k++;
      continue;
    }
    irq_status |= events[k].bits;
    if (events[k].bits & 1u << XT_IRQ_ANSWER) answers_given++;
    events.erase(events.begin() + std::ptrdiff_t(k));
  }
}

void xt_sc_lt::show_irq() {
  const sc_time now = sc_time_stamp();
  happen(now);
  irq.write((irq_status & irq_enable) != 0);
  sc_time next = sc_core::SC_ZERO_TIME;
  for (const Event &e : events)
    if (next == sc_core::SC_ZERO_TIME || e.at < next) next = e.at;
  if (next > now) irq_event.notify(next - now);
}

bool xt_sc_lt::respond(uint32_t addr, bool write, int status, sc_time at) {
  if (status != XT_CSR_ST_OK) {
    bus_status = addr | uint32_t(write) << 18 | uint32_t(status) << 20;
    events.push_back({at, 1u << XT_IRQ_BUS});
    happen(at);
  }
  irq_event.notify(sc_core::SC_ZERO_TIME);
  return status == XT_CSR_ST_OK;
}

// ---- registers

int xt_sc_lt::own_read(uint32_t word, uint32_t &data) const {
  switch (word) {
    case XT_CSR_TOP_ID:
      data = XT_ID;
      return XT_CSR_ST_OK;
    case XT_CSR_TOP_PARAM_HASH:
      data = XT_PARAM_HASH;
      return XT_CSR_ST_OK;
    case XT_CSR_TOP_TILES:
      data = tiles;
      return XT_CSR_ST_OK;
    case XT_CSR_IRQ_STATUS:
      data = irq_status;
      return XT_CSR_ST_OK;
    case XT_CSR_IRQ_ENABLE:
      data = irq_enable;
      return XT_CSR_ST_OK;
    case XT_CSR_BUS_STATUS:
      data = bus_status;
      return XT_CSR_ST_OK;
    case XT_CSR_ANSWERS:
      data = answers_given;
      return XT_CSR_ST_OK;
    default:
      return XT_CSR_ST_ADDRESS;
  }
}

int xt_sc_lt::own_write(uint32_t word, uint32_t data) {
  uint32_t unused = 0;
  switch (word) {
    case XT_CSR_IRQ_STATUS:
      irq_status &= ~data;
      return XT_CSR_ST_OK;
    case XT_CSR_IRQ_ENABLE:
      if (data > 7) return XT_CSR_ST_VALUE;
      irq_enable = data;
      return XT_CSR_ST_OK;
    default:
      return own_read(word, unused) == XT_CSR_ST_OK ? XT_CSR_ST_READONLY : XT_CSR_ST_ADDRESS;
  }
}

bool xt_sc_lt::bus_read(uint32_t addr, uint32_t &data, sc_time &delay) {
  delay += REGISTER_CYCLES * period;
  const sc_time at = sc_time_stamp() + delay;
  happen(at);
  data = 0;
  int status = XT_CSR_ST_ADDRESS;
  const uint32_t tile = addr / XT_TOP_TILE_STRIDE, word = addr % XT_TOP_TILE_STRIDE / 4;
  if (addr >= XT_TOP_BASE) {
    status = own_read((addr - XT_TOP_BASE) / 4, data);
  } else if (tile < tiles && word < 256) {
    ref.csr_read(lanes[tile].tile, uint8_t(word), &data, &status);
    if (word == XT_CSR_STATUS && at < lanes[tile].free_at) data |= 1;
  }
  if (status != XT_CSR_ST_OK) data = 0;
  return respond(addr, false, status, at);
}

bool xt_sc_lt::bus_write(uint32_t addr, uint32_t data, sc_time &delay) {
  delay += REGISTER_CYCLES * period;
  const sc_time at = sc_time_stamp() + delay;
  happen(at);
  int status = XT_CSR_ST_ADDRESS;
  const uint32_t tile = addr / XT_TOP_TILE_STRIDE, word = addr % XT_TOP_TILE_STRIDE / 4;
  if (addr >= XT_TOP_BASE) {
    status = own_write((addr - XT_TOP_BASE) / 4, data);
  } else if (tile < tiles && word < 256) {
    xt_tile *t = lanes[tile].tile;
    uint32_t was = 0;
    int ignored = 0;
    const bool busy = at < lanes[tile].free_at;
    if (busy) ref.csr_read(t, uint8_t(word), &was, &ignored);
    ref.csr_write(t, uint8_t(word), data, &status);
    if (busy && (status == XT_CSR_ST_OK || status == XT_CSR_ST_VALUE)) {  // BUSY comes before VALUE
      if (status == XT_CSR_ST_OK) ref.csr_write(t, uint8_t(word), was, &ignored);
      status = XT_CSR_ST_BUSY;
    }
  }
  return respond(addr, true, status, at);
}

// ---- streams

bool xt_sc_lt::stream_write(unsigned tile, const uint32_t *words, size_t n, sc_time &delay) {
  Lane &l = lanes[tile];
  if (l.answers.size() >= XT_QUEUE) {
    fail(XT_E_ARG, "tile %u: %d answers have not been read", tile, XT_QUEUE);
    return false;
  }
  delay += double(n) * period;
  const sc_time in = sc_time_stamp() + delay;
  Answer a;
  uint32_t bits = 1u << XT_IRQ_ANSWER;
  if (tile >= tiles) {
    a.words = {(words[0] & 0xFF) | uint32_t(XT_ST_ERR_TILE) << 8};
    a.ready = in;
  } else {
    const uint64_t before = cycles_of(l.tile);
    size_t got = 0;
    a.words.resize(size_t(shape.n + shape.m) / 2 + 8);
    if (ref.submit(l.tile, words, n) != XT_E_OK) {
      relay(tile, XT_E_ARG);
      return false;
    }
    if (cut_armed) {  // the reset has come: nothing to answer
      cut_armed = false;
      hw_reset();
      return true;
    }
    if (ref.collect(l.tile, a.words.data(), a.words.size(), &got) != XT_E_OK) {
      relay(tile, XT_E_ARG);
      return false;
    }
    a.words.resize(got);
    const uint64_t after = cycles_of(l.tile);
    const uint64_t cycles = after > before ? after - before : 2;  // RESET clears the counter
    l.free_at = std::max(l.free_at, in) + double(cycles) * period;
    a.ready = l.free_at;
  }
  if ((a.words[0] >> 8 & 0xFF) != XT_ST_OK) bits |= 1u << XT_IRQ_ERROR;
  events.push_back({a.ready, bits});
  l.answers.push_back(std::move(a));
  irq_event.notify(sc_core::SC_ZERO_TIME);
  return true;
}

xt_sc_platform::Stream xt_sc_lt::stream_read(unsigned tile, size_t cap, std::vector<uint32_t> &words, sc_time &delay) {
  Lane &l = lanes[tile];
  if (l.answers.empty()) {
    fail(XT_E_ARG, "tile %u: no packet is under way", tile);
    return Stream::refused;
  }
  const sc_time now = sc_time_stamp(), ready = l.answers.front().ready;
  if (ready > now + delay) delay = ready - now;
  if (l.answers.front().words.size() > cap) return Stream::too_long;
  words = std::move(l.answers.front().words);
  l.answers.pop_front();
  delay += double(words.size()) * period;
  return Stream::ok;
}

// ---- the laboratory's

bool xt_sc_lt::idle() const {
  return std::all_of(lanes.begin(), lanes.end(), [](const Lane &l) { return l.answers.empty(); });
}

int xt_sc_lt::relay(unsigned tile, int code) {
  return code == XT_E_OK ? code : fail(code, "%s", ref.error(lanes[tile].tile));
}

int xt_sc_lt::configure(unsigned tile, const xt_array_cfg &cfg) {
  const int err = check_tile(tile);
  if (err) return err;
  if (!idle()) return fail(XT_E_ARG, "the array cannot be configured while packets are under way");
  return relay(tile, ref.configure(lanes[tile].tile, &cfg));
}

int xt_sc_lt::hw_reset() {
  for (Lane &l : lanes) {
    if (l.tile) ref.hw_reset(l.tile);
    l.answers.clear();
    l.free_at = sc_core::SC_ZERO_TIME;
  }
  events.clear();
  irq_status = irq_enable = bus_status = answers_given = 0;
  irq_event.notify(sc_core::SC_ZERO_TIME);
  return XT_E_OK;
}

int xt_sc_lt::hw_reset_at(uint32_t cycle) {
  if (tiles != 1) return fail(XT_E_ARG, "hw_reset_at needs a platform of one tile");
  if (!idle()) return fail(XT_E_ARG, "hw_reset_at while packets are under way");
  cut_armed = true;
  return relay(0, ref.hw_reset_at(lanes[0].tile, cycle));
}

int xt_sc_lt::get_snapshot(unsigned tile, xt_snapshot &s) {
  const int err = check_tile(tile);
  if (err) return err;
  if (!idle()) return fail(XT_E_ARG, "no snapshot while packets are under way");
  return relay(tile, ref.get_snapshot(lanes[tile].tile, &s));
}

int xt_sc_lt::set_snapshot(unsigned tile, const xt_snapshot &s) {
  const int err = check_tile(tile);
  if (err) return err;
  if (!idle()) return fail(XT_E_ARG, "no snapshot while packets are under way");
  return relay(tile, ref.set_snapshot(lanes[tile].tile, &s));
}

const int16_t *xt_sc_lt::states16(unsigned tile, int sel) const {
  return tile < tiles ? ref.states16(lanes[tile].tile, sel) : nullptr;
}
