/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic of the stochastic pulsed update (Gokmen & Vlasov 2016; update and BL management as in aihwkit): BL,
 * probabilities, expected change, clipping; from the thresholds and by counting pulses of a tile. */
#include <math.h>

#include "ref_util.h"

#include "xt_upd_mgr.h"

enum { CODE = 127, PB = 16 };
static const double DW = .001;

struct row {
  double lr;
  uint32_t cap;
  double x, d;
  enum xt_um_mode mode;
  uint32_t bl;
  double p_x, p_d; /* as aihwkit would split them; here only the product is the same, but for MANUAL */
  double dw;       /* expected change */
  int clip;
};

static const struct row table[] = {{.01, 31, 1, 1, XT_UM_MANUAL, 31, .568, .568, .01, 0},
                                   {.01, 31, 1, 1, XT_UM_UBLM, 10, 1, 1, .01, 0},
                                   {.01, 31, .5, .02, XT_UM_MANUAL, 31, .284, .0114, 1e-4, 0},
                                   {.01, 31, .5, .02, XT_UM_UM, 31, .0568, .0568, 1e-4, 0},
                                   {.01, 31, .5, .02, XT_UM_UBLM, 1, .316, .316, 1e-4, 0},
                                   {.1, 31, 1, 1, XT_UM_UBLM, 31, 1, 1, .031, 1},
                                   {.1, 31, 1, 1, XT_UM_UM, 31, 1, 1, .031, 1},
                                   {.01, 10, 1, .002, XT_UM_UBLM, 1, .141, .141, 2e-5, 0},
                                   {1e-4, 31, 1, 1, XT_UM_UBLM, 1, .316, .316, 1e-4, 0}};
enum { ROWS = sizeof table / sizeof *table };

/* rate -> man 2^-e, not above it (so that a whole K stays whole) */
static void mantissa(double rate, uint32_t *man, int32_t *e) {
  int x;
  *man = (uint32_t)floor(frexp(rate, &x) * 65536.0);
  *e = 16 - x;
}

/* The codes of x and d, and the power of two that d's code was scaled by. */
static void codes(const struct row *r, int8_t *x, int8_t *d, int *scale) {
  *x = (int8_t)lround(r->x * CODE);
  *scale = 0;
  while (lround(ldexp(r->d, *scale + 1) * CODE) <= CODE) ++*scale;
  *d = (int8_t)lround(ldexp(r->d, *scale) * CODE);
}

static void inputs(const struct row *r, int scale, struct xt_um_in *in) {
  *in = (struct xt_um_in){.mode = r->mode, .cap = r->cap, .pb = PB};
  if (r->mode == XT_UM_MANUAL) {
    const double p = sqrt(r->lr / (DW * r->cap));
    mantissa(p / CODE, &in->scale_x, &in->scale_x_exp);
    mantissa(p / CODE, &in->scale_d, &in->scale_d_exp);
    in->scale_d_exp += scale;
  } else {
    mantissa(r->lr / (DW * CODE * CODE), &in->man, &in->e);
    in->e += scale;
  }
}

START_TEST(thresholds) {
  const struct row *r = &table[_i];
  struct xt_um_in in;
  struct xt_um_out o;
  int8_t x, d;
  int scale;
  codes(r, &x, &d, &scale);
  inputs(r, scale, &in);
  in.xm = (uint32_t)x;
  in.dm = (uint32_t)d;
  xt_um(&in, &o);
  ck_assert_uint_eq(o.bl, r->bl);
  ck_assert_int_eq(o.clip, r->clip);
  const double full = 65536;
  const double p_x = xt_um_row_threshold(&o, in.xm, PB) / full, p_d = xt_um_threshold(in.dm, o.gd, o.rd, PB) / full;
  const double exact = r->lr * x / CODE * ldexp(d, -scale) / CODE; /* of the codes, not of the table's x and d */
  const double dw = o.bl * p_x * p_d * DW;
  printf("lr %g cap %u x %g d %g: BL %u, p %.4f %.4f, dw %.4g (ideal %.4g)\n", r->lr, r->cap, r->x, r->d, o.bl, p_x,
         p_d, dw, exact);
  if (r->clip) {
    ck_assert_double_eq_tol(dw, r->dw, 1e-9);
    ck_assert_double_eq(p_x, 1);
    ck_assert_double_eq(p_d, 1);
  } else {
    ck_assert_double_eq_tol(dw, exact, 1e-3 * exact);
    ck_assert_double_eq_tol(dw, r->dw, .02 * r->dw);
  }
  if (r->mode == XT_UM_MANUAL) {
    ck_assert_double_eq_tol(p_x, r->p_x, .01 * r->p_x);
    ck_assert_double_eq_tol(p_d, r->p_d, .02 * r->p_d);
  } else { /* split evenly to an octave */
    ck_assert_double_le(p_x / p_d, 4);
    ck_assert_double_ge(p_x / p_d, .25);
  }
}
END_TEST

