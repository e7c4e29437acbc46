// SPDX-License-Identifier: Apache-2.0
#include "xt_sc_rtl.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>

#include "xt_built_tile.h"
#include "xt_rtl.h"
#include "xt_csr.h"

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

// A loaded object has one model (its Verilator context, its alarm); dlopen knows a file it has loaded, so later
// instances get a copy.
const xt_built_top *load(const std::string &path) {
  static std::set<std::string> loaded;
  std::string file = path;
  if (!loaded.insert(path).second) {
    const char *dir = std::getenv("TMPDIR");
    file = std::string(dir && *dir ? dir : "/tmp") + "/xt_sc_XXXXXX";
    const int fd = mkstemp(file.data());
    if (fd < 0) throw std::runtime_error("cannot write " + file);
    close(fd);
    std::ifstream from(path, std::ios::binary);
    std::ofstream to(file, std::ios::binary);
    to << from.rdbuf();
    to.close();
    if (!to || !from) {
      unlink(file.c_str());
      throw std::runtime_error("cannot copy " + path + " to " + file);
    }
  }
  void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  const char *why = library ? nullptr : dlerror();
  if (file != path) unlink(file.c_str());
  if (!library) throw std::runtime_error(std::string("cannot load the RTL: ") + (why ? why : path.c_str()));
  xt_built_top_fn functions = nullptr;
  void *symbol = dlsym(library, XT_BUILT_TOP_SYMBOL);
  std::memcpy(&functions, &symbol, sizeof functions);
  if (!functions) throw std::runtime_error(path + " is not an xt_top for SystemC");
  return functions();
}

}  // namespace

xt_sc_rtl::xt_sc_rtl(const sc_core::sc_module_name &name, const std::vector<xt_shape> &list, sc_time clock_period,
                     const char *plant)
    : xt_sc_platform(name, list, clock_period), half(clock_period / 2), lanes(XT_SC_TDESTS) {
  xt_engine_opts opts = {};
  char path[4096], why[1000];
  opts.plant = plant;
  if (xt_rtl_build_sc(shapes.data(), int(tiles), &opts, XT_SC_RT_LIB, path, sizeof path, why, sizeof why) != XT_E_OK)
    throw std::runtime_error(why + std::strlen("tile 0: "));
  built = load(path);
  model = built->create("top", plant, &pins, &irq, on_alarm, this);
  SC_HAS_PROCESS(xt_sc_rtl);
  SC_METHOD(half_cycle);
  // Power-on reset.
  todo.insert(todo.end(), 5, HELD);
  todo.insert(todo.end(), 4, RELEASED);
}

void xt_sc_rtl::on_alarm(void *self, const char *what) {
  auto *p = static_cast<xt_sc_rtl *>(self);
  if (!p->failed) p->fail(XT_E_MISMATCH, "%s", what);
  p->failed = true;
  p->changed.notify(sc_core::SC_ZERO_TIME);
}

// ---- the clock and the pins

const xt_sc_rtl::Step xt_sc_rtl::HELD = {false, true, false, false, false, 0, 0, 0};
const xt_sc_rtl::Step xt_sc_rtl::RELEASED = {true, true, false, false, false, 0, 0, 0};
const xt_sc_rtl::Step xt_sc_rtl::NOTHING = {true, false, false, false, false, 0, 0, 0};

bool xt_sc_rtl::working() const {
  if (failed) return false;
  if (!todo.empty() || write_busy || read_busy || !out.empty() || quiet < 4) return true;
  return std::any_of(lanes.begin(), lanes.end(), [](const Lane &l) { return l.under_way > l.answers.size(); });
}

void xt_sc_rtl::go() {
  quiet = 0;
  if (sleeping) {
    // The next rising edge: at a multiple of the period.
    const sc_time now = sc_time_stamp();
    const uint64_t late = now.value() % period.value();
    sleeping = false;
    wake.notify(sc_time::from_value(period.value() - late));
  }
}

void xt_sc_rtl::half_cycle() {
  if (high) {
    fall();
    high = false;
    if (!working()) {
      sleeping = true;
      next_trigger(wake);
      return;
    }
  } else {
    if (!rise()) {
      next_trigger(period);  // no edge
      return;
    }
  }
  next_trigger(half);
}

