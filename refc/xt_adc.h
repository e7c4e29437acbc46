/* SPDX-License-Identifier: Apache-2.0 */
/* ADC readout: successive approximation or ramp, latch with range, offset and corrections (rtl/SPEC.md section 8). */
#ifndef XT_ADC_H
#define XT_ADC_H

#include <stdbool.h>

#include "xt_afe.h"
#include "xt_dim.h"

/* One unit: its code before the first cycle of a conversion ... */
static inline int32_t xt_adc_first(const struct xt_dim *dim) {
  return dim->ramp ? -dim->adcmax : -(INT32_C(1) << (dim->adc_bits - 1));
}
/* ... its trial code in cycle k = 0..CONV-1 ... */
static inline int32_t xt_adc_trial(const struct xt_dim *dim, int32_t code, int32_t k) {
  return dim->ramp ? k + 1 - dim->adcmax : code + (INT32_C(1) << (dim->adc_bits - 1 - k));
}
/* ... and its code after the comparator's answer. A ramp goes on while the trials are taken without a gap. */
static inline int32_t xt_adc_step(const struct xt_dim *dim, int32_t code, int32_t k, uint32_t cmp) {
  const int32_t trial = xt_adc_trial(dim, code, k);
  return cmp && (!dim->ramp || code == trial - 1) ? trial : code;
}
/* Slot of the cycle's record: the bit, or the number of the step. */
static inline uint32_t xt_adc_slot(const struct xt_dim *dim, int32_t k) {
  return (uint32_t)(dim->ramp ? k : dim->adc_bits - 1 - k);
}

/* LATCH: *rail tells whether the conversion ended at a rail; returns the result, within +-ADCMAX. offset: register
 * ADC_OFFSET and the unit's correction. */
static inline int16_t xt_adc_latch(const struct xt_dim *dim, int32_t code, int32_t offset, bool *rail) {
  const int32_t most = dim->adcmax;
  *rail = code >= most || code <= -most;
  return (int16_t)xt_clamp(xt_clamp(code, -most, most) - offset, -most, most);
}

/* All units. The memory belongs to the caller. */
struct xt_adc {
  int16_t *cal;   /* [units]: offset corrections */
  int32_t *code;  /* [units]: so far */
  int16_t *trial; /* [units]: of this cycle */
  uint32_t *cmp;  /* bit vector of units: the comparators in this cycle */
  uint32_t *over; /* bit vector of units: the integrators they look at have reached their limit */
};

void xt_adc_reset(struct xt_adc *adc, const struct xt_dim *dim);
void xt_adc_start(struct xt_adc *adc, const struct xt_dim *dim);
/* Conversion cycle k of share slot `share`, on held values of the sensed lines (dir 0: columns; 1: rows); range: 0..48.
 */
void xt_adc_cycle(struct xt_adc *adc, const struct xt_dim *dim, struct xt_afe *afe, int dir, int32_t share,
                  uint32_t range, int32_t k);
/* LATCH of the share slot: result[] of its lines; returns how many ended at a rail. */
uint32_t xt_adc_results(const struct xt_adc *adc, const struct xt_dim *dim, int dir, int32_t share, int32_t offset,
                        int16_t *result);
/* The end of a CALIBRATE: what the units said of nothing, result[lines], goes into their corrections. */
void xt_adc_calibrate(struct xt_adc *adc, const struct xt_dim *dim, const int16_t *result);

#endif