/* When K > BL only d clips: every smaller x keeps its share, and so does every d that is small enough. */
START_TEST(clipping) {
  struct xt_um_in in;
  struct xt_um_out o;
  inputs(&table[5], 0, &in);
  in.xm = in.dm = CODE;
  xt_um(&in, &o);
  ck_assert(o.clip);
  for (uint32_t c = 1; c <= CODE; c++) {
    const double share = (double)c / CODE, p_x = xt_um_row_threshold(&o, c, PB) / 65536.0,
                 p_d = xt_um_threshold(c, o.gd, o.rd, PB) / 65536.0;
    ck_assert_double_eq_tol(p_x, share, 1e-4);
    ck_assert_double_eq_tol(p_d, fmin(1, share * 100 / 31), 2e-4);
  }
}
END_TEST

/* Every pair of codes under the largest: BL p_x p_d = |x| |d| man 2^-e, to the thresholds' resolution. */
START_TEST(product_exact) {
  seed_rng("product_exact", (uint64_t)_i);
  double worst = 0;
  for (int k = 0; k < 20000; k++) {
    struct xt_um_in in = {.mode = rng_one_in(2) ? XT_UM_UM : XT_UM_UBLM, .pb = PB};
    struct xt_um_out o;
    in.cap = (uint32_t)rng_in(1, 255);
    in.man = (uint32_t)rng_in(32768, 65535);
    in.e = (int32_t)rng_in(14, 34);
    in.xm = (uint32_t)rng_in(1, 127);
    in.dm = (uint32_t)rng_in(1, _i ? 2047 : 127);
    xt_um(&in, &o);
    const double K = ldexp((double)in.man * in.xm * in.dm, -in.e);
    if (o.bl == 0 || o.clip || K < .01) continue;
    const double p_x = xt_um_row_threshold(&o, in.xm, PB) / 65536.0,
                 p_d = xt_um_threshold(in.dm, o.gd, o.rd, PB) / 65536.0;
    worst = fmax(worst, fabs(o.bl * p_x * p_d / K - 1));
  }
  printf("product: worst relative error %.2g\n", worst);
  ck_assert_double_lt(worst, 2e-3); /* half a step of a threshold of 2^8 or more */
}
END_TEST

