/* SPDX-License-Identifier: Apache-2.0 */
/* Pulse generators: periods, distinct streams, p = 0 and p = 1, coincidence rates, low discrepancy. */
#include <math.h>

#include "ref_util.h"

#include "xt_encoder.h"
#include "xt_fast_simd.h"

/* Encoder in static memory, at most LINES lines each way. */
enum { LINES = 256 };
static uint32_t row_state[LINES], col_state[LINES];

static void encoder(struct xt_encoder *e, int32_t n, int32_t m, int32_t pb, uint32_t seed) {
  *e = (struct xt_encoder){.n = n, .m = m, .pb = pb, .row = row_state, .col = col_state};
  xt_encoder_reset(e, seed);
}

/* One slot's step visits every state but 0 before it comes back: period 2^w - 1, whatever the steps per slot. */
START_TEST(full_period) {
  const int32_t w = _i;
  const uint32_t start = 1;
  uint32_t s = start, period = 0;
  do {
    s = xt_lfsr_slot(s, w);
    ck_assert(s != 0 && s >> w == 0);
    period++;
  } while (s != start && period < (1U << w));
  ck_assert_uint_eq(period, (1U << w) - 1);
}
END_TEST

static int compare_u32(const void *a, const void *b) {
  const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* All the lines that a width allows: no state twice, none 0, for any seed. (A step is one to one: once distinct, for
 * ever distinct; checked after some slots all the same.) */
START_TEST(streams_distinct) {
  const int32_t pb = 8 + _i;
  const int32_t lines = 1 << (pb - 1);
  uint32_t *s = malloc((size_t)lines * sizeof *s);
  seed_rng("streams_distinct", (uint64_t)_i);
  for (int k = 0; k < 6; k++) {
    const uint32_t seed = k == 0 ? 0 : k == 1 ? ~0U : (uint32_t)rng64();
    for (int col = 0; col < 2; col++) {
      for (int32_t i = 0; i < lines; i++) {
        s[i] = col ? xt_encoder_col_seed(seed, i, pb) : xt_encoder_row_seed(seed, i, pb);
        for (int slot = 0; slot < k; slot++) s[i] = xt_lfsr_slot(s[i], pb + col);
      }
      qsort(s, (size_t)lines, sizeof *s, compare_u32);
      must(s[0] != 0 && s[lines - 1] >> (pb + col) == 0, "state out of range");
      for (int32_t i = 1; i < lines; i++) must(s[i] != s[i - 1], "pb %d seed %u: state %u twice", pb, seed, s[i]);
    }
  }
  free(s);
}
END_TEST

/* Every bit of SEED counts: what it does to all seeds is two masks, one of rows, one of columns, and the map from SEED
 * to both has the full rank, min(32, 2 PB - 1). */
START_TEST(seed_rank) {
  const int32_t pb = _i;
  uint64_t basis[64] = {0};
  int rank = 0;
  for (unsigned bit = 0; bit < 32; bit++) {
    const uint32_t seed = 1U << bit;
    uint64_t mask = 0;
    for (int32_t line = 0; line < 3; line++) { /* the same for every line */
      const uint64_t rows = xt_encoder_row_seed(seed, line, pb) ^ xt_encoder_row_seed(0, line, pb);
      const uint64_t cols = xt_encoder_col_seed(seed, line, pb) ^ xt_encoder_col_seed(0, line, pb);
      must(line == 0 || mask == (rows << 32 | cols), "bit %u of SEED, line %d", bit, line);
      mask = rows << 32 | cols;
      must(mask != 0, "bit %u of SEED counts for nothing", bit);
    }
    for (int b = 63; b >= 0 && mask != 0; b--) {
      if (!(mask >> b & 1)) continue;
      if (basis[b] == 0) {
        basis[b] = mask;
        rank++;
        break;
      }
      mask ^= basis[b];
    }
  }
  ck_assert_int_eq(rank, 2 * pb - 1 < 32 ? 2 * pb - 1 : 32);
  /* and it is linear: a few whole seeds against the sum of their bits */
  seed_rng("seed_rank", (uint64_t)_i);
  for (int k = 0; k < 20; k++) {
    const uint32_t seed = (uint32_t)rng64(), i = (uint32_t)rng_in(0, (1 << (pb - 1)) - 1);
    uint32_t row = xt_encoder_row_seed(0, (int32_t)i, pb), col = xt_encoder_col_seed(0, (int32_t)i, pb);
    for (unsigned bit = 0; bit < 32; bit++) {
      if (!(seed >> bit & 1)) continue;
      row ^= xt_encoder_row_seed(1U << bit, 0, pb) ^ xt_encoder_row_seed(0, 0, pb);
      col ^= xt_encoder_col_seed(1U << bit, 0, pb) ^ xt_encoder_col_seed(0, 0, pb);
    }
    ck_assert_uint_eq(xt_encoder_row_seed(seed, (int32_t)i, pb), row);
    ck_assert_uint_eq(xt_encoder_col_seed(seed, (int32_t)i, pb), col);
  }
}
END_TEST

/* A line whose generator stands at 0 never fires, whatever its threshold. The advance sets it to the seed of SEED 0 and
 * tells; from any other state it does not tell, and never comes to 0. */
START_TEST(upset) {
  const int32_t pb = _i;
  struct xt_encoder e;
  encoder(&e, 3, 3, pb, 999);
  const uint32_t full = 1U << pb, t[3] = {full, full, full};
  uint32_t rows, cols;
  ck_assert(!xt_encoder_advance(&e, XT_ENC_STOCH));
  for (int line = 0; line < 6; line++) {
    uint32_t *state = line < 3 ? &e.row[line] : &e.col[line - 3], before[6], after[6];
    *state = 0;
    memcpy(before, e.row, 3 * sizeof *before);
    memcpy(before + 3, e.col, 3 * sizeof *before);
    xt_encoder_fire(&e, XT_ENC_STOCH, 0, t, t, &rows, &cols);
    ck_assert_uint_eq(rows | cols << 3, 63U & ~(1U << line));
    ck_assert(!xt_encoder_advance(&e, XT_ENC_LOWDISC));
    ck_assert(!xt_encoder_advance(&e, XT_ENC_COUNT));
    ck_assert_uint_eq(*state, 0);
    ck_assert(xt_encoder_advance(&e, XT_ENC_STOCH));
    memcpy(after, e.row, 3 * sizeof *after);
    memcpy(after + 3, e.col, 3 * sizeof *after);
    for (int l = 0; l < 6; l++) {
      const uint32_t seed = l < 3 ? xt_encoder_row_seed(0, l, pb) : xt_encoder_col_seed(0, l - 3, pb);
      ck_assert_uint_eq(after[l], l == line ? seed : xt_lfsr_slot(before[l], pb + l / 3));
    }
    xt_encoder_fire(&e, XT_ENC_STOCH, 0, t, t, &rows, &cols);
    ck_assert_uint_eq(rows | cols << 3, 63);
    ck_assert(!xt_encoder_advance(&e, XT_ENC_STOCH));
  }
}
END_TEST

/* Bit-serial: slot s is bit s, the least first; pulse width: a line is high for |c| slots. */
START_TEST(read_slots) {
  const uint32_t mag[5] = {0, 1, 5, 37, 63};
  for (uint32_t s = 0; s < 63; s++) {
    uint32_t serial, width;
    xt_encoder_read(XT_READ_PWM, s, mag, 5, &width);
    for (uint32_t l = 0; l < 5; l++) ck_assert_uint_eq(width >> l & 1, mag[l] > s);
    if (s >= 6) continue;
    xt_encoder_read(XT_READ_SERIAL, s, mag, 5, &serial);
    for (uint32_t l = 0; l < 5; l++) ck_assert_uint_eq(serial >> l & 1, mag[l] >> s & 1);
  }
}
END_TEST

/* T = 0 never fires, T = 2^pb always, in every mode of the encoder. */
START_TEST(never_always) {
  const int32_t pb = 8 + _i / 2;
  const uint32_t enc = (uint32_t)_i % 2, full = 1U << pb;
  struct xt_encoder e;
  encoder(&e, 3, 3, pb, 12345);
  const uint32_t t[3] = {0, full, 0};
  const uint32_t slots = enc == XT_ENC_STOCH ? 2 * full : full; /* every state of either generator */
  for (uint32_t s = 0; s < slots; s++) {
    uint32_t rows, cols;
    xt_encoder_fire(&e, enc, 0, t, t, &rows, &cols);
    must(rows == 2 && cols == 2, "pb %d encoder %u slot %u: %x %x", pb, enc, s, rows, cols);
    xt_encoder_advance(&e, enc);
  }
}
END_TEST

/* Over the joint period of a row and a column every pair of states comes once: the coincidences are the exact product
 * of the two counts, for any seeds. (8 and 9 bits: 255 * 511 slots.) */
START_TEST(joint_period_exact) {
  struct xt_encoder e;
  seed_rng("joint_period_exact", (uint64_t)_i);
  encoder(&e, 2, 2, 8, (uint32_t)rng64());
  uint32_t rt[2], ct[2], pairs[2][2] = {{0, 0}, {0, 0}};
  for (int k = 0; k < 2; k++) {
    rt[k] = (uint32_t)rng_in(0, 256);
    ct[k] = (uint32_t)rng_in(0, 256);
  }
  for (uint32_t s = 0; s < 255 * 511; s++) {
    uint32_t rows, cols;
    xt_encoder_fire(&e, XT_ENC_STOCH, 0, rt, ct, &rows, &cols);
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 2; j++) pairs[i][j] += (rows >> i) & (cols >> j) & 1;
    xt_encoder_advance(&e, XT_ENC_STOCH);
  }
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 2; j++) {
      const uint32_t row = rt[i] < 255 ? rt[i] : 255, col = 2 * ct[j] < 511 ? 2 * ct[j] : 511;
      ck_assert_uint_eq(pairs[i][j], row * col);
    }
  }
}
END_TEST

