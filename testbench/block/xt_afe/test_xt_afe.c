/* SPDX-License-Identifier: Apache-2.0 */
/* xt_afe against refc/xt_afe.c: reads of either side with every error of the front end, comparators and limits of every
 * cycle. */
#include <string.h>

#include "room.h"
#include "xt_afe.h"
#include "xt_bits.h"

enum { LINES = 64, DEVICES = 1024 };

static int n, m, lines, units, adc_bits, share, cur_bits;
static bool holds; /* what is held is a read's: from its HOLD to the next read, in which no one looks */

static int32_t state[XT_NUM_PLANES][DEVICES];
static struct xt_array array;
static struct xt_array_cfg cfg;
static struct xt_dim dim;
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
  for (int u = 0; u < units; u++) room_put((uint64_t)in.code[u], adc_bits);
  for (int l = 0; l < slots; l++) room_put((uint64_t)in.cur[l], cur_bits);
  for (int l = 0; l < slots; l++) room_put((uint64_t)in.back[l], 64);
  room_settle();
}

/* A code around the held value of a line, where the comparator turns; or any. */
static int32_t near(int line, int sensed) {
  const int32_t most = (1 << (adc_bits - 1)) - 1;
  if (line >= sensed || rng_one_in(4)) return (int32_t)rng_in(-most - 1, most);
  const int64_t half = in.range ? INT64_C(1) << (in.range - 1) : 0;
  int64_t code = xt_sra(afe.v[line] + half, (unsigned)in.range) + rng_in(-1, 1);
  if (rng_one_in(2)) { /* where the unit's errors put it */
    const int unit = line / share;
    const int64_t level = xt_afe_level(afe.v[line], afe.gain[unit], (uint32_t)in.range) - afe.offset[unit];
    code = xt_sra(level, 8) + rng_in(-1, 1);
  }
  return (int32_t)(code < -most - 1 ? -most - 1 : code > most ? most : code);
}

