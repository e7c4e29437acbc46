// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 7;
  // N, M, Mag, Acc of each size
  localparam logic [0:SIZES-1][0:3][15:0] SHAPE = {
    16'd1, 16'd1, 16'd6, 16'd0, 16'd1, 16'd7, 16'd1, 16'd1, 16'd7, 16'd1, 16'd7, 16'd0, 16'd3, 16'd5, 16'd6, 16'd1,
    16'd7, 16'd9, 16'd2, 16'd1, 16'd33, 16'd17, 16'd6, 16'd0, 16'd5, 16'd40, 16'd7, 16'd1};
  localparam int IN = 1024;
  localparam int OUT = 512;
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
  localparam int Mag = 32'(room_pkg::SHAPE[Size][2]);
  localparam int Acc = 32'(room_pkg::SHAPE[Size][3]);
  assign shape_o = {32'(Acc), 32'(Mag), 32'(M), 32'(N)};

  logic encode, shared, pulse, hold, take;
  logic [1:0] cell_mode;
  logic [5:0] rate;
  logic [Mag*N-1:0] row_mag;
  logic [Mag*M-1:0] col_mag;
  logic [N-1:0] row_neg, row_act;
  logic [M-1:0] col_neg, col_act, col_on, sum_on;
  logic [int'(xt_pkg::AMP_BITS)*M-1:0] sum_amp;
  logic [3:0] phases, found;
  logic [1:0] sum_signs;
  logic [int'(xt_pkg::AMP_BITS)*N-1:0] row_amp;
  logic [int'(xt_pkg::AMP_BITS)*M-1:0] col_amp;
  assign {sum_amp, sum_on, sum_signs, take, col_act, row_act, col_neg, col_mag, row_neg, row_mag, rate, cell_mode,
          shared, hold, pulse, encode} = pins_i;
  assign pins_o = {col_amp, row_amp, col_on, phases, found};

  xt_amp #(.N(N), .M(M), .Mag(Mag), .Acc(Acc)) u_amp (
    .clk_i(clk_i), .rst_ni(rst_ni), .encode_i(encode), .cell_mode_i(cell_mode), .shared_i(shared), .rate_i(rate),
    .row_mag_i(row_mag), .row_neg_i(row_neg), .col_mag_i(col_mag), .col_neg_i(col_neg),
    .take_i(take), .sum_on_i(sum_on), .sum_amp_i(sum_amp), .sum_signs_i(sum_signs),
    .col_on_o(col_on), .found_o(found), .phases_o(phases), .pulse_i(pulse), .hold_i(hold),
    .row_act_i(row_act), .col_act_i(col_act), .row_amp_o(row_amp), .col_amp_o(col_amp)
  );
endmodule
`default_nettype wire
