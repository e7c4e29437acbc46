/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_law.h"

const struct xt_law *const xt_laws[XT_NUM_LAWS] = {
#define X(NAME, name, value, text) [value] = &xt_law_##name,
    XT_LAW_TABLE(X)
#undef X
};
