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

/* Shift counts of the taps; an even number of taps, at most 4 (XAPP052). */
struct taps {
  unsigned shift[4];
  bool four;
};

static struct taps taps_of(uint32_t mask) {
  struct taps t = {{0, 0, 0, 0}, false};
  unsigned k = 0;
  for (unsigned b = 0; b < 32 && k < 4; b++) {
    if ((mask >> b) & 1) t.shift[k++] = b;
  }
  t.four = k == 4;
  return t;
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
  return top | ((seed ^ cr) % top);
}

uint32_t xt_encoder_col_seed(uint32_t seed, int32_t j, int32_t pb) {
  const uint32_t top = UINT32_C(1) << pb;
  const uint32_t cc = ((uint32_t)j * XT_SEED_MUL + XT_SEED_ADD_COL) % top;
  return top | (((seed >> 8) ^ cc) % top);
}

void xt_encoder_reset(struct xt_encoder *e, uint32_t seed) {
  for (int32_t i = 0; i < e->n; i++) e->row[i] = xt_encoder_row_seed(seed, i, e->pb);
  for (int32_t j = 0; j < e->m; j++) e->col[j] = xt_encoder_col_seed(seed, j, e->pb);
  e->train_form = false;
  e->lowdisc = 0;
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
  for (uint32_t p = 0; p < o->period + XT_ORBIT_PAD; p++) {
    const uint32_t v = o->state[p % o->period];
    o->value[p] = (uint16_t)(col ? (v + 1) / 2 - 1 : v - 1);
  }
}

static uint32_t wrap(uint32_t pos, uint32_t period) {
  return pos >= period ? pos - period : pos;
}

void xt_encoder_orbit(struct xt_encoder *e) {
  if (e->train_form) return;
  if (e->row_orbit.period == 0) {
    orbit_build(&e->row_orbit, e->pb, false);
    orbit_build(&e->col_orbit, e->pb + 1, true);
  }
  for (int32_t i = 0; i < e->n; i++) e->row_pos[i] = e->row_orbit.position[e->row[i]];
  for (int32_t j = 0; j < e->m; j++) e->col_pos[j] = e->col_orbit.position[e->col[j]];
  e->row_off = e->col_off = 0;
  e->train_form = true;
}

void xt_encoder_state(struct xt_encoder *e) {
  if (!e->train_form) return;
  for (int32_t i = 0; i < e->n; i++)
    e->row[i] = e->row_orbit.state[wrap(e->row_pos[i] + e->row_off, e->row_orbit.period)];
  for (int32_t j = 0; j < e->m; j++)
    e->col[j] = e->col_orbit.state[wrap(e->col_pos[j] + e->col_off, e->col_orbit.period)];
  e->train_form = false;
}

/* Comparison of a threshold with a value of each line, shifted left by `twice`. */
static void compare(const uint32_t *v, const uint32_t *t, unsigned twice, int32_t lines, uint32_t *fire) {
  for (int32_t w = 0; w * 32 < lines; w++) {
    const int32_t left = lines - w * 32;
    uint32_t word = 0;
    for (int32_t b = 0; b < 32 && b < left; b++) word |= (uint32_t)(v[w * 32 + b] <= t[w * 32 + b] << twice) << b;
    fire[w] = word;
  }
}

static void below(uint32_t v, const uint32_t *t, int32_t lines, uint32_t *fire) {
  for (int32_t w = 0; w * 32 < lines; w++) {
    const int32_t left = lines - w * 32;
    uint32_t word = 0;
    for (int32_t b = 0; b < 32 && b < left; b++) word |= (uint32_t)(v < t[w * 32 + b]) << b;
    fire[w] = word;
  }
}

static uint32_t weyl(uint32_t n, int32_t pb) {
  return (n * XT_WEYL) & ((UINT32_C(1) << pb) - 1);
}

void xt_encoder_fire(const struct xt_encoder *e, uint32_t enc, uint32_t slot, const uint32_t *row_t,
                     const uint32_t *col_t, uint32_t *row_fire, uint32_t *col_fire) {
  switch (enc) {
    case XT_ENC_STOCH:
      compare(e->row, row_t, 0, e->n, row_fire);
      compare(e->col, col_t, 1, e->m, col_fire);
      break;
    case XT_ENC_LOWDISC:
      below(weyl(e->lowdisc, e->pb), row_t, e->n, row_fire);
      below(xt_bitrev(e->lowdisc, (unsigned)e->pb), col_t, e->m, col_fire);
      break;
    default: /* XT_ENC_COUNT */
      below(0, row_t, e->n, row_fire);
      below(slot, col_t, e->m, col_fire);
  }
}

