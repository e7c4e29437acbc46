// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_cmd (numbers as in its header). The wide ones compare once per packet: a buffer that changes and
// changes back between is not seen.
`default_nettype none
`include "xt_types.svh"
module xt_cmd_props #(
  parameter int N = 784,
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
  input wire logic [M*AdcBits-1:0] targets_o,
  input wire logic ok_i,  // no error
  input wire logic [2:0] head_in,
  input wire logic [CodeBits-2:0] x_max_o,
  input wire logic [1:0] x_signs_o,
  input wire logic [CodeBits-2:0] d_max_o,
  input wire logic [1:0] d_signs_o
);
  // No magnitude is above the largest, one is as large; signs: {some < 0, some > 0}.
  function automatic logic extremes_x(
      input logic [CodeBits*RowStride-1:0] v, input logic [CodeBits-2:0] most, input logic [1:0] signs);
    logic [N-1:0] plane;
    logic [N-1:0] above;
    logic [N-1:0] same;
    logic [N-1:0] some;
    above = '0;
    same = '1;
    some = '0;
    for (int b = 0; b < CodeBits - 1; b++) begin
      plane = v[b*RowStride +: N];
      above = most[b] ? above & plane : above | plane;
      same = most[b] ? same & plane : same & ~plane;
      some = some | plane;
    end
    plane = v[(CodeBits-1)*RowStride +: N];
    extremes_x = (above == '0) && (same != '0) && (signs == {plane != '0, (some & ~plane) != '0});
  endfunction
  function automatic logic extremes_d(
      input logic [CodeBits*ColStride-1:0] v, input logic [CodeBits-2:0] most, input logic [1:0] signs);
    logic [M-1:0] plane;
    logic [M-1:0] above;
    logic [M-1:0] same;
    logic [M-1:0] some;
    above = '0;
    same = '1;
    some = '0;
    for (int b = 0; b < CodeBits - 1; b++) begin
      plane = v[b*ColStride +: M];
      above = most[b] ? above & plane : above | plane;
      same = most[b] ? same & plane : same & ~plane;
      some = some | plane;
    end
    plane = v[(CodeBits-1)*ColStride +: M];
    extremes_d = (above == '0) && (same != '0) && (signs == {plane != '0, (some & ~plane) != '0});
  endfunction

  logic full_q;
  logic ended_q;    // a last word was taken in the cycle before
  logic started_q;  // start_i in the cycle before
  logic [25:0] head_q;
  // Blocking assignments, in order: Verilator copies what an edge delays in every cycle.
  /* verilator lint_off BLKSEQ */
  logic [CodeBits*RowStride-1:0] x_q;
  logic [CodeBits*ColStride-1:0] d_q;
  logic [M*AdcBits-1:0] targets_q;
  logic with_x;
  logic with_d;
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
        with_x = (head_in == xt_pkg::IN_X) || (head_in == xt_pkg::IN_XD);
        with_d = (head_in == xt_pkg::IN_D) || (head_in == xt_pkg::IN_XD);
        R5: assert (!ok_i || ((!with_x || extremes_x(x_o, x_max_o, x_signs_o))
                              && (!with_d || extremes_d(d_o, d_max_o, d_signs_o))))
          else $error("the maxima are not those of the packet");
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
  .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .RowStride(RowStride), .ColStride(ColStride)
) u_props (
  .head_i({command_o.op, 2'(command_o.sel), command_o.arg}), .ok_i(command_o.status == xt_pkg::ST_OK), .*
);
`default_nettype wire
