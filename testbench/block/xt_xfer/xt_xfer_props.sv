// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_xfer (numbers as in its header).
`default_nettype none
module xt_xfer_props #(
  parameter int N = 784
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic reset_i,
  input wire logic transferred_i,
  input wire logic set_ptr_i,
  input wire logic [31:0] set_data_i,
  input wire logic [15:0] ptr_o
);
  logic moved_q;
  logic [15:0] after_q;  // the line that comes next
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      moved_q <= 1'b0;
      after_q <= 16'd0;
    end else begin
      moved_q <= transferred_i & ~reset_i & ~set_ptr_i;
      after_q <= (32'(ptr_o) == N - 1) ? 16'd0 : ptr_o + 16'd1;
      A1: assume (!set_ptr_i || set_data_i < 32'(N)) else $error("a line that does not exist is written");
      R1: assert (32'(ptr_o) < N) else $error("the line pointer is beyond the last line");
      if (moved_q) begin
        R2: assert (ptr_o == after_q) else $error("a line is left out or taken twice");
      end
    end
  end
endmodule
bind xt_xfer xt_xfer_props #(.N(N)) u_props (.set_ptr_i(set_i.xfer_ptr), .set_data_i(set_i.data), .*);
`default_nettype wire
