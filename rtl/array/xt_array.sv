// SPDX-License-Identifier: Apache-2.0
// xt_array: the planes of devices of one crossbar, joined.
//
// Operation. rtl/SPEC.md section 8: planes and read selects are lists of rtl/xt_params.toml ([plane], [sel]); the
//   instances u_plane_* and the sum of their currents are generated (xt_planes.svh). Not synthesizable.
// Parameters. As xt_plane.
// Timing. cur_o from the falling edge of each INTEG cycle to the end of that cycle; everything else at rising edges.
// Golden counterpart. refc/xt_array.c
`default_nettype none
`include "xt_types.svh"
module xt_array #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int StateBits = 16,
  parameter int CurBits = 32,
  parameter int SumBits = 32,
  localparam int L = (N > M) ? N : M,
  localparam int LB = (L > 1) ? $clog2(L) : 1
) (
  input  wire logic clk_i,
  // array boundary
  input  wire xt_array_ctl_t ctl_i,
  input  wire logic [N-1:0] row_act_i,
  input  wire logic [N-1:0] row_pol_i,
  input  wire logic [M-1:0] col_act_i,
  input  wire logic [M-1:0] col_pol_i,
  // configuration, as xt_plane
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i,
  input  wire logic rescan_i,
  // current of sensed line l, all planes, at [SumBits*l +: SumBits]
  output logic [(SumBits << LB)-1:0] cur_o,
  // digest of plane p at [32 p +: 32]
  output logic [32*int'(xt_pkg::NUM_PLANES)-1:0] digest_o
);
  localparam int NW = (N + 31) / 32;
  localparam int MW = (M + 31) / 32;
  localparam int CB = $clog2(CurBits);
  localparam int SB = $clog2(SumBits);

  logic [32*NW-1:0] row_act;
  logic [32*NW-1:0] row_pol;
  logic [32*MW-1:0] col_act;
  logic [32*MW-1:0] col_pol;
  assign row_act = (32*NW)'(row_act_i);
  assign row_pol = (32*NW)'(row_pol_i);
  assign col_act = (32*MW)'(col_act_i);
  assign col_pol = (32*MW)'(col_pol_i);

  // Noise counter of pulses: whatever fires, whichever plane.
  logic [31:0] pulse_ctr_q;
  always_ff @(posedge clk_i) begin
    if (fabricate_i) pulse_ctr_q <= 32'd0;
    else if (ctl_i.act) pulse_ctr_q <= pulse_ctr_q + 32'd1;
  end

  `include "array/xt_planes.svh"
endmodule
`default_nettype wire
