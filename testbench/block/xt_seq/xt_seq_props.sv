// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_seq (numbers as in its header). R1 compares two runs: lockstep under back-pressure and the room show
// it; here what it rests on, that no cycle of an operation waits.
`default_nettype none
`include "xt_types.svh"
module xt_seq_props (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic op_busy_o,
  input wire logic [7:0] bl_i,
  input wire logic start_i,
  input wire logic good_i,   // the command that starts has no error
  input wire logic [7:0] kind_i,
  input wire logic [31:0] cycle_i,
  input wire logic in_read_i,
  input wire logic [31:0] timeout_i,
  input wire logic abort_i,
  input wire logic train_i,  // the next cycle is a PULSE of a train
  input wire logic clear_i,
  input wire logic converts_i,  // SAR, LATCH
  input wire logic read_i,      // drives of the next cycle
  input wire logic pulse_i,
  input wire xt_array_ctl_t array_o
);
  logic bad_q;  // a command with an error started in the cycle before
  logic [31:0] next_q;
  logic busy_q;
  logic abort_q;
  logic aborted_q;  // ABORT was acknowledged in the cycle before, of an operation, not in END
  logic read_q;
  logic pulse_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bad_q <= 1'b0;
      next_q <= 32'd0;
      busy_q <= 1'b0;
      abort_q <= 1'b0;
      aborted_q <= 1'b0;
      read_q <= 1'b0;
      pulse_q <= 1'b0;
    end else begin
      read_q <= read_i;
      pulse_q <= pulse_i;
      bad_q <= start_i & ~good_i;
      next_q <= (kind_i == xt_pkg::KIND_END) ? 32'd0 : cycle_i + 32'd1;
      busy_q <= op_busy_o & (kind_i != xt_pkg::KIND_END);
      abort_q <= abort_i;
      aborted_q <= abort_q & op_busy_o & (kind_i != xt_pkg::KIND_END);
      R1: assert (!busy_q || (op_busy_o && cycle_i == next_q)) else $error("an operation loses or repeats a cycle");
      if (bad_q) begin
        R2: assert (kind_i == xt_pkg::KIND_END) else $error("a command with an error does not end at once");
      end
      if (train_i) begin
        R3: assert (bl_i != 8'd0) else $error("pulses although BL = 0");
      end
      if (!in_read_i && kind_i != xt_pkg::KIND_PULSE) begin
        R4: assert (array_o == '0) else $error("the array boundary is not 0");
      end
      if (op_busy_o && timeout_i != 32'd0) begin
        R5: assert (cycle_i <= timeout_i) else $error("an operation goes on beyond TIMEOUT");
      end
      if (aborted_q) begin
        R6: assert (kind_i == xt_pkg::KIND_END) else $error("an operation goes on after ABORT");
      end
      R7: assert ($onehot0({array_o.clear, array_o.integ, array_o.hold, array_o.pulse, converts_i})
                  && array_o.clear == clear_i && array_o.hold == (kind_i == xt_pkg::KIND_HOLD)
                  && array_o.integ == (kind_i == xt_pkg::KIND_INTEG) && array_o.integ == read_q
                  && array_o.pulse == (kind_i == xt_pkg::KIND_PULSE) && array_o.pulse == pulse_q)
        else $error("a strobe of the boundary, or drives, beside their cycle");
    end
  end
endmodule
bind xt_seq xt_seq_props u_props (
  .start_i(event_o.start), .good_i(command_i.status == xt_pkg::ST_OK), .kind_i(now_o.kind), .cycle_i(now_o.cycle),
  .in_read_i(now_o.clear || now_o.sar || now_o.latch || now_o.kind == xt_pkg::KIND_INTEG
             || now_o.kind == xt_pkg::KIND_HOLD),
  .timeout_i(regs_i.timeout), .train_i(next_o.train), .clear_i(now_o.clear), .converts_i(now_o.sar || now_o.latch),
  .read_i(next_o.read), .pulse_i(next_o.pulse), .*
);
`default_nettype wire
