// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 5;
  // Tiles, Words of each size
  localparam logic [0:SIZES-1][0:1][15:0] SHAPE = {
    16'd1, 16'd1, 16'd3, 16'd1, 16'd16, 16'd1, 16'd3, 16'd4, 16'd2, 16'd2};
  localparam int IN = 256;
  localparam int OUT = 256;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int Tiles = 32'(room_pkg::SHAPE[Size][0]);
  localparam int Words = 32'(room_pkg::SHAPE[Size][1]);
  assign shape_o = {32'(Words), 32'(Tiles)};

  logic valid, last, ready, none_valid, none_taken;
  logic [3:0] dest, none_dest;
  logic [7:0] none_op;
  logic [32*Words-1:0] data, tile_data;
  logic tile_last;
  logic [Tiles-1:0] tile_valid, tile_ready, closed, reset, op_end, answered, idle, done, space;
  assign {answered, op_end, reset, closed, tile_ready, none_taken, data, dest, last, valid} = pins_i;
  assign pins_o = {space, done, idle, tile_valid, tile_last, tile_data, none_dest, none_op, none_valid, ready};

  xt_stream_in #(.Tiles(Tiles), .Words(Words)) u_stream_in (
    .clk_i(clk_i), .rst_ni(rst_ni), .s_valid_i(valid), .s_last_i(last), .s_dest_i(dest), .s_data_i(data),
    .s_ready_o(ready),
    .tile_valid_o(tile_valid), .tile_data_o(tile_data), .tile_last_o(tile_last), .tile_ready_i(tile_ready),
    .closed_i(closed), .reset_i(reset), .op_end_i(op_end), .answered_i(answered),
    .idle_o(idle), .done_o(done), .space_o(space),
    .none_valid_o(none_valid), .none_op_o(none_op), .none_dest_o(none_dest), .none_taken_i(none_taken)
  );
endmodule
`default_nettype wire
