// SPDX-License-Identifier: Apache-2.0
// One Verilated tile: clock, streams, registers, trace, snapshots, waves. Compiled once per shape by
// scripts/build_tile.sh, which defines XT_TILE_SHAPE (twelve numbers), XT_TILE_STREAM (bits), XT_TILE_ACC and
// XT_TILE_WAVE (0 or 1).
//
// A clock cycle: inputs change and settle while the clock is low, outputs are sampled, then the rising edge ends the
// cycle.
#include "xt_built_tile.h"

#include <verilated.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "Vxt_sim.h"
#include "Vxt_sim___024root.h"
#include "xt_beats.h"
#include "xt_inside.h"
#if XT_TILE_WAVE
#include <verilated_fst_c.h>
#endif

// Generated: settles all combinational logic after registers were written from outside.
void Vxt_sim___024root___eval_settle(Vxt_sim___024root *vlSelf);

thread_local bool xt_inputs_changed = true;

namespace {

constexpr xt_shape SHAPE = {XT_TILE_SHAPE};
constexpr int N = SHAPE.n, M = SHAPE.m, L = N > M ? N : M, UNITS = (L + SHAPE.adc_share - 1) / SHAPE.adc_share;
constexpr size_t LANES = XT_TILE_STREAM / 32;  // words of a beat
using Beat = std::array<uint32_t, LANES>;

struct Failed {  // thrown through the model by $fatal, $stop and failed assertions
  std::string what;
  int code = XT_E_MISMATCH;
};

// The low `bits` bits of a signal as 32-bit words; bits above are 0.
template <typename T>
const uint32_t *words_of(const T &signal, int bits, std::vector<uint32_t> &to) {
  to.assign(size_t(bits + 31) / 32, 0);
  std::memcpy(to.data(), &signal, std::min(sizeof signal, to.size() * 4));
  if (bits % 32) to.back() &= (1u << (bits % 32)) - 1;
  return to.data();
}

// The same; NULL: all 0.
template <typename T>
const uint32_t *lines_of(const T &signal, int bits, std::vector<uint32_t> &to) {
  const uint32_t *words = words_of(signal, bits, to);
  return std::any_of(to.begin(), to.end(), [](uint32_t w) { return w != 0; }) ? words : nullptr;
}

// `bits` (1 to 64) bits of a wide signal, from bit `low` on.
template <typename T>
uint64_t bits_of(const T &signal, int low, int bits) {
  uint64_t v = 0;
  for (int b = low; b < low + bits;) {
    const int n = std::min(32 - b % 32, low + bits - b);
    const uint64_t part = uint64_t(signal.at(size_t(b / 32))) >> (b % 32) & ((uint64_t(1) << n) - 1);
    v |= part << (b - low);
    b += n;
  }
  return v;
}

class Model {
 public:
  explicit Model(const xt_engine_opts &o) : opts(o), rng(o.stall_seed) {
    if (o.wave) wave_name = o.wave;
    opts.wave = nullptr;
    opts.plant = nullptr;
    if (o.plant) {
      const std::string arg = std::string("+plant=") + o.plant;
      const char *args[] = {"xt_sim", arg.c_str()};
      context.commandArgs(2, args);
    }
#if XT_TILE_WAVE
    context.traceEverOn(true);
#endif
    top = std::make_unique<Vxt_sim>(&context, "xt_sim");
    top->rst_ni = 0;
    top->clk_i = 1;
    settle();
    for (int i = 0; i < 2; i++) idle_cycle();
    reset_now();
  }

  ~Model() {
    try {
#if XT_TILE_WAVE
      finish_wave();
#endif
      top->final();
    } catch (const Failed &) {
    }
#if XT_TILE_WAVE
    if (waving) {  // an assertion has stopped the RTL: as it stands, and time for the tail
      fst->dump(cycles * 10 + 9);
      fst->dump((cycles + 1 + WAVE_TAIL * longest) * 10);
    }
    if (fst) fst->close();
#endif
  }

  int fail(int code, const char *format, ...) __attribute__((format(printf, 3, 4))) {
    va_list args;
    char text[400];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    message = "tile " + std::to_string(opts.tile_index) + ": " + text;
    return code;
  }

  // ---- registers

