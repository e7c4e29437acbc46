/* SPDX-License-Identifier: Apache-2.0 */
/* xt_adc against refc/xt_adc.h: every trial code, every result, the lines at a rail. */
#include "room.h"
#include "xt_adc.h"

enum { LINES = 512 };

static struct xt_dim dim;
static int lines, units;
static int32_t code[LINES]; /* of the units */
static int32_t result[LINES];
static int rails_valid, rails;

static struct pins {
  int sar, bit, latch, share, dir, cut;
  int32_t offset;
  uint32_t cmp[LINES / 32];
} in;

static void put(void) {
  room_put((uint64_t)in.sar, 1);
  room_put((uint64_t)in.bit, 4);
  room_put((uint64_t)in.latch, 1);
  room_put((uint64_t)in.share, 6);
  room_put((uint64_t)in.dir, 1);
  room_put((uint64_t)in.cut, 1);
  room_put((uint64_t)in.offset, dim.adc_bits);
  room_put_words(in.cmp, units);
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
}

static void end_cycle(void) {
  room_clock();
  rails_valid = in.latch;
}

static void after_reset(void) {
  room_reset();
  for (int l = 0; l < LINES; l++) result[l] = 0;
  rails_valid = 0;
}

/* All share slots; false: cut, by the sequencer or a hardware reset. */
static int conversion(const int32_t *v) {
  int32_t trial[LINES], next[LINES];
  const int sensed = in.dir ? dim.n : dim.m;
  for (int a = 0; a < dim.share; a++) {
    in.share = a;
    for (int u = 0; u < units; u++) code[u] = xt_adc_first(&dim);
    for (int b = dim.adc_bits - 1; b >= 0; b--) {
      in.sar = 1;
      in.bit = b;
      in.latch = 0;
      for (int u = 0; u < units; u++) {
        const int l = u * dim.share + a;
        const uint32_t cmp = l < lines ? v[l] >= xt_adc_trial(code[u], b) : (uint32_t)rng_in(0, 1);
        trial[u] = xt_adc_trial(code[u], b);
        code[u] = xt_adc_step(code[u], b, cmp);
        in.cmp[u / 32] = (in.cmp[u / 32] & ~(1U << u % 32)) | cmp << u % 32;
      }
      in.cut = rng_one_in(300);
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
    rails = 0;
    for (int l = 0; l < lines; l++) next[l] = result[l];
    for (int u = 0; u < units; u++) {
      const int l = u * dim.share + a;
      bool rail;
      if (l >= lines || l >= sensed) continue;
      next[l] = xt_adc_latch(&dim, code[u], in.offset, &rail);
      rails += rail;
    }
    put();
    expect(code, next, "LATCH");
    end_cycle();
    for (int l = 0; l < lines; l++) result[l] = next[l];
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
  dim = (struct xt_dim){.n = room_param(0), .m = room_param(1), .adc_bits = room_param(2), .share = room_param(3)};
  dim.adcmax = (1 << (dim.adc_bits - 1)) - 1;
  lines = dim.n > dim.m ? dim.n : dim.m;
  units = xt_ceil_div(lines, dim.share);
  after_reset();
  const int rounds = 6000 / (lines * dim.share > 300 ? 300 : lines * dim.share) + 8;
  for (int round = 0; round < rounds; round++) {
    in = (struct pins){.dir = rng_one_in(2)};
    in.offset = (int32_t)(rng_one_in(3) ? 0 : rng_in(-dim.adcmax, dim.adcmax));
    if (rng_one_in(4)) in.offset = rng_one_in(2) ? dim.adcmax : -dim.adcmax;
    for (int l = 0; l < lines; l++) { /* also beyond both rails, and at them */
      v[l] = (int32_t)rng_in(-dim.adcmax - 3, dim.adcmax + 3);
      if (rng_one_in(4)) v[l] = (int32_t)((rng_one_in(2) ? 1 : -1) * (dim.adcmax + rng_in(-1, 2)));
    }
    if (conversion(v)) continue;
    in.sar = in.latch = in.cut = 0;
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
