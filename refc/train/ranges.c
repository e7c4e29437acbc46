/* SPDX-License-Identifier: Apache-2.0 */
#include "ranges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"
#include "rng.h"

/* Samples that are trained on, and the first of those that are then looked at. */
enum { TRAINED = 8000, LOOKED_AT = 500, ROUNDS = 12 };
/* At most one conversion of so many may be at a rail. */
enum { ONE_IN = 32 };

enum { FORWARD, BACKWARD, TRANSFER, KINDS };

struct rails {
  uint64_t conversions, saturations;
};

struct measure {
  struct tr_config *c;
  const struct tr_dataset *d;
  struct tr_ints *range[KINDS];
  int chosen[KINDS][TR_MAX_LAYERS]; /* to be measured */
  struct rails rails[KINDS][TR_MAX_LAYERS];
  uint32_t *order;
};

static uint32_t sample(const struct measure *m, size_t k) {
  return m->order[k % m->d->train.n];
}

static const int8_t *inputs_of(const struct measure *m, size_t k) {
  return m->d->train.x + (size_t)sample(m, k) * (size_t)m->d->inputs;
}

/* The first samples of the run as it will see them; a small set comes again in the same order. */
static int train(const struct measure *m, struct tr_net *net, struct tr_err *e) {
  struct tr_result r;
  for (size_t k = 0; k < TRAINED; k++)
    if (tr_net_train(net, inputs_of(m, k), m->d->train.label[sample(m, k)], NULL, 0, 1, &r, e)) return -1;
  return 0;
}

/* What the tiles counted since the last call, per layer. */
static int counted(struct tr_net *net, uint64_t last[][2], struct rails *rails, struct tr_err *e) {
  for (int k = 0; k < net->layers; k++) {
    uint64_t c[XT_NUM_COUNTERS];
    if (tr_tile_counters(&net->layer[k].tile, c, e)) return -1;
    rails[k].conversions = c[XT_CNT_CONVERSIONS] - last[k][0];
    rails[k].saturations = c[XT_CNT_SATURATIONS] - last[k][1];
    last[k][0] = c[XT_CNT_CONVERSIONS];
    last[k][1] = c[XT_CNT_SATURATIONS];
  }
  return 0;
}

/* Forward alone, then forward and backward: the difference is backward's. */
static int look(struct measure *m, struct tr_net *net, struct tr_err *e) {
  uint64_t last[TR_MAX_LAYERS][2] = {{0}};
  struct rails none[TR_MAX_LAYERS];
  struct tr_result r;
  if (counted(net, last, none, e)) return -1;
  for (int backward = 0; backward < 2; backward++) {
    for (size_t k = 0; k < LOOKED_AT; k++) {
      const uint16_t label = m->d->train.label[sample(m, k)];
      if (backward ? tr_net_train(net, inputs_of(m, k), label, NULL, 0, 0, &r, e)
                   : tr_net_forward(net, inputs_of(m, k), label, &r, e))
        return -1;
    }
    if (counted(net, last, m->rails[backward ? BACKWARD : FORWARD], e)) return -1;
  }
  for (int k = 0; k < net->layers; k++) {
    m->rails[BACKWARD][k].conversions -= m->rails[FORWARD][k].conversions;
    m->rails[BACKWARD][k].saturations -= m->rails[FORWARD][k].saturations;
  }
  return 0;
}

