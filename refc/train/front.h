/* SPDX-License-Identifier: Apache-2.0 */
/* The analog front end: from section front_end of a configuration, in its user's units, to the fields of rtl/SPEC.md
 * section 10. */
#ifndef TR_FRONT_H
#define TR_FRONT_H

#include <stdio.h>

#include "config.h"
#include "xt_tile_if.h"

/* The values of a preset that the schema knows go to *c. */
void tr_front_preset(const char *name, struct tr_config *c);

/* What is wrong with a layer's front end, into its array. range: log2 of the ADC step of its widest read. */
int tr_front_make(const struct tr_config *c, const struct xt_shape *shape, int range, struct xt_array_cfg *array,
                  struct tr_err *e);

/* Octaves that load resistors take off what columns (0), and rows (1), bring: those of a line of mean devices, rounded.
 * Behind transistors it depends on what is driven: 0. */
void tr_front_octaves(const struct tr_config *c, const struct xt_shape *shape, int octaves[2]);

/* One line: what is not ideal. */
void tr_front_print(const struct tr_config *c, FILE *f);

#endif
