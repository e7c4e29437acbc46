/* SPDX-License-Identifier: Apache-2.0 */
/* What a report says of a run, computed where it is known: scripts/report draws it and knows nothing of a tile. */
#ifndef TR_REPORT_H
#define TR_REPORT_H

#include "util.h"

/* Into the folder `to`, from a run folder that is only read:
 *
 *   config.yaml          its configuration, every key
 *   facts.yaml           position, costs, cycles, dynamics, layers; of a run without a checkpoint only that
 *   layerK.P.NAME.f32    of plane P, [N][M] in weight units: state, low and high (bounds), symmetry (NaN: none)
 *   layerK.P.pulses.u32  if they were counted
 *   predictions.csv      of the test set, evaluated again from the checkpoint, if the data set is there
 *
 * Returns 0 or -1. */
struct tr_report_opts {
  const char *run, *to;
  const char *data_dir;
  int threads;
};
int tr_report_facts(const struct tr_report_opts *o, struct tr_err *e);

/* Every key of a configuration, every model of a device and every algorithm: path, default, meaning; separated by tabs,
 * one per line. */
int tr_report_keys(const char *file, struct tr_err *e);

#endif
