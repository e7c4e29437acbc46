/* SPDX-License-Identifier: Apache-2.0 */
/* The interface of a tile: what the training software knows, and what every engine (ref, rtl, lockstep, ...)
 * implements.
 *
 * A tile is N input lines x M output lines with devices A, C, R at every crosspoint (rtl/SPEC.md). Commands and answers
 * are the packets of section 2, registers those of section 3. An engine is one entry of a table (struct xt_engine).
 *
 * Every function that returns int returns 0, or an XT_E_* code below with a one-line message in xt_tile_error().
 */
#ifndef XT_TILE_IF_H
#define XT_TILE_IF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xt_device_count.h"
#include "xt_record.h"
#include "xt_types.h"

enum {
  XT_E_OK = 0,
  XT_E_MISMATCH = 1, /* lockstep: the two sides differ */
  XT_E_ARG = 2,      /* bad shape, configuration or snapshot */
  XT_E_SETUP = 3,    /* the engine cannot start (no simulator, build failed, parameter hashes differ) */
  XT_E_HANG = 4      /* no answer within the engine's cycle limit */
};

struct xt_matched {
  uint64_t records, operations, cycles;
};

/* Where a comparing engine stopped: register OPS before the operation, and when the wave shows the record. */
struct xt_mismatch {
  uint64_t operation, wave_time;
};
#define XT_NO_TIME UINT64_MAX /* not in the wave */

struct xt_tile; /* an engine's tile; its first member is `const struct xt_engine *engine` */

/* Threads for parts of an operation of a tile: begin() has run(0 .. parts-1) done, in any order and at the same time.
 * Until the caller says end(), which waits for all of them, nothing else of this tile can be split; false: they are
 * done already, and there is no end(). `thread` is below `threads` and of no other part that runs at the time. */
struct xt_team {
  void *pool;
  int threads; /* the caller's one included, at most XT_TEAM_THREADS */
  bool (*begin)(void *pool, int tile, int parts, void (*run)(void *ctx, int part, int thread), void *ctx);
  void (*end)(void *pool, int tile);
};
enum { XT_TEAM_THREADS = 256, XT_TEAM_PARTS = 64 /* at most */ };

struct xt_engine_opts {
  int tile_index;      /* which tile of the network this is: names in messages and waves */
  int records;         /* 0: no trace records wanted: an engine may take a faster path */
  uint32_t stall_seed; /* != 0 gives random back-pressure on both streams */
  int stream_bits;     /* width of the streams (section 2) where an engine has any of its own; 0: 32 */
  int unchecked;       /* RTL without the invariants of its blocks, which is quicker */
  const char *plant;   /* NULL, or the name of a bug of testbench/bugs.toml that the RTL gets */
  const char *wave;    /* NULL, or the file name of an FST */
  uint64_t wave_from,
      wave_to;       /* operations that the wave covers, both included, as counted by register OPS before them */
  int quiet;         /* no report of a mismatch on stderr */
  int pulses;        /* count the pulses of every device */
  int device_counts; /* count what pulses do to devices of laws with amplitudes and durations */
  const struct xt_team *team; /* NULL, or what an engine may split an operation over, with the same results */
};

/* What an engine can do: X(name, bit, words of `crosstrain version`). */
#define XT_CAN_TABLE(X)                                                                                             \
  X(RECORDS, 0, "records")      /* opts.records, set_trace() */                                                     \
  X(WAVES, 1, "waves")          /* opts.wave, wave_time(), wave_check() */                                          \
  X(PLANT, 2, "bugs to plant")  /* opts.plant */                                                                    \
  X(STALLS, 3, "back-pressure") /* opts.stall_seed */                                                               \
  X(COMPARE, 4, "comparison")   /* of two sides: matched(), mismatch(); stops at the first */                       \
  X(STATES16, 5, "states")      /* states16() where state_bits = 16 */                                              \
  X(COPIES, 6, "copies")        /* tiles are cheap, at any time and in any thread: parallel evaluation on copies */ \
  X(PULSES, 7, "pulse counts of devices")       /* opts.pulses, pulses() */                                         \
  X(ABORT, 8, "aborts")                         /* abort_at() */                                                    \
  X(DEVICE_COUNTS, 9, "flip counts of devices") /* opts.device_counts, device_counts() */                           \
  X(INVARIANTS, 10, "invariants")               /* opts.unchecked */

enum {
#define X(name, bit, text) XT_CAN_##name = 1 << bit,
  XT_CAN_TABLE(X)
#undef X
};

struct xt_engine {
  const char *name;
  const char *text; /* one line for --help */
  uint32_t can;     /* XT_CAN_*; functions that belong to a bit which is not set may be NULL */
  /* Makes a tile, in the state after a hardware reset, devices not yet fabricated. On failure *t is NULL, and err
   * (errlen bytes) has the message: XT_E_ARG also for options that the engine cannot (xt_engine_lacks()). */
  int (*create)(struct xt_tile **t, const struct xt_shape *shape, const struct xt_engine_opts *opts, char *err,
                size_t errlen);
  void (*destroy)(struct xt_tile *t);
  const char *(*error)(const struct xt_tile *t);

