/* SPDX-License-Identifier: Apache-2.0 */
/* xt_plane with its cells and laws against refc/xt_plane.c, xt_cell_*.c and xt_law_*.c: the digest and the currents of
 * every cycle. The digest tells any one device that differs. */
#include <math.h>

#include "room.h"
#include "xt_amp.h"
#include "xt_noise.h"
#include "xt_plane.h"

enum { LINES = 64, DEVICES = 33 * 17 + XT_SLACK, FAB_STUCK = 4 /* the fabrication's word of a stuck device */ };

static struct xt_plane_fixed16 fixed16[DEVICES];
static struct xt_plane_fixed32 fixed32[DEVICES];
static int16_t state16[DEVICES];
static int32_t state32[DEVICES];
static struct xt_plane plane;
static int cur_bits, number;
static uint32_t seed, digest;
static int64_t current[LINES];

static struct pins {
  int sel, cell, dir, clear, integ, pulse, act, duration, coef;
  uint32_t ctr;
  int cfg_valid;
  uint32_t cfg_addr, cfg_data;
  int fabricate, rescan, hold;
  uint32_t read_ctr;
  uint32_t row_act[2], row_pol[2], col_act[2], col_pol[2];
  uint8_t row_amp[LINES], col_amp[LINES];
} in;

static void put(void) {
  room_put((uint64_t)in.sel, 3);
  room_put((uint64_t)in.cell, 2);
  room_put((uint64_t)in.dir, 1);
  room_put((uint64_t)in.clear, 1);
  room_put((uint64_t)in.integ, 1);
  room_put((uint64_t)in.pulse, 1);
  room_put((uint64_t)in.act, 1);
  room_put((uint64_t)in.duration, 16);
  room_put((uint64_t)in.coef, 2);
  room_put(in.ctr, 32);
  room_put((uint64_t)in.cfg_valid, 1);
  room_put(in.cfg_addr, 8);
  room_put(in.cfg_data, 32);
  room_put((uint64_t)in.fabricate, 1);
  room_put((uint64_t)in.rescan, 1);
  room_put_words(in.row_act, plane.n);
  room_put_words(in.row_pol, plane.n);
  room_put_words(in.col_act, plane.m);
  room_put_words(in.col_pol, plane.m);
  uint32_t bits[(int)XT_AMP_BITS * LINES / 32];
  xt_amp_bits(in.row_amp, plane.n, bits);
  room_put_words(bits, (int)XT_AMP_BITS * plane.n);
  xt_amp_bits(in.col_amp, plane.m, bits);
  room_put_words(bits, (int)XT_AMP_BITS * plane.m);
  room_put((uint64_t)in.hold, 1);
  room_put(in.read_ctr, 32);
  room_settle();
}

/* The cycle, and what it leaves behind. */
static void cycle(const char *what) {
  put();
  room_clock();
  const uint32_t got = (uint32_t)room_get(32);
  must(got == digest, "%dx%d %s: digest %08x, not %08x", plane.n, plane.m, what, got, digest);
  const int lines = plane.n > plane.m ? plane.n : plane.m;
  for (int l = 0; l < lines; l++) {
    const uint64_t raw = room_get(cur_bits);
    const int64_t cur = cur_bits == 32 ? (int32_t)(uint32_t)raw : (int64_t)raw;
    must(cur == current[l], "%dx%d %s: current of line %d is %" PRId64 ", not %" PRId64, plane.n, plane.m, what, l, cur,
         current[l]);
  }
}

static void idle(void) {
  in.clear = in.integ = in.hold = in.pulse = in.act = in.cfg_valid = in.fabricate = in.rescan = 0;
}

static void select_size(int which) {
  room_select(which);
  in = (struct pins){0};
  plane = (struct xt_plane){.n = room_param(0), .m = room_param(1), .sw = room_param(2)};
  cur_bits = room_param(3);
  number = room_param(4);
  plane.first = (uint32_t)(number * plane.n * plane.m);
  if (plane.sw <= 16)
    plane.w16 = state16, plane.fixed16 = fixed16;
  else
    plane.w32 = state32, plane.fixed32 = fixed32;
  digest = 0;
  for (int l = 0; l < LINES; l++) current[l] = 0;
}

/* ---------------------------------------------------------------- configuration, fabrication */

static int32_t any(int64_t lo, int64_t hi) {
  if (rng_one_in(8)) return (int32_t)lo;
  return (int32_t)(rng_one_in(8) ? hi : rng_in(lo, hi));
}

