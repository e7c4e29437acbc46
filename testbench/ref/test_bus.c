/* SPDX-License-Identifier: Apache-2.0 */
/* What a host sees of a tile's state over its registers (section 3): state registers, counters that do not tear, the
 * last transfer, answers of UPDATE; saved and restored over the bus alone. */
#include "ref_util.h"

#include "xt_encoder.h"

static const struct xt_shape small = {
    .n = 7, .m = 5, .code_bits = 7, .adc_bits = 9, .adc_share = 2, .bl_max = 31, .state_bits = 16, .prob_bits = 12};

static void open_small(struct bench *b) {
  const struct xt_array_cfg cfg = random_array(16);
  bench_open(b, &small, 0);
  configure(b, &cfg);
  csr(b, XT_CSR_UPD_BL, 31);
  csr(b, XT_CSR_UPD_RATE, 40000);
  csr(b, XT_CSR_UPD_EXP, 22);
  csr(b, XT_CSR_XFER_BL, 31);
  csr(b, XT_CSR_XFER_RATE, 40000);
  csr(b, XT_CSR_XFER_EXP, 18);
  csr(b, XT_CSR_RANGE_XFER, 4);
  must(simple(b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
}

static int status_of(struct bench *b, uint8_t addr, uint32_t value) {
  int st = -1;
  must(ref->csr_write(b->t, addr, value, &st) == 0, "%s", ref->error(b->t));
  return st;
}

/* ---------------------------------------------------------------- state registers */

START_TEST(generators_behind_an_address) {
  struct bench b;
  struct xt_snapshot s;
  seed_rng("generators_behind_an_address", 0);
  open_small(&b);
  snap_alloc(&s, &small);
  for (int col = 0; col < 2; col++) {
    const int32_t lines = col ? small.m : small.n;
    const uint32_t most = (1U << (small.prob_bits + col)) - 1, side = (uint32_t)col << 16;
    for (int32_t i = 0; i < lines; i++) {
      const uint32_t seed =
          col ? xt_encoder_col_seed(1, i, small.prob_bits) : xt_encoder_row_seed(1, i, small.prob_bits);
      csr(&b, XT_CSR_GEN_SEL, side | (uint32_t)i);
      ck_assert_uint_eq(csr_get(&b, XT_CSR_GEN), seed);
      ck_assert_int_eq(status_of(&b, XT_CSR_GEN, most + 1), XT_CSR_ST_VALUE);
      ck_assert_uint_eq(csr_get(&b, XT_CSR_GEN), seed);
      csr(&b, XT_CSR_GEN, most);
      ck_assert_uint_eq(csr_get(&b, XT_CSR_GEN), most);
      csr(&b, XT_CSR_GEN, 0); /* an upset on purpose */
      ck_assert_uint_eq(csr_get(&b, XT_CSR_GEN), 0);
      csr(&b, XT_CSR_GEN, 1 + (uint32_t)i);
    }
    for (const uint32_t *past = (const uint32_t[]){(uint32_t)lines, 0xFFFF, 0}; *past != 0; past++) {
      csr(&b, XT_CSR_GEN_SEL, side | *past); /* no such line */
      ck_assert_uint_eq(csr_get(&b, XT_CSR_GEN), 0);
      for (uint32_t v = 0; v < 2; v++) ck_assert_int_eq(status_of(&b, XT_CSR_GEN, v), XT_CSR_ST_VALUE);
    }
  }
  snap_get(&b, &s);
  for (int32_t i = 0; i < small.n; i++) ck_assert_uint_eq(s.row_gen[i], 1 + (uint32_t)i);
  for (int32_t j = 0; j < small.m; j++) ck_assert_uint_eq(s.col_gen[j], 1 + (uint32_t)j);
  ck_assert_int_eq(status_of(&b, XT_CSR_GEN_SEL, 0x20000), XT_CSR_ST_VALUE);
  ck_assert_int_eq(status_of(&b, XT_CSR_XFER_PTR, 7), XT_CSR_ST_VALUE);
  ck_assert_int_eq(status_of(&b, XT_CSR_LOWDISC, 1 << 12), XT_CSR_ST_VALUE);
  csr(&b, XT_CSR_XFER_PTR, 6);
  csr(&b, XT_CSR_LOWDISC, (1 << 12) - 1);
  csr(&b, XT_CSR_XFER_COUNT, 65535);
  snap_get(&b, &s);
  must(s.xfer_ptr == 6 && s.lowdisc_n == 4095 && s.xfer_count == 65535, "state registers");
  simple(&b, XT_OP_RESET, 0, 0); /* takes them all back */
  csr(&b, XT_CSR_GEN_SEL, 0);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_GEN), xt_encoder_row_seed(1, 0, small.prob_bits));
  must(csr_get(&b, XT_CSR_XFER_PTR) + csr_get(&b, XT_CSR_LOWDISC) + csr_get(&b, XT_CSR_XFER_COUNT) == 0, "RESET");
  bench_close(&b);
  snap_free(&s);
}
END_TEST