// Outputs as they have settled, then the edge; false: a reset comes instead.
bool xt_sc_rtl::rise() {
  bool news = false;
  if (cut_armed && cutting) {
    if (cut_ended || (pins.op_busy.read() && pins.op_cycle.read() == cut_cycle)) {
      // In the low half of the cycle, so that it does not happen; the clock goes on with the reset given.
      cut_armed = cutting = cut_ended = false;
      cut_done = true;
      withdraw();
      pins.rst_n.write(false);
      pins.s_tvalid.write(false);
      todo.insert(todo.end(), 2, HELD);
      todo.insert(todo.end(), 4, RELEASED);
      changed.notify(sc_core::SC_ZERO_TIME);
      return false;
    }
    if (pins.op_end.read()) cut_ended = true;
  }
  if (pins.awvalid.read() && pins.awready.read()) aw = false;
  if (pins.wvalid.read() && pins.wready.read()) w = false;
  if (write_busy && pins.bvalid.read()) {
    write_busy = aw = w = false;
    write_ok = pins.bresp.read() == 0;
    news = true;
  }
  if (pins.arvalid.read() && pins.arready.read()) ar = false;
  if (read_busy && pins.rvalid.read()) {
    read_busy = ar = false;
    read_ok = pins.rresp.read() == 0;
    read_data = pins.rdata.read();
    news = true;
  }
  if (pins.s_tvalid.read() && pins.s_tready.read()) {
    if (out.front().last) sent++;
    if (out.front().last || hold) news = true;
    inside = !out.front().last;
    s_taken = true;
    out.pop_front();
    quiet = 0;
  }
  if (pins.m_tvalid.read()) {
    Lane &l = lanes[pins.m_tid.read() % XT_SC_TDESTS];
    l.partial.push_back(pins.m_tdata.read());
    quiet = 0;
    if (pins.m_tlast.read()) {
      l.answers.push_back(std::move(l.partial));
      l.partial.clear();
      news = true;
    }
  }
  op_length += pins.op_busy.read();
  if (pins.op_end.read()) {
    quiet = 0;
    op_lengths.push_back(op_length);
    op_length = 0;
  }
  if (++quiet > XT_HANG_CYCLES && !failed) {
    fail(XT_E_HANG, "no answer after %" PRIu64 " cycles", quiet);
    failed = news = true;
  }
  if (news) {
    quiet = 0;
    changed.notify(sc_core::SC_ZERO_TIME);
  }
  cycles++;
  pins.clk.write(true);
  high = true;
  return true;
}

void xt_sc_rtl::fall() {
  Step s = NOTHING;
  if (!todo.empty()) {
    s = todo.front();
    todo.pop_front();
    if (todo.empty()) changed.notify(sc_core::SC_ZERO_TIME);
  }
  if (step_shown || !s.rst_n || s.valid || s.fabricate || s.rescan || !pins.rst_n.read()) {
    pins.rst_n.write(s.rst_n);
    pins.cfg_valid.write(s.valid);
    pins.cfg_tile.write(s.tile);
    pins.cfg_addr.write(s.addr);
    pins.cfg_data.write(s.data);
    pins.fabricate.write(s.fabricate);
    pins.rescan.write(s.rescan);
    step_shown = s.valid || s.fabricate || s.rescan;
  }
  pins.watch.write(cut_armed);
  const bool traffic = !s.reset;
  pins.awvalid.write(traffic && aw);
  pins.wvalid.write(traffic && w);
  pins.arvalid.write(traffic && ar);
  pins.awaddr.write(write_addr);
  pins.wdata.write(write_data);
  pins.wstrb.write(write_strobes);
  pins.araddr.write(read_addr);
  const bool offered = pins.s_tvalid.read() && !s_taken;
  const bool word = traffic && !out.empty() && (offered || inside || !hold);
  s_taken = false;
  pins.s_tvalid.write(word);
  if (word) {
    pins.s_tdata.write(out.front().data);
    pins.s_tdest.write(out.front().dest);
    pins.s_tlast.write(out.front().last);
  }
  pins.clk.write(false);
}

void xt_sc_rtl::steps(std::deque<Step> list) {
  todo.insert(todo.end(), list.begin(), list.end());
  go();
  while (!todo.empty() && !failed) wait(changed);
  wait(period);  // the last step's rising edge
}

void xt_sc_rtl::settle(sc_time &delay) {
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  delay = sc_core::SC_ZERO_TIME;
}

// ---- transactions

