// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_cmd (numbers as in its header). The wide ones compare once per packet: a buffer that changes and
// changes back between is not seen.
`default_nettype none
`include "xt_types.svh"
module xt_cmd_props #(
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int RowStride = 784,
  parameter int ColStride = 128
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic s_valid_i,
  input wire logic s_last_i,
  input wire logic s_ready_o,
  input wire logic full_o,
  input wire logic start_i,
  input wire logic [25:0] head_i,  // operation, select, argument
  input wire logic [CodeBits*RowStride-1:0] x_o,
  input wire logic [CodeBits*ColStride-1:0] d_o,
  input wire logic [M*AdcBits-1:0] targets_o
);
  logic full_q;
  logic ended_q;    // a last word was taken in the cycle before
  logic started_q;  // start_i in the cycle before
  logic [25:0] head_q;
  // Blocking assignments, in order: Verilator copies what an edge delays in every cycle.
  /* verilator lint_off BLKSEQ */
  logic [CodeBits*RowStride-1:0] x_q;
  logic [CodeBits*ColStride-1:0] d_q;
  logic [M*AdcBits-1:0] targets_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q <= 1'b0;
      ended_q <= 1'b0;
      started_q <= 1'b0;
      head_q <= 26'd0;
      x_q = '0;
      d_q = '0;
      targets_q = '0;
    end else begin
      full_q <= full_o & ~start_i;
      ended_q <= s_valid_i & s_ready_o & s_last_i;
      started_q <= start_i;
      R1: assert (!(full_o && s_ready_o)) else $error("a word would be taken into a complete packet");
      R2: assert (full_o == (full_q || ended_q)) else $error("a packet ends beside its last word");
      if (full_o && !full_q) begin  // the first cycle
        head_q <= head_i;
        x_q = x_o;
        d_q = d_o;
      end else if (full_o && start_i) begin
        R3: assert (head_i == head_q && x_o == x_q && d_o == d_q)
          else $error("a complete packet changes before START");
      end
      if (started_q) targets_q = targets_o;
      else if (start_i) begin
        R4: assert (targets_o == targets_q) else $error("the targets of an operation change within it");
      end
    end
  end
  /* verilator lint_on BLKSEQ */
endmodule
bind xt_cmd xt_cmd_props #(
  .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .RowStride(RowStride), .ColStride(ColStride)
) u_props (
  .head_i({command_o.op, 2'(command_o.sel), command_o.arg}), .*
);
`default_nettype wire
