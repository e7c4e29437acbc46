/* SPDX-License-Identifier: Apache-2.0 */
/* O(1): cycles counted in the RTL against the formulas of xt_cycles.h, over sizes; and the overlap of moving vectors
 * with running operations. Prints the table that README.md shows.
 * usage: test_cycles [NxM ...]     tiles of these sizes instead, and one shape of the pulses */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "stimulus.h"
#include "xt_cycles.h"
#include "xt_rtl.h"

/* One large tile beside those that other tests build too. */
static const struct xt_shape large = {784, 128, 7, 9, 1, 0, 31, 16, 16, 1, 0, 0};
static const struct xt_shape *const usual[] = {&stim_shapes[STIM_1X1],
                                               &stim_shapes[STIM_3X5],
                                               &stim_shapes[STIM_7X9],
                                               &stim_shapes[STIM_33X17],
                                               &stim_shapes[STIM_64X10],
                                               &stim_shapes[STIM_260X3],
                                               &large};
enum { BL = 10, MOST_SIZES = 32 };
static struct xt_shape sizes[MOST_SIZES];
static int size_count;

struct end {
  int seen;
  uint32_t cycles;
  uint64_t slots; /* counter SLOTS */
  uint16_t info;
  uint8_t status;
};

static void on_record(void *user, const struct xt_record *rec) {
  struct end *e = user;
  if (rec->kind != XT_KIND_END) return;
  *e = (struct end){
      .seen = 1, .cycles = rec->cycles, .slots = rec->counters[XT_CNT_SLOTS], .info = rec->info, .status = rec->status};
}

static void write_csr(struct xt_tile *t, uint8_t addr, uint32_t value) {
  int status = -1;
  ck_assert_int_eq(xt_engine_rtl.csr_write(t, addr, value, &status), XT_E_OK);
  ck_assert_int_eq(status, XT_CSR_ST_OK);
}

static struct end run(struct stim *s, struct end *e, size_t words) {
  size_t n = 0;
  e->seen = 0;
  ck_assert_int_eq(xt_engine_rtl.submit(s->tile, s->words, words), XT_E_OK);
  ck_assert_int_eq(xt_engine_rtl.collect(s->tile, s->answer, s->cap, &n), XT_E_OK);
  ck_assert_int_eq(e->seen, 1);
  ck_assert_int_eq(e->status, XT_ST_OK);
  ck_assert_uint_eq(xt_engine_rtl.op_cycles(s->tile), e->cycles);
  return *e;
}

static struct xt_tile *make(const struct xt_shape *shape, struct stim *s, struct end *e) {
  const struct xt_engine_opts opts = {.records = 1};
  struct xt_tile *t;
  char err[512];
  ck_assert_msg(xt_engine_rtl.create(&t, shape, &opts, err, sizeof err) == XT_E_OK, "%s", err);
  stim_init(s, &xt_engine_rtl, t, shape, 1);
  ck_assert_int_eq(stim_configure(s), XT_E_OK);
  xt_engine_rtl.set_trace(t, on_record, e);
  write_csr(t, XT_CSR_UPD_MODE, XT_UPD_UM); /* BL is what is asked for */
  write_csr(t, XT_CSR_UPD_BL, BL);
  write_csr(t, XT_CSR_UPD_RATE, 40000);
  write_csr(t, XT_CSR_UPD_EXP, 24);
  write_csr(t, XT_CSR_XFER_RATE, 40000);
  write_csr(t, XT_CSR_XFER_EXP, 16);
  write_csr(t, XT_CSR_XFER_BL, 31);
  write_csr(t, XT_CSR_RANGE_XFER, 6);
  run(s, e, stim_packet(s, XT_OP_RESET, 0, 0, STIM_BOTH, STIM_BOTH));
  return t;
}

/* The table's rows; updates with one sign of x and d, and with as many as the lines have room for. */
static const struct row {
  uint8_t op, sel;
  const char *name;
  enum stim_signs x, d;
  uint32_t cell; /* XT_CELL_* */
} rows[] = {{XT_OP_FORWARD, 0, "FORWARD", STIM_POS, STIM_BOTH, XT_CELL_HALF},
            {XT_OP_BACKWARD, 0, "BACKWARD", STIM_BOTH, STIM_BOTH, XT_CELL_HALF},
            {XT_OP_UPDATE, 0, "UPDATE x>=0,d>=0", STIM_POS, STIM_POS, XT_CELL_HALF},
            {XT_OP_UPDATE, 0, "UPDATE", STIM_BOTH, STIM_BOTH, XT_CELL_HALF},
            {XT_OP_UPDATE, 1, "UPDATE, x kept", STIM_BOTH, STIM_BOTH, XT_CELL_HALF},
            {XT_OP_TRANSFER, 0, "TRANSFER", STIM_BOTH, STIM_BOTH, XT_CELL_HALF},
            {XT_OP_MTJ_UPDATE, 0, "MTJ, 1T1R, x>=0", STIM_POS, STIM_BOTH, XT_CELL_GATED},
            {XT_OP_MTJ_UPDATE, 0, "MTJ, 1T1R", STIM_BOTH, STIM_BOTH, XT_CELL_GATED},
            {XT_OP_MTJ_UPDATE, 0, "MTJ, 1R, x>=0", STIM_POS, STIM_BOTH, XT_CELL_PASSIVE},
            {XT_OP_MTJ_UPDATE, 0, "MTJ, 1R", STIM_BOTH, STIM_BOTH, XT_CELL_PASSIVE}};
