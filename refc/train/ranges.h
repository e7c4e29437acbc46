/* SPDX-License-Identifier: Apache-2.0 */
/* ADC ranges that the configuration leaves to be measured (tile.range_*: auto). */
#ifndef TR_RANGES_H
#define TR_RANGES_H

#include <stdio.h>

#include "config.h"
#include "data.h"

/* Where *c says auto it becomes a number: the network is trained on the first samples of the run, on the reference
 * whatever the engine, and every range is widened until few enough conversions are at a rail. Depends on *c and the
 * data only. log: gets a line per layer (NULL: none). Nothing to measure: does nothing. */
int tr_ranges_measure(struct tr_config *c, const struct tr_dataset *d, FILE *log, struct tr_err *e);

#endif
