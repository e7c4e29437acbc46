// SPDX-License-Identifier: Apache-2.0
// xt_seq: the sequencer: walks the plan of an operation, cycle by cycle.
//
// Operation. An operation is steps of the plan xt_pkg::step() ([step] of rtl/xt_params.toml) from the first, op_step(),
//   to END; after a step its `then` if its condition holds, else its `next`. What an operation is, is said there and in
//   the tables op_*() only: here are the sequences of SPEC section 4.
//     READ       CLEAR, INTEG x RS, HOLD, AdcShare x (SAR x CONV, LATCH)
//     PULSE      UM x UM_CYCLES; if BL > 0: SCALE x ScaleBits, a phase of BL slots per bit of phases_i (gated: one)
//     CHECK      CHECK
//     ALTERNATE  2 pairs x a phase of 1 slot
//     SWITCH     ENCODE, a phase per bit of mtj_found_i, of 1 slot; gated: of MagBits, slot b PULSE_WIDTH 2^b long
//     SUM        ENCODE, SUM x (Rows + 1)
//     FLUSH      Rows x (FETCH, as SWITCH)
//     a phase    (PULSE x PULSE_WIDTH, GAP x PULSE_GAP) x slots, SETTLE x PULSE_SETTLE
//     END        END; WAIT while the previous answer is still on its way out
//   START takes the command and goes to the first step, or to END if the command has an error. ABORT and TIMEOUT cut an
//   operation: the next cycle is END, whatever the plan says, with a status that tells so.
//   x is kept in the row encoders from a START that loads it to the CLEAR of a read that drives one line, a FETCH, or
//   RESET.
// Parameters. CodeBits 2..8; AdcBits 4..12; AdcShare 1..64; AdcKind 0, 1; Tall: N > M (0, 1); ScaleBits = max(CodeBits,
//   AdcBits) - 1; ProbBits 8..16; Mtj 0, 1: with SWITCH; Acc 0, 1: with SUM and FLUSH (Mtj 1), of Rows 1..32768.
// Timing. now_o, event_o speak of this cycle, next_o of the next one; array_o is registers. The next START follows END
//   at once if a packet waits and the output buffer is free, else after one idle cycle.
// Trace record. kind, phase, slot, cycle (through xt_trace).
// Golden counterpart. refc/xt_seq.c
// Invariants. R1 the length of an operation does not depend on the streams. R2 a command with an error goes from START
//   to END. R3 PULSE never follows UM when BL = 0. R4 outside CLEAR..LATCH and PULSE array_o is 0. R5 no cycle of an
//   operation is beyond TIMEOUT. R6 an ABORT during an operation is followed by END. R7 clear, integ, hold, conv, pulse
//   of array_o are 1 in their cycles only, and drives are asked for those of integ (but of CALIBRATE) and pulse. R8 act
//   is 1 in the last cycle of a pulse, and in no other: it acts once. R9 after a pulse, PULSE_GAP cycles at least
//   without one. R10 no x is kept once the row encoders hold a line. R11 a phase of half-select has lines of its signs.
//   R12 next_o speaks of the cycle that comes. R13 a phase of SWITCH or FLUSH is one of mtj_found_i. R14 rows of the
//   accumulator exist, and follow each other.
`default_nettype none
`include "xt_types.svh"
module xt_seq #(
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0,
  parameter int Tall = 1,
  parameter int ScaleBits = 8,
  parameter int ProbBits = 16,
  parameter int Mtj = 0,
  parameter int Acc = 0,
  parameter int Rows = 784
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // the packet in the shadow buffer
  input  wire logic full_i,
  input  wire xt_command_t command_i,
  /* verilator lint_off UNUSEDSIGNAL */  // of the registers only those that shape a sequence
  input  wire xt_regs_t regs_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // what sequences and conditions wait for: length of the train, phases in which lines of its signs are, encoder mode
  // of the train (update manager); phases of MTJ pulses, in ENCODE and after it (xt_amp); a scheduled transfer follows
  // this UPDATE, its line (xt_xfer); another round (xt_prog); output buffer free
  input  wire logic [7:0] bl_i,
  input  wire logic [3:0] phases_i,
  /* verilator lint_off UNUSEDSIGNAL */  // without MTJ_UPDATE
  input  wire logic [3:0] mtj_found_i,
  input  wire logic [3:0] mtj_phases_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire logic [1:0] enc_i,
  input  wire logic due_i,
  input  wire logic [15:0] ptr_i,
  input  wire logic round_i,
  input  wire logic out_empty_i,
  /* verilator lint_off UNUSEDSIGNAL */  // of what is written what is here
  input  wire xt_csr_set_t set_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire logic abort_i,      // cuts the operation that runs in the next cycle
  // what the blocks do
  output xt_command_t command_o,  // the command that runs
  output xt_now_t now_o,
  output xt_next_t next_o,
  output xt_event_t event_o,
  output logic [15:0] line_o,     // of event_o.load_line
  output xt_array_ctl_t array_o,
  // status: a command runs or waits after END; it runs; it is in END; RESET has been given since the hardware reset
  output logic running_o,
  output logic op_busy_o,
  output logic end_o,
  output logic reset_given_o,
  output logic kept_o,            // x is kept
  output logic [15:0] lowdisc_o   // low-discrepancy counter
);

  localparam int MagBits = CodeBits - 1;
  localparam logic [15:0] CMAX = 16'((1 << MagBits) - 1);
  // A conversion: bits from the highest to bit 0, or trials of the ramp, up.
  localparam logic [15:0] ConvFirst = (AdcKind == 0) ? 16'(AdcBits - 1) : 16'd0;
  localparam logic [15:0] ConvSecond = (AdcKind == 0) ? 16'(AdcBits - 2) : 16'd1;
  localparam logic [15:0] ConvLast = (AdcKind == 0) ? 16'd0 : 16'((1 << AdcBits) - 3);

  // The longest pulse.
  localparam int AtBits = (Mtj != 0) ? 8 + MagBits - 1 : 8;

  typedef enum logic [3:0] {
    S_IDLE, S_START, S_CLEAR, S_INTEG, S_HOLD, S_SAR, S_LATCH, S_CHECK, S_UM, S_SCALE, S_PULSE, S_GAP, S_SETTLE,
    S_END, S_WAIT, S_ENCODE
  } state_t;

  state_t state_q;
  state_t state_d;
  logic [3:0] step_q;    // of the plan
  logic [3:0] step_d;
  logic [15:0] slot_q;
  logic [15:0] slot_d;
  logic [15:0] comes_q;  // the slot that follows, where one does
  logic [15:0] comes_d;
  logic last_q;          // this slot is the last of its phase
  logic last_d;          // the one that follows is
  logic [5:0] phase_q;
  logic [5:0] phase_d;
  logic [3:0] count_q;   // within UM and SCALE; which of the cycles that S_ENCODE is
  logic [3:0] count_d;
  logic [AtBits-1:0] at_q;  // within PULSE, GAP and SETTLE
  logic [AtBits-1:0] at_d;
  logic fetch_q;         // FETCH; ENCODE of SWITCH and FLUSH: registers, since what it finds decides what follows
  logic fetch_d;
  logic encode_q;
  logic encode_d;
  logic [15:0] row_q;    // of the accumulator; without one 0
  logic [xt_pkg::PLANE_BITS-1:0] plane_q;  // of the step, if it pulses
  logic [xt_pkg::PLANE_BITS-1:0] plane_d;
  xt_command_t command_q;
  logic [31:0] cycle_q;
  logic [ProbBits-1:0] lowdisc_q;  // n of the next slot, but at the start of a phase
  logic [ProbBits-1:0] first_q;    // n of the train's first slot, where every phase begins
  logic [ProbBits-1:0] n_q;        // n of the slot that follows
  logic second_q;        // a phase of this train has been begun
  logic reset_given_q;
  logic kept_q;

  /* verilator lint_off UNUSEDSIGNAL */  // of a step, and of a command, what is asked here
  xt_step_t plan;    // step of this cycle
  xt_step_t plan_d;  // of the next one
  xt_step_t known;   // that follows this one, without another round
  xt_step_t plan_b;  // of the next one, without another round
  xt_command_t command;
  /* verilator lint_on UNUSEDSIGNAL */
  assign plan = xt_pkg::step(step_q);
  assign plan_d = xt_pkg::step(step_d);
  assign known = xt_pkg::step(step_known);

  // ---- the plan

  logic starting;
  logic good;  // the command is executed
  assign starting = (state_q == S_START);
  assign command = starting ? command_i : command_q;
  assign good = (command_i.status == xt_pkg::ST_OK);

  // Pulses: the phases driven, those after this one; the last cycle of a slot, of what belongs to it (SETTLE, too).
  logic pulsing;
  logic alternate;
  logic switching;  // SWITCH, FLUSH
  logic summing;    // SUM
  logic flushing;   // FLUSH
  logic gated;
  logic [3:0] phases;
  logic [3:0] left;
  logic pulse_ends;
  logic slot_ends;
  logic settled;
  assign pulsing = (state_q == S_PULSE) || (state_q == S_GAP) || (state_q == S_SETTLE);
  assign alternate = (plan.seq == xt_pkg::SEQ_ALTERNATE);
  assign switching = switches(plan.seq);
  assign summing = (Acc != 0) && (plan.seq == xt_pkg::SEQ_SUM);
  assign flushing = (Acc != 0) && (plan.seq == xt_pkg::SEQ_FLUSH);
  assign gated = (regs_i.cell_mode == xt_pkg::CELL_GATED);
  always @* begin
    if (switching) last_d = !gated || (comes_q == 16'(MagBits - 1));
    else last_d = alternate || (comes_q == 16'(bl_i) - 16'd1);
    phases = gated ? 4'b0001 : phases_i;
    if (switching) phases = mtj_phases_i;
  end
  assign left = phases & (4'b1110 << phase_q[1:0]);
  assign pulse_ends = (at_q == width(regs_i.pulse_width, switching && gated, slot_q[2:0]) - AtBits'(1));

  function automatic switches(input [2:0] seq);
    switches = (Mtj != 0) && (seq == xt_pkg::SEQ_SWITCH || (Acc != 0 && seq == xt_pkg::SEQ_FLUSH));
  endfunction

  // S_ENCODE is ENCODE; of SUM also SUM, after it, of FLUSH also FETCH, before it: their second cycle has count_q = 1.
  logic sum;
  logic last_row;
  logic row_leaves;  // of FLUSH: the last cycle that a row has, if it has a phase
  logic row_ends;    // or has none
  logic ahead;       // the accumulator's memory reads row row_q, that of the next FETCH, or of this SUM
  assign sum = summing && (state_q == S_ENCODE) && count_q[0];
  assign last_row = !flushing || (row_q == 16'(Rows));
  assign ahead = (Acc != 0)
               && (encode_q ? !last_row : sum ? row_q != 16'(Rows) : leaves && known.seq == xt_pkg::SEQ_FLUSH);
  assign row_leaves = flushing && pulsing && settled && last_q && left == 4'd0;
  assign row_ends = row_leaves || (flushing && encode_q && mtj_found_i == 4'd0);

  // Cycles of a pulse, with a duration code of slot b.
  function automatic [AtBits-1:0] width(input [7:0] unit, input coded, input [2:0] b);
    width = AtBits'(unit);
    if (Mtj != 0 && coded) width = width << b;
  endfunction
  always @* begin
    case (state_q)
      S_PULSE: slot_ends = pulse_ends && (regs_i.pulse_gap == 8'd0);
      S_GAP: slot_ends = (at_q == AtBits'(regs_i.pulse_gap) - AtBits'(1));
      default: slot_ends = 1'b0;
    endcase
    if (state_q == S_SETTLE) settled = (at_q == AtBits'(regs_i.pulse_settle) - AtBits'(1));
    else settled = slot_ends && (!last_q || regs_i.pulse_settle == 8'd0);
  end

  // The first of the phases; 3 if none below is one.
  function automatic [5:0] lowest(input [2:0] set);
    lowest = set[0] ? 6'd0 : set[1] ? 6'd1 : set[2] ? 6'd2 : 6'd3;
  endfunction

  // The step's last cycle. That it is one because ENCODE finds no phase is known late, and only the plan asks for it:
  // what a train or a read does at its end, and what follows START, does not wait for it.
  logic done;
  logic leaves;
  assign done = leaves || (encode_q && mtj_found_i == 4'd0 && last_row);
  always @* begin
    case (state_q)
      S_LATCH: leaves = (phase_q == 6'(AdcShare - 1));
      S_UM: leaves = (count_q == 4'(xt_pkg::UM_CYCLES - 1)) && (bl_i == 8'd0);
      S_PULSE, S_GAP, S_SETTLE: begin
        if (alternate) leaves = settled && phase_q[0] && (comes_q == command_q.arg);
        else leaves = settled && last_q && (left == 4'd0) && last_row;
      end
      S_START, S_CHECK: leaves = 1'b1;
      S_ENCODE: leaves = (Mtj == 0) || (sum && row_q == 16'(Rows));
      default: leaves = 1'b0;
    endcase
  end

  // After the step: another round is decided in its CHECK, so it chooses last, and for what it can lead to only.
  logic [3:0] step_known;  // without another round
  logic [3:0] step_next;   // unless the operation is cut
  always @* begin
    if (starting) step_known = good ? xt_pkg::op_step(command_i.op) : xt_pkg::STEP_END;
    else step_known = (plan.cond == xt_pkg::COND_DUE && due_i) ? plan.then : plan.next;
  end
  always @* begin
    step_next = step_q;
    if (done) step_next = (!starting && plan.cond == xt_pkg::COND_ROUND && round_i) ? plan.then : step_known;
  end

  // Cut: the next cycle is END; not in a cycle whose next is END anyway.
  logic abort_q;
  logic late_q;  // the next cycle is the one that TIMEOUT names, or beyond
  logic ending;
  logic cut;
  assign ending = op_busy_o && (state_q != S_END) && (abort_q || late_q);
  assign cut = ending && !(done && step_next == xt_pkg::STEP_END);
  assign step_d = ending ? xt_pkg::STEP_END : step_next;

  // ---- the cycles of a sequence

  logic starts;  // the next cycle is START
  assign starts = full_i && (state_q == S_IDLE || ((state_q == S_END || state_q == S_WAIT) && out_empty_i));

  logic [15:0] integ_last;
  assign integ_last = regs_i.read_enc ? 16'(MagBits - 1) : CMAX - 16'd1;

  always @* begin
    state_d = state_q;
    slot_d = 16'd0;
    phase_d = 6'd0;
    count_d = 4'd0;
    at_d = AtBits'(1'b0);
    if (ending) begin
      state_d = S_END;
    end else if (done) begin
      case (plan_d.seq)
        xt_pkg::SEQ_READ: state_d = S_CLEAR;
        xt_pkg::SEQ_PULSE: state_d = S_UM;
        xt_pkg::SEQ_CHECK: state_d = S_CHECK;
        xt_pkg::SEQ_ALTERNATE: state_d = S_PULSE;
        xt_pkg::SEQ_SWITCH: state_d = (Mtj != 0) ? S_ENCODE : S_END;
        xt_pkg::SEQ_SUM, xt_pkg::SEQ_FLUSH: state_d = (Acc != 0) ? S_ENCODE : S_END;
        default: state_d = S_END;
      endcase
    end else begin
      case (state_q)
        S_IDLE: if (full_i) state_d = S_START;
        S_CLEAR: state_d = S_INTEG;
        S_INTEG: begin
          if (slot_q == integ_last) state_d = S_HOLD;
          else slot_d = comes_q;
        end
        S_HOLD: begin
          state_d = S_SAR;
          slot_d = comes_q;
        end
        S_SAR: begin
          phase_d = phase_q;
          if (slot_q == ConvLast) state_d = S_LATCH;
          else slot_d = comes_q;
        end
        S_LATCH: begin
          state_d = S_SAR;
          slot_d = comes_q;
          phase_d = phase_q + 6'd1;
        end
        S_UM: begin
          if (count_q != 4'(xt_pkg::UM_CYCLES - 1)) count_d = count_q + 4'd1;
          else state_d = S_SCALE;
        end
        S_SCALE: begin
          if (count_q != 4'(ScaleBits - 1)) count_d = count_q + 4'd1;
          else begin
            state_d = S_PULSE;
            phase_d = lowest(phases[2:0]);
          end
        end
        S_PULSE, S_GAP, S_SETTLE: begin
          if (!settled) begin  // the same slot goes on
            phase_d = phase_q;
            slot_d = slot_q;
            if (slot_ends) state_d = S_SETTLE;
            else if (state_q == S_PULSE && pulse_ends) state_d = S_GAP;
            else at_d = at_q + AtBits'(1);
          end else begin
            state_d = S_PULSE;
            slot_d = comes_q;
            if (alternate) phase_d = {5'd0, ~phase_q[0]};
            else if (row_ends) state_d = S_ENCODE;
            else phase_d = last_q ? lowest(left[2:0]) : phase_q;
          end
        end
        S_ENCODE: begin
          if (summing || fetch_q) begin
            count_d = 4'd1;
          end else if (!row_ends) begin
            state_d = S_PULSE;
            phase_d = lowest(mtj_found_i[2:0]);
          end
        end
        default: begin  // END, WAIT
          if (!out_empty_i) state_d = S_WAIT;
          else if (full_i) state_d = S_START;
          else state_d = S_IDLE;
        end
      endcase
    end
  end

  assign fetch_d = (Acc != 0) && !ending && ((leaves && known.seq == xt_pkg::SEQ_FLUSH) || (row_ends && !last_row));
  assign encode_d = (Mtj != 0) && !ending && ((leaves && known.seq == xt_pkg::SEQ_SWITCH) || fetch_q);

  // The slot after the one that begins, made with it: slots that follow come out of flip-flops. 0 before a sequence.
  always @* begin
    comes_d = 16'd0;
    if (!done && !row_ends) begin
      case (state_q)
        S_CLEAR: comes_d = 16'd1;
        S_INTEG: comes_d = (slot_q == integ_last) ? ConvFirst : comes_q + 16'd1;
        S_HOLD, S_LATCH: comes_d = ConvSecond;
        S_SAR: comes_d = (slot_q == ConvLast) ? ConvFirst : (AdcKind == 0) ? comes_q - 16'd1 : comes_q + 16'd1;
        S_SCALE: comes_d = 16'(count_q == 4'(ScaleBits - 1) && !last_d);
        S_ENCODE: comes_d = 16'(encode_q && !last_d);
        S_PULSE, S_GAP, S_SETTLE: begin
          if (!settled || (alternate && phase_q[0])) comes_d = comes_q;
          else if (alternate || !last_d) comes_d = comes_q + 16'd1;
        end
        default: ;
      endcase
    end
  end

  // What the next cycle is for encoders, drives and converters, without what cannot lead to it: no condition of a step
  // does, and what cuts an operation chooses last.
  logic stop;     // whatever comes, it is neither INTEG nor SAR nor PULSE
  logic integ_d;  // the next cycle is INTEG
  logic hold_d;   // a pulse goes on
  logic pulse_d;  // the next cycle is the first of a slot
  logic train_d;
  logic [1:0] phase_on;  // its phase
  assign stop = abort_q || late_q;
  assign integ_d = !stop && ((state_q == S_CLEAR) || (state_q == S_INTEG && slot_q != integ_last));
  assign hold_d = !stop && (state_q == S_PULSE) && !pulse_ends;
  always @* begin
    pulse_d = 1'b0;
    phase_on = 2'(lowest(phases[2:0]));
    case (state_q)
      S_START: begin
        pulse_d = good && (known.seq == xt_pkg::SEQ_ALTERNATE) && !stop;
        phase_on = 2'd0;
      end
      S_SCALE: pulse_d = (count_q == 4'(ScaleBits - 1)) && !stop;
      S_ENCODE: begin
        pulse_d = encode_q && (mtj_found_i != 4'd0) && !stop;
        phase_on = 2'(lowest(mtj_found_i[2:0]));
      end
      default: begin  // PULSE, GAP, SETTLE
        pulse_d = pulsing && settled && !leaves && !row_leaves && !stop;
        if (alternate) phase_on = {1'b0, ~phase_q[0]};
        else phase_on = last_q ? 2'(lowest(left[2:0])) : phase_q[1:0];
      end
    endcase
  end
  // Of a train, without what ENCODE finds.
  assign train_d = !stop && ((state_q == S_SCALE) ? (count_q == 4'(ScaleBits - 1))
                                                  : pulsing && settled && !leaves && !alternate && !switching);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= S_IDLE;
      step_q <= xt_pkg::STEP_END;
      running_o <= 1'b0;
      op_busy_o <= 1'b0;
      slot_q <= 16'd0;
      comes_q <= 16'd0;
      last_q <= 1'b0;
      phase_q <= 6'd0;
      count_q <= 4'd0;
      at_q <= AtBits'(1'b0);
      fetch_q <= 1'b0;
      encode_q <= 1'b0;
      row_q <= 16'd0;
      plane_q <= xt_pkg::PLANE_BITS'(1'b0);
      command_q <= XT_COMMAND_T_BITS'(1'b0);
      cycle_q <= 32'd0;
      lowdisc_q <= ProbBits'(1'b0);
      first_q <= ProbBits'(1'b0);
      n_q <= ProbBits'(1'b0);
      second_q <= 1'b0;
      reset_given_q <= 1'b0;
      kept_q <= 1'b0;
    end else begin
      state_q <= state_d;
      step_q <= step_d;
      running_o <= (state_d != S_IDLE);
      op_busy_o <= (state_d != S_IDLE) && (state_d != S_WAIT);
      slot_q <= slot_d;
      comes_q <= comes_d;
      if (pulse_d) last_q <= starting || last_d;
      phase_q <= phase_d;
      count_q <= count_d;
      at_q <= at_d;
      fetch_q <= fetch_d;
      encode_q <= encode_d;
      plane_q <= plane_d;
      if (starting) command_q <= command_i;
      if (cut) command_q.status <= late_q ? xt_pkg::ST_ERR_TIMEOUT : xt_pkg::ST_ERR_ABORT;
      cycle_q <= starts ? 32'd0 : cycle_q + 32'd1;
      if (event_o.reset) lowdisc_q <= ProbBits'(1'b0);
      else if (train_d && enc_i == xt_pkg::ENC_LOWDISC) lowdisc_q <= n_q + ProbBits'(1'b1);
      else if (set_i.lowdisc) lowdisc_q <= set_i.data[ProbBits-1:0];
      if (train_d && !second_q) first_q <= n_q;
      if (!train_d) begin
        if (!pulsing) n_q <= lowdisc_q;
      end else if (!last_d) begin
        n_q <= n_q + ProbBits'(1'b1);
      end else if (second_q) begin  // every phase sees the same run of n
        n_q <= first_q;
      end
      if (state_q == S_UM) second_q <= 1'b0;
      else if (train_d) second_q <= 1'b1;
      row_q <= (summing || flushing) ? row_q + 16'(sum || fetch_q) : 16'd0;  // from FETCH on that of the next one
      if (event_o.reset) reset_given_q <= 1'b1;
      if (event_o.reset || event_o.load_line) kept_q <= 1'b0;
      else if (event_o.load_x) kept_q <= 1'b1;
    end
  end

  // One cycle ahead, so that nothing long stands before a cut: in the cycle before c, is c + 1 >= TIMEOUT?
  logic late_d;
  always @* begin
    if (starts) late_d = (regs_i.timeout == 32'd1);
    else late_d = (regs_i.timeout != 32'd0) && ({1'b0, cycle_q} + 33'd2 >= {1'b0, regs_i.timeout});
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      abort_q <= 1'b0;
      late_q <= 1'b0;
    end else begin
      abort_q <= abort_i;
      late_q <= late_d;
    end
  end

  // ---- this cycle, its end, and the next

  assign command_o = command_q;
  assign end_o = (state_q == S_END);
  assign reset_given_o = reset_given_q;
  assign kept_o = kept_q;
  assign lowdisc_o = 16'(lowdisc_q);

  logic [7:0] kind;
  always @* begin
    case (state_q)
      S_INTEG: kind = xt_pkg::KIND_INTEG;
      S_HOLD: kind = xt_pkg::KIND_HOLD;
      S_SAR: kind = xt_pkg::KIND_SAR;
      S_PULSE: kind = switching ? xt_pkg::KIND_SWITCH : xt_pkg::KIND_PULSE;
      S_END: kind = xt_pkg::KIND_END;
      default: kind = 8'd0;
    endcase
  end
  assign now_o.kind = kind;
  assign now_o.cycle = cycle_q;
  assign now_o.phase = phase_q;
  assign now_o.slot = slot_q;
  assign now_o.at = 16'(at_q);
  assign now_o.act = array_o.act;
  assign now_o.by = plan.by;
  assign now_o.plane = plane_q;
  assign now_o.clear = (state_q == S_CLEAR);
  assign now_o.sar = (state_q == S_SAR);
  assign now_o.latch = (state_q == S_LATCH);
  assign now_o.check = (state_q == S_CHECK);
  assign now_o.train = (state_q == S_PULSE) && (plan.seq == xt_pkg::SEQ_PULSE);
  assign now_o.encode = encode_q;
  assign now_o.factor = summing && (state_q == S_ENCODE) && !count_q[0];
  assign now_o.sum = sum;
  assign now_o.fetch = fetch_q;
  assign now_o.flush = flushing;
  assign now_o.ahead = ahead;
  assign now_o.row = row_q;
  assign now_o.um = (state_q == S_UM);
  assign now_o.um_cycle = count_q[2:0];
  // The last SCALE cycle encodes slot 0.
  assign now_o.scale = (state_q == S_SCALE) && (count_q != 4'(ScaleBits - 1));
  assign now_o.scale_first = (count_q == 4'd0);
  assign now_o.scale_last = (count_q == 4'(ScaleBits - 2));

  logic [2:0] payload;
  logic one_line;  // the step that follows drives one line
  assign payload = (command_i.sel == xt_pkg::SEL_BITS'(1'b1)) ? xt_pkg::op_in_short(command_i.op)
                                                             : xt_pkg::op_in(command_i.op);
  assign one_line = (known.drive == xt_pkg::DRIVE_LINE) || (known.drive == xt_pkg::DRIVE_PTR);
  assign event_o.start = starting;
  assign event_o.reset = starting && good && (command_i.op == xt_pkg::OP_RESET);
  assign event_o.load_x = starting && good && (payload == xt_pkg::IN_X || payload == xt_pkg::IN_XD);
  assign event_o.load_d = starting && good && (payload == xt_pkg::IN_D || payload == xt_pkg::IN_XD);
  assign event_o.load_line = fetch_q
                           || (leaves && (state_q != S_CHECK) && !stop && (known.seq == xt_pkg::SEQ_READ) && one_line);
  assign event_o.read = leaves && (plan.seq == xt_pkg::SEQ_READ);
  assign event_o.take = (state_q == S_UM) && (count_q == 4'd0) && (plan.by == xt_pkg::BY_TRANSFER);
  assign event_o.calibrate = leaves && (plan.seq == xt_pkg::SEQ_READ) && (plan.drive == xt_pkg::DRIVE_NONE);
  assign event_o.train = leaves && (plan.seq == xt_pkg::SEQ_PULSE);
  assign event_o.updated = leaves && (plan.seq == xt_pkg::SEQ_PULSE) && (plan.by == xt_pkg::BY_UPDATE);
  assign event_o.transferred = leaves && (plan.seq == xt_pkg::SEQ_PULSE) && (plan.by == xt_pkg::BY_TRANSFER);
  assign event_o.answer = (state_q == S_END || state_q == S_WAIT) && out_empty_i;
  assign event_o.cut = ending && (state_q == S_SAR);
  assign line_o = flushing ? row_q : (known.drive == xt_pkg::DRIVE_PTR) ? ptr_i : command.arg;

  // What lines are compared with, and how, comes out of flip-flops: of the step, whether or not a slot comes; that tell
  // the strobes, read and pulse, which choose last.
  logic train_q;
  logic row_read_q;
  logic col_read_q;
  logic read_line_q;
  logic serial_q;
  logic switch_q;
  logic reading_d;  // CLEAR or INTEG that drives lines
  assign next_o.train = train_q;
  assign next_o.row_read = row_read_q;
  assign next_o.col_read = col_read_q;
  assign next_o.read_line = read_line_q;
  assign next_o.serial = serial_q;
  assign next_o.read_bit = comes_q[2:0];
  assign next_o.slot = comes_q;
  assign next_o.lowdisc = 16'(n_q);
  assign next_o.read = (plan.drive != xt_pkg::DRIVE_NONE) && integ_d;
  assign next_o.dir = array_o.dir;
  assign next_o.pulse = pulse_d;
  assign next_o.hold = hold_d;
  assign next_o.alternate = starting || alternate;
  assign next_o.mtj = switch_q;
  assign next_o.advance = train_d && (enc_i == xt_pkg::ENC_STOCH);
  assign next_o.phase = phase_on;
  assign next_o.add = plan.add;
  assign next_o.sar = !stop && ((state_q == S_HOLD) || (state_q == S_SAR && slot_q != ConvLast)
                               || (state_q == S_LATCH && !leaves));

  assign reading_d = (state_d == S_CLEAR || state_d == S_INTEG) && (plan_d.drive != xt_pkg::DRIVE_NONE);
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      train_q <= 1'b0;
      row_read_q <= 1'b0;
      col_read_q <= 1'b0;
      read_line_q <= 1'b0;
      serial_q <= 1'b0;
      switch_q <= 1'b0;
    end else begin
      train_q <= (state_d == S_SCALE && count_d == 4'(ScaleBits - 1))
               || ((state_d == S_PULSE || state_d == S_GAP || state_d == S_SETTLE)
                   && plan_d.seq == xt_pkg::SEQ_PULSE);
      row_read_q <= (reading_d && plan_d.drive != xt_pkg::DRIVE_D) || switches(plan_d.seq);
      col_read_q <= reading_d && (plan_d.drive == xt_pkg::DRIVE_D);
      read_line_q <= (plan_d.drive == xt_pkg::DRIVE_LINE) || (plan_d.drive == xt_pkg::DRIVE_PTR)
                   || (Acc != 0 && plan_d.seq == xt_pkg::SEQ_FLUSH);
      switch_q <= switches(plan_d.seq);
      serial_q <= switches(plan_d.seq) ? gated : regs_i.read_enc;
    end
  end

  // ---- the array boundary in the next cycle

  function automatic [xt_pkg::PLANE_BITS-1:0] plane_of(
      input [1:0] from, input [xt_pkg::PLANE_BITS-1:0] own, input [xt_pkg::PLANE_BITS-1:0] arg, input upd_sel);
    case (from)
      xt_pkg::PLANE_FROM_ARG: plane_of = arg;
      xt_pkg::PLANE_FROM_UPD_SEL: plane_of = xt_pkg::PLANE_BITS'(upd_sel);
      default: plane_of = own;
    endcase
  endfunction
  assign plane_d = plane_of(plan_d.plane_from, plan_d.plane, command.sel[xt_pkg::PLANE_BITS-1:0], regs_i.upd_sel);

  // Another round begins with UM: the boundary needs the step without it.
  xt_array_ctl_t array_d;
  logic [xt_pkg::PLANE_BITS-1:0] plane_b;
  logic read_d;  // CLEAR to the last LATCH
  logic [AtBits-1:0] width_d;
  assign plan_b = done ? known : plan;
  assign plane_b = plane_of(plan_b.plane_from, plan_b.plane, command.sel[xt_pkg::PLANE_BITS-1:0], regs_i.upd_sel);
  assign read_d = (plan_b.seq == xt_pkg::SEQ_READ) && !ending
                && !(done && !starting && plan.cond == xt_pkg::COND_ROUND && round_i);
  assign width_d = width(regs_i.pulse_width, switching && gated, slot_d[2:0]);
  always @* begin
    array_d = XT_ARRAY_CTL_T_BITS'(1'b0);
    if (read_d) begin
      array_d.sel = plan_b.sel_arg ? command.sel : plan_b.sel;
      if (array_d.sel == xt_pkg::SEL_VISIBLE && regs_i.gamma == 9'd0) array_d.sel = xt_pkg::SEL_C;
      array_d.dir = (plan_b.drive == xt_pkg::DRIVE_D) || (plan_b.drive == xt_pkg::DRIVE_NONE && Tall != 0);
      case (plan_b.range)
        xt_pkg::STEP_RANGE_FWD: array_d.range = regs_i.range_fwd;
        xt_pkg::STEP_RANGE_BWD: array_d.range = regs_i.range_bwd;
        xt_pkg::STEP_RANGE_XFER: array_d.range = regs_i.range_xfer;
        default: array_d.range = regs_i.range_read;
      endcase
      array_d.range = array_d.range + xt_pkg::sel_fraction(array_d.sel);
      array_d.adc_slot = phase_d;
      if (array_d.sel == xt_pkg::SEL_VISIBLE) array_d.gamma = regs_i.gamma;
      array_d.clear = done;
    end
    array_d.integ = integ_d;
    array_d.halve = integ_d && regs_i.read_enc;
    array_d.hold = !stop && (state_q == S_INTEG) && !integ_d;
    array_d.conv = next_o.sar;
    if (pulse_d || hold_d) begin
      array_d.pulse = 1'b1;
      array_d.cell_mode = regs_i.cell_mode;
      array_d.act = (at_d == width_d - AtBits'(1));
      array_d.duration = 16'(width_d);
      array_d.sel = xt_pkg::SEL_BITS'(plane_b);
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) array_o <= XT_ARRAY_CTL_T_BITS'(1'b0);
    else array_o <= array_d;
  end

`ifndef SYNTHESIS
  /* verilator lint_off UNUSEDSIGNAL */
  logic [47:0] state_ascii;
  /* verilator lint_on UNUSEDSIGNAL */
  always @* begin
    case (state_q)
      S_IDLE: state_ascii = "IDLE  ";
      S_START: state_ascii = "START ";
      S_CLEAR: state_ascii = "CLEAR ";
      S_INTEG: state_ascii = "INTEG ";
      S_HOLD: state_ascii = "HOLD  ";
      S_SAR: state_ascii = "SAR   ";
      S_LATCH: state_ascii = "LATCH ";
      S_CHECK: state_ascii = "CHECK ";
      S_UM: state_ascii = "UM    ";
      S_SCALE: state_ascii = "SCALE ";
      S_PULSE: state_ascii = "PULSE ";
      S_GAP: state_ascii = "GAP   ";
      S_SETTLE: state_ascii = "SETTLE";
      S_ENCODE: state_ascii = fetch_q ? "FETCH " : sum ? "SUM   " : "ENCODE";
      S_END: state_ascii = "END   ";
      default: state_ascii = "WAIT  ";
    endcase
  end
`endif

endmodule
`default_nettype wire
