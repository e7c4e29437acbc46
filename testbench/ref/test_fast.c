/* SPDX-License-Identifier: Apache-2.0 */
/* refc/fast against plain refc: the same packets leave the same answers, states, generators, counters, registers and
 * records. In turn with every width of vectors that this processor runs. */
#include "ref_util.h"

struct watch {
  uint64_t records, order;
  uint32_t digest[XT_NUM_PLANES];
  int bad;
  const struct xt_shape *shape; /* of the text of records; NULL: not wanted */
  FILE *text;                   /* since the last look */
  char *lines;
  size_t bytes;
};

/* Order without gaps; the digests of the last END; the text. */
static void watch_sink(void *user, const struct xt_record *r) {
  struct watch *w = user;
  if (r->order != w->order) w->bad = 1;
  w->order = r->order + 1;
  w->records++;
  if (r->kind == XT_KIND_END) memcpy(w->digest, r->digest, sizeof w->digest);
  if (w->shape == NULL) return;
  if (w->text == NULL) w->text = open_memstream(&w->lines, &w->bytes);
  ck_assert_int_eq(xt_trace_write(w->text, 0, w->shape, r), 0);
}

/* Both have given the same records since the last look. */
static void records_equal(struct watch *fast, struct watch *slow, const char *when) {
  must(fast->text != NULL && slow->text != NULL, "%s: a side has no records", when);
  for (struct watch *w = fast;; w = slow) {
    fclose(w->text);
    w->text = NULL;
    if (w == slow) break;
  }
  size_t line = 0, at = 0; /* of the first difference */
  while (at < fast->bytes && at < slow->bytes && fast->lines[at] == slow->lines[at])
    if (fast->lines[at++] == '\n') line = at;
  must(fast->bytes == slow->bytes && at == slow->bytes, "%s: records differ:\n%.*s\n%.*s", when,
       (int)strcspn(fast->lines + line, "\n"), fast->lines + line, (int)strcspn(slow->lines + line, "\n"),
       slow->lines + line);
  free(fast->lines);
  free(slow->lines);
}

static void random_registers(struct bench *a, struct bench *b) {
  for (int addr = next_register(0); addr < XT_CSR_COUNTERS; addr = next_register(addr)) {
    if (rng_one_in(4)) continue;
    uint32_t v = random_csr(&a->shape, (uint8_t)addr);
    if (addr == XT_CSR_TIMEOUT && rng_one_in(4)) v = (uint32_t)rng_in(1, rng_one_in(2) ? 30 : 300);
    csr(a, (uint8_t)addr, v);
    csr(b, (uint8_t)addr, v);
  }
}

static uint32_t digest(const int32_t *w, size_t devices) {
  uint32_t sum = 0;
  for (size_t k = 0; k < devices; k++) sum += (uint32_t)w[k] * ((2 * (uint32_t)k + 1) * XT_DIGEST_MUL);
  return sum;
}

/* Pulses of all devices together. Where both sides count them, they do for every device alike. */
static uint64_t pulses_of(const struct bench *fast, const struct bench *slow, const char *when) {
  const size_t devices = (size_t)slow->shape.n * (size_t)slow->shape.m;
  uint64_t sum = 0;
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    const uint32_t *a = ref->pulses(fast->t, p), *b = ref->pulses(slow->t, p);
    must(b != NULL, "no counts");
    for (size_t k = 0; k < devices; k++) {
      must(a == NULL || a[k] == b[k], "%s: pulses of device %zu of plane %d: %u and %u", when, k, p, a[k], b[k]);
      sum += b[k];
    }
  }
  return sum;
}

