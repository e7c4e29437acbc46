/* SPDX-License-Identifier: Apache-2.0 */
#include "stimulus.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../outer.h"
#include "../splitmix.h"
#include "xt_dim.h"

const struct xt_shape stim_shapes[STIM_SHAPES] = {
    /* n, m, code_bits, adc_bits, adc_share, adc_kind, bl_max, state_bits, prob_bits, mtj, acc_bits, acc_gang */
    [STIM_1X1] = {1, 1, 7, 9, 1, 0, 31, 16, 16, 1, 24, 0},
    [STIM_1X7] = {1, 7, 7, 9, 1, 1, 31, 16, 16, 1, 32, 0},
    [STIM_7X1] = {7, 1, 7, 9, 1, 0, 31, 16, 16, 1, 17, 0},
    [STIM_3X5] = {3, 5, 7, 9, 1, 0, 31, 16, 16, 1, 24, 0},
    [STIM_7X9] = {7, 9, 7, 9, 1, 0, 31, 16, 16, 1, 14, 0},
    [STIM_33X17] = {33, 17, 7, 9, 1, 0, 31, 16, 16, 1, 24, 0},
    [STIM_64X10] = {64, 10, 7, 9, 1, 0, 31, 16, 16, 1, 20, 1},
    [STIM_260X3] = {260, 3, 7, 9, 1, 0, 31, 16, 16, 0, 0, 0},
    [STIM_LONG] = {7, 9, 8, 12, 1, 0, 127, 16, 16, 0, 0, 0},
    [STIM_SMALLEST] = {3, 5, 2, 4, 2, 0, 1, 8, 8, 1, 12, 0},
    [STIM_ODD] = {7, 9, 5, 6, 3, 1, 7, 12, 11, 1, 0, 0},
    [STIM_WIDE_CODES] = {5, 3, 8, 12, 4, 0, 255, 24, 9, 1, 32, 0},
    [STIM_ONE_CONVERTER] = {33, 17, 4, 8, 64, 0, 15, 20, 13, 0, 0, 0},
    [STIM_GANGED] = {5, 12, 6, 8, 2, 0, 15, 12, 12, 1, 13, 2},
};

uint64_t stim_seed(uint64_t fallback) {
  const char *text = getenv("XT_TEST_SEED");
  const uint64_t seed = text ? strtoull(text, NULL, 0) : fallback;
  printf("XT_TEST_SEED=%" PRIu64 "\n", seed);
  fflush(stdout);
  return seed;
}

uint32_t stim_u32(struct stim *s) {
  return (uint32_t)splitmix64(&s->rng);
}

int32_t stim_range(struct stim *s, int32_t lo, int32_t hi) {
  return lo + (int32_t)(splitmix64(&s->rng) % (uint64_t)((int64_t)hi - lo + 1));
}

static int one_in(struct stim *s, int32_t n) {
  return stim_range(s, 1, n) == 1;
}

void stim_init(struct stim *s, const struct xt_engine *engine, struct xt_tile *tile, const struct xt_shape *shape,
               uint64_t seed) {
  memset(s, 0, sizeof *s);
  s->rng = seed * 2654435761u + (uint64_t)shape->n * 65537u + (uint64_t)shape->m;
  s->engine = engine;
  s->tile = tile;
  s->shape = *shape;
  s->cap = (size_t)(shape->n + shape->m) + 64;
  s->words = calloc(s->cap, sizeof *s->words);
  s->answer = calloc(s->cap, sizeof *s->answer);
  if (!s->words || !s->answer) abort();
}

void stim_free(struct stim *s) {
  free(s->words);
  free(s->answer);
}

struct xt_snapshot stim_snapshot(const struct xt_shape *shape) {
  const size_t n = (size_t)shape->n, m = (size_t)shape->m;
  struct xt_snapshot snap = {.row_gen = calloc(n, sizeof *snap.row_gen), .col_gen = calloc(m, sizeof *snap.col_gen)};
  snap.cal = calloc((size_t)xt_shape_units(shape), sizeof *snap.cal);
  snap.acc = calloc(n * (size_t)xt_shape_sums(shape) + 1, sizeof *snap.acc);
  int good = snap.row_gen && snap.col_gen && snap.cal && snap.acc;
  for (int p = 0; p < XT_NUM_PLANES; p++) good &= (snap.w[p] = calloc(n * m, sizeof *snap.w[p])) != NULL;
  if (!good) abort();
  return snap;
}

