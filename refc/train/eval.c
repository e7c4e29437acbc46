/* SPDX-License-Identifier: Apache-2.0 */
#include "eval.h"

#include <stdlib.h>
#include <string.h>

#include "xt_dim.h"

struct tr_copies {
  int n;
  struct tr_net *net;
};

struct tr_copies *tr_copies_open(const struct tr_config *c, int32_t inputs, int32_t classes,
                                 const struct xt_engine *engine, int copies, struct tr_err *e) {
  struct tr_copies *k = tr_alloc(1, sizeof *k, e);
  if (!k) return NULL;
  k->net = tr_alloc((size_t)copies, sizeof *k->net, e);
  struct xt_engine_opts opts;
  memset(&opts, 0, sizeof opts);
  for (int i = 0; k->net && i < copies; i++) {
    if (tr_net_make(c, inputs, classes, &k->net[i], e)) break;
    k->n++;
    if (tr_net_open(&k->net[i], engine, &opts, -1, e)) break;
  }
  if (!e->code) return k;
  tr_copies_close(k);
  return NULL;
}

void tr_copies_close(struct tr_copies *k) {
  if (!k) return;
  for (int i = 0; i < k->n; i++) tr_net_free(&k->net[i]);
  free(k->net);
  free(k);
}

struct job {
  struct tr_net *net;
  size_t first, last;
  struct tr_eval r;
  struct tr_err err;
};

struct work {
  const struct tr_samples *s;
  uint16_t *predicted;
  int32_t inputs;
  const volatile int *stop;
  struct job *job;
};

static void run_job(void *ctx, int k, int thread) {
  (void)thread;
  const struct work *w = ctx;
  struct job *j = &w->job[k];
  for (size_t i = j->first; i < j->last && !(w->stop && *w->stop); i++) {
    struct tr_result r;
    if (tr_net_forward(j->net, w->s->x + i * (size_t)w->inputs, w->s->label[i], &r, &j->err)) return;
    j->r.n++;
    j->r.correct += r.predicted == w->s->label[i];
    j->r.loss += r.loss;
    if (w->predicted) w->predicted[i] = (uint16_t)r.predicted;
  }
}

/* State of `from` into `to`, with the noise counters moved on by `reads`. */
static int copy_tile(struct tr_tile *from, struct tr_tile *to, uint32_t reads, struct tr_err *e) {
  struct xt_snapshot s;
  int rc = tr_snapshot_alloc(&s, &from->shape, e);
  if (!rc) rc = tr_tile_check(from, from->engine->get_snapshot(from->t, &s), "snapshot", e);
  s.read_ctr += reads;
  s.cmp_ctr += reads * (uint32_t)(from->shape.adc_share * xt_shape_conv(&from->shape));
  if (!rc) rc = tr_tile_set_snapshot(to, &s, e);
  tr_snapshot_free(&s);
  return rc;
}

/* What the copy counted since `base` goes to the tile. */
static int merge_tile(struct tr_tile *tile, struct tr_tile *copy, const struct xt_snapshot *base, struct tr_err *e) {
  struct xt_snapshot s, t;
  int rc = tr_snapshot_alloc(&s, &tile->shape, e) || tr_snapshot_alloc(&t, &tile->shape, e) ? -1 : 0;
  if (!rc) rc = tr_tile_check(tile, tile->engine->get_snapshot(tile->t, &s), "snapshot", e);
  if (!rc) rc = tr_tile_check(copy, copy->engine->get_snapshot(copy->t, &t), "snapshot", e);
  if (!rc) {
    for (int k = 0; k < XT_NUM_COUNTERS; k++) s.counters[k] += t.counters[k] - base->counters[k];
    s.order += t.order - base->order;
    s.read_ctr = t.read_ctr;
    s.cmp_ctr = t.cmp_ctr;
    rc = tr_tile_set_snapshot(tile, &s, e);
  }
  tr_snapshot_free(&s);
  tr_snapshot_free(&t);
  return rc;
}

int tr_evaluate(struct tr_net *net, struct tr_copies *copies, struct tr_pool *pool, const struct tr_samples *s,
                int32_t inputs, const volatile int *stop, struct tr_eval *r, struct tr_err *e) {
  const int jobs = copies && s->n >= 64 ? copies->n + 1 : 1;
  struct job *job = tr_alloc((size_t)jobs, sizeof *job, e);
  struct xt_snapshot *base = tr_alloc((size_t)net->layers, sizeof *base, e);
  int rc = job && base ? 0 : -1;
  for (int k = 0; !rc && k < jobs; k++) {
    job[k].net = k ? &copies->net[k - 1] : net;
    job[k].first = s->n * (size_t)k / (size_t)jobs;
    job[k].last = s->n * (size_t)(k + 1) / (size_t)jobs;
    for (int l = 0; !rc && l < net->layers && k; l++)
      rc = copy_tile(&net->layer[l].tile, &job[k].net->layer[l].tile, (uint32_t)job[k].first, e);
  }
  for (int l = 0; !rc && jobs > 1 && l < net->layers; l++) {
    struct tr_tile *t = &net->layer[l].tile;
    rc = tr_snapshot_alloc(&base[l], &t->shape, e) ||
                 tr_tile_check(t, t->engine->get_snapshot(t->t, &base[l]), "snapshot", e)
             ? -1
             : 0;
  }
  if (!rc) {
    struct work w = {s, r->predicted, inputs, stop, job};
    tr_pool_run(pool, jobs, run_job, &w);
  }
  r->n = r->correct = r->loss = 0;
  for (int k = 0; !rc && k < jobs; k++) {
    if (job[k].err.code) {
      *e = job[k].err;
      rc = -1;
    }
    r->n += job[k].r.n;
    r->correct += job[k].r.correct;
    r->loss += job[k].r.loss;
    for (int l = 0; !rc && k && l < net->layers; l++)
      rc = merge_tile(&net->layer[l].tile, &job[k].net->layer[l].tile, &base[l], e);
  }
  for (int l = 0; base && l < net->layers; l++) tr_snapshot_free(&base[l]);
  free(base);
  free(job);
  return rc ? -1 : r->n < s->n;
}
