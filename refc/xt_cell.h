/* SPDX-License-Identifier: Apache-2.0 */
/* Cells: how the drives of a row and a column meet at a crosspoint (rtl/SPEC.md section 7). One file per cell,
 * refc/xt_cell_NAME.c; the table comes from [cell] of the description. */
#ifndef XT_CELL_H
#define XT_CELL_H

#include "xt_drive.h"
#include "xt_params.h"

/* What the device at a crosspoint sees. */
struct xt_pulse {
  bool hit;          /* it is pulsed at all; else the rest is 0 */
  bool up;           /* towards larger states */
  bool half;         /* of a driven line that meets a grounded one: half of the voltage */
  uint8_t amplitude; /* AMP_BITS and one */
  uint16_t duration; /* clock cycles */
  bool read;         /* no cell's: a read, which disturbs the device */
};

struct xt_cell {
  const char *name;
  bool alone; /* one driven line is enough for a pulse */
  struct xt_pulse (*meet)(struct xt_drive row, struct xt_drive col);
};

#define X(NAME, name, value, text) extern const struct xt_cell xt_cell_##name;
XT_CELL_TABLE(X)
#undef X

extern const struct xt_cell *const xt_cells[XT_NUM_CELLS]; /* by XT_CELL_* */

#endif
