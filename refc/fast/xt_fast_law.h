/* SPDX-License-Identifier: Apache-2.0 */
/* Vector forms of laws: many pulses on the devices of a plane in one call. A law without one works all the same, device
 * by device, by its plain form. */
#ifndef XT_FAST_LAW_H
#define XT_FAST_LAW_H

#include "xt_fast_orbit.h"
#include "xt_plane.h"

/* Room of a law's vector form for devices that it has put side by side: the words of a vector, up to 16 more than are
 * counted. */
enum { XT_WORK_DEVICES = 1024, XT_WORK_ROOM = XT_WORK_DEVICES + 16 };
struct xt_fast_list {
  uint32_t mask[XT_WORK_ROOM];   /* slots to come; and XT_COL_NEG */
  uint32_t base[XT_WORK_ROOM];   /* idx * HASH_INDEX */
  uint32_t move[XT_WORK_ROOM];   /* struct xt_plane_move */
  uint32_t bounds[XT_WORK_ROOM]; /* struct xt_plane_bounds */
};
struct xt_fast_block { /* devices of a vector that are listed */
  size_t device;       /* its first */
  int32_t devices;     /* to the end of the row */
  uint32_t hit;        /* bit per device */
};
struct xt_fast_work {
  struct xt_fast_list list[3]; /* of the first round, of odd and of even ones */
  struct xt_fast_block block[XT_WORK_DEVICES];
  uint32_t count[XT_CHUNK];                     /* by round: devices, ... */
  uint32_t w[XT_CHUNK + 1][XT_WORK_ROOM];       /* ... their states, ... */
  uint16_t more[XT_CHUNK][XT_WORK_DEVICES / 4]; /* ... and by vector, which of them have another pulse */
};

/* Up to XT_CHUNK slots of the rows of one sign, in their phase with the columns where d > 0 and in that where d < 0
 * (index [0] and [1]). Devices of different columns do not see each other, so that the two phases may run together.
 * Masks: bit s = the line fires in slot s of the phase. */
#define XT_COL_NEG (UINT32_C(1) << XT_CHUNK)
struct xt_fast_pulse_train {
  uint32_t slots;
  uint32_t key[2][XT_CHUNK]; /* noise keys of the slots */
  bool up[2];                /* direction of the devices */
  int32_t rows;
  const int32_t *row;            /* [rows] */
  const uint32_t *row_mask[2];   /* [rows] */
  struct xt_plane_fields fields; /* of the devices from `first` on */
  size_t first;
  const uint32_t *col; /* [m, and zeros up to a multiple of 16]: in the phase of the column's own sign; XT_COL_NEG
                          where d < 0 */
  struct xt_fast_work *work;
};

struct xt_fast_law {
  /* Do the vectors' 32 bits hold everything that a pulse on any of these devices computes? fields: theirs; first: the
   * number of the first one. */
  bool (*fits)(const struct xt_plane *p, const struct xt_plane_fields *fields, size_t first, size_t count);
  /* Returns the number of device pulses. */
  uint64_t (*pulses)(struct xt_plane *p, const struct xt_fast_pulse_train *t);
  /* `slots` (even, at most XT_CHUNK) pulses, up and down in turn, on every device of a plane whose fields are there. */
  void (*alternate)(struct xt_plane *p, const uint32_t *key, uint32_t slots);
};

/* The same by the plane's plain law, whatever it is. */
uint64_t xt_fast_plain_pulses(struct xt_plane *p, const struct xt_fast_pulse_train *t);
void xt_fast_plain_alternate(struct xt_plane *p, const uint32_t *key, uint32_t slots);

#endif
