/* SPDX-License-Identifier: Apache-2.0 */
/* The checker itself: every corrupted field is reported by name, and every seeded bug of testbench/bugs.toml is caught
 * by the check that the table names. Environment: XT_TEST_SEED (default 1). */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "stimulus.h"
#include "xt_lockstep.h"
#include "xt_plants.h"
#include "xt_ref.h"
#include "xt_rtl.h"
#include "xt_snapshot.h"

static const struct xt_shape *const shape = &stim_shapes[STIM_7X9];

/* ---- an engine that lies once: the reference with one field of one record, or one answer, state or register, changed
 * ---- */

struct liar {
  const struct xt_engine *engine;
  struct xt_tile *inner;
  xt_trace_sink sink;
  void *user;
  int16_t states[7 * 9];
};

extern const struct xt_engine liar_engine;
static const char *lie_field;
static int lie_kind, lie_told;

static struct liar *liar_of(const struct xt_tile *t) {
  return (struct liar *)(uintptr_t)t;
}

static void lie(void *user, const struct xt_record *rec) {
  struct liar *l = user;
  struct xt_record r = *rec;
  uint32_t bits[4], cmp[1];
  int16_t codes[16] = {0};
  const int now = !lie_told && lie_field && rec->kind == lie_kind && rec->order > 300;
#define SCALAR(name) else if (!strcmp(lie_field, #name)) r.name ^= 1
#define LINES(name, k) else if (!strcmp(lie_field, #name)) bits[k] = (rec->name ? *rec->name : 0) ^ 4, r.name = &bits[k]
  if (!now) {
  }
  SCALAR(order);
  SCALAR(op);
  SCALAR(kind);
  SCALAR(cycle);
  SCALAR(sel);
  SCALAR(phase);
  SCALAR(slot);
  SCALAR(at);
  SCALAR(status);
  SCALAR(info);
  SCALAR(cycles);
  SCALAR(row_gain);
  SCALAR(row_shift);
  SCALAR(col_gain);
  SCALAR(col_shift);
  LINES(row_act, 0);
  LINES(row_pol, 1);
  LINES(col_act, 2);
  LINES(col_pol, 3);
  else if (!strcmp(lie_field, "trial")) {
    memcpy(codes, rec->trial, 9 * sizeof *codes);
    codes[8] ^= 1;
    r.trial = codes;
  }
  else if (!strcmp(lie_field, "cmp")) {
    cmp[0] = (rec->cmp ? *rec->cmp : 0) ^ 256;
    r.cmp = cmp;
  }
  else if (!strcmp(lie_field, "codes")) {
    if (rec->ncodes == 0) {
      l->sink(l->user, rec);
      return;
    }
    memcpy(codes, rec->codes, rec->ncodes * sizeof *codes);
    codes[rec->ncodes - 1] ^= 1;
    r.codes = codes;
  }
  else if (!strcmp(lie_field, "ncodes")) {
    r.ncodes = rec->ncodes ? 0 : 1;
    r.codes = codes;
  }
  else if (!strcmp(lie_field, "digest_a")) r.digest[0] ^= 1;
  else if (!strcmp(lie_field, "digest_c")) r.digest[1] ^= 1;
  else if (!strcmp(lie_field, "digest_r")) r.digest[2] ^= 1;
#define X(name, value, text) else if (!strcmp(lie_field, "counter " #name)) r.counters[value] ^= 1;
  XT_CNT_TABLE(X)
#undef X
  if (now && strcmp(lie_field, "state") && strcmp(lie_field, "answer") && strcmp(lie_field, "csr")) lie_told = 1;
  l->sink(l->user, &r);
}

