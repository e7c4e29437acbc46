/* SPDX-License-Identifier: Apache-2.0 */
/* Random life of two tiles through TLM, on the RTL and on the loosely-timed model, beside engine ref: same answers,
 * register values, CSR statuses, device states, generators and counters. SystemC elaborates once per process: CK_FORK
 * must be yes. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stimulus.h"
#include "xt_dim.h"
#include "xt_ref.h"
#include "xt_systemc.h"

static const struct xt_shape shapes[] = {
    {.n = 5, .m = 3, .code_bits = 7, .adc_bits = 9, .adc_share = 1, .bl_max = 31, .state_bits = 16, .prob_bits = 16},
    {.n = 12, .m = 17, .code_bits = 5, .adc_bits = 8, .adc_share = 4, .bl_max = 10, .state_bits = 12, .prob_bits = 12}};
enum { TILES = (int)(sizeof shapes / sizeof *shapes), ROUNDS = 4, OPERATIONS = 60 };

/* The engine of the test: ref and another at once, everything compared. */
struct twin {
  const struct xt_engine *engine;
  const struct xt_engine *other;
  struct xt_tile *a, *b; /* ref, other */
  uint32_t *words;
  size_t cap;
};

static struct twin *twin(struct xt_tile *t) {
  return (struct twin *)(void *)t;
}

static int same(struct twin *t, int a, int b) {
  ck_assert_msg(a == b, "ref returns %d, %s %d: %s", a, t->other->name, b, t->other->error(t->b));
  return a;
}

static int twin_configure(struct xt_tile *x, const struct xt_array_cfg *cfg) {
  struct twin *t = twin(x);
  return same(t, xt_engine_ref.configure(t->a, cfg), t->other->configure(t->b, cfg));
}

static int twin_hw_reset_at(struct xt_tile *x, uint32_t cycle) {
  struct twin *t = twin(x);
  return same(t, xt_engine_ref.hw_reset_at(t->a, cycle), t->other->hw_reset_at(t->b, cycle));
}

static int twin_write(struct xt_tile *x, uint8_t addr, uint32_t value, int *status) {
  struct twin *t = twin(x);
  int st = -1;
  const int rc =
      same(t, xt_engine_ref.csr_write(t->a, addr, value, status), t->other->csr_write(t->b, addr, value, &st));
  ck_assert_msg(st == *status, "write 0x%02x: status %d, %s %d", addr, *status, t->other->name, st);
  return rc;
}

static int twin_read(struct xt_tile *x, uint8_t addr, uint32_t *value, int *status) {
  struct twin *t = twin(x);
  int st = -1;
  uint32_t v = 0;
  const int rc = same(t, xt_engine_ref.csr_read(t->a, addr, value, status), t->other->csr_read(t->b, addr, &v, &st));
  ck_assert_msg(st == *status && v == *value, "read 0x%02x: 0x%" PRIx32 " status %d, %s 0x%" PRIx32 " status %d", addr,
                *value, *status, t->other->name, v, st);
  return rc;
}

static int twin_submit(struct xt_tile *x, const uint32_t *words, size_t n) {
  struct twin *t = twin(x);
  return same(t, xt_engine_ref.submit(t->a, words, n), t->other->submit(t->b, words, n));
}

static int twin_collect(struct xt_tile *x, uint32_t *words, size_t cap, size_t *n) {
  struct twin *t = twin(x);
  size_t got = 0;
  const int rc = same(t, xt_engine_ref.collect(t->a, words, cap, n), t->other->collect(t->b, t->words, t->cap, &got));
  ck_assert_uint_eq(got, *n);
  for (size_t k = 0; k < got; k++)
    ck_assert_msg(words[k] == t->words[k], "word %zu of an answer to operation %u: 0x%08" PRIx32 ", %s 0x%08" PRIx32, k,
                  words[0] & 0xFF, words[k], t->other->name, t->words[k]);
  if (!rc) ck_assert_uint_eq(xt_engine_ref.op_cycles(t->a), t->other->op_cycles(t->b));
  return rc;
}

static const struct xt_engine xt_engine_twin = {.name = "twin",
                                                .configure = twin_configure,
                                                .hw_reset_at = twin_hw_reset_at,
                                                .csr_write = twin_write,
                                                .csr_read = twin_read,
                                                .submit = twin_submit,
                                                .collect = twin_collect};

static void *room(size_t count, size_t size) {
  void *p = calloc(count, size);
  ck_assert_ptr_nonnull(p);
  return p;
}