/* Every field anywhere in its range and at its limits; two of three such that states move, by some of their range. */
static struct xt_dev_cfg any_config(void) {
  const int32_t fs1 = (INT32_C(1) << (plane.sw - 1)) - 1;
  struct xt_dev_cfg c;
#define X(NAME, name, field, smallest, largest, text) c.name = any(smallest, largest);
  XT_DEV_TABLE(X)
#undef X
  c.shift = c.law == XT_LAW_MTJ && c.shift > 18 - plane.sw ? 18 - plane.sw : c.shift;
  if (rng_one_in(3)) return c;
  c.dw = (int32_t)rng_in(100, 8191);
  c.shift = (int32_t)rng_in(17, 22) - plane.sw;
  if (c.shift < -12) c.shift = -12;
  c.stuck = (int32_t)rng_in(0, 16384);
  c.w_max = (int32_t)rng_in(fs1 / 2, fs1);
  c.w_min = (int32_t)rng_in(fs1 / 2, fs1);
  c.exp_amp_up = (int32_t)rng_in(-4096, 4096);
  c.exp_amp_down = (int32_t)rng_in(-4096, 4096);
  c.exp_slope_up = (int32_t)rng_in(-8192, 8192);
  c.exp_slope_down = (int32_t)rng_in(-8192, 8192);
  c.exp_offset_up = (int32_t)rng_in(-2048, 2048);
  c.exp_offset_down = (int32_t)rng_in(-2048, 2048);
  return c;
}

/* Legal for law MTJ; chances of a flip between never and always, at least often. */
static void binary(struct xt_dev_cfg *c) {
  const int32_t most = 18 - plane.sw < 0 ? 18 - plane.sw : 0;
  c->c_c2c = 0;
  c->shift = (int32_t)rng_in(-12, most);
  if (rng_one_in(3)) return;
  c->dw = 1;
  c->mtj_up = (int32_t)rng_in(-1500, 500);
  c->mtj_down = (int32_t)rng_in(-1500, 500);
  c->mtj_half = (int32_t)rng_in(0, 1000);
  c->c_vc = rng_one_in(2) ? 0 : (int32_t)rng_in(0, 1000);
}

static void write_word(uint32_t addr, uint32_t data) {
  in.cfg_valid = 1;
  in.cfg_addr = addr;
  in.cfg_data = data;
  cycle("configuration");
  idle();
}

static void fabricate(const struct xt_dev_cfg *c) {
  const uint32_t first = (uint32_t)number * XT_CFG_STRIDE,
                 other = (uint32_t)(number + 1) % XT_NUM_PLANES * XT_CFG_STRIDE;
#define X(NAME, name, field, smallest, largest, text) write_word(first + (field), (uint32_t)c->name);
  XT_DEV_TABLE(X)
#undef X
  write_word(XT_CFG_GLOBALS + XT_DEV_GLOBAL_SEED, seed);
  write_word(other + (uint32_t)rng_in(0, XT_DEV_C_VC), (uint32_t)rng64()); /* not for this plane */
  write_word(XT_CFG_GLOBALS + XT_DEV_GLOBAL_READ_NOISE, (uint32_t)rng64());
  xt_plane_fabricate(&plane, c, seed);
  digest = xt_plane_digest(&plane);
  in.fabricate = 1;
  cycle("fabrication");
  idle();
}

/* ---------------------------------------------------------------- pulses, reads */

static void any_lines(uint32_t *act, uint32_t *pol, int lines) {
  const int density = (int)rng_in(0, 4);
  act[0] = act[1] = pol[0] = pol[1] = 0;
  for (int l = 0; l < lines; l++) {
    const uint32_t bit = UINT32_C(1) << l % 32;
    if (rng_in(1, 4) > density) continue;
    act[l / 32] |= bit;
    if (rng_one_in(2)) pol[l / 32] |= bit;
  }
}

static void any_drives(void) {
  any_lines(in.row_act, in.row_pol, plane.n);
  any_lines(in.col_act, in.col_pol, plane.m);
}

