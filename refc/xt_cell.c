/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_cell.h"

const struct xt_cell *const xt_cells[XT_NUM_CELLS] = {
#define X(NAME, name, value, text) [value] = &xt_cell_##name,
    XT_CELL_TABLE(X)
#undef X
};
