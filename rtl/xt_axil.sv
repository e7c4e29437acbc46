// SPDX-License-Identifier: Apache-2.0
// xt_axil: AXI4-Lite target to a request/response port.
//
// Operation. rtl/SPEC.md section 13. A write waits for its address and its data, in either order, a read for its
//   address; then one request cycle (req_valid_o), the answer in the next cycle (rsp_*), then the response on B or R.
//   Reads and writes that wait at the same time take turns. A write that strobes no byte is answered without a request,
//   OKAY. A status other than OK is one cycle of err_o, and becomes SLVERR if slverr_i. The two low bits of an address
//   are ignored, but for err_addr_o.
// Parameters. none.
// Timing. Request to B or R: 3 cycles when nothing is in the way. One write and one read under way at most; ready
//   does not look at valid, valid does not look at ready; a response holds until taken. No request in a cycle with
//   hold_i.
// Trace record. none. Golden counterpart. none: testbench/top, testbench/cocotb.
// Invariants. R1 one response per request. R2 no request while the same channel's response waits. R3 no request with
//   hold_i. R4 no request for a write that strobes nothing. R5 a response does not change while it waits.
`default_nettype none
module xt_axil (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // AXI4-Lite target: write address, write data, write response, read address, read data
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
  // request (partial: a write that strobes some bytes only), and the answer one cycle later
  input  wire logic hold_i,
  output logic req_valid_o,
  output logic req_write_o,
  output logic req_partial_o,
  output logic [17:0] req_addr_o,
  output logic [31:0] req_wdata_o,
  input  wire logic [31:0] rsp_rdata_i,
  input  wire logic [2:0] rsp_status_i,
  // a request was refused; such are answered SLVERR
  output logic err_o,
  output logic err_write_o,
  output logic [17:0] err_addr_o,
  input  wire logic slverr_i
);

  localparam logic [1:0] RESP_OKAY = 2'b00;
  localparam logic [1:0] RESP_SLVERR = 2'b10;

  logic live_q;        // ready only after the reset
  logic aw_full_q;
  logic w_full_q;
  logic ar_full_q;
  logic w_issued_q;    // requested; the response is not taken yet
  logic r_issued_q;
  logic w_ack_q;       // rsp_* belongs to this channel
  logic r_ack_q;
  logic write_last_q;  // the last request was a write
  logic [17:0] awaddr_q;
  logic [31:0] wdata_q;
  logic [3:0] wstrb_q;
  logic [17:0] araddr_q;
  logic bvalid_q;
  logic [1:0] bresp_q;
  logic rvalid_q;
  logic [1:0] rresp_q;
  logic [31:0] rdata_q;

  logic unused;  // no access is privileged
  assign unused = &{1'b0, s_axil_awprot_i, s_axil_arprot_i};

  logic write_wants;
  logic read_wants;
  logic issue_write;
  logic issue_read;
  assign write_wants = aw_full_q && w_full_q && !w_issued_q && !hold_i;
  assign read_wants = ar_full_q && !r_issued_q && !hold_i;
  assign issue_write = write_wants && !(read_wants && write_last_q);
  assign issue_read = read_wants && !issue_write;

  logic b_taken;
  logic r_taken;
  assign b_taken = bvalid_q && s_axil_bready_i;
  assign r_taken = rvalid_q && s_axil_rready_i;

  logic refused;
  assign refused = (rsp_status_i != xt_pkg::CSR_ST_OK);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      live_q <= 1'b0;
      aw_full_q <= 1'b0;
      w_full_q <= 1'b0;
      ar_full_q <= 1'b0;
      w_issued_q <= 1'b0;
      r_issued_q <= 1'b0;
      w_ack_q <= 1'b0;
      r_ack_q <= 1'b0;
      write_last_q <= 1'b0;
      bvalid_q <= 1'b0;
      rvalid_q <= 1'b0;
    end else begin
      live_q <= 1'b1;
      w_ack_q <= issue_write;
      r_ack_q <= issue_read;
      if (issue_write || issue_read) write_last_q <= issue_write;
      if (issue_write) w_issued_q <= 1'b1;
      if (issue_read) r_issued_q <= 1'b1;
      if (s_axil_awvalid_i && s_axil_awready_o) aw_full_q <= 1'b1;
      if (s_axil_wvalid_i && s_axil_wready_o) w_full_q <= 1'b1;
      if (s_axil_arvalid_i && s_axil_arready_o) ar_full_q <= 1'b1;
      if (w_ack_q) bvalid_q <= 1'b1;
      if (r_ack_q) rvalid_q <= 1'b1;
      if (b_taken) begin
        bvalid_q <= 1'b0;
        aw_full_q <= 1'b0;
        w_full_q <= 1'b0;
        w_issued_q <= 1'b0;
      end
      if (r_taken) begin
        rvalid_q <= 1'b0;
        ar_full_q <= 1'b0;
        r_issued_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      awaddr_q <= 18'd0;
      wdata_q <= 32'd0;
      wstrb_q <= 4'd0;
      araddr_q <= 18'd0;
      bresp_q <= RESP_OKAY;
      rresp_q <= RESP_OKAY;
      rdata_q <= 32'd0;
    end else begin
      if (s_axil_awvalid_i && s_axil_awready_o) awaddr_q <= s_axil_awaddr_i;
      if (s_axil_wvalid_i && s_axil_wready_o) begin
        wdata_q <= s_axil_wdata_i;
        wstrb_q <= s_axil_wstrb_i;
      end
      if (s_axil_arvalid_i && s_axil_arready_o) araddr_q <= s_axil_araddr_i;
      if (w_ack_q) bresp_q <= (refused && slverr_i) ? RESP_SLVERR : RESP_OKAY;
      if (r_ack_q) begin
        rresp_q <= (refused && slverr_i) ? RESP_SLVERR : RESP_OKAY;
        rdata_q <= refused ? 32'd0 : rsp_rdata_i;
      end
    end
  end

  assign s_axil_awready_o = live_q && !aw_full_q;
  assign s_axil_wready_o = live_q && !w_full_q;
  assign s_axil_arready_o = live_q && !ar_full_q;
  assign s_axil_bvalid_o = bvalid_q;
  assign s_axil_bresp_o = bresp_q;
  assign s_axil_rvalid_o = rvalid_q;
  assign s_axil_rresp_o = rresp_q;
  assign s_axil_rdata_o = rdata_q;

  assign req_valid_o = (issue_write && wstrb_q != 4'd0) || issue_read;
  assign req_write_o = issue_write;
  assign req_addr_o = issue_write ? awaddr_q : araddr_q;
  assign req_wdata_o = wdata_q;
  assign req_partial_o = issue_write && (wstrb_q != 4'hf);

  assign err_o = (w_ack_q || r_ack_q) && refused;
  assign err_write_o = w_ack_q;
  assign err_addr_o = w_ack_q ? awaddr_q : araddr_q;

endmodule
`default_nettype wire
