/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_law.h"

#include "xt_noise.h"

const struct xt_law *const xt_laws[XT_NUM_LAWS] = {
#define X(NAME, name, value, text) [value] = &xt_law_##name,
    XT_LAW_TABLE(X)
#undef X
};

/* What is added before `drop` (0..32) bits are cut off: stochastic, or half of what they hold. r16 is uniform and
 * uncorrelated with gauss(w32). */
static int64_t rounding(const struct xt_dev_cfg *cfg, unsigned drop, uint32_t w32) {
  if (cfg->round != 0) return drop > 0 ? INT64_C(1) << (drop - 1) : 0;
  const int64_t r16 = (w32 ^ (w32 >> 16)) & 0xFFFF;
  return drop <= 16 ? r16 >> (16 - drop) : r16 << (drop - 16);
}

int32_t xt_law_move(const struct xt_dev_cfg *cfg, const struct xt_device *d, int32_t w, int64_t step, bool up,
                    uint32_t w32) {
  const unsigned drop = (unsigned)(12 + cfg->shift); /* Q12 of the spread, and SHIFT */
  const int64_t moved = step * xt_noise_q12(cfg->c_c2c, xt_noise_gauss(w32));
  const int64_t dw = xt_sra(moved + rounding(cfg, drop, w32), drop);
  return (int32_t)xt_clamp(up ? w + dw : w - dw, d->wmin, d->wmax);
}
