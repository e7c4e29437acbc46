/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_encoder.h"

#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

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

/* Shift counts of the taps: two or four (XAPP052); with two, the others cancel. */
struct taps {
  unsigned shift[4];
};

static struct taps taps_of(uint32_t mask) {
  struct taps t = {{0, 0, 0, 0}};
  unsigned k = 0;
  for (unsigned b = 0; b < 32 && k < 4; b++) {
    if ((mask >> b) & 1) t.shift[k++] = b;
  }
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

/* Every line's slot step; blocks of lines, steps, lines, so that the inner loop makes vectors. */
static void advance_all(uint32_t *state, int32_t lines, int32_t width) {
  enum { BLOCK = 64 };
  const struct lfsr l = lfsr_of(width);
  const struct taps t = taps_of(l.taps);
  const uint32_t mask = (UINT32_C(1) << width) - 1;
  for (int32_t first = 0; first < lines; first += BLOCK) {
    const int32_t count = lines - first < BLOCK ? lines - first : BLOCK;
    uint32_t s[BLOCK] = {0};
    memcpy(s, state + first, (size_t)count * sizeof *s);
    for (uint32_t k = 0; k < l.steps; k++) {
      for (int i = 0; i < BLOCK; i++) {
        const uint32_t b = (s[i] >> t.shift[0]) ^ (s[i] >> t.shift[1]) ^ (s[i] >> t.shift[2]) ^ (s[i] >> t.shift[3]);
        s[i] = (s[i] << 1 | (b & 1)) & mask;
      }
    }
    memcpy(state + first, s, (size_t)count * sizeof *s);
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

void xt_encoder_next_phase(struct xt_encoder *e, uint32_t enc, uint32_t bl) {
  if (enc == XT_ENC_LOWDISC) e->lowdisc = (e->lowdisc - bl) & ((UINT32_C(1) << e->pb) - 1);
}

static uint32_t lowest(uint32_t count) {
  return count >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << count) - 1;
}

/* Bit s: value[s] < t, for s = 0..31, t <= 2^16. */
#if defined(__AVX512BW__) /* the one place where the compiler does not find the instruction by itself */
static inline uint32_t mask32(const uint16_t *value, uint32_t t) {
  const __m512i v = _mm512_loadu_si512(value), most = _mm512_set1_epi16((short)(t - 1));
  return t == 0 ? 0 : _mm512_cmple_epu16_mask(v, most);
}
#else
typedef uint16_t v16 __attribute__((vector_size(16)));
typedef int8_t v8 __attribute__((vector_size(8)));

static inline uint32_t mask32(const uint16_t *value, uint32_t t) {
  uint32_t word = 0;
  const uint16_t most = (uint16_t)(t - 1);
  if (t == 0) return 0;
  for (int b = 0; b < 4; b++) {
    v16 v;
    uint64_t byte;
    memcpy(&v, value + 8 * b, sizeof v);
    const v8 fires = __builtin_convertvector(v <= most, v8);
    memcpy(&byte, &fires, sizeof byte);
    /* the lowest bits of eight bytes, put side by side by a multiplication */
    word |= (uint32_t)(((byte & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080)) >> 56) << (8 * b);
  }
  return word;
}
#endif

static void orbit_masks(const struct xt_orbit *o, const uint32_t *pos, uint32_t off, uint32_t base, uint32_t slots,
                        int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask) {
  const uint32_t valid = lowest(slots);
  for (int32_t r = 0; r < count; r++)
    mask[r] = mask32(o->value + wrap(pos[line[r]] + off, o->period) + base, t[r]) & valid;
}

static void sequence_masks(const uint16_t *seq, uint32_t slots, int32_t count, const uint32_t *t, uint32_t *mask) {
  for (int32_t r = 0; r < count; r++) mask[r] = mask32(seq, t[r]) & lowest(slots);
}

void xt_encoder_row_masks(const struct xt_encoder *e, uint32_t enc, uint32_t base, uint32_t slot0, uint32_t slots,
                          int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask) {
  if (enc == XT_ENC_STOCH) {
    orbit_masks(&e->row_orbit, e->row_pos, e->row_off, base, slots, count, line, t, mask);
  } else if (enc == XT_ENC_LOWDISC) {
    uint16_t seq[XT_CHUNK];
    for (uint32_t s = 0; s < XT_CHUNK; s++) seq[s] = (uint16_t)weyl(e->lowdisc + slot0 + s, e->pb);
    sequence_masks(seq, slots, count, t, mask);
  } else {
    for (int32_t r = 0; r < count; r++) mask[r] = t[r] > 0 ? lowest(slots) : 0;
  }
}

void xt_encoder_col_masks(const struct xt_encoder *e, uint32_t enc, uint32_t base, uint32_t slot0, uint32_t slots,
                          int32_t count, const int32_t *line, const uint32_t *t, uint32_t *mask) {
  if (enc == XT_ENC_STOCH) {
    orbit_masks(&e->col_orbit, e->col_pos, e->col_off, base, slots, count, line, t, mask);
  } else if (enc == XT_ENC_LOWDISC) {
    uint16_t seq[XT_CHUNK];
    for (uint32_t s = 0; s < XT_CHUNK; s++) seq[s] = (uint16_t)xt_bitrev(e->lowdisc + slot0 + s, (unsigned)e->pb);
    sequence_masks(seq, slots, count, t, mask);
  } else {
    for (int32_t r = 0; r < count; r++) mask[r] = t[r] > slot0 ? lowest(t[r] - slot0) & lowest(slots) : 0;
  }
}

void xt_encoder_skip(struct xt_encoder *e, uint32_t enc, uint32_t phases, uint32_t bl) {
  if (enc == XT_ENC_STOCH) {
    e->row_off = (e->row_off + phases * bl) % e->row_orbit.period;
    e->col_off = (e->col_off + phases * bl) % e->col_orbit.period;
  } else if (enc == XT_ENC_LOWDISC) {
    e->lowdisc = (e->lowdisc + bl) & ((UINT32_C(1) << e->pb) - 1);
  }
}

void xt_encoder_read(const struct xt_dim *dim, uint32_t read_enc, uint32_t s, const uint32_t *mag, int32_t lines,
                     uint32_t *act) {
  if (read_enc == XT_READ_PWM) {
    below(s, mag, lines, act);
    return;
  }
  const unsigned bit = (unsigned)dim->mb - 1 - s;
  for (int32_t w = 0; w * 32 < lines; w++) {
    const int32_t left = lines - w * 32;
    uint32_t word = 0;
    for (int32_t b = 0; b < 32 && b < left; b++) word |= ((mag[w * 32 + b] >> bit) & 1) << b;
    act[w] = word;
  }
}