  int csr(bool write, uint8_t addr, uint32_t value, uint32_t *read, int *status) {
    access(write, addr, value);
    cycle();
    top->csr_valid_i = 0;
    low();
    const bool ack = top->csr_ack_o;
    if (read) *read = top->csr_rdata_o;
    *status = top->csr_status_o;
    sample();
    high();
    return ack ? XT_E_OK : fail(XT_E_HANG, "no acknowledge of an access to register 0x%02x", addr);
  }

  // The Verilog was made from the same parameters as this program, and for this shape.
  int check_identity() {
    static const struct {
      uint8_t addr;
      uint32_t want;
      const char *what;
    } table[] = {
        {XT_CSR_ID, XT_ID, "ID"},
        {XT_CSR_PARAM_HASH, XT_PARAM_HASH, "PARAM_HASH"},
        {XT_CSR_SHAPE, uint32_t(M) << 16 | uint32_t(N), "SHAPE"},
        {XT_CSR_CONFIG,
         uint32_t(SHAPE.adc_bits) << 24 | uint32_t(SHAPE.adc_share) << 16 | uint32_t(SHAPE.state_bits) << 8 |
             uint32_t(SHAPE.code_bits),
         "CONFIG"},
        {XT_CSR_CONFIG2,
         uint32_t(SHAPE.mtj) << 25 | uint32_t(SHAPE.adc_kind) << 24 | uint32_t(SHAPE.prob_bits) << 8 |
             uint32_t(SHAPE.bl_max),
         "CONFIG2"},
        {XT_CSR_CONFIG3, uint32_t(SHAPE.acc_gang) << 8 | uint32_t(SHAPE.acc_bits), "CONFIG3"},
    };
    for (const auto &r : table) {
      uint32_t value = 0;
      int status = 0;
      const int err = csr(false, r.addr, 0, &value, &status);
      if (err) return err;
      if (value != r.want)
        return fail(XT_E_SETUP, "register %s of the RTL is 0x%08" PRIx32 ", this program expects 0x%08" PRIx32, r.what,
                    value, r.want);
    }
    return XT_E_OK;
  }

  // ---- array

  // What the caller has checked.
  int configure(const xt_array_cfg &cfg) {
    if (under_way > 0) return fail(XT_E_ARG, "the array cannot be configured while packets are under way");
    for (uint32_t p = 0; p < XT_NUM_PLANES; p++) {
#define XT_FIELD(NAME, name, field, lo, hi, text) configure_word(p *XT_CFG_STRIDE + field, uint32_t(cfg.dev[p].name));
      XT_DEV_TABLE(XT_FIELD)
#undef XT_FIELD
    }
#define XT_FIELD(NAME, name, field, lo, hi, text) configure_word(XT_CFG_GLOBALS + field, cfg.name);
    XT_DEV_GLOBAL_TABLE(XT_FIELD)
#undef XT_FIELD
    top->fabricate_i = 1;
    cycle();
    top->fabricate_i = 0;
    return XT_E_OK;
  }

  // ---- resets and packets

  int hw_reset() {
    if (under_way > 0) return fail(XT_E_ARG, "hw_reset while packets are under way (use hw_reset_at)");
    reset_now();
    return XT_E_OK;
  }

  int hw_reset_at(uint32_t at) {
    cut_armed = true;
    cut_cycle = at;
    return XT_E_OK;
  }

  int abort_at(uint32_t at) {
    if (under_way > 0) return fail(XT_E_ARG, "abort_at while packets are under way");
    abort_armed = true;
    abort_cycle = at;
    return XT_E_OK;
  }

  int submit(const uint32_t *words, size_t n) {
    if (n < 1) return fail(XT_E_ARG, "a packet needs at least one word");
    if (under_way >= XT_QUEUE) return fail(XT_E_ARG, "more than %d packets under way", XT_QUEUE);
    if (cut_armed || abort_armed) return submit_watched(words, n);
    push(words, n);
    under_way++;
    return XT_E_OK;
  }

  int collect(uint32_t *words, size_t cap, size_t *n) {
    *n = 0;
    if (under_way == 0) return fail(XT_E_ARG, "no packet is under way");
    const int err = wait_answers(1);
    if (err) return err;
    const std::vector<uint32_t> &a = answers.front();
    if (a.size() > cap) return fail(XT_E_ARG, "an answer of %zu words does not fit into %zu", a.size(), cap);
    if (!a.empty()) std::memcpy(words, a.data(), a.size() * sizeof *words);
    *n = a.size();
    answers.pop_front();
    op_cycles = lengths.front();
    lengths.pop_front();
    under_way--;
    return XT_E_OK;
  }

