/* SPDX-License-Identifier: Apache-2.0 */
/* Integer tables against libm; random numbers; block floating point. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <zlib.h>

#include "cli_run.h"
#include "net.h"
#include "rng.h"
#include "tables.h"

#define Q24 16777216.0

START_TEST(exp_matches_libm) {
  for (uint64_t z = 0; z < (UINT64_C(40) << 24); z += 77777) {
    const double want = exp(-(double)z / Q24), got = tr_exp_neg(z) / 1073741824.0;
    ck_assert_msg(fabs(got - want) < 1.0 / (1 << 20), "z %g: %.9g, libm %.9g", (double)z / Q24, got, want);
  }
  ck_assert_uint_eq(tr_exp_neg(0), 1u << 30);
  ck_assert_uint_eq(tr_exp_neg(UINT64_C(1) << 50), 0);
}
END_TEST

START_TEST(sigmoid_and_tanh_match_libm) {
  for (uint64_t z = 0; z < (UINT64_C(40) << 24); z += 33333) {
    const double x = (double)z / Q24;
    ck_assert_double_le(fabs(tr_sigmoid(z, 0) - 65536 / (1 + exp(-x))), 0.6);
    ck_assert_double_le(fabs(tr_sigmoid(z, 1) - 65536 / (1 + exp(x))), 0.6);
    ck_assert_double_le(fabs(tr_tanh(z) - 65536 * tanh(x)), 0.6);
  }
  ck_assert_uint_eq(tr_tanh(UINT64_MAX / 4), 65536);
  ck_assert_uint_eq(tr_sigmoid(0, 0), 32768);
}
END_TEST

START_TEST(ln_matches_libm) {
  for (uint32_t p = 1; p <= 65536; p++) ck_assert_double_le(fabs(tr_neg_ln(p) + 65536 * log(p / 65536.0)), 3);
  ck_assert_uint_eq(tr_neg_ln(0), tr_neg_ln(1));
}
END_TEST

/* The same bits on every machine: a checksum of whole tables. */
START_TEST(tables_are_fixed) {
  static const uint32_t want[] = {0xc5930309, 0x6e25ceb7, 0x949bbab6};
  int k = 0;
  for (const struct tr_activation *a = tr_activations; a->name; a++, k++) {
    int8_t code[511];
    int16_t slope[511];
    tr_activation_fill(a, 255, 63, (struct tr_step){-6, 63}, code,
                       slope); /* z = code / 64 / 63 * ... : the whole S shape */
    uint32_t crc = (uint32_t)crc32_z(0, (const uint8_t *)code, sizeof code);
    for (int c = 0; c < 511; c++) {
      const uint8_t b[2] = {(uint8_t)((uint16_t)slope[c] & 255), (uint8_t)((uint16_t)slope[c] >> 8)};
      crc = (uint32_t)crc32_z(crc, b, 2);
    }
    ck_assert_msg(crc == want[k], "%s: 0x%08x", a->name, crc);
    for (int c = 0; c < 510; c++) ck_assert_int_le(code[c], code[c + 1]);
    for (int c = 0; c < 511; c++) ck_assert_int_ge(slope[c], 0);
  }
}
END_TEST

/* Slopes are derivatives of the activation: against libm, and against differences of the values themselves. */
START_TEST(slopes_are_derivatives) {
  for (int c = -255; c <= 255; c++) {
    const double z = c / 63.0 / 2;
    int32_t v, s;
    tr_activation_find("tanh")->eval((uint64_t)(fabs(z) * Q24 + 0.5), c < 0, &v, &s);
    ck_assert_double_le(fabs(s / 16384.0 - (1 - tanh(z) * tanh(z))), 2e-4);
    tr_activation_find("sigmoid")->eval((uint64_t)(fabs(z) * Q24 + 0.5), c < 0, &v, &s);
    const double p = 1 / (1 + exp(-z));
    ck_assert_double_le(fabs(s / 16384.0 - p * (1 - p)), 2e-4);
    ck_assert_double_le(fabs(v / 65536.0 - p), 1e-4);
  }
}
END_TEST