static int l_create(struct xt_tile **t, const struct xt_shape *s, const struct xt_engine_opts *o, char *err,
                    size_t len) {
  struct liar *l = calloc(1, sizeof *l);
  ck_assert_ptr_nonnull(l);
  l->engine = &liar_engine;
  *t = (struct xt_tile *)(void *)l;
  return xt_engine_ref.create(&l->inner, s, o, err, len);
}
static void l_destroy(struct xt_tile *t) {
  xt_engine_ref.destroy(liar_of(t)->inner);
  free(t);
}
static const char *l_error(const struct xt_tile *t) {
  return xt_engine_ref.error(liar_of(t)->inner);
}
static int l_configure(struct xt_tile *t, const struct xt_array_cfg *c) {
  return xt_engine_ref.configure(liar_of(t)->inner, c);
}
static int l_hw_reset(struct xt_tile *t) {
  return xt_engine_ref.hw_reset(liar_of(t)->inner);
}
static int l_hw_reset_at(struct xt_tile *t, uint32_t c) {
  return xt_engine_ref.hw_reset_at(liar_of(t)->inner, c);
}
static int l_abort_at(struct xt_tile *t, uint32_t c) {
  return xt_engine_ref.abort_at(liar_of(t)->inner, c);
}
static int l_csr_write(struct xt_tile *t, uint8_t a, uint32_t v, int *s) {
  return xt_engine_ref.csr_write(liar_of(t)->inner, a, v, s);
}
static int l_csr_read(struct xt_tile *t, uint8_t a, uint32_t *v, int *s) {
  const int err = xt_engine_ref.csr_read(liar_of(t)->inner, a, v, s);
  if (lie_field && !strcmp(lie_field, "csr")) *v ^= 1;
  return err;
}
static int l_submit(struct xt_tile *t, const uint32_t *w, size_t n) {
  return xt_engine_ref.submit(liar_of(t)->inner, w, n);
}
static int l_collect(struct xt_tile *t, uint32_t *w, size_t cap, size_t *n) {
  const int err = xt_engine_ref.collect(liar_of(t)->inner, w, cap, n);
  if (lie_field && !strcmp(lie_field, "answer") && *n > 0) w[*n - 1] ^= 1;
  return err;
}
static uint64_t l_op_cycles(const struct xt_tile *t) {
  const uint64_t cycles = xt_engine_ref.op_cycles(liar_of(t)->inner);
  return lie_field && !strcmp(lie_field, "length") ? cycles + 1 : cycles;
}
static void l_set_trace(struct xt_tile *t, xt_trace_sink sink, void *user) {
  struct liar *l = liar_of(t);
  l->sink = sink;
  l->user = user;
  xt_engine_ref.set_trace(l->inner, lie, l);
}
static int l_get(struct xt_tile *t, struct xt_snapshot *s) {
  return xt_engine_ref.get_snapshot(liar_of(t)->inner, s);
}
static int l_set(struct xt_tile *t, const struct xt_snapshot *s) {
  return xt_engine_ref.set_snapshot(liar_of(t)->inner, s);
}
static const int16_t *l_states16(struct xt_tile *t, int sel) {
  struct liar *l = liar_of(t);
  const int16_t *states = xt_engine_ref.states16(l->inner, sel);
  if (!lie_field || strcmp(lie_field, "state") || sel != 1 || !states) return states;
  memcpy(l->states, states, sizeof l->states);
  l->states[62] ^= 1;
  return l->states;
}
const struct xt_engine liar_engine = {.name = "liar",
                                      .text = "test",
                                      .create = l_create,
                                      .destroy = l_destroy,
                                      .error = l_error,
                                      .configure = l_configure,
                                      .hw_reset = l_hw_reset,
                                      .hw_reset_at = l_hw_reset_at,
                                      .abort_at = l_abort_at,
                                      .csr_write = l_csr_write,
                                      .csr_read = l_csr_read,
                                      .submit = l_submit,
                                      .collect = l_collect,
                                      .op_cycles = l_op_cycles,
                                      .set_trace = l_set_trace,
                                      .can = XT_CAN_RECORDS | XT_CAN_STATES16 | XT_CAN_ABORT,
                                      .get_snapshot = l_get,
                                      .set_snapshot = l_set,
                                      .states16 = l_states16};

/* Random life until a mismatch, at most `operations`. Returns 1 and the failing check, or 0. */
static int life(struct xt_tile *tile, uint64_t seed, int operations, char *check, size_t len) {
  struct stim s;
  stim_init(&s, &xt_engine_lockstep, tile, shape, seed);
  int e = stim_configure(&s);
  if (!e) e = stim_registers(&s);
  if (!e) e = stim_reset_op(&s);
  for (int i = 0; !e && i < operations; i++) {
    e = stim_operation(&s);
    if (!e && i % 50 == 49) {
      e = stim_drain(&s);
      if (!e) e = stim_registers(&s);
    }
    if (!e && i % 400 == 399) { /* new devices: some bugs show in few */
      e = stim_drain(&s);
      if (!e) e = stim_configure(&s);
    }
  }
  if (!e) e = stim_drain(&s);
  const char *failed = xt_lockstep_failed(tile);
  if (e && !failed) ck_abort_msg("engine error instead of a mismatch: %s", xt_engine_lockstep.error(tile));
  snprintf(check, len, "%s", failed ? failed : "nothing");
  stim_free(&s);
  return e != XT_E_OK;
}

