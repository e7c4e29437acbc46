/* SPDX-License-Identifier: Apache-2.0 */
/* xt_stream_in against a model of SPEC section 13: where every word goes, who holds it up, answers of packets for no
 * tile, tiles that are closed and reset, packets under way. */
#include <string.h>

#include "room.h"
#include "xt_params.h"

enum { TILES = 16, HOLDS = 2, WORDS = 4 };

struct word {
  uint32_t dest, data;
  int last, first;
};

static int tiles, words, live;
static struct word buffer[HOLDS]; /* oldest first */
static int held;
static int inside, lost; /* of the packet on the bus: after its first word; the rest is swallowed */
static uint32_t place;   /* its destination */
static uint32_t none_op; /* of the packet for no tile that leaves the buffer */
static int pending;      /* the answer of a packet for no tile */
static uint32_t pending_op, pending_dest;
static uint32_t closed; /* a bit per tile */
static uint32_t resets; /* of them those in the cycle of their reset */

/* A tile, as far as the counters see it: packets that are whole in it and have not ended, that have ended and are not
 * answered; under way, and of these not ended. */
static struct tile { int whole, ended, way, undone; } tile[TILES];

static struct pins {
  int valid, last, taken;
  uint32_t dest, data, ready, reset, op_end, answered;
} in;
static int words_left; /* of the packet that the test is giving */

static void after_reset(void) {
  room_reset();
  memset(&in, 0, sizeof in);
  memset(tile, 0, sizeof tile);
  live = inside = lost = held = pending = words_left = 0;
  closed = resets = 0;
}

static bool is_closed(uint32_t dest) {
  return dest < (uint32_t)tiles && (closed >> dest & 1) != 0;
}

/* Drops the words that tiles have lost. */
static void drop(void) {
  int kept = 0;
  for (int k = 0; k < held; k++)
    if (!is_closed(buffer[k].dest)) buffer[kept++] = buffer[k];
  held = kept;
}

static void random_inputs(int offer, int take) {
  if (!in.valid && rng_in(0, 99) < offer) {
    if (words_left == 0) words_left = rng_one_in(3) ? 1 : (int)rng_in(1, 6);
    in.valid = 1;
    in.last = words_left == 1;
    in.dest = (uint32_t)rng_in(0, 15); /* only the first word's counts */
    if (!inside && rng_one_in(2)) in.dest = (uint32_t)rng_in(0, tiles - 1);
    in.data = (uint32_t)rng64();
  } else if (!in.valid) { /* means nothing */
    in.last = rng_one_in(2);
    in.dest = (uint32_t)rng_in(0, 15);
    in.data = (uint32_t)rng64();
  }
  in.taken = pending && rng_in(0, 99) < take;
  /* a tile holds one packet that is whole and has not started, one that runs, one answer */
  in.ready = in.op_end = in.answered = in.reset = 0;
  for (int t = 0; t < tiles; t++) {
    const struct tile *const s = &tile[t];
    if (s->whole < 2 && s->whole + s->ended < 3 && rng_in(0, 99) < take) in.ready |= 1U << t;
    if ((closed >> t & 1) != 0) {
      if (rng_one_in(3)) in.reset |= 1U << t;
      continue;
    }
    if (s->whole > 0 && s->ended < 2 && rng_in(0, 99) < take) in.op_end |= 1U << t;
    if (s->ended > 0 && rng_in(0, 99) < take) in.answered |= 1U << t;
  }
}

static void count(int t, const struct word *w) {
  struct tile *const s = &tile[t];
  const int end = (int)(in.op_end >> t & 1), answered = (int)(in.answered >> t & 1);
  if (w != NULL && w->dest == (uint32_t)t) s->whole += w->last;
  s->whole -= end;
  s->ended += end - answered;
  s->undone -= end;
  s->way -= answered;
  if ((in.reset >> t & 1) != 0) *s = (struct tile){0};
}

