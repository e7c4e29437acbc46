/* SPDX-License-Identifier: Apache-2.0 */
#include "switching.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "xt_bits.h"

/* What a device sees of a pulse: an amplitude code is half an octave of the rate of its direction. Codes do not turn a
 * voltage round. */
static double volts(const struct tr_config *c, const struct tr_plan *p, int half, int up, int amplitude) {
  const double vc0 = !up && c->mtj_vc0_down > 0 ? c->mtj_vc0_down : c->mtj_vc0;
  return fmax(0, p->mtj.volts / (half ? 2 : 1) - amplitude * M_LN2 / 2 * vc0 / c->mtj_delta);
}

/* V^2 G t over all pulses. A state is a conductance about the mean of both: sums of states are sums of conductances. */
static double energy(const struct tr_config *c, const struct tr_plan *p, const struct xt_device_sums *s) {
  const double high = c->mtj_g_parallel, low = high / (1 + c->mtj_tmr), mean = (high + low) / 2;
  const double unit = (high - low) / 2 / p->array.dev[p->algorithm->update].w_max; /* of a state */
  double sum = 0;
  for (int half = 0; half < 2; half++)
    for (int up = 0; up < 2; up++)
      for (int a = 0; a < XT_SUM_AMPS; a++) {
        const double v = volts(c, p, half, up, a);
        const double states = ldexp((double)s->high[half][up][a], 32) + (double)s->low[half][up][a];
        sum += v * v * (mean * (double)s->time[half][up][a] + unit * states);
      }
  return sum * c->mtj_cycle * 1e-9;
}

int tr_switching_of(const struct tr_config *c, const struct tr_layer *l, struct tr_switching *o) {
  const struct xt_device_counts *k =
      tr_plan_is_mtj(&l->plan) ? tr_tile_device_counts(&l->tile, l->plan.algorithm->update) : NULL;
  memset(o, 0, sizeof *o);
  if (!k) return -1;
  o->devices = (uint64_t)l->plan.shape.n * (uint64_t)l->plan.shape.m;
  o->selected = k->sums.selected;
  o->half = k->sums.half;
  o->flips = k->sums.flips;
  o->disturbed = k->sums.disturbed;
  o->read_flips = k->sums.read_flips;
  o->seconds = (double)k->sums.cycles * c->mtj_cycle * 1e-9;
  o->joules = energy(c, &l->plan, &k->sums);
  for (uint64_t d = 0; d < o->devices; d++) {
    const int bin = xt_bitlen(k->flips[d]);
    o->bin[bin]++;
    if (bin >= o->bins) o->bins = bin + 1;
    if (k->flips[d] > o->most) o->most = k->flips[d];
  }
  return 0;
}

static void add(struct tr_switching *sum, const struct tr_switching *o) {
  sum->devices += o->devices;
  sum->selected += o->selected;
  sum->half += o->half;
  sum->flips += o->flips;
  sum->disturbed += o->disturbed;
  sum->read_flips += o->read_flips;
  sum->seconds += o->seconds;
  sum->joules += o->joules;
  for (int k = 0; k < o->bins; k++) sum->bin[k] += o->bin[k];
  if (o->bins > sum->bins) sum->bins = o->bins;
  if (o->most > sum->most) sum->most = o->most;
}

/* Layers of binary devices, and what is counted of them altogether. */
struct whole {
  int layers, counted;
  struct tr_switching sum;
};

static struct whole whole_of(const struct tr_config *c, const struct tr_net *net) {
  struct whole w = {0, 0, {0}};
  for (int k = 0; k < net->layers; k++) {
    struct tr_switching o;
    w.layers += tr_plan_is_mtj(&net->layer[k].plan);
    if (tr_switching_of(c, &net->layer[k], &o)) continue;
    w.counted++;
    add(&w.sum, &o);
  }
  return w;
}

static void figures(FILE *f, const struct tr_switching *o) {
  fprintf(f,
          "devices: %" PRIu64 ", selected_pulses: %" PRIu64 ", half_selected_pulses: %" PRIu64 ", flips: %" PRIu64
          ", disturb_flips: %" PRIu64 ", read_flips: %" PRIu64
          ", pulse_seconds: %.9e, pulse_joules: %.9e, most_flips: %" PRIu32 ", devices_by_flips: [",
          o->devices, o->selected, o->half, o->flips, o->disturbed, o->read_flips, o->seconds, o->joules, o->most);
  for (int k = 0; k < o->bins; k++) fprintf(f, "%s%" PRIu64, k ? ", " : "", o->bin[k]);
  fprintf(f, "]}\n");
}

void tr_switching_text(FILE *f, const struct tr_config *c, const struct tr_net *net, const struct tr_state *s) {
  const struct whole w = whole_of(c, net);
  if (!w.layers) return;
  fprintf(f, "switching:\n");
  if (!w.counted) {
    fprintf(f, "  not_counted_by: %s\n", net->layer[0].tile.engine->name);
    return;
  }
  fprintf(f, "  counted_from_sample: %" PRIu64 "\n  all: {", s->counted_from);
  figures(f, &w.sum);
  fprintf(f, "  layers:\n");
  for (int k = 0; k < net->layers; k++) {
    struct tr_switching o;
    if (tr_switching_of(c, &net->layer[k], &o)) continue;
    fprintf(f, "    - {layer: %d, ", k);
    figures(f, &o);
  }
}

static void print(FILE *f, const char *whose, const struct tr_switching *o) {
  fprintf(f,
          "devices          %s%" PRIu64 " binary ones: %" PRIu64 " flips, %" PRIu64 " more of %" PRIu64
          " half-selected pulses, %" PRIu64 " by reads; pulses of %.4g s, %.4g J\n",
          whose, o->devices, o->flips, o->disturbed, o->half, o->read_flips, o->seconds, o->joules);
  fprintf(f, "endurance        %sdevices by flips", whose);
  for (int k = 0; k < o->bins; k++) {
    if (!o->bin[k]) continue;
    fprintf(f, k < 2 ? " %" PRIu64 : " %" PRIu64 "-%" PRIu64, k ? UINT64_C(1) << (k - 1) : 0, (UINT64_C(1) << k) - 1);
    fprintf(f, ": %" PRIu64 ",", o->bin[k]);
  }
  fprintf(f, " most %" PRIu32 "\n", o->most);
}

void tr_switching_print(FILE *f, const struct tr_config *c, const struct tr_net *net, const struct tr_state *s) {
  const struct whole w = whole_of(c, net);
  if (!w.layers) return;
  if (!w.counted) {
    fprintf(f, "devices          flips and energy are not counted by engine %s\n", net->layer[0].tile.engine->name);
    return;
  }
  for (int k = 0; k < net->layers; k++) {
    struct tr_switching o;
    char whose[32] = "";
    if (net->layers > 1) snprintf(whose, sizeof whose, "layer %d: ", k);
    if (!tr_switching_of(c, &net->layer[k], &o)) print(f, whose, &o);
  }
  if (w.counted > 1) print(f, "together: ", &w.sum);
  if (s->counted_from)
    fprintf(f,
            "warning          devices are counted from sample %" PRIu64
            " on: before, the run was on an engine that does "
            "not\n",
            s->counted_from);
}
