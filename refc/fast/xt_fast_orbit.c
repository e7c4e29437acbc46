/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_fast_orbit.h"

#include "xt_fast_simd.h"

/* ---------------------------------------------------------------- orbits */

static void orbit_room(struct xt_orbit *o, int32_t width, bool col, struct xt_room *room) {
  const size_t states = (size_t)1 << width;
  o->state = xt_room_lazy(room, states, sizeof *o->state);
  o->position = xt_room_lazy(room, states, sizeof *o->position);
  o->value = xt_room_lazy(room, states + XT_ORBIT_PAD, sizeof *o->value);
  o->word = width == 16 && !col ? xt_room_lazy(room, XT_ORBIT_WORDS, sizeof *o->word) : NULL;
}

void xt_fast_gens_room(struct xt_fast_gens *g, const struct xt_dim *dim, struct xt_room *room) {
  g->simd = xt_fast_simds[0];
  g->row_pos = xt_room_take(room, (size_t)dim->n, sizeof *g->row_pos);
  g->col_pos = xt_room_take(room, (size_t)dim->m, sizeof *g->col_pos);
  orbit_room(&g->row_orbit, dim->pb, false, room);
  orbit_room(&g->col_orbit, dim->pb + 1, true, room);
}

/* A row fires if state <= T, that is state - 1 < T; a column if state <= 2T, that is ceil(state/2) - 1 < T. */
static void orbit_build(struct xt_orbit *o, int32_t width, bool col) {
  uint32_t s = 1;
  o->period = (UINT32_C(1) << width) - 1;
  for (uint32_t p = 0; p < o->period; p++) {
    o->state[p] = s;
    o->position[s] = p;
    s = xt_lfsr_slot(s, width);
  }
  for (uint32_t p = 0; o->word != NULL && p < XT_ORBIT_WORDS; p++) o->word[p] = (uint16_t)o->state[p];
  for (uint32_t p = 0; p < o->period + XT_ORBIT_PAD; p++) {
    const uint32_t v = o->state[p % o->period];
    o->value[p] = (uint16_t)(col ? (v + 1) / 2 - 1 : v - 1);
  }
}

static uint32_t wrap(uint32_t pos, uint32_t period) {
  return pos >= period ? pos - period : pos;
}

static bool any_zero(const uint32_t *state, int32_t lines) {
  int zeros = 0;
  for (int32_t i = 0; i < lines; i++) zeros += state[i] == 0;
  return zeros != 0;
}

bool xt_fast_gens_enter(struct xt_fast_gens *g, const struct xt_encoder *e) {
  if (g->current) return true;
  if (any_zero(e->row, e->n) || any_zero(e->col, e->m)) return false;
  if (g->row_orbit.period == 0) {
    orbit_build(&g->row_orbit, e->pb, false);
    orbit_build(&g->col_orbit, e->pb + 1, true);
  }
  for (int32_t i = 0; i < e->n; i++) g->row_pos[i] = g->row_orbit.position[e->row[i]];
  for (int32_t j = 0; j < e->m; j++) g->col_pos[j] = g->col_orbit.position[e->col[j]];
  g->row_off = g->col_off = 0;
  g->current = true;
  return true;
}

void xt_fast_gens_leave(struct xt_fast_gens *g, struct xt_encoder *e) {
  if (!g->current) return;
  for (int32_t i = 0; i < e->n; i++)
    e->row[i] = g->row_orbit.state[wrap(g->row_pos[i] + g->row_off, g->row_orbit.period)];
  for (int32_t j = 0; j < e->m; j++)
    e->col[j] = g->col_orbit.state[wrap(g->col_pos[j] + g->col_off, g->col_orbit.period)];
  g->current = false;
}

void xt_fast_gens_skip(struct xt_fast_gens *g, struct xt_encoder *e, uint32_t enc, uint32_t phases, uint32_t bl) {
  if (enc == XT_ENC_STOCH) {
    g->row_off = (g->row_off + phases * bl) % g->row_orbit.period;
    g->col_off = (g->col_off + phases * bl) % g->col_orbit.period;
  } else if (enc == XT_ENC_LOWDISC) {
    e->lowdisc = (e->lowdisc + bl) & ((UINT32_C(1) << e->pb) - 1);
  }
}

/* ---------------------------------------------------------------- masks */

static uint32_t lowest(uint32_t count) {
  return count >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << count) - 1;
}

static void orbit_masks(const struct xt_fast_gens *g, const struct xt_orbit *o, const uint32_t *pos, uint32_t off,
                        struct xt_fast_chunk c, int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask) {
  if (o->word != NULL)
    g->simd->bit_masks(o->word, o->period, pos, off + c.base, c.slots, count, line, t, mask);
  else
    g->simd->masks(o->value, o->period, pos, off, c.base, c.slots, count, line, t, mask);
}

/* All lines compare with the same level. */
static void level_masks(const struct xt_encoder *e, uint32_t (*level)(uint32_t lowdisc, int32_t pb),
                        struct xt_fast_chunk c, int32_t count, const uint32_t *t, uint32_t *mask) {
  uint16_t seq[XT_CHUNK];
  for (uint32_t s = 0; s < XT_CHUNK; s++) seq[s] = (uint16_t)level(e->lowdisc + c.slot0 + s, e->pb);
  for (int32_t r = 0; r < count; r++) {
    mask[r] = 0;
    for (uint32_t s = 0; s < c.slots; s++) mask[r] |= (uint32_t)(seq[s] < t[r]) << s;
  }
}

void xt_fast_row_masks(const struct xt_fast_gens *g, const struct xt_encoder *e, struct xt_fast_chunk c, int32_t count,
                       const int32_t *line, const uint32_t *t, uint32_t *mask) {
  if (c.enc == XT_ENC_STOCH) {
    orbit_masks(g, &g->row_orbit, g->row_pos, g->row_off, c, count, line, t, mask);
  } else if (c.enc == XT_ENC_LOWDISC) {
    level_masks(e, xt_encoder_row_level, c, count, t, mask);
  } else {
    for (int32_t r = 0; r < count; r++) mask[r] = t[r] > 0 ? lowest(c.slots) : 0;
  }
}

void xt_fast_col_masks(const struct xt_fast_gens *g, const struct xt_encoder *e, struct xt_fast_chunk c, int32_t count,
                       const int32_t *line, const uint32_t *t, uint32_t *mask) {
  if (c.enc == XT_ENC_STOCH) {
    orbit_masks(g, &g->col_orbit, g->col_pos, g->col_off, c, count, line, t, mask);
  } else if (c.enc == XT_ENC_LOWDISC) {
    level_masks(e, xt_encoder_col_level, c, count, t, mask);
  } else {
    for (int32_t r = 0; r < count; r++) mask[r] = t[r] > c.slot0 ? lowest(t[r] - c.slot0) & lowest(c.slots) : 0;
  }
}
