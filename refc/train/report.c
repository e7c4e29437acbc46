/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "checkpoint.h"
#include "data.h"
#include "eval.h"
#include "mtj.h"
#include "run.h"
#include "stop.h"
#include "summary.h"
#include "switching.h"
#include "xt_cycles.h"
#include "xt_room.h"

struct report {
  const struct tr_report_opts *o;
  struct tr_config *c;
  struct tr_checkpoint *cp;
  struct tr_net net;
  struct tr_state state;
  FILE *f; /* facts.yaml */
};

/* ---- files ---- */
static FILE *begin_file(const char *folder, const char *name, char **path, struct tr_err *e) {
  *path = tr_join(folder, name, e);
  FILE *f = *path ? fopen(*path, "w") : NULL;
  if (*path && !f) tr_fail(e, TR_EXIT_DATA, "%s: %s", *path, strerror(errno));
  return f;
}

static int end_file(FILE *f, char *path, struct tr_err *e) {
  errno = 0;
  if (f && (ferror(f) | fclose(f)))
    tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", path, strerror(errno ? errno : EIO));
  free(path);
  return e->code ? -1 : 0;
}

static int write_array(const struct report *r, int layer, int plane, const char *name, const void *values, size_t n,
                       struct tr_err *e) {
  char file[64], *path = NULL;
  snprintf(file, sizeof file, "layer%d.%s.%s", layer, tr_plane_name(plane), name);
  FILE *f = begin_file(r->o->to, file, &path, e);
  if (f && fwrite(values, 4, n, f) != n) tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", path, strerror(errno));
  return end_file(f, path, e);
}

/* A text between single quotes of YAML. */
static void quoted(FILE *f, const char *text) {
  fputc('\'', f);
  for (const char *p = text; *p; p++) {
    if (*p == '\'') fputc('\'', f);
    fputc((unsigned char)*p < ' ' ? '?' : *p, f);
  }
  fputc('\'', f);
}

static void counters(FILE *f, const char *name, const uint64_t c[XT_NUM_COUNTERS]) {
  fprintf(f, "%s: {", name);
#define X(NAME, value, text) fprintf(f, "%s" #NAME ": %" PRIu64, (value) ? ", " : "", c[value]);
  XT_CNT_TABLE(X)
#undef X
  fprintf(f, "}\n");
}

/* ---- cycles ---- */
/* The parts of an operation, in order (rtl/SPEC.md section 4). */
struct parts {
  FILE *f;
  uint64_t sum;
};

static void part(struct parts *p, const char *name, uint64_t cycles) {
  fprintf(p->f, "%s[%s, %" PRIu64 "]", p->sum ? ", " : "", name, cycles);
  p->sum += cycles;
}

static void read_parts(struct parts *p, const struct xt_dim *dim, uint32_t enc) {
  part(p, "CLEAR", 1);
  part(p, "INTEG", xt_cycles_rs(dim, enc));
  part(p, "HOLD", 1);
  for (int32_t a = 0; a < dim->share; a++) {
    part(p, "SAR", (uint64_t)dim->adc_bits);
    part(p, "LATCH", 1);
  }
}

/* Of binary devices; rows: that are fetched one by one, 0: none. */
static void switch_parts(struct parts *p, struct xt_pulse_shape pulse, uint32_t phases, uint32_t slots, uint32_t rows) {
  const uint32_t times = rows ? rows : 1;
  if (rows) part(p, "FETCH", rows);
  part(p, "ENCODE", times);
  part(p, "PULSE", times * phases * xt_cycles_switch_phase(pulse, slots));
}

/* Pulses with their gaps, phase by phase. */
static void pulse_parts(struct parts *p, const struct xt_dim *dim, struct xt_pulse_shape pulse, uint32_t phases,
                        uint32_t bl) {
  part(p, "UM", XT_UM_CYCLES);
  part(p, "SCALE", (uint64_t)dim->cm);
  part(p, "PULSE", phases * xt_cycles_phase(pulse, bl));
}

struct operation {
  const char *name;
  uint8_t op;
  uint8_t sel;
  uint64_t least, most;
  int read;                      /* it begins with one */
  uint32_t phases, bl;           /* of the pulses; 0: none */
  uint32_t slots, rows;          /* of a phase of MTJ_UPDATE, instead of bl; rows of ACC_UPDATE; 0: none */
  uint32_t sums;                 /* cycles of SUM; 0: no ACCUMULATE */
  uint32_t xfer_phases, xfer_bl; /* of the transfer that follows; 0: none */
};

