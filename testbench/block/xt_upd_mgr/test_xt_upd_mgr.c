/* SPDX-License-Identifier: Apache-2.0 */
/* xt_upd_mgr against refc/xt_upd_mgr.c: train length, clipping, and both factors to the last bit. */
#include "room.h"
#include "xt_coinc.h"
#include "xt_upd_mgr.h"

enum { LINES = 512 };

static int n, m, row_bits, col_bits, pb, most_bl;
static uint32_t row[LINES], row_neg[LINES], col[LINES], col_neg[LINES];
static uint32_t xmost, dmost; /* largest codes that fit */

static void put(const struct xt_um_in *in, int um, int step) {
  room_put((uint64_t)um, 1);
  room_put((uint64_t)step, 3);
  room_put((uint64_t)in->mode, 2);
  room_put(in->mode == XT_UM_MANUAL ? in->scale_d : in->man, 16);
  room_put((uint64_t)(in->mode == XT_UM_MANUAL ? in->scale_d_exp : in->e), 6);
  room_put(in->cap, 8);
  room_put(in->scale_x, 16);
  room_put((uint64_t)in->scale_x_exp, 6);
  room_put_sliced(row, n, row_bits, n);
  room_put_sliced(row_neg, n, 1, n);
  room_put_sliced(col, m, col_bits, m);
  room_put_sliced(col_neg, m, 1, m);
  room_settle();
}

struct out {
  uint32_t bl, clip, phases, full, gx, rx, gd, rd;
  uint32_t egx, egd; /* as the encoders take them, the shift signed */
  int32_t erx, erd;
};
static struct out get(void) {
  struct out o;
  o.bl = (uint32_t)room_get(8);
  o.clip = (uint32_t)room_get(1);
  o.phases = (uint32_t)room_get(4);
  o.full = (uint32_t)room_get(1);
  o.gx = (uint32_t)room_get(21);
  o.rx = (uint32_t)room_get(6);
  o.gd = (uint32_t)room_get(21);
  o.rd = (uint32_t)room_get(6);
  o.egx = (uint32_t)room_get(21);
  o.erx = xt_sext((uint32_t)room_get(7), 7);
  o.egd = (uint32_t)room_get(21);
  o.erd = xt_sext((uint32_t)room_get(7), 7);
  return o;
}

/* One factor: that of the reference, and it gives the threshold that the reference's own form gives. */
static void factor(const char *which, const struct xt_um_in *in, uint32_t g, uint32_t r, uint32_t enc_g, int32_t enc_r,
                   uint32_t ref_g, int32_t ref_r, uint32_t most) {
  const struct xt_um_factor want = xt_um_factor(ref_g, ref_r, pb);
  must(g == want.gain && r == (uint32_t)want.shift,
       "%dx%d mode %d man %u e %d cap %u max %u %u: %s is %u >> %u, not %u >> %d", n, m, (int)in->mode, in->man, in->e,
       in->cap, in->xm, in->dm, which, g, r, want.gain, want.shift);
  const uint32_t c = (uint32_t)rng_in(1, most);
  must(xt_um_threshold(c, g, (int32_t)r, pb) == xt_um_threshold(c, ref_g, ref_r, pb), "threshold of %s, code %u", which,
       c);
  must(enc_r >= -24 && enc_r <= 40 && xt_um_threshold(c, enc_g, enc_r, pb) == xt_um_threshold(c, ref_g, ref_r, pb),
       "what the encoder of %s gets: %u >> %d", which, enc_g, enc_r);
}

/* A train for the codes in row and col; the largest are found here. reset: a hardware reset after that step (or none:
 * -1). */
