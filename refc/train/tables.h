/* SPDX-License-Identifier: Apache-2.0 */
/* Neuron functions in integer arithmetic: the same bits on every machine, no libm. */
#ifndef TR_TABLES_H
#define TR_TABLES_H

#include <stdint.h>

/* e^-z in Q30, z in Q24 (0 <= z). Error below 2^-20. */
uint32_t tr_exp_neg(uint64_t z);
/* 1/(1 + e^-z) in Q16 (0..65536), |z| in Q24. */
uint32_t tr_sigmoid(uint64_t abs_z, int negative);
/* tanh |z| in Q16 (0..65536), |z| in Q24. */
uint32_t tr_tanh(uint64_t abs_z);
/* -ln(p) in Q16, p in Q16; p = 0 counts as 1/65536. p <= 65536. */
uint32_t tr_neg_ln(uint32_t p);

/* An ADC step in z: 2^exp / divisor; the divisor is below 2^22. */
struct tr_step {
  int exp;
  uint32_t divisor;
};

/* |code| ADC steps as |z| in Q24. Saturates at 2^30 (z = 64). */
uint64_t tr_code_to_z(uint32_t abs_code, struct tr_step step);

/* A neuron function over the ADC's codes. code[c + adc_max]: activation as an input code (-cmax..cmax);
 * slope[c + adc_max]: derivative in Q14. */
struct tr_activation {
  const char *name;
  const char *text;
  int auto_range; /* log2 of the ADC's full scale that suits it, in weight units */
  /* z = sign * abs_z (Q24). *value: Q16 (-65536..65536), *slope: Q14 (0..16384). */
  void (*eval)(uint64_t abs_z, int negative, int32_t *value, int32_t *slope);
};
extern const struct tr_activation tr_activations[]; /* ends with name = NULL */
const struct tr_activation *tr_activation_find(const char *name);

/* Fills both tables of 2*adc_max+1 entries. Step of z per code: 2^exp / cmax. */
void tr_activation_fill(const struct tr_activation *a, int adc_max, int cmax, struct tr_step step, int8_t *code,
                        int16_t *slope);

#endif
