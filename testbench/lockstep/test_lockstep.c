/* SPDX-License-Identifier: Apache-2.0 */
/* The RTL against the golden reference, as plain as it is written: random operations, back-pressure, resets, bad
 * commands, over odd shapes. Environment: XT_TEST_SEED (default 1), XT_TEST_RECORDS (records per shape, default 130000,
 * of binary devices 220000: two millions of these in all). */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stimulus.h"
#include "xt_dim.h"
#include "xt_lockstep.h"

/* Widths of the streams, where they are not 32 bits. */
static const int streams[STIM_SHAPES] = {[STIM_7X1] = 64,          [STIM_LONG] = 256,         [STIM_ODD] = 512,
                                         [STIM_WIDE_CODES] = 1024, [STIM_ONE_CONVERTER] = 64, [STIM_GANGED] = 128};

START_TEST(random_life) {
  const struct xt_shape *shape = &stim_shapes[_i];
  const uint64_t seed = stim_seed(1) + (uint64_t)_i;
  const char *text = getenv("XT_TEST_RECORDS");
  const uint64_t wanted = text ? strtoull(text, NULL, 0) : shape->mtj ? 220000 : 130000;
  const struct xt_engine_opts opts = {
      .tile_index = _i, .records = 1, .stall_seed = (uint32_t)seed | 1u, .stream_bits = streams[_i]};
  struct xt_matched sum = {0};
  struct xt_tile *tile;
  struct stim s;
  char err[512];
  setenv("XT_SIMD", "plain", 1);
  ck_assert_msg(xt_engine_lockstep.create(&tile, shape, &opts, err, sizeof err) == XT_E_OK, "%s", err);
  stim_init(&s, &xt_engine_lockstep, tile, shape, seed);
  int e = stim_configure(&s);
  if (!e) e = stim_registers(&s);
  if (!e) e = stim_reset_op(&s);
  for (uint64_t i = 1; !e && sum.records < wanted; i++) {
    e = stim_operation(&s);
    if (!e && i % 100 == 0) {
      e = stim_drain(&s);
      if (!e) e = stim_upset(&s);
    }
    if (!e && i % 400 == 0) {
      e = stim_drain(&s);
      if (!e) e = stim_configure(&s); /* new devices */
    }
    xt_engine_lockstep.matched(tile, &sum);
  }
  if (!e) e = stim_drain(&s);
  ck_assert_msg(e == XT_E_OK, "%dx%d: %s", shape->n, shape->m, xt_engine_lockstep.error(tile));
  printf("%dx%d: matched %" PRIu64 " records, %" PRIu64 " operations, %" PRIu64 " cycles (seed %" PRIu64 ")\n",
         shape->n, shape->m, sum.records, sum.operations, sum.cycles, seed);
  fflush(stdout);
  stim_free(&s);
  xt_engine_lockstep.destroy(tile);
}
END_TEST

/* ---- what section 3 promises: a host saves the tile over its registers, and resumes it after a hardware reset */

struct saved {
  uint32_t reg[XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS];
  uint32_t *gen, *cal, *acc;
};

static const struct {
  uint8_t addr;
  int access;
} registers[] = {
#define X(NAME, addr, access, reset, smallest, largest) {addr, access},
    XT_CSR_TABLE(X)
#undef X
};
enum { REGISTERS = sizeof registers / sizeof *registers };

static uint32_t get(struct stim *s, uint8_t addr) {
  uint32_t value = 0;
  int status = -1;
  const int e = s->engine->csr_read(s->tile, addr, &value, &status);
  ck_assert_msg(e == XT_E_OK && status == XT_CSR_ST_OK, "%s", s->engine->error(s->tile));
  return value;
}

static void set(struct stim *s, uint8_t addr, uint32_t value) {
  int status = -1;
  const int e = s->engine->csr_write(s->tile, addr, value, &status);
  ck_assert_msg(e == XT_E_OK && status == XT_CSR_ST_OK, "register 0x%02x = 0x%" PRIx32 ": status %d, %s", addr, value,
                status, s->engine->error(s->tile));
}

