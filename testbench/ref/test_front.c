/* SPDX-License-Identifier: Apache-2.0 */
/* The analog front end (rtl/SPEC.md section 8): each formula against vectors computed from the page, against values
 * worked out by hand, and against what theory says of a converter; corrections that bring offsets below half a code. */
#include <math.h>

#include "ref_util.h"
#include "vectors.h"
#include "xt_afe.h"
#include "xt_encoder.h"
#include "xt_tile.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

/* A front end alone, of a shape. */
struct front {
  struct xt_dim dim;
  struct xt_afe afe;
  struct xt_room room;
};

static struct xt_shape shape_of(int32_t n, int32_t m, int32_t bits, int32_t kind) {
  return (struct xt_shape){.n = n,
                           .m = m,
                           .code_bits = 7,
                           .adc_bits = bits,
                           .adc_share = 1,
                           .adc_kind = kind,
                           .bl_max = 31,
                           .state_bits = 16,
                           .prob_bits = 16};
}

static void front_open(struct front *f, const struct xt_shape *shape, const struct xt_array_cfg *cfg) {
  char err[160];
  memset(f, 0, sizeof *f);
  must(xt_dim_init(&f->dim, shape, err, sizeof err) == 0, "%s", err);
  xt_afe_room(&f->afe, &f->dim, &f->room);
  must(!f->room.failed, "no memory");
  xt_afe_fabricate(&f->afe, cfg);
}
static void front_close(struct front *f) {
  xt_room_free(&f->room);
}

/* The code of one conversion, by comparisons. */
static int32_t convert(struct front *f, int32_t line, uint32_t range) {
  int32_t code = xt_adc_first(&f->dim);
  for (int32_t k = 0; k < f->dim.conv; k++) {
    code = xt_adc_step(&f->dim, code, k, xt_afe_cmp(&f->afe, line, range, xt_adc_trial(&f->dim, code, k)));
    xt_afe_conv(&f->afe);
  }
  return code;
}

/* ---------------------------------------------------------------- vectors */

START_TEST(fabricated_and_compared) {
  const struct front_vector *v = &front_vectors[_i];
  struct xt_shape shape = shape_of(7, 7, v->bits, v->ramp);
  shape.adc_share = v->share;
  shape.state_bits = v->sw;
  const struct xt_array_cfg cfg = {.seed = v->seed,
                                   .ref_spread = v->ref_spread,
                                   .mirror = v->mirror,
                                   .adc_offs = v->adc_offs,
                                   .adc_gain = v->adc_gain,
                                   .adc_weight = v->adc_weight,
                                   .cmp_noise = v->cmp_noise};
  struct front f;
  front_open(&f, &shape, &cfg);
  const int32_t u = v->line / v->share, top = (v->bits - 1) * f.dim.units + u;
  ck_assert_int_eq(f.afe.spread[0][v->line], v->row);
  ck_assert_int_eq(f.afe.spread[1][v->line], v->col);
  ck_assert_int_eq(f.afe.mirror[0][v->line], v->mirror_col);
  ck_assert_int_eq(f.afe.mirror[1][v->line], v->mirror_row);
  ck_assert_int_eq(f.afe.offset[u], v->offset);
  ck_assert_int_eq(f.afe.gain[u], v->gain);
  ck_assert_int_eq(f.afe.step[u], 256 + v->weight_first);
  ck_assert_int_eq(f.afe.step[top], (256 << (v->bits - 1)) + v->weight_last);
  f.afe.v[v->line] = v->v;
  f.afe.cmp_ctr = v->cmp_ctr;
  ck_assert_uint_eq(xt_afe_cmp(&f.afe, v->line, v->range, v->code), v->cmp);
  front_close(&f);
}
END_TEST

