/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <argp.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clocks.h"
#include "data.h"
#include "front.h"
#include "mtj.h"
#include "net.h"
#include "ranges.h"
#include "xt_cycles.h"

enum { OPT_KEYS = 1000, PROBE_SAMPLES = 256 };

struct args {
  const char *config, *data;
  struct tr_sets sets;
  int keys;
};

static const struct argp_option options[] = {
    {"data", 'd', "DIR", 0, "folder of the data files (default: the environment's XT_DATA, else the current one)", 0},
    TR_CLI_SET,
    {"keys", OPT_KEYS, NULL, 0, "list every key of a configuration, with default and range", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case 'd':
      a->data = arg;
      return 0;
    case TR_OPT_SET:
      tr_cli_set(state, &a->sets, arg);
      return 0;
    case OPT_KEYS:
      a->keys = 1;
      return 0;
    case ARGP_KEY_ARG:
      if (a->config) argp_error(state, "one configuration only: '%s' is too much", arg);
      a->config = arg;
      return 0;
    case ARGP_KEY_END:
      if (!a->config && !a->keys) argp_error(state, "a configuration is missing");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* Lengths and words of an accumulator's operations. */
static void print_accumulator(const struct xt_dim *dim, uint32_t cell, struct xt_pulse_shape pulse,
                              const struct tr_rates *rates, const struct tr_plan *p) {
  const int decay = (int)tr_regs_get(&p->regs, XT_CSR_ACC_DECAY);
  const double full = exp2((double)tr_regs_get(&rates->regs, XT_CSR_ACC_RATE) / 2);
  printf("  accumulator: %d x %d sums of %d bits, %" PRId64 " bits; a batch of %" PRId64 ", momentum %.17g\n", dim->n,
         dim->ms, dim->shape.acc_bits, tr_plan_sum_bits(p), p->mtj.batch, decay ? 1 - exp2(-decay) : 0);
  printf("  a gradient of 1 is %.4g of a sum, which ends at %d; the largest voltage for a mean of %.4g and more\n",
         p->mtj.unit, dim->smax, full / p->mtj.unit / (double)p->mtj.batch);
  printf("  cycles: ACCUMULATE %" PRIu64 ", ACC_UPDATE %" PRIu64 " to %" PRIu64 " every %" PRId64 " samples\n",
         xt_cycles_accumulate(dim), xt_cycles_acc_update(dim, cell, pulse, 0),
         xt_cycles_acc_update(dim, cell, pulse, (uint64_t)dim->n * tr_mtj_phases(p, 0)), p->mtj.batch);
  printf("  words in + out: ACCUMULATE %u + %u (%u + %u with the x that is kept), ACC_UPDATE %u + %u\n",
         xt_beats_in(dim, XT_OP_ACCUMULATE, 0), xt_beats_out(dim, XT_OP_ACCUMULATE),
         xt_beats_in(dim, XT_OP_ACCUMULATE, 1), xt_beats_out(dim, XT_OP_ACCUMULATE),
         xt_beats_in(dim, XT_OP_ACC_UPDATE, 0), xt_beats_out(dim, XT_OP_ACC_UPDATE));
}

static int print_mtj(const struct xt_dim *dim, uint32_t enc, uint32_t cell, struct xt_pulse_shape pulse,
                     const struct tr_rates *rates, const struct tr_plan *p) {
  const struct xt_dev_cfg *d = &p->device[XT_PLANE_C].cfg;
  printf(
      "\n  binary devices, %d a weight of +-%.4g; largest voltage %.4g V: %.2f octaves of flips a cycle up, %.2f "
      "down\n",
      1 << p->gang, d->w_max * p->w_scale / ldexp(1, p->shape.state_bits - 1), p->mtj.volts, d->mtj_up / 256.,
      d->mtj_down / 256.);
  if (!p->mtj.batch) printf("  learning rate 2^%.1f of a full-scale pulse\n", -rates->upd_exp / 2.);
  if (p->mtj.read_rate > 0)
    printf("  reads flip a device %.3g times a cycle in which its line is driven\n", p->mtj.read_rate);
  if (tr_mtj_half(p) > 0) printf("  half-selected devices flip at %.2g of the learning rate\n", tr_mtj_half(p));
  if (p->mtj.batch) {
    printf("  cycles: FORWARD %" PRIu64 ", BACKWARD %" PRIu64 "\n", xt_cycles_read(dim, enc), xt_cycles_read(dim, enc));
    print_accumulator(dim, cell, pulse, rates, p);
    return 0;
  }
  printf("  cycles: FORWARD %" PRIu64 ", BACKWARD %" PRIu64 ", MTJ_UPDATE %" PRIu64 " (%" PRIu64
         " if an input is negative)\n",
         xt_cycles_read(dim, enc), xt_cycles_read(dim, enc),
         xt_cycles_mtj_update(dim, cell, pulse, tr_mtj_phases(p, 0)),
         xt_cycles_mtj_update(dim, cell, pulse, tr_mtj_phases(p, 1)));
  printf("  words in + out: FORWARD %u + %u, BACKWARD %u + %u, MTJ_UPDATE %u + %u (%u + %u with the x that is kept)\n",
         xt_beats_in(dim, XT_OP_FORWARD, 0), xt_beats_out(dim, XT_OP_FORWARD), xt_beats_in(dim, XT_OP_BACKWARD, 0),
         xt_beats_out(dim, XT_OP_BACKWARD), xt_beats_in(dim, XT_OP_MTJ_UPDATE, 0), xt_beats_out(dim, XT_OP_MTJ_UPDATE),
         xt_beats_in(dim, XT_OP_MTJ_UPDATE, 1), xt_beats_out(dim, XT_OP_MTJ_UPDATE));
  return 0;
}

static int print_layer(const struct tr_config *c, int k, const struct tr_layer *l, struct tr_err *e) {
  struct xt_dim dim;
  char err[256] = "";
  const struct tr_plan *p = &l->plan;
  if (xt_dim_init(&dim, &p->shape, err, sizeof err)) return tr_fail(e, TR_EXIT_CONFIG, "layer %d: %s", k, err);
  const uint32_t enc = (uint32_t)tr_regs_get(&p->regs, XT_CSR_READ_ENC);
  const uint32_t cell = (uint32_t)tr_regs_get(&p->regs, XT_CSR_CELL_MODE);
  const struct xt_pulse_shape pulse = tr_plan_pulse(p);
  const uint32_t ph = xt_cycles_phases_most(cell, 0), neg = xt_cycles_phases_most(cell, 1);
  const uint32_t bl = (uint32_t)c->desired_bl, xbl = (uint32_t)c->transfer_bl;
  printf("layer %d: %d lines in (bias included), %d out; %d crosspoints, %d ADCs\n", k, p->shape.n, p->shape.m,
         p->shape.n * p->shape.m, dim.units);
  printf("  ADC step 2^%d forward, 2^%d backward, 2^%d transfer; full-scale state = weight %g\n",
         p->range_fwd - p->load_octaves[0], p->range_bwd - p->load_octaves[1], p->range_xfer - p->load_octaves[0],
         p->w_scale);
  printf("  %s converters, %d cycles a conversion; front end: ", dim.ramp ? "ramp" : "SAR", dim.conv);
  tr_front_print(c, stdout);
  if (p->array.int_max) printf(" (2^%.1f accumulator units)", log2(p->array.int_max));
  if (tr_plan_is_mtj(p)) return print_mtj(&dim, enc, cell, pulse, &l->rates, p);
  printf("\n  initial weights +-%.4g; step", p->init);
  for (int plane = 0; plane < XT_NUM_PLANES; plane++)
    printf("%s of %s %.4g", plane ? "," : "", tr_plane_name(plane), p->device[plane].step * p->w_scale);
  printf(" (weight units, as quantised)\n");
  printf("  cycles: FORWARD %" PRIu64 ", BACKWARD %" PRIu64 ", UPDATE %" PRIu64 " to %" PRIu64 " (%" PRIu64
         " if an input is negative)",
         xt_cycles_read(&dim, enc), xt_cycles_read(&dim, enc), xt_cycles_update(&dim, pulse, ph, 0),
         xt_cycles_update(&dim, pulse, ph, bl), xt_cycles_update(&dim, pulse, neg, bl));
  const uint32_t xph = ph; /* the one-hot row of a transfer is positive */
  if (p->every)
    printf(", UPDATE with transfer %" PRIu64 " to %" PRIu64, xt_cycles_update_transfer(&dim, enc, pulse, ph, 0, xph, 0),
           xt_cycles_update_transfer(&dim, enc, pulse, neg, bl, xph, xbl));
  printf("\n  pulses: %u cycles and %u without drive, %u more after a phase", pulse.width, pulse.gap, pulse.settle);
  printf("\n  words in + out: FORWARD %u + %u, BACKWARD %u + %u, UPDATE %u + %u (%u + %u with the x that is kept)\n",
         xt_beats_in(&dim, XT_OP_FORWARD, 0), xt_beats_out(&dim, XT_OP_FORWARD), xt_beats_in(&dim, XT_OP_BACKWARD, 0),
         xt_beats_out(&dim, XT_OP_BACKWARD), xt_beats_in(&dim, XT_OP_UPDATE, 0), xt_beats_out(&dim, XT_OP_UPDATE),
         xt_beats_in(&dim, XT_OP_UPDATE, 1), xt_beats_out(&dim, XT_OP_UPDATE));
  if (p->every)
    printf("  transfer: %.4g of A per visit of a line; a line is visited every %lld samples\n", p->eta_c,
           (long long)p->every * p->shape.n);
  return 0;
}

/* The parameters of one xt_top with these tiles (rtl/SPEC.md section 13), and what tiles of one shape would need. */
static void print_top(const struct tr_net *net, size_t devices) {
  const struct xt_shape *first = &net->layer[0].plan.shape;
  int n = 0, m = 0;
  if (net->layers > (int)XT_NO_TILE) return; /* more tiles than it has */
  for (int k = 0; k < net->layers; k++) {
    const struct xt_shape *s = &net->layer[k].plan.shape;
    if (s->n > n) n = s->n;
    if (s->m > m) m = s->m;
  }
  printf("one xt_top: Tiles %d, Ns 256'h", net->layers);
  for (int k = net->layers - 1; k >= 0; k--) printf("%04x", (unsigned)net->layer[k].plan.shape.n);
  printf(", Ms 256'h");
  for (int k = net->layers - 1; k >= 0; k--) printf("%04x", (unsigned)net->layer[k].plan.shape.m);
  const double equal = (double)net->layers * n * m;
  printf(", CodeBits %d, AdcBits %d, AdcShare %d, BlMax %d, StateBits %d, ProbBits %d", first->code_bits,
         first->adc_bits, first->adc_share, first->bl_max, first->state_bits, first->prob_bits);
  if (first->mtj) printf(", Mtj 1");
  if (first->acc_bits) printf(", AccBits %d, AccGang %d", first->acc_bits, first->acc_gang);
  printf("\n");
  printf("  %zu crosspoints, %.1f %% of %d tiles of %dx%d\n", devices, 100 * (double)devices / equal, net->layers, n,
         m);
}

/* omega0 and zeta from the gradients at the initial weights. */
static int print_dynamics(const struct tr_dataset *d, size_t n, struct tr_net *net, struct tr_err *e) {
  for (size_t i = 0; i < n; i++) {
    struct tr_result r;
    if (tr_net_train(net, d->train.x + i * (size_t)d->inputs, d->train.label[i], NULL, 1, 0, &r, e)) return -1;
  }
  printf(
      "dynamics at the initial weights, from %zu samples (kappa = E[g^2]: Fisher, at a minimum of a likelihood loss)\n",
      n);
  for (int k = 0; k < net->layers; k++) {
    const struct tr_layer *l = &net->layer[k];
    const struct tr_plan *p = &l->plan;
    const double g = l->probe.abs_g / (double)l->probe.n, kappa = l->probe.g2 / (double)l->probe.n;
    double omega, zeta;
    tr_plan_dynamics(p, kappa, g, &omega, &zeta);
    printf("  layer %d: omega0 %.4g per sample (period %.0f samples), zeta %.4g (etaA %.4g, etaC' %.4g, E|g| %.3g, ", k,
           omega, omega > 0 ? 6.283185307179586 / omega : 0.0, zeta, p->rate,
           p->eta_c / ((double)p->every * p->shape.n), g);
    printf("kappa %.3g, tau %.3g", kappa, p->device[p->algorithm->update].tau);
    if (p->device[p->algorithm->update].zero != 0)
      printf(" around the symmetry point %.3g", p->device[p->algorithm->update].zero);
    printf(")\n");
  }
  return 0;
}

/* What only shows with samples on tiles. */
static int print_probe(const struct tr_config *c, const struct tr_dataset *d, struct tr_net *net, struct tr_err *e) {
  const struct xt_engine *quick = tr_engine_with(XT_CAN_COPIES); /* plain software */
  const size_t n = d->train.n < PROBE_SAMPLES ? d->train.n : PROBE_SAMPLES;
  uint64_t unfinished = 0;
  struct xt_engine_opts opts;
  memset(&opts, 0, sizeof opts);
  if (!quick) return 0;
  if (tr_net_open(net, quick, &opts, -1, e) || tr_net_init(net, c, &unfinished, e)) return -1;
  if (net->layer[0].plan.eta_c > 0 && print_dynamics(d, n, net, e)) return -1;
  if (n < 2) return 0; /* the clocks are from one to the next */
  return tr_net_epoch(net, c, 0, e) || tr_clocks_print(net, &d->train, (size_t)d->inputs, n, e) ? -1 : 0;
}

int tr_cli_info(int argc, char **argv, struct tr_err *e) {
  struct args a = {.keys = 0};
  const struct argp argp = {
      options, parse, "[CONFIG]", "Sizes, cycles, memory, dynamics and clocks of a configuration.", NULL, NULL, NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  if (a.keys) {
    tr_config_print_keys();
    for (const struct tr_algorithm *k = tr_algorithms; k->name; k++) printf("algorithm %s: %s\n", k->name, k->text);
    tr_device_print();
    for (int k = 0; xt_engines[k]; k++) printf("engine %s: %s\n", xt_engines[k]->name, xt_engines[k]->text);
    return 0;
  }
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  struct tr_dataset d;
  struct tr_net net;
  memset(&d, 0, sizeof d);
  memset(&net, 0, sizeof net);
  int rc = c ? tr_config_load(a.config, &a.sets, c, e) || tr_config_resolve(c, e) : -1;
  if (!rc) rc = tr_data_load(c, tr_cli_data_dir(a.data), &d, e);
  if (!rc) tr_data_print_notes(&d);
  if (!rc) rc = tr_ranges_measure(c, &d, stdout, e);
  if (!rc) rc = tr_net_make(c, d.inputs, d.classes, &net, e);
  if (!rc) {
    size_t devices = 0;
    printf("%s: %s", a.config, c->algorithm.v[0]);
    for (int k = 1; k < c->algorithm.n; k++)
      if (strcmp(c->algorithm.v[k], c->algorithm.v[k - 1]) != 0) printf(", from layer %d on %s", k, c->algorithm.v[k]);
    printf(", seed %lld; data %s: %zu + %zu samples%s, %d inputs, %d classes\n", (long long)c->seed, c->data_kind,
           d.train.n, d.test.n, c->data_validation > 0 ? " (validation)" : "", (int)d.inputs, (int)d.classes);
    for (int k = 0; !rc && k < net.layers; k++) {
      devices += (size_t)net.layer[k].plan.shape.n * (size_t)net.layer[k].plan.shape.m;
      tr_mtj_warn(&net.layer[k].plan, d.train.n, c->epochs);
      rc = print_layer(c, k, &net.layer[k], e);
    }
    if (!rc) print_top(&net, devices);
    const double states = 1e-6 * (double)devices * XT_NUM_PLANES * (c->state_bits <= 16 ? 2 : 4);
    printf("memory: samples %.1f MB, device states %.1f MB, a checkpoint %.1f MB\n",
           1e-6 * (double)((d.train.n + d.test.n) * (size_t)(d.inputs + 2)), states, states);
  }
  if (!rc) rc = print_probe(c, &d, &net, e);
  tr_net_free(&net);
  tr_data_free(&d);
  tr_sets_free(&a.sets);
  free(c);
  return rc ? -1 : 0;
}
