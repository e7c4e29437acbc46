// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 6;
  // Lines, AdcBits of each size
  localparam logic [0:SIZES-1][0:1][15:0] SHAPE = {
    16'd1, 16'd4, 16'd2, 16'd9, 16'd7, 16'd12, 16'd9, 16'd9, 16'd33, 16'd5, 16'd300, 16'd12};
  localparam int IN = 4096;
  localparam int OUT = 64;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int Lines = 32'(room_pkg::SHAPE[Size][0]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][1]);
  assign shape_o = {32'(AdcBits), 32'(Lines)};

  logic put, ready, empty, valid, last;
  logic [31:0] header, data;
  logic [15:0] lines;
  logic [Lines*AdcBits-1:0] codes;
  assign {codes, lines, header, ready, put} = pins_i;
  assign pins_o = {data, last, valid, empty};

  xt_result #(.Lines(Lines), .AdcBits(AdcBits)) u_result (
    .clk_i(clk_i), .rst_ni(rst_ni), .put_i(put), .header_i(header), .lines_i(lines), .codes_i(codes), .empty_o(empty),
    .m_data_o(data), .m_valid_o(valid), .m_last_o(last), .m_ready_i(ready)
  );
endmodule
`default_nettype wire
