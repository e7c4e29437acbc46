/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_acc.h"

#include <stdlib.h>

#include "xt_csr.h"

void xt_acc_encode(struct xt_acc *a, const struct xt_dim *dim, uint32_t shift, const int16_t *d) {
  for (int32_t k = 0; k < dim->ms; k++) {
    const int32_t code = d[k << dim->gang];
    const int32_t size = (int32_t)xt_shr_round(256 * (uint64_t)abs(code), (int)shift);
    a->d[k] = code < 0 ? -size : size;
  }
}

bool xt_acc_add(struct xt_acc *a, const struct xt_dim *dim, int32_t i, int32_t x) {
  int32_t *const sum = xt_acc_row(a, dim, i);
  bool clipped = false;
  for (int32_t k = 0; k < dim->ms; k++) {
    const int64_t whole = (int64_t)sum[k] + (int64_t)x * a->d[k];
    sum[k] = (int32_t)xt_clamp(whole, -dim->smax, dim->smax);
    clipped |= sum[k] != whole;
  }
  return clipped;
}

void xt_acc_decay(struct xt_acc *a, const struct xt_dim *dim, int32_t i, uint32_t decay) {
  int32_t *const sum = xt_acc_row(a, dim, i);
  for (int32_t k = 0; k < dim->ms; k++) {
    const int64_t size = llabs((long long)sum[k]);
    const int64_t left = decay == 0 ? 0 : size - ((size + (INT64_C(1) << decay) - 1) >> decay);
    sum[k] = (int32_t)(sum[k] < 0 ? -left : left);
  }
}

int32_t *xt_acc_at(const struct xt_acc *a, const struct xt_dim *dim, uint32_t sel) {
  return xt_csr_acc_there(dim, sel) ? xt_acc_row(a, dim, xt_csr_acc_row(sel)) + xt_csr_acc_sum(sel) : NULL;
}
