/* SPDX-License-Identifier: Apache-2.0 */
/* Derived sizes of a tile (rtl/SPEC.md section 1), computed once from its elaboration parameters. */
#ifndef XT_DIM_H
#define XT_DIM_H

#include "xt_bits.h"
#include "xt_tile_if.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Slots of a pulse train that are handled at once: one bit each in a 32-bit mask. */
enum { XT_CHUNK = 32 };

struct xt_dim {
  struct xt_shape shape;
  int32_t n, m; /* lines */
  int32_t code_bits, mb /* magnitude bits */, cmax;
  int32_t adc_bits, adcmax;
  int32_t cm;           /* magnitude bits of a column code */
  int32_t share, units; /* lines per ADC, number of ADCs */
  int32_t bl_max, sw, pb;
  int32_t fs;         /* 2^(sw-1) */
  int32_t lines;      /* max(n, m) */
  int32_t nw, mw, uw; /* words of a bit vector of rows, columns, units */
};

/* Checks every range; 0, or XT_E_ARG with a message in err[errlen]. */
int xt_dim_init(struct xt_dim *dim, const struct xt_shape *shape, char *err, size_t errlen);

#ifdef __cplusplus
}
#endif

#endif
