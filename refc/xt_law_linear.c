/* SPDX-License-Identifier: Apache-2.0 */
/* Linear step: the step is a linear function of the state. GAMMA 0: constant step; 4096 (1.0): soft bounds, the step
 * vanishes at the bound; between them and above: linear step (rtl/SPEC.md section 9; aihwkit's LinearStepDevice). */
#include "xt_bits.h"
#include "xt_law.h"

/* Slope of the step over the state, in 2^-(sw-3) per state unit: Q12 gamma of scale / bound; at most 32767. */
static int32_t slope(int64_t scale, int64_t gamma, int64_t bound, int32_t sw) {
  const int64_t den = 4096 * bound;
  const int64_t l = (scale * gamma * (INT64_C(1) << (sw - 3)) + den / 2) / den;
  return (int32_t)(l < 32767 ? l : 32767);
}

static void fabricate(const struct xt_dev_cfg *cfg, int32_t sw, struct xt_device *d) {
  d->shape_up = -slope(d->step_up, cfg->gamma_up, d->wmax, sw);
  d->shape_down = slope(d->step_down, cfg->gamma_down, -d->wmin, sw);
}

static int32_t pulse(const struct xt_dev_cfg *cfg, int32_t sw, const struct xt_device *d, int32_t w, struct xt_pulse p,
                     uint32_t w32) {
  const int64_t at_0 = p.up ? d->step_up : d->step_down, gradient = p.up ? d->shape_up : d->shape_down;
  const int64_t step = at_0 + xt_sra(gradient * w, (unsigned)(sw - 3));
  return xt_law_move(cfg, d, w, step > 0 ? step : 0, p.up, w32);
}

const struct xt_law xt_law_linear = {"linear", fabricate, pulse};