void stim_snapshot_free(struct xt_snapshot *snap) {
  for (int p = 0; p < XT_NUM_PLANES; p++) free(snap->w[p]);
  free(snap->row_gen);
  free(snap->col_gen);
  free(snap->cal);
  free(snap->acc);
}

int stim_upset(struct stim *s) {
  struct xt_snapshot snap = stim_snapshot(&s->shape);
  int err = s->engine->get_snapshot(s->tile, &snap);
  for (int k = stim_range(s, 1, 3); k > 0; k--) {
    if (one_in(s, 2))
      snap.row_gen[stim_range(s, 0, s->shape.n - 1)] = 0;
    else
      snap.col_gen[stim_range(s, 0, s->shape.m - 1)] = 0;
  }
  const int32_t full = INT32_C(1) << (s->shape.state_bits - 1);
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    for (int k = one_in(s, 2) ? 0 : stim_range(s, 1, 3); k > 0; k--)
      snap.w[p][stim_range(s, 0, s->shape.n * s->shape.m - 1)] = stim_range(s, -full, full - 1);
  }
  if (!err) err = s->engine->set_snapshot(s->tile, &snap);
  stim_snapshot_free(&snap);
  return err;
}

/* The error of a part of the front end: none, usual or as large as can be. */
static uint32_t error_of(struct stim *s, int32_t usual) {
  return one_in(s, 3) ? 0 : (uint32_t)stim_range(s, 1, one_in(s, 10) ? 65535 : usual);
}

static void front_end(struct stim *s, struct xt_array_cfg *cfg) {
  if (one_in(s, 4)) return; /* ideal */
  /* around what one line gives in a read */
  const int32_t octaves = s->shape.state_bits + s->shape.code_bits - 3;
  cfg->int_max = one_in(s, 3) ? 0 : (UINT32_C(1) << stim_range(s, octaves - 3, octaves + 3)) + stim_u32(s) % 999;
  cfg->ref_spread = error_of(s, 400);
  cfg->mirror = error_of(s, 60);
  cfg->adc_offs = error_of(s, 3000);
  cfg->adc_gain = error_of(s, 300);
  cfg->adc_weight = error_of(s, 6000);
  cfg->cmp_noise = error_of(s, 600);
  cfg->load = one_in(s, 2) ? 0 : one_in(s, 8) ? (uint32_t)stim_range(s, 1, 0x1000000) : (uint32_t)stim_range(s, 1, 640);
  cfg->load_all = (uint32_t)one_in(s, 2);
}

/* Law MTJ: chances of a flip between never and always. */
static void binary(struct stim *s, struct xt_dev_cfg *d) {
  const int32_t most = 18 - s->shape.state_bits;
  d->c_c2c = 0;
  d->shift = stim_range(s, -12, most < 0 ? most : 0);
  d->mtj_up = one_in(s, 8) ? stim_range(s, -8192, 2047) : stim_range(s, -2000, 800);
  d->mtj_down = one_in(s, 8) ? stim_range(s, -8192, 2047) : stim_range(s, -2000, 800);
  d->mtj_half = one_in(s, 4) ? stim_range(s, 0, 16383) : stim_range(s, 0, 1500);
  d->c_vc = one_in(s, 2) ? 0 : stim_range(s, 0, one_in(s, 8) ? 65535 : 900);
  d->mtj_read = one_in(s, 2) ? -8192 : one_in(s, 8) ? stim_range(s, -8192, 2047) : stim_range(s, -3500, -300);
}

