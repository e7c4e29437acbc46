// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 6;
  // N, M, RowMag, ColMag, ProbBits, RecipMax of each size
  localparam logic [0:SIZES-1][0:5][15:0] SHAPE = {
    16'd1, 16'd1, 16'd1, 16'd3, 16'd8, 16'd1, 16'd3, 16'd5, 16'd6, 16'd8, 16'd16, 16'd63,
    16'd7, 16'd9, 16'd7, 16'd11, 16'd13, 16'd255, 16'd33, 16'd17, 16'd6, 16'd11, 16'd8, 16'd63,
    16'd300, 16'd1, 16'd4, 16'd8, 16'd9, 16'd15, 16'd1, 16'd270, 16'd7, 16'd7, 16'd12, 16'd127};
  localparam int IN = 4096;
  localparam int OUT = 256;
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
  localparam int RowMag = 32'(room_pkg::SHAPE[Size][2]);
  localparam int ColMag = 32'(room_pkg::SHAPE[Size][3]);
  localparam int ProbBits = 32'(room_pkg::SHAPE[Size][4]);
  localparam int RecipMax = 32'(room_pkg::SHAPE[Size][5]);
  assign shape_o = {32'(RecipMax), 32'(ProbBits), 32'(ColMag), 32'(RowMag), 32'(M), 32'(N)};

  logic active, clip, row_full;
  logic [3:0] phases;
  logic [2:0] step;
  logic [1:0] mode;
  logic [15:0] man, scale_x;
  logic [5:0] exponent, scale_x_exp, row_fold, col_fold;
  logic [6:0] row_shift, col_shift;
  logic [7:0] cap, bl;
  logic [RowMag*N-1:0] row_mag;
  logic [N-1:0] row_neg;
  logic [ColMag*M-1:0] col_mag;
  logic [M-1:0] col_neg;
  logic [20:0] row_gain, col_gain, row_folded, col_folded;
  logic [RowMag-1:0] x_max;
  logic [ColMag-1:0] d_max;
  logic [1:0] x_signs, d_signs;
  logic [1:0] by;
  xt_regs_t regs;
  assign {col_neg, col_mag, row_neg, row_mag, scale_x_exp, scale_x, cap, exponent, man, mode, step, active} = pins_i;
  assign pins_o = {col_shift, col_gain, row_shift, row_gain, col_fold, col_folded, row_fold, row_folded, row_full,
                   phases, clip, bl};

  // What the loader finds in a packet.
  always_comb begin
    logic [RowMag-1:0] x;
    logic [ColMag-1:0] d;
    {x_max, x_signs, d_max, d_signs, x, d} = '0;
    for (int l = 0; l < N; l++) begin
      for (int b = 0; b < RowMag; b++) x[b] = row_mag[b*N+l];
      if (x > x_max) x_max = x;
      x_signs |= {row_neg[l], x != '0 && !row_neg[l]};
    end
    for (int l = 0; l < M; l++) begin
      for (int b = 0; b < ColMag; b++) d[b] = col_mag[b*M+l];
      if (d > d_max) d_max = d;
      d_signs |= {col_neg[l], d != '0 && !col_neg[l]};
    end
  end

  // COUNT is asked for by program-verify, UM with BL management by an UPDATE or a transfer, the others by an UPDATE.
  always_comb begin
    regs = '0;
    regs.scale_x = scale_x;
    regs.scale_x_exp = scale_x_exp;
    if (mode == xt_pkg::UPD_COUNT) begin
      by = xt_pkg::BY_PROGRAM;
      {regs.prog_rate, regs.prog_exp, regs.prog_bl} = {man, exponent, cap};
    end else if (mode == xt_pkg::UPD_UBLM && x_max == RowMag'(1'b1) && x_signs == 2'b01 && man[0]) begin
      by = xt_pkg::BY_TRANSFER;
      {regs.xfer_rate, regs.xfer_exp, regs.xfer_bl} = {man, exponent, cap};
    end else begin
      by = xt_pkg::BY_UPDATE;
      {regs.upd_mode, regs.upd_rate, regs.scale_d, regs.upd_bl} = {mode, man, man, cap};
    end
  end

  xt_upd_mgr #(
    .M(M), .RowMag(RowMag), .ColMag(ColMag), .ProbBits(ProbBits), .RecipMax(RecipMax)
  ) u_upd_mgr (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .active_i(active), .cycle_i(step), .by_i(by), .exp_i((by == xt_pkg::BY_UPDATE) ? exponent : 6'd0), .regs_i(regs),
    .load_x_i(active && step == 3'd0), .x_max_i(x_max), .x_signs_i(x_signs),
    .load_d_i(active && step == 3'd0), .d_max_i(d_max), .d_signs_i(d_signs), .col_mag_i(col_mag), .col_neg_i(col_neg),
    .bl_o(bl), .clip_o(clip), .phases_o(phases), .enc_o(), .row_full_o(row_full),
    .row_gain_o(row_gain), .row_shift_o(row_shift), .col_gain_o(col_gain), .col_shift_o(col_shift),
    .row_folded_o(row_folded), .row_fold_o(row_fold), .col_folded_o(col_folded), .col_fold_o(col_fold)
  );
endmodule
`default_nettype wire