static const struct {
  const char *field;
  int kind;
} lies[] = {
    {NULL, 0}, /* the honest engine must pass */
    {"order", XT_KIND_INTEG},
    {"op", XT_KIND_INTEG},
    {"kind", XT_KIND_HOLD},
    {"cycle", XT_KIND_SAR},
    {"sel", XT_KIND_INTEG},
    {"phase", XT_KIND_PULSE},
    {"slot", XT_KIND_PULSE},
    {"at", XT_KIND_PULSE},
    {"row_gain", XT_KIND_PULSE},
    {"row_shift", XT_KIND_PULSE},
    {"col_gain", XT_KIND_PULSE},
    {"col_shift", XT_KIND_PULSE},
    {"row_act", XT_KIND_INTEG},
    {"row_pol", XT_KIND_INTEG},
    {"col_act", XT_KIND_PULSE},
    {"col_pol", XT_KIND_PULSE},
    {"trial", XT_KIND_SAR},
    {"cmp", XT_KIND_SAR},
    {"status", XT_KIND_END},
    {"info", XT_KIND_END},
    {"cycles", XT_KIND_END},
    {"ncodes", XT_KIND_END},
    {"codes", XT_KIND_END},
    {"digest_a", XT_KIND_END},
    {"digest_c", XT_KIND_END},
    {"digest_r", XT_KIND_END},
#define X(name, value, text) {"counter " #name, XT_KIND_END},
    XT_CNT_TABLE(X)
#undef X
        {"state", 0},
    {"answer", 0},
    {"length", 0},
    {"csr", 0},
};

START_TEST(corrupted) {
  const struct xt_engine_opts opts = {.records = 1};
  struct xt_tile *tile;
  char err[256], check[64], want[64];
  lie_field = lies[_i].field;
  lie_kind = lies[_i].kind;
  lie_told = 0;
  ck_assert_int_eq(xt_lockstep_create(&tile, &xt_engine_ref, &liar_engine, shape, &opts, err, sizeof err), XT_E_OK);
  const int failed = life(tile, 7, 300, check, sizeof check);
  if (!lie_field) {
    ck_assert_msg(!failed, "an honest engine fails check %s", check);
  } else {
    if (!strcmp(lie_field, "state"))
      snprintf(want, sizeof want, "state:C");
    else if (!lie_kind)
      snprintf(want, sizeof want, "%s", lie_field);
    else
      snprintf(want, sizeof want, "trace:%s", lie_field);
    ck_assert_str_eq(check, want);
  }
  xt_engine_lockstep.destroy(tile);
}
END_TEST

/* ---- a snapshot is refused whole: nothing else of it may have been taken ---- */

START_TEST(refused_snapshot) {
  const struct xt_engine_opts opts = {.records = 1};
  struct xt_tile *tile;
  struct xt_dim dim;
  struct xt_snapshot bad = stim_snapshot(shape), after = stim_snapshot(shape);
  char err[512], text[XT_SNAPSHOT_TEXT];
  ck_assert_int_eq(xt_dim_init(&dim, shape, err, sizeof err), XT_E_OK);
  ck_assert_msg(xt_engine_rtl.create(&tile, shape, &opts, err, sizeof err) == XT_E_OK, "%s", err);
  ck_assert_int_eq(xt_engine_rtl.get_snapshot(tile, &bad), XT_E_OK);
  bad.csr[XT_CSR_SEED] ^= 0x55;
  bad.w[XT_PLANE_C][0] = 1;
  bad.row_gen[shape->n - 1] = 1U << shape->prob_bits;
  ck_assert_int_eq(xt_engine_rtl.set_snapshot(tile, &bad), XT_E_ARG);
  ck_assert_ptr_nonnull(strstr(xt_engine_rtl.error(tile), "generator of row"));
  ck_assert_int_eq(xt_engine_rtl.get_snapshot(tile, &after), XT_E_OK);
  ck_assert_uint_eq(after.csr[XT_CSR_SEED], bad.csr[XT_CSR_SEED] ^ 0x55);
  ck_assert_int_eq(after.w[XT_PLANE_C][0], 0);
  bad.row_gen[shape->n - 1] = 0; /* an upset is no fault of the snapshot */
  ck_assert_msg(xt_engine_rtl.set_snapshot(tile, &bad) == XT_E_OK, "%s", xt_engine_rtl.error(tile));
  ck_assert_int_eq(xt_engine_rtl.get_snapshot(tile, &after), XT_E_OK);
  const char *part = xt_snapshot_diff(&dim, &bad, &after, text);
  ck_assert_msg(part == NULL, "%s: %s", part, text);
  stim_snapshot_free(&bad);
  stim_snapshot_free(&after);
  xt_engine_rtl.destroy(tile);
}
END_TEST

