/* SPDX-License-Identifier: Apache-2.0 */
/* xt_stream_in against a model of SPEC section 13: where every word goes, who holds it up, answers of packets for no
 * tile. */
#include <string.h>

#include "room.h"

static int tiles, live;
static int inside;         /* after the first word of a packet */
static uint32_t place, op; /* its destination and operation */
static int pending;        /* the answer of a packet for no tile */
static uint32_t pending_op, pending_dest;

static struct pins {
  int valid, last, taken;
  uint32_t dest, op, ready;
} in;
static int words_left; /* of the packet that the test is giving */

static void after_reset(void) {
  room_reset();
  memset(&in, 0, sizeof in);
  live = inside = pending = words_left = 0;
}

static void cycle(int offer, int take) {
  if (!in.valid && rng_in(0, 99) < offer) {
    if (words_left == 0) words_left = rng_one_in(3) ? 1 : (int)rng_in(1, 6);
    in.valid = 1;
    in.last = words_left == 1;
    in.dest = (uint32_t)rng_in(0, 15); /* only the first word's counts */
    if (!inside && rng_one_in(2)) in.dest = (uint32_t)rng_in(0, tiles - 1);
    in.op = (uint32_t)rng_in(0, 255);
  } else if (!in.valid) { /* means nothing */
    in.last = rng_one_in(2);
    in.dest = (uint32_t)rng_in(0, 15);
    in.op = (uint32_t)rng_in(0, 255);
  }
  in.ready = (uint32_t)rng64() | (uint32_t)(rng_one_in(2) ? rng64() : 0);
  in.ready &= (1U << tiles) - 1;
  in.taken = pending && rng_in(0, 99) < take;
  room_put((uint64_t)in.valid, 1);
  room_put((uint64_t)in.last, 1);
  room_put(in.dest, 4);
  room_put(in.op, 8);
  room_put((uint64_t)in.taken, 1);
  room_put(in.ready, tiles);
  room_settle();

  const int ready = (int)room_get(1), none_valid = (int)room_get(1);
  const uint32_t none_op = (uint32_t)room_get(8), none_dest = (uint32_t)room_get(4), valid = (uint32_t)room_get(tiles);
  const uint32_t dest = inside ? place : in.dest;
  const int none = dest >= (uint32_t)tiles;
  must(none_valid == pending, "%d tiles: an answer of its own: %d", tiles, none_valid);
  if (pending)
    must(none_op == pending_op && none_dest == pending_dest, "%d tiles: ERR_TILE of %02x for %u, not %02x %u", tiles,
         none_op, none_dest, pending_op, pending_dest);
  must(valid == (in.valid && !none ? 1U << dest : 0), "%d tiles: words to %x, of a packet for %u", tiles, valid, dest);
  if (in.valid) {
    const int want = none ? live && !pending : (int)(in.ready >> dest & 1);
    must(ready == want, "%d tiles: ready is %d in a packet for %u", tiles, ready, dest);
  }
  if (in.taken) pending = 0;
  const int go = in.valid && ready;
  if (go) {
    if (!inside) place = in.dest, op = in.op;
    inside = !in.last;
    words_left--;
    if (none && in.last) pending = 1, pending_op = op, pending_dest = place;
  }
  room_clock();
  live = 1;
  if (go) in.valid = 0;
}

START_TEST(every_word_goes_to_its_tile) {
  seed_rng("xt_stream_in", 16);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    tiles = room_param(0);
    after_reset();
    for (int round = 0; round < 40; round++) {
      const int offer = rng_one_in(3) ? 100 : (int)rng_in(5, 95), take = (int)rng_in(1, 100);
      for (int k = 0; k < 400; k++) cycle(offer, take);
      if (rng_one_in(3)) after_reset();
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {every_word_goes_to_its_tile};
  return room_main("xt_stream_in", tests, 1);
}
