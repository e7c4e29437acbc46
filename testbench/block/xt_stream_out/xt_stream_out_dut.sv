// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 5;
  // Tiles, Words of each size
  localparam logic [0:SIZES-1][0:1][15:0] SHAPE = {
    16'd1, 16'd1, 16'd3, 16'd1, 16'd16, 16'd1, 16'd3, 16'd4, 16'd2, 16'd2};
  localparam int IN = 1120;
  localparam int OUT = 224;
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

  logic [Tiles*32*Words-1:0] tile_data;
  logic [Tiles-1:0] tile_valid, tile_last, tile_ready;
  logic none_valid, none_taken, m_valid, m_last, m_ready;
  logic [Tiles-1:0] closed, on_bus;
  logic [Tiles:0] waits, errors, answered;
  logic [7:0] none_op;
  logic [3:0] none_dest, m_id;
  logic [32*Words-1:0] m_data;
  assign {closed, tile_data, tile_last, tile_valid, none_dest, none_op, none_valid, m_ready} = pins_i;
  assign pins_o = {on_bus, answered, errors, waits, tile_ready, none_taken, m_id, m_last, m_data, m_valid};

  xt_stream_out #(.Tiles(Tiles), .Words(Words)) u_stream_out (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .tile_data_i(tile_data), .tile_valid_i(tile_valid), .tile_last_i(tile_last), .tile_ready_o(tile_ready),
    .none_valid_i(none_valid), .none_op_i(none_op), .none_dest_i(none_dest), .none_taken_o(none_taken),
    .m_data_o(m_data), .m_valid_o(m_valid), .m_last_o(m_last), .m_id_o(m_id), .m_ready_i(m_ready),
    .closed_i(closed), .on_bus_o(on_bus), .waits_o(waits), .errors_o(errors), .answered_o(answered)
  );
endmodule
`default_nettype wire
