// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_trace (numbers as in its header). Within an operation: between two of them a snapshot may be loaded.
`default_nettype none
module xt_trace_props (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic trace_valid_o,
  input wire logic [63:0] order_i,
  input wire logic [31:0] cycle_i,
  input wire logic end_i
);
  logic open_q;  // records of this operation so far
  logic [63:0] order_q;
  logic [31:0] cycle_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      open_q <= 1'b0;
      order_q <= 64'd0;
      cycle_q <= 32'd0;
    end else if (trace_valid_o) begin
      open_q <= ~end_i;
      order_q <= order_i;
      cycle_q <= cycle_i;
      if (open_q) begin
        A1: assume (cycle_i > cycle_q) else $error("the cycle does not grow from record to record");
        R1: assert (order_i == order_q + 64'd1) else $error("a gap in the order of records");
      end
    end
  end
endmodule
bind xt_trace xt_trace_props u_props (
  .order_i(trace_o.order), .cycle_i(now_i.cycle), .end_i(now_i.kind == xt_pkg::KIND_END), .*
);
`default_nettype wire
