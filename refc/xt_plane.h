/* SPDX-License-Identifier: Apache-2.0 */
/* A plane: one device at every crosspoint, all of one configuration and one law (rtl/SPEC.md sections 9 and 10).
 *
 * Device k = i*m + j. States lie in one array, what is fixed of a device side by side in another; the memory belongs to
 * the caller: n*m + XT_SLACK entries each. States and bounds of StateBits <= 16 are held in 16 bits (w16, fixed16),
 * wider ones in 32 (w32, fixed32); the other set is NULL. */
#ifndef XT_PLANE_H
#define XT_PLANE_H

#include <stdbool.h>
#include <stddef.h>

#include "xt_device_count.h"
#include "xt_law.h"

enum { XT_SLACK = 64 /* elements that vectors of refc/fast may touch past the end of an array */ };
enum { XT_MTJ_READ_NONE = -8192 /* field MTJ_READ: reads disturb nothing */ };
enum { XT_PLANE_LAZY = 1 << 20 /* devices of a plane that is lazy: more than that */ };

/* Of struct xt_device. */
struct xt_plane_move {
  int16_t shape, step;
};
struct xt_plane_bounds {
  int16_t min, max;
};

struct xt_plane_fixed16 { /* a pulse up needs the first eight bytes, a pulse down the last eight */
  struct xt_plane_move up;
  struct xt_plane_bounds bounds;
  struct xt_plane_move down;
};
struct xt_plane_fixed32 {
  struct xt_plane_move up, down;
  int32_t min, max;
};

struct xt_plane {
  int32_t n, m, sw;
  uint32_t first; /* number of its device 0 among the devices of all planes */
  struct xt_dev_cfg cfg;
  const struct xt_law *law;
  uint32_t seed; /* of the array */
  bool lazy;     /* so big that what is fixed is made for single rows, where those are enough */
  bool made;     /* it is there: xt_plane_make() */
  int16_t *w16;
  int32_t *w32;
  struct xt_plane_fixed16 *fixed16;
  struct xt_plane_fixed32 *fixed32;
  uint32_t *pulses;                /* that each device has seen; NULL: not counted */
  struct xt_device_counts *counts; /* NULL: not counted; see xt_plane_counts() */
};

static inline size_t xt_plane_devices(const struct xt_plane *p) {
  return (size_t)p->n * (size_t)p->m;
}

/* Where its pulses are counted; NULL: nowhere, or there is nothing to count in a law whose devices move a bit with
 * each.
 */
static inline struct xt_device_counts *xt_plane_counts(const struct xt_plane *p) {
  return p->law->timed ? p->counts : NULL;
}

/* Memory and sizes of plane number `number` of a tile of these sizes; room->failed tells. */
struct xt_dim;
struct xt_room;
void xt_plane_room(struct xt_plane *p, const struct xt_dim *dim, uint32_t number, struct xt_room *room);

/* Makes all devices from a configuration that xt_array_check() accepts; seed: of the array. States are the
 * law's first ones (0, if it has none), but for stuck devices. */
void xt_plane_fabricate(struct xt_plane *p, const struct xt_dev_cfg *cfg, uint32_t seed);

/* What is fixed of all devices; does nothing if it is there. */
void xt_plane_make(struct xt_plane *p);
/* That of row i to fixed [m] of the caller (StateBits <= 16). */
void xt_plane_make_row(const struct xt_plane *p, int32_t i, struct xt_plane_fixed16 *fixed);

struct xt_device xt_plane_device(const struct xt_plane *p, size_t k);
static inline int32_t xt_plane_state(const struct xt_plane *p, size_t k) {
  return p->w16 != NULL ? p->w16[k] : p->w32[k];
}
void xt_plane_set_state(struct xt_plane *p, size_t k, int32_t w); /* any w of StateBits bits */

/* A pulse (pulse.hit) on device k; key: the noise key of the cycle, xt_noise_key(seed, XT_DOM_PULSE, counter), or of a
 * read's HOLD, XT_DOM_DISTURB. */
void xt_plane_pulse(struct xt_plane *p, size_t k, struct xt_pulse pulse, uint32_t key);

/* The pulse that devices of column j see of rows that are driven alike. */
struct xt_column {
  int32_t j;
  struct xt_pulse pulse; /* pulse.hit */
  int32_t shape;         /* law with flip(): of the device that saw it last, XT_NO_SHAPE: of none so far */
  uint64_t flip;         /* its chance */
  uint64_t devices;      /* that saw it, and the sum of their states before it */
  int64_t states;
};
enum { XT_NO_SHAPE = INT32_MAX };
/* On the devices of row i in these columns. */
void xt_plane_pulse_row(struct xt_plane *p, int32_t i, struct xt_column *column, int32_t columns, uint32_t key);
/* No more rows see these: xt_plane_counts() learns of them. */
void xt_plane_pulsed(struct xt_plane *p, const struct xt_column *column, int32_t columns);

/* Reads flip its devices now and then. */
static inline bool xt_plane_disturbed(const struct xt_plane *p) {
  return p->cfg.law == XT_LAW_MTJ && p->cfg.mtj_read > XT_MTJ_READ_NONE && p->cfg.dw > 0;
}

/* Digest of all states: any one device that differs changes it. */
uint32_t xt_plane_digest(const struct xt_plane *p);

#endif
