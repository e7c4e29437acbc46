/* SPDX-License-Identifier: Apache-2.0 */
/* Laws: what a pulse does to a device (rtl/SPEC.md section 9). One file per law, refc/xt_law_NAME.c; the table comes
 * from [law] of the description. */
#ifndef XT_LAW_H
#define XT_LAW_H

#include "xt_cell.h"
#include "xt_types.h"

/* One fabricated device, without its state. */
struct xt_device {
  int32_t step_up, step_down;   /* mean step up and down at state 0, in 2^-SHIFT state units, 0..32767 */
  int32_t wmin, wmax;           /* bounds of the state; equal: stuck */
  int32_t shape_up, shape_down; /* the law's own, signed 16 bits each */
};

struct xt_law {
  const char *name;
  /* Fabrication: the shape fields, from the steps and bounds. sw: StateBits. */
  void (*fabricate)(const struct xt_dev_cfg *cfg, int32_t sw, struct xt_device *d);
  /* The state after a pulse (p.hit is true) at state w; w32: the noise word of this device and pulse. */
  int32_t (*pulse)(const struct xt_dev_cfg *cfg, int32_t sw, const struct xt_device *d, int32_t w, struct xt_pulse p,
                   uint32_t w32);
};

#define X(NAME, name, value, text) extern const struct xt_law xt_law_##name;
XT_LAW_TABLE(X)
#undef X

extern const struct xt_law *const xt_laws[XT_NUM_LAWS]; /* by XT_LAW_* */

/* What laws of incremental steps share: from w by the mean step (0..2^18, in 2^-SHIFT state units) with
 * cycle-to-cycle spread and rounding, kept within the bounds. */
int32_t xt_law_move(const struct xt_dev_cfg *cfg, const struct xt_device *d, int32_t w, int64_t step, bool up,
                    uint32_t w32);

#endif