static int print_operation(FILE *f, const struct xt_dim *dim, uint32_t enc, struct xt_pulse_shape pulse,
                           const struct operation *o, struct tr_err *e) {
  struct parts p = {f, 0};
  fprintf(f,
          "      - {name: '%s', least: %" PRIu64 ", most: %" PRIu64 ", words_in: %" PRIu32 ", words_out: %" PRIu32
          ", parts: [",
          o->name, o->least, o->most, xt_beats_in(dim, o->op, o->sel), xt_beats_out(dim, o->op));
  part(&p, "START", 1);
  if (o->read) read_parts(&p, dim, enc);
  if (o->slots) switch_parts(&p, pulse, o->phases, o->slots, o->rows);
  if (o->sums) part(&p, "ENCODE", 1);
  if (o->sums) part(&p, "SUM", o->sums);
  if (o->bl) pulse_parts(&p, dim, pulse, o->phases, o->bl);
  if (o->xfer_bl) {
    read_parts(&p, dim, enc);
    pulse_parts(&p, dim, pulse, o->xfer_phases, o->xfer_bl);
  }
  part(&p, "END", 1);
  fprintf(f, "]}\n");
  return p.sum == o->most ? 0
                          : tr_fail(e, TR_EXIT_INTERNAL, "%s: parts of %" PRIu64 " cycles, formula %" PRIu64, o->name,
                                    p.sum, o->most);
}

static int print_accumulator(const struct report *r, const struct tr_plan *p, const struct xt_dim *dim,
                             struct tr_err *e) {
  const uint32_t enc = (uint32_t)tr_regs_get(&p->regs, XT_CSR_READ_ENC);
  const uint32_t cell = (uint32_t)tr_regs_get(&p->regs, XT_CSR_CELL_MODE);
  const uint32_t rows = (uint32_t)dim->n, phases = tr_mtj_phases(p, 0);
  const struct xt_pulse_shape pulse = tr_plan_pulse(p);
  const struct operation sum = {.name = "ACCUMULATE",
                                .op = XT_OP_ACCUMULATE,
                                .sel = 1,
                                .least = xt_cycles_accumulate(dim),
                                .most = xt_cycles_accumulate(dim),
                                .sums = rows + 1};
  const struct operation flush = {.name = "ACC_UPDATE",
                                  .op = XT_OP_ACC_UPDATE,
                                  .least = xt_cycles_acc_update(dim, cell, pulse, 0),
                                  .most = xt_cycles_acc_update(dim, cell, pulse, (uint64_t)rows * phases),
                                  .phases = phases,
                                  .slots = xt_cycles_switch_slots(dim, cell),
                                  .rows = rows};
  return print_operation(r->f, dim, enc, pulse, &sum, e) || print_operation(r->f, dim, enc, pulse, &flush, e) ? -1 : 0;
}

static int print_mtj_updates(const struct report *r, const struct tr_plan *p, const struct xt_dim *dim,
                             struct tr_err *e) {
  const uint32_t enc = (uint32_t)tr_regs_get(&p->regs, XT_CSR_READ_ENC);
  const uint32_t cell = (uint32_t)tr_regs_get(&p->regs, XT_CSR_CELL_MODE);
  const struct xt_pulse_shape pulse = tr_plan_pulse(p);
  for (int negative = 0; negative < 2; negative++) {
    const uint32_t phases = tr_mtj_phases(p, negative);
    const uint64_t cycles = xt_cycles_mtj_update(dim, cell, pulse, phases);
    const struct operation o = {.name = negative ? "MTJ_UPDATE, some x < 0" : "MTJ_UPDATE",
                                .op = XT_OP_MTJ_UPDATE,
                                .sel = 1,
                                .least = xt_cycles_mtj_update(dim, cell, pulse, 0),
                                .most = cycles,
                                .phases = phases,
                                .slots = xt_cycles_switch_slots(dim, cell)};
    if (print_operation(r->f, dim, enc, pulse, &o, e)) return -1;
  }
  return 0;
}

