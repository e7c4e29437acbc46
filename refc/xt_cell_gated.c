/* SPDX-License-Identifier: Apache-2.0 */
/* The row opens a transistor, the column drives the device through it: where both are driven it always moves, up if
 * their polarities differ, else down. The amplitude is the column's. */
#include "xt_cell.h"

static struct xt_pulse meet(struct xt_drive row, struct xt_drive col) {
  if (!row.active || !col.active) return (struct xt_pulse){0};
  return (struct xt_pulse){
      .hit = true, .up = row.polarity != col.polarity, .amplitude = col.amplitude, .duration = row.duration};
}

const struct xt_cell xt_cell_gated = {"gated", false, meet};