START_TEST(reads_slot_by_slot) {
  const struct read_vector *v = &read_vectors[_i];
  struct xt_shape shape = shape_of(v->n, v->m, 9, 0);
  shape.code_bits = v->mb + 1;
  shape.state_bits = v->sw;
  const struct xt_array_cfg cfg = {
      .seed = v->seed, .ref_spread = v->ref_spread, .mirror = v->mirror, .int_max = v->int_max};
  struct xt_array a;
  struct xt_room room;
  struct front f;
  uint32_t reg[256] = {0}, mag[4] = {0}, act[2] = {0}, pol[2] = {0}, over = 0;
  const int32_t driven = v->dir ? v->m : v->n, sensed = v->dir ? v->n : v->m;
  array_room(&a, v->n, v->m, v->sw, &room);
  for (int p = 0; p < XT_NUM_PLANES; p++)
    for (int k = 0; k < v->n * v->m; k++) xt_plane_set_state(&a.plane[p], (size_t)k, v->w[p][k]);
  front_open(&f, &shape, &cfg);
  reg[XT_CSR_GAMMA] = v->gamma;
  const struct xt_select select = xt_array_select(v->sel, reg);
  const struct xt_drives drives = {&act[0], &pol[0], &act[1], &pol[1], 0, 0, 1};
  for (int i = 0; i < driven; i++) mag[i] = (uint32_t)(v->codes[i] < 0 ? -v->codes[i] : v->codes[i]);
  xt_afe_clear(&f.afe);
  for (uint32_t s = 0; s < (uint32_t)(v->serial ? f.dim.mb : f.dim.cmax); s++) {
    xt_encoder_read(v->serial ? XT_READ_SERIAL : XT_READ_PWM, s, mag, driven, &act[v->dir]);
    pol[v->dir] = act[v->dir];
    for (int i = 0; i < driven; i++) pol[v->dir] &= ~((uint32_t)(v->codes[i] < 0) << i);
    xt_afe_currents(&f.afe, &a, &select, v->dir, &drives);
    xt_afe_integ(&f.afe, &select, v->dir, v->serial != 0);
  }
  xt_afe_hold(&f.afe, &select, v->dir);
  for (int l = 0; l < sensed; l++) {
    ck_assert_msg(f.afe.v[l] == v->v[l], "line %d: %" PRId64 ", not %" PRId64, l, f.afe.v[l], v->v[l]);
    over |= (uint32_t)f.afe.over[l] << l;
  }
  ck_assert_uint_eq(over, v->over);
  front_close(&f);
  xt_room_free(&room);
}
END_TEST

/* The same read, whole, through the fast form: answers are codes of 12 bits at every range. */
START_TEST(ranges_do_not_overflow) {
  struct front f;
  const struct xt_shape shape = shape_of(1, 1, 12, 0);
  const struct xt_array_cfg cfg = {.seed = 3, .adc_gain = 65535};
  front_open(&f, &shape, &cfg);
  for (uint32_t range = 0; range <= 48; range++) {
    for (int sign = -1; sign <= 1; sign += 2) {
      f.afe.v[0] = sign * (INT64_C(1) << 55);
      const int32_t code = convert(&f, 0, range);
      if (range < 44)
        ck_assert_int_eq(code, sign < 0 ? -2048 : 2047);
      else /* gain e/2^20 */
        ck_assert_int_le(abs(code - (int32_t)lround(sign * ldexp(1 + f.afe.gain[0] / 1048576., 55 - (int)range))), 1);
    }
  }
  front_close(&f);
}
END_TEST

/* ---------------------------------------------------------------- by hand */

static const struct xt_dev_cfg quiet = {.dw = 1000, .shift = 4, .w_max = 30000, .w_min = 30000};

static struct xt_array_cfg quiet_array(void) {
  return (struct xt_array_cfg){.dev = {quiet, quiet, quiet}, .seed = 7};
}

