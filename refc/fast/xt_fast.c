/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_fast.h"

static void settle(struct xt_blocks *t) {
  xt_fast_join(t);
  xt_fast_gens_leave(&t->fast_memory->gens, &t->enc);
}

/* The rows of an ACCUMULATE. */
static void sum(struct xt_blocks *t) {
  const struct xt_dim *dim = &t->dim;
  for (int32_t i = 0; i < dim->n; i++) {
    const int32_t x = t->cmd.x[i];
    if (x == 0) continue;
    t->seq.clipped += t->fast_memory->simd->accumulate(xt_acc_row(&t->acc, dim, i), dim->ms, x, t->acc.d, dim->smax);
  }
}

static uint32_t digest(struct xt_blocks *t, int plane) {
  struct xt_array *a = &t->array;
  const struct xt_plane *p = &a->plane[plane];
  if (!a->digest_known[plane] && p->w16 != NULL) {
    a->digest[plane] = t->fast_memory->simd->digest(p->w16, 0, xt_plane_devices(p)) * XT_DIGEST_MUL;
    a->digest_known[plane] = true;
  }
  return xt_array_digest(a, plane);
}

const struct xt_seq_fast xt_seq_fast = {.read = xt_fast_read,
                                        .pulse = xt_fast_pulse,
                                        .alternate = xt_fast_alternate,
                                        .switches = xt_fast_switches,
                                        .sum = sum,
                                        .digest = digest,
                                        .settle = settle};

static void lines_room(struct xt_fast_lines *l, size_t lines, struct xt_room *room) {
  int32_t **const numbers[] = {&l->row_list[0], &l->row_list[1], &l->col_list[0],
                               &l->col_list[1], &l->col[0],      &l->col[1]};
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
    *numbers[k] = xt_room_take(room, lines, sizeof **numbers[k]);
  uint32_t **const words[] = {&l->row_mag[0], &l->row_mag[1],    &l->col_mag[0],    &l->col_mag[1],
                              &l->row_list_t, &l->col_list_t[0], &l->col_list_t[1], &l->row_mask,
                              &l->list_mask,  &l->col_mask[0],   &l->col_mask[1]};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++) *words[k] = xt_room_take(room, lines, sizeof **words[k]);
}

void xt_fast_room(struct xt_fast *f, const struct xt_fast_simd *simd, const struct xt_dim *dim, struct xt_room *room) {
  const size_t lines = (size_t)dim->lines;
  xt_fast_gens_room(&f->gens, dim, room);
  xt_fast_switch_room(&f->switches, dim->n, dim->m, room);
  f->simd = f->gens.simd = simd;
  f->list = xt_room_take(room, lines, sizeof *f->list);
  f->sum = xt_room_take(room, lines, sizeof *f->sum);
  f->codes = xt_room_take(room, lines, sizeof *f->codes);
  f->slot = xt_room_lazy(room, (size_t)dim->cmax * (size_t)dim->m, sizeof *f->slot);
  f->work = xt_room_lazy(room, XT_FAST_HERE + 1, sizeof *f->work);
  f->raw = xt_room_take(room, lines, sizeof *f->raw);
  f->unit_code = xt_room_take(room, (size_t)dim->units, sizeof *f->unit_code);
  f->row_slots = xt_room_take(room, (size_t)dim->n, sizeof *f->row_slots);
  f->col_slots = xt_room_take(room, (size_t)dim->m, sizeof *f->col_slots);
  f->row = xt_room_lazy(room, (size_t)dim->m, sizeof *f->row);
  f->row_plane = -1;
  f->ramp = xt_room_take(room, (size_t)dim->conv, sizeof *f->ramp);
  f->peak = xt_room_take(room, (size_t)dim->conv, sizeof *f->peak);
  for (int k = 0; k < 2; k++) lines_room(&f->lines[k], lines, room);
}

int xt_fast_parts(const struct xt_fast *f, int64_t work, int64_t least) {
  enum { EACH = 6 };
  if (f->team == NULL) return 1;
  const int64_t most = work / least, wanted = EACH * (int64_t)f->team->threads;
  return (int)xt_clamp(most < wanted ? most : wanted, 1, XT_TEAM_PARTS);
}

void xt_fast_split(const struct xt_fast *f, int parts, void (*run)(void *ctx, int part, int thread), void *ctx) {
  if (parts == 1)
    run(ctx, 0, XT_FAST_HERE);
  else if (f->team->begin(f->team->pool, f->tile, parts, run, ctx))
    f->team->end(f->team->pool, f->tile);
}

void xt_fast_devices(struct xt_fast *f) {
  xt_fast_switch_devices(&f->switches);
  for (int p = 0; p < XT_NUM_PLANES; p++) f->checked[p] = false;
  f->row_plane = -1;
}

static const struct xt_fast_law *fitting(const struct xt_fast *f, const struct xt_plane *p,
                                         const struct xt_plane_fixed16 *fixed, size_t first, size_t count) {
  const struct xt_fast_law *law = f->simd->law[p->cfg.law];
  return law != NULL && law->fits(p, fixed, first, count) ? law : NULL;
}

const struct xt_fast_law *xt_fast_law(struct xt_fast *f, struct xt_array *a, int plane) {
  struct xt_plane *p = &a->plane[plane];
  xt_plane_make(p);
  if (!f->checked[plane]) f->law[plane] = fitting(f, p, p->fixed16, 0, xt_plane_devices(p));
  f->checked[plane] = true;
  return f->law[plane];
}

const struct xt_fast_law *xt_fast_row_law(struct xt_fast *f, const struct xt_array *a, int plane, int32_t i) {
  const struct xt_plane *p = &a->plane[plane];
  if (p->w16 == NULL) return NULL;
  if (f->row_plane == plane && f->row_line == i) return f->row_law;
  xt_plane_make_row(p, i, f->row);
  f->row_plane = plane;
  f->row_line = i;
  return f->row_law = fitting(f, p, f->row, (size_t)i * (size_t)p->m, (size_t)p->m);
}
