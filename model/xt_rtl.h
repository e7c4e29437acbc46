/* SPDX-License-Identifier: Apache-2.0 */
/* The engine `rtl`: the Verilated tile (rtl/array/xt_sim.sv) behind struct xt_engine.
 *
 * The shape of a tile is fixed when Verilog is elaborated, so each shape (and each seeded bug, and the variant that can
 * write waves) is a shared object of its own, built by scripts/build_tile.sh when it is first needed and kept in a
 * cache directory: environment XT_TILE_CACHE, else <build>/tiles, else, if that is not ours to write,
 * $XDG_CACHE_HOME/crosstrain/tiles or ~/.cache/crosstrain/tiles. The key is a hash of the RTL, the shim, the shape, the
 * flags and, with -march=native, this CPU: an edited .sv builds anew, clones with the same contents share, and so may
 * machines. A file that was cut or changed since it was built is built again. Environment XT_TILE_CXXFLAGS: the
 * compiler's flags instead of -O3; tiles with waves or bugs are compiled at -O1. Environment XT_RTL_DIR: another rtl
 * directory than the repository's.
 *
 * Different tiles may be used by different threads, one tile by one thread at a time.
 * An assertion of the RTL that fails returns XT_E_MISMATCH with its file and line.
 */
#ifndef XT_RTL_H
#define XT_RTL_H

#include "xt_tile_if.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct xt_engine xt_engine_rtl;

/* NULL, or a number that ends the building of a tile (XT_E_SETUP) when it is not 0: a signal was caught. */
extern const volatile int *xt_rtl_stop;

/* All clock cycles of the tile so far: operations, stream beats, register accesses, resets and idle ones. */
uint64_t xt_rtl_clock_cycles(const struct xt_tile *t);

/* Builds (or finds) the shared object of xt_top with `tiles` tiles of these shapes (which differ in n and m only) as a
 * SystemC module (model/xt_built_top.h), against the Verilator runtime `runtime` compiled for SystemC, without making
 * one. `path` (pathlen bytes) gets its name. Other arguments and errors as struct xt_engine.create. */
int xt_rtl_build_sc(const struct xt_shape *shapes, int tiles, const struct xt_engine_opts *opts, const char *runtime,
                    char *path, size_t pathlen, char *err, size_t errlen);

#ifdef __cplusplus
}
#endif

#endif
