/* SPDX-License-Identifier: Apache-2.0 */
/* SHD transfer controller: schedule and line pointer (rtl/SPEC.md section 4; Onen et al. 2022). */
#ifndef XT_XFER_H
#define XT_XFER_H

#include <stdbool.h>

#include "xt_csr.h"
#include "xt_upd_mgr.h"

struct xt_xfer {
  uint32_t ptr;   /* next line, 0..N-1 */
  uint32_t count; /* updates since the last scheduled transfer */
};

void xt_xfer_reset(struct xt_xfer *x);
/* After an UPDATE's pulses; true: a transfer follows in the same operation. */
bool xt_xfer_due(struct xt_xfer *x, uint32_t every);
/* After a transfer. */
void xt_xfer_next(struct xt_xfer *x, int32_t n);
/* Update manager inputs of a transfer's pulses, but for xm and dm. */
void xt_xfer_um(const struct xt_csr *csr, int32_t pb, struct xt_um_in *um);

#endif
