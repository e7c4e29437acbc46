/* SPDX-License-Identifier: Apache-2.0 */
/* The accumulator in front of MTJ pulses: against vectors computed from the text of SPEC; registers, what clears it and
 * what does not, x that is kept, momentum, chances of flips, refusals. Plain and at once, in every width of vectors. */
#include <math.h>

#include "ref_util.h"
#include "vectors.h"
#include "xt_amp.h"
#include "xt_cycles.h"
#include "xt_fast_simd.h"
#include "xt_snapshot.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof *(v)))
enum { FORMS = 4 }; /* plain, and three widths */

static int accumulate(struct bench *b, const int8_t *x, const int8_t *d, int dexp) {
  return send(b, outer_packet(b, XT_OP_ACCUMULATE, x, d, dexp));
}

static struct xt_shape shape_of(int32_t n, int32_t m, int32_t code_bits, int32_t acc_bits, int32_t gang) {
  return (struct xt_shape){.n = n,
                           .m = m,
                           .code_bits = code_bits,
                           .adc_bits = 9,
                           .adc_share = 1,
                           .bl_max = 31,
                           .state_bits = 16,
                           .prob_bits = 16,
                           .mtj = 1,
                           .acc_bits = acc_bits,
                           .acc_gang = gang};
}

/* A tile whose plane C is pulsed, in this form; false if the processor does not run it. */
static bool open_with(struct bench *b, const struct xt_shape *shape, struct xt_dev_cfg d, uint32_t seed, int form) {
  const struct xt_array_cfg cfg = {.dev = {d, d, d}, .seed = seed};
  if (form > 0) {
    int k = 0;
    while (k + 1 < form && xt_fast_simds[k] != NULL) k++;
    if (xt_fast_simds[k] == NULL || !xt_fast_simd_runs(xt_fast_simds[k])) return false;
    setenv("XT_SIMD", xt_fast_simds[k]->name, 1);
  }
  bench_open(b, shape, 0);
  if (form == 0) xt_ref_plain(b->t);
  configure(b, &cfg);
  csr(b, XT_CSR_UPD_SEL, 1);
  csr(b, XT_CSR_CELL_MODE, XT_CELL_GATED);
  must(simple(b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  return true;
}

static void sums_are(struct bench *b, struct xt_snapshot *s, const int32_t *want, const char *when) {
  snap_get(b, s);
  for (int k = 0; k < b->shape.n * xt_shape_sums(&b->shape); k++)
    must(s->acc[k] == want[k], "%s: sum %d: %d, %d wanted", when, k, s->acc[k], want[k]);
}

/* ---------------------------------------------------------------- vectors */

START_TEST(vectors) {
  const struct acc_vector *v = &acc_vectors[_i / FORMS];
  const struct xt_shape shape = shape_of(ACC_N, ACC_M, v->code_bits, v->acc_bits, v->acc_gang);
  const struct xt_dev_cfg d = vector_device(v->cfg);
  struct bench b;
  struct xt_snapshot s;
  if (!open_with(&b, &shape, d, v->seed, _i % FORMS)) return;
  csr(&b, XT_CSR_CELL_MODE, (uint32_t)v->cell);
  csr(&b, XT_CSR_MTJ_SHARED, (uint32_t)v->shared);
  csr(&b, XT_CSR_ACC_EXP, (uint32_t)v->exp);
  csr(&b, XT_CSR_ACC_RATE, (uint32_t)v->rate);
  csr(&b, XT_CSR_ACC_DECAY, (uint32_t)v->decay);
  csr(&b, XT_CSR_PULSE_WIDTH, (uint32_t)v->width);
  csr(&b, XT_CSR_PULSE_SETTLE, 2);
  snap_alloc(&s, &shape);
  snap_get(&b, &s);
  for (int k = 0; k < ACC_N * ACC_M; k++) must(s.w[1][k] == v->before[k], "device %d as fabricated", k);
  s.pulse_ctr = v->pulse_ctr;
  memcpy(s.acc, v->start, (size_t)(ACC_N * xt_shape_sums(&shape)) * sizeof *s.acc);
  must(ref->set_snapshot(b.t, &s) == 0, "%s", ref->error(b.t));
  for (int k = 0; k < ACC_TIMES; k++) {
    must(accumulate(&b, v->x[k], v->d[k], v->dexp[k]) == XT_ST_OK, "ACCUMULATE");
    ck_assert_uint_eq(info(&b), v->clipped[k]);
    ck_assert_uint_eq(ref->op_cycles(b.t), ACC_N + 4);
  }
  sums_are(&b, &s, v->sums, "ACCUMULATE");
  for (int k = 0; k < ACC_N * ACC_M; k++) must(s.w[1][k] == v->before[k], "ACCUMULATE moved device %d", k);
  must(simple(&b, XT_OP_ACC_UPDATE, 0, (uint32_t)v->exponent) == XT_ST_OK, "ACC_UPDATE");
  ck_assert_uint_eq(info(&b), v->phases);
  ck_assert_uint_eq(ref->op_cycles(b.t), v->cycles);
  sums_are(&b, &s, v->left, "ACC_UPDATE");
  ck_assert_uint_eq(s.pulse_ctr, v->pulse_ctr_after);
  for (int k = 0; k < ACC_N * ACC_M; k++)
    must(s.w[1][k] == v->after[k], "device %d: %d, %d wanted", k, s.w[1][k], v->after[k]);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* The vectors have flips, clipped sums and momentum: else they would show nothing. */
START_TEST(vectors_show) {
  int moved = 0, clipped = 0, kept = 0, gangs = 0;
  for (int k = 0; k < COUNT(acc_vectors); k++) {
    const struct acc_vector *v = &acc_vectors[k];
    const struct xt_shape shape = shape_of(ACC_N, ACC_M, 7, 12, v->acc_gang);
    moved += memcmp(v->before, v->after, sizeof v->before) != 0;
    clipped += v->clipped[0] + v->clipped[1] + v->clipped[2] > 0;
    for (int q = 0; q < ACC_N * xt_shape_sums(&shape); q++) kept += v->left[q] != 0;
    gangs |= 1 << v->acc_gang;
  }
  ck_assert_int_gt(moved, COUNT(acc_vectors) / 2);
  ck_assert_int_gt(clipped, 5);
  ck_assert_int_gt(kept, 100);
  ck_assert_int_eq(gangs, 15);
}
END_TEST

/* ---------------------------------------------------------------- registers */

static int write_status(struct bench *b, uint8_t addr, uint32_t value) {
  int status = -1;
  must(ref->csr_write(b->t, addr, value, &status) == 0, "%s", ref->error(b->t));
  return status;
}

START_TEST(one_sum_on_the_bus) {
  const struct xt_shape shape = shape_of(3, 8, 7, _i ? 32 : 12, 1);
  const int32_t smax = _i ? INT32_MAX : 2047;
  struct bench b;
  struct xt_snapshot s;
  int32_t want[3 * 4] = {0};
  ck_assert(open_with(&b, &shape, binary_device(0, 0, 0), 1, _i));
  snap_alloc(&s, &shape);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_CONFIG3), 1U << 8 | (uint32_t)shape.acc_bits);
  for (uint32_t i = 0; i < 5; i++) {
    for (uint32_t k = 0; k < 6; k++) {
      const int there = i < 3 && k < 4;
      const int32_t value = there && i == 1 && k == 2 ? -smax : (int32_t)(100 * i + k) - 105;
      csr(&b, XT_CSR_ACC_SEL, i << 16 | k);
      ck_assert_uint_eq(csr_get(&b, XT_CSR_ACC), 0);
      ck_assert_int_eq(write_status(&b, XT_CSR_ACC, (uint32_t)value), there ? XT_CSR_ST_OK : XT_CSR_ST_VALUE);
      ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_ACC), there ? value : 0);
      if (there) want[i * 4 + k] = value;
    }
  }
  sums_are(&b, &s, want, "written");
  csr(&b, XT_CSR_ACC_SEL, 1 << 16 | 2);
  if (_i == 0) ck_assert_int_eq(write_status(&b, XT_CSR_ACC, (uint32_t)(smax + 1)), XT_CSR_ST_VALUE);
  ck_assert_int_eq(write_status(&b, XT_CSR_ACC, (uint32_t)-smax - 1), XT_CSR_ST_VALUE);
  ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_ACC), -smax);
  ck_assert_int_eq(write_status(&b, XT_CSR_ACC, (uint32_t)smax), XT_CSR_ST_OK);
  ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_ACC), smax);
  snap_get(&b, &s);
  s.acc[11] = -smax - 1;
  ck_assert_int_eq(ref->set_snapshot(b.t, &s), XT_E_ARG);
  ck_assert_ptr_nonnull(strstr(ref->error(b.t), "sum (2, 3) of the accumulator"));
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* Without an accumulator there is no sum to be seen or set, and no operation on any. */
START_TEST(none) {
  const struct xt_shape shape = shape_of(3, 8, 7, 0, 0);
  const int8_t x[3] = {1, 2, 3}, d[8] = {1};
  struct bench b;
  ck_assert(open_with(&b, &shape, binary_device(0, 0, 0), 1, 0));
  ck_assert_uint_eq(csr_get(&b, XT_CSR_CONFIG3), 0);
  ck_assert_int_eq(write_status(&b, XT_CSR_ACC, 0), XT_CSR_ST_VALUE);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_ACC), 0);
  ck_assert_int_eq(accumulate(&b, x, d, 0), XT_ST_ERR_OPCODE);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, 0), XT_ST_ERR_OPCODE);
  bench_close(&b);
}
END_TEST

