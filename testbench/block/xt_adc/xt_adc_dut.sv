// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 11;
  // N, M, AdcBits, AdcShare, AdcKind of each size
  localparam logic [0:SIZES-1][0:4][15:0] SHAPE = {
    16'd1, 16'd1, 16'd4, 16'd1, 16'd0, 16'd1, 16'd7, 16'd9, 16'd1, 16'd0, 16'd7, 16'd1, 16'd9, 16'd2, 16'd0,
    16'd3, 16'd5, 16'd12, 16'd64, 16'd0, 16'd7, 16'd9, 16'd5, 16'd3, 16'd0, 16'd33, 16'd17, 16'd9, 16'd1, 16'd0,
    16'd33, 16'd17, 16'd6, 16'd4, 16'd0, 16'd300, 16'd6, 16'd12, 16'd7, 16'd0,
    16'd3, 16'd5, 16'd4, 16'd1, 16'd1, 16'd17, 16'd9, 16'd6, 16'd3, 16'd1, 16'd1, 16'd2, 16'd12, 16'd1, 16'd1};
  localparam int IN = 1024;
  localparam int OUT = 8192;
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
  localparam int Lines = (N > M) ? N : M;
  localparam int Units = (Lines + AdcShare - 1) / AdcShare;
  localparam int AdcKind = 32'(room_pkg::SHAPE[Size][4]);
  assign shape_o = {32'(AdcKind), 32'(AdcShare), 32'(AdcBits), 32'(M), 32'(N)};

  logic sar, latch, dir, cut, calibrate, next_sar, cal_set, rails_valid;
  logic [11:0] slot, next_slot;
  logic [5:0] share;
  logic [AdcBits-1:0] offset, cal_in, cal;
  logic [15:0] cal_unit, overs;
  logic [Units-1:0] cmp, over;
  logic [Units*AdcBits-1:0] trial;
  logic [Lines*AdcBits-1:0] codes;
  logic [15:0] rails;
  assign {over, cmp, cal_in, cal_set, cal_unit, offset, next_slot, next_sar, calibrate, cut, dir, share, latch, slot,
          sar} = pins_i;
  assign pins_o = {overs, cal, rails, rails_valid, codes, trial};

  xt_adc #(
    .N(N), .M(M), .Lines(Lines), .Units(Units), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind)
  ) u_adc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .sar_i(sar), .slot_i(slot), .latch_i(latch), .share_i(share), .dir_i(dir), .cut_i(cut), .calibrate_i(calibrate),
    .next_sar_i(next_sar), .next_slot_i(next_slot), .offset_i(offset), .cal_unit_i(cal_unit), .cal_read_i(1'b1),
    .cal_o(cal), .cal_set_i(cal_set), .cal_i(cal_in), .cmp_i(cmp), .over_i(over),
    .trial_o(trial), .codes_o(codes), .rails_valid_o(rails_valid), .rails_o(rails),
    .overs_o(overs)
  );
endmodule
`default_nettype wire
