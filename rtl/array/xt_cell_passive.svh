// SPDX-License-Identifier: Apache-2.0
// Cell PASSIVE (rtl/SPEC.md section 7): no transistor. A device sees the difference of its lines, as with HALF; lines
// that are not driven are grounded: a device of one driven line sees about half of the voltage. Included in xt_plane
// (xt_cells.svh). Polarities 0, 1; amplitudes AMP_BITS codes, 0 of a line that is not driven; the device has their sum.
// Golden counterpart. refc/xt_cell_passive.c

task automatic cell_passive(
    input logic row_act, input logic row_pol, input logic [4:0] row_amp,
    input logic col_act, input logic col_pol, input logic [4:0] col_amp,
    output logic hit, output logic half, output logic up, output logic [5:0] amplitude);
  half = row_act != col_act;
  hit = half || (row_act && row_pol != col_pol);
  up = row_act ? row_pol : ~col_pol;
  amplitude = (row_act ? {1'b0, row_amp} : 6'd0) + (col_act ? {1'b0, col_amp} : 6'd0);
endtask