static struct xt_snapshot snapshot_room(const struct xt_shape *shape) {
  struct xt_snapshot s = {.row_gen = room((size_t)shape->n, 4), .col_gen = room((size_t)shape->m, 4)};
  s.cal = room((size_t)xt_shape_units(shape), sizeof *s.cal);
  for (int a = 0; a < 3; a++) s.w[a] = room((size_t)shape->n * (size_t)shape->m, 4);
  return s;
}

static void snapshot_free(struct xt_snapshot *s) {
  for (int a = 0; a < 3; a++) free(s->w[a]);
  free(s->row_gen);
  free(s->col_gen);
  free(s->cal);
}

static void snapshot_equal(const struct xt_shape *shape, const struct xt_snapshot *a, const struct xt_snapshot *b) {
  const size_t devices = (size_t)shape->n * (size_t)shape->m;
  for (int k = 0; k < 3; k++) ck_assert_mem_eq(a->w[k], b->w[k], devices * sizeof *a->w[k]);
  ck_assert_mem_eq(a->row_gen, b->row_gen, (size_t)shape->n * sizeof *a->row_gen);
  ck_assert_mem_eq(a->col_gen, b->col_gen, (size_t)shape->m * sizeof *a->col_gen);
  ck_assert_mem_eq(a->cal, b->cal, (size_t)xt_shape_units(shape) * sizeof *a->cal);
  ck_assert_uint_eq(a->cmp_ctr, b->cmp_ctr);
  ck_assert_uint_eq(a->pulse_ctr, b->pulse_ctr);
  ck_assert_uint_eq(a->read_ctr, b->read_ctr);
  ck_assert_uint_eq(a->lowdisc_n, b->lowdisc_n);
  ck_assert_uint_eq(a->xfer_ptr, b->xfer_ptr);
  ck_assert_uint_eq(a->xfer_count, b->xfer_count);
  ck_assert_uint_eq(a->reset_given, b->reset_given);
  ck_assert_mem_eq(a->counters, b->counters, sizeof a->counters);
  ck_assert_uint_eq(a->order, b->order);
  ck_assert_mem_eq(a->csr, b->csr, sizeof a->csr);
}

static void compare_all(struct twin *t, const struct xt_shape *shape, struct xt_snapshot *a, struct xt_snapshot *b) {
  ck_assert_int_eq(xt_engine_ref.get_snapshot(t->a, a), XT_E_OK);
  ck_assert_msg(t->other->get_snapshot(t->b, b) == XT_E_OK, "%s", t->other->error(t->b));
  snapshot_equal(shape, a, b);
  for (int r = 0; r < 256; r++) { /* every register, those that do not exist too */
    uint32_t value;
    int status;
    ck_assert_int_eq(twin_read((struct xt_tile *)(void *)t, (uint8_t)r, &value, &status), XT_E_OK);
  }
  for (int sel = 0; sel < 3; sel++) {
    const int16_t *w = t->other->states16(t->b, sel);
    ck_assert_int_eq(w != NULL, shape->state_bits == 16);
    for (int32_t k = 0; w && k < shape->n * shape->m; k++) ck_assert_int_eq(w[k], a->w[sel][k]);
  }
}

static void life(const struct xt_engine *other) {
  const uint64_t seed = stim_seed(20);
  struct twin t[TILES];
  struct stim s[TILES];
  struct xt_snapshot a[TILES], b[TILES];
  uint64_t total = 0;
  for (int k = 0; k < TILES; k++) { /* all of them before the first access */
    const struct xt_engine_opts opts = {.tile_index = k};
    char err[1000] = "";
    t[k] = (struct twin){.engine = &xt_engine_twin, .other = other, .cap = (size_t)(shapes[k].n + shapes[k].m) + 64};
    t[k].words = room(t[k].cap, sizeof *t[k].words);
    ck_assert_int_eq(xt_engine_ref.create(&t[k].a, &shapes[k], &opts, err, sizeof err), XT_E_OK);
    ck_assert_msg(other->create(&t[k].b, &shapes[k], &opts, err, sizeof err) == XT_E_OK, "%s", err);
    stim_init(&s[k], &xt_engine_twin, (struct xt_tile *)(void *)&t[k], &shapes[k], seed + (uint64_t)k);
    a[k] = snapshot_room(&shapes[k]);
    b[k] = snapshot_room(&shapes[k]);
    ck_assert_int_eq(stim_configure(&s[k]), XT_E_OK);
  }
  for (int round = 0; round < ROUNDS; round++)
    for (int k = 0; k < TILES; k++) {
      if (round % 2) ck_assert_int_eq(stim_configure(&s[k]), XT_E_OK);
      ck_assert_int_eq(stim_registers(&s[k]), XT_E_OK);
      ck_assert_int_eq(stim_reset_op(&s[k]), XT_E_OK);
      for (int n = 0; n < OPERATIONS; n++) ck_assert_int_eq(stim_operation(&s[k]), XT_E_OK);
      ck_assert_int_eq(stim_drain(&s[k]), XT_E_OK);
      compare_all(&t[k], &shapes[k], &a[k], &b[k]);
      total += OPERATIONS;
      if (round != 1) continue;
      /* Back to a state of the past, into which both must fit: ref's into the other, and on from there. */
      for (int n = 0; n < 20; n++) ck_assert_int_eq(stim_operation(&s[k]), XT_E_OK);
      ck_assert_int_eq(stim_drain(&s[k]), XT_E_OK);
      ck_assert_int_eq(xt_engine_ref.set_snapshot(t[k].a, &b[k]), XT_E_OK);
      ck_assert_msg(other->set_snapshot(t[k].b, &a[k]) == XT_E_OK, "%s", other->error(t[k].b));
      compare_all(&t[k], &shapes[k], &a[k], &b[k]);
    }
  ck_assert_uint_eq(total, ROUNDS * TILES * OPERATIONS);
  printf("%s: %" PRIu64 " operations equal\n", other->name, total);
  for (int k = 0; k < TILES; k++) {
    stim_free(&s[k]);
    snapshot_free(&a[k]);
    snapshot_free(&b[k]);
    free(t[k].words);
    xt_engine_ref.destroy(t[k].a);
    other->destroy(t[k].b);
  }
}

