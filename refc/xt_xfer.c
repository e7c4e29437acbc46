/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_xfer.h"

void xt_xfer_reset(struct xt_xfer *x) {
  *x = (struct xt_xfer){0};
}

bool xt_xfer_due(struct xt_xfer *x, const struct xt_csr *csr) {
  const uint32_t every = csr->reg[XT_CSR_XFER_EVERY];
  if (every == 0) {
    x->count = 0;
    return false;
  }
  x->count++;
  if (x->count < every) return false;
  x->count = 0;
  return true;
}

uint32_t xt_xfer_line(const struct xt_xfer *x) {
  return x->ptr;
}

const int16_t *xt_xfer_codes(const struct xt_xfer *x, const int16_t *read) {
  (void)x; /* the direct kernel keeps nothing of a line */
  return read;
}

void xt_xfer_done(struct xt_xfer *x, int32_t n, uint32_t bl, uint32_t rails) {
  x->last = (struct xt_last_xfer){x->ptr, bl, rails < 65535 ? rails : 65535};
  x->ptr = x->ptr + 1 == (uint32_t)n ? 0 : x->ptr + 1;
}
