/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_adc.h"

uint32_t xt_adc_convert(const struct xt_dim *dim, const int64_t *v, int32_t lines, uint32_t range, int32_t offset,
                        int16_t *result) {
  const int64_t half = range > 0 ? INT64_C(1) << (range - 1) : 0;
  uint32_t rails = 0;
  for (int32_t i = 0; i < lines; i++) {
    bool rail;
    const int32_t code = (int32_t)xt_clamp(xt_sra(v[i] + half, range), -dim->adcmax - 1, dim->adcmax);
    result[i] = xt_adc_latch(dim, code, offset, &rail);
    rails += rail;
  }
  return rails;
}
