// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 1;
  localparam int IN = 256;
  localparam int OUT = 256;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  assign shape_o = 256'(Size);

  logic awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  logic [17:0] awaddr, araddr, req_addr, err_addr;
  logic [31:0] wdata, rdata, req_wdata, rsp_rdata;
  logic [3:0] wstrb;
  logic [1:0] bresp, rresp;
  logic [2:0] awprot, arprot, rsp_status;
  logic req_valid, req_write, req_partial, err, err_write, hold, slverr;
  assign {slverr, hold, rsp_status, rsp_rdata, rready, bready, arprot, araddr, arvalid, wstrb, wdata, wvalid, awprot,
          awaddr, awvalid} = pins_i;
  assign pins_o = {err_addr, err_write, err, req_wdata, req_addr, req_partial, req_write, req_valid, rresp, rdata,
                   rvalid, bresp, bvalid, arready, wready, awready};

  xt_axil u_axil (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .s_axil_awaddr_i(awaddr), .s_axil_awprot_i(awprot), .s_axil_awvalid_i(awvalid), .s_axil_awready_o(awready),
    .s_axil_wdata_i(wdata), .s_axil_wstrb_i(wstrb), .s_axil_wvalid_i(wvalid), .s_axil_wready_o(wready),
    .s_axil_bresp_o(bresp), .s_axil_bvalid_o(bvalid), .s_axil_bready_i(bready),
    .s_axil_araddr_i(araddr), .s_axil_arprot_i(arprot), .s_axil_arvalid_i(arvalid), .s_axil_arready_o(arready),
    .s_axil_rdata_o(rdata), .s_axil_rresp_o(rresp), .s_axil_rvalid_o(rvalid), .s_axil_rready_i(rready),
    .req_valid_o(req_valid), .req_write_o(req_write), .req_partial_o(req_partial), .req_addr_o(req_addr),
    .req_wdata_o(req_wdata),
    .rsp_rdata_i(rsp_rdata), .rsp_status_i(rsp_status), .err_o(err), .err_write_o(err_write), .err_addr_o(err_addr),
    .hold_i(hold), .slverr_i(slverr)
  );
endmodule
`default_nettype wire
