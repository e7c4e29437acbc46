/* SPDX-License-Identifier: Apache-2.0 */
/* xt_adc against refc/xt_adc.h: every trial code, every result, corrections, lines at a rail and
 * at their limit. */
#include <string.h>

#include "room.h"
#include "xt_adc.h"

enum { LINES = 512 };

static struct xt_dim dim;
static int lines, units;
static bool noisy;          /* comparators */
static int32_t code[LINES]; /* of the units */
static int16_t result[LINES], cal[LINES];
static struct xt_adc adc = {.cal = cal};
static int rails_valid, rails, overs;

static struct pins {
  int sar, slot, latch, share, dir, cut, calibrate, next_sar, next_slot, cal_unit, cal_set;
  int32_t offset, cal;
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
  room_put((uint64_t)in.cal_unit, 16);
  room_put((uint64_t)in.cal_set, 1);
  room_put((uint64_t)in.cal, dim.adc_bits);
  room_put_words(in.cmp, units);
  room_put_words(in.over, units);
  room_settle();
}

static int32_t get_code(void) {
  return xt_sext((uint32_t)room_get(dim.adc_bits), (unsigned)dim.adc_bits);
}

/* What the block shows in this cycle. */
static void expect(const int32_t *trial, const char *when) {
  for (int u = 0; u < units; u++) {
    const int32_t got = get_code();
    must(got == (trial ? trial[u] : 0), "%dx%d %s: trial of unit %d is %d", dim.n, dim.m, when, u, got);
  }
  for (int l = 0; l < lines; l++) {
    const int32_t got = get_code();
    must(got == result[l], "%dx%d %s: code of line %d is %d, not %d", dim.n, dim.m, when, l, got, result[l]);
  }
  must((int)room_get(1) == rails_valid, "%dx%d %s: rails_valid", dim.n, dim.m, when);
  const int got = (int)room_get(16);
  must(!rails_valid || got == rails, "%dx%d %s: %d lines at a rail, not %d", dim.n, dim.m, when, got, rails);
  const int32_t got_cal = get_code(), want_cal = in.cal_unit < units ? cal[in.cal_unit] : 0;
  must(got_cal == want_cal, "%dx%d %s: correction %d is %d, not %d", dim.n, dim.m, when, in.cal_unit, got_cal,
       want_cal);
  const int got_overs = (int)room_get(16);
  must(!rails_valid || got_overs == overs, "%dx%d %s: %d lines at a limit, not %d", dim.n, dim.m, when, got_overs,
       overs);
}

static void end_cycle(void) {
  room_clock();
  rails_valid = in.latch;
  in.cal_unit = (int)rng_in(0, units + 1); /* who looks at corrections disturbs nothing */
}

static void after_reset(void) {
  room_reset();
  for (int l = 0; l < LINES; l++) result[l] = cal[l] = 0;
  rails_valid = 0;
}

/* What the next cycle is, if the conversion is not cut. */
static void announce(int sar, int k) {
  in.next_sar = sar;
  in.next_slot = sar ? (int)xt_adc_slot(&dim, k) : (int)rng_in(0, 4095);
}

