/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of the generators' being shift registers that share two orbits: on a device and on an outer product,
 * against independent streams. What can be computed over a whole orbit is; the rest is counted, and must lie within
 * four standard errors of it. */
#include <math.h>

#include "../random.h"
#include "xt_fast_orbit.h"

enum { PB = 16, BL = 31, ROWS = 785, STEPS = 13 };

/* Values over the orbits; a line fires if the value is below its threshold. */
static struct xt_fast_gens gens;
static struct xt_room room;
static uint32_t seed_row[ROWS], seed_col[2];

static void orbits(void) {
  const struct xt_dim dim = {.n = ROWS, .m = 2, .pb = PB};
  const struct xt_encoder e = {.n = ROWS, .m = 2, .pb = PB, .row = seed_row, .col = seed_col};
  xt_fast_gens_room(&gens, &dim, &room);
  ck_assert(!room.failed);
  for (int i = 0; i < ROWS; i++) seed_row[i] = xt_encoder_row_seed(1, i, PB);
  for (int j = 0; j < 2; j++) seed_col[j] = xt_encoder_col_seed(1, j, PB);
  ck_assert(xt_fast_gens_enter(&gens, &e));
}

/* Part of the orbit in which a line of threshold t fires in two slots that are `lag` apart: exact. */
static double both(const struct xt_orbit *o, uint32_t t, uint32_t lag) {
  uint32_t count = 0;
  for (uint32_t k = 0; k < o->period; k++) count += o->value[k] < t && o->value[k + lag] < t;
  return (double)count / o->period;
}

/* ---------------------------------------------------------------- one device */

static const uint32_t steps[STEPS] = {64,    256,   1024,  4096,  8192,  16384, 24576,
                                      32768, 40960, 49152, 57344, 61440, 65536};
static double row_both[STEPS][BL], col_both[STEPS][BL];

/* Variance of the pulses that a device sees in BL slots, as a part of the binomial's, from any start, exactly: the
 * generators of a row and of a column are independent of each other (coprime periods). */
static double variance_ratio(int row, int col) {
  const double p = row_both[row][0] * col_both[col][0], binomial = BL * p * (1 - p);
  double v = binomial;
  for (int lag = 1; lag < BL; lag++) v += 2 * (BL - lag) * (row_both[row][lag] * col_both[col][lag] - p * p);
  return binomial > 0 ? v / binomial : 1;
}

static void autocovariances(void) {
  for (int k = 0; k < STEPS; k++) {
    for (uint32_t lag = 0; lag < BL; lag++) {
      row_both[k][lag] = both(&gens.row_orbit, steps[k], lag);
      col_both[k][lag] = both(&gens.col_orbit, steps[k], lag);
    }
  }
}

START_TEST(variance_on_a_device) {
  orbits();
  autocovariances();
  double even = 0, middle = 0, all = 0;
  printf("variance of the pulses of a device, %d slots, part of the binomial's; columns of the table: q\n  p      ",
         BL);
  for (int c = 0; c < STEPS; c++) printf(" %5.3f", steps[c] / 65536.0);
  for (int r = 0; r < STEPS; r++) {
    printf("\n  %5.3f  ", steps[r] / 65536.0);
    for (int c = 0; c < STEPS; c++) {
      const double off = fabs(variance_ratio(r, c) - 1);
      printf(" %5.3f", variance_ratio(r, c));
      all = fmax(all, off);
      if (steps[c] == 61440) continue;
      if (r == c) even = fmax(even, off);
      if (steps[r] >= 4096 && steps[c] >= 8192) middle = fmax(middle, off);
    }
  }
  printf(
      "\n  but for q = 15/16: p = q within %.1f %%, p >= 1/16 and q >= 1/8 within %.1f %%; anywhere within %.0f %%\n",
      100 * even, 100 * middle, 100 * all);
  ck_assert_double_lt(even, 0.01);
  ck_assert_double_lt(middle, 0.01);
  ck_assert_double_lt(all, 0.27);
  xt_room_free(&room);
}
END_TEST

