/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "switching.h"

int tr_costs_of(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_costs *o,
                struct tr_err *e) {
  memset(o, 0, sizeof *o);
  if (tr_net_counters(net, o->c, e)) return -1;
  for (int k = 0; k < XT_NUM_COUNTERS; k++) o->c[k] -= s->setup[k] + s->eval[k];
  for (int k = 0; k < net->layers; k++)
    o->devices += (uint64_t)net->layer[k].plan.shape.n * (uint64_t)net->layer[k].plan.shape.m;
  struct xt_clock clock = net->clock;
  xt_clock_finish(&clock);
  o->clocks = clock.now.out;
  o->chain = clock.now.chain;
  o->seconds = (double)o->c[XT_CNT_CYCLES] / (c->clock_mhz * 1e6);
  o->pj_cycles = c->pj_cycle * (double)o->c[XT_CNT_CYCLES];
  o->pj_conversions = c->pj_conversion * (double)o->c[XT_CNT_CONVERSIONS];
  o->pj_slots = c->pj_slot * (double)o->c[XT_CNT_SLOTS];
  o->pj_pulses = c->pj_pulse * (double)o->c[XT_CNT_PULSES];
  return 0;
}

static double joules(const struct tr_costs *o) {
  return 1e-12 * (o->pj_cycles + o->pj_conversions + o->pj_slots + o->pj_pulses);
}

double tr_chain_ratio(const struct tr_costs *o) {
  return o->chain ? (double)o->clocks / (double)o->chain : 0;
}

static double pulses_each(const struct tr_costs *o) {
  return (double)o->c[XT_CNT_PULSES] / (double)o->devices;
}

void tr_dynamics_of(const struct tr_layer *l, struct tr_dynamics *y) {
  const double n = l->probe.n ? (double)l->probe.n : 1;
  y->mean_abs_g = l->probe.abs_g / n;
  y->kappa = l->probe.g2 / n;
  tr_plan_dynamics(&l->plan, y->kappa, y->mean_abs_g, &y->omega0, &y->zeta);
}

/* What an engine that compares has compared, over all tiles. */
static struct xt_matched matched(const struct tr_net *net) {
  struct xt_matched all = {0, 0, 0};
  for (int k = 0; k < net->layers; k++) {
    struct xt_matched one = {0, 0, 0};
    net->layer[k].tile.engine->matched(net->layer[k].tile.t, &one);
    all.records += one.records;
    all.operations += one.operations;
    all.cycles += one.cycles;
  }
  return all;
}

static void print_list(FILE *f, const char *name, const struct tr_ints *list) {
  fprintf(f, "%s: [", name);
  for (int k = 0; k < list->n; k++) fprintf(f, "%s%" PRId64, k ? ", " : "", list->v[k]);
  fprintf(f, "]\n");
}

/* Share of a layer's conversions that were at a rail since RESET, programming and evaluations included. */
static int rail_share(struct tr_layer *l, double *share, struct tr_err *e) {
  uint64_t c[XT_NUM_COUNTERS];
  if (tr_tile_counters(&l->tile, c, e)) return -1;
  *share = c[XT_CNT_CONVERSIONS] ? (double)c[XT_CNT_SATURATIONS] / (double)c[XT_CNT_CONVERSIONS] : 0;
  return 0;
}

