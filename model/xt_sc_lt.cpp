// SPDX-License-Identifier: Apache-2.0
#include "xt_sc_lt.h"

#include <algorithm>
#include <stdexcept>

extern "C" {
#include "xt_csr.h"
#include "xt_ref.h"
}

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

const xt_engine &ref = xt_engine_ref;

}  // namespace

xt_sc_lt::xt_sc_lt(const sc_core::sc_module_name &name, const std::vector<xt_shape> &list, sc_time clock_period)
    : xt_sc_platform(name, list, clock_period), lanes(XT_SC_TDESTS) {
  xt_engine_opts opts = {};
  char why[300];
  for (unsigned t = 0; t < tiles; t++) {
    opts.tile_index = int(t);
    if (ref.create(&lanes[t].tile, &shapes[t], &opts, why, sizeof why) != XT_E_OK) throw std::runtime_error(why);
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

xt_sc_lt::Before::Before(const xt_shape &shape) {
  for (auto &plane : w) plane.resize(size_t(shape.n) * size_t(shape.m));
  row_gen.resize(size_t(shape.n));
  col_gen.resize(size_t(shape.m));
  cal.resize(size_t(xt_shape_units(&shape)));
  acc.resize(size_t(shape.n) * size_t(xt_shape_sums(&shape)));
  for (size_t p = 0; p < XT_NUM_PLANES; p++) s.w[p] = w[p].data();
  s.row_gen = row_gen.data();
  s.col_gen = col_gen.data();
  s.cal = cal.data();
  s.acc = acc.data();
}

// ---- events and interrupts

uint32_t xt_sc_lt::mask(uint32_t kind) const {
  const bool none = kind == XT_IRQ_ANSWER || kind == XT_IRQ_ERROR;
  return ((1u << tiles) - 1) | (none ? 1u << XT_NO_TILE : 0);
}

uint32_t xt_sc_lt::level(uint32_t kind, sc_time at) const {
  uint32_t bits = 0;
  for (unsigned t = 0; t < XT_SC_TDESTS; t++) {
    unsigned running = 0, under_way = 0, waiting = 0, errors = 0;
    for (const Packet &p : lanes[t].packets) {
      running += p.begin <= at && at < p.end;
      under_way += p.begin <= at && at < p.out;
      const bool waits = p.end <= at && at < p.end + period;  // taken as it comes
      waiting += waits;
      errors += waits && p.error();
    }
    const bool levels[KINDS] = {waiting > 0, running == 0, under_way == 0, errors > 0, under_way < XT_TOP_CREDITS};
    if (levels[kind]) bits |= 1u << (t < tiles ? t : XT_NO_TILE);
  }
  return bits & mask(kind);
}

void xt_sc_lt::happen(sc_time until) {
  for (unsigned t = 0; t < XT_SC_TDESTS; t++)
    for (Packet &p : lanes[t].packets) {
      const uint32_t bit = 1u << (t < tiles ? t : XT_NO_TILE);
      if (!p.ended && p.end <= until) {
        p.ended = true;
        kinds[XT_IRQ_ANSWER].event |= bit;
        kinds[XT_IRQ_DONE].event |= bit & mask(XT_IRQ_DONE);
        if (p.error()) kinds[XT_IRQ_ERROR].event |= bit;
      }
      if (!p.left && p.out <= until) {
        p.left = true;
        answers_given++;
        kinds[XT_IRQ_IDLE].event |= bit & level(XT_IRQ_IDLE, p.out);
      }
    }
}

uint32_t xt_sc_lt::irq_status(sc_time at) const {
  uint32_t status = (bus_event & bus_enable) << XT_IRQ_BUS;
  for (uint32_t k = 0; k < KINDS; k++) {
    const Kind &kind = kinds[k];
    if ((kind.event & kind.enable) || (level(k, at) & kind.level_enable)) status |= 1u << k;
  }
  return status;
}

// Whatever changes the pin: now, and when next a level can change.
void xt_sc_lt::show_irq() {
  const sc_time now = sc_time_stamp();
  happen(now);
  irq.write(irq_status(now) != 0);
  sc_time next = sc_core::SC_ZERO_TIME;
  for (const Lane &l : lanes)
    for (const Packet &p : l.packets)
      for (const sc_time &at : {p.begin, p.end, p.end + period, p.out})
        if (at > now && (next == sc_core::SC_ZERO_TIME || at < next)) next = at;
  if (next > now) irq_event.notify(next - now);
}

bool xt_sc_lt::respond(uint32_t addr, bool write, int status) {
  if (status != XT_CSR_ST_OK) {
    if (!bus_event) bus_status = addr | uint32_t(write) << 18 | uint32_t(status) << 20;
    bus_event = 1;
  }
  irq_event.notify(sc_core::SC_ZERO_TIME);
  return status == XT_CSR_ST_OK || !bus_ctrl;
}

// ---- registers

int xt_sc_lt::own_read(uint32_t word, uint32_t &data, sc_time at) const {
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
      data = irq_status(at);
      return XT_CSR_ST_OK;
    case XT_CSR_BUS_STATUS:
      data = bus_status;
      return XT_CSR_ST_OK;
    case XT_CSR_ANSWERS:
      data = answers_given;
      return XT_CSR_ST_OK;
    case XT_CSR_BUS_CTRL:
      data = bus_ctrl;
      return XT_CSR_ST_OK;
    case XT_CSR_BUS_EVENT:
      data = bus_event;
      return XT_CSR_ST_OK;
    case XT_CSR_BUS_ENABLE:
      data = bus_enable;
      return XT_CSR_ST_OK;
    case XT_CSR_TILE_RESET:
      data = 0;
      return XT_CSR_ST_OK;
#define XT_LEVEL_READ(K)                   \
  case XT_CSR_##K##_NOW:                   \
    data = level(XT_IRQ_##K, at);          \
    return XT_CSR_ST_OK;                   \
  case XT_CSR_##K##_LEVEL_ENABLE:          \
    data = kinds[XT_IRQ_##K].level_enable; \
    return XT_CSR_ST_OK;
#define XT_KIND_READ(K)              \
  XT_LEVEL_READ(K)                   \
  case XT_CSR_##K##_EVENT:           \
    data = kinds[XT_IRQ_##K].event;  \
    return XT_CSR_ST_OK;             \
  case XT_CSR_##K##_ENABLE:          \
    data = kinds[XT_IRQ_##K].enable; \
    return XT_CSR_ST_OK;
      XT_KIND_READ(ANSWER)
      XT_KIND_READ(DONE)
      XT_KIND_READ(IDLE)
      XT_KIND_READ(ERROR)
      XT_LEVEL_READ(SPACE)
#undef XT_KIND_READ
#undef XT_LEVEL_READ
    default:
      return XT_CSR_ST_ADDRESS;
  }
}

int xt_sc_lt::own_write(uint32_t word, uint32_t data, sc_time at) {
  uint32_t unused = 0;
  const auto set = [data](uint32_t &reg, uint32_t legal) {
    if (data & ~legal) return XT_CSR_ST_VALUE;
    reg = data;
    return XT_CSR_ST_OK;
  };
  switch (word) {
    case XT_CSR_BUS_CTRL:
      return set(bus_ctrl, 1);
    case XT_CSR_BUS_ENABLE:
      return set(bus_enable, 1);
    case XT_CSR_BUS_EVENT:
      bus_event &= ~data;
      return XT_CSR_ST_OK;
    case XT_CSR_TILE_RESET:
      for (unsigned t = 0; t < tiles; t++)
        if (data >> t & 1) reset_tile(t, at);
      return XT_CSR_ST_OK;
#define XT_LEVEL_WRITE(K)         \
  case XT_CSR_##K##_LEVEL_ENABLE: \
    return set(kinds[XT_IRQ_##K].level_enable, mask(XT_IRQ_##K));
#define XT_KIND_WRITE(K)              \
  XT_LEVEL_WRITE(K)                   \
  case XT_CSR_##K##_EVENT:            \
    kinds[XT_IRQ_##K].event &= ~data; \
    return XT_CSR_ST_OK;              \
  case XT_CSR_##K##_ENABLE:           \
    return set(kinds[XT_IRQ_##K].enable, mask(XT_IRQ_##K));
      XT_KIND_WRITE(ANSWER)
      XT_KIND_WRITE(DONE)
      XT_KIND_WRITE(IDLE)
      XT_KIND_WRITE(ERROR)
      XT_LEVEL_WRITE(SPACE)
#undef XT_KIND_WRITE
#undef XT_LEVEL_WRITE
    default:
      return own_read(word, unused, at) == XT_CSR_ST_OK ? XT_CSR_ST_READONLY : XT_CSR_ST_ADDRESS;
  }
}

// The reference is idle between packets: busy is added here, by the times.
int xt_sc_lt::tile_write(unsigned tile, uint8_t reg, uint32_t data, sc_time at) {
  const Lane &l = lanes[tile];
  const bool busy =
      std::any_of(l.packets.begin(), l.packets.end(), [at](const Packet &p) { return p.in <= at && at < p.out; });
  const int access = xt_csr_access(reg);
  int status = 0;
  if (busy && access != XT_ACCESS_WO) return access == XT_ACCESS_RO ? XT_CSR_ST_READONLY : XT_CSR_ST_BUSY;
  ref.csr_write(l.tile, reg, data, &status);
  if (status == XT_CSR_ST_OK && reg == XT_CSR_CONTROL && data & 1) abort(tile, at);
  return status;
}

bool xt_sc_lt::bus_read(uint32_t addr, uint32_t &data, sc_time &delay) {
  delay += REGISTER_CYCLES * period;
  const sc_time at = sc_time_stamp() + delay;
  happen(at);
  data = 0;
  int status = XT_CSR_ST_ADDRESS;
  const uint32_t tile = addr / XT_TOP_TILE_STRIDE, word = addr % XT_TOP_TILE_STRIDE / 4;
  if (addr >= XT_TOP_BASE) {
    status = own_read((addr - XT_TOP_BASE) / 4, data, at);
  } else if (tile < tiles && word < 256) {
    const Lane &l = lanes[tile];
    ref.csr_read(l.tile, uint8_t(word), &data, &status);
    const auto busy = [at](const Packet &p) { return p.in <= at && at < p.out; };
    if (word == XT_CSR_STATUS) data |= std::any_of(l.packets.begin(), l.packets.end(), busy);
  }
  if (status != XT_CSR_ST_OK) data = 0;
  return respond(addr, false, status);
}

bool xt_sc_lt::bus_write(uint32_t addr, uint32_t data, uint32_t strobes, sc_time &delay) {
  delay += REGISTER_CYCLES * period;
  if (strobes == 0) return true;
  const sc_time at = sc_time_stamp() + delay;
  happen(at);
  int status = XT_CSR_ST_ADDRESS;
  uint32_t unused = 0;
  const uint32_t tile = addr / XT_TOP_TILE_STRIDE, word = addr % XT_TOP_TILE_STRIDE / 4;
  const uint32_t own = (addr - XT_TOP_BASE) / 4;
  if (addr >= XT_TOP_BASE) {
    status = own_read(own, unused, at);
    if (status == XT_CSR_ST_OK) status = strobes != 15 ? XT_CSR_ST_PARTIAL : own_write(own, data, at);
  } else if (tile < tiles && word < 256) {
    if (xt_csr_access(uint8_t(word)) >= 0)
      status = strobes != 15 ? XT_CSR_ST_PARTIAL : tile_write(tile, uint8_t(word), data, at);
  }
  return respond(addr, true, status);
}

// ---- streams

// Runs a packet whose times up to `in` are known. false: it was cut by hw_reset_at, there is no answer.
bool xt_sc_lt::run(unsigned tile, Packet &p) {
  Lane &l = lanes[tile];
  size_t got = 0;
  p.answer.resize(size_t(shapes[tile].n + shapes[tile].m) / 2 + 8);
  if (ref.submit(l.tile, p.words.data(), p.words.size()) != XT_E_OK) return false;
  if (ref.collect(l.tile, p.answer.data(), p.answer.size(), &got) != XT_E_OK) return false;
  p.answer.resize(got);
  p.cycles = ref.op_cycles(l.tile);
  p.start = std::max(l.free_at, p.in);
  p.end = p.start + double(p.cycles) * period;
  p.out = p.end + double(got) * period;
  l.free_at = p.end;
  return true;
}

bool xt_sc_lt::stream_write(unsigned tile, const uint32_t *words, size_t n, sc_time &delay) {
  Lane &l = lanes[tile];
  if (l.packets.size() >= XT_QUEUE) {
    fail(XT_E_ARG, "tile %u: %d answers have not been read", tile, XT_QUEUE);
    return false;
  }
  Packet p;
  p.words.assign(words, words + n);
  p.begin = sc_time_stamp() + delay;
  delay += double(n) * period;
  p.in = sc_time_stamp() + delay;
  if (tile >= tiles) {
    p.answer = {(words[0] & 0xFF) | uint32_t(XT_ST_ERR_TILE) << 8};
    p.start = p.end = p.in;
    p.out = p.end + period;
  } else {
    const uint32_t op = words[0] & 0xFF;
    if (op == XT_OP_ZERO_SHIFT || op == XT_OP_PROGRAM) {
      p.before = std::make_unique<Before>(shapes[tile]);
      ref.get_snapshot(l.tile, &p.before->s);
    }
    const bool cut = cut_armed;
    cut_armed = false;
    const bool answered = run(tile, p);
    if (cut) {  // the reset has come: nothing to answer
      hw_reset();
      return true;
    }
    if (!answered) {
      relay(tile, XT_E_ARG);
      return false;
    }
  }
  l.packets.push_back(std::move(p));
  irq_event.notify(sc_core::SC_ZERO_TIME);
  return true;
}

xt_sc_platform::Stream xt_sc_lt::stream_read(unsigned tile, size_t cap, std::vector<uint32_t> &words, sc_time &delay) {
  Lane &l = lanes[tile];
  if (l.packets.empty()) {
    fail(XT_E_ARG, "tile %u: no packet is under way", tile);
    return Stream::refused;
  }
  const sc_time now = sc_time_stamp();
  if (l.packets.front().out > now + delay) delay = l.packets.front().out - now;
  if (l.packets.front().answer.size() > cap) return Stream::too_long;
  happen(now + delay);
  words = std::move(l.packets.front().answer);
  last_cycles = l.packets.front().cycles;
  l.packets.pop_front();
  irq_event.notify(sc_core::SC_ZERO_TIME);
  return Stream::ok;
}

// ---- ABORT, TILE_RESET

// The operation that runs at that time starts again from its state before, is cut in its cycle then, and those behind
// it follow anew. false: none that can be cut runs.
bool xt_sc_lt::abort(unsigned tile, sc_time at) {
  Lane &l = lanes[tile];
  for (size_t k = 0; k < l.packets.size(); k++) {
    Packet &cut = l.packets[k];
    if (!(cut.before && cut.start <= at && at < cut.end)) continue;
    l.free_at = cut.start;
    ref.set_snapshot(l.tile, &cut.before->s);
    ref.abort_at(l.tile, uint32_t((at - cut.start) / period));
    for (size_t i = k; i < l.packets.size(); i++) {
      if (i > k && l.packets[i].before) ref.get_snapshot(l.tile, &l.packets[i].before->s);
      run(tile, l.packets[i]);
    }
    return true;
  }
  return false;
}

// Operations that have not ended by then are lost.
bool xt_sc_lt::reset_tile(unsigned tile, sc_time at) {
  Lane &l = lanes[tile];
  for (const Packet &p : l.packets) {
    if (!p.before || p.end <= at) continue;
    ref.set_snapshot(l.tile, &p.before->s);
    if (p.start <= at) {
      ref.hw_reset_at(l.tile, uint32_t((at - p.start) / period));
      ref.submit(l.tile, p.words.data(), p.words.size());
    }
    break;
  }
  while (!l.packets.empty() && l.packets.back().end > at) l.packets.pop_back();
  l.free_at = sc_core::SC_ZERO_TIME;
  return ref.hw_reset(l.tile) == XT_E_OK;
}

// ---- the laboratory's

bool xt_sc_lt::idle() const {
  return std::all_of(lanes.begin(), lanes.end(), [](const Lane &l) { return l.packets.empty(); });
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
    l.packets.clear();
    l.free_at = sc_core::SC_ZERO_TIME;
  }
  for (Kind &kind : kinds) kind = Kind();
  bus_ctrl = bus_event = bus_enable = bus_status = answers_given = 0;
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
