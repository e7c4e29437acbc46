// SPDX-License-Identifier: Apache-2.0
// Top of the SystemC platform: xt_top_sim without the wide trace, whose copies into SystemC vectors would cost more
// than the tile.
//
// Operation, parameters, ports: rtl/array/xt_top_sim.sv. Not synthesizable.
`default_nettype none
`include "xt_types.svh"
module xt_sc_top #(
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
    parameter logic [255:0] Ns = 256'd0,
    parameter logic [255:0] Ms = 256'd0
) (
    input wire logic         clk_i,
    input wire logic         rst_ni,
    input wire logic [17:0]  s_axil_awaddr_i,
    input wire logic         s_axil_awvalid_i,
    output wire logic        s_axil_awready_o,
    input wire logic [31:0]  s_axil_wdata_i,
    input wire logic [3:0]   s_axil_wstrb_i,
    input wire logic         s_axil_wvalid_i,
    output wire logic        s_axil_wready_o,
    output wire logic [1:0]  s_axil_bresp_o,
    output wire logic        s_axil_bvalid_o,
    input wire logic [17:0]  s_axil_araddr_i,
    input wire logic         s_axil_arvalid_i,
    output wire logic        s_axil_arready_o,
    output wire logic [31:0] s_axil_rdata_o,
    output wire logic [1:0]  s_axil_rresp_o,
    output wire logic        s_axil_rvalid_o,
    input wire logic [31:0]  s_axis_tdata_i,
    input wire logic         s_axis_tvalid_i,
    output wire logic        s_axis_tready_o,
    input wire logic         s_axis_tlast_i,
    input wire logic [3:0]   s_axis_tdest_i,
    output wire logic [31:0] m_axis_tdata_o,
    output wire logic        m_axis_tvalid_o,
    output wire logic        m_axis_tlast_o,
    output wire logic [3:0]  m_axis_tid_o,
    output wire logic        irq_o,
    input wire logic [3:0]   cfg_tile_i,
    input wire logic         cfg_valid_i,
    input wire logic [7:0]   cfg_addr_i,
    input wire logic [31:0]  cfg_data_i,
    input wire logic         fabricate_i,
    input wire logic         rescan_i,
    // where tile 0 is, for resets in mid-operation; the cycle only with watch_i (a port that moves costs time)
    input wire logic         watch_i,
    output wire logic        op_busy_o,
    output wire logic        op_end_o,
    output wire logic [31:0] op_cycle_o
);
  logic trace_valid;
  /* verilator lint_off UNUSEDSIGNAL */  // two fields are of use here
  xt_trace_t trace;
  /* verilator lint_on UNUSEDSIGNAL */
  assign op_cycle_o = watch_i ? trace.cycle : 32'd0;
  assign op_end_o = trace_valid && (trace.kind == xt_pkg::KIND_END);

  // The transactor always takes a response and an answer at once.
  /* verilator lint_off PINMISSING */
  xt_top_sim #(
      .Tiles(Tiles), .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind),
      .BlMax(BlMax), .StateBits(StateBits), .ProbBits(ProbBits), .Mtj(Mtj), .AccBits(AccBits),
      .AccGang(AccGang), .Ns(Ns), .Ms(Ms)
  ) u_sim (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .s_axil_awaddr_i(s_axil_awaddr_i),
      .s_axil_awprot_i(3'd0),
      .s_axil_awvalid_i(s_axil_awvalid_i),
      .s_axil_awready_o(s_axil_awready_o),
      .s_axil_wdata_i(s_axil_wdata_i),
      .s_axil_wstrb_i(s_axil_wstrb_i),
      .s_axil_wvalid_i(s_axil_wvalid_i),
      .s_axil_wready_o(s_axil_wready_o),
      .s_axil_bresp_o(s_axil_bresp_o),
      .s_axil_bvalid_o(s_axil_bvalid_o),
      .s_axil_bready_i(1'b1),
      .s_axil_araddr_i(s_axil_araddr_i),
      .s_axil_arprot_i(3'd0),
      .s_axil_arvalid_i(s_axil_arvalid_i),
      .s_axil_arready_o(s_axil_arready_o),
      .s_axil_rdata_o(s_axil_rdata_o),
      .s_axil_rresp_o(s_axil_rresp_o),
      .s_axil_rvalid_o(s_axil_rvalid_o),
      .s_axil_rready_i(1'b1),
      .s_axis_tdata_i(s_axis_tdata_i),
      .s_axis_tvalid_i(s_axis_tvalid_i),
      .s_axis_tready_o(s_axis_tready_o),
      .s_axis_tlast_i(s_axis_tlast_i),
      .s_axis_tdest_i(s_axis_tdest_i),
      .m_axis_tdata_o(m_axis_tdata_o),
      .m_axis_tvalid_o(m_axis_tvalid_o),
      .m_axis_tready_i(1'b1),
      .m_axis_tlast_o(m_axis_tlast_o),
      .m_axis_tid_o(m_axis_tid_o),
      .irq_o(irq_o),
      .cfg_tile_i(cfg_tile_i),
      .cfg_valid_i(cfg_valid_i),
      .cfg_addr_i(cfg_addr_i),
      .cfg_data_i(cfg_data_i),
      .fabricate_i(fabricate_i),
      .rescan_i(rescan_i),
      .op_busy_o(op_busy_o),
      .trace_valid_o(trace_valid),
      .trace_o(trace)
  );
  /* verilator lint_on PINMISSING */
endmodule
`default_nettype wire
