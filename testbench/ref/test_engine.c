/* SPDX-License-Identifier: Apache-2.0 */
/* The engine: errors, registers, answers, snapshots, cuts by a reset, cycle formulas, queue, refusals. */
#include <math.h>

#include "ref_util.h"
#include "xt_array.h"
#include "xt_cycles.h"
#include "xt_dim.h"
#include "xt_encoder.h"

static const struct xt_shape small = {
    .n = 7, .m = 5, .code_bits = 7, .adc_bits = 9, .adc_share = 2, .bl_max = 31, .state_bits = 16, .prob_bits = 16};

/* fast: whole sequences at once, else cycle by cycle. */
static void bench_open_form(struct bench *b, const struct xt_shape *shape, int fast) {
  bench_open(b, shape, 0);
  if (!fast) xt_ref_plain(b->t);
}

static struct xt_array_cfg plain_cfg(void) {
  const struct xt_dev_cfg d = {.dw = 1500,
                               .shift = 4,
                               .c_dtod = 133,
                               .w_max = 29000,
                               .w_min = 28000,
                               .c_wmax = 100,
                               .c_wmin = 100,
                               .gamma_up = 4096,
                               .gamma_down = 4096,
                               .c_c2c = 133};
  return (struct xt_array_cfg){.dev = {d, d, d}, .seed = 42, .read_noise = 500};
}

/* Registers that make every operation do something. */
static void busy_registers(struct bench *b) {
  csr(b, XT_CSR_UPD_BL, (uint32_t)b->shape.bl_max);
  csr(b, XT_CSR_UPD_RATE, 40000);
  csr(b, XT_CSR_UPD_EXP, 22);
  csr(b, XT_CSR_XFER_EVERY, 2);
  csr(b, XT_CSR_XFER_BL, (uint32_t)b->shape.bl_max);
  csr(b, XT_CSR_XFER_RATE, 40000);
  csr(b, XT_CSR_XFER_EXP, 18);
  csr(b, XT_CSR_PROG_BL, (uint32_t)b->shape.bl_max);
  csr(b, XT_CSR_PROG_RATE, 50000);
  csr(b, XT_CSR_PROG_EXP, 16);
  csr(b, XT_CSR_RANGE_FWD, 10);
  csr(b, XT_CSR_RANGE_BWD, 10);
  csr(b, XT_CSR_RANGE_XFER, 8);
  csr(b, XT_CSR_RANGE_READ, 12);
}

/* ---------------------------------------------------------------- errors */

struct wrong {
  const char *what;
  int status;
  uint32_t words[8]; /* 7 lines of x: 2 words; 5 of d: 2 words; targets: 3 words */
  size_t n;
  int without_reset;
};

static const struct wrong wrongs[] = {
    {"no operation 0", XT_ST_ERR_OPCODE, {0}, 1, 0},
    {"no operation 10", XT_ST_ERR_OPCODE, {10}, 1, 0},
    {"no operation 255, long", XT_ST_ERR_OPCODE, {0xFF, 1, 2, 3}, 4, 0},
    {"opcode before order", XT_ST_ERR_OPCODE, {77}, 1, 1},
    {"FORWARD without payload", XT_ST_ERR_SHORT, {XT_OP_FORWARD}, 1, 0},
    {"FORWARD, one word short", XT_ST_ERR_SHORT, {XT_OP_FORWARD, 0}, 2, 0},
    {"UPDATE without d", XT_ST_ERR_SHORT, {XT_OP_UPDATE, 0, 0}, 3, 0},
    {"PROGRAM, one word short", XT_ST_ERR_SHORT, {XT_OP_PROGRAM, 0, 0}, 3, 0},
    {"short before order", XT_ST_ERR_SHORT, {XT_OP_FORWARD, 0}, 2, 1},
    {"short before flags", XT_ST_ERR_SHORT, {XT_OP_FORWARD | 0xF000, 0}, 2, 0},
    {"RESET with payload", XT_ST_ERR_LONG, {XT_OP_RESET, 0}, 2, 0},
    {"FORWARD, one word long", XT_ST_ERR_LONG, {XT_OP_FORWARD, 0, 0, 0}, 4, 0},
    {"CALIBRATE with payload", XT_ST_ERR_LONG, {XT_OP_CALIBRATE, 0}, 2, 0},
    {"CALIBRATE with sel", XT_ST_ERR_FLAGS, {XT_OP_CALIBRATE | 0x100}, 1, 0},
    {"CALIBRATE with argument", XT_ST_ERR_ARG, {XT_OP_CALIBRATE | 0x10000}, 1, 0},
    {"CALIBRATE before RESET", XT_ST_ERR_ORDER, {XT_OP_CALIBRATE}, 1, 1},
    {"READ with payload", XT_ST_ERR_LONG, {XT_OP_READ, 0}, 2, 0},
    {"long before order", XT_ST_ERR_LONG, {XT_OP_TRANSFER, 0}, 2, 1},
    {"FORWARD before RESET", XT_ST_ERR_ORDER, {XT_OP_FORWARD, 0, 0}, 3, 1},
    {"TRANSFER before RESET", XT_ST_ERR_ORDER, {XT_OP_TRANSFER}, 1, 1},
    {"order before flags", XT_ST_ERR_ORDER, {XT_OP_TRANSFER | 0xF00}, 1, 1},
    {"RESET with flags", XT_ST_ERR_FLAGS, {XT_OP_RESET | 0x1000}, 1, 0},
    {"RESET with flags, before RESET", XT_ST_ERR_FLAGS, {XT_OP_RESET | 0x1000}, 1, 1},
    {"RESET with sel", XT_ST_ERR_FLAGS, {XT_OP_RESET | 0x100}, 1, 0},
    {"FORWARD with sel", XT_ST_ERR_FLAGS, {XT_OP_FORWARD | 0x100, 0, 0}, 3, 0},
    {"UPDATE with flags", XT_ST_ERR_FLAGS, {XT_OP_UPDATE | 0x8000, 0, 0, 0, 0}, 5, 0},
    {"UPDATE, sel 2: with x", XT_ST_ERR_FLAGS, {XT_OP_UPDATE | 0x200, 0, 0, 0, 0}, 5, 0},
    {"UPDATE, sel 2, without x", XT_ST_ERR_SHORT, {XT_OP_UPDATE | 0x200, 0, 0}, 3, 0},
    {"UPDATE, sel 1, with x", XT_ST_ERR_LONG, {XT_OP_UPDATE | 0x100, 0, 0, 0, 0}, 5, 0},
    {"UPDATE, sel 1, one word short", XT_ST_ERR_SHORT, {XT_OP_UPDATE | 0x100, 0}, 2, 0},
    {"UPDATE, sel 1, before RESET", XT_ST_ERR_ORDER, {XT_OP_UPDATE | 0x100, 0, 0}, 3, 1},
    {"UPDATE, sel 1, flags", XT_ST_ERR_FLAGS, {XT_OP_UPDATE | 0x1100, 0, 0}, 3, 0},
    {"UPDATE, sel 1, exponent", XT_ST_ERR_ARG, {XT_OP_UPDATE | 42 << 16 | 0x100, 1, 0}, 3, 0},
    {"UPDATE, sel 1, wrong d", XT_ST_ERR_CODE, {XT_OP_UPDATE | 0x100, 0x80, 0}, 3, 0},
    {"READ, sel 4", XT_ST_ERR_FLAGS, {XT_OP_READ | 0x400}, 1, 0},
    {"PROGRAM, sel 3", XT_ST_ERR_FLAGS, {XT_OP_PROGRAM | 0x300, 0, 0, 0}, 4, 0},
    {"ZERO_SHIFT, sel 3", XT_ST_ERR_FLAGS, {XT_OP_ZERO_SHIFT | 0x10300}, 1, 0},
    {"flags before argument", XT_ST_ERR_FLAGS, {XT_OP_READ | 0x70800}, 1, 0},
    {"RESET with argument", XT_ST_ERR_ARG, {XT_OP_RESET | 0x10000}, 1, 0},
    {"FORWARD with argument", XT_ST_ERR_ARG, {XT_OP_FORWARD | 0x10000, 0, 0}, 3, 0},
    {"BACKWARD with argument", XT_ST_ERR_ARG, {XT_OP_BACKWARD | 0x10000, 0, 0}, 3, 0},
    {"TRANSFER with argument", XT_ST_ERR_ARG, {XT_OP_TRANSFER | 0x10000}, 1, 0},
    {"READ, line 7 of 7", XT_ST_ERR_ARG, {XT_OP_READ | 0x70000}, 1, 0},
    {"PROGRAM, line 7 of 7", XT_ST_ERR_ARG, {XT_OP_PROGRAM | 0x70000, 0, 0, 0}, 4, 0},
    {"ZERO_SHIFT, no pairs", XT_ST_ERR_ARG, {XT_OP_ZERO_SHIFT}, 1, 0},
    {"UPDATE, exponent 22 + 42", XT_ST_ERR_ARG, {XT_OP_UPDATE | 42 << 16, 1, 0, 1, 0}, 5, 0},
    {"UPDATE, exponent 22 - 23", XT_ST_ERR_ARG, {XT_OP_UPDATE | 0xFFE90000, 1, 0, 1, 0}, 5, 0},
    {"argument before code", XT_ST_ERR_ARG, {XT_OP_UPDATE | 0x80000000, 0x80, 0, 0x80, 0}, 5, 0},
    {"FORWARD, code 64", XT_ST_ERR_CODE, {XT_OP_FORWARD, 64, 0}, 3, 0},
    {"FORWARD, code -64 on the last line", XT_ST_ERR_CODE, {XT_OP_FORWARD, 0, 0xC00000}, 3, 0},
    {"BACKWARD, code -128", XT_ST_ERR_CODE, {XT_OP_BACKWARD, 0, 0x80}, 3, 0},
    {"UPDATE, wrong d only", XT_ST_ERR_CODE, {XT_OP_UPDATE, 1, 0, 0x7F00, 0}, 5, 0},
    {"UPDATE, wrong x only", XT_ST_ERR_CODE, {XT_OP_UPDATE, 0, 0x80, 0x01, 0}, 5, 0},
    {"PROGRAM, target 256", XT_ST_ERR_CODE, {XT_OP_PROGRAM, 0, 0x01000000, 0}, 4, 0},
    {"PROGRAM, target -256 on the last line", XT_ST_ERR_CODE, {XT_OP_PROGRAM, 0, 0, 0xFF00}, 4, 0},
};
enum { WRONGS = sizeof wrongs / sizeof *wrongs };

