/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of one built tile (a shared object made by scripts/build_tile.sh) for model/xt_rtl.cpp.
 *
 * Functions, arguments and errors are those of struct xt_engine (refc/xt_tile_if.h), with the model instead of the
 * tile. configure() and set_snapshot() are given what has been checked.
 */
#ifndef XT_BUILT_TILE_H
#define XT_BUILT_TILE_H

#include "xt_tile_if.h"

/* Longest legal silence, in cycles: a PROGRAM of 255 rounds with BL 255 and 64 ADC slots takes about 700 000. */
#define XT_HANG_CYCLES UINT64_C(4000000)

struct xt_built_tile {
  struct xt_shape shape; /* what it was built for */
  int wave;              /* can write waves */
  int (*create)(void **model, const struct xt_engine_opts *opts, char *err, size_t errlen);
  void (*destroy)(void *model);
  const char *(*error)(const void *model);
  int (*refuse)(void *model, const char *why); /* XT_E_ARG; error() then says why */
  int (*configure)(void *model, const struct xt_array_cfg *cfg);
  int (*hw_reset)(void *model);
  int (*hw_reset_at)(void *model, uint32_t cycle);
  int (*abort_at)(void *model, uint32_t cycle);
  int (*csr_write)(void *model, uint8_t addr, uint32_t value, int *status);
  int (*csr_read)(void *model, uint8_t addr, uint32_t *value, int *status);
  int (*submit)(void *model, const uint32_t *words, size_t n);
  int (*collect)(void *model, uint32_t *words, size_t cap, size_t *n);
  uint64_t (*op_cycles)(const void *model);
  void (*set_trace)(void *model, xt_trace_sink sink, void *user);
  int (*get_snapshot)(void *model, struct xt_snapshot *s);
  int (*set_snapshot)(void *model, const struct xt_snapshot *s);
  const int16_t *(*states16)(const void *model, int sel);
  uint64_t (*clock_cycles)(const void *model);
  uint64_t (*wave_time)(const void *model, uint64_t record);
};

/* The one symbol of the shared object. */
#define XT_BUILT_TILE_SYMBOL "xt_built_tile_functions"
typedef const struct xt_built_tile *(*xt_built_tile_fn)(void);

#endif
