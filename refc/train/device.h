/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: from the names and units of aihwkit (device_table.h) to the fields of rtl/SPEC.md section 10. */
#ifndef TR_DEVICE_H
#define TR_DEVICE_H

#include "config.h"
#include "xt_plane.h"
#include "xt_tile_if.h"

/* What follows from the configuration of one plane. */
struct tr_device {
  struct xt_dev_cfg cfg;
  double step; /* the quantised mean step at 0, as a part of the full-scale state; 0: the plane never moves */
  double zero; /* symmetry point, weight units: up and down step are equal; 0 if there is none */
  double tau;  /* how far from there its asymmetry stops it, weight units; 0: never */
};

/* w_scale: weight of a full-scale state. */
int tr_device_make(const struct tr_device_cfg *cfg, int plane, int state_bits, double w_scale, struct tr_device *out,
                   struct tr_err *e);

/* The state at which device k's own up and down steps, before noise and rounding, are equal; between two states if need
 * be. NAN: there is none (stuck, never moving, or its steps are nowhere, or everywhere, equal). */
double tr_device_symmetry(const struct xt_plane *p, size_t k);

/* The model and the parameters of preset `name` go to *d. Returns 0, or -1 if there is none of that name. */
int tr_device_preset(const char *name, struct tr_device_cfg *d);
/* Names of the presets, separated by commas. */
const char *tr_device_presets(void);

/* Models and presets for the user, one line each. */
void tr_device_print(void);

/* Name of a plane (XT_PLANE_*). */
const char *tr_plane_name(int plane);

#endif
