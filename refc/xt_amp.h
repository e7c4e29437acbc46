/* SPDX-License-Identifier: Apache-2.0 */
/* Amplitude encoders of MTJ_UPDATE and ACC_UPDATE (rtl/SPEC.md section 6): a line's voltage is the logarithm of its
 * code, or of its sum. */
#ifndef XT_AMP_H
#define XT_AMP_H

#include "xt_coinc.h"

/* What ENCODE makes. The memory belongs to the caller. */
struct xt_amp {
  uint8_t *row, *col; /* codes [n], [m]: half octaves below full scale, the rate included; 0 where the line's code is */
  uint32_t *col_on;   /* bit vector: columns that are driven in this operation */
  uint32_t phases;    /* that are driven, bit p: phase p */
};

/* Half octaves of a magnitude v > 0: twice its octave, and one more in the upper half of it. */
uint32_t xt_amp_halves(uint32_t v);
/* Code of a magnitude v, 1..2^mb - 1: 0..2*mb - 1. */
uint32_t xt_amp_code(uint32_t v, int32_t mb);

/* x[n], d[m]; rate: MTJ_RATE + dexp, 0..63. */
void xt_amp_encode(struct xt_amp *a, const struct xt_dim *dim, struct xt_switch_cfg cfg, uint32_t rate,
                   const int16_t *x, const int16_t *d);

/* Row i of an ACC_UPDATE: sum[m >> gang] in place of d, CMAX as x. rate: ACC_RATE + exponent, 0..63. Leaves the signs
 * of the sums as codes in d[m]. */
void xt_amp_encode_sums(struct xt_amp *a, const struct xt_dim *dim, struct xt_switch_cfg cfg, uint32_t rate, int32_t i,
                        const int32_t *sum, int16_t *d);

/* Amplitudes as a bit vector of so many words: bit b of line i at b*lines + i. */
static inline int32_t xt_amp_words(int32_t lines) {
  return xt_words(lines * (int32_t)XT_AMP_BITS);
}
void xt_amp_bits(const uint8_t *amp, int32_t lines, uint32_t *bits);

#endif