static void mask_errors(struct xt_snapshot *s, const struct xt_snapshot *before, int records) {
  ck_assert_uint_eq(s->counters[XT_CNT_OPS], before->counters[XT_CNT_OPS] + 1);
  ck_assert_uint_eq(s->counters[XT_CNT_CYCLES], before->counters[XT_CNT_CYCLES] + 2);
  ck_assert_uint_eq(s->counters[XT_CNT_ERRORS], before->counters[XT_CNT_ERRORS] + 1);
  ck_assert_uint_eq(s->order, before->order + (uint64_t)records);
  for (int k = 0; k < 3; k++) {
    const int c = (const int[]){XT_CNT_OPS, XT_CNT_CYCLES, XT_CNT_ERRORS}[k];
    s->counters[c] = before->counters[c];
  }
  s->order = before->order;
}

START_TEST(errors_change_nothing) {
  const struct wrong *w = &wrongs[_i];
  const struct xt_array_cfg cfg = plain_cfg();
  struct bench b;
  struct xt_snapshot before, after;
  const int8_t x[7] = {10, -20, 30, 63, -63, 5, 1}, d[5] = {-3, 60, 20, -40, 7};
  bench_open(&b, &small, 0);
  configure(&b, &cfg);
  snap_alloc(&before, &small);
  snap_alloc(&after, &small);
  busy_registers(&b);
  if (!w->without_reset) {
    must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
    for (int k = 0; k < 3; k++) must(update(&b, x, d, 0) == XT_ST_OK, "UPDATE");
  }
  snap_get(&b, &before);
  memcpy(b.in, w->words, w->n * sizeof *b.in);
  size_t got;
  ck_assert_int_eq(ref->submit(b.t, b.in, w->n), 0);
  ck_assert_int_eq(ref->collect(b.t, b.out, b.out_cap, &got), 0);
  ck_assert_msg(got == 1 && b.out[0] == ((w->words[0] & 0xFF) | (uint32_t)w->status << 8), "%s: answer %08x, %zu words",
                w->what, b.out[0], got);
  snap_get(&b, &after);
  mask_errors(&after, &before, 1);
  snap_compare(&after, &before, &small, w->what);
  /* and the tile goes on */
  must(simple(&b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET after an error");
  must(forward(&b, x) == XT_ST_OK, "FORWARD after an error");
  bench_close(&b);
  snap_free(&before);
  snap_free(&after);
}
END_TEST

/* Lanes past the last line: any input, zero output. */
START_TEST(lanes_past_the_end) {
  const struct xt_array_cfg cfg = plain_cfg();
  struct bench b, c;
  bench_open(&b, &small, 0);
  bench_open(&c, &small, 0);
  configure(&b, &cfg);
  configure(&c, &cfg);
  busy_registers(&b);
  busy_registers(&c);
  simple(&b, XT_OP_RESET, 0, 0);
  simple(&c, XT_OP_RESET, 0, 0);
  static const struct {
    uint32_t w[5], junk[5];
    size_t n;
  } packet[] = {
      {{XT_OP_FORWARD, 0x01020304, 0x00060708}, {XT_OP_FORWARD, 0x01020304, 0x80060708}, 3},
      {{XT_OP_BACKWARD, 0x11121314, 0x05}, {XT_OP_BACKWARD, 0x11121314, 0x80808005}, 3},
      {{XT_OP_UPDATE, 0x3F020304, 0x00060708, 0x11121314, 0x3F},
       {XT_OP_UPDATE, 0x3F020304, 0x80060708, 0x11121314, 0x7F80813F},
       5},
      {{XT_OP_PROGRAM, 0x00400040, 0x00400040, 0x40}, {XT_OP_PROGRAM, 0x00400040, 0x00400040, 0x7FFF0040}, 4}};
  for (size_t p = 0; p < sizeof packet / sizeof *packet; p++) {
    memcpy(b.in, packet[p].w, sizeof packet[p].w);
    memcpy(c.in, packet[p].junk, sizeof packet[p].junk);
    ck_assert_int_eq(send(&b, packet[p].n), XT_ST_OK);
    ck_assert_int_eq(send(&c, packet[p].n), XT_ST_OK);
    ck_assert_int_eq(memcmp(b.out, c.out, b.out_cap * sizeof *b.out), 0);
  }
  ck_assert_uint_eq(b.out[3] >> 16, 0); /* five codes: the sixth half is 0 */
  bench_close(&b);
  bench_close(&c);
}
END_TEST

/* ---------------------------------------------------------------- registers */

START_TEST(registers) {
  struct bench b;
  int st;
  uint32_t v;
  struct xt_shape shape = small;
  shape.mtj = 1;
  shape.acc_bits = 12;
  bench_open(&b, &shape, 0);
  /* GEN_SEL is 0 at first: row 0 */
  enum { adc_max = 255, bl_max = 31, n1 = 6, prob1 = 65535, gen1 = 65535, smax = 2047 };
  static const struct {
    uint8_t addr;
    int access;
    int64_t reset, lo, hi;
  } want[] = {
#define X(name, addr, access, reset, lo, hi) {addr, access, reset, lo, hi},
      XT_CSR_TABLE(X)
#undef X
  };
  int known[256] = {0};
  for (size_t r = 0; r < sizeof want / sizeof *want; r++) {
    known[want[r].addr] = 1;
    ck_assert_int_eq(ref->csr_read(b.t, want[r].addr, &v, &st), 0);
    ck_assert_int_eq(st, XT_CSR_ST_OK);
    if (want[r].access == XT_ACCESS_RO) {
      ck_assert_int_eq(ref->csr_write(b.t, want[r].addr, 0, &st), 0);
      ck_assert_int_eq(st, XT_CSR_ST_READONLY);
      continue;
    }
    const int writes_only = want[r].access == XT_ACCESS_WO; /* reads 0 */
    const uint32_t reset =
        want[r].addr == XT_CSR_GEN ? xt_encoder_row_seed(1, 0, small.prob_bits) : (uint32_t)want[r].reset;
    ck_assert_uint_eq(v, reset);
    const int64_t edges[] = {want[r].lo, want[r].hi, want[r].lo - 1, want[r].hi + 1, reset};
    uint32_t held = reset;
    for (int e = 0; e < 5; e++) {
      const uint32_t bits = (uint32_t)edges[e];
      int ok = edges[e] >= want[r].lo && edges[e] <= want[r].hi;
      if (want[r].hi == UINT32_MAX) ok = 1; /* its range is all of 32 bits */
      ck_assert_int_eq(ref->csr_write(b.t, want[r].addr, bits, &st), 0);
      ck_assert_msg(st == (ok ? XT_CSR_ST_OK : XT_CSR_ST_VALUE), "register 0x%02x = %lld: %d", want[r].addr,
                    (long long)edges[e], st);
      if (ok && !writes_only) held = bits;
      ck_assert_uint_eq(csr_get(&b, want[r].addr), held);
    }
  }
  for (int a = 0; a < 256; a++) {
    if (known[a]) continue;
    const int counter_word = a >= XT_CSR_COUNTERS && a < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS;
    v = 1;
    ref->csr_read(b.t, (uint8_t)a, &v, &st);
    ck_assert_int_eq(st, counter_word ? XT_CSR_ST_OK : XT_CSR_ST_ADDRESS);
    ck_assert_uint_eq(v, 0);
    ref->csr_write(b.t, (uint8_t)a, 0, &st);
    ck_assert_int_eq(st, counter_word ? XT_CSR_ST_OK : XT_CSR_ST_ADDRESS);
  }
  ck_assert_uint_eq(csr_get(&b, XT_CSR_ID), XT_ID);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_PARAM_HASH), XT_PARAM_HASH);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_SHAPE), 5 << 16 | 7);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_CONFIG), 9 << 24 | 2 << 16 | 16 << 8 | 7);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_CONFIG2), 1 << 25 | 16 << 8 | 31);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_CONFIG3), 12);
  const struct xt_array_cfg cfg = plain_cfg();
  configure(&b, &cfg);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_STATUS), 0);
  simple(&b, XT_OP_RESET, 0, 0);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_STATUS), 2);
  csr(&b, XT_CSR_UPD_BL, 20);
  simple(&b, XT_OP_RESET, 0, 0); /* registers stay */
  ck_assert_uint_eq(csr_get(&b, XT_CSR_UPD_BL), 20);
  ref->hw_reset(b.t);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_UPD_BL), 1);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_STATUS), 0);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- schedule and counters */