static int print_operations(const struct report *r, const struct tr_layer *l, int layer, const struct xt_dim *dim,
                            struct tr_err *e) {
  const struct tr_plan *p = &l->plan;
  const uint32_t enc = (uint32_t)tr_regs_get(&p->regs, XT_CSR_READ_ENC);
  const uint32_t cell = (uint32_t)tr_regs_get(&p->regs, XT_CSR_CELL_MODE);
  const struct xt_pulse_shape pulse = tr_plan_pulse(p);
  const uint32_t ph = xt_cycles_phases_most(cell, 0), neg = xt_cycles_phases_most(cell, 1);
  const uint32_t bl = (uint32_t)r->c->desired_bl, xbl = (uint32_t)r->c->transfer_bl;
  const uint64_t read = xt_cycles_read(dim, enc);
  const struct operation reads[] = {{.name = "FORWARD", .op = XT_OP_FORWARD, .least = read, .most = read, .read = 1},
                                    {.name = "BACKWARD", .op = XT_OP_BACKWARD, .least = read, .most = read, .read = 1}};
  fprintf(r->f, "    operations:\n");
  if (print_operation(r->f, dim, enc, pulse, &reads[0], e) ||
      (layer && print_operation(r->f, dim, enc, pulse, &reads[1], e)))
    return -1;
  if (tr_plan_op(p) == XT_OP_ACCUMULATE) return print_accumulator(r, p, dim, e);
  if (tr_plan_op(p) == XT_OP_MTJ_UPDATE) return print_mtj_updates(r, p, dim, e);
  for (int negative = 0; negative < (ph == neg ? 1 : 2); negative++) {
    const uint32_t phases = negative ? neg : ph;
    struct operation o = {.name = negative ? "UPDATE, some x < 0" : "UPDATE",
                          .op = XT_OP_UPDATE,
                          .sel = 1, /* with the x that FORWARD brought */
                          .least = xt_cycles_update(dim, pulse, phases, 0),
                          .most = xt_cycles_update(dim, pulse, phases, bl),
                          .phases = phases,
                          .bl = bl};
    if (print_operation(r->f, dim, enc, pulse, &o, e)) return -1;
    if (!p->every) continue;
    o.name = negative ? "UPDATE with transfer, some x < 0" : "UPDATE with transfer";
    o.least = xt_cycles_update_transfer(dim, enc, pulse, phases, 0, ph, 0);
    o.most = xt_cycles_update_transfer(dim, enc, pulse, phases, bl, ph, xbl);
    o.xfer_phases = ph;
    o.xfer_bl = xbl;
    if (print_operation(r->f, dim, enc, pulse, &o, e)) return -1;
  }
  return 0;
}

/* Where the cycles of the training went. The length of a read is one for all layers: it does not depend on the lines.
 */