enum { ROWS = (int)(sizeof rows / sizeof *rows) };

static const struct xt_pulse_shape pulses[] = {{1, 1, 0}, {1, 0, 0}, {3, 2, 1}};
enum { PULSES = (int)(sizeof pulses / sizeof *pulses) };

/* Full-scale codes on the first two lines of a payload: the train is UPD_BL long, and both signs are there. Returns how
 * many signs. */
static uint32_t full_scale(uint32_t *word, int32_t lines, enum stim_signs signs) {
  *word = (*word & ~0xFFu) | 0x3F;
  if (signs != STIM_BOTH || lines < 2) return 1;
  *word = (*word & ~0xFF00u) | 0xC100;
  return 2;
}

/* A transfer's pulses drive one phase per sign of the codes read: as many as slots of its trains. */
static uint32_t transfer_phases(uint32_t slots, uint32_t bl) {
  return bl > 0 ? slots / bl : 0;
}

static uint64_t formula_of(const struct row *r, const struct xt_dim *dim, struct xt_pulse_shape pulse, uint32_t phases,
                           uint32_t info) {
  switch (r->op) {
    case XT_OP_UPDATE:
      return xt_cycles_update(dim, pulse, phases, BL);
    case XT_OP_TRANSFER:
      return xt_cycles_transfer(dim, XT_READ_PWM, pulse, phases, info);
    case XT_OP_MTJ_UPDATE:
      return xt_cycles_mtj_update(dim, r->cell, pulse, phases);
    default:
      return xt_cycles_read(dim, XT_READ_PWM);
  }
}

START_TEST(formulas) {
  const struct xt_pulse_shape pulse = pulses[_i];
  uint32_t first[ROWS][5] = {{0}}; /* by the phases driven */
  for (int i = 0; i < size_count; i++) {
    const struct xt_shape shape = sizes[i];
    struct xt_dim dim;
    struct end e;
    struct stim s;
    char err[128];
    ck_assert_int_eq(xt_dim_init(&dim, &shape, err, sizeof err), XT_E_OK);
    struct xt_tile *t = make(&shape, &s, &e);
    write_csr(t, XT_CSR_PULSE_WIDTH, pulse.width);
    write_csr(t, XT_CSR_PULSE_GAP, pulse.gap);
    write_csr(t, XT_CSR_PULSE_SETTLE, pulse.settle);
    uint32_t x_signs = 0; /* of the last update that brought its x: the next one without keeps it */
    for (int k = 0; k < ROWS; k++) {
      const struct row *r = &rows[k];
      const int mtj = r->op == XT_OP_MTJ_UPDATE;
      if (mtj && !shape.mtj) continue;
      write_csr(t, XT_CSR_CELL_MODE, r->cell);
      const size_t words = stim_packet(&s, r->op, r->sel, 0, r->x, r->d);
      uint32_t phases = 0;
      if (r->op == XT_OP_UPDATE || mtj) {
        const size_t d = r->sel ? 1 : 1 + (size_t)(shape.n + 3) / 4;
        if (!r->sel) x_signs = full_scale(&s.words[1], shape.n, r->x);
        const uint32_t d_signs = full_scale(&s.words[d], shape.m, r->d);
        phases = x_signs * (r->cell == XT_CELL_GATED ? 1 : d_signs); /* gated: a column has its own polarity */
      }
      const uint64_t slots = e.slots;
      run(&s, &e, words);
      if (r->op == XT_OP_TRANSFER) phases = transfer_phases((uint32_t)(e.slots - slots), e.info);
      const uint64_t formula = formula_of(r, &dim, pulse, phases, e.info);
      ck_assert_msg(e.cycles == formula, "%dx%d %s: %" PRIu32 " cycles, formula %" PRIu64, shape.n, shape.m, r->name,
                    e.cycles, formula);
      ck_assert_uint_eq(xt_beats_in(&dim, r->op, r->sel), words);
      if (first[k][phases] == 0) first[k][phases] = e.cycles;
      if (r->op != XT_OP_TRANSFER) ck_assert_uint_eq(e.cycles, first[k][phases]); /* whatever N and M */
      const uint32_t bl = mtj ? xt_cycles_switch_slots(&dim, r->cell) : phases ? e.info : 0;
      printf("%4dx%-4d %-16s %4" PRIu32 " cycles in the array (BL %2u, %u phases of pulses %u + %u, %u), %3" PRIu32
             " words in, %3" PRIu32 " out\n",
             shape.n, shape.m, r->name, e.cycles, bl, phases, pulse.width, pulse.gap, pulse.settle,
             xt_beats_in(&dim, r->op, r->sel), xt_beats_out(&dim, r->op));
    }
    fflush(stdout);
    stim_free(&s);
    xt_engine_rtl.destroy(t);
  }
}
END_TEST

