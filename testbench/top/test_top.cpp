// SPDX-License-Identifier: Apache-2.0
// xt_top (Verilated, with the behavioural arrays) through its pins: AXI4-Lite, AXI4-Stream, interrupt, stalls on every
// channel. Each tile's answers and registers are compared with a golden reference that gets the same packets and
// writes; levels, events and refusals with top_model.h. Environment: XT_TEST_SEED (printed), XT_TEST_ROUNDS (rounds of
// random traffic, default 12). Exit code: 0 every check passed, 1 not, 2 set-up. On the first failure the run ends.
#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <set>
#include <vector>

#include "Vxt_top_sim.h"
#include "Vxt_top_sim___024root.h"
#include "top_model.h"
#include "verilated.h"
extern "C" {
#include "../outer.h"
#include "../splitmix.h"
#include "xt_beats.h"
#include "xt_clock.h"
#include "xt_ref.h"
}

double sc_time_stamp() {
  return 0;
}

namespace {

struct Shape {
  int n, m;
  int lines() const { return n > m ? n : m; }
};
constexpr Shape kShape[] = {XT_TOP_SHAPES};  // of every tile
constexpr int kTiles = sizeof kShape / sizeof *kShape, kCodeBits = 7, kAdcBits = 9, kAdcShare = XT_TOP_SHARE,
              kBlMax = 31, kAccBits = XT_TOP_ACC, kMtj = kAccBits > 0;
constexpr int kLanes = XT_TOP_STREAM / 32;  // words of a beat
constexpr int kTop = 16;                    // as a target of register accesses: xt_top itself
constexpr uint32_t kOkay = 0, kSlverr = 2;
constexpr uint64_t kHang = 2000000;
constexpr uint64_t kBound = 20000;  // a word of a host that keeps to its credits: a few operations of this bench

uint64_t seed, rng, cycle, checks;
uint64_t n_reads, n_writes, n_refused, n_packets, n_none, n_bad, n_answers;
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
  int access;  // XT_ACCESS_*
  uint32_t reset;
  int64_t lo, hi;
  bool writable() const { return access != XT_ACCESS_RO; }
};
constexpr int64_t adc_max = (1 << (kAdcBits - 1)) - 1, bl_max = kBlMax, prob1 = 65535, gen1 = prob1,
                  smax = kAccBits > 0 ? (INT64_C(1) << (kAccBits - 1)) - 1 : 0;
constexpr uint32_t tiles = (1u << kTiles) - 1, sources = tiles | 1u << XT_NO_TILE;
#define REG(name, addr, access, reset, lo, hi) {#name, addr, access, reset, lo, hi},
std::vector<Reg> registers(int t) {  // of a tile
  const int64_t n1 = kShape[t].n - 1;
  return {XT_CSR_TABLE(REG)};
}
const std::vector<Reg> kOwn = {XT_TOP_CSR_TABLE(REG)};
TopModel model(kTiles);

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
  int own = -1;          // register of xt_top that is read or legally written: the model knows
  bool begun = false;    // handed over
  Bits seen = {0, ~0u};  // what the register has shown since
  std::set<uint32_t> causes;
  uint32_t least = 0;  // ANSWERS when it began

  bool may_be_refused() const { return allowed >> 1 != 0; }
  std::set<uint32_t> why() const {
    std::set<uint32_t> all;
    for (uint32_t st = 1; st < 8; st++)
      if (allowed >> st & 1) all.insert(st << 20 | static_cast<uint32_t>(write) << 18 | addr);
    return all;
  }
};
std::deque<Access> aw, w, ar;  // not handed over yet
std::deque<Access> b, r;       // response due
std::array<int, 17> writes_due, reads_due;
uint32_t last_rdata, last_resp;
std::vector<uint32_t> last_answer;

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

// Its first part has been taken.
void begin(Access &a) {
  if (a.begun) return;
  a.begun = true;
  a.least = model.answers;
  if (a.may_be_refused()) model.may_be_refused(a.why());
  if (a.write && a.own >= 0) model.write_begins(static_cast<uint32_t>(a.own), a.data);
}

// ---------------------------------------------------------------- packets
// A beat.
struct Word {
  std::array<uint32_t, kLanes> data;
  bool last;
  uint32_t dest;
  bool first;
};
std::deque<Word> tx;
std::array<std::deque<std::vector<uint32_t>>, 16> expected;  // answers due, by TID
std::vector<uint32_t> rx;
std::vector<int> order;  // TIDs of answers, in order
uint32_t rx_id;
int source_of(uint32_t dest) {
  return static_cast<int>(dest) < kTiles ? static_cast<int>(dest) : static_cast<int>(TopModel::NONE);
}
int tx_source;              // of the packet on s_axis
bool credits;               // the host keeps to its credits
uint64_t held_up;           // cycles that the word on s_axis waits
size_t words_left = ~0u;    // beats that the host gives
bool answers_known = true;  // every answer that comes is expected
// Per tile, of every packet: when its first word was taken, its operation ended, the last word of its answer was taken.
struct Times {
  std::vector<uint64_t> first, end, answered;
};
std::array<Times, 16> times;