static void pulse(void) {
  any_drives();
  in.pulse = 1;
  in.act = !rng_one_in(4); /* its last cycle: only that acts */
  in.sel = rng_one_in(5) ? (number + 1) % (int)XT_NUM_PLANES : number;
  in.cell = (int)rng_in(XT_CELL_HALF, XT_CELL_PASSIVE);
  const int most = rng_one_in(3) ? 0 : rng_one_in(2) ? 31 : 4;
  for (int l = 0; l < LINES; l++) {
    in.row_amp[l] = (uint8_t)(in.row_act[l / 32] >> l % 32 & 1 ? rng_in(0, most) : 0);
    in.col_amp[l] = (uint8_t)(in.col_act[l / 32] >> l % 32 & 1 ? rng_in(0, most) : 0);
  }
  in.duration = (int)rng_in(1, rng_one_in(2) ? 10 : 255 * 64);
  in.ctr = (uint32_t)rng64();
  const struct xt_drives drives = {in.row_act, in.row_pol, in.col_act,           in.col_pol,
                                   in.row_amp, in.col_amp, (uint16_t)in.duration};
  const uint32_t key = xt_noise_key(seed, XT_DOM_PULSE, in.ctr);
  for (int32_t i = 0; in.act && in.sel == number && i < plane.n; i++) {
    for (int32_t j = 0; j < plane.m; j++) {
      const struct xt_pulse p = xt_cells[in.cell]->meet(xt_drive_row(&drives, i), xt_drive_col(&drives, j));
      if (p.hit) xt_plane_pulse(&plane, (size_t)(i * plane.m + j), p, key);
    }
  }
  digest = xt_plane_digest(&plane);
  static const char *const says[] = {"PULSE half", "PULSE gated", "PULSE passive"};
  cycle(says[in.cell]);
  idle();
}

static int sign(const uint32_t *act, const uint32_t *pol, int l) {
  if (!(act[l / 32] >> l % 32 & 1)) return 0;
  return pol[l / 32] >> l % 32 & 1 ? 1 : -1;
}

/* CLEAR, then INTEG cycles of one direction and coefficient: each shows the currents of its own drives. */
static void sense(void) {
  const int coef = (int)rng_in(-1, 1), cycles = (int)rng_in(1, 6);
  in.dir = rng_one_in(2);
  in.coef = coef & 3;
  in.sel = (int)rng_in(0, 4);
  in.clear = 1;
  for (int l = 0; l < LINES; l++) current[l] = 0;
  cycle("CLEAR");
  idle();
  for (int c = 0; c < cycles; c++) {
    any_drives();
    in.integ = 1;
    for (int l = 0; l < LINES; l++) current[l] = 0;
    for (int32_t i = 0; i < plane.n; i++) {
      for (int32_t j = 0; j < plane.m; j++) {
        const int s = in.dir ? sign(in.col_act, in.col_pol, j) : sign(in.row_act, in.row_pol, i);
        current[in.dir ? i : j] += (int64_t)coef * s * xt_plane_state(&plane, (size_t)(i * plane.m + j));
      }
    }
    cycle(in.dir ? "INTEG transposed" : "INTEG");
    idle();
    if (!rng_one_in(4)) continue;
    any_drives();
    cycle("idle");
  }
}

static void work(int steps) {
  for (int s = 0; s < steps; s++) {
    const int what = (int)rng_in(0, 9);
    if (what == 0) {
      in.rescan = 1;
      cycle("rescan");
      idle();
    } else if (what == 1) {
      any_drives();
      cycle("idle");
    } else if (what < 4) {
      sense();
    } else {
      pulse();
    }
  }
}

/* All laws, planes that never move, SHIFT at its limits: in turn, whatever the random fields are. */
START_TEST(devices_follow_the_reference) {
  seed_rng("xt_plane", 3);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    const int rounds = plane.n * plane.m > 100 ? 12 : 40;
    for (int round = 0; round < rounds; round++) {
      struct xt_dev_cfg c = any_config();
      c.law = round % (int)XT_NUM_LAWS;
      if (round % 10 == 4) c.dw = 0;
      if (round % 10 == 6) c.shift = -12;
      if (round % 10 == 7) c.shift = 20;
      if (c.law == XT_LAW_MTJ) binary(&c);
      seed = (uint32_t)rng64();
      fabricate(&c);
      work(40);
    }
  }
}
END_TEST

