/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential step: a constant less an exponential of the state, step * max(0, 1 - A exp(g z)) with z linear in the
 * state (rtl/SPEC.md section 9; aihwkit's ExpStepDevice, filaments of ReRAM). The shape is the slope of the exponent,
 * in Q10 octaves with sw-3 fraction bits more, over the state. Amplitude and duration do not matter; half selected: no
 * step. */
#include <stdlib.h>

#include "xt_bits.h"
#include "xt_law.h"

static int32_t shape(const struct xt_dev_cfg *cfg, int32_t sw, bool up, int32_t step, int32_t wmax, int32_t wmin,
                     struct xt_law_words own) {
  const int32_t octaves = up ? cfg->exp_slope_up : cfg->exp_slope_down;
  const int64_t range = (int64_t)wmax - wmin;
  const int64_t slope = (llabs(octaves) * (INT64_C(1) << (sw - 3)) + range / 2) / range;
  const int32_t most = (int32_t)(slope < 32767 ? slope : 32767);
  (void)step;
  (void)own;
  return octaves < 0 ? -most : most;
}

/* 2^(e/1024) in Q20, e = -12288..8191. */
static int64_t exp2_q20(int64_t e) {
  const int64_t i = xt_sra(e, 10), f = e - i * 1024;
  const int64_t m = xt_law_arc(f);
  return i >= 0 ? m << i : m >> -i;
}

static int64_t step(const struct xt_dev_cfg *cfg, int32_t sw, struct xt_pulse p, int32_t step_0, int32_t slope,
                    int32_t w, uint32_t w32, uint64_t flip) {
  (void)w32;
  (void)flip;
  if (p.half) return 0;
  const int64_t amp = p.up ? cfg->exp_amp_up : cfg->exp_amp_down;
  const int64_t offset = p.up ? cfg->exp_offset_up : cfg->exp_offset_down;
  const int64_t e = xt_clamp(xt_sra((int64_t)slope * w, (unsigned)(sw - 3)) + offset, -12288, 8191);
  const int64_t y = 4096 - xt_sra(amp * exp2_q20(e), 20);
  return xt_clamp((step_0 * (y > 0 ? y : 0)) >> 12, 0, (INT64_C(1) << 20) - 1);
}

const struct xt_law xt_law_exp = {"exp", false, shape, NULL, NULL, step};
