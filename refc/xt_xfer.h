/* SPDX-License-Identifier: Apache-2.0 */
/* The transfer kernel: when a line of A goes to C, which one, and what is pulsed (rtl/SPEC.md section 4; Onen et al.
 * 2022). Direct: the codes read are the column codes of the pulses. */
#ifndef XT_XFER_H
#define XT_XFER_H

#include <stdbool.h>

#include "xt_csr.h"

struct xt_xfer {
  uint32_t ptr;   /* next line, 0..N-1 */
  uint32_t count; /* updates since the last scheduled transfer, 16 bits */
  struct xt_last_xfer {
    uint32_t line, bl, rails; /* 16 bits each */
  } last;                     /* transfer, scheduled or commanded */
};

void xt_xfer_reset(struct xt_xfer *x);
/* After an UPDATE's pulses: does a transfer follow in the same operation? Counts the update. */
bool xt_xfer_due(struct xt_xfer *x, const struct xt_csr *csr);
/* The line that is read and pulsed. */
uint32_t xt_xfer_line(const struct xt_xfer *x);
/* Column codes [m] of the pulses, from those read. */
const int16_t *xt_xfer_codes(const struct xt_xfer *x, const int16_t *read);
/* After the pulses of a transfer, in a tile of n lines: bl of its train, lines at a rail of its read. */
void xt_xfer_done(struct xt_xfer *x, int32_t n, uint32_t bl, uint32_t rails);

#endif
