/* SPDX-License-Identifier: Apache-2.0 */
/* Binary magnetic devices: law MTJ, cells GATED and PASSIVE under MTJ_UPDATE. Against vectors computed from the text of
 * SPEC, against the physics in floats, and by counting flips. */
#include <math.h>

#include "ref_util.h"
#include "vectors.h"
#include "xt_amp.h"
#include "xt_array_cfg.h"
#include "xt_cycles.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof *(v)))

static int mtj_update(struct bench *b, const int8_t *x, const int8_t *d, int dexp) {
  return send(b, outer_packet(b, XT_OP_MTJ_UPDATE, x, d, dexp));
}

static struct xt_shape shape_of(int32_t n, int32_t m, int32_t code_bits) {
  return (struct xt_shape){.n = n,
                           .m = m,
                           .code_bits = code_bits,
                           .adc_bits = 9,
                           .adc_share = 1,
                           .bl_max = 31,
                           .state_bits = 16,
                           .prob_bits = 16,
                           .mtj = 1};
}

/* A tile whose plane C has these devices, pulsed by MTJ_UPDATE. */
static void open_with(struct bench *b, const struct xt_shape *shape, struct xt_dev_cfg d, uint32_t seed, int plain) {
  const struct xt_array_cfg cfg = {.dev = {d, d, d}, .seed = seed};
  bench_open(b, shape, 0);
  if (plain) xt_ref_plain(b->t);
  configure(b, &cfg);
  csr(b, XT_CSR_UPD_SEL, 1);
  must(simple(b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
}

/* ---------------------------------------------------------------- vectors */

START_TEST(flips) {
  const struct flip_vector *v = &flip_vectors[_i];
  struct xt_dev_cfg cfg = binary_device(v->direction, -8192, v->half_field);
  const struct xt_pulse p = {.hit = true,
                             .up = true,
                             .half = v->half != 0,
                             .amplitude = (uint8_t)v->amplitude,
                             .duration = (uint16_t)v->duration};
  ck_assert_uint_eq(xt_law_mtj_flip(&cfg, p, v->shape), v->flip);
}
END_TEST

/* A whole MTJ_UPDATE, plain and at once. */
static void whole_update(const struct switch_vector *v, int plain) {
  const struct xt_shape shape = shape_of(SWITCH_N, SWITCH_M, v->code_bits);
  struct xt_dev_cfg d = vector_device(v->cfg);
  struct bench b;
  struct xt_snapshot s;
  open_with(&b, &shape, d, v->seed, plain);
  csr(&b, XT_CSR_CELL_MODE, (uint32_t)v->cell);
  csr(&b, XT_CSR_MTJ_SHARED, (uint32_t)v->shared);
  csr(&b, XT_CSR_MTJ_RATE, (uint32_t)v->rate);
  csr(&b, XT_CSR_PULSE_WIDTH, (uint32_t)v->width);
  csr(&b, XT_CSR_PULSE_SETTLE, 2);
  snap_alloc(&s, &shape);
  snap_get(&b, &s);
  for (int k = 0; k < SWITCH_N * SWITCH_M; k++) must(s.w[1][k] == v->before[k], "device %d as fabricated", k);
  s.pulse_ctr = v->pulse_ctr;
  must(ref->set_snapshot(b.t, &s) == 0, "%s", ref->error(b.t));
  must(mtj_update(&b, v->x, v->d, v->dexp) == XT_ST_OK, "MTJ_UPDATE");
  ck_assert_uint_eq(info(&b), v->phases);
  ck_assert_uint_eq(ref->op_cycles(b.t), v->cycles);
  snap_get(&b, &s);
  ck_assert_uint_eq(s.pulse_ctr, v->pulse_ctr_after);
  for (int k = 0; k < SWITCH_N * SWITCH_M; k++)
    must(s.w[1][k] == v->after[k], "device %d: %d, %d wanted", k, s.w[1][k], v->after[k]);
  snap_free(&s);
  bench_close(&b);
}

START_TEST(updates) {
  whole_update(&switch_vectors[_i], 0);
  whole_update(&switch_vectors[_i], 1);
}
END_TEST

/* The vectors show flips: else they would show nothing. */
START_TEST(vectors_move) {
  int moved = 0, quiet = 0;
  for (int k = 0; k < COUNT(switch_vectors); k++) {
    const struct switch_vector *v = &switch_vectors[k];
    const int same = memcmp(v->before, v->after, sizeof v->before) == 0;
    moved += !same;
    quiet += same;
  }
  ck_assert_int_gt(moved, COUNT(switch_vectors) / 2);
  ck_assert_int_gt(quiet, 2);
}
END_TEST

/* ---------------------------------------------------------------- physics */

/* flip is within 2^-14 + P/350 of P = 1 - exp(-t/tau), over all octaves and durations, and never goes down by more
 * than the rounding of a sixteenth while the octaves go up. */
START_TEST(probability) {
  static const int durations[] = {1, 2, 3, 8, 20, 64, 255, 1000, 16320};
  const int duration = durations[_i];
  double worst = 0, last = 0;
  for (int32_t q = -8192; q <= 2047; q++) {
    const struct xt_dev_cfg cfg = binary_device(q, -8192, 0);
    const struct xt_pulse p = {.hit = true, .up = true, .duration = (uint16_t)duration};
    const double got = ldexp((double)xt_law_mtj_flip(&cfg, p, 0), -32);
    const double want = -expm1(-duration * exp2(q / 256.));
    const double part = fabs(got - want) / (ldexp(1, -14) + want / 350);
    worst = fmax(worst, part);
    must(got >= last - ldexp(1, -15), "%d octaves/256, %d cycles: %g after %g", q, duration, got, last);
    last = got;
  }
  printf("%d cycles: error at most %.2f of what SPEC allows\n", duration, worst);
  ck_assert_double_le(worst, 1);
  ck_assert_double_gt(last, .999);
}
END_TEST

/* Half of the voltage: its rate is the geometric mean of those at the voltage and at none. */
START_TEST(half_voltage) {
  const double delta = 10 + 5 * _i, v_vc0 = 1 - 3 / delta; /* tau at full scale: 20 tau0 */
  const double full = -log2(20), none = -delta / log(2);   /* octaves of the rate, tau0 a cycle */
  const int32_t half = (int32_t)lround(256 * .72135 * delta * v_vc0);
  const struct xt_dev_cfg cfg = binary_device((int32_t)lround(256 * full), -8192, half);
  const struct xt_pulse p = {.hit = true, .up = true, .half = true, .duration = 1000};
  const double want = -expm1(-1000 * exp2((full + none) / 2));
  const double got = ldexp((double)xt_law_mtj_flip(&cfg, p, 0), -32);
  printf("Delta %.0f: a half-selected device flips with %.3g in 1000 tau0, square root law %.3g\n", delta, got, want);
  ck_assert_double_eq_tol(got, want, .01 * want + ldexp(2, -32));
}
END_TEST

/* ---------------------------------------------------------------- counting */

enum { N = 64, M = 48, NM = N * M };

struct count {
  int tried, flipped;
};

/* All devices of plane C at one bound; one MTJ_UPDATE; flips of the devices that `which` names. */
static struct count flips_of(struct bench *b, struct xt_snapshot *s, const int8_t *x, const int8_t *d, int up,
                             int (*which)(int8_t x, int8_t d), int ops) {
  struct count c = {0, 0};
  for (int k = 0; k < ops; k++) {
    const uint32_t ctr = s->pulse_ctr;
    for (int q = 0; q < NM; q++) s->w[1][q] = up ? -20000 : 20000;
    must(ref->set_snapshot(b->t, s) == 0, "%s", ref->error(b->t));
    must(mtj_update(b, x, d, 0) == XT_ST_OK, "MTJ_UPDATE");
    snap_get(b, s);
    must(s->pulse_ctr != ctr, "no pulse");
    for (int q = 0; q < NM; q++) {
      if (!which(x[q / M], d[q % M])) continue;
      c.tried++;
      c.flipped += s->w[1][q] == (up ? 20000 : -20000);
    }
  }
  return c;
}

static void agrees(struct count c, double p, const char *what) {
  const double share = (double)c.flipped / c.tried, error = sqrt(p * (1 - p) / c.tried);
  printf("%s: %d of %d, %.5f; P %.5f, %.1f standard errors\n", what, c.flipped, c.tried, share, p,
         fabs(share - p) / error);
  ck_assert_double_le(fabs(share - p), 4 * error + ldexp(1, -14) + p / 350);
}

static int both(int8_t x, int8_t d) {
  return x != 0 && d != 0;
}
static int row_alone(int8_t x, int8_t d) {
  return x != 0 && d == 0;
}
static int col_alone(int8_t x, int8_t d) {
  return x == 0 && d != 0;
}

/* 1T1R: |x| units of time in slots of 1, 2, 4 ... are 1 - (1-p)^|x|, p by the logarithm of |d|. */
START_TEST(gated_statistics) {
  static const int8_t xs[] = {1, 2, 3, 5, 7, 12, 21, 33, 50, 63}, ds[] = {63, 48, 32, 24, 16};
  static const int codes_of_ds[] = {0, 0, 1, 2, 3};
  const struct xt_shape shape = shape_of(N, M, 7);
  const int8_t xc = xs[_i % 10], dc = ds[_i % 5];
  const int up = _i % 2, neg = _i / 10 % 2; /* up: x and d of different signs */
  int8_t x[N], d[M];
  struct bench b;
  struct xt_snapshot s;
  char what[80];
  open_with(&b, &shape, binary_device(-1100, -900, 0), 100 + (uint32_t)_i, _i % 4 == 0);
  csr(&b, XT_CSR_CELL_MODE, XT_CELL_GATED);
  csr(&b, XT_CSR_MTJ_RATE, 2);
  csr(&b, XT_CSR_PULSE_WIDTH, 2);
  snap_alloc(&s, &shape);
  snap_get(&b, &s);
  for (int i = 0; i < N; i++) x[i] = (int8_t)(neg ? -xc : xc);
  for (int j = 0; j < M; j++) d[j] = (int8_t)(up == neg ? dc : -dc);
  const struct count c = flips_of(&b, &s, x, d, up, both, 3);
  const int code = codes_of_ds[_i % 5];
  const double rate = 2 * exp2((up ? -1100 : -900) / 256. - (2 + code) / 2.), p = -expm1(-rate);
  snprintf(what, sizeof what, "1T1R, x %d, d %d", x[0], d[0]);
  agrees(c, 1 - pow(1 - p, xc), what);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* 1R: devices of one driven line see half of the voltage, and of the amplitude code theirs alone. */
START_TEST(passive_statistics) {
  static const int8_t codes[] = {63, 32, 16, 8, 4};
  const struct xt_shape shape = shape_of(N, M, 7);
  const int8_t code = codes[_i % 5]; /* all with code 2k + 0 or 1: 63 is 0, 32 is 1, 16 is 3 ... */
  const int amp = code == 63 ? 0 : 2 * (_i % 5) - 1, col = _i / 5 % 2, up = _i / 10;
  const int32_t full = 700, half = 900 + 40 * _i;
  int8_t x[N], d[M];
  struct bench b;
  struct xt_snapshot s;
  char what[80];
  open_with(&b, &shape, binary_device(full, full, half), 200 + (uint32_t)_i, _i % 4 == 0);
  csr(&b, XT_CSR_CELL_MODE, XT_CELL_PASSIVE);
  snap_alloc(&s, &shape);
  snap_get(&b, &s);
  for (int i = 0; i < N; i++) x[i] = (int8_t)(i % 2 ? code : 0);
  for (int j = 0; j < M; j++) d[j] = (int8_t)(j % 2 ? (up ? -code : code) : 0);
  /* rate(V/2) = sqrt(rate(V) rate(0)); the line's amplitude takes its half octaves off */
  const double rate_full = exp2(full / 256.), rate_none = exp2((full - 2 * half) / 256.);
  const double rate = sqrt(rate_full * rate_none) * exp2(-amp / 2.);
  const struct count c = flips_of(&b, &s, x, d, up, col ? col_alone : row_alone, 6);
  snprintf(what, sizeof what, "1R, %s alone, code %d, MTJ_HALF %d", col ? "column" : "row", code, half);
  agrees(c, -expm1(-rate), what);
  /* and both lines: full voltage, both amplitudes */
  const struct count whole = flips_of(&b, &s, x, d, up, both, 6);
  agrees(whole, -expm1(-rate_full * exp2(-amp)), "  both lines");
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* Vc0 spreads: a device's octaves by C_VC, those of a half-selected one by half of it. */
START_TEST(spread) {
  const struct xt_shape shape = shape_of(N, M, 7);
  const double octaves = .5 + _i;
  struct xt_dev_cfg d = binary_device(0, 0, 0);
  struct xt_array_cfg cfg = {.seed = 5};
  struct xt_array a;
  struct xt_room room;
  d.c_vc = (int32_t)lround(octaves * 65536 / 147.80);
  for (int p = 0; p < XT_NUM_PLANES; p++) cfg.dev[p] = d;
  array_room(&a, shape.n, shape.m, 16, &room);
  xt_array_fabricate(&a, &cfg);
  double mean = 0, square = 0;
  int high = 0;
  for (size_t k = 0; k < NM; k++) {
    const struct xt_device v = xt_plane_device(&a.plane[1], k);
    const int32_t w = xt_plane_state(&a.plane[1], k);
    ck_assert_int_eq(v.shape_up, v.shape_down);
    must(w == v.wmax || w == v.wmin, "a device is at neither bound");
    high += w == v.wmax;
    mean += v.shape_up / 256. / NM;
    square += v.shape_up / 256. * v.shape_up / 256. / NM;
  }
  printf("C_VC %d: %.3f +- %.3f octaves, %d of %d at wmax\n", d.c_vc, mean, sqrt(square - mean * mean), high, NM);
  ck_assert_double_eq_tol(mean, 0, 5 * octaves / sqrt(NM) + 1. / 512);
  ck_assert_double_eq_tol(sqrt(square - mean * mean), octaves, .05 * octaves);
  ck_assert_double_eq_tol(high, NM / 2., 5 * sqrt(NM) / 2);
  xt_room_free(&room);
}
END_TEST

/* ---------------------------------------------------------------- counts of devices */

/* What the counts should be, from codes and from states before and after. */
struct expected {
  struct xt_device_sums sums;
  uint32_t flips[9 * 37];
};

/* Amplitude code of a magnitude: half octaves below 64, the half by what follows the leading one. */
static int half_octaves(int v) {
  const int octave = (int)floor(log2(v));
  return 2 * (5 - octave) + (octave == 0 || v < 3 << (octave - 1));
}

static void expect_update(struct expected *e, int gated, uint32_t width, int rate, int up, const int8_t *x,
                          const int8_t *d, const struct xt_snapshot *before, const struct xt_snapshot *after, int n,
                          int m) {
  for (int k = 0; k < n * m; k++) {
    const int xi = abs(x[k / m]), dj = abs(d[k % m]), whole = xi != 0 && dj != 0;
    if (!whole && (gated || (xi == 0 && dj == 0))) continue;
    const int half = !whole;
    const int amp = (gated || xi == 0 ? 0 : half_octaves(xi)) + (dj == 0 ? 0 : half_octaves(dj) + rate);
    const uint64_t cycles = width * (gated ? (uint64_t)xi : 1);
    const int64_t sum = (int64_t)(e->sums.high[half][up][amp] * (INT64_C(1) << 32)) +
                        (int64_t)e->sums.low[half][up][amp] + (int64_t)cycles * before->w[1][k];
    const int flipped = before->w[1][k] != after->w[1][k];
    e->sums.time[half][up][amp] += cycles;
    e->sums.low[half][up][amp] = (uint64_t)sum & UINT32_MAX;
    e->sums.high[half][up][amp] = (sum - (sum & UINT32_MAX)) / (INT64_C(1) << 32);
    *(half ? &e->sums.half : &e->sums.selected) += 1;
    *(half ? &e->sums.disturbed : &e->sums.flips) += (uint64_t)flipped;
    e->flips[k] += (uint32_t)flipped;
  }
  e->sums.cycles += width * (gated ? 63 : 1);
}

/* Flips are states that differ; what devices saw is what their lines' codes say. Codes of x are powers of two, so that
 * a gated device sees one pulse (or the state would be another one in the next), and d has one sign: one phase. */
START_TEST(counts_are_what_happened) {
  enum { ROWS = 9, COLS = 37, RATE = 3 };
  static const int8_t powers[] = {0, 1, 2, 4, 8, 16, 32, 0, 16};
  const struct xt_shape shape = shape_of(ROWS, COLS, 7);
  const int gated = _i % 2, plain = _i / 2 % 2;
  const uint32_t width = 1 + (uint32_t)_i;
  struct xt_dev_cfg dev = binary_device(500, 300, 700);
  struct bench b;
  struct xt_snapshot before, after;
  struct expected *e = calloc(1, sizeof *e);
  int8_t x[ROWS], d[COLS];
  seed_rng("counts_are_what_happened", (uint64_t)_i);
  set_width(_i / 4);
  dev.c_wmax = dev.c_wmin = 60;
  dev.stuck = 5000;
  bench_open_with(&b, &shape, (struct xt_engine_opts){.device_counts = 1});
  if (plain) xt_ref_plain(b.t);
  configure(&b, &(struct xt_array_cfg){.dev = {dev, dev, dev}, .seed = 9});
  csr(&b, XT_CSR_UPD_SEL, 1);
  must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  csr(&b, XT_CSR_CELL_MODE, gated ? XT_CELL_GATED : XT_CELL_PASSIVE);
  csr(&b, XT_CSR_MTJ_RATE, RATE);
  csr(&b, XT_CSR_PULSE_WIDTH, width);
  snap_alloc(&before, &shape);
  snap_alloc(&after, &shape);
  for (int t = 0; t < 200; t++) {
    const int sign = t % 2 ? -1 : 1;
    for (int i = 0; i < ROWS; i++) x[i] = powers[rng_in(0, ROWS - 1)];
    for (int j = 0; j < COLS; j++) d[j] = (int8_t)(rng_one_in(3) ? 0 : sign * rng_in(1, 63));
    x[0] = 32; /* a phase, always */
    d[0] = (int8_t)(sign * 63);
    snap_get(&b, &before);
    must(mtj_update(&b, x, d, 0) == XT_ST_OK && info(&b) == 1, "MTJ_UPDATE");
    snap_get(&b, &after);
    expect_update(e, gated, width, RATE, sign < 0, x, d, &before, &after, ROWS, COLS);
  }
  const struct xt_device_counts *c = ref->device_counts(b.t, 1);
  printf("%s: %" PRIu64 " flips of %" PRIu64 " pulses, %" PRIu64 " of %" PRIu64 " half-selected ones\n",
         gated ? "1T1R" : "1R", c->sums.flips, c->sums.selected, c->sums.disturbed, c->sums.half);
  ck_assert_uint_eq(c->sums.flips, e->sums.flips);
  ck_assert_uint_eq(c->sums.disturbed, e->sums.disturbed);
  ck_assert_uint_eq(c->sums.half, e->sums.half);
  ck_assert_int_eq(memcmp(&c->sums, &e->sums, sizeof c->sums), 0);
  ck_assert_int_eq(memcmp(c->flips, e->flips, sizeof e->flips), 0);
  ck_assert_uint_gt(c->sums.flips, 500);
  ck_assert_int_eq(c->sums.disturbed > 100, !gated);
  ck_assert_uint_eq(ref->device_counts(b.t, 0)->sums.cycles, 0); /* of another plane */
  snap_free(&before);
  snap_free(&after);
  bench_close(&b);
  free(e);
}
END_TEST

/* ---------------------------------------------------------------- reads */

/* A read of such codes: FORWARD or BACKWARD, and whether the current through devices runs up. */
static void read_devices(struct bench *b, int dir, const int8_t *codes) {
  must((dir ? backward : forward)(b, codes) == XT_ST_OK, "a read");
}

/* Flips of devices at the far bound, over reads: 1 - exp(-t/tau), t the cycles in which the line was driven, in either
 * direction, with either encoder. Lines that are not driven, and devices that are there already, stay. */
START_TEST(read_statistics) {
  static const int codes[] = {63, 40, 21, 7, 1};
  const int code = codes[_i % 5], serial = _i / 5 % 2, dir = _i / 10 % 2, neg = _i % 3 == 0, plain = _i % 4 == 1;
  const struct xt_shape shape = shape_of(N, M, 7);
  const int cycles = serial ? __builtin_popcount((unsigned)code) : code, up = neg == dir, lines = dir ? M : N;
  const int32_t octaves = -1300 - 110 * (_i % 5) + (serial ? 500 : 0); /* Q8 */
  struct xt_dev_cfg dev = binary_device(-8192, -8192, 0);
  struct bench b;
  struct xt_snapshot s;
  struct count c = {0, 0};
  int8_t x[N];
  char what[80];
  dev.mtj_read = octaves;
  set_width(_i);
  open_with(&b, &shape, dev, 300 + (uint32_t)_i, plain);
  csr(&b, XT_CSR_READ_ENC, serial ? XT_READ_SERIAL : XT_READ_PWM);
  snap_alloc(&s, &shape);
  for (int i = 0; i < lines; i++) x[i] = (int8_t)(i % 3 == 1 ? 0 : neg ? -code : code);
  for (int t = 0; t < 8; t++) {
    snap_get(&b, &s);
    for (int q = 0; q < NM; q++) s.w[1][q] = up ? -20000 : 20000;
    must(ref->set_snapshot(b.t, &s) == 0, "%s", ref->error(b.t));
    read_devices(&b, dir, x);
    snap_get(&b, &s);
    for (int q = 0; q < NM; q++) {
      const int driven = x[dir ? q % M : q / M] != 0, flipped = s.w[1][q] == (up ? 20000 : -20000);
      must(driven || !flipped, "a device of a line that was not driven");
      c.tried += driven;
      c.flipped += driven && flipped;
    }
  }
  snprintf(what, sizeof what, "%s read, code %d, %s", serial ? "bit-serial" : "pulse-width", neg ? -code : code,
           dir ? "columns" : "rows");
  agrees(c, -expm1(-cycles * exp2(octaves / 256.)), what);
  ck_assert_int_gt(c.flipped, 20);
  for (int q = 0; q < NM; q++) s.w[1][q] = up ? 20000 : -20000;
  must(ref->set_snapshot(b.t, &s) == 0, "%s", ref->error(b.t));
  for (int t = 0; t < 20; t++) read_devices(&b, dir, x);
  struct xt_snapshot after;
  snap_alloc(&after, &shape);
  snap_get(&b, &after);
  ck_assert_int_eq(memcmp(s.w[1], after.w[1], NM * sizeof *s.w[1]), 0);
  snap_free(&after);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* What a read senses is what was there before it; MTJ_READ -8192, DW 0 and planes that the read does not select disturb
 * nothing; flips by reads are counted. */
START_TEST(reads_and_what_they_leave) {
  const struct xt_shape shape = shape_of(9, 11, 7);
  struct xt_dev_cfg dev = binary_device(-8192, -8192, 0);
  struct bench b;
  struct xt_snapshot before, after;
  int8_t x[9];
  dev.mtj_read = _i == 0 ? 2047 : _i == 1 ? -8192 : 2047;
  if (_i == 2) dev.dw = 0;
  const struct xt_array_cfg cfg = {.dev = {dev, dev, dev}, .seed = 4};
  bench_open_with(&b, &shape, (struct xt_engine_opts){.device_counts = 1});
  configure(&b, &cfg);
  must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  csr(&b, XT_CSR_RANGE_FWD, 14);
  for (int i = 0; i < 9; i++) x[i] = (int8_t)(i < 5 ? 63 : 0);
  snap_alloc(&before, &shape);
  snap_alloc(&after, &shape);
  snap_get(&b, &before);
  must(forward(&b, x) == XT_ST_OK, "FORWARD");
  int flipped = 0;
  for (int j = 0; j < 11; j++) {
    int64_t sum = 0;
    for (int i = 0; i < 5; i++) sum += INT64_C(63) * before.w[1][i * 11 + j];
    const int64_t code = (sum + (1 << 13)) >> 14;
    ck_assert_int_eq(result(&b, j), code < -255 ? -255 : code > 255 ? 255 : code);
  }
  snap_get(&b, &after);
  for (int k = 0; k < 9 * 11; k++) {
    ck_assert_int_eq(after.w[0][k], before.w[0][k]);
    if (_i == 0) ck_assert_int_eq(after.w[1][k], k < 5 * 11 ? 20000 : before.w[1][k]); /* 63 cycles: all of them */
    if (_i > 0) ck_assert_int_eq(after.w[1][k], before.w[1][k]);
    flipped += after.w[1][k] != before.w[1][k];
  }
  ck_assert_uint_eq(ref->device_counts(b.t, 1)->sums.read_flips, (unsigned)flipped);
  ck_assert_uint_eq(ref->device_counts(b.t, 1)->sums.selected, 0);
  ck_assert_int_eq(flipped > 15, _i == 0);
  must(simple(&b, XT_OP_READ, 0, 7) == XT_ST_OK, "READ of A - R");
  snap_get(&b, &before);
  ck_assert_int_eq(memcmp(before.w[1], after.w[1], 9 * 11 * sizeof *after.w[1]), 0); /* C is not in it */
  ck_assert_int_eq(memcmp(before.w[0], after.w[0], 9 * 11 * sizeof *after.w[0]) != 0, _i == 0);
  ck_assert_int_eq(memcmp(before.w[2], after.w[2], 9 * 11 * sizeof *after.w[2]) != 0, _i == 0);
  for (int k = 0; k < 9 * 11 && _i == 0; k++) ck_assert_int_eq(before.w[0][k], k / 11 == 7 ? 20000 : after.w[0][k]);
  snap_free(&before);
  snap_free(&after);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- directions and lines */

/* With pulses that always flip, a driven device goes to -sign(x d) and no other moves, whatever the source lines; in
 * the passive cell half-selected devices stay too, if half of the voltage does nothing. */
START_TEST(directions) {
  static const struct {
    uint32_t cell, shared;
  } modes[] = {{XT_CELL_GATED, 0}, {XT_CELL_GATED, 1}, {XT_CELL_PASSIVE, 0}};
  const int mode = _i % 3, kept = _i / 3 % 2;
  const struct xt_shape shape = shape_of(9, 11, 5);
  struct bench b;
  struct xt_snapshot before, after;
  int8_t x[9], d[11];
  seed_rng("directions", (uint64_t)_i);
  open_with(&b, &shape, binary_device(2047, 2047, 16383), 7, _i / 6 % 2);
  csr(&b, XT_CSR_CELL_MODE, modes[mode].cell);
  csr(&b, XT_CSR_MTJ_SHARED, modes[mode].shared);
  csr(&b, XT_CSR_PULSE_WIDTH, 255);
  snap_alloc(&before, &shape);
  snap_alloc(&after, &shape);
  for (int k = 0; k < 20; k++) {
    random_codes(x, shape.n, 15);
    random_codes(d, shape.m, 15);
    snap_get(&b, &before);
    if (kept) must(forward(&b, x) == XT_ST_OK, "FORWARD");
    must(mtj_update(&b, kept ? NULL : x, d, 0) == XT_ST_OK, "MTJ_UPDATE");
    snap_get(&b, &after);
    for (int i = 0; i < shape.n; i++) {
      for (int j = 0; j < shape.m; j++) {
        const int at = i * shape.m + j, sign = x[i] * d[j];
        const int32_t want = sign == 0 ? before.w[1][at] : sign < 0 ? 20000 : -20000;
        must(after.w[1][at] == want, "x %d, d %d: %d, %d wanted", x[i], d[j], after.w[1][at], want);
      }
    }
  }
  snap_free(&before);
  snap_free(&after);
  bench_close(&b);
}
END_TEST

/* Columns whose amplitude does not fit are not driven, and no phase is driven for them alone. */
START_TEST(rate_runs_out) {
  const struct xt_shape shape = shape_of(2, 3, 7);
  const int8_t x[] = {63, 1}, d[] = {63, -1, 0}; /* codes 0, 11, none */
  static const struct {
    int rate, dexp;
    uint32_t phases[3];
  } rows[] = {{0, 0, {1, 2, 2}}, {20, 0, {1, 2, 2}}, {22, -1, {1, 1, 1}}, {31, 0, {1, 1, 1}}, {30, 2, {0, 0, 0}}};
  struct bench b;
  open_with(&b, &shape, binary_device(0, 0, 0), 7, 1);
  for (int k = 0; k < COUNT(rows); k++) {
    for (uint32_t mode = 0; mode < 3; mode++) {
      csr(&b, XT_CSR_CELL_MODE, mode == 2 ? XT_CELL_PASSIVE : XT_CELL_GATED);
      csr(&b, XT_CSR_MTJ_SHARED, mode == 1);
      csr(&b, XT_CSR_MTJ_RATE, (uint32_t)rows[k].rate);
      must(mtj_update(&b, x, d, rows[k].dexp) == XT_ST_OK, "MTJ_UPDATE");
      must(info(&b) == rows[k].phases[mode], "row %d, mode %u: %u phases", k, mode, info(&b));
    }
  }
  bench_close(&b);
}
END_TEST

/* The leading-one detector: whole half octaves below full scale; the step at 1.5 is .17 of one off the logarithm's. */
START_TEST(amplitude_codes) {
  for (int32_t mb = 1; mb <= 7; mb++) {
    uint32_t last = 99;
    for (uint32_t v = 1; v < 1U << mb; v++) {
      const uint32_t code = xt_amp_code(v, mb);
      const double want = -2 * log2(v / ldexp(1, mb));
      must(code <= last && code < 2 * (uint32_t)mb, "code of %u of %d bits is %u", v, mb, code);
      must(code + 1 >= want - 1e-9 && code <= want + .17, "code of %u of %d bits is %u, not just below %.2f", v, mb,
           code, want);
      last = code;
    }
    ck_assert_uint_eq(last, 0 + (mb == 1));
    ck_assert_uint_eq(xt_amp_code(1, mb), 2 * (uint32_t)mb - 1);
  }
}
END_TEST

/* What an SHD update, and ZERO_SHIFT, do to binary devices: pulses of PULSE_WIDTH at full scale. */
START_TEST(other_pulses) {
  const struct xt_shape shape = shape_of(N, M, 7);
  struct bench b;
  struct xt_snapshot s;
  open_with(&b, &shape, binary_device(-1000, -1000, 0), 3, _i);
  csr(&b, XT_CSR_PULSE_WIDTH, 5);
  snap_alloc(&s, &shape);
  snap_get(&b, &s);
  for (int q = 0; q < NM; q++) s.w[1][q] = -20000;
  must(ref->set_snapshot(b.t, &s) == 0, "%s", ref->error(b.t));
  must(simple(&b, XT_OP_ZERO_SHIFT, 1, 1) == XT_ST_OK, "ZERO_SHIFT");
  snap_get(&b, &s);
  struct count c = {NM, 0};
  for (int q = 0; q < NM; q++) c.flipped += s.w[1][q] > 0;
  const double p = -expm1(-5 * exp2(-1000 / 256.));
  agrees(c, p * (1 - p), "a pair of pulses: up and not down");
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- errors */

START_TEST(refusals) {
  struct xt_shape shape = shape_of(3, 2, 7);
  const int8_t x[] = {1, 2, 3}, d[] = {4, -5}, bad[] = {4, -128};
  struct bench b;
  open_with(&b, &shape, binary_device(0, 0, 0), 7, 0);
  ck_assert_int_eq(mtj_update(&b, x, d, 0), XT_ST_ERR_ARG); /* cell HALF */
  for (uint32_t cell = XT_CELL_GATED; cell <= XT_CELL_PASSIVE; cell++) {
    csr(&b, XT_CSR_CELL_MODE, cell);
    must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
    ck_assert_int_eq(mtj_update(&b, NULL, d, 0), XT_ST_ERR_KEPT);
    ck_assert_int_eq(mtj_update(&b, x, d, 0), XT_ST_OK);
    ck_assert_int_eq(mtj_update(&b, NULL, d, 0), XT_ST_OK);
    csr(&b, XT_CSR_MTJ_RATE, 10);
    ck_assert_int_eq(mtj_update(&b, x, d, -10), XT_ST_OK);
    ck_assert_int_eq(mtj_update(&b, x, d, 53), XT_ST_OK);
    ck_assert_int_eq(mtj_update(&b, x, d, -11), XT_ST_ERR_ARG);
    ck_assert_int_eq(mtj_update(&b, x, d, 54), XT_ST_ERR_ARG);
    ck_assert_int_eq(mtj_update(&b, x, bad, 0), XT_ST_ERR_CODE);
    const size_t n = outer_packet(&b, XT_OP_MTJ_UPDATE, x, d, 0);
    ck_assert_int_eq(send(&b, n - 1), XT_ST_ERR_SHORT);
    ck_assert_int_eq(send(&b, n + 1), XT_ST_ERR_LONG);
    b.in[0] |= 2 << 8;
    ck_assert_int_eq(send(&b, n), XT_ST_ERR_FLAGS);
  }
  bench_close(&b);
  shape.mtj = 0;
  open_with(&b, &shape, binary_device(0, 0, 0), 7, 0);
  csr(&b, XT_CSR_CELL_MODE, XT_CELL_GATED);
  ck_assert_int_eq(mtj_update(&b, x, d, 0), XT_ST_ERR_OPCODE);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_CONFIG2) >> 25, 0);
  bench_close(&b);
}
END_TEST

START_TEST(configurations) {
  static const struct {
    int32_t sw, shift, c2c;
    const char *message;
  } rows[] = {{16, 0, 0, NULL},
              {16, 1, 0, "array C: SHIFT (law MTJ) = 1 is not in -12..0"},
              {20, -1, 0, "array C: SHIFT (law MTJ) = -1 is not in -12..-2"},
              {20, -2, 0, NULL},
              {24, -6, 0, NULL},
              {16, 0, 1, "array C: C_C2C (law MTJ) = 1 is not in 0..0"}};
  for (int k = 0; k < COUNT(rows); k++) {
    const struct xt_dev_cfg other = {.dw = 1024, .shift = 5, .w_max = 100, .w_min = 100, .c_c2c = 100};
    struct xt_array_cfg cfg = {.dev = {other, binary_device(0, 0, 0), other}};
    char err[160] = "";
    cfg.dev[1].w_max = cfg.dev[1].w_min = 100;
    cfg.dev[1].shift = rows[k].shift;
    cfg.dev[1].c_c2c = rows[k].c2c;
    const int rc = xt_array_check(rows[k].sw, &cfg, err, sizeof err);
    ck_assert_int_eq(rc, rows[k].message ? XT_E_ARG : XT_E_OK);
    if (rows[k].message) ck_assert_str_eq(err, rows[k].message);
  }
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref mtj");
  TCase *tc = tcase_create("mtj");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, flips, 0, COUNT(flip_vectors));
  tcase_add_loop_test(tc, updates, 0, COUNT(switch_vectors));
  tcase_add_test(tc, vectors_move);
  tcase_add_loop_test(tc, probability, 0, 9);
  tcase_add_loop_test(tc, half_voltage, 0, 5);
  tcase_add_loop_test(tc, gated_statistics, 0, 20);
  tcase_add_loop_test(tc, passive_statistics, 0, 20);
  tcase_add_loop_test(tc, spread, 0, 3);
  tcase_add_loop_test(tc, counts_are_what_happened, 0, 12);
  tcase_add_loop_test(tc, read_statistics, 0, 20);
  tcase_add_loop_test(tc, reads_and_what_they_leave, 0, 3);
  tcase_add_loop_test(tc, directions, 0, 12);
  tcase_add_test(tc, rate_runs_out);
  tcase_add_test(tc, amplitude_codes);
  tcase_add_loop_test(tc, other_pulses, 0, 2);
  tcase_add_test(tc, refusals);
  tcase_add_test(tc, configurations);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
