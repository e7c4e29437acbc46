// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 5;
  // M, AdcBits, ColMag of each size
  localparam logic [0:SIZES-1][0:2][15:0] SHAPE = {
    16'd1, 16'd4, 16'd3,
    16'd5, 16'd12, 16'd11,
    16'd9, 16'd9, 16'd8,
    16'd17, 16'd5, 16'd7,
    16'd40, 16'd4, 16'd7};
  localparam int IN = 1024;
  localparam int OUT = 1024;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int M = 32'(room_pkg::SHAPE[Size][0]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][1]);
  localparam int ColMag = 32'(room_pkg::SHAPE[Size][2]);
  assign shape_o = {32'(ColMag), 32'(AdcBits), 32'(M)};

  logic start, check, round;
  logic [7:0] tol, iters, rounds;
  logic [M*AdcBits-1:0] codes, targets;
  logic [ColMag*M-1:0] mag;
  logic [M-1:0] neg;
  assign {targets, codes, check, iters, tol, start} = pins_i;
  assign pins_o = {neg, mag, rounds, round};

  xt_prog #(.M(M), .AdcBits(AdcBits), .ColMag(ColMag)) u_prog (
    .clk_i(clk_i), .rst_ni(rst_ni), .start_i(start), .tol_i(tol), .iters_i(iters), .check_i(check),
    .codes_i(codes), .targets_i(targets), .mag_o(mag), .neg_o(neg), .round_o(round), .rounds_o(rounds)
  );
endmodule
`default_nettype wire
