/* SPDX-License-Identifier: Apache-2.0 */
/* The engines of the tests. */
#include "tile.h"
#include "xt_ref.h"

const struct xt_engine *const xt_engines[] = {&xt_engine_ref, NULL};