static void train(struct xt_um_in *in, int reset) {
  struct xt_um_out want;
  struct xt_signs x = {0}, d = {0};
  if (in->mode == XT_UM_COUNT) { /* one row of code 1 */
    const int64_t one = rng_in(0, n - 1);
    for (int i = 0; i < n; i++) row[i] = i == one, row_neg[i] = 0;
  }
  in->pb = pb;
  in->xm = in->dm = 0;
  for (int i = 0; i < n; i++) in->xm = row[i] > in->xm ? row[i] : in->xm;
  for (int i = 0; i < n; i++) x.neg |= row_neg[i] != 0, x.pos |= row[i] != 0 && row_neg[i] == 0;
  for (int j = 0; j < m; j++) d.neg |= col_neg[j] != 0, d.pos |= col[j] != 0 && col_neg[j] == 0;
  for (int j = 0; j < m; j++) in->dm = col[j] > in->dm ? col[j] : in->dm;
  xt_um(in, &want);
  for (int step = 0; step < (int)XT_UM_CYCLES; step++) {
    put(in, 1, step);
    if (step == (int)XT_UM_CYCLES - 1) must(get().clip == want.clip, "clip in the last step");
    room_clock();
    if (step == reset) {
      room_reset();
      put(in, 0, 0);
      const struct out o = get();
      must((o.bl | o.clip | o.phases | o.gx | o.rx | o.gd | o.rd) == 0, "an output is not 0 after a reset");
      return;
    }
  }
  struct out o;
  for (int idle = 0; idle < 4; idle++) { /* holds; the factors from the second, those of the trace from the third on */
    put(in, 0, (int)rng_in(0, 4));
    o = get();
    must(o.bl == want.bl && o.clip == want.clip, "%dx%d mode %d man %u e %d cap %u max %u %u: BL %u clip %u, not %u %u",
         n, m, (int)in->mode, in->man, in->e, in->cap, in->xm, in->dm, o.bl, o.clip, want.bl, want.clip);
    must(o.phases == xt_coinc_phases(false, x, d), "phases %x", o.phases);
    must(o.full == (in->mode == XT_UM_COUNT), "row_full_o in mode %d", (int)in->mode);
    room_clock();
  }
  if (want.bl == 0) return;
  factor("gx", in, o.gx, o.rx, o.egx, o.erx, want.gx, want.rx, xmost);
  factor("gd", in, o.gd, o.rd, o.egd, o.erd, want.gd, want.rd, dmost);
}

/* Codes whose largest are xm and dm. */
static void codes(uint32_t xm, uint32_t dm) {
  const int sparse = rng_one_in(3);
  for (int i = 0; i < n; i++) {
    row[i] = sparse && !rng_one_in(5) ? 0 : (uint32_t)rng_in(0, xm);
    row_neg[i] = row[i] != 0 && rng_one_in(sparse ? 50 : 3);
  }
  const int64_t most_neg = rng_in(0, 2), signs = rng_in(0, 2); /* some, all, none */
  for (int j = 0; j < m; j++) {
    col[j] = sparse && !rng_one_in(5) ? 0 : (uint32_t)rng_in(0, dm);
    col_neg[j] = most_neg == 1 || (most_neg == 0 && rng_one_in(3));
  }
  row[rng_in(0, n - 1)] = xm;
  col[rng_in(0, m - 1)] = dm;
  for (int i = 0; i < n; i++) row_neg[i] = row[i] != 0 && (signs == 1 || (signs == 0 && row_neg[i]));
  for (int j = 0; j < m; j++) col_neg[j] &= col[j] != 0;
}

static struct xt_um_in random_in(void) {
  struct xt_um_in in = {.mode = (enum xt_um_mode)rng_in(XT_UM_MANUAL, XT_UM_COUNT)};
  in.man = (uint32_t)rng_in(0, 65535) >> (rng_one_in(4) ? rng_in(0, 16) : 0);
  in.e = (int32_t)(rng_one_in(3) ? rng_in(0, 63) : rng_in(8, 16 + row_bits + col_bits));
  if (in.mode == XT_UM_COUNT) in.e = (int32_t)rng_in(0, 18 + col_bits);
  if (rng_one_in(20)) in.e = rng_one_in(2) ? 63 : 0;
  in.cap = (uint32_t)rng_in(1, most_bl);
  in.scale_x = (uint32_t)rng_in(0, 65535);
  in.scale_d = (uint32_t)rng_in(0, 65535);
  in.scale_x_exp = (int32_t)rng_in(0, 63);
  in.scale_d_exp = (int32_t)rng_in(0, 63);
  return in;
}

static void select_size(int which) {
  room_select(which);
  n = room_param(0);
  m = room_param(1);
  row_bits = room_param(2);
  col_bits = room_param(3);
  pb = room_param(4);
  most_bl = room_param(5);
  xmost = (1U << row_bits) - 1;
  dmost = (1U << col_bits) - 1;
}

START_TEST(trains_follow_the_reference) {
  seed_rng("xt_upd_mgr", 4);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    const int rounds = 60000 / (n + m + 60);
    for (int k = 0; k < rounds; k++) {
      struct xt_um_in in = random_in();
      codes((uint32_t)(rng_one_in(12) ? 0 : rng_in(1, xmost)), (uint32_t)(rng_one_in(12) ? 0 : rng_in(1, dmost)));
      train(&in, rng_one_in(30) ? (int)rng_in(0, 4) : -1);
    }
  }
}
END_TEST