/* Both sides count what pulses do to binary devices. */
static void counts_equal(const struct bench *fast, const struct bench *slow, const char *when) {
  const size_t devices = (size_t)slow->shape.n * (size_t)slow->shape.m;
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    const struct xt_device_counts *a = ref->device_counts(fast->t, p), *b = ref->device_counts(slow->t, p);
    if (a == NULL) continue;
    must(b != NULL, "no counts of devices");
    must(memcmp(&a->sums, &b->sums, sizeof a->sums) == 0,
         "%s: sums of plane %d: %" PRIu64 " and %" PRIu64 " cycles, %" PRIu64 " and %" PRIu64 " selected, %" PRIu64
         " and %" PRIu64 " half, %" PRIu64 " and %" PRIu64 " flips, %" PRIu64 " and %" PRIu64 " disturbed",
         when, p, a->sums.cycles, b->sums.cycles, a->sums.selected, b->sums.selected, a->sums.half, b->sums.half,
         a->sums.flips, b->sums.flips, a->sums.disturbed, b->sums.disturbed);
    for (size_t k = 0; k < devices; k++)
      must(a->flips[k] == b->flips[k], "%s: flips of device %zu of plane %d: %u and %u", when, k, p, a->flips[k],
           b->flips[k]);
  }
}

/* A generator that stands at 0: over the registers, or in a snapshot. */
static void upset(struct bench *a, struct bench *b) {
  const int col = rng_one_in(2), lines = col ? a->shape.m : a->shape.n;
  const uint32_t line = (uint32_t)rng_in(0, lines - 1);
  if (rng_one_in(2)) {
    for (struct bench *t = a;; t = b) {
      csr(t, XT_CSR_GEN_SEL, (uint32_t)col << 16 | line);
      csr(t, XT_CSR_GEN, 0);
      if (t == b) return;
    }
  }
  struct xt_snapshot s;
  snap_alloc(&s, &a->shape);
  for (struct bench *t = a;; t = b) {
    snap_get(t, &s);
    (col ? s.col_gen : s.row_gen)[line] = 0;
    must(ref->set_snapshot(t->t, &s) == 0, "%s", ref->error(t->t));
    if (t == b) break;
  }
  snap_free(&s);
}

/* Parts of an operation, the last one first, and as late as may be. */
static int splits[256]; /* by the operation that is on */
static uint8_t op_on;
static struct late {
  int parts; /* 0: none are under way */
  void (*run)(void *ctx, int part, int thread);
  void *ctx;
} late;
static void reverse(const struct late *l) {
  for (int k = l->parts - 1; k >= 0; k--) l->run(l->ctx, k, k % 3);
}
static bool begin_late(void *pool, int tile, int parts, void (*run)(void *ctx, int part, int thread), void *ctx) {
  const struct late given = {parts, run, ctx};
  ck_assert_ptr_eq(pool, splits);
  ck_assert_int_eq(tile, 0);
  splits[op_on]++;
  if (late.parts == 0 && rng_one_in(8) == 0) {
    late = given;
    return true;
  }
  reverse(&given);
  return false;
}
static void end_late(void *pool, int tile) {
  ck_assert_ptr_eq(pool, splits);
  ck_assert_int_eq(tile, 0);
  ck_assert_int_gt(late.parts, 0);
  reverse(&late);
  late.parts = 0;
}
static const struct xt_team team = {splits, 3, begin_late, end_late};

/* One shape, one configuration, a random series of packets: fast, in half of them with records now and then, and plain
 * with records. The plain side counts the pulses of every device, the fast one if `count`. */
