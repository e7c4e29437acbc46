/* SPDX-License-Identifier: Apache-2.0 */
/* xt_encoder against refc/xt_encoder.c and the thresholds of refc/xt_upd_mgr.c: both sides, every slot of a train. */
#include <string.h>

#include "room.h"
#include "xt_csr.h"
#include "xt_encoder.h"
#include "xt_upd_mgr.h"

enum { LINES = 320 };

static int lines, code_mag, mag_bits, scale_bits, pb, column;
static uint32_t gen[LINES], mag[LINES], neg[LINES], t[LINES];
static int upset;  /* in the advance before this cycle */
static int loaded; /* there are codes: a hardware reset leaves none */
static struct pins {
  int seed_load, code_load, line_load, int_load, scale, scale_first, scale_last, scale_full;
  int train, advance, read, read_line, read_serial, gen_set;
  uint32_t seed, gain, shift, read_bit, enc, line, slot, lowdisc, gen_line, gen_data;
  uint32_t code[LINES], code_neg[LINES], inner[LINES], inner_neg[LINES];
} in;

static void put(void) {
  const int flags[] = {in.seed_load,   in.code_load,  in.line_load,  in.int_load, in.scale,
                       in.scale_first, in.scale_last, in.scale_full, in.train,    in.advance,
                       in.read,        in.read_line,  in.read_serial};
  for (size_t k = 0; k < sizeof flags / sizeof *flags; k++) room_put((uint64_t)flags[k], 1);
  room_put(in.seed, 32);
  room_put(in.gain, 21);
  room_put(in.shift & 127, 7);
  room_put(in.read_bit, 3);
  room_put(in.enc, 2);
  room_put(in.line, 16);
  room_put(in.slot, 16);
  room_put(in.lowdisc, 16);
  room_put((uint64_t)in.gen_set, 1);
  room_put(in.gen_line, 16);
  room_put(in.gen_data, 32);
  room_put_sliced(in.code, lines, code_mag, 4 * xt_ceil_div(lines, 4));
  room_put_sliced(in.code_neg, lines, 1, 4 * xt_ceil_div(lines, 4));
  room_put_sliced(in.inner, lines, mag_bits, lines);
  room_put_sliced(in.inner_neg, lines, 1, lines);
  room_settle();
}

/* One cycle: its outputs, then the edge; the flags are those of one cycle. */
static void cycle(const uint32_t *fire, const char *what) {
  uint32_t got[LINES];
  in.gen_line = (uint32_t)(rng_one_in(4) ? rng_in(0, 65535) : rng_in(0, lines));
  in.gen_set = in.gen_set && (int)in.gen_line < lines; /* what xt_csr lets through */
  put();
  const uint32_t state = (uint32_t)room_get(32), known = (int)in.gen_line < lines ? gen[in.gen_line] : 0;
  must(state == known, "%d lines, %s: generator %u is %u, not %u", lines, what, in.gen_line, state, known);
  must((int)room_get(1) == upset, "%d lines, %s: upset_o is not %d", lines, what, upset);
  upset = 0;
  room_get_sliced(got, lines, 1);
  for (int l = 0; l < lines; l++) {
    const uint32_t want = fire ? fire[l / 32] >> l % 32 & 1 : 0;
    must(got[l] == want, "%d lines, ProbBits %d, %s: line %d fires: %u (T %u, state %u, |c| %u)", lines, pb, what, l,
         got[l], t[l], gen[l], mag[l]);
  }
  room_get_sliced(got, lines, mag_bits);
  for (int l = 0; l < lines; l++)
    must(!loaded || got[l] == mag[l], "%d lines, %s: |c| of line %d is %u", lines, what, l, got[l]);
  room_get_sliced(got, lines, 1);
  for (int l = 0; l < lines; l++) must(!loaded || got[l] == neg[l], "%d lines, %s: sign of line %d", lines, what, l);
  room_clock();
  if (in.gen_set) gen[in.gen_line] = in.gen_data;
  in.gen_set = in.seed_load = in.code_load = in.line_load = in.int_load = in.scale = in.scale_last = in.scale_full = 0;
  in.train = in.advance = in.read = in.read_line = 0;
}

