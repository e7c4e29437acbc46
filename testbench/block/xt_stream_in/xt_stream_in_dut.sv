// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 3;
  // Tiles of each size
  localparam logic [0:SIZES-1][15:0] SHAPE = {16'd1, 16'd3, 16'd16};
  localparam int IN = 64;
  localparam int OUT = 64;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int Tiles = 32'(room_pkg::SHAPE[Size]);
  assign shape_o = 256'(Tiles);

  logic valid, last, ready, none_valid, none_taken;
  logic [3:0] dest, none_dest;
  logic [7:0] op, none_op;
  logic [Tiles-1:0] tile_valid, tile_ready;
  assign {tile_ready, none_taken, op, dest, last, valid} = pins_i;
  assign pins_o = {tile_valid, none_dest, none_op, none_valid, ready};

  xt_stream_in #(.Tiles(Tiles)) u_stream_in (
    .clk_i(clk_i), .rst_ni(rst_ni), .s_valid_i(valid), .s_last_i(last), .s_dest_i(dest), .s_op_i(op), .s_ready_o(ready),
    .tile_valid_o(tile_valid), .tile_ready_i(tile_ready),
    .none_valid_o(none_valid), .none_op_o(none_op), .none_dest_o(none_dest), .none_taken_i(none_taken)
  );
endmodule
`default_nettype wire
