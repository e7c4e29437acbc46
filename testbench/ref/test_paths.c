/* SPDX-License-Identifier: Apache-2.0 */
/* The two paths of the reference leave the same bits; snapshots resume; a reset cuts where it should. */
#include "ref_util.h"

#include "xt_ctrl.h"

struct watch {
  uint64_t records, order;
  uint32_t last_cycles;
  int bad;
};

/* Order without gaps, cycles that grow, END last. */
static void watch_sink(void *user, const struct xt_record *r) {
  struct watch *w = user;
  if (r->order != w->order) w->bad = 1;
  w->order = r->order + 1;
  w->records++;
  if (r->kind == XT_KIND_END) w->last_cycles = r->cycles;
}

static void random_registers(struct bench *a, struct bench *b) {
  for (int addr = 0x10; addr <= 0x2B; addr++) {
    if (rng_one_in(4)) continue;
    const uint32_t v = random_csr(&a->shape, (uint8_t)addr);
    csr(a, (uint8_t)addr, v);
    csr(b, (uint8_t)addr, v);
  }
}

/* One shape, one configuration, a random series of packets on both paths. */
static void run_pair(int most, int packets) {
  const struct xt_shape shape = random_shape(most);
  const struct xt_array_cfg cfg = random_array(shape.state_bits);
  struct bench fast, slow;
  struct xt_snapshot sf, ss;
  struct watch w = {0};
  bench_open(&fast, &shape, 0);
  bench_open(&slow, &shape, 1);
  ref->set_trace(slow.t, watch_sink, &w);
  snap_alloc(&sf, &shape);
  snap_alloc(&ss, &shape);
  configure(&fast, &cfg);
  configure(&slow, &cfg);
  for (int p = 0; p < packets; p++) {
    char when[160];
    if (p % 4 == 0) random_registers(&fast, &slow);
    if (p == 1) {
      simple(&fast, XT_OP_RESET, 0, 0);
      simple(&slow, XT_OP_RESET, 0, 0);
    }
    const size_t n = random_packet(&fast, 1);
    memcpy(slow.in, fast.in, n * sizeof *fast.in);
    size_t nf, ns;
    must(ref->submit(fast.t, fast.in, n) == 0, "%s", ref->error(fast.t));
    must(ref->submit(slow.t, slow.in, n) == 0, "%s", ref->error(slow.t));
    must(ref->collect(fast.t, fast.out, fast.out_cap, &nf) == 0, "%s", ref->error(fast.t));
    must(ref->collect(slow.t, slow.out, slow.out_cap, &ns) == 0, "%s", ref->error(slow.t));
    snprintf(when, sizeof when, "%dx%d sw %d pb %d bl %d, packet %d, header %08x", shape.n, shape.m, shape.state_bits,
             shape.prob_bits, shape.bl_max, p, fast.in[0]);
    must(nf == ns && memcmp(fast.out, slow.out, nf * sizeof *fast.out) == 0, "%s: answers differ", when);
    snap_get(&fast, &sf);
    snap_get(&slow, &ss);
    snap_compare(&sf, &ss, &shape, when);
    must(w.bad == 0 && w.order == ss.order, "%s: records out of order", when);
  }
  ck_assert_uint_gt(w.records, (unsigned)packets - 1);
  bench_close(&fast);
  bench_close(&slow);
  snap_free(&sf);
  snap_free(&ss);
}

START_TEST(paths_agree) {
  seed_rng("paths_agree", (uint64_t)_i);
  run_pair(_i % 10 == 0 ? 150 : _i % 3 == 0 ? 40 : 9, 24);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref paths");
  TCase *tc = tcase_create("paths");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, paths_agree, 0, 200);
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
