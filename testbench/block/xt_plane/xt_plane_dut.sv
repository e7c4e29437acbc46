// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 8;
  // N, M, StateBits, CurBits, Plane of each size
  localparam logic [0:SIZES-1][0:4][15:0] SHAPE = {
    16'd1, 16'd1, 16'd8, 16'd32, 16'd0, 16'd1, 16'd7, 16'd24, 16'd32, 16'd1, 16'd7, 16'd1, 16'd16, 16'd32, 16'd2,
    16'd3, 16'd5, 16'd8, 16'd32, 16'd1, 16'd7, 16'd9, 16'd24, 16'd64, 16'd2, 16'd7, 16'd9, 16'd16, 16'd32, 16'd0,
    16'd33, 16'd17, 16'd16, 16'd32, 16'd1, 16'd33, 16'd17, 16'd24, 16'd32, 16'd2};
  localparam int IN = 512;
  localparam int OUT = 8192;
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
  localparam int StateBits = 32'(room_pkg::SHAPE[Size][2]);
  localparam int CurBits = 32'(room_pkg::SHAPE[Size][3]);
  localparam int Plane = 32'(room_pkg::SHAPE[Size][4]);
  localparam int L = (N > M) ? N : M;
  localparam int LB = (L > 1) ? $clog2(L) : 1;
  localparam int NW = (N + 31) / 32;
  localparam int MW = (M + 31) / 32;
  assign shape_o = {32'(Plane), 32'(CurBits), 32'(StateBits), 32'(M), 32'(N)};

  logic dir, clear, integ, hold, pulse, act, cfg_valid, fabricate, rescan;
  logic [2:0] sel;
  logic [int'(xt_pkg::AMP_BITS)*N-1:0] row_amp;
  logic [int'(xt_pkg::AMP_BITS)*M-1:0] col_amp;
  logic [7:0] cfg_addr;
  logic [15:0] duration;
  logic [1:0] coef, cell_mode;
  logic [31:0] pulse_ctr, read_ctr, cfg_data, digest;
  logic [N-1:0] row_act, row_pol;
  logic [M-1:0] col_act, col_pol;
  logic [(CurBits << LB)-1:0] cur;
  xt_array_ctl_t ctl;
  logic [(64 << LB)-1:0] cond;
  assign {read_ctr, hold, col_amp, row_amp,
    col_pol, col_act, row_pol, row_act, rescan, fabricate, cfg_data, cfg_addr, cfg_valid,
    pulse_ctr, coef, duration, act, pulse, integ, clear, dir, cell_mode, sel} = pins_i;
  always_comb begin
    ctl = '0;
    ctl.sel = sel;
    ctl.cell_mode = cell_mode;
    ctl.dir = dir;
    ctl.clear = clear;
    ctl.integ = integ;
    ctl.hold = hold;
    ctl.pulse = pulse;
    ctl.act = act;
    ctl.duration = duration;
  end
  assign pins_o = {cond, cur, digest};

  xt_plane #(.Plane(Plane), .N(N), .M(M), .StateBits(StateBits), .CurBits(CurBits)) u_plane (
    .clk_i(clk_i), .ctl_i(ctl),
    .row_act_i((32*NW)'(row_act)), .row_pol_i((32*NW)'(row_pol)),
    .col_act_i((32*MW)'(col_act)), .col_pol_i((32*MW)'(col_pol)),
    .row_amp_i(row_amp), .col_amp_i(col_amp),
    .coef_i(coef), .pulse_ctr_i(pulse_ctr), .read_ctr_i(read_ctr),
    .cfg_valid_i(cfg_valid), .cfg_addr_i(cfg_addr), .cfg_data_i(cfg_data), .fabricate_i(fabricate), .rescan_i(rescan),
    .cur_o(cur), .cond_o(cond), .digest_o(digest)
  );
endmodule
`default_nettype wire
