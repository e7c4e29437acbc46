/* SPDX-License-Identifier: Apache-2.0 */
/* xt_xfer against refc/xt_xfer.c: schedule, line pointer, column operand. */
#include <string.h>

#include "room.h"
#include "xt_xfer.h"

enum { LINES = 64 };

static int n, m, bits, col_bits;
static struct xt_xfer ref;
static struct xt_csr csr;
static int16_t codes[LINES];

static struct pins {
  int reset, updated, take, transferred, set_count, set_ptr;
  uint32_t data, bl, rails;
} in;

static void put(void) {
  room_put((uint64_t)in.reset, 1);
  room_put((uint64_t)in.updated, 1);
  room_put(csr.reg[XT_CSR_XFER_EVERY], 16);
  room_put((uint64_t)in.take, 1);
  room_put((uint64_t)in.transferred, 1);
  room_put((uint64_t)in.set_count, 1);
  room_put((uint64_t)in.set_ptr, 1);
  room_put(in.data, 32);
  room_put(in.bl, 8);
  room_put(in.rails, 16);
  for (int j = 0; j < m; j++) room_put((uint64_t)(uint16_t)codes[j], bits);
  room_settle();
}

static int stale; /* XFER_EVERY has its first cycle: no UPDATE ends in it */

static void cycle(void) {
  uint32_t mag[LINES], neg[LINES];
  struct xt_xfer then = ref;
  put();
  const int due = (int)room_get(1);
  const uint32_t count = (uint32_t)room_get(16), ptr = (uint32_t)room_get(16);
  const uint32_t line = (uint32_t)room_get(16), bl = (uint32_t)room_get(8), rails = (uint32_t)room_get(16);
  room_get_sliced(mag, m, col_bits);
  room_get_sliced(neg, m, 1);
  const bool want = xt_xfer_due(&then, &csr);
  must(due == want || stale, "XFER_EVERY %u, count %u: due %d", csr.reg[XT_CSR_XFER_EVERY], ref.count, due);
  must(count == ref.count && ptr == xt_xfer_line(&ref), "count %u, line %u, not %u %u", count, ptr, ref.count, ref.ptr);
  must(line == ref.last.line && bl == ref.last.bl && rails == ref.last.rails,
       "last transfer: line %u, BL %u, rails %u, not %u %u %u", line, bl, rails, ref.last.line, ref.last.bl,
       ref.last.rails);
  const int16_t *d = xt_xfer_codes(&ref, codes);
  for (int j = 0; j < m; j++) {
    const int32_t got = neg[j] ? -(int32_t)mag[j] : (int32_t)mag[j];
    must(got == (in.take ? d[j] : 0) && !(neg[j] && mag[j] == 0), "column %d: %d, not %d", j, got, in.take ? d[j] : 0);
  }
  room_clock();
  if (in.updated) ref = then;
  if (in.transferred) xt_xfer_done(&ref, n, in.bl, in.rails);
  if (in.set_count) ref.count = in.data;
  if (in.set_ptr) ref.ptr = in.data;
  if (in.reset) xt_xfer_reset(&ref);
}

static void select_size(int which) {
  room_select(which);
  n = room_param(0);
  m = room_param(1);
  bits = room_param(2);
  col_bits = room_param(3);
  xt_csr_reset(&csr);
  xt_xfer_reset(&ref);
  memset(&in, 0, sizeof in);
}

START_TEST(updates_and_transfers) {
  seed_rng("xt_xfer", 21);
  for (int s = 0; s < room_sizes(); s++) {
    int fresh = 0; /* after a reset */
    select_size(s);
    for (int k = 0; k < 4000; k++) {
      stale = k == 0 || fresh || rng_one_in(60);
      fresh = 0;
      if (stale) csr.reg[XT_CSR_XFER_EVERY] = (uint32_t)(rng_one_in(3) ? rng_in(0, 65535) : rng_in(0, 5));
      const int most = (1 << (bits - 1)) - 1;
      for (int j = 0; j < m; j++)
        codes[j] = (int16_t)(rng_one_in(4) ? (rng_one_in(2) ? most : -most) : rng_in(-most, most));
      /* an UPDATE's train ends, or a transfer; RESET comes alone */
      in = (struct pins){.reset = rng_one_in(300)};
      in.updated = !in.reset && !stale && rng_one_in(2);
      in.transferred = !in.reset && !in.updated && rng_one_in(2);
      in.take = rng_one_in(3);
      in.bl = (uint32_t)rng_in(0, 255);
      in.rails = (uint32_t)rng_in(0, 65535);
      in.data = (uint32_t)rng64();
      if (!in.reset && !in.updated && !in.transferred && rng_one_in(3)) { /* what xt_csr lets through */
        in.set_ptr = rng_one_in(2);
        in.set_count = !in.set_ptr;
        in.data = (uint32_t)(in.set_ptr ? rng_in(0, n - 1) : rng_in(0, 65535));
      }
      cycle();
      if (rng_one_in(700)) {
        room_reset();
        xt_xfer_reset(&ref);
        fresh = 1;
      }
    }
  }
}
END_TEST

START_TEST(long_schedules) {
  static const uint32_t every[] = {32767, 32768, 40000, 65535};
  seed_rng("xt_xfer", 22);
  select_size(0);
  for (int k = 0; k < 4; k++) {
    csr.reg[XT_CSR_XFER_EVERY] = every[k];
    in = (struct pins){0};
    stale = 1;
    cycle();
    stale = 0;
    for (uint32_t u = 1; u <= every[k]; u++) {
      in = (struct pins){.updated = 1};
      cycle();
      must((ref.count == 0) == (u == every[k]), "after %u updates", u);
    }
  }
}
END_TEST

START_TEST(every_line_in_turn) {
  seed_rng("xt_xfer", 23);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    stale = 1;
    for (int k = 0; k < 3 * n; k++) {
      in = (struct pins){.transferred = 1};
      cycle();
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {updates_and_transfers, long_schedules, every_line_in_turn};
  return room_main("xt_xfer", tests, 3);
}
