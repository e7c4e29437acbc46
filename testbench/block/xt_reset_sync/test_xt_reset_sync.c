/* SPDX-License-Identifier: Apache-2.0 */
/* xt_reset_sync: low at once, high again Stages clock edges after. */
#include "room.h"

START_TEST(the_release_waits_for_the_clock) {
  seed_rng("xt_reset_sync", 30);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    const int stages = room_param(0);
    for (int k = 0; k < 300; k++) {
      room_reset();
      for (int edges = 0, most = (int)rng_in(0, 2 * stages); edges <= most; edges++) {
        room_put(0, 1);
        room_settle();
        const int high = (int)room_get(1);
        must(high == (edges >= stages), "%d stages, %d edges after the reset: %d", stages, edges, high);
        room_clock();
      }
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {the_release_waits_for_the_clock};
  return room_main("xt_reset_sync", tests, 1);
}
