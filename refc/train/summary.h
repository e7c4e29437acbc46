/* SPDX-License-Identifier: Apache-2.0 */
/* What a run cost and reached. */
#ifndef TR_SUMMARY_H
#define TR_SUMMARY_H

#include "checkpoint.h"
#include "net.h"

/* What training took: initial weights and evaluation are not in it. Energies, in pJ, with the costs of section energy.
 */
struct tr_costs {
  uint64_t c[XT_NUM_COUNTERS];
  double seconds, pj_cycles, pj_conversions, pj_slots, pj_pulses;
  uint64_t devices;       /* crosspoints */
  uint64_t clocks, chain; /* of a host that never waits (SPEC section 13) */
};
double tr_chain_ratio(const struct tr_costs *o); /* clocks of the chain's; 0: nothing was trained */
int tr_costs_of(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_costs *o,
                struct tr_err *e);

/* omega0 and zeta of a layer, with the means that they were computed from. */
struct tr_dynamics {
  double mean_abs_g, kappa, omega0, zeta;
};
void tr_dynamics_of(const struct tr_layer *l, struct tr_dynamics *y);

/* YAML, to be freed. Does not depend on the machine or on the wall clock. */
char *tr_summary_text(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_err *e);
/* The same for people, on stdout. */
int tr_summary_print(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_err *e);
/* Engines that compare: "matched N records, M operations, K cycles (seed S)"; nothing compared is an error. */
int tr_matched_print(struct tr_net *net, long long seed, struct tr_err *e);

#endif