/* 16 bits, many rows and columns, two periods of the rows: joint rates of rows and columns within statistics. Two rows
 * walk one orbit, a fixed distance apart; where that is less than 16 single steps their states share bits, and they
 * correlate. A device never sees two rows; it must stay rare all the same. */
START_TEST(rates) {
  enum { N = 32, SLOTS = 1 << 17 };
  struct xt_encoder e;
  seed_rng("rates", (uint64_t)_i);
  encoder(&e, N, N, 16, (uint32_t)rng64());
  uint32_t rt[N], ct[N], *fire = malloc(2 * SLOTS * sizeof *fire);
  for (int i = 0; i < N; i++) {
    rt[i] = (uint32_t)rng_in(1000, 60000);
    ct[i] = (uint32_t)rng_in(1000, 60000);
  }
  for (int s = 0; s < SLOTS; s++) {
    xt_encoder_fire(&e, XT_ENC_STOCH, 0, rt, ct, &fire[2 * s], &fire[2 * s + 1]);
    xt_encoder_advance(&e, XT_ENC_STOCH);
  }
  double worst_joint = 0, worst_rows = 0;
  int related = 0;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      uint32_t joint = 0, both = 0;
      for (int s = 0; s < SLOTS; s++) {
        joint += (fire[2 * s] >> i) & (fire[2 * s + 1] >> j) & 1;
        both += (fire[2 * s] >> i) & (fire[2 * s] >> j) & 1;
      }
      const double p = rt[i] / 65536.0, q = ct[j] / 65536.0, r = rt[j] / 65536.0;
      const double z = (joint - SLOTS * p * q) / sqrt(SLOTS * p * q * (1 - p * q));
      const double y = (both - SLOTS * p * r) / sqrt(SLOTS * p * r * (1 - p * r));
      worst_joint = fmax(worst_joint, fabs(z));
      if (i < j) {
        worst_rows = fmax(worst_rows, fabs(y));
        related += fabs(y) > 5;
      }
    }
  }
  free(fire);
  printf("coincidences of 32 x 32 lines: worst deviation %.1f sigma; rows with rows %.1f sigma\n", worst_joint,
         worst_rows);
  ck_assert_double_lt(worst_joint, 5);
  ck_assert_int_le(related, N * (N - 1) / 2 / 100);
}
END_TEST

