// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_top_csr (numbers as in its header).
`default_nettype none
module xt_top_csr_props #(
  parameter int Tiles = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic [Tiles-1:0] tile_valid_o,
  input wire logic err_i,
  input wire logic answer_i,
  input wire logic answer_error_i,
  input wire logic [2:0] irq_status_q
);
  logic [2:0] event_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      event_q <= 3'b000;
    end else begin
      event_q <= 3'b000;
      event_q[xt_pkg::IRQ_ANSWER] <= answer_i;
      event_q[xt_pkg::IRQ_ERROR] <= answer_i & answer_error_i;
      event_q[xt_pkg::IRQ_BUS] <= err_i;
      R1: assert ($onehot0(tile_valid_o)) else $error("a request goes to two tiles");
      R2: assert ((event_q & ~irq_status_q) == 3'b000) else $error("an event is lost");
    end
  end
endmodule
bind xt_top_csr xt_top_csr_props #(.Tiles(Tiles)) u_props (.*);
`default_nettype wire
