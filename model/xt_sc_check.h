/* SPDX-License-Identifier: Apache-2.0 */
/* What the SystemC models may be given, by the golden reference's own tables. 0, or XT_E_ARG with a message in `why`.
 */
#ifndef XT_SC_CHECK_H
#define XT_SC_CHECK_H

#include "xt_tile_if.h"

#ifdef __cplusplus
extern "C" {
#endif

int xt_sc_check_shape(const struct xt_shape *shape, char *why, size_t len);
int xt_sc_check_config(const struct xt_shape *shape, const struct xt_array_cfg *cfg, char *why, size_t len);
int xt_sc_check_snapshot(const struct xt_shape *shape, const struct xt_snapshot *s, char *why, size_t len);
int xt_sc_writable(uint8_t reg); /* 1 for a register that a snapshot holds */

#ifdef __cplusplus
}
#endif

#endif
