// SPDX-License-Identifier: Apache-2.0
// xt_trace: the record of every cycle that has one (SPEC section 11).
//
// Operation. A record in each INTEG, HOLD, SAR, PULSE (SWITCH) and END cycle: order, and what the sequencer says of the
//   cycle; in END the answer (status, info, codes), in the pulses of a train the factors of its thresholds; else 0
//   there. The counters are those after the cycle: in END, whose record has them, with the operation included.
// Parameters. Lines = max(N, M) 1..32768; AdcBits 4..12; Trace 1, or 0: all outputs are 0, and nothing is left of it.
// Timing. trace_* speak of this cycle, valid in it. Nothing in the design reads them.
// Trace record. all of it but the vectors of the boundary.
// Golden counterpart. refc/xt_trace.c
// Invariants. R1 order has no gaps.
`default_nettype none
`include "xt_types.svh"
module xt_trace #(
  parameter int Lines = 784,
  parameter int AdcBits = 9,
  parameter int Trace = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // the cycle and its command
  /* verilator lint_off UNUSEDSIGNAL */  // of the sequencer's signals those that a record has
  input  wire xt_command_t command_i,
  input  wire xt_now_t now_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire logic [xt_pkg::SEL_BITS-1:0] sel_i,  // of the boundary
  // factors and shifts of the train (update manager)
  input  wire logic [20:0] row_gain_i,
  input  wire logic [5:0] row_shift_i,
  input  wire logic [20:0] col_gain_i,
  input  wire logic [5:0] col_shift_i,
  // the answer: info, lines, codes; counters after the edge
  input  wire logic [15:0] info_i,
  input  wire logic [15:0] lines_i,
  input  wire logic [Lines*AdcBits-1:0] codes_i,
  input  wire logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_d_i,
  // the record
  output logic trace_valid_o,
  output xt_trace_t trace_o,
  output logic [Lines*16-1:0] trace_codes_o,  // sign-extended
  output logic [64*xt_pkg::NUM_COUNTERS-1:0] trace_counters_o
);

  logic [63:0] order_q;
  logic ending;
  assign ending = (Trace != 0) && (now_i.kind == xt_pkg::KIND_END);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) order_q <= 64'd0;
    else if (trace_valid_o) order_q <= order_q + 64'd1;
  end

  xt_trace_t record;
  assign record.order = order_q;
  assign record.cycle = now_i.cycle;
  assign record.op = command_i.op;
  assign record.kind = now_i.kind;
  assign record.sel = 8'(sel_i);
  assign record.phase = 8'(now_i.phase);
  assign record.slot = now_i.slot;
  assign record.at = (now_i.kind == xt_pkg::KIND_PULSE || now_i.kind == xt_pkg::KIND_SWITCH) ? now_i.at : 16'd0;
  assign record.status = ending ? command_i.status : 8'd0;
  assign record.info = ending ? info_i : 16'd0;
  assign record.cycles = ending ? now_i.cycle + 32'd1 : 32'd0;
  assign record.ncodes = ending ? lines_i : 16'd0;
  assign record.row_gain = now_i.train ? 32'(row_gain_i) : 32'd0;
  assign record.row_shift = now_i.train ? 8'(row_shift_i) : 8'd0;
  assign record.col_gain = now_i.train ? 32'(col_gain_i) : 32'd0;
  assign record.col_shift = now_i.train ? 8'(col_shift_i) : 8'd0;
  assign trace_valid_o = (Trace != 0) && (now_i.kind != 8'd0);
  assign trace_o = (Trace != 0) ? record : XT_TRACE_T_BITS'(1'b0);

  assign trace_counters_o = (Trace != 0) ? counters_d_i : (64 * xt_pkg::NUM_COUNTERS)'(1'b0);

  integer t;
  always @* begin
    trace_codes_o = (Lines * 16)'(1'b0);
    if (ending) begin
      for (t = 0; t < Lines; t = t + 1) begin
        if (t < 32'(lines_i)) trace_codes_o[t * 16 +: 16] = 16'($signed(codes_i[t * AdcBits +: AdcBits]));
      end
    end
  end

endmodule
`default_nettype wire
