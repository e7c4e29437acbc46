// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_amp (numbers as in its header).
`default_nettype none
module xt_amp_props #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Mag = 6,
  parameter int Acc = 0
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic encode_i,
  input wire logic [1:0] cell_mode_i,
  input wire logic shared_i,
  input wire logic [Mag*N-1:0] row_mag_i,
  input wire logic [N-1:0] row_neg_i,
  input wire logic [Mag*M-1:0] col_mag_i,
  input wire logic [M-1:0] col_neg_i,
  input wire logic take_i,
  input wire logic [M-1:0] sum_on_i,
  input wire logic [1:0] sum_signs_i,
  input wire logic [M-1:0] col_on_o,
  input wire logic [3:0] found_o,
  input wire logic pulse_i,
  input wire logic hold_i,
  input wire logic [N-1:0] row_act_i,
  input wire logic [M-1:0] col_act_i,
  input wire logic [32'(xt_pkg::AMP_BITS)*N-1:0] row_amp_o,
  input wire logic [32'(xt_pkg::AMP_BITS)*M-1:0] col_amp_o
);
  localparam int AMP_BITS = 32'(xt_pkg::AMP_BITS);
  function automatic logic [M-1:0] any_col(input logic [Mag*M-1:0] mag);
    any_col = '0;
    for (int b = 0; b < Mag; b++) any_col = any_col | mag[b*M +: M];
  endfunction
  function automatic logic [N-1:0] any_row(input logic [Mag*N-1:0] mag);
    any_row = '0;
    for (int b = 0; b < Mag; b++) any_row = any_row | mag[b*N +: N];
  endfunction
  // Rows whose amplitude is beyond 2 Mag - 1.
  function automatic logic [N-1:0] beyond(input logic [AMP_BITS*N-1:0] amp);
    logic [N-1:0] gt;
    gt = '0;
    for (int b = 0; b < AMP_BITS; b++)
      gt = (((2 * Mag - 1) >> b) & 1) != 0 ? gt & amp[b*N +: N] : gt | amp[b*N +: N];
    beyond = gt;
  endfunction

  logic split;
  logic sums;
  logic pulse_q;  // an MTJ pulse begins
  logic hold_q;   // it goes on
  logic live_q;
  logic took_q;  // FETCH
  // Blocking assignments, in order: Verilator copies what an edge delays in every cycle.
  /* verilator lint_off BLKSEQ */
  logic [AMP_BITS*(N+M)-1:0] amps_q;
  logic [N+M-1:0] act_q;
  logic [M-1:0] sums_q;  // columns of the row that was fetched, their signs
  logic [1:0] signs_q;
  logic [N-1:0] xs;
  logic [1:0] x;  // some x > 0, some x < 0
  logic [1:0] d;  // the same of the columns that are on
  /* verilator lint_on BLKSEQ */
  assign sums = (Acc != 0) && took_q;
  assign split = (cell_mode_i == xt_pkg::CELL_GATED) && !shared_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pulse_q <= 1'b0;
      hold_q <= 1'b0;
      live_q <= 1'b0;
      took_q <= 1'b0;
      /* verilator lint_off BLKSEQ */
      amps_q = '0;
      act_q = '0;
      sums_q = '0;
      signs_q = 2'd0;
      xs = '0;
      x = 2'd0;
      d = 2'd0;
    end else begin
      pulse_q <= pulse_i;
      hold_q <= hold_i && live_q;
      live_q <= pulse_i || (hold_i && live_q);
      took_q <= take_i;
      A3: assume (!take_i || !encode_i) else $error("FETCH and ENCODE at once");
      A2: assume (!encode_i || !live_q) else $error("ENCODE within a pulse");
      if (live_q) begin
        R1: assert ((row_amp_o & ~{AMP_BITS{row_act_i}}) == '0 && (col_amp_o & ~{AMP_BITS{col_act_i}}) == '0)
          else $error("a line that is not driven has an amplitude");
      end else begin
        R6: assert (row_amp_o == '0 && col_amp_o == '0) else $error("amplitudes beside MTJ pulses");
      end
      if (encode_i) begin
        xs = any_row(row_mag_i);
        x = {|(xs & row_neg_i), |(xs & ~row_neg_i)};
        d = sums ? signs_q : {|(col_on_o & col_neg_i), |(col_on_o & ~col_neg_i)};
        R2: assert (sums || (col_on_o & ~any_col(col_mag_i)) == '0) else $error("a column of code 0 is on");
        R7: assert (!sums || col_on_o == sums_q) else $error("columns of ACC_UPDATE that have no sum, or not all");
        R4: assert ((!found_o[0] || (x[0] && (split ? d != 2'd0 : d[0])))
                    && (!found_o[1] || (split ? x[1] && d != 2'd0 : x[0] && d[1]))
                    && (!found_o[2] || (!split && x[1] && d[0])) && (!found_o[3] || (!split && x[1] && d[1])))
          else $error("a phase without a row or a column");
      end
      if (pulse_q) begin
        R3: assert (beyond(row_amp_o) == '0) else $error("a row's amplitude beyond the smallest code's");
      end
      if (hold_q) begin
        A1: assume ({row_act_i, col_act_i} == act_q) else $error("the lines of a pulse change");
        R5: assert ({row_amp_o, col_amp_o} == amps_q) else $error("amplitudes change within a pulse");
      end
      if (take_i) begin
        sums_q = sum_on_i;
        signs_q = sum_signs_i;
      end
      if (live_q) begin
        amps_q = {row_amp_o, col_amp_o};
        act_q = {row_act_i, col_act_i};
      end
      /* verilator lint_on BLKSEQ */
    end
  end
endmodule
bind xt_amp xt_amp_props #(.N(N), .M(M), .Mag(Mag), .Acc(Acc)) u_props (.*);
`default_nettype wire
