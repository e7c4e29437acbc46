// SPDX-License-Identifier: Apache-2.0
// xt_top: tiles on a bus, each of its own shape.
//
// Operation. rtl/SPEC.md section 13. xt_axil and xt_top_csr: the registers of every tile and of xt_top; xt_stream_in:
//   command packets to the tile TDEST names; xt_stream_out: answers by round robin. On the array boundary and the trace
//   the slice of a tile, as wide as its shape wants, follows that of the tile before it; localparams of g_tile[t].
// Parameters. Tiles 1..16. Ns, Ms: 16 bits per tile, its N and M; 0: all tiles have N, or M. The others are common and
//   as in xt_tile (Trace = 0: the trace is 0, without logic). Anything else stops elaboration.
// Timing. Registers: xt_axil. Streams: one cycle is added to a command, one to an answer. A tile's reset is rst_ni, or
//   a register that is 1 for a cycle.
// Trace record. Each tile's own. Golden counterpart. Each tile: refc/xt_tile.c.
// Invariants. R1 a tile behaves as one alone that sees its own packets and register accesses. R2 no response without
//   request. R3 a word for a tile with at most TOP_CREDITS packets under way never waits for an answer to be read.
`default_nettype none
`include "xt_types.svh"
module xt_top #(
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
  parameter int Trace = 1,
  parameter int StreamBits = 32,
  parameter logic [255:0] Ns = 256'd0,
  parameter logic [255:0] Ms = 256'd0,
  localparam int Rows = xt_pkg::lines_before(Ns, N, Tiles),
  localparam int Cols = xt_pkg::lines_before(Ms, M, Tiles),
  localparam int Units = xt_pkg::units_before(Ns, N, Ms, M, AdcShare, Tiles),
  localparam int Lines = xt_pkg::units_before(Ns, N, Ms, M, 1, Tiles)
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
  // array boundary (to_array_ctl_o: an xt_array_ctl_t per tile); Rows, Cols, Units: of all tiles
  output logic [Tiles*XT_ARRAY_CTL_T_BITS-1:0] to_array_ctl_o,
  output logic [Rows-1:0] to_array_row_act_o,
  output logic [Rows-1:0] to_array_row_pol_o,
  output logic [Cols-1:0] to_array_col_act_o,
  output logic [Cols-1:0] to_array_col_pol_o,
  output logic [Rows*32'(xt_pkg::AMP_BITS)-1:0] to_array_row_amp_o,
  output logic [Cols*32'(xt_pkg::AMP_BITS)-1:0] to_array_col_amp_o,
  output logic [Units*AdcBits-1:0] to_array_sar_code_o,
  input  wire logic [Units-1:0] from_array_cmp_i,
  input  wire logic [Units-1:0] from_array_over_i,
  // trace (trace_o: an xt_trace_t per tile); Lines: the longer sides of all tiles
  output logic [Tiles-1:0] op_busy_o,
  output logic [Tiles-1:0] trace_valid_o,
  output logic [Tiles*XT_TRACE_T_BITS-1:0] trace_o,
  output logic [Lines*16-1:0] trace_codes_o,
  output logic [64*Tiles*32'(xt_pkg::NUM_COUNTERS)-1:0] trace_counters_o
);

  // Illegal parameters: a module of that name does not exist.
  generate
    if (Tiles < 1 || Tiles > 16) begin : g_tiles
      xt_illegal_parameter_Tiles u_illegal ();
    end
    if (xt_pkg::list_wrong(Ns, Tiles)) begin : g_ns
      xt_illegal_parameter_Ns u_illegal ();
    end
    if (xt_pkg::list_wrong(Ms, Tiles)) begin : g_ms
      xt_illegal_parameter_Ms u_illegal ();
    end
  endgenerate

  logic req_valid;
  logic req_write;
  logic req_partial;
  logic hold;
  logic [17:0] req_addr;
  logic [31:0] req_wdata;
  logic [31:0] rsp_rdata;
  logic [2:0] rsp_status;
  logic err;
  logic err_write;
  logic [17:0] err_addr;
  logic slverr;

  logic [Tiles-1:0] csr_valid;
  logic csr_write;
  logic [7:0] csr_addr;
  logic [31:0] csr_wdata;
  logic [Tiles*32-1:0] csr_rdata;
  logic [Tiles*3-1:0] csr_status;

  logic [Tiles-1:0] cmd_valid;
  logic [Tiles-1:0] cmd_ready;
  logic [StreamBits-1:0] cmd_data;
  logic cmd_last;
  logic [Tiles*StreamBits-1:0] ans_data;
  logic [Tiles-1:0] ans_valid;
  logic [Tiles-1:0] ans_last;
  logic [Tiles-1:0] ans_ready;
  logic none_valid;
  logic [7:0] none_op;
  logic [3:0] none_dest;
  logic none_taken;
  logic [Tiles:0] waits;
  logic [Tiles:0] errors;
  logic [Tiles:0] answered;
  logic [Tiles-1:0] op_end;
  logic [Tiles-1:0] done;
  logic [Tiles-1:0] idle;
  logic [Tiles-1:0] space;
  logic [Tiles-1:0] closed;
  logic [Tiles-1:0] on_bus;
  logic [Tiles-1:0] reset_next;
  logic [Tiles-1:0] reset;

  xt_axil u_axil (
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
    .req_valid_o(req_valid),
    .req_write_o(req_write),
    .hold_i(hold),
    .req_partial_o(req_partial),
    .req_addr_o(req_addr),
    .req_wdata_o(req_wdata),
    .rsp_rdata_i(rsp_rdata),
    .rsp_status_i(rsp_status),
    .err_o(err),
    .err_write_o(err_write),
    .err_addr_o(err_addr),
    .slverr_i(slverr)
  );

  xt_top_csr #(.Tiles(Tiles)) u_csr (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .req_valid_i(req_valid),
    .req_write_i(req_write),
    .req_partial_i(req_partial),
    .req_addr_i(req_addr),
    .req_wdata_i(req_wdata),
    .rsp_rdata_o(rsp_rdata),
    .rsp_status_o(rsp_status),
    .hold_o(hold),
    .tile_valid_o(csr_valid),
    .tile_write_o(csr_write),
    .tile_addr_o(csr_addr),
    .tile_wdata_o(csr_wdata),
    .tile_rdata_i(csr_rdata),
    .tile_status_i(csr_status),
    .err_i(err),
    .err_write_i(err_write),
    .err_addr_i(err_addr),
    .slverr_o(slverr),
    .waits_i(waits),
    .errors_i(errors),
    .done_i(done),
    .idle_i(idle),
    .space_i(space),
    .op_end_i(op_end),
    .answered_i(|answered),
    .irq_o(irq_o),
    .closed_o(closed),
    .reset_next_o(reset_next),
    .reset_o(reset),
    .on_bus_i(on_bus)
  );

  xt_stream_in #(.Tiles(Tiles), .Words(StreamBits / 32)) u_stream_in (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .s_valid_i(s_axis_tvalid_i),
    .s_last_i(s_axis_tlast_i),
    .s_dest_i(s_axis_tdest_i),
    .s_data_i(s_axis_tdata_i),
    .s_ready_o(s_axis_tready_o),
    .tile_valid_o(cmd_valid),
    .tile_data_o(cmd_data),
    .tile_last_o(cmd_last),
    .tile_ready_i(cmd_ready),
    .closed_i(closed),
    .reset_i(reset_next),
    .op_end_i(op_end),
    .answered_i(answered[Tiles-1:0]),
    .idle_o(idle),
    .done_o(done),
    .space_o(space),
    .none_valid_o(none_valid),
    .none_op_o(none_op),
    .none_dest_o(none_dest),
    .none_taken_i(none_taken)
  );

  xt_stream_out #(.Tiles(Tiles), .Words(StreamBits / 32)) u_stream_out (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .tile_data_i(ans_data),
    .tile_valid_i(ans_valid),
    .tile_last_i(ans_last),
    .tile_ready_o(ans_ready),
    .none_valid_i(none_valid),
    .none_op_i(none_op),
    .none_dest_i(none_dest),
    .none_taken_o(none_taken),
    .closed_i(closed),
    .on_bus_o(on_bus),
    .m_data_o(m_axis_tdata_o),
    .m_valid_o(m_axis_tvalid_o),
    .m_last_o(m_axis_tlast_o),
    .m_id_o(m_axis_tid_o),
    .m_ready_i(m_axis_tready_i),
    .waits_o(waits),
    .errors_o(errors),
    .answered_o(answered)
  );

  genvar t;
  generate
    for (t = 0; t < Tiles; t = t + 1) begin : g_tile
      localparam int TileN = xt_pkg::lines_of(Ns, N, t);
      localparam int TileM = xt_pkg::lines_of(Ms, M, t);
      localparam int TileUnits = xt_pkg::units_of(Ns, N, Ms, M, AdcShare, t);
      localparam int TileLines = xt_pkg::units_of(Ns, N, Ms, M, 1, t);
      localparam int RowAt = xt_pkg::lines_before(Ns, N, t);
      localparam int ColAt = xt_pkg::lines_before(Ms, M, t);
      localparam int UnitAt = xt_pkg::units_before(Ns, N, Ms, M, AdcShare, t);
      localparam int LineAt = xt_pkg::units_before(Ns, N, Ms, M, 1, t);
      logic [TileUnits-1:0] cmp;
      logic [TileUnits-1:0] over;
      assign cmp = from_array_cmp_i[UnitAt +: TileUnits];
      assign over = from_array_over_i[UnitAt +: TileUnits];
      logic unused_ack;  // always the cycle after the request
      logic ack;
      assign unused_ack = ack;
      logic rst_n;
      assign rst_n = rst_ni & ~reset[t];
      xt_tile #(
        .N(TileN), .M(TileM), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind),
        .BlMax(BlMax), .StateBits(StateBits), .ProbBits(ProbBits), .Mtj(Mtj), .AccBits(AccBits), .AccGang(AccGang),
        .Trace(Trace), .StreamBits(StreamBits)
      ) u_tile (
        .clk_i(clk_i),
        .rst_ni(rst_n),
        .s_data_i(cmd_data),
        .s_valid_i(cmd_valid[t]),
        .s_last_i(cmd_last),
        .s_ready_o(cmd_ready[t]),
        .m_data_o(ans_data[t*StreamBits +: StreamBits]),
        .m_valid_o(ans_valid[t]),
        .m_last_o(ans_last[t]),
        .m_ready_i(ans_ready[t]),
        .csr_valid_i(csr_valid[t]),
        .csr_write_i(csr_write),
        .csr_addr_i(csr_addr),
        .csr_wdata_i(csr_wdata),
        .csr_ack_o(ack),
        .csr_rdata_o(csr_rdata[t*32 +: 32]),
        .csr_status_o(csr_status[t*3 +: 3]),
        .to_array_ctl_o(to_array_ctl_o[t*XT_ARRAY_CTL_T_BITS +: XT_ARRAY_CTL_T_BITS]),
        .to_array_row_act_o(to_array_row_act_o[RowAt +: TileN]),
        .to_array_row_pol_o(to_array_row_pol_o[RowAt +: TileN]),
        .to_array_col_act_o(to_array_col_act_o[ColAt +: TileM]),
        .to_array_col_pol_o(to_array_col_pol_o[ColAt +: TileM]),
        .to_array_row_amp_o(to_array_row_amp_o[RowAt*32'(xt_pkg::AMP_BITS) +: TileN*32'(xt_pkg::AMP_BITS)]),
        .to_array_col_amp_o(to_array_col_amp_o[ColAt*32'(xt_pkg::AMP_BITS) +: TileM*32'(xt_pkg::AMP_BITS)]),
        .to_array_sar_code_o(to_array_sar_code_o[UnitAt*AdcBits +: TileUnits*AdcBits]),
        .from_array_cmp_i(cmp),
        .from_array_over_i(over),
        .op_busy_o(op_busy_o[t]),
        .op_end_o(op_end[t]),
        .trace_valid_o(trace_valid_o[t]),
        .trace_o(trace_o[t*XT_TRACE_T_BITS +: XT_TRACE_T_BITS]),
        .trace_codes_o(trace_codes_o[LineAt*16 +: TileLines*16]),
        .trace_counters_o(trace_counters_o[64*32'(xt_pkg::NUM_COUNTERS)*t +: 64*32'(xt_pkg::NUM_COUNTERS)])
      );
    end
  endgenerate

endmodule
`default_nettype wire
