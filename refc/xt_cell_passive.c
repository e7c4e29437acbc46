/* SPDX-License-Identifier: Apache-2.0 */
/* No transistor: a device sees the difference of its lines, and a line that is not driven is grounded. Two driven lines
 * are as in half-select; the devices of one driven line are half selected: they see the part of the voltage that is
 * this line's. A driven row at 1, a driven column at 0 pulls up. */
#include "xt_cell.h"

static struct xt_pulse meet(struct xt_drive row, struct xt_drive col) {
  struct xt_pulse p = {.hit = true, .duration = row.duration};
  if (row.active && col.active) {
    if (row.polarity == col.polarity) return (struct xt_pulse){0};
    p.up = row.polarity;
    p.amplitude = (uint8_t)(row.amplitude + col.amplitude);
    return p;
  }
  if (!row.active && !col.active) return (struct xt_pulse){0};
  p.half = true;
  p.up = row.active ? row.polarity : !col.polarity;
  p.amplitude = row.active ? row.amplitude : col.amplitude;
  return p;
}

const struct xt_cell xt_cell_passive = {"passive", true, meet};