/* The same counted with the encoder, slot by slot, over seeds: means and variances of 13 x 13 devices. */
START_TEST(counted_on_a_device) {
  enum { SEEDS = 300, UPDATES = 60 };
  static uint32_t rows[STEPS], cols[STEPS];
  static double sum[STEPS][STEPS], square[STEPS][STEPS], fourth[STEPS][STEPS];
  double worst_mean = 0, worst_variance = 0;
  struct xt_encoder e = {.n = STEPS, .m = STEPS, .pb = PB, .row = rows, .col = cols};
  seed_rng("counted_on_a_device", 0);
  orbits();
  autocovariances();
  for (int s = 0; s < SEEDS; s++) {
    xt_encoder_reset(&e, (uint32_t)rng64());
    for (int u = 0; u < UPDATES; u++) {
      int pulses[STEPS][STEPS] = {{0}};
      for (int slot = 0; slot < BL; slot++) {
        uint32_t row_fire, col_fire;
        xt_encoder_fire(&e, XT_ENC_STOCH, 0, steps, steps, &row_fire, &col_fire);
        for (uint32_t todo = row_fire; todo != 0; todo &= todo - 1)
          for (int c = 0; c < STEPS; c++) pulses[xt_ctz(todo)][c] += (int)(col_fire >> c & 1);
        ck_assert(!xt_encoder_advance(&e, XT_ENC_STOCH));
      }
      for (int r = 0; r < STEPS; r++) {
        for (int c = 0; c < STEPS; c++) {
          const double d = pulses[r][c] - BL * row_both[r][0] * col_both[c][0];
          sum[r][c] += d;
          square[r][c] += d * d;
          fourth[r][c] += d * d * d * d;
        }
      }
    }
  }
  const double n = SEEDS * UPDATES;
  for (int r = 0; r < STEPS; r++) {
    for (int c = 0; c < STEPS; c++) {
      const double p = row_both[r][0] * col_both[c][0], v = BL * p * (1 - p) * variance_ratio(r, c);
      const double error = sqrt((fourth[r][c] / n - v * v) / n);
      /* a pulse or two in all: nothing normal about it; always on but for the orbit's missing 0: exactly known */
      if (n * BL * p < 100 || p > 0.999) continue;
      const double mean = sum[r][c] / n / sqrt(v / n), variance = (square[r][c] / n - v) / error;
      must(fabs(mean) < 4, "p %.4f q %.4f: mean off by %.1f standard errors", row_both[r][0], col_both[c][0], mean);
      must(fabs(variance) < 4, "p %.4f q %.4f: variance off by %.1f standard errors", row_both[r][0], col_both[c][0],
           variance);
      worst_mean = fmax(worst_mean, fabs(mean));
      worst_variance = fmax(worst_variance, fabs(variance));
    }
  }
  printf("counted, %.0f updates of each device: mean within %.1f standard errors, variance within %.1f of the table\n",
         n, worst_mean, worst_variance);
  xt_room_free(&room);
}
END_TEST

/* ---------------------------------------------------------------- an outer product */

/* sum_i x_i dW_ij of one column that always fires, 785 rows: the pulses of all rows, weighted with x. A column that
 * fires at random is common to all rows, with any generators; this one shows what the rows have in common. */
struct product {
  int x[ROWS];
  uint32_t t[ROWS];
  double mean;
  double independent; /* variance with independent streams */
  double expected;    /* and with rows that start at different places of one orbit, chosen at random */
};

static void product_of(struct product *w, double largest, bool signs) {
  double own = 0, shared = 0;
  double v[64], p[64];
  w->mean = w->independent = 0;
  for (uint32_t c = 1; c < 64; c++) {
    const uint32_t t = (uint32_t)(largest * 65536 * c / 63);
    p[c] = both(&gens.row_orbit, t, 0);
    v[c] = BL * p[c] * (1 - p[c]);
    for (uint32_t lag = 1; lag < BL; lag++) v[c] += 2 * (BL - lag) * (both(&gens.row_orbit, t, lag) - p[c] * p[c]);
  }
  for (int i = 0; i < ROWS; i++) {
    const int c = (int)rng_in(1, 63);
    w->x[i] = signs && rng_one_in(2) ? -c : c;
    w->t[i] = (uint32_t)(largest * 65536 * c / 63);
    w->mean += BL * w->x[i] * p[c];
    w->independent += c * c * BL * p[c] * (1 - p[c]);
    own += c * c * v[c];
  }
  /* Over all shifts of an orbit covariances sum to 0: over those but 0, to what shift 0 has, with the other sign. */
  for (int i = 0; i < ROWS; i++) {
    for (int k = 0; k < ROWS; k++) {
      const int a = abs(w->x[i]), b = abs(w->x[k]);
      if (i != k) shared -= w->x[i] * w->x[k] * BL * (fmin(p[a], p[b]) - p[a] * p[b]) / (gens.row_orbit.period - 1);
    }
  }
  w->expected = own + shared;
}

static const struct {
  double largest; /* probability of the largest code */
  bool signs;
} products[] = {{1, false}, {0.5, false}, {0.1, false}, {0.5, true}};