char *tr_summary_text(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_err *e) {
  struct tr_costs o;
  const char *held = tr_data_held(c);
  char *text = NULL;
  size_t n = 0;
  if (tr_costs_of(c, net, s, &o, e)) return NULL;
  FILE *f = open_memstream(&text, &n);
  if (!f) {
    tr_nomem(e);
    return NULL;
  }
  fprintf(f, "seed: %lld\nepochs: %" PRIu64 "\nsamples: %" PRIu64 "\n", (long long)c->seed, s->epoch, s->samples);
  if (s->test_n)
    fprintf(f, "%s_accuracy: %.6f\nbest_%s_accuracy: %.6f\n%s_samples: %" PRIu64 "\n", held,
            (double)s->test_correct / (double)s->test_n, held, (double)s->best_correct / (double)s->test_n, held,
            s->test_n);
  fprintf(f, "training:\n");
#define X(name, value, text) fprintf(f, "  " #name ": %" PRIu64 "\n", o.c[value]);
  XT_CNT_TABLE(X)
#undef X
  fprintf(f, "setup_unfinished_lines: %" PRIu64 "\n", s->setup_unfinished);
  fprintf(f, "setup_cycles: %" PRIu64 "\nevaluation_cycles: %" PRIu64 "\n", s->setup[XT_CNT_CYCLES],
          s->eval[XT_CNT_CYCLES]);
  fprintf(f, "tile_seconds: %.9g\nclock_mhz: %.9g\n", o.seconds, c->clock_mhz);
  fprintf(f, "clocks: %" PRIu64 "\nchain_cycles: %" PRIu64 "\nclocks_per_chain: %.4f\n", o.clocks, o.chain,
          tr_chain_ratio(&o));
  fprintf(f, "crosspoints: %" PRIu64 "\npulses_per_crosspoint: %.6g\n", o.devices, pulses_each(&o));
  if (net->layer[0].tile.engine->can & XT_CAN_COMPARE) { /* since the program began: a run that was resumed has more */
    const struct xt_matched all = matched(net);
    fprintf(f, "matched: {engine: %s, records: %" PRIu64 ", operations: %" PRIu64 ", cycles: %" PRIu64 "}\n",
            net->layer[0].tile.engine->name, all.records, all.operations, all.cycles);
  }
  print_list(f, "range_forward", &c->range_forward);
  print_list(f, "range_backward", &c->range_backward);
  print_list(f, "range_transfer", &c->range_transfer);
  fprintf(f, "rail_share: [");
  for (int k = 0; k < net->layers; k++) {
    double share = 0;
    (void)rail_share(&net->layer[k], &share, e);
    fprintf(f, "%s%.6f", k ? ", " : "", share);
  }
  fprintf(f, "]\nenergy_joules_placeholder: %.6g\nlayers:\n", joules(&o));
  for (int k = 0; k < net->layers; k++) {
    struct tr_dynamics y;
    tr_dynamics_of(&net->layer[k], &y);
    fprintf(f, "  - {mean_abs_g: %.6g, kappa: %.6g, omega0: %.6g, zeta: %.6g, exp_clamps: %" PRIu64, y.mean_abs_g,
            y.kappa, y.omega0, y.zeta, net->layer[k].exp_clamps);
    if (net->layer[k].plan.mtj.batch)
      fprintf(f, ", sum_bits: %" PRId64 ", clipped_rows: %" PRIu64, tr_plan_sum_bits(&net->layer[k].plan),
              net->layer[k].clipped);
    fprintf(f, "}\n");
  }
  tr_switching_text(f, c, net, s);
  if (fclose(f)) tr_nomem(e);
  if (e->code) {
    free(text);
    return NULL;
  }
  return text;
}

int tr_matched_print(struct tr_net *net, long long seed, struct tr_err *e) {
  if (!(net->layer[0].tile.engine->can & XT_CAN_COMPARE)) return 0;
  const struct xt_matched all = matched(net);
  printf("matched %" PRIu64 " records, %" PRIu64 " operations, %" PRIu64 " cycles (seed %lld)\n", all.records,
         all.operations, all.cycles, seed);
  return all.records ? 0 : tr_fail(e, TR_EXIT_MISMATCH, "nothing was compared");
}

