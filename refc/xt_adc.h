/* SPDX-License-Identifier: Apache-2.0 */
/* ADC readout: successive approximation of one unit, latch with range and offset (rtl/SPEC.md section 8). */
#ifndef XT_ADC_H
#define XT_ADC_H

#include <stdbool.h>

#include "xt_afe.h"
#include "xt_dim.h"

/* Before the first SAR cycle. */
static inline int32_t xt_adc_first(const struct xt_dim *dim) {
  return -(INT32_C(1) << (dim->adc_bits - 1));
}
/* Trial code of SAR cycle b (AdcBits-1 down to 0), and the code after the comparator's answer. */
static inline int32_t xt_adc_trial(int32_t code, int b) {
  return code + (INT32_C(1) << b);
}
static inline int32_t xt_adc_step(int32_t code, int b, uint32_t cmp) {
  return cmp ? xt_adc_trial(code, b) : code;
}

/* LATCH: *rail tells whether the conversion ended at a rail; returns the result, within +-ADCMAX. */
static inline int16_t xt_adc_latch(const struct xt_dim *dim, int32_t code, int32_t offset, bool *rail) {
  const int32_t most = dim->adcmax;
  *rail = code >= most || code <= -most;
  return (int16_t)xt_clamp(xt_clamp(code, -most, most) - offset, -most, most);
}

/* All units. The memory belongs to the caller. */
struct xt_adc {
  int32_t *code;  /* [units]: so far */
  int16_t *trial; /* [units]: of this cycle */
  uint32_t *cmp;  /* bit vector of units: the comparators in this cycle */
};

void xt_adc_start(struct xt_adc *adc, const struct xt_dim *dim);
/* SAR cycle b of share slot `share`, on held values of the sensed lines (dir 0: columns; 1: rows); range: 0..48. */
void xt_adc_sar(struct xt_adc *adc, const struct xt_dim *dim, const struct xt_afe *afe, int dir, int32_t share,
                uint32_t range, int b);
/* LATCH of the share slot: result[] of its lines; returns how many ended at a rail. */
uint32_t xt_adc_results(const struct xt_adc *adc, const struct xt_dim *dim, int dir, int32_t share, int32_t offset,
                        int16_t *result);

#endif