/* All share slots; false: cut, by the sequencer or a hardware reset. */
static int conversion(const int32_t *v, const int *limit, int calibrate) {
  int32_t trial[LINES];
  int16_t next[LINES];
  const int sensed = in.dir ? dim.n : dim.m;
  overs = 0;
  announce(1, 0); /* HOLD */
  put();
  expect(NULL, "HOLD");
  end_cycle();
  for (int a = 0; a < dim.share; a++) {
    in.share = a;
    for (int u = 0; u < units; u++) code[u] = xt_adc_first(&dim);
    for (int k = 0; k < dim.conv; k++) {
      in.sar = 1;
      in.slot = (int)xt_adc_slot(&dim, k);
      in.latch = 0;
      announce(k + 1 < dim.conv, k + 1);
      for (int u = 0; u < units; u++) {
        const int l = u * dim.share + a;
        /* a comparator with noise: around v it says anything */
        const int32_t away = l < lines ? v[l] - xt_adc_trial(&dim, code[u], k) : 0;
        const uint32_t cmp = l < lines && (away > 1 || away < -1 || !noisy) ? away >= 0 : (uint32_t)rng_in(0, 1);
        trial[u] = xt_adc_trial(&dim, code[u], k);
        code[u] = xt_adc_step(&dim, code[u], k, cmp);
        in.cmp[u / 32] = (in.cmp[u / 32] & ~(1U << u % 32)) | cmp << u % 32;
        in.over[u / 32] = (in.over[u / 32] & ~(1U << u % 32)) | (l < lines ? (uint32_t)limit[l] : 1U) << u % 32;
      }
      in.cut = rng_one_in(dim.ramp ? 3000 : 300);
      if (in.cut) announce(0, 0);
      put();
      expect(trial, "SAR");
      end_cycle();
      if (in.cut) return 0;
      if (rng_one_in(dim.ramp ? 4000 : 400)) {
        after_reset();
        in.next_sar = in.sar = 0;
        return 0;
      }
    }
    in.sar = 0;
    in.latch = 1;
    in.calibrate = calibrate && a == dim.share - 1;
    announce(a + 1 < dim.share, 0);
    rails = 0;
    for (int l = 0; l < lines; l++) next[l] = result[l];
    for (int u = 0; u < units; u++) {
      const int l = u * dim.share + a;
      bool rail;
      if (l >= lines || l >= sensed) continue;
      next[l] = xt_adc_latch(&dim, code[u], in.offset + cal[u], &rail);
      rails += rail;
      overs += limit[l];
    }
    put();
    expect(code, "LATCH");
    end_cycle();
    for (int l = 0; l < lines; l++) result[l] = next[l];
    if (in.calibrate) xt_adc_calibrate(&adc, &dim, result);
    in.calibrate = 0;
  }
  in.latch = 0;
  announce(0, 0);
  put();
  expect(NULL, "after LATCH");
  end_cycle();
  return 1;
}

/* Corrections that the bus writes. */
static void correct(void) {
  for (int k = (int)rng_in(0, 3); k > 0; k--) {
    in.cal_unit = (int)rng_in(0, units + (units < 4));
    in.cal = (int32_t)(rng_one_in(3) ? (rng_one_in(2) ? dim.adcmax : -dim.adcmax) : rng_in(-dim.adcmax, dim.adcmax));
    in.cal_set = 1;
    put();
    expect(NULL, "a correction is written");
    const int unit = in.cal_unit;
    end_cycle();
    if (unit < units) cal[unit] = (int16_t)in.cal;
    in.cal_set = 0;
  }
}

static void size(int which) {
  int32_t v[LINES];
  int limit[LINES];
  room_select(which);
  dim = (struct xt_dim){.n = room_param(0), .m = room_param(1), .adc_bits = room_param(2), .share = room_param(3)};
  dim.ramp = room_param(4);
  dim.adcmax = (1 << (dim.adc_bits - 1)) - 1;
  dim.conv = dim.ramp ? 2 * dim.adcmax : dim.adc_bits;
  lines = dim.n > dim.m ? dim.n : dim.m;
  units = dim.units = xt_ceil_div(lines, dim.share);
  memset(&in, 0, sizeof in);
  after_reset();
  const int cost = lines * dim.share * (dim.ramp ? dim.conv / 8 : 1);
  const int rounds = 6000 / (cost > 300 ? 300 : cost) + 8;
  for (int round = 0; round < rounds; round++) {
    const int calibrate = rng_one_in(4);
    in = (struct pins){.dir = calibrate ? dim.n > dim.m : rng_one_in(2), .cal_unit = in.cal_unit};
    noisy = rng_one_in(3);
    in.offset = (int32_t)(rng_one_in(3) ? 0 : rng_in(-dim.adcmax, dim.adcmax));
    if (rng_one_in(4)) in.offset = rng_one_in(2) ? dim.adcmax : -dim.adcmax;
    correct();
    for (int l = 0; l < lines; l++) { /* also beyond both rails, and at them */
      v[l] = (int32_t)rng_in(-dim.adcmax - 3, dim.adcmax + 3);
      if (rng_one_in(4)) v[l] = (int32_t)((rng_one_in(2) ? 1 : -1) * (dim.adcmax + rng_in(-1, 2)));
      limit[l] = rng_one_in(3);
    }
    if (conversion(v, limit, calibrate)) continue;
    in.sar = in.latch = in.cut = in.calibrate = in.next_sar = 0;
    put();
    expect(NULL, "after a cut or a reset");
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
