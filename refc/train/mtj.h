/* SPDX-License-Identifier: Apache-2.0 */
/* Binary magnetic devices: from the keys of section `mtj` to the fields of law MTJ (rtl/SPEC.md section 9), the
 * learning rate to MTJ_RATE; the scale of accumulators. */
#ifndef TR_MTJ_H
#define TR_MTJ_H

#include "algo.h"

/* What mtj.batch and mtj.momentum say of a layer: refused unless it is one of binary devices. */
int tr_mtj_check(const struct tr_config *c, int layer, int is_mtj, struct tr_err *e);
/* 1 if its gradients go to an accumulator. */
int tr_mtj_accumulates(const struct tr_config *c, int layer);

/* The devices of plane C of a layer, and what the voltages are, into p->device, p->array and p->mtj. Needs the shape
 * and w_scale, which it sets anew where load resistors see the conductances. */
int tr_mtj_devices(const struct tr_config *c, struct tr_plan *p, struct tr_err *e);

/* Registers that are written once. */
void tr_mtj_registers(const struct tr_config *c, struct tr_plan *p, struct tr_err *e);

/* States of the weights' plane that devices of `from` have become those that devices of `to` have when every one is
 * written to the same side, parallel or antiparallel; stuck ones stay where they are. w: [n*m]. */
int tr_mtj_transfer(const struct tr_plan *from, const struct tr_plan *to, int32_t *w, struct tr_err *e);

/* The most phases of an update whose x are not negative, or some of them are. */
uint32_t tr_mtj_phases(const struct tr_plan *p, int negative);

/* MTJ_RATE, or with an accumulator ACC_RATE, for a learning rate. */
int tr_mtj_rate(const struct tr_plan *p, double lr, struct tr_rates *r, struct tr_err *e);

/* Half-selected devices that flip more often than this, as a part of selected ones at full-scale x and an error of 1,
 * break the learning. */
#define TR_MTJ_HALF_MOST 2e-3
/* The part, with the learning rate of the first epoch; 0 where there are none. */
double tr_mtj_half(const struct tr_plan *p);
/* The part of the devices of a line that is always at full scale which forward reads of an epoch flip; more than that
 * is too much. */
#define TR_MTJ_READ_MOST 0.1
double tr_mtj_read_part(const struct tr_plan *p, size_t samples);
/* A line to stderr for each that is too much, and for a batch that no run of so many epochs fills. samples: of an
 * epoch.
 */
void tr_mtj_warn(const struct tr_plan *p, size_t samples, int64_t epochs);

#endif
