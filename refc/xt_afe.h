/* SPDX-License-Identifier: Apache-2.0 */
/* The analog front end: integrators, sample and hold, comparators (rtl/SPEC.md section 8). Behavioural, one call per
 * cycle of the boundary. */
#ifndef XT_AFE_H
#define XT_AFE_H

#include "xt_array.h"

struct xt_afe {
  int32_t n, m, mb; /* lines; magnitude bits of an input code */
  uint32_t seed, read_noise;
  uint32_t read_ctr; /* HOLD cycles since the fabrication */
  int64_t *acc;      /* [max(n,m)]: integrators */
  int64_t *v;        /* [max(n,m)]: held values */
  int64_t *value;    /* [m]: scratch, a row of the read select */
};

/* With the array: read_ctr = 0. */
void xt_afe_fabricate(struct xt_afe *f, const struct xt_array_cfg *cfg);

void xt_afe_clear(struct xt_afe *f);
/* INTEG. dir 0: rows driven, columns sensed; 1: transposed. halve: of a bit-serial read, least significant bit first:
 * what a cycle brings counts 2^mb, then the integrators halve. */
void xt_afe_integ(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int dir, bool halve,
                  const struct xt_drives *drives);
void xt_afe_hold(struct xt_afe *f, const struct xt_select *select, int dir);
/* Adds the read noise of a HOLD cycle to the held values of the sensed lines, and counts it. */
void xt_afe_noise(struct xt_afe *f, const struct xt_select *select, int dir);
/* The comparator that looks at `line`, a sensed line; range: log2 of the ADC step, 0..48. */
uint32_t xt_afe_cmp(const struct xt_afe *f, int32_t line, uint32_t range, int32_t sar_code);

#endif