/* A - R of every device against the full scale of a transfer's read. */
static int look_at_states(struct measure *m, struct tr_net *net, struct tr_err *e) {
  for (int k = 0; k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    struct rails *r = &m->rails[TRANSFER][k];
    struct xt_snapshot s;
    const int half = (int)m->c->range_transfer.v[k] - l->plan.w_scale_log2 + l->plan.shape.state_bits - 1;
    const int64_t full = half < 0 ? 0 : half > 40 ? INT64_C(1) << 40 : INT64_C(1) << half;
    *r = (struct rails){0, 0};
    if (l->plan.eta_c <= 0) continue; /* no transfers */
    int rc = tr_snapshot_alloc(&s, &l->plan.shape, e);
    if (!rc) rc = tr_tile_check(&l->tile, l->tile.engine->get_snapshot(l->tile.t, &s), "snapshot", e);
    for (size_t i = 0; !rc && i < (size_t)l->plan.shape.n * (size_t)l->plan.shape.m; i++) {
      r->conversions++;
      r->saturations += (uint64_t)(tr_abs((int64_t)s.w[XT_PLANE_A][i] - s.w[XT_PLANE_R][i]) >= full);
    }
    tr_snapshot_free(&s);
    if (rc) return -1;
  }
  return 0;
}

/* One run over the first samples with the ranges as they are. */
static int run(struct measure *m, struct tr_err *e) {
  const struct xt_engine *quick = tr_engine_with(XT_CAN_COPIES); /* plain software: the reference */
  struct xt_engine_opts opts;
  struct tr_net net;
  uint64_t unfinished;
  memset(&opts, 0, sizeof opts);
  if (!quick) return tr_fail(e, TR_EXIT_CONFIG, "tile.range_*: auto: no engine of this program can measure");
  if (tr_net_make(m->c, m->d->inputs, m->d->classes, &net, e)) return -1;
  const int rc = tr_net_open(&net, quick, &opts, -1, e) || tr_net_init(&net, m->c, &unfinished, e) ||
                 train(m, &net, e) || look(m, &net, e) || look_at_states(m, &net, e);
  tr_net_free(&net);
  return rc ? -1 : 0;
}

/* Twice the full scale where too many were at a rail; 0: nowhere. */
static int widen(struct measure *m) {
  int any = 0;
  for (int i = 0; i < KINDS; i++)
    for (int k = 0; k < m->range[i]->n; k++) {
      const struct rails *r = &m->rails[i][k];
      if (!m->chosen[i][k] || r->saturations * ONE_IN <= r->conversions) continue;
      m->range[i]->v[k]++;
      any = 1;
    }
  return any;
}

static void print(const struct measure *m, FILE *log) {
  static const char *const names[KINDS] = {"forward", "backward", "transfer"};
  for (int k = 0; k < m->range[FORWARD]->n; k++) {
    fprintf(log, "layer %d          ranges measured:", k);
    for (int i = 0, any = 0; i < KINDS; i++) {
      const struct rails *r = &m->rails[i][k];
      if (!m->chosen[i][k] || !r->conversions) continue;
      fprintf(log, "%s %s 2^%" PRId64 " (%.2f %% at a rail)", any++ ? "," : "", names[i], m->range[i]->v[k],
              100 * (double)r->saturations / (double)r->conversions);
    }
    fprintf(log, "\n");
  }
}

int tr_ranges_measure(struct tr_config *c, const struct tr_dataset *d, FILE *log, struct tr_err *e) {
  struct measure m = {.c = c, .d = d, .range = {&c->range_forward, &c->range_backward, &c->range_transfer}};
  struct tr_rng rng;
  int any = 0, rc = 0;
  for (int i = 0; i < KINDS; i++)
    for (int k = 0; k < m.range[i]->n; k++) any |= m.chosen[i][k] = m.range[i]->v[k] == TR_AUTO;
  if (!any) return 0;
  tr_config_start_ranges(c);
  if (!(m.order = tr_alloc(d->train.n, sizeof *m.order, e))) return -1;
  tr_rng_init(&rng, (uint64_t)c->seed, TR_STREAM_ORDER, 0);
  tr_rng_permute(&rng, m.order, d->train.n);
  for (int round = 0, again = 1; !rc && again && round < ROUNDS; round++) {
    rc = run(&m, e);
    again = 0;
    if (!rc && round < ROUNDS - 1) again = widen(&m);
  }
  if (!rc && log) print(&m, log);
  free(m.order);
  return rc;
}
