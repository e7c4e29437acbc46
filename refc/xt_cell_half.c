/* SPDX-License-Identifier: Apache-2.0 */
/* Half-select: a device sees the difference of its lines, and moves if they pull in opposite directions. Row 1, column
 * 0 is up; row 0, column 1 is down. The amplitudes of both lines add up. */
#include "xt_cell.h"

static struct xt_pulse meet(struct xt_drive row, struct xt_drive col) {
  if (!row.active || !col.active || row.polarity == col.polarity) return (struct xt_pulse){0};
  return (struct xt_pulse){
      .hit = true, .up = row.polarity, .amplitude = (uint8_t)(row.amplitude + col.amplitude), .duration = row.duration};
}

const struct xt_cell xt_cell_half = {"half", false, meet};