START_TEST(schedule) {
  const struct xt_array_cfg cfg = plain_cfg();
  struct bench b;
  const int8_t x[7] = {10, 0, 30, 63, 0, 5, 1}, zero[7] = {0}, d[5] = {-3, 60, 20, -40, 7};
  bench_open(&b, &small, 0);
  configure(&b, &cfg);
  busy_registers(&b);
  simple(&b, XT_OP_RESET, 0, 0);
  csr(&b, XT_CSR_XFER_EVERY, 3);
  for (unsigned k = 1; k <= 24; k++) {
    update(&b, k % 2 ? x : zero, d, 0); /* updates without pulses count too */
    ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_COUNT), k % 3);
    ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_PTR), k / 3 % 7);
    ck_assert_uint_eq(counter(&b, XT_CNT_TRANSFERS), k / 3);
  }
  update(&b, x, d, 0);
  simple(&b, XT_OP_TRANSFER, 0, 0); /* a commanded one leaves the count, moves the pointer */
  ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_COUNT), 1);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_PTR), 2);
  update(&b, x, d, 0);
  csr(&b, XT_CSR_XFER_EVERY, 1); /* the count has gone past: reached or exceeded */
  update(&b, x, d, 0);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_COUNT), 0);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_PTR), 3);
  csr(&b, XT_CSR_XFER_EVERY, 5);
  update(&b, x, d, 0);
  csr(&b, XT_CSR_XFER_EVERY, 0);
  update(&b, x, d, 0);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_COUNT), 0);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_PTR), 3);
  simple(&b, XT_OP_RESET, 0, 0);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_XFER_PTR), 0);
  for (int k = 0; k < XT_NUM_COUNTERS; k++) ck_assert_uint_eq(counter(&b, k), 0);
  bench_close(&b);
}
END_TEST

/* PROGRAM reaches its targets and says in how many rounds; READ finds them. */
START_TEST(program_verify) {
  const uint32_t cell = (uint32_t)_i & 1;
  const int sel = _i >> 1;
  struct xt_array_cfg cfg = plain_cfg();
  cfg.read_noise = 0;
  for (int s = 0; s < 3; s++) {
    cfg.dev[s].shift = 6; /* 23 state units per pulse */
    cfg.dev[s].c_wmax = cfg.dev[s].c_wmin = 0;
  }
  struct bench b;
  bench_open(&b, &small, 0);
  configure(&b, &cfg);
  busy_registers(&b);
  csr(&b, XT_CSR_CELL_MODE, cell);
  csr(&b, XT_CSR_RANGE_READ, 13); /* a code is 130 state units: 5.5 pulses */
  csr(&b, XT_CSR_PROG_RATE, 5 << 12);
  csr(&b, XT_CSR_PROG_EXP, 12);
  csr(&b, XT_CSR_PROG_ITERS, 60);
  csr(&b, XT_CSR_PROG_TOL, 1);
  simple(&b, XT_OP_RESET, 0, 0);
  const int16_t target[5] = {100, -100, 0, 37, -1};
  const int st = program(&b, sel, 3, target);
  ck_assert_int_eq(st, XT_ST_OK);
  const uint32_t rounds = info(&b);
  ck_assert_uint_ge(rounds, 10); /* 100 codes take more than 500 pulses, 31 at most in a round */
  ck_assert_uint_lt(rounds, 60);
  for (int j = 0; j < 5; j++) ck_assert_int_le(abs(result(&b, j) - target[j]), 1);
  ck_assert_uint_eq(counter(&b, XT_CNT_READS), rounds + 1);
  ck_assert_int_eq(simple(&b, XT_OP_READ, sel == 0 ? XT_SEL_A : sel == 1 ? XT_SEL_C : XT_SEL_R, 3), XT_ST_OK);
  for (int j = 0; j < 5; j++) ck_assert_int_le(abs(result(&b, j) - target[j]), 1);
  ck_assert_int_eq(simple(&b, XT_OP_READ, sel == 0 ? XT_SEL_A : sel == 1 ? XT_SEL_C : XT_SEL_R, 2), XT_ST_OK);
  for (int j = 0; j < 5; j++) ck_assert_int_eq(result(&b, j), 0); /* the other lines were left alone */
  csr(&b, XT_CSR_PROG_ITERS, 0);
  ck_assert_int_eq(program(&b, sel, 2, target), XT_ST_OK); /* no rounds: a read */
  ck_assert_uint_eq(info(&b), 0);
  bench_close(&b);
}
END_TEST

