// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 10;
  // N, M, CodeBits, AdcBits, Words, Mtj of each size
  localparam logic [0:SIZES-1][0:5][15:0] SHAPE = {
    16'd1, 16'd1, 16'd7, 16'd9, 16'd1, 16'd1, 16'd1, 16'd7, 16'd2, 16'd4, 16'd1, 16'd1,
    16'd7, 16'd1, 16'd8, 16'd12, 16'd1, 16'd0, 16'd3, 16'd5, 16'd7, 16'd9, 16'd1, 16'd1,
    16'd7, 16'd9, 16'd8, 16'd12, 16'd1, 16'd1, 16'd33, 16'd17, 16'd5, 16'd8, 16'd1, 16'd0,
    16'd300, 16'd6, 16'd7, 16'd9, 16'd1, 16'd1, 16'd1, 16'd1, 16'd7, 16'd9, 16'd4, 16'd1,
    16'd33, 16'd17, 16'd5, 16'd8, 16'd2, 16'd1, 16'd70, 16'd41, 16'd7, 16'd9, 16'd4, 16'd0};
  localparam logic [0:SIZES-1][7:0] ACC_BITS = {8'd12, 8'd0, 8'd0, 8'd24, 8'd0, 8'd0, 8'd32, 8'd0, 8'd16, 8'd0};
  localparam int IN = 192;
  localparam int OUT = 4096;
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
  localparam int CodeBits = 32'(room_pkg::SHAPE[Size][2]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][3]);
  localparam int Words = 32'(room_pkg::SHAPE[Size][4]);
  localparam int RowStride = 4 * Words * ((N + 4 * Words - 1) / (4 * Words));
  localparam int ColStride = 4 * Words * ((M + 4 * Words - 1) / (4 * Words));
  localparam int Mtj = 32'(room_pkg::SHAPE[Size][5]);
  localparam int AccBits = 32'(room_pkg::ACC_BITS[Size]);
  assign shape_o = {32'(AccBits), 32'(Mtj), 32'(Words), 32'(AdcBits), 32'(CodeBits), 32'(M), 32'(N)};

  logic [32*Words-1:0] data;
  logic valid, last, ready, reset_given, kept, full, start;
  logic [1:0] upd_mode;
  logic [5:0] upd_exp, scale_d_exp, mtj_rate, acc_exp, acc_rate;
  logic [1:0] cell_mode;
  xt_command_t command;
  logic [CodeBits*RowStride-1:0] x;
  logic [CodeBits*ColStride-1:0] d;
  logic [M*AdcBits-1:0] targets;
  logic [CodeBits-2:0] x_max, d_max;
  logic [1:0] x_signs, d_signs;
  assign {acc_rate, acc_exp, cell_mode, mtj_rate, kept, start, scale_d_exp, upd_exp, upd_mode, reset_given, last,
          valid, data} = pins_i;
  assign pins_o = {d_signs, d_max, x_signs, x_max, targets, d, x, command.exp, command.status, command.arg,
                   2'(command.sel), command.op, full, ready};

  xt_cmd #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .Words(Words), .RowStride(RowStride), .ColStride(ColStride),
    .Mtj(Mtj), .AccBits(AccBits)
  ) u_cmd (
    .clk_i(clk_i), .rst_ni(rst_ni), .s_data_i(data), .s_valid_i(valid), .s_last_i(last), .s_ready_o(ready),
    .reset_given_i(reset_given), .kept_i(kept), .upd_mode_i(upd_mode), .upd_exp_i(upd_exp), .scale_d_exp_i(scale_d_exp),
    .mtj_rate_i(mtj_rate), .acc_exp_i(acc_exp), .acc_rate_i(acc_rate), .cell_mode_i(cell_mode),
    .full_o(full), .start_i(start), .command_o(command),
    .x_o(x), .d_o(d), .x_max_o(x_max), .x_signs_o(x_signs), .d_max_o(d_max), .d_signs_o(d_signs), .targets_o(targets)
  );
endmodule
`default_nettype wire
