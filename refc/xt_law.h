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
  /* Fabrication: the shape of a direction, -32768..32767, from its step (1..32767) and the bounds. sw: StateBits. */
  int32_t (*shape)(const struct xt_dev_cfg *cfg, int32_t sw, bool up, int32_t step, int32_t wmax, int32_t wmin);
  /* How far a pulse (p.hit) goes at state w, before noise, rounding and bounds: below 2^20, in 2^-SHIFT state units.
   * step, shape: the device's, of the pulse's direction. */
  int64_t (*step)(const struct xt_dev_cfg *cfg, int32_t sw, struct xt_pulse p, int32_t step, int32_t shape, int32_t w);
};

#define X(NAME, name, value, text) extern const struct xt_law xt_law_##name;
XT_LAW_TABLE(X)
#undef X

extern const struct xt_law *const xt_laws[XT_NUM_LAWS]; /* by XT_LAW_* */

#endif
