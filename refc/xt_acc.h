/* SPDX-License-Identifier: Apache-2.0 */
/* The accumulator in front of MTJ pulses: sums of outer products, and what stays of them (rtl/SPEC.md section 6). */
#ifndef XT_ACC_H
#define XT_ACC_H

#include <stdbool.h>

#include "xt_dim.h"

/* The memory belongs to the caller. */
struct xt_acc {
  int32_t *sum; /* [n * ms]: row i, sum k at i*ms + k; within +-smax */
  int32_t *d;   /* [ms]: of an ACCUMULATE, sgn(d) D */
};

/* Sums of row i. */
static inline int32_t *xt_acc_row(const struct xt_acc *a, const struct xt_dim *dim, int32_t i) {
  return a->sum + (size_t)i * (size_t)dim->ms;
}

/* ENCODE of ACCUMULATE. d[m]; shift: ACC_EXP + dexp, 0..63. */
void xt_acc_encode(struct xt_acc *a, const struct xt_dim *dim, uint32_t shift, const int16_t *d);
/* x times d onto row i; true if a sum was clipped. */
bool xt_acc_add(struct xt_acc *a, const struct xt_dim *dim, int32_t i, int32_t x);
/* What an ACC_UPDATE leaves of row i: momentum 1 - 2^-decay, 0: nothing. */
void xt_acc_decay(struct xt_acc *a, const struct xt_dim *dim, int32_t i, uint32_t decay);

/* The sum that `sel` (ACC_SEL) names: its place, or NULL if there is none. */
int32_t *xt_acc_at(const struct xt_acc *a, const struct xt_dim *dim, uint32_t sel);

#endif