START_TEST(control) {
  struct bench b;
  open_small(&b);
  for (uint32_t v = 0; v < 2; v++) { /* no operation runs: nothing happens */
    csr(&b, XT_CSR_CONTROL, v);
    ck_assert_uint_eq(csr_get(&b, XT_CSR_CONTROL), 0);
    ck_assert_int_eq(simple(&b, XT_OP_READ, 0, 0), XT_ST_OK);
  }
  ck_assert_int_eq(status_of(&b, XT_CSR_CONTROL, 2), XT_CSR_ST_VALUE);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- counters */

static uint8_t word_of(int counter, int high) {
  return (uint8_t)(XT_CSR_COUNTERS + 2 * counter + high);
}

START_TEST(counters_do_not_tear) {
  struct bench b;
  open_small(&b);
  ck_assert_uint_eq(csr_get(&b, word_of(XT_CNT_OPS, 1)), 0); /* nothing kept yet */
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) {
    csr(&b, word_of(k, 0), UINT32_MAX);
    csr(&b, word_of(k, 1), 0x100 + (uint32_t)k);
  }
  ck_assert_uint_eq(csr_get(&b, word_of(XT_CNT_OPS, 1)), 0); /* a write keeps nothing */
  ck_assert_uint_eq(csr_get(&b, word_of(XT_CNT_OPS, 0)), UINT32_MAX);
  simple(&b, XT_OP_READ, 0, 0); /* OPS carries between the two reads */
  ck_assert_uint_eq(csr_get(&b, word_of(XT_CNT_OPS, 1)), 0x100 + XT_CNT_OPS);
  ck_assert_uint_eq(csr_get(&b, word_of(XT_CNT_CYCLES, 1)), 0x100 + XT_CNT_OPS); /* one register for all */
  ck_assert_uint_eq(csr_get(&b, word_of(XT_CNT_OPS, 0)), 0);
  ck_assert_uint_eq(csr_get(&b, word_of(XT_CNT_OPS, 1)), 0x101 + XT_CNT_OPS);
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) {
    const uint64_t before = counter(&b, k);
    csr(&b, word_of(k, 0), 5); /* each word alone */
    ck_assert_uint_eq(counter(&b, k), (before >> 32 << 32) + 5);
    csr(&b, word_of(k, 1), UINT32_MAX);
    ck_assert_uint_eq(counter(&b, k), 0xFFFFFFFF00000005);
  }
  const uint32_t kept = csr_get(&b, word_of(0, 1));
  simple(&b, XT_OP_RESET, 0, 0);
  ck_assert_uint_eq(csr_get(&b, word_of(0, 1)), kept); /* RESET is about the counters, not about what was read */
  ref->hw_reset(b.t);
  ck_assert_uint_eq(csr_get(&b, word_of(0, 1)), 0);
  bench_close(&b);
}
END_TEST

/* ---------------------------------------------------------------- what a transfer read */

