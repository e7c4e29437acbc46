// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 7;
  // N, M of each size
  localparam logic [0:SIZES-1][0:1][15:0] SHAPE = {
    16'd1, 16'd1, 16'd1, 16'd7, 16'd7, 16'd1, 16'd3, 16'd5, 16'd7, 16'd9, 16'd33, 16'd17, 16'd65, 16'd300};
  localparam int IN = 2048;
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
  assign shape_o = {32'(M), 32'(N)};

  logic read, dir, pulse, hold, all, add, act, mtj, shared;
  logic [1:0] phase, cell_mode;
  logic [M-1:0] col_on;
  logic [N-1:0] row_fire, row_neg, row_act, row_pol;
  logic [M-1:0] col_fire, col_neg, col_act, col_pol;
  logic hits_valid;
  logic [31:0] hits;
  assign {col_on, col_neg, col_fire, row_neg, row_fire, shared, mtj, act, add, cell_mode, phase, all, hold, pulse, dir,
          read} = pins_i;
  assign pins_o = {hits, hits_valid, col_pol, col_act, row_pol, row_act};

  xt_coinc #(.N(N), .M(M), .Mtj(1)) u_coinc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .read_i(read), .dir_i(dir), .pulse_i(pulse), .hold_i(hold), .all_i(all), .phase_i(phase), .cell_mode_i(cell_mode),
    .mtj_i(mtj), .shared_i(shared), .col_on_i(col_on),
    .add_i(add), .act_i(act),
    .row_fire_i(row_fire), .row_neg_i(row_neg), .col_fire_i(col_fire), .col_neg_i(col_neg),
    .row_act_o(row_act), .row_pol_o(row_pol), .col_act_o(col_act), .col_pol_o(col_pol),
    .hits_valid_o(hits_valid), .hits_o(hits)
  );
endmodule
`default_nettype wire
