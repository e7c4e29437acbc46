// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 8;
  // N, M, AdcBits, AdcShare of each size
  localparam logic [0:SIZES-1][0:3][15:0] SHAPE = {
    16'd1, 16'd1, 16'd4, 16'd1, 16'd1, 16'd7, 16'd9, 16'd1, 16'd7, 16'd1, 16'd9, 16'd2, 16'd3, 16'd5, 16'd12, 16'd64,
    16'd7, 16'd9, 16'd5, 16'd3, 16'd33, 16'd17, 16'd9, 16'd1, 16'd33, 16'd17, 16'd6, 16'd4,
    16'd300, 16'd6, 16'd12, 16'd7};
  localparam int IN = 512;
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
  assign shape_o = {32'(AdcShare), 32'(AdcBits), 32'(M), 32'(N)};

  logic sar, latch, dir, cut, rails_valid;
  logic [3:0] sar_bit;
  logic [5:0] share;
  logic [AdcBits-1:0] offset;
  logic [Units-1:0] cmp;
  logic [Units*AdcBits-1:0] trial;
  logic [Lines*AdcBits-1:0] codes;
  logic [M*AdcBits-1:0] codes_d;
  logic [15:0] rails;
  assign {cmp, offset, cut, dir, share, latch, sar_bit, sar} = pins_i;
  assign pins_o = {rails, rails_valid, codes_d, codes, trial};

  xt_adc #(.N(N), .M(M), .Lines(Lines), .Units(Units), .AdcBits(AdcBits), .AdcShare(AdcShare)) u_adc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .sar_i(sar), .bit_i(sar_bit), .latch_i(latch), .share_i(share), .dir_i(dir), .cut_i(cut), .offset_i(offset),
    .cmp_i(cmp),
    .trial_o(trial), .codes_o(codes), .codes_d_o(codes_d), .rails_valid_o(rails_valid), .rails_o(rails)
  );
endmodule
`default_nettype wire
