/* SPDX-License-Identifier: Apache-2.0 */
/* xt_stream_out against a model of SPEC section 13: who has the stream in every cycle, whole packets, which answers
 * wait, tiles that are closed. */
#include <string.h>

#include "room.h"
#include "xt_params.h"

enum { SOURCES = 17, WORDS = 4 };

static int tiles, words;
static struct source {
  int left;  /* words of the packet on offer */
  int begun; /* a word of it has been taken */
  int closed;
  uint32_t data;
} src[SOURCES]; /* the last: packets for no tile */
static uint32_t none_op, none_dest;
static int serving, cur;

static void after_reset(void) {
  room_reset();
  memset(src, 0, sizeof src);
  serving = 0;
  cur = tiles; /* so that tile 0 is next */
}

/* The next in turn of those that wait, or -1; the one whose packet ends does not. */
static int next(int ending) {
  for (int k = 1; k <= tiles + 1; k++) {
    const int s = (cur + k) % (tiles + 1);
    if (src[s].left > 0 && s != ending && !src[s].closed) return s;
  }
  return -1;
}

static uint32_t word(int is_first) {
  uint32_t v = (uint32_t)rng64();
  if (is_first && rng_one_in(2)) v &= ~UINT32_C(0xFF00); /* status OK */
  if (!is_first && rng_one_in(2)) v |= 0xFFFF;           /* a negative code */
  return v;
}

static void cycle(int offer, int take, int close) {
  for (int s = 0; s <= tiles; s++) {
    if (src[s].left > 0 || rng_in(0, 99) >= offer) continue;
    src[s].begun = 0;
    src[s].left = s == tiles || rng_one_in(3) ? 1 : (int)rng_in(1, 5);
    src[s].data = word(1);
    if (s == tiles) none_op = (uint32_t)rng_in(0, 255), none_dest = (uint32_t)rng_in(0, 15);
  }
  for (int t = 0; t < tiles; t++) {
    if (rng_in(0, 99) < close) src[t].closed = 1;
    if (src[t].closed && !(serving && cur == t) && rng_one_in(3)) src[t] = (struct source){0}; /* its reset */
  }
  const int ready = rng_in(0, 99) < take;
  room_put((uint64_t)ready, 1);
  room_put((uint64_t)(src[tiles].left > 0), 1);
  room_put(none_op, 8);
  room_put(none_dest, 4);
  for (int t = 0; t < tiles; t++) room_put((uint64_t)(src[t].left > 0), 1);
  for (int t = 0; t < tiles; t++) room_put((uint64_t)(src[t].left == 1), 1);
  for (int t = 0; t < tiles; t++)
    for (int w = 0; w < words; w++) room_put(room_lane(src[t].data, w), 32);
  for (int t = 0; t < tiles; t++) room_put((uint64_t)src[t].closed, 1);
  room_settle();

  const int valid = (int)room_get(1);
  uint32_t data[WORDS] = {0};
  for (int w = 0; w < words; w++) data[w] = (uint32_t)room_get(32);
  const int last = (int)room_get(1);
  const uint32_t id = (uint32_t)room_get(4);
  const int taken = (int)room_get(1);
  const uint32_t tile_ready = (uint32_t)room_get(tiles);
  must(valid == serving, "%d tiles: valid is %d", tiles, valid);
  const int go = serving && ready, done = go && src[cur].left == 1;
  if (serving) {
    const uint32_t want = cur == tiles ? none_op | XT_ST_ERR_TILE << 8 : src[cur].data;
    for (int w = 0; w < words; w++) {
      const uint32_t all = w == 0 || cur < tiles ? room_lane(want, w) : 0;
      must(data[w] == all, "%d tiles: word %d of a beat %08x of source %d, not %08x", tiles, w, data[w], cur, all);
    }
    must(id == (cur == tiles ? none_dest : (uint32_t)cur), "%d tiles: TID %u of source %d", tiles, id, cur);
    must(last == (src[cur].left == 1), "%d tiles: last is %d", tiles, last);
  }
  must(tile_ready == (go && cur < tiles ? 1U << cur : 0), "%d tiles: ready to %x, %d has the stream", tiles, tile_ready,
       cur);
  must(taken == (done && cur == tiles), "%d tiles: the answer of a packet for no tile taken: %d", tiles, taken);
  for (int s = 0; s <= tiles; s++) {
    const int waits = (int)room_get(1), want = src[s].left > 0 && !src[s].begun;
    must(waits == want, "%d tiles: an answer of source %d waits: %d", tiles, s, waits);
  }
  for (int s = 0; s <= tiles; s++) {
    const int error = (int)room_get(1), bad = s == tiles || (src[s].data >> 8 & 255) != XT_ST_OK;
    must(error == (src[s].left > 0 && !src[s].begun && bad), "%d tiles: source %d, status of %08x: error %d", tiles, s,
         src[s].data, error);
  }
  for (int s = 0; s <= tiles; s++) {
    const int end = (int)room_get(1);
    must(end == (done && s == cur), "%d tiles: last word of source %d taken: %d", tiles, s, end);
  }
  for (int t = 0; t < tiles; t++) {
    const int on_bus = (int)room_get(1);
    must(on_bus == (serving && cur == t), "%d tiles: tile %d has the stream: %d", tiles, t, on_bus);
  }

  const int turn = serving && !done ? cur : next(serving ? cur : -1);
  room_clock();
  if (go) {
    src[cur].left--;
    src[cur].data = word(0);
    src[cur].begun = 1;
  }
  if (!serving || done) {
    serving = turn >= 0;
    if (serving) cur = turn;
  }
}

START_TEST(whole_packets_in_turn) {
  seed_rng("xt_stream_out", 17);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    tiles = room_param(0);
    words = room_param(1);
    after_reset();
    for (int round = 0; round < 40; round++) {
      const int offer = (int)rng_in(1, 60), take = rng_one_in(3) ? 100 : (int)rng_in(10, 95);
      const int close = rng_one_in(2) ? 0 : (int)rng_in(1, 5);
      for (int k = 0; k < 300; k++) cycle(offer, take, close);
      if (rng_one_in(3)) after_reset();
    }
  }
}
END_TEST

/* One packet, silence, then all at once: the turn goes on where it was. */
START_TEST(fair_after_idle) {
  seed_rng("xt_stream_out", 18);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    tiles = room_param(0);
    words = room_param(1);
    after_reset();
    for (int k = 0; k < 200; k++) {
      const int one = (int)rng_in(0, tiles);
      src[one].left = 1;
      src[one].begun = 0;
      src[one].data = word(1);
      for (int c = (int)rng_in(3, 9); c > 0; c--) cycle(0, 100, 0);
      ck_assert_int_eq(serving, 0);
      cycle(100, 100, 0);
      for (int c = 6 * (tiles + 1); c > 0; c--) cycle(0, 100, 0);
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {whole_packets_in_turn, fair_after_idle};
  return room_main("xt_stream_out", tests, 2);
}
