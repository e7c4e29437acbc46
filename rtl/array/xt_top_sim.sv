// SPDX-License-Identifier: Apache-2.0
// xt_top_sim: top of the simulation of xt_top: the tiles on their bus, and a behavioural array for each.
//
// Operation. rtl/SPEC.md section 13. u_top is the design, g_tile[t].u_analog the surroundings of tile t. Not
//   synthesizable. Configuration of the arrays (section 10) as in xt_analog, for the tile cfg_tile_i; a tile that
//   does not exist is left alone.
// Parameters. As xt_top.
// Trace record. Of tile 0, as in xt_sim (N0 .. L0: its sizes).
// Golden counterpart. The whole of refc, per tile.
`default_nettype none
`include "xt_types.svh"
module xt_top_sim #(
  parameter int Tiles = 1,
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
  parameter logic [255:0] Ns = 256'd0,
  parameter logic [255:0] Ms = 256'd0,
  localparam int Rows = xt_pkg::lines_before(Ns, N, Tiles),
  localparam int Cols = xt_pkg::lines_before(Ms, M, Tiles),
  localparam int Units = xt_pkg::units_before(Ns, N, Ms, M, AdcShare, Tiles),
  localparam int Lines = xt_pkg::units_before(Ns, N, Ms, M, 1, Tiles),
  localparam int N0 = xt_pkg::lines_of(Ns, N, 0),
  localparam int M0 = xt_pkg::lines_of(Ms, M, 0),
  localparam int P0 = xt_pkg::units_of(Ns, N, Ms, M, AdcShare, 0),
  localparam int L0 = xt_pkg::units_of(Ns, N, Ms, M, 1, 0),
  localparam int CounterBits = 64 * int'(xt_pkg::NUM_COUNTERS),
  localparam int DigestBits = 32 * int'(xt_pkg::NUM_PLANES)
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // AXI4-Lite target
  input  wire logic [17:0] s_axil_awaddr_i,
  input  wire logic [2:0] s_axil_awprot_i,
  input  wire logic s_axil_awvalid_i,
  output logic s_axil_awready_o,
  input  wire logic [31:0] s_axil_wdata_i,
  input  wire logic [3:0] s_axil_wstrb_i,
  input  wire logic s_axil_wvalid_i,
  output logic s_axil_wready_o,
  output logic [1:0] s_axil_bresp_o,
  output logic s_axil_bvalid_o,
  input  wire logic s_axil_bready_i,
  input  wire logic [17:0] s_axil_araddr_i,
  input  wire logic [2:0] s_axil_arprot_i,
  input  wire logic s_axil_arvalid_i,
  output logic s_axil_arready_o,
  output logic [31:0] s_axil_rdata_o,
  output logic [1:0] s_axil_rresp_o,
  output logic s_axil_rvalid_o,
  input  wire logic s_axil_rready_i,
  // command stream
  input  wire logic [StreamBits-1:0] s_axis_tdata_i,
  input  wire logic s_axis_tvalid_i,
  output logic s_axis_tready_o,
  input  wire logic s_axis_tlast_i,
  input  wire logic [3:0] s_axis_tdest_i,
  // result stream
  output logic [StreamBits-1:0] m_axis_tdata_o,
  output logic m_axis_tvalid_o,
  input  wire logic m_axis_tready_i,
  output logic m_axis_tlast_o,
  output logic [3:0] m_axis_tid_o,
  output logic irq_o,
  // configuration of the behavioural arrays
  input  wire logic [3:0] cfg_tile_i,
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i,
  input  wire logic rescan_i,
  // trace of tile 0
  output wire logic op_busy_o,
  output wire logic trace_valid_o,
  output wire xt_trace_t trace_o,
  output wire logic [N0-1:0] trace_row_act_o,
  output wire logic [N0-1:0] trace_row_pol_o,
  output wire logic [M0-1:0] trace_col_act_o,
  output wire logic [M0-1:0] trace_col_pol_o,
  output wire logic [P0*AdcBits-1:0] trace_trial_o,
  output wire logic [P0-1:0] trace_cmp_o,
  output wire logic [P0-1:0] trace_over_o,
  output wire logic [L0*16-1:0] trace_codes_o,
  output wire logic [N0*int'(xt_pkg::AMP_BITS)-1:0] trace_row_amp_o,
  output wire logic [M0*int'(xt_pkg::AMP_BITS)-1:0] trace_col_amp_o,
  output wire logic [CounterBits-1:0] trace_counters_o,
  output wire logic [DigestBits-1:0] digest_o
);
  logic [Rows-1:0] row_act;
  logic [Rows-1:0] row_pol;
  logic [Cols-1:0] col_act;
  logic [Cols-1:0] col_pol;
  logic [Rows*int'(xt_pkg::AMP_BITS)-1:0] row_amp;
  logic [Cols*int'(xt_pkg::AMP_BITS)-1:0] col_amp;
  logic [Tiles*XT_ARRAY_CTL_T_BITS-1:0] ctl;
  logic [Units*AdcBits-1:0] sar_code;
  logic [Units-1:0] cmp;
  logic [Units-1:0] over;
  /* verilator lint_off UNUSEDSIGNAL */  // tile 0's are ports
  logic [Tiles-1:0] op_busy;
  logic [Tiles-1:0] trace_valid;
  logic [Tiles*XT_TRACE_T_BITS-1:0] trace;
  logic [Lines*16-1:0] trace_codes;
  logic [Tiles*CounterBits-1:0] trace_counters;
  logic [Tiles*DigestBits-1:0] digest;
  /* verilator lint_on UNUSEDSIGNAL */

  xt_top #(
    .Tiles(Tiles), .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind),
    .BlMax(BlMax), .StateBits(StateBits), .ProbBits(ProbBits), .Mtj(Mtj), .AccBits(AccBits),
    .AccGang(AccGang), .Ns(Ns), .Ms(Ms), .StreamBits(StreamBits)
  ) u_top (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .s_axil_awaddr_i(s_axil_awaddr_i),
    .s_axil_awprot_i(s_axil_awprot_i),
    .s_axil_awvalid_i(s_axil_awvalid_i),
    .s_axil_awready_o(s_axil_awready_o),
    .s_axil_wdata_i(s_axil_wdata_i),
    .s_axil_wstrb_i(s_axil_wstrb_i),
    .s_axil_wvalid_i(s_axil_wvalid_i),
    .s_axil_wready_o(s_axil_wready_o),
    .s_axil_bresp_o(s_axil_bresp_o),
    .s_axil_bvalid_o(s_axil_bvalid_o),
    .s_axil_bready_i(s_axil_bready_i),
    .s_axil_araddr_i(s_axil_araddr_i),
    .s_axil_arprot_i(s_axil_arprot_i),
    .s_axil_arvalid_i(s_axil_arvalid_i),
    .s_axil_arready_o(s_axil_arready_o),
    .s_axil_rdata_o(s_axil_rdata_o),
    .s_axil_rresp_o(s_axil_rresp_o),
    .s_axil_rvalid_o(s_axil_rvalid_o),
    .s_axil_rready_i(s_axil_rready_i),
    .s_axis_tdata_i(s_axis_tdata_i),
    .s_axis_tvalid_i(s_axis_tvalid_i),
    .s_axis_tready_o(s_axis_tready_o),
    .s_axis_tlast_i(s_axis_tlast_i),
    .s_axis_tdest_i(s_axis_tdest_i),
    .m_axis_tdata_o(m_axis_tdata_o),
    .m_axis_tvalid_o(m_axis_tvalid_o),
    .m_axis_tready_i(m_axis_tready_i),
    .m_axis_tlast_o(m_axis_tlast_o),
    .m_axis_tid_o(m_axis_tid_o),
    .irq_o(irq_o),
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
    .op_busy_o(op_busy),
    .trace_valid_o(trace_valid),
    .trace_o(trace),
    .trace_codes_o(trace_codes),
    .trace_counters_o(trace_counters)
  );

  genvar t;
  generate
    for (t = 0; t < Tiles; t = t + 1) begin : g_tile
      localparam int TileN = xt_pkg::lines_of(Ns, N, t);
      localparam int TileM = xt_pkg::lines_of(Ms, M, t);
      localparam int TileUnits = xt_pkg::units_of(Ns, N, Ms, M, AdcShare, t);
      localparam int RowAt = xt_pkg::lines_before(Ns, N, t);
      localparam int ColAt = xt_pkg::lines_before(Ms, M, t);
      localparam int UnitAt = xt_pkg::units_before(Ns, N, Ms, M, AdcShare, t);
      logic mine;
      assign mine = (cfg_tile_i == 4'(t));

      xt_analog #(
        .N(TileN), .M(TileM), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind),
        .StateBits(StateBits)
      ) u_analog (
        .clk_i(clk_i),
        .ctl_i(ctl[t*XT_ARRAY_CTL_T_BITS +: XT_ARRAY_CTL_T_BITS]),
        .row_act_i(row_act[RowAt +: TileN]),
        .row_pol_i(row_pol[RowAt +: TileN]),
        .col_act_i(col_act[ColAt +: TileM]),
        .col_pol_i(col_pol[ColAt +: TileM]),
        .row_amp_i(row_amp[RowAt*int'(xt_pkg::AMP_BITS) +: TileN*int'(xt_pkg::AMP_BITS)]),
        .col_amp_i(col_amp[ColAt*int'(xt_pkg::AMP_BITS) +: TileM*int'(xt_pkg::AMP_BITS)]),
        .sar_code_i(sar_code[UnitAt*AdcBits +: TileUnits*AdcBits]),
        .cmp_o(cmp[UnitAt +: TileUnits]),
        .over_o(over[UnitAt +: TileUnits]),
        .cfg_valid_i(cfg_valid_i && mine),
        .cfg_addr_i(cfg_addr_i),
        .cfg_data_i(cfg_data_i),
        .fabricate_i(fabricate_i && mine),
        .rescan_i(rescan_i && mine),
        .digest_o(digest[t*DigestBits +: DigestBits])
      );
    end
  endgenerate

  assign op_busy_o = op_busy[0];
  assign trace_valid_o = trace_valid[0];
  assign trace_o = trace[XT_TRACE_T_BITS-1:0];
  assign trace_row_act_o = row_act[N0-1:0];
  assign trace_row_pol_o = row_pol[N0-1:0];
  assign trace_col_act_o = col_act[M0-1:0];
  assign trace_col_pol_o = col_pol[M0-1:0];
  assign trace_row_amp_o = row_amp[N0*int'(xt_pkg::AMP_BITS)-1:0];
  assign trace_col_amp_o = col_amp[M0*int'(xt_pkg::AMP_BITS)-1:0];
  assign trace_trial_o = sar_code[P0*AdcBits-1:0];
  assign trace_cmp_o = cmp[P0-1:0];
  assign trace_over_o = over[P0-1:0];
  assign trace_codes_o = trace_codes[L0*16-1:0];
  assign trace_counters_o = trace_counters[CounterBits-1:0];
  assign digest_o = digest[DigestBits-1:0];
endmodule
`default_nettype wire
