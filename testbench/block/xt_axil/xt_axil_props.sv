// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_axil (numbers as in its header).
`default_nettype none
module xt_axil_props (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic [1:0] s_axil_bresp_o,
  input wire logic s_axil_bvalid_o,
  input wire logic s_axil_bready_i,
  input wire logic [1:0] s_axil_rresp_o,
  input wire logic [31:0] s_axil_rdata_o,
  input wire logic s_axil_rvalid_o,
  input wire logic s_axil_rready_i,
  input wire logic hold_i,
  input wire logic issue_write_i,
  input wire logic [3:0] wstrb_i,
  input wire logic req_valid_o,
  input wire logic req_write_o
);
  // Requests whose response has not been taken.
  logic write_due_q;
  logic read_due_q;
  logic b_wait_q;
  logic r_wait_q;
  logic [1:0] bresp_q;
  logic [33:0] r_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_due_q <= 1'b0;
      read_due_q <= 1'b0;
      b_wait_q <= 1'b0;
      r_wait_q <= 1'b0;
      bresp_q <= 2'd0;
      r_q <= 34'd0;
    end else begin
      if (s_axil_bvalid_o && s_axil_bready_i) write_due_q <= 1'b0;
      if (s_axil_rvalid_o && s_axil_rready_i) read_due_q <= 1'b0;
      if (issue_write_i) write_due_q <= 1'b1;
      if (req_valid_o && !req_write_o) read_due_q <= 1'b1;
      b_wait_q <= s_axil_bvalid_o & ~s_axil_bready_i;
      r_wait_q <= s_axil_rvalid_o & ~s_axil_rready_i;
      bresp_q <= s_axil_bresp_o;
      r_q <= {s_axil_rresp_o, s_axil_rdata_o};
      R5: assert ((!b_wait_q || s_axil_bresp_o == bresp_q) && (!r_wait_q || {s_axil_rresp_o, s_axil_rdata_o} == r_q))
        else $error("a response changes while it waits");
      R1: assert ((!s_axil_bvalid_o || write_due_q) && (!s_axil_rvalid_o || read_due_q)
                  && (!b_wait_q || s_axil_bvalid_o) && (!r_wait_q || s_axil_rvalid_o))
        else $error("a response without a request, or one withdrawn");
      if (req_valid_o) begin
        R2: assert (req_write_o ? !write_due_q : !read_due_q) else $error("a request beside its channel's response");
        R3: assert (!hold_i) else $error("a request in a cycle that is held");
        R4: assert (!req_write_o || wstrb_i != 4'd0) else $error("a write that strobes nothing is requested");
      end
    end
  end
endmodule
bind xt_axil xt_axil_props u_props (.issue_write_i(issue_write), .wstrb_i(wstrb_q), .*);
`default_nettype wire