/* Q = k 2^e, and one mantissa beside it: BL = k, and k or k + 1; at the cap and one beyond. */
START_TEST(quotients_are_exact) {
  seed_rng("xt_upd_mgr", 5);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    for (int k = 0; k < 800; k++) {
      struct xt_um_in in = random_in();
      in.mode = rng_one_in(2) ? XT_UM_UBLM : XT_UM_UM;
      const int bx = (int)rng_in(0, row_bits - 1), bd = (int)rng_in(0, col_bits - 1);
      const uint32_t bl = (uint32_t)(rng_one_in(2) ? in.cap : rng_in(1, most_bl + 1));
      int shift = 16 - xt_bitlen(bl);
      shift = (int)rng_in(0, shift);
      in.man = bl << shift;
      in.e = bx + bd + shift;
      codes(1U << bx, 1U << bd);
      train(&in, -1);
      if (in.mode == XT_UM_UBLM) must(get().bl == (bl < in.cap ? bl : in.cap), "BL of %u 2^%d / 2^%d", bl, in.e, in.e);
      in.man += rng_one_in(2) ? 1 : UINT32_MAX;
      in.man &= 65535;
      train(&in, -1);
    }
  }
}
END_TEST

/* COUNT without a fraction, and at halves of a pulse. */
START_TEST(counts_are_exact) {
  seed_rng("xt_upd_mgr", 6);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    for (int k = 0; k < 600; k++) {
      struct xt_um_in in = random_in();
      in.mode = XT_UM_COUNT;
      in.e = (int32_t)rng_in(0, 2);
      if (rng_one_in(2)) in.e = 0;
      const uint32_t dm = (uint32_t)rng_in(1, dmost);
      in.man = (in.cap << in.e) / dm + (uint32_t)rng_in(0, 1);
      if (rng_one_in(4)) in.man = (uint32_t)rng_in(1, 3);
      codes((uint32_t)rng_in(1, xmost), dm);
      train(&in, -1);
    }
  }
}
END_TEST

/* Factors that round up to 2^20. */
START_TEST(a_factor_carries_into_bit_20) {
  seed_rng("xt_upd_mgr", 7);
  for (int s = 0; s < room_sizes(); s++) {
    int found = 0;
    select_size(s);
    for (uint32_t cap = 1; cap <= (uint32_t)most_bl; cap++)
      for (uint32_t xm = 1; xm <= xmost; xm++)
        for (int bits = 21; bits < 50; bits++) {
          const uint64_t part = (uint64_t)xm * xt_recip(cap), man = ((UINT64_C(1) << bits) - 1) / part, f = man * part;
          if (man > 65535 || man == 0 || xt_shr_round(f, bits - 20) != 1U << 20 || found > 300) continue;
          struct xt_um_in in = random_in();
          in.mode = XT_UM_UM;
          in.man = (uint32_t)man;
          in.cap = cap;
          in.e = (int32_t)rng_in(20, 40);
          codes(xm, (uint32_t)rng_in(1, dmost));
          train(&in, -1);
          found++;
        }
    ck_assert_msg(found > 0 || most_bl == 1, "%dx%d: no factor carries", n, m);
  }
}
END_TEST

/* The largest and smallest of everything. */
START_TEST(corners) {
  seed_rng("xt_upd_mgr", 8);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    const uint32_t xs[] = {0, 1, xmost}, ds[] = {0, 1, dmost}, mans[] = {0, 1, 65535}, caps[] = {1, (uint32_t)most_bl};
    const int es[] = {0, 1, 31, 32, 62, 63};
    for (int k = 0; k < 3 * 3 * 3 * 2 * 6 * 4; k++) {
      struct xt_um_in in = random_in();
      int at = k;
      const uint32_t xm = xs[at % 3], dm = ds[(at /= 3) % 3];
      in.man = in.scale_x = in.scale_d = mans[(at /= 3) % 3];
      in.cap = caps[(at /= 3) % 2];
      in.e = in.scale_d_exp = in.scale_x_exp = es[(at /= 2) % 6];
      in.mode = (enum xt_um_mode)(at / 6);
      codes(xm, dm);
      train(&in, -1);
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {trains_follow_the_reference, quotients_are_exact, counts_are_exact,
                                a_factor_carries_into_bit_20, corners};
  return room_main("xt_upd_mgr", tests, sizeof tests / sizeof *tests);
}
