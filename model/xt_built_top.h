/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of one built xt_top (scripts/build_tile.sh --top) for model/xt_sc_rtl.cpp: the Verilated sc_module
 * bound to the signals of xt_sc_pins, and the backdoor to what has no register (rtl/SPEC.md section 12). libsystemc is
 * shared, so the module joins the kernel of the program that loads it. */
#ifndef XT_BUILT_TOP_H
#define XT_BUILT_TOP_H

#include <cstdint>
#include <systemc>

#include "xt_tile_if.h"

/* The pins of model/xt_sc_top.sv, by their names without _i and _o. */
struct xt_sc_pins {
  // Unchecked for speed. Each has one driver: the transactor's method; the module, and poke when it settles the logic.
  template <typename T>
  using to_rtl = sc_core::sc_signal<T, sc_core::SC_UNCHECKED_WRITERS>;
  template <typename T>
  using from_rtl = sc_core::sc_signal<T, sc_core::SC_UNCHECKED_WRITERS>;
  to_rtl<bool> clk{"clk"}, rst_n{"rst_n"};
  to_rtl<bool> awvalid{"awvalid"}, wvalid{"wvalid"}, arvalid{"arvalid"};
  to_rtl<uint32_t> awaddr{"awaddr"}, wdata{"wdata"}, wstrb{"wstrb"}, araddr{"araddr"};
  from_rtl<bool> awready{"awready"}, wready{"wready"}, bvalid{"bvalid"}, arready{"arready"}, rvalid{"rvalid"};
  from_rtl<uint32_t> bresp{"bresp"}, rdata{"rdata"}, rresp{"rresp"};
  to_rtl<bool> s_tvalid{"s_tvalid"}, s_tlast{"s_tlast"};
  to_rtl<uint32_t> s_tdata{"s_tdata"}, s_tdest{"s_tdest"};
  from_rtl<bool> s_tready{"s_tready"}, m_tvalid{"m_tvalid"}, m_tlast{"m_tlast"};
  from_rtl<uint32_t> m_tdata{"m_tdata"}, m_tid{"m_tid"};
  to_rtl<bool> cfg_valid{"cfg_valid"}, fabricate{"fabricate"}, rescan{"rescan"}, watch{"watch"};
  to_rtl<uint32_t> cfg_tile{"cfg_tile"}, cfg_addr{"cfg_addr"}, cfg_data{"cfg_data"};
  from_rtl<bool> op_busy{"op_busy"}, op_end{"op_end"};
  from_rtl<uint32_t> op_cycle{"op_cycle"};
};

struct xt_built_top {
  const xt_shape *shapes; /* of the tiles it was built for */
  int tiles;
  /* Makes the module (once per loaded object and process; it is never destroyed: SystemC takes no module back). `alarm`
   * is called with what an assertion or $fatal of the RTL says. `plant`: NULL or the bug that it gets. */
  void *(*create)(const char *name, const char *plant, xt_sc_pins *pins,
                  sc_core::sc_signal<bool, sc_core::SC_MANY_WRITERS> *irq, void (*alarm)(void *user, const char *what),
                  void *user);
  /* Everything of a snapshot but the registers; out of an operation, the clock low. After poke the caller gives rescan.
   */
  void (*peek)(void *model, unsigned tile, xt_snapshot *s);
  void (*poke)(void *model, unsigned tile, const xt_snapshot *s);
  const int16_t *(*states16)(void *model, unsigned tile, int sel); /* NULL unless StateBits = 16 */
};

/* The one symbol of the shared object. */
#define XT_BUILT_TOP_SYMBOL "xt_built_top_functions"
typedef const xt_built_top *(*xt_built_top_fn)(void);

#endif
