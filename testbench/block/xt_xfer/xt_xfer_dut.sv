// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 5;
  // N, M, AdcBits, ColMag of each size
  localparam logic [0:SIZES-1][0:3][15:0] SHAPE = {
    16'd1, 16'd1, 16'd4, 16'd3,
    16'd7, 16'd1, 16'd9, 16'd8,
    16'd3, 16'd5, 16'd12, 16'd11,
    16'd33, 16'd17, 16'd5, 16'd7,
    16'd300, 16'd6, 16'd9, 16'd8};
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
  localparam int N = 32'(room_pkg::SHAPE[Size][0]);
  localparam int M = 32'(room_pkg::SHAPE[Size][1]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][2]);
  localparam int ColMag = 32'(room_pkg::SHAPE[Size][3]);
  assign shape_o = {32'(ColMag), 32'(AdcBits), 32'(M), 32'(N)};

  logic reset, updated, due, take, transferred;
  logic [15:0] every, count, ptr;
  logic [M*AdcBits-1:0] codes;
  logic [ColMag*M-1:0] mag;
  logic [M-1:0] neg;
  logic set_count, set_ptr;
  logic [31:0] set_data;
  logic [7:0] bl, last_bl;
  logic [15:0] rails, last_line, last_rails;
  xt_csr_set_t set;
  assign {codes, rails, bl, set_data, set_ptr, set_count, transferred, take, every, updated, reset} = pins_i;
  assign pins_o = {neg, mag, last_rails, last_bl, last_line, ptr, count, due};
  always_comb begin
    set = '0;
    set.xfer_count = set_count;
    set.xfer_ptr = set_ptr;
    set.data = set_data;
  end

  xt_xfer #(.N(N), .M(M), .AdcBits(AdcBits), .ColMag(ColMag)) u_xfer (
    .clk_i(clk_i), .rst_ni(rst_ni), .reset_i(reset), .updated_i(updated), .every_i(every), .due_o(due), .count_o(count),
    .ptr_o(ptr), .take_i(take), .codes_i(codes), .mag_o(mag), .neg_o(neg), .transferred_i(transferred),
    .set_i(set), .bl_i(bl), .rails_i(rails), .last_line_o(last_line), .last_bl_o(last_bl), .last_rails_o(last_rails)
  );
endmodule
`default_nettype wire