/* A device is stuck if the 16 low bits of its word are below STUCK: not if they are equal. */
START_TEST(stuck_at_an_equal_hash) {
  seed_rng("xt_plane", 4);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    for (int round = 0; round < 8; round++) {
      struct xt_dev_cfg c = any_config();
      const uint32_t k = (uint32_t)rng_in(0, plane.n * plane.m - 1);
      seed = (uint32_t)rng64();
      const uint32_t word = xt_noise_word(xt_noise_key(seed, XT_DOM_FAB, FAB_STUCK), plane.first + k);
      const int32_t limit = (int32_t)(word & 0xFFFF);
      c.w_max = c.w_min = (INT32_C(1) << (plane.sw - 1)) - 1; /* a stuck state is hardly ever 0 */
      for (int above = 0; above <= 1 && limit + above <= 65535; above++) {
        c.stuck = limit + above;
        fabricate(&c);
        const struct xt_device d = xt_plane_device(&plane, k);
        must((d.wmin == d.wmax) == (above == 1), "%dx%d: device %u at %d of %d", plane.n, plane.m, k, limit, c.stuck);
        work(6);
      }
    }
  }
}
END_TEST

/* ---------------------------------------------------------------- statistics of law MTJ, against theory */

enum { ROUNDS = 40, CODES = 20, STATE = 20000 };

/* One cycle of the block; its reference does not follow. */
static void alone(void) {
  put();
  room_clock();
  idle();
}

/* Equal devices; down they always switch, up with 2^(up/256) per clock cycle at amplitude 0; reads that disturb them.
 */
static void equal_devices_read(int32_t up, int32_t half, int32_t read) {
  const struct xt_dev_cfg c = {.dw = 1,
                               .w_max = STATE,
                               .w_min = STATE,
                               .law = XT_LAW_MTJ,
                               .mtj_up = up,
                               .mtj_down = 2047,
                               .mtj_half = half,
                               .mtj_read = read};
  const uint32_t first = (uint32_t)number * XT_CFG_STRIDE;
#define X(NAME, name, field, smallest, largest, text) \
  in.cfg_addr = first + (field), in.cfg_data = (uint32_t)c.name, in.cfg_valid = 1, alone();
  XT_DEV_TABLE(X)
#undef X
  in.cfg_valid = 1, in.cfg_addr = XT_CFG_GLOBALS + XT_DEV_GLOBAL_SEED, in.cfg_data = (uint32_t)rng64(), alone();
  in.fabricate = 1;
  alone();
}

static void equal_devices(int32_t up, int32_t half) {
  equal_devices_read(up, half, -8192);
}

/* A pulse on all rows (those up to `rows`) and all columns (none: half-select), up or down. */
static void pulse_all(int cell, int up, int rows, int cols, int row_amp, int col_amp, int duration) {
  for (int w = 0; w < 2; w++) in.row_act[w] = in.row_pol[w] = in.col_act[w] = in.col_pol[w] = 0;
  for (int l = 0; l < LINES; l++) in.row_amp[l] = in.col_amp[l] = 0;
  for (int i = 0; i < rows; i++) {
    in.row_act[i / 32] |= UINT32_C(1) << i % 32;
    if (up || cell == XT_CELL_GATED) in.row_pol[i / 32] |= UINT32_C(1) << i % 32;
    in.row_amp[i] = (uint8_t)row_amp;
  }
  for (int j = 0; j < cols; j++) {
    in.col_act[j / 32] |= UINT32_C(1) << j % 32;
    if (!up) in.col_pol[j / 32] |= UINT32_C(1) << j % 32;
    in.col_amp[j] = (uint8_t)col_amp;
  }
  in.pulse = in.act = 1;
  in.sel = number;
  in.cell = cell;
  in.duration = duration;
  in.ctr++;
  alone();
}

/* Devices that are up: from one read of all rows. */
static long up_count(void) {
  long sum = 0;
  in.dir = 0;
  in.coef = 1;
  in.clear = 1;
  alone();
  for (int w = 0; w < 2; w++) in.row_act[w] = in.row_pol[w] = in.col_act[w] = in.col_pol[w] = 0;
  for (int i = 0; i < plane.n; i++) in.row_act[i / 32] = in.row_pol[i / 32] |= UINT32_C(1) << i % 32;
  in.integ = 1;
  put();
  room_clock();
  room_get(32);
  for (int j = 0; j < plane.m; j++) sum += (int32_t)(uint32_t)room_get(cur_bits);
  idle();
  return (sum / STATE + plane.n * plane.m) / 2;
}

