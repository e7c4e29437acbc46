/* SPDX-License-Identifier: Apache-2.0 */
/* Operations that TIMEOUT or ABORT cuts, in each of their cycles: what stands of them, told by section 4 from the
 * records of the whole operation. */
#include "ref_util.h"

#include "xt_cycles.h"
#include "xt_dim.h"
#include "xt_encoder.h"

enum { MOST_RECORDS = 3000, MOST_LINES = 8 };

/* What a cut operation leaves is the sum of what its cycles leave. */
struct cycle {
  uint32_t cycle, kind, plane, slot, at, rows, cols;
  uint32_t rails, over, last_conversion; /* of the LATCH after a SAR record */
};

struct whole {
  struct xt_dim dim;
  struct cycle cycles[MOST_RECORDS];
  uint32_t count, length, status;
  uint32_t rails, over; /* of the READSEQ so far */
  int dir;
  uint32_t enc[2]; /* encoders of the first and of the second UPDSEQ */
};

static uint32_t rails_of(const struct whole *w, const struct xt_record *r) {
  const int32_t sensed = w->dir ? w->dim.n : w->dim.m;
  uint32_t rails = 0;
  for (int32_t u = 0; u < w->dim.units; u++) {
    const int32_t code = r->trial[u] - (xt_bit(r->cmp, u) ? 0 : 1); /* bit 0: the trial, or one less */
    if (u * w->dim.share + r->phase < sensed) rails += code >= w->dim.adcmax || code <= -w->dim.adcmax;
  }
  return rails;
}

static void whole_sink(void *user, const struct xt_record *r) {
  struct whole *w = user;
  if (r->kind == XT_KIND_END) {
    w->length = r->cycles;
    w->status = r->status;
    return;
  }
  must(w->count < MOST_RECORDS, "too many records");
  struct cycle *c = &w->cycles[w->count++];
  *c = (struct cycle){.cycle = r->cycle, .kind = r->kind, .plane = r->sel, .slot = r->slot, .at = r->at};
  if (r->kind == XT_KIND_PULSE || r->kind == XT_KIND_SWITCH) {
    c->rows = xt_bits_count(r->row_act, w->dim.row_words);
    c->cols = xt_bits_count(r->col_act, w->dim.col_words);
  }
  if (r->kind == XT_KIND_HOLD) w->rails = w->over = 0;
  if (r->kind == XT_KIND_SAR && r->slot == 0) {
    w->rails += rails_of(w, r);
    w->over += xt_bits_count(r->over, w->dim.unit_words);
    c->rails = w->rails;
    c->over = w->over;
    c->last_conversion = r->phase + 1 == w->dim.share;
  }
}

/* The generators by so many slots; one that stands at 0 is set, and counted, in the first. */
static void advance(struct xt_snapshot *s, const struct xt_dim *dim, uint32_t slots) {
  for (uint32_t k = 0; k < slots; k++) {
    int upset = 0;
    for (int32_t i = 0; i < dim->n; i++) {
      upset |= s->row_gen[i] == 0;
      s->row_gen[i] = s->row_gen[i] ? xt_lfsr_slot(s->row_gen[i], dim->pb) : xt_encoder_row_seed(0, i, dim->pb);
    }
    for (int32_t j = 0; j < dim->m; j++) {
      upset |= s->col_gen[j] == 0;
      s->col_gen[j] = s->col_gen[j] ? xt_lfsr_slot(s->col_gen[j], dim->pb + 1) : xt_encoder_col_seed(0, j, dim->pb);
    }
    s->counters[XT_CNT_UPSETS] += (uint64_t)upset;
  }
}

struct setting {
  const char *what;
  uint8_t op, sel;
  uint16_t arg;
  uint32_t reg[5][2]; /* address 0 ends; GEN_SEL comes first: the generator stands at 0 */
};

