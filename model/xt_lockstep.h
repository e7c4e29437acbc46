/* SPDX-License-Identifier: Apache-2.0 */
/* The engine `lockstep`: two engines run every command, and every record, answer, register access and device state is
 * compared (rtl/SPEC.md section 11). Stops at the first mismatch: XT_E_MISMATCH from then on, a report on stderr.
 *
 * The device under test runs an operation first and its records are kept; the reference then runs the same operation
 * and is compared record by record. Device states are compared whole at every answer after which no packet is under way
 * (each END record also carries their digests).
 */
#ifndef XT_LOCKSTEP_H
#define XT_LOCKSTEP_H

#include "xt_tile_if.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct xt_engine xt_engine_lockstep; /* the reference against the RTL */

/* Any two engines: the first is called the reference in the report. Arguments and errors as struct xt_engine.create. */
int xt_lockstep_create(struct xt_tile **t, const struct xt_engine *ref, const struct xt_engine *dut,
                       const struct xt_shape *shape, const struct xt_engine_opts *opts, char *err, size_t errlen);

/* Name of the check that failed first: "trace:<field>", "answer", "csr", "state:A" (C, R); NULL if none has. */
const char *xt_lockstep_failed(const struct xt_tile *t);

#ifdef __cplusplus
}
#endif

#endif
