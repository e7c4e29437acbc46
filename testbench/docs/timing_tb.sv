// SPDX-License-Identifier: Apache-2.0
// timing_tb: xt_top with one small tile, for the timing diagrams of rtl/INTEGRATION.md: prints one line per clock cycle
// of a section, `SECTION signal=value ...`; timing.py draws them. The converter of the one column sees 3.
`default_nettype none
`include "xt_types.svh"
`timescale 1ns / 1ns
module timing_tb;
  localparam int N = 2;
  localparam int M = 1;
  localparam int AdcBits = 4;

  reg clk = 0;
  reg rst_n = 0;
  always #5 clk = ~clk;

  reg [17:0] awaddr = 0, araddr = 0;
  reg awvalid = 0, wvalid = 0, bready = 1, arvalid = 0, rready = 1;
  reg [31:0] wdata = 0;
  wire awready, wready, bvalid, arready, rvalid;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata;
  reg [31:0] s_data = 0;
  reg s_valid = 0, s_last = 0;
  wire s_ready;
  wire [31:0] m_data;
  wire m_valid, m_last, irq, busy, trace_valid;
  reg m_ready = 1;
  wire [XT_ARRAY_CTL_T_BITS-1:0] ctl_bits;
  xt_array_ctl_t ctl;
  assign ctl = ctl_bits;
  wire [N-1:0] row_act, row_pol;
  wire [M-1:0] col_act, col_pol;
  wire [2*AdcBits-1:0] sar_code;
  wire signed [AdcBits-1:0] code0 = sar_code[0 +: AdcBits];
  wire [1:0] cmp = {1'b0, code0 <= 4'sd3};
  wire [XT_TRACE_T_BITS-1:0] trace_bits;
  xt_trace_t trace;
  assign trace = trace_bits;
  wire [31:0] trace_codes;
  wire [64*xt_pkg::NUM_COUNTERS-1:0] trace_counters;
  wire [3:0] m_tid;

  xt_top #(.Tiles(1), .N(N), .M(M), .CodeBits(3), .AdcBits(AdcBits)) dut (
    .clk_i(clk), .rst_ni(rst_n),
    .s_axil_awaddr_i(awaddr), .s_axil_awprot_i(3'd0), .s_axil_awvalid_i(awvalid), .s_axil_awready_o(awready),
    .s_axil_wdata_i(wdata), .s_axil_wstrb_i(4'hF), .s_axil_wvalid_i(wvalid), .s_axil_wready_o(wready),
    .s_axil_bresp_o(bresp), .s_axil_bvalid_o(bvalid), .s_axil_bready_i(bready),
    .s_axil_araddr_i(araddr), .s_axil_arprot_i(3'd0), .s_axil_arvalid_i(arvalid), .s_axil_arready_o(arready),
    .s_axil_rdata_o(rdata), .s_axil_rresp_o(rresp), .s_axil_rvalid_o(rvalid), .s_axil_rready_i(rready),
    .s_axis_tdata_i(s_data), .s_axis_tvalid_i(s_valid), .s_axis_tready_o(s_ready), .s_axis_tlast_i(s_last),
    .s_axis_tdest_i(4'd0),
    .m_axis_tdata_o(m_data), .m_axis_tvalid_o(m_valid), .m_axis_tready_i(m_ready), .m_axis_tlast_o(m_last),
    .m_axis_tid_o(m_tid), .irq_o(irq),
    .to_array_ctl_o(ctl_bits), .to_array_row_act_o(row_act), .to_array_row_pol_o(row_pol),
    .to_array_col_act_o(col_act), .to_array_col_pol_o(col_pol), .to_array_sar_code_o(sar_code),
    .from_array_cmp_i(cmp), .from_array_over_i(2'b00),
    .op_busy_o(busy), .trace_valid_o(trace_valid), .trace_o(trace_bits), .trace_codes_o(trace_codes),
    .trace_counters_o(trace_counters)
  );

  // What a cycle shows is what the edge that ends it samples.
  reg [8*8-1:0] section = "";
  always @(posedge clk) begin
    if (section == "command") begin
      $display("command tvalid=%b tready=%b tdata=%h tlast=%b busy=%b trace=%b cycle=%0d kind=%0d", s_valid, s_ready,
               s_data, s_last, busy, trace_valid, trace.cycle, trace.kind);
      $display("+ clear=%b integ=%b hold=%b act=%b pol=%b code=%h cmp=%b", ctl.clear, ctl.integ, ctl.hold, row_act,
               row_pol, code0, cmp[0]);
      $display("+ mvalid=%b mready=%b mdata=%h mlast=%b irq=%b", m_valid, m_ready, m_data, m_last, irq);
    end
    if (section == "cut") begin
      $display("cut awvalid=%b wvalid=%b awready=%b wready=%b awaddr=%h wdata=%h bvalid=%b csr_valid=%b csr_ack=%b",
               awvalid, wvalid, awready, wready, awaddr, wdata, bvalid, dut.g_tile[0].u_tile.csr_valid_i,
               dut.g_tile[0].u_tile.csr_ack_o);
      $display("+ busy=%b clear=%b cycle=%0d kind=%0d act=%b mvalid=%b mready=%b mdata=%h mlast=%b irq=%b", busy,
               ctl.clear, trace.cycle, trace.kind, row_act, m_valid, m_ready, m_data, m_last, irq);
    end
    if (section == "register") begin
      $display("register awvalid=%b awready=%b awaddr=%h wvalid=%b wready=%b wdata=%h bvalid=%b bready=%b bresp=%h",
               awvalid, awready, awaddr, wvalid, wready, wdata, bvalid, bready, bresp);
      $display("+ arvalid=%b arready=%b araddr=%h rvalid=%b rready=%b rdata=%h rresp=%h", arvalid, arready, araddr,
               rvalid, rready, rdata, rresp);
      $display("+ csr_valid=%b csr_write=%b csr_addr=%h csr_wdata=%h csr_ack=%b csr_rdata=%h csr_status=%h",
               dut.g_tile[0].u_tile.csr_valid_i, dut.g_tile[0].u_tile.csr_write_i, dut.g_tile[0].u_tile.csr_addr_i,
               dut.g_tile[0].u_tile.csr_wdata_i, dut.g_tile[0].u_tile.csr_ack_o, dut.g_tile[0].u_tile.csr_rdata_o,
               dut.g_tile[0].u_tile.csr_status_o);
    end
  end

  // One word of a packet.
  task word(input [31:0] data, input last);
    begin
      s_data <= data;
      s_last <= last;
      s_valid <= 1;
      @(posedge clk);
      while (!s_ready) @(posedge clk);
      s_valid <= 0;
      s_last <= 0;
      s_data <= 0;
    end
  endtask

  task write(input [17:0] address, input [31:0] data);
    begin
      awaddr <= address;
      wdata <= data;
      awvalid <= 1;
      wvalid <= 1;
      fork
        begin
          @(posedge clk);
          while (!awready) @(posedge clk);
          awvalid <= 0;
          awaddr <= 0;
        end
        begin
          @(posedge clk);
          while (!wready) @(posedge clk);
          wvalid <= 0;
          wdata <= 0;
        end
      join
      while (!bvalid) @(posedge clk);
    end
  endtask

  task read(input [17:0] address);
    begin
      araddr <= address;
      arvalid <= 1;
      @(posedge clk);
      while (!arready) @(posedge clk);
      arvalid <= 0;
      araddr <= 0;
      while (!rvalid) @(posedge clk);
    end
  endtask

  initial begin
    repeat (3) @(posedge clk);
    rst_n <= 1;
    repeat (3) @(posedge clk);
    word({24'd0, xt_pkg::OP_RESET}, 1);
    repeat (9) @(posedge clk);
    write(xt_pkg::TOP_BASE + {22'd0, xt_pkg::CSR_ANSWER_LEVEL_ENABLE, 2'd0}, 1);
    repeat (3) @(posedge clk);
    section <= "command";  // FORWARD, x = 2, -1
    word({24'd0, xt_pkg::OP_FORWARD}, 0);
    word(32'h0000FF02, 1);
    repeat (18) @(posedge clk);
    section = "";
    repeat (5) @(posedge clk);
    section = "register";
    write({8'd0, xt_pkg::CSR_UPD_RATE, 2'd0}, 32'h1234);
    @(posedge clk);
    read({8'd0, xt_pkg::CSR_UPD_RATE, 2'd0});
    @(posedge clk);
    @(posedge clk);
    section = "";
    word({16'd1000, 8'd0, xt_pkg::OP_ZERO_SHIFT}, 1);
    repeat (40) @(posedge clk);
    section = "cut";
    write({8'd0, xt_pkg::CSR_CONTROL, 2'd0}, 1);  // ABORT
    repeat (5) @(posedge clk);
    section = "";
    @(posedge clk);
    $finish;
  end
endmodule
`default_nettype wire