static const struct setting settings[] = {
    {"FORWARD", XT_OP_FORWARD, 0, 0, {{0}}},
    {"BACKWARD, bit-serial", XT_OP_BACKWARD, 0, 0, {{XT_CSR_READ_ENC, 1}}},
    {"READ at the rails", XT_OP_READ, 1, 0, {{XT_CSR_READ_ENC, 1}, {XT_CSR_RANGE_READ, 0}}},
    {"UPDATE", XT_OP_UPDATE, 0, 0, {{0}}},
    {"UPDATE, transfer due", XT_OP_UPDATE, 0, 0, {{XT_CSR_XFER_EVERY, 2}, {XT_CSR_UPD_ANSWER, 1}}},
    {"UPDATE, low-discrepancy",
     XT_OP_UPDATE,
     0,
     0,
     {{XT_CSR_UPD_ENC, XT_ENC_LOWDISC}, {XT_CSR_XFER_EVERY, 2}, {XT_CSR_XFER_ENC, XT_ENC_LOWDISC}}},
    {"UPDATE, gated", XT_OP_UPDATE, 0, 0, {{XT_CSR_CELL_MODE, 1}, {XT_CSR_XFER_EVERY, 2}, {XT_CSR_UPD_SEL, 1}}},
    {"UPDATE without pulses, transfer due", XT_OP_UPDATE, 0, 0, {{XT_CSR_UPD_RATE, 0}, {XT_CSR_XFER_EVERY, 2}}},
    {"TRANSFER, counted", XT_OP_TRANSFER, 0, 0, {{XT_CSR_XFER_ENC, XT_ENC_COUNT}, {XT_CSR_RANGE_XFER, 2}}},
    {"PROGRAM", XT_OP_PROGRAM, 1, 0, {{XT_CSR_PROG_ITERS, 3}, {XT_CSR_READ_ENC, 1}}},
    {"CALIBRATE", XT_OP_CALIBRATE, 0, 0, {{0}}},
    {"ZERO_SHIFT", XT_OP_ZERO_SHIFT, 2, 9, {{0}}},
    {"UPDATE, passive, transfer due", XT_OP_UPDATE, 0, 0, {{XT_CSR_CELL_MODE, 2}, {XT_CSR_XFER_EVERY, 2}}},
    {"MTJ_UPDATE, gated", XT_OP_MTJ_UPDATE, 0, 0, {{XT_CSR_CELL_MODE, 1}}},
    {"MTJ_UPDATE, shared source lines", XT_OP_MTJ_UPDATE, 0, 2, {{XT_CSR_CELL_MODE, 1}, {XT_CSR_MTJ_SHARED, 1}}},
    {"MTJ_UPDATE, passive", XT_OP_MTJ_UPDATE, 0, 1, {{XT_CSR_CELL_MODE, 2}, {XT_CSR_UPD_SEL, 1}}},
    {"ACCUMULATE", XT_OP_ACCUMULATE, 0, (uint32_t)-3 & 0xFFFF, {{XT_CSR_ACC_EXP, 5}}},
    {"ACC_UPDATE, gated", XT_OP_ACC_UPDATE, 0, 1, {{XT_CSR_CELL_MODE, 1}, {XT_CSR_ACC_RATE, 16}}},
    {"ACC_UPDATE, shared source lines, momentum",
     XT_OP_ACC_UPDATE,
     0,
     0,
     {{XT_CSR_CELL_MODE, 1}, {XT_CSR_MTJ_SHARED, 1}, {XT_CSR_ACC_RATE, 16}, {XT_CSR_ACC_DECAY, 2}}},
    {"ACC_UPDATE, passive",
     XT_OP_ACC_UPDATE,
     0,
     0,
     {{XT_CSR_CELL_MODE, 2}, {XT_CSR_UPD_SEL, 1}, {XT_CSR_ACC_RATE, 16}}},
    {"ACC_UPDATE, sums to 0", XT_OP_ACC_UPDATE, 1, 0, {{XT_CSR_CELL_MODE, 1}, {XT_CSR_ACC_DECAY, 2}}},
    {"UPDATE, an upset row", XT_OP_UPDATE, 0, 0, {{XT_CSR_GEN_SEL, 0}}},
    {"UPDATE, an upset column, transfer due", XT_OP_UPDATE, 0, 0, {{XT_CSR_GEN_SEL, 1 << 16}, {XT_CSR_XFER_EVERY, 2}}},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

/* PULSE_WIDTH, PULSE_GAP, PULSE_SETTLE */
static const uint32_t pulses[][3] = {{1, 0, 0}, {1, 1, 0}, {3, 2, 1}, {2, 0, 3}};
enum { PULSES = sizeof pulses / sizeof *pulses };

static const struct xt_shape shapes[] = {{.n = 1,
                                          .m = 1,
                                          .code_bits = 3,
                                          .adc_bits = 4,
                                          .adc_share = 1,
                                          .bl_max = 3,
                                          .state_bits = 16,
                                          .prob_bits = 8,
                                          .mtj = 1,
                                          .acc_bits = 12},
                                         {.n = 3,
                                          .m = 5,
                                          .code_bits = 5,
                                          .adc_bits = 6,
                                          .adc_share = 2,
                                          .bl_max = 4,
                                          .state_bits = 12,
                                          .prob_bits = 11,
                                          .mtj = 1,
                                          .acc_bits = 13},
                                         {.n = 7,
                                          .m = 2,
                                          .code_bits = 7,
                                          .adc_bits = 9,
                                          .adc_share = 3,
                                          .bl_max = 7,
                                          .state_bits = 20,
                                          .prob_bits = 16,
                                          .mtj = 1,
                                          .acc_bits = 12,
                                          .acc_gang = 1}};

enum { SHAPES = sizeof shapes / sizeof *shapes };

/* Every scale is clipped: a train's end shows in CLIPS. */
static void registers_of(struct bench *b, const struct setting *set, const uint32_t pulse[3]) {
  const uint32_t bl = (uint32_t)b->shape.bl_max;
  const uint32_t reg[][2] = {
      {XT_CSR_UPD_BL, bl},       {XT_CSR_UPD_RATE, 60000}, {XT_CSR_UPD_EXP, 8},    {XT_CSR_XFER_BL, bl},
      {XT_CSR_XFER_RATE, 60000}, {XT_CSR_XFER_EXP, 4},     {XT_CSR_XFER_EVERY, 0}, {XT_CSR_PROG_BL, bl},
      {XT_CSR_PROG_RATE, 60000}, {XT_CSR_PROG_EXP, 8},     {XT_CSR_RANGE_FWD, 6},  {XT_CSR_RANGE_BWD, 6},
      {XT_CSR_RANGE_XFER, 3},    {XT_CSR_RANGE_READ, 3},   {XT_CSR_UPD_ANSWER, 0}, {XT_CSR_SEED, 77}};
  for (size_t k = 0; k < sizeof reg / sizeof *reg; k++) csr(b, (uint8_t)reg[k][0], reg[k][1]);
  for (uint8_t k = 0; k < 3; k++) csr(b, XT_CSR_PULSE_WIDTH + k, pulse[k]);
  for (const uint32_t(*r)[2] = set->reg; (*r)[0] != 0; r++) csr(b, (uint8_t)(*r)[0], (*r)[1]);
}

static const int8_t codes_x[MOST_LINES] = {3, -2, 1, 3, -3, 2, 1, 3}, codes_d[MOST_LINES] = {-3, 2, 3, -1, 1, 3, 3, 3};

static size_t packet_of(struct bench *b, const struct setting *set) {
  static const int16_t target[MOST_LINES] = {7, -7, 7, -7, 7, -7, 7, -7};
  uint32_t *w = b->in + 1;
  b->in[0] = head(set->op, set->sel, set->arg);
  const int update = set->op == XT_OP_UPDATE || set->op == XT_OP_MTJ_UPDATE || set->op == XT_OP_ACCUMULATE;
  if (set->op == XT_OP_FORWARD || update) w = put8(w, codes_x, b->shape.n);
  if (set->op == XT_OP_BACKWARD || update) w = put8(w, codes_d, b->shape.m);
  if (set->op == XT_OP_PROGRAM) w = put16(w, target, b->shape.m);
  return (size_t)(w - b->in);
}

/* The sums: ACCUMULATE writes row i in SUM cycle i + 1, cycle i + 3 of the operation; ACC_UPDATE in its ENCODE, which
 * comes behind the phases of the rows before it. */
static void expect_sums(const struct whole *w, const struct setting *set, uint32_t c, struct xt_snapshot *s) {
  const struct xt_dim *dim = &w->dim;
  const uint32_t *reg = s->csr;
  const struct xt_pulse_shape pulse = xt_cycles_pulse_shape(reg);
  const uint64_t phase = xt_cycles_switch_phase(pulse, xt_cycles_switch_slots(dim, reg[XT_CSR_CELL_MODE]));
  const int quadrants = reg[XT_CSR_CELL_MODE] == XT_CELL_PASSIVE || reg[XT_CSR_MTJ_SHARED] != 0;
  const int add = set->op == XT_OP_ACCUMULATE, update = set->op == XT_OP_ACC_UPDATE;
  uint64_t encode = 2;
  for (int32_t i = 0; i < dim->n && (add || update); i++) {
    int32_t *const sum = s->acc + i * dim->ms;
    int pos = 0, neg = 0;
    if (add ? c < (uint32_t)i + 3 : c < encode) return;
    for (int32_t k = 0; k < dim->ms; k++) {
      const int32_t d = codes_d[k << dim->gang], size = abs(sum[k]);
      const uint32_t decay = reg[XT_CSR_ACC_DECAY];
      pos |= sum[k] > 0;
      neg |= sum[k] < 0;
      if (add) {
        sum[k] += codes_x[i] * d * 64; /* 256 d at an exponent of 2 */
        sum[k] = sum[k] > dim->smax ? dim->smax : sum[k] < -dim->smax ? -dim->smax : sum[k];
      } else {
        const int32_t left = set->sel || decay == 0 ? 0 : size - (size + (1 << decay) - 1) / (1 << decay);
        sum[k] = sum[k] < 0 ? -left : left;
      }
    }
    encode += 2 + (set->sel ? 0 : quadrants ? (uint64_t)(pos + neg) : (uint64_t)(pos | neg)) * phase;
  }
}

/* What cycles 0..c of the operation leave, and an END behind them. */
static void expect(const struct whole *w, const struct setting *set, const struct xt_snapshot *start, uint32_t c,
                   struct xt_snapshot *s) {
  uint32_t stoch = 0, trains = 0;
  const uint32_t every = start->csr[XT_CSR_XFER_EVERY];
  const int empty = set->op == XT_OP_UPDATE && start->csr[XT_CSR_UPD_RATE] == 0;
  /* without pulses the train ends with UM */
  int own_ended = empty && c >= XT_UM_CYCLES;
  s->order = start->order;
  for (uint32_t k = 0; k < w->count; k++) {
    const struct cycle *y = &w->cycles[k];
    if (y->cycle <= c) s->order++;
    if (y->last_conversion && y->cycle + 1 <= c) { /* the LATCH behind it */
      s->counters[XT_CNT_READS]++;
      s->counters[XT_CNT_CONVERSIONS] += (uint64_t)(w->dir ? w->dim.n : w->dim.m);
      s->counters[XT_CNT_SATURATIONS] += y->rails;
      s->counters[XT_CNT_OVERLOADS] += y->over;
    }
    const int alone = y->kind == XT_KIND_SWITCH; /* no train */
    if ((y->kind != XT_KIND_PULSE && !alone) || y->cycle > c) continue;
    if (y->at + 1 == start->csr[XT_CSR_PULSE_WIDTH] << (alone ? y->slot : 0)) { /* it acts */
      s->counters[XT_CNT_SLOTS]++;
      s->counters[XT_CNT_PULSES] += (uint64_t)y->rows * y->cols;
    }
    if (alone) continue;
    const uint32_t enc = w->enc[trains > 0 || empty];
    if (enc == XT_ENC_STOCH) stoch += y->at == 0; /* the slot has begun */
    if (enc == XT_ENC_LOWDISC)                    /* a phase begins anew where the train began */
      s->lowdisc_n = (start->lowdisc_n + trains * (uint32_t)w->dim.bl_max + y->slot + 1) % (1U << w->dim.pb);
    if (k + 1 < w->count && w->cycles[k + 1].kind == XT_KIND_PULSE) continue;
    if (set->op == XT_OP_ZERO_SHIFT) continue;
    /* its last PULSE; the train ends with the gap and the settling behind it */
    if (y->cycle + start->csr[XT_CSR_PULSE_GAP] + start->csr[XT_CSR_PULSE_SETTLE] > c) break;
    trains++;
    own_ended |= set->op == XT_OP_UPDATE;
    s->counters[XT_CNT_CLIPS]++;
    s->counters[(const int[]){XT_CNT_CLIPS_A, XT_CNT_CLIPS_C, XT_CNT_CLIPS_R}[y->plane]]++;
  }
  advance(s, &w->dim, stoch);
  expect_sums(w, set, c, s);
  if (own_ended) s->xfer_count = every > 0 ? (start->xfer_count + 1) % every : 0;
  s->counters[XT_CNT_OPS]++;
  s->counters[XT_CNT_ERRORS]++;
  s->counters[XT_CNT_CYCLES] += c + 2;
  s->order++;
}

static void copy_lines(struct xt_snapshot *to, const struct xt_snapshot *from, const struct xt_shape *h) {
  int32_t *w[XT_NUM_PLANES] = {to->w[0], to->w[1], to->w[2]};
  uint32_t *row = to->row_gen, *col = to->col_gen;
  int16_t *cal = to->cal;
  int32_t *acc = to->acc;
  *to = *from;
  memcpy(to->w, w, sizeof w);
  to->row_gen = row;
  to->col_gen = col;
  to->cal = cal;
  to->acc = acc;
  memcpy(acc, from->acc, (size_t)(h->n * xt_shape_sums(h)) * sizeof *acc);
  memcpy(cal, from->cal, (size_t)xt_shape_units(h) * sizeof *cal);
  for (int p = 0; p < XT_NUM_PLANES; p++) memcpy(w[p], from->w[p], (size_t)h->n * (size_t)h->m * sizeof *w[p]);
  memcpy(row, from->row_gen, (size_t)h->n * sizeof *row);
  memcpy(col, from->col_gen, (size_t)h->m * sizeof *col);
}

struct end_seen {
  uint32_t cycle, status, info, ncodes, records;
};
static void end_sink(void *user, const struct xt_record *r) {
  struct end_seen *e = user;
  e->records++;
  if (r->kind == XT_KIND_END) *e = (struct end_seen){r->cycle, r->status, r->info, r->ncodes, e->records};
}

static void one_cut(struct bench *b, size_t n, const struct xt_snapshot *start, uint32_t c, int abort,
                    const struct xt_snapshot *want, const char *when) {
  struct end_seen e = {0};
  struct xt_snapshot got;
  size_t words = 0;
  snap_alloc(&got, &b->shape);
  ck_assert_int_eq(ref->set_snapshot(b->t, start), 0);
  if (abort)
    ck_assert_int_eq(ref->abort_at(b->t, c), 0);
  else
    csr(b, XT_CSR_TIMEOUT, c + 1);
  ref->set_trace(b->t, end_sink, &e);
  ck_assert_int_eq(ref->submit(b->t, b->in, n), 0);
  ck_assert_int_eq(ref->collect(b->t, b->out, b->out_cap, &words), 0);
  const uint32_t status = abort ? XT_ST_ERR_ABORT : XT_ST_ERR_TIMEOUT;
  must(words == 1 && b->out[0] == ((b->in[0] & 255) | status << 8), "%s: answer %08x, %zu words", when, b->out[0],
       words);
  ref->set_trace(b->t, NULL, NULL);
  if (e.records > 0) must(e.cycle == c + 1 && e.status == status && e.info == 0 && e.ncodes == 0, "%s: END", when);
  csr(b, XT_CSR_TIMEOUT, 0);
  snap_get(b, &got);
  snap_compare(&got, want, &b->shape, when);
  snap_free(&got);
}

/* The same operation with END where it would be, or later: not cut. */
static void not_cut(struct bench *b, size_t n, const struct xt_snapshot *start, uint32_t length, const uint32_t *answer,
                    size_t words, const struct xt_snapshot *want) {
  struct xt_snapshot got;
  size_t count = 0;
  snap_alloc(&got, &b->shape);
  for (uint32_t k = 0; k < 4; k++) {
    ck_assert_int_eq(ref->set_snapshot(b->t, start), 0);
    if (k < 2)
      csr(b, XT_CSR_TIMEOUT, length - 1 + k); /* END is cycle length - 1 */
    else
      ck_assert_int_eq(ref->abort_at(b->t, length - 2 + k - 2), 0); /* the cycle before END: too late */
    ck_assert_int_eq(ref->submit(b->t, b->in, n), 0);
    ck_assert_int_eq(ref->collect(b->t, b->out, b->out_cap, &count), 0);
    must(count == words && memcmp(b->out, answer, words * 4) == 0, "not cut (%u): answer %08x", k, b->out[0]);
    csr(b, XT_CSR_TIMEOUT, 0);
    snap_get(b, &got);
    snap_compare(&got, want, &b->shape, "not cut");
  }
  snap_free(&got);
}

START_TEST(every_cycle_of_every_operation) {
  const struct setting *set = &settings[_i % SETTINGS];
  const struct xt_shape shape = shapes[_i / SETTINGS % SHAPES];
  struct whole w = {.dir = set->op == XT_OP_BACKWARD || (set->op == XT_OP_CALIBRATE && shape.n > shape.m)};
  struct bench full, cut, fast;
  struct replay r;
  struct xt_snapshot start, end, want;
  char err[200];
  seed_rng("every_cycle_of_every_operation", (uint64_t)_i);
  struct xt_array_cfg cfg = random_array(shape.state_bits);
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    struct xt_dev_cfg *d = &cfg.dev[p];
    d->dw = 1500;
    d->shift = d->law == XT_LAW_MTJ ? -2 : shape.state_bits < 16 ? 6 : 2;
  }
  ck_assert_int_eq(xt_dim_init(&w.dim, &shape, err, sizeof err), 0);
  bench_open(&full, &shape, 1);
  bench_open(&cut, &shape, 1);
  bench_open(&fast, &shape, 0);
  snap_alloc(&start, &shape);
  snap_alloc(&end, &shape);
  snap_alloc(&want, &shape);
  configure(&full, &cfg);
  configure(&cut, &cfg);
  configure(&fast, &cfg);
  replay_open(&r, &shape, &cfg);
  registers_of(&full, set, pulses[_i / SETTINGS / SHAPES]);
  simple(&full, XT_OP_RESET, 0, 0);
  for (int k = 0; k < 3; k++) simple(&full, XT_OP_ZERO_SHIFT, k, 3); /* states that are not 0 */
  csr(&full, XT_CSR_XFER_COUNT, csr_get(&full, XT_CSR_XFER_EVERY) / 2);
  csr(&full, XT_CSR_XFER_PTR, (uint32_t)shape.n - 1);
  csr(&full, XT_CSR_LOWDISC, (1U << shape.prob_bits) - 3); /* wraps on the way */
  for (int32_t i = 0; i < shape.n; i++) {
    for (int32_t k = 0; k < xt_shape_sums(&shape); k++) { /* row 1 has none, or those of one sign */
      csr(&full, XT_CSR_ACC_SEL, (uint32_t)(i << 16 | k));
      csr(&full, XT_CSR_ACC, (uint32_t)(i == 1 ? 0 : (k % 2 && i != 2 ? -1 : 1) * (2000 >> (i + k))));
    }
  }
  const int upset = set->reg[0][0] == XT_CSR_GEN_SEL;
  if (upset) csr(&full, XT_CSR_GEN, 0);
  snap_get(&full, &start);
  w.enc[0] = set->op == XT_OP_PROGRAM    ? XT_ENC_COUNT
             : set->op == XT_OP_TRANSFER ? start.csr[XT_CSR_XFER_ENC]
                                         : start.csr[XT_CSR_UPD_ENC];
  w.enc[1] = set->op == XT_OP_UPDATE ? start.csr[XT_CSR_XFER_ENC] : w.enc[0];
  if (set->op == XT_OP_ZERO_SHIFT) w.enc[0] = w.enc[1] = XT_ENC_COUNT; /* nothing moves */

  const size_t n = packet_of(&full, set);
  size_t words = 0;
  ref->set_trace(full.t, whole_sink, &w);
  ck_assert_int_eq(ref->submit(full.t, full.in, n), 0);
  ck_assert_int_eq(ref->collect(full.t, full.out, full.out_cap, &words), 0);
  if (upset) ck_assert_uint_eq(counter(&full, XT_CNT_UPSETS), 1);
  must(w.status == XT_ST_OK && w.length > 3, "%s: status %u", set->what, w.status);
  snap_get(&full, &end);
  memcpy(cut.in, full.in, n * sizeof *cut.in);
  memcpy(fast.in, full.in, n * sizeof *fast.in);
  for (uint32_t c = 0; c + 2 < w.length; c++) {
    char when[100];
    copy_lines(&want, &start, &shape);
    replay_from(&r, &start);
    r.cut = c + 1;
    ck_assert_int_eq(ref->set_snapshot(full.t, &start), 0);
    ref->set_trace(full.t, replay_sink, &r);
    send(&full, n);
    for (int p = 0; p < XT_NUM_PLANES; p++)
      for (size_t d = 0; d < xt_plane_devices(&r.a.plane[p]); d++) want.w[p][d] = xt_plane_state(&r.a.plane[p], d);
    want.pulse_ctr = r.a.pulse_ctr;
    want.read_ctr = r.read_ctr;
    want.cmp_ctr = r.cmp_ctr;
    expect(&w, set, &start, c, &want);
    for (int abort = 0; abort < 2; abort++) {
      snprintf(when, sizeof when, "%s, %s in cycle %u of %u", set->what, abort ? "ABORT" : "TIMEOUT", c, w.length);
      one_cut(&cut, n, &start, c, abort, &want, when);
      one_cut(&fast, n, &start, c, abort, &want, when);
    }
  }
  ck_assert_int_eq(ref->set_snapshot(full.t, &start), 0);
  ref->set_trace(full.t, NULL, NULL);
  send(&full, n);
  not_cut(&cut, n, &start, w.length, full.out, words, &end);
  not_cut(&fast, n, &start, w.length, full.out, words, &end);
  bench_close(&full);
  bench_close(&cut);
  bench_close(&fast);
  snap_free(&start);
  snap_free(&end);
  snap_free(&want);
  xt_room_free(&r.room);
}
END_TEST

