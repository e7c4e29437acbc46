/* SPDX-License-Identifier: Apache-2.0 */
/* Linear step: the step is a linear function of the state. GAMMA 0: constant step; 4096 (1.0): soft bounds, the step
 * vanishes at the bound; between them and above: linear step (rtl/SPEC.md section 9; aihwkit's LinearStepDevice).
 * Amplitude and duration do not matter; half selected: no step. */
#include "xt_bits.h"
#include "xt_law.h"

/* Slope of the step over the state, with sw-3 fraction bits: -GAMMA * step / bound. */
static int32_t shape(const struct xt_dev_cfg *cfg, int32_t sw, bool up, int32_t step, int32_t wmax, int32_t wmin,
                     struct xt_law_words own) {
  (void)own;
  const int64_t gamma = up ? cfg->gamma_up : cfg->gamma_down;
  const int64_t den = 4096 * (int64_t)(up ? wmax : -wmin);
  const int64_t slope = (step * gamma * (INT64_C(1) << (sw - 3)) + den / 2) / den;
  const int32_t most = (int32_t)(slope < 32767 ? slope : 32767);
  return up ? -most : most;
}

static int64_t step(const struct xt_dev_cfg *cfg, int32_t sw, struct xt_pulse p, int32_t step_0, int32_t slope,
                    int32_t w, uint32_t w32, uint64_t flip) {
  (void)cfg;
  (void)w32;
  (void)flip;
  if (p.half) return 0;
  const int64_t here = step_0 + xt_sra((int64_t)slope * w, (unsigned)(sw - 3));
  return here > 0 ? here : 0;
}

const struct xt_law xt_law_linear = {"linear", false, shape, NULL, NULL, step};
