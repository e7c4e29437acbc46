/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_dim.h"

#include <stdio.h>

int xt_dim_init(struct xt_dim *dim, const struct xt_shape *s, char *err, size_t errlen) {
#define XT_VALUE(Name, name) s->name,
  const int32_t value[] = {XT_SHAPE_FIELD_TABLE(XT_VALUE)};
#undef XT_VALUE
  int i = 0;
#define XT_CHECK(Name, def, lo, hi, text)                                                             \
  if (value[i] < (lo) || value[i] > (hi)) {                                                           \
    snprintf(err, errlen, "shape: " #Name " = %d is not in %d..%d (%s)", value[i], (lo), (hi), text); \
    return XT_E_ARG;                                                                                  \
  }                                                                                                   \
  i++;
  XT_SHAPE_TABLE(XT_CHECK)
#undef XT_CHECK
  const int32_t most = INT32_C(1) << (s->prob_bits - 1);
  if (s->n > most || s->m > most) {
    snprintf(err, errlen, "shape: N = %d, M = %d, but ProbBits = %d allows at most %d lines", s->n, s->m, s->prob_bits,
             most);
    return XT_E_ARG;
  }
  dim->shape = *s;
  dim->n = s->n;
  dim->m = s->m;
  dim->code_bits = s->code_bits;
  dim->mb = s->code_bits - 1;
  dim->cmax = (INT32_C(1) << dim->mb) - 1;
  dim->adc_bits = s->adc_bits;
  dim->adcmax = (INT32_C(1) << (s->adc_bits - 1)) - 1;
  dim->cm = dim->mb > s->adc_bits - 1 ? dim->mb : s->adc_bits - 1;
  dim->share = s->adc_share;
  dim->ramp = s->adc_kind;
  dim->conv = xt_shape_conv(s);
  dim->bl_max = s->bl_max;
  dim->sw = s->state_bits;
  dim->pb = s->prob_bits;
  dim->fs = INT32_C(1) << (s->state_bits - 1);
  dim->lines = s->n > s->m ? s->n : s->m;
  dim->units = xt_shape_units(s);
  dim->row_words = xt_words(dim->n);
  dim->col_words = xt_words(dim->m);
  dim->unit_words = xt_words(dim->units);
  return XT_E_OK;
}