/* A RESET and a command with an error have no cycle to cut; ABORT is for one packet; TIMEOUT comes first. */
START_TEST(what_is_not_cut) {
  static const struct xt_shape shape = {3, 5, 7, 9, 1, 0, 31, 16, 16, 0, 0, 0};
  struct bench b;
  bench_open(&b, &shape, 0);
  const struct xt_array_cfg cfg = random_array(16);
  configure(&b, &cfg);
  csr(&b, XT_CSR_TIMEOUT, 1);
  for (uint32_t at = 0; at < 3; at++) {
    ck_assert_int_eq(ref->abort_at(b.t, at), 0);
    ck_assert_int_eq(simple(&b, XT_OP_RESET, 0, 0), XT_ST_OK);
    ck_assert_int_eq(ref->abort_at(b.t, at), 0);
    ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 3), XT_ST_ERR_ARG);
  }
  ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 2), XT_ST_ERR_TIMEOUT); /* TIMEOUT 1: cut in START */
  ck_assert_uint_eq(counter(&b, XT_CNT_CYCLES), 4);                  /* after the last RESET: two of two cycles */
  ck_assert_uint_eq(counter(&b, XT_CNT_READS), 0);
  csr(&b, XT_CSR_TIMEOUT, 7);
  ck_assert_int_eq(ref->abort_at(b.t, 6), 0);
  ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 2), XT_ST_ERR_TIMEOUT); /* both in cycle 6 */
  ck_assert_int_eq(ref->abort_at(b.t, 5), 0);
  ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 2), XT_ST_ERR_ABORT);
  csr(&b, XT_CSR_TIMEOUT, 0);
  ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 2), XT_ST_OK);
  csr(&b, XT_CSR_TIMEOUT, UINT32_MAX);
  ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 2), XT_ST_OK);
  const uint32_t reset = XT_OP_RESET;
  ck_assert_int_eq(ref->submit(b.t, &reset, 1), 0);
  ck_assert_int_eq(ref->abort_at(b.t, 3), XT_E_ARG); /* a packet is under way */
  bench_close(&b);
}
END_TEST

