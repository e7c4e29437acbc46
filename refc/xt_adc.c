/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_adc.h"

void xt_adc_reset(struct xt_adc *adc, const struct xt_dim *dim) {
  memset(adc->cal, 0, (size_t)dim->units * sizeof *adc->cal);
}

void xt_adc_start(struct xt_adc *adc, const struct xt_dim *dim) {
  for (int32_t u = 0; u < dim->units; u++) adc->code[u] = xt_adc_first(dim);
}

void xt_adc_cycle(struct xt_adc *adc, const struct xt_dim *dim, struct xt_afe *afe, int dir, int32_t share,
                  uint32_t range, int32_t k) {
  const int32_t sensed = dir ? dim->n : dim->m;
  xt_bits_zero(adc->cmp, dim->unit_words);
  xt_bits_zero(adc->over, dim->unit_words);
  for (int32_t u = 0; u < dim->units; u++) {
    const int32_t line = u * dim->share + share, trial = xt_adc_trial(dim, adc->code[u], k);
    const uint32_t cmp = line < sensed ? xt_afe_cmp(afe, line, range, trial) : 0;
    const uint32_t over = line < sensed ? afe->over[line] : 0;
    adc->trial[u] = (int16_t)trial;
    adc->cmp[u >> 5] |= cmp << (u & 31);
    adc->over[u >> 5] |= over << (u & 31);
    adc->code[u] = xt_adc_step(dim, adc->code[u], k, cmp);
  }
  xt_afe_conv(afe);
}

uint32_t xt_adc_results(const struct xt_adc *adc, const struct xt_dim *dim, int dir, int32_t share, int32_t offset,
                        int16_t *result) {
  const int32_t sensed = dir ? dim->n : dim->m;
  uint32_t rails = 0;
  for (int32_t u = 0; u < dim->units; u++) {
    const int32_t line = u * dim->share + share;
    bool rail;
    if (line >= sensed) continue;
    result[line] = xt_adc_latch(dim, adc->code[u], offset + adc->cal[u], &rail);
    rails += rail;
  }
  return rails;
}

void xt_adc_calibrate(struct xt_adc *adc, const struct xt_dim *dim, const int16_t *result) {
  for (int32_t u = 0; u < dim->units; u++)
    adc->cal[u] = (int16_t)xt_clamp(adc->cal[u] + result[u * dim->share], -dim->adcmax, dim->adcmax);
}
