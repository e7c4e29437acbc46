// SPDX-License-Identifier: Apache-2.0
// xt_sim: top of the simulation: the tile, its array, the trace of section 11.
//
// Operation. rtl/SPEC.md. u_tile is the design, u_analog its surroundings. Not synthesizable.
// Parameters. As xt_tile, always with the trace. P = ceil(max(N,M) / AdcShare).
// Trace record. trace_* and digest_o in a cycle with trace_valid_o; sampled before the edge that ends the cycle.
// Golden counterpart. The whole of refc.
`default_nettype none
`include "xt_types.svh"
module xt_sim #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0,
  parameter int BlMax = 31,
  parameter int StateBits = 16,
  parameter int ProbBits = 16,
  parameter int Mtj = 0,
  parameter int AccBits = 0,
  parameter int AccGang = 0,
  parameter int StreamBits = 32,
  localparam int L = (N > M) ? N : M,
  localparam int P = (L + AdcShare - 1) / AdcShare
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // command and result streams
  input  wire logic [StreamBits-1:0] s_data_i,
  input  wire logic s_valid_i,
  input  wire logic s_last_i,
  output wire logic s_ready_o,
  output wire logic [StreamBits-1:0] m_data_o,
  output wire logic m_valid_o,
  output wire logic m_last_o,
  input  wire logic m_ready_i,
  // registers
  input  wire logic csr_valid_i,
  input  wire logic csr_write_i,
  input  wire logic [7:0] csr_addr_i,
  input  wire logic [31:0] csr_wdata_i,
  output wire logic csr_ack_o,
  output wire logic [31:0] csr_rdata_o,
  output wire logic [2:0] csr_status_o,
  // configuration of the behavioural array (xt_analog)
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i,
  input  wire logic rescan_i,
  // trace: the record and its vectors
  output wire logic op_busy_o,
  output wire logic trace_valid_o,
  output wire xt_trace_t trace_o,
  output wire logic [N-1:0] trace_row_act_o,
  output wire logic [N-1:0] trace_row_pol_o,
  output wire logic [M-1:0] trace_col_act_o,
  output wire logic [M-1:0] trace_col_pol_o,
  output wire logic [P*AdcBits-1:0] trace_trial_o,
  output wire logic [P-1:0] trace_cmp_o,
  output wire logic [P-1:0] trace_over_o,
  output wire logic [L*16-1:0] trace_codes_o,
  output wire logic [int'(xt_pkg::AMP_BITS)*N-1:0] trace_row_amp_o,
  output wire logic [int'(xt_pkg::AMP_BITS)*M-1:0] trace_col_amp_o,
  output wire logic [64*int'(xt_pkg::NUM_COUNTERS)-1:0] trace_counters_o,
  output wire logic [32*int'(xt_pkg::NUM_PLANES)-1:0] digest_o
);
  xt_array_ctl_t ctl;
  logic [N-1:0] row_act;
  logic [N-1:0] row_pol;
  logic [M-1:0] col_act;
  logic [M-1:0] col_pol;
  logic [int'(xt_pkg::AMP_BITS)*N-1:0] row_amp;
  logic [int'(xt_pkg::AMP_BITS)*M-1:0] col_amp;
  logic [P*AdcBits-1:0] sar_code;
  logic [P-1:0] cmp;
  logic [P-1:0] over;
  /* verilator lint_off UNUSEDSIGNAL */  // the trace tells it
  logic op_end;
  /* verilator lint_on UNUSEDSIGNAL */

  xt_tile #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind), .BlMax(BlMax),
    .StateBits(StateBits), .ProbBits(ProbBits), .Mtj(Mtj), .AccBits(AccBits), .AccGang(AccGang),
    .StreamBits(StreamBits)
  ) u_tile (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .s_data_i(s_data_i),
    .s_valid_i(s_valid_i),
    .s_last_i(s_last_i),
    .s_ready_o(s_ready_o),
    .m_data_o(m_data_o),
    .m_valid_o(m_valid_o),
    .m_last_o(m_last_o),
    .m_ready_i(m_ready_i),
    .csr_valid_i(csr_valid_i),
    .csr_write_i(csr_write_i),
    .csr_addr_i(csr_addr_i),
    .csr_wdata_i(csr_wdata_i),
    .csr_ack_o(csr_ack_o),
    .csr_rdata_o(csr_rdata_o),
    .csr_status_o(csr_status_o),
    .to_array_ctl_o(ctl),
    .to_array_row_act_o(row_act),
    .to_array_row_pol_o(row_pol),
    .to_array_col_act_o(col_act),
    .to_array_col_pol_o(col_pol),
    .to_array_row_amp_o(row_amp),
    .to_array_col_amp_o(col_amp),
    .to_array_sar_code_o(sar_code),
    .from_array_cmp_i(cmp),
    .from_array_over_i(over),
    .op_busy_o(op_busy_o),
    .op_end_o(op_end),
    .trace_valid_o(trace_valid_o),
    .trace_o(trace_o),
    .trace_codes_o(trace_codes_o),
    .trace_counters_o(trace_counters_o)
  );

  xt_analog #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind), .StateBits(StateBits)
  ) u_analog (
    .clk_i(clk_i),
    .ctl_i(ctl),
    .row_act_i(row_act),
    .row_pol_i(row_pol),
    .col_act_i(col_act),
    .col_pol_i(col_pol),
    .row_amp_i(row_amp),
    .col_amp_i(col_amp),
    .sar_code_i(sar_code),
    .cmp_o(cmp),
    .over_o(over),
    .cfg_valid_i(cfg_valid_i),
    .cfg_addr_i(cfg_addr_i),
    .cfg_data_i(cfg_data_i),
    .fabricate_i(fabricate_i),
    .rescan_i(rescan_i),
    .digest_o(digest_o)
  );

  assign trace_row_act_o = row_act;
  assign trace_row_pol_o = row_pol;
  assign trace_col_act_o = col_act;
  assign trace_col_pol_o = col_pol;
  assign trace_row_amp_o = row_amp;
  assign trace_col_amp_o = col_amp;
  assign trace_trial_o = sar_code;
  assign trace_cmp_o = cmp;
  assign trace_over_o = over;

  // For who looks at the waves: how many lines are driven, how many comparators are 1. Nothing reads them.
  localparam int RowsBits = $clog2(N + 1);
  localparam int ColsBits = $clog2(M + 1);
  localparam int CmpsBits = $clog2(P + 1);
  /* verilator lint_off UNUSED */
  logic [RowsBits-1:0] rows_driven;
  logic [ColsBits-1:0] cols_driven;
  logic [CmpsBits-1:0] cmps_high;
  /* verilator lint_on UNUSED */
  always_comb begin
    rows_driven = RowsBits'($countones(row_act));
    cols_driven = ColsBits'($countones(col_act));
    cmps_high = CmpsBits'($countones(cmp));
  end
endmodule
`default_nettype wire