bool xt_sc_rtl::bus_write(uint32_t addr, uint32_t data, uint32_t strobes, sc_time &delay) {
  settle(delay);
  while (write_locked && !failed) wait(changed);
  if (failed) return false;
  write_locked = true;
  const bool resets = addr / 4 == (XT_TOP_BASE + 4 * XT_CSR_TILE_RESET) / 4 && strobes == 15;
  if (resets) hold_packets();
  write_busy = aw = w = true;
  write_addr = addr;
  write_data = data;
  write_strobes = strobes;
  go();
  while (write_busy && !failed) wait(changed);
  if (resets && !failed) reset_tiles(data & ((1u << tiles) - 1));
  write_locked = false;
  changed.notify(sc_core::SC_ZERO_TIME);
  return !failed && write_ok;
}

bool xt_sc_rtl::bus_read(uint32_t addr, uint32_t &data, sc_time &delay) {
  settle(delay);
  data = 0;
  while (read_locked && !failed) wait(changed);
  if (failed) return false;
  read_locked = read_busy = ar = true;
  read_addr = addr;
  go();
  while (read_busy && !failed) wait(changed);
  read_locked = false;
  changed.notify(sc_core::SC_ZERO_TIME);
  data = read_data;
  return !failed && read_ok;
}

// So that every packet has either begun before a reset of its tile or is none of its concern.
void xt_sc_rtl::hold_packets() {
  hold = true;
  while (pins.s_tvalid.read() && !inside && !failed) wait(changed);
}

// After a write of TILE_RESET: when it is done, no answer comes to what had begun.
void xt_sc_rtl::reset_tiles(uint32_t mask) {
  uint32_t waiting = mask;
  sc_time delay;
  while (waiting && bus_read(XT_TOP_BASE + 4 * XT_CSR_TILE_RESET, waiting, delay)) waiting &= mask;
  for (unsigned t = 0; t < tiles; t++)
    if (mask >> t & 1) lanes[t].under_way = unsigned(lanes[t].answers.size());
  if (mask & 1) {
    op_lengths.resize(std::min(op_lengths.size(), lanes[0].answers.size()));
    op_length = 0;
  }
  bool begins = !inside;
  for (const Word &word : out) {
    if (begins && mask >> word.dest & 1) lanes[word.dest].under_way++;
    begins = word.last;
  }
  hold = false;
  go();
}

bool xt_sc_rtl::stream_write(unsigned tile, const uint32_t *words, size_t n, sc_time &delay) {
  settle(delay);
  if (failed) return false;
  if (lanes[tile].under_way >= XT_QUEUE) {
    fail(XT_E_ARG, "tile %u: %d answers have not been read", tile, XT_QUEUE);
    return false;
  }
  for (size_t i = 0; i < n; i++) out.push_back({words[i], tile, i + 1 == n});
  const uint64_t ticket = ++queued;
  go();
  if (cut_armed) {
    cutting = true;
    cut_done = false;
    lanes[tile].under_way++;  // keeps the clock going
    while (!cut_done && !failed) wait(changed);
    steps({});
    return !failed;
  }
  lanes[tile].under_way++;
  while (sent < ticket && !failed) wait(changed);
  return !failed;
}

xt_sc_platform::Stream xt_sc_rtl::stream_read(unsigned tile, size_t cap, std::vector<uint32_t> &words, sc_time &delay) {
  settle(delay);
  Lane &l = lanes[tile];
  if (!failed && l.under_way == 0) fail(XT_E_ARG, "tile %u: no packet is under way", tile);
  if (failed || l.under_way == 0) return Stream::refused;
  while (l.answers.empty() && l.under_way > 0 && !failed) wait(changed);
  if (!failed && l.under_way == 0) fail(XT_E_ARG, "tile %u: its answers are lost, it has been reset", tile);
  if (failed || l.answers.empty()) return Stream::refused;
  if (l.answers.front().size() > cap) return Stream::too_long;
  words = std::move(l.answers.front());
  l.answers.pop_front();
  l.under_way--;
  if (tile == 0 && !op_lengths.empty()) {
    last_cycles = op_lengths.front();
    op_lengths.pop_front();
  }
  return Stream::ok;
}

// ---- the laboratory's

bool xt_sc_rtl::idle() const {
  return std::all_of(lanes.begin(), lanes.end(), [](const Lane &l) { return l.under_way == 0; });
}

