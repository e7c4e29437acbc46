/* SPDX-License-Identifier: Apache-2.0 */
/* Where the clocks of a training sample go (rtl/SPEC.md section 13, refc/xt_clock.h). */
#ifndef TR_CLOCKS_H
#define TR_CLOCKS_H

#include <stddef.h>

#include "data.h"
#include "net.h"

/* Trains an opened network with the first `samples` of them (more than one), and prints to stdout, per operation that
 * the next one waits for, the mean clocks from one to the next. */
int tr_clocks_print(struct tr_net *net, const struct tr_samples *d, size_t inputs, size_t samples, struct tr_err *e);

#endif
