/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_adc.h"

int16_t xt_adc_latch(const struct xt_dim *dim, int32_t code, int32_t offset, bool *rail) {
  const int32_t most = dim->adcmax;
  *rail = code >= most || code <= -most;
  return (int16_t)xt_clamp(xt_clamp(code, -most, most) - offset, -most, most);
}

int32_t xt_adc_convert(const struct xt_dim *dim, int64_t v, uint32_t range) {
  const int64_t half = range > 0 ? INT64_C(1) << (range - 1) : 0;
  return (int32_t)xt_clamp(xt_sra(v + half, range), -dim->adcmax - 1, dim->adcmax);
}
