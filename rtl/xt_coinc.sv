// SPDX-License-Identifier: Apache-2.0
// xt_coinc: coincidence update logic: what every line of the array sees in a slot.
//
// Operation. Reads: the side that is driven (dir) shows its encoder's lines with polarity (c > 0).
//   Pulses, half-select: phase p drives rows with sign p[1] and columns with sign p[0] (1: negative);
//   up: row polarity 1, column 0; down: row 0, column 1; UPDATE is down in phases 0 and 3, a transfer
//   and PROGRAM (add_i) up. Gated cells: one phase, row polarity (x > 0), column polarity (d > 0), or
//   (d < 0) when add_i. ZERO_SHIFT: every line; phase 0 up, 1 down.
//   A pulse of several cycles keeps its drives (hold_i). hits_o = (active rows) * (active columns) of the pulse that
//   acted (act_i) in the cycle before.
// Parameters. N, M 1..32768.
// Timing. Drives are registers, loaded at the edge before their cycle; hits_o one cycle after it.
// Trace record. row_act, row_pol, col_act, col_pol.
// Golden counterpart. refc/xt_coinc.c
// Invariants.
//   R1 the polarity of a line that is not driven is 0.
//   R2 half-select: all driven rows have one polarity, all driven columns the other.
//   R3 drives are 0 in every cycle that is neither INTEG nor PULSE.
//   R4 drives do not change within a pulse.
`default_nettype none
module xt_coinc #(
  parameter int N = 784,
  parameter int M = 128
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // the next cycle (xt_next_t): INTEG, which side; a pulse begins, or goes on; of all lines, its phase, cell, sign of
  // the change
  input  wire logic read_i,
  input  wire logic dir_i,
  input  wire logic pulse_i,
  input  wire logic hold_i,
  input  wire logic all_i,
  input  wire logic [1:0] phase_i,
  input  wire logic gated_i,
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

  function automatic [N-1:0] row_drive(input [N-1:0] fire, input [N-1:0] neg, input gated,
                                       input want_neg);
    if (gated) row_drive = fire;
    else row_drive = want_neg ? (fire & neg) : (fire & ~neg);
  endfunction

  function automatic [M-1:0] col_drive(input [M-1:0] fire, input [M-1:0] neg, input gated,
                                       input want_neg);
    if (gated) col_drive = fire;
    else col_drive = want_neg ? (fire & neg) : (fire & ~neg);
  endfunction

  logic up;
  assign up = phase_i[1] ^ phase_i[0] ^ add_i;

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
        row_pol_q <= {N{gated_i | ~phase_i[0]}};
        col_act_q <= {M{1'b1}};
        col_pol_q <= {M{phase_i[0]}};
      end else if (pulse_i) begin
        row_act_q <= row_drive(row_fire_i, row_neg_i, gated_i, phase_i[1]);
        col_act_q <= col_drive(col_fire_i, col_neg_i, gated_i, phase_i[0]);
        if (gated_i) begin
          row_pol_q <= row_fire_i & ~row_neg_i;
          col_pol_q <= add_i ? (col_fire_i & col_neg_i) : (col_fire_i & ~col_neg_i);
        end else begin
          row_pol_q <= up ? row_drive(row_fire_i, row_neg_i, 1'b0, phase_i[1]) : {N{1'b0}};
          col_pol_q <= up ? {M{1'b0}} : col_drive(col_fire_i, col_neg_i, 1'b0, phase_i[0]);
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