START_TEST(variance_of_an_outer_product) {
  enum { SEEDS = 300, UPDATES = 300 };
  static struct product w;
  static int32_t list[ROWS];
  static uint32_t mask[ROWS];
  double sum = 0, sum2 = 0, mean = 0, least = 1e9, most = 0;
  const struct xt_encoder e = {.n = ROWS, .m = 2, .pb = PB, .row = seed_row, .col = seed_col};
  const struct xt_fast_chunk chunk = {.enc = XT_ENC_STOCH, .slots = BL};
  seed_rng("variance_of_an_outer_product", (uint64_t)_i);
  orbits();
  product_of(&w, products[_i].largest, products[_i].signs);
  for (int i = 0; i < ROWS; i++) list[i] = i;
  for (int s = 0; s < SEEDS; s++) {
    const uint32_t seed = (uint32_t)rng64();
    double v = 0;
    for (int i = 0; i < ROWS; i++) seed_row[i] = xt_encoder_row_seed(seed, i, PB);
    gens.current = false;
    ck_assert(xt_fast_gens_enter(&gens, &e));
    for (int u = 0; u < UPDATES; u++) { /* at any time of a run */
      int64_t pulses = 0;
      gens.row_off = (uint32_t)rng_in(0, gens.row_orbit.period - 1);
      xt_fast_row_masks(&gens, &e, chunk, ROWS, list, w.t, mask);
      for (int i = 0; i < ROWS; i++) pulses += w.x[i] * (int64_t)xt_popcount(mask[i]);
      const double d = (double)pulses - w.mean;
      mean += d;
      v += d * d / UPDATES;
    }
    sum += v;
    sum2 += v * v;
    least = fmin(least, v);
    most = fmax(most, v);
  }
  const double ratio = sum / SEEDS / w.independent, expected = w.expected / w.independent;
  const double spread = sqrt(sum2 / SEEDS - sum / SEEDS * (sum / SEEDS)) / w.independent, error = spread / sqrt(SEEDS);
  const double off = mean / (SEEDS * UPDATES) / sqrt(w.expected / (SEEDS * UPDATES));
  printf(
      "outer product of %d rows, largest probability %.2f%s: mean off by %.1f standard errors; variance %.4f +- %.4f "
      "of independent streams' (expected %.4f); single seeds %.2f to %.2f, spread %.3f, of which %.3f is sampling\n",
      ROWS, products[_i].largest, products[_i].signs ? ", both signs" : "", off, ratio, error, expected,
      least / w.independent, most / w.independent, spread, sqrt(2.0 / UPDATES));
  ck_assert_double_lt(fabs(off), 4);
  ck_assert_double_lt(fabs(ratio - expected), 4 * error);
  ck_assert_double_lt(fabs(expected - 1), 0.02);
  xt_room_free(&room);
}
END_TEST

/* Why windows cannot be kept apart: 785 rows that look at 16 bits in each of 31 slots want more of the orbit than there
 * is. Pairs that share bits in a slot, and rows that repeat another one's slots within a train, as they are. */
START_TEST(windows_overlap) {
  seed_rng("windows_overlap", 0);
  orbits();
  const uint32_t period = gens.row_orbit.period;
  ck_assert_uint_gt(ROWS * PB * 6, period); /* six slots are too many already */
  ck_assert_uint_lt(ROWS * PB * 5, period); /* five would fit */
  uint32_t least = UINT32_MAX, most = 0, copies_most = 0;
  /* a single step is so many slots: PB slots' steps modulo the period are one */
  uint32_t step = 0;
  while (xt_lfsr_slot(gens.row_orbit.state[step], PB) == 0) step++;
  for (int s = 0; s < 200; s++) {
    static uint32_t at[ROWS]; /* single steps from state 1 */
    static uint8_t taken[65536];
    const uint32_t seed = (uint32_t)rng64();
    uint32_t pairs = 0, copies = 0;
    memset(taken, 0, sizeof taken);
    for (int i = 0; i < ROWS; i++) { /* position p is PB p single steps */
      const uint32_t position = gens.row_orbit.position[xt_encoder_row_seed(seed, i, PB)];
      at[i] = (uint32_t)((uint64_t)position * PB % period);
      taken[at[i]] = 1;
    }
    for (int i = 0; i < ROWS; i++) {
      for (uint32_t d = 1; d < PB; d++) pairs += taken[(at[i] + d) % period];
      for (uint32_t slot = 1; slot < BL; slot++) copies += taken[(at[i] + PB * slot) % period];
    }
    least = pairs < least ? pairs : least;
    most = pairs > most ? pairs : most;
    copies_most = copies > copies_most ? copies : copies_most;
  }
  /* places at random: ROWS (ROWS - 1) / 2 pairs, 2 (PB - 1) of period - 1 distances; Poisson */
  const double expected = ROWS * (ROWS - 1) / 2.0 * 2 * (PB - 1) / (period - 1);
  printf(
      "row pairs that share bits in a slot, 200 seeds: %u to %u (%.0f expected of places at random); rows that repeat "
      "another's slots within %d: at most %u\n",
      least, most, expected, BL, copies_most);
  ck_assert_double_gt(least, expected - 5 * sqrt(expected));
  ck_assert_double_lt(most, expected + 5 * sqrt(expected));
  xt_room_free(&room);
}
END_TEST

int main(void) {
  Suite *s = suite_create("streams");
  TCase *tc = tcase_create("streams");
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, windows_overlap);
  tcase_add_test(tc, variance_on_a_device);
  tcase_add_test(tc, counted_on_a_device);
  tcase_add_loop_test(tc, variance_of_an_outer_product, 0, (int)(sizeof products / sizeof *products));
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
