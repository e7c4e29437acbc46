/* SPDX-License-Identifier: Apache-2.0 */
/* Devices in the large: step, spread, asymmetry, bounds, noise against the float formulas they stand for (aihwkit's
 * linear step family), for several state widths; stuck devices; read noise. Through the tile's packets. */
#include <math.h>

#include "ref_util.h"

enum { N = 64, M = 48, NM = N * M };

static struct xt_shape shape_of(int32_t sw) {
  return (struct xt_shape){
      .n = N, .m = M, .code_bits = 7, .adc_bits = 12, .adc_share = 1, .bl_max = 255, .state_bits = sw, .prob_bits = 16};
}

/* An ideal device: step 2^-8 of full scale for sw >= 16, coarser below; bounds .8 of full scale. */
static struct xt_dev_cfg ideal(int32_t sw) {
  const int32_t fs = 1 << (sw - 1);
  return (struct xt_dev_cfg){.dw = 1024, .shift = 10 - (sw - 1 - 8), .w_max = fs * 4 / 5, .w_min = fs * 4 / 5};
}
static double step_of(const struct xt_dev_cfg *d) {
  return ldexp(d->dw, -d->shift);
}

static void open_with(struct bench *b, int32_t sw, const struct xt_dev_cfg *d, uint32_t read_noise) {
  const struct xt_shape shape = shape_of(sw);
  const struct xt_array_cfg cfg = {
      .dev = {*d, *d, *d}, .seed = (uint32_t)test_seed() * 1000 + 5, .read_noise = read_noise};
  bench_open(b, &shape, 0);
  configure(b, &cfg);
  csr(b, XT_CSR_UPD_MODE, XT_UPD_MANUAL); /* every slot fires on every line */
  csr(b, XT_CSR_SCALE_X, 65535);
  csr(b, XT_CSR_SCALE_D, 65535);
  must(simple(b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
}

/* `count` pulses up or down on every device of A. */
static void pulses(struct bench *b, uint32_t count, int up) {
  int8_t x[N], d[M];
  for (int i = 0; i < N; i++) x[i] = 63;
  for (int j = 0; j < M; j++) d[j] = (int8_t)(up ? -63 : 63);
  csr(b, XT_CSR_UPD_BL, count);
  must(update(b, x, d, 0) == XT_ST_OK, "UPDATE");
}

struct moments {
  double mean, sd, lo, hi;
};
static struct moments moments(const double *v, int n) {
  struct moments m = {0, 0, v[0], v[0]};
  for (int k = 0; k < n; k++) {
    m.mean += v[k] / n;
    m.lo = fmin(m.lo, v[k]);
    m.hi = fmax(m.hi, v[k]);
  }
  for (int k = 0; k < n; k++) m.sd += (v[k] - m.mean) * (v[k] - m.mean) / (n - 1);
  m.sd = sqrt(m.sd);
  return m;
}

static double w0[NM];
static void states(struct bench *b, double *w) {
  struct xt_snapshot s;
  snap_alloc(&s, &b->shape);
  snap_get(b, &s);
  for (int k = 0; k < NM; k++) w[k] = s.w[0][k];
  snap_free(&s);
}

static const int32_t widths[] = {8, 12, 16, 20, 24};

/* Constant step, no variation: every pulse moves by the step on the mean, whatever fraction of a state unit it is. */
START_TEST(mean_step) {
  const int32_t sw = widths[_i];
  struct xt_dev_cfg d = ideal(sw);
  d.dw = 1357; /* not a whole number of state units below 24 bits */
  struct bench b;
  open_with(&b, sw, &d, 0);
  const uint32_t n = 60;
  for (int up = 1; up >= 0; up--) {
    ref->hw_reset(b.t);
    const struct xt_array_cfg cfg = {.dev = {d, d, d}, .seed = 9};
    configure(&b, &cfg);
    csr(&b, XT_CSR_UPD_MODE, XT_UPD_MANUAL);
    csr(&b, XT_CSR_SCALE_X, 65535);
    csr(&b, XT_CSR_SCALE_D, 65535);
    must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
    pulses(&b, n, up);
    states(&b, w0);
    const struct moments m = moments(w0, NM);
    const double want = (up ? 1.0 : -1.0) * n * step_of(&d), frac = step_of(&d) - floor(step_of(&d));
    const double sd = sqrt(n * frac * (1 - frac)); /* stochastic rounding: a coin of the fraction per pulse */
    printf("sw %d: mean after %u pulses %.3f (want %.3f), sd %.3f (want %.3f)\n", sw, n, m.mean, want, m.sd, sd);
    ck_assert_double_eq_tol(m.mean, want, 5 * sd / sqrt(NM) + 1e-3 * fabs(want));
    ck_assert_double_eq_tol(m.sd, sd, .1 * sd + .02);
  }
  bench_close(&b);
}
END_TEST

/* Soft bounds: w after n pulses up = W (1 - (1 - step/W)^n); linear step with another slope likewise. */
START_TEST(soft_bounds) {
  const int32_t sw = widths[2 + _i % 3];
  const double gamma = _i / 3 ? .5 : 1;
  struct xt_dev_cfg d = ideal(sw);
  d.gamma_up = d.gamma_down = (int32_t)(4096 * gamma);
  struct bench b;
  open_with(&b, sw, &d, 0);
  double w = 0;
  const double bound = d.w_max, step = step_of(&d);
  for (int k = 0; k < 4; k++) {
    pulses(&b, 120, 1);
    for (int p = 0; p < 120; p++) w = fmin(bound, w + step * (1 - gamma * w / bound));
    states(&b, w0);
    const struct moments m = moments(w0, NM);
    printf("sw %d gamma %.1f: after %d pulses up %.1f, formula %.1f\n", sw, gamma, 120 * (k + 1), m.mean, w);
    ck_assert_double_eq_tol(m.mean, w, .004 * bound);
    ck_assert_double_le(m.hi, bound);
  }
  pulses(&b, 120, 0);
  for (int p = 0; p < 120; p++) w = fmax(-bound, w - step * (1 + gamma * w / bound));
  states(&b, w0);
  ck_assert_double_eq_tol(moments(w0, NM).mean, w, .004 * bound);
  bench_close(&b);
}
END_TEST

/* Device-to-device: the spread of the step is C_DTOD / 443.405, that of the imbalance C_UD / 443.405. */
START_TEST(step_spread) {
  static double up[NM], down[NM], gain[NM], ratio[NM];
  const double sigma = .3, sigma_ud = .05, r = .1;
  struct xt_dev_cfg d = ideal(24);
  d.c_dtod = (int32_t)lround(443.405 * sigma);
  d.c_ud = (int32_t)lround(443.405 * sigma_ud);
  d.up_down = (int32_t)lround(4096 * r);
  struct bench b;
  open_with(&b, 24, &d, 0);
  pulses(&b, 20, 1);
  states(&b, up);
  pulses(&b, 20, 0);
  states(&b, down);
  for (int k = 0; k < NM; k++) {
    const double su = up[k] / 20, sd = (up[k] - down[k]) / 20;
    gain[k] = (su + sd) / 2 / step_of(&d);
    ratio[k] = (su - sd) / (su + sd);
  }
  const struct moments g = moments(gain, NM), q = moments(ratio, NM);
  printf("gain %.4f +- %.4f (want 1 +- %.2f), imbalance %.4f +- %.4f (want %.2f +- %.2f)\n", g.mean, g.sd, sigma,
         q.mean, q.sd, r, sigma_ud);
  ck_assert_double_eq_tol(g.mean, 1, 5 * sigma / sqrt(NM));
  ck_assert_double_eq_tol(g.sd, sigma, .04 * sigma);
  ck_assert_double_eq_tol(q.mean, r, 5 * sigma_ud / sqrt(NM));
  ck_assert_double_eq_tol(q.sd, sigma_ud, .04 * sigma_ud);
  bench_close(&b);
}
END_TEST

/* Bounds: mean and spread, and the limits of .15 and 1.1 of the mean. Where a device stops. */
START_TEST(bound_spread) {
  const double sigma = _i == 0 ? .1 : .6;
  struct xt_dev_cfg d = ideal(16);
  d.w_min = d.w_max / 2;
  d.c_wmax = d.c_wmin = (int32_t)lround(443.405 * sigma);
  struct bench b;
  open_with(&b, 16, &d, 0);
  for (int up = 1; up >= 0; up--) {
    const double mean = up ? d.w_max : d.w_min;
    for (int k = 0; k < 4; k++) pulses(&b, 255, up);
    states(&b, w0);
    for (int k = 0; k < NM; k++) w0[k] = (up ? w0[k] : -w0[k]) / mean;
    const struct moments m = moments(w0, NM);
    printf("bound %s, sigma %.1f: %.4f +- %.4f, %.3f .. %.3f of the mean\n", up ? "up" : "down", sigma, m.mean, m.sd,
           m.lo, m.hi);
    ck_assert_double_ge(m.lo, .149);
    ck_assert_double_le(m.hi, 1.1002);
    if (_i == 0) { /* the upper limit cuts at one sigma: mean and spread of the clipped normal */
      ck_assert_double_eq_tol(m.mean, 1 - .0833 * sigma, .01);
      ck_assert_double_eq_tol(m.sd, .866 * sigma, .05 * sigma);
    } else {
      ck_assert_double_lt(m.lo, .16);
      ck_assert_double_gt(m.hi, 1.099);
    }
  }
  bench_close(&b);
}
END_TEST

/* The smallest and largest legal bounds: the lower limit never exceeds the upper one, so devices stop between the
 * limits. */
START_TEST(extreme_bounds) {
  const int32_t sw = widths[_i], fs = 1 << (sw - 1);
  const int32_t means[] = {1, 2, 6, 7, fs / 2, fs - 1};
  for (size_t f = 0; f < sizeof means / sizeof *means; f++) {
    const int64_t w = means[f], lo = w * 614 >> 12, hi = w * 4506 >> 12;
    struct xt_dev_cfg d = ideal(sw);
    d.dw = 2047;
    d.shift = f < 4 ? 10 : d.shift;
    d.w_max = d.w_min = means[f];
    d.c_wmax = d.c_wmin = 4434;
    struct bench b;
    open_with(&b, sw, &d, 0);
    for (int up = 1; up >= 0; up--) {
      for (int k = 0; k < 4; k++) pulses(&b, 255, up);
      states(&b, w0);
      int at_lo = 0, at_hi = 0;
      for (int k = 0; k < NM; k++) {
        const double v = up ? w0[k] : -w0[k], least = lo > 1 ? (double)lo : 1, most = (double)(hi < fs ? hi : fs - 1);
        ck_assert_msg(v >= least && v <= most, "W_MAX %d of %d bits: a device stops at %g, not in %g..%g", means[f], sw,
                      v, least, most);
        at_lo += v <= least;
        at_hi += v >= most;
      }
      ck_assert_int_gt(at_lo, NM / 10);
      ck_assert_int_gt(at_hi, NM / 10);
    }
    bench_close(&b);
  }
}
END_TEST

/* Cycle-to-cycle: the sum of n steps spreads by sigma step sqrt(n), and the noise is fresh on every device and pulse.
 */
START_TEST(cycle_to_cycle) {
  static double before[NM], delta[NM], last[NM];
  const double sigma = _i ? 1.5 : .3;
  struct xt_dev_cfg d = ideal(24);
  d.c_c2c = (int32_t)lround(443.405 * sigma);
  struct bench b;
  open_with(&b, 24, &d, 0);
  double same = 0;
  for (int k = 0; k < 4; k++) {
    states(&b, before);
    pulses(&b, 30, 1);
    states(&b, w0);
    for (int i = 0; i < NM; i++) delta[i] = (w0[i] - before[i]) / step_of(&d) - 30;
    const struct moments m = moments(delta, NM);
    printf("c2c %.1f: mean %.3f, sd %.3f (want %.3f)\n", sigma, m.mean, m.sd, sigma * sqrt(30));
    ck_assert_double_eq_tol(m.mean, 0, 5 * sigma * sqrt(30.0 / NM));
    ck_assert_double_eq_tol(m.sd, sigma * sqrt(30), .05 * sigma * sqrt(30));
    double corr = 0, neighbours = 0;
    for (int i = 0; i < NM; i++) corr += k ? delta[i] * last[i] / (m.sd * m.sd) : 0;
    for (int i = 1; i < NM; i++) neighbours += delta[i] * delta[i - 1] / (m.sd * m.sd);
    same = fmax(fmax(fabs(corr), fabs(neighbours)), same);
    memcpy(last, delta, sizeof last);
  }
  ck_assert_double_lt(same / sqrt(NM), 4.5); /* sigmas */
  bench_close(&b);
}
END_TEST

/* Nearest rounding: no coin. A step below half a state unit does not move at all. */
START_TEST(nearest_rounding) {
  struct xt_dev_cfg d = ideal(16);
  d.round = 1;
  struct bench b;
  static const struct {
    int32_t dw, shift;
    double per_pulse;
  } row[] = {{1024, 12, 0}, {1024, 11, 1}, {1535, 10, 1}, {1536, 10, 2}, {1024, 3, 128}};
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    d.dw = row[k].dw;
    d.shift = row[k].shift;
    open_with(&b, 16, &d, 0);
    pulses(&b, 50, 1);
    states(&b, w0);
    for (int i = 0; i < NM; i++) must(fabs(w0[i] - 50 * row[k].per_pulse) < .5, "row %zu: %g", k, w0[i]);
    pulses(&b, 20, 0);
    states(&b, w0);
    for (int i = 0; i < NM; i++) must(fabs(w0[i] - 30 * row[k].per_pulse) < .5, "row %zu: %g", k, w0[i]);
    bench_close(&b);
  }
}
END_TEST

/* DW = 0: the array never moves, in spite of noise and rounding. */
START_TEST(no_step) {
  struct xt_dev_cfg d = ideal(16);
  d.dw = 0;
  d.c_c2c = 4434;
  d.round = _i;
  struct bench b;
  open_with(&b, 16, &d, 0);
  pulses(&b, 255, 1);
  simple(&b, XT_OP_ZERO_SHIFT, 0, 100);
  states(&b, w0);
  for (int i = 0; i < NM; i++) must(w0[i] == 0, "device %d moved", i);
  bench_close(&b);
}
END_TEST

/* Stuck devices: their share, their place anywhere between the bounds, and that they stay. */
START_TEST(stuck) {
  static double at[NM], later[NM];
  struct xt_dev_cfg d = ideal(16);
  const double p = .3;
  d.stuck = (int32_t)(p * 65536);
  struct bench b;
  open_with(&b, 16, &d, 0);
  states(&b, at);
  pulses(&b, 200, 1);
  simple(&b, XT_OP_ZERO_SHIFT, 0, 50);
  states(&b, later);
  int n = 0;
  static double place[NM];
  for (int k = 0; k < NM; k++) {
    if (at[k] == later[k]) place[n++] = at[k] / d.w_max;
  }
  const struct moments m = moments(place, n);
  printf("stuck: %d of %d (want %.0f +- %.0f), place %.3f +- %.3f\n", n, NM, p * NM, sqrt(p * (1 - p) * NM), m.mean,
         m.sd);
  ck_assert_double_eq_tol(n, p * NM, 5 * sqrt(p * (1 - p) * NM));
  ck_assert_double_eq_tol(m.mean, 0, 5 * .577 / sqrt(n));
  ck_assert_double_eq_tol(m.sd, .577, .03); /* uniform in -1..1 */
  bench_close(&b);
}
END_TEST

/* The symmetry point of soft bounds with an imbalance r is r W: ZERO_SHIFT takes every device there. */
START_TEST(zero_shift) {
  const double r = _i ? -.2 : .1;
  struct xt_dev_cfg d = ideal(16);
  d.gamma_up = d.gamma_down = 4096;
  d.up_down = (int32_t)lround(4096 * r);
  struct bench b;
  open_with(&b, 16, &d, 0);
  must(simple(&b, XT_OP_ZERO_SHIFT, 0, 2000) == XT_ST_OK, "ZERO_SHIFT");
  states(&b, w0);
  const struct moments m = moments(w0, NM);
  printf("zero-shift, imbalance %.1f: %.4f of the bound\n", r, m.mean / d.w_max);
  ck_assert_double_eq_tol(m.mean / d.w_max, r, .01);
  bench_close(&b);
}
END_TEST

/* READ_NOISE: standard deviation 147.80 READ_NOISE / 256 accumulator units, no mean, fresh on every line and read. */
START_TEST(read_noise) {
  struct xt_dev_cfg d = ideal(16);
  const uint32_t rn = 20000;
  const int dir = _i, lines = dir ? N : M;
  struct bench b;
  const int8_t zero[N] = {0};
  enum { READS = 400 };
  static double v[READS * N];
  open_with(&b, 16, &d, rn);
  csr(&b, dir ? XT_CSR_RANGE_BWD : XT_CSR_RANGE_FWD, 6);
  for (int k = 0; k < READS; k++) {
    must((dir ? backward(&b, zero) : forward(&b, zero)) == XT_ST_OK, "read");
    for (int i = 0; i < lines; i++) v[k * lines + i] = result(&b, i) * 64.0;
  }
  const struct moments m = moments(v, READS * lines);
  const double sd = 147.80 * rn / 256;
  double neighbours = 0, next = 0;
  for (int i = lines; i < READS * lines; i++) {
    neighbours += v[i] * v[i - 1] / (sd * sd);
    next += v[i] * v[i - lines] / (sd * sd);
  }
  printf("read noise: mean %.1f, sd %.1f (want %.1f)\n", m.mean, m.sd, sd);
  ck_assert_double_eq_tol(m.mean, 0, 5 * sd / sqrt(READS * lines));
  ck_assert_double_eq_tol(m.sd, sd, .02 * sd);
  ck_assert_double_lt(fabs(neighbours) / sqrt(READS * lines), 4.5);
  ck_assert_double_lt(fabs(next) / sqrt(READS * lines), 4.5);
  bench_close(&b);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref devices");
  TCase *tc = tcase_create("devices");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, mean_step, 0, 5);
  tcase_add_loop_test(tc, soft_bounds, 0, 6);
  tcase_add_test(tc, step_spread);
  tcase_add_loop_test(tc, bound_spread, 0, 2);
  tcase_add_loop_test(tc, extreme_bounds, 0, 5);
  tcase_add_loop_test(tc, cycle_to_cycle, 0, 2);
  tcase_add_test(tc, nearest_rounding);
  tcase_add_loop_test(tc, no_step, 0, 2);
  tcase_add_test(tc, stuck);
  tcase_add_loop_test(tc, zero_shift, 0, 2);
  tcase_add_loop_test(tc, read_noise, 0, 2);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
