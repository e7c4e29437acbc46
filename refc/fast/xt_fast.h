/* SPDX-License-Identifier: Apache-2.0 */
/* Fast forms of the sequences of refc/xt_seq.c: whole reads and whole pulse trains at once, devices in vectors. They
 * leave the same state and give the same records, bit for bit (test ref_fast). */
#ifndef XT_FAST_H
#define XT_FAST_H

#include "xt_fast_law.h"
#include "xt_fast_orbit.h"
#include "xt_fast_simd.h"
#include "xt_fast_switch.h"
#include "xt_room.h"
#include "xt_tile.h"

enum { XT_FAST_HERE = XT_TEAM_THREADS /* the number of who runs what is not split */ };

/* Lines of a train. */
struct xt_fast_lines {
  int32_t *row_list[2], *col_list[2];   /* those of one sign [n], [m]; index: 0 positive, 1 negative */
  uint32_t *row_mag[2], *col_mag[2];    /* their magnitudes */
  uint32_t *row_list_t, *col_list_t[2]; /* their thresholds */
  uint32_t *row_mask, *list_mask;       /* their slots */
  int32_t *col[2];                      /* columns of one sign that fire, ... */
  uint32_t *col_mask[2];                /* ... and their slots */
};

/* Slots of the rows of one sign in their phases with columns of either sign, split by rows. */
struct xt_fast_rows {
  const struct xt_fast_lines *lines;
  struct xt_plane *plane;
  struct xt_fast_gens gens; /* as they are at the time */
  struct xt_encoder enc;
  const struct xt_fast_law *law;
  struct xt_fast_chunk phase[2];
  struct xt_fast_pulse_train train[2]; /* of all rows */
  struct xt_fast_work *work;
  int parts, done; /* done: the part that has been run, or `parts` */
  uint64_t pulses[XT_TEAM_PARTS];
};

struct xt_fast {
  const struct xt_fast_simd *simd;
  const struct xt_team *team; /* NULL: no other threads */
  int tile;                   /* number of ours */
  struct xt_fast_gens gens;
  struct xt_fast_switch switches;
  const struct xt_fast_law *law[XT_NUM_PLANES]; /* of planes that are made; NULL: devices move one by one, by their
                                                   plain law */
  bool checked[XT_NUM_PLANES];                  /* law[] is known */
  struct xt_plane_fixed16 *row;                 /* [m]: of one row of a plane that is not made, ... */
  int row_plane;                                /* ... of this one (-1: of none), ... */
  int32_t row_line;                             /* ... this row, ... */
  const struct xt_fast_law *row_law;            /* ... and its law[] */
  int32_t *list;                                /* [lines]: driven lines of a read */
  int32_t *sum;                                 /* [lines]: of a read */
  int16_t *codes;                               /* [lines]: of a part of its driven lines */
  int64_t *slot;                                /* [CMAX][m]: of a read: what every column gets in a slot */
  bool ideal;                                   /* the converters are */
  int32_t *raw;                                 /* [lines]: codes of a read as converted, before LATCH */
  uint32_t *unit_code;                          /* [units]: of a conversion, from the lowest code on */
  uint32_t *row_slots, *col_slots;              /* [n], [m]: slots in which each line fires */
  int64_t *ramp, *peak;                         /* [CONV]: what the DAC of a ramp gives in a step, and at most so far */
  struct xt_fast_lines lines[2];                /* of a train; of one that is given while another is under way */
  struct xt_fast_work *work;                    /* [XT_FAST_HERE + 1] */
  bool ahead;                                   /* a train is under way behind its operation: */
  int ahead_plane;                              /* on this plane, ... */
  int32_t ahead_row;                            /* ... of which this row has had its pulses, ... */
  struct xt_fast_rows ahead_rows;               /* ... while those of the others are not counted */
};

enum { XT_READ_SLOTS = 127 /* CMAX at most */ };

extern const struct xt_seq_fast xt_seq_fast;

/* Memory for a tile of these sizes; room->failed tells. */
void xt_fast_room(struct xt_fast *f, const struct xt_fast_simd *simd, const struct xt_dim *dim, struct xt_room *room);
/* Parts that a piece of so much work has, each of at least `least`: 1, or a few per thread, so that none waits long for
 * another; and runs them. */
int xt_fast_parts(const struct xt_fast *f, int64_t work, int64_t least);
void xt_fast_split(const struct xt_fast *f, int parts, void (*run)(void *ctx, int part, int thread), void *ctx);
/* Waits for a train that is under way. Whoever looks at planes or counters says this first; settle does. */
void xt_fast_join(struct xt_blocks *t);
/* After the devices were fabricated, or their states set. */
void xt_fast_devices(struct xt_fast *f);
/* The vector form of a plane's law, NULL if it has none or it does not fit; the plane is made for it. */
const struct xt_fast_law *xt_fast_law(struct xt_fast *f, struct xt_array *a, int plane);
/* The same for row i alone, of a plane that is not made: f->row. */
const struct xt_fast_law *xt_fast_row_law(struct xt_fast *f, const struct xt_array *a, int plane, int32_t i);

/* After the front end was fabricated. */
void xt_fast_units(struct xt_fast *f, const struct xt_afe *afe);

/* v[j] += factor * the sum of codes[i] * state over the listed rows i. */
void xt_fast_columns(const struct xt_blocks *t, const struct xt_plane *p, const int16_t *codes, const int32_t *lines,
                     int32_t count, int64_t factor, int64_t *v);

/* All conversions of a read, of held values: results to seq.codes, cmp_ctr as after their cycles. Returns the lines at
 * a rail. */
uint32_t xt_fast_convert(struct xt_blocks *t, const struct xt_read *rd);

/* Gives out the records of a read that is done, of f->raw, and of a train whose generators have not moved on; or
 * counts them if nobody listens. */
void xt_fast_read_records(struct xt_blocks *t, const struct xt_read *rd);
void xt_fast_train_records(struct xt_blocks *t, const struct xt_pulse_train *u, const struct xt_fast_lines *l,
                           const int32_t rows[2], const int32_t cols[2]);

/* The same of a SWITCH, which uses its memory for lines: before its devices. */
void xt_fast_switch_records(struct xt_blocks *t, const struct xt_switch *s);

/* Thresholds of listed rows of these magnitudes. */
void xt_fast_row_thresholds(const struct xt_blocks *t, const struct xt_um_out *um, const uint32_t *mag, int32_t count,
                            uint32_t *threshold);

/* What a read does to the devices of the driven lines, f->list, before read_ctr moves on. */
void xt_fast_read_disturb(struct xt_blocks *t, const struct xt_read *rd, int32_t count);

/* The entries of xt_seq_fast. */
bool xt_fast_read(struct xt_blocks *t, const struct xt_read *rd);
bool xt_fast_pulse(struct xt_blocks *t, const struct xt_pulse_train *u);
bool xt_fast_alternate(struct xt_blocks *t, int plane, uint32_t pairs);
bool xt_fast_switches(struct xt_blocks *t, const struct xt_switch *s);

#endif