/* A READ of A is A - R; A_RAW is A alone. */
START_TEST(reference_is_subtracted) {
  struct xt_array_cfg cfg = plain_cfg();
  struct bench b;
  struct xt_snapshot s;
  cfg.read_noise = 0;
  bench_open(&b, &small, 0);
  configure(&b, &cfg);
  csr(&b, XT_CSR_RANGE_READ, 13);
  simple(&b, XT_OP_RESET, 0, 0);
  snap_alloc(&s, &small);
  snap_get(&b, &s);
  for (int k = 0; k < 35; k++) {
    s.w[0][k] = 20000 - 900 * k;
    s.w[1][k] = 300 * k;
    s.w[2][k] = -15000 + 800 * k;
  }
  ck_assert_int_eq(ref->set_snapshot(b.t, &s), 0);
  const uint32_t line = 4;
  for (int sel = 0; sel < 4; sel++) {
    ck_assert_int_eq(simple(&b, XT_OP_READ, sel, line), XT_ST_OK);
    for (int j = 0; j < 5; j++) {
      const int k = (int)line * 5 + j;
      const int w = sel == XT_SEL_C   ? s.w[1][k]
                    : sel == XT_SEL_R ? s.w[2][k]
                                      : s.w[0][k] - (sel == XT_SEL_A ? s.w[2][k] : 0);
      const int code = (63 * w + 4096) >> 13;
      ck_assert_int_eq(result(&b, j), code > 255 ? 255 : code < -255 ? -255 : code);
    }
  }
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* FORWARD and BACKWARD read C + gamma (A - R), cycle by cycle and at once; where A equals R that is C, with noise and
 * all, and no other read knows of it. */
START_TEST(visible_weight) {
  static const int8_t x[7] = {10, -20, 30, 63, -63, 5, 1}, d[5] = {-3, 60, 20, -40, 7};
  const int gammas[] = {0, 1, 77, 256}, gamma = gammas[_i / 4];
  const bool plain = _i % 2 != 0, equal = _i / 2 % 2 != 0;
  struct xt_array_cfg cfg = plain_cfg();
  struct bench b;
  struct xt_snapshot s;
  int32_t codes[2][12];
  if (!equal) cfg.read_noise = 0;
  bench_open_form(&b, &small, !plain);
  configure(&b, &cfg);
  simple(&b, XT_OP_RESET, 0, 0);
  snap_alloc(&s, &small);
  snap_get(&b, &s);
  for (int k = 0; k < 35; k++) {
    s.w[XT_PLANE_A][k] = 20000 - 900 * k;
    s.w[XT_PLANE_C][k] = 300 * k - 3000;
    s.w[XT_PLANE_R][k] = equal ? s.w[XT_PLANE_A][k] : -15000 + 800 * k;
  }
  s.csr[XT_CSR_RANGE_FWD] = s.csr[XT_CSR_RANGE_BWD] = 14;
  for (int pass = 0; pass < 2; pass++) { /* with gamma, and without */
    s.csr[XT_CSR_GAMMA] = pass ? 0 : (uint32_t)gamma;
    ck_assert_int_eq(ref->set_snapshot(b.t, &s), 0);
    ck_assert_int_eq(forward(&b, x), XT_ST_OK);
    for (int j = 0; j < 5; j++) codes[pass][j] = result(&b, j);
    ck_assert_int_eq(backward(&b, d), XT_ST_OK);
    for (int i = 0; i < 7; i++) codes[pass][5 + i] = result(&b, i);
  }
  for (int line = 0; line < 12 && !equal; line++) {
    int64_t sum = 0; /* in 1/256 of a state */
    for (int other = 0; other < (line < 5 ? 7 : 5); other++) {
      const int k = line < 5 ? other * 5 + line : (line - 5) * 5 + other;
      const int64_t visible = 256 * (int64_t)s.w[XT_PLANE_C][k] + gamma * (s.w[XT_PLANE_A][k] - s.w[XT_PLANE_R][k]);
      sum += (line < 5 ? x[other] : d[other]) * visible;
    }
    const int64_t code = (sum + (1 << 21)) >> 22;
    ck_assert_int_eq(codes[0][line], code > 255 ? 255 : code < -255 ? -255 : code);
  }
  for (int line = 0; line < 12 && equal; line++) ck_assert_int_eq(codes[0][line], codes[1][line]);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- snapshots */

START_TEST(snapshot_resumes) {
  seed_rng("snapshot_resumes", (uint64_t)_i);
  const struct xt_shape shape = random_shape(20);
  const struct xt_array_cfg cfg = random_array(shape.state_bits);
  struct bench a, b;
  struct xt_snapshot sa, sb;
  bench_open(&a, &shape, 0);
  configure(&a, &cfg);
  for (int addr = next_register(0); addr < XT_CSR_COUNTERS; addr = next_register(addr))
    csr(&a, (uint8_t)addr, random_csr(&shape, (uint8_t)addr));
  snap_alloc(&sa, &shape);
  snap_alloc(&sb, &shape);
  if (_i % 4) simple(&a, XT_OP_RESET, 0, 0);
  for (int k = 0; k < 10; k++) send(&a, random_packet(&a, 1));
  snap_get(&a, &sa);
  bench_open(&b, &shape, 0);
  configure(&b, &cfg);
  ck_assert_msg(ref->set_snapshot(b.t, &sa) == 0, "%s", ref->error(b.t));
  ck_assert_int_eq(ref->set_snapshot(a.t, &sa), 0); /* a restored state keeps no x */
  for (int k = 0; k < 10; k++) {
    const size_t n = random_packet(&a, 1);
    memcpy(b.in, a.in, n * sizeof *a.in);
    must(send(&a, n) == send(&b, n), "statuses differ");
    must(a.header == b.header, "answers differ");
    snap_get(&a, &sa);
    snap_get(&b, &sb);
    snap_compare(&sa, &sb, &shape, "resumed");
  }
  for (int sel = 0; sel < 3; sel++) {
    const int16_t *w = ref->states16(a.t, sel);
    ck_assert_int_eq(w != NULL, shape.state_bits == 16);
    for (int k = 0; w != NULL && k < shape.n * shape.m; k++) must(w[k] == sa.w[sel][k], "states16");
  }
  bench_close(&a);
  bench_close(&b);
  snap_free(&sa);
  snap_free(&sb);
}
END_TEST

START_TEST(bad_snapshots) {
  const struct xt_array_cfg cfg = plain_cfg();
  struct bench b;
  struct xt_snapshot good, bad, after;
  const int8_t x[7] = {10, 0, 30, 63, 0, 5, 1}, d[5] = {-3, 60, 20, -40, 7};
  bench_open(&b, &small, 0);
  configure(&b, &cfg);
  busy_registers(&b);
  simple(&b, XT_OP_RESET, 0, 0);
  update(&b, x, d, 0);
  snap_alloc(&good, &small);
  snap_alloc(&bad, &small);
  snap_alloc(&after, &small);
  snap_get(&b, &good);
  for (int k = 0; k < 14; k++) {
    snap_get(&b, &bad);
    bad.pulse_ctr++; /* would show if anything were taken */
    bad.w[1][0]++;
    switch (k) {
      case 0:
        bad.w[0][34] = 32768;
        break;
      case 1:
        bad.w[2][0] = -32769;
        break;
      case 2:
        bad.row_gen[6] = UINT32_MAX;
        break;
      case 3:
        bad.row_gen[0] = 65536;
        break;
      case 4:
        bad.col_gen[4] = UINT32_MAX;
        break;
      case 5:
        bad.col_gen[0] = 1 << 17;
        break;
      case 6:
        bad.lowdisc_n = 65536;
        break;
      case 7:
        bad.xfer_ptr = 7;
        break;
      case 8:
        bad.xfer_count = 65536;
        break;
      case 9:
        bad.reset_given = 2;
        break;
      case 10:
        bad.csr[XT_CSR_UPD_BL] = 0;
        break;
      case 11:
        bad.csr[XT_CSR_UPD_BL] = 32;
        break;
      case 12:
        bad.csr[XT_CSR_ADC_OFFSET] = (uint32_t)-256;
        break;
      default:
        bad.csr[XT_CSR_RANGE_FWD] = 41;
    }
    ck_assert_msg(ref->set_snapshot(b.t, &bad) == XT_E_ARG, "bad snapshot %d was taken", k);
    ck_assert_uint_gt(strlen(ref->error(b.t)), 10);
    snap_get(&b, &after);
    snap_compare(&good, &after, &small, "refused snapshot");
  }
  bench_close(&b);
  snap_free(&good);
  snap_free(&bad);
  snap_free(&after);
}
END_TEST

/* ---------------------------------------------------------------- cuts by the hardware reset */

START_TEST(reset_in_mid_operation) {
  seed_rng("reset_in_mid_operation", (uint64_t)_i);
  const struct xt_shape shape = random_shape(12);
  const struct xt_array_cfg cfg = random_array(shape.state_bits);
  struct bench whole, cut;
  struct replay r;
  struct xt_snapshot start, s, fresh;
  bench_open(&whole, &shape, 1);
  bench_open(&cut, &shape, 0);
  configure(&whole, &cfg);
  configure(&cut, &cfg);
  snap_alloc(&start, &shape);
  snap_alloc(&s, &shape);
  snap_alloc(&fresh, &shape);
  snap_get(&whole, &fresh); /* registers, generators after a hardware reset */
  replay_open(&r, &shape, &cfg);
  simple(&whole, XT_OP_RESET, 0, 0);
  for (int k = 0; k < 12; k++) {
    for (int addr = next_register(0); addr < XT_CSR_COUNTERS; addr = next_register(addr))
      csr(&whole, (uint8_t)addr, random_csr(&shape, (uint8_t)addr));
    snap_get(&whole, &start);
    ck_assert_int_eq(ref->set_snapshot(cut.t, &start), 0);
    replay_from(&r, &start);
    const size_t n = random_packet(&whole, 1);
    memcpy(cut.in, whole.in, n * sizeof *whole.in);
    /* twice: once to learn the length, once to replay up to the cut */
    r.cut = 0;
    ref->set_trace(whole.t, replay_sink, &r);
    send(&whole, n);
    r.cut = (uint32_t)rng_in(0, r.cycles + 2);
    ck_assert_int_eq(ref->set_snapshot(whole.t, &start), 0);
    send(&whole, n);

    size_t got;
    ck_assert_int_eq(ref->hw_reset_at(cut.t, r.cut), 0);
    ck_assert_int_eq(ref->submit(cut.t, cut.in, n), 0);
    ck_assert_int_ne(ref->collect(cut.t, cut.out, cut.out_cap, &got), 0); /* no answer */
    snap_get(&cut, &s);
    for (int sel = 0; sel < 3; sel++) {
      for (size_t d = 0; d < (size_t)shape.n * (size_t)shape.m; d++)
        must(s.w[sel][d] == xt_plane_state(&r.a.plane[sel], d), "header %08x cut at %u of %u: array %d device %zu",
             whole.in[0], r.cut, r.cycles, sel, d);
      memcpy(fresh.w[sel], s.w[sel], (size_t)shape.n * (size_t)shape.m * sizeof *s.w[sel]);
    }
    must(s.pulse_ctr == r.a.pulse_ctr && s.read_ctr == r.read_ctr && s.cmp_ctr == r.cmp_ctr, "noise counters");
    fresh.pulse_ctr = s.pulse_ctr;
    fresh.read_ctr = s.read_ctr;
    fresh.cmp_ctr = s.cmp_ctr;
    /* of the sums what stands if ABORT cuts there (test_cuts), else they stay */
    ck_assert_int_eq(ref->set_snapshot(whole.t, &start), 0);
    ref->set_trace(whole.t, NULL, NULL);
    if (r.cut > 0) ck_assert_int_eq(ref->abort_at(whole.t, r.cut - 1), 0);
    if (r.cut > 0) send(&whole, n);
    snap_get(&whole, &start);
    memcpy(fresh.acc, start.acc, (size_t)(shape.n * xt_shape_sums(&shape)) * sizeof *fresh.acc);
    snap_compare(&s, &fresh, &shape, "after the reset");
  }
  bench_close(&whole);
  bench_close(&cut);
  snap_free(&start);
  snap_free(&s);
  snap_free(&fresh);
  xt_room_free(&r.room);
}
END_TEST

/* ---------------------------------------------------------------- trace and cycle formulas */

struct tally {
  uint32_t cycles, integ, hold, sar, trains, bl[300], phases[300];
  uint32_t last_kind, ncodes;
  uint32_t digest[3];
  uint32_t width, at, seen; /* of the pulses; phases of this train */
  int bad;
};

/* Signs that occur among the codes of a payload. */
struct sign_set {
  uint32_t pos, neg;
};
static struct sign_set signs_of(const uint32_t *words, int32_t lines) {
  struct sign_set s = {0, 0};
  for (int32_t i = 0; i < lines; i++) {
    const int8_t c = (int8_t)(words[i / 4] >> (i % 4 * 8));
    s.pos |= c > 0;
    s.neg |= c < 0;
  }
  return s;
}

static void tally_sink(void *user, const struct xt_record *r) {
  struct tally *t = user;
  if (r->kind == XT_KIND_INTEG) t->integ++;
  if (r->kind == XT_KIND_HOLD) t->hold++;
  if (r->kind == XT_KIND_SAR) t->sar++;
  if (r->kind == XT_KIND_PULSE) {
    if (t->last_kind != XT_KIND_PULSE) t->bl[t->trains++] = t->seen = t->at = 0;
    t->bad |= r->at != t->at;
    t->at = r->at + 1U == t->width ? 0 : r->at + 1U;
    if (r->op != XT_OP_ZERO_SHIFT && r->at == 0) {
      if (r->slot == 0) {
        t->bad |= (t->seen >> r->phase) != 0; /* in order, each once */
        t->phases[t->trains - 1]++;
        t->bl[t->trains - 1] = 0;
      }
      t->seen |= 1U << r->phase;
      t->bl[t->trains - 1]++;
    }
  } else if (r->kind == XT_KIND_SWITCH) {
    t->bad |= r->at != t->at; /* each slot twice as long as the one before */
    t->at = r->at + 1U == t->width << r->slot ? 0 : r->at + 1U;
  } else if (r->at != 0) {
    t->bad = 1;
  }
  if (r->kind == XT_KIND_END) {
    t->cycles = r->cycles;
    t->ncodes = r->ncodes;
    if (r->cycles != r->cycle + 1) t->bad = 1;
    memcpy(t->digest, r->digest, sizeof t->digest);
  }
  t->last_kind = r->kind;
}

/* The signs of the columns that MTJ_UPDATE drives: those whose amplitude fits. */
static struct sign_set driven_of(const uint32_t *words, const struct xt_shape *h, uint32_t rate) {
  struct sign_set s = {0, 0};
  for (int32_t j = 0; j < h->m; j++) {
    const int32_t code = (int8_t)(words[j / 4] >> (j % 4 * 8)), v = abs(code);
    int32_t octave = 0;
    while (2 << octave <= v) octave++;
    const int32_t halves = 2 * (h->code_bits - 2 - octave) + (2 * v < 3 << octave);
    if (v == 0 || halves + (int32_t)rate >= 1 << XT_AMP_BITS) continue;
    s.pos |= code > 0;
    s.neg |= code < 0;
  }
  return s;
}

/* Phases of an ACC_UPDATE: for each row one, or where a phase has one direction one for each sign of its sums. */
static uint32_t flush_phases(const struct xt_snapshot *s, const struct xt_shape *h, uint32_t rate) {
  const int quadrants = s->csr[XT_CSR_CELL_MODE] == XT_CELL_PASSIVE || s->csr[XT_CSR_MTJ_SHARED] != 0;
  const int32_t sums = xt_shape_sums(h);
  uint32_t phases = 0;
  for (int32_t i = 0; i < h->n; i++) {
    struct sign_set row = {0, 0};
    for (int32_t k = 0; k < sums; k++) {
      const int32_t sum = s->acc[i * sums + k];
      const double halves = sum == 0 ? 0 : 2 * floor(log2(abs(sum)));
      const int upper = sum != 0 && abs(sum) >= 1.5 * exp2(halves / 2) && abs(sum) > 1;
      if (sum == 0 || rate - halves - upper >= 1 << XT_AMP_BITS) continue;
      row.pos |= sum > 0;
      row.neg |= sum < 0;
    }
    phases += quadrants ? row.pos + row.neg : (uint32_t)(row.pos + row.neg > 0);
  }
  return phases;
}

START_TEST(cycle_formulas) {
  seed_rng("cycle_formulas", (uint64_t)_i);
  const struct xt_shape shape = random_shape(16);
  const struct xt_array_cfg cfg = random_array(shape.state_bits);
  struct bench b;
  struct xt_dim dim;
  struct xt_snapshot s;
  struct sign_set x_signs = {0, 0}; /* of the x that is kept */
  char err[200];
  ck_assert_int_eq(xt_dim_init(&dim, &shape, err, sizeof err), 0);
  bench_open(&b, &shape, 1);
  configure(&b, &cfg);
  snap_alloc(&s, &shape);
  simple(&b, XT_OP_RESET, 0, 0);
  for (int k = 0; k < 30; k++) {
    struct tally t = {0};
    for (int addr = next_register(0); addr < XT_CSR_COUNTERS; addr = next_register(addr))
      csr(&b, (uint8_t)addr, random_csr(&shape, (uint8_t)addr));
    const uint32_t enc = csr_get(&b, XT_CSR_READ_ENC), cell = csr_get(&b, XT_CSR_CELL_MODE);
    const uint64_t transfers = counter(&b, XT_CNT_TRANSFERS), slots = counter(&b, XT_CNT_SLOTS);
    const size_t n = random_packet(&b, 0);
    const uint8_t op = (uint8_t)b.in[0];
    const uint32_t arg = b.in[0] >> 16;
    const struct xt_pulse_shape pulse = {csr_get(&b, XT_CSR_PULSE_WIDTH), csr_get(&b, XT_CSR_PULSE_GAP),
                                         csr_get(&b, XT_CSR_PULSE_SETTLE)};
    const int kept = (b.in[0] & 0x100) != 0, switches = op == XT_OP_MTJ_UPDATE, sums = op == XT_OP_ACCUMULATE;
    snap_get(&b, &s);
    const uint32_t flushed = op != XT_OP_ACC_UPDATE || kept
                                 ? 0
                                 : flush_phases(&s, &shape, csr_get(&b, XT_CSR_ACC_RATE) + (uint32_t)xt_sext(arg, 16));
    t.width = pulse.width;
    ref->set_trace(b.t, tally_sink, &t);
    const int st = send(&b, n);
    if (st == XT_ST_OK && (op == XT_OP_FORWARD || ((op == XT_OP_UPDATE || switches || sums) && !kept)))
      x_signs = signs_of(b.in + 1, shape.n);
    const uint32_t *d_words = b.in + 1 + (kept ? 0 : (shape.n + 3) / 4);
    uint32_t ph = 1;
    if (op == XT_OP_UPDATE && cell != XT_CELL_GATED) {
      const struct sign_set d = signs_of(d_words, shape.m);
      ph = (x_signs.pos + x_signs.neg) * (d.pos + d.neg);
    }
    if (switches && st == XT_ST_OK) {
      const struct sign_set d = driven_of(d_words, &shape, csr_get(&b, XT_CSR_MTJ_RATE) + (uint32_t)xt_sext(arg, 16));
      const int quadrants = cell == XT_CELL_PASSIVE || csr_get(&b, XT_CSR_MTJ_SHARED) != 0;
      ph = (x_signs.pos + x_signs.neg) * (quadrants ? d.pos + d.neg : (uint32_t)(d.pos + d.neg > 0));
    }
    const int moved = op == XT_OP_RESET || counter(&b, XT_CNT_TRANSFERS) != transfers;
    uint64_t want = 0;
    uint32_t reads = 1;
    if (st != XT_ST_OK || op == XT_OP_RESET) {
      want = xt_cycles_short();
      reads = 0;
    } else if (switches) {
      want = xt_cycles_mtj_update(&dim, cell, pulse, ph);
      reads = 0;
      must(info(&b) == ph, "%u phases, %u wanted", info(&b), ph);
      must(counter(&b, XT_CNT_SLOTS) - slots == ph * (cell == XT_CELL_GATED ? (uint32_t)dim.mb : 1), "slots");
    } else if (sums) {
      want = xt_cycles_accumulate(&dim);
      reads = 0;
    } else if (op == XT_OP_ACC_UPDATE) {
      want = xt_cycles_acc_update(&dim, cell, pulse, flushed);
      reads = 0;
      must(info(&b) == flushed, "%u phases, %u wanted", info(&b), flushed);
    } else if (op == XT_OP_UPDATE) {
      const uint32_t bl = info(&b), mine = bl > 0;
      /* with a transfer its reads part the two trains */
      const uint32_t xbl = t.trains > mine ? t.bl[mine] : 0, xph = t.trains > mine ? t.phases[mine] : 0;
      want =
          moved ? xt_cycles_update_transfer(&dim, enc, pulse, ph, bl, xph, xbl) : xt_cycles_update(&dim, pulse, ph, bl);
      reads = moved != 0;
      if (bl > 0) must(t.bl[0] == bl && t.phases[0] == ph, "BL %u, %u phases of %u", t.bl[0], t.phases[0], ph);
    } else if (op == XT_OP_TRANSFER) {
      want = xt_cycles_transfer(&dim, enc, pulse, t.phases[0], info(&b));
      must((t.trains ? t.bl[0] : 0) == info(&b), "transfer's BL");
    } else if (op == XT_OP_PROGRAM) {
      /* rounds without pulses leave no records */
      uint32_t bl[256] = {0}, phases[256] = {0};
      for (uint32_t q = 0; q < t.trains; q++) bl[q] = t.bl[q], phases[q] = t.phases[q];
      want = xt_cycles_program(&dim, enc, pulse, phases, bl, info(&b));
      reads = info(&b) + 1;
    } else if (op == XT_OP_ZERO_SHIFT) {
      want = xt_cycles_zero_shift(pulse, arg);
      reads = 0;
      must(counter(&b, XT_CNT_SLOTS) - slots == 2 * arg, "slots");
    } else {
      want = xt_cycles_read(&dim, enc);
    }
    must(t.cycles == want && !t.bad, "op %u: %u cycles, formula %" PRIu64, op, t.cycles, want);
    must(t.hold == reads && t.integ == reads * xt_cycles_rs(&dim, enc), "op %u: %u reads, %u wanted", op, t.hold,
         reads);
    must(t.sar == reads * (uint32_t)(dim.conv * dim.share), "conversions");
    const int built = op == XT_OP_MTJ_UPDATE ? shape.mtj : op > XT_OP_MTJ_UPDATE ? shape.acc_bits != 0 : 1;
    must(!t.bad, "a pulse's cycles, or a phase that repeats");
    must(xt_beats_in(&dim, op, b.in[0] >> 8 & 15) == (built ? n : 0), "beats in");
    const uint32_t told = op == XT_OP_UPDATE && moved && csr_get(&b, XT_CSR_UPD_ANSWER) != 0 ? (uint32_t)shape.m : 0;
    if (st == XT_ST_OK) must(xt_beats_out(&dim, op) + (told + 1) / 2 == 1 + (t.ncodes + 1) / 2, "beats out");
    /* digests against the definition */
    snap_get(&b, &s);
    for (int sel = 0; sel < 3; sel++) {
      uint32_t digest = 0;
      for (uint32_t d = 0; d < (uint32_t)(shape.n * shape.m); d++)
        digest += (uint32_t)s.w[sel][d] * ((2 * d + 1) * XT_DIGEST_MUL);
      must(digest == t.digest[sel], "digest of array %d", sel);
    }
  }
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* With one ADC per line no operation's length depends on the shape. */
START_TEST(cycles_do_not_depend_on_shape) {
  struct xt_shape a = {.n = 3,
                       .m = 2,
                       .code_bits = 7,
                       .adc_bits = 9,
                       .adc_share = 1,
                       .bl_max = 31,
                       .state_bits = 16,
                       .prob_bits = 16},
                  c = a;
  c.n = 3000;
  c.m = 700;
  static const struct xt_pulse_shape fast = {1, 0, 0};
  struct xt_dim da, dc;
  char err[200];
  xt_dim_init(&da, &a, err, sizeof err);
  xt_dim_init(&dc, &c, err, sizeof err);
  for (uint32_t enc = 0; enc < 2; enc++) {
    ck_assert_uint_eq(xt_cycles_read(&da, enc), xt_cycles_read(&dc, enc));
    ck_assert_uint_eq(xt_cycles_update_transfer(&da, enc, fast, 2, 31, 2, 7),
                      xt_cycles_update_transfer(&dc, enc, fast, 2, 31, 2, 7));
  }
  ck_assert_uint_eq(xt_cycles_read(&da, XT_READ_PWM), 1 + 1 + 63 + 1 + 10 + 1);
  ck_assert_uint_eq(xt_cycles_read(&da, XT_READ_SERIAL), 1 + 1 + 6 + 1 + 10 + 1);
  ck_assert_uint_eq(xt_cycles_update(&da, fast, 4, 31), 1 + 5 + 8 + 124 + 1);
  ck_assert_uint_eq(xt_cycles_update(&da, (struct xt_pulse_shape){1, 1, 0}, 4, 31), 1 + 5 + 8 + 248 + 1);
  ck_assert_uint_eq(xt_cycles_update(&da, (struct xt_pulse_shape){3, 2, 4}, 1, 31), 1 + 5 + 8 + 31 * 5 + 4 + 1);
  ck_assert_uint_eq(xt_cycles_zero_shift((struct xt_pulse_shape){3, 2, 4}, 10), 1 + 20 * 9 + 1);
}
END_TEST

/* ---------------------------------------------------------------- x kept */

static const int8_t kept_x[7] = {10, -20, 30, 63, -63, 5, 1}, kept_d[5] = {-3, 60, 20, -40, 7};

/* Is an x kept? With one the answer of an UPDATE without its x is good. */
static void keeps(struct bench *b, int kept, const char *after) {
  const int st = update_kept(b, kept_d, 0);
  must(st == (kept ? XT_ST_OK : XT_ST_ERR_KEPT), "after %s: status %d", after, st);
}

/* FORWARD, BACKWARD, UPDATE without x is UPDATE with it: a twin that sends x each time stays the same. */
START_TEST(x_is_sent_once) {
  const struct xt_array_cfg cfg = plain_cfg();
  struct bench a, b;
  struct xt_snapshot sa, sb;
  const int fast = _i % 2;
  seed_rng("x_is_sent_once", (uint64_t)_i);
  bench_open_form(&a, &small, fast);
  bench_open_form(&b, &small, fast);
  snap_alloc(&sa, &small);
  snap_alloc(&sb, &small);
  for (struct bench *t = &a;; t = &b) {
    configure(t, &cfg);
    busy_registers(t);
    csr(t, XT_CSR_XFER_EVERY, (uint32_t)(_i / 2 % 3)); /* also with transfers, which forget */
    simple(t, XT_OP_RESET, 0, 0);
    if (t == &b) break;
  }
  for (int k = 0; k < 12; k++) {
    int8_t x[7], d[5];
    random_codes(x, 7, 63);
    random_codes(d, 5, 63);
    must(forward(&a, x) == XT_ST_OK && forward(&b, x) == XT_ST_OK, "FORWARD");
    must(backward(&a, d) == XT_ST_OK && backward(&b, d) == XT_ST_OK, "BACKWARD");
    if (k % 4 == 0) { /* an x with an error takes no place */
      int8_t wrong[7];
      for (int i = 0; i < 7; i++) wrong[i] = (int8_t)(i == 6 ? -64 : -x[i]);
      must(forward(&a, wrong) == XT_ST_ERR_CODE && forward(&b, wrong) == XT_ST_ERR_CODE, "a wrong FORWARD");
    }
    must(update(&a, x, d, 0) == XT_ST_OK && update_kept(&b, d, 0) == XT_ST_OK, "UPDATE");
    ck_assert_uint_eq(info(&a), info(&b));
    if (k % 3 == 0 && counter(&a, XT_CNT_TRANSFERS) == 0) /* and again */
      must(update(&a, x, d, 1) == XT_ST_OK && update_kept(&b, d, 1) == XT_ST_OK, "second UPDATE");
    snap_get(&a, &sa);
    snap_get(&b, &sb);
    snap_compare(&sa, &sb, &small, "x kept");
  }
  bench_close(&a);
  bench_close(&b);
  snap_free(&sa);
  snap_free(&sb);
}
END_TEST

/* What keeps an x, and what forgets it. */
START_TEST(x_kept) {
  const struct xt_array_cfg cfg = plain_cfg();
  const int16_t target[5] = {1, 2, 3, 4, 5};
  struct bench b;
  struct xt_snapshot s;
  bench_open_form(&b, &small, _i);
  configure(&b, &cfg);
  busy_registers(&b);
  csr(&b, XT_CSR_XFER_EVERY, 0);
  ck_assert_int_eq(update_kept(&b, kept_d, 0), XT_ST_ERR_ORDER);
  simple(&b, XT_OP_RESET, 0, 0);
  keeps(&b, 0, "RESET");
  forward(&b, kept_x);
  keeps(&b, 1, "FORWARD");
  keeps(&b, 1, "UPDATE without x");
  backward(&b, kept_d);
  simple(&b, XT_OP_ZERO_SHIFT, 0, 2);
  keeps(&b, 1, "BACKWARD, ZERO_SHIFT");
  simple(&b, XT_OP_RESET, 0, 1); /* with an argument: an error, which changes nothing */
  simple(&b, XT_OP_READ, 0, 7);
  simple(&b, 77, 0, 0);
  keeps(&b, 1, "errors");
  const int8_t wrong[7] = {64, 1, 1, 1, 1, 1, 1};
  ck_assert_int_eq(forward(&b, wrong), XT_ST_ERR_CODE);
  ck_assert_int_eq(update(&b, wrong, kept_d, 0), XT_ST_ERR_CODE);
  keeps(&b, 1, "a wrong x"); /* the old one: x_is_sent_once tells which */
  simple(&b, XT_OP_READ, 1, 3);
  keeps(&b, 0, "READ");
  update(&b, kept_x, kept_d, 0);
  keeps(&b, 1, "UPDATE");
  program(&b, 1, 2, target);
  keeps(&b, 0, "PROGRAM");
  update(&b, kept_x, kept_d, 0);
  simple(&b, XT_OP_TRANSFER, 0, 0);
  keeps(&b, 0, "TRANSFER");
  csr(&b, XT_CSR_XFER_EVERY, 1);
  update(&b, kept_x, kept_d, 0); /* a transfer follows */
  keeps(&b, 0, "a scheduled transfer");
  csr(&b, XT_CSR_XFER_EVERY, 0);
  forward(&b, kept_x);
  simple(&b, XT_OP_RESET, 0, 0);
  keeps(&b, 0, "RESET");
  forward(&b, kept_x);
  ref->hw_reset(b.t);
  simple(&b, XT_OP_RESET, 0, 0);
  keeps(&b, 0, "a hardware reset");
  snap_alloc(&s, &small);
  forward(&b, kept_x);
  snap_get(&b, &s);
  keeps(&b, 1, "a look at the state");
  ck_assert_int_eq(ref->set_snapshot(b.t, &s), 0);
  keeps(&b, 0, "a restored state");
  /* A cut FORWARD has brought its x: even in START. A READ that is cut before its CLEAR takes none away. */
  csr(&b, XT_CSR_TIMEOUT, 1);
  ck_assert_int_eq(forward(&b, kept_x), XT_ST_ERR_TIMEOUT);
  ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 0), XT_ST_ERR_TIMEOUT);
  csr(&b, XT_CSR_TIMEOUT, 0);
  keeps(&b, 1, "cuts in START");
  csr(&b, XT_CSR_TIMEOUT, 2);
  ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 0), XT_ST_ERR_TIMEOUT);
  csr(&b, XT_CSR_TIMEOUT, 0);
  keeps(&b, 0, "a cut in CLEAR");
  /* The last cycle before the CLEAR of a scheduled transfer, and that CLEAR. */
  csr(&b, XT_CSR_XFER_EVERY, 1);
  for (uint32_t clear = 0; clear < 2; clear++) {
    ck_assert_int_eq(update(&b, kept_x, kept_d, 0), XT_ST_OK);
    const struct xt_pulse_shape pulse = {1, 1, 0};
    struct xt_dim dim;
    char err[200];
    xt_dim_init(&dim, &small, err, sizeof err);
    const uint32_t own = (uint32_t)xt_cycles_update(&dim, pulse, 4, info(&b)) - 1; /* its END would be there */
    csr(&b, XT_CSR_TIMEOUT, own + clear);
    ck_assert_int_eq(update(&b, kept_x, kept_d, 0), XT_ST_ERR_TIMEOUT);
    csr(&b, XT_CSR_TIMEOUT, 0);
    csr(&b, XT_CSR_XFER_EVERY, 0);
    keeps(&b, !clear, clear ? "a cut in the transfer's CLEAR" : "a cut before it");
    csr(&b, XT_CSR_XFER_EVERY, 1);
  }
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- phases, upsets, encoders of reads */