/* ---- seeded bugs ---- */

static const struct {
  const char *name;
  int top;
  const char *checks;
} bugs[] = {
#define X(bug, top, check, what) {#bug, top, check},
    XT_PLANT_TABLE(X)
#undef X
};
enum { BUGS = sizeof bugs / sizeof *bugs };

/* Whether `check` is one of the '|'-separated names. */
static int listed(const char *checks, const char *check) {
  const size_t len = strlen(check);
  for (const char *p = checks; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
    if (!strncmp(p, check, len) && (p[len] == '|' || p[len] == 0)) return 1;
  return 0;
}

START_TEST(seeded_bug) {
  const uint64_t seed = stim_seed(1);
  const struct xt_engine_opts opts = {.records = 1, .stall_seed = 5, .plant = bugs[_i].name};
  struct xt_tile *tile;
  char err[512], check[64];
  ck_assert_msg(xt_engine_lockstep.create(&tile, shape, &opts, err, sizeof err) == XT_E_OK, "%s", err);
  const int caught = life(tile, seed, 20000, check, sizeof check);
  ck_assert_msg(caught, "%s was not caught", bugs[_i].name);
  if (!strncmp(check, "trace:counter ", 14))
    snprintf(check, sizeof check, "trace:counters"); /* the table's name for any */
  ck_assert_msg(listed(bugs[_i].checks, check), "%s was caught by %s, the table says %s", bugs[_i].name, check,
                bugs[_i].checks);
  printf("%s caught by %s\n", bugs[_i].name, check);
  fflush(stdout);
  xt_engine_lockstep.destroy(tile);
}
END_TEST

/* The same life without a bug: what catches a bug is the bug. */
START_TEST(no_bug) {
  const uint64_t seed = stim_seed(1);
  const struct xt_engine_opts opts = {.records = 1, .stall_seed = 5};
  struct xt_tile *tile;
  char err[512], check[64];
  ck_assert_msg(xt_engine_lockstep.create(&tile, shape, &opts, err, sizeof err) == XT_E_OK, "%s", err);
  ck_assert_msg(!life(tile, seed, 3000, check, sizeof check), "%s", xt_engine_lockstep.error(tile));
  xt_engine_lockstep.destroy(tile);
}
END_TEST

/* A name that is none, or a bug of what is around a tile: refused with the names that there are. */
START_TEST(unknown_bug) {
  static const char *const names[] = {"TAPP", "TA", "", "TOP_MIX"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    const struct xt_engine_opts opts = {.plant = names[k]};
    struct xt_tile *tile;
    char err[512], words[64];
    ck_assert_int_eq(xt_engine_lockstep.create(&tile, shape, &opts, err, sizeof err), XT_E_ARG);
    snprintf(words, sizeof words, "there is no bug '%s' to plant; there are TAP NOSAT", names[k]);
    ck_assert_msg(strstr(err, words) != NULL, "%s", err);
    ck_assert_ptr_null(strstr(err, " TOP_"));
  }
}
END_TEST

START_TEST(unknown_width) {
  static const int widths[] = {-32, 16, 48, 2048};
  for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
    const struct xt_engine_opts opts = {.stream_bits = widths[k]};
    struct xt_tile *tile;
    char err[512], words[64];
    ck_assert_int_eq(xt_engine_lockstep.create(&tile, shape, &opts, err, sizeof err), XT_E_ARG);
    snprintf(words, sizeof words, "streams of %d bits: allowed are powers of two from 32 to 1024", widths[k]);
    ck_assert_msg(strstr(err, words) != NULL, "%s", err);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("checker");
  TCase *tc = tcase_create("corrupted records");
  tcase_add_loop_test(tc, corrupted, 0, (int)(sizeof lies / sizeof *lies));
  suite_add_tcase(suite, tc);
  tc = tcase_create("snapshots");
  tcase_set_timeout(tc, 900);
  tcase_add_test(tc, refused_snapshot);
  suite_add_tcase(suite, tc);
  tc = tcase_create("seeded bugs");
  tcase_set_timeout(tc, 900);
  tcase_add_test(tc, unknown_bug);
  tcase_add_test(tc, unknown_width);
  tcase_add_test(tc, no_bug);
  for (int b = 0; b < BUGS; b++) { /* the others are testbench/top's */
    if (!bugs[b].top) tcase_add_loop_test(tc, seeded_bug, b, b + 1);
  }
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