  void set_trace(xt_trace_sink s, void *u) {
    sink = opts.records ? s : nullptr;
    user = u;
  }

  // ---- snapshots

  int get_snapshot(xt_snapshot &s) {
    if (under_way > 0) return fail(XT_E_ARG, "no snapshot while packets are under way");
    const xt_inside state = inside();
    xt_inside_read(&state, &SHAPE, &s);
    std::memset(s.csr, 0, sizeof s.csr);
    for (const auto &reg : registers())
      if (reg.kept) {
        int status = 0;
        const int err = csr(false, reg.addr, 0, &s.csr[reg.addr], &status);
        if (err) return err;
      }
    return XT_E_OK;
  }

  // What the caller has checked.
  int set_snapshot(const xt_snapshot &s) {
    if (under_way > 0) return fail(XT_E_ARG, "no snapshot while packets are under way");
    for (const auto &reg : registers())
      if (reg.kept) {
        int status = 0;
        const int err = csr(true, reg.addr, s.csr[reg.addr], nullptr, &status);
        if (err) return err;
        if (status != XT_CSR_ST_OK)
          return fail(XT_E_ARG, "snapshot: register %s refuses 0x%" PRIx32, reg.name, s.csr[reg.addr]);
      }
    for (uint32_t w = 0; w < 2 * XT_NUM_COUNTERS; w++) {
      int status = 0;
      const uint32_t value = uint32_t(s.counters[w / 2] >> (w % 2 * 32));
      const int err = csr(true, uint8_t(XT_CSR_COUNTERS + w), value, nullptr, &status);
      if (err) return err;
      if (status != XT_CSR_ST_OK) return fail(XT_E_ARG, "snapshot: counter word %" PRIu32 " is refused", w);
    }
    const xt_inside state = inside();
    xt_inside_write(&state, &SHAPE, &s);
    Vxt_sim___024root___eval_settle(top->rootp);
    top->rescan_i = 1;
    cycle();
    top->rescan_i = 0;
    return XT_E_OK;
  }

  const int16_t *states16(int sel) const {
    const xt_inside state = inside();
    return xt_inside_states16(&state, &SHAPE, sel);
  }

  uint64_t wave_time(uint64_t record) const {
#if XT_TILE_WAVE
    if (!times.empty() && record >= first_time) return times[std::min<uint64_t>(record - first_time, times.size() - 1)];
#else
    (void)record;
#endif
    return XT_NO_TIME;
  }

  uint64_t cycles = 0;
  uint64_t op_cycles = 0;  // of the last answer collected
  std::string message;

 private:
  xt_inside inside() const {
    Vxt_sim___024root &r = *top->rootp;
    xt_inside state = {};
#define XT_TILE(signal) r.xt_sim__DOT__u_tile__DOT__##signal
#define XT_ANALOG(signal) r.xt_sim__DOT__u_analog__DOT__##signal
#define XT_SIGNAL(tile, name, room, signal) state.name = xt_signal_of(XT_##room(signal));
    XT_INSIDE_TABLE(XT_SIGNAL, 0)
#if XT_TILE_ACC
    XT_INSIDE_ACC_TABLE(XT_SIGNAL, 0)
#endif
#undef XT_SIGNAL
#undef XT_ANALOG
#undef XT_TILE
    return state;
  }

  struct Register {
    const char *name;
    uint8_t addr;
    bool kept;  // part of a snapshot
  };
  static const std::vector<Register> &registers() {
#define XT_REGISTER(name, addr, access, reset, lo, hi) {#name, addr, access == XT_ACCESS_RW},
    static const std::vector<Register> table = {XT_CSR_TABLE(XT_REGISTER)};
#undef XT_REGISTER
    return table;
  }

  void access(bool write, uint8_t addr, uint32_t value) {
    top->csr_valid_i = 1;
    top->csr_write_i = write;
    top->csr_addr_i = addr;
    top->csr_wdata_i = value;
  }

  void configure_word(uint32_t addr, uint32_t value) {
    top->cfg_valid_i = 1;
    top->cfg_addr_i = uint8_t(addr);
    top->cfg_data_i = value;
    cycle();
    top->cfg_valid_i = 0;
  }

  // ---- the clock