static uint32_t generator(const struct stim *s, int32_t k) {
  return k < s->shape.n ? (uint32_t)k : 1u << 16 | (uint32_t)(k - s->shape.n);
}

static void save(struct stim *s, struct saved *to) {
  for (int r = 0; r < REGISTERS; r++) to->reg[registers[r].addr] = get(s, registers[r].addr);
  for (uint8_t a = XT_CSR_COUNTERS; a < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS; a++) to->reg[a] = get(s, a);
  for (int32_t k = 0; k < s->shape.n + s->shape.m; k++) {
    set(s, XT_CSR_GEN_SEL, generator(s, k));
    to->gen[k] = get(s, XT_CSR_GEN);
  }
  set(s, XT_CSR_GEN_SEL, to->reg[XT_CSR_GEN_SEL]);
  for (int32_t u = 0; u < xt_shape_units(&s->shape); u++) {
    set(s, XT_CSR_CAL_SEL, (uint32_t)u);
    to->cal[u] = get(s, XT_CSR_CAL);
  }
  set(s, XT_CSR_CAL_SEL, to->reg[XT_CSR_CAL_SEL]);
  for (int32_t k = 0, sums = xt_shape_sums(&s->shape); k < s->shape.n * sums; k++) {
    set(s, XT_CSR_ACC_SEL, (uint32_t)(k / sums) << 16 | (uint32_t)(k % sums));
    to->acc[k] = get(s, XT_CSR_ACC);
  }
  set(s, XT_CSR_ACC_SEL, to->reg[XT_CSR_ACC_SEL]);
}

static void restore(struct stim *s, const struct saved *from) {
  ck_assert_int_eq(s->engine->hw_reset(s->tile), XT_E_OK);
  for (int r = 0; r < REGISTERS; r++)
    if (registers[r].access == XT_ACCESS_RW) set(s, registers[r].addr, from->reg[registers[r].addr]);
  ck_assert_int_eq(stim_reset_op(s), XT_E_OK);
  ck_assert_int_eq(stim_drain(s), XT_E_OK);
  for (int32_t k = 0; k < s->shape.n + s->shape.m; k++) {
    set(s, XT_CSR_GEN_SEL, generator(s, k));
    set(s, XT_CSR_GEN, from->gen[k]);
  }
  set(s, XT_CSR_GEN_SEL, from->reg[XT_CSR_GEN_SEL]);
  for (int32_t u = 0; u < xt_shape_units(&s->shape); u++) {
    set(s, XT_CSR_CAL_SEL, (uint32_t)u);
    set(s, XT_CSR_CAL, from->cal[u]);
  }
  set(s, XT_CSR_CAL_SEL, from->reg[XT_CSR_CAL_SEL]);
  for (int pass = 0; pass < 2; pass++) /* first others: a reset leaves the sums */
    for (int32_t k = 0, sums = xt_shape_sums(&s->shape); k < s->shape.n * sums; k++) {
      set(s, XT_CSR_ACC_SEL, (uint32_t)(k / sums) << 16 | (uint32_t)(k % sums));
      set(s, XT_CSR_ACC, pass == 1 ? from->acc[k] : from->acc[k] == 0 ? 1 : 0 - from->acc[k]);
    }
  set(s, XT_CSR_ACC_SEL, from->reg[XT_CSR_ACC_SEL]);
  for (int r = 0; r < REGISTERS; r++)
    if (registers[r].access == XT_ACCESS_STATE && registers[r].addr != XT_CSR_GEN && registers[r].addr != XT_CSR_CAL &&
        registers[r].addr != XT_CSR_ACC)
      set(s, registers[r].addr, from->reg[registers[r].addr]);
  for (uint8_t a = XT_CSR_COUNTERS; a < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS; a++) set(s, a, from->reg[a]);
}

struct log {
  const struct xt_shape *shape;
  FILE *text;
  uint64_t first; /* order of the first record */
};

