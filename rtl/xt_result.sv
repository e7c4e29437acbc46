// SPDX-License-Identifier: Apache-2.0
// xt_result: the answer of a command, its output buffer and the result stream.
//
// Operation. The answer (SPEC section 2): header {info, status, op}, then the codes of lines_o lines, two a word, Words
//   words a beat, sign-extended to 16 bits, line 0 in the low half; a half without a line is 0, the rest of the
//   header's beat too. What info shows is op_info(), how
//   many lines there are is op_out() (OUT_XFER: those that a transfer read, if upd_answer_i); with an error both are 0.
//   put_i moves it to the output buffer.
// Parameters. N, M 1..32768; AdcBits 4..12; Words 1, 2, 4 .. 32; Acc 0, 1: with an accumulator, which counts for info.
// Timing. info_o, lines_o are right in END and until the next start_i; rails_o from the cycle after a read on. put_i
//   only while empty_o. The first beat is valid in the next cycle; one beat per cycle; data and last hold until taken;
//   valid does not look at ready.
// Trace record. info, ncodes.
// Golden counterpart. refc/xt_result.c
// Invariants. R1 valid, once high, stays until ready. R2 one last per answer. R3 nothing without put_i.
`default_nettype none
`include "xt_types.svh"
module xt_result #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int AdcBits = 9,
  parameter int Words = 1,
  parameter int Acc = 0,
  localparam int Lines = (N > M) ? N : M
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // the command that runs; it starts in this cycle
  input  wire logic [7:0] op_i,
  input  wire logic [7:0] status_i,
  input  wire logic start_i,
  // for info: CLEAR, and lines at a rail found since; a pulse train ends, its length; rounds of program-verify; phases
  input  wire logic clear_i,
  input  wire logic rails_valid_i,
  input  wire logic [15:0] rails_i,
  input  wire logic train_i,
  input  wire logic [7:0] bl_i,
  input  wire logic [7:0] rounds_i,
  input  wire logic [3:0] phases_i,  // of MTJ_UPDATE
  /* verilator lint_off UNUSEDSIGNAL */  // without an accumulator
  input  wire logic [15:0] count_i,  // phases of MTJ pulses, or rows clipped, in this operation (xt_acc)
  /* verilator lint_on UNUSEDSIGNAL */
  // for the payload of an UPDATE: wanted; a transfer's read ends
  input  wire logic upd_answer_i,
  input  wire logic take_i,
  output logic [15:0] rails_o,
  // the answer
  output logic [15:0] info_o,
  output logic [15:0] lines_o,
  input  wire logic [Lines*AdcBits-1:0] codes_i,
  input  wire logic put_i,
  output logic empty_o,
  // result stream
  output logic [32*Words-1:0] m_data_o,
  output logic m_valid_o,
  output logic m_last_o,
  input  wire logic m_ready_i
);

  localparam int Beat = 2 * Words;  // codes
  localparam int Halves = Beat * ((Lines + Beat - 1) / Beat);
  localparam int BufW = Halves * AdcBits;

  // ---- what the answer says

  logic [15:0] rails_q;
  logic [15:0] rails;     // with those of this cycle
  logic taken_q;          // a transfer has been read
  logic trained_q;
  logic [7:0] bl_q;       // of the operation's first train: an UPDATE's own, also when a transfer follows
  assign rails = rails_valid_i ? rails_q + rails_i : rails_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rails_q <= 16'd0;
      taken_q <= 1'b0;
      trained_q <= 1'b0;
      bl_q <= 8'd0;
    end else begin
      rails_q <= clear_i ? 16'd0 : rails;
      if (start_i) taken_q <= 1'b0;
      else if (take_i) taken_q <= 1'b1;
      if (start_i) begin
        trained_q <= 1'b0;
        bl_q <= 8'd0;
      end else if (train_i && !trained_q) begin
        trained_q <= 1'b1;
        bl_q <= bl_i;
      end
    end
  end

  always @* begin
    case (xt_pkg::op_info(op_i))
      xt_pkg::INFO_RAILS: info_o = rails;
      xt_pkg::INFO_BL: info_o = {8'd0, bl_q};
      xt_pkg::INFO_ROUNDS: info_o = {8'd0, rounds_i};
      xt_pkg::INFO_PHASES: info_o = (Acc != 0) ? count_i : 16'($countones(phases_i));
      xt_pkg::INFO_CLIPPED: info_o = (Acc != 0) ? count_i : 16'd0;
      default: info_o = 16'd0;
    endcase
    case (xt_pkg::op_out(op_i))
      xt_pkg::OUT_COLS: lines_o = 16'(M);
      xt_pkg::OUT_ROWS: lines_o = 16'(N);
      xt_pkg::OUT_LONG: lines_o = 16'(Lines);
      xt_pkg::OUT_XFER: lines_o = (upd_answer_i && taken_q) ? 16'(M) : 16'd0;
      default: lines_o = 16'd0;
    endcase
    if (status_i != xt_pkg::ST_OK) begin
      info_o = 16'd0;
      lines_o = 16'd0;
    end
  end

  // ---- its beats

  logic valid_q;
  logic head_q;
  logic last_q;
  logic [31:0] header_q;
  logic [15:0] lines_q;
  logic [15:0] line_q;  // first line of the beat on offer (head_q: of the next)
  logic [BufW-1:0] codes_q;
  logic [15:0] line_d;

  assign line_d = head_q ? 16'd0 : line_q + 16'(Beat);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      empty_o <= 1'b1;
      valid_q <= 1'b0;
      head_q <= 1'b0;
      last_q <= 1'b0;
      header_q <= 32'd0;
      lines_q <= 16'd0;
      line_q <= 16'd0;
    end else if (put_i) begin
      empty_o <= 1'b0;
      valid_q <= 1'b1;
      head_q <= 1'b1;
      last_q <= (lines_o == 16'd0);
      header_q <= {info_o, status_i, op_i};
      lines_q <= lines_o;
      line_q <= 16'd0;
    end else if (valid_q && m_ready_i) begin
      empty_o <= last_q;
      valid_q <= ~last_q;
      head_q <= 1'b0;
      last_q <= ~last_q & ({1'b0, line_d} + 17'(Beat) >= {1'b0, lines_q});
      line_q <= line_d;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) codes_q <= BufW'(1'b0);
    else if (put_i) codes_q <= BufW'(codes_i);
  end

  logic [Beat*AdcBits-1:0] codes;
  integer h;
  always @* begin
    m_data_o = (32 * Words)'(1'b0);
    codes = (Beat * AdcBits)'(1'b0);
    if (head_q) begin
      m_data_o[31:0] = header_q;
    end else if (valid_q) begin
      codes = codes_q[(32'(line_q) >> $clog2(Beat)) * (Beat * AdcBits) +: Beat * AdcBits];
      for (h = 0; h < Beat; h = h + 1) begin
        if (h == 0 || {1'b0, line_q} + 17'(h) < {1'b0, lines_q})
          m_data_o[16 * h +: 16] = 16'($signed(codes[AdcBits * h +: AdcBits]));
      end
    end
  end

  assign rails_o = rails;
  assign m_valid_o = valid_q;
  assign m_last_o = last_q;

endmodule
`default_nettype wire
