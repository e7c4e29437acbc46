/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_prog.h"

void xt_prog_start(struct xt_prog *p) {
  p->rounds = 0;
  p->missed = false;
}

void xt_prog_check(struct xt_prog *p, const struct xt_dim *dim, const struct xt_csr *csr, const int16_t *target,
                   const int16_t *codes) {
  const int32_t tol = (int32_t)csr->reg[XT_CSR_PROG_TOL];
  p->missed = false;
  for (int32_t j = 0; j < dim->m; j++) {
    const int32_t e = (int32_t)xt_clamp(target[j] - codes[j], -dim->adcmax, dim->adcmax);
    p->error[j] = (int16_t)(e >= -tol && e <= tol ? 0 : e);
    p->missed |= p->error[j] != 0;
  }
}

bool xt_prog_round(struct xt_prog *p, const struct xt_csr *csr) {
  if (!p->missed || p->rounds == csr->reg[XT_CSR_PROG_ITERS]) return false;
  p->rounds++;
  return true;
}
