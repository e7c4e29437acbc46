/* SPDX-License-Identifier: Apache-2.0 */
/* The engines of the program, one entry per name. */
#include <stddef.h>

#include "xt_lockstep.h"
#include "xt_ref.h"
#include "xt_rtl.h"

extern const struct xt_engine *const xt_engines[];
const struct xt_engine *const xt_engines[] = {&xt_engine_ref, &xt_engine_rtl, &xt_engine_lockstep, NULL};
