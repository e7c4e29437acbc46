// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_coinc (numbers as in its header).
`default_nettype none
module xt_coinc_props #(
  parameter int N = 784,
  parameter int M = 128
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic read_i,
  input wire logic pulse_i,
  input wire logic hold_i,
  input wire logic [1:0] cell_mode_i,
  input wire logic all_i,
  input wire logic mtj_i,
  input wire logic shared_i,
  input wire logic [N-1:0] row_fire_i,
  input wire logic [N-1:0] row_neg_i,
  input wire logic [M-1:0] col_on_i,
  input wire logic [N-1:0] row_act_o,
  input wire logic [N-1:0] row_pol_o,
  input wire logic [M-1:0] col_act_o,
  input wire logic [M-1:0] col_pol_o
);
  logic live_q;  // INTEG or PULSE
  logic half_q;  // PULSE of half-select or passive cells
  logic mtj_q;   // a pulse of MTJ_UPDATE begins
  logic split_q; // a source line per column
  logic hold_q;  // the pulse goes on
  // Blocking assignments, in order: Verilator copies what an edge delays in every cycle.
  /* verilator lint_off BLKSEQ */
  logic [2*N+2*M-1:0] drives_q;
  logic [N-1:0] fire_q;  // of the pulse of MTJ_UPDATE
  logic [N-1:0] neg_q;
  logic [M-1:0] on_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      live_q <= 1'b0;
      half_q <= 1'b0;
      hold_q <= 1'b0;
      mtj_q <= 1'b0;
      split_q <= 1'b0;
      drives_q = '0;
      fire_q = '0;
      neg_q = '0;
      on_q = '0;
    end else begin
      live_q <= read_i | pulse_i | hold_i;
      half_q <= pulse_i & (cell_mode_i != xt_pkg::CELL_GATED);
      mtj_q <= pulse_i & mtj_i;
      split_q <= (cell_mode_i == xt_pkg::CELL_GATED) & ~shared_i;
      hold_q <= hold_i;
      A1: assume (!hold_i || (live_q && !pulse_i && !read_i))
        else $error("a pulse goes on that did not begin, or ends");
      A2: assume (!mtj_i || !pulse_i || !all_i) else $error("MTJ_UPDATE and ZERO_SHIFT at once");
      if (live_q) begin
        R1: assert ((row_pol_o & ~row_act_o) == '0 && (col_pol_o & ~col_act_o) == '0)
          else $error("a line that is not driven has a polarity");
      end else begin
        R3: assert (row_act_o == '0 && row_pol_o == '0 && col_act_o == '0 && col_pol_o == '0)
          else $error("a line is driven in a cycle that is neither INTEG nor PULSE");
      end
      if (half_q) begin
        R2: assert ((row_pol_o == row_act_o || row_pol_o == '0) && (col_pol_o == col_act_o || col_pol_o == '0)
                    && (row_pol_o == '0 || col_pol_o == '0))
          else $error("half-select rows and columns do not have one polarity each, rows the other than columns");
      end
      if (hold_q) begin
        R4: assert ({row_act_o, row_pol_o, col_act_o, col_pol_o} == drives_q)
          else $error("the drives change within a pulse");
      end
      if (mtj_q) begin
        R5: assert ((row_act_o & ~fire_q) == '0 && (col_act_o & ~on_q) == '0
                    && ((row_act_o & neg_q) == '0 || (row_act_o & ~neg_q) == '0)
                    && (split_q || col_pol_o == col_act_o || col_pol_o == '0))
          else $error("MTJ_UPDATE drives a line that it must not, or both directions at once on shared lines");
      end
      if (pulse_i && mtj_i) begin
        fire_q = row_fire_i;
        neg_q = row_neg_i;
        on_q = col_on_i;
      end
      if (hold_i) drives_q = {row_act_o, row_pol_o, col_act_o, col_pol_o};
    end
  end
  /* verilator lint_on BLKSEQ */
endmodule
bind xt_coinc xt_coinc_props #(.N(N), .M(M)) u_props (.*);
`default_nettype wire
