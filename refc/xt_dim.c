/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_dim.h"

#include <stdio.h>

enum { ACC_LEAST = 12 }; /* bits of a sum */

/* What the accumulator's parameters say together; NULL: they are legal. */
static const char *accumulator(const struct xt_shape *s) {
  if (s->acc_bits == 0) return s->acc_gang == 0 ? NULL : "AccGang wants AccBits";
  if (s->acc_bits < ACC_LEAST) return "AccBits is 0, or 12 or more";
  if (s->mtj == 0) return "AccBits wants Mtj = 1";
  return s->m % (1 << s->acc_gang) == 0 ? NULL : "2^AccGang is no divisor of M";
}

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
  const char *wrong = accumulator(s);
  if (wrong != NULL) {
    snprintf(err, errlen, "shape: AccBits = %d, AccGang = %d, Mtj = %d, M = %d: %s", s->acc_bits, s->acc_gang, s->mtj,
             s->m, wrong);
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
  dim->ms = xt_shape_sums(s);
  dim->gang = s->acc_gang;
  dim->smax = s->acc_bits != 0 ? (int32_t)((INT64_C(1) << (s->acc_bits - 1)) - 1) : 0;
  dim->row_words = xt_words(dim->n);
  dim->col_words = xt_words(dim->m);
  dim->unit_words = xt_words(dim->units);
  return XT_E_OK;
}