struct seen {
  uint32_t phases, driven[4]; /* lines that a phase drove: bit 0 x > 0, 1 x < 0, 2 d > 0, 3 d < 0 */
  const int8_t *x, *d;
};

static void seen_sink(void *user, const struct xt_record *r) {
  struct seen *s = user;
  if (r->kind != XT_KIND_PULSE) return;
  s->phases |= 1U << r->phase;
  for (int i = 0; i < 3; i++)
    if (xt_bit(r->row_act, i)) s->driven[r->phase] |= s->x[i] > 0 ? 1 : s->x[i] < 0 ? 2 : 16;
  for (int j = 0; j < 3; j++)
    if (xt_bit(r->col_act, j)) s->driven[r->phase] |= s->d[j] > 0 ? 4 : s->d[j] < 0 ? 8 : 16;
}

/* Every way in which signs can fall on three rows and three columns, in both cells: the phases that come, and the lines
 * in them; the same cycles and states at once. */
START_TEST(skipped_phases) {
  static const struct xt_shape three = {3, 3, 7, 9, 1, 0, 8, 16, 16, 0, 0, 0};
  const struct xt_array_cfg cfg = plain_cfg();
  const int gated = _i % 2, code = _i / 2;
  const int8_t x[3] = {(int8_t)(60 * (code % 3 - 1)), (int8_t)(60 * (code / 3 % 3 - 1)), 0},
               d[3] = {(int8_t)(60 * (code / 9 % 3 - 1)), 0, (int8_t)(60 * (code / 27 % 3 - 1))};
  struct seen s = {.x = x, .d = d};
  struct bench b, fast;
  struct xt_snapshot sb, sf;
  uint32_t want = 0;
  for (uint32_t p = 0; p < 4; p++) {
    int rows = 0, cols = 0;
    for (int k = 0; k < 3; k++) {
      rows |= p < 2 ? x[k] > 0 : x[k] < 0;
      cols |= p % 2 == 0 ? d[k] > 0 : d[k] < 0;
    }
    want |= (uint32_t)(rows && cols) << p;
  }
  if (gated) want = want != 0;
  snap_alloc(&sb, &three);
  snap_alloc(&sf, &three);
  bench_open(&b, &three, 1);
  bench_open(&fast, &three, 0);
  for (struct bench *t = &b;; t = &fast) {
    configure(t, &cfg);
    csr(t, XT_CSR_CELL_MODE, (uint32_t)gated);
    csr(t, XT_CSR_UPD_MODE, XT_UPD_MANUAL); /* thresholds of 2^PB: every line with a code fires */
    csr(t, XT_CSR_SCALE_X, 65535);
    csr(t, XT_CSR_SCALE_D, 65535);
    csr(t, XT_CSR_UPD_BL, 5);
    csr(t, XT_CSR_PULSE_SETTLE, 3);
    simple(t, XT_OP_RESET, 0, 0);
    ref->set_trace(t->t, t == &b ? seen_sink : NULL, &s);
    must(update(t, x, d, 0) == XT_ST_OK, "UPDATE");
    if (t == &fast) break;
  }
  ck_assert_uint_eq(s.phases, want);
  ck_assert_uint_eq(counter(&b, XT_CNT_SLOTS), 5 * xt_popcount(want));
  for (uint32_t p = 0; p < 4 && !gated; p++)
    if (want >> p & 1) ck_assert_uint_eq(s.driven[p], (p < 2 ? 1U : 2U) | (p % 2 ? 8U : 4U));
  snap_get(&b, &sb);
  snap_get(&fast, &sf);
  snap_compare(&sb, &sf, &three, "phases at once");
  bench_close(&b);
  bench_close(&fast);
  snap_free(&sb);
  snap_free(&sf);
}
END_TEST