int xt_sc_rtl::configure(unsigned tile, const xt_array_cfg &cfg) {
  int err = check_tile(tile);
  if (!err) err = check_config(cfg);
  if (err) return err;
  if (!idle()) return fail(XT_E_ARG, "the array cannot be configured while packets are under way");
  std::deque<Step> list;
  const auto word = [&](uint32_t addr, uint32_t data) {
    list.push_back({true, false, true, false, false, tile, addr, data});
  };
  for (uint32_t p = 0; p < XT_NUM_PLANES; p++) {
#define XT_FIELD(NAME, name, field, lo, hi, text) word(p *XT_CFG_STRIDE + field, uint32_t(cfg.dev[p].name));
    XT_DEV_TABLE(XT_FIELD)
#undef XT_FIELD
  }
#define XT_FIELD(NAME, name, field, lo, hi, text) word(XT_CFG_GLOBALS + field, cfg.name);
  XT_DEV_GLOBAL_TABLE(XT_FIELD)
#undef XT_FIELD
  list.push_back({true, false, false, true, false, tile, 0, 0});
  list.push_back(NOTHING);
  steps(std::move(list));
  return failed ? XT_E_MISMATCH : XT_E_OK;
}

void xt_sc_rtl::withdraw() {
  out.clear();
  inside = hold = false;
  sent = queued;
  for (Lane &l : lanes) l = Lane();
  op_lengths.clear();
  op_length = 0;
  write_busy = aw = w = write_ok = false;
  read_busy = ar = read_ok = false;
  changed.notify(sc_core::SC_ZERO_TIME);
}

int xt_sc_rtl::hw_reset() {
  std::deque<Step> list(3, HELD);
  list.insert(list.end(), 4, RELEASED);
  withdraw();
  steps(std::move(list));
  return failed ? XT_E_MISMATCH : XT_E_OK;
}

int xt_sc_rtl::hw_reset_at(uint32_t cycle) {
  if (tiles != 1) return fail(XT_E_ARG, "hw_reset_at needs a platform of one tile");
  if (!idle()) return fail(XT_E_ARG, "hw_reset_at while packets are under way");
  cut_armed = true;
  cut_cycle = cycle;
  return XT_E_OK;
}

int xt_sc_rtl::get_snapshot(unsigned tile, xt_snapshot &s) {
  const int err = check_tile(tile);
  if (err) return err;
  if (!idle()) return fail(XT_E_ARG, "no snapshot while packets are under way");
  steps({});
  built->peek(model, tile, &s);
  std::memset(s.csr, 0, sizeof s.csr);
  for (uint32_t r = 0; r < 256; r++)
    if (xt_csr_kept(uint8_t(r))) {
      sc_time delay;
      if (!bus_read(tile * XT_TOP_TILE_STRIDE + 4 * r, s.csr[r], delay))
        return failed ? XT_E_MISMATCH : fail(XT_E_MISMATCH, "snapshot: register 0x%02x cannot be read", r);
    }
  return XT_E_OK;
}

int xt_sc_rtl::set_snapshot(unsigned tile, const xt_snapshot &s) {
  int err = check_tile(tile);
  if (!err) err = check_snapshot(tile, s);
  if (err) return err;
  if (!idle()) return fail(XT_E_ARG, "no snapshot while packets are under way");
  for (uint32_t r = 0; r < 256; r++)
    if (xt_csr_kept(uint8_t(r))) {
      sc_time delay;
      uint32_t is = 0;
      if (!bus_write(tile * XT_TOP_TILE_STRIDE + 4 * r, s.csr[r], 15, delay) ||
          !bus_read(tile * XT_TOP_TILE_STRIDE + 4 * r, is, delay) || is != s.csr[r])
        return failed ? XT_E_MISMATCH
                      : fail(XT_E_MISMATCH, "snapshot: register 0x%02x refuses 0x%" PRIx32, r, s.csr[r]);
    }
  for (uint32_t k = 0; k < 2 * XT_NUM_COUNTERS; k++) {
    sc_time delay;
    const uint32_t value = uint32_t(s.counters[k / 2] >> (k % 2 * 32));
    if (!bus_write(tile * XT_TOP_TILE_STRIDE + 4 * (XT_CSR_COUNTERS + k), value, 15, delay))
      return failed ? XT_E_MISMATCH : fail(XT_E_MISMATCH, "snapshot: counter word %" PRIu32 " is refused", k);
  }
  // Asleep the clock is low and nothing moves.
  while (!sleeping && !failed) wait(period);
  built->poke(model, tile, &s);
  steps({{true, false, false, false, true, tile, 0, 0}, NOTHING});
  return failed ? XT_E_MISMATCH : XT_E_OK;
}

const int16_t *xt_sc_rtl::states16(unsigned tile, int sel) const {
  return tile < tiles ? built->states16(model, tile, sel) : nullptr;
}