// Words of a packet to the bus, no more.
void give(int dest, const std::vector<uint32_t> &words) {
  std::vector<int> at(words.size() + 2);
  const Shape &s = kShape[dest < kTiles ? dest : 0];
  const int beats = xt_beats_layout(s.n, s.m, kLanes, words.data(), static_cast<int>(words.size()), at.data());
  for (int i = 0; i < beats; i++) {
    // only the first beat's TDEST counts
    Word word = {{}, i + 1 == beats, i == 0 ? static_cast<uint32_t>(dest) : rnd() & 15, i == 0};
    const int begin = at[static_cast<size_t>(i)], end = at[static_cast<size_t>(i) + 1];
    for (int w = 0; w < kLanes; w++)
      word.data[static_cast<size_t>(w)] = begin + w < end ? words[static_cast<size_t>(begin + w)] : rnd();
    tx.push_back(word);
  }
  n_packets++;
}
// What the reference answers.
std::vector<uint32_t> answer_of(int dest, const std::vector<uint32_t> &words) {
  std::vector<uint32_t> answer(static_cast<size_t>(dest < kTiles ? 1 + kShape[dest].lines() : 1));
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
  return answer;
}
void send(int dest, const std::vector<uint32_t> &words) {
  give(dest, words);
  expected[static_cast<size_t>(dest)].push_back(answer_of(dest, words));
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

// The host has a credit for the packet that begins with this word.
bool may_begin(const Word &word) {
  const int s = source_of(word.dest);
  return model.under_way(s) < (s == TopModel::NONE ? 1 : XT_TOP_CREDITS);
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
  if (!tx.empty() && !dut->s_axis_tvalid_i && words_left > 0 && chance(rate.go_s) &&
      (!credits || !tx.front().first || may_begin(tx.front()))) {
    dut->s_axis_tvalid_i = 1;
    std::memcpy(&dut->s_axis_tdata_i, tx.front().data.data(), sizeof tx.front().data);
    dut->s_axis_tlast_i = tx.front().last;
    dut->s_axis_tdest_i = tx.front().dest;
    held_up = 0;
  }
  dut->s_axil_bready_i = chance(rate.b_ready);
  dut->s_axil_rready_i = chance(rate.r_ready);
  dut->m_axis_tready_i = chance(rate.m_ready);
}

// A response: what it says of the access. true: refused, false: not, or not known.
bool judge(const Access &a, uint32_t resp, const char *channel) {
  const Bits slverr = model.slverr();
  CHECK(resp == kOkay || resp == kSlverr, "%s: response %u", channel, resp);
  const bool can_be_ok = a.allowed & 1;
  CHECK(resp == kSlverr ? a.may_be_refused() && slverr.may : can_be_ok || !slverr.must,
        "%s: response %u to %s %05x (%08x, strobes %x): %s", channel, resp, a.write ? "a write of" : "a read of",
        a.addr, a.data, a.strb, a.what);
  const bool refused = resp == kSlverr || !can_be_ok;
  if (a.may_be_refused()) model.answered(refused);
  n_refused += refused;
  return refused;
}

// A new response on channel B: one write under way, the oldest, and both its parts have been handed over.
void check_b() {
  CHECK(!b.empty() && aw.size() < b.size() && w.size() < b.size(), "B: response without a request");
  const Access &a = b.front();
  judge(a, dut->s_axil_bresp_o, "B");
  if (a.own >= 0) model.write_ends(static_cast<uint32_t>(a.own), a.data);
  b_seen = true;
}

void check_own(const Access &a, uint32_t v) {
  if (a.own == XT_CSR_BUS_STATUS)
    CHECK(a.causes.count(v), "BUS_STATUS is %08x, not one of %zu that it may be, %08x: %s", v, a.causes.size(),
          *a.causes.begin(), a.what);
  else if (a.own == XT_CSR_ANSWERS)
    CHECK(v - a.least <= model.answers - a.least, "ANSWERS is %u, not %u..%u", v, a.least, model.answers);
  else
    CHECK(a.seen.allow(v), "own register %02x is %08x: it may be %08x, must be %08x (%s)", static_cast<unsigned>(a.own),
          v, a.seen.may, a.seen.must, a.what);
}

void check_r() {
  CHECK(!r.empty() && ar.size() < r.size(), "R: response without a request");
  const Access &a = r.front();
  const uint32_t v = dut->s_axil_rdata_o;
  const bool refused = judge(a, dut->s_axil_rresp_o, "R");
  if (refused)
    CHECK(v == 0, "R: data %08x of a refused read of %05x", v, a.addr);
  else if (a.own >= 0)
    check_own(a, v);
  else if (a.compare)
    CHECK(v == a.expect, "R: %05x reads %08x, expected %08x: %s", a.addr, v, a.expect, a.what);
  r_seen = true;
}

// The last word of rx.
void check_word(uint32_t id) {
  CHECK(due(static_cast<int>(id)) > 0, "m_axis: an answer of %u that nobody waits for", id);
  const auto &e = expected[id].front();
  CHECK(rx.back() == e[rx.size() - 1], "m_axis: word %zu of the answer of %u is %08x, expected %08x", rx.size() - 1, id,
        rx.back(), e[rx.size() - 1]);
}

// A beat of an answer that is taken in this cycle.
void check_answer() {
  const uint32_t id = dut->m_axis_tid_o;
  if (rx.empty()) {
    rx_id = id;
    model.first_word(source_of(id));
  }
  CHECK(id == rx_id, "m_axis: TID %u in a packet of %u", id, rx_id);
  const bool head = rx.empty();
  std::array<uint32_t, kLanes> data;
  std::memcpy(data.data(), &dut->m_axis_tdata_o, sizeof data);
  for (size_t w = 0; w < kLanes; w++) {  // the header is alone in its beat; 0 past the end
    const bool there = head ? w == 0 : !answers_known || rx.size() < expected[id].front().size();
    if (there) rx.push_back(data[w]);
    if (!there) CHECK(data[w] == 0, "m_axis: %08x in a beat of %u, where no word is", data[w], id);
    if (there && answers_known) check_word(id);
  }
  if (answers_known) {
    const auto &e = expected[id].front();
    CHECK(dut->m_axis_tlast_o == (rx.size() == e.size()), "m_axis: last is %d behind word %zu of %zu",
          dut->m_axis_tlast_o, rx.size(), e.size());
  }
  if (!dut->m_axis_tlast_o) return;
  times[id].answered.push_back(cycle);
  model.last_word(source_of(id));
  order.push_back(static_cast<int>(id));
  if (answers_known) expected[id].pop_front();
  last_answer = rx;
  rx.clear();
  n_answers++;
}

// The tile's operation is in END.
bool in_end(int t) {
  const auto &root = *dut->rootp;
  const auto byte = [](const void *at, size_t k) { return static_cast<const unsigned char *>(at)[k]; };
  if (!(byte(&root.xt_top_sim__DOT__trace_valid, static_cast<size_t>(t) / 8) >> t % 8 & 1)) return false;
  constexpr size_t all = 0
#define XT_FIELD(name, bits, low, only_end, text) +(bits)
      XT_TRACE_TABLE(XT_FIELD);
#undef XT_FIELD
  size_t at = all * static_cast<size_t>(t);
#define XT_FIELD(name, bits, low, only_end, text) \
  if (std::strcmp(#name, "kind") == 0) at += low;
  XT_TRACE_TABLE(XT_FIELD)
#undef XT_FIELD
  uint32_t kind = 0;
  for (size_t k = 0; k < 8; k++)
    kind |= static_cast<uint32_t>(byte(&root.xt_top_sim__DOT__trace, (at + k) / 8) >> (at + k) % 8 & 1) << k;
  return kind == XT_KIND_END;
}

bool next_is_error(int s) {
  const size_t skip = rx.empty() ? 0 : 1;  // the one on its way out
  if (s == TopModel::NONE) return true;
  const auto &q = expected[static_cast<size_t>(s)];
  const size_t k = skip && source_of(rx_id) == s ? 1 : 0;
  return k < q.size() && (q[k][0] >> 8 & 0xFF) != XT_ST_OK;
}

// What the outputs show before the edge.
void check_outputs() {
  const bool b_v = dut->s_axil_bvalid_o, r_v = dut->s_axil_rvalid_o, m_v = dut->m_axis_tvalid_o;
  hold(was_b, b_v, dut->s_axil_bready_i, dut->s_axil_bresp_o, 0, 0, "B");
  hold(was_r, r_v, dut->s_axil_rready_i, dut->s_axil_rresp_o, dut->s_axil_rdata_o, 0, "R");
  uint32_t beat = 0;
  std::array<uint32_t, kLanes> data;
  std::memcpy(data.data(), &dut->m_axis_tdata_o, sizeof data);
  for (const uint32_t word : data) beat = beat * 0x9E3779B9u + word;
  hold(was_m, m_v, dut->m_axis_tready_i, beat, dut->m_axis_tlast_o, dut->m_axis_tid_o, "m_axis");

  model.look(next_is_error, m_v && rx.empty() ? source_of(dut->m_axis_tid_o) : -1);
  CHECK(model.irq_now().allow(dut->irq_o), "irq_o is %d: it may be %u, must be %u", dut->irq_o, model.irq_now().may,
        model.irq_now().must);
  if (!r.empty() && r.front().begun && r.front().own >= 0) {
    Access &a = r.front();
    const Bits now = model.shows(static_cast<uint32_t>(a.own));
    a.seen.either(now);
    const auto causes = model.bus_status();
    a.causes.insert(causes.begin(), causes.end());
  }
  if (b_v && !b_seen) check_b();
  if (r_v && !r_seen) check_r();
  for (int t = 0; t < kTiles; t++)
    if (in_end(t)) model.ends(t), times[static_cast<size_t>(t)].end.push_back(cycle);
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
  held_up += dut->s_axis_tvalid_i && !s_go;
  if (credits)
    CHECK(held_up < kBound, "a word for %d waits %llu cycles although the host keeps to its credits", tx_source,
          static_cast<unsigned long long>(held_up));

  if (s_go && tx.front().first) times[tx.front().dest].first.push_back(cycle);

  dut->clk_i = 1;
  dut->eval();
  cycle++;
  if (s_go) {
    if (tx.front().first) tx_source = source_of(tx.front().dest), model.begins(tx_source);
    tx.pop_front(), dut->s_axis_tvalid_i = 0, held_up = 0, words_left--;
  }
  model.next();
  if (b_go) {
    if (b.front().target >= 0) writes_due[static_cast<size_t>(b.front().target)]--;
    b.pop_front(), b_seen = false;
  }
  if (r_go) {
    if (r.front().target >= 0) reads_due[static_cast<size_t>(r.front().target)]--;
    r.pop_front(), r_seen = false;
  }
  if (aw_go) aw.pop_front(), dut->s_axil_awvalid_i = 0, begin(b.front());
  if (w_go) w.pop_front(), dut->s_axil_wvalid_i = 0, begin(b.front());
  if (ar_go) ar.pop_front(), dut->s_axil_arvalid_i = 0, begin(r.front());
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
constexpr unsigned kOk = only(XT_CSR_ST_OK), kAddress = only(XT_CSR_ST_ADDRESS), kPartial = only(XT_CSR_ST_PARTIAL),
                   kReadonly = only(XT_CSR_ST_READONLY), kValue = only(XT_CSR_ST_VALUE), kBusy = only(XT_CSR_ST_BUSY);

// xt_top's own registers: the model judges what is read.
uint32_t own(uint32_t word) {
  Access a = {false, own_addr(word), 0, 15, kOk, false, 0, -1, "own register"};
  a.own = static_cast<int>(word);
  request(a);
  bus_idle();
  return last_rdata;
}
void own_put(uint32_t word, uint32_t data) {  // a legal write
  Access a = {true, own_addr(word), data, 15, kOk, false, 0, -1, "own register"};
  a.own = static_cast<int>(word);
  request(a);
  bus_idle();
}

// A refusal before this one is known to have been cleared: BUS_STATUS has this one's cause.
void check_cause(const char *what) {
  CHECK(model.bus_status().size() == 1, "the bench does not know why the bus refuses %s", what);
  own(XT_CSR_BUS_STATUS);
  CHECK(own(XT_CSR_BUS_EVENT) == 1, "%s: no event", what);
  own_put(XT_CSR_BUS_EVENT, 1);
}
void refuse_put(uint32_t addr, uint32_t data, unsigned status, const char *what, uint32_t strb = 15) {
  put(addr, data, status, what, strb);
  check_cause(what);
}
void refuse_get(uint32_t addr, const char *what) {
  get(addr, kAddress, what);
  check_cause(what);
}

void tile_put(int t, uint32_t word, uint32_t data) {  // a legal write
  int st = 0;
  ref_ok(t, xt_engine_ref.csr_write(ref[static_cast<size_t>(t)], static_cast<uint8_t>(word), data, &st));
  CHECK(st == XT_CSR_ST_OK, "the reference refuses %08x in register %02x", data, word);
  put(tile_addr(t, word), data, kOk, "legal write");
}

// Everything answered: compare all that can be read.
void settle() {
  until([] { return all_due() == 0 && tx.empty(); }, "answers");
  bus_idle();
  for (int k = 0; k < 4; k++) tick();
  for (const Reg &g : kOwn) own(g.addr);
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
  refuse_put(at, v ^ 1, kReadonly, g.name);
  refuse_put(at + 2, v ^ 1, kPartial, g.name, 4);  // PARTIAL before READONLY
  CHECK(get(at, kOk, g.name) == v, "%s changed by a refused write", g.name);
}

// A writable one that shows v: whatever must not change it; `other` is the other bound.
void walk_refused(uint32_t at, const Reg &g, uint32_t v, uint32_t other) {
  const uint32_t lo = static_cast<uint32_t>(g.lo), hi = static_cast<uint32_t>(g.hi);
  for (uint32_t bad : {lo - 1, hi + 1, hi ^ 0x80000000u}) {
    if (hi - lo == 0xFFFFFFFFu) continue;
    refuse_put(at, bad, kValue, g.name);
    CHECK(get(at, kOk, g.name) == v, "%s changed to %08x by a refused write of %08x", g.name, last_rdata, bad);
  }
  // as legal as their values are
  for (uint32_t strb = 1; strb < 15; strb++) refuse_put(at + (strb & 3), other, kPartial, "partial write", strb);
  put(at, other, kOk, "write without a strobe", 0);
  for (uint32_t low = 0; low < 4; low++)
    CHECK(get(at + low, kOk, "read of a part") == v, "%s changed to %08x by a partial write", g.name, last_rdata);
}

void walk_writable(int t, const Reg &g) {
  const uint32_t at = tile_addr(t, g.addr), lo = static_cast<uint32_t>(g.lo), hi = static_cast<uint32_t>(g.hi);
  const uint32_t reset = ref_read(t, g.addr);
  CHECK(g.addr == XT_CSR_GEN || reset == g.reset, "the reference resets %s to %08x", g.name, reset);
  CHECK(get(at, kOk, g.name) == reset, "%s reads %08x after the reset, expected %08x", g.name, last_rdata, reset);
  uint32_t low = 0;
  for (uint32_t v : {lo, hi}) {
    const uint32_t shows = g.access == XT_ACCESS_WO ? 0 : v;
    low ^= 3;
    put(at + low, v, kOk, g.name);  // the low bits are ignored
    CHECK(get(at, kOk, g.name) == shows, "%s reads %08x, written %08x", g.name, last_rdata, v);
    walk_refused(at, g, shows, v == lo ? hi : lo);
  }
  put(at, reset, kOk, g.name);
}

// ACC without an accumulator: there is no sum.
void walk_no_sum(int t, const Reg &g) {
  const uint32_t at = tile_addr(t, g.addr);
  CHECK(get(at, kOk, g.name) == 0, "%s reads %08x", g.name, last_rdata);
  refuse_put(at, 0, kValue, g.name);
}

// Counters, and the addresses of a tile that are no register.
void walk_addresses(int t) {
  for (uint32_t a = 0; a < XT_TOP_TILE_STRIDE / 4; a++) {
    bool known = a >= XT_CSR_COUNTERS && a < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS;
    if (known) {
      CHECK(get(tile_addr(t, a), kOk, "counter") == 0, "counter word %02x reads %08x after the reset", a, last_rdata);
      refuse_put(tile_addr(t, a), 1, kPartial, "counter", 7);
      put(tile_addr(t, a), a, kOk, "counter");
    }
    for (const Reg &g : registers(t)) known = known || g.addr == a;
    if (known) continue;
    get(tile_addr(t, a) + (a & 3), kAddress, "unknown register");
    put(tile_addr(t, a), 0, kAddress, "unknown register", 1 + a % 15);  // ADDRESS before PARTIAL
    put(tile_addr(t, a), 0, kOk, "no write at an unknown register", 0);
    if (a % 16 == 0) own_put(XT_CSR_BUS_EVENT, 1);
  }
  own_put(XT_CSR_BUS_EVENT, 1);
  for (uint32_t k = 0; k < XT_NUM_COUNTERS; k++) {
    const uint32_t word = XT_CSR_COUNTERS + 2 * k;
    CHECK(get(tile_addr(t, word), kOk, "counter") == word, "counter %u: low word %08x", k, last_rdata);
    CHECK(get(tile_addr(t, word + 1), kOk, "counter") == word + 1, "counter %u: high word %08x", k, last_rdata);
    for (uint32_t h = 0; h < 2; h++) put(tile_addr(t, word + h), 0, kOk, "counter");
  }
}

// Tiles that do not exist; the others have not been touched.
void walk_no_tiles() {
  for (int t = kTiles; t < 32; t++) {
    refuse_get(tile_addr(t, XT_CSR_SEED), "no such tile");
    refuse_put(tile_addr(t, XT_CSR_SEED), 5, kAddress, "no such tile");
  }
  for (int t = 0; t < kTiles; t++)
    CHECK(get(tile_addr(t, XT_CSR_SEED), kOk, "SEED") == 1, "SEED of tile %d is %08x", t, last_rdata);
}

// A register of xt_top: its reset value, what it takes, what it refuses. Events: walk_events().
void walk_own_register(const Reg &g) {
  const uint32_t at = own_addr(g.addr), all = static_cast<uint32_t>(g.hi);
  const bool event = g.addr == XT_CSR_BUS_EVENT;
  own(g.addr);
  if (g.access == XT_ACCESS_RO) refuse_put(at, last_rdata ^ 1, kReadonly, g.name);
  refuse_put(at, 1, kPartial, g.name, 7);
  if (g.access == XT_ACCESS_RW) {
    CHECK(own(g.addr) == g.reset, "%s reads %08x after the reset", g.name, last_rdata);
    for (uint32_t bit = 0; bit < 32; bit++) {
      if (all >> bit & 1) continue;
      refuse_put(at, 1u << bit, kValue, g.name);
      refuse_put(at, all | 1u << bit, kValue, g.name);
    }
    for (uint32_t v : {all, all & 0x55555555u, all & 0xAAAAAAAAu, 0u}) {
      own_put(g.addr, v);
      CHECK(own(g.addr) == v, "%s reads %08x, written %08x", g.name, last_rdata, v);
      own_put(XT_CSR_BUS_EVENT, 1);
    }
  }
  if (g.access == XT_ACCESS_RW1C || g.access == XT_ACCESS_RW1S) {  // bits that are none are ignored
    put(at, ~all, kOk, g.name);
    CHECK(event || own(g.addr) == 0, "%s reads %08x", g.name, last_rdata);
  }
}

void walk_own() {
  for (const Reg &g : kOwn) walk_own_register(g);
  for (uint32_t a = 0; a < 0x20000 / 4; a = a < 64 ? a + 1 : a * 2 + 1) {
    bool known = false;
    for (const Reg &g : kOwn) known = known || g.addr == a;
    if (known) continue;
    refuse_get(own_addr(a) + (a & 3), "unknown own register");
    refuse_put(own_addr(a), 7, kAddress, "unknown own register");
  }
}

// The choice of SLVERR, and the first cause of several.
void walk_refusals() {
  for (uint32_t slverr : {1u, 0u}) {
    own_put(XT_CSR_BUS_CTRL, slverr);
    put(tile_addr(0, XT_CSR_ID), 1, kReadonly, "READONLY");
    CHECK(last_resp == (slverr ? kSlverr : kOkay), "response %u with BUS_CTRL %u", last_resp, slverr);
    check_cause("READONLY");
    get(tile_addr(31, 0), kAddress, "ADDRESS");
    put(tile_addr(0, XT_CSR_ID), 1, kReadonly, "READONLY behind it");
    own(XT_CSR_BUS_STATUS);
    CHECK(last_rdata == (static_cast<uint32_t>(XT_CSR_ST_ADDRESS) << 20 | tile_addr(31, 0)),
          "the first cause is lost: %x", last_rdata);
    own_put(XT_CSR_BUS_EVENT, 1);
    own(XT_CSR_BUS_STATUS);  // stays
    CHECK(last_rdata >> 20 == XT_CSR_ST_ADDRESS, "BUS_STATUS does not outlive the event: %x", last_rdata);
  }
}

// Every register of the table, every address around it.
void walk() {
  phase = "register walk";
  for (int t = 0; t < kTiles; t++) {
    for (const Reg &g : registers(t))
      if (g.addr == XT_CSR_ACC && kAccBits == 0)
        walk_no_sum(t, g);
      else if (g.writable())
        walk_writable(t, g);
      else
        walk_read_only(t, g);
    walk_addresses(t);
  }
  walk_no_tiles();
  walk_own();
  walk_refusals();
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
  own_put(XT_CSR_IDLE_ENABLE, 1);
  for (int *v : {&rate.go_aw, &rate.go_w, &rate.b_ready}) *v = 100;
  int before = 0, after = 0, wins_at = -1;
  for (int d = 0; d < 12; d++) {
    own_put(XT_CSR_IDLE_EVENT, 1);
    rate.m_ready = 0;
    send(0, {0x55});  // unknown operation: a one-word answer
    until([] { return dut->m_axis_tvalid_o; }, "answer");
    // The write starts in cycle 5, the answer is taken in cycle d: tile 0 is idle from d + 1, IDLE_EVENT is 1 from d
    // + 2.
    Access a = {true, own_addr(XT_CSR_IDLE_EVENT), 1, 15, kOk, false, 0, -1, "clear"};
    a.own = XT_CSR_IDLE_EVENT;
    std::vector<int> irq;
    for (int c = 0; c < 22; c++) {
      if (c == 5) request(a);
      rate.m_ready = c == d ? 100 : 0;
      tick();
      irq.push_back(dut->irq_o);  // of the next cycle
    }
    CHECK(b.empty() && due(0) == 0, "no response to the clear, or no answer");
    CHECK(irq[static_cast<size_t>(d) + 2] == 1, "the event in cycle %d is lost", d + 1);
    const bool stays = irq.back() != 0;
    if (stays && wins_at < 0) wins_at = d;
    CHECK(stays == (wins_at >= 0), "the event of cycle %d is cleared, one of cycle %d was not", d, wins_at);
    stays ? after++ : before++;
    CHECK((own(XT_CSR_IDLE_EVENT) & 1) == (stays ? 1u : 0u), "IDLE_EVENT is %x, irq_o %d", last_rdata, stays);
  }
  CHECK(before > 0 && after > 0, "the sweep does not cross the clear");
  own_put(XT_CSR_IDLE_ENABLE, 0);
  rate.go_aw = rate.go_w = rate.b_ready = 50;
  rate.m_ready = 60;
}

// A write and a read that come in one cycle: the kind that was not served last goes first.
void reads_and_writes() {
  phase = "reads and writes in turns";
  for (int *v : {&rate.go_aw, &rate.go_w, &rate.go_ar, &rate.b_ready, &rate.r_ready}) *v = 100;
  const auto one = [](bool write) {
    request({write, own_addr(XT_CSR_BUS_ENABLE), 0, 15, kOk, !write, 0, -1, "one of two accesses"});
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
    own_put(XT_CSR_ERROR_EVENT, sources);
    send(t, {XT_OP_READ | XT_SEL_R << 8});
    const uint32_t sign = expected[static_cast<size_t>(t)].front()[1] | (kShape[t].m == 1 ? 0x80000000u : 0);
    CHECK((sign & 0x80008000u) == 0x80008000u, "codes %08x are not negative", sign);
    until([] { return all_due() == 0; }, "answer");
    CHECK(own(XT_CSR_ERROR_EVENT) == 0, "ERROR_EVENT is %x", last_rdata);
    tile_put(t, XT_CSR_ADC_OFFSET, 0);
  }
}

// The slices of the tiles on the boundary and the trace, laid out here once more: what an operation of one tile shows
// is in its own slices, and reaches their ends.
struct Port {
  const void *at;
  int unit;                     // bits per line or converter
  int (*lines)(const Shape &);  // of a tile
  int before(int t) const {     // bits of tiles 0..t-1
    int n = 0;
    for (int s = 0; s < t; s++) n += lines(kShape[s]) * unit;
    return n;
  }
};
#define PORT(name, unit, lines) \
  { &dut->rootp->xt_top_sim__DOT__##name, unit, lines }
int rows_of(const Shape &s) {
  return s.n;
}
int cols_of(const Shape &s) {
  return s.m;
}
int units_of(const Shape &s) {
  return (s.lines() + kAdcShare - 1) / kAdcShare;
}
int lines_of(const Shape &s) {
  return s.lines();
}
// Sends one operation; per bit of the port, whether it was ever 1. The answer that is due goes to `answer`.
std::vector<bool> shown(const Port &port, int t, const std::vector<uint32_t> &packet,
                        std::vector<uint32_t> *answer = nullptr) {
  std::vector<bool> all(static_cast<size_t>(port.before(kTiles)));
  send(t, packet);
  if (answer) *answer = expected[static_cast<size_t>(t)].back();
  until(
      [&] {
        for (size_t k = 0; k < all.size(); k++)
          if (static_cast<const unsigned char *>(port.at)[k / 8] >> k % 8 & 1) all[k] = true;
        return all_due() == 0;
      },
      "answer");
  return all;
}
// `used`: lines of the tile that show something; with the answer's codes only those whose code is not 0.
void check_slice(const char *name, const Port &port, int t, int used, const std::vector<bool> &all,
                 const std::vector<uint32_t> &answer = {}) {
  const int first = port.before(t);
  for (int k = 0; k < static_cast<int>(all.size()); k += port.unit) {
    const bool any = std::any_of(all.begin() + k, all.begin() + k + port.unit, [](bool b) { return b; });
    const int line = (k - first) / port.unit;
    const bool mine = k >= first && line < used &&
                      (answer.empty() || (answer[1 + static_cast<size_t>(line) / 2] >> line % 2 * 16 & 0xFFFF) != 0);
    CHECK(any == mine, "%s: bit %d, %d of tile %d's slice, is %s", name, k, k - first, t, any ? "used" : "not used");
  }
}

void slices() {
  phase = "slices of the boundary";
  for (int t = 0; t < kTiles; t++) {
    const Shape &s = kShape[t];
    const auto of = [](uint32_t op, int lines, uint32_t code) {
      std::vector<uint32_t> p = {op};
      for (int k = 0; k < lines; k += 4) {
        p.push_back(0);
        for (int j = k; j < std::min(k + 4, lines); j++) p.back() |= code << 8 * (j - k);
      }
      return p;
    };
    tile_put(t, XT_CSR_ADC_OFFSET, 200);                                                          // few codes are 0
    const auto forward = of(XT_OP_FORWARD, s.n, 0xC1), backward = of(XT_OP_BACKWARD, s.m, 0xC1);  // -63
    const auto plus = of(XT_OP_FORWARD, s.n, 63), plus_back = of(XT_OP_BACKWARD, s.m, 63);
    const Port row = PORT(row_act, 1, rows_of), row_pol = PORT(row_pol, 1, rows_of), col = PORT(col_act, 1, cols_of),
               col_pol = PORT(col_pol, 1, cols_of), trial = PORT(sar_code, kAdcBits, units_of),
               codes = PORT(trace_codes, 16, lines_of);
    check_slice("row_act", row, t, s.n, shown(row, t, forward));
    check_slice("row_pol", row_pol, t, s.n, shown(row_pol, t, plus));
    check_slice("col_act", col, t, s.m, shown(col, t, backward));
    check_slice("col_pol", col_pol, t, s.m, shown(col_pol, t, plus_back));
    check_slice("sar_code", trial, t, units_of(s), shown(trial, t, s.m > s.n ? forward : backward));
    for (const auto &[packet, lines] : {std::pair{forward, s.m}, std::pair{backward, s.n}}) {
      std::vector<uint32_t> answer;
      const auto all = shown(codes, t, packet, &answer);
      check_slice("trace_codes", codes, t, lines, all, answer);
    }
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
    refuse_put(tile_addr(t, XT_CSR_UPD_EXP), 1, kBusy, "write during an operation");
    refuse_put(tile_addr(t, XT_CSR_UPD_EXP), 64, kBusy, "illegal write during an operation");  // BUSY before VALUE
    refuse_put(tile_addr(t, XT_CSR_XFER_PTR), 0, kBusy, "state register during an operation");
    refuse_put(tile_addr(t, XT_CSR_COUNTERS), 0, kBusy, "counter during an operation");
    refuse_put(tile_addr(t, XT_CSR_STATUS), 0, kReadonly, "read-only register during an operation");
    refuse_put(tile_addr(t, XT_CSR_CONTROL), 2, kValue, "CONTROL during an operation");
    put(tile_addr(t, XT_CSR_CONTROL), 0, kOk, "CONTROL without ABORT");
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

// An answer on its way out, word by word: it waits until its first has been taken, it counts from its last; its tile is
// busy until then. A host that polls before it reads does not hang: DONE_NOW comes without a read.
void word_by_word() {
  phase = "answer word by word";
  rate.m_ready = 0;
  for (int t = 0; t < kTiles; t++) {
    own_put(XT_CSR_ANSWER_EVENT, sources);
    const uint32_t answers_before = model.answers, bit = 1u << t;
    send(t, {XT_OP_READ | XT_SEL_C << 8});
    until([] { return tx.empty(); }, "command");
    until([bit] { return (own(XT_CSR_DONE_NOW) & bit) != 0; }, "DONE_NOW while the answer waits");
    until([] { return dut->m_axis_tvalid_o; }, "answer");
    const size_t words = expected[static_cast<size_t>(t)].front().size();
    CHECK(static_cast<int>(words) == 1 + (kShape[t].m + 1) / 2, "an answer of %zu words", words);
    const size_t beats = 1 + static_cast<size_t>(xt_beats_of(static_cast<int>(words) - 1, kLanes));
    for (size_t k = 0; k <= beats; k++) {
      const bool over = k == beats;
      CHECK(own(XT_CSR_ANSWERS) == answers_before + over, "ANSWERS is %u after %zu of %zu beats", last_rdata, k, beats);
      CHECK(own(XT_CSR_ANSWER_NOW) == (k == 0 ? bit : 0), "ANSWER_NOW is %x after %zu beats", last_rdata, k);
      CHECK(own(XT_CSR_ANSWER_EVENT) == bit, "ANSWER_EVENT is %x after %zu beats", last_rdata, k);
      CHECK((own(XT_CSR_IDLE_NOW) >> t & 1) == over, "IDLE_NOW is %x after %zu beats", last_rdata, k);
      CHECK((get(tile_addr(t, XT_CSR_STATUS), kOk, "STATUS") & 1) == !over, "STATUS is %x after %zu of %zu beats",
            last_rdata, k, beats);
      put(tile_addr(t, XT_CSR_UPD_EXP), ref_read(t, XT_CSR_UPD_EXP), over ? kOk : kBusy, "write beside an answer");
      rate.m_ready = 100;
      if (!over) tick();
      rate.m_ready = 0;
    }
    own_put(XT_CSR_BUS_EVENT, 1);
    CHECK(due(t) == 0, "the answer is not over");
  }
  rate.m_ready = 60;
}

// One ERR_TILE is pending at a time: a host that sends a second packet for no tile holds up one for a tile, until it
// reads.
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
  CHECK(tx.size() >= 1 && tx.size() <= 2, "%zu words wait behind a pending ERR_TILE", tx.size());
  rate.m_ready = 100;
  until([] { return dut->m_axis_tvalid_o; }, "ERR_TILE");
  until([] { return tx.empty() && all_due() == 0; }, "what waited");
  rate.m_ready = rate.go_s = 60;
}

// A host with all its credits out reads nothing for thousands of cycles: every word that it sends is taken, every tile
// works on, whatever the order of its packets.
void nothing_is_read() {
  phase = "three packets for every tile, none read";
  for (int round = 0; round < 8; round++) {
    until([] { return all_due() == 0; }, "answers");
    rate.m_ready = 0;
    rate.go_s = round % 2 ? 100 : 50;
    own_put(XT_CSR_DONE_EVENT, tiles);
    std::vector<int> list;
    for (int t = 0; t < kTiles; t++) list.insert(list.end(), XT_TOP_CREDITS, t);
    if (kTiles < 16) list.push_back(range(kTiles, 15));
    for (size_t k = list.size() - 1; round > 0 && k > 0; k--)
      std::swap(list[k], list[static_cast<size_t>(range(0, static_cast<int>(k)))]);
    credits = true;
    for (const int dest : list) {
      if (dest >= kTiles || chance(30))
        send(dest, {0x77, rnd(), rnd()});  // an error is a packet as any other
      else
        send(dest, {XT_OP_READ | static_cast<uint32_t>(range(0, 3)) << 8});
    }
    until([] { return tx.empty(); }, "the packets of a host that keeps to its credits");
    for (int c = 0; c < 3000; c++) tick();
    CHECK(own(XT_CSR_SPACE_NOW) == 0, "SPACE_NOW is %x with no credit left", last_rdata);
    CHECK(own(XT_CSR_DONE_EVENT) == tiles, "DONE_EVENT is %x: a tile has not worked", last_rdata);
    CHECK(own(XT_CSR_ANSWER_NOW) == (kTiles < 16 ? sources : tiles), "ANSWER_NOW is %x", last_rdata);
    rate.m_ready = 100;
    until([] { return all_due() == 0; }, "answers");
    CHECK(own(XT_CSR_SPACE_NOW) == tiles && own(XT_CSR_IDLE_NOW) == tiles, "IDLE_NOW is %x", last_rdata);
    credits = false;
  }
  rate.m_ready = rate.go_s = 60;
}

// A counter read while it carries: low word, then high word, are of one instant.
void torn_counters() {
  phase = "counters read while they count";
  for (int *v : {&rate.go_ar, &rate.r_ready}) *v = 100;
  int crossed = 0;
  for (int k = 0; k < 60; k++) {
    const int t = range(0, kTiles - 1);
    const uint32_t word = XT_CSR_COUNTERS + 2 * XT_CNT_SLOTS;
    tile_put(t, word, 0u - static_cast<uint32_t>(range(20, 40)));
    tile_put(t, word + 1, 6);
    send(t, {XT_OP_ZERO_SHIFT | 2 << 8 | 60u << 16});
    until([] { return tx.empty(); }, "command");
    uint64_t last = 0;
    for (int n = 0; n < 12; n++) {
      const uint64_t low = get(tile_addr(t, word), kOk, "low word");
      const uint64_t v = static_cast<uint64_t>(get(tile_addr(t, word + 1), kOk, "high word")) << 32 | low;
      CHECK(v >= (UINT64_C(7) << 32) - 80 && v <= (UINT64_C(7) << 32) + 80 && v >= last, "SLOTS reads %llx after %llx",
            static_cast<unsigned long long>(v), static_cast<unsigned long long>(last));
      crossed += last >> 32 == 6 && v >> 32 == 7;
      last = v;
    }
    until([] { return all_due() == 0; }, "answer");
  }
  CHECK(crossed > 20, "only %d carries under way", crossed);
  for (int *v : {&rate.go_ar, &rate.r_ready}) *v = 50;
}

// A ZERO_SHIFT of 131 070 cycles, aborted: the reference is told in which cycle by its slots.
void abort_long() {
  phase = "abort of a long operation";
  for (int k = 0; k < 3 * kTiles; k++) {
    const int t = k % kTiles;
    const std::vector<uint32_t> packet = {XT_OP_ZERO_SHIFT | static_cast<uint32_t>(range(0, 2)) << 8 | 65535u << 16};
    const uint32_t before = ref_read(t, XT_CSR_COUNTERS + 2 * XT_CNT_CYCLES);
    until([] { return all_due() == 0; }, "answers");
    give(t, packet);
    expected[static_cast<size_t>(t)].push_back({XT_OP_ZERO_SHIFT | XT_ST_ERR_ABORT << 8});
    until([] { return tx.empty(); }, "command");
    for (int c = range(10, 400); c > 0; c--) tick();
    put(tile_addr(t, XT_CSR_CONTROL), 1, kOk, "ABORT");
    const uint64_t written = cycle;
    until([] { return all_due() == 0; }, "answer of an aborted operation");
    CHECK(cycle - written < 2000, "the answer of an aborted operation comes after %llu cycles",
          static_cast<unsigned long long>(cycle - written));
    const uint32_t cycles = get(tile_addr(t, XT_CSR_COUNTERS + 2 * XT_CNT_CYCLES), kOk, "CYCLES") - before;
    CHECK(cycles < 2000 && cycles > 2, "%u cycles of an aborted operation", cycles);
    ref_ok(t, xt_engine_ref.abort_at(ref[static_cast<size_t>(t)], cycles - 2));  // END is the one after it
    CHECK(answer_of(t, packet) == last_answer, "the reference answers otherwise");
    send(t, {XT_OP_READ | XT_SEL_C << 8});
    until([] { return all_due() == 0; }, "answer behind an aborted operation");
  }
}

// ---- TILE_RESET

// Writes it; the model does not know of the tile until reset_done().
void reset_tile(int t) {
  model.reset_begins(1u << t);
  own_put(XT_CSR_TILE_RESET, 1u << t);
}
bool reset_waits(int t) {
  return (own(XT_CSR_TILE_RESET) >> t & 1) != 0;
}
void reset_done(int t) {
  until([t] { return !reset_waits(t); }, "reset of a tile");
  model.reset_ends(1u << t);
  ref_ok(t, xt_engine_ref.hw_reset(ref[static_cast<size_t>(t)]));
  for (const uint32_t a : {XT_CSR_STATUS, XT_CSR_UPD_EXP, XT_CSR_XFER_PTR, XT_CSR_COUNTERS})
    CHECK(get(tile_addr(t, a), kOk, "register of a tile after its reset") == ref_read(t, a), "register %02x is %08x", a,
          last_rdata);
  CHECK(own(XT_CSR_IDLE_NOW) >> t & own(XT_CSR_DONE_NOW) >> t & own(XT_CSR_SPACE_NOW) >> t & 1, "IDLE_NOW %x",
        last_rdata);
  CHECK(!(own(XT_CSR_ANSWER_NOW) >> t & 1), "ANSWER_NOW is %x", last_rdata);
  configure(t);  // its noise counters are somewhere
  send(t, {XT_OP_READ}), send(t, {XT_OP_RESET}), send(t, {XT_OP_READ | XT_SEL_C << 8});
}

// What is under way when the tile is reset.
void reset_idle(int t) {
  tile_put(t, XT_CSR_UPD_EXP, 9);
  reset_tile(t);
}
void reset_half_sent(int t) {  // the rest of the packet is swallowed
  std::vector<uint32_t> packet(static_cast<size_t>(1 + (kShape[t].m + 1) / 2 + kLanes));  // of three beats at least
  packet[0] = XT_OP_PROGRAM;
  words_left = 2;
  give(t, packet);
  for (int c = 0; c < 200; c++) tick();
  reset_tile(t);
  reset_waits(t);
  words_left = ~0u;
  until([] { return tx.empty(); }, "rest of a packet for a tile that has been reset");
}
void reset_running(int t) {
  give(t, {XT_OP_ZERO_SHIFT | 65535u << 16});
  give(t, {XT_OP_READ});
  until([] { return tx.empty(); }, "commands");
  for (int c = range(0, 100); c > 0; c--) tick();
  reset_tile(t);
}
// Its answer is on m_axis, `taken` words of it taken: that is taken first, what waits behind it is lost.
void reset_half_read(int t, int taken) {
  rate.m_ready = 0;
  send(t, {XT_OP_READ | XT_SEL_C << 8});
  until([] { return dut->m_axis_tvalid_o; }, "answer");
  give(t, {XT_OP_READ}), give(t, {XT_OP_READ});
  until([] { return tx.empty(); }, "commands");
  for (int c = 0; c < 300; c++) tick();
  rate.m_ready = 100;
  for (int k = 0; k < taken; k++) tick();
  rate.m_ready = 0;
  reset_tile(t);
  for (int k = 0; k < 5; k++) CHECK(reset_waits(t), "the reset of tile %d does not wait for its answer", t);
  refuse_get(tile_addr(31, 0), "no such tile");  // the bus goes on
  give(t, {XT_OP_READ, 1, 2});                   // swallowed
  until([] { return tx.empty(); }, "packet for a tile that waits for its reset");
  rate.m_ready = 100;
  until([] { return all_due() == 0; }, "answer of a tile that waits for its reset");
}
// Another's answer is on m_axis: nothing to wait for.
void reset_behind(int t) {
  if (kTiles == 1) return reset_idle(t);
  const int other = (t + 1) % kTiles;
  rate.m_ready = 0;
  send(other, {XT_OP_READ});
  until([] { return dut->m_axis_tvalid_o; }, "answer");
  give(t, {XT_OP_READ});
  until([] { return tx.empty(); }, "command");
  for (int c = 0; c < 300; c++) tick();
  own_put(XT_CSR_IDLE_EVENT, tiles);
  reset_tile(t);
  until([t] { return !reset_waits(t); }, "reset of a tile");
  CHECK(!(own(XT_CSR_IDLE_EVENT) >> t & 1), "the reset of a tile is no event");
  rate.m_ready = 60;
}

void tile_resets() {
  phase = "reset of one tile";
  for (int k = 0; k < 7 * kTiles; k++) {
    const int t = k % kTiles, kind = k / kTiles;
    until([] { return all_due() == 0; }, "answers");
    for (int c = 0; c < 5; c++) tick();
    if (kind == 0) reset_idle(t);
    if (kind == 1) reset_half_sent(t);
    if (kind == 2) reset_running(t);
    if (kind >= 3 && kind <= 5) reset_half_read(t, std::min(kind - 3, xt_beats_of((kShape[t].m + 1) / 2, kLanes)));
    if (kind == 6) reset_behind(t);
    reset_done(t);
    rate.m_ready = 60;
    settle();
  }
}

uint32_t codes(int lines, int first) {
  uint32_t v = 0;
  for (int k = 0; k < 4; k++) {
    const int c = first + k < lines ? range(-63, 63) : range(-128, 127);
    v |= static_cast<uint32_t>(c & 0xFF) << (8 * k);
  }
  return v;
}
std::vector<uint32_t> packet(const Shape &shape) {
  const uint32_t op = static_cast<uint32_t>(range(1, kMtj ? XT_OP_ACC_UPDATE : XT_OP_CALIBRATE));
  const bool outer = outer_op(op);
  const bool kept = outer && chance(30);  // without its x
  std::vector<uint32_t> p = {op | (kept ? 1u << 8 : 0)};
  if (op == XT_OP_ACC_UPDATE && chance(20)) p[0] |= 1u << 8;  // the sums to 0
  if (op == XT_OP_FORWARD || (outer && !kept))
    for (int i = 0; i < shape.n; i += 4) p.push_back(codes(shape.n, i));
  if (op == XT_OP_BACKWARD || outer)
    for (int i = 0; i < shape.m; i += 4) p.push_back(codes(shape.m, i));
  if (op == XT_OP_PROGRAM)
    for (int i = 0; i < shape.m; i += 2)
      p.push_back(static_cast<uint32_t>(range(-255, 255) & 0xFFFF) | static_cast<uint32_t>(range(-255, 255)) << 16);
  if (op == XT_OP_READ)
    p[0] |= static_cast<uint32_t>(range(0, 3)) << 8 | static_cast<uint32_t>(range(0, shape.n - 1)) << 16;
  if (op == XT_OP_PROGRAM)
    p[0] |= static_cast<uint32_t>(range(0, 2)) << 8 | static_cast<uint32_t>(range(0, shape.n - 1)) << 16;
  if (op == XT_OP_ZERO_SHIFT)
    p[0] |= static_cast<uint32_t>(range(0, 2)) << 8 | static_cast<uint32_t>(range(1, 20)) << 16;
  if (chance(25)) {
    switch (range(0, 5)) {
      case 0:
        p[0] = (p[0] & ~0xFFu) |
               static_cast<uint32_t>(chance(50) ? 0 : range((kMtj ? XT_OP_ACC_UPDATE : XT_OP_CALIBRATE) + 1, 255));
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
           : chance(50) ? own_addr(static_cast<uint32_t>(range(0x22, 0x7FFF)))
                        : tile_addr(range(0, kTiles - 1), rnd() & 0x3FF);
  for (int t = 0; t < kTiles; t++) {
    for (uint32_t w2 = 0; w2 < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS; w2++)
      if (a.addr == tile_addr(t, w2)) return false;
  }
  a.allowed = kAddress;
  if (a.write && chance(30)) a.strb = rnd() & 15;
  if (a.write && a.strb == 0) a.allowed = kOk;
  return true;
}

// A write that does not strobe all bytes changes nothing.
void part(Access &a) {
  a.strb = static_cast<uint32_t>(range(0, 14));
  a.allowed = a.strb == 0 ? kOk : kPartial;
}

bool access_own(Access &a) {
  const Reg &g = kOwn[static_cast<size_t>(range(0, static_cast<int>(kOwn.size()) - 1))];
  if (g.access == XT_ACCESS_RW1S && a.write) return false;  // resets have a phase of their own
  a.addr = own_addr(g.addr);
  a.what = g.name;
  if (a.write && chance(20)) return part(a), true;
  if (a.write && g.access == XT_ACCESS_RO) return a.allowed = kReadonly, true;
  if (a.write) a.data = chance(50) ? a.data & static_cast<uint32_t>(g.hi) : a.data;
  if (a.write && g.access == XT_ACCESS_RW && (a.data & ~static_cast<uint32_t>(g.hi))) return a.allowed = kValue, true;
  if (a.write && writes_due[kTop] != 0) return false;  // the model knows of one at a time
  a.own = static_cast<int>(g.addr);
  if (a.write) a.target = kTop;
  return true;
}

// Registers that a packet changes.
bool moves(const Reg &g) {
  return g.addr == XT_CSR_STATUS || g.access == XT_ACCESS_STATE ||
         (g.addr >= XT_CSR_LAST_XFER_LINE && g.addr <= XT_CSR_LAST_XFER_RAILS);
}

uint32_t random_value(const Reg &g) {
  if (g.addr == XT_CSR_PROG_ITERS) return static_cast<uint32_t>(range(0, 6));  // short operations
  if (g.addr == XT_CSR_TIMEOUT) return chance(70) ? 0 : static_cast<uint32_t>(range(1, 200));
  if (g.addr >= XT_CSR_PULSE_WIDTH && g.addr <= XT_CSR_PULSE_SETTLE)
    return static_cast<uint32_t>(range(static_cast<int>(g.lo), 2));
  if (g.addr == XT_CSR_CAL_SEL) return static_cast<uint32_t>(range(0, 8));
  if (g.addr == XT_CSR_GEN_SEL) return static_cast<uint32_t>(range(0, 1)) << 16 | static_cast<uint32_t>(range(0, 8));
  return static_cast<uint32_t>(g.lo + static_cast<int64_t>(rnd()) % (g.hi - g.lo + 1));
}

bool access_tile(Access &a, int target) {
  const size_t ti = static_cast<size_t>(target);
  const std::vector<Reg> all = registers(target);
  const Reg &g = all[static_cast<size_t>(range(0, static_cast<int>(all.size()) - 1))];
  a.addr = tile_addr(target, g.addr);
  const bool idle = due(target) == 0;
  if (!a.write) {
    if (writes_due[ti] != 0) return false;
    a.compare = !moves(g);  // a packet may start before the read
    a.expect = ref_read(target, g.addr);
    a.target = target;
  } else if (chance(15)) {
    part(a);
  } else if (!g.writable()) {
    a.allowed = kReadonly;
  } else if (g.access == XT_ACCESS_WO) {
    a.data &= ~1u;  // an ABORT has a phase of its own
    a.allowed = a.data == 0 ? kOk : kValue;
  } else if (chance(30) && g.addr != XT_CSR_GEN && g.hi - g.lo < 0xFFFFFFFFLL) {
    a.data = static_cast<uint32_t>(chance(50) ? g.lo - 1 - range(0, 3) : g.hi + 1 + range(0, 3));
    a.allowed = kValue | kBusy;
  } else if (!idle) {
    if (writes_due[ti] != 0 || moves(g)) return false;
    a.data = ref_read(target, g.addr);  // no change, whether or not it is refused
    a.allowed = kOk | kBusy;
  } else {
    if (writes_due[ti] != 0 || reads_due[ti] != 0) return false;
    a.data = random_value(g);
    int st = 0;
    ref_ok(target, xt_engine_ref.csr_write(ref[ti], static_cast<uint8_t>(g.addr), a.data, &st));
    CHECK(st == XT_CSR_ST_OK || g.addr == XT_CSR_GEN || g.addr == XT_CSR_CAL || g.addr == XT_CSR_ACC,
          "the reference refuses %08x in %s", a.data, g.name);
    a.allowed = only(static_cast<unsigned>(st));
    a.target = target;
  }
  a.what = g.name;
  return true;
}

void one_access() {
  Access a = {chance(50), 0, rnd(), 15, kOk, false, 0, -1, "random"};
  const int target = range(0, 9) == 0 ? kTop : range(0, kTiles - 1);
  const bool nowhere = range(0, 9) == 0;
  if (!(nowhere ? access_nowhere(a) : target == kTop ? access_own(a) : access_tile(a, target))) return;
  if (chance(30)) a.addr |= rnd() & 3;  // ignored
  request(a);
}

// A host that never waits (rtl/SPEC.md section 13): every packet begins, every operation ends and every answer is whole
// in the clock that refc/xt_clock.c says, and the longest chain is the longest.
void never_waits(int rounds) {
  phase = "clocks of a host that never waits";
  const auto was = rate;
  rate.go_s = rate.m_ready = 100;
  credits = true;
  for (int k = 0; k < rounds; k++) {
    settle();
    for (int t = 0; t < kTiles; t++)
      for (const Reg &g : registers(t))
        if (g.access == XT_ACCESS_RW && chance(50)) tile_put(t, g.addr, random_value(g));
    for (Times &t : times) t = Times();
    struct Packet {
      xt_clock_sent sent;
      uint64_t chain;
    };
    std::vector<Packet> packets;
    std::array<uint64_t, 16> tile_chain = {};
    uint64_t longest = 0;
    xt_clock clock = {};
    std::vector<xt_clock_times> told;
    clock.user = &told;
    clock.sink = [](void *user, const xt_clock_times *t) {
      static_cast<std::vector<xt_clock_times> *>(user)->push_back(*t);
    };
    xt_clock_reset(&clock, kTiles);
    const int many = range(1, 3), needy = range(0, 100), finishes = chance(30);
    for (int i = 0; i < 60; i++) {
      const int t = range(1, many) == 1 ? range(0, kTiles - 1) : 0;
      const Packet *needs =
          i > 0 && chance(needy) ? &packets[static_cast<size_t>(range(std::max(0, i - 6), i - 1))] : nullptr;
      const std::vector<uint32_t> words = packet(kShape[t]);
      const bool finish = finishes && chance(10);
      if (finish) until([] { return all_due() == 0; }, "answers");
      if (needs)
        until([needs] { return times[needs->sent.tile].answered.size() >= needs->sent.number; },
              "an answer that is needed");
      send(t, words);
      if (finish) {
        xt_clock_finish(&clock);
        for (uint64_t &c : tile_chain) c = longest;
      }
      const uint64_t cycles = xt_engine_ref.op_cycles(ref[static_cast<size_t>(t)]);
      std::vector<int> at(words.size() + 2);
      const int in = xt_beats_layout(kShape[t].n, kShape[t].m, kLanes, words.data(), static_cast<int>(words.size()),
                                     at.data()),
                out = 1 + xt_beats_of(static_cast<int>(expected[static_cast<size_t>(t)].back().size()) - 1, kLanes);
      const xt_clock_packet p = {static_cast<uint32_t>(t), static_cast<uint32_t>(in), static_cast<uint32_t>(out),
                                 cycles};
      uint64_t &chain = tile_chain[static_cast<size_t>(t)];
      chain = std::max(chain, needs ? needs->chain : 0) + cycles;
      longest = std::max(longest, chain);
      packets.push_back({xt_clock_send(&clock, &p, needs ? &needs->sent : nullptr), chain});
      CHECK(packets.back().sent.chain == chain, "packet %d: chain %llu, not %llu", i,
            static_cast<unsigned long long>(packets.back().sent.chain), static_cast<unsigned long long>(chain));
    }
    until([] { return all_due() == 0 && tx.empty(); }, "answers");
    xt_clock_finish(&clock);
    CHECK(told.size() == packets.size(), "the model knows of %zu answers of %zu", told.size(), packets.size());
    uint64_t begin = ~UINT64_C(0), end = 0;
    for (const Times &t : times)
      if (!t.first.empty()) begin = std::min(begin, t.first.front()), end = std::max(end, t.answered.back());
    for (const xt_clock_times &m : told) {
      const Times &t = times[m.tile];
      const size_t n = m.number - 1;
      CHECK(n < t.first.size() && n < t.end.size() && n < t.answered.size(), "tile %u has no packet %zu", m.tile,
            n + 1);
      const uint64_t is[] = {t.first[n] - begin + 1, t.end[n] - begin + 1, t.answered[n] - begin + 1},
                     says[] = {m.first, m.end, m.answered};
      static const char *const what[] = {"begins", "is in END", "is answered"};
      for (int w = 0; w < 3; w++)
        CHECK(is[w] == says[w], "packet %zu of tile %u %s in clock %llu, the model says %llu", n + 1, m.tile, what[w],
              static_cast<unsigned long long>(is[w]), static_cast<unsigned long long>(says[w]));
    }
    CHECK(clock.now.out == end - begin + 1, "%llu clocks, the model says %llu",
          static_cast<unsigned long long>(end - begin + 1), static_cast<unsigned long long>(clock.now.out));
    CHECK(clock.now.chain == longest, "the longest chain is %llu, the model says %llu",
          static_cast<unsigned long long>(longest), static_cast<unsigned long long>(clock.now.chain));
  }
  for (int t = 0; t < kTiles; t++) {  // what follows knows the length of its operations, and the signs of its codes
    for (int u = 0; u * kAdcShare < kShape[t].lines(); u++) {
      tile_put(t, XT_CSR_CAL_SEL, static_cast<uint32_t>(u));
      tile_put(t, XT_CSR_CAL, 0);
    }
    for (const Reg &g : registers(t))
      if (g.access == XT_ACCESS_RW) tile_put(t, g.addr, static_cast<uint32_t>(g.reset));
  }
  rate = was;
  credits = false;
}

void random_traffic(int rounds) {
  phase = "random traffic";
  for (int k = 0; k < rounds; k++) {
    own_put(XT_CSR_BUS_CTRL, rnd() & 1);
    own_put(XT_CSR_BUS_EVENT, 1);
    for (const Reg &g : kOwn) {
      if (g.access == XT_ACCESS_RW1C) own_put(g.addr, rnd());
      if (g.access == XT_ACCESS_RW && g.addr != XT_CSR_BUS_CTRL)
        own_put(g.addr, rnd() & rnd() & static_cast<uint32_t>(g.hi));
    }
    for (int *v : {&rate.go_aw, &rate.go_w, &rate.go_ar, &rate.b_ready, &rate.r_ready, &rate.go_s, &rate.m_ready})
      *v = chance(30) ? 100 : range(3, 95);
    const int reads_answers = rate.m_ready;
    credits = chance(50);
    const uint64_t end = n_reads + n_writes + 600;
    int sent = 0;
    while (n_reads + n_writes < end || sent < 120) {
      if (n_reads + n_writes < end && b.size() + r.size() < 4 && chance(30)) one_access();
      if (sent < 120 && tx.size() < 24 && chance(20)) {
        const int dest = chance(80) ? range(0, kTiles - 1) : range(0, 15);
        // a packet only when no write to its tile is under way
        if (dest >= kTiles || writes_due[static_cast<size_t>(dest)] == 0)
          send(dest, packet(kShape[dest < kTiles ? dest : 0])), sent++;
      }
      if (credits) rate.m_ready = cycle / 2048 % 4 == 0 ? 0 : reads_answers;  // now and then it reads nothing
      tick();
      if (cycle > UINT64_C(4000000000)) fail("no progress");
    }
    rate.m_ready = reads_answers;
    settle();
    credits = false;
  }
  own_put(XT_CSR_BUS_CTRL, 0);
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
  model.reset();
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
        request({chance(50), own_addr(0x40), 0, 15, kAddress, false, 0, -1, "unknown own register"});
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

// Instead of the runtime's own: an assertion has failed.
void vl_stop(const char *file, int line, const char *) {
  for (int t = 0; t < kTiles; t++) std::printf("tile %d: %d under way\n", t, static_cast<int>(model.under_way(t)));
  fail("an assertion of the RTL fails at %s:%d", file, line);
}

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
  std::printf("XT_TEST_SEED=%llu, %d tiles:", static_cast<unsigned long long>(seed), kTiles);
  for (const Shape &each : kShape) std::printf(" %dx%d", each.n, each.m);
  std::printf("\n");
  const xt_engine_opts opts = {};
  char err[256];
  for (int t = 0; t < kTiles; t++) {
    const xt_shape shape = {kShape[t].n, kShape[t].m, kCodeBits, kAdcBits, kAdcShare, 0,
                            kBlMax,      16,          16,        kMtj,     kAccBits,  0};
    if (xt_engine_ref.create(&ref[static_cast<size_t>(t)], &shape, &opts, err, sizeof err) != 0) {
      std::fprintf(stderr, "test_top: %s\n", err);
      return 2;
    }
  }
  dut = std::make_unique<Vxt_top_sim>();
  hard_reset();
  for (int t = 0; t < kTiles; t++) configure(t);
  const bool only_clocks = *Verilated::commandArgsPlusMatch("clocks") != 0;
  if (!only_clocks) walk();
  phase = "before RESET";
  for (int t = 0; t < kTiles; t++) send(t, {XT_OP_READ}), send(t, {XT_OP_RESET});
  settle();
  never_waits(rounds);
  if (!only_clocks) {
    clear_race();
    turns();
    reads_and_writes();
    slices();
    negative_codes();
    busy();
    word_by_word();
    one_err_tile();
    nothing_is_read();
    torn_counters();
    abort_long();
    settle();
    tile_resets();
    random_traffic(rounds);
    reset_inside();
    random_traffic(2);
  }
  dut->final();
  dut.reset();  // before Verilator's own clean-up
  for (int t = 0; t < kTiles; t++) xt_engine_ref.destroy(ref[static_cast<size_t>(t)]);
  std::printf(
      "%llu reads, %llu writes, %llu of them refused; %llu packets, %llu for no tile, %llu with an error; %llu "
      "answers; "
      "%llu cycles\n",
      static_cast<unsigned long long>(n_reads), static_cast<unsigned long long>(n_writes),
      static_cast<unsigned long long>(n_refused), static_cast<unsigned long long>(n_packets),
      static_cast<unsigned long long>(n_none), static_cast<unsigned long long>(n_bad),
      static_cast<unsigned long long>(n_answers), static_cast<unsigned long long>(cycle));
  std::printf("%llu passed, 0 failed\n", static_cast<unsigned long long>(checks));
  return 0;
}