/* Clock cycles of `count` operations, each collected before the next is given, or all given at once. */
static uint64_t clocks(struct stim *s, uint8_t op, int count, int at_once) {
  size_t n = 0;
  const uint64_t start = xt_rtl_clock_cycles(s->tile);
  for (int i = 0; i < count; i++) {
    ck_assert_int_eq(xt_engine_rtl.submit(s->tile, s->words, stim_packet(s, op, 0, 0, STIM_POS, STIM_BOTH)), XT_E_OK);
    if (!at_once) ck_assert_int_eq(xt_engine_rtl.collect(s->tile, s->answer, s->cap, &n), XT_E_OK);
  }
  for (int i = 0; at_once && i < count; i++)
    ck_assert_int_eq(xt_engine_rtl.collect(s->tile, s->answer, s->cap, &n), XT_E_OK);
  return xt_rtl_clock_cycles(s->tile) - start;
}

START_TEST(overlap) {
  const struct xt_shape shape = large;
  const uint8_t ops[] = {XT_OP_FORWARD, XT_OP_BACKWARD};
  enum { COUNT = 8 };
  struct xt_dim dim;
  struct end e;
  struct stim s;
  char err[128];
  ck_assert_int_eq(xt_dim_init(&dim, &shape, err, sizeof err), XT_E_OK);
  struct xt_tile *t = make(&shape, &s, &e);
  for (int k = 0; k < 2; k++) {
    const uint64_t in = xt_beats_in(&dim, ops[k], 0), out = xt_beats_out(&dim, ops[k]);
    const uint64_t array = xt_cycles_read(&dim, XT_READ_PWM);
    const uint64_t longest = in > array ? (in > out ? in : out) : array > out ? array : out;
    const uint64_t apart = clocks(&s, ops[k], COUNT, 0), together = clocks(&s, ops[k], COUNT, 1);
    printf("%d x %s, 784x128: one by one %" PRIu64 " clock cycles, back to back %" PRIu64 " (%" PRIu64 " in, %" PRIu64
           " array, %" PRIu64 " out each)\n",
           COUNT, ops[k] == XT_OP_FORWARD ? "FORWARD" : "BACKWARD", apart, together, in, array, out);
    ck_assert_uint_ge(apart, COUNT * (in + array + out));
    ck_assert_uint_le(together, COUNT * (longest + 4) + in + array + out);
  }
  stim_free(&s);
  xt_engine_rtl.destroy(t);
}
END_TEST

/* "NxM" to the next size; 0 if it is none. */
static int add_size(const char *text) {
  struct xt_shape shape = large;
  struct xt_dim dim;
  char *at = NULL, err[128] = "";
  shape.n = (int32_t)strtol(text, &at, 10);
  if (*at != 'x' || size_count == MOST_SIZES) return 0;
  shape.m = (int32_t)strtol(at + 1, &at, 10);
  if (*at || xt_dim_init(&dim, &shape, err, sizeof err) != XT_E_OK) return 0;
  sizes[size_count++] = shape;
  return 1;
}

int main(int argc, char **argv) {
  for (int k = 1; k < argc; k++)
    if (!add_size(argv[k])) {
      fprintf(stderr, "test_cycles: '%s' is no size of a tile, as 8x8 (up to %d of them)\n", argv[k], MOST_SIZES);
      return 2;
    }
  for (size_t k = 0; argc == 1 && k < sizeof usual / sizeof *usual; k++) sizes[size_count++] = *usual[k];
  Suite *suite = suite_create("cycles");
  TCase *tc = tcase_create("O(1)");
  tcase_set_timeout(tc, 1800);
  tcase_add_loop_test(tc, formulas, 0, argc == 1 ? PULSES : 1);
  if (argc == 1) tcase_add_test(tc, overlap);
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
