// SPDX-License-Identifier: Apache-2.0
// Top of the simulation of xt_top: the tiles on their bus, and a behavioural array and front end for each.
//
// Operation: rtl/SPEC.md section 13. u_top is the design, g_tile[t].u_array and g_tile[t].u_afe the analog surroundings of tile t.
//   Not synthesizable. Configuration of the arrays (section 10) as in xt_sim, for the tile cfg_tile_i; a tile that does not
//   exist is left alone.
// Parameters: as xt_top.
// Trace record: of tile 0, as in xt_sim.
// Golden counterpart: the whole of refc, per tile.
`default_nettype none
module xt_top_sim #(
  parameter int Tiles = 1,
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int BlMax = 31,
  parameter int StateBits = 16,
  parameter int ProbBits = 16,
  localparam int L = (N > M) ? N : M,
  localparam int P = (L + AdcShare - 1) / AdcShare
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
  input  wire logic [31:0] s_axis_tdata_i,
  input  wire logic s_axis_tvalid_i,
  output logic s_axis_tready_o,
  input  wire logic s_axis_tlast_i,
  input  wire logic [3:0] s_axis_tdest_i,
  // result stream
  output logic [31:0] m_axis_tdata_o,
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
  output wire logic [64-1:0] trace_order_o,
  output wire logic [32-1:0] trace_cycle_o,
  output wire logic [8-1:0] trace_op_o,
  output wire logic [8-1:0] trace_kind_o,
  output wire logic [2-1:0] trace_sel_o,
  output wire logic [8-1:0] trace_phase_o,
  output wire logic [16-1:0] trace_slot_o,
  output wire logic [N-1:0] trace_row_act_o,
  output wire logic [N-1:0] trace_row_pol_o,
  output wire logic [M-1:0] trace_col_act_o,
  output wire logic [M-1:0] trace_col_pol_o,
  output wire logic [P*AdcBits-1:0] trace_trial_o,
  output wire logic [P-1:0] trace_cmp_o,
  output wire logic [8-1:0] trace_status_o,
  output wire logic [16-1:0] trace_info_o,
  output wire logic [16-1:0] trace_ncodes_o,
  output wire logic [L*16-1:0] trace_codes_o,
  output wire logic [640-1:0] trace_counters_o,
  output wire logic [32-1:0] digest_a_o,
  output wire logic [32-1:0] digest_c_o,
  output wire logic [32-1:0] digest_r_o
);
  // A current is at most L differences of two states.
  localparam int CurBits = (StateBits + 2 + $clog2(L) <= 32) ? 32 : 64;

  // Illegal parameters are refused by xt_top too, but the arrays must not be built with them either.
  initial begin
    if (Tiles < 1 || Tiles > 16 || N < 1 || N > 32768 || M < 1 || M > 32768 || StateBits < 8 || StateBits > 24
        || AdcShare < 1 || AdcShare > 64 || AdcBits < 4 || AdcBits > 12)
      $fatal(1, "xt_top_sim: a parameter is out of range (rtl/REGISTERS.md)");
  end

  logic [Tiles*N-1:0] row_act;
  logic [Tiles*N-1:0] row_pol;
  logic [Tiles*M-1:0] col_act;
  logic [Tiles*M-1:0] col_pol;
  logic [Tiles*2-1:0] sel;
  logic [Tiles-1:0] gated;
  logic [Tiles-1:0] dir;
  logic [Tiles-1:0] clear;
  logic [Tiles-1:0] integ;
  logic [Tiles-1:0] dbl;
  logic [Tiles-1:0] hold;
  logic [Tiles-1:0] pulse;
  logic [Tiles*6-1:0] adc_slot;
  logic [Tiles*6-1:0] range;
  logic [Tiles*P*AdcBits-1:0] sar_code;
  logic [Tiles*P-1:0] cmp;
  /* verilator lint_off UNUSEDSIGNAL */  // tile 0's are ports
  logic [Tiles-1:0] op_busy;
  logic [Tiles-1:0] trace_valid;
  logic [Tiles*64-1:0] trace_order;
  logic [Tiles*32-1:0] trace_cycle;
  logic [Tiles*8-1:0] trace_op;
  logic [Tiles*8-1:0] trace_kind;
  logic [Tiles*8-1:0] trace_phase;
  logic [Tiles*16-1:0] trace_slot;
  logic [Tiles*8-1:0] trace_status;
  logic [Tiles*16-1:0] trace_info;
  logic [Tiles*16-1:0] trace_ncodes;
  logic [Tiles*L*16-1:0] trace_codes;
  logic [Tiles*640-1:0] trace_counters;
  logic [Tiles*32-1:0] digest_a;
  logic [Tiles*32-1:0] digest_c;
  logic [Tiles*32-1:0] digest_r;
  /* verilator lint_on UNUSEDSIGNAL */

  xt_top #(
      .Tiles(Tiles), .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .BlMax(BlMax),
      .StateBits(StateBits), .ProbBits(ProbBits)
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
    .op_busy_o(op_busy),
    .trace_valid_o(trace_valid),
    .trace_order_o(trace_order),
    .trace_cycle_o(trace_cycle),
    .trace_op_o(trace_op),
    .trace_kind_o(trace_kind),
    .trace_phase_o(trace_phase),
    .trace_slot_o(trace_slot),
    .trace_status_o(trace_status),
    .trace_info_o(trace_info),
    .trace_ncodes_o(trace_ncodes),
    .trace_codes_o(trace_codes),
    .trace_counters_o(trace_counters)
  );

  genvar t;
  generate
    for (t = 0; t < Tiles; t = t + 1) begin : g_tile
      logic mine;
      assign mine = (cfg_tile_i == 4'(t));

      xt_array #(
        .N(N), .M(M), .StateBits(StateBits), .CurBits(CurBits)
      ) u_array (
        .clk_i(clk_i),
        .row_act_i(row_act[t*N +: N]),
        .row_pol_i(row_pol[t*N +: N]),
        .col_act_i(col_act[t*M +: M]),
        .col_pol_i(col_pol[t*M +: M]),
        .sel_i(sel[t*2 +: 2]),
        .gated_i(gated[t]),
        .dir_i(dir[t]),
        .clear_i(clear[t]),
        .integ_i(integ[t]),
        .pulse_i(pulse[t]),
        .cfg_valid_i(cfg_valid_i && mine),
        .cfg_addr_i(cfg_addr_i),
        .cfg_data_i(cfg_data_i),
        .fabricate_i(fabricate_i && mine),
        .rescan_i(rescan_i && mine),
        .digest_a_o(digest_a[t*32 +: 32]),
        .digest_c_o(digest_c[t*32 +: 32]),
        .digest_r_o(digest_r[t*32 +: 32])
      );

      xt_afe #(
        .N(N), .M(M), .AdcBits(AdcBits), .AdcShare(AdcShare)
      ) u_afe (
        .clk_i(clk_i),
        .dir_i(dir[t]),
        .clear_i(clear[t]),
        .integ_i(integ[t]),
        .dbl_i(dbl[t]),
        .hold_i(hold[t]),
        .adc_slot_i(adc_slot[t*6 +: 6]),
        .range_i(range[t*6 +: 6]),
        .sar_code_i(sar_code[t*P*AdcBits +: P*AdcBits]),
        .cmp_o(cmp[t*P +: P]),
        .cfg_valid_i(cfg_valid_i && mine),
        .cfg_addr_i(cfg_addr_i),
        .cfg_data_i(cfg_data_i),
        .fabricate_i(fabricate_i && mine)
      );
    end
  endgenerate

  assign op_busy_o = op_busy[0];
  assign trace_valid_o = trace_valid[0];
  assign trace_order_o = trace_order[64-1:0];
  assign trace_cycle_o = trace_cycle[32-1:0];
  assign trace_op_o = trace_op[8-1:0];
  assign trace_kind_o = trace_kind[8-1:0];
  assign trace_sel_o = sel[2-1:0];
  assign trace_phase_o = trace_phase[8-1:0];
  assign trace_slot_o = trace_slot[16-1:0];
  assign trace_row_act_o = row_act[N-1:0];
  assign trace_row_pol_o = row_pol[N-1:0];
  assign trace_col_act_o = col_act[M-1:0];
  assign trace_col_pol_o = col_pol[M-1:0];
  assign trace_trial_o = sar_code[P*AdcBits-1:0];
  assign trace_cmp_o = cmp[P-1:0];
  assign trace_status_o = trace_status[8-1:0];
  assign trace_info_o = trace_info[16-1:0];
  assign trace_ncodes_o = trace_ncodes[16-1:0];
  assign trace_codes_o = trace_codes[L*16-1:0];
  assign trace_counters_o = trace_counters[640-1:0];
  assign digest_a_o = digest_a[32-1:0];
  assign digest_c_o = digest_c[32-1:0];
  assign digest_r_o = digest_r[32-1:0];
endmodule
`default_nettype wire