START_TEST(shapes_refused) {
  static const struct {
    int mtj, bits, gang, m;
    const char *why;
  } rows[] = {{1, 11, 0, 8, "12 or more"},      {1, 1, 0, 8, "12 or more"},    {0, 24, 0, 8, "Mtj = 1"},
              {1, 24, 2, 6, "no divisor of M"}, {1, 0, 1, 8, "wants AccBits"}, {1, 33, 0, 8, "not in 0..32"},
              {1, 24, 7, 128, "not in 0..6"},   {1, 12, 3, 8, NULL},           {1, 32, 0, 1, NULL}};
  char err[200] = "";
  struct xt_dim dim;
  for (int k = 0; k < COUNT(rows); k++) {
    struct xt_shape shape = shape_of(3, rows[k].m, 7, rows[k].bits, rows[k].gang);
    shape.mtj = rows[k].mtj;
    const int rc = xt_dim_init(&dim, &shape, err, sizeof err);
    must(rc == (rows[k].why == NULL ? XT_E_OK : XT_E_ARG), "row %d: %d", k, rc);
    must(rows[k].why == NULL || strstr(err, rows[k].why) != NULL, "row %d: %s", k, err);
  }
}
END_TEST

/* ---------------------------------------------------------------- commands */

START_TEST(errors) {
  const struct xt_shape shape = shape_of(3, 8, 7, 24, 0);
  const int8_t x[3] = {1, 2, 3}, d[8] = {63, -63, 1}, wrong[8] = {0, 0, 0, 0, 0, 0, 0, 64};
  struct bench b;
  ck_assert(open_with(&b, &shape, binary_device(0, 0, 0), 1, 0));
  csr(&b, XT_CSR_ACC_EXP, 60);
  csr(&b, XT_CSR_ACC_RATE, 3);
  ck_assert_int_eq(accumulate(&b, x, d, 3), XT_ST_OK);
  ck_assert_int_eq(accumulate(&b, x, d, 4), XT_ST_ERR_ARG);
  ck_assert_int_eq(accumulate(&b, x, d, -60), XT_ST_OK);
  ck_assert_int_eq(accumulate(&b, x, d, -61), XT_ST_ERR_ARG);
  ck_assert_int_eq(accumulate(&b, x, wrong, 0), XT_ST_ERR_CODE);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, 60), XT_ST_OK);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, 61), XT_ST_ERR_ARG);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, (uint32_t)-3), XT_ST_OK);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, (uint32_t)-4), XT_ST_ERR_ARG);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 1, (uint32_t)-4), XT_ST_ERR_ARG);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 2, 0), XT_ST_ERR_FLAGS);
  csr(&b, XT_CSR_CELL_MODE, XT_CELL_HALF); /* the sums do not mind the cell */
  ck_assert_int_eq(accumulate(&b, x, d, 0), XT_ST_OK);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, 0), XT_ST_ERR_ARG);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 1, 0), XT_ST_ERR_ARG);
  bench_close(&b);
}
END_TEST

