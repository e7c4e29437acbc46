/* SPDX-License-Identifier: Apache-2.0 */
/* xt_adc against refc/xt_adc.h: every trial code, every result, the lines at a rail and those whose integrator reached
 * its limit, the corrections. */
#include "room.h"
#include "xt_adc.h"

enum { LINES = 512 };

static struct xt_dim dim;
static int lines, units;
static int32_t code[LINES]; /* of the units */
static int32_t result[LINES];
static int16_t cal[LINES]; /* corrections of the units */
static int rails_valid, rails, overs;

static struct pins {
  int sar, slot, latch, share, dir, cut; /* slot: as in the record: the bit, or the number of a ramp's trial */
  int calibrate;                         /* the LATCH ends a CALIBRATE */
  int next_sar, next_slot;               /* the next cycle */
  int cal_set, cal_sel;                  /* a write of CAL, CAL_SEL */
  int32_t cal_data, offset;
  uint32_t cmp[LINES / 32], over[LINES / 32];
} in;

static void put(void) {
  room_put((uint64_t)in.sar, 1);
  room_put((uint64_t)in.slot, 12);
  room_put((uint64_t)in.latch, 1);
  room_put((uint64_t)in.share, 6);
  room_put((uint64_t)in.dir, 1);
  room_put((uint64_t)in.cut, 1);
  room_put((uint64_t)in.calibrate, 1);
  room_put((uint64_t)in.next_sar, 1);
  room_put((uint64_t)in.next_slot, 12);
  room_put((uint64_t)in.offset, dim.adc_bits);
  room_put((uint64_t)in.cal_sel, 16);
  room_put((uint64_t)in.cal_set, 1);
  room_put((uint64_t)in.cal_data, dim.adc_bits);
  room_put_words(in.cmp, units);
  room_put_words(in.over, units);
  room_settle();
}

static int32_t get_code(void) {
  return xt_sext((uint32_t)room_get(dim.adc_bits), (unsigned)dim.adc_bits);
}

/* What the block shows in this cycle; next: the codes after a LATCH (0 in other cycles). */
static void expect(const int32_t *trial, const int32_t *next, const char *when) {
  for (int u = 0; u < units; u++) {
    const int32_t got = get_code();
    must(got == (trial ? trial[u] : 0), "%dx%d %s: trial of unit %d is %d", dim.n, dim.m, when, u, got);
  }
  for (int l = 0; l < lines; l++) {
    const int32_t got = get_code();
    must(got == result[l], "%dx%d %s: code of line %d is %d, not %d", dim.n, dim.m, when, l, got, result[l]);
  }
  for (int l = 0; l < dim.m; l++) {
    const int32_t got = get_code();
    must(got == (next ? next[l] : 0), "%dx%d %s: next code of line %d is %d", dim.n, dim.m, when, l, got);
  }
  must((int)room_get(1) == rails_valid, "%dx%d %s: rails_valid", dim.n, dim.m, when);
  const int got = (int)room_get(16);
  must(!rails_valid || got == rails, "%dx%d %s: %d lines at a rail, not %d", dim.n, dim.m, when, got, rails);
  const int32_t shown = get_code(), want = in.cal_sel < units ? cal[in.cal_sel] : 0;
  must(shown == want, "%dx%d %s: CAL of unit %d is %d, not %d", dim.n, dim.m, when, in.cal_sel, shown, want);
  const int got_overs = (int)room_get(16);
  must(!rails_valid || got_overs == overs, "%dx%d %s: %d integrators at their limit, not %d", dim.n, dim.m, when,
       got_overs, overs);
}

/* The next cycle looks at another unit's correction. */
static void end_cycle(void) {
  room_clock();
  rails_valid = in.latch;
  in.cal_sel = (int)(rng_one_in(8) ? rng_in(units, 65535) : rng_in(0, units - 1));
}

/* A host writes CAL: a legal value, of a unit that exists. */
static void write_cal(void) {
  in.cal_sel = (int)rng_in(0, units - 1);
  in.cal_data = (int32_t)(rng_one_in(3) ? (rng_one_in(2) ? 1 : -1) * dim.adcmax : rng_in(-5, 5));
  in.cal_set = 1;
  put();
  expect(NULL, NULL, "write of CAL");
  cal[in.cal_sel] = (int16_t)in.cal_data;
  end_cycle();
  in.cal_set = 0;
}

static void after_reset(void) {
  room_reset();
  for (int l = 0; l < LINES; l++) result[l] = cal[l] = 0;
  rails_valid = 0;
}

/* The next cycle is conversion cycle k; -1: none. */
static void next_is(int k) {
  in.next_sar = k >= 0;
  in.next_slot = k >= 0 ? (int)xt_adc_slot(&dim, k) : 0;
}

