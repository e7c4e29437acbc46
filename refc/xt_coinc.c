/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_coinc.h"

uint32_t xt_coinc_phases(bool gated, struct xt_signs x, struct xt_signs d) {
  uint32_t driven = 0;
  if (gated) return 1;
  for (uint32_t phase = 0; phase < 4; phase++) {
    const bool row = xt_coinc_row_neg(phase) ? x.neg : x.pos, col = xt_coinc_col_neg(phase) ? d.neg : d.pos;
    driven |= (uint32_t)(row && col) << phase;
  }
  return driven;
}

void xt_coinc_drive(const struct xt_coinc_cfg *cfg, uint32_t phase, int32_t nw, const uint32_t *row_fire,
                    const uint32_t *row_neg, int32_t mw, const uint32_t *col_fire, const uint32_t *col_neg,
                    uint32_t *row_act, uint32_t *row_pol, uint32_t *col_act, uint32_t *col_pol) {
  if (cfg->gated) {
    for (int32_t w = 0; w < nw; w++) {
      row_act[w] = row_fire[w];
      row_pol[w] = row_fire[w] & ~row_neg[w];
    }
    for (int32_t w = 0; w < mw; w++) {
      col_act[w] = col_fire[w];
      col_pol[w] = col_fire[w] & (cfg->add ? col_neg[w] : ~col_neg[w]);
    }
    return;
  }
  const bool up = xt_coinc_up(cfg, phase);
  for (int32_t w = 0; w < nw; w++) {
    row_act[w] = row_fire[w] & (xt_coinc_row_neg(phase) ? row_neg[w] : ~row_neg[w]);
    row_pol[w] = up ? row_act[w] : 0;
  }
  for (int32_t w = 0; w < mw; w++) {
    col_act[w] = col_fire[w] & (xt_coinc_col_neg(phase) ? col_neg[w] : ~col_neg[w]);
    col_pol[w] = up ? 0 : col_act[w];
  }
}

uint32_t xt_switch_phases(struct xt_switch_cfg cfg, struct xt_signs x, struct xt_signs d) {
  if (xt_switch_quadrants(cfg)) return xt_coinc_phases(false, x, d);
  return d.pos || d.neg ? (uint32_t)x.pos | (uint32_t)x.neg << 1 : 0;
}

void xt_switch_drive(struct xt_switch_cfg cfg, uint32_t phase, int32_t nw, const uint32_t *row_on,
                     const uint32_t *row_neg, int32_t mw, const uint32_t *col_on, const uint32_t *col_neg,
                     uint32_t *row_act, uint32_t *row_pol, uint32_t *col_act, uint32_t *col_pol) {
  const struct xt_coinc_cfg update = {false, false};
  if (!cfg.gated) {
    xt_coinc_drive(&update, phase, nw, row_on, row_neg, mw, col_on, col_neg, row_act, row_pol, col_act, col_pol);
    return;
  }
  const bool neg = xt_switch_row_neg(cfg, phase);
  for (int32_t w = 0; w < nw; w++) row_act[w] = row_pol[w] = row_on[w] & (neg ? row_neg[w] : ~row_neg[w]);
  for (int32_t w = 0; w < mw; w++) {
    const uint32_t own = !cfg.shared ? ~UINT32_C(0) : xt_coinc_col_neg(phase) ? col_neg[w] : ~col_neg[w];
    col_act[w] = col_on[w] & own;
    col_pol[w] = col_act[w] & (neg ? col_neg[w] : ~col_neg[w]);
  }
}

static void fill(uint32_t *v, int32_t lines, bool one) {
  for (int32_t w = 0; w * 32 < lines; w++) {
    const int32_t left = lines - w * 32;
    v[w] = !one ? 0 : left >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << left) - 1;
  }
}

void xt_coinc_zero_shift(const struct xt_dim *dim, bool gated, bool up, uint32_t *row_act, uint32_t *row_pol,
                         uint32_t *col_act, uint32_t *col_pol) {
  fill(row_act, dim->n, true);
  fill(col_act, dim->m, true);
  fill(row_pol, dim->n, gated || up); /* half-select: up 1, 0; down 0, 1. gated: up 1, 0; down 1, 1 */
  fill(col_pol, dim->m, !up);
}
