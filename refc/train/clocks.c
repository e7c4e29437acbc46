/* SPDX-License-Identifier: Apache-2.0 */
#include "clocks.h"

#include <stdio.h>
#include <stdlib.h>

enum { PER_SAMPLE = 4, PATH = 2 * XT_CLOCK_TILES }; /* packets of a tile, at most; operations of a path */

/* Packets by their numbers on their tile. */
struct seen {
  size_t cap; /* per tile */
  struct xt_clock_times *times[XT_CLOCK_TILES];
};

static void see(void *user, const struct xt_clock_times *times) {
  struct seen *s = user;
  if (times->number <= s->cap) s->times[times->tile][times->number - 1] = *times;
}

/* An operation whose answer the next one needs: which packet of its tile in a sample, and its clocks over all samples.
 */
struct step {
  const char *op;
  int layer;
  uint64_t packet, load, wait, array, answer;
};

/* FORWARD up, BACKWARD down, the first layer's update. */
static int path_of(const struct tr_net *net, struct step *path) {
  int n = 0;
  for (int k = 0; k < net->layers; k++) path[n++] = (struct step){.op = "FORWARD", .layer = k};
  for (int k = net->layers - 1; k > 0; k--) path[n++] = (struct step){.op = "BACKWARD", .layer = k, .packet = 1};
  path[n++] = (struct step){.op = "update", .layer = 0, .packet = 1};
  return n;
}

static const struct xt_clock_times *times_of(const struct seen *s, const struct step *p, const uint64_t *told) {
  return &s->times[p->layer][told[p->layer] + p->packet];
}

/* One sample, until the next one's first operation begins. told: packets of each tile before the sample. */
static void add(const struct seen *s, struct step *path, int n, const uint64_t *told, const uint64_t *told_next) {
  const uint64_t next = times_of(s, &path[0], told_next)->start;
  uint64_t from = times_of(s, &path[0], told)->start; /* its packet came while the last update ran */
  for (int k = 0; k < n; k++) {
    const struct xt_clock_times *t = times_of(s, &path[k], told);
    const uint64_t loaded = k == 0 ? from : t->in + 1;
    const uint64_t until = k + 1 < n ? t->answered + 1 : next;
    path[k].load += loaded - from;
    path[k].wait += t->start - loaded;
    path[k].array += t->end - t->start + 1;
    path[k].answer += until - t->end - 1;
    from = until;
  }
}

static void print(const struct tr_net *net, const struct step *path, int n, uint64_t clocks, double samples) {
  uint64_t sum[4] = {0};
  for (int k = 0; k < n; k++) {
    const uint64_t of[4] = {path[k].load, path[k].wait, path[k].array, path[k].answer};
    for (int c = 0; c < 4; c++) sum[c] += of[c];
  }
  const double array = (double)sum[2] / samples;
  printf("clocks of the first %.0f samples, streams of %d bits: %.1f per sample, %.1f of the arrays, %.2f times\n",
         samples, 32 * net->lanes, (double)clocks / samples, array, (double)clocks / (double)sum[2]);
  printf("  %-12s%8s%8s%8s%8s\n", "", "load", "wait", "array", "answer");
  for (int k = 0; k < n; k++)
    printf("  %-8s %-3d%8.1f%8.1f%8.1f%8.1f\n", path[k].op, path[k].layer, (double)path[k].load / samples,
           (double)path[k].wait / samples, (double)path[k].array / samples, (double)path[k].answer / samples);
  printf("  %-12s%8.1f%8.1f%8.1f%8.1f\n", "sum", (double)sum[0] / samples, (double)sum[1] / samples, array,
         (double)sum[3] / samples);
}

/* told: [samples + 1][layers]. */
static int train(struct tr_net *net, const struct tr_samples *d, size_t inputs, size_t samples, uint64_t *told,
                 struct tr_err *e) {
  for (size_t i = 0; i < samples; i++, told += net->layers) {
    struct tr_result r;
    for (int k = 0; k < net->layers; k++) told[k] = net->clock.now.tile[k].told;
    if (tr_net_train(net, d->x + i * inputs, d->label[i], NULL, 0, 1, &r, e)) return -1;
  }
  xt_clock_finish(&net->clock);
  return 0;
}

int tr_clocks_print(struct tr_net *net, const struct tr_samples *d, size_t inputs, size_t samples, struct tr_err *e) {
  struct seen s = {.cap = PER_SAMPLE * samples};
  struct step path[PATH];
  const int n = path_of(net, path);
  const size_t layers = (size_t)net->layers;
  uint64_t *told = tr_alloc(samples * layers, sizeof *told, e);
  for (size_t k = 0; k < layers; k++) s.times[k] = tr_alloc(s.cap, sizeof *s.times[k], e);
  net->clock.sink = see;
  net->clock.user = &s;
  int rc = e->code ? -1 : train(net, d, inputs, samples, told, e);
  net->clock.sink = NULL;
  for (size_t i = 0; !rc && i + 1 < samples; i++) add(&s, path, n, told + i * layers, told + (i + 1) * layers);
  if (!rc) {
    const uint64_t begin = times_of(&s, path, told)->start;
    const uint64_t end = times_of(&s, path, told + (samples - 1) * layers)->start;
    print(net, path, n, end - begin, (double)samples - 1);
  }
  for (size_t k = 0; k < layers; k++) free(s.times[k]);
  free(told);
  return rc;
}
