/* SPDX-License-Identifier: Apache-2.0 */
/* Vector forms of laws: many pulses on the devices of a plane in one call. A law without one works all the same, device
 * by device, by its plain form. */
#ifndef XT_FAST_LAW_H
#define XT_FAST_LAW_H

#include "xt_fast_orbit.h"
#include "xt_plane.h"

/* Devices of a row that share an entry of vec_mask; a vector has that many, or a half or a quarter of it. */
enum { XT_FAST_VEC = 16 };

/* Up to XT_CHUNK slots of the rows of one sign, in their phase with the columns where d > 0 and in that where d < 0
 * (index [0] and [1]). Devices of different columns do not see each other, so that the two phases may run together.
 * Masks: bit s = the line fires in slot s of the phase. */
struct xt_fast_pulse_train {
  uint32_t slots;
  uint32_t key[2][XT_CHUNK]; /* noise keys of the slots */
  bool up[2];                /* direction of the devices */
  int32_t rows;
  const int32_t *row;          /* [rows] */
  const uint32_t *row_mask[2]; /* [rows] */
  const uint32_t *col_mask; /* [m, and zeros up to a multiple of XT_FAST_VEC]: in the phase of the column's own sign */
  const uint32_t *col_neg;  /* [the same]: ~0 where d < 0, else 0 */
  const uint32_t *vec_mask[2]; /* [that / XT_FAST_VEC]: OR of col_mask over so many columns of this sign */
};

struct xt_fast_law {
  /* Do the vectors' 32 bits hold everything that a pulse on any device of the plane computes? */
  bool (*fits)(const struct xt_plane *p);
  /* Returns the number of device pulses. */
  uint64_t (*pulses)(struct xt_plane *p, const struct xt_fast_pulse_train *t);
  /* `slots` (even, at most XT_CHUNK) pulses, up and down in turn, on every device. */
  void (*alternate)(struct xt_plane *p, const uint32_t *key, uint32_t slots);
};

/* The same by the plane's plain law, whatever it is. */
uint64_t xt_fast_plain_pulses(struct xt_plane *p, const struct xt_fast_pulse_train *t);
void xt_fast_plain_alternate(struct xt_plane *p, const uint32_t *key, uint32_t slots);

#endif