  // What the caller drives, but the clock.
  struct Inputs {
    Beat s_data = {};
    uint32_t csr_wdata, cfg_data;
    uint8_t rst_n = 2 /* as no input is */, s_valid, s_last, m_ready, csr_valid, csr_write, csr_addr, cfg_valid,
            cfg_addr, fabricate, rescan;
    Inputs() = default;
    Inputs(const Vxt_sim &t)
        : csr_wdata(t.csr_wdata_i),
          cfg_data(t.cfg_data_i),
          rst_n(t.rst_ni),
          s_valid(t.s_valid_i),
          s_last(t.s_last_i),
          m_ready(t.m_ready_i),
          csr_valid(t.csr_valid_i),
          csr_write(t.csr_write_i),
          csr_addr(t.csr_addr_i),
          cfg_valid(t.cfg_valid_i),
          cfg_addr(t.cfg_addr_i),
          fabricate(t.fabricate_i),
          rescan(t.rescan_i) {
      std::memcpy(s_data.data(), &t.s_data_i, sizeof s_data);
    }
    bool operator==(const Inputs &o) const {
      return s_data == o.s_data && csr_wdata == o.csr_wdata && cfg_data == o.cfg_data && rst_n == o.rst_n &&
             s_valid == o.s_valid && s_last == o.s_last && m_ready == o.m_ready && csr_valid == o.csr_valid &&
             csr_write == o.csr_write && csr_addr == o.csr_addr && cfg_valid == o.cfg_valid && cfg_addr == o.cfg_addr &&
             fabricate == o.fabricate && rescan == o.rescan;
    }
  };

  void evaluate() {
    const Inputs now(*top);
    xt_inputs_changed = !(now == inputs);
    inputs = now;
    top->eval();
  }

  void settle() {
    evaluate();
#if XT_TILE_WAVE
    if (waving) fst->dump(cycles * 10 + (top->clk_i ? 5 : 0));
#endif
  }

  // First half of a cycle: new inputs, everything combinational settles.
  void low() {
    if (!s_valid && !in.empty()) s_valid = !stall();
    top->s_valid_i = s_valid;
    if (s_valid) {
      std::memcpy(&top->s_data_i, in.front().data.data(), sizeof(Beat));
      top->s_last_i = in.front().last;
    }
    m_ready = !stall();
    top->m_ready_i = m_ready;
    top->clk_i = 0;
    evaluate();
#if XT_TILE_WAVE
    wave_window();
    if (waving) fst->dump(cycles * 10);
#endif
  }

  // What this cycle hands over.
  void sample() {
    if (s_valid && top->s_ready_o) {
      in.pop_front();
      s_valid = false;
      quiet = 0;
    }
    if (m_ready && top->m_valid_o) {
      take_answer();
      quiet = 0;
    }
    if (top->trace_valid_o) {
      if (trace_kind() == XT_KIND_END) {
        quiet = 0;
        lengths.push_back(uint64_t(trace_cycle()) + 1);
      }
      if (sink) record();
    }
  }

  // The edge that ends the cycle.
  void high() {
    top->clk_i = 1;
    settle();
    cycles++;
    quiet++;
  }

  void cycle() {
    low();
    sample();
    high();
  }

  void idle_cycle() {
    top->s_valid_i = 0;
    top->m_ready_i = 0;
    top->clk_i = 0;
    settle();
    high();
  }

  // Hardware reset, asserted in the low half of a cycle: what that cycle would have done does not happen.
  void reset_now() {
    top->rst_ni = 0;
    in.clear();
    answer.clear();
    lengths.resize(answers.size());
    s_valid = false;
    for (int i = 0; i < 3; i++) idle_cycle();
    top->rst_ni = 1;
    for (int i = 0; i < 4; i++) idle_cycle();  // synchronous release
  }

  // True with probability 1/4, in the runs that want back-pressure.
  bool stall() {
    if (rng == 0) return false;
    rng ^= rng << 13;
    rng ^= rng >> 17;
    rng ^= rng << 5;
    return (rng >> 9 & 3) == 0;
  }

  // ---- packets

  void push(const uint32_t *words, size_t n) {
    layout.resize(n + 2);
    const int beats = xt_beats_layout(N, M, int(LANES), words, int(n), layout.data());
    for (int k = 0; k < beats; k++) {
      const int from = layout[size_t(k)], to = layout[size_t(k) + 1];
      in.push_back({{}, k + 1 == beats});
      std::memcpy(in.back().data.data(), words + from, std::min(size_t(to - from), LANES) * sizeof *words);
    }
  }

