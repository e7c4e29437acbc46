// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_seq (numbers as in its header). R1 compares two runs: lockstep under back-pressure and the room show
// it; here what it rests on, that no cycle of an operation waits.
`default_nettype none
`include "xt_types.svh"
module xt_seq_props #(
  parameter int AtBits = 8,  // of the longest pulse
  parameter int Rows = 784
) (
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
  input wire logic train_i,  // the next cycle is the first of a slot of a train, of this phase
  input wire logic scale_i,
  input wire logic [1:0] next_phase_i,
  input wire logic [1:0] phase_i,
  input wire logic [3:0] phases_i,
  input wire logic mtj_i,           // the same of MTJ pulses
  input wire logic [3:0] mtj_set_i, // phases of its lines
  input wire logic gated_i,
  input wire logic coded_i,         // pulses with a duration code
  input wire logic gap_i,           // a GAP, which cycle of it
  /* verilator lint_off UNUSEDSIGNAL */  // no more than AtBits of them
  input wire logic [15:0] at_i,
  /* verilator lint_on UNUSEDSIGNAL */
  /* verilator lint_off UNUSEDSIGNAL */  // MTJ_UPDATE has few slots
  input wire logic [15:0] slot_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input wire logic [23:0] shape_i,  // PULSE_WIDTH, PULSE_GAP, PULSE_SETTLE
  input wire logic reset_i,
  input wire logic load_x_i,
  input wire logic load_line_i,
  input wire logic kept_o,
  input wire logic clear_i,
  input wire logic converts_i,  // SAR, LATCH
  input wire logic reads_i,     // what comes
  input wire logic pulses_i,
  input wire logic holds_i,
  input wire logic read_i,      // drives of the next cycle
  input wire logic still_i,     // it is an INTEG that drives nothing
  input wire logic pulse_i,     // a pulse begins, goes on
  input wire logic hold_i,
  input wire logic agrees_i,    // state and slot are of the step
  input wire logic sum_i,       // SUM, FETCH; row
  input wire logic fetch_i,
  input wire logic [15:0] row_i,
  input wire xt_array_ctl_t array_o
);
  logic bad_q;  // a command with an error started in the cycle before
  logic [31:0] next_q;
  logic busy_q;
  logic abort_q;
  logic aborted_q;  // ABORT was acknowledged in the cycle before, of an operation, not in END
  logic read_q;
  logic still_q;
  logic pulse_q;
  logic hold_q;
  logic [AtBits-1:0] at_q;  // cycles of this pulse before this one
  logic [7:0] quiet_q;  // cycles since the last pulse of the operation; 255: none yet, or more
  logic [AtBits-1:0] at;
  logic [24:0] shape_q; // with the cells
  logic lost_q;         // the row encoders do not hold an x
  logic [15:0] row_q;   // of the accumulator that comes
  logic [AtBits-1:0] width; // of the pulse that is on
  assign width = coded_i ? AtBits'(shape_i[23:16]) << slot_i[2:0]
                                                            : AtBits'(shape_i[23:16]);
  logic pulsing;
  assign pulsing = (kind_i == xt_pkg::KIND_PULSE) || (kind_i == xt_pkg::KIND_SWITCH);
  assign at = pulse_q ? AtBits'(1) : at_q + AtBits'(1);
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bad_q <= 1'b0;
      next_q <= 32'd0;
      busy_q <= 1'b0;
      abort_q <= 1'b0;
      aborted_q <= 1'b0;
      read_q <= 1'b0;
      still_q <= 1'b0;
      pulse_q <= 1'b0;
      hold_q <= 1'b0;
      at_q <= AtBits'(1'b0);
      quiet_q <= 8'd255;
      shape_q <= 25'd0;
      lost_q <= 1'b1;
      row_q <= 16'd0;
    end else begin
      if (start_i) row_q <= 16'd0;
      else if (sum_i || fetch_i) row_q <= row_q + 16'd1;
      if (sum_i || fetch_i) begin
        R14: assert (row_i == row_q && 32'(row_i) < Rows + 32'(sum_i))
          else $error("a row of the accumulator that does not exist, or not the next one");
      end
      read_q <= read_i;
      still_q <= still_i;
      pulse_q <= pulse_i;
      hold_q <= hold_i;
      at_q <= at;
      if (start_i) quiet_q <= 8'd255;
      else if (array_o.pulse) quiet_q <= 8'd0;
      else if (quiet_q != 8'd255) quiet_q <= quiet_q + 8'd1;
      shape_q <= {gated_i, shape_i};
      if (reset_i || load_line_i) lost_q <= 1'b1;
      else if (load_x_i) lost_q <= 1'b0;
      A1: assume (!busy_q || {gated_i, shape_i} == shape_q)
        else $error("the shape of the pulses, or the cells, change under an operation");
      A2: assume (shape_i[23:16] != 8'd0) else $error("PULSE_WIDTH is 0");
      bad_q <= start_i & ~good_i;
      next_q <= (kind_i == xt_pkg::KIND_END) ? 32'd0 : cycle_i + 32'd1;
      busy_q <= op_busy_o & (kind_i != xt_pkg::KIND_END);
      abort_q <= abort_i;
      aborted_q <= abort_q & op_busy_o & (kind_i != xt_pkg::KIND_END);
      R1: assert (!busy_q || (op_busy_o && cycle_i == next_q)) else $error("an operation loses or repeats a cycle");
      if (bad_q) begin
        R2: assert (kind_i == xt_pkg::KIND_END) else $error("a command with an error does not end at once");
      end
      if (train_i || scale_i) begin
        R3: assert (bl_i != 8'd0) else $error("pulses although BL = 0");
      end
      if (!in_read_i && !pulsing) begin
        R4: assert (array_o == '0) else $error("the array boundary is not 0");
      end
      if (op_busy_o && timeout_i != 32'd0) begin
        R5: assert (cycle_i <= timeout_i) else $error("an operation goes on beyond TIMEOUT");
      end
      if (aborted_q) begin
        R6: assert (kind_i == xt_pkg::KIND_END) else $error("an operation goes on after ABORT");
      end
      R7: assert ($onehot0({array_o.clear, array_o.integ, array_o.hold, array_o.pulse, converts_i})
                  && array_o.conv == (kind_i == xt_pkg::KIND_SAR)
                  && array_o.clear == clear_i && array_o.hold == (kind_i == xt_pkg::KIND_HOLD)
                  && array_o.integ == (kind_i == xt_pkg::KIND_INTEG) && array_o.integ == (read_q | still_q)
                  && array_o.pulse == pulsing && array_o.pulse == (pulse_q || hold_q))
        else $error("a strobe of the boundary, or drives, beside their cycle");
      R8: assert (array_o.act == (array_o.pulse && at == width))
        else $error("a pulse acts beside its last cycle, or not");
      // agrees_i, at: what an induction has to know
      R9: assert (agrees_i && array_o.pulse == pulsing && (!pulsing || at_i[AtBits-1:0] < width)
                  && (!op_busy_o || start_i || kind_i == xt_pkg::KIND_END || pulsing
                      || (gap_i ? at_i[7:0] < shape_i[15:8] && quiet_q == at_i[7:0] : quiet_q >= shape_i[15:8]))
                  && (!pulsing || !pulse_q || quiet_q >= shape_i[15:8]))
        else $error("a pulse follows within PULSE_GAP");
      if (train_i) begin
        A3: assume (phases_i != 4'd0) else $error("a train without a phase");
        if (next_phase_i != phase_i) begin
          R11: assert (phases_i[next_phase_i] && !gated_i) else $error("a phase in which no line is");
        end
      end
      R13: assert (agrees_i && (!mtj_i || next_phase_i == phase_i || mtj_set_i[next_phase_i]))
        else $error("a phase of MTJ pulses in which no line is");
      R12: assert (read_i == reads_i && pulse_i == pulses_i && hold_i == holds_i
                   && agrees_i && (!pulsing || at_i[AtBits-1:0] < width))
        else $error("the encoders are told of another cycle than the next");
      R10: assert (!kept_o || !lost_q) else $error("an x is kept that is not there");
    end
  end
endmodule
bind xt_seq xt_seq_props #(.AtBits(AtBits), .Rows(Rows)) u_props (
  .agrees_i(op_busy_o == (state_q != S_IDLE && state_q != S_WAIT)
            && switch_q == switching
            && fetch_q == (flushing && state_q == S_ENCODE && !count_q[0])
            && encode_q == (switching && state_q == S_ENCODE && !fetch_q)
            && ((state_q == S_ENCODE) ? Mtj == 0 || switching || summing
                : pulsing ? !switching || !gated || (slot_q < 16'(MagBits) && comes_q < 16'(MagBits))
                : !switching || !(state_q == S_IDLE || state_q == S_START || state_q == S_UM
                                  || state_q == S_SCALE || state_q == S_END || state_q == S_WAIT))),
  .sum_i(now_o.sum), .fetch_i(now_o.fetch), .row_i(now_o.row),
  .start_i(event_o.start), .good_i(command_i.status == xt_pkg::ST_OK), .kind_i(now_o.kind), .cycle_i(now_o.cycle),
  .in_read_i(now_o.clear || now_o.sar || now_o.latch || now_o.kind == xt_pkg::KIND_INTEG
             || now_o.kind == xt_pkg::KIND_HOLD),
  .timeout_i(regs_i.timeout), .train_i(next_o.pulse & next_o.train), .next_phase_i(next_o.phase),
  .phase_i(now_o.phase[1:0]),
  .mtj_i(next_o.pulse && next_o.mtj), .mtj_set_i(encode_q ? mtj_found_i : mtj_phases_i),
  .gated_i(regs_i.cell_mode == xt_pkg::CELL_GATED),
  .slot_i(now_o.slot), .coded_i(switching && gated),
  .gap_i(state_q == S_GAP), .at_i(now_o.at), .scale_i(now_o.scale),
  .shape_i({regs_i.pulse_width, regs_i.pulse_gap, regs_i.pulse_settle}),
  .reset_i(event_o.reset), .load_x_i(event_o.load_x), .load_line_i(event_o.load_line),
  .clear_i(now_o.clear), .converts_i(now_o.sar || now_o.latch),
  .reads_i(state_d == S_INTEG && plan_d.drive != xt_pkg::DRIVE_NONE), .pulses_i(state_d == S_PULSE && ~|at_d),
  .holds_i(state_d == S_PULSE && |at_d), .read_i(next_o.read),
  .still_i(state_d == S_INTEG && plan_d.drive == xt_pkg::DRIVE_NONE), .pulse_i(next_o.pulse), .hold_i(next_o.hold), .*
);
`default_nettype wire
