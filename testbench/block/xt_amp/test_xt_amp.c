/* SPDX-License-Identifier: Apache-2.0 */
/* xt_amp against refc/xt_amp.c: codes, columns that are driven, phases; amplitudes of pulses of one and more cycles. A
 * row of the accumulator against SPEC sections 6 and 7. */
#include <string.h>

#include "room.h"
#include "xt_amp.h"

enum { LINES = 64, AMP = (int)XT_AMP_BITS };

static struct xt_dim dim;
static int mag, acc;

static struct pins {
  int encode, pulse, hold, shared, cell;
  uint32_t rate;
  int16_t x[LINES], d[LINES];
  uint32_t row_act[2], col_act[2];
  int take;
  uint32_t sum_signs;
  uint32_t sum_on[2], sum_amp[LINES];
} in;

static void put_codes(const int16_t *codes, int lines) {
  uint32_t size[LINES] = {0}, neg[2] = {0};
  for (int l = 0; l < lines; l++) {
    size[l] = (uint32_t)(codes[l] < 0 ? -codes[l] : codes[l]);
    neg[l / 32] |= (uint32_t)(codes[l] < 0) << l % 32;
  }
  room_put_sliced(size, lines, mag, lines);
  room_put_words(neg, lines);
}

static void put(void) {
  room_put((uint64_t)in.encode, 1);
  room_put((uint64_t)in.pulse, 1);
  room_put((uint64_t)in.hold, 1);
  room_put((uint64_t)in.shared, 1);
  room_put((uint64_t)in.cell, 2);
  room_put(in.rate, 6);
  put_codes(in.x, dim.n);
  put_codes(in.d, dim.m);
  room_put_words(in.row_act, dim.n);
  room_put_words(in.col_act, dim.m);
  room_put((uint64_t)in.take, 1);
  room_put(in.sum_signs, 2);
  room_put_words(in.sum_on, dim.m);
  room_put_sliced(in.sum_amp, dim.m, AMP, dim.m);
  room_settle();
}

/* Codes of all sizes, 0 among them; all of one sign now and then, or 0. */
static void any_codes(int16_t *codes, int lines) {
  const int style = (int)rng_in(0, 5), most = (1 << mag) - 1;
  for (int l = 0; l < lines; l++) {
    const int size = rng_one_in(4) ? 0 : rng_one_in(2) ? 1 << rng_in(0, mag - 1) : (int)rng_in(1, most);
    codes[l] = (int16_t)(style == 0 ? 0 : style == 1 ? size : style == 2 || rng_one_in(2) ? -size : size);
  }
}

static void any_lines(uint32_t *act, int lines) {
  act[0] = act[1] = 0;
  for (int l = 0; l < lines; l++) act[l / 32] |= (uint32_t)rng_one_in(2) << l % 32;
}

static uint8_t row[LINES], col[LINES];
static uint32_t on[2];
static struct xt_amp want = {.row = row, .col = col, .col_on = on};

static void expect(int live, const char *when) {
  uint8_t row_amp[LINES] = {0}, col_amp[LINES] = {0};
  uint32_t bits[2 * AMP], got[2 * AMP] = {0};
  const uint32_t found = (uint32_t)room_get(4), phases = (uint32_t)room_get(4), finds = in.encode ? want.phases : 0;
  must(found == finds, "%dx%d %s: phases %x are found, not %x", dim.n, dim.m, when, found, finds);
  must(in.encode || phases == want.phases, "%dx%d %s: phases %x, not %x", dim.n, dim.m, when, phases, want.phases);
  room_get_words(got, dim.m);
  must(memcmp(got, on, (size_t)xt_words(dim.m) * 4) == 0, "%dx%d %s: columns on %x %x, not %x %x (rate %u, d %d)",
       dim.n, dim.m, when, got[0], got[1], on[0], on[1], in.rate, in.d[0]);
  for (int l = 0; l < LINES; l++) {
    row_amp[l] = live && (in.row_act[l / 32] >> l % 32 & 1) ? row[l] : 0;
    col_amp[l] = live && (in.col_act[l / 32] >> l % 32 & 1) ? col[l] : 0;
  }
  xt_amp_bits(row_amp, dim.n, bits);
  room_get_words(got, AMP * dim.n);
  must(memcmp(got, bits, (size_t)xt_amp_words(dim.n) * 4) == 0, "%dx%d %s: amplitudes of rows", dim.n, dim.m, when);
  xt_amp_bits(col_amp, dim.m, bits);
  room_get_words(got, AMP * dim.m);
  must(memcmp(got, bits, (size_t)xt_amp_words(dim.m) * 4) == 0, "%dx%d %s: amplitudes of columns", dim.n, dim.m, when);
}

static void after_reset(void) {
  in.encode = in.pulse = in.hold = 0;
  room_reset();
  memset(row, 0, sizeof row);
  memset(col, 0, sizeof col);
  memset(on, 0, sizeof on);
  want.phases = 0;
}

static void any_sums(void) {
  any_lines(in.sum_on, dim.m);
  for (int j = 0; j < dim.m; j++) in.sum_amp[j] = (uint32_t)rng_in(0, (1 << AMP) - 1);
  in.sum_signs = (uint32_t)rng_in(0, 3);
}

