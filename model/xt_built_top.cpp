// SPDX-License-Identifier: Apache-2.0
// One Verilated xt_top as an sc_module, and its backdoor. Compiled once per list of shapes by
// scripts/build_tile.sh --top, which lists the tiles in xt_sc_tiles.inc: XT_SC_TILE(number, shape).
#include "xt_built_top.h"

#include <verilated.h>

#include <string>

#include "Vxt_sc_top.h"
#include "Vxt_sc_top___024root.h"
#include "xt_inside.h"

// Generated: settles all combinational logic after registers were written from outside.
void Vxt_sc_top___024root___eval_settle(Vxt_sc_top___024root *vlSelf);

namespace {

constexpr xt_shape SHAPES[] = {
#define XT_SC_TILE(t, ...) {__VA_ARGS__},
#include "xt_sc_tiles.inc"
#undef XT_SC_TILE
};
void (*alarm_fn)(void *, const char *) = nullptr;
void *alarm_user = nullptr;

void alarm(const std::string &what) {
  if (alarm_fn) alarm_fn(alarm_user, what.c_str());
}

// The signals of one tile.
xt_inside inside(Vxt_sc_top___024root &r, unsigned tile) {
  xt_inside in = {};
#define XT_TILE(t, signal) \
  r.xt_sc_top__DOT__u_sim__DOT__u_top__DOT__g_tile__BRA__##t##__KET____DOT__u_tile__DOT__##signal
#define XT_ANALOG(t, signal) r.xt_sc_top__DOT__u_sim__DOT__g_tile__BRA__##t##__KET____DOT__u_analog__DOT__##signal
#define XT_SIGNAL(t, name, room, signal) in.name = xt_signal_of(XT_##room(t, signal));
#if XT_TILE_ACC
#define XT_SUMS(t) XT_INSIDE_ACC_TABLE(XT_SIGNAL, t)
#else
#define XT_SUMS(t)
#endif
#define XT_SC_TILE(t, ...)        \
  case t:                         \
    XT_INSIDE_TABLE(XT_SIGNAL, t) \
    XT_SUMS(t)                    \
    break;
  switch (tile) {
#include "xt_sc_tiles.inc"
    default:
      break;
  }
#undef XT_SC_TILE
#undef XT_SUMS
#undef XT_SIGNAL
#undef XT_ANALOG
#undef XT_TILE
  return in;
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
  top->s_axil_wstrb_i(p->wstrb);
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
  const xt_inside in = inside(root(model), tile);
  xt_inside_read(&in, &SHAPES[tile], s);
}

void poke(void *model, unsigned tile, const xt_snapshot *s) {
  const xt_inside in = inside(root(model), tile);
  xt_inside_write(&in, &SHAPES[tile], s);
  Vxt_sc_top___024root___eval_settle(&root(model));
}

const int16_t *states16(void *model, unsigned tile, int sel) {
  const xt_inside in = inside(root(model), tile);
  return xt_inside_states16(&in, &SHAPES[tile], sel);
}

const xt_built_top functions = {SHAPES, sizeof SHAPES / sizeof *SHAPES, create, peek, poke, states16};

}  // namespace

// Instead of the runtime's own (which end the process).
void vl_fatal(const char *file, int line, const char *, const char *msg) {
  alarm("the RTL stops at " + xt_place(file, line) + ": " + msg);
}
void vl_stop(const char *file, int line, const char *) {
  alarm("an assertion of the RTL fails at " + xt_place(file, line));
}
void vl_finish(const char *file, int line, const char *) {
  alarm("the RTL calls $finish at " + xt_place(file, line));
}

extern "C" __attribute__((visibility("default"))) const xt_built_top *xt_built_top_functions(void) {
  return &functions;
}