static void near(const char *what, int code, long flips, double p) {
  const double n = (double)ROUNDS * plane.n * plane.m, error = sqrt(n * p * (1 - p));
  ck_assert_msg(p > .001 && p < .999, "%s, code %d: P = %g says nothing", what, code, p);
  must(fabs((double)flips - n * p) <= 4 * error, "%s, code %d: %ld flips of %.0f, not %.1f +- %.1f", what, code, flips,
       n, n * p, error);
}

static void down(void) {
  pulse_all(XT_CELL_GATED, 0, plane.n, plane.m, 0, 0, 10000);
  must(up_count() == 0, "devices stay up");
}

static void select_statistics(void) {
  seed_rng("xt_plane", 5);
  select_size(6); /* 33x17 */
  ck_assert(plane.sw == 16 && cur_bits == 32);
}

/* P = 1 - exp(-rate t), the rate a half octave per step of the amplitude code. */
START_TEST(flips_by_amplitude) {
  select_statistics();
  for (int code = 0; code < CODES; code++) {
    const double rate = pow(2, 1 - .5 * code);
    long flips = 0;
    equal_devices(256, 0);
    for (int round = 0; round < ROUNDS; round++) {
      down();
      pulse_all(XT_CELL_GATED, 1, plane.n, plane.m, 31, code, 1);
      flips += up_count();
    }
    near("amplitude", code, flips, 1 - exp(-rate));
  }
}
END_TEST

/* 1T1R: a slot of 2^b cycles for each bit of a code n is as good as n trials of one cycle: 1 - (1 - p)^n. */
START_TEST(flips_by_slots) {
  select_statistics();
  const double p = 1 - exp(-pow(2, -4));
  for (int k = 0; k < CODES; k++) {
    const int n = 1 + 3 * k;
    long flips = 0;
    equal_devices(-3 * 256, 0);
    for (int round = 0; round < ROUNDS; round++) {
      down();
      for (int b = 0; b < 6; b++)
        if (n >> b & 1) pulse_all(XT_CELL_GATED, 1, plane.n, plane.m, 0, 2, 1 << b);
      flips += up_count();
    }
    near("slots", n, flips, 1 - pow(1 - p, n));
  }
}
END_TEST

/* 1R: a device of one driven line switches with rate(V/2) = sqrt(rate(V) rate(0)). */
START_TEST(half_select_is_a_square_root) {
  select_statistics();
  for (int k = 0; k < CODES; k++) {
    const int columns = k & 1, half = 100 * k; /* Q8 octaves between V and V/2: twice as many to 0 */
    const double full = pow(2, 3), none = full * pow(2, -2 * half / 256.);
    long flips = 0;
    equal_devices(3 * 256, half);
    for (int round = 0; round < ROUNDS; round++) {
      down();
      pulse_all(XT_CELL_PASSIVE, 1, columns ? 0 : plane.n, columns ? plane.m : 0, 4, 4, 1);
      flips += up_count();
    }
    near("half select", half, flips, 1 - exp(-sqrt(full * none) / 4));
  }
}
END_TEST

/* A read of t cycles that drives all lines of a side, the current upwards: P = 1 - exp(-rate t), the rate a half octave
 * per code. */
START_TEST(reads_disturb) {
  select_statistics();
  for (int code = 0; code < CODES; code++) {
    const int cycles = 1 + code / 2, dir = code & 1;
    long flips = 0;
    equal_devices_read(256, 0, -128 * code);
    for (int round = 0; round < ROUNDS; round++) {
      down();
      in.dir = dir;
      in.coef = 1;
      in.clear = 1;
      alone();
      for (int w = 0; w < 2; w++) in.row_act[w] = in.row_pol[w] = in.col_act[w] = in.col_pol[w] = 0;
      for (int l = 0; l < (dir ? plane.m : plane.n); l++) {
        uint32_t *act =
            dir ? in.col_act : in.row_act; /* transposed, the polarity is 0: the current runs the other way */
        act[l / 32] |= UINT32_C(1) << l % 32;
        if (!dir) in.row_pol[l / 32] |= UINT32_C(1) << l % 32;
      }
      for (int t = 0; t < cycles; t++) {
        in.integ = 1;
        alone();
      }
      in.hold = 1;
      in.read_ctr++;
      alone();
      flips += up_count();
    }
    near("read", code, flips, 1 - exp(-cycles * pow(2, -.5 * code)));
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {devices_follow_the_reference, stuck_at_an_equal_hash,
                                flips_by_amplitude,           flips_by_slots,
                                half_select_is_a_square_root, reads_disturb};
  return room_main("xt_plane", tests, 6);
}