  int (*configure)(struct xt_tile *t, const struct xt_array_cfg *cfg); /* loads and fabricates (section 10) */
  int (*hw_reset)(struct xt_tile *t);                                  /* rst_ni, between operations */
  /* rst_ni during the next operation: the next submit() runs its packet until the reset cuts it, before the edge that
   * ends its cycle `cycle` (section 11), or right after its END if it is shorter. It gives no answer: there is nothing
   * to collect. No packet may be under way. */
  int (*hw_reset_at)(struct xt_tile *t, uint32_t cycle);
  /* ABORT during the next operation: the next submit() runs its packet with a write of 1 to CONTROL that is
   * acknowledged in its cycle `cycle` (section 4), or after it. Its answer is collected as any other. No packet may be
   * under way. */
  int (*abort_at)(struct xt_tile *t, uint32_t cycle);

  /* *status gets XT_CSR_ST_*. */
  int (*csr_write)(struct xt_tile *t, uint8_t addr, uint32_t value, int *status);
  int (*csr_read)(struct xt_tile *t, uint8_t addr, uint32_t *value, int *status);

  /* One packet in (n >= 1 words, `last` on the final one), one packet out. Several packets may be submitted before
   * their answers are collected (at most XT_QUEUE); answers come in order. */
  int (*submit)(struct xt_tile *t, const uint32_t *words, size_t n);
  int (*collect)(struct xt_tile *t, uint32_t *words, size_t cap, size_t *n);
  /* Length (section 4) of the operation whose answer collect() gave last. */
  uint64_t (*op_cycles)(const struct xt_tile *t);

  /* Records go to `sink` (NULL: none) in order. Needs opts.records. */
  void (*set_trace)(struct xt_tile *t, xt_trace_sink sink, void *user);

  /* No packet may be under way. An engine with XT_CAN_COPIES leaves out planes for which s has no memory. */
  int (*get_snapshot)(struct xt_tile *t, struct xt_snapshot *s);
  int (*set_snapshot)(struct xt_tile *t, const struct xt_snapshot *s);
  /* The state of an array as int16, k = i*m + j, if the engine holds it so (state_bits = 16), else NULL. */
  const int16_t *(*states16)(struct xt_tile *t, int sel);

  /* What has been compared and found equal since create(). */
  void (*matched)(const struct xt_tile *t, struct xt_matched *sum);
  /* The first mismatch, or where the compared engine failed (hung, stopped by an assertion): 1 and *at; 0: none so far.
   */
  int (*mismatch)(const struct xt_tile *t, struct xt_mismatch *at);
  /* When the wave shows the record that the sink was given as number `record` (from 0), or the last one if there is no
   * such, in time units of the FST; XT_NO_TIME. */
  uint64_t (*wave_time)(const struct xt_tile *t, uint64_t record);
  /* Whether a file that opts.wave named, closed by destroy(), is whole: what writes it does not tell when the device is
   * full. vcd: NULL, or a file for the same as VCD. XT_E_OK, or XT_E_SETUP and the reason in err. */
  int (*wave_check)(const char *file, const char *vcd, char *err, size_t errlen);
  /* Pulses that each device of an array has seen since create(), k = i*m + j, to be read and to be set; NULL without
   * opts.pulses. Also those that did not move it: stuck, or at its bound. */
  uint32_t *(*pulses)(struct xt_tile *t, int plane);
  /* What the pulses on a plane did to its devices since create(), to be read and to be set; NULL without
   * opts.device_counts. All 0 where the plane's law has no amplitudes and durations. */
  struct xt_device_counts *(*device_counts)(struct xt_tile *t, int plane);
};

/* What `opts` want and the engine cannot, in words; NULL: nothing. */
static inline const char *xt_engine_lacks(const struct xt_engine *engine, const struct xt_engine_opts *opts) {
  const uint32_t want = (opts->records ? XT_CAN_RECORDS : 0) | (opts->wave ? XT_CAN_WAVES : 0) |
                        (opts->plant ? XT_CAN_PLANT : 0) | (opts->stall_seed ? XT_CAN_STALLS : 0) |
                        (opts->pulses ? XT_CAN_PULSES : 0) | (opts->device_counts ? XT_CAN_DEVICE_COUNTS : 0) |
                        (opts->unchecked ? XT_CAN_INVARIANTS : 0);
#define X(name, bit, text) \
  if (want & ~engine->can & XT_CAN_##name) return text;
  XT_CAN_TABLE(X)
#undef X
  return NULL;
}

#define XT_QUEUE 16

#endif