static int print_budget(const struct report *r, const struct tr_costs *k, struct tr_err *e) {
  struct xt_dim dim;
  char why[256];
  const struct tr_plan *p = &r->net.layer[0].plan;
  if (xt_dim_init(&dim, &p->shape, why, sizeof why)) return tr_fail(e, TR_EXIT_INTERNAL, "%s", why);
  const uint64_t read = xt_cycles_readseq(&dim, (uint32_t)tr_regs_get(&p->regs, XT_CSR_READ_ENC));
  const struct xt_pulse_shape pulse = tr_plan_pulse(p);
  const uint64_t layers = (uint64_t)r->net.layers, samples = r->state.samples, transfers = k->c[XT_CNT_TRANSFERS];
  uint64_t encoded = 0; /* MTJ_UPDATEs: ENCODE instead of the update manager, pulses as long as no counter says */
  uint64_t sums = 0;    /* of accumulators: SUM of every sample, FETCH and ENCODE of every row of a batch */
  for (uint64_t l = 0; l < layers; l++) {
    const struct tr_plan *of = &r->net.layer[l].plan;
    const uint64_t lines = (uint64_t)of->shape.n;
    encoded += tr_plan_is_mtj(of) ? samples : 0;
    if (of->mtj.batch) sums += samples * (lines + 1) + samples / (uint64_t)of->mtj.batch * 2 * lines;
  }
  const uint64_t trains = samples * layers + transfers - encoded;
  enum { PULSES = 6 };
  struct {
    const char *name;
    uint64_t cycles;
  } row[] = {{"START and END", 2 * k->c[XT_CNT_OPS]},
             {"FORWARD reads", read * samples * layers},
             {"BACKWARD reads", read * samples * (layers - 1)},
             {"reads of transfers", read * transfers},
             {"update manager", XT_UM_CYCLES * trains + encoded},
             {"sums of batches", sums},
             {"pulses", encoded ? 0 : pulse.width * k->c[XT_CNT_SLOTS]},
             {"gaps between pulses", pulse.gap * k->c[XT_CNT_SLOTS]},
             {"thresholds, settling", k->c[XT_CNT_CYCLES]}};
  const size_t rows = sizeof row / sizeof *row;
  for (size_t i = 0; i + 1 < rows; i++) row[rows - 1].cycles -= row[i].cycles; /* the rest, which must fit */
  /* of a train that is not empty: CM cycles, and PULSE_SETTLE for each of its phases, which no counter counts */
  const uint64_t least = (uint64_t)dim.cm, most = least + 4 * pulse.settle;
  if (k->c[XT_CNT_READS] != samples * (2 * layers - 1) + transfers ||
      (!encoded && row[rows - 1].cycles > trains * most) ||
      (!encoded && pulse.settle == 0 && row[rows - 1].cycles % least))
    return tr_fail(e, TR_EXIT_DATA, "%s: its counters do not fit %" PRIu64 " samples of training", r->o->run, samples);
  if (encoded) { /* thresholds and settling are in them */
    row[PULSES].cycles = row[rows - 1].cycles;
    row[rows - 1].cycles = 0;
  }
  fprintf(r->f, "read_cycles: %" PRIu64 "\nbudget:\n", read);
  for (size_t i = 0; i < rows; i++) fprintf(r->f, "  %s: %" PRIu64 "\n", row[i].name, row[i].cycles);
  return 0;
}

/* ---- devices ---- */
static int print_plane(const struct report *r, int layer, int plane, const struct xt_dim *dim, const int32_t *w,
                       struct tr_err *e) {
  const struct tr_layer *l = &r->net.layer[layer];
  const size_t n = (size_t)dim->n * (size_t)dim->m;
  const double unit = l->plan.w_scale / ldexp(1, l->plan.shape.state_bits - 1);
  struct xt_room room = {0};
  struct xt_plane p = {0};
  uint64_t stuck = 0, low_n = 0, high_n = 0;
  float *v = tr_alloc(4 * n, sizeof *v, e), *state = v, *low = v + n, *high = v + 2 * n, *zero = v + 3 * n;
  xt_plane_room(&p, dim, (uint32_t)plane, &room);
  if (room.failed) tr_nomem(e);
  if (!e->code) xt_plane_fabricate(&p, &l->plan.array.dev[plane], l->plan.array.seed);
  for (size_t k = 0; !e->code && k < n; k++) {
    const struct xt_device d = xt_plane_device(&p, k);
    state[k] = (float)(w[k] * unit);
    low[k] = (float)(d.wmin * unit);
    high[k] = (float)(d.wmax * unit);
    zero[k] = (float)(tr_device_symmetry(&p, k) * unit);
    if (d.wmin == d.wmax) {
      stuck++;
    } else {
      low_n += w[k] <= d.wmin;
      high_n += w[k] >= d.wmax;
    }
  }
  if (!e->code && !write_array(r, layer, plane, "state.f32", state, n, e) &&
      !write_array(r, layer, plane, "low.f32", low, n, e) && !write_array(r, layer, plane, "high.f32", high, n, e))
    write_array(r, layer, plane, "symmetry.f32", zero, n, e);
  const uint32_t *pulses = l->tile.engine->can & XT_CAN_PULSES ? l->tile.engine->pulses(l->tile.t, plane) : NULL;
  if (!e->code && pulses) write_array(r, layer, plane, "pulses.u32", pulses, n, e);
  const struct tr_device *d = &l->plan.device[plane];
  fprintf(r->f,
          "      %s: {step: %.9g, symmetry: %.9g, tau: %.9g, stuck: %" PRIu64 ", at_low: %" PRIu64 ", at_high: %" PRIu64
          ", pulses: %s}\n",
          tr_plane_name(plane), d->step * l->plan.w_scale, d->zero, d->tau, stuck, low_n, high_n,
          pulses ? "true" : "false");
  xt_room_free(&room);
  free(v);
  return e->code ? -1 : 0;
}

