/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks of a host that never waits on one xt_top, and the chain of its operations (rtl/SPEC.md section 13).
 *
 * Packets are told in the order of the command stream, each with what is known of it when it has been executed: its
 * length and that of its answer, and how long its operation was. What the host does not tell does not happen: no packet
 * for a tile that does not exist, no TILE_RESET. Integers only, no allocation; the struct is the whole state. */
#ifndef XT_CLOCK_H
#define XT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "xt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { XT_CLOCK_TILES = 16 };

struct xt_clock_packet {
  uint32_t tile, words, answer; /* words of the packet, and of its answer; of wide streams: beats */
  uint64_t cycles;              /* of the operation, from START to END (section 4) */
};

/* A packet that has been told, for those that need its answer. */
struct xt_clock_sent {
  uint32_t tile;
  uint64_t number; /* of its tile's packets, from 1 */
  uint64_t chain;  /* longest chain that ends with it */
};

/* When a packet's first word was taken, its tile had the last one, its operation began and ended, the last word of its
 * answer was taken. */
struct xt_clock_times {
  uint32_t tile;
  uint64_t number, first, in, start, end, answered;
};
typedef void (*xt_clock_sink)(void *user, const struct xt_clock_times *times);

/* Clocks are counted from 1; 0: has not been. Of a tile and its packets; T of the last word is `in`. */
struct xt_clock_way {
  uint64_t first, in, cycles, answer;
};
struct xt_clock_tile {
  uint64_t start, put, answered; /* START, P, A of the last packet that has been answered */
  uint64_t told, under_way;      /* packets */
  uint64_t chain;
  struct xt_clock_way way[XT_TOP_CREDITS]; /* those under way, oldest first */
};

struct xt_clock {
  xt_clock_sink sink; /* NULL, or gets every packet that has been answered, in the order of the answers */
  void *user;
  uint32_t tiles;
  struct xt_clock_now { /* numbers only */
    uint64_t bus;       /* B of the last word */
    uint64_t given[2];  /* T of the last word, and of the one before */
    uint64_t out;       /* A of the last answer: clocks so far */
    uint64_t turn;      /* its tile */
    uint64_t floor;     /* no packet begins before the clock after it */
    uint64_t chain;     /* the longest */
    struct xt_clock_tile tile[XT_CLOCK_TILES];
  } now;
};

void xt_clock_reset(struct xt_clock *c, uint32_t tiles);
/* Whether `now`, read from elsewhere, can be. */
bool xt_clock_legal(const struct xt_clock *c);
/* needs: NULL, or the packet whose answer the host waits for before it begins this one. */
struct xt_clock_sent xt_clock_send(struct xt_clock *c, const struct xt_clock_packet *p,
                                   const struct xt_clock_sent *needs);
/* Waits for all answers; what is told later begins after them. Now c->now.out is the number of clocks. */
void xt_clock_finish(struct xt_clock *c);

#ifdef __cplusplus
}
#endif

#endif
