/* SPDX-License-Identifier: Apache-2.0 */
/* The RTL against the golden reference: random operations, back-pressure, resets, bad commands, over odd shapes.
 * Environment: XT_TEST_SEED (default 1), XT_TEST_RECORDS (records per shape, default 130000: more than a million in
 * all). */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "stimulus.h"
#include "xt_lockstep.h"

START_TEST(random_life) {
  const struct xt_shape *shape = &stim_shapes[_i];
  const uint64_t seed = stim_seed(1) + (uint64_t)_i;
  const char *text = getenv("XT_TEST_RECORDS");
  const uint64_t wanted = text ? strtoull(text, NULL, 0) : 130000;
  const struct xt_engine_opts opts = {.tile_index = _i, .records = 1, .stall_seed = (uint32_t)seed | 1u};
  struct xt_matched sum = {0};
  struct xt_tile *tile;
  struct stim s;
  char err[512];
  ck_assert_msg(xt_engine_lockstep.create(&tile, shape, &opts, err, sizeof err) == XT_E_OK, "%s", err);
  stim_init(&s, &xt_engine_lockstep, tile, shape, seed);
  int e = stim_configure(&s);
  if (!e) e = stim_registers(&s);
  if (!e) e = stim_reset_op(&s);
  for (uint64_t i = 1; !e && sum.records < wanted; i++) {
    e = stim_operation(&s);
    if (!e && i % 400 == 0) {
      e = stim_drain(&s);
      if (!e) e = stim_configure(&s); /* new devices */
    }
    xt_engine_lockstep.matched(tile, &sum);
  }
  if (!e) e = stim_drain(&s);
  ck_assert_msg(e == XT_E_OK, "%dx%d: %s", shape->n, shape->m, xt_engine_lockstep.error(tile));
  printf("%dx%d: matched %" PRIu64 " records, %" PRIu64 " operations, %" PRIu64 " cycles (seed %" PRIu64 ")\n",
         shape->n, shape->m, sum.records, sum.operations, sum.cycles, seed);
  fflush(stdout);
  stim_free(&s);
  xt_engine_lockstep.destroy(tile);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("lockstep");
  TCase *tc = tcase_create("random");
  tcase_set_timeout(tc, 900);
  tcase_add_loop_test(tc, random_life, 0, STIM_SHAPES);
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
