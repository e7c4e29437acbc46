/* SPDX-License-Identifier: Apache-2.0 */
/* Device models: from the names and units of aihwkit to the fields of rtl/SPEC.md section 10. */
#ifndef TR_DEVICE_H
#define TR_DEVICE_H

#include "config.h"
#include "xt_tile_if.h"

struct tr_device_model {
  const char *name;
  const char *text;
  /* gamma of the model (SPEC section 9: 0 constant step .. 1 soft bounds), from the configuration */
  double (*gamma_up)(const struct tr_device_cfg *d);
  double (*gamma_down)(const struct tr_device_cfg *d);
};
extern const struct tr_device_model tr_device_models[]; /* ends with name = NULL */

/* What follows from a configuration of one array. */
struct tr_device {
  struct xt_dev_cfg cfg;
  double step; /* the quantised mean step at 0, as a part of the full-scale state; 0: the array never moves */
  double
      tau; /* state at which its asymmetry stops it, weight units: 2 / (gamma_up/w_max + gamma_down/|w_min|); 0: none */
};

/* which: "A", "C" or "R" for messages; w_scale: weight of a full-scale state. */
int tr_device_make(const struct tr_device_cfg *d, const char *which, int state_bits, double w_scale,
                   struct tr_device *out, struct tr_err *e);

/* Replaces the values of *d by those of its preset, if one is named. */
int tr_device_preset(struct tr_device_cfg *d, const char *which, struct tr_err *e);

#endif