/* The shape of pulses is a matter of cycles and records, of nothing else. */
START_TEST(shapes_of_pulses) {
  seed_rng("shapes_of_pulses", (uint64_t)_i);
  const struct xt_shape shape = random_shape(12);
  struct xt_array_cfg cfg = random_array(shape.state_bits);
  struct bench a, b;
  struct xt_snapshot sa, sb;
  uint64_t longer = 0;
  for (int p = 0; p < XT_NUM_PLANES; p++) cfg.dev[p].law %= XT_LAW_MTJ; /* to which durations matter */
  bench_open_form(&a, &shape, _i % 2);
  bench_open_form(&b, &shape, _i / 2 % 2);
  snap_alloc(&sa, &shape);
  snap_alloc(&sb, &shape);
  configure(&a, &cfg);
  configure(&b, &cfg);
  for (int addr = next_register(0); addr < XT_CSR_COUNTERS; addr = next_register(addr)) {
    const uint32_t v = random_csr(&shape, (uint8_t)addr);
    const int of_pulses = addr >= XT_CSR_PULSE_WIDTH && addr <= XT_CSR_PULSE_SETTLE;
    csr(&a, (uint8_t)addr, of_pulses ? addr == XT_CSR_PULSE_WIDTH : v);
    csr(&b, (uint8_t)addr, of_pulses ? 200 : v);
  }
  simple(&a, XT_OP_RESET, 0, 0);
  simple(&b, XT_OP_RESET, 0, 0);
  for (int k = 0; k < 8; k++) {
    size_t n;
    do n = random_packet(&a, 1);
    while ((a.in[0] & 255) == XT_OP_MTJ_UPDATE || (a.in[0] & 255) == XT_OP_ACC_UPDATE);
    memcpy(b.in, a.in, n * sizeof *a.in);
    must(send(&a, n) == send(&b, n) && a.header == b.header, "answers");
    snap_get(&a, &sa);
    snap_get(&b, &sb);
    const uint64_t slots = sb.counters[XT_CNT_SLOTS], more = sb.counters[XT_CNT_CYCLES] - sa.counters[XT_CNT_CYCLES];
    must(more >= 399 * slots && more <= 599 * slots, "%" PRIu64 " cycles more for %" PRIu64 " slots", more, slots);
    if (a.header == head(XT_OP_RESET, 0, 0)) longer = sb.order - sa.order; /* only the counters begin anew */
    must(sb.order - sa.order == 199 * slots + longer, "records");
    sb.counters[XT_CNT_CYCLES] = sa.counters[XT_CNT_CYCLES];
    sb.order = sa.order;
    memcpy(sb.csr, sa.csr, sizeof sb.csr);
    snap_compare(&sa, &sb, &shape, "shapes of pulses");
  }
  bench_close(&a);
  bench_close(&b);
  snap_free(&sa);
  snap_free(&sb);
}
END_TEST