  // A beat of an answer: its header is alone in one, and past its words there are zeros.
  void take_answer() {
    Beat beat;
    std::memcpy(beat.data(), &top->m_data_o, sizeof beat);
    if (answer.empty()) answer_words = size_t(xt_beats_answer(N, M, beat[0], !top->m_last_o));
    size_t words = 1;
    if (LANES > 1) {
      if (!answer.empty()) words = std::min(LANES, answer_words - answer.size());
      if (std::any_of(beat.begin() + words, beat.end(), [](uint32_t w) { return w != 0; }))
        throw Failed{"an answer is not 0 past its words"};
    }
    answer.insert(answer.end(), beat.begin(), beat.begin() + words);
    if (top->m_last_o) {
      answers.push_back(std::move(answer));
      answer.clear();
    }
  }

  int wait_answers(size_t n) {
    quiet = 0;
    while (answers.size() < n) {
      if (quiet > XT_HANG_CYCLES) return hung();
      cycle();
    }
    return XT_E_OK;
  }

  int hung() {
    if (top->op_busy_o)
      return fail(XT_E_HANG, "no answer after %" PRIu64 " cycles; operation 0x%02x is in its cycle %" PRIu32, quiet,
                  trace_op(), trace_cycle());
    return fail(XT_E_HANG, "no answer after %" PRIu64 " cycles; no operation runs", quiet);
  }

  // Of the packet under way; inputs of this cycle may still change.
  bool in_cycle(uint32_t at) const {
    return top->op_busy_o && trace_cycle() == at;
  }

  // The packet under way is complete from the cycle after its last word was taken on, and starts in the next.
  bool before_start() const {
    return in.empty() && !s_valid && !top->op_busy_o;
  }

  // The packet runs alone: up to the reset, or until it has ended, ABORT written on the way.
  int submit_watched(const uint32_t *words, size_t n) {
    const int err = wait_answers(size_t(under_way));
    if (err) return err;
    const bool cut = cut_armed, abort = abort_armed;
    cut_armed = abort_armed = false;
    push(words, n);
    quiet = 0;
    bool ended = false, written = false, due = abort;  // a write of ABORT in this cycle; still to come
    for (;;) {
      if (quiet > XT_HANG_CYCLES) return hung();
      low();
      if (written && (!top->csr_ack_o || top->csr_status_o != XT_CSR_ST_OK))
        return fail(XT_E_MISMATCH, "a write of ABORT is refused (status %d)", top->csr_status_o);
      if (ended || (cut && in_cycle(cut_cycle))) break;
      written = due && (abort_cycle == 0 ? before_start() : in_cycle(abort_cycle - 1));
      if (written) {
        due = false;
        access(true, XT_CSR_CONTROL, 1);
        evaluate();
      }
      ended = top->trace_valid_o && trace_kind() == XT_KIND_END;
      sample();
      high();
      top->csr_valid_i = 0;
    }
    if (cut)
      reset_now();
    else
      under_way++;
    return XT_E_OK;
  }

  // ---- trace

  // A field of the record that is on the port now, as XT_TRACE_TABLE says where.
#define XT_FIELD(name, bits, low, only_end, text)                                    \
  decltype(xt_record::name) trace_##name() const {                                   \
    return static_cast<decltype(xt_record::name)>(bits_of(top->trace_o, low, bits)); \
  }
  XT_TRACE_TABLE(XT_FIELD)
#undef XT_FIELD

