// SPDX-License-Identifier: Apache-2.0
// xt_xfer: the transfer kernel: when a transfer is due, of which line, and what is pulsed after it has been read.
//
// Operation. Direct: every UPDATE counts; when the count reaches every_i (or exceeds it) it becomes 0 and a transfer
//   follows; every_i = 0: never, count 0. A transfer reads line ptr_o, pulses d_j = code_j, then ptr = ptr + 1 mod N.
//   due_o is a register: it knows every_i of the cycle before. Whatever a kernel does between, the others see these
//   ports only. set_i writes pointer and count. last_* tell the last transfer.
// Parameters. N, M 1..32768; AdcBits 4..12; ColMag = max(CodeBits, AdcBits) - 1.
// Timing. due_o and ptr_o are functions of state and register; mag_o, neg_o are combinational, 0 unless take_i.
// Trace record. the number of records of an UPDATE; row_act, col_act of transfers.
// Golden counterpart. refc/xt_xfer.c
// Invariants.
//   R1 ptr < N. R2 every line is transferred once in N transfers.
`default_nettype none
`include "xt_types.svh"
module xt_xfer #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int AdcBits = 9,
  parameter int ColMag = 8
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // schedule: RESET; an UPDATE's own train ends; it is followed by a transfer
  input  wire logic reset_i,
  input  wire logic updated_i,
  input  wire logic [15:0] every_i,
  output logic due_o,
  output logic [15:0] count_o,
  /* verilator lint_off UNUSEDSIGNAL */  // of what is written what is here
  input  wire xt_csr_set_t set_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // a transfer: the line; its read ends, with these codes; column operand: signs, magnitude bit b of line j at b*M + j;
  // its pulses have been given
  output logic [15:0] ptr_o,
  input  wire logic take_i,
  input  wire logic [M*AdcBits-1:0] codes_i,
  output logic [ColMag*M-1:0] mag_o,
  output logic [M-1:0] neg_o,
  input  wire logic transferred_i,
  // its train, lines at a rail of its read; the last transfer: line, train, rails
  input  wire logic [7:0] bl_i,
  input  wire logic [15:0] rails_i,
  output logic [15:0] last_line_o,
  output logic [7:0] last_bl_o,
  output logic [15:0] last_rails_o
);

  logic [15:0] ptr_q;
  logic [15:0] count_q;
  logic [15:0] count_d;
  logic [15:0] count_next;
  logic [16:0] count_then;  // one more than count_d
  logic due_q;

  assign count_next = count_q + 16'd1;
  assign due_o = due_q;

  logic wrap;
  assign wrap = ({1'b0, ptr_q} + 17'd1 >= 17'(N));

  always @* begin
    count_d = count_q;
    if (reset_i) count_d = 16'd0;
    else if (updated_i) count_d = (every_i == 16'd0 || due_q) ? 16'd0 : count_next;
    else if (set_i.xfer_count) count_d = set_i.data[15:0];
  end
  assign count_then = {1'b0, count_d} + 17'd1;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) due_q <= 1'b0;
    else due_q <= (every_i != 16'd0) && (count_then >= {1'b0, every_i});
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ptr_q <= 16'd0;
      count_q <= 16'd0;
    end else if (reset_i) begin
      ptr_q <= 16'd0;
      count_q <= 16'd0;
    end else begin
      count_q <= count_d;
      if (set_i.xfer_ptr) ptr_q <= set_i.data[15:0];
      if (transferred_i) ptr_q <= wrap ? 16'd0 : ptr_q + 16'd1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      last_line_o <= 16'd0;
      last_bl_o <= 8'd0;
      last_rails_o <= 16'd0;
    end else if (reset_i) begin
      last_line_o <= 16'd0;
      last_bl_o <= 8'd0;
      last_rails_o <= 16'd0;
    end else if (transferred_i) begin
      last_line_o <= ptr_q;
      last_bl_o <= bl_i;
      last_rails_o <= rails_i;
    end
  end

  assign ptr_o = ptr_q;
  assign count_o = count_q;

  integer j;
  integer b;
  logic [AdcBits-1:0] code;
  always @* begin
    mag_o = (ColMag * M)'(1'b0);
    neg_o = {M{1'b0}};
    code = AdcBits'(1'b0);
    if (take_i) begin
      for (j = 0; j < M; j = j + 1) begin
        code = codes_i[j * AdcBits +: AdcBits];
        neg_o[j] = code[AdcBits-1];
        if (code[AdcBits-1]) code = AdcBits'(1'b0) - code;
        for (b = 0; b < AdcBits - 1; b = b + 1) mag_o[b * M + j] = code[b];
      end
    end
  end

endmodule
`default_nettype wire
