/* SPDX-License-Identifier: Apache-2.0 */
/* Golden numbers of Stochastic Hamiltonian Descent (Onen et al. 2022), through the tile's packets with 16-bit states.
 * Floats choose parameters, make data and judge; everything in between is the tile.
 *
 * Units: state 32768 = weight 1; input code 127 = 1; ADC step U = 2^RANGE / (127 * 32768). */
#include <math.h>

#include "ref_util.h"

enum { RANGE = 11, CODE = 127 };
static const double U = (1 << RANGE) / (127.0 * 32768.0);
static const double PI = 3.14159265358979323846;

static const struct xt_shape one_by_one = {
    .n = 1, .m = 1, .code_bits = 8, .adc_bits = 12, .adc_share = 1, .bl_max = 100, .state_bits = 16, .prob_bits = 16};

/* rate -> man * 2^-e with the largest mantissa */
static void mantissa(double rate, uint32_t *man, uint32_t *e) {
  int x;
  const double f = frexp(rate, &x); /* f in [.5, 1) */
  *man = (uint32_t)lround(f * 65536.0);
  int exp = 16 - x;
  if (*man == 65536) {
    *man = 32768;
    exp--;
  }
  ck_assert_int_ge(exp, 8);
  ck_assert_int_le(exp, 63);
  *e = (uint32_t)exp;
}

/* A device of granularity dw (in weights), bounds +-bound; soft: step falls to 0 at them; zero: symmetry point / bound.
 */
static struct xt_dev_cfg device(double dw, double bound, int soft, double zero) {
  struct xt_dev_cfg d = {0};
  int x;
  const double f = frexp(dw * 32768.0, &x); /* DW 2^-SHIFT state units, DW in 1024..2047 */
  d.dw = (int32_t)lround(f * 2048.0);
  d.shift = 11 - x;
  d.w_max = d.w_min = (int32_t)fmin(round(bound * 32768.0), 32767);
  d.gamma_up = d.gamma_down = soft ? 4096 : 0;
  d.up_down = (int32_t)lround(zero * 4096.0);
  return d;
}

struct problem {
  struct bench b;
  int transfers;
};

static void start(struct problem *p, const struct xt_dev_cfg *a, const struct xt_dev_cfg *c, double dw_upd, double eta,
                  double dw_c, double eta_c, uint32_t cap, uint32_t seed) {
  const struct xt_array_cfg cfg = {.dev = {*a, *c, {.dw = 0, .w_max = 1, .w_min = 1}}, .seed = seed};
  uint32_t man, e;
  bench_open(&p->b, &one_by_one, 0);
  configure(&p->b, &cfg);
  csr(&p->b, XT_CSR_SEED, seed);
  csr(&p->b, XT_CSR_RANGE_FWD, RANGE);
  csr(&p->b, XT_CSR_RANGE_XFER, RANGE);
  p->transfers = eta_c > 0;
  csr(&p->b, XT_CSR_UPD_SEL, p->transfers ? 0 : 1);
  csr(&p->b, XT_CSR_UPD_BL, cap);
  mantissa(eta * U / (dw_upd * CODE), &man, &e);
  csr(&p->b, XT_CSR_UPD_RATE, man);
  csr(&p->b, XT_CSR_UPD_EXP, e);
  if (p->transfers) {
    mantissa(eta_c * U / dw_c, &man, &e);
    csr(&p->b, XT_CSR_XFER_EVERY, 1);
    csr(&p->b, XT_CSR_XFER_BL, cap);
    csr(&p->b, XT_CSR_XFER_RATE, man);
    csr(&p->b, XT_CSR_XFER_EXP, e);
  }
  ck_assert_int_eq(simple(&p->b, XT_OP_RESET, 0, 0), XT_ST_OK);
}

/* One sample: input code x, wanted output in ADC steps. The error goes in as a 7-bit code with its own exponent. */
static void sample(struct problem *p, int x, int want) {
  const int8_t xc = (int8_t)x;
  must(forward(&p->b, &xc) == XT_ST_OK, "status");
  int err = result(&p->b, 0) - want, s = 0;
  while (abs(err) + (s > 0 ? 1 << (s - 1) : 0) >= (CODE + 1) << s) s++;
  const int mag = s > 0 ? (abs(err) + (1 << (s - 1))) >> s : abs(err);
  const int8_t d = (int8_t)(err < 0 ? -mag : mag);
  must(update(&p->b, &xc, &d, -s) == XT_ST_OK, "status");
}

static double weight(const struct problem *p, int sel) {
  return ref->states16(p->b.t, sel)[0] / 32768.0;
}

/* ---------------------------------------------------------------- golden table 1 */

enum { SAMPLES = 20000, TENTH = SAMPLES / 10 };

struct oscillation {
  double period, first, last;
};

/* L = (C - .3)^2 / 2. tau = 0: symmetric A. */
static struct oscillation oscillate_once(double tau, double eta_a, double eta_c, uint32_t seed) {
  static double c[SAMPLES];
  struct problem p;
  const double dw = 1e-4;
  const struct xt_dev_cfg a = device(dw, tau > 0 ? tau : 1.0, tau > 0, 0), symmetric = device(dw, 1.0, 0, 0);
  start(&p, &a, &symmetric, dw, eta_a, dw, eta_c, 100, seed);
  for (int k = 0; k < SAMPLES; k++) {
    c[k] = weight(&p, XT_SEL_C) - .3;
    sample(&p, CODE, (int)lround(.3 / U));
  }
  bench_close(&p.b);

