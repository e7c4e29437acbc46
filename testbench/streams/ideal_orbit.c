/* SPDX-License-Identifier: Apache-2.0 */
/* Instead of refc/fast/xt_fast_orbit.c, in the program crosstrain_ideal of this folder: pulses from independent sources
 * (a hash of seed, line and slot), in trains that the reference runs at once. Nothing of the product links it. The
 * generators' registers stand still: they are the seed. What looks at single cycles would see them fire, so the program
 * has engine ref alone, and a trace is refused. */
#include <stdio.h>
#include <stdlib.h>

#include "xt_fast_orbit.h"
#include "xt_noise.h"

enum { ROWS = 0x51DE0001, COLS = 0x51DE0002 };

void xt_fast_gens_room(struct xt_fast_gens *g, const struct xt_dim *dim, struct xt_room *room) {
  g->row_pos = xt_room_take(room, (size_t)dim->n, sizeof *g->row_pos);
  g->col_pos = xt_room_take(room, (size_t)dim->m, sizeof *g->col_pos);
}

bool xt_fast_gens_enter(struct xt_fast_gens *g, const struct xt_encoder *e) {
  uint32_t seed = 0;
  for (int32_t i = 0; i < e->n && i < 32; i++) seed = xt_noise_word(seed, e->row[i]);
  g->row_pos[0] = xt_noise_word(seed, ROWS);
  g->col_pos[0] = xt_noise_word(seed, COLS);
  return true;
}

void xt_fast_gens_leave(struct xt_fast_gens *g, struct xt_encoder *e) {
  (void)g; /* row_off, the slots so far, stays */
  (void)e;
}

void xt_fast_gens_skip(struct xt_fast_gens *g, struct xt_encoder *e, uint32_t enc, uint32_t phases, uint32_t bl) {
  (void)e;
  if (enc == XT_ENC_STOCH) g->row_off += phases * bl;
}

static void masks(uint32_t seed, const struct xt_fast_gens *g, struct xt_fast_chunk c, const struct xt_encoder *e,
                  int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask) {
  for (int32_t r = 0; r < count; r++) mask[r] = 0;
  for (uint32_t s = 0; s < c.slots; s++) {
    const uint32_t key = xt_noise_key(seed, 0, g->row_off + c.base + s);
    for (int32_t r = 0; r < count; r++)
      mask[r] |= (uint32_t)(xt_noise_word(key, (uint32_t)line[r]) >> (32 - e->pb) < t[r]) << s;
  }
}

/* Stochastic and counted trains; those of low discrepancy have no generators to compare. */
static void need(bool good) {
  if (good) return;
  fputs("crosstrain_ideal: only stochastic and counted pulses\n", stderr);
  exit(4);
}

static uint32_t lowest(uint32_t count) {
  return count >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << count) - 1;
}

void xt_fast_row_masks(const struct xt_fast_gens *g, const struct xt_encoder *e, struct xt_fast_chunk c, int32_t count,
                       const int32_t *line, const uint32_t *t, uint32_t *mask) {
  need(c.enc != XT_ENC_LOWDISC);
  if (c.enc == XT_ENC_STOCH) masks(g->row_pos[0], g, c, e, count, line, t, mask);
  for (int32_t r = 0; r < count && c.enc == XT_ENC_COUNT; r++) mask[r] = t[r] > 0 ? lowest(c.slots) : 0;
}

void xt_fast_col_masks(const struct xt_fast_gens *g, const struct xt_encoder *e, struct xt_fast_chunk c, int32_t count,
                       const int32_t *line, const uint32_t *t, uint32_t *mask) {
  need(c.enc != XT_ENC_LOWDISC);
  if (c.enc == XT_ENC_STOCH) masks(g->col_pos[0], g, c, e, count, line, t, mask);
  for (int32_t r = 0; r < count && c.enc == XT_ENC_COUNT; r++)
    mask[r] = t[r] > c.slot0 ? lowest(t[r] - c.slot0) & lowest(c.slots) : 0;
}