  void record() {
    xt_record rec = {};
#if XT_TILE_WAVE
    if (waving) {
      if (times.empty()) first_time = records;
      times.push_back(cycles * 10);
    }
#endif
    records++;
    const bool end = trace_kind() == XT_KIND_END;
#define XT_FIELD(name, bits, low, only_end, text) \
  if (end || !only_end) rec.name = trace_##name();
    XT_TRACE_TABLE(XT_FIELD)
#undef XT_FIELD
    if (end) {
      rec.ncodes = std::min(rec.ncodes, uint16_t(L));
      std::memcpy(codes.data(), &top->trace_codes_o, rec.ncodes * sizeof(int16_t));
      rec.codes = codes.data();
      std::memcpy(rec.digest, &top->digest_o, sizeof rec.digest);
      std::memcpy(rec.counters, &top->trace_counters_o, sizeof rec.counters);
    }
    rec.row_act = lines_of(top->trace_row_act_o, N, row_act);  // of every kind: HOLD, SAR and END drive nothing
    rec.row_pol = lines_of(top->trace_row_pol_o, N, row_pol);
    rec.col_act = lines_of(top->trace_col_act_o, M, col_act);
    rec.col_pol = lines_of(top->trace_col_pol_o, M, col_pol);
    if (SHAPE.mtj) {
      rec.row_amp = lines_of(top->trace_row_amp_o, int(XT_AMP_BITS) * N, row_amp);
      rec.col_amp = lines_of(top->trace_col_amp_o, int(XT_AMP_BITS) * M, col_amp);
    }
    if (rec.kind == XT_KIND_SAR) {
      unpack_trials();
      rec.trial = trial.data();
      rec.cmp = words_of(top->trace_cmp_o, UNITS, cmp);
      rec.over = lines_of(top->trace_over_o, UNITS, over);
    }
    sink(user, &rec);
  }

  void unpack_trials() {
    constexpr int width = SHAPE.adc_bits;
    const uint32_t *packed = words_of(top->trace_trial_o, UNITS * width, sar);
    uint64_t window = 0;
    int have = 0;
    size_t next = 0;
    for (int u = 0; u < UNITS; u++) {
      if (have < width) {
        window |= uint64_t(packed[next++]) << have;
        have += 32;
      }
      const uint32_t v = uint32_t(window) & ((1u << width) - 1);
      constexpr uint32_t sign = 1u << (width - 1);
      trial[size_t(u)] = int16_t(int32_t(v ^ sign) - int32_t(sign));
      window >>= width;
      have -= width;
    }
  }

  // ---- waves

#if XT_TILE_WAVE
  // Waves run from the end of operation wave_from - 1 to that of wave_to, as counted by OPS before them, and on for
  // WAVE_TAIL times the longest operation in them: a viewer that shows an operation whole in a small window has as much
  // to show to the right of it in a large one.
  static constexpr uint64_t WAVE_TAIL = 4;
  void wave_window() {
    const bool busy = top->op_busy_o;
    if (!wave_name.empty()) {
      uint64_t op = 0;
      std::memcpy(&op, inside().counters.at, sizeof op);
      const bool wanted = op >= opts.wave_from && op <= opts.wave_to && (busy || !finishing);
      if (wanted && !waving) {
        fst = std::make_unique<VerilatedFstC>();
        top->trace(fst.get(), 99);
        fst->open(wave_name.c_str());
        if (!fst->isOpen()) throw Failed{"cannot write the wave file " + wave_name, XT_E_SETUP};
        waving = true;
      } else if (!wanted && waving && tail++ >= WAVE_TAIL * longest) {
        fst->close();
        waving = false;
        wave_name.clear();
      }
      if (wanted) tail = 0;
      if (!busy || !was_busy) started = cycles;
      if (waving && wanted) longest = std::max(longest, cycles + 1 - started);
    }
    if (!busy && was_busy && waving) fst->flush();
    was_busy = busy;
  }
  // The tile's life ends inside the window or the tail: the operation that is under way (if it does not hang), the
  // tail.
  void finish_wave() {
    finishing = true;
    sink = nullptr;
    for (int n = 0; waving && n < 20000; n++) cycle();
  }
  std::unique_ptr<VerilatedFstC> fst;
  std::vector<uint64_t> times;  // of the records in the wave
  uint64_t first_time = 0;      // number of the first of them
  bool waving = false, was_busy = false, finishing = false;
  uint64_t started = 0, longest = 0,
           tail = 0;  // cycles: start of the operation, length of the longest, past the window
#endif

  struct Word {
    Beat data;
    bool last;
  };

  VerilatedContext context;
  xt_engine_opts opts;
  std::string wave_name;
  std::unique_ptr<Vxt_sim> top;
  uint32_t rng;
  std::deque<Word> in;
  Inputs inputs;
  bool s_valid = false, m_ready = false;
  std::vector<int> layout;
  std::vector<uint32_t> answer;
  size_t answer_words = 0;  // of the one that is under way
  std::deque<std::vector<uint32_t>> answers;
  std::deque<uint64_t> lengths;  // of the operations of these, and of those whose answers are to come
  int under_way = 0;
  bool cut_armed = false, abort_armed = false;
  uint32_t cut_cycle = 0, abort_cycle = 0;
  uint64_t quiet = 0;  // cycles since anything moved
  xt_trace_sink sink = nullptr;
  void *user = nullptr;
  uint64_t records = 0;  // given to the sink
  std::vector<uint32_t> row_act, row_pol, col_act, col_pol, row_amp, col_amp, cmp, over, sar;
  std::vector<int16_t> trial = std::vector<int16_t>(UNITS), codes = std::vector<int16_t>(L);
};