/* Every generator at 0: nothing fires in the slot, whatever the thresholds; then all stand at the seeds of SEED 0. */
START_TEST(upsets) {
  static const struct xt_shape three = {3, 2, 7, 9, 1, 0, 8, 16, 9, 0, 0, 0};
  const int8_t x[3] = {63, 63, -63}, d[2] = {63, -63};
  const struct xt_array_cfg cfg = plain_cfg();
  struct bench b;
  struct xt_snapshot s;
  bench_open_form(&b, &three, _i);
  configure(&b, &cfg);
  csr(&b, XT_CSR_SEED, 12345);
  csr(&b, XT_CSR_UPD_MODE, XT_UPD_MANUAL);
  csr(&b, XT_CSR_SCALE_X, 65535);
  csr(&b, XT_CSR_SCALE_D, 65535);
  csr(&b, XT_CSR_CELL_MODE, XT_CELL_GATED);
  simple(&b, XT_OP_RESET, 0, 0);
  snap_alloc(&s, &three);
  snap_get(&b, &s);
  memset(s.row_gen, 0, 3 * sizeof *s.row_gen);
  memset(s.col_gen, 0, 2 * sizeof *s.col_gen);
  ck_assert_int_eq(ref->set_snapshot(b.t, &s), 0);
  csr(&b, XT_CSR_UPD_ENC, XT_ENC_LOWDISC); /* these do not look at the generators, nor move them */
  update(&b, x, d, 0);
  simple(&b, XT_OP_ZERO_SHIFT, 0, 1);
  ck_assert_uint_eq(counter(&b, XT_CNT_UPSETS), 0);
  csr(&b, XT_CSR_UPD_ENC, XT_ENC_STOCH);
  const uint64_t pulses = counter(&b, XT_CNT_PULSES), slots = counter(&b, XT_CNT_SLOTS);
  ck_assert_int_eq(update(&b, x, d, 0), XT_ST_OK);  /* BL 1 */
  ck_assert_uint_eq(counter(&b, XT_CNT_UPSETS), 1); /* a slot, however many generators */
  ck_assert_uint_eq(counter(&b, XT_CNT_PULSES), pulses);
  ck_assert_uint_eq(counter(&b, XT_CNT_SLOTS), slots + 1);
  snap_get(&b, &s);
  for (int i = 0; i < 3; i++) ck_assert_uint_eq(s.row_gen[i], xt_encoder_row_seed(0, i, 9));
  for (int j = 0; j < 2; j++) ck_assert_uint_eq(s.col_gen[j], xt_encoder_col_seed(0, j, 9));
  csr(&b, XT_CSR_UPD_BL, 8);
  update(&b, x, d, 0); /* all is well: every line fires in every slot */
  ck_assert_uint_eq(counter(&b, XT_CNT_PULSES), pulses + 8 * 6);
  ck_assert_uint_eq(counter(&b, XT_CNT_UPSETS), 1);
  /* one generator alone: its line is silent, the others are not, and step as ever */
  csr(&b, XT_CSR_GEN_SEL, 1);
  csr(&b, XT_CSR_GEN, 0);
  snap_get(&b, &s);
  update(&b, x, d, 0);
  ck_assert_uint_eq(counter(&b, XT_CNT_PULSES), pulses + 8 * 6 + 8 * 6 - 2);
  ck_assert_uint_eq(counter(&b, XT_CNT_UPSETS), 2);
  uint32_t zero = s.row_gen[0], one = xt_encoder_row_seed(0, 1, 9);
  for (int k = 0; k < 8; k++) zero = xt_lfsr_slot(zero, 9);
  for (int k = 1; k < 8; k++) one = xt_lfsr_slot(one, 9);
  snap_get(&b, &s);
  ck_assert_uint_eq(s.row_gen[0], zero);
  ck_assert_uint_eq(s.row_gen[1], one);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* Bit-serial and pulse width integrate the same sum, exactly, but for a limit: forward, backward and of one line, at
 * once and cycle by cycle. */
START_TEST(reads_alike) {
  seed_rng("reads_alike", (uint64_t)_i);
  const struct xt_shape shape = random_shape(12);
  struct xt_array_cfg cfg = random_array(shape.state_bits);
  cfg.int_max = cfg.load = 0;
  for (int p = 0; p < XT_NUM_PLANES; p++) cfg.dev[p].mtj_read = XT_MTJ_READ_NONE;
  const int32_t cm = code_max(&shape), lines = shape.n > shape.m ? shape.n : shape.m;
  int8_t *x = malloc((size_t)lines), *d = malloc((size_t)lines);
  struct bench b;
  struct xt_snapshot s;
  uint32_t *first = calloc((size_t)lines + 2, sizeof *first);
  bench_open_form(&b, &shape, _i % 2);
  configure(&b, &cfg);
  snap_alloc(&s, &shape);
  simple(&b, XT_OP_RESET, 0, 0);
  for (int p = 0; p < 3; p++) simple(&b, XT_OP_ZERO_SHIFT, p, 5);
  csr(&b, XT_CSR_RANGE_FWD, 2);
  csr(&b, XT_CSR_RANGE_BWD, 2);
  csr(&b, XT_CSR_RANGE_READ, 2);
  csr(&b, XT_CSR_GAMMA, _i % 3 ? 0 : 99);
  random_codes(x, shape.n, cm);
  random_codes(d, shape.m, cm);
  snap_get(&b, &s);
  for (int what = 0; what < 3; what++) {
    for (uint32_t enc = 0; enc < 2; enc++) {
      s.csr[XT_CSR_READ_ENC] = enc;
      ck_assert_int_eq(ref->set_snapshot(b.t, &s), 0); /* the noise too */
      memset(b.out, 0, b.out_cap * sizeof *b.out);
      must((what == 0   ? forward(&b, x)
            : what == 1 ? backward(&b, d)
                        : simple(&b, XT_OP_READ, XT_SEL_A, 0)) == XT_ST_OK,
           "read");
      if (enc == 0) memcpy(first, b.out, ((size_t)lines / 2 + 1) * sizeof *first);
    }
    must(memcmp(first, b.out, ((size_t)lines / 2 + 1) * sizeof *first) == 0, "bit-serial read %d differs", what);
  }
  free(x);
  free(d);
  free(first);
  snap_free(&s);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- queue, refusals */

START_TEST(queue) {
  const struct xt_array_cfg cfg = plain_cfg();
  struct bench b;
  size_t got;
  bench_open(&b, &small, 0);
  const uint32_t reset = XT_OP_RESET;
  ck_assert_int_eq(ref->submit(b.t, &reset, 1), XT_E_ARG); /* not configured */
  configure(&b, &cfg);
  ck_assert_int_eq(ref->collect(b.t, b.out, b.out_cap, &got), XT_E_ARG); /* nothing there */
  ck_assert_int_eq(ref->submit(b.t, &reset, 0), XT_E_ARG);
  simple(&b, XT_OP_RESET, 0, 0);
  for (uint32_t k = 0; k < XT_QUEUE; k++) {
    const uint32_t w = head(k % 3 ? XT_OP_READ : XT_OP_ZERO_SHIFT, 1, k % 3 ? k % 7 : 1);
    ck_assert_int_eq(ref->submit(b.t, &w, 1), 0);
  }
  ck_assert_int_eq(ref->submit(b.t, &reset, 1), XT_E_ARG); /* full */
  ck_assert_int_eq(ref->configure(b.t, &cfg), XT_E_ARG);
  ck_assert_int_eq(ref->hw_reset_at(b.t, 3), XT_E_ARG);
  ck_assert_int_eq(ref->collect(b.t, b.out, 0, &got), XT_E_ARG); /* no room: the answer stays */
  for (uint32_t k = 0; k < XT_QUEUE; k++) {
    ck_assert_int_eq(ref->collect(b.t, b.out, b.out_cap, &got), 0);
    ck_assert_uint_eq(b.out[0], (k % 3 ? XT_OP_READ : XT_OP_ZERO_SHIFT));
    ck_assert_uint_eq(got, k % 3 ? 4 : 1);
  }
  ck_assert_int_eq(ref->collect(b.t, b.out, b.out_cap, &got), XT_E_ARG);
  bench_close(&b);
}
END_TEST

START_TEST(bad_shapes) {
  static const struct xt_shape good = {7, 5, 7, 9, 1, 0, 31, 16, 16, 0, 0, 0};
  const struct xt_engine_opts opts = {0};
  struct xt_tile *t;
  char err[200];
  for (int k = 0; k < 20; k++) {
    struct xt_shape s = good;
    int32_t *const field[] = {&s.n,        &s.m,      &s.code_bits,  &s.adc_bits, &s.adc_share,
                              &s.adc_kind, &s.bl_max, &s.state_bits, &s.prob_bits};
    static const int32_t lo[] = {1, 1, 2, 4, 1, 0, 1, 8, 8}, hi[] = {32768, 32768, 8, 12, 64, 1, 255, 24, 16};
    if (k < 9) *field[k] = lo[k] - 1;
    if (k >= 9 && k < 18) *field[k - 9] = hi[k - 9] + 1;
    if (k == 18) s.prob_bits = 8, s.n = 129;
    if (k == 19) s.prob_bits = 8, s.m = 129;
    t = (struct xt_tile *)&s;
    ck_assert_msg(ref->create(&t, &s, &opts, err, sizeof err) == XT_E_ARG, "shape %d was taken", k);
    ck_assert_ptr_null(t);
    ck_assert_uint_gt(strlen(err), 10);
  }
}
END_TEST

START_TEST(bad_devices) {
  struct bench b;
  bench_open(&b, &small, 0);
  static const int32_t lo[14] = {0, -12, 0, -3686, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0},
                       hi[14] = {8191, 20, 4434, 3686, 4434, 32767, 32767, 4434, 4434, 16384, 16384, 4434, 65535, 1};
  for (int k = 0; k < 3 * 28 + 1; k++) {
    struct xt_array_cfg cfg = plain_cfg();
    int32_t f[14];
    struct xt_dev_cfg *d = &cfg.dev[k / 28 % 3];
    memcpy(f, d, sizeof f);
    if (k == 84)
      cfg.read_noise = (1 << 24) + 1;
    else
      f[k % 28 / 2] = k % 2 ? hi[k % 28 / 2] + 1 : lo[k % 28 / 2] - 1;
    memcpy(d, f, sizeof f);
    ck_assert_msg(ref->configure(b.t, &cfg) == XT_E_ARG, "configuration %d was taken", k);
    ck_assert_uint_gt(strlen(ref->error(b.t)), 20);
  }
  bench_close(&b);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref engine");
  TCase *tc = tcase_create("engine");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, errors_change_nothing, 0, WRONGS);
  tcase_add_test(tc, lanes_past_the_end);
  tcase_add_test(tc, registers);
  tcase_add_test(tc, schedule);
  tcase_add_loop_test(tc, program_verify, 0, 6);
  tcase_add_test(tc, reference_is_subtracted);
  tcase_add_loop_test(tc, visible_weight, 0, 16);
  tcase_add_loop_test(tc, snapshot_resumes, 0, 60);
  tcase_add_test(tc, bad_snapshots);
  tcase_add_loop_test(tc, reset_in_mid_operation, 0, 60);
  tcase_add_loop_test(tc, cycle_formulas, 0, 60);
  tcase_add_test(tc, cycles_do_not_depend_on_shape);
  tcase_add_loop_test(tc, x_is_sent_once, 0, 6);
  tcase_add_loop_test(tc, x_kept, 0, 2);
  tcase_add_loop_test(tc, skipped_phases, 0, 2 * 81);
  tcase_add_loop_test(tc, shapes_of_pulses, 0, 40);
  tcase_add_loop_test(tc, upsets, 0, 2);
  tcase_add_loop_test(tc, reads_alike, 0, 20);
  tcase_add_test(tc, queue);
  tcase_add_test(tc, bad_shapes);
  tcase_add_test(tc, bad_devices);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
