/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of the behavioural array (rtl/SPEC.md section 10): its one check, for every engine. */
#ifndef XT_ARRAY_CFG_H
#define XT_ARRAY_CFG_H

#include <stddef.h>

#include "xt_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* May an array of sw state bits (8..24) have this configuration? XT_E_OK, or XT_E_ARG and why in err (errlen bytes). */
int xt_array_check(int32_t sw, const struct xt_array_cfg *cfg, char *err, size_t errlen);

#ifdef __cplusplus
}
#endif

#endif