static void seed_all(uint32_t seed) {
  for (int l = 0; l < lines; l++) gen[l] = column ? xt_encoder_col_seed(seed, l, pb) : xt_encoder_row_seed(seed, l, pb);
}

static void after_reset(void) {
  loaded = 0;
  struct xt_csr csr;
  xt_csr_reset(&csr);
  room_reset();
  put();
  room_clock(); /* an edge loads the generators */
  upset = 0;
  seed_all(csr.reg[XT_CSR_SEED]);
  memset(mag, 0, sizeof mag);
  memset(neg, 0, sizeof neg);
  memset(t, 0, sizeof t);
}

static void load_line(void) {
  in.line_load = 1;
  in.line = (uint32_t)rng_in(0, lines - 1);
  cycle(NULL, "load one line");
  memset(mag, 0, sizeof mag);
  memset(neg, 0, sizeof neg);
  mag[in.line] = 1;
  loaded = 1;
}

static void load(void) {
  const int inner = rng_one_in(2), bits = inner ? mag_bits : code_mag;
  const uint32_t most = (1U << bits) - 1;
  const int style = (int)rng_in(0, 2);
  for (int l = 0; l < lines; l++) {
    uint32_t c = (uint32_t)rng_in(0, most);
    if (style == 1 && !rng_one_in(4)) c = 0;
    if (style == 2 && rng_one_in(2)) c = most;
    const uint32_t s = c != 0 && rng_one_in(2);
    if (inner) {
      in.inner[l] = c;
      in.inner_neg[l] = s;
    } else {
      in.code[l] = c;
      in.code_neg[l] = s;
    }
  }
  in.code_load = !inner;
  in.int_load = inner;
  cycle(NULL, "load");
  for (int l = 0; l < lines; l++) {
    mag[l] = inner ? in.inner[l] : in.code[l];
    neg[l] = inner ? in.inner_neg[l] : in.code_neg[l];
  }
  loaded = 1;
}

/* SCALE, as control runs it: the first cycle clears, the last one is free. */
static void scale(void) {
  const uint32_t most = (1U << mag_bits) - 1;
  in.shift = (uint32_t)rng_in(rng_one_in(4) ? -24 : 0, 40);
  in.gain = (uint32_t)rng_in(0, 1 << 20); /* 2^20 itself when the rounding of a factor carries */
  if (rng_one_in(6)) in.gain = 1U << 20;
  if (rng_one_in(2)) { /* T near 2^pb at the largest code: rounding and saturation */
    const uint64_t goal = (UINT64_C(1) << pb) + (uint64_t)rng_in(-2, 2);
    in.shift = (uint32_t)rng_in(0, 20);
    const uint64_t g = (goal << in.shift) / most + (uint64_t)rng_in(0, 1);
    if (g <= 1U << 20) in.gain = (uint32_t)g;
  }
  if (rng_one_in(6)) { /* T near 1: what rounding alone makes of the uppermost bits */
    in.shift = (uint32_t)(mag_bits + 20 - rng_in(0, 2));
    in.gain = (1U << 20) - (uint32_t)rng_in(0, 2);
  }
  const int full = !column && rng_one_in(5);
  for (int step = 0; step < scale_bits - 1; step++) {
    in.scale = 1;
    in.scale_first = step == 0;
    in.scale_last = step == scale_bits - 2;
    in.scale_full = full;
    cycle(NULL, "SCALE");
  }
  in.scale_first = 0;
  for (int l = 0; l < lines; l++)
    t[l] = full ? (mag[l] != 0 ? 1U << pb : 0) : xt_um_threshold(mag[l], in.gain, (int32_t)in.shift, pb);
}

