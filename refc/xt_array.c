/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_array.h"

#include "xt_noise.h"

/* ---------------------------------------------------------------- fabrication */

void xt_array_fabricate(struct xt_array *a, const struct xt_array_cfg *cfg) {
  a->seed = cfg->seed;
  a->pulse_ctr = 0;
  for (int p = 0; p < XT_NUM_PLANES; p++) xt_plane_fabricate(&a->plane[p], &cfg->dev[p], cfg->seed);
  a->fabricated = true;
  xt_array_moved(a);
}

/* ---------------------------------------------------------------- digests */

void xt_array_moved(struct xt_array *a) {
  memset(a->digest_known, 0, sizeof a->digest_known);
}

uint32_t xt_array_digest(struct xt_array *a, int plane) {
  if (!a->digest_known[plane]) a->digest[plane] = xt_plane_digest(&a->plane[plane]);
  a->digest_known[plane] = true;
  return a->digest[plane];
}

/* ---------------------------------------------------------------- reads */

struct xt_select xt_array_select(int sel, const uint32_t *reg) {
  static const int8_t sign[][XT_NUM_PLANES] = XT_SELS;
  struct xt_select s = {.sel = sel};
  for (int p = 0; p < XT_NUM_PLANES; p++) s.coefficient[p] = sign[sel][p];
#define X(SEL, PLANE, weight) \
  if (sel == XT_SEL_##SEL) s.coefficient[XT_PLANE_##PLANE] *= (int32_t)(weight);
  XT_SEL_WEIGHT_TABLE(X)
#undef X
#define X(SEL, bits) \
  if (sel == XT_SEL_##SEL) s.fraction = (bits);
  XT_SEL_FRACTION_TABLE(X)
#undef X
  (void)reg; /* not every description has a weight that is a register */
  return s;
}

void xt_array_row(const struct xt_array *a, const struct xt_select *select, int32_t i, int64_t *value) {
  for (int32_t j = 0; j < a->m; j++) value[j] = 0;
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    const int64_t c = select->coefficient[p];
    const struct xt_plane *plane = &a->plane[p];
    const size_t k = (size_t)i * (size_t)a->m;
    if (c == 0) continue;
    if (c == 1 && plane->w16 != NULL) {
      for (int32_t j = 0; j < a->m; j++) value[j] += plane->w16[k + (size_t)j];
    } else {
      for (int32_t j = 0; j < a->m; j++) value[j] += c * xt_plane_state(plane, k + (size_t)j);
    }
  }
}

/* ---------------------------------------------------------------- read disturb */

bool xt_array_disturbed(const struct xt_array *a, const struct xt_select *select) {
  bool any = false;
  for (int p = 0; p < XT_NUM_PLANES; p++) any |= select->coefficient[p] != 0 && xt_plane_disturbed(&a->plane[p]);
  return any;
}

void xt_array_clear(struct xt_array *a) {
  memset(a->driven, 0, (size_t)(a->n > a->m ? a->n : a->m) * sizeof *a->driven);
}

void xt_array_integ(struct xt_array *a, int dir, const struct xt_drives *drives) {
  for (int32_t i = 0; i < (dir ? a->m : a->n); i++) {
    const struct xt_drive line = dir ? xt_drive_col(drives, i) : xt_drive_row(drives, i);
    if (line.active) a->driven[i] = (int16_t)(a->driven[i] + (line.polarity ? 1 : -1));
  }
}

void xt_array_hold(struct xt_array *a, const struct xt_select *select, int dir, uint32_t read_ctr) {
  const uint32_t key = xt_noise_key(a->seed, XT_DOM_DISTURB, read_ctr);
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    struct xt_plane *plane = &a->plane[p];
    if (select->coefficient[p] == 0 || !xt_plane_disturbed(plane)) continue;
    xt_plane_make(plane);
    a->digest_known[p] = false;
    for (int32_t i = 0; i < a->n; i++) {
      for (int32_t j = 0; j < a->m; j++) {
        const int16_t driven = a->driven[dir ? j : i];
        if (driven != 0)
          xt_plane_pulse(plane, (size_t)i * (size_t)a->m + (size_t)j, xt_array_read_pulse(dir, driven), key);
      }
    }
  }
}

/* ---------------------------------------------------------------- pulses */

static bool alike(struct xt_drive a, struct xt_drive b) {
  return a.active == b.active && a.polarity == b.polarity && a.amplitude == b.amplitude;
}

/* The first line from i on whose devices may see a pulse: a driven one; where one line is enough, any. */
static int32_t next_line(const struct xt_cell *cell, const uint32_t *act, int32_t i, int32_t lines) {
  return cell->alone ? i : xt_bits_next(act, i, lines);
}

/* The columns whose devices see a pulse in rows with this drive, to a->column; how many. */
static int32_t meet(struct xt_array *a, const struct xt_cell *cell, struct xt_drive row,
                    const struct xt_drives *drives) {
  int32_t columns = 0;
  for (int32_t j = next_line(cell, drives->col_act, 0, a->m); j < a->m;
       j = next_line(cell, drives->col_act, j + 1, a->m)) {
    const struct xt_pulse pulse = cell->meet(row, xt_drive_col(drives, j));
    if (pulse.hit) a->column[columns++] = (struct xt_column){.j = j, .pulse = pulse, .shape = XT_NO_SHAPE};
  }
  return columns;
}

void xt_array_pulse(struct xt_array *a, int plane, const struct xt_cell *cell, const struct xt_drives *drives) {
  const uint32_t key = xt_noise_key(a->seed, XT_DOM_PULSE, a->pulse_ctr++);
  struct xt_plane *const p = &a->plane[plane];
  struct xt_device_counts *const counts = xt_plane_counts(p);
  struct xt_drive met = {0}; /* what a->column is for */
  int32_t columns = -1;      /* nothing yet */
  xt_plane_make(p);
  a->digest_known[plane] = false;
  if (counts != NULL) counts->sums.cycles += drives->duration;
  for (int32_t i = next_line(cell, drives->row_act, 0, a->n); i < a->n;
       i = next_line(cell, drives->row_act, i + 1, a->n)) {
    const struct xt_drive row = xt_drive_row(drives, i);
    if (columns < 0 || !alike(row, met)) {
      xt_plane_pulsed(p, a->column, columns);
      columns = meet(a, cell, row, drives);
      met = row;
    }
    xt_plane_pulse_row(p, i, a->column, columns, key);
  }
  xt_plane_pulsed(p, a->column, columns);
}