START_TEST(rtl_life) {
  life(&xt_engine_systemc);
}
END_TEST

START_TEST(lt_life) {
  life(&xt_engine_systemc_lt);
}
END_TEST

static const struct xt_engine *const engines[] = {&xt_engine_systemc, &xt_engine_systemc_lt};

START_TEST(late_tile_is_refused) {
  const struct xt_engine *e = engines[_i];
  const struct xt_engine_opts opts = {.tile_index = 7};
  struct xt_tile *t, *late;
  uint32_t value = 0;
  int status = -1;
  char err[1000] = "";
  ck_assert_msg(e->create(&t, &shapes[0], &opts, err, sizeof err) == XT_E_OK, "%s", err);
  ck_assert_int_eq(e->csr_read(t, XT_CSR_PARAM_HASH, &value, &status), XT_E_OK); /* no clock needed */
  ck_assert_uint_eq(value, XT_PARAM_HASH);
  ck_assert_int_eq(e->csr_read(t, XT_CSR_STATUS, &value, &status), XT_E_OK);
  ck_assert_uint_eq(value, 0);
  ck_assert_int_eq(e->create(&late, &shapes[0], &opts, err, sizeof err), XT_E_SETUP);
  ck_assert_ptr_null(late);
  ck_assert_msg(strstr(err, "before the first access"), "%s", err);
}
END_TEST

START_TEST(what_is_not_offered) {
  const struct xt_engine *e = engines[_i];
  const struct xt_engine_opts records = {.records = 1}, wave = {.wave = "x.fst"}, stall = {.stall_seed = 1}, none = {0};
  const struct xt_shape bad = {
      .n = 0, .m = 3, .code_bits = 7, .adc_bits = 9, .adc_share = 1, .bl_max = 31, .state_bits = 16, .prob_bits = 16};
  struct xt_array_cfg cfg = {.read_noise = UINT32_MAX};
  struct xt_tile *t;
  uint32_t words[8] = {0};
  size_t n;
  char err[1000] = "";
  ck_assert_int_eq(e->create(&t, &shapes[0], &records, err, sizeof err), XT_E_ARG);
  ck_assert_int_eq(e->create(&t, &shapes[0], &wave, err, sizeof err), XT_E_ARG);
  ck_assert_int_eq(e->create(&t, &shapes[0], &stall, err, sizeof err), XT_E_ARG);
  ck_assert_int_ne(e->create(&t, &bad, &none, err, sizeof err), XT_E_OK);
  ck_assert_msg(e->create(&t, &shapes[0], &none, err, sizeof err) == XT_E_OK, "%s", err);
  ck_assert_int_eq(e->configure(t, &cfg), XT_E_ARG);
  ck_assert_int_eq(e->submit(t, words, 0), XT_E_ARG);
  ck_assert_int_eq(e->collect(t, words, 8, &n), XT_E_ARG);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("systemc");
  TCase *tc = tcase_create("engines");
  tcase_set_timeout(tc, 600);
  tcase_add_test(tc, lt_life);
  tcase_add_test(tc, rtl_life);
  tcase_add_loop_test(tc, late_tile_is_refused, 0, 2);
  tcase_add_loop_test(tc, what_is_not_offered, 0, 2);
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_FORK);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