/* States and positions on the orbit give the same slots, from any start, over the end of the period too. */
START_TEST(forms_agree) {
  struct xt_encoder e;
  struct xt_fast_gens g = {0};
  struct xt_room room = {0};
  const int32_t pb = (int32_t)(8 + _i % 9);
  const struct xt_dim dim = {.n = 40, .m = 50, .pb = pb};
  seed_rng("forms_agree", (uint64_t)_i);
  encoder(&e, 40, 50, pb, (uint32_t)rng64());
  int widths = 0;
  while (xt_fast_simds[widths] != NULL) widths++;
  xt_fast_gens_room(&g, &dim, &room);
  uint32_t rt[40], ct[50], row_mask[40], col_mask[50], rows[2], cols[2];
  int32_t list[50];
  for (int k = 0; k < 50; k++) list[k] = k;
  for (int round = 0; round < 12; round++) {
    const uint32_t enc = (uint32_t)rng_in(0, 2), slots = (uint32_t)rng_in(1, XT_CHUNK),
                   base = (uint32_t)rng_in(0, 3) * 100;
    for (int i = 0; i < 40; i++) rt[i] = (uint32_t)rng_in(0, 1 << pb);
    for (int j = 0; j < 50; j++) ct[j] = enc == XT_ENC_COUNT ? (uint32_t)rng_in(0, 40) : (uint32_t)rng_in(0, 1 << pb);
    const struct xt_fast_chunk chunk = {.enc = enc, .base = base, .slot0 = 3, .slots = slots};
    do g.simd = xt_fast_simds[rng_in(0, widths - 1)];
    while (!xt_fast_simd_runs(g.simd));
    xt_fast_gens_enter(&g, &e);
    xt_fast_row_masks(&g, &e, chunk, 40, list, rt, row_mask);
    xt_fast_col_masks(&g, &e, chunk, 50, list, ct, col_mask);
    xt_fast_gens_leave(&g, &e);
    /* to the train's slot: the low-discrepancy counter knows the slot of the phase only */
    for (uint32_t s = 0; s < (enc == XT_ENC_LOWDISC ? 3 : base); s++) xt_encoder_advance(&e, enc);
    for (uint32_t s = 0; s < slots; s++) {
      xt_encoder_fire(&e, enc, s + 3, rt, ct, rows, cols);
      for (int i = 0; i < 40; i++) must(xt_bit(rows, i) == ((row_mask[i] >> s) & 1), "row %d slot %u", i, s);
      for (int j = 0; j < 50; j++) must(xt_bit(cols, j) == ((col_mask[j] >> s) & 1), "column %d slot %u", j, s);
      xt_encoder_advance(&e, enc);
    }
    for (int i = 0; i < 40; i++) must(row_mask[i] >> slots == 0, "slots past the end");
    const uint32_t skip = (uint32_t)rng_in(0, 1020);
    xt_fast_gens_enter(&g, &e);
    xt_fast_gens_skip(&g, &e, XT_ENC_STOCH, 1, skip);
    xt_fast_gens_leave(&g, &e);
  }
  xt_room_free(&room);
}
END_TEST

