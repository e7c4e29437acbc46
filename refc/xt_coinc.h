/* SPDX-License-Identifier: Apache-2.0 */
/* Coincidence update logic: phases and the drive of every line (rtl/SPEC.md section 7). */
#ifndef XT_COINC_H
#define XT_COINC_H

#include <stdbool.h>

#include "xt_dim.h"

struct xt_coinc_cfg {
  bool gated;
  bool add; /* transfer and PROGRAM: sign +sign(x d); UPDATE: - */
};

/* Half-select phase p: the signs of its lines (true: negative) and its direction (true: up). */
static inline bool xt_coinc_row_neg(uint32_t phase) {
  return (phase & 2) != 0;
}
static inline bool xt_coinc_col_neg(uint32_t phase) {
  return (phase & 1) != 0;
}
static inline uint32_t xt_coinc_phase(bool row_neg, bool col_neg) {
  return (row_neg ? 2U : 0U) | (col_neg ? 1U : 0U);
}
static inline bool xt_coinc_up(const struct xt_coinc_cfg *cfg, uint32_t phase) {
  return (xt_coinc_row_neg(phase) != xt_coinc_col_neg(phase)) != cfg->add;
}
/* Signs that occur among codes; 0 has none. */
struct xt_signs {
  bool pos, neg;
};
/* The phases that are driven, bit p: phase p. Half-select: one that has no x of its sign, or no d of its sign, is not.
 */
uint32_t xt_coinc_phases(bool gated, struct xt_signs x, struct xt_signs d);

/* MTJ_UPDATE. Passive cells: as half-select. Gated: no quadrants, but two phases by the sign of x (0 x > 0, 1 x < 0)
 * with all driven columns, or with shared source lines the four quadrants, so that a phase has one direction. */
struct xt_switch_cfg {
  bool gated, shared;
};
/* The phases that are driven, bit p: phase p. x: signs of the codes; d: signs of the driven columns. */
uint32_t xt_switch_phases(struct xt_switch_cfg cfg, struct xt_signs x, struct xt_signs d);
/* Lines of a phase: rows with this sign, columns of either sign or of one. */
static inline bool xt_switch_quadrants(struct xt_switch_cfg cfg) {
  return !cfg.gated || cfg.shared;
}
static inline bool xt_switch_row_neg(struct xt_switch_cfg cfg, uint32_t phase) {
  return xt_switch_quadrants(cfg) ? xt_coinc_row_neg(phase) : phase == 1;
}
/* The drive of the lines; *_on: rows of the slot, columns that are driven in this operation. */
void xt_switch_drive(struct xt_switch_cfg cfg, uint32_t phase, int32_t nw, const uint32_t *row_on,
                     const uint32_t *row_neg, int32_t mw, const uint32_t *col_on, const uint32_t *col_neg,
                     uint32_t *row_act, uint32_t *row_pol, uint32_t *col_act, uint32_t *col_pol);

/* The direction of a device's pulses when row (x) and column (d) coincide, in either cell mode. */
static inline bool xt_coinc_device_up(const struct xt_coinc_cfg *cfg, bool row_neg, bool col_neg) {
  return (row_neg != col_neg) != cfg->add;
}

/* The drive of nw (mw) words of rows (columns): *_fire from the encoders, *_neg the signs of the codes. */
void xt_coinc_drive(const struct xt_coinc_cfg *cfg, uint32_t phase, int32_t nw, const uint32_t *row_fire,
                    const uint32_t *row_neg, int32_t mw, const uint32_t *col_fire, const uint32_t *col_neg,
                    uint32_t *row_act, uint32_t *row_pol, uint32_t *col_act, uint32_t *col_pol);

/* ZERO_SHIFT: every line driven; up or down. */
void xt_coinc_zero_shift(const struct xt_dim *dim, bool gated, bool up, uint32_t *row_act, uint32_t *row_pol,
                         uint32_t *col_act, uint32_t *col_pol);

#endif