START_TEST(code_to_z_is_exact) {
  static const uint32_t divisors[] = {63, 63 * 4096 * 11 / 10, 4194303};
  for (int k = 0; k < 3; k++)
    for (int e = -50; e <= 40; e++)
      for (uint32_t c = 0; c < 2048; c += 5) {
        const double want = ldexp(c, e) / divisors[k] * Q24;
        const double got = (double)tr_code_to_z(c, (struct tr_step){e, divisors[k]});
        ck_assert_double_le(fabs(got - (want > 64 * Q24 ? 64 * Q24 : want)), 0.51);
      }
}
END_TEST

START_TEST(rng_is_fair_and_fixed) {
  struct tr_rng r;
  enum { N = 1000 };
  uint32_t order[N], seen[N] = {0}, bins[7] = {0};
  tr_rng_init(&r, 1, TR_STREAM_ORDER, 0);
  tr_rng_permute(&r, order, N);
  for (int k = 0; k < N; k++) seen[order[k]]++;
  for (int k = 0; k < N; k++) ck_assert_uint_eq(seen[k], 1);
  for (int k = 0; k < 70000; k++) bins[tr_rng_below(&r, 7)]++;
  for (int k = 0; k < 7; k++) ck_assert_double_le(fabs(bins[k] - 10000.0), 500); /* 5 sigma */
  for (int k = 0; k < 1000; k++) {
    const int32_t v = tr_rng_range(&r, -3, 4);
    ck_assert(v >= -3 && v <= 4);
  }
  struct tr_rng a, b;
  tr_rng_init(&a, 1, TR_STREAM_ORDER, 1);
  tr_rng_init(&b, 1, TR_STREAM_SPLIT, 1);
  ck_assert_uint_ne(tr_rng_next(&a), tr_rng_next(&b));
}
END_TEST

START_TEST(block_float_keeps_the_value) {
  srand((unsigned)test_seed());
  for (int t = 0; t < 2000; t++) {
    enum { N = 9 };
    int64_t v[N];
    int8_t d[N];
    const int bits = 1 + rand() % 40, mb = 1 + rand() % 7, vexp = -(rand() % 40);
    int dexp = 0;
    int64_t top = 0;
    for (int j = 0; j < N; j++) {
      v[j] = ((int64_t)rand() << 20 ^ rand()) % (INT64_C(1) << bits);
      if (rand() & 1) v[j] = -v[j];
      if (tr_abs(v[j]) > top) top = tr_abs(v[j]);
    }
    tr_block_float(v, N, vexp, mb, d, &dexp);
    const double unit = ldexp(1, -(mb + dexp));
    int largest = 0;
    for (int j = 0; j < N; j++) {
      ck_assert_double_le(fabs(d[j] * unit - ldexp((double)v[j], vexp)),
                          unit); /* half a code, or the clip at the top code */
      if (abs(d[j]) > largest) largest = abs(d[j]);
      ck_assert_int_le(abs(d[j]), (1 << mb) - 1);
    }
    if (top) ck_assert_int_ge(largest, 1 << (mb - 1)); /* the code is filled */
  }
}
END_TEST

START_TEST(shifts_round_as_named) {
  ck_assert_int_eq(tr_shift_round(3, 1), 2);
  ck_assert_int_eq(tr_shift_round(-3, 1), -2);
  ck_assert_int_eq(tr_shift_round(-1, 2), 0);
  ck_assert_int_eq(tr_shift_round(5, -3), 40);
  ck_assert_int_eq(tr_shift_round(INT64_C(1) << 40, 63), 0);
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_tables");
  TCase *t = tcase_create("all");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, exp_matches_libm);
  tcase_add_test(t, sigmoid_and_tanh_match_libm);
  tcase_add_test(t, ln_matches_libm);
  tcase_add_test(t, tables_are_fixed);
  tcase_add_test(t, slopes_are_derivatives);
  tcase_add_test(t, code_to_z_is_exact);
  tcase_add_test(t, rng_is_fair_and_fixed);
  tcase_add_test(t, block_float_keeps_the_value);
  tcase_add_test(t, shifts_round_as_named);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
