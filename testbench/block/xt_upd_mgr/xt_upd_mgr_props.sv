// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_upd_mgr (numbers as in its header): once per train, in the cycle after cycle 4.
`default_nettype none
module xt_upd_mgr_props #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int RowMag = 6,
  parameter int ColMag = 8
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic active_i,
  input wire logic [2:0] cycle_i,
  input wire logic [7:0] cap,
  input wire logic [RowMag*N-1:0] row_mag_i,
  input wire logic [ColMag*M-1:0] col_mag_i,
  input wire logic [7:0] bl_o,
  input wire logic [3:0] phases_o,
  input wire logic [20:0] row_gain_o,
  input wire logic [5:0] row_shift_o,
  input wire logic [20:0] col_gain_o,
  input wire logic [5:0] col_shift_o
);
  localparam logic [20:0] MOST = 21'd1 << xt_pkg::GAIN_BITS;
  logic none_q;  // no x or no d
  logic [7:0] cap_q;
  logic done_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      none_q <= 1'b0;
      cap_q <= 8'd0;
      done_q <= 1'b0;
    end else begin
      done_q <= active_i && cycle_i == 3'd4;
      if (active_i && cycle_i == 3'd0) none_q <= row_mag_i == '0 || col_mag_i == '0;
      if (active_i && cycle_i == 3'd2) cap_q <= cap;
      if (done_q) begin
        R1: assert (bl_o <= cap_q) else $error("a train is longer than its cap");
        R2: assert (!none_q || bl_o == 8'd0) else $error("a train without x or d");
        R5: assert (bl_o == 8'd0 || phases_o != 4'd0) else $error("a train without a phase");
        R3: assert (row_shift_o <= 6'd40 && col_shift_o <= 6'd40) else $error("a shift is above 40");
        R4: assert (row_gain_o <= MOST && col_gain_o <= MOST) else $error("a factor is above 2^20");
      end
    end
  end
endmodule
bind xt_upd_mgr xt_upd_mgr_props #(.N(N), .M(M), .RowMag(RowMag), .ColMag(ColMag)) u_props (.*);
`default_nettype wire