/* A row of the accumulator: one line drives with the largest code, those columns that have a sum; d are their signs.
 * FETCH has the columns and amplitudes, and nobody looks at them after it. */
static void row_of_sums(struct xt_switch_cfg cfg) {
  memset(in.x, 0, sizeof in.x);
  in.x[rng_in(0, dim.n - 1)] = 1; /* what the encoder holds */
  any_sums();
  if (rng_one_in(6)) in.sum_on[0] = in.sum_on[1] = 0;
  in.sum_signs = 0;
  for (int j = 0; j < dim.m; j++)
    if (in.sum_on[j / 32] >> j % 32 & 1) in.sum_signs |= in.d[j] < 0 ? 2 : 1;
  const uint32_t signs = in.sum_signs;
  in.take = 1;
  put();
  expect(0, "FETCH");
  room_clock();
  in.take = 0;
  memcpy(on, in.sum_on, sizeof on);
  memset(row, !cfg.gated && mag == 1, sizeof row); /* a(CMAX): 0, but 1 if there is no bit below the leading one */
  for (int j = 0; j < dim.m; j++) col[j] = (uint8_t)in.sum_amp[j];
  want.phases = cfg.gated && !cfg.shared ? signs != 0 : signs;
  any_sums();
}

/* ENCODE, which is followed by a pulse or not; pulses of 1 to 4 cycles. The columns driven are among those that are on.
 */
static void operation(void) {
  any_codes(in.x, dim.n);
  any_codes(in.d, dim.m);
  in.cell = (int)rng_in(XT_CELL_GATED, XT_CELL_PASSIVE);
  in.shared = rng_one_in(2);
  in.rate = (uint32_t)(rng_one_in(4) ? rng_in(0, 63) : rng_in(0, 31));
  const struct xt_switch_cfg cfg = {.gated = in.cell == XT_CELL_GATED, .shared = in.shared};
  if (acc && rng_one_in(2))
    row_of_sums(cfg);
  else
    xt_amp_encode(&want, &dim, cfg, in.rate, in.x, in.d);
  if (cfg.gated) memset(row, 0, sizeof row); /* a gate is open or not */
  for (int j = 0; j < dim.m; j++)
    if (!(on[j / 32] >> j % 32 & 1)) col[j] = 0;
  in.encode = 1;
  in.pulse = rng_one_in(2);
  any_lines(in.row_act, dim.n);
  any_lines(in.col_act, dim.m);
  put();
  expect(0, "ENCODE");
  int live = in.pulse;
  room_clock();
  in.encode = 0;
  for (int k = (int)rng_in(0, 8); k > 0; k--) {
    const int pulse = live && rng_one_in(2);
    if (rng_one_in(60)) {
      after_reset();
      live = 0;
      put();
      expect(0, "reset");
    }
    any_lines(in.row_act, dim.n);
    any_lines(in.col_act, dim.m);
    for (int w = 0; w < 2; w++) in.col_act[w] &= on[w];
    const int cycles = live ? (int)rng_in(1, 4) : 1;
    for (int c = 0; c < cycles; c++) {
      in.hold = live ? c + 1 < cycles : rng_one_in(3); /* of others */
      in.pulse = c + 1 == cycles && pulse;
      put();
      expect(live, live ? "pulse" : "idle");
      room_clock();
    }
    live = in.pulse;
  }
  in.pulse = in.hold = 0;
  any_lines(in.row_act, dim.n);
  for (int w = 0; w < 2; w++) in.col_act[w] &= on[w];
  put();
  expect(live, "after the pulses");
  room_clock();
}

static void select_size(int which) {
  room_select(which);
  mag = room_param(2);
  acc = room_param(3);
  dim = (struct xt_dim){.n = room_param(0), .m = room_param(1), .mb = mag};
  dim.row_words = xt_words(dim.n);
  dim.col_words = xt_words(dim.m);
}

START_TEST(amplitudes_follow_the_reference) {
  seed_rng("xt_amp", 40);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    in = (struct pins){0};
    after_reset();
    for (int k = 0; k < 600; k++) operation();
  }
}
END_TEST

/* a(v) of every magnitude, from the text of SPEC section 6. */
START_TEST(every_code) {
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    in = (struct pins){.cell = XT_CELL_PASSIVE, .encode = 1, .pulse = 1};
    for (int v = 1; v < 1 << mag; v++) {
      int l = 0;
      while (v >> (l + 1)) l++;
      const int next = l > 0 ? v >> (l - 1) & 1 : 0, a = 2 * (mag - 1 - l) + 1 - next;
      in.x[0] = in.d[0] = (int16_t)v;
      in.row_act[0] = in.col_act[0] = 1;
      in.encode = in.pulse = 1;
      put();
      room_clock();
      in.encode = in.pulse = 0;
      put();
      uint32_t got[2 * AMP] = {0};
      room_get(8);
      room_get_words(got, dim.m);
      room_get_words(got, AMP * dim.n);
      int code = 0;
      for (int b = 0; b < AMP; b++) code |= (int)(got[b * dim.n / 32] >> b * dim.n % 32 & 1) << b;
      must(code == a, "%d magnitude bits: the code of %d is %d, not %d", mag, v, code, a);
      room_clock();
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {amplitudes_follow_the_reference, every_code};
  return room_main("xt_amp", tests, 2);
}