static void cycle(int offer, int take, int close) {
  random_inputs(offer, take);
  room_put((uint64_t)in.valid, 1);
  room_put((uint64_t)in.last, 1);
  room_put(in.dest, 4);
  for (int w = 0; w < words; w++) room_put(room_lane(in.data, w), 32);
  room_put((uint64_t)in.taken, 1);
  room_put(in.ready, tiles);
  room_put(closed, tiles);
  room_put(in.reset, tiles);
  room_put(in.op_end, tiles);
  room_put(in.answered, tiles);
  room_settle();

  const int ready = (int)room_get(1), none_valid = (int)room_get(1);
  const uint32_t got_op = (uint32_t)room_get(8), got_dest = (uint32_t)room_get(4);
  uint32_t data[WORDS] = {0};
  for (int w = 0; w < words; w++) data[w] = (uint32_t)room_get(32);
  const int last = (int)room_get(1);
  const uint32_t valid = (uint32_t)room_get(tiles), idle = (uint32_t)room_get(tiles), done = (uint32_t)room_get(tiles);
  const uint32_t space = (uint32_t)room_get(tiles);
  must(none_valid == pending, "%d tiles: an answer of its own: %d", tiles, none_valid);
  if (pending)
    must(got_op == pending_op && got_dest == pending_dest, "%d tiles: ERR_TILE of %02x for %u, not %02x %u", tiles,
         got_op, got_dest, pending_op, pending_dest);
  must(ready == (live && held < HOLDS), "%d tiles: ready is %d, %d words held", tiles, ready, held);
  for (int t = 0; t < tiles; t++) {
    must((int)(idle >> t & 1) == (tile[t].way == 0), "%d tiles: tile %d idle, %d under way", tiles, t, tile[t].way);
    must((int)(done >> t & 1) == (tile[t].undone == 0), "%d tiles: tile %d done, %d not", tiles, t, tile[t].undone);
    must((int)(space >> t & 1) == (tile[t].way < (int)XT_TOP_CREDITS), "%d tiles: tile %d has space, %d under way",
         tiles, t, tile[t].way);
  }

  /* the head of the buffer */
  struct word gone = {.dest = TILES};
  const struct word *const head = held > 0 && !is_closed(buffer[0].dest) ? &buffer[0] : NULL;
  const bool none = head != NULL && head->dest >= (uint32_t)tiles;
  must(valid == (head != NULL && !none ? 1U << head->dest : 0), "%d tiles: words to %x, %d held", tiles, valid, held);
  if (valid != 0 && head != NULL)
    for (int w = 0; w < words; w++)
      must(data[w] == room_lane(head->data, w) && last == head->last, "%d tiles: word %d of a beat %08x, not %08x",
           tiles, w, data[w], room_lane(head->data, w));
  drop();
  if (head != NULL && (none ? !pending : (in.ready >> buffer[0].dest & 1) != 0)) {
    gone = buffer[0];
    buffer[0] = buffer[1];
    held--;
  }
  if (in.taken) pending = 0;
  if (none && gone.dest < TILES) {
    if (gone.first) none_op = gone.data & 255;
    if (gone.last) pending = 1, pending_op = none_op, pending_dest = gone.dest;
  }

  /* the bus */
  const int go = in.valid && ready;
  if (go) {
    const int first = !inside;
    if (first) place = in.dest, lost = 0;
    lost |= is_closed(place);
    inside = !in.last;
    words_left--;
    if (!lost && held < HOLDS) {
      buffer[held++] = (struct word){place, in.data, in.last, first};
      if (first && place < (uint32_t)tiles) tile[place].way++, tile[place].undone++;
    }
  } else if (inside) {
    lost |= is_closed(place);
  }
  for (int t = 0; t < tiles; t++) count(t, &gone);
  room_clock();
  live = 1;
  if (go) in.valid = 0;
  /* a tile that is reset stays closed for the cycle of its reset */
  closed &= ~resets;
  resets = in.reset;
  for (int t = 0; t < tiles; t++)
    if (rng_in(0, 999) < close) closed |= 1U << t;
}

START_TEST(every_word_goes_to_its_tile) {
  seed_rng("xt_stream_in", 16);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    tiles = room_param(0);
    words = room_param(1);
    after_reset();
    for (int round = 0; round < 60; round++) {
      const int offer = rng_one_in(3) ? 100 : (int)rng_in(5, 95), take = (int)rng_in(1, 100);
      const int close = rng_one_in(2) ? 0 : (int)rng_in(1, 40);
      for (int k = 0; k < 400; k++) cycle(offer, take, close);
      if (rng_one_in(3)) after_reset();
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {every_word_goes_to_its_tile};
  return room_main("xt_stream_in", tests, 1);
}