static void run_pair(struct xt_shape shape, int packets, int count) {
  const int records = rng_one_in(2);
  const struct xt_array_cfg cfg = random_array(shape.state_bits);
  struct bench fast, slow;
  struct xt_snapshot sf, ss;
  struct watch w = {0}, traced = {.shape = &shape};
  uint64_t pulses = 0, counted = 0; /* of all devices at the last look; by counter PULSES since then */
  bench_open_with(&fast, &shape,
                  (struct xt_engine_opts){.records = records, .pulses = count, .device_counts = count, .team = &team});
  bench_open_with(&slow, &shape, (struct xt_engine_opts){.records = 1, .pulses = 1, .device_counts = 1});
  ck_assert_int_eq(ref->pulses(fast.t, XT_PLANE_A) != NULL, count);
  xt_ref_plain(slow.t);
  ref->set_trace(slow.t, watch_sink, &w);
  snap_alloc(&sf, &shape);
  snap_alloc(&ss, &shape);
  if (rng_one_in(2)) xt_ref_lazy(fast.t);
  if (rng_one_in(4)) xt_ref_lazy(slow.t);
  configure(&fast, &cfg);
  configure(&slow, &cfg);
  for (int p = 0; p < packets; p++) {
    char when[160];
    if (p % 4 == 0) random_registers(&fast, &slow);
    if (rng_one_in(5)) upset(&fast, &slow);
    if (p == 1) {
      simple(&fast, XT_OP_RESET, 0, 0);
      simple(&slow, XT_OP_RESET, 0, 0);
    }
    const size_t n = random_packet(&fast, 1);
    uint64_t before = counter(&slow, XT_CNT_PULSES);
    memcpy(slow.in, fast.in, n * sizeof *fast.in);
    op_on = (uint8_t)fast.in[0];
    size_t nf, ns;
    const int listen = records && rng_one_in(3) == 0;
    ref->set_trace(fast.t, listen ? watch_sink : NULL, &traced);
    w.shape = listen ? &shape : NULL;
    if (rng_one_in(6)) {
      const uint32_t at = (uint32_t)rng_in(0, rng_one_in(2) ? 30 : 300);
      must(ref->abort_at(fast.t, at) == 0 && ref->abort_at(slow.t, at) == 0, "abort_at");
    }
    must(ref->submit(fast.t, fast.in, n) == 0, "%s", ref->error(fast.t));
    must(ref->submit(slow.t, slow.in, n) == 0, "%s", ref->error(slow.t));
    must(ref->collect(fast.t, fast.out, fast.out_cap, &nf) == 0, "%s", ref->error(fast.t));
    must(ref->collect(slow.t, slow.out, slow.out_cap, &ns) == 0, "%s", ref->error(slow.t));
    snprintf(when, sizeof when, "%dx%d sw %d pb %d bl %d, packet %d, header %08x", shape.n, shape.m, shape.state_bits,
             shape.prob_bits, shape.bl_max, p, fast.in[0]);
    must(nf == ns && memcmp(fast.out, slow.out, nf * sizeof *fast.out) == 0, "%s: answers differ", when);
    if (listen) records_equal(&traced, &w, when);
    if (slow.out[0] == head(XT_OP_RESET, 0, 0)) before = 0; /* done: the counters are 0 */
    counted += counter(&slow, XT_CNT_PULSES) - before;
    if (p + 1 < packets && rng_one_in(2)) continue; /* a look ends what is under way */
    if (rng_one_in(2)) must(counter(&fast, XT_CNT_PULSES) == counter(&slow, XT_CNT_PULSES), "%s: PULSES", when);
    snap_get(&fast, &sf);
    snap_get(&slow, &ss);
    snap_compare(&sf, &ss, &shape, when);
    must(w.bad == 0 && w.order == ss.order, "%s: records out of order", when);
    const uint64_t now = pulses_of(&fast, &slow, when);
    must(now - pulses == counted, "%s: %" PRIu64 " pulses, counter PULSES %" PRIu64, when, now - pulses, counted);
    pulses = now;
    counted = 0;
    counts_equal(&fast, &slow, when);
    for (int k = 0; k < XT_NUM_PLANES; k++)
      must(w.digest[k] == digest(sf.w[k], (size_t)shape.n * (size_t)shape.m), "%s: digest of plane %d", when, k);
  }
  ck_assert_uint_gt(w.records, (unsigned)packets - 1);
  bench_close(&fast);
  bench_close(&slow);
  snap_free(&sf);
  snap_free(&ss);
}

START_TEST(random_shapes) {
  seed_rng("random_shapes", (uint64_t)_i);
  set_width(_i);
  run_pair(random_shape(_i % 60 == 7 ? 300 : _i % 10 == 0 ? 150 : _i % 3 == 0 ? 40 : 9), 24, _i % 2);
}
END_TEST