static int print_layer(struct report *r, int layer, struct tr_err *e) {
  struct tr_layer *l = &r->net.layer[layer];
  const struct tr_plan *p = &l->plan;
  struct xt_dim dim;
  struct xt_snapshot s;
  struct tr_dynamics y;
  uint64_t c[XT_NUM_COUNTERS];
  char why[256];
  if (xt_dim_init(&dim, &p->shape, why, sizeof why)) return tr_fail(e, TR_EXIT_INTERNAL, "layer %d: %s", layer, why);
  if (tr_tile_counters(&l->tile, c, e)) return -1;
  tr_dynamics_of(l, &y);
  fprintf(r->f, "  - n: %d\n    m: %d\n    adcs: %d\n    w_scale: %.9g\n    init: %.9g\n    exp_clamps: %" PRIu64 "\n",
          p->shape.n, p->shape.m, dim.units, p->w_scale, p->init, l->exp_clamps);
  fprintf(r->f,
          "    dynamics: {probes: %" PRIu64
          ", mean_abs_g: %.9g, kappa: %.9g, omega0: %.9g, zeta: %.9g, eta_a: %.9g, "
          "eta_c: %.9g, visit: %" PRId64 "}\n    ",
          l->probe.n, y.mean_abs_g, y.kappa, y.omega0, y.zeta, p->rate, p->eta_c, p->every * p->shape.n);
  counters(r->f, "counters", c);
  if (print_operations(r, l, layer, &dim, e)) return -1;
  fprintf(r->f, "    planes:\n");
  int rc = tr_snapshot_alloc(&s, &p->shape, e);
  if (!rc) rc = tr_tile_check(&l->tile, l->tile.engine->get_snapshot(l->tile.t, &s), "snapshot", e);
  for (int plane = 0; !rc && plane < XT_NUM_PLANES; plane++) rc = print_plane(r, layer, plane, &dim, s.w[plane], e);
  tr_snapshot_free(&s);
  return rc;
}

/* ---- the inputs of layers ---- */
/* Whether the inputs of layer `layer` may be negative; what the data says of the first one. */
static int negative_inputs(const struct report *r, int layer, int data_negative) {
  if (layer == 0) return data_negative;
  const struct tr_layer *below = &r->net.layer[layer - 1];
  const int32_t codes = (1 << below->plan.shape.adc_bits) - 1; /* of the ADC: the table's length */
  for (int32_t k = 0; k < codes; k++)
    if (below->act_code[k] < 0) return 1;
  return 0;
}

static int any_negative(const struct tr_samples *s, int32_t inputs) {
  for (size_t k = 0; k < s->n * (size_t)inputs; k++)
    if (s->x[k] < 0) return 1;
  return 0;
}

/* ---- the test set ---- */
/* Predictions of the checkpoint; *negative becomes 0 if no sample has a negative input. *why gets the reason if the
 * data set cannot be had: a report does without. */
static int evaluate(struct report *r, const struct xt_engine *engine, struct tr_eval *ev, int *negative,
                    struct tr_err *why, struct tr_err *e) {
  struct tr_dataset data;
  struct tr_pool *pool = NULL;
  struct tr_copies *copies = NULL;
  char *path = NULL;
  const int32_t inputs = r->net.layer[0].plan.shape.n - 1, classes = r->net.classes;
  if (tr_data_load(r->c, r->o->data_dir, &data, why)) return 0;
  if (data.inputs != inputs || data.classes != classes)
    tr_fail(why, TR_EXIT_DATA, "the data has %d inputs and %d classes, the network %d and %d", (int)data.inputs,
            (int)data.classes, (int)inputs, (int)classes);
  if (r->state.data_digest && r->state.data_digest != data.digest)
    tr_fail(why, TR_EXIT_DATA, "the data is not what the run was made with");
  if (!data.test.n) tr_fail(why, TR_EXIT_DATA, "the data has no test samples");
  if (!why->code) *negative = any_negative(&data.train, inputs);
  if (!why->code && (ev->predicted = tr_alloc(data.test.n, sizeof *ev->predicted, e)) != NULL) {
    const int threads = r->o->threads;
    pool = tr_pool_open(threads, e);
    if (pool && threads > 1 && tr_net_can_copy(&r->net))
      copies = tr_copies_open(r->c, inputs, classes, engine, threads - 1, e);
    if (!e->code && tr_evaluate(&r->net, copies, pool, &data.test, inputs, &tr_stop_signal, ev, e) > 0)
      tr_fail(e, TR_EXIT_SIGNAL + tr_stop_signal, "stopped by signal %d: no report", tr_stop_signal);
    FILE *f = e->code ? NULL : begin_file(r->o->to, "predictions.csv", &path, e);
    if (f) fprintf(f, "sample,label,predicted\n");
    for (size_t i = 0; f && i < data.test.n; i++)
      fprintf(f, "%zu,%u,%u\n", i, (unsigned)data.test.label[i], (unsigned)ev->predicted[i]);
    end_file(f, path, e);
  }
  free(ev->predicted);
  tr_copies_close(copies);
  tr_pool_close(pool);
  tr_data_free(&data);
  return e->code ? -1 : 0;
}