int stim_configure(struct stim *s) {
  const int32_t fs = 1 << (s->shape.state_bits - 1);
  struct xt_array_cfg cfg = {.seed = stim_u32(s), .read_noise = one_in(s, 2) ? 0 : (uint32_t)stim_range(s, 0, 4000)};
  front_end(s, &cfg);
  for (int a = 0; a < 3; a++) {
    struct xt_dev_cfg *d = &cfg.dev[a];
    const int noisy = !one_in(s, 4);
    d->dw = one_in(s, 16) ? 0 : stim_range(s, 1024, 2047);
    d->shift = s->shape.state_bits >= 16 ? stim_range(s, 2, 8) : stim_range(s, 6, 12);
    if (one_in(s, 6)) d->shift = stim_range(s, -12, 1); /* a pulse goes from bound to bound */
    d->c_dtod = noisy ? stim_range(s, 0, 443) : 0;
    d->up_down = one_in(s, 2) ? 0 : stim_range(s, -1500, 1500);
    d->c_ud = noisy ? stim_range(s, 0, 100) : 0;
    d->w_max = stim_range(s, fs / 4, fs - 1);
    d->w_min = stim_range(s, fs / 4, fs - 1);
    d->c_wmax = noisy ? stim_range(s, 0, 443) : 0;
    d->c_wmin = noisy ? stim_range(s, 0, 443) : 0;
    d->gamma_up = one_in(s, 3) ? 0 : one_in(s, 3) ? stim_range(s, 0, 16384) : 4096;
    d->gamma_down = one_in(s, 3) ? 0 : one_in(s, 3) ? stim_range(s, 0, 16384) : 4096;
    d->c_c2c = noisy ? one_in(s, 8) ? stim_range(s, 0, 4434) : stim_range(s, 0, 300) : 0;
    d->stuck = one_in(s, 3) ? stim_range(s, 0, 8000) : 0;
    d->round = one_in(s, 6);
    d->law = stim_range(s, 0, XT_NUM_LAWS - 1);
    const int32_t amp = one_in(s, 8) ? 131071 : 6000, slope = one_in(s, 8) ? 32767 : 8000;
    d->exp_amp_up = stim_range(s, -amp, amp);
    d->exp_amp_down = stim_range(s, -amp, amp);
    d->exp_slope_up = stim_range(s, -slope, slope);
    d->exp_slope_down = stim_range(s, -slope, slope);
    d->exp_offset_up = stim_range(s, -slope / 2, slope / 2);
    d->exp_offset_down = stim_range(s, -slope / 2, slope / 2);
    if (d->law == XT_LAW_MTJ) binary(s, d);
  }
  return s->engine->configure(s->tile, &cfg);
}

static int put(struct stim *s, uint8_t addr, uint32_t value) {
  int status = 0;
  return s->engine->csr_write(s->tile, addr, value, &status);
}