/* A hardware reset after the cut finds an operation that has ended. */
START_TEST(cut_and_reset) {
  static const struct xt_shape shape = {3, 5, 7, 9, 1, 0, 31, 16, 16, 0, 0, 0};
  struct bench b;
  const struct xt_array_cfg cfg = random_array(16);
  for (uint32_t at = 5; at <= 9; at++) { /* cut in 6: END is 7 */
    struct end_seen e = {0};
    bench_open(&b, &shape, 1);
    configure(&b, &cfg);
    simple(&b, XT_OP_RESET, 0, 0);
    csr(&b, XT_CSR_TIMEOUT, 7);
    ref->set_trace(b.t, end_sink, &e);
    ck_assert_int_eq(ref->hw_reset_at(b.t, at), 0);
    b.in[0] = head(XT_OP_ZERO_SHIFT, 0, 20);
    ck_assert_int_eq(ref->submit(b.t, b.in, 1), 0);
    /* records of PULSE in cycles 1, 3, 5, END in 7, those before the reset */
    ck_assert_uint_eq(e.records, at <= 7 ? at / 2 : 4);
    ck_assert_uint_eq(e.status, at > 7 ? XT_ST_ERR_TIMEOUT : 0);
    ck_assert_uint_eq(csr_get(&b, XT_CSR_TIMEOUT), 0);
    bench_close(&b);
  }
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref cuts");
  TCase *tc = tcase_create("cuts");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, every_cycle_of_every_operation, 0, SETTINGS * SHAPES * PULSES);
  tcase_add_test(tc, what_is_not_cut);
  tcase_add_test(tc, cut_and_reset);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
