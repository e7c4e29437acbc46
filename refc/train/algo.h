/* SPDX-License-Identifier: Apache-2.0 */
/* Algorithms, and what a layer's tile is set to. Floats only here and in device.c, to choose values of registers. */
#ifndef TR_ALGO_H
#define TR_ALGO_H

#include "config.h"
#include "device.h"
#include "regs.h"
#include "xt_cycles.h"
#include "xt_tile_if.h"

/* What is fixed for a run: devices, scales, and the registers that are written once. */
struct tr_plan {
  const struct tr_algorithm *algorithm;
  int layer;
  struct xt_shape shape;
  struct xt_array_cfg array;
  struct tr_device device[XT_NUM_PLANES];
  double w_scale;   /* weight of a full-scale state */
  int w_scale_log2; /* rounded, where w_scale is no power of two */
  /* RANGE_* registers of lines at virtual ground: log2 of the ADC step, in what they bring */
  int range_fwd, range_bwd, range_xfer;
  int load_octaves[2]; /* what load resistors take off: of columns, of rows */
  int32_t outputs;     /* columns, of which 2^gang are one output: their answers' mean, all the same d */
  int gang;
  int range_prog; /* RANGE_READ while the initial weights are programmed */
  double init;    /* initial weights are uniform in +-init */
  struct tr_regs regs;
  double rate;  /* learning rate of UPDATE in the first epoch */
  double eta_c; /* transfer rate per visit of a line; 0: no transfers */
  int64_t every;
  struct {
    double volts, half_ratio, full_scale; /* amplitude 0; rate at half of it over that; longest pulse over tau */
    int64_t batch;                        /* samples per ACC_UPDATE; 0: MTJ_UPDATE for each */
    double unit;                          /* sum of a gradient of 1 */
    double read_rate;                     /* flips a cycle of a driven line in a read */
  } mtj;
};

/* What an epoch sets: the registers of its learning rate. */
struct tr_rates {
  struct tr_regs regs;
  int upd_exp; /* UPD_EXP, SCALE_D_EXP, MTJ_RATE or ACC_EXP: dexp is added to it */
};

/* A row per algorithm. */
struct tr_algorithm {
  const char *name, *text;
  uint8_t op;  /* XT_OP_*: of the update */
  int update;  /* plane that UPDATE pulses */
  int weights; /* plane of the weights: forward, backward, initial weights */
  int zero;    /* plane that zero-shifting programs to where `update` ended, or -1: no zero-shift */
  const char *rate_key;
  size_t rate; /* offset of the learning rates of UPDATE (struct tr_nums) in struct tr_config */
  /* What it sets beside UPDATE, in this order; NULL: no more. Failures go to *e. */
  void (*registers[2])(const struct tr_config *c, struct tr_plan *p, struct tr_err *e);
};
extern const struct tr_algorithm tr_algorithms[]; /* ends with name = NULL */
const struct tr_algorithm *tr_algorithm_find(const char *name, struct tr_err *e);

/* Whether the layer is of binary devices. */
int tr_plan_is_mtj(const struct tr_plan *p);

/* XT_OP_* of the updates of a layer. */
uint8_t tr_plan_op(const struct tr_plan *p);

/* Bits of the accumulator of its tile; 0: none. */
int64_t tr_plan_sum_bits(const struct tr_plan *p);

/* Columns of an output of layer `layer`. */
int32_t tr_gang_of(const struct tr_config *c, int layer);

/* Whether any layer is of binary devices: then all tiles can have them. */
int tr_any_mtj(const struct tr_config *c);

/* The plan of layer `layer` with `inputs` inputs (the bias line comes on top) and `outputs` outputs. */
int tr_plan_make(const struct tr_config *c, int layer, int32_t inputs, int32_t outputs, struct tr_plan *p,
                 struct tr_err *e);

/* Epoch `epoch` (from 0): lr_decay^epoch times the learning rate of the configuration. */
int tr_plan_rates(const struct tr_config *c, const struct tr_plan *p, uint64_t epoch, struct tr_rates *r,
                  struct tr_err *e);

/* Ranges that are to be measured start as those of an empty list. */
void tr_config_start_ranges(struct tr_config *c);
/* Fills empty lists of ADC ranges: what "choose" means (README.md). Checks what several keys say together. */
int tr_config_resolve(struct tr_config *c, struct tr_err *e);

/* RANGE_READ and PROG_* for programming a plane at a read range: pulses per code of error, tolerance. */
int tr_plan_program(const struct tr_plan *p, const struct tr_config *c, int plane, int range, struct tr_regs *r,
                    struct tr_err *e);
/* The shape of its pulses. */
struct xt_pulse_shape tr_plan_pulse(const struct tr_plan *p);
/* Smallest RANGE_READ with which a weight of `w` stays inside the ADC. */
int tr_plan_read_range(const struct tr_plan *p, double w);

/* v = *man * 2^-*exp, man 32768..65535 where exp allows it; 0 gives 0, 0. -1: v is too large. */
int tr_mant_exp(double v, int64_t *man, int64_t *exp);

/* Hamiltonian view of a layer (algorithms of Onen et al. 2022): etaC' = eta_c / (every * lines),
 * omega0 = sqrt(rate etaC' kappa) per sample, zeta = rate E|g| / (2 tau omega0).
 * kappa: curvature of the loss; at a minimum of a likelihood loss it is E[g^2] (Fisher). */
void tr_plan_dynamics(const struct tr_plan *p, double kappa, double mean_abs_g, double *omega0, double *zeta);

#endif
