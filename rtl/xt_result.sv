// SPDX-License-Identifier: Apache-2.0
// xt_result: output buffer and result stream.
//
// Operation. put_i takes an answer: header, and the codes of `lines_i` lines (0: header only), sent as
//   header, then two codes a word, sign-extended to 16 bits, line 0 in the low half; a half without a line is 0.
// Parameters. Lines 1..32768; AdcBits 4..12.
// Timing. put_i only while empty_o. The first word is valid in the next cycle; one word per cycle;
//   data and last hold until taken; valid does not look at ready.
// Trace record. none (the answer is in END).
// Golden counterpart. refc/xt_result.c
// Invariants. R1 valid, once high, stays until ready. R2 one last per answer. R3 nothing without put_i.
`default_nettype none
module xt_result #(
  parameter int Lines = 784,
  parameter int AdcBits = 9
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic put_i,
  input  wire logic [31:0] header_i,
  input  wire logic [15:0] lines_i,
  input  wire logic [Lines*AdcBits-1:0] codes_i,
  output logic empty_o,
  output logic [31:0] m_data_o,
  output logic m_valid_o,
  output logic m_last_o,
  input  wire logic m_ready_i
);

  localparam int Halves = 2 * ((Lines + 1) / 2);
  localparam int BufW = Halves * AdcBits;

  logic valid_q;
  logic head_q;
  logic last_q;
  logic [31:0] header_q;
  logic [15:0] lines_q;
  logic [15:0] line_q;  // first line of the word on offer (head_q: of the next)
  logic [BufW-1:0] codes_q;
  logic [15:0] line_d;

  assign line_d = head_q ? 16'd0 : line_q + 16'd2;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      head_q <= 1'b0;
      last_q <= 1'b0;
      header_q <= 32'd0;
      lines_q <= 16'd0;
      line_q <= 16'd0;
    end else if (put_i) begin
      valid_q <= 1'b1;
      head_q <= 1'b1;
      last_q <= (lines_i == 16'd0);
      header_q <= header_i;
      lines_q <= lines_i;
      line_q <= 16'd0;
    end else if (valid_q && m_ready_i) begin
      valid_q <= ~last_q;
      head_q <= 1'b0;
      last_q <= ~last_q & ({1'b0, line_d} + 17'd2 >= {1'b0, lines_q});
      line_q <= line_d;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) codes_q <= BufW'(1'b0);
    else if (put_i) codes_q <= BufW'(codes_i);
  end

  logic [AdcBits-1:0] low;
  logic [AdcBits-1:0] high;
  always @* begin
    low = AdcBits'(1'b0);
    high = AdcBits'(1'b0);
    if (valid_q && !head_q) begin
      low = codes_q[32'(line_q) * AdcBits +: AdcBits];
      if ({1'b0, line_q} + 17'd1 < {1'b0, lines_q}) high = codes_q[(32'(line_q) + 32'd1) * AdcBits +: AdcBits];
    end
  end

  assign empty_o = ~valid_q;
  assign m_valid_o = valid_q;
  assign m_last_o = last_q;
  assign m_data_o = head_q ? header_q : {16'($signed(high)), 16'($signed(low))};

endmodule
`default_nettype wire
