/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "room.h"

bool room_only_properties;

static void no_property_failed(void) {
  const char *what = room_broken();
  must(room_cycles() > 0, "not one cycle was compared");
  ck_assert_msg(what == NULL, "property %s fails", what);
}

int room_main(const char *name, const TTest *const *tests, int count) {
  Suite *s = suite_create(name);
  TCase *c = tcase_create(name);
  tcase_set_timeout(c, 120);
  tcase_add_checked_fixture(c, NULL, no_property_failed);
  const char *only = getenv("XT_ROOM_TEST");
  for (int k = 0; k < count; k++)
    if (only == NULL || strcmp(only, tests[k]->name) == 0) tcase_add_test(c, tests[k]);
  suite_add_tcase(s, c);
  SRunner *r = srunner_create(s);
  room_only_properties = getenv("XT_ROOM_PROPERTIES") != NULL;
  printf("%s: XT_TEST_SEED=%" PRIu64 "\n", name, test_seed());
  srunner_run_all(r, CK_NORMAL);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
