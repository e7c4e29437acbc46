// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 9;
  // N, M, Mag, Bits, Gang of each size
  localparam logic [0:SIZES-1][0:4][15:0] SHAPE = {
    16'd1, 16'd1, 16'd6, 16'd12, 16'd0, 16'd1, 16'd8, 16'd1, 16'd24, 16'd2, 16'd7, 16'd1, 16'd7, 16'd32, 16'd0,
    16'd3, 16'd5, 16'd6, 16'd24, 16'd0, 16'd7, 16'd9, 16'd2, 16'd13, 16'd0, 16'd33, 16'd17, 16'd6, 16'd16, 16'd0,
    16'd6, 16'd12, 16'd7, 16'd12, 16'd2, 16'd16, 16'd18, 16'd6, 16'd20, 16'd1, 16'd2, 16'd64, 16'd6, 16'd24, 16'd6};
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
  localparam int Bits = 32'(room_pkg::SHAPE[Size][3]);
  localparam int Gang = 32'(room_pkg::SHAPE[Size][4]);
  assign shape_o = {32'(Gang), 32'(Bits), 32'(Mag), 32'(M), 32'(N)};

  logic start, factor, sum, fetch, encode, flush, ahead, clear, busy, read, set;
  logic [15:0] row, count;
  logic [5:0] exponent;
  logic [3:0] decay, phases;
  logic [1:0] signs;
  logic [31:0] sel, data, value;
  logic [Mag*N-1:0] row_mag;
  logic [N-1:0] row_neg;
  logic [Mag*M-1:0] col_mag;
  logic [M-1:0] col_neg, on, neg;
  logic [int'(xt_pkg::AMP_BITS)*M-1:0] amp;
  assign {col_neg, col_mag, row_neg, row_mag, data, sel, phases, decay, exponent, row, set, read, busy, clear, ahead,
          flush, encode, fetch, sum, factor, start} = pins_i;
  assign pins_o = {neg, amp, on, value, signs, count};

  xt_acc #(.N(N), .M(M), .Mag(Mag), .Bits(Bits), .Gang(Gang)) u_acc (
    .clk_i(clk_i), .rst_ni(rst_ni), .start_i(start), .factor_i(factor), .sum_i(sum), .fetch_i(fetch), .encode_i(encode),
    .flush_i(flush), .ahead_i(ahead), .row_i(row), .exp_i(exponent), .decay_i(decay), .clear_i(clear),
    .phases_i(phases),
    .row_mag_i(row_mag), .row_neg_i(row_neg), .col_mag_i(col_mag), .col_neg_i(col_neg),
    .col_on_o(on), .col_amp_o(amp), .col_neg_o(neg), .signs_o(signs), .count_o(count),
    .busy_i(busy), .read_i(read), .sel_i(sel), .set_i(set), .data_i(data), .value_o(value)
  );
endmodule
`default_nettype wire
