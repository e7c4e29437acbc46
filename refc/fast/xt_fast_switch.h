/* SPDX-License-Identifier: Apache-2.0 */
/* Whole MTJ_UPDATEs, and rows of ACC_UPDATEs, on planes of law MTJ. Flips are rare: noise words are drawn in vectors
 * and compared with the largest probability that a device of the column can have; only the few words below it are
 * looked at one by one. */
#ifndef XT_FAST_SWITCH_H
#define XT_FAST_SWITCH_H

#include "xt_array.h"
#include "xt_room.h"

/* Slots of a phase, at most; amplitudes of row and column together; rows of one limit: an amplitude code of a row each,
 * and those that are not driven. */
enum { XT_SWITCH_READ = 128 /* cycles that a read drives a line, less than that */ };
enum { XT_SWITCH_SLOTS = 7, XT_SWITCH_AMPS = 2 << XT_AMP_BITS, XT_SWITCH_IDLE = 14, XT_SWITCH_CLASSES };
/* Places of a table by half, up, amplitude, and one more for no pulse. */
enum { XT_SWITCH_UP = XT_SWITCH_AMPS, XT_SWITCH_HALF = 2 * XT_SWITCH_AMPS, XT_SWITCH_NONE = 4 * XT_SWITCH_AMPS };

struct xt_fast_switch {
  bool checked[XT_NUM_PLANES];   /* the next two are known */
  bool fits[XT_NUM_PLANES];      /* law MTJ, and all states within their bounds */
  int32_t spread[XT_NUM_PLANES]; /* the largest shape */
  bool built;                    /* `most`, for this plane and PULSE_WIDTH: */
  int plane;
  uint32_t width;
  uint32_t most[XT_SWITCH_SLOTS][XT_SWITCH_NONE + 1]; /* by slot and place: a word above it flips nothing */
  uint32_t *limit[XT_SWITCH_CLASSES];                 /* of a phase [m, and zeros]: the same, of a column */
  int32_t *all, *some;             /* first columns of blocks: of all, and of those with a driven column */
  uint32_t *found;                 /* [XT_SWITCH_SLOTS * m, and more]: struct xt_fast_simd's */
  int32_t *run;                    /* first columns of those that are alike, and m */
  int64_t *sum[XT_SWITCH_CLASSES]; /* [m]: states times cycles of rows, where they are counted */
  int64_t *total;                  /* [m]: states of all rows of this plane, while pulse_ctr stands where ... */
  int total_plane;                 /* -1: of none */
  uint32_t total_ctr, total_read;  /* ... and read_ctr there */
  int16_t *ones;                   /* [n]: 1 */
  int32_t *rows;                   /* [n]: all */
  bool read_built[XT_NUM_PLANES];
  uint32_t read_most[XT_NUM_PLANES][XT_SWITCH_READ]; /* as `most`, of a read, by cycles */
};

void xt_fast_switch_room(struct xt_fast_switch *f, int32_t n, int32_t m, struct xt_room *room);
/* After the devices were fabricated, or their states set. */
void xt_fast_switch_devices(struct xt_fast_switch *f);

#endif
