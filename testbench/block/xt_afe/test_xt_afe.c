/* SPDX-License-Identifier: Apache-2.0 */
/* xt_afe against refc/xt_afe.c: reads of either side from the currents of the lines, with a limit, mirrors and noise;
 * every comparator and overload of every cycle; all errors of converters, of both kinds. */
#include <string.h>

#include "room.h"
#include "xt_afe.h"
#include "xt_bits.h"

enum { LINES = 64 };

static struct xt_dim dim;
static int lines, units, cur_bits;
static int alive;  /* cycles in which the comparators look */
static bool holds; /* what is held is a read's: from its HOLD to the next read, in which no one looks */

static struct xt_array_cfg cfg;
static struct xt_afe afe;

static struct pins {
  int cfg_valid, cfg_addr;
  uint32_t cfg_data;
  int fabricate, clear, integ, halve, hold, conv, dir, sel, slot, range;
  int32_t code[LINES];
  int64_t cur[LINES], back[LINES];
} in;

static void put(void) {
  int slots = 2; /* of the currents: a power of two */
  while (slots < lines) slots *= 2;
  room_put((uint64_t)in.cfg_valid, 1);
  room_put((uint64_t)in.cfg_addr, 8);
  room_put(in.cfg_data, 32);
  room_put((uint64_t)in.fabricate, 1);
  room_put((uint64_t)in.clear, 1);
  room_put((uint64_t)in.integ, 1);
  room_put((uint64_t)in.halve, 1);
  room_put((uint64_t)in.hold, 1);
  room_put((uint64_t)in.conv, 1);
  room_put((uint64_t)in.dir, 1);
  room_put((uint64_t)in.sel, 3);
  room_put((uint64_t)in.slot, 6);
  room_put((uint64_t)in.range, 6);
  for (int u = 0; u < units; u++) room_put((uint64_t)in.code[u], dim.adc_bits);
  for (int l = 0; l < slots; l++) room_put((uint64_t)in.cur[l], cur_bits);
  for (int l = 0; l < slots; l++) room_put((uint64_t)in.back[l], 64);
  room_settle();
}

static int sensed_lines(void) {
  return in.dir ? dim.n : dim.m;
}

/* A code around where the line's comparator turns; or any. */
static int32_t near(int line) {
  const int32_t most = dim.adcmax;
  if (line >= sensed_lines() || rng_one_in(4)) return (int32_t)rng_in(-most - 1, most);
  const int unit = line / dim.share;
  const int64_t level = xt_afe_level(afe.v[line], afe.gain[unit], (uint32_t)in.range) - afe.offset[unit];
  return (int32_t)xt_clamp(xt_sra(level, 8) + rng_in(-1, 1), -most - 1, most);
}

/* A cycle of what `in` says, its comparators first. */
static void cycle(void) {
  in.slot = (int)(rng_one_in(3) ? dim.share - 1 : rng_in(0, dim.share - 1));
  in.conv = alive > 0 && holds ? rng_one_in(2) : 0;
  for (int u = 0; u < units; u++) in.code[u] = near(u * dim.share + in.slot);
  put();
  for (int u = 0; u < units; u++) {
    const int l = u * dim.share + in.slot;
    const int want = alive > 0 && l < sensed_lines() && xt_afe_cmp(&afe, l, (uint32_t)in.range, in.code[u]);
    const int got = (int)room_get(1);
    must(got == want || (alive > 0 && !holds && l < sensed_lines()),
         "%dx%d share %d: unit %d in slot %d, range %d, code %d: %d", dim.n, dim.m, dim.share, u, in.slot, in.range,
         in.code[u], got);
  }
  for (int u = 0; u < units; u++) {
    const int l = u * dim.share + in.slot, got = (int)room_get(1);
    if (alive > 0 && holds)
      must(got == (l < sensed_lines() && afe.over[l]), "%dx%d share %d: over of unit %d in slot %d is %d", dim.n, dim.m,
           dim.share, u, in.slot, got);
  }
  room_clock();
  if (in.conv) xt_afe_conv(&afe);
  alive -= alive > 0;
  if (in.hold) alive = dim.share * (dim.conv + 1);
  in.cfg_valid = in.fabricate = in.clear = in.integ = in.halve = in.hold = 0;
}

static void idle(int cycles) {
  for (int k = 0; k < cycles; k++) cycle();
}

static void configure(int address, uint32_t data) {
  in.cfg_valid = 1;
  in.cfg_addr = address;
  in.cfg_data = data;
  cycle();
}

/* Currents of a slot within what the array can give: half the bits, so that sums and products stay exact. */
static int64_t current(void) {
  const int64_t most = cur_bits == 32 ? INT64_C(1) << 28 : INT64_C(1) << 44;
  return rng_in(-most, most);
}

