// SPDX-License-Identifier: Apache-2.0
// Cell HALF (rtl/SPEC.md section 7): half-select. A device sees the difference of its lines; one alone does not
// move it. Included in xt_plane (xt_cells.svh). Polarities 0, 1; amplitudes AMP_BITS codes, whose sum is the device's.
// Golden counterpart. refc/xt_cell_half.c

task automatic cell_half(
    input logic row_act, input logic row_pol, input logic [4:0] row_amp,
    input logic col_act, input logic col_pol, input logic [4:0] col_amp,
    output logic hit, output logic half, output logic up, output logic [5:0] amplitude);
  hit = row_act && col_act && row_pol != col_pol;
  half = 1'b0;
  up = row_pol;
  amplitude = {1'b0, row_amp} + {1'b0, col_amp};
endtask
