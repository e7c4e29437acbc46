// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 8;
  // Lines, CodeMag, MagBits, ScaleBits, ProbBits, column side of each size
  localparam logic [0:SIZES-1][0:5][15:0] SHAPE = {
    16'd1, 16'd1, 16'd1, 16'd3, 16'd8, 16'd0, 16'd7, 16'd6, 16'd6, 16'd8, 16'd16, 16'd0,
    16'd5, 16'd7, 16'd7, 16'd7, 16'd12, 16'd0, 16'd33, 16'd6, 16'd6, 16'd11, 16'd9, 16'd0,
    16'd1, 16'd1, 16'd11, 16'd11, 16'd8, 16'd1, 16'd9, 16'd6, 16'd8, 16'd8, 16'd16, 16'd1,
    16'd17, 16'd7, 16'd7, 16'd7, 16'd11, 16'd1, 16'd65, 16'd6, 16'd8, 16'd8, 16'd13, 16'd1};
  localparam int IN = 8192;
  localparam int OUT = 4096;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int Lines = 32'(room_pkg::SHAPE[Size][0]);
  localparam int CodeMag = 32'(room_pkg::SHAPE[Size][1]);
  localparam int MagBits = 32'(room_pkg::SHAPE[Size][2]);
  localparam int ScaleBits = 32'(room_pkg::SHAPE[Size][3]);
  localparam int ProbBits = 32'(room_pkg::SHAPE[Size][4]);
  localparam int Column = 32'(room_pkg::SHAPE[Size][5]);
  localparam int Stride = 4 * ((Lines + 3) / 4);
  assign shape_o = {32'(Column), 32'(ProbBits), 32'(ScaleBits), 32'(MagBits), 32'(CodeMag), 32'(Lines)};

  logic seed_load, code_load, line_load, int_load, scale, scale_first, scale_last, scale_full;
  logic train, advance, read, read_line, read_serial;
  logic [31:0] seed;
  logic [(CodeMag+1)*Stride-1:0] code;
  logic [MagBits*Lines-1:0] int_mag, mag;
  logic [Lines-1:0] int_neg, neg, fire;
    logic [20:0] gain;
  logic [6:0] shift;
  logic [1:0] enc;
  logic [2:0] read_bit;
  logic [15:0] line, slot, lowdisc;
  logic gen_set;
  logic [15:0] gen_line;
  logic [31:0] gen_data;
  logic [ProbBits+Column-1:0] gen;
  logic upset;
  assign {int_neg, int_mag, code, gen_data, gen_line, gen_set, lowdisc, slot, line, enc, read_bit, shift, gain,
          seed, read_serial, read_line, read, advance, train, scale_full, scale_last, scale_first, scale,
          int_load, line_load, code_load, seed_load} = pins_i;
  assign pins_o = {neg, mag, fire, upset, 32'(gen)};

  xt_encoder #(
    .Lines(Lines), .CodeMag(CodeMag), .MagBits(MagBits), .ScaleBits(ScaleBits), .ProbBits(ProbBits),
    .Stride(Stride), .Column(Column)
  ) u_encoder (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .seed_load_i(seed_load), .seed_i(seed),
    .gen_line_i(gen_line), .gen_read_i(1'b1), .gen_o(gen), .gen_set_i(gen_set), .gen_i(gen_data),
    .code_load_i(code_load), .code_i(code),
    .line_load_i(line_load), .line_i(line), .int_load_i(int_load), .int_mag_i(int_mag), .int_neg_i(int_neg),
    .mag_o(mag), .neg_o(neg),
    .scale_i(scale), .scale_first_i(scale_first), .scale_last_i(scale_last),
    .scale_full_i(scale_full), .gain_i(gain), .shift_i(shift),
    .train_i(train), .enc_i(enc), .advance_i(advance), .read_i(read), .read_line_i(read_line),
    .read_serial_i(read_serial), .read_bit_i(read_bit), .slot_i(slot), .lowdisc_i(lowdisc), .fire_o(fire),
    .upset_o(upset)
  );
endmodule
`default_nettype wire