/* ACCUMULATE takes the x that is kept and keeps its own; ACC_UPDATE ends that, unless it is cut before its first FETCH.
 */
START_TEST(x_kept) {
  const struct xt_shape shape = shape_of(3, 8, 7, 24, 0);
  const int8_t x[3] = {1, -2, 3}, other[3] = {0, 5, 0}, d[8] = {63, -63, 1};
  struct bench b;
  struct xt_snapshot s;
  ck_assert(open_with(&b, &shape, binary_device(0, 0, 0), 1, _i));
  snap_alloc(&s, &shape);
  ck_assert_int_eq(accumulate(&b, NULL, d, 0), XT_ST_ERR_KEPT);
  ck_assert_int_eq(forward(&b, x), XT_ST_OK);
  ck_assert_int_eq(accumulate(&b, NULL, d, 0), XT_ST_OK);
  ck_assert_int_eq(accumulate(&b, other, d, 0), XT_ST_OK);
  ck_assert_int_eq(accumulate(&b, NULL, d, 0), XT_ST_OK);
  snap_get(&b, &s);
  ck_assert_int_eq(s.acc[0], 256 * 63 * 1);
  ck_assert_int_eq(s.acc[8], 256 * 63 * (-2 + 5 + 5));
  csr(&b, XT_CSR_TIMEOUT, 1); /* ends in START */
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, 0), XT_ST_ERR_TIMEOUT);
  csr(&b, XT_CSR_TIMEOUT, 0);
  ck_assert_int_eq(accumulate(&b, NULL, d, 0), XT_ST_OK);
  csr(&b, XT_CSR_TIMEOUT, 2); /* ends in FETCH */
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 0, 0), XT_ST_ERR_TIMEOUT);
  csr(&b, XT_CSR_TIMEOUT, 0);
  ck_assert_int_eq(accumulate(&b, NULL, d, 0), XT_ST_ERR_KEPT);
  ck_assert_int_eq(accumulate(&b, x, d, 0), XT_ST_OK);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 1, 0), XT_ST_OK);
  ck_assert_int_eq(accumulate(&b, NULL, d, 0), XT_ST_ERR_KEPT);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* Neither reset touches the sums; sel 1 sets all to 0, drives nothing, moves nothing. */