/* ---- a run ---- */
static int print_run(struct report *r, const struct xt_engine *engine, struct tr_err *e) {
  const struct tr_state *s = &r->state;
  const struct tr_algorithm *a = r->net.layer[0].plan.algorithm;
  struct tr_eval ev = {0};
  struct tr_err why = {0, ""};
  struct tr_costs k;
  if (tr_costs_of(r->c, &r->net, s, &k, e)) return -1;
  fprintf(r->f, "samples: %" PRIu64 "\nepochs: %" PRIu64 "\nposition: %" PRIu64 "\ninputs: %d\nclasses: %d\n",
          s->samples, s->epoch, s->position, r->net.layer[0].plan.shape.n - 1, r->net.classes);
  fprintf(r->f, "recorded_test: {n: %" PRIu64 ", correct: %" PRIu64 ", best: %" PRIu64 "}\n", s->test_n,
          s->test_correct, s->best_correct);
  fprintf(r->f, "algorithm: {name: %s, text: ", a->name);
  quoted(r->f, a->text);
  fprintf(r->f, ", learns: %s, weights: %s}\n", tr_plane_name(a->update), tr_plane_name(a->weights));
  counters(r->f, "training", k.c);
  counters(r->f, "setup", s->setup);
  counters(r->f, "evaluation", s->eval);
  fprintf(r->f, "counters: {");
#define X(NAME, value, text) fprintf(r->f, "%s" #NAME ": ", (value) ? ", " : ""), quoted(r->f, text);
  XT_CNT_TABLE(X)
#undef X
  fprintf(r->f,
          "}\nsetup_unfinished_lines: %" PRIu64 "\ncrosspoints: %" PRIu64 "\nseconds: %.9g\nclocks: %" PRIu64
          "\nchain_cycles: %" PRIu64 "\n",
          s->setup_unfinished, k.devices, k.seconds, k.clocks, k.chain);
  fprintf(r->f, "joules: {cycles: %.9e, conversions: %.9e, slots: %.9e, pulses: %.9e}\n", 1e-12 * k.pj_cycles,
          1e-12 * k.pj_conversions, 1e-12 * k.pj_slots, 1e-12 * k.pj_pulses);
  if (tr_checkpoint_counts_flips(r->cp)) tr_switching_text(r->f, r->c, &r->net, s);
  if (print_budget(r, &k, e)) return -1;
  fprintf(r->f, "layers:\n");
  for (int l = 0; l < r->net.layers; l++)
    if (print_layer(r, l, e)) return -1;
  int negative = 1;
  if (evaluate(r, engine, &ev, &negative, &why, e)) return -1;
  fprintf(r->f, "negative_inputs: [");
  for (int l = 0; l < r->net.layers; l++)
    fprintf(r->f, "%s%s", l ? ", " : "", negative_inputs(r, l, negative) ? "true" : "false");
  fprintf(r->f, "]\n");
  fprintf(r->f, "test: {n: %" PRIu64 ", correct: %" PRIu64 ", loss: %.9g, missing: ", ev.n, ev.correct,
          ev.n ? (double)ev.loss / 65536 / (double)ev.n : 0);
  quoted(r->f, why.text);
  fprintf(r->f, "}\n");
  return 0;
}

