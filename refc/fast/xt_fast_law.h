/* SPDX-License-Identifier: Apache-2.0 */
/* Vector forms of laws: many pulses on the devices of a plane in one call. A law without one works all the same, device
 * by device, by its plain form. */
#ifndef XT_FAST_LAW_H
#define XT_FAST_LAW_H

#include "xt_fast_orbit.h"
#include "xt_plane.h"

/* Room of a law's vector form for devices that see a pulse, in a list; a vector's words may be written past its end. */
enum { XT_WORK_DEVICES = 2048, XT_WORK_ROOM = XT_WORK_DEVICES + 16 };
struct xt_fast_work {
  uint32_t mask[XT_WORK_ROOM];     /* slots */
  uint32_t device[XT_WORK_ROOM];   /* number, less that of the train's first */
  uint32_t fixed[XT_WORK_ROOM][2]; /* half of struct xt_plane_fixed16 */
  int16_t w[XT_WORK_ROOM];
};

/* Up to XT_CHUNK slots of a phase: rows of one sign with columns of one sign. Masks: bit s = the line fires in slot s.
 */
struct xt_fast_pulse_train {
  uint32_t slots;
  uint32_t key[XT_CHUNK]; /* noise keys of the slots */
  bool up;                /* direction of the devices */
  int32_t rows, cols;
  const int32_t *row;                   /* [rows] */
  const uint32_t *row_mask;             /* [rows] */
  const int32_t *col;                   /* [cols]: those that fire at all, ones with few slots first */
  const uint32_t *col_mask;             /* [cols, and zeros up to a multiple of 16] */
  const struct xt_plane_fixed16 *fixed; /* of the devices from `first` on; NULL for StateBits > 16 */
  size_t first;
  struct xt_fast_work *work;
};

struct xt_fast_law {
  /* Do the vectors' 32 bits hold everything that a pulse on any of these devices computes? fixed: theirs; first: the
   * number of the first one. */
  bool (*fits)(const struct xt_plane *p, const struct xt_plane_fixed16 *fixed, size_t first, size_t count);
  /* Returns the number of device pulses. */
  uint64_t (*pulses)(struct xt_plane *p, const struct xt_fast_pulse_train *t);
  /* `slots` (even, at most XT_CHUNK) pulses, up and down in turn, on every device of a plane that is made. */
  void (*alternate)(struct xt_plane *p, const uint32_t *key, uint32_t slots);
};

/* The same by the plane's plain law, whatever it is. */
uint64_t xt_fast_plain_pulses(struct xt_plane *p, const struct xt_fast_pulse_train *t);
void xt_fast_plain_alternate(struct xt_plane *p, const uint32_t *key, uint32_t slots);

#endif
