/* SPDX-License-Identifier: Apache-2.0 */
#include "tables.h"

#include <string.h>

#include "util.h"

#define ONE30 (UINT64_C(1) << 30)
#define Z_MAX (UINT64_C(64) << 24)

static uint64_t mul30(uint64_t a, uint64_t b) {
  return (a * b + (ONE30 >> 1)) >> 30;
}

uint32_t tr_exp_neg(uint64_t z) {
  if (z >= (UINT64_C(32) << 24)) return 0;
  const uint64_t r = z << 1; /* z / 32 in Q30, below 1 */
  uint64_t term = ONE30, even = 0, odd = 0;
  for (uint64_t n = 1; n <= 14; n++) { /* Taylor; the first term left out is 1/15! */
    if (n & 1) {
      even += term;
    } else {
      odd += term;
    }
    term = (mul30(term, r) + n / 2) / n;
  }
  uint64_t v = even - odd;
  for (int k = 0; k < 5; k++) v = mul30(v, v); /* (e^-z/32)^32 */
  return (uint32_t)v;
}

uint32_t tr_sigmoid(uint64_t abs_z, int negative) {
  const uint64_t e = tr_exp_neg(abs_z);
  const uint64_t den = ONE30 + e;
  const uint64_t num = negative ? e : ONE30;
  return (uint32_t)(((num << 16) + den / 2) / den);
}

uint32_t tr_tanh(uint64_t abs_z) {
  const uint64_t e = tr_exp_neg(abs_z < Z_MAX ? 2 * abs_z : Z_MAX);
  const uint64_t den = ONE30 + e;
  return (uint32_t)((((ONE30 - e) << 16) + den / 2) / den);
}

uint32_t tr_neg_ln(uint32_t p) {
  if (p < 1) p = 1;
  if (p >= 65536) return 0;
  /* log2 by repeated squaring of the mantissa m in [1,2), Q30 */
  const int top = tr_bitlen(p) - 1;
  uint64_t m = (uint64_t)p << (30 - top);
  uint32_t frac = 0;
  for (int k = 0; k < 20; k++) {
    m = mul30(m, m);
    frac <<= 1;
    if (m >= 2 * ONE30) {
      m >>= 1;
      frac |= 1;
    }
  }
  const uint64_t neg_log2 = ((uint64_t)(16 - top) << 20) - frac;     /* Q20, > 0 */
  return (uint32_t)((neg_log2 * UINT64_C(45426) + (1 << 19)) >> 20); /* ln 2 in Q16 */
}

uint64_t tr_code_to_z(uint32_t abs_code, struct tr_step step) {
  enum { CODE_BITS = 11 }; /* at most */
  const uint64_t divisor = step.divisor;
  const int e = step.exp + 24;
  if (abs_code == 0) return 0;
  if (e >= 0) {
    if (e > 63 - CODE_BITS || ((uint64_t)abs_code << e) / divisor > Z_MAX) return Z_MAX;
    return (((uint64_t)abs_code << e) + divisor / 2) / divisor;
  }
  if (e < -40) return 0;
  const uint64_t den = (uint64_t)divisor << -e;
  return (abs_code + den / 2) / den;
}

static void eval_tanh(uint64_t abs_z, int negative, int32_t *value, int32_t *slope) {
  const int32_t t = (int32_t)tr_tanh(abs_z);
  *value = negative ? -t : t;
  *slope = (int32_t)(16384 - (((int64_t)t * t + (1 << 17)) >> 18));
}

static void eval_sigmoid(uint64_t abs_z, int negative, int32_t *value, int32_t *slope) {
  const int64_t s = tr_sigmoid(abs_z, negative);
  *value = (int32_t)s;
  *slope = (int32_t)((s * (65536 - s) + (1 << 17)) >> 18);
}

/* Ends at 1 (full-scale code), where the input code of the next layer ends. */
static void eval_relu(uint64_t abs_z, int negative, int32_t *value, int32_t *slope) {
  const int on = !negative && abs_z > 0 && abs_z < (UINT64_C(1) << 24);
  *value = negative ? 0 : abs_z >= (UINT64_C(1) << 24) ? 65536 : (int32_t)((abs_z + 128) >> 8);
  *slope = on ? 16384 : 0;
}

const struct tr_activation tr_activations[] = {{"tanh", "hyperbolic tangent", 2, eval_tanh},
                                               {"sigmoid", "logistic function", 3, eval_sigmoid},
                                               {"relu", "0 below 0, z up to 1, 1 above", 1, eval_relu},
                                               {NULL, NULL, 0, NULL}};

const struct tr_activation *tr_activation_find(const char *name) {
  for (const struct tr_activation *a = tr_activations; a->name; a++)
    if (strcmp(a->name, name) == 0) return a;
  return NULL;
}

void tr_activation_fill(const struct tr_activation *a, int adc_max, int cmax, struct tr_step step, int8_t *code,
                        int16_t *slope) {
  for (int c = -adc_max; c <= adc_max; c++) {
    const int negative = c < 0;
    int32_t v = 0, s = 0;
    a->eval(tr_code_to_z((uint32_t)(negative ? -c : c), step), negative, &v, &s);
    code[c + adc_max] = (int8_t)tr_shift_round((int64_t)v * cmax, 16);
    slope[c + adc_max] = (int16_t)s;
  }
}
