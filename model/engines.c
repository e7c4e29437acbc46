/* SPDX-License-Identifier: Apache-2.0 */
/* The engines of the program, one entry per name. */
#include <stddef.h>

#include "xt_lockstep.h"
#include "xt_ref.h"
#include "xt_rtl.h"
#ifdef XT_HAVE_SYSTEMC
#include "xt_systemc.h"
#endif

extern const struct xt_engine *const xt_engines[];
const struct xt_engine *const xt_engines[] = {
    &xt_engine_ref,
    &xt_engine_rtl,
    &xt_engine_lockstep,
#ifdef XT_HAVE_SYSTEMC
    &xt_engine_systemc,
    &xt_engine_systemc_lt,
#endif
    NULL,
};