/* State of the blocks: legal, or one beside it. */
static int state_registers(struct stim *s) {
  const int32_t prob1 = (1 << s->shape.prob_bits) - 1, col = one_in(s, 2), lines = col ? s->shape.m : s->shape.n;
  const uint32_t line = (uint32_t)col << 16 | (uint32_t)stim_range(s, 0, one_in(s, 8) ? lines : lines - 1);
  const int32_t gen1 = col ? 2 * prob1 + 1 : prob1, units = xt_shape_units(&s->shape);
  const int32_t adc_max = (1 << (s->shape.adc_bits - 1)) - 1;
  const int32_t sums = xt_shape_sums(&s->shape), most_sum = sums > 0 ? sums - 1 : 0;
  /* of a sum: often at its limit, or one beyond it */
  const int64_t sum_max = (INT64_C(1) << (sums > 0 ? s->shape.acc_bits - 1 : 0)) - 1;
  const int64_t sum = one_in(s, 4) ? sum_max + one_in(s, 2) : (int64_t)(stim_u32(s) % (uint64_t)(sum_max + 1));
  const struct {
    uint8_t addr;
    uint32_t value;
  } writes[] = {
      {XT_CSR_XFER_PTR, (uint32_t)stim_range(s, 0, one_in(s, 8) ? s->shape.n : s->shape.n - 1)},
      {XT_CSR_XFER_COUNT, (uint32_t)stim_range(s, 0, one_in(s, 8) ? 65536 : 4)},
      {XT_CSR_LOWDISC, (uint32_t)stim_range(s, 0, one_in(s, 8) ? prob1 + 1 : prob1)},
      {XT_CSR_GEN_SEL, line},
      {XT_CSR_GEN, one_in(s, 2) ? 0 : (uint32_t)stim_range(s, 1, one_in(s, 8) ? gen1 + 1 : gen1)}, /* 0: an upset */
      {XT_CSR_CAL_SEL, (uint32_t)stim_range(s, 0, one_in(s, 8) ? units : units - 1)},
      {XT_CSR_CAL, (uint32_t)(one_in(s, 8)   ? stim_range(s, -adc_max - 1, adc_max + 1)
                              : one_in(s, 4) ? 0
                                             : stim_range(s, -4, 4))},
      {XT_CSR_ACC_SEL, (uint32_t)stim_range(s, 0, one_in(s, 8) ? s->shape.n : s->shape.n - 1) << 16 |
                           (uint32_t)stim_range(s, 0, one_in(s, 8) ? s->shape.m : most_sum)},
      {XT_CSR_ACC, stim_u32(s) >> 31 ? (uint32_t)-sum : (uint32_t)sum},
      {(uint8_t)(XT_CSR_COUNTERS + stim_range(s, 0, 2 * (int32_t)XT_NUM_COUNTERS - 1)),
       one_in(s, 2) ? UINT32_MAX - (uint32_t)stim_range(s, 0, 20) : stim_u32(s)},
  };
  int err = XT_E_OK;
  for (size_t i = 0; i < sizeof writes / sizeof *writes && !err; i++) {
    uint32_t value;
    int status;
    if (!one_in(s, 2)) err = put(s, writes[i].addr, writes[i].value);
    if (!err) err = s->engine->csr_read(s->tile, writes[i].addr, &value, &status);
    if (!err && writes[i].addr > XT_CSR_COUNTERS) /* what the read of a low word has kept */
      err = s->engine->csr_read(s->tile, writes[i].addr | 1, &value, &status);
  }
  for (uint8_t addr = XT_CSR_LAST_XFER_LINE; addr <= XT_CSR_LAST_XFER_RAILS && !err; addr++) {
    uint32_t value;
    int status;
    err = s->engine->csr_read(s->tile, addr, &value, &status);
  }
  return err;
}

