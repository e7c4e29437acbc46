/* SPDX-License-Identifier: Apache-2.0 */
/* xt_coinc against refc/xt_coinc.c: drives of the next cycle, kept while a pulse goes on, and the pairs of a pulse that
 * acted in the cycle before. */
#include <string.h>

#include "room.h"
#include "xt_coinc.h"

enum { LINES = 512 };

struct drives {
  uint32_t row_act[LINES / 32], row_pol[LINES / 32], col_act[LINES / 32], col_pol[LINES / 32];
};

static struct xt_dim dim;

static void random_lines(uint32_t *v, int lines) {
  const int style = (int)rng_in(0, 3);
  memset(v, 0, LINES / 8);
  for (int l = 0; l < lines; l++) {
    const uint32_t b = style == 0 ? 0 : style == 1 ? 1 : style == 2 ? (uint32_t)rng_one_in(8) : (uint32_t)rng_in(0, 1);
    v[l / 32] |= b << l % 32;
  }
}

static void expect(const struct drives *d, int pairs_valid, uint32_t pairs, long cycle) {
  struct drives got = {{0}, {0}, {0}, {0}};
  room_get_words(got.row_act, dim.n);
  room_get_words(got.row_pol, dim.n);
  room_get_words(got.col_act, dim.m);
  room_get_words(got.col_pol, dim.m);
  must(memcmp(&got, d, sizeof got) == 0, "%dx%d cycle %ld: drives differ", dim.n, dim.m, cycle);
  const uint32_t valid = (uint32_t)room_get(1), value = (uint32_t)room_get(32);
  must((int)valid == pairs_valid, "%dx%d cycle %ld: pairs_valid %u", dim.n, dim.m, cycle, valid);
  must(!valid || value == pairs, "%dx%d cycle %ld: pairs %u, not %u", dim.n, dim.m, cycle, value, pairs);
}

static void size(int which) {
  room_select(which);
  dim = (struct xt_dim){.n = room_param(0), .m = room_param(1)};
  struct drives now = {{0}, {0}, {0}, {0}};
  int pulse_now = 0, pairs_valid = 0; /* pulse_now: this cycle is of a pulse */
  uint32_t pairs = 0;
  for (long cycle = 0; cycle < 2500; cycle++) {
    if (rng_one_in(300)) { /* a hardware reset at any time */
      room_reset();
      now = (struct drives){{0}, {0}, {0}, {0}};
      pulse_now = pairs_valid = 0;
    }
    uint32_t row_fire[LINES / 32], row_neg[LINES / 32], col_fire[LINES / 32], col_neg[LINES / 32], col_on[LINES / 32];
    random_lines(row_fire, dim.n);
    random_lines(row_neg, dim.n);
    random_lines(col_fire, dim.m);
    random_lines(col_neg, dim.m);
    random_lines(col_on, dim.m);
    const int kind = (int)rng_in(0, 7); /* 0 idle, 1, 2 read, 3, 4 pulse, 5 ZERO_SHIFT, 6, 7 MTJ_UPDATE */
    const int hold = pulse_now && rng_one_in(2), act = pulse_now && !hold && rng_one_in(2);
    const int read = !hold && (kind == 1 || kind == 2), pulse = !hold && kind >= 3, all = kind == 5, dir = kind == 2,
              mtj = kind >= 6;
    const uint32_t cell = (uint32_t)(mtj ? rng_in(XT_CELL_GATED, XT_CELL_PASSIVE) : rng_in(0, XT_CELL_PASSIVE));
    const struct xt_coinc_cfg cfg = {.gated = cell == XT_CELL_GATED, .add = !mtj && rng_one_in(2)};
    const struct xt_switch_cfg mtj_cfg = {.gated = cfg.gated, .shared = rng_one_in(2)};
    const int two = mtj && !xt_switch_quadrants(mtj_cfg);
    const uint32_t phase = (uint32_t)(all || two ? rng_in(0, 1) : cfg.gated && !mtj ? 0 : rng_in(0, 3));
    room_put((uint64_t)read, 1);
    room_put((uint64_t)dir, 1);
    room_put((uint64_t)pulse, 1);
    room_put((uint64_t)hold, 1);
    room_put((uint64_t)all, 1);
    room_put(phase, 2);
    room_put(cell, 2);
    room_put(cfg.add, 1);
    room_put((uint64_t)act, 1);
    room_put((uint64_t)mtj, 1);
    room_put(mtj_cfg.shared, 1);
    room_put_words(row_fire, dim.n);
    room_put_words(row_neg, dim.n);
    room_put_words(col_fire, dim.m);
    room_put_words(col_neg, dim.m);
    room_put_words(col_on, dim.m);
    room_settle();
    expect(&now, pairs_valid, pairs, cycle); /* what is driven does not depend on the inputs of this cycle */
    room_clock();

    pairs_valid = act;
    pairs = xt_bits_count(now.row_act, LINES / 32) * xt_bits_count(now.col_act, LINES / 32);
    if (!hold) now = (struct drives){{0}, {0}, {0}, {0}};
    pulse_now = pulse || hold;
    if (pulse && all) {
      xt_coinc_zero_shift(&dim, cfg.gated, phase == 0, now.row_act, now.row_pol, now.col_act, now.col_pol);
    } else if (pulse && mtj) {
      xt_switch_drive(mtj_cfg, phase, xt_words(dim.n), row_fire, row_neg, xt_words(dim.m), col_on, col_neg, now.row_act,
                      now.row_pol, now.col_act, now.col_pol);
    } else if (pulse) {
      xt_coinc_drive(&cfg, phase, xt_words(dim.n), row_fire, row_neg, xt_words(dim.m), col_fire, col_neg, now.row_act,
                     now.row_pol, now.col_act, now.col_pol);
    } else if (read) { /* SPEC section 6: polarity (c > 0), of the driven side only */
      for (int w = 0; w < LINES / 32; w++) {
        now.row_act[w] = dir ? 0 : row_fire[w];
        now.row_pol[w] = dir ? 0 : row_fire[w] & ~row_neg[w];
        now.col_act[w] = dir ? col_fire[w] : 0;
        now.col_pol[w] = dir ? col_fire[w] & ~col_neg[w] : 0;
      }
    }
    room_settle();
    expect(&now, pairs_valid, pairs, cycle);
  }
}

START_TEST(drives_follow_the_reference) {
  seed_rng("xt_coinc", 1);
  for (int s = 0; s < room_sizes(); s++) size(s);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {drives_follow_the_reference};
  return room_main("xt_coinc", tests, 1);
}