Model *self(void *model) {
  return static_cast<Model *>(model);
}

// Runs f on the model; what the RTL itself finds wrong becomes a message.
template <typename F>
int guarded(void *model, F f) {
  Model *m = self(model);
  try {
    return f(*m);
  } catch (const Failed &x) {
    return m->fail(x.code, "%s", x.what.c_str());
  } catch (const std::bad_alloc &) {
    return m->fail(XT_E_SETUP, "out of memory");
  }
}

int create(void **model, const xt_engine_opts *opts, char *err, size_t errlen) {
  *model = nullptr;
  try {
    auto m = std::make_unique<Model>(*opts);
    const int result = m->check_identity();
    if (result != XT_E_OK) {
      snprintf(err, errlen, "%s", m->message.c_str());
      return XT_E_SETUP;
    }
    *model = m.release();
    return XT_E_OK;
  } catch (const Failed &x) {
    snprintf(err, errlen, "tile %d: %s", opts->tile_index, x.what.c_str());
  } catch (const std::bad_alloc &) {
    snprintf(err, errlen, "tile %d: out of memory", opts->tile_index);
  }
  return XT_E_SETUP;
}

const xt_built_tile functions = {
    SHAPE,
    XT_TILE_WAVE,
    create,
    [](void *m) { delete self(m); },
    [](const void *m) { return static_cast<const Model *>(m)->message.c_str(); },
    [](void *m, const char *why) { return self(m)->fail(XT_E_ARG, "%s", why); },
    [](void *m, const xt_array_cfg *cfg) { return guarded(m, [&](Model &t) { return t.configure(*cfg); }); },
    [](void *m) { return guarded(m, [&](Model &t) { return t.hw_reset(); }); },
    [](void *m, uint32_t cycle) { return guarded(m, [&](Model &t) { return t.hw_reset_at(cycle); }); },
    [](void *m, uint32_t cycle) { return guarded(m, [&](Model &t) { return t.abort_at(cycle); }); },
    [](void *m, uint8_t addr, uint32_t value, int *status) {
      return guarded(m, [&](Model &t) { return t.csr(true, addr, value, nullptr, status); });
    },
    [](void *m, uint8_t addr, uint32_t *value, int *status) {
      return guarded(m, [&](Model &t) { return t.csr(false, addr, 0, value, status); });
    },
    [](void *m, const uint32_t *words, size_t n) { return guarded(m, [&](Model &t) { return t.submit(words, n); }); },
    [](void *m, uint32_t *words, size_t cap, size_t *n) {
      return guarded(m, [&](Model &t) { return t.collect(words, cap, n); });
    },
    [](const void *m) { return static_cast<const Model *>(m)->op_cycles; },
    [](void *m, xt_trace_sink sink, void *user) { self(m)->set_trace(sink, user); },
    [](void *m, xt_snapshot *s) { return guarded(m, [&](Model &t) { return t.get_snapshot(*s); }); },
    [](void *m, const xt_snapshot *s) { return guarded(m, [&](Model &t) { return t.set_snapshot(*s); }); },
    [](const void *m, int sel) { return static_cast<const Model *>(m)->states16(sel); },
    [](const void *m) { return static_cast<const Model *>(m)->cycles; },
    [](const void *m, uint64_t record) { return static_cast<const Model *>(m)->wave_time(record); },
};

}  // namespace

// Instead of the runtime's own (which end the process): the engine reports what the RTL complains about.
void vl_fatal(const char *file, int line, const char *, const char *msg) {
  throw Failed{std::string("the RTL stops at ") + xt_place(file, line) + ": " + msg};
}
void vl_stop(const char *file, int line, const char *) {
  throw Failed{std::string("an assertion of the RTL fails at ") + xt_place(file, line)};
}
void vl_finish(const char *file, int line, const char *) {
  throw Failed{std::string("the RTL calls $finish at ") + xt_place(file, line)};
}

extern "C" __attribute__((visibility("default"))) const xt_built_tile *xt_built_tile_functions(void) {
  return &functions;
}