int stim_registers(struct stim *s) {
  const int32_t adc_max = (1 << (s->shape.adc_bits - 1)) - 1;
  /* The range in which the ADC neither saturates nor reads zero, and a few octaves around it. */
  int32_t range = s->shape.state_bits - 1 + s->shape.code_bits - 1 - s->shape.adc_bits;
  for (int32_t lines = s->shape.n; lines > 4; lines /= 4) range++;
  const int32_t lo = range > 3 ? range - 3 : 0, hi = range + 2;
  /* K of order one: man * x * d = 2^(15.5 + 2 MB) at most. */
  const int32_t e = 15 + 2 * (s->shape.code_bits - 1);
  const struct {
    uint8_t addr;
    uint32_t value;
  } writes[] = {
      {XT_CSR_SEED, stim_u32(s)},
      {XT_CSR_CELL_MODE, (uint32_t)stim_range(s, 0, 2)},
      {XT_CSR_READ_ENC, (uint32_t)one_in(s, 3)},
      {XT_CSR_RANGE_FWD, (uint32_t)stim_range(s, lo, hi)},
      {XT_CSR_RANGE_BWD, (uint32_t)stim_range(s, lo, hi)},
      {XT_CSR_RANGE_XFER, (uint32_t)stim_range(s, lo > 4 ? lo - 4 : 0, hi)},
      {XT_CSR_RANGE_READ, (uint32_t)stim_range(s, lo, hi)},
      {XT_CSR_ADC_OFFSET, one_in(s, 2) ? 0 : (uint32_t)stim_range(s, -adc_max / 4, adc_max / 4)},
      {XT_CSR_UPD_SEL, (uint32_t)one_in(s, 4)},
      {XT_CSR_UPD_MODE, one_in(s, 2) ? XT_UPD_UBLM : (uint32_t)stim_range(s, 0, 2)},
      {XT_CSR_UPD_ENC, (uint32_t)one_in(s, 4)},
      {XT_CSR_UPD_BL, (uint32_t)stim_range(s, 1, s->shape.bl_max)},
      {XT_CSR_UPD_RATE, one_in(s, 20)  ? 0
                        : one_in(s, 4) ? UINT32_C(1) << stim_range(s, 8, 15) /* factors that carry: BL 3, x 48 ... */
                                       : (uint32_t)stim_range(s, 1, 65535)},
      {XT_CSR_UPD_EXP, (uint32_t)stim_range(s, e - 7, e + 6)},
      {XT_CSR_SCALE_X, (uint32_t)stim_range(s, 0, 65535)},
      {XT_CSR_SCALE_X_EXP, (uint32_t)stim_range(s, 12, 26)},
      {XT_CSR_SCALE_D, (uint32_t)stim_range(s, 0, 65535)},
      {XT_CSR_SCALE_D_EXP, (uint32_t)stim_range(s, 12, 26)},
      {XT_CSR_XFER_EVERY, (uint32_t)(one_in(s, 10) ? stim_range(s, 32768, 65535) : stim_range(s, 0, 3))},
      {XT_CSR_XFER_ENC, (uint32_t)stim_range(s, 0, 2)},
      {XT_CSR_XFER_BL, (uint32_t)stim_range(s, 1, s->shape.bl_max)},
      {XT_CSR_XFER_RATE, (uint32_t)stim_range(s, 1, 65535)},
      {XT_CSR_XFER_EXP, (uint32_t)stim_range(s, 12, 24)},
      {XT_CSR_PROG_BL, (uint32_t)stim_range(s, 1, s->shape.bl_max)},
      {XT_CSR_PROG_RATE, (uint32_t)stim_range(s, 1, 65535)},
      {XT_CSR_PROG_EXP, (uint32_t)stim_range(s, 12, 20)},
      {XT_CSR_PROG_ITERS, (uint32_t)stim_range(s, 0, 4)},
      {XT_CSR_PROG_TOL, (uint32_t)stim_range(s, 0, 3)},
      {XT_CSR_GAMMA, one_in(s, 2) ? 0 : (uint32_t)stim_range(s, 1, 256)},
      {XT_CSR_TIMEOUT, one_in(s, 8) ? (uint32_t)stim_range(s, 1, 300) : 0},
      {XT_CSR_UPD_ANSWER, (uint32_t)one_in(s, 2)},
      {XT_CSR_PULSE_WIDTH, one_in(s, 2) ? 1 : (uint32_t)stim_range(s, one_in(s, 8) ? 0 : 1, 3)}, /* 0 is refused */
      {XT_CSR_PULSE_GAP, (uint32_t)stim_range(s, 0, 2)},
      {XT_CSR_PULSE_SETTLE, (uint32_t)stim_range(s, 0, 2)},
      {XT_CSR_MTJ_RATE, (uint32_t)(one_in(s, 6) ? stim_range(s, 0, 63) : stim_range(s, 0, 24))},
      {XT_CSR_MTJ_SHARED, (uint32_t)one_in(s, 2)},
      {XT_CSR_ACC_EXP, (uint32_t)(one_in(s, 6) ? stim_range(s, 0, 63) : stim_range(s, 0, 14))},
      {XT_CSR_ACC_RATE, (uint32_t)(one_in(s, 6) ? stim_range(s, 0, 63) : stim_range(s, 8, 48))},
      {XT_CSR_ACC_DECAY, (uint32_t)(one_in(s, 3) ? 0 : stim_range(s, 0, one_in(s, 3) ? 15 : 4))},
  };
  int err = stim_drain(s);
  for (size_t i = 0; i < sizeof writes / sizeof *writes && !err; i++) err = put(s, writes[i].addr, writes[i].value);
  if (!err && one_in(s, 2)) err = state_registers(s);
  /* Anything at any address, then the scales back: an illegal write must change nothing, a legal one is one more
   * setting. */
  for (int i = 0; i < 4 && !err; i++) {
    uint32_t value;
    int status;
    const uint8_t addr = (uint8_t)stim_u32(s);
    const int long_pulses = addr >= XT_CSR_PULSE_WIDTH && addr <= XT_CSR_PULSE_SETTLE; /* many cycles, nothing new */
    if (addr != XT_CSR_PROG_ITERS && addr != XT_CSR_UPD_RATE && !long_pulses)
      err = put(s, addr, stim_u32(s) >> stim_range(s, 0, 31));
    if (!err) err = s->engine->csr_read(s->tile, addr, &value, &status);
  }
  return err;
}

