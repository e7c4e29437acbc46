/* SPDX-License-Identifier: Apache-2.0 */
/* xt_afe against refc/xt_afe.c: reads of either side with noise, every comparator of every cycle. */
#include <string.h>

#include "room.h"
#include "xt_afe.h"
#include "xt_bits.h"

enum { LINES = 64, DEVICES = 1024 };

static int n, m, lines, units, adc_bits, share, cur_bits;
static int alive;  /* cycles in which the comparators look */
static bool holds; /* what is held is a read's: from its HOLD to the next read, in which no one looks */

static int32_t state[XT_NUM_PLANES][DEVICES];
static struct xt_array array;
static struct xt_array_cfg cfg;
static int64_t acc[LINES], held[LINES], value[LINES];
static struct xt_afe afe = {.mb = 6, .acc = acc, .v = held, .value = value};

static struct pins {
  int cfg_valid, cfg_addr;
  uint32_t cfg_data;
  int fabricate, clear, integ, halve, hold, dir, sel, slot, range;
  int32_t code[LINES];
  int64_t cur[LINES];
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
  room_put((uint64_t)in.dir, 1);
  room_put((uint64_t)in.sel, 3);
  room_put((uint64_t)in.slot, 6);
  room_put((uint64_t)in.range, 6);
  for (int u = 0; u < units; u++) room_put((uint64_t)in.code[u], adc_bits);
  for (int l = 0; l < slots; l++) room_put((uint64_t)in.cur[l], cur_bits);
  room_settle();
}

/* A code around the held value of a line, where the comparator turns; or any. */
static int32_t near(int line, int sensed) {
  const int32_t most = (1 << (adc_bits - 1)) - 1;
  if (line >= sensed || rng_one_in(4)) return (int32_t)rng_in(-most - 1, most);
  const int64_t half = in.range ? INT64_C(1) << (in.range - 1) : 0;
  const int64_t code = xt_sra(held[line] + half, (unsigned)in.range) + rng_in(-1, 1);
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
    const int want = alive > 0 && l < sensed && xt_afe_cmp(&afe, l, (uint32_t)in.range, in.code[u]);
    const int got = (int)room_get(1);
    must(got == want || (alive > 0 && !holds && l < sensed),
         "%dx%d share %d: unit %d in slot %d, range %d, code %d: %d", n, m, share, u, in.slot, in.range, in.code[u],
         got);
  }
  room_clock();
  alive -= alive > 0;
  if (in.hold) alive = share * (adc_bits + 1);
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

/* New states, seed and read noise: none, some, the most. */
static void fabricate(void) {
  const int64_t most = cur_bits == 32 ? 32767 : INT64_C(1) << 28;
  for (int p = 0; p < XT_NUM_PLANES; p++)
    for (int k = 0; k < n * m; k++) state[p][k] = (int32_t)rng_in(-most, most);
  cfg.seed = (uint32_t)rng64();
  cfg.read_noise = rng_one_in(3) ? 0 : (uint32_t)rng_in(1, 4096);
  if (rng_one_in(3)) cfg.read_noise = (uint32_t)1 << 24;
  configure(XT_CFG_GLOBALS + XT_DEV_GLOBAL_SEED, cfg.seed);
  configure((int)rng_in(0, XT_CFG_GLOBALS - 1), (uint32_t)rng64()); /* of a plane: not for the front end */
  configure(XT_CFG_GLOBALS + XT_DEV_GLOBAL_READ_NOISE, cfg.read_noise);
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
  for (int l = 0; l < LINES; l++) in.cur[l] = (int64_t)rng64(); /* no one looks at lines beyond the sensed side */
  for (int l = 0; l < (in.dir ? n : m); l++) {
    in.cur[l] = 0;
    for (int d = 0; d < (in.dir ? m : n); d++) {
      const int k = in.dir ? l * m + d : d * m + l;
      if (!xt_bit(act[in.dir], d)) continue;
      for (int p = 0; p < XT_NUM_PLANES; p++)
        in.cur[l] += (int64_t)(xt_bit(pol[in.dir], d) ? 1 : -1) * select->coefficient[p] * state[p][k];
    }
  }
  in.integ = 1;
  in.halve = rng_one_in(2);
  const bool halve = in.halve;
  cycle();
  xt_afe_integ(&afe, &array, select, in.dir, halve, &drives);
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
  /* To the end of the conversion and beyond; or the next read comes before it. */
  const int until = (int)(rng_one_in(4) ? rng_in(0, alive) : alive + 2);
  int64_t largest = 1;
  for (int l = 0; l < (in.dir ? n : m); l++) largest |= held[l] < 0 ? -held[l] : held[l];
  int bits = 0;
  while (largest >> bits) bits++;
  for (int k = 0; k < until; k++) { /* ranges where codes differ, and any */
    const int fit = bits + 1 > adc_bits ? bits + 1 - adc_bits : 0;
    in.range = (int)(rng_one_in(4) ? rng_in(0, 48) : rng_in(fit, fit + adc_bits));
    if (in.range > 48) in.range = 48;
    cycle();
  }
}

static void size(int which) {
  room_select(which);
  n = room_param(0), m = room_param(1), adc_bits = room_param(2), share = room_param(3), cur_bits = room_param(4);
  lines = n > m ? n : m;
  units = xt_ceil_div(lines, share);
  alive = 0;
  holds = false;
  memset(&in, 0, sizeof in);
  array = (struct xt_array){.n = n, .m = m, .fabricated = true};
  for (int p = 0; p < XT_NUM_PLANES; p++) array.plane[p] = (struct xt_plane){.n = n, .m = m, .sw = 32, .w32 = state[p]};
  afe.n = n, afe.m = m;
  for (int l = 0; l < LINES; l++) acc[l] = held[l] = 0;
  for (int round = 0; round < 8; round++) {
    fabricate();
    for (int k = 0; k < 5; k++) read_lines();
  }
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