static int all_split(void) {
  return splits[XT_OP_UPDATE] > 0 && splits[XT_OP_FORWARD] > 0 && splits[XT_OP_BACKWARD] > 0;
}

/* Trains and sums of reads that are split over threads. */
START_TEST(split_lines) {
  seed_rng("split_lines", (uint64_t)_i);
  set_width(_i);
  for (int k = 0; k < 24 && !all_split(); k++) { /* not every configuration gives trains of many rows */
    struct xt_shape shape = random_shape(40);
    shape.n = (int32_t)rng_in(280, 360);
    shape.m = (int32_t)rng_in(280, 360);
    fit_gang(&shape);
    shape.prob_bits = 16;
    run_pair(shape, 24, _i % 2);
  }
  ck_assert_int_eq(all_split(), 1);
}
END_TEST

/* An operation of a training run, or a look at a line. */
static size_t trained_packet(struct bench *b) {
  int8_t x[256], d[256];
  const int32_t most = code_max(&b->shape);
  random_codes(x, b->shape.n, most);
  random_codes(d, b->shape.m, most);
  if (rng_one_in(3)) return outer_packet(b, XT_OP_UPDATE, x, d, (int)rng_in(-2, 2));
  const int op = rng_one_in(2) ? XT_OP_FORWARD : rng_one_in(2) ? XT_OP_BACKWARD : XT_OP_READ;
  if (op == XT_OP_READ) b->in[0] = head(op, (int)rng_in(0, 4), (uint32_t)rng_in(0, b->shape.n - 1));
  if (op == XT_OP_READ) return 1;
  b->in[0] = head(op, 0, 0);
  uint32_t *const end = op == XT_OP_FORWARD ? put8(b->in + 1, x, b->shape.n) : put8(b->in + 1, d, b->shape.m);
  return (size_t)(end - b->in);
}

/* Trains that are under way while operations that look at other planes, or at this one, are given. */
START_TEST(trains_behind) {
  seed_rng("trains_behind", (uint64_t)_i);
  set_width(_i);
  const struct xt_shape shape = {.n = 230,
                                 .m = 120,
                                 .code_bits = 7,
                                 .adc_bits = 9,
                                 .adc_share = 1,
                                 .bl_max = 62,
                                 .state_bits = 16,
                                 .prob_bits = 16};
  struct xt_array_cfg cfg = random_array(16);
  struct bench late_one, plain;
  struct xt_snapshot a, b;
  const uint32_t regs[][2] = {{XT_CSR_UPD_SEL, _i % 3 == 0 ? XT_PLANE_C : XT_PLANE_A},
                              {XT_CSR_UPD_MODE, XT_UPD_UBLM},
                              {XT_CSR_UPD_ENC, (uint32_t)rng_in(0, 1)},
                              {XT_CSR_UPD_BL, rng_one_in(2) ? 31 : 62},
                              {XT_CSR_UPD_RATE, 60000},
                              {XT_CSR_UPD_EXP, (uint32_t)rng_in(20, 24)},
                              {XT_CSR_XFER_EVERY, (uint32_t)rng_in(0, 2)},
                              {XT_CSR_XFER_BL, 10},
                              {XT_CSR_XFER_RATE, 40000},
                              {XT_CSR_XFER_EXP, 16},
                              {XT_CSR_GAMMA, _i % 2 ? 77 : 0}};
  for (int p = 0; p < XT_NUM_PLANES; p++) cfg.dev[p].law = XT_LAW_LINEAR;
  bench_open_with(&late_one, &shape, (struct xt_engine_opts){.team = &team});
  bench_open(&plain, &shape, 0);
  xt_ref_plain(plain.t);
  for (struct bench *t = &late_one;; t = &plain) {
    configure(t, &cfg);
    simple(t, XT_OP_RESET, 0, 0);
    for (size_t k = 0; k < sizeof regs / sizeof *regs; k++) csr(t, (uint8_t)regs[k][0], regs[k][1]);
    if (t == &plain) break;
  }
  snap_alloc(&a, &shape);
  snap_alloc(&b, &shape);
  for (int k = 0; k < 60; k++) {
    size_t na, nb;
    const size_t n = trained_packet(&late_one);
    memcpy(plain.in, late_one.in, n * sizeof *plain.in);
    op_on = (uint8_t)plain.in[0];
    if (rng_one_in(6)) { /* cycle by cycle */
      const uint32_t at = (uint32_t)rng_in(0, 1000);
      must(ref->abort_at(late_one.t, at) == 0 && ref->abort_at(plain.t, at) == 0, "abort_at");
    }
    must(ref->submit(late_one.t, late_one.in, n) == 0 && ref->submit(plain.t, plain.in, n) == 0, "submit");
    must(ref->collect(late_one.t, late_one.out, late_one.out_cap, &na) == 0, "%s", ref->error(late_one.t));
    must(ref->collect(plain.t, plain.out, plain.out_cap, &nb) == 0, "%s", ref->error(plain.t));
    must(na == nb && memcmp(late_one.out, plain.out, na * sizeof *plain.out) == 0, "packet %d, header %08x", k,
         plain.in[0]);
  }
  ck_assert_int_gt(splits[XT_OP_UPDATE], 0);
  snap_get(&late_one, &a);
  snap_get(&plain, &b);
  snap_compare(&a, &b, &shape, "trains behind their operations");
  bench_close(&late_one);
  bench_close(&plain);
  snap_free(&a);
  snap_free(&b);
}
END_TEST

