/* SPDX-License-Identifier: Apache-2.0 */
/* The behavioural array: a list of planes, read selects over them, pulses (rtl/SPEC.md sections 8, 9, 10). */
#ifndef XT_ARRAY_H
#define XT_ARRAY_H

#include "xt_array_cfg.h"
#include "xt_plane.h"

struct xt_array {
  int32_t n, m;
  struct xt_plane plane[XT_NUM_PLANES]; /* by XT_PLANE_* */
  uint32_t seed;
  uint32_t pulse_ctr; /* PULSE cycles since the fabrication, whatever fired */
  bool fabricated;
  struct xt_column *column; /* [m]: of a pulse */
  uint32_t digest[XT_NUM_PLANES];
  bool digest_known[XT_NUM_PLANES]; /* no device has moved since */
  int16_t *driven; /* [lines]: cycles of INTEG since CLEAR in which a line was driven, negative with polarity 0 */
};

/* Fabricates from a configuration that xt_array_check() accepts. */
void xt_array_fabricate(struct xt_array *a, const struct xt_array_cfg *cfg);

/* A read select: what it senses is the sum over planes of coefficient * state. */
struct xt_select {
  int sel; /* XT_SEL_* */
  int32_t coefficient[XT_NUM_PLANES];
  unsigned fraction; /* what is sensed is in 2^-fraction of a state: binary places of the weights */
};
/* reg: registers by address (struct xt_csr), of which some may be weights. */
struct xt_select xt_array_select(int sel, const uint32_t *reg);
/* What is sensed of row i, to value[m]. */
void xt_array_row(const struct xt_array *a, const struct xt_select *select, int32_t i, int64_t *value);

/* CLEAR, INTEG and HOLD of a read as its devices see them: at the end of HOLD those of driven lines may flip. read_ctr:
 * as in that HOLD. */
bool xt_array_disturbed(const struct xt_array *a, const struct xt_select *select);
void xt_array_clear(struct xt_array *a);
void xt_array_integ(struct xt_array *a, int dir, const struct xt_drives *drives);
void xt_array_hold(struct xt_array *a, const struct xt_select *select, int dir, uint32_t read_ctr);
/* What a driven line's devices see of the read. */
static inline struct xt_pulse xt_array_read_pulse(int dir, int16_t driven) {
  return (struct xt_pulse){.hit = true,
                           .up = (driven > 0) == (dir == 0), /* transposed, the current runs the other way */
                           .read = true,
                           .duration = (uint16_t)(driven > 0 ? driven : -driven)};
}

/* Digest of a plane, which is summed up again only after its devices have moved: by the functions above and below, or
 * otherwise, which xt_array_moved() tells. */
uint32_t xt_array_digest(struct xt_array *a, int plane);
void xt_array_moved(struct xt_array *a);

/* A PULSE cycle on one plane: every device whose cell sees a pulse moves. */
void xt_array_pulse(struct xt_array *a, int plane, const struct xt_cell *cell, const struct xt_drives *drives);

#endif
