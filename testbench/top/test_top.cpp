// SPDX-License-Identifier: Apache-2.0
// xt_top (Verilated, with the behavioural arrays) through its pins: AXI4-Lite, AXI4-Stream, interrupt, stalls on every
// channel. Each tile's answers and registers are compared with a golden reference that gets the same packets and
// writes. Environment: XT_TEST_SEED (printed), XT_TEST_ROUNDS (rounds of random traffic, default 12). Exit code: 0
// every check passed, 1 not, 2 set-up. On the first failure the run ends.
#include <array>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "Vxt_top_sim.h"
#include "verilated.h"
extern "C" {
#include "../splitmix.h"
#include "xt_ref.h"
}

double sc_time_stamp() {
  return 0;
}

namespace {

constexpr int kTiles = XT_TOP_TILES, kN = XT_TOP_N, kM = XT_TOP_M, kCodeBits = 7, kAdcBits = 9,
              kAdcShare = XT_TOP_SHARE, kBlMax = 31;
constexpr int kTop = 16;  // as a target of register accesses: xt_top itself
constexpr uint32_t kOkay = 0, kSlverr = 2;
constexpr uint64_t kHang = 2000000;

uint64_t seed, rng, cycle, checks;
uint64_t n_reads, n_writes, n_slverr, n_packets, n_none, n_bad, n_answers;
const char *phase = "start";

[[noreturn]] void fail(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  std::printf("FAIL %s, cycle %llu: ", phase, static_cast<unsigned long long>(cycle));
  std::vprintf(fmt, ap);
  va_end(ap);
  std::printf("\nagain: XT_TEST_SEED=%llu\n%llu passed, 1 failed\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(checks));
  std::fflush(stdout);
  std::_Exit(1);  // the model outlives its context otherwise
}
#define CHECK(cond, ...)            \
  do {                              \
    if (!(cond)) fail(__VA_ARGS__); \
    checks++;                       \
  } while (0)

uint32_t rnd() {
  return static_cast<uint32_t>(splitmix64(&rng) >> 16);
}
int range(int lo, int hi) {
  return lo + static_cast<int>(rnd() % static_cast<uint32_t>(hi - lo + 1));
}
bool chance(int percent) {
  return range(0, 99) < percent;
}

struct Reg {
  const char *name;
  uint32_t addr;
  bool writable;
  uint32_t reset;
  int64_t lo, hi;
};
constexpr int64_t adc_max = (1 << (kAdcBits - 1)) - 1, bl_max = kBlMax;
#define REG(name, addr, writable, reset, lo, hi) {#name, addr, (writable) != 0, reset, lo, hi},
const std::vector<Reg> kRegs = {XT_CSR_TABLE(REG)};
const std::vector<Reg> kOwn = {XT_TOP_CSR_TABLE(REG)};

uint32_t tile_addr(int t, uint32_t word) {
  return static_cast<uint32_t>(t) * XT_TOP_TILE_STRIDE + 4 * word;
}
uint32_t own_addr(uint32_t word) {
  return XT_TOP_BASE + 4 * word;
}

std::unique_ptr<Vxt_top_sim> dut;

// ---------------------------------------------------------------- golden tiles
std::array<xt_tile *, 16> ref;

void ref_ok(int t, int e) {
  if (e != 0) {
    std::fprintf(stderr, "test_top: the reference of tile %d says: %s\n", t,
                 xt_engine_ref.error(ref[static_cast<size_t>(t)]));
    std::exit(2);
  }
}
uint32_t ref_read(int t, uint32_t a) {
  uint32_t v = 0;
  int st = 0;
  ref_ok(t, xt_engine_ref.csr_read(ref[static_cast<size_t>(t)], static_cast<uint8_t>(a), &v, &st));
  return st == XT_CSR_ST_OK ? v : 0;
}

// ---------------------------------------------------------------- register accesses
struct Access {
  bool write;
  uint32_t addr, data, strb;
  unsigned allowed;  // set of CSR statuses
  bool compare;      // read data known
  uint32_t expect;
  int target;  // tile, kTop, or -1: holds nothing
  const char *what;
};
std::deque<Access> aw, w, ar;  // not handed over yet
std::deque<Access> b, r;       // response due
std::array<int, 17> writes_due, reads_due;
uint32_t last_rdata, last_resp;
uint32_t irq_status, irq_enable;
std::vector<uint32_t> bus_status{0};  // what BUS_STATUS may be

void request(const Access &a) {
  if (a.write) {
    aw.push_back(a), w.push_back(a), b.push_back(a);
    n_writes++;
  } else {
    ar.push_back(a), r.push_back(a);
    n_reads++;
  }
  if (a.target >= 0) (a.write ? writes_due : reads_due)[static_cast<size_t>(a.target)]++;
}

// ---------------------------------------------------------------- packets
struct Word {
  uint32_t data;
  bool last;
  uint32_t dest;
};
std::deque<Word> tx;
std::array<std::deque<std::vector<uint32_t>>, 16> expected;  // answers due, by TID
std::vector<uint32_t> rx;
std::vector<int> order;  // TIDs of answers, in order
uint32_t rx_id;
uint32_t answers;

void send(int dest, const std::vector<uint32_t> &words) {
  for (size_t i = 0; i < words.size(); i++) {
    // only the first word's TDEST counts
    tx.push_back({words[i], i + 1 == words.size(), i == 0 ? static_cast<uint32_t>(dest) : rnd() & 15});
  }
  n_packets++;
  std::vector<uint32_t> answer(static_cast<size_t>(1 + kN + kM));
  size_t n = 1;
  if (dest < kTiles) {
    xt_tile *t = ref[static_cast<size_t>(dest)];
    ref_ok(dest, xt_engine_ref.submit(t, words.data(), words.size()));
    ref_ok(dest, xt_engine_ref.collect(t, answer.data(), answer.size(), &n));
  } else {
    answer[0] = (words[0] & 0xFF) | XT_ST_ERR_TILE << 8;
    n_none++;
  }
  answer.resize(n);
  if ((answer[0] >> 8 & 0xFF) != XT_ST_OK) n_bad++;
  expected[static_cast<size_t>(dest)].push_back(answer);
}
size_t due(int dest) {
  return expected[static_cast<size_t>(dest)].size();
}
size_t all_due() {
  size_t n = 0;
  for (const auto &q : expected) n += q.size();
  return n;
}

// ---------------------------------------------------------------- the clock
struct {
  int go_aw = 50, go_w = 50, go_ar = 50, b_ready = 50, r_ready = 50, go_s = 60, m_ready = 60;
} rate;
struct Held {
  bool valid;
  uint32_t a, b, c;
};
Held was_b, was_r, was_m;

void hold(Held &was, bool valid, bool ready, uint32_t a, uint32_t b2, uint32_t c, const char *name) {
  if (was.valid) {
    CHECK(valid, "%s: valid fell before ready", name);
    CHECK(a == was.a && b2 == was.b && c == was.c, "%s: payload changed before ready: %x %x %x was %x %x %x", name, a,
          b2, c, was.a, was.b, was.c);
  }
  was = {valid && !ready, a, b2, c};
}
bool b_seen, r_seen;  // the response on the channel has been looked at

void refused(const Access &a) {
  irq_status |= 1u << XT_IRQ_BUS;
  n_slverr++;
  for (unsigned s = 1; s < 8; s++)
    if (a.allowed >> s & 1) bus_status.push_back(s << 20 | static_cast<uint32_t>(a.write) << 18 | a.addr);
}

// Inputs of a cycle: valid, once high, stays.
void drive() {
  if (!aw.empty() && !dut->s_axil_awvalid_i && chance(rate.go_aw)) {
    dut->s_axil_awvalid_i = 1;
    dut->s_axil_awaddr_i = aw.front().addr;
    dut->s_axil_awprot_i = rnd() & 7;
  }
  if (!w.empty() && !dut->s_axil_wvalid_i && chance(rate.go_w)) {
    dut->s_axil_wvalid_i = 1;
    dut->s_axil_wdata_i = w.front().data;
    dut->s_axil_wstrb_i = w.front().strb;
  }
  if (!ar.empty() && !dut->s_axil_arvalid_i && chance(rate.go_ar)) {
    dut->s_axil_arvalid_i = 1;
    dut->s_axil_araddr_i = ar.front().addr;
    dut->s_axil_arprot_i = rnd() & 7;
  }
  if (!tx.empty() && !dut->s_axis_tvalid_i && chance(rate.go_s)) {
    dut->s_axis_tvalid_i = 1;
    dut->s_axis_tdata_i = tx.front().data;
    dut->s_axis_tlast_i = tx.front().last;
    dut->s_axis_tdest_i = tx.front().dest;
  }
  dut->s_axil_bready_i = chance(rate.b_ready);
  dut->s_axil_rready_i = chance(rate.r_ready);
  dut->m_axis_tready_i = chance(rate.m_ready);
}

// A new response on channel B, with the state as it was before it: one write under way, the oldest, and both its parts
// have been handed over.
void check_b() {
  CHECK(!b.empty() && aw.size() < b.size() && w.size() < b.size(), "B: response without a request");
  const Access &a = b.front();
  const uint32_t resp = dut->s_axil_bresp_o;
  CHECK(resp == kOkay || resp == kSlverr, "B: response %u", resp);
  CHECK(resp == kOkay ? (a.allowed & 1) : (a.allowed >> 1),
        "B: response %u to a write of %08x (strobes %x) to %05x: %s", resp, a.data, a.strb, a.addr, a.what);
  if (resp == kSlverr) refused(a);
  b_seen = true;
}

void check_r() {
  CHECK(!r.empty() && ar.size() < r.size(), "R: response without a request");
  const Access &a = r.front();
  const uint32_t resp = dut->s_axil_rresp_o;
  CHECK(resp == kOkay || resp == kSlverr, "R: response %u", resp);
  CHECK(resp == kOkay ? (a.allowed & 1) : (a.allowed >> 1), "R: response %u to a read of %05x: %s", resp, a.addr,
        a.what);
  if (resp == kSlverr) CHECK(dut->s_axil_rdata_o == 0, "R: data %08x with SLVERR at %05x", dut->s_axil_rdata_o, a.addr);
  if (resp == kOkay && a.compare)
    CHECK(dut->s_axil_rdata_o == a.expect, "R: %05x reads %08x, expected %08x: %s", a.addr, dut->s_axil_rdata_o,
          a.expect, a.what);
  if (resp == kSlverr) refused(a);
  r_seen = true;
}

// A word of an answer that is taken in this cycle.
void check_answer() {
  const uint32_t id = dut->m_axis_tid_o;
  if (rx.empty()) {
    rx_id = id;
    irq_status |= 1u << XT_IRQ_ANSWER;
    if ((dut->m_axis_tdata_o >> 8 & 0xFF) != XT_ST_OK) irq_status |= 1u << XT_IRQ_ERROR;
  }
  CHECK(id == rx_id, "m_axis: TID %u in a packet of %u", id, rx_id);
  CHECK(due(static_cast<int>(id)) > 0, "m_axis: an answer of %u that nobody waits for", id);
  rx.push_back(dut->m_axis_tdata_o);
  const auto &e = expected[id].front();
  CHECK(rx.size() <= e.size(), "m_axis: answer of %u is longer than %zu words", id, e.size());
  CHECK(rx.back() == e[rx.size() - 1], "m_axis: word %zu of the answer of %u is %08x, expected %08x", rx.size() - 1, id,
        rx.back(), e[rx.size() - 1]);
  CHECK(dut->m_axis_tlast_o == (rx.size() == e.size()), "m_axis: last is %d in word %zu of %zu", dut->m_axis_tlast_o,
        rx.size() - 1, e.size());
  if (!dut->m_axis_tlast_o) return;
  order.push_back(static_cast<int>(id));
  expected[id].pop_front();
  rx.clear();
  answers++;
  n_answers++;
}

// What the outputs show before the edge.
void check_outputs() {
  const bool b_v = dut->s_axil_bvalid_o, r_v = dut->s_axil_rvalid_o, m_v = dut->m_axis_tvalid_o;
  hold(was_b, b_v, dut->s_axil_bready_i, dut->s_axil_bresp_o, 0, 0, "B");
  hold(was_r, r_v, dut->s_axil_rready_i, dut->s_axil_rresp_o, dut->s_axil_rdata_o, 0, "R");
  hold(was_m, m_v, dut->m_axis_tready_i, dut->m_axis_tdata_o, dut->m_axis_tlast_o, dut->m_axis_tid_o, "m_axis");

  const bool b_new = b_v && !b_seen, r_new = r_v && !r_seen;
  if ((b_new && dut->s_axil_bresp_o == kSlverr) || (r_new && dut->s_axil_rresp_o == kSlverr)) bus_status.clear();
  if (b_new) check_b();
  if (r_new) check_r();
  CHECK(dut->irq_o == ((irq_status & irq_enable) != 0), "irq_o is %d, status %x, enable %x", dut->irq_o, irq_status,
        irq_enable);
  if (m_v && dut->m_axis_tready_i) check_answer();
}

void tick() {
  drive();
  dut->clk_i = 0;
  dut->eval();
  check_outputs();

  // what the edge will see
  const bool aw_go = dut->s_axil_awvalid_i && dut->s_axil_awready_o,
             w_go = dut->s_axil_wvalid_i && dut->s_axil_wready_o,
             ar_go = dut->s_axil_arvalid_i && dut->s_axil_arready_o,
             s_go = dut->s_axis_tvalid_i && dut->s_axis_tready_o;
  const bool b_go = dut->s_axil_bvalid_o && dut->s_axil_bready_i, r_go = dut->s_axil_rvalid_o && dut->s_axil_rready_i;
  if (r_go) last_rdata = dut->s_axil_rdata_o, last_resp = dut->s_axil_rresp_o;
  if (b_go) last_resp = dut->s_axil_bresp_o;

  dut->clk_i = 1;
  dut->eval();
  cycle++;
  if (aw_go) aw.pop_front(), dut->s_axil_awvalid_i = 0;
  if (w_go) w.pop_front(), dut->s_axil_wvalid_i = 0;
  if (ar_go) ar.pop_front(), dut->s_axil_arvalid_i = 0;
  if (s_go) tx.pop_front(), dut->s_axis_tvalid_i = 0;
  if (b_go) {
    if (b.front().target >= 0) writes_due[static_cast<size_t>(b.front().target)]--;
    b.pop_front(), b_seen = false;
  }
  if (r_go) {
    if (r.front().target >= 0) reads_due[static_cast<size_t>(r.front().target)]--;
    r.pop_front(), r_seen = false;
  }
}

template <class F>
void until(F f, const char *what) {
  for (uint64_t end = cycle + kHang; !f(); tick())
    if (cycle > end) fail("no progress: %s", what);
}

// Single accesses, nothing else on the bus.
void bus_idle() {
  until([] { return b.empty() && r.empty(); }, "register accesses");
}
void put(uint32_t addr, uint32_t data, unsigned allowed, const char *what, uint32_t strb = 15) {
  request({true, addr, data, strb, allowed, false, 0, -1, what});
  bus_idle();
}
uint32_t get(uint32_t addr, unsigned allowed, const char *what) {
  request({false, addr, 0, 15, allowed, false, 0, -1, what});
  bus_idle();
  return last_rdata;
}
constexpr unsigned only(unsigned status) {
  return 1u << status;
}
constexpr unsigned kOk = only(XT_CSR_ST_OK), kAddress = only(XT_CSR_ST_ADDRESS);

void tile_put(int t, uint32_t word, uint32_t data) {  // a legal write
  int st = 0;
  ref_ok(t, xt_engine_ref.csr_write(ref[static_cast<size_t>(t)], static_cast<uint8_t>(word), data, &st));
  CHECK(st == XT_CSR_ST_OK, "the reference refuses %08x in register %02x", data, word);
  put(tile_addr(t, word), data, kOk, "legal write");
}

void check_bus_status(const char *what) {
  const uint32_t v = get(own_addr(XT_CSR_BUS_STATUS), kOk, what);
  bool ok = false;
  for (uint32_t e : bus_status) ok = ok || e == v;
  CHECK(ok, "BUS_STATUS is %08x, expected %08x after %s", v, bus_status[0], what);
}

// Everything answered: compare all that can be read.
void settle() {
  until([] { return all_due() == 0 && tx.empty(); }, "answers");
  bus_idle();
  check_bus_status("random traffic");
  CHECK(get(own_addr(XT_CSR_ANSWERS), kOk, "ANSWERS") == answers, "ANSWERS is %u, expected %u", last_rdata, answers);
  CHECK(get(own_addr(XT_CSR_IRQ_STATUS), kOk, "IRQ_STATUS") == irq_status, "IRQ_STATUS is %x, expected %x", last_rdata,
        irq_status);
  for (int t = 0; t < kTiles; t++) {
    for (uint32_t a = 0; a < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS; a++) {
      uint32_t v = 0;
      int st = 0;
      ref_ok(t, xt_engine_ref.csr_read(ref[static_cast<size_t>(t)], static_cast<uint8_t>(a), &v, &st));
      const uint32_t got = get(tile_addr(t, a), only(static_cast<unsigned>(st)), "register against the reference");
      CHECK(got == (st == XT_CSR_ST_OK ? v : 0), "tile %d register %02x reads %08x, expected %08x", t, a, got, v);
    }
  }
}

// Writes to IRQ_STATUS and IRQ_ENABLE change the model between the request and the response: irq_o is not predicted
// there.
void irq_write(uint32_t word, uint32_t data) {
  bus_idle();
  dut->s_axil_awvalid_i = dut->s_axil_wvalid_i = 1;
  dut->s_axil_awaddr_i = own_addr(word);
  dut->s_axil_wdata_i = data;
  dut->s_axil_wstrb_i = 15;
  dut->s_axil_bready_i = 1;
  dut->m_axis_tready_i = 0;
  int n = 0;
  for (;; n++) {
    if (n > 50) fail("no answer to a write of own register %u", word);
    dut->clk_i = 0;
    dut->eval();
    const bool aw_go = dut->s_axil_awready_o, w_go = dut->s_axil_wready_o, b_go = dut->s_axil_bvalid_o;
    if (b_go) CHECK(dut->s_axil_bresp_o == kOkay, "a legal write of own register %u is refused", word);
    dut->clk_i = 1;
    dut->eval();
    cycle++;
    if (aw_go) dut->s_axil_awvalid_i = 0;
    if (w_go) dut->s_axil_wvalid_i = 0;
    if (b_go) break;
  }
  if (word == XT_CSR_IRQ_STATUS)
    irq_status &= ~data;
  else
    irq_enable = data & 7;
  n_writes++;
}

// ---------------------------------------------------------------- phases
void configure(int t) {
  xt_array_cfg c = {};
  for (uint32_t p = 0; p < XT_NUM_PLANES; p++) {
    xt_dev_cfg &d = c.dev[p];
    d.dw = p == XT_PLANE_R ? 0 : 1500;
    d.shift = -2 + range(0, 3);
    d.up_down = range(-400, 400);
    d.c_ud = 88;
    d.w_max = 20000, d.w_min = 21000;
    d.c_dtod = d.c_wmax = d.c_wmin = d.c_c2c = 133;
    d.gamma_up = 4096, d.gamma_down = 3000;
    d.stuck = 500;
    d.round = range(0, 1);
  }
  c.seed = rnd();
  c.read_noise = 500;
  ref_ok(t, xt_engine_ref.configure(ref[static_cast<size_t>(t)], &c));
  dut->cfg_tile_i = static_cast<uint8_t>(t);
  const auto one = [&](uint32_t addr, uint32_t data) {
    dut->cfg_valid_i = 1;
    dut->cfg_addr_i = static_cast<uint8_t>(addr);
    dut->cfg_data_i = data;
    tick();
    dut->cfg_valid_i = 0;
  };
  for (uint32_t p = 0; p < XT_NUM_PLANES; p++) {
#define XT_FIELD(NAME, name, field, lo, hi, text) one(p *XT_CFG_STRIDE + field, static_cast<uint32_t>(c.dev[p].name));
    XT_DEV_TABLE(XT_FIELD)
#undef XT_FIELD
  }
#define XT_FIELD(NAME, name, field, lo, hi, text) one(XT_CFG_GLOBALS + field, c.name);
  XT_DEV_GLOBAL_TABLE(XT_FIELD)
#undef XT_FIELD
  dut->fabricate_i = 1;
  tick();
  dut->fabricate_i = 0;
}

// A read-only register of a tile: its value, before and after a write that is refused.
void walk_read_only(int t, const Reg &g) {
  const uint32_t at = tile_addr(t, g.addr);
  const uint32_t v = ref_read(t, g.addr);
  CHECK(get(at, kOk, g.name) == v, "%s reads %08x, expected %08x", g.name, last_rdata, v);
  put(at, v ^ 1, only(XT_CSR_ST_READONLY), g.name);
  check_bus_status(g.name);
  CHECK(get(at, kOk, g.name) == v, "%s changed by a refused write", g.name);
}

// A writable one that holds v: whatever must not change it; `other` is the other bound.
void walk_refused(uint32_t at, const Reg &g, uint32_t v, uint32_t other) {
  const uint32_t lo = static_cast<uint32_t>(g.lo), hi = static_cast<uint32_t>(g.hi);
  for (uint32_t bad : {lo - 1, hi + 1, hi ^ 0x80000000u}) {
    if (hi - lo == 0xFFFFFFFFu) continue;
    put(at, bad, only(XT_CSR_ST_VALUE), g.name);
    check_bus_status(g.name);
    CHECK(get(at, kOk, g.name) == v, "%s changed to %08x by a refused write of %08x", g.name, last_rdata, bad);
  }
  // misaligned and partial writes, as legal as their values are
  for (uint32_t strb = 0; strb < 15; strb++) put(at, other, kAddress, "partial write", strb);
  for (uint32_t low = 1; low < 4; low++) put(at + low, other, kAddress, "misaligned write");
  check_bus_status("misaligned write");
  CHECK(get(at, kOk, g.name) == v, "%s changed by a partial or misaligned write", g.name);
  for (uint32_t low = 1; low < 4; low++) {
    get(at + low, kAddress, "misaligned read");
    check_bus_status("misaligned read");
  }
}

void walk_writable(int t, const Reg &g) {
  const uint32_t at = tile_addr(t, g.addr), lo = static_cast<uint32_t>(g.lo), hi = static_cast<uint32_t>(g.hi);
  CHECK(get(at, kOk, g.name) == g.reset, "%s reads %08x after the reset, expected %08x", g.name, last_rdata, g.reset);
  for (uint32_t v : {lo, hi}) {
    put(at, v, kOk, g.name);
    CHECK(get(at, kOk, g.name) == v, "%s reads %08x, written %08x", g.name, last_rdata, v);
    walk_refused(at, g, v, v == lo ? hi : lo);
  }
  put(at, g.reset, kOk, g.name);
}

// Counters, and the addresses of a tile that are no register.
void walk_addresses(int t) {
  for (uint32_t a = 0; a < XT_TOP_TILE_STRIDE / 4; a++) {
    bool known = a >= XT_CSR_COUNTERS && a < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS;
    if (known) {
      CHECK(get(tile_addr(t, a), kOk, "counter") == 0, "counter word %02x reads %08x after the reset", a, last_rdata);
      put(tile_addr(t, a), 1, only(XT_CSR_ST_READONLY), "counter");
    }
    for (const Reg &g : kRegs) known = known || g.addr == a;
    if (known) continue;
    get(tile_addr(t, a), kAddress, "unknown register");
    put(tile_addr(t, a), 0, kAddress, "unknown register");
    if (a % 16 == 0) check_bus_status("unknown register");
  }
}

// Tiles that do not exist; the others have not been touched.
void walk_no_tiles() {
  for (int t = kTiles; t < 32; t++) {
    get(tile_addr(t, XT_CSR_SEED), kAddress, "no such tile");
    put(tile_addr(t, XT_CSR_SEED), 5, kAddress, "no such tile");
    check_bus_status("no such tile");
  }
  for (int t = 0; t < kTiles; t++)
    CHECK(get(tile_addr(t, XT_CSR_SEED), kOk, "SEED") == 1, "SEED of tile %d is %08x", t, last_rdata);
}

void walk_own() {
  const uint32_t own[] = {XT_ID, XT_PARAM_HASH, kTiles};
  for (uint32_t a = 0; a < 3; a++) {
    CHECK(get(own_addr(a), kOk, "own register") == own[a], "own register %u reads %08x", a, last_rdata);
  }
  for (const Reg &g : kOwn) {
    if (g.writable) continue;
    const uint32_t v = g.addr == XT_CSR_BUS_STATUS ? 0 : get(own_addr(g.addr), kOk, g.name);
    put(own_addr(g.addr), v ^ 1, only(XT_CSR_ST_READONLY), g.name);
    check_bus_status(g.name);
    if (g.addr != XT_CSR_BUS_STATUS)
      CHECK(get(own_addr(g.addr), kOk, g.name) == v, "%s changed by a refused write", g.name);
  }
  for (uint32_t a = static_cast<uint32_t>(kOwn.size()); a < 0x20000 / 4; a = a < 64 ? a + 1 : a * 2 + 1) {
    get(own_addr(a), kAddress, "unknown own register");
    put(own_addr(a), 7, kAddress, "unknown own register");
    check_bus_status("unknown own register");
  }
}

void walk_interrupts() {
  CHECK(get(own_addr(XT_CSR_IRQ_ENABLE), kOk, "IRQ_ENABLE") == 0, "IRQ_ENABLE is %x after the reset", last_rdata);
  for (uint32_t bad : {8u, 0x80000001u}) put(own_addr(XT_CSR_IRQ_ENABLE), bad, only(XT_CSR_ST_VALUE), "IRQ_ENABLE");
  check_bus_status("IRQ_ENABLE");
  put(own_addr(XT_CSR_IRQ_ENABLE), 7, kAddress, "IRQ_ENABLE, partial", 7);
  CHECK(get(own_addr(XT_CSR_IRQ_ENABLE), kOk, "IRQ_ENABLE") == 0, "IRQ_ENABLE changed to %x by a refused write",
        last_rdata);
  for (uint32_t en = 0; en < 8; en++) {
    irq_write(XT_CSR_IRQ_ENABLE, en);
    CHECK(get(own_addr(XT_CSR_IRQ_ENABLE), kOk, "IRQ_ENABLE") == en, "IRQ_ENABLE reads %x, written %x", last_rdata, en);
  }
  irq_write(XT_CSR_IRQ_STATUS, 3);  // not the bit that is set
  CHECK(get(own_addr(XT_CSR_IRQ_STATUS), kOk, "IRQ_STATUS") == 4, "IRQ_STATUS is %x, expected 4", last_rdata);
  irq_write(XT_CSR_IRQ_STATUS, 0xFFFFFFFFu);
  CHECK(get(own_addr(XT_CSR_IRQ_STATUS), kOk, "IRQ_STATUS") == 0, "IRQ_STATUS is %x, expected 0", last_rdata);
}

// Every register of the table, every address around it.
void walk() {
  phase = "register walk";
  for (int t = 0; t < kTiles; t++) {
    for (const Reg &g : kRegs)
      if (g.writable)
        walk_writable(t, g);
      else
        walk_read_only(t, g);
    walk_addresses(t);
  }
  walk_no_tiles();
  walk_own();
  walk_interrupts();
}

// Several answers wait everywhere: they must come in turns, from every source once per turn.
void turns() {
  phase = "round robin";
  for (int k = 0; k < 6; k++) {
    until([] { return all_due() == 0; }, "answers");
    order.clear();
    rate.m_ready = 0;
    // two answers per tile (output buffer, and one operation behind it), and one of a tile that does not exist
    for (int n = 0; n < 2; n++)
      for (int t = 0; t < kTiles; t++) send(t, {XT_OP_READ | XT_SEL_C << 8});
    if (kTiles < 16) send(range(kTiles, 15), {XT_OP_RESET});
    for (int c = 0; c < 2500; c++) tick();
    CHECK(tx.empty(), "commands are not taken while answers wait");
    rate.m_ready = 100;
    until([] { return all_due() == 0; }, "answers");
    rate.m_ready = 60;
    // in the first kTiles+1 answers every source once; then the second answers of the tiles
    std::array<int, 17> seen = {};
    const int sources = kTiles < 16 ? kTiles + 1 : kTiles;
    for (size_t i = 0; i < order.size(); i++) {
      const size_t s = static_cast<size_t>(order[i] < kTiles ? order[i] : 16);
      seen[s]++;
      const int turn = static_cast<int>(i) < sources ? 1 : 2;
      CHECK(seen[s] == turn, "source %d has its answer number %d as number %zu of all", order[i], seen[s], i + 1);
    }
  }
}

// An event in the cycle of its clear wins: the clear is moved past the event cycle by cycle.
void clear_race() {
  phase = "interrupt clear against event";
  irq_write(XT_CSR_IRQ_ENABLE, 1);
  int before = 0, after = 0;
  int wins_at = -1;
  for (int d = 0; d < 12; d++) {
    irq_write(XT_CSR_IRQ_STATUS, 7);
    rate.m_ready = 0;
    send(0, {0x55});  // unknown operation: a one-word answer
    until([] { return dut->m_axis_tvalid_o; }, "answer");
    // The write starts in cycle 0, the answer is taken in cycle d; the clear acts in cycle 1 (request to the
    // registers).
    dut->s_axil_awvalid_i = dut->s_axil_wvalid_i = 1;
    dut->s_axil_awaddr_i = own_addr(XT_CSR_IRQ_STATUS);
    dut->s_axil_wdata_i = 7;
    dut->s_axil_wstrb_i = 15;
    dut->s_axil_bready_i = 1;
    bool done = false;
    std::vector<int> irq;
    for (int c = 0; c < 16; c++) {
      dut->m_axis_tready_i = c == d;
      dut->clk_i = 0;
      dut->eval();
      irq.push_back(dut->irq_o);
      const bool aw_go = dut->s_axil_awvalid_i && dut->s_axil_awready_o,
                 w_go = dut->s_axil_wvalid_i && dut->s_axil_wready_o;
      done = done || dut->s_axil_bvalid_o;
      if (c == d) CHECK(dut->m_axis_tvalid_o && dut->m_axis_tlast_o && dut->m_axis_tid_o == 0, "no answer offered");
      dut->clk_i = 1;
      dut->eval();
      cycle++;
      if (aw_go) dut->s_axil_awvalid_i = 0;
      if (w_go) dut->s_axil_wvalid_i = 0;
    }
    dut->m_axis_tready_i = 0;
    CHECK(done, "no response to the clear");
    was_m = {};
    expected[0].pop_front();
    answers++, n_answers++, n_writes++;
    // The bit is high from d+1; a clear that acts in cycle C leaves it alone if d >= C.
    const bool stays = irq.back() != 0;
    CHECK(d + 1 > 15 || irq[static_cast<size_t>(d) + 1] == 1, "the event in cycle %d is lost", d);
    if (stays && wins_at < 0) wins_at = d;
    CHECK(stays == (wins_at >= 0), "the event in cycle %d is cleared, one in cycle %d was not", d, wins_at);
    stays ? after++ : before++;
    irq_status = stays ? 3 : 0;
    CHECK(get(own_addr(XT_CSR_IRQ_STATUS), kOk, "IRQ_STATUS") == irq_status, "IRQ_STATUS is %x, expected %x",
          last_rdata, irq_status);
  }
  CHECK(before > 0 && after > 0, "the sweep does not cross the clear");
  rate.m_ready = 60;
}

// A write and a read that come in one cycle: the kind that was not served last goes first.
void reads_and_writes() {
  phase = "reads and writes in turns";
  for (int *v : {&rate.go_aw, &rate.go_w, &rate.go_ar, &rate.b_ready, &rate.r_ready}) *v = 100;
  const auto one = [](bool write) {
    request({write, own_addr(XT_CSR_IRQ_ENABLE), irq_enable, 15, kOk, !write, irq_enable, -1, "one of two accesses"});
  };
  for (int k = 0; k < 10; k++) {
    const bool write_was_last = chance(50);
    one(write_was_last);
    bus_idle();
    one(true), one(false);
    until([] { return b.empty() || r.empty(); }, "one of two accesses");
    CHECK(b.empty() != write_was_last, "the %s goes first twice", write_was_last ? "write" : "read");
    bus_idle();
  }
  for (int *v : {&rate.go_aw, &rate.go_w, &rate.go_ar, &rate.b_ready, &rate.r_ready}) *v = 50;
}

// Negative codes have bits where an answer's header has its status: they are no error.
void negative_codes() {
  phase = "answer of negative codes";
  for (int t = 0; t < kTiles; t++) {
    tile_put(t, XT_CSR_ADC_OFFSET, 200);
    irq_write(XT_CSR_IRQ_STATUS, 7);
    send(t, {XT_OP_READ | XT_SEL_R << 8});
    CHECK((expected[static_cast<size_t>(t)].front()[1] & 0x80008000u) == 0x80008000u, "codes %08x are not negative",
          expected[static_cast<size_t>(t)].front()[1]);
    until([] { return all_due() == 0; }, "answer");
    CHECK(get(own_addr(XT_CSR_IRQ_STATUS), kOk, "IRQ_STATUS") == 1u << XT_IRQ_ANSWER, "IRQ_STATUS is %x", last_rdata);
    tile_put(t, XT_CSR_ADC_OFFSET, 0);
  }
}

// BUSY: a write during an operation, refused and without effect.
void busy() {
  phase = "write during an operation";
  for (int t = 0; t < kTiles; t++) {
    send(t, {XT_OP_ZERO_SHIFT | 2 << 8 | 3000u << 16});
    until([] { return tx.empty(); }, "command");
    for (int c = 0; c < 20; c++) tick();
    put(tile_addr(t, XT_CSR_UPD_EXP), 1, only(XT_CSR_ST_BUSY), "write during an operation");
    check_bus_status("write during an operation");
    put(tile_addr(t, XT_CSR_UPD_EXP), 64, only(XT_CSR_ST_BUSY), "illegal write during an operation");
    check_bus_status("illegal write during an operation");  // BUSY before VALUE
    put(tile_addr(t, XT_CSR_STATUS), 0, only(XT_CSR_ST_READONLY), "read-only register during an operation");
    CHECK((get(tile_addr(t, XT_CSR_STATUS), kOk, "STATUS") & 1) == 1, "STATUS is %x during an operation", last_rdata);
    // the other tiles and xt_top are not concerned
    for (int o = 0; o < kTiles; o++)
      if (due(o) == 0) tile_put(o, XT_CSR_UPD_EXP, rnd() & 63);
    CHECK(due(t) == 1, "the operation ended too early");
    CHECK(get(tile_addr(t, XT_CSR_UPD_EXP), kOk, "UPD_EXP") == ref_read(t, XT_CSR_UPD_EXP), "UPD_EXP changed to %x",
          last_rdata);
  }
  until([] { return all_due() == 0; }, "answers");
}

// An answer on its way out, word by word: IRQ_STATUS knows it from its first word, ANSWERS from its last; its tile is
// busy until then.
void word_by_word() {
  phase = "answer word by word";
  rate.m_ready = 0;
  for (int t = 0; t < kTiles; t++) {
    irq_write(XT_CSR_IRQ_STATUS, 7);
    send(t, {XT_OP_READ | XT_SEL_C << 8});
    until([] { return dut->m_axis_tvalid_o; }, "answer");
    const uint32_t answers_before = answers;
    const size_t words = expected[static_cast<size_t>(t)].front().size();
    CHECK(words == 1 + (kM + 1) / 2, "an answer of %zu words", words);
    for (size_t k = 0; k <= words; k++) {
      const bool over = k == words;
      CHECK(get(own_addr(XT_CSR_ANSWERS), kOk, "ANSWERS") == answers_before + over,
            "ANSWERS is %u after %zu of %zu words", last_rdata, k, words);
      CHECK(get(own_addr(XT_CSR_IRQ_STATUS), kOk, "IRQ_STATUS") == irq_status && (irq_status & 1) == (k > 0),
            "IRQ_STATUS is %x after %zu words", last_rdata, k);
      CHECK((get(tile_addr(t, XT_CSR_STATUS), kOk, "STATUS") & 1) == !over, "STATUS is %x after %zu of %zu words",
            last_rdata, k, words);
      put(tile_addr(t, XT_CSR_UPD_EXP), ref_read(t, XT_CSR_UPD_EXP), over ? kOk : only(XT_CSR_ST_BUSY),
          "write beside an answer");
      rate.m_ready = 100;
      if (!over) tick();
      rate.m_ready = 0;
    }
    CHECK(due(t) == 0, "the answer is not over");
  }
  rate.m_ready = 60;
}

// One ERR_TILE is pending at a time: the next packet for no tile is not taken, and holds up one for a tile.
void one_err_tile() {
  phase = "packets for no tile";
  if (kTiles == 16) return;
  rate.m_ready = 0;
  rate.go_s = 100;
  const int none = range(kTiles, 15), other = range(kTiles, 15);
  send(none, {0x11, 0x12});
  until([] { return tx.empty(); }, "first packet for no tile");
  send(other, {0x21, 0x22, 0x23});
  send(0, {XT_OP_READ});
  for (int c = 0; c < 300; c++) tick();
  CHECK(tx.size() == 4, "%zu words wait behind a pending ERR_TILE, not 4", tx.size());
  rate.m_ready = 100;
  until([] { return dut->m_axis_tvalid_o; }, "ERR_TILE");
  until([] { return tx.empty() && all_due() == 0; }, "what waited");
  rate.m_ready = rate.go_s = 60;
}

uint32_t codes(int lines, int first) {
  uint32_t v = 0;
  for (int k = 0; k < 4; k++) {
    const int c = first + k < lines ? range(-63, 63) : range(-128, 127);
    v |= static_cast<uint32_t>(c & 0xFF) << (8 * k);
  }
  return v;
}
std::vector<uint32_t> packet() {
  const uint32_t op = static_cast<uint32_t>(range(1, 8));
  std::vector<uint32_t> p = {op};
  if (op == XT_OP_FORWARD || op == XT_OP_UPDATE)
    for (int i = 0; i < kN; i += 4) p.push_back(codes(kN, i));
  if (op == XT_OP_BACKWARD || op == XT_OP_UPDATE)
    for (int i = 0; i < kM; i += 4) p.push_back(codes(kM, i));
  if (op == XT_OP_PROGRAM)
    for (int i = 0; i < kM; i += 2)
      p.push_back(static_cast<uint32_t>(range(-255, 255) & 0xFFFF) | static_cast<uint32_t>(range(-255, 255)) << 16);
  if (op == XT_OP_READ) p[0] |= static_cast<uint32_t>(range(0, 3)) << 8 | static_cast<uint32_t>(range(0, kN - 1)) << 16;
  if (op == XT_OP_PROGRAM)
    p[0] |= static_cast<uint32_t>(range(0, 2)) << 8 | static_cast<uint32_t>(range(0, kN - 1)) << 16;
  if (op == XT_OP_ZERO_SHIFT)
    p[0] |= static_cast<uint32_t>(range(0, 2)) << 8 | static_cast<uint32_t>(range(1, 20)) << 16;
  if (chance(25)) {
    switch (range(0, 5)) {
      case 0:
        p[0] = (p[0] & ~0xFFu) | static_cast<uint32_t>(chance(50) ? 0 : range(9, 255));
        break;
      case 1:
        p.pop_back();
        if (p.empty()) p.push_back(op);
        break;
      case 2:
        for (int k = range(1, 5); k > 0; k--) p.push_back(rnd());
        break;
      case 3:
        p[0] |= 1u << range(8, 15);
        break;
      case 4:
        p[0] ^= rnd() & 0xFFFF0000u;
        if (op == XT_OP_ZERO_SHIFT) p[0] &= 0x00FFFFFFu;
        break;
      default:
        if (p.size() > 1) p[1] = 0x80808080u;
        break;
    }
  }
  return p;
}

// Random accesses; false: not one that can be judged now.
bool access_nowhere(Access &a) {
  a.addr = chance(50)   ? tile_addr(range(kTiles, 31), rnd() & 0x3FF)
           : chance(50) ? own_addr(static_cast<uint32_t>(range(7, 0x7FFF)))
                        : tile_addr(range(0, kTiles - 1), rnd() & 0x3FF);
  if (chance(50)) a.addr |= 3;
  bool known = false;
  for (int t = 0; t < kTiles; t++) {
    for (uint32_t w2 = 0; w2 < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS; w2++) {
      known = known || (a.addr == tile_addr(t, w2));
    }
  }
  if (known) return false;
  a.allowed = kAddress;
  return true;
}

bool access_own(Access &a) {
  const Reg &g = kOwn[static_cast<size_t>(range(0, static_cast<int>(kOwn.size()) - 1))];
  a.addr = own_addr(g.addr);
  if (a.write && g.addr == XT_CSR_IRQ_STATUS) a.data &= ~7u;  // clears nothing
  if (a.write && g.addr == XT_CSR_IRQ_ENABLE) a.data |= 8, a.allowed = only(XT_CSR_ST_VALUE);
  if (a.write && !g.writable) a.allowed = only(XT_CSR_ST_READONLY);
  if (g.addr == XT_CSR_TOP_ID) a.compare = true, a.expect = XT_ID;
  if (g.addr == XT_CSR_IRQ_ENABLE) a.compare = true, a.expect = irq_enable;
  if (a.write && chance(20)) a.strb = static_cast<uint32_t>(range(0, 14)), a.allowed = kAddress;
  return true;
}

bool access_tile(Access &a, int target) {
  const size_t ti = static_cast<size_t>(target);
  const Reg &g = kRegs[static_cast<size_t>(range(0, static_cast<int>(kRegs.size()) - 1))];
  a.addr = tile_addr(target, g.addr);
  const bool idle = due(target) == 0;
  if (!a.write) {
    if (writes_due[ti] != 0) return false;
    const bool moves = g.addr == XT_CSR_STATUS || g.addr == XT_CSR_XFER_PTR || g.addr == XT_CSR_XFER_COUNT;
    a.compare = idle ? true : !moves;
    a.expect = ref_read(target, g.addr);
    if (moves) a.compare = false;  // a packet may start before the read
    a.target = target;
  } else if (!g.writable) {
    a.allowed = only(XT_CSR_ST_READONLY);
  } else if (chance(15)) {
    a.strb = static_cast<uint32_t>(range(0, 14));
    a.allowed = kAddress;
  } else if (chance(30) && g.hi - g.lo < 0xFFFFFFFFLL) {
    a.data = static_cast<uint32_t>(chance(50) ? g.lo - 1 - range(0, 3) : g.hi + 1 + range(0, 3));
    a.allowed = only(XT_CSR_ST_VALUE) | only(XT_CSR_ST_BUSY);
  } else if (!idle) {
    if (writes_due[ti] != 0) return false;
    a.data = ref_read(target, g.addr);  // no change, whether or not it is refused
    a.allowed = kOk | only(XT_CSR_ST_BUSY);
  } else {
    if (writes_due[ti] != 0 || reads_due[ti] != 0) return false;
    int64_t hi = g.hi;
    if (g.addr == XT_CSR_PROG_ITERS) hi = 6;  // short operations
    const int64_t span = hi - g.lo;
    a.data = static_cast<uint32_t>(g.lo + static_cast<int64_t>(rnd()) % (span + 1));
    int st = 0;
    ref_ok(target, xt_engine_ref.csr_write(ref[ti], static_cast<uint8_t>(g.addr), a.data, &st));
    CHECK(st == XT_CSR_ST_OK, "the reference refuses %08x in %s", a.data, g.name);
    a.target = target;
  }
  a.what = g.name;
  return true;
}

void one_access() {
  Access a = {chance(50), 0, rnd(), 15, kOk, false, 0, -1, "random"};
  const int target = range(0, 9) == 0 ? kTop : range(0, kTiles - 1);
  const bool nowhere = range(0, 9) == 0;
  if (nowhere ? access_nowhere(a) : target == kTop ? access_own(a) : access_tile(a, target)) request(a);
}

void random_traffic(int rounds) {
  phase = "random traffic";
  for (int k = 0; k < rounds; k++) {
    irq_write(XT_CSR_IRQ_STATUS, rnd() & 7);
    irq_write(XT_CSR_IRQ_ENABLE, rnd() & 7);
    for (int *v : {&rate.go_aw, &rate.go_w, &rate.go_ar, &rate.b_ready, &rate.r_ready, &rate.go_s, &rate.m_ready})
      *v = chance(30) ? 100 : range(3, 95);
    const uint64_t end = n_reads + n_writes + 600;
    int sent = 0;
    while (n_reads + n_writes < end || sent < 120) {
      if (n_reads + n_writes < end && b.size() + r.size() < 4 && chance(30)) one_access();
      if (sent < 120 && tx.size() < 24 && chance(20)) {
        const int dest = chance(80) ? range(0, kTiles - 1) : range(0, 15);
        // a packet only when no write to its tile is under way
        if (dest >= kTiles || writes_due[static_cast<size_t>(dest)] == 0) send(dest, packet()), sent++;
      }
      tick();
      if (cycle > UINT64_C(4000000000)) fail("no progress");
    }
    settle();
  }
}

template <class T>
bool all_0(const T &port) {
  const T none = {};
  return std::memcmp(&port, &none, sizeof port) == 0;
}

void hard_reset() {
  dut->rst_ni = 0;
  for (int k = 0; k < 3; k++) {
    dut->clk_i = 0;
    dut->eval();
    CHECK(!dut->s_axil_bvalid_o && !dut->s_axil_rvalid_o && !dut->m_axis_tvalid_o && !dut->irq_o,
          "an output is valid in reset");
    CHECK(!dut->s_axil_awready_o && !dut->s_axil_wready_o && !dut->s_axil_arready_o && !dut->s_axis_tready_o,
          "an input is ready in reset");
    CHECK(all_0(dut->trace_row_act_o) && all_0(dut->trace_row_pol_o) && all_0(dut->trace_col_act_o) &&
              all_0(dut->trace_col_pol_o) && all_0(dut->trace_trial_o),
          "a line of the array is driven in reset");
    dut->clk_i = 1;
    dut->eval();
  }
  dut->rst_ni = 1;
  was_b = was_r = was_m = {};
  b_seen = r_seen = false;
  irq_status = irq_enable = answers = 0;
  bus_status = {0};
  rx.clear();
  for (int t = 0; t < kTiles; t++) ref_ok(t, xt_engine_ref.hw_reset(ref[static_cast<size_t>(t)]));
}

// A hardware reset while everything is under way: nothing is left of it.
void reset_inside() {
  phase = "hardware reset under way";
  for (int k = 0; k < 4; k++) {
    // packets that leave devices alone: the reset cuts them at a point that this bench does not model
    for (int t = 0; t < kTiles; t++) send(t, {XT_OP_READ}), send(t, {XT_OP_READ});
    if (kTiles < 16) send(15, {XT_OP_RESET, 1, 2});
    for (int c = range(5, 200); c > 0; c--) {
      if (b.size() + r.size() < 2)
        request({chance(50), own_addr(20), 0, 15, kAddress, false, 0, -1, "unknown own register"});
      tick();
    }
    tx.clear(), aw.clear(), w.clear(), ar.clear(), b.clear(), r.clear();
    for (auto &q : expected) q.clear();
    dut->s_axil_awvalid_i = dut->s_axil_wvalid_i = dut->s_axil_arvalid_i = dut->s_axis_tvalid_i = 0;
    hard_reset();
    for (int t = 0; t < kTiles; t++) configure(t);  // the noise counters, too
    for (int c = 0; c < 50; c++) tick();
    settle();
    for (int t = 0; t < kTiles; t++) send(t, {XT_OP_READ}), send(t, {XT_OP_RESET}), send(t, {XT_OP_READ});
    settle();
  }
}

}  // namespace

int main(int argc, char **argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  Verilated::commandArgs(argc, argv);
  const char *s = std::getenv("XT_TEST_SEED"), *n = std::getenv("XT_TEST_ROUNDS");
  seed = s ? std::strtoull(s, nullptr, 0) : 1;
  rng = seed;
  const int rounds = n ? std::atoi(n) : 12;
  if (rounds < 1) {
    std::fprintf(stderr, "test_top: XT_TEST_ROUNDS is '%s', a number from 1 is needed\n", n);
    return 2;
  }
  std::printf("XT_TEST_SEED=%llu, %d tiles of %d x %d\n", static_cast<unsigned long long>(seed), kTiles, kN, kM);
  const xt_shape shape = {kN, kM, kCodeBits, kAdcBits, kAdcShare, kBlMax, 16, 16};
  const xt_engine_opts opts = {};
  char err[256];
  for (int t = 0; t < kTiles; t++) {
    if (xt_engine_ref.create(&ref[static_cast<size_t>(t)], &shape, &opts, err, sizeof err) != 0) {
      std::fprintf(stderr, "test_top: %s\n", err);
      return 2;
    }
  }
  dut = std::make_unique<Vxt_top_sim>();
  hard_reset();
  for (int t = 0; t < kTiles; t++) configure(t);
  walk();
  phase = "before RESET";
  for (int t = 0; t < kTiles; t++) send(t, {XT_OP_READ}), send(t, {XT_OP_RESET});
  settle();
  clear_race();
  turns();
  reads_and_writes();
  negative_codes();
  busy();
  word_by_word();
  one_err_tile();
  settle();
  random_traffic(rounds);
  reset_inside();
  random_traffic(2);
  dut->final();
  dut.reset();  // before Verilator's own clean-up
  for (int t = 0; t < kTiles; t++) xt_engine_ref.destroy(ref[static_cast<size_t>(t)]);
  std::printf(
      "%llu reads, %llu writes, %llu of them SLVERR; %llu packets, %llu for no tile, %llu with an error; %llu answers; "
      "%llu cycles\n",
      static_cast<unsigned long long>(n_reads), static_cast<unsigned long long>(n_writes),
      static_cast<unsigned long long>(n_slverr), static_cast<unsigned long long>(n_packets),
      static_cast<unsigned long long>(n_none), static_cast<unsigned long long>(n_bad),
      static_cast<unsigned long long>(n_answers), static_cast<unsigned long long>(cycle));
  std::printf("%llu passed, 0 failed\n", static_cast<unsigned long long>(checks));
  return 0;
}