static void log_record(void *user, const struct xt_record *rec) {
  struct log *log = user;
  struct xt_record r = *rec;
  if (ftell(log->text) == 0) log->first = r.order;
  r.order -= log->first; /* the trace is no silicon: it begins anew */
  xt_trace_write(log->text, 0, log->shape, &r);
}

/* A series of good operations, the same for the same rng; its records as text. */
static char *series(struct stim s, uint64_t rng) {
  static const uint8_t ops[] = {XT_OP_UPDATE,     XT_OP_FORWARD,    XT_OP_UPDATE,
                                XT_OP_TRANSFER,   XT_OP_BACKWARD,   XT_OP_UPDATE, /* where they are built in: */
                                XT_OP_ACC_UPDATE, XT_OP_ACCUMULATE, XT_OP_ACC_UPDATE};
  char *text = NULL;
  size_t size = 0, n;
  struct log log = {.shape = &s.shape, .text = open_memstream(&text, &size)};
  ck_assert_ptr_nonnull(log.text);
  s.rng = rng;
  s.engine->set_trace(s.tile, log_record, &log);
  for (size_t k = 0; k < sizeof ops; k++) {
    n = stim_packet(&s, ops[k], 0, 0, STIM_BOTH, STIM_BOTH);
    int e = s.engine->submit(s.tile, s.words, n);
    if (!e) e = s.engine->collect(s.tile, s.answer, s.cap, &n);
    ck_assert_msg(e == XT_E_OK, "%s", s.engine->error(s.tile));
  }
  s.engine->set_trace(s.tile, NULL, NULL);
  fclose(log.text);
  return text;
}

START_TEST(saved_over_the_bus) {
  const struct xt_shape *shape = &stim_shapes[_i];
  const struct xt_engine_opts opts = {.tile_index = _i, .records = 1, .stream_bits = streams[_i]};
  struct saved saved = {.gen = calloc((size_t)(shape->n + shape->m), 4),
                        .cal = calloc((size_t)xt_shape_units(shape), 4),
                        .acc = calloc((size_t)shape->n * (size_t)xt_shape_sums(shape) + 1, 4)};
  struct xt_snapshot at = stim_snapshot(shape);
  struct xt_tile *tile;
  struct stim s;
  char err[512];
  ck_assert_msg(xt_engine_lockstep.create(&tile, shape, &opts, err, sizeof err) == XT_E_OK, "%s", err);
  stim_init(&s, &xt_engine_lockstep, tile, shape, stim_seed(100) + (uint64_t)_i);
  int e = stim_configure(&s);
  for (int round = 0; round < 3 && !e; round++) {
    e = stim_registers(&s);
    if (!e) e = stim_reset_op(&s);
    for (int k = 0; k < 40 && !e; k++) e = stim_operation(&s);
    if (!e) e = stim_drain(&s);
    if (e) break;
    save(&s, &saved);
    e = xt_engine_lockstep.get_snapshot(tile, &at);
    const uint64_t rng = s.rng;
    char *first = series(s, rng);
    if (!e) e = xt_engine_lockstep.set_snapshot(tile, &at); /* the devices and their noise as they were */
    if (e) break;
    restore(&s, &saved);
    char *second = series(s, rng);
    ck_assert_msg(strcmp(first, second) == 0, "%dx%d: after a restore over the bus the records differ", shape->n,
                  shape->m);
    ck_assert_uint_gt(strlen(first), 100);
    free(first);
    free(second);
  }
  ck_assert_msg(e == XT_E_OK, "%dx%d: %s", shape->n, shape->m, xt_engine_lockstep.error(tile));
  stim_snapshot_free(&at);
  free(saved.gen);
  free(saved.cal);
  free(saved.acc);
  stim_free(&s);
  xt_engine_lockstep.destroy(tile);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("lockstep");
  TCase *tc = tcase_create("random");
  tcase_set_timeout(tc, 900);
  tcase_add_loop_test(tc, random_life, 0, STIM_SHAPES);
  tcase_add_loop_test(tc, saved_over_the_bus, 0, STIM_SHAPES);
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