START_TEST(updates_tell_their_transfer) {
  const int8_t x[7] = {10, -20, 30, 63, -63, 5, 1}, d[5] = {-3, 60, 20, -40, 7};
  struct bench b, plain;
  seed_rng("updates_tell_their_transfer", 0);
  const uint64_t state = rng_state;
  open_small(&b);
  rng_state = state;
  open_small(&plain);
  csr(&b, XT_CSR_XFER_EVERY, 2);
  csr(&plain, XT_CSR_XFER_EVERY, 0);
  csr(&b, XT_CSR_UPD_ANSWER, 1);
  for (uint32_t k = 0; k < 20; k++) {
    size_t words = 0, told = 0;
    must(update(&plain, x, d, 0) == XT_ST_OK, "UPDATE");
    b.in[0] = head(XT_OP_UPDATE, 0, 0);
    const size_t n = (size_t)(put8(put8(b.in + 1, x, 7), d, 5) - b.in);
    ck_assert_int_eq(ref->submit(b.t, b.in, n), 0);
    ck_assert_int_eq(ref->collect(b.t, b.out, b.out_cap, &told), 0);
    ck_assert_uint_eq(told, 1); /* the first update of two has no transfer */
    const uint32_t header = b.out[0];
    ck_assert_int_eq(ref->submit(b.t, b.in, n), 0);
    ck_assert_int_eq(ref->collect(b.t, b.out, b.out_cap, &told), 0);
    ck_assert_uint_eq(told, 1 + 3); /* the second has: five codes */
    must(update(&plain, x, d, 0) == XT_ST_OK, "UPDATE");
    must(b.out[0] == plain.header && header == plain.header, "the info is the update's BL, not the transfer's");
    /* a commanded transfer reads the same line of the same A */
    plain.in[0] = XT_OP_TRANSFER;
    ck_assert_int_eq(ref->submit(plain.t, plain.in, 1), 0);
    ck_assert_int_eq(ref->collect(plain.t, plain.out, plain.out_cap, &words), 0);
    must(words == told && memcmp(plain.out + 1, b.out + 1, 3 * sizeof *b.out) == 0, "codes of transfer %u", k);
    uint32_t rails = 0;
    for (int32_t j = 0; j < 5; j++) rails += result(&b, j) == 255 || result(&b, j) == -255;
    for (struct bench *t = &b;; t = &plain) {
      ck_assert_uint_eq(csr_get(t, XT_CSR_LAST_XFER_LINE), k % 7);
      ck_assert_uint_eq(csr_get(t, XT_CSR_LAST_XFER_BL), plain.out[0] >> 16);
      ck_assert_uint_eq(csr_get(t, XT_CSR_LAST_XFER_RAILS), rails);
      if (t == &plain) break;
    }
  }
  /* one that is cut has not ended: its registers stay */
  csr(&b, XT_CSR_TIMEOUT, 70);
  ck_assert_int_eq(simple(&b, XT_OP_TRANSFER, 0, 0), XT_ST_ERR_TIMEOUT);
  ck_assert_uint_eq(csr_get(&b, XT_CSR_LAST_XFER_LINE), 19 % 7);
  csr(&b, XT_CSR_TIMEOUT, 0);
  simple(&b, XT_OP_RESET, 0, 0);
  must(csr_get(&b, XT_CSR_LAST_XFER_LINE) + csr_get(&b, XT_CSR_LAST_XFER_BL) == 0, "after RESET");
  bench_close(&b);
  bench_close(&plain);
}
END_TEST

/* ---------------------------------------------------------------- saved and restored by a host */

struct saved {
  uint32_t reg[256], counters[2 * XT_NUM_COUNTERS], state[3], *gen, *cal, *acc;
};
static const uint8_t state_regs[3] = {XT_CSR_XFER_PTR, XT_CSR_XFER_COUNT, XT_CSR_LOWDISC};

static int32_t sums_of(const struct bench *b) {
  return b->shape.n * xt_shape_sums(&b->shape);
}
static uint32_t acc_sel(const struct bench *b, int32_t k) {
  return (uint32_t)(k / xt_shape_sums(&b->shape)) << 16 | (uint32_t)(k % xt_shape_sums(&b->shape));
}

static void save(struct bench *b, struct saved *s) {
  for (int r = next_register(0); r < XT_CSR_COUNTERS; r = next_register(r)) s->reg[r] = csr_get(b, (uint8_t)r);
  for (int k = 0; k < 2 * (int)XT_NUM_COUNTERS; k++) s->counters[k] = csr_get(b, (uint8_t)(XT_CSR_COUNTERS + k));
  for (int k = 0; k < 3; k++) s->state[k] = csr_get(b, state_regs[k]);
  for (int32_t i = 0; i < b->shape.n + b->shape.m; i++) {
    csr(b, XT_CSR_GEN_SEL, i < b->shape.n ? (uint32_t)i : 1U << 16 | (uint32_t)(i - b->shape.n));
    s->gen[i] = csr_get(b, XT_CSR_GEN);
  }
  csr(b, XT_CSR_GEN_SEL, s->reg[XT_CSR_GEN_SEL]);
  for (int32_t u = 0; u < xt_shape_units(&b->shape); u++) {
    csr(b, XT_CSR_CAL_SEL, (uint32_t)u);
    s->cal[u] = csr_get(b, XT_CSR_CAL);
  }
  csr(b, XT_CSR_CAL_SEL, s->reg[XT_CSR_CAL_SEL]);
  for (int32_t k = 0; k < sums_of(b); k++) {
    csr(b, XT_CSR_ACC_SEL, acc_sel(b, k));
    s->acc[k] = csr_get(b, XT_CSR_ACC);
  }
  csr(b, XT_CSR_ACC_SEL, s->reg[XT_CSR_ACC_SEL]);
}

