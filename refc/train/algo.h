/* SPDX-License-Identifier: Apache-2.0 */
/* Algorithms: what a layer's registers are, from the configuration. Floats only here, to choose register values. */
#ifndef TR_ALGO_H
#define TR_ALGO_H

#include "config.h"
#include "device.h"
#include "xt_tile_if.h"

struct tr_reg {
  uint8_t addr;
  int64_t value;
};

/* Everything that one layer's tile is set to. */
struct tr_plan {
  struct xt_shape shape;
  struct xt_array_cfg array;
  struct tr_device device[3];
  double w_scale; /* weight of a full-scale state */
  int w_scale_log2;
  int range_fwd, range_bwd, range_xfer; /* RANGE_* registers */
  int range_prog;                       /* RANGE_READ while the initial weights are programmed */
  double init;                          /* initial weights are uniform in +-init */

  struct tr_reg reg[40];
  int nreg;
  int upd_exp; /* UPD_EXP or SCALE_D_EXP: dexp is added to it */

  double eta_a; /* shd: learning rate of A; sgd: of C */
  double eta_c; /* shd: transfer rate per visit of a line; sgd: 0 */
  int64_t every;
};

struct tr_algorithm {
  const char *name;
  const char *text;
  int upd_sel; /* array that UPDATE pulses */
  int transfer;
  const struct tr_nums *(*rate)(const struct tr_config *c); /* learning rates of UPDATE */
};
extern const struct tr_algorithm tr_algorithms[]; /* ends with name = NULL */
const struct tr_algorithm *tr_algorithm_find(const char *name, struct tr_err *e);

/* The plan of layer `layer` with `inputs` inputs (the bias line comes on top) and `outputs` outputs. */
int tr_plan_make(const struct tr_config *c, int layer, int32_t inputs, int32_t outputs, struct tr_plan *p,
                 struct tr_err *e);

/* The same with the learning rate of epoch `epoch` (from 0): lr_decay^epoch times that of the configuration. Only the
 * update registers differ. */
int tr_plan_epoch(const struct tr_config *c, int layer, uint64_t epoch, struct tr_plan *p, struct tr_err *e);

/* Fills empty lists of ADC ranges, presets: what "choose" means (README.md). */
int tr_config_resolve(struct tr_config *c, struct tr_err *e);

/* PROG_* registers for array sel at a read range: pulses per code of error, tolerance. */
int tr_plan_program(const struct tr_plan *p, const struct tr_config *c, int sel, int range, struct tr_reg out[6],
                    struct tr_err *e);
/* Smallest RANGE_READ with which a weight of `w` stays inside the ADC. */
int tr_plan_read_range(const struct tr_plan *p, double w);

/* v = *man * 2^-*exp, man 32768..65535 where exp allows it; 0 gives 0, 0. -1: v is too large. */
int tr_mant_exp(double v, int64_t *man, int64_t *exp);

/* Hamiltonian view of a layer (algorithms of Onen et al. 2022): etaC' = eta_c / (every * lines),
 * omega0 = sqrt(eta_a etaC' kappa) per sample, zeta = eta_a E|g| / (2 tau omega0).
 * kappa: curvature of the loss; at a minimum of a likelihood loss it is E[g^2] (Fisher). */
void tr_plan_dynamics(const struct tr_plan *p, double kappa, double mean_abs_g, double *omega0, double *zeta);

#endif