/* All share slots; false: cut, by the sequencer or a hardware reset. */
static int conversion(const int32_t *v, const uint32_t *over, int calibrate) {
  int32_t trial[LINES], next[LINES];
  const int sensed = in.dir ? dim.n : dim.m;
  next_is(0); /* HOLD */
  put();
  expect(NULL, NULL, "HOLD");
  end_cycle();
  for (int a = 0; a < dim.share; a++) {
    in.share = a;
    for (int u = 0; u < units; u++) code[u] = xt_adc_first(&dim);
    for (int k = 0; k < dim.conv; k++) {
      in.sar = 1;
      in.slot = (int)xt_adc_slot(&dim, k);
      in.latch = 0;
      for (int u = 0; u < units; u++) {
        const int l = u * dim.share + a;
        /* a comparator with noise may say anything */
        const uint32_t cmp =
            l < lines && !rng_one_in(20) ? v[l] >= xt_adc_trial(&dim, code[u], k) : (uint32_t)rng_in(0, 1);
        trial[u] = xt_adc_trial(&dim, code[u], k);
        code[u] = xt_adc_step(&dim, code[u], k, cmp);
        in.cmp[u / 32] = (in.cmp[u / 32] & ~(1U << u % 32)) | cmp << u % 32;
        const uint32_t reached = l < (in.dir ? dim.n : dim.m) && (over[l / 32] >> l % 32 & 1);
        in.over[u / 32] = (in.over[u / 32] & ~(1U << u % 32)) | reached << u % 32;
      }
      in.cut = rng_one_in(300);
      next_is(k + 1 < dim.conv && !in.cut ? k + 1 : -1);
      put();
      expect(trial, NULL, "SAR");
      end_cycle();
      if (in.cut) return 0;
      if (rng_one_in(400)) {
        after_reset();
        return 0;
      }
    }
    in.sar = 0;
    in.latch = 1;
    in.slot = 0;
    in.calibrate = calibrate && a == dim.share - 1;
    next_is(a + 1 < dim.share ? 0 : -1);
    rails = overs = 0;
    for (int l = 0; l < lines; l++) next[l] = result[l];
    for (int u = 0; u < units; u++) {
      const int l = u * dim.share + a;
      bool rail;
      if (l >= lines || l >= sensed) continue;
      next[l] = xt_adc_latch(&dim, code[u], in.offset + cal[u], &rail);
      rails += rail;
      overs += (int)(over[l / 32] >> l % 32 & 1);
    }
    put();
    expect(code, next, "LATCH");
    end_cycle();
    for (int l = 0; l < lines; l++) result[l] = next[l];
    if (in.calibrate) {
      int16_t codes[LINES];
      for (int l = 0; l < lines; l++) codes[l] = (int16_t)result[l];
      xt_adc_calibrate(&(struct xt_adc){.cal = cal}, &dim, codes);
    }
    in.calibrate = 0;
  }
  in.latch = 0;
  put();
  expect(NULL, NULL, "after LATCH");
  end_cycle();
  return 1;
}

static void size(int which) {
  int32_t v[LINES];
  room_select(which);
  const struct xt_shape shape = {.n = room_param(0),
                                 .m = room_param(1),
                                 .code_bits = 7,
                                 .adc_bits = room_param(2),
                                 .adc_share = room_param(3),
                                 .adc_kind = room_param(4),
                                 .bl_max = 31,
                                 .state_bits = 16,
                                 .prob_bits = 16};
  char err[160];
  must(xt_dim_init(&dim, &shape, err, sizeof err) == 0, "%s", err);
  lines = dim.lines;
  units = dim.units;
  after_reset();
  const int cycles = lines * dim.share * (dim.ramp ? dim.conv / 8 : 1),
            rounds = 6000 / (cycles > 300 ? 300 : cycles) + 8;
  for (int round = 0; round < rounds; round++) {
    uint32_t over[LINES / 32];
    const int calibrate = rng_one_in(4);
    in = (struct pins){.dir = calibrate ? dim.n > dim.m : rng_one_in(2)};
    if (rng_one_in(3)) write_cal();
    for (int w = 0; w < LINES / 32; w++) over[w] = rng_one_in(2) ? 0 : (uint32_t)rng64();
    in.offset = (int32_t)(rng_one_in(3) ? 0 : rng_in(-dim.adcmax, dim.adcmax));
    if (rng_one_in(4)) in.offset = rng_one_in(2) ? dim.adcmax : -dim.adcmax;
    for (int l = 0; l < lines; l++) { /* also beyond both rails, and at them */
      v[l] = (int32_t)rng_in(-dim.adcmax - 3, dim.adcmax + 3);
      if (rng_one_in(4)) v[l] = (int32_t)((rng_one_in(2) ? 1 : -1) * (dim.adcmax + rng_in(-1, 2)));
    }
    if (conversion(v, over, calibrate)) continue;
    in.sar = in.slot = in.latch = in.cut = in.calibrate = 0;
    next_is(-1);
    put();
    expect(NULL, NULL, "after a cut or a reset");
    end_cycle();
  }
}

START_TEST(conversions_follow_the_reference) {
  seed_rng("xt_adc", 2);
  for (int s = 0; s < room_sizes(); s++) size(s);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {conversions_follow_the_reference};
  return room_main("xt_adc", tests, 1);
}
