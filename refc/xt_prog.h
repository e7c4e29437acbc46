/* SPDX-License-Identifier: Apache-2.0 */
/* Program-verify: errors of a line against its targets, rounds of pulses (rtl/SPEC.md section 4, PROGRAM). */
#ifndef XT_PROG_H
#define XT_PROG_H

#include <stdbool.h>

#include "xt_csr.h"

struct xt_prog {
  uint32_t rounds; /* of pulses, given in this operation */
  bool missed;     /* some error is not 0 */
  int16_t *error;  /* [m], +-ADCMAX: the column codes of the next round */
};

/* START of an operation. */
void xt_prog_start(struct xt_prog *p);
/* CHECK: errors from the codes read; those of up to PROG_TOL codes become 0. */
void xt_prog_check(struct xt_prog *p, const struct xt_dim *dim, const struct xt_csr *csr, const int16_t *target,
                   const int16_t *codes);
/* Does another round follow? Counts it. */
bool xt_prog_round(struct xt_prog *p, const struct xt_csr *csr);

#endif
