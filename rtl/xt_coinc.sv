// SPDX-License-Identifier: Apache-2.0
// xt_coinc: coincidence update logic: what every line of the array sees in a slot.
//
// Operation. Reads: the side that is driven (dir) shows its encoder's lines with polarity (c > 0).
//   Pulses, half-select: phase p drives rows with sign p[1] and columns with sign p[0] (1: negative);
//   up: row polarity 1, column 0; down: row 0, column 1; UPDATE is down in phases 0 and 3, a transfer
//   and PROGRAM (add_i) up. Gated cells: one phase, row polarity (x > 0), column polarity (d > 0), or
//   (d < 0) when add_i. Passive cells as half-select. ZERO_SHIFT: every line; phase 0 up, 1 down.
//   MTJ_UPDATE: passive cells as an UPDATE of half-select. Gated ones: rows of one sign, polarity 1; columns of their
//   sign of d in the phase with shared source lines (phases as of half-select), all of them without (phase p: rows of
//   sign p), polarity (d > 0) with rows x > 0, (d < 0) with rows x < 0.
//   A pulse of several cycles keeps its drives (hold_i). hits_o = (active rows) * (active columns) of the pulse that
//   acted (act_i) in the cycle before.
// Parameters. N, M 1..32768; Mtj 0, 1: with MTJ_UPDATE.
// Timing. Drives are registers, loaded at the edge before their cycle; hits_o one cycle after it.
// Trace record. row_act, row_pol, col_act, col_pol.
// Golden counterpart. refc/xt_coinc.c
// Invariants.
//   R1 the polarity of a line that is not driven is 0.
//   R2 half-select: all driven rows have one polarity, all driven columns the other.
//   R3 drives are 0 in every cycle that is neither INTEG nor PULSE.
//   R4 drives do not change within a pulse.
//   R5 MTJ_UPDATE: only rows that fire and columns that are on are driven, rows of one sign only; with shared source
//   lines all driven columns have one polarity.
`default_nettype none
module xt_coinc #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Mtj = 0
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // the next cycle (xt_next_t): INTEG, which side; a pulse begins, or goes on; it is of all lines, of MTJ_UPDATE; its
  // phase, sign of the change; cells (CELL_*), shared source lines
  input  wire logic read_i,
  input  wire logic dir_i,
  input  wire logic pulse_i,
  input  wire logic hold_i,
  input  wire logic all_i,
  /* verilator lint_off UNUSEDSIGNAL */  // without MTJ_UPDATE
  input  wire logic mtj_i,
  input  wire logic shared_i,
  input  wire logic [M-1:0] col_on_i,  // columns that MTJ_UPDATE drives
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire logic [1:0] phase_i,
  input  wire logic [1:0] cell_mode_i,
  input  wire logic add_i,
  // the encoders: lines that fire in it, signs of their codes
  input  wire logic [N-1:0] row_fire_i,
  input  wire logic [N-1:0] row_neg_i,
  input  wire logic [M-1:0] col_fire_i,
  input  wire logic [M-1:0] col_neg_i,
  // the array boundary in this cycle; a pulse acts at its end
  input  wire logic act_i,
  output logic [N-1:0] row_act_o,
  output logic [N-1:0] row_pol_o,
  output logic [M-1:0] col_act_o,
  output logic [M-1:0] col_pol_o,
  // of the pulse that acted in the cycle before: devices that saw a coincidence
  output logic hits_valid_o,
  output logic [31:0] hits_o
);

  logic [N-1:0] row_act_q;
  logic [N-1:0] row_pol_q;
  logic [M-1:0] col_act_q;
  logic [M-1:0] col_pol_q;
  logic live_q;
  logic hits_valid_q;
  logic [15:0] rows_q;
  logic [15:0] cols_q;

  function automatic [N-1:0] row_drive(input [N-1:0] fire, input [N-1:0] neg, input both,
                                       input want_neg);
    if (both) row_drive = fire;
    else row_drive = want_neg ? (fire & neg) : (fire & ~neg);
  endfunction

  function automatic [M-1:0] col_drive(input [M-1:0] fire, input [M-1:0] neg, input both,
                                       input want_neg);
    if (both) col_drive = fire;
    else col_drive = want_neg ? (fire & neg) : (fire & ~neg);
  endfunction

  logic up;
  assign up = phase_i[1] ^ phase_i[0] ^ add_i;

  // A pulse: the lines of both signs, or of which; columns of the other polarity.
  logic gated;
  logic mtj;
  logic split;  // of MTJ_UPDATE, a phase for each sign of x
  logic row_negs;
  logic turned;
  logic [N-1:0] rows;
  logic [M-1:0] cols;
  assign gated = (cell_mode_i == xt_pkg::CELL_GATED);
  assign mtj = (Mtj != 0) && mtj_i;
  assign split = mtj && gated && !shared_i;
  assign row_negs = split ? phase_i[0] : phase_i[1];
  assign turned = add_i ^ (mtj && row_negs);
  assign rows = row_drive(row_fire_i, row_neg_i, gated && !mtj, row_negs);
  assign cols = col_drive(mtj ? col_on_i : col_fire_i, col_neg_i, split || (gated && !mtj), phase_i[0]);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_act_q <= {N{1'b0}};
      row_pol_q <= {N{1'b0}};
      col_act_q <= {M{1'b0}};
      col_pol_q <= {M{1'b0}};
      live_q <= 1'b0;
    end else begin
      live_q <= read_i | pulse_i | hold_i;
      if (pulse_i && all_i) begin
        row_act_q <= {N{1'b1}};
        row_pol_q <= {N{gated | ~phase_i[0]}};
        col_act_q <= {M{1'b1}};
        col_pol_q <= {M{phase_i[0]}};
      end else if (pulse_i) begin
        row_act_q <= rows;
        col_act_q <= cols;
        if (gated) begin
          row_pol_q <= mtj ? rows : rows & ~row_neg_i;
          col_pol_q <= turned ? (cols & col_neg_i) : (cols & ~col_neg_i);
        end else begin
          row_pol_q <= up ? rows : {N{1'b0}};
          col_pol_q <= up ? {M{1'b0}} : cols;
        end
      end else if (read_i) begin
        row_act_q <= dir_i ? {N{1'b0}} : row_fire_i;
        row_pol_q <= dir_i ? {N{1'b0}} : (row_fire_i & ~row_neg_i);
        col_act_q <= dir_i ? col_fire_i : {M{1'b0}};
        col_pol_q <= dir_i ? (col_fire_i & ~col_neg_i) : {M{1'b0}};
      end else if (live_q && !hold_i) begin
        row_act_q <= {N{1'b0}};
        row_pol_q <= {N{1'b0}};
        col_act_q <= {M{1'b0}};
        col_pol_q <= {M{1'b0}};
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      hits_valid_q <= 1'b0;
      rows_q <= 16'd0;
      cols_q <= 16'd0;
    end else begin
      hits_valid_q <= act_i;
      if (act_i) begin
        rows_q <= 16'($countones(row_act_q));
        cols_q <= 16'($countones(col_act_q));
      end
    end
  end

  assign row_act_o = row_act_q;
  assign row_pol_o = row_pol_q;
  assign col_act_o = col_act_q;
  assign col_pol_o = col_pol_q;
  assign hits_valid_o = hits_valid_q;
  assign hits_o = 32'(rows_q) * 32'(cols_q);

endmodule
`default_nettype wire
