/* SPDX-License-Identifier: Apache-2.0 */
/* The engines `systemc` and `systemc-lt`: struct xt_engine through TLM transactions to xt_top in Verilog (xt_sc_rtl.h)
 * and to the loosely-timed model (xt_sc_lt.h), each tile a platform of its own behind one SC_THREAD that initiates.
 *
 * SystemC elaborates once per process, at the first access that needs a clock. So every tile must be created before
 * that; later create() is refused (XT_E_SETUP). Before it configure() is kept, and the identification registers (ID,
 * PARAM_HASH, SHAPE, CONFIG, CONFIG2) read as what the tile was built from; the elaboration applies the one and checks
 * the others against the registers on the bus. A tile that is destroyed stays in the simulation, idle. One kernel:
 * tiles used by several threads take turns. opts.records, wave: refused, no trace. stall_seed: refused. The program
 * needs no sc_main. */
#ifndef XT_SYSTEMC_H
#define XT_SYSTEMC_H

#include "xt_tile_if.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct xt_engine xt_engine_systemc, xt_engine_systemc_lt;

#ifdef __cplusplus
}
#endif

#endif