static void restore(struct bench *b, const struct saved *s) {
  must(ref->hw_reset(b->t) == 0, "hw_reset");
  for (int r = next_register(0); r < XT_CSR_COUNTERS; r = next_register(r)) csr(b, (uint8_t)r, s->reg[r]);
  must(simple(b, XT_OP_RESET, 0, 0) == XT_ST_OK, "RESET");
  for (int32_t i = 0; i < b->shape.n + b->shape.m; i++) {
    csr(b, XT_CSR_GEN_SEL, i < b->shape.n ? (uint32_t)i : 1U << 16 | (uint32_t)(i - b->shape.n));
    csr(b, XT_CSR_GEN, s->gen[i]);
  }
  csr(b, XT_CSR_GEN_SEL, s->reg[XT_CSR_GEN_SEL]);
  for (int32_t u = 0; u < xt_shape_units(&b->shape); u++) {
    csr(b, XT_CSR_CAL_SEL, (uint32_t)u);
    csr(b, XT_CSR_CAL, s->cal[u]);
  }
  csr(b, XT_CSR_CAL_SEL, s->reg[XT_CSR_CAL_SEL]);
  for (int32_t k = 0; k < sums_of(b); k++) {
    csr(b, XT_CSR_ACC_SEL, acc_sel(b, k));
    csr(b, XT_CSR_ACC, s->acc[k]);
  }
  csr(b, XT_CSR_ACC_SEL, s->reg[XT_CSR_ACC_SEL]);
  for (int k = 0; k < 3; k++) csr(b, state_regs[k], s->state[k]);
  for (int k = 0; k < 2 * (int)XT_NUM_COUNTERS; k++) csr(b, (uint8_t)(XT_CSR_COUNTERS + k), s->counters[k]);
}

START_TEST(a_host_saves_and_restores) {
  seed_rng("a_host_saves_and_restores", (uint64_t)_i);
  const struct xt_shape shape = random_shape(12);
  struct xt_array_cfg cfg = random_array(shape.state_bits);
  for (int p = 0; p < XT_NUM_PLANES; p++)
    cfg.dev[p].mtj_read = XT_MTJ_READ_NONE; /* devices do not change while b copies them */
  struct saved s = {{0},
                    {0},
                    {0},
                    calloc((size_t)(shape.n + shape.m), sizeof(uint32_t)),
                    calloc((size_t)xt_shape_units(&shape), sizeof(uint32_t)),
                    calloc((size_t)(shape.n * xt_shape_sums(&shape)) + 1, sizeof(uint32_t))};
  struct bench a, b;
  struct xt_snapshot sa, sb;
  bench_open(&a, &shape, 0);
  bench_open(&b, &shape, 0);
  configure(&a, &cfg);
  snap_alloc(&sa, &shape);
  snap_alloc(&sb, &shape);
  configure(&b, &cfg);
  for (int addr = next_register(0); addr < XT_CSR_COUNTERS; addr = next_register(addr))
    csr(&a, (uint8_t)addr, random_csr(&shape, (uint8_t)addr));
  simple(&a, XT_OP_RESET, 0, 0);
  for (int k = 0; k < 12; k++) send(&a, random_packet(&a, 1));
  if (_i % 3 == 0) { /* an upset that no slot has mended is saved too */
    csr(&a, XT_CSR_GEN_SEL, _i % 2 ? 1U << 16 : 0);
    csr(&a, XT_CSR_GEN, 0);
  }
  save(&a, &s);
  /* the devices keep themselves: they, and the noise of the simulated array, go over as they are */
  snap_get(&a, &sa);
  for (int32_t k = 0; k < sums_of(&a); k++) sa.acc[k] = k % 99; /* what a memory has after power-up */
  must(ref->set_snapshot(b.t, &sa) == 0, "%s", ref->error(b.t));
  snap_get(&a, &sa);
  for (int k = 0; k < 2; k++) simple(&b, XT_OP_READ, 0, 0); /* anything else is lost by the power that fails */
  restore(&b, &s);
  snap_get(&b, &sb);
  sa.order = sb.order; /* a trace has no silicon */
  sa.read_ctr = sb.read_ctr;
  sa.cmp_ctr = sb.cmp_ctr;
  snap_compare(&sa, &sb, &shape, "restored over the bus");
  must(ref->set_snapshot(a.t, &sa) == 0, "%s", ref->error(a.t));
  for (int k = 0; k < 12; k++) {
    const size_t n = random_packet(&a, 1);
    memcpy(b.in, a.in, n * sizeof *a.in);
    must(send(&a, n) == send(&b, n) && a.header == b.header, "answers differ");
    snap_get(&a, &sa);
    snap_get(&b, &sb);
    snap_compare(&sa, &sb, &shape, "resumed");
  }
  free(s.gen);
  free(s.cal);
  free(s.acc);
  bench_close(&a);
  bench_close(&b);
  snap_free(&sa);
  snap_free(&sb);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref bus");
  TCase *tc = tcase_create("bus");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, generators_behind_an_address);
  tcase_add_test(tc, control);
  tcase_add_test(tc, counters_do_not_tear);
  tcase_add_test(tc, updates_tell_their_transfer);
  tcase_add_loop_test(tc, a_host_saves_and_restores, 0, 40);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