/* A tile 2x1 whose states of C are these. */
static void open_two(struct bench *b, const struct xt_array_cfg *cfg, int32_t w0, int32_t w1) {
  const struct xt_shape shape = shape_of(2, 1, 12, 0);
  struct xt_snapshot s;
  bench_open(b, &shape, 0);
  configure(b, cfg);
  snap_alloc(&s, &shape);
  snap_get(b, &s);
  s.w[XT_PLANE_C][0] = w0;
  s.w[XT_PLANE_C][1] = w1;
  must(ref->set_snapshot(b->t, &s) == 0, "%s", ref->error(b->t));
  snap_free(&s);
  must(simple(b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  csr(b, XT_CSR_RANGE_FWD, 0);
}

/* +100 in one slot against -25 in four: the end, 0, is inside a limit of 60, the way there is not. Pulse width: 75, 50,
 * 25, 0; with the limit 60, 35, 10, -15. Bit-serial, where the integrator halves: 3200 (60), 30, -785 (-60), -30, -15,
 * -8. */
START_TEST(a_limit_that_is_reached_on_the_way) {
  static const int8_t x[2] = {1, 4};
  static const struct {
    uint32_t limit, enc;
    int32_t result;
    uint64_t overloads;
  } want[] = {{0, XT_READ_PWM, 0, 0},
              {75, XT_READ_PWM, 0, 0},
              {60, XT_READ_PWM, -15, 1},
              {0, XT_READ_SERIAL, 0, 0},
              {60, XT_READ_SERIAL, -8, 1}};
  for (int k = 0; k < COUNT(want); k++) {
    for (int plain = 0; plain < 2; plain++) {
      struct xt_array_cfg cfg = quiet_array();
      struct bench b;
      cfg.int_max = want[k].limit;
      open_two(&b, &cfg, 100, -25);
      if (plain) xt_ref_plain(b.t);
      csr(&b, XT_CSR_READ_ENC, want[k].enc);
      must(forward(&b, x) == XT_ST_OK, "FORWARD");
      ck_assert_int_eq(result(&b, 0), want[k].result);
      ck_assert_uint_eq(counter(&b, XT_CNT_OVERLOADS), want[k].overloads);
      ck_assert_uint_eq(counter(&b, XT_CNT_SATURATIONS), 0);
      bench_close(&b);
    }
  }
}
END_TEST

/* With every state 0 only the mirror's mismatch e is seen: -e*FS*sum x; a balanced x hides it. */
START_TEST(common_mode_of_a_mirror) {
  struct xt_array_cfg cfg = quiet_array();
  struct bench b;
  cfg.mirror = 40;
  open_two(&b, &cfg, 0, 0);
  const int64_t e = 40 * xt_noise_gauss(xt_noise_word(xt_noise_key(cfg.seed, XT_DOM_AFE, 1), 0));
  csr(&b, XT_CSR_RANGE_FWD, 3);
  ck_assert_int_ne(e, 0);
  static const int8_t x[][2] = {{63, 63}, {-63, -63}, {63, -63}, {5, 0}, {0, 0}};
  for (int k = 0; k < COUNT(x); k++) {
    const int64_t v = -((e * 32768 * (x[k][0] + x[k][1])) >> 20);
    must(forward(&b, x[k]) == XT_ST_OK, "FORWARD");
    ck_assert_int_eq(result(&b, 0), (v + 4) >> 3);
    if (k == 2) ck_assert_int_eq(result(&b, 0), 0);
  }
  /* A - R carries the same: R's conductance is taken off by the mirror */
  csr(&b, XT_CSR_RANGE_READ, 3);
  must(simple(&b, XT_OP_READ, XT_SEL_A, 0) == XT_ST_OK, "READ");
  ck_assert_int_eq(result(&b, 0), (-((e * 32768 * 63) >> 20) + 4) >> 3);
  bench_close(&b);
}
END_TEST

/* With every state 0 the reference devices are what is seen: -m per code, the same by every column; not in A - R. */
START_TEST(reference_devices) {
  const struct xt_shape shape = shape_of(5, 3, 12, 0);
  struct xt_array_cfg cfg = quiet_array();
  struct bench b;
  cfg.ref_spread = 50;
  bench_open(&b, &shape, 0);
  configure(&b, &cfg);
  must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  csr(&b, XT_CSR_RANGE_FWD, 0);
  csr(&b, XT_CSR_RANGE_BWD, 0);
  csr(&b, XT_CSR_RANGE_READ, 0);
  for (uint32_t i = 0; i < 5; i++) {
    int8_t x[5] = {0}, d[3] = {0};
    const int32_t m = (xt_noise_gauss(xt_noise_word(xt_noise_key(7, XT_DOM_AFE, 0), i)) * 50) >> 8;
    x[i] = 10;
    must(forward(&b, x) == XT_ST_OK, "FORWARD");
    for (int32_t j = 0; j < 3; j++) ck_assert_int_eq(result(&b, j), -10 * m);
    must(simple(&b, XT_OP_READ, XT_SEL_A, i) == XT_ST_OK, "READ");
    for (int32_t j = 0; j < 3; j++) ck_assert_int_eq(result(&b, j), 0);
    if (i >= 3) continue;
    const int32_t mc = (xt_noise_gauss(xt_noise_word(xt_noise_key(7, XT_DOM_AFE, 0), 65536 + i)) * 50) >> 8;
    d[i] = -10;
    must(backward(&b, d) == XT_ST_OK, "BACKWARD");
    for (int32_t l = 0; l < 5; l++) ck_assert_int_eq(result(&b, l), 10 * mc);
  }
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- converters, against theory */

static double root_mean_square(const double *v, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += v[i] * v[i];
  return sqrt(sum / n);
}

enum { UNITS = 2000, BITS = 9 };

/* Unit capacitors of sigma s: DNL at the middle is s*sqrt(2^B - 1), INL there half of it (the end points' line). */
START_TEST(weights_make_inl_and_dnl) {
  const double sigma = .03;
  const struct xt_shape shape = shape_of(1, UNITS, BITS, 0);
  const struct xt_array_cfg cfg = {.seed = 11, .adc_weight = (uint32_t)lround(sigma * 16777216 / 16 / 147.80)};
  static double dnl[UNITS], inl[UNITS];
  struct front f;
  front_open(&f, &shape, &cfg);
  for (int u = 0; u < UNITS; u++) {
    double below = 0, top = f.afe.step[(BITS - 1) * UNITS + u] / 256.;
    for (int b = 0; b < BITS - 1; b++) below += f.afe.step[b * UNITS + u] / 256.;
    dnl[u] = top - below - 1;
    inl[u] = top - 256. / 511 * (top + below); /* against the line through both ends */
  }
  const double want_dnl = sigma * sqrt(511), want_inl = sigma * sqrt(256. * 255 / 511);
  const double got_dnl = root_mean_square(dnl, UNITS), got_inl = root_mean_square(inl, UNITS);
  printf("unit capacitors of 3 %%: DNL at the middle %.3f (theory %.3f), INL %.3f (theory %.3f)\n", got_dnl, want_dnl,
         got_inl, want_inl);
  must(fabs(got_dnl / want_dnl - 1) < .06 && fabs(got_inl / want_inl - 1) < .06, "DNL %f, INL %f", got_dnl, got_inl);
  /* and the search finds what the DAC's steps say: the largest code reachable from above whose step is not too large */
  for (int u = 0; u < 20; u++) {
    for (int32_t c = -250; c <= 250; c += 50) {
      int64_t level = -256 * 256;
      for (int b = 0; b < BITS; b++)
        if ((c + 256) >> b & 1) level += f.afe.step[b * UNITS + u];
      f.afe.v[u] = level; /* range 8: a held value is in 1/256 of a code, half a code is added */
      f.afe.v[u] -= 128;
      ck_assert_int_ge(convert(&f, u, 8), c);
      f.afe.v[u]--;
      ck_assert_int_lt(convert(&f, u, 8), c);
    }
  }
  front_close(&f);
}
END_TEST

START_TEST(spreads_are_as_configured) {
  const struct xt_shape shape = shape_of(1, UNITS, BITS, 0);
  const struct xt_array_cfg cfg = {
      .seed = 5, .adc_offs = 1774, .adc_gain = 35, .ref_spread = 284, .mirror = 7}; /* 4 codes, .5 %, .5 %, .1 % */
  static double offset[UNITS], gain[UNITS], spread[UNITS], mirror[UNITS];
  struct front f;
  front_open(&f, &shape, &cfg);
  for (int u = 0; u < UNITS; u++) {
    offset[u] = f.afe.offset[u] / 256.;
    gain[u] = f.afe.gain[u] / 1048576.;
    spread[u] = f.afe.spread[1][u] / 32768.;
    mirror[u] = f.afe.mirror[0][u] / 1048576.;
  }
  const double got[] = {root_mean_square(offset, UNITS), root_mean_square(gain, UNITS), root_mean_square(spread, UNITS),
                        root_mean_square(mirror, UNITS)};
  static const double want[] = {4, .005, .005, .001};
  for (int k = 0; k < 4; k++) must(fabs(got[k] / want[k] - 1) < .06, "%d: %f, not %f", k, got[k], want[k]);
  front_close(&f);
}
END_TEST

/* A held value d codes beside a step is taken with the probability of a Gaussian's tail. */
START_TEST(noise_of_comparators) {
  const struct xt_shape shape = shape_of(1, UNITS, BITS, 0);
  const struct xt_array_cfg cfg = {.seed = 21, .cmp_noise = (uint32_t)lround(.3 * 65536 / 147.80)};
  struct front f;
  front_open(&f, &shape, &cfg);
  for (int sigma = -2; sigma <= 2; sigma++) {
    int taken = 0;
    for (int k = 0; k < 10; k++, xt_afe_conv(&f.afe)) {
      for (int u = 0; u < UNITS; u++) {
        f.afe.v[u] = 10 * 256 - 128 + (int64_t)lround(.3 * 256 * sigma);
        taken += (int)xt_afe_cmp(&f.afe, u, 8, 10);
      }
    }
    const double got = taken / (10. * UNITS), want = .5 * erfc(-sigma / sqrt(2));
    must(fabs(got - want) < .015, "%d sigma: %f, not %f", sigma, got, want);
  }
  front_close(&f);
}
END_TEST

/* A ramp of one DAC: the same step for all lines, 2*ADCMAX cycles, the codes of an ideal search; what is below it
 * latches as -ADCMAX. */
START_TEST(a_ramp_is_one_for_all) {
  const struct xt_shape shape = shape_of(1, 40, 6, 1), search = shape_of(1, 40, 6, 0);
  struct xt_array_cfg cfg = {.seed = 2};
  struct front f, s;
  front_open(&f, &shape, &cfg);
  front_open(&s, &search, &cfg);
  ck_assert_int_eq(f.dim.conv, 62);
  for (int32_t v = -40; v <= 40; v++) {
    bool rail[2];
    f.afe.v[0] = s.afe.v[0] = v;
    const int16_t a = xt_adc_latch(&f.dim, convert(&f, 0, 0), 0, &rail[0]);
    const int16_t b = xt_adc_latch(&s.dim, convert(&s, 0, 0), 0, &rail[1]);
    must(a == b && rail[0] == rail[1], "%d: %d, %d", v, a, b);
  }
  front_close(&s);
  front_close(&f);
  cfg.adc_weight = 20000;
  front_open(&f, &shape, &cfg);
  for (int32_t v = -31; v <= 31; v++) {
    int32_t first = 0;
    for (int u = 0; u < 40; u++) {
      f.afe.v[u] = v;
      const int32_t code = convert(&f, u, 0);
      if (u == 0) first = code;
      ck_assert_int_eq(code, first);
    }
  }
  front_close(&f);
}
END_TEST

/* ---------------------------------------------------------------- CALIBRATE */

enum { LINES = 784 };

/* What is left of the offsets with the corrections as they stand, in codes. */
static void residues(struct bench *b, const struct front *f, double *left) {
  for (int u = 0; u < LINES; u++) {
    csr(b, XT_CSR_CAL_SEL, (uint32_t)u);
    left[u] = f->afe.offset[u] / 256. + (int32_t)csr_get(b, XT_CSR_CAL);
  }
}

static double largest(const double *v, int n) {
  double most = 0;
  for (int i = 0; i < n; i++) most = fmax(most, fabs(v[i]));
  return most;
}

static void calibrated(double noise, int rounds, double most_rms, double most) {
  static double left[LINES], mean[LINES];
  const struct xt_shape shape = shape_of(LINES, 3, BITS, 0);
  struct xt_array_cfg cfg = quiet_array();
  struct front f;
  struct bench b;
  cfg.adc_offs = 1774; /* 4 codes */
  cfg.cmp_noise = (uint32_t)lround(noise * 65536 / 147.80);
  front_open(&f, &shape, &cfg);
  bench_open(&b, &shape, 0);
  configure(&b, &cfg);
  must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  residues(&b, &f, left);
  const double before = root_mean_square(left, LINES);
  memset(mean, 0, sizeof mean);
  for (int k = 0; k < rounds; k++) {
    must(simple(&b, XT_OP_CALIBRATE, 0, 0) == XT_ST_OK, "CALIBRATE");
    for (int u = 0; u < LINES && rounds > 1; u++) { /* after it the correction is what was measured */
      csr(&b, XT_CSR_CAL_SEL, (uint32_t)u);
      mean[u] += (int32_t)csr_get(&b, XT_CSR_CAL) / (double)rounds;
    }
  }
  for (int u = 0; u < LINES && rounds > 1; u++) {
    csr(&b, XT_CSR_CAL_SEL, (uint32_t)u);
    csr(&b, XT_CSR_CAL, (uint32_t)lround(mean[u]));
  }
  residues(&b, &f, left);
  printf("offsets of 4 codes, noise of %.1f: %.2f rms; after %d CALIBRATE: %.3f rms, largest %.3f\n", noise, before,
         rounds, root_mean_square(left, LINES), largest(left, LINES));
  must(fabs(before / 4 - 1) < .1, "before: %f", before);
  must(root_mean_square(left, LINES) < most_rms, "rms %f", root_mean_square(left, LINES));
  must(largest(left, LINES) < most, "largest %f", largest(left, LINES));
  front_close(&f);
  bench_close(&b);
}

START_TEST(offsets_come_below_half_a_code) {
  calibrated(0, 1, .31, .501); /* rounding alone: 1/sqrt(12) */
  calibrated(.3, 1, .5, 2);    /* a single noisy one is not enough for every line */
  calibrated(.3, 32, .32, .7);
}
END_TEST

/* The answer is of the longer side, CAL of what exists; RESET keeps corrections, the hardware reset does not. */
START_TEST(corrections) {
  const struct xt_shape shapes[] = {shape_of(5, 3, BITS, 0), shape_of(3, 5, BITS, 1), shape_of(4, 4, BITS, 0)};
  for (int k = 0; k < COUNT(shapes); k++) {
    struct xt_shape shape = shapes[k];
    struct xt_array_cfg cfg = quiet_array();
    struct bench b;
    size_t words = 0;
    int status;
    shape.adc_share = 2;
    cfg.adc_offs = 1774;
    bench_open(&b, &shape, 0);
    configure(&b, &cfg);
    must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
    csr(&b, XT_CSR_ADC_OFFSET, 2);
    b.in[0] = XT_OP_CALIBRATE;
    ck_assert_int_eq(ref->submit(b.t, b.in, 1), 0);
    ck_assert_int_eq(ref->collect(b.t, b.out, b.out_cap, &words), 0);
    const int32_t lines = shape.n > shape.m ? shape.n : shape.m, units = xt_shape_units(&shape);
    ck_assert_uint_eq(words, (size_t)(1 + (lines + 1) / 2));
    ck_assert_uint_eq(counter(&b, XT_CNT_CONVERSIONS), (uint64_t)lines);
    for (int32_t u = 0; u < units; u++) {
      csr(&b, XT_CSR_CAL_SEL, (uint32_t)u);
      ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_CAL), result(&b, 2 * u));
      if (2 * u + 1 < lines) ck_assert_int_eq(result(&b, 2 * u), result(&b, 2 * u + 1)); /* one converter */
    }
    must(simple(&b, XT_OP_CALIBRATE, 0, 0) == XT_ST_OK, "CALIBRATE");
    csr(&b, XT_CSR_CAL_SEL, 0);
    const int8_t nothing[5] = {0};
    must(forward(&b, nothing) == XT_ST_OK, "FORWARD");
    for (int32_t j = 0; j < shape.m; j++) ck_assert_int_eq(result(&b, j), 0);
    csr(&b, XT_CSR_CAL, (uint32_t)-255);
    ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_CAL), -255);
    for (int side = -1; side <= 1; side += 2) {
      must(ref->csr_write(b.t, XT_CSR_CAL, (uint32_t)(side * 256), &status) == 0, "CAL");
      ck_assert_int_eq(status, XT_CSR_ST_VALUE);
    }
    must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
    ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_CAL), -255);
    csr(&b, XT_CSR_CAL_SEL, (uint32_t)units);
    ck_assert_uint_eq(csr_get(&b, XT_CSR_CAL), 0);
    must(ref->csr_write(b.t, XT_CSR_CAL, 0, &status) == 0, "CAL");
    ck_assert_int_eq(status, XT_CSR_ST_VALUE);
    csr(&b, XT_CSR_CAL_SEL, 0);
    ref->hw_reset(b.t);
    ck_assert_uint_eq(csr_get(&b, XT_CSR_CAL), 0);
    bench_close(&b);
  }
}
END_TEST

