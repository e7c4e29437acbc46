// SPDX-License-Identifier: Apache-2.0
// One Verilated xt_top as an sc_module, and its backdoor. Compiled once per shape by scripts/build_tile.sh --sc, which
// defines XT_TILE_SHAPE (eight numbers) and XT_SC_TILES, and lists the tiles in xt_sc_tiles.inc.
#include "xt_sc_so.h"

#include <verilated.h>

#include <array>
#include <cstring>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "Vxt_sc_top.h"
#include "Vxt_sc_top___024root.h"

// Generated: settles all combinational logic after registers were written from outside.
void Vxt_sc_top___024root___eval_settle(Vxt_sc_top___024root *vlSelf);

namespace {

constexpr xt_shape SHAPE = {XT_TILE_SHAPE};
constexpr int N = SHAPE.n, M = SHAPE.m;
constexpr size_t DEVICES = size_t(N) * size_t(M);
constexpr uint32_t SIGN = 1u << (SHAPE.state_bits - 1);

void (*alarm_fn)(void *, const char *) = nullptr;
void *alarm_user = nullptr;

void alarm(const std::string &what) {
  if (alarm_fn) alarm_fn(alarm_user, what.c_str());
}

std::string place(const char *path, int line) {
  const char *slash = std::strrchr(path, '/');
  return std::string(slash ? slash + 1 : path) + ":" + std::to_string(line);
}

int32_t sign_extend(uint32_t v) {
  v &= 2 * SIGN - 1;
  return int32_t(v ^ SIGN) - int32_t(SIGN);
}

// Generators are stored bit-sliced: bit b of line l at b * lines + l.
uint32_t get_sliced(const void *signal, int lines, int line, int width) {
  const auto *bits = static_cast<const uint8_t *>(signal);
  uint32_t v = 0;
  for (int b = 0; b < width; b++) {
    const size_t at = size_t(b) * size_t(lines) + size_t(line);
    v |= uint32_t(bits[at / 8] >> (at % 8) & 1) << b;
  }
  return v;
}

void put_sliced(void *signal, int lines, int line, int width, uint32_t v) {
  auto *bits = static_cast<uint8_t *>(signal);
  for (int b = 0; b < width; b++) {
    const size_t at = size_t(b) * size_t(lines) + size_t(line);
    bits[at / 8] = uint8_t((bits[at / 8] & ~(1u << (at % 8))) | ((v >> b & 1) << (at % 8)));
  }
}

template <typename T>
void assign(T &signal, uint32_t v) {
  signal = static_cast<T>(v);
}

// Calls f(states by plane, pulse counter, read counter, row generators, column generators, n, pointer, count, ready,
// counters, order) of one tile.
template <typename F>
void with_tile(Vxt_sc_top___024root &r, unsigned tile, F f) {
#define SIM(t, name) r.xt_sc_top__DOT__u_sim__DOT__g_tile__BRA__##t##__KET____DOT__u_analog__DOT__##name
#define TILE(t, name) r.xt_sc_top__DOT__u_sim__DOT__u_top__DOT__g_tile__BRA__##t##__KET____DOT__u_tile__DOT__##name
#define STATES(t, NAME, value) &SIM(t, u_array__DOT__u_plane_##NAME##__DOT__w)[0],
#define XT_SC_TILE(t)                                                                                                \
  case t:                                                                                                            \
    f(std::array{XT_PLANE_TABLE_WITH(STATES, t)}, SIM(t, u_array__DOT__pulse_ctr_q), SIM(t, u_afe__DOT__read_ctr_q), \
      TILE(t, u_row_enc__DOT__gen_q), TILE(t, u_col_enc__DOT__gen_q), TILE(t, u_seq__DOT__lowdisc_q),                \
      TILE(t, u_xfer__DOT__ptr_q), TILE(t, u_xfer__DOT__count_q), TILE(t, u_seq__DOT__reset_given_q),                \
      TILE(t, u_count__DOT__counters_q), TILE(t, u_trace__DOT__order_q));                                            \
    break;
  switch (tile) {
#include "xt_sc_tiles.inc"
    default:
      break;
  }
#undef XT_SC_TILE
#undef STATES
#undef TILE
#undef SIM
}

Vxt_sc_top___024root &root(void *model) {
  return *static_cast<Vxt_sc_top *>(model)->rootp;
}

void *create(const char *name, const char *plant, xt_sc_pins *p,
             sc_core::sc_signal<bool, sc_core::SC_MANY_WRITERS> *irq, void (*fn)(void *, const char *), void *user) {
  if (plant) {
    const std::string arg = std::string("+plant=") + plant;
    const char *args[] = {"xt_top", arg.c_str()};
    Verilated::commandArgs(2, args);
  }
  alarm_fn = fn;
  alarm_user = user;
  auto *top = new Vxt_sc_top(name);
  top->clk_i(p->clk);
  top->rst_ni(p->rst_n);
  top->s_axil_awaddr_i(p->awaddr);
  top->s_axil_awvalid_i(p->awvalid);
  top->s_axil_awready_o(p->awready);
  top->s_axil_wdata_i(p->wdata);
  top->s_axil_wvalid_i(p->wvalid);
  top->s_axil_wready_o(p->wready);
  top->s_axil_bresp_o(p->bresp);
  top->s_axil_bvalid_o(p->bvalid);
  top->s_axil_araddr_i(p->araddr);
  top->s_axil_arvalid_i(p->arvalid);
  top->s_axil_arready_o(p->arready);
  top->s_axil_rdata_o(p->rdata);
  top->s_axil_rresp_o(p->rresp);
  top->s_axil_rvalid_o(p->rvalid);
  top->s_axis_tdata_i(p->s_tdata);
  top->s_axis_tvalid_i(p->s_tvalid);
  top->s_axis_tready_o(p->s_tready);
  top->s_axis_tlast_i(p->s_tlast);
  top->s_axis_tdest_i(p->s_tdest);
  top->m_axis_tdata_o(p->m_tdata);
  top->m_axis_tvalid_o(p->m_tvalid);
  top->m_axis_tlast_o(p->m_tlast);
  top->m_axis_tid_o(p->m_tid);
  top->irq_o(*irq);
  top->cfg_tile_i(p->cfg_tile);
  top->cfg_valid_i(p->cfg_valid);
  top->cfg_addr_i(p->cfg_addr);
  top->cfg_data_i(p->cfg_data);
  top->fabricate_i(p->fabricate);
  top->rescan_i(p->rescan);
  top->watch_i(p->watch);
  top->op_busy_o(p->op_busy);
  top->op_end_o(p->op_end);
  top->op_cycle_o(p->op_cycle);
  return top;
}

void peek(void *model, unsigned tile, xt_snapshot *s) {
  with_tile(root(model), tile,
            [s](auto w, auto &pulse_ctr, auto &read_ctr, auto &row, auto &col, auto &n, auto &ptr, auto &count,
                auto &ready, auto &counters, auto &order) {
              for (size_t a = 0; a < XT_NUM_PLANES; a++)
                for (size_t k = 0; k < DEVICES; k++) s->w[a][k] = sign_extend(uint32_t(w[a][k]));
              for (int i = 0; i < N; i++) s->row_gen[i] = get_sliced(&row, N, i, SHAPE.prob_bits);
              for (int j = 0; j < M; j++) s->col_gen[j] = get_sliced(&col, M, j, SHAPE.prob_bits + 1);
              s->pulse_ctr = pulse_ctr;
              s->read_ctr = read_ctr;
              s->lowdisc_n = n;
              s->xfer_ptr = ptr;
              s->xfer_count = count;
              s->reset_given = ready;
              std::memcpy(s->counters, &counters, sizeof s->counters);
              s->order = order;
            });
}

void poke(void *model, unsigned tile, const xt_snapshot *s) {
  Vxt_sc_top___024root &r = root(model);
  with_tile(r, tile,
            [s](auto w, auto &pulse_ctr, auto &read_ctr, auto &row, auto &col, auto &n, auto &ptr, auto &count,
                auto &ready, auto &counters, auto &order) {
              for (size_t a = 0; a < XT_NUM_PLANES; a++)
                for (size_t k = 0; k < DEVICES; k++) assign(w[a][k], uint32_t(s->w[a][k]) & (2 * SIGN - 1));
              for (int i = 0; i < N; i++) put_sliced(&row, N, i, SHAPE.prob_bits, s->row_gen[i]);
              for (int j = 0; j < M; j++) put_sliced(&col, M, j, SHAPE.prob_bits + 1, s->col_gen[j]);
              pulse_ctr = s->pulse_ctr;
              read_ctr = s->read_ctr;
              assign(n, s->lowdisc_n);
              assign(ptr, s->xfer_ptr);
              assign(count, s->xfer_count);
              assign(ready, s->reset_given);
              std::memcpy(&counters, s->counters, sizeof s->counters);
              order = s->order;
            });
  Vxt_sc_top___024root___eval_settle(&r);
}

const int16_t *states16(const void *model, unsigned tile, int sel) {
  const int16_t *at = nullptr;
  if (SHAPE.state_bits == 16 && sel >= 0 && sel < XT_NUM_PLANES)
    with_tile(*static_cast<const Vxt_sc_top *>(model)->rootp, tile,
              [&](auto w, auto &...) { at = reinterpret_cast<const int16_t *>(w[size_t(sel)]); });
  return at;
}

const xt_sc_so face = {SHAPE, XT_SC_TILES, create, peek, poke, states16};

}  // namespace

// Instead of the runtime's own (which end the process).
void vl_fatal(const char *file, int line, const char *, const char *msg) {
  alarm("the RTL stops at " + place(file, line) + ": " + msg);
}
void vl_stop(const char *file, int line, const char *) {
  alarm("an assertion of the RTL fails at " + place(file, line));
}
void vl_finish(const char *file, int line, const char *) {
  alarm("the RTL calls $finish at " + place(file, line));
}

extern "C" __attribute__((visibility("default"))) const xt_sc_so *xt_sc_so_face(void) {
  return &face;
}