START_TEST(cleared_by_a_host_alone) {
  const struct xt_shape shape = shape_of(5, 6, 7, 24, 1);
  const int8_t x[5] = {1, -2, 3, 0, 63}, d[6] = {63, -63, 1, 2, -3, 4};
  const int32_t zero[15] = {0};
  struct bench b;
  struct xt_dim dim;
  struct xt_snapshot s, t;
  char err[200];
  ck_assert(open_with(&b, &shape, binary_device(0, 0, 0), 1, _i));
  ck_assert_int_eq(xt_dim_init(&dim, &shape, err, sizeof err), 0);
  snap_alloc(&s, &shape);
  snap_alloc(&t, &shape);
  ck_assert_int_eq(accumulate(&b, x, d, 0), XT_ST_OK);
  snap_get(&b, &s);
  must(s.acc[0] != 0, "nothing was added");
  ck_assert_int_eq(simple(&b, XT_OP_RESET, 0, 0), XT_ST_OK);
  sums_are(&b, &t, s.acc, "RESET");
  ck_assert_int_eq(ref->hw_reset(b.t), 0);
  sums_are(&b, &t, s.acc, "hardware reset");
  csr(&b, XT_CSR_CELL_MODE, XT_CELL_GATED);
  csr(&b, XT_CSR_ACC_DECAY, 3); /* does not matter */
  ck_assert_int_eq(simple(&b, XT_OP_RESET, 0, 0), XT_ST_OK);
  ck_assert_int_eq(simple(&b, XT_OP_ACC_UPDATE, 1, 0), XT_ST_OK);
  ck_assert_uint_eq(info(&b), 0);
  ck_assert_uint_eq(ref->op_cycles(b.t), 12);
  ck_assert_uint_eq(ref->op_cycles(b.t),
                    xt_cycles_acc_update(&dim, XT_CELL_GATED, (struct xt_pulse_shape){1, 1, 0}, 0));
  sums_are(&b, &t, zero, "cleared");
  ck_assert_int_eq(snap_devices_equal(&s, &t, &shape), 1);
  ck_assert_uint_eq(t.counters[XT_CNT_SLOTS], 0);
  snap_free(&s);
  snap_free(&t);
  bench_close(&b);
}
END_TEST

/* A sum that is not fed keeps 1 - 2^-k of itself and ends at 0, never beyond. */
START_TEST(momentum) {
  const uint32_t decay = (uint32_t)_i;
  const struct xt_shape shape = shape_of(1, 2, 7, 32, 0);
  struct bench b;
  int32_t last = INT32_MAX;
  ck_assert(open_with(&b, &shape, binary_device(-8192, -8192, 0), 1, _i % 2));
  csr(&b, XT_CSR_ACC_DECAY, decay);
  csr(&b, XT_CSR_ACC, (uint32_t)last);
  csr(&b, XT_CSR_ACC_SEL, 1);
  csr(&b, XT_CSR_ACC, (uint32_t)-last);
  for (int k = 0; k < 40; k++) {
    must(simple(&b, XT_OP_ACC_UPDATE, 0, 0) == XT_ST_OK, "ACC_UPDATE");
    const double want = decay ? last * (1 - ldexp(1, -(int)decay)) : 0;
    csr(&b, XT_CSR_ACC_SEL, 0);
    const int32_t now = (int32_t)csr_get(&b, XT_CSR_ACC);
    must(now <= want && now > want - 1, "%d after %d: %.2f wanted", now, last, want);
    csr(&b, XT_CSR_ACC_SEL, 1);
    ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_ACC), -now);
    last = now;
  }
  csr(&b, XT_CSR_ACC, 1); /* the last bit goes, too */
  must(simple(&b, XT_OP_ACC_UPDATE, 0, 0) == XT_ST_OK, "ACC_UPDATE");
  ck_assert_uint_eq(csr_get(&b, XT_CSR_ACC), 0);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- chances */

