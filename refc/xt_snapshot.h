/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots (rtl/SPEC.md section 12): the one check and the one comparison of them, for every engine. The scalars come
 * from XT_SNAPSHOT_TABLE. */
#ifndef XT_SNAPSHOT_H
#define XT_SNAPSHOT_H

#include "xt_dim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* May a tile of these sizes take this snapshot? XT_E_OK, or XT_E_ARG and why (err, errlen bytes): a state that does not
 * fit StateBits, a generator that is too wide, a scalar or a register out of its range.
 * Engines ask before they take anything of it. */
int xt_snapshot_check(const struct xt_dim *dim, const struct xt_snapshot *s, char *err, size_t errlen);

/* The first part in which two snapshots of tiles of these sizes differ: "A", "row_gen", "order", "counter OPS",
 * "register SEED" ...; NULL if none does. text (XT_SNAPSHOT_TEXT bytes) gets the line or device and both values. */
#define XT_SNAPSHOT_TEXT 96
const char *xt_snapshot_diff(const struct xt_dim *dim, const struct xt_snapshot *a, const struct xt_snapshot *b,
                             char *text);

#ifdef __cplusplus
}
#endif

#endif
