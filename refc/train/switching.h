/* SPDX-License-Identifier: Apache-2.0 */
/* What a run did to its binary magnetic devices: flips, half-selected pulses, time, energy, endurance. */
#ifndef TR_SWITCHING_H
#define TR_SWITCHING_H

#include "checkpoint.h"
#include "net.h"

/* Bins of devices by their flips: 0, 1, 2-3, 4-7 ... */
enum { TR_FLIP_BINS = 33 };

struct tr_switching {
  uint64_t devices;
  uint64_t selected, half, flips, disturbed, read_flips; /* struct xt_device_sums */
  double seconds, joules;                                /* of pulses; of all devices that saw a voltage */
  uint64_t bin[TR_FLIP_BINS];
  int bins; /* up to the last one that is not empty */
  uint32_t most;
};

/* Of a layer. 0: *o is filled in; -1: it has no such devices, or nothing counts them. */
int tr_switching_of(const struct tr_config *c, const struct tr_layer *l, struct tr_switching *o);

/* Of a network, YAML and for people; nothing if it has no such devices. */
void tr_switching_text(FILE *f, const struct tr_config *c, const struct tr_net *net, const struct tr_state *s);
void tr_switching_print(FILE *f, const struct tr_config *c, const struct tr_net *net, const struct tr_state *s);

#endif
