/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks of a host that never waits, counted by hand from rtl/SPEC.md section 13. The RTL against it: testbench/top. */
#include <check.h>
#include <string.h>

#include "xt_clock.h"

enum { MOST = 16 };
static struct xt_clock_times seen[MOST];
static int answers;

static void see(void *user, const struct xt_clock_times *times) {
  (void)user;
  ck_assert_int_lt(answers, MOST);
  seen[answers++] = *times;
}

static void begin(struct xt_clock *c, uint32_t tiles) {
  memset(c, 0, sizeof *c);
  answers = 0;
  c->sink = see;
  xt_clock_reset(c, tiles);
}

static struct xt_clock_sent give(struct xt_clock *c, uint32_t tile, uint32_t words, uint64_t cycles, uint32_t answer,
                                 const struct xt_clock_sent *needs) {
  const struct xt_clock_packet p = {.tile = tile, .words = words, .answer = answer, .cycles = cycles};
  return xt_clock_send(c, &p, needs);
}

static void expect(int k, uint32_t tile, uint64_t first, uint64_t start, uint64_t end, uint64_t answered) {
  ck_assert_int_lt(k, answers);
  ck_assert_uint_eq(seen[k].tile, tile);
  ck_assert_uint_eq(seen[k].first, first);
  ck_assert_uint_eq(seen[k].start, start);
  ck_assert_uint_eq(seen[k].end, end);
  ck_assert_uint_eq(seen[k].answered, answered);
}

/* The command of the first timing diagram of rtl/INTEGRATION.md: its columns, from 1. */
START_TEST(one_command) {
  struct xt_clock c;
  begin(&c, 1);
  give(&c, 0, 2, 12, 2, NULL);
  xt_clock_finish(&c);
  ck_assert_int_eq(answers, 1);
  expect(0, 0, 1, 5, 16, 19);
  ck_assert_uint_eq(c.now.out, 19);
  ck_assert_uint_eq(c.now.chain, 12);
}
END_TEST

/* Packets of one word and 10 cycles, answers of 20 words: the tile waits after END for its output buffer, the fourth
 * packet for a credit. */
START_TEST(buffers_and_credits) {
  struct xt_clock c;
  begin(&c, 1);
  for (int k = 0; k < 4; k++) give(&c, 0, 1, 10, 20, NULL);
  xt_clock_finish(&c);
  ck_assert_int_eq(answers, 4);
  expect(0, 0, 1, 4, 13, 34);  /* moves in 13; chosen in 14 */
  expect(1, 0, 2, 14, 23, 56); /* moves in 35 */
  expect(2, 0, 3, 36, 45, 78); /* moves in 57 */
  ck_assert_uint_eq(seen[0].in, 2);
  ck_assert_uint_eq(seen[1].in, 5); /* when the first has begun */
  ck_assert_uint_eq(seen[2].in, 15);
  expect(3, 0, 35, 58, 67, 100);
  ck_assert_uint_eq(c.now.chain, 40);
}
END_TEST

/* Two tiles whose answers are there in the same clock: the turn is tile 0's, then tile 1's. The third packet needs
 * what tile 1 has answered. */
START_TEST(turns_and_needs) {
  struct xt_clock c;
  begin(&c, 2);
  const struct xt_clock_sent one = give(&c, 1, 1, 11, 3, NULL);
  give(&c, 0, 1, 10, 5, NULL);
  const struct xt_clock_sent third = give(&c, 0, 1, 7, 1, &one);
  ck_assert_uint_eq(third.chain, 18);
  xt_clock_finish(&c);
  ck_assert_int_eq(answers, 3);
  expect(0, 0, 2, 5, 14, 20); /* both wait in 15 */
  expect(1, 1, 1, 4, 14, 23);
  expect(2, 0, 24, 27, 33, 35);
  ck_assert_uint_eq(c.now.chain, 18);
  give(&c, 1, 1, 5, 1, NULL); /* after all answers */
  xt_clock_finish(&c);
  expect(3, 1, 36, 39, 43, 45);
  ck_assert_uint_eq(c.now.chain, 23);
}
END_TEST

/* The numbers are the whole state: a copy goes on as the original does; what cannot be is found. */
START_TEST(numbers) {
  struct xt_clock a, b;
  begin(&a, 3);
  for (uint32_t k = 0; k < 8; k++) give(&a, k % 3, 1 + k, 5 + k, 1 + k % 4, NULL);
  begin(&b, 3);
  b.now = a.now;
  ck_assert(xt_clock_legal(&b));
  for (uint32_t k = 0; k < 3; k++) give(&a, k, 2, 9, 2, NULL), give(&b, k, 2, 9, 2, NULL);
  a.sink = b.sink = NULL;
  xt_clock_finish(&a);
  xt_clock_finish(&b);
  ck_assert_mem_eq(&a.now, &b.now, sizeof a.now);
  b.now.tile[1].under_way = XT_TOP_CREDITS + 1;
  ck_assert(!xt_clock_legal(&b));
  b.now = a.now;
  b.now.tile[2].under_way = 2, b.now.tile[2].told = 1;
  ck_assert(!xt_clock_legal(&b));
  b.now = a.now;
  b.now.turn = 4;
  ck_assert(!xt_clock_legal(&b));
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref_clock");
  TCase *t = tcase_create("all");
  tcase_add_test(t, one_command);
  tcase_add_test(t, buffers_and_credits);
  tcase_add_test(t, turns_and_needs);
  tcase_add_test(t, numbers);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
