// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_top_csr (numbers as in its header).
`default_nettype none
module xt_top_csr_props #(
  parameter int Tiles = 1,
  parameter int StateW = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic req_valid_i,
  input wire logic req_write_i,
  input wire logic hold_o,
  input wire logic [2:0] status_d_i,
  input wire logic [Tiles-1:0] tile_valid_o,
  input wire logic err_i,
  input wire logic [Tiles:0] waits_i,
  input wire logic [Tiles:0] errors_i,
  input wire logic [Tiles-1:0] op_end_i,
  input wire logic [67:0] event_i,
  input wire logic bus_event_i,
  input wire logic [5:0] irq_status_i,
  input wire logic irq_o,
  input wire logic [StateW-1:0] state_i,   // what only writes change
  input wire logic [Tiles-1:0] closed_o,
  input wire logic [Tiles-1:0] reset_o,
  input wire logic [Tiles-1:0] reset_next_o,
  input wire logic [Tiles-1:0] on_bus_i
);
  localparam int A = 17 * 32'(xt_pkg::IRQ_ANSWER);
  localparam int D = 17 * 32'(xt_pkg::IRQ_DONE);
  localparam int E = 17 * 32'(xt_pkg::IRQ_ERROR);
  logic [Tiles:0] waits_q;
  logic [Tiles:0] errors_q;
  // What came in the cycle before.
  logic [Tiles:0] answer_q;
  logic [Tiles:0] error_q;
  logic [Tiles-1:0] end_q;
  logic err_q;
  logic irq_q;
  logic quiet_q;  // no write that is taken
  logic [StateW-1:0] state_q;
  logic [Tiles-1:0] bus_q;  // had the result stream
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waits_q <= '0;
      errors_q <= '0;
      answer_q <= '0;
      error_q <= '0;
      end_q <= '0;
      err_q <= 1'b0;
      irq_q <= 1'b0;
      quiet_q <= 1'b0;
      state_q <= '0;
      bus_q <= '0;
    end else begin
      waits_q <= waits_i;
      errors_q <= errors_i;
      answer_q <= waits_i & ~waits_q;
      error_q <= errors_i & ~errors_q;
      end_q <= op_end_i;
      err_q <= err_i;
      irq_q <= |irq_status_i;
      quiet_q <= ~(req_valid_i & req_write_i) | (status_d_i != xt_pkg::CSR_ST_OK);
      state_q <= state_i;
      bus_q <= on_bus_i;
      A1: assume (!(hold_o && req_valid_i)) else $error("a request in a cycle that is held");
      R1: assert ($onehot0(tile_valid_o)) else $error("a request goes to two tiles");
      R2: assert ((answer_q[Tiles-1:0] & ~event_i[A +: Tiles]) == '0
                  && (!answer_q[Tiles] || event_i[A + 32'(xt_pkg::NO_TILE)])
                  && (error_q[Tiles-1:0] & ~event_i[E +: Tiles]) == '0
                  && (!error_q[Tiles] || event_i[E + 32'(xt_pkg::NO_TILE)])
                  && (end_q & ~event_i[D +: Tiles]) == '0 && (!err_q || bus_event_i))
        else $error("an event is lost");
      R3: assert (irq_o == irq_q) else $error("the interrupt is not what IRQ_STATUS told");
      if (quiet_q) begin
        R4: assert (state_i == state_q) else $error("a register changes without a write that is taken");
      end
      R5: assert ((reset_o & ~(closed_o & ~bus_q)) == '0) else $error("a tile is reset that is open or has the stream");
      if (reset_o != '0 || reset_next_o != '0) begin
        R6: assert (tile_valid_o == '0) else $error("a request beside a reset");
      end
    end
  end
endmodule
bind xt_top_csr xt_top_csr_props #(.Tiles(Tiles), .StateW(17 * 9 + 2)) u_props (
  .status_d_i(status_d), .event_i(event_q), .bus_event_i(bus_event_q), .irq_status_i(irq_status),
  .state_i({enable_q, level_enable_q, space_enable_q, bus_enable_q, slverr_q}), .*
);
`default_nettype wire
