/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_clock.h"

#include <string.h>

static uint64_t later(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

void xt_clock_reset(struct xt_clock *c, uint32_t tiles) {
  memset(&c->now, 0, sizeof c->now);
  c->tiles = tiles;
  c->now.turn = tiles; /* the next is tile 0 */
}

bool xt_clock_legal(const struct xt_clock *c) {
  for (uint32_t k = 0; k < c->tiles; k++) {
    const struct xt_clock_tile *t = &c->now.tile[k];
    if (t->under_way > XT_TOP_CREDITS || t->under_way > t->told) return false;
  }
  return c->now.turn <= c->tiles;
}

/* START of a packet whose last word its tile took in `in`, after one whose answer moved in `put`. */
static uint64_t start(uint64_t in, uint64_t put) {
  return later(in + 1, put) + 1;
}

/* Of the oldest packet under way. */
static uint64_t oldest_start(const struct xt_clock_tile *t) {
  return start(t->way[0].in, t->put);
}
static uint64_t oldest_end(const struct xt_clock_tile *t) {
  return oldest_start(t) + t->way[0].cycles - 1;
}
static uint64_t oldest_put(const struct xt_clock_tile *t) {
  return later(oldest_end(t), t->answered + 1);
}

/* START of the newest packet, of at most two under way. */
static uint64_t newest_start(const struct xt_clock_tile *t) {
  if (t->under_way == 0) return t->start;
  return t->under_way == 1 ? oldest_start(t) : start(t->way[1].in, oldest_put(t));
}

static bool waits(const struct xt_clock_tile *t, uint64_t clock) {
  return t->under_way > 0 && oldest_put(t) + 1 <= clock;
}

/* The next answer. A packet that has not been told cannot be in time for it: the host waits for this one first. */
static void answer(struct xt_clock *c) {
  struct xt_clock_now *now = &c->now;
  uint64_t choice = UINT64_MAX, next = now->turn;
  for (uint32_t k = 0; k < c->tiles; k++)
    if (waits(&now->tile[k], choice)) choice = oldest_put(&now->tile[k]) + 1;
  choice = later(choice, now->out);
  do next = (next + 1) % (c->tiles + 1); /* the place `tiles` is that of packets for no tile */
  while (next == c->tiles || !waits(&now->tile[next], choice));
  struct xt_clock_tile *t = &now->tile[next];
  const struct xt_clock_times times = {.tile = (uint32_t)next,
                                       .number = t->told - t->under_way + 1,
                                       .first = t->way[0].first,
                                       .in = t->way[0].in,
                                       .start = oldest_start(t),
                                       .end = oldest_end(t),
                                       .answered = choice + t->way[0].answer};
  t->put = oldest_put(t);
  t->start = times.start;
  t->answered = now->out = times.answered;
  t->under_way--;
  memmove(&t->way[0], &t->way[1], t->under_way * sizeof t->way[0]);
  now->turn = next;
  if (c->sink) c->sink(c->user, &times);
}

struct xt_clock_sent xt_clock_send(struct xt_clock *c, const struct xt_clock_packet *p,
                                   const struct xt_clock_sent *needs) {
  struct xt_clock_now *now = &c->now;
  struct xt_clock_tile *t = &now->tile[p->tile];
  uint64_t before = now->floor;
  while (t->under_way == XT_TOP_CREDITS ||
         (needs && now->tile[needs->tile].told - now->tile[needs->tile].under_way < needs->number)) {
    answer(c);
    before = now->out;
  }
  const uint64_t free = newest_start(t) + 1;
  struct xt_clock_way *way = &t->way[t->under_way];
  for (uint32_t k = 0; k < p->words; k++) {
    now->bus = later(now->bus, now->given[1]) + 1;
    if (k == 0) way->first = now->bus = later(now->bus, before + 1);
    const uint64_t in = later(now->bus, now->given[0]) + 1;
    now->given[1] = now->given[0];
    now->given[0] = k == 0 ? later(in, free) : in;
  }
  way->in = now->given[0];
  way->cycles = p->cycles;
  way->answer = p->answer;
  t->under_way++;
  t->told++;
  t->chain = later(t->chain, needs ? needs->chain : 0) + p->cycles;
  now->chain = later(now->chain, t->chain);
  return (struct xt_clock_sent){p->tile, t->told, t->chain};
}

void xt_clock_finish(struct xt_clock *c) {
  for (uint32_t k = 0; k < c->tiles; k++)
    while (c->now.tile[k].under_way > 0) answer(c);
  c->now.floor = c->now.out;
  for (uint32_t k = 0; k < c->tiles; k++) c->now.tile[k].chain = c->now.chain;
}
