/* SPDX-License-Identifier: Apache-2.0 */
/* Derived sizes of a tile (rtl/SPEC.md section 1), computed once from its elaboration parameters. */
#ifndef XT_DIM_H
#define XT_DIM_H

#include "xt_bits.h"
#include "xt_tile_if.h"

#ifdef __cplusplus
extern "C" {
#endif

struct xt_dim {
  struct xt_shape shape;
  int32_t n, m;  /* input lines (rows), output lines (columns) */
  int32_t lines; /* the larger of the two */
  int32_t code_bits, cmax;
  int32_t mb; /* MB: magnitude bits of an input code */
  int32_t adc_bits, adcmax;
  int32_t cm;    /* CM: magnitude bits of a column's code, input or ADC */
  int32_t share; /* lines per ADC */
  int32_t units; /* ADCs */
  int32_t ramp;  /* AdcKind = 1 */
  int32_t conv;  /* CONV: cycles of a conversion */
  int32_t bl_max;
  int32_t pb;                               /* PB: ProbBits */
  int32_t sw, fs;                           /* SW: StateBits; FS = 2^(SW-1) */
  int32_t ms;                               /* MS: sums of the accumulator per row; 0: there is none */
  int32_t gang, smax;                       /* AccGang; SMAX: largest sum */
  int32_t row_words, col_words, unit_words; /* 32-bit words of a bit vector of rows, columns, ADCs */
};

/* UNITS of a shape that is legal. */
static inline int32_t xt_shape_units(const struct xt_shape *s) {
  return xt_ceil_div(s->n > s->m ? s->n : s->m, s->adc_share);
}

/* Sums of the accumulator per row; 0: there is none. */
static inline int32_t xt_shape_sums(const struct xt_shape *s) {
  return s->acc_bits != 0 ? s->m >> s->acc_gang : 0;
}

/* CONV: cycles of a conversion. */
static inline int32_t xt_shape_conv(const struct xt_shape *s) {
  return s->adc_kind != 0 ? (INT32_C(1) << s->adc_bits) - 2 : s->adc_bits;
}

/* Checks every range; 0, or XT_E_ARG with a message in err[errlen]. */
int xt_dim_init(struct xt_dim *dim, const struct xt_shape *shape, char *err, size_t errlen);

#ifdef __cplusplus
}
#endif

#endif
