// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 9;
  // N, M, AdcBits, AdcShare, CurBits, AdcKind of each size
  localparam logic [0:SIZES-1][0:5][15:0] SHAPE = {
    16'd1, 16'd1, 16'd4, 16'd1, 16'd32, 16'd0, 16'd1, 16'd7, 16'd9, 16'd1, 16'd32, 16'd1,
    16'd7, 16'd1, 16'd9, 16'd2, 16'd32, 16'd0, 16'd3, 16'd5, 16'd12, 16'd64, 16'd64, 16'd0,
    16'd7, 16'd9, 16'd5, 16'd3, 16'd32, 16'd1, 16'd33, 16'd17, 16'd9, 16'd1, 16'd32, 16'd0,
    16'd33, 16'd17, 16'd6, 16'd4, 16'd64, 16'd0, 16'd17, 16'd33, 16'd12, 16'd7, 16'd32, 16'd0,
    16'd1, 16'd1, 16'd12, 16'd64, 16'd64, 16'd1};
  localparam int IN = 16384;
  localparam int OUT = 128;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int N = 32'(room_pkg::SHAPE[Size][0]);
  localparam int M = 32'(room_pkg::SHAPE[Size][1]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][2]);
  localparam int AdcShare = 32'(room_pkg::SHAPE[Size][3]);
  localparam int CurBits = 32'(room_pkg::SHAPE[Size][4]);
  localparam int Lines = (N > M) ? N : M;
  localparam int LB = (Lines > 1) ? $clog2(Lines) : 1;
  localparam int Units = (Lines + AdcShare - 1) / AdcShare;
  localparam int AdcKind = 32'(room_pkg::SHAPE[Size][5]);
  assign shape_o = {32'(AdcKind), 32'(CurBits), 32'(AdcShare), 32'(AdcBits), 32'(M), 32'(N)};

  logic cfg_valid, fabricate, clear, integ, halve, hold, conv, dir;
  logic [7:0] cfg_addr;
  logic [31:0] cfg_data;
  logic [2:0] sel;
  logic [5:0] slot, range;
  logic [Units*AdcBits-1:0] codes;
  logic [(CurBits << LB)-1:0] cur;
  logic [(64 << LB)-1:0] back;
  logic [Units-1:0] cmp, over;
  logic [31:0] read_ctr;  // for the planes
  assign {back, cur, codes, range, slot, sel, dir, conv, hold, halve, integ, clear, fabricate,
          cfg_data, cfg_addr, cfg_valid} = pins_i;
  assign pins_o = {over, cmp};

  xt_array_ctl_t ctl;
  always_comb begin
    ctl = '0;
    ctl.sel = sel;
    ctl.dir = dir;
    ctl.clear = clear;
    ctl.integ = integ;
    ctl.halve = halve;
    ctl.hold = hold;
    ctl.conv = conv;
    ctl.adc_slot = slot;
    ctl.range = range;
  end

  xt_afe #(
    .N(N), .M(M), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind), .CurBits(CurBits)
  ) u_afe (
    .clk_i(clk_i), .ctl_i(ctl), .cur_i(cur), .back_i(back), .sar_code_i(codes),
    .read_ctr_o(read_ctr), .cmp_o(cmp), .over_o(over),
    .cfg_valid_i(cfg_valid), .cfg_addr_i(cfg_addr), .cfg_data_i(cfg_data), .fabricate_i(fabricate)
  );
endmodule
`default_nettype wire
