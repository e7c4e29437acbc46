// SPDX-License-Identifier: Apache-2.0
// xt_analog: what a tile's array boundary is connected to in a simulation: devices and front end.
//
// Operation. rtl/SPEC.md section 8. xt_array gives the line currents, xt_afe integrates, holds and compares them.
//   Not synthesizable. Configuration (section 10): one word per cycle with cfg_valid_i, then fabricate_i for one cycle;
//   rescan_i for one cycle after states were loaded from outside.
// Parameters. As xt_tile; an illegal shape is refused (the tile refuses it too, but nothing must be built with it).
// Timing. As xt_array and xt_afe.
// Golden counterpart. refc/xt_array.c
`default_nettype none
`include "xt_types.svh"
module xt_analog #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0,
  parameter int StateBits = 16,
  localparam int L = (N > M) ? N : M,
  localparam int P = (L + AdcShare - 1) / AdcShare
) (
  input  wire logic clk_i,
  // array boundary
  input  wire xt_array_ctl_t ctl_i,
  input  wire logic [N-1:0] row_act_i,
  input  wire logic [N-1:0] row_pol_i,
  input  wire logic [M-1:0] col_act_i,
  input  wire logic [M-1:0] col_pol_i,
  input  wire logic [int'(xt_pkg::AMP_BITS)*N-1:0] row_amp_i,
  input  wire logic [int'(xt_pkg::AMP_BITS)*M-1:0] col_amp_i,
  input  wire logic [P*AdcBits-1:0] sar_code_i,
  output logic [P-1:0] cmp_o,
  output logic [P-1:0] over_o,
  // configuration
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i,
  input  wire logic rescan_i,
  // digest of plane p at [32 p +: 32]
  output logic [32*int'(xt_pkg::NUM_PLANES)-1:0] digest_o
);
  localparam int LB = (L > 1) ? $clog2(L) : 1;
  // A plane's current is a sum of L states; together, and with the reference devices, they may have weights.
  localparam int CurBits = (StateBits + $clog2(xt_pkg::NUM_PLANES) + $clog2(L) <= 32) ? 32 : 64;
  localparam int SumBits =
    (StateBits + $clog2(xt_pkg::NUM_PLANES) + $clog2(L) + int'(xt_pkg::SEL_WEIGHT_BITS) <= 32) ? 32 : 64;

  initial begin
    if (N < 1 || N > 32768 || M < 1 || M > 32768 || StateBits < 8 || StateBits > 24
        || AdcShare < 1 || AdcShare > 64 || AdcBits < 4 || AdcBits > 12 || AdcKind < 0 || AdcKind > 1
        || CodeBits < 2 || CodeBits > 8)
      $fatal(1, "xt_analog: a parameter is out of range (rtl/REGISTERS.md)");
  end

  logic [(SumBits << LB)-1:0] cur;
  logic [(64 << LB)-1:0] back;
  logic [31:0] read_ctr;

  xt_array #(
    .N(N), .M(M), .StateBits(StateBits), .CurBits(CurBits), .SumBits(SumBits)
  ) u_array (
    .clk_i(clk_i),
    .ctl_i(ctl_i),
    .row_act_i(row_act_i),
    .row_pol_i(row_pol_i),
    .col_act_i(col_act_i),
    .col_pol_i(col_pol_i),
    .row_amp_i(row_amp_i),
    .col_amp_i(col_amp_i),
    .cfg_valid_i(cfg_valid_i),
    .cfg_addr_i(cfg_addr_i),
    .cfg_data_i(cfg_data_i),
    .fabricate_i(fabricate_i),
    .rescan_i(rescan_i),
    .read_ctr_i(read_ctr),
    .cur_o(cur),
    .back_o(back),
    .digest_o(digest_o)
  );

  xt_afe #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind), .CurBits(SumBits)
  ) u_afe (
    .clk_i(clk_i),
    .ctl_i(ctl_i),
    .cur_i(cur),
    .back_i(back),
    .sar_code_i(sar_code_i),
    .read_ctr_o(read_ctr),
    .cmp_o(cmp_o),
    .over_o(over_o),
    .cfg_valid_i(cfg_valid_i),
    .cfg_addr_i(cfg_addr_i),
    .cfg_data_i(cfg_data_i),
    .fabricate_i(fabricate_i)
  );
endmodule
`default_nettype wire