/* Reads whose sums are beyond 32 bits: every state and every code as large as they get. */
START_TEST(long_lines) {
  const int32_t lines = 1500;
  const struct xt_shape shape = {.n = _i % 2 ? 3 : lines,
                                 .m = _i % 2 ? lines : 3,
                                 .code_bits = 8,
                                 .adc_bits = 12,
                                 .adc_share = 1,
                                 .bl_max = 31,
                                 .state_bits = 16,
                                 .prob_bits = 16};
  const struct xt_array_cfg cfg = {
      .seed = 1, .dev = {{.w_max = 1, .w_min = 1}, {.w_max = 1, .w_min = 1}, {.w_max = 1, .w_min = 1}}};
  int8_t codes[1500];
  int16_t want = 0;
  struct bench fast, plain;
  struct xt_snapshot s;
  set_width(_i / 2);
  memset(codes, 127, sizeof codes);
  bench_open(&fast, &shape, 0);
  bench_open(&plain, &shape, 0);
  xt_ref_plain(plain.t);
  snap_alloc(&s, &shape);
  for (struct bench *t = &fast;; t = &plain) {
    configure(t, &cfg);
    simple(t, XT_OP_RESET, 0, 0);
    csr(t, XT_CSR_RANGE_FWD, 23);
    csr(t, XT_CSR_RANGE_BWD, 23);
    snap_get(t, &s);
    for (int32_t k = 0; k < shape.n * shape.m; k++) s.w[XT_PLANE_C][k] = -32768;
    must(ref->set_snapshot(t->t, &s) == 0, "%s", ref->error(t->t));
    _i % 2 ? backward(t, codes) : forward(t, codes);
    for (int32_t l = 0; l < 3; l++) {
      if (t == &fast && l == 0) want = (int16_t)result(t, 0);
      ck_assert_int_eq(result(t, l), want);
    }
    if (t == &plain) break;
  }
  ck_assert_int_eq(want, -((lines * 127) >> 8)); /* 2^15 / 2^23 of the codes' sum */
  bench_close(&fast);
  bench_close(&plain);
  snap_free(&s);
}
END_TEST

/* The corners of the vectors: one line, one device, a vector's width and one more; every width of the state. */
START_TEST(odd_shapes) {
  static const int32_t shapes[][2] = {{1, 1}, {1, 37}, {37, 1}, {3, 5}, {7, 9}, {33, 17}, {16, 16}};
  seed_rng("odd_shapes", (uint64_t)_i);
  set_width(_i / 119);
  struct xt_shape shape = random_shape(40);
  shape.n = shapes[_i % 7][0];
  shape.m = shapes[_i % 7][1];
  fit_gang(&shape);
  shape.state_bits = 8 + _i / 7 % 17;
  run_pair(shape, 16, _i / 7 % 2);
}
END_TEST

