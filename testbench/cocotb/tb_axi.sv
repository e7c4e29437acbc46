// SPDX-License-Identifier: Apache-2.0
// xt_top_sim under the pin names that cocotbext-axi looks for, with a protocol checker on every output.
// violations: outputs that are X after the reset, valid that falls or payload that changes before ready, a response
//   that nobody asked for.
`default_nettype none
`timescale 1ns / 1ns
module tb_axi;
`ifndef TB_TILES
`define TB_TILES 2
`endif
  localparam Tiles = `TB_TILES;
  localparam N = 5;
  localparam M = 6;

  reg clk;
  reg rst_n = 0;
  reg [17:0] s_axil_awaddr;
  reg [2:0] s_axil_awprot;
  reg s_axil_awvalid;
  wire s_axil_awready;
  reg [31:0] s_axil_wdata;
  reg [3:0] s_axil_wstrb;
  reg s_axil_wvalid;
  wire s_axil_wready;
  wire [1:0] s_axil_bresp;
  wire s_axil_bvalid;
  reg s_axil_bready;
  reg [17:0] s_axil_araddr;
  reg [2:0] s_axil_arprot;
  reg s_axil_arvalid;
  wire s_axil_arready;
  wire [31:0] s_axil_rdata;
  wire [1:0] s_axil_rresp;
  wire s_axil_rvalid;
  reg s_axil_rready;
  reg [31:0] s_axis_tdata;
  reg s_axis_tvalid;
  wire s_axis_tready;
  reg s_axis_tlast;
  reg [3:0] s_axis_tdest;
  wire [31:0] m_axis_tdata;
  wire m_axis_tvalid;
  reg m_axis_tready;
  wire m_axis_tlast;
  wire [3:0] m_axis_tid;
  wire irq;
  reg [3:0] cfg_tile = 0;
  reg cfg_valid = 0;
  reg [7:0] cfg_addr = 0;
  reg [31:0] cfg_data = 0;
  reg fabricate = 0;

  xt_top_sim #(.Tiles(Tiles), .N(N), .M(M)) dut (
    .clk_i(clk), .rst_ni(rst_n),
    .s_axil_awaddr_i(s_axil_awaddr), .s_axil_awprot_i(s_axil_awprot), .s_axil_awvalid_i(s_axil_awvalid),
    .s_axil_awready_o(s_axil_awready), .s_axil_wdata_i(s_axil_wdata), .s_axil_wstrb_i(s_axil_wstrb),
    .s_axil_wvalid_i(s_axil_wvalid), .s_axil_wready_o(s_axil_wready), .s_axil_bresp_o(s_axil_bresp),
    .s_axil_bvalid_o(s_axil_bvalid), .s_axil_bready_i(s_axil_bready), .s_axil_araddr_i(s_axil_araddr),
    .s_axil_arprot_i(s_axil_arprot), .s_axil_arvalid_i(s_axil_arvalid), .s_axil_arready_o(s_axil_arready),
    .s_axil_rdata_o(s_axil_rdata), .s_axil_rresp_o(s_axil_rresp), .s_axil_rvalid_o(s_axil_rvalid),
    .s_axil_rready_i(s_axil_rready),
    .s_axis_tdata_i(s_axis_tdata), .s_axis_tvalid_i(s_axis_tvalid), .s_axis_tready_o(s_axis_tready),
    .s_axis_tlast_i(s_axis_tlast), .s_axis_tdest_i(s_axis_tdest),
    .m_axis_tdata_o(m_axis_tdata), .m_axis_tvalid_o(m_axis_tvalid), .m_axis_tready_i(m_axis_tready),
    .m_axis_tlast_o(m_axis_tlast), .m_axis_tid_o(m_axis_tid), .irq_o(irq),
    .cfg_tile_i(cfg_tile), .cfg_valid_i(cfg_valid), .cfg_addr_i(cfg_addr), .cfg_data_i(cfg_data),
    .fabricate_i(fabricate), .rescan_i(1'b0),
    .op_busy_o(), .trace_valid_o(), .trace_o(), .trace_row_act_o(), .trace_row_pol_o(), .trace_col_act_o(),
    .trace_col_pol_o(), .trace_trial_o(), .trace_cmp_o(), .trace_over_o(), .trace_codes_o(),
    .trace_counters_o(), .digest_o()
  );

  integer violations = 0;
  integer cycles = 0;
  integer aw = 0, w = 0, ar = 0, b = 0, r = 0, cmd = 0, ans = 0;  // transfers; packets
  reg held_b = 0, held_r = 0, held_m = 0;
  reg [1:0] was_b;
  reg [33:0] was_r;
  reg [36:0] was_m;
  wire [7:0] control = {s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid, s_axis_tready,
                        m_axis_tvalid, irq};
  task violated(input [8*40-1:0] what);
    begin
      violations = violations + 1;
      $display("protocol violation at %0t: %0s", $time, what);
    end
  endtask
  always @(posedge clk) begin
    if (rst_n) begin
      cycles = cycles + 1;
      if (^control === 1'bx) violated("X on a valid, a ready or irq");
      if (s_axil_bvalid && ^s_axil_bresp === 1'bx) violated("X on B");
      if (s_axil_rvalid && ^{s_axil_rdata, s_axil_rresp} === 1'bx) violated("X on R");
      if (m_axis_tvalid && ^{m_axis_tdata, m_axis_tlast, m_axis_tid} === 1'bx) violated("X on m_axis");
      if (held_b && (!s_axil_bvalid || s_axil_bresp !== was_b)) violated("B did not hold");
      if (held_r && (!s_axil_rvalid || {s_axil_rdata, s_axil_rresp} !== was_r)) violated("R did not hold");
      if (held_m && (!m_axis_tvalid || {m_axis_tdata, m_axis_tlast, m_axis_tid} !== was_m))
        violated("m_axis did not hold");
      if (s_axil_bvalid && (b >= aw || b >= w)) violated("B without a write");
      if (s_axil_rvalid && r >= ar) violated("R without a read");
      if (m_axis_tvalid && ans >= cmd) violated("an answer without a command");
      held_b = s_axil_bvalid && !s_axil_bready;
      held_r = s_axil_rvalid && !s_axil_rready;
      held_m = m_axis_tvalid && !m_axis_tready;
      was_b = s_axil_bresp;
      was_r = {s_axil_rdata, s_axil_rresp};
      was_m = {m_axis_tdata, m_axis_tlast, m_axis_tid};
      if (s_axil_awvalid && s_axil_awready) aw = aw + 1;
      if (s_axil_wvalid && s_axil_wready) w = w + 1;
      if (s_axil_arvalid && s_axil_arready) ar = ar + 1;
      if (s_axil_bvalid && s_axil_bready) b = b + 1;
      if (s_axil_rvalid && s_axil_rready) r = r + 1;
      if (s_axis_tvalid && s_axis_tready && s_axis_tlast) cmd = cmd + 1;
      if (m_axis_tvalid && m_axis_tready && m_axis_tlast) ans = ans + 1;
    end
  end
endmodule
`default_nettype wire
