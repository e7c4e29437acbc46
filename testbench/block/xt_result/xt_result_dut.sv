// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 8;
  // N, M, AdcBits, Words, Acc of each size
  localparam logic [0:SIZES-1][0:4][15:0] SHAPE = {
    16'd1, 16'd1, 16'd4, 16'd1, 16'd1, 16'd1, 16'd2, 16'd9, 16'd1, 16'd0,
    16'd7, 16'd1, 16'd12, 16'd4, 16'd0, 16'd7, 16'd9, 16'd9, 16'd2, 16'd1,
    16'd33, 16'd17, 16'd5, 16'd1, 16'd1, 16'd33, 16'd17, 16'd5, 16'd4, 16'd0,
    16'd6, 16'd300, 16'd12, 16'd1, 16'd0, 16'd6, 16'd300, 16'd12, 16'd2, 16'd0};
  localparam int IN = 4096;
  localparam int OUT = 192;
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
  localparam int Words = 32'(room_pkg::SHAPE[Size][3]);
  localparam int Acc = 32'(room_pkg::SHAPE[Size][4]);
  localparam int Lines = (N > M) ? N : M;
  assign shape_o = {32'(Acc), 32'(Words), 32'(AdcBits), 32'(M), 32'(N)};

  logic start, clear, rails_valid, train, put, ready, take, upd_answer, empty, valid, last;
  logic [7:0] op, status, bl, rounds;
  logic [15:0] count, rails, info, lines, read_rails;
  logic [32*Words-1:0] data;
  logic [Lines*AdcBits-1:0] codes;
  logic [3:0] phases;
  assign {codes, count, phases, rounds, bl, rails, status, op, upd_answer, take, ready, put, train, rails_valid, clear,
          start} = pins_i;
  assign pins_o = {read_rails, lines, info, data, last, valid, empty};

  xt_result #(.N(N), .M(M), .AdcBits(AdcBits), .Words(Words), .Acc(Acc)) u_result (
    .clk_i(clk_i), .rst_ni(rst_ni), .op_i(op), .status_i(status), .start_i(start), .clear_i(clear),
    .rails_valid_i(rails_valid), .rails_i(rails), .train_i(train), .bl_i(bl), .rounds_i(rounds), .phases_i(phases),
    .count_i(count),
    .upd_answer_i(upd_answer), .take_i(take), .rails_o(read_rails),
    .info_o(info), .lines_o(lines), .codes_i(codes), .put_i(put), .empty_o(empty),
    .m_data_o(data), .m_valid_o(valid), .m_last_o(last), .m_ready_i(ready)
  );
endmodule
`default_nettype wire