int tr_summary_print(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_err *e) {
  struct tr_costs o;
  if (tr_costs_of(c, net, s, &o, e)) return -1;
  const double samples = s->samples ? (double)s->samples : 1;
  if (s->test_n)
    printf("%-16s %.2f %% of %" PRIu64 " samples, best %.2f %%\n",
           c->data_validation > 0 ? "validation" : "test accuracy", 100 * (double)s->test_correct / (double)s->test_n,
           s->test_n, 100 * (double)s->best_correct / (double)s->test_n);
  printf("training         %" PRIu64 " samples, %" PRIu64
         " tile cycles (%.0f per sample), %.6g s at %g MHz, one tile at a time\n",
         s->samples, o.c[XT_CNT_CYCLES], (double)o.c[XT_CNT_CYCLES] / samples, o.seconds, c->clock_mhz);
  printf("clocks           %" PRIu64
         " (%.0f per sample) of a host that never waits, %.2f times the longest chain (%.0f)\n",
         o.clocks, (double)o.clocks / samples, tr_chain_ratio(&o), (double)o.chain / samples);
  const struct tr_algorithm *a = net->layer[0].plan.algorithm;
  printf("pulses           %" PRIu64 ", %.1f per crosspoint (", o.c[XT_CNT_PULSES], pulses_each(&o));
  if (a->update != a->weights) printf("%s and %s together", tr_plane_name(a->update), tr_plane_name(a->weights));
  if (a->update == a->weights) printf("%s", tr_plane_name(a->weights));
  printf("); %" PRIu64 " transfers\n", o.c[XT_CNT_TRANSFERS]);
  const double conversions = o.c[XT_CNT_CONVERSIONS] ? (double)o.c[XT_CNT_CONVERSIONS] : 1;
  printf("conversions      %" PRIu64 ", %.3f %% at a rail; %" PRIu64 " clipped pulse trains\n", o.c[XT_CNT_CONVERSIONS],
         100 * (double)o.c[XT_CNT_SATURATIONS] / conversions, o.c[XT_CNT_CLIPS]);
  if (c->integrator_limit > 0)
    printf("overloads        %" PRIu64 ", %.3f %% of the conversions: integrators that reached their limit\n",
           o.c[XT_CNT_OVERLOADS], 100 * (double)o.c[XT_CNT_OVERLOADS] / conversions);
  if (o.c[XT_CNT_UPSETS])
    printf("warning          %" PRIu64 " slots in which a pulse generator stood at 0: a register was disturbed\n",
           o.c[XT_CNT_UPSETS]);
  printf("ADC ranges      ");
  for (int k = 0; k < net->layers; k++) {
    double share = 0;
    if (rail_share(&net->layer[k], &share, e)) return -1;
    printf("%s layer %d: 2^%" PRId64 " forward, 2^%" PRId64 " backward, 2^%" PRId64 " transfer (%.2f %% at a rail)",
           k ? ";" : "", k, c->range_forward.v[k], c->range_backward.v[k], c->range_transfer.v[k], 100 * share);
  }
  printf("\n");
  printf("besides          %" PRIu64 " cycles for initial weights, %" PRIu64 " for evaluation\n",
         s->setup[XT_CNT_CYCLES], s->eval[XT_CNT_CYCLES]);
  printf("energy           %.4g J with the costs of section energy (placeholders)\n", joules(&o));
  tr_switching_print(stdout, c, net, s);
  for (int k = 0; k < net->layers; k++) {
    struct tr_dynamics y;
    tr_dynamics_of(&net->layer[k], &y);
    if (net->layer[k].plan.mtj.batch)
      printf("accumulator      layer %d: %" PRId64 " bits, batch %" PRId64 ", %" PRIu64 " of the next done; %" PRIu64
             " rows with a sum at its limit\n",
             k, tr_plan_sum_bits(&net->layer[k].plan), net->layer[k].plan.mtj.batch, net->layer[k].batched,
             net->layer[k].clipped);
    if (y.omega0 > 0)
      printf("layer %d          omega0 %.4g per sample, zeta %.4g (E|g| %.3g, kappa = E[g^2] %.3g)\n", k, y.omega0,
             y.zeta, y.mean_abs_g, y.kappa);
  }
  return tr_matched_print(net, (long long)c->seed, e);
}
