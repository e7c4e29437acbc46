// SPDX-License-Identifier: Apache-2.0
// Cell GATED (rtl/SPEC.md section 7): the row opens a transistor, the column drives through it; the polarities together
// are the sign. Included in xt_plane (xt_cells.svh). Polarities 0, 1; the amplitude is the column's, an AMP_BITS code.
// Golden counterpart. refc/xt_cell_gated.c

/* verilator lint_off UNUSEDSIGNAL */  // the row's amplitude: a gate is open or not
task automatic cell_gated(
    input logic row_act, input logic row_pol, input logic [4:0] row_amp,
    input logic col_act, input logic col_pol, input logic [4:0] col_amp,
    output logic hit, output logic half, output logic up, output logic [5:0] amplitude);
  hit = row_act && col_act;
  half = 1'b0;
  up = row_pol != col_pol;
  amplitude = {1'b0, col_amp};
endtask
/* verilator lint_on UNUSEDSIGNAL */
