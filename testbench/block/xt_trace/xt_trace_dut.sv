// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 4;
  // Lines, AdcBits, Trace of each size
  localparam logic [0:SIZES-1][0:2][15:0] SHAPE = {
    16'd1, 16'd4, 16'd1,
    16'd7, 16'd12, 16'd1,
    16'd33, 16'd9, 16'd1,
    16'd7, 16'd9, 16'd0};
  localparam int IN = 2048;
  localparam int OUT = 2048;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int Lines = 32'(room_pkg::SHAPE[Size][0]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][1]);
  localparam int Trace = 32'(room_pkg::SHAPE[Size][2]);
  assign shape_o = {32'(Trace), 32'(AdcBits), 32'(Lines)};

  logic [7:0] op, command_status, kind;
  logic [31:0] cycle;
  logic [5:0] phase;
  logic [15:0] slot, at, info, lines;
  logic [xt_pkg::SEL_BITS-1:0] sel;
  logic [Lines*AdcBits-1:0] codes;
  logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_d, trace_counters;
  logic [Lines*16-1:0] trace_codes;
  logic train, valid;
  logic [20:0] row_gain, col_gain;
  logic [5:0] row_shift, col_shift;
  xt_command_t command;
  xt_now_t now;
  xt_trace_t t;
  assign {codes, counters_d, col_shift, row_shift, col_gain, row_gain, train, lines, info, sel, at, slot, phase, cycle,
          kind, command_status, op} = pins_i;
  assign pins_o = {trace_counters, trace_codes, t.col_shift, t.row_shift, t.col_gain, t.row_gain, t.ncodes, t.cycles,
                   t.info, t.status, t.at, t.slot, t.phase, t.sel, t.kind, t.op, t.cycle, t.order, valid};
  always_comb begin
    command = '0;
    command.op = op;
    command.status = command_status;
    now = '0;
    now.kind = kind;
    now.cycle = cycle;
    now.phase = phase;
    now.slot = slot;
    now.at = at;
    now.train = train;
  end

  xt_trace #(.Lines(Lines), .AdcBits(AdcBits), .Trace(Trace)) u_trace (
    .clk_i(clk_i), .rst_ni(rst_ni), .command_i(command), .now_i(now), .sel_i(sel), .row_gain_i(row_gain),
    .row_shift_i(row_shift), .col_gain_i(col_gain), .col_shift_i(col_shift), .info_i(info), .lines_i(lines),
    .codes_i(codes), .counters_d_i(counters_d), .trace_valid_o(valid), .trace_o(t), .trace_codes_o(trace_codes),
    .trace_counters_o(trace_counters)
  );
endmodule
`default_nettype wire