/* The reference handles rows and columns together; the other side has no lines. */
static void fire_ref(uint32_t enc, uint32_t lowdisc, uint32_t slot, uint32_t *fire) {
  struct xt_encoder e = {.n = column ? 0 : lines, .m = column ? lines : 0, .pb = pb, .row = gen, .col = gen};
  uint32_t none[1] = {0};
  e.lowdisc = lowdisc;
  if (column)
    xt_encoder_fire(&e, enc, slot, none, t, none, fire);
  else
    xt_encoder_fire(&e, enc, slot, t, none, fire, none);
}

static int advance_ref(void) {
  struct xt_encoder e = {.n = column ? 0 : lines, .m = column ? lines : 0, .pb = pb, .row = gen, .col = gen};
  return xt_encoder_advance(&e, XT_ENC_STOCH);
}

static void train(void) {
  const uint32_t enc = (uint32_t)rng_in(XT_ENC_STOCH, XT_ENC_COUNT);
  const int slots = (int)rng_in(1, 40);
  uint32_t n = (uint32_t)rng_in(0, (1 << pb) - 1), fire[LINES / 32 + 1];
  for (int s = 0; s < slots; s++) {
    in.train = 1;
    in.enc = enc;
    in.advance = enc == XT_ENC_STOCH;
    in.slot = (uint32_t)s;
    in.lowdisc = n;
    fire_ref(enc, n, (uint32_t)s, fire);
    cycle(fire, "PULSE");
    if (enc == XT_ENC_STOCH) upset = advance_ref();
    n = (n + 1) & ((1U << pb) - 1);
  }
}

static void read(void) {
  const int serial = rng_one_in(2), slots = serial ? mag_bits : (1 << mag_bits) - 1;
  uint32_t fire[LINES / 32 + 1] = {0};
  const int hot = !column && rng_one_in(4);
  if (mag_bits > 8) return; /* such columns carry results, never read codes */
  for (int s = 0; s < slots && s < 30; s++) {
    in.read = 1;
    in.read_line = hot;
    in.read_serial = serial;
    in.read_bit = (uint32_t)s;
    in.slot = (uint32_t)s;
    xt_encoder_read(serial ? XT_READ_SERIAL : XT_READ_PWM, (uint32_t)s, mag, lines, fire);
    for (int l = 0; hot && l < lines; l++) fire[l / 32] = (fire[l / 32] & ~(1U << l % 32)) | (mag[l] & 1) << l % 32;
    cycle(fire, "INTEG");
  }
}

static void size(int which) {
  room_select(which);
  lines = room_param(0);
  code_mag = room_param(1);
  mag_bits = room_param(2);
  scale_bits = room_param(3);
  pb = room_param(4);
  column = room_param(5);
  memset(&in, 0, sizeof in);
  after_reset();
  const int rounds = 40 + 1200 / (lines + 10);
  for (int round = 0; round < rounds; round++) {
    if (rng_one_in(12)) after_reset();
    if (rng_one_in(6)) {
      const uint32_t seed = (uint32_t)rng64();
      in.seed_load = 1;
      in.seed = seed;
      cycle(NULL, "RESET");
      seed_all(seed);
    }
    if (rng_one_in(4))
      load_line();
    else
      load();
    if (rng_one_in(3)) read();
    scale();
    for (int phase = (int)rng_in(1, 2); phase > 0; phase--) train();
    for (int k = (int)rng_in(1, 4); k > 0; k--) {
      in.gen_set = rng_one_in(2);
      in.gen_data = rng_one_in(4) ? 0 : (uint32_t)rng_in(1, (1 << (pb + column)) - 1); /* 0: an upset */
      cycle(NULL, "idle");
    }
  }
}

START_TEST(every_slot_follows_the_reference) {
  seed_rng("xt_encoder", 3);
  for (int s = 0; s < room_sizes(); s++) size(s);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {every_slot_follows_the_reference};
  return room_main("xt_encoder", tests, 1);
}