/* A cycle of what `in` says, its comparators first. */
static void cycle(void) {
  const int sensed = in.dir ? n : m;
  in.slot = (int)(rng_one_in(3) ? share - 1 : rng_in(0, share - 1));
  for (int u = 0; u < units; u++) in.code[u] = near(u * share + in.slot, sensed);
  put();
  for (int u = 0; u < units; u++) {
    const int l = u * share + in.slot;
    const int want = in.conv && l < sensed && holds && (int)xt_afe_cmp(&afe, l, (uint32_t)in.range, in.code[u]);
    const int got = (int)room_get(1);
    must(got == want || (in.conv && !holds && l < sensed), "%dx%d share %d: unit %d in slot %d, range %d, code %d: %d",
         n, m, share, u, in.slot, in.range, in.code[u], got);
  }
  for (int u = 0; u < units; u++) {
    const int l = u * share + in.slot;
    const int want = in.conv && l < sensed && afe.over[l], got = (int)room_get(1);
    must(got == want || (in.conv && !holds && l < sensed), "%dx%d share %d: limit of unit %d in slot %d: %d", n, m,
         share, u, in.slot, got);
  }
  room_clock();
  if (in.conv) xt_afe_conv(&afe);
  in.cfg_valid = in.fabricate = in.clear = in.integ = in.halve = in.hold = in.conv = 0;
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

static uint32_t some(uint32_t most) { /* none, few, any, the most */
  const int kind = (int)rng_in(0, 3);
  return kind == 0 ? 0 : kind == 1 ? (uint32_t)rng_in(1, most / 64) : kind == 2 ? (uint32_t)rng_in(0, most) : most;
}

/* New states, seed and errors; ideal: none but read noise. */
static void fabricate(bool ideal) {
  const int64_t most = dim.fs - 1;
  for (int p = 0; p < XT_NUM_PLANES; p++)
    for (int k = 0; k < n * m; k++) state[p][k] = (int32_t)rng_in(-most, most);
  cfg.seed = (uint32_t)rng64();
  cfg.read_noise = rng_one_in(3) ? 0 : (uint32_t)rng_in(1, 4096);
  if (rng_one_in(3)) cfg.read_noise = (uint32_t)1 << 24;
  cfg.int_max = ideal ? 0 : rng_one_in(3) ? UINT32_MAX : some(1U << (cur_bits == 32 ? 20 : 28));
  cfg.ref_spread = ideal ? 0 : some(65535);
  cfg.mirror = ideal ? 0 : some(65535);
  cfg.adc_offs = ideal ? 0 : some(65535);
  cfg.adc_gain = ideal ? 0 : some(65535);
  cfg.adc_weight = ideal ? 0 : some(65535);
  cfg.cmp_noise = ideal ? 0 : some(65535);
#define FIELD(NAME, name, field, lo, hi, text) configure(XT_CFG_GLOBALS + field, cfg.name);
  XT_DEV_GLOBAL_TABLE(FIELD)
#undef FIELD
  configure((int)rng_in(0, XT_CFG_GLOBALS - 1), (uint32_t)rng64()); /* of a plane: not for the front end */
  in.fabricate = 1;
  cycle();
  xt_afe_fabricate(&afe, &cfg);
}

/* A slot of INTEG: random lines driven; the currents are what the selected planes give under them. */
static void integrate(const struct xt_select *select) {
  uint32_t act[2][LINES / 32], pol[2][LINES / 32];
  for (int side = 0; side < 2; side++) {
    for (int w = 0; w < LINES / 32; w++) {
      act[side][w] = side == in.dir ? (uint32_t)rng64() : 0;
      pol[side][w] = act[side][w] & (uint32_t)rng64();
    }
  }
  const struct xt_drives drives = {.row_act = act[0], .row_pol = pol[0], .col_act = act[1], .col_pol = pol[1]};
  xt_afe_currents(&afe, &array, select, in.dir, &drives);
  for (int l = 0; l < LINES; l++) { /* no one looks at lines beyond the sensed side */
    const bool sensed = l < (in.dir ? n : m);
    in.cur[l] = sensed ? afe.cur[l] : (int64_t)rng64();
    in.back[l] = sensed && cfg.mirror > 0 ? afe.back[l] : (int64_t)rng64();
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
  const int until = (int)rng_in(0, 2 * adc_bits + 4);
  int64_t largest = 1;
  for (int l = 0; l < (in.dir ? n : m); l++) largest |= afe.v[l] < 0 ? -afe.v[l] : afe.v[l];
  int bits = 0;
  while (largest >> bits) bits++;
  for (int k = 0; k < until; k++) { /* ranges where codes differ, and any */
    const int fit = bits + 1 > adc_bits ? bits + 1 - adc_bits : 0;
    in.range = (int)(rng_one_in(4) ? rng_in(0, 48) : rng_in(fit, fit + adc_bits));
    if (in.range > 48) in.range = 48;
    in.conv = !rng_one_in(6);
    cycle();
  }
}

static void size(int which) {
  room_select(which);
  n = room_param(0), m = room_param(1), adc_bits = room_param(2), share = room_param(3), cur_bits = room_param(4);
  lines = n > m ? n : m;
  units = xt_ceil_div(lines, share);
  const struct xt_shape shape = {.n = n,
                                 .m = m,
                                 .code_bits = 7,
                                 .adc_bits = adc_bits,
                                 .adc_share = share,
                                 .adc_kind = room_param(5),
                                 .bl_max = 31,
                                 .state_bits = cur_bits == 32 ? 16 : 24,
                                 .prob_bits = 16};
  struct xt_room memory = {0};
  char err[160];
  ck_assert_int_eq(xt_dim_init(&dim, &shape, err, sizeof err), 0);
  xt_afe_room(&afe, &dim, &memory);
  ck_assert(!memory.failed);
  holds = false;
  memset(&in, 0, sizeof in);
  array = (struct xt_array){.n = n, .m = m, .fabricated = true};
  for (int p = 0; p < XT_NUM_PLANES; p++) array.plane[p] = (struct xt_plane){.n = n, .m = m, .sw = 32, .w32 = state[p]};
  for (int round = 0; round < 16; round++) {
    fabricate(rng_one_in(4));
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
