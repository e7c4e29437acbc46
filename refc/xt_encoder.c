/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_encoder.h"

struct lfsr {
  uint32_t taps, steps;
};

static struct lfsr lfsr_of(int32_t width) {
  switch (width) {
#define X(w, taps, steps) \
  case w:                 \
    return (struct lfsr){taps, steps};
    XT_LFSR_TABLE(X)
#undef X
    default:
      return (struct lfsr){0, 0};
  }
}

uint32_t xt_lfsr_slot(uint32_t state, int32_t width) {
  const struct lfsr l = lfsr_of(width);
  const uint32_t mask = (UINT32_C(1) << width) - 1;
  for (uint32_t s = 0; s < l.steps; s++) state = (state << 1 | xt_parity(state & l.taps)) & mask;
  return state;
}

uint32_t xt_encoder_row_seed(uint32_t seed, int32_t i, int32_t pb) {
  const uint32_t top = UINT32_C(1) << (pb - 1);
  const uint32_t cr = ((uint32_t)i * XT_SEED_MUL + XT_SEED_ADD_ROW) % top;
  return top | (xt_fold(seed, (unsigned)pb - 1) ^ cr);
}

uint32_t xt_encoder_col_seed(uint32_t seed, int32_t j, int32_t pb) {
  const uint32_t top = UINT32_C(1) << pb;
  const uint32_t cc = ((uint32_t)j * XT_SEED_MUL + XT_SEED_ADD_COL) % top;
  return top | (xt_fold(seed ^ seed >> 16, (unsigned)pb) ^ cc);
}

void xt_encoder_reset(struct xt_encoder *e, uint32_t seed) {
  for (int32_t i = 0; i < e->n; i++) e->row[i] = xt_encoder_row_seed(seed, i, e->pb);
  for (int32_t j = 0; j < e->m; j++) e->col[j] = xt_encoder_col_seed(seed, j, e->pb);
  e->lowdisc = 0;
}

/* One past the last line of word w. */
static int32_t end_of(int32_t w, int32_t lines) {
  return w * 32 + 32 < lines ? w * 32 + 32 : lines;
}

/* Comparison of a threshold, shifted left by `twice`, with a state of each line: 0 < state <= threshold. */
static void compare(const uint32_t *v, const uint32_t *t, unsigned twice, int32_t lines, uint32_t *fire) {
  for (int32_t w = 0; w * 32 < lines; w++) {
    uint32_t word = 0;
    for (int32_t i = end_of(w, lines) - 1; i >= w * 32; i--) word = word << 1 | (v[i] - 1 < t[i] << twice);
    fire[w] = word;
  }
}

static void below(uint32_t v, const uint32_t *t, int32_t lines, uint32_t *fire) {
  for (int32_t w = 0; w * 32 < lines; w++) {
    uint32_t word = 0;
    for (int32_t i = end_of(w, lines) - 1; i >= w * 32; i--) word = word << 1 | (v < t[i]);
    fire[w] = word;
  }
}

uint32_t xt_encoder_row_level(uint32_t lowdisc, int32_t pb) {
  return (lowdisc * XT_WEYL) & ((UINT32_C(1) << pb) - 1);
}

uint32_t xt_encoder_col_level(uint32_t lowdisc, int32_t pb) {
  return xt_bitrev(lowdisc, (unsigned)pb);
}

void xt_encoder_fire(const struct xt_encoder *e, uint32_t enc, uint32_t slot, const uint32_t *row_t,
                     const uint32_t *col_t, uint32_t *row_fire, uint32_t *col_fire) {
  switch (enc) {
    case XT_ENC_STOCH:
      compare(e->row, row_t, 0, e->n, row_fire);
      compare(e->col, col_t, 1, e->m, col_fire);
      break;
    case XT_ENC_LOWDISC:
      below(xt_encoder_row_level(e->lowdisc, e->pb), row_t, e->n, row_fire);
      below(xt_encoder_col_level(e->lowdisc, e->pb), col_t, e->m, col_fire);
      break;
    default: /* XT_ENC_COUNT */
      below(0, row_t, e->n, row_fire);
      below(slot, col_t, e->m, col_fire);
  }
}

/* Every line's slot: steps[width] steps, or from 0 the line's seed of SEED 0; true if any was 0. */
static bool advance_all(uint32_t *state, int32_t lines, int32_t width, int32_t pb,
                        uint32_t (*seed)(uint32_t seed, int32_t line, int32_t pb)) {
  const struct lfsr l = lfsr_of(width);
  const uint32_t mask = (UINT32_C(1) << width) - 1;
  bool upset = false;
  for (uint32_t step = 0; step < l.steps; step++) {
    for (int32_t i = 0; i < lines; i++) state[i] = (state[i] << 1 | xt_parity(state[i] & l.taps)) & mask;
  }
  for (int32_t i = 0; i < lines; i++) { /* no other state steps to 0 */
    if (state[i] != 0) continue;
    state[i] = seed(0, i, pb);
    upset = true;
  }
  return upset;
}

bool xt_encoder_advance(struct xt_encoder *e, uint32_t enc) {
  bool upset = false;
  if (enc == XT_ENC_STOCH) {
    upset |= advance_all(e->row, e->n, e->pb, e->pb, xt_encoder_row_seed);
    upset |= advance_all(e->col, e->m, e->pb + 1, e->pb, xt_encoder_col_seed);
  } else if (enc == XT_ENC_LOWDISC) {
    e->lowdisc = (e->lowdisc + 1) & ((UINT32_C(1) << e->pb) - 1);
  }
  return upset;
}

void xt_encoder_next_phase(struct xt_encoder *e, uint32_t enc, uint32_t bl) {
  if (enc == XT_ENC_LOWDISC) e->lowdisc = (e->lowdisc - bl) & ((UINT32_C(1) << e->pb) - 1);
}

void xt_encoder_read(uint32_t read_enc, uint32_t s, const uint32_t *mag, int32_t lines, uint32_t *act) {
  if (read_enc == XT_READ_PWM) {
    below(s, mag, lines, act);
    return;
  }
  for (int32_t w = 0; w * 32 < lines; w++) {
    uint32_t word = 0;
    for (int32_t i = end_of(w, lines) - 1; i >= w * 32; i--)
      word = word << 1 | ((mag[i] >> s) & 1); /* least significant first */
    act[w] = word;
  }
}
