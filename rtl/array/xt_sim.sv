// SPDX-License-Identifier: Apache-2.0
// Top of the simulation: the tile, the behavioural array and front end, the trace of section 11.
//
// Operation: rtl/SPEC.md. u_tile is the design, u_array and u_afe its analog surroundings. Not
//   synthesizable. Configuration of the array (section 10): one word per cycle with cfg_valid_i, then
//   fabricate_i for one cycle; rescan_i for one cycle after states were loaded from outside.
// Parameters: as xt_tile.
// Trace record: trace_* and digest_*_o in a cycle with trace_valid_o; sampled before the edge that
//   ends the cycle. P = ceil(max(N,M) / AdcShare).
// Golden counterpart: the whole of refc.
`default_nettype none
module xt_sim #(
    parameter int N = 784,
    parameter int M = 128,
    parameter int CodeBits = 7,
    parameter int AdcBits = 9,
    parameter int AdcShare = 1,
    parameter int BlMax = 31,
    parameter int StateBits = 16,
    parameter int ProbBits = 16
) (
    input wire logic         clk_i,
    input wire logic         rst_ni,
    // command and result streams
    input wire logic [31:0]  s_data_i,
    input wire logic         s_valid_i,
    input wire logic         s_last_i,
    output wire logic        s_ready_o,
    output wire logic [31:0] m_data_o,
    output wire logic        m_valid_o,
    output wire logic        m_last_o,
    input wire logic         m_ready_i,
    // registers
    input wire logic         csr_valid_i,
    input wire logic         csr_write_i,
    input wire logic [7:0]   csr_addr_i,
    input wire logic [31:0]  csr_wdata_i,
    output wire logic        csr_ack_o,
    output wire logic [31:0] csr_rdata_o,
    output wire logic [2:0]  csr_status_o,
    // configuration of the behavioural array
    input wire logic         cfg_valid_i,
    input wire logic [7:0]   cfg_addr_i,
    input wire logic [31:0]  cfg_data_i,
    input wire logic         fabricate_i,
    input wire logic         rescan_i,
    // trace
    output wire logic        op_busy_o,
    output wire logic        trace_valid_o,
    output wire logic [63:0] trace_order_o,
    output wire logic [31:0] trace_cycle_o,
    output wire logic [7:0]  trace_op_o,
    output wire logic [7:0]  trace_kind_o,
    output wire logic [1:0]  trace_sel_o,
    output wire logic [7:0]  trace_phase_o,
    output wire logic [15:0] trace_slot_o,
    output wire logic [N-1:0] trace_row_act_o,
    output wire logic [N-1:0] trace_row_pol_o,
    output wire logic [M-1:0] trace_col_act_o,
    output wire logic [M-1:0] trace_col_pol_o,
    output wire logic [((((N > M) ? N : M) + AdcShare - 1) / AdcShare)*AdcBits-1:0] trace_trial_o,
    output wire logic [((((N > M) ? N : M) + AdcShare - 1) / AdcShare)-1:0] trace_cmp_o,
    output wire logic [7:0]  trace_status_o,
    output wire logic [15:0] trace_info_o,
    output wire logic [15:0] trace_ncodes_o,
    output wire logic [((N > M) ? N : M)*16-1:0] trace_codes_o,
    output wire logic [10*64-1:0] trace_counters_o,
    output wire logic [31:0] digest_a_o,
    output wire logic [31:0] digest_c_o,
    output wire logic [31:0] digest_r_o
);
  localparam int L = (N > M) ? N : M;
  localparam int P = (L + AdcShare - 1) / AdcShare;
  // A current is at most L differences of two states.
  localparam int CurBits = (StateBits + 2 + $clog2(L) <= 32) ? 32 : 64;

  // In scope of N, M and StateBits the currents are sums of whole device states; illegal parameters
  // are refused by xt_tile too, but the array must not be built with them either.
  initial begin
    if (N < 1 || N > 32768 || M < 1 || M > 32768 || StateBits < 8 || StateBits > 24
        || AdcShare < 1 || AdcShare > 64 || AdcBits < 4 || AdcBits > 12)
      $fatal(1, "xt_sim: a parameter is out of range (rtl/REGISTERS.md)");
  end

  logic [N-1:0] row_act;
  logic [N-1:0] row_pol;
  logic [M-1:0] col_act;
  logic [M-1:0] col_pol;
  logic [1:0] sel;
  logic gated;
  logic dir;
  logic clear;
  logic integ;
  logic dbl;
  logic hold;
  logic pulse;
  logic [5:0] adc_slot;
  logic [5:0] range;
  logic [P*AdcBits-1:0] sar_code;
  logic [P-1:0] cmp;

  xt_tile #(
      .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .BlMax(BlMax),
      .StateBits(StateBits), .ProbBits(ProbBits)
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
      .to_array_row_act_o(row_act),
      .to_array_row_pol_o(row_pol),
      .to_array_col_act_o(col_act),
      .to_array_col_pol_o(col_pol),
      .to_array_sel_o(sel),
      .to_array_gated_o(gated),
      .to_array_dir_o(dir),
      .to_array_clear_o(clear),
      .to_array_integ_o(integ),
      .to_array_dbl_o(dbl),
      .to_array_hold_o(hold),
      .to_array_pulse_o(pulse),
      .to_array_adc_slot_o(adc_slot),
      .to_array_range_o(range),
      .to_array_sar_code_o(sar_code),
      .from_array_cmp_i(cmp),
      .trace_valid_o(trace_valid_o),
      .trace_order_o(trace_order_o),
      .trace_cycle_o(trace_cycle_o),
      .trace_op_o(trace_op_o),
      .trace_kind_o(trace_kind_o),
      .trace_phase_o(trace_phase_o),
      .trace_slot_o(trace_slot_o),
      .trace_status_o(trace_status_o),
      .trace_info_o(trace_info_o),
      .trace_ncodes_o(trace_ncodes_o),
      .trace_codes_o(trace_codes_o),
      .trace_counters_o(trace_counters_o),
      .op_busy_o(op_busy_o)
  );

  xt_array #(
      .N(N), .M(M), .StateBits(StateBits), .CurBits(CurBits)
  ) u_array (
      .clk_i(clk_i),
      .row_act_i(row_act),
      .row_pol_i(row_pol),
      .col_act_i(col_act),
      .col_pol_i(col_pol),
      .sel_i(sel),
      .gated_i(gated),
      .dir_i(dir),
      .clear_i(clear),
      .integ_i(integ),
      .pulse_i(pulse),
      .cfg_valid_i(cfg_valid_i),
      .cfg_addr_i(cfg_addr_i),
      .cfg_data_i(cfg_data_i),
      .fabricate_i(fabricate_i),
      .rescan_i(rescan_i),
      .digest_a_o(digest_a_o),
      .digest_c_o(digest_c_o),
      .digest_r_o(digest_r_o)
  );

  xt_afe #(
      .N(N), .M(M), .AdcBits(AdcBits), .AdcShare(AdcShare)
  ) u_afe (
      .clk_i(clk_i),
      .dir_i(dir),
      .clear_i(clear),
      .integ_i(integ),
      .dbl_i(dbl),
      .hold_i(hold),
      .adc_slot_i(adc_slot),
      .range_i(range),
      .sar_code_i(sar_code),
      .cmp_o(cmp),
      .cfg_valid_i(cfg_valid_i),
      .cfg_addr_i(cfg_addr_i),
      .cfg_data_i(cfg_data_i),
      .fabricate_i(fabricate_i)
  );

  assign trace_sel_o = sel;
  assign trace_row_act_o = row_act;
  assign trace_row_pol_o = row_pol;
  assign trace_col_act_o = col_act;
  assign trace_col_pol_o = col_pol;
  assign trace_trial_o = sar_code;
  assign trace_cmp_o = cmp;
endmodule
`default_nettype wire