/* A state outside its bounds (a snapshot may have one) is beyond the vectors. */
START_TEST(states_outside) {
  seed_rng("states_outside", (uint64_t)_i);
  set_width(_i);
  struct xt_shape shape = random_shape(9);
  shape.state_bits = 16;
  struct xt_array_cfg cfg = random_array(16);
  struct bench fast, plain;
  struct xt_snapshot a, b;
  bench_open(&fast, &shape, 0);
  bench_open(&plain, &shape, 0);
  xt_ref_plain(plain.t);
  if (_i % 3 == 0) xt_ref_lazy(fast.t);
  configure(&fast, &cfg);
  configure(&plain, &cfg);
  snap_alloc(&a, &shape);
  snap_alloc(&b, &shape);
  snap_get(&fast, &a);
  for (int p = 0; p < XT_NUM_PLANES; p++) a.w[p][0] = _i % 2 ? 32767 : -32768;
  must(ref->set_snapshot(fast.t, &a) == 0 && ref->set_snapshot(plain.t, &a) == 0, "%s", ref->error(fast.t));
  simple(&fast, XT_OP_RESET, 0, 0);
  simple(&plain, XT_OP_RESET, 0, 0);
  for (int k = 0; k < 8; k++) {
    random_registers(&fast, &plain);
    const size_t n = random_packet(&fast, 0);
    memcpy(plain.in, fast.in, n * sizeof *fast.in);
    send(&fast, n);
    send(&plain, n);
    snap_get(&fast, &a);
    snap_get(&plain, &b);
    snap_compare(&a, &b, &shape, "states outside their bounds");
  }
  bench_close(&fast);
  bench_close(&plain);
  snap_free(&a);
  snap_free(&b);
}
END_TEST

/* Width by name: what does not run is refused with what does. */
START_TEST(widths) {
  struct xt_shape shape = random_shape(9);
  struct xt_tile *t;
  char err[256] = "";
  setenv("XT_SIMD", "mmx", 1);
  ck_assert_int_eq(ref->create(&t, &shape, &(struct xt_engine_opts){0}, err, sizeof err), XT_E_ARG);
  ck_assert_ptr_null(t);
  ck_assert_str_eq(strncmp(err, "vectors 'mmx' (XT_SIMD) are none that this processor runs: base", 63) ? err : "", "");
  setenv("XT_SIMD", "plain", 1); /* none, but that is no width */
  ck_assert_int_eq(ref->create(&t, &shape, &(struct xt_engine_opts){0}, err, sizeof err), XT_E_OK);
  ref->destroy(t);
  setenv("XT_SIMD", "", 1);
  ck_assert_int_eq(ref->create(&t, &shape, &(struct xt_engine_opts){0}, err, sizeof err), XT_E_OK);
  ref->destroy(t);
}
END_TEST

int main(void) {
  printf("widths:");
  for (int k = 0; xt_fast_simds[k] != NULL; k++)
    printf(" %s%s", xt_fast_simds[k]->name, xt_fast_simd_runs(xt_fast_simds[k]) ? "" : " (does not run here)");
  printf("\n");
  fflush(stdout);
  Suite *s = suite_create("ref fast");
  TCase *tc = tcase_create("fast");
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, widths);
  tcase_add_loop_test(tc, random_shapes, 0, 300);
  tcase_add_loop_test(tc, split_lines, 0, 6);
  tcase_add_loop_test(tc, trains_behind, 0, 12);
  tcase_add_loop_test(tc, long_lines, 0, 6);
  tcase_add_loop_test(tc, odd_shapes, 0, 3 * 7 * 17);
  tcase_add_loop_test(tc, states_outside, 0, 20);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