static uint32_t field(uint32_t usual) {
  return rng_one_in(3) ? 0 : (uint32_t)rng_in(1, rng_one_in(4) ? 65535 : usual);
}

/* A new seed, and new errors: none, some, the most. */
static void fabricate(void) {
  cfg = (struct xt_array_cfg){.seed = (uint32_t)rng64()};
  cfg.read_noise = rng_one_in(3) ? 0 : rng_one_in(3) ? (uint32_t)1 << 24 : (uint32_t)rng_in(1, 4096);
  cfg.int_max = rng_one_in(2) ? 0 : rng_one_in(4) ? UINT32_MAX : (uint32_t)rng_in(1, INT64_C(1) << 31);
  cfg.mirror = field(60);
  cfg.ref_spread = field(400);
  cfg.adc_offs = field(4000);
  cfg.adc_gain = field(300);
  cfg.adc_weight = field(6000);
  cfg.cmp_noise = field(800);
  configure((int)rng_in(0, XT_CFG_GLOBALS - 1), (uint32_t)rng64()); /* of a plane: not for the front end */
#define X(NAME, name, number, smallest, largest, text) configure((int)XT_CFG_GLOBALS + number, cfg.name);
  XT_DEV_GLOBAL_TABLE(X)
#undef X
  in.fabricate = 1;
  cycle();
  xt_afe_fabricate(&afe, &cfg);
}

/* A slot of INTEG. */
static void integrate(const struct xt_select *select) {
  for (int l = 0; l < LINES; l++) { /* no one looks at lines beyond the sensed side */
    in.cur[l] = current();
    in.back[l] = current();
    if (l >= lines) continue;
    afe.cur[l] = in.cur[l];
    afe.back[l] = in.back[l];
  }
  in.integ = 1;
  in.halve = rng_one_in(2);
  const bool halve = in.halve;
  cycle();
  xt_afe_integ(&afe, select, in.dir, halve);
}

static void read_lines(void) {
  uint32_t reg[256] = {0};
  reg[XT_CSR_GAMMA] = (uint32_t)rng_in(0, 256);
  in.sel = (int)rng_in(XT_SEL_A, XT_SEL_VISIBLE);
  if (rng_one_in(3)) in.sel = XT_SEL_VISIBLE;
  in.dir = rng_one_in(2);
  holds = false;
  in.range = (int)rng_in(0, 48);
  const struct xt_select select = xt_array_select(in.sel, reg);
  idle((int)rng_in(0, 2));
  in.clear = 1;
  cycle();
  xt_afe_clear(&afe);
  for (int k = (int)rng_in(0, 13); k > 0; k--) {
    integrate(&select);
    if (rng_one_in(8)) idle(1);
  }
  in.hold = 1;
  cycle();
  xt_afe_hold(&afe, &select, in.dir);
  holds = true;
  /* To the end of the conversion and beyond; or the next read comes before it. A ramp's is long. */
  const int all = alive < 200 ? alive + 2 : 200, until = (int)(rng_one_in(4) ? rng_in(0, all) : all);
  int64_t largest = 1;
  for (int l = 0; l < sensed_lines(); l++) largest |= afe.v[l] < 0 ? -afe.v[l] : afe.v[l];
  const int bits = xt_bitlen((uint64_t)largest);
  for (int k = 0; k < until; k++) { /* ranges where codes differ, and any */
    const int fit = bits + 1 > dim.adc_bits ? bits + 1 - dim.adc_bits : 0;
    in.range = (int)(rng_one_in(4) ? rng_in(0, 48) : rng_in(fit, fit + dim.adc_bits));
    if (in.range > 48) in.range = 48;
    cycle();
  }
}

static void size(int which) {
  room_select(which);
  cur_bits = room_param(4);
  const struct xt_shape shape = {.n = room_param(0),
                                 .m = room_param(1),
                                 .code_bits = 7,
                                 .adc_bits = room_param(2),
                                 .adc_share = room_param(3),
                                 .adc_kind = room_param(5),
                                 .bl_max = 31,
                                 .state_bits = 16,
                                 .prob_bits = 16};
  struct xt_room memory = {0};
  char err[160];
  must(xt_dim_init(&dim, &shape, err, sizeof err) == 0, "%s", err);
  lines = dim.lines;
  units = dim.units;
  alive = 0;
  holds = false;
  memset(&in, 0, sizeof in);
  memset(&afe, 0, sizeof afe);
  xt_afe_room(&afe, &dim, &memory);
  must(!memory.failed, "no memory");
  for (int round = 0; round < 8; round++) {
    fabricate();
    for (int k = 0; k < 5; k++) read_lines();
  }
  xt_room_free(&memory);
}

START_TEST(reads_follow_the_reference) {
  seed_rng("xt_afe", 12);
  for (int s = 0; s < room_sizes(); s++) size(s);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {reads_follow_the_reference};
  return room_main("xt_afe", tests, 1);
}