  /* period: rising zero crossings, while the amplitude is large enough to tell them */
  struct oscillation o = {0, 0, 0};
  double at[SAMPLES];
  int n = 0, armed = 0;
  double most = 0;
  for (int k = 1; k < SAMPLES; k++) {
    most = fmax(most, fabs(c[k]));
    if (c[k] < -.02) armed = 1;
    if (armed && c[k - 1] < 0 && c[k] >= 0) {
      at[n++] = k - 1 + c[k - 1] / (c[k - 1] - c[k]);
      armed = 0;
    }
  }
  ck_assert_int_ge(n, 5);
  o.period = (at[n - 1] - at[0]) / (n - 1);
  for (int k = 0; k < TENTH; k++) {
    o.first = fmax(o.first, fabs(c[k]));
    o.last = fmax(o.last, fabs(c[SAMPLES - 1 - k]));
  }
  return o;
}

static int compare_double(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Medians over seeds: once it has decayed into the noise of single pulses, a run may lose or find a crossing. */
static struct oscillation oscillate(double tau, double eta_a, double eta_c) {
  enum { SEEDS = 9 };
  double period[SEEDS], first[SEEDS], last[SEEDS];
  for (uint32_t s = 0; s < SEEDS; s++) {
    const struct oscillation o = oscillate_once(tau, eta_a, eta_c, 1 + s);
    period[s] = o.period;
    first[s] = o.first;
    last[s] = o.last;
  }
  qsort(period, SEEDS, sizeof *period, compare_double);
  qsort(first, SEEDS, sizeof *first, compare_double);
  qsort(last, SEEDS, sizeof *last, compare_double);
  const struct oscillation o = {period[SEEDS / 2], first[SEEDS / 2], last[SEEDS / 2]};
  printf("oscillator tau %.1f etaA %.3f: period %.1f (theory %.1f), amplitude %.3f .. %.4f (%d seeds: %.4f to %.4f)\n",
         tau, eta_a, o.period, 2 * PI / sqrt(eta_a * eta_c), o.first, o.last, (int)SEEDS, last[0], last[SEEDS - 1]);
  return o;
}

static void oscillator_table(double eta_a) {
  /* amplitude in the last tenth, tau 1 and .3 (aihwkit) */
  static const double golden[2][2] = {{.0165, .0052}, {.0377, .0134}};
  const double theory = 2 * PI / sqrt(eta_a * .02), *want = golden[eta_a < .01];
  const struct oscillation symmetric = oscillate(0, eta_a, .02), wide = oscillate(1, eta_a, .02),
                           tight = oscillate(.3, eta_a, .02);
  ck_assert_double_eq_tol(symmetric.period, theory, .01 * theory);
  ck_assert_double_eq_tol(wide.period, theory, .01 * theory);
  ck_assert_double_eq_tol(tight.period, theory, .01 * theory);
  ck_assert_double_eq_tol(symmetric.first, .3, .01);
  /* pulses are random: the energy walks a little */
  ck_assert_double_eq_tol(symmetric.last, .3, .05);
  ck_assert_double_eq_tol(wide.last, want[0], .5 * want[0]);
  ck_assert_double_eq_tol(tight.last, want[1], .5 * want[1]);
  ck_assert_double_lt(tight.last, .6 * wide.last);
}

START_TEST(oscillator) {
  oscillator_table(_i == 0 ? .02 : .005);
}
END_TEST

/* ---------------------------------------------------------------- golden table 2 */

static double normal(void) {
  const double u = ((double)(rng64() >> 11) + 1) / 9007199254740993.0, v = (double)(rng64() >> 11) / 9007199254740992.0;
  return sqrt(-2 * log(u)) * cos(2 * PI * v);
}

enum { SGD, SHD_05, SHD_2, SHD_2_OFF, METHODS };

/* y = .5 x + sigma n, x uniform in (-1, 1); soft bounds +-1; mean of w over the second half of 200 000 samples. */
static double regress(int method, double dw, double sigma) {
  const int samples = 200000;
  struct problem p;
  const struct xt_dev_cfg a = device(dw, 1.0, 1, method == SHD_2_OFF ? -.1 : 0), c = device(dw, 1.0, 1, 0);
  static const double eta[METHODS] = {.05, .05, .2, .2};
  start(&p, &a, &c, dw, eta[method], dw, method == SGD ? 0 : .02, 31, 7);
  double sum = 0;
  for (int k = 0; k < samples; k++) {
    const int x = (int)rng_in(-CODE, CODE);
    const double y = .5 * x / CODE + sigma * normal();
    sample(&p, x, (int)lround(y / U));
    if (k >= samples / 2) sum += weight(&p, XT_SEL_C);
  }
  bench_close(&p.b);
  return sum / (samples / 2);
}

START_TEST(hidden_cost) {
  static const double golden[METHODS][4] = {{.4429, .3018, .4431, .3080}, /* aihwkit; theory .4428, .3086 */
                                            {.4982, .4795, .4969, .4755},
                                            {.4957, .4629, .4945, .4545},
                                            {.4828, .3809, .4823, .3993}};
  static const char *const name[METHODS] = {"SGD", "SHD .05", "SHD .2", "SHD .2, zero off by .1"};
  const int method = _i / 4, column = _i % 4;
  seed_rng("hidden_cost", (uint64_t)_i);
  const double w = regress(method, column < 2 ? .001 : .01, column % 2 ? .5 : .1);
  printf("%s, dw %.3f, sigma %.1f: %.4f (golden %.4f)\n", name[method], column < 2 ? .001 : .01, column % 2 ? .5 : .1,
         w, golden[method][column]);
  ck_assert_double_eq_tol(w, golden[method][column], .01);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref physics");
  TCase *tc = tcase_create("physics");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, oscillator, 0, 2);
  tcase_add_loop_test(tc, hidden_cost, 0, METHODS * 4);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