/* The configuration of the folder must be that of the checkpoint. */
static int same_config(struct report *r, const char *path, struct tr_err *e) {
  struct tr_config *old = tr_alloc(1, sizeof *old, e);
  int rc = old ? tr_checkpoint_config(r->cp, old, e) : -1;
  if (!rc) tr_config_adopt(r->c, old);
  char *now = rc ? NULL : tr_config_text(r->c, 0, e), *was = now ? tr_config_text(old, 0, e) : NULL;
  if (was && strcmp(now, was) != 0) tr_fail(e, TR_EXIT_DATA, "%s: of another run than the checkpoint beside it", path);
  free(old);
  free(now);
  free(was);
  return e->code ? -1 : 0;
}

static int write_config(const struct report *r, struct tr_err *e) {
  char *text = tr_config_text(r->c, 1, e), *path = text ? tr_join(r->o->to, "config.yaml", e) : NULL;
  const int rc = path ? tr_write_file(path, text, strlen(text), NULL, 0, e) : -1;
  free(path);
  free(text);
  return rc;
}

static int load(struct report *r, const struct xt_engine *engine, struct tr_err *e) {
  struct stat st;
  struct xt_engine_opts opts = {0};
  int32_t inputs, classes;
  char *config = tr_join(r->o->run, "config.yaml", e), *checkpoint = tr_join(r->o->run, TR_CHECKPOINT, e);
  int rc = config && checkpoint && (r->c = tr_alloc(1, sizeof *r->c, e)) ? 0 : -1;
  if (!rc && stat(config, &st)) rc = tr_fail(e, TR_EXIT_DATA, "%s: not a run folder: no config.yaml in it", r->o->run);
  if (!rc) rc = tr_config_load(config, NULL, r->c, e) || tr_config_resolve(r->c, e) ? -1 : 0;
  if (!rc && stat(checkpoint, &st) == 0) {
    rc = (r->cp = tr_checkpoint_open(checkpoint, e)) ? same_config(r, config, e) : -1;
    if (!rc) {
      opts.pulses = tr_checkpoint_counts(r->cp);
      opts.device_counts = tr_checkpoint_counts_flips(r->cp);
      rc = tr_checkpoint_sizes(r->cp, r->c, &inputs, &classes, e) || tr_net_make(r->c, inputs, classes, &r->net, e) ||
                   tr_net_open(&r->net, engine, &opts, -1, e) || tr_checkpoint_load(r->cp, &r->net, &r->state, e)
               ? -1
               : 0;
    }
  }
  free(config);
  free(checkpoint);
  return rc ? rc : write_config(r, e);
}

int tr_report_facts(const struct tr_report_opts *o, struct tr_err *e) {
  const struct xt_engine *engine =
      tr_engine_with(XT_CAN_COPIES | XT_CAN_PULSES | XT_CAN_DEVICE_COUNTS); /* plain software */
  struct report r = {.o = o};
  char *path = NULL;
  if (!engine) return tr_fail(e, TR_EXIT_INTERNAL, "no engine evaluates and counts pulses");
  if (!load(&r, engine, e)) r.f = begin_file(o->to, "facts.yaml", &path, e);
  if (r.f) fprintf(r.f, "checkpoint: %s\n", r.cp ? "true" : "false");
  if (r.f && r.cp) print_run(&r, engine, e);
  end_file(r.f, path, e);
  tr_net_free(&r.net);
  tr_checkpoint_close(r.cp);
  free(r.c);
  return e->code ? -1 : 0;
}

int tr_report_keys(const char *file, struct tr_err *e) {
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  if (!f) return tr_nomem(e);
  for (const struct tr_key *k = tr_keys; k->path; k++) fprintf(f, "%s\t%s\t%s\n", k->path, k->dflt, k->text);
#define X(name, LAW, text, ...) fprintf(f, "model " #name "\t\t%s\n", text);
  TR_DEVICE_MODEL_TABLE(X)
#undef X
  for (const struct tr_algorithm *k = tr_algorithms; k->name; k++) fprintf(f, "algorithm %s\t\t%s\n", k->name, k->text);
  const int rc = fclose(f) ? tr_nomem(e) : tr_write_file(file, text, n, NULL, 0, e);
  free(text);
  return rc;
}
