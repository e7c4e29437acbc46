/* SPDX-License-Identifier: Apache-2.0 */
/* The worked example of rtl/SPEC.md section 14 on the golden reference, through the packet interface: what example.py
 * predicts from the text of the specification. Prints the packet, the generators, every record and the devices. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xt_ref.h"

enum { N = 2, M = 2, UPDATE_WORDS = 3 };

static const struct xt_engine *const engine = &xt_engine_ref;

static void check(int rc, const struct xt_tile *t) {
  if (rc == 0) return;
  fprintf(stderr, "%s\n", engine->error(t));
  exit(1);
}

static void bits(const char *name, const uint32_t *v, int lines) {
  printf(" %s", name);
  for (int i = 0; i < lines; i++) printf(" %d", (int)(v[0] >> i & 1));
}

static void show(void *user, const struct xt_record *r) {
  (void)user;
  if (r->op != XT_OP_UPDATE) return;
  if (r->kind == XT_KIND_END) {
    printf("cycle %" PRIu32 " END status %d info %d cycles %" PRIu32 " slots %" PRIu64 " pulses %" PRIu64 "\n",
           r->cycle, r->status, r->info, r->cycles, r->counters[XT_CNT_SLOTS], r->counters[XT_CNT_PULSES]);
    return;
  }
  printf("cycle %" PRIu32 " PULSE phase %d slot %d", r->cycle, r->phase, r->slot);
  bits("rows", r->row_act, N);
  bits("polarity", r->row_pol, N);
  bits("columns", r->col_act, M);
  bits("polarity", r->col_pol, M);
  printf("\n");
}

static void answer(struct xt_tile *t, const uint32_t *words, size_t n) {
  uint32_t out[4];
  size_t got;
  check(engine->submit(t, words, n), t);
  check(engine->collect(t, out, 4, &got), t);
}

static void state(struct xt_tile *t) {
  int32_t w[XT_NUM_PLANES][N * M];
  uint32_t row[N], col[M];
  int16_t cal[N > M ? N : M];
  struct xt_snapshot s;
  memset(&s, 0, sizeof s);
  for (int p = 0; p < XT_NUM_PLANES; p++) s.w[p] = w[p];
  s.row_gen = row;
  s.col_gen = col;
  s.cal = cal;
  check(engine->get_snapshot(t, &s), t);
  printf("generators rows %" PRIu32 " %" PRIu32 " columns %" PRIu32 " %" PRIu32 "\n", row[0], row[1], col[0], col[1]);
  printf("plane A %" PRId32 " %" PRId32 " %" PRId32 " %" PRId32 "\n", w[0][0], w[0][1], w[0][2], w[0][3]);
}

int main(void) {
  const struct xt_shape shape = {
      .n = N, .m = M, .code_bits = 7, .adc_bits = 9, .adc_share = 1, .bl_max = 31, .state_bits = 16, .prob_bits = 16};
  const struct xt_dev_cfg dev = {.dw = 1311,
                                 .shift = 2,
                                 .c_dtod = 133,
                                 .w_max = 29491,
                                 .w_min = 29491,
                                 .c_wmax = 133,
                                 .c_wmin = 133,
                                 .gamma_up = 4096,
                                 .gamma_down = 4096,
                                 .c_c2c = 133};
  struct xt_array_cfg cfg = {.seed = 1};
  for (int p = 0; p < XT_NUM_PLANES; p++) cfg.dev[p] = dev;
  static const struct {
    uint8_t address;
    uint32_t value;
  } reg[] = {{XT_CSR_UPD_BL, 31}, {XT_CSR_UPD_RATE, 20000}, {XT_CSR_UPD_EXP, 23}};
  static const uint32_t reset[1] = {XT_OP_RESET};
  /* x = 40, 20; d = 30, -25 */
  static const uint32_t update[UPDATE_WORDS] = {XT_OP_UPDATE, 40 | 20 << 8, 30 | (256 - 25) << 8};

  struct xt_tile *t;
  char err[256] = "";
  const struct xt_engine_opts opts = {.records = 1};
  if (engine->create(&t, &shape, &opts, err, sizeof err) != 0) {
    fprintf(stderr, "%s\n", err);
    return 1;
  }
  check(engine->configure(t, &cfg), t);
  for (size_t k = 0; k < sizeof reg / sizeof *reg; k++) {
    int status;
    check(engine->csr_write(t, reg[k].address, reg[k].value, &status), t);
    if (status != XT_CSR_ST_OK) return 1;
  }
  engine->set_trace(t, show, NULL);
  answer(t, reset, 1);
  state(t);
  printf("packet %08" PRIx32 " %08" PRIx32 " %08" PRIx32 "\n", update[0], update[1], update[2]);
  answer(t, update, UPDATE_WORDS);
  state(t);
  engine->destroy(t);
  return 0;
}