START_TEST(bad_corrections_of_a_snapshot) {
  const struct xt_shape shape = shape_of(3, 2, BITS, 0);
  const struct xt_array_cfg cfg = quiet_array();
  struct xt_snapshot s;
  struct bench b;
  bench_open(&b, &shape, 0);
  configure(&b, &cfg);
  snap_alloc(&s, &shape);
  snap_get(&b, &s);
  for (int side = -1; side <= 1; side += 2) {
    s.cal[2] = (int16_t)(side * 256);
    ck_assert_int_eq(ref->set_snapshot(b.t, &s), XT_E_ARG);
    must(strstr(ref->error(b.t), "correction of converter 2") != NULL, "%s", ref->error(b.t));
    s.cal[2] = (int16_t)(side * 255);
    ck_assert_int_eq(ref->set_snapshot(b.t, &s), XT_E_OK);
  }
  csr(&b, XT_CSR_CAL_SEL, 2);
  ck_assert_int_eq((int32_t)csr_get(&b, XT_CSR_CAL), 255);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- load resistors */

/* A read of the devices w (and, taken off, r: NULL: reference devices of FS each) by its slots: in integers as SPEC has
 * it, in floats as a divider of conductances makes it. */
struct divided {
  int64_t acc;
  double volts, error;
};

static struct divided divide(const struct xt_array_cfg *cfg, int lines, const int32_t *w, const int32_t *r, int step,
                             const int8_t *codes, int serial) {
  const int64_t fs = 32768, gl = cfg->load * fs / 16;
  struct divided d = {0, 0, 0};
  for (int s = 0; s < (serial ? 6 : 63); s++) {
    int64_t plus = 0, minus = 0, gp = 0, gm = 0;
    for (int i = 0; i < lines; i++) {
      const int mag = abs(codes[i]), driven = serial ? mag >> s & 1 : s < mag;
      const int64_t p = fs + w[i * step], m = fs + (r != NULL ? r[i * step] : 0);
      if (driven || cfg->load_all) gp += p, gm += m;
      if (driven) plus += codes[i] < 0 ? -p : p, minus += codes[i] < 0 ? -m : m;
    }
    const int64_t kp = (gl << 20) / (gl + gp), km = (gl << 20) / (gl + gm);
    const int64_t cur = xt_sra(plus * kp, 20) - xt_sra(minus * km, 20);
    const double part = serial ? 1 << s : 1;
    d.acc = serial ? xt_sra(d.acc + cur * 64, 1) : d.acc + cur;
    d.volts += part * ((double)plus * (double)gl / (double)(gl + gp) - (double)minus * (double)gl / (double)(gl + gm));
    d.error += part * (2 + ldexp((double)(llabs(plus) + llabs(minus)), -20)) + 2;
  }
  return d;
}

/* FORWARD, BACKWARD and READ of A - R through load resistors of a sixteenth of a device to 200 of them, with and
 * without the lines that are not driven, pulse-width and bit-serial, plain and at once. */
START_TEST(load_resistors) {
  enum { LN = 7, LM = 5 };
  const struct xt_shape shape = shape_of(LN, LM, 12, 0);
  const struct xt_dev_cfg dev = {.dw = 1024, .w_max = 30000, .w_min = 30000};
  const struct xt_array_cfg cfg = {
      .seed = 3, .dev = {dev, dev, dev}, .load = UINT32_C(1) << _i, .load_all = _i % 2 ? 1 : 0};
  const int serial = _i / 2 % 2, plain = _i / 4 % 2;
  struct bench b;
  struct xt_snapshot s;
  int8_t codes[LN];
  int large = 0;
  seed_rng("load_resistors", (uint64_t)_i);
  bench_open(&b, &shape, 0);
  if (plain) xt_ref_plain(b.t);
  configure(&b, &cfg);
  simple(&b, XT_OP_RESET, 0, 0);
  csr(&b, XT_CSR_READ_ENC, serial ? XT_READ_SERIAL : XT_READ_PWM);
  for (int k = XT_CSR_RANGE_FWD; k <= XT_CSR_RANGE_READ; k++) csr(&b, (uint8_t)k, 10);
  snap_alloc(&s, &shape);
  for (int t = 0; t < 60; t++) {
    const int what = t % 3, lines = what == 1 ? LM : LN, sensed = what == 1 ? LN : LM, step = what == 1 ? 1 : LM;
    snap_get(&b, &s);
    for (int p = 0; p < 3; p++)
      for (int k = 0; k < LN * LM; k++) s.w[p][k] = (int32_t)rng_in(-32768, 32767);
    must(ref->set_snapshot(b.t, &s) == 0, "%s", ref->error(b.t));
    random_codes(codes, lines, 63);
    for (int i = 0; what == 2 && i < LN; i++) codes[i] = i == t % LN ? 63 : 0;
    must((what == 0   ? forward(&b, codes)
          : what == 1 ? backward(&b, codes)
                      : simple(&b, XT_OP_READ, XT_SEL_A, (uint32_t)(t % LN))) == XT_ST_OK,
         "a read");
    for (int q = 0; q < sensed; q++) {
      const size_t at = what == 1 ? (size_t)q * LM : (size_t)q;
      const int32_t *w = s.w[what == 2 ? XT_PLANE_A : XT_PLANE_C] + at, *r = what == 2 ? s.w[XT_PLANE_R] + at : NULL;
      const struct divided d = divide(&cfg, lines, w, r, step, codes, serial);
      const int64_t code = xt_clamp(xt_sra(d.acc + 512, 10), -2047, 2047);
      ck_assert_int_eq(result(&b, q), code);
      ck_assert_double_le(fabs((double)d.acc - d.volts), d.error);
      large += code > 20 || code < -20;
    }
  }
  ck_assert_int_gt(large, 10);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* A load that is far above all devices is a virtual ground, but for what 2^-20 leaves of it. */
START_TEST(large_loads_are_virtual_grounds) {
  const struct xt_shape shape = shape_of(7, 5, 12, 0);
  const struct xt_dev_cfg dev = {.dw = 1024, .w_max = 30000, .w_min = 30000};
  int8_t codes[7];
  struct bench b[2];
  struct xt_snapshot s;
  seed_rng("large_loads_are_virtual_grounds", (uint64_t)_i);
  snap_alloc(&s, &shape);
  random_codes(codes, 7, 63);
  for (int k = 0; k < 2; k++) {
    const struct xt_array_cfg cfg = {.seed = 3, .dev = {dev, dev, dev}, .load = k ? 0x1000000 : 0, .load_all = 1};
    bench_open(&b[k], &shape, 0);
    configure(&b[k], &cfg);
    simple(&b[k], XT_OP_RESET, 0, 0);
    csr(&b[k], XT_CSR_RANGE_FWD, 12);
    if (k == 0) snap_get(&b[0], &s);
    for (int q = 0; k == 0 && q < 35; q++) s.w[1][q] = (int32_t)rng_in(-32768, 32767);
    must(ref->set_snapshot(b[k].t, &s) == 0, "%s", ref->error(b[k].t));
    must(forward(&b[k], codes) == XT_ST_OK, "FORWARD");
  }
  for (int j = 0; j < 5; j++) ck_assert_int_le(abs(result(&b[0], j) - result(&b[1], j)), 1);
  snap_free(&s);
  bench_close(&b[0]);
  bench_close(&b[1]);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref front");
  TCase *tc = tcase_create("front");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, fabricated_and_compared, 0, COUNT(front_vectors));
  tcase_add_loop_test(tc, reads_slot_by_slot, 0, COUNT(read_vectors));
  tcase_add_test(tc, ranges_do_not_overflow);
  tcase_add_test(tc, a_limit_that_is_reached_on_the_way);
  tcase_add_test(tc, common_mode_of_a_mirror);
  tcase_add_test(tc, reference_devices);
  tcase_add_test(tc, weights_make_inl_and_dnl);
  tcase_add_test(tc, spreads_are_as_configured);
  tcase_add_test(tc, noise_of_comparators);
  tcase_add_test(tc, a_ramp_is_one_for_all);
  tcase_add_test(tc, offsets_come_below_half_a_code);
  tcase_add_test(tc, corrections);
  tcase_add_test(tc, bad_corrections_of_a_snapshot);
  tcase_add_loop_test(tc, load_resistors, 0, 13);
  tcase_add_loop_test(tc, large_loads_are_virtual_grounds, 0, 4);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