static uint32_t code(struct stim *s, int32_t max, enum stim_signs signs) {
  if (one_in(s, 3)) return 0;
  if (one_in(s, 8)) return (uint32_t)(signs & STIM_POS ? max : -max);
  return (uint32_t)stim_range(s, signs & STIM_NEG ? -max : 0, signs & STIM_POS ? max : 0);
}

/* Appends `lines` codes of `lane` bits. */
static size_t put_codes(struct stim *s, size_t at, int32_t lines, int lane, int32_t max, enum stim_signs signs) {
  const int32_t per_word = 32 / lane;
  const uint32_t mask = lane == 8 ? 0xFFu : 0xFFFFu;
  for (int32_t i = 0; i < lines; i += per_word) {
    uint32_t word = 0;
    for (int32_t k = 0; k < per_word && i + k < lines; k++) word |= (code(s, max, signs) & mask) << (k * lane);
    s->words[at++] = word;
  }
  return at;
}

size_t stim_packet(struct stim *s, uint8_t op, uint8_t sel, uint16_t arg, enum stim_signs x, enum stim_signs d) {
  const int32_t cmax = (1 << (s->shape.code_bits - 1)) - 1, adc_max = (1 << (s->shape.adc_bits - 1)) - 1;
  size_t n = 1;
  s->words[0] = op | (uint32_t)sel << 8 | (uint32_t)arg << 16;
  const int outer = outer_op(op);
  if (op == XT_OP_FORWARD || (outer && sel != 1)) n = put_codes(s, n, s->shape.n, 8, cmax, x);
  if (op == XT_OP_BACKWARD || outer) n = put_codes(s, n, s->shape.m, 8, cmax, d);
  if (op == XT_OP_PROGRAM) n = put_codes(s, n, s->shape.m, 16, one_in(s, 3) ? adc_max : adc_max / 2, d);
  return n;
}

static int collect(struct stim *s) {
  size_t n = 0;
  s->under_way--;
  return s->engine->collect(s->tile, s->answer, s->cap, &n);
}

int stim_drain(struct stim *s) {
  int err = XT_E_OK;
  while (s->under_way > 0 && !err) err = collect(s);
  return err;
}

static int give(struct stim *s, size_t n) {
  int err = s->engine->submit(s->tile, s->words, n);
  if (err) return err;
  s->under_way++;
  return s->under_way >= 3 || !one_in(s, 4) ? stim_drain(s) : XT_E_OK;
}

int stim_reset_op(struct stim *s) {
  s->words[0] = XT_OP_RESET;
  return give(s, 1);
}

/* Breaks a good packet in one of the ways of section 2. */
static size_t malform(struct stim *s, size_t n) {
  switch (stim_range(s, 0, 6)) {
    case 0: /* unknown operation */
      s->words[0] = (s->words[0] & ~0xFFu) | (uint32_t)(one_in(s, 2) ? 0 : stim_range(s, 10, 255));
      return n;
    case 1: /* too short */
      return n > 1 ? (size_t)stim_range(s, 1, (int32_t)n - 1) : n;
    case 2: { /* too long */
      const int32_t extra = stim_range(s, 1, 9);
      for (int32_t i = 0; i < extra; i++) s->words[n++] = stim_u32(s);
      return n;
    }
    case 3: /* reserved bits, select */
      s->words[0] |= 1u << stim_range(s, 8, 15);
      return n;
    case 4: /* argument */
      s->words[0] = (s->words[0] & 0xFFFFu) | (one_in(s, 3) ? (uint32_t)s->shape.n : stim_u32(s)) << 16;
      return n;
    case 5: /* a code */
      if (n > 1) s->words[stim_range(s, 1, (int32_t)n - 1)] |= 0x80u << (8 * stim_range(s, 0, 3));
      return n;
    default: /* garbage */
      for (size_t i = 0; i < n; i++) s->words[i] = stim_u32(s);
      return n;
  }
}