/* Devices flip towards -sign of their sum with the chance of full-scale rate times sum / 2^(rate/2), rounded down to
 * half octaves; sums of 2^(rate/2) and more with that of full scale. */
START_TEST(statistics) {
  enum { ROWS = 40, COLS = 40 };
  static const int32_t sums[] = {1024, 4000, 700, 512, 300, 129, 64, 1};
  static const double octaves[] = {0, 0, -1, -1, -2, -3, -4, -10};
  const struct xt_shape shape = shape_of(ROWS, COLS, 7, 24, 0);
  const int32_t sum = sums[_i % COUNT(sums)];
  const int up = _i / COUNT(sums) % 2, passive = _i / COUNT(sums) / 2;
  struct bench b;
  struct xt_snapshot s;
  int tried = 0, flipped = 0;
  struct xt_dev_cfg d = binary_device(-1500, -1500, 0);
  d.mtj_half = 16383; /* half-selected devices stay */
  ck_assert(open_with(&b, &shape, d, 7 + (uint32_t)_i, _i % 2));
  csr(&b, XT_CSR_CELL_MODE, passive ? XT_CELL_PASSIVE : XT_CELL_GATED);
  csr(&b, XT_CSR_PULSE_WIDTH, passive ? 63 : 1);
  csr(&b, XT_CSR_ACC_RATE, 20);
  snap_alloc(&s, &shape);
  snap_get(&b, &s);
  for (int k = 0; k < 6; k++) {
    for (int q = 0; q < ROWS * COLS; q++) {
      s.w[1][q] = up ? -20000 : 20000;
      s.acc[q] = q % 3 == 0 ? 0 : up ? -sum : sum;
    }
    must(ref->set_snapshot(b.t, &s) == 0, "%s", ref->error(b.t));
    must(simple(&b, XT_OP_ACC_UPDATE, 0, 0) == XT_ST_OK, "ACC_UPDATE");
    snap_get(&b, &s);
    for (int q = 0; q < ROWS * COLS; q++) {
      const int moved = s.w[1][q] == (up ? 20000 : -20000);
      must(q % 3 != 0 || !moved, "a device without a sum moved");
      tried += q % 3 != 0;
      flipped += moved;
    }
  }
  const double p = -expm1(-63 * exp2(-1500 / 256. + octaves[_i % COUNT(sums)]));
  const double share = (double)flipped / tried, error = sqrt(p * (1 - p) / tried);
  printf("sum %d, %s: %d of %d, %.5f; P %.5f\n", sum, passive ? "1R" : "1T1R", flipped, tried, share, p);
  ck_assert_double_le(fabs(share - p), 4.5 * error + ldexp(1, -14) + p / 100);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* Half octaves of every magnitude: not above twice the logarithm, by less than 1.2 below it. */
START_TEST(half_octaves) {
  uint32_t last = 0;
  for (uint32_t v = 1; v < 100000; v++) {
    const uint32_t halves = xt_amp_halves(v);
    const double exact = 2 * log2(v);
    must(halves >= last && halves <= exact + 1e-9 && halves > exact - 1.2, "%u: %u half octaves", v, halves);
    last = halves;
  }
  ck_assert_uint_eq(xt_amp_halves(INT32_MAX), 61);
  ck_assert_uint_eq(xt_amp_halves(UINT32_C(1) << 30), 60);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref acc");
  TCase *tc = tcase_create("acc");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, vectors, 0, COUNT(acc_vectors) * FORMS);
  tcase_add_test(tc, vectors_show);
  tcase_add_loop_test(tc, one_sum_on_the_bus, 0, 2);
  tcase_add_test(tc, none);
  tcase_add_test(tc, shapes_refused);
  tcase_add_test(tc, errors);
  tcase_add_loop_test(tc, x_kept, 0, 2);
  tcase_add_loop_test(tc, cleared_by_a_host_alone, 0, 2);
  tcase_add_loop_test(tc, momentum, 0, 16);
  tcase_add_loop_test(tc, statistics, 0, 32);
  tcase_add_test(tc, half_octaves);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