static void advance_all(uint32_t *state, int32_t lines, int32_t width) {
  const struct lfsr l = lfsr_of(width);
  const struct taps t = taps_of(l.taps);
  const uint32_t mask = (UINT32_C(1) << width) - 1;
  for (int32_t i = 0; i < lines; i++) {
    uint32_t s = state[i];
    for (uint32_t k = 0; k < l.steps; k++) {
      uint32_t b = (s >> t.shift[0]) ^ (s >> t.shift[1]);
      if (t.four) b ^= (s >> t.shift[2]) ^ (s >> t.shift[3]);
      s = (s << 1 | (b & 1)) & mask;
    }
    state[i] = s;
  }
}

void xt_encoder_advance(struct xt_encoder *e, uint32_t enc) {
  if (enc == XT_ENC_STOCH) {
    advance_all(e->row, e->n, e->pb);
    advance_all(e->col, e->m, e->pb + 1);
  } else if (enc == XT_ENC_LOWDISC) {
    e->lowdisc = (e->lowdisc + 1) & ((UINT32_C(1) << e->pb) - 1);
  }
}

static uint32_t lowest(uint32_t count) {
  return count >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << count) - 1;
}

/* Bit s: value[s] < t, for s = 0..31. */
static uint32_t mask32(const uint16_t *value, uint32_t t) {
  if (t == 0) return 0;
  const uint16_t most = (uint16_t)(t - 1); /* t is at most 2^16 */
  uint32_t word = 0;
  for (unsigned half = 0; half < 2; half++) {
    uint16_t sum = 0;
    for (unsigned s = 0; s < 16; s++) {
      const uint16_t bit = (uint16_t)(1U << s);
      sum = (uint16_t)(sum | (value[half * 16 + s] <= most ? bit : 0));
    }
    word |= (uint32_t)sum << (half * 16);
  }
  return word;
}

uint32_t xt_encoder_row_mask(const struct xt_encoder *e, uint32_t enc, int32_t i, uint32_t t, uint32_t base,
                             uint32_t slots, const uint16_t *seq) {
  switch (enc) {
    case XT_ENC_STOCH:
      return mask32(e->row_orbit.value + wrap(e->row_pos[i] + e->row_off, e->row_orbit.period) + base, t) &
             lowest(slots);
    case XT_ENC_LOWDISC:
      return mask32(seq, t) & lowest(slots);
    default:
      return t > 0 ? lowest(slots) : 0;
  }
}

uint32_t xt_encoder_col_mask(const struct xt_encoder *e, uint32_t enc, int32_t j, uint32_t t, uint32_t base,
                             uint32_t slot0, uint32_t slots, const uint16_t *seq) {
  switch (enc) {
    case XT_ENC_STOCH:
      return mask32(e->col_orbit.value + wrap(e->col_pos[j] + e->col_off, e->col_orbit.period) + base, t) &
             lowest(slots);
    case XT_ENC_LOWDISC:
      return mask32(seq, t) & lowest(slots);
    default:
      return t > slot0 ? lowest(t - slot0) & lowest(slots) : 0;
  }
}

void xt_encoder_lowdisc(const struct xt_encoder *e, uint32_t base, uint16_t *row_seq, uint16_t *col_seq) {
  const uint32_t mask = (UINT32_C(1) << e->pb) - 1;
  for (uint32_t s = 0; s < XT_CHUNK; s++) {
    const uint32_t n = (e->lowdisc + base + s) & mask;
    row_seq[s] = (uint16_t)weyl(n, e->pb);
    col_seq[s] = (uint16_t)xt_bitrev(n, (unsigned)e->pb);
  }
}

void xt_encoder_skip(struct xt_encoder *e, uint32_t enc, uint32_t slots) {
  if (enc == XT_ENC_STOCH) {
    e->row_off = (e->row_off + slots) % e->row_orbit.period;
    e->col_off = (e->col_off + slots) % e->col_orbit.period;
  } else if (enc == XT_ENC_LOWDISC) {
    e->lowdisc = (e->lowdisc + slots) & ((UINT32_C(1) << e->pb) - 1);
  }
}
