// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_upd_mgr (numbers as in its header): once per train, in the cycle after cycle 4.
`default_nettype none
module xt_upd_mgr_props #(
  parameter int M = 128,
  parameter int RowMag = 6,
  parameter int ColMag = 8
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic active_i,
  input wire logic [2:0] cycle_i,
  input wire logic [7:0] cap_i,
  input wire logic ours_i,
  input wire logic load_x_i,
  input wire logic [RowMag-1:0] x_max_i,
  input wire logic [1:0] x_signs_i,
  input wire logic load_d_i,
  input wire logic [ColMag-1:0] d_max_i,
  input wire logic [1:0] d_signs_i,
  input wire logic [1:0] x_signs_q,
  input wire logic [1:0] d_signs_q,
  input wire logic [ColMag*M-1:0] col_mag_i,
  input wire logic [7:0] bl_o,
  input wire logic [3:0] phases_o,
  input wire logic [20:0] row_gain_o,
  input wire logic [5:0] row_fold_o,
  input wire logic [20:0] col_gain_o,
  input wire logic [5:0] col_fold_o,
  input wire logic [20:0] row_folded_o,
  input wire logic [20:0] col_folded_o
);
  localparam logic [20:0] MOST = 21'd1 << xt_pkg::GAIN_BITS;
  logic active_q;
  logic [2:0] cycle_q;
  logic none_q;  // no x or no d
  logic [7:0] cap_q;
  logic done_q;
  logic [1:0] after_q;  // cycles after cycle 4
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
      cycle_q <= 3'd0;
      none_q <= 1'b0;
      cap_q <= 8'd0;
      done_q <= 1'b0;
      after_q <= 2'd0;
    end else begin
      A1: assume (!active_i || cycle_i == (active_q ? cycle_q + 3'd1 : 3'd0)) else $error("UM cycles out of order");
      A2: assume ((!load_x_i || (x_max_i != '0) == (x_signs_i != 2'd0))
                  && (!load_d_i || (d_max_i != '0) == (d_signs_i != 2'd0)))
        else $error("the largest code of a packet and its signs do not agree");
      active_q <= active_i;
      cycle_q <= cycle_i;
      done_q <= active_i && cycle_i == 3'd4;
      after_q <= {after_q[0], done_q};
      if (active_i && cycle_i == 3'd1) none_q <= ours_i ? col_mag_i == '0 : x_signs_q == 2'd0 || d_signs_q == 2'd0;
      if (active_i && cycle_i == 3'd3) cap_q <= cap_i;
      if (done_q) begin
        R1: assert (bl_o <= cap_q) else $error("a train is longer than its cap");
        R2: assert (!none_q || bl_o == 8'd0) else $error("a train without x or d");
        R5: assert (bl_o == 8'd0 || phases_o != 4'd0) else $error("a train without a phase");
      end
      if (after_q[1]) begin
        R3: assert (row_fold_o <= 6'd40 && col_fold_o <= 6'd40) else $error("a shift is above 40");
        R4: assert (row_gain_o <= MOST && col_gain_o <= MOST && row_folded_o <= MOST && col_folded_o <= MOST)
          else $error("a factor is above 2^20");
      end
    end
  end
endmodule
bind xt_upd_mgr xt_upd_mgr_props #(.M(M), .RowMag(RowMag), .ColMag(ColMag)) u_props (
  .cap_i(cap_q), .ours_i(ours_q), .*
);
`default_nettype wire