/* The same rows on a tile: mean pulses per update, counted. */
START_TEST(counted) {
  const struct row *r = &table[_i / 4];
  const uint32_t enc = (uint32_t)_i % 2, cell = (uint32_t)_i / 2 % 2;
  const struct xt_shape shape = {
      .n = 3, .m = 2, .code_bits = 8, .adc_bits = 9, .adc_share = 1, .bl_max = 31, .state_bits = 16, .prob_bits = PB};
  const struct xt_dev_cfg dev = {
      .dw = 1024, .shift = 4, .w_max = 30000, .w_min = 30000, .gamma_up = 4096, .gamma_down = 4096};
  const struct xt_array_cfg cfg = {.dev = {dev, dev, dev}, .seed = 3};
  struct bench b;
  struct xt_um_in in;
  int8_t x, d;
  int scale;
  codes(r, &x, &d, &scale);
  inputs(r, scale, &in);
  bench_open(&b, &shape, 0);
  configure(&b, &cfg);
  csr(&b, XT_CSR_SEED, (uint32_t)test_seed() * 77);
  csr(&b, XT_CSR_UPD_MODE, r->mode == XT_UM_MANUAL ? XT_UPD_MANUAL : r->mode == XT_UM_UM ? XT_UPD_UM : XT_UPD_UBLM);
  csr(&b, XT_CSR_UPD_ENC, enc);
  csr(&b, XT_CSR_CELL_MODE, cell);
  csr(&b, XT_CSR_UPD_BL, r->cap);
  csr(&b, XT_CSR_UPD_RATE, in.man);
  csr(&b, XT_CSR_UPD_EXP, (uint32_t)in.e);
  csr(&b, XT_CSR_SCALE_X, in.scale_x);
  csr(&b, XT_CSR_SCALE_X_EXP, (uint32_t)in.scale_x_exp);
  csr(&b, XT_CSR_SCALE_D, in.scale_d);
  csr(&b, XT_CSR_SCALE_D_EXP, (uint32_t)in.scale_d_exp);
  must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  const int updates = 40000;
  const int8_t xs[3] = {0, x, 0}, ds[2] = {d, 0};
  for (int k = 0; k < updates; k++) {
    must(update(&b, xs, ds, 0) == XT_ST_OK, "UPDATE");
    must(info(&b) == r->bl, "BL %u", info(&b));
  }
  const double exact = r->clip ? r->dw / DW : r->lr / DW * x / CODE * ldexp(d, -scale) / CODE; /* pulses per update */
  const double mean = (double)counter(&b, XT_CNT_PULSES) / updates;
  const double p = exact / r->bl, sigma = sqrt(r->bl * p * (1 - p) / updates);
  printf("counted, encoder %u, cell mode %u: %.5f pulses per update, expected %.5f, sigma %.5f\n", enc, cell, mean,
         exact, sigma);
  ck_assert_double_eq_tol(mean, exact, 5 * sigma + 2e-3 * exact);
  ck_assert_uint_eq(counter(&b, XT_CNT_CLIPS), r->clip ? (uint64_t)updates : 0);
  ck_assert_uint_eq(counter(&b, XT_CNT_CLIPS_A), counter(&b, XT_CNT_CLIPS)); /* UPD_SEL */
  ck_assert_uint_eq(counter(&b, XT_CNT_CLIPS_C) + counter(&b, XT_CNT_CLIPS_R), 0);
  bench_close(&b);
}
END_TEST

/* xmax = 0 or dmax = 0: no pulses at all, BL = 0. */
START_TEST(nothing) {
  const struct xt_shape shape = {
      .n = 5, .m = 3, .code_bits = 7, .adc_bits = 9, .adc_share = 1, .bl_max = 31, .state_bits = 16, .prob_bits = PB};
  const struct xt_dev_cfg dev = {.dw = 1024, .shift = 0, .w_max = 30000, .w_min = 30000};
  const struct xt_array_cfg cfg = {.dev = {dev, dev, dev}, .seed = 3};
  struct bench b;
  bench_open(&b, &shape, 0);
  configure(&b, &cfg);
  csr(&b, XT_CSR_UPD_RATE, 65535);
  csr(&b, XT_CSR_UPD_EXP, 10);
  csr(&b, XT_CSR_UPD_BL, 31);
  must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  const int8_t zero[5] = {0}, some[5] = {1, -2, 3, 63, 0};
  for (uint32_t mode = 0; mode < 3; mode++) {
    csr(&b, XT_CSR_UPD_MODE, mode);
    ck_assert_int_eq(update(&b, zero, some, 0), XT_ST_OK);
    ck_assert_uint_eq(info(&b), 0);
    ck_assert_int_eq(update(&b, some, zero, 0), XT_ST_OK);
    ck_assert_uint_eq(info(&b), 0);
  }
  ck_assert_uint_eq(counter(&b, XT_CNT_SLOTS), 0);
  ck_assert_uint_eq(counter(&b, XT_CNT_PULSES), 0);
  ck_assert_uint_eq(counter(&b, XT_CNT_CYCLES), 6 * (1 + XT_UM_CYCLES + 1));
  bench_close(&b);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref update");
  TCase *tc = tcase_create("update");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, thresholds, 0, ROWS);
  tcase_add_test(tc, clipping);
  tcase_add_loop_test(tc, product_exact, 0, 2);
  tcase_add_loop_test(tc, counted, 0, 4 * ROWS);
  tcase_add_test(tc, nothing);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
