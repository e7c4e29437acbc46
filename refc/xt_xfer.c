/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_xfer.h"

void xt_xfer_reset(struct xt_xfer *x) {
  *x = (struct xt_xfer){0, 0};
}

bool xt_xfer_due(struct xt_xfer *x, uint32_t every) {
  if (every == 0) {
    x->count = 0;
    return false;
  }
  x->count++;
  if (x->count < every) return false;
  x->count = 0;
  return true;
}

void xt_xfer_next(struct xt_xfer *x, int32_t n) {
  x->ptr = x->ptr + 1 == (uint32_t)n ? 0 : x->ptr + 1;
}

void xt_xfer_um(const struct xt_csr *csr, int32_t pb, struct xt_um_in *um) {
  *um = (struct xt_um_in){0};
  um->mode = csr->reg[XT_CSR_XFER_ENC] == XT_ENC_COUNT ? XT_UM_COUNT : XT_UM_UBLM;
  um->man = csr->reg[XT_CSR_XFER_RATE];
  um->e = (int32_t)csr->reg[XT_CSR_XFER_EXP];
  um->cap = csr->reg[XT_CSR_XFER_BL];
  um->pb = pb;
}