/* Low discrepancy: over L slots the count of coincidences stays within a bound of L p q that random pulses exceed. */
START_TEST(low_discrepancy) {
  struct xt_encoder e;
  seed_rng("low_discrepancy", (uint64_t)_i);
  encoder(&e, 1, 1, 16, 1);
  static const int length[] = {16, 31, 64, 255, 4096, 65536};
  const int L = length[_i];
  double worst = 0, sum2 = 0, random2 = 0;
  const int trials = L > 1000 ? 60 : 1000;
  for (int k = 0; k < trials; k++) {
    const uint32_t rt = (uint32_t)rng_in(0, 65536), ct = (uint32_t)rng_in(0, 65536);
    int count = 0;
    e.lowdisc = (uint32_t)rng_in(0, 65535);
    for (int s = 0; s < L; s++) {
      uint32_t r, c;
      xt_encoder_fire(&e, XT_ENC_LOWDISC, 0, &rt, &ct, &r, &c);
      count += (int)(r & c);
      xt_encoder_advance(&e, XT_ENC_LOWDISC);
    }
    const double pq = rt / 65536.0 * (ct / 65536.0), err = count - L * pq;
    worst = fmax(worst, fabs(err));
    sum2 += err * err;
    random2 += L * pq * (1 - pq);
  }
  printf("low discrepancy, %5d slots: worst error %.2f pulses, rms %.3f (random: rms %.3f)\n", L, worst,
         sqrt(sum2 / trials), sqrt(random2 / trials));
  const double bound =
      2 + .75 * log2(L); /* star discrepancy of a two-dimensional sequence grows with log L (squared) */
  ck_assert_double_lt(worst, bound);
  ck_assert_double_lt(sqrt(sum2), .6 * sqrt(random2));
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref generators");
  TCase *tc = tcase_create("generators");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, full_period, 8, 18);
  tcase_add_loop_test(tc, streams_distinct, 0, 9);
  tcase_add_loop_test(tc, seed_rank, 8, 17);
  tcase_add_loop_test(tc, upset, 8, 17);
  tcase_add_test(tc, read_slots);
  tcase_add_loop_test(tc, never_always, 0, 18);
  tcase_add_loop_test(tc, joint_period_exact, 0, 8);
  tcase_add_loop_test(tc, rates, 0, 3);
  tcase_add_loop_test(tc, forms_agree, 0, 36);
  tcase_add_loop_test(tc, low_discrepancy, 0, 6);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