static enum stim_signs any_signs(struct stim *s) {
  return one_in(s, 2) ? STIM_BOTH : one_in(s, 3) ? STIM_NEG : STIM_POS;
}

int stim_operation(struct stim *s) {
  static const uint8_t ops[] = {XT_OP_FORWARD, XT_OP_FORWARD,    XT_OP_BACKWARD, XT_OP_BACKWARD, XT_OP_UPDATE,
                                XT_OP_UPDATE,  XT_OP_UPDATE,     XT_OP_UPDATE,   XT_OP_TRANSFER, XT_OP_READ,
                                XT_OP_PROGRAM, XT_OP_ZERO_SHIFT, XT_OP_CALIBRATE};
  uint8_t op = ops[stim_range(s, 0, (int32_t)sizeof ops - 1)];
  uint8_t sel = 0;
  uint16_t arg = 0;
  int err = XT_E_OK;
  if (op == XT_OP_READ) sel = (uint8_t)stim_range(s, 0, 3);
  if (op == XT_OP_PROGRAM || op == XT_OP_ZERO_SHIFT) sel = (uint8_t)stim_range(s, 0, 2);
  if (op == XT_OP_READ || op == XT_OP_PROGRAM) arg = (uint16_t)stim_range(s, 0, s->shape.n - 1);
  if (op == XT_OP_ZERO_SHIFT) arg = (uint16_t)stim_range(s, 1, 6);
  if (one_in(s, s->shape.mtj ? 4 : 100)) op = XT_OP_MTJ_UPDATE;
  if (one_in(s, s->shape.acc_bits > 0 ? 3 : 100)) op = one_in(s, 4) ? XT_OP_ACC_UPDATE : XT_OP_ACCUMULATE;
  if (op == XT_OP_ACC_UPDATE) {
    arg = (uint16_t)stim_range(s, -5, 5);
    sel = (uint8_t)one_in(s, 8); /* the sums to 0 */
  }
  if (outer_op(op)) {
    arg = (uint16_t)stim_range(s, -5, 5);
    sel = (uint8_t)one_in(s, 3); /* the x that is kept, or none is */
  }
  if (one_in(s, 60)) err = stim_reset_op(s);
  if (!err && one_in(s, 40)) err = stim_registers(s);
  if (err) return err;
  const enum stim_signs x = any_signs(s), d = any_signs(s);
  size_t n = stim_packet(s, op, sel, arg, x, d);
  if (one_in(s, 12)) n = malform(s, n);
  if ((s->engine->can & XT_CAN_ABORT) && one_in(s, 16)) {
    err = stim_drain(s);
    if (!err) err = s->engine->abort_at(s->tile, (uint32_t)stim_range(s, 0, one_in(s, 2) ? 20 : 200));
    if (err) return err;
  }
  if (!one_in(s, 50)) return give(s, n);

  /* A hardware reset in mid-operation: registers fall back, RESET must come before anything else (a FORWARD that does
   * is out of order). */
  err = stim_drain(s);
  if (!err) err = s->engine->hw_reset_at(s->tile, (uint32_t)stim_range(s, 0, 200));
  if (!err) err = s->engine->submit(s->tile, s->words, n);
  if (!err && one_in(s, 2)) err = give(s, stim_packet(s, XT_OP_FORWARD, 0, 0, STIM_BOTH, STIM_BOTH));
  if (!err) err = stim_registers(s);
  return err ? err : stim_reset_op(s);
}
