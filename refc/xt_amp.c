/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_amp.h"

static uint32_t magnitude(int16_t code) {
  return (uint32_t)(code < 0 ? -code : code);
}

uint32_t xt_amp_halves(uint32_t v) {
  const uint32_t l = (uint32_t)xt_bitlen(v) - 1, next = l > 0 ? v >> (l - 1) & 1 : 0;
  return 2 * l + next;
}

uint32_t xt_amp_code(uint32_t v, int32_t mb) {
  return 2 * (uint32_t)mb - 1 - xt_amp_halves(v);
}

void xt_amp_encode(struct xt_amp *a, const struct xt_dim *dim, struct xt_switch_cfg cfg, uint32_t rate,
                   const int16_t *x, const int16_t *d) {
  struct xt_signs rows = {false, false}, cols = {false, false};
  for (int32_t i = 0; i < dim->n; i++) {
    a->row[i] = (uint8_t)(cfg.gated || x[i] == 0 ? 0 : xt_amp_code(magnitude(x[i]), dim->mb));
    rows.pos |= x[i] > 0;
    rows.neg |= x[i] < 0;
  }
  xt_bits_zero(a->col_on, dim->col_words);
  for (int32_t j = 0; j < dim->m; j++) {
    a->col[j] = (uint8_t)(d[j] == 0 ? 0 : xt_amp_code(magnitude(d[j]), dim->mb) + rate);
    const bool on = d[j] != 0 && a->col[j] < 1U << XT_AMP_BITS;
    a->col_on[j >> 5] |= (uint32_t)on << (j & 31);
    cols.pos |= on && d[j] > 0;
    cols.neg |= on && d[j] < 0;
  }
  a->phases = xt_switch_phases(cfg, rows, cols);
}

void xt_amp_encode_sums(struct xt_amp *a, const struct xt_dim *dim, struct xt_switch_cfg cfg, uint32_t rate, int32_t i,
                        const int32_t *sum, int16_t *d) {
  struct xt_signs cols = {false, false};
  a->row[i] = (uint8_t)(cfg.gated ? 0 : xt_amp_code((uint32_t)dim->cmax, dim->mb));
  xt_bits_zero(a->col_on, dim->col_words);
  for (int32_t j = 0; j < dim->m; j++) {
    const int32_t s = sum[j >> dim->gang], halves = s == 0 ? 0 : (int32_t)xt_amp_halves((uint32_t)(s < 0 ? -s : s));
    const int32_t amp = (int32_t)rate > halves ? (int32_t)rate - halves : 0;
    const bool on = s != 0 && amp < 1 << XT_AMP_BITS;
    a->col[j] = (uint8_t)(on ? amp : 0);
    a->col_on[j >> 5] |= (uint32_t)on << (j & 31);
    d[j] = (int16_t)((s > 0) - (s < 0));
    cols.pos |= on && s > 0;
    cols.neg |= on && s < 0;
  }
  a->phases = xt_switch_phases(cfg, (struct xt_signs){true, false}, cols);
}

void xt_amp_bits(const uint8_t *amp, int32_t lines, uint32_t *bits) {
  xt_bits_zero(bits, xt_amp_words(lines));
  for (int32_t i = 0; i < lines; i++) {
    if (amp[i] == 0) continue;
    for (int32_t b = 0, k = i; b < (int32_t)XT_AMP_BITS; b++, k += lines)
      bits[k >> 5] |= (uint32_t)(amp[i] >> b & 1) << (k & 31);
  }
}
