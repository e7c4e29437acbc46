// SPDX-License-Identifier: Apache-2.0
// xt_ctrl: tile control: the sequence of every operation, counters, trace.
//
// Operation. One state per kind of cycle of SPEC section 4:
//   READSEQ = CLEAR, INTEG x RS, HOLD, AdcShare x (SAR x AdcBits, LATCH); UPDSEQ = UM x 5, SCALE x CM, PULSE x PH BL;
//   a command = START, its sequences, END; WAIT after END while the previous answer is still on its way out.
//   slot and phase are those of the trace record: INTEG s; SAR b (descending) and share slot; PULSE slot and phase.
// Parameters. N, M 1..32768; CodeBits 2..8; AdcBits 4..12; AdcShare 1..64; ScaleBits = max(CodeBits, AdcBits) - 1;
//   ProbBits 8..16.
// Timing. Outputs named *_d_o speak of the next cycle, the others of this one.
// Trace record. order, cycle, op, kind, phase, slot, status, info, ncodes, counters.
// Golden counterpart. refc/xt_ctrl.c
// Invariants.
//   R1 the length of an operation does not depend on the streams.
//   R2 order has no gaps. R3 CYCLES grows by exactly the cycles from START to END.
//   R4 a command with an error goes from START to END. R5 PULSE never follows UM when BL = 0.
`default_nettype none
module xt_ctrl #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int ScaleBits = 8,
  parameter int ProbBits = 16
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // command
  input  wire logic full_i,
  input  wire logic [7:0] op_i,
  input  wire logic [1:0] sel_i,
  input  wire logic [15:0] arg_i,
  input  wire logic [7:0] status_i,
  input  wire logic [5:0] exp_i,
  output logic start_o,
  // registers
  input  wire logic read_serial_i,
  input  wire logic [5:0] range_fwd_i,
  input  wire logic [5:0] range_bwd_i,
  input  wire logic [5:0] range_xfer_i,
  input  wire logic [5:0] range_read_i,
  input  wire logic cell_gated_i,
  input  wire logic upd_sel_i,
  input  wire logic upd_enc_i,
  input  wire logic [1:0] xfer_enc_i,
  input  wire logic [7:0] prog_iters_i,
  // update manager, transfer, converters, result
  input  wire logic [7:0] bl_i,
  input  wire logic clip_i,
  input  wire logic any_neg_i,
  input  wire logic due_i,
  input  wire logic any_error_i,
  input  wire logic pairs_valid_i,
  input  wire logic [31:0] pairs_i,
  input  wire logic rails_valid_i,
  input  wire logic [15:0] rails_i,
  input  wire logic out_empty_i,
  output logic put_o,
  output logic [31:0] header_o,
  output logic [15:0] ncodes_o,
  // what happens at the end of this cycle
  output logic reset_o,
  output logic load_x_o,
  output logic load_d_o,
  output logic load_hot_o,
  output logic hot_arg_o,
  output logic take_codes_o,
  output logic check_o,
  output logic update_done_o,
  output logic transfer_done_o,
  // this cycle
  output logic um_o,
  output logic [2:0] um_step_o,
  output logic [1:0] caller_o,
  output logic [5:0] upd_exp_o,
  output logic [1:0] enc_o,
  output logic scale_o,
  output logic scale_first_o,
  output logic scale_last_o,
  output logic [3:0] scale_bit_o,
  output logic sar_o,
  output logic [3:0] sar_bit_o,
  output logic latch_o,
  output logic [5:0] share_o,
  // the next cycle
  output logic read_d_o,
  output logic read_hot_d_o,
  output logic dir_d_o,
  output logic [2:0] read_bit_d_o,
  output logic pulse_d_o,
  output logic zero_shift_d_o,
  output logic [ProbBits-1:0] slot_d_o,
  output logic [1:0] phase_d_o,
  output logic towards_d_o,
  output logic [ProbBits-1:0] lowdisc_o,
  // array boundary
  output logic [1:0] sel_o,
  output logic gated_o,
  output logic dir_o,
  output logic clear_o,
  output logic integ_o,
  output logic dbl_o,
  output logic hold_o,
  output logic pulse_o,
  output logic [5:0] adc_slot_o,
  output logic [5:0] range_o,
  // status and trace
  output logic running_o,
  output logic op_busy_o,
  output logic reset_given_o,
  output logic [639:0] counters_o,
  output logic trace_valid_o,
  output logic [63:0] trace_order_o,
  output logic [31:0] trace_cycle_o,
  output logic [7:0] trace_op_o,
  output logic [7:0] trace_kind_o,
  output logic [7:0] trace_phase_o,
  output logic [15:0] trace_slot_o,
  output logic [7:0] trace_status_o,
  output logic [15:0] trace_info_o,
  output logic [15:0] trace_ncodes_o,
  output logic [639:0] trace_counters_o
);

  localparam int MagBits = CodeBits - 1;
  localparam int Cmax = (1 << MagBits) - 1;

  localparam logic [3:0] S_IDLE = 4'd0;
  localparam logic [3:0] S_START = 4'd1;
  localparam logic [3:0] S_CLEAR = 4'd2;
  localparam logic [3:0] S_INTEG = 4'd3;
  localparam logic [3:0] S_HOLD = 4'd4;
  localparam logic [3:0] S_SAR = 4'd5;
  localparam logic [3:0] S_LATCH = 4'd6;
  localparam logic [3:0] S_CHECK = 4'd7;
  localparam logic [3:0] S_UM = 4'd8;
  localparam logic [3:0] S_SCALE = 4'd9;
  localparam logic [3:0] S_PULSE = 4'd10;
  localparam logic [3:0] S_END = 4'd11;
  localparam logic [3:0] S_WAIT = 4'd12;

  // Who asks for pulses.
  localparam logic [1:0] BY_UPDATE = 2'd0;
  localparam logic [1:0] BY_TRANSFER = 2'd1;
  localparam logic [1:0] BY_PROGRAM = 2'd2;

  logic [3:0] state_q;
  logic [3:0] state_d;
  logic [15:0] slot_q;
  logic [15:0] slot_d;
  logic [5:0] phase_q;
  logic [5:0] phase_d;
  logic [3:0] step_q;
  logic [3:0] step_d;
  logic xfer_q;       // in a transfer
  logic xfer_d;
  logic [7:0] op_q;
  logic [1:0] sel_q;
  logic [15:0] arg_q;
  logic [7:0] status_q;
  logic [5:0] exp_q;
  logic [7:0] rounds_q;
  logic [7:0] bl_q;   // BL that the answer shows
  logic [31:0] cycle_q;
  logic [63:0] order_q;
  logic ready_q;
  logic [ProbBits-1:0] lowdisc_q;
  logic [639:0] counters_q;
  logic [639:0] counters_d;
  logic [15:0] rails_q;
  logic [15:0] rails_sum;

  // In START the command is still in the shadow buffer.
  logic starting;
  logic [7:0] op;
  logic [1:0] sel;
  logic good;
  assign starting = (state_q == S_START);
  assign op = starting ? op_i : op_q;
  assign sel = starting ? sel_i : sel_q;
  assign good = (status_i == xt_pkg::ST_OK);

  logic after_updseq;
  logic round;
  logic last_latch;
  logic [15:0] integ_last;
  assign integ_last = read_serial_i ? 16'(MagBits - 1) : 16'(Cmax - 1);
  assign last_latch = (state_q == S_LATCH) && (phase_q == 6'(AdcShare - 1));
  assign round = (state_q == S_CHECK) && any_error_i && (rounds_q != prog_iters_i);

  logic last_phase;
  assign last_phase = cell_gated_i || (phase_q == (any_neg_i ? 6'd3 : 6'd1));
  always @* begin
    after_updseq = 1'b0;
    if (state_q == S_UM) after_updseq = (step_q == 4'(xt_pkg::UM_CYCLES - 1)) && (bl_i == 8'd0);
    if (state_q == S_PULSE && op_q != xt_pkg::OP_ZERO_SHIFT) begin
      after_updseq = (slot_q == 16'(bl_i) - 16'd1) && last_phase;
    end
  end

  always @* begin
    state_d = state_q;
    slot_d = 16'd0;
    phase_d = 6'd0;
    step_d = 4'd0;
    xfer_d = xfer_q;
    case (state_q)
      S_IDLE: if (full_i) state_d = S_START;
      S_START: begin
        xfer_d = (op_i == xt_pkg::OP_TRANSFER);
        if (!good || op_i == xt_pkg::OP_RESET) state_d = S_END;
        else if (op_i == xt_pkg::OP_UPDATE) state_d = S_UM;
        else if (op_i == xt_pkg::OP_ZERO_SHIFT) state_d = S_PULSE;
        else state_d = S_CLEAR;
      end
      S_CLEAR: state_d = S_INTEG;
      S_INTEG: begin
        if (slot_q == integ_last) state_d = S_HOLD;
        else slot_d = slot_q + 16'd1;
      end
      S_HOLD: begin
        state_d = S_SAR;
        slot_d = 16'(AdcBits - 1);
      end
      S_SAR: begin
        phase_d = phase_q;
        if (slot_q == 16'd0) state_d = S_LATCH;
        else slot_d = slot_q - 16'd1;
      end
      S_LATCH: begin
        if (!last_latch) begin
          state_d = S_SAR;
          slot_d = 16'(AdcBits - 1);
          phase_d = phase_q + 6'd1;
        end else if (xfer_q) begin
          state_d = S_UM;
        end else begin
          state_d = (op_q == xt_pkg::OP_PROGRAM) ? S_CHECK : S_END;
        end
      end
      S_CHECK: state_d = round ? S_UM : S_END;
      S_UM: begin
        if (step_q != 4'(xt_pkg::UM_CYCLES - 1)) step_d = step_q + 4'd1;
        else state_d = S_SCALE;
      end
      S_SCALE: begin
        if (step_q != 4'(ScaleBits - 1)) step_d = step_q + 4'd1;
        else state_d = S_PULSE;
      end
      S_PULSE: begin
        phase_d = phase_q;
        slot_d = slot_q;
        if (op_q == xt_pkg::OP_ZERO_SHIFT) begin
          phase_d = {5'd0, ~phase_q[0]};
          if (phase_q[0]) begin
            slot_d = slot_q + 16'd1;
            if (slot_d == arg_q) state_d = S_END;
          end
        end else if (slot_q != 16'(bl_i) - 16'd1) begin
          slot_d = slot_q + 16'd1;
        end else begin
          slot_d = 16'd0;
          phase_d = phase_q + 6'd1;
        end
      end
      S_END, S_WAIT: begin
        if (!out_empty_i) state_d = S_WAIT;
        else state_d = full_i ? S_START : S_IDLE;
      end
      default: state_d = S_IDLE;
    endcase
    if (after_updseq) begin
      if (op_q == xt_pkg::OP_PROGRAM) begin
        state_d = S_CLEAR;
      end else if (due_i) begin
        state_d = S_CLEAR;
        xfer_d = 1'b1;
      end else begin
        state_d = S_END;
      end
    end
    if (state_d != S_PULSE && state_d != S_INTEG && state_d != S_SAR) slot_d = 16'd0;
    if (state_d != S_PULSE && state_d != S_SAR && state_d != S_LATCH) phase_d = 6'd0;
  end

  // The boundary in the next cycle.
  logic reading_d;
  logic [1:0] sel_d;
  logic [5:0] range_d;
  logic [5:0] range_of_op;
  logic dir_d;
  assign reading_d = (state_d >= S_CLEAR) && (state_d <= S_LATCH);
  assign dir_d = reading_d && (op == xt_pkg::OP_BACKWARD);
  always @* begin
    if (xfer_d) range_of_op = range_xfer_i;
    else if (op == xt_pkg::OP_FORWARD) range_of_op = range_fwd_i;
    else if (op == xt_pkg::OP_BACKWARD) range_of_op = range_bwd_i;
    else range_of_op = range_read_i;
    range_d = reading_d ? range_of_op : 6'd0;
    sel_d = 2'd0;
    if (reading_d) begin
      if (xfer_d) sel_d = xt_pkg::SEL_A;
      else if (op == xt_pkg::OP_FORWARD || op == xt_pkg::OP_BACKWARD) sel_d = xt_pkg::SEL_C;
      else sel_d = sel;
    end else if (state_d == S_PULSE) begin
      if (xfer_d) sel_d = xt_pkg::SEL_C;
      else if (op == xt_pkg::OP_UPDATE) sel_d = {1'b0, upd_sel_i};
      else sel_d = sel;
    end
  end

  logic ending;
  logic silent;  // RESET leaves all counters zero
  logic tracing;
  assign ending = (state_q == S_END);
  assign silent = (op_q == xt_pkg::OP_RESET) && (status_q == xt_pkg::ST_OK);
  assign tracing = (state_q == S_INTEG) || (state_q == S_HOLD) || (state_q == S_SAR)
                || (state_q == S_PULSE) || ending;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= S_IDLE;
      slot_q <= 16'd0;
      phase_q <= 6'd0;
      step_q <= 4'd0;
      xfer_q <= 1'b0;
      op_q <= 8'd0;
      sel_q <= 2'd0;
      arg_q <= 16'd0;
      status_q <= 8'd0;
      exp_q <= 6'd0;
      rounds_q <= 8'd0;
      bl_q <= 8'd0;
      cycle_q <= 32'd0;
      order_q <= 64'd0;
      ready_q <= 1'b0;
      lowdisc_q <= ProbBits'(1'b0);
      rails_q <= 16'd0;
    end else begin
      state_q <= state_d;
      slot_q <= slot_d;
      phase_q <= phase_d;
      step_q <= step_d;
      xfer_q <= xfer_d;
      if (starting) begin
        op_q <= op_i;
        sel_q <= sel_i;
        arg_q <= arg_i;
        status_q <= status_i;
        exp_q <= exp_i;
        rounds_q <= 8'd0;
        bl_q <= 8'd0;
      end
      cycle_q <= (state_d == S_START) ? 32'd0 : cycle_q + 32'd1;
      if (tracing) order_q <= order_q + 64'd1;
      if (reset_o) ready_q <= 1'b1;
      if (reset_o) lowdisc_q <= ProbBits'(1'b0);
      else if (pulse_d_o && !zero_shift_d_o && enc_o == xt_pkg::ENC_LOWDISC) begin
        lowdisc_q <= lowdisc_o + ProbBits'(1'b1);
      end
      if (round) rounds_q <= rounds_q + 8'd1;
      // The BL of an UPDATE, also when a transfer follows; of a commanded transfer its own.
      if (after_updseq && op_q != xt_pkg::OP_PROGRAM && (!xfer_q || op_q == xt_pkg::OP_TRANSFER)) begin
        bl_q <= bl_i;
      end
      if (state_q == S_CLEAR) rails_q <= 16'd0;
      else rails_q <= rails_sum;
    end
  end
  assign rails_sum = rails_valid_i ? rails_q + rails_i : rails_q;

  // Counters.
  logic counting;
  assign counting = ending || pairs_valid_i || rails_valid_i || last_latch
                 || (state_q == S_PULSE) || (state_q == S_UM) || after_updseq;
  always @* begin
    counters_d = counters_q;
    if (counting) begin
      if (ending && !silent) begin
        counters_d[xt_pkg::CNT_OPS * 64 +: 64] = counters_q[xt_pkg::CNT_OPS * 64 +: 64] + 64'd1;
        counters_d[xt_pkg::CNT_CYCLES * 64 +: 64] =
            counters_q[xt_pkg::CNT_CYCLES * 64 +: 64] + 64'(cycle_q) + 64'd1;
        if (status_q != xt_pkg::ST_OK) begin
          counters_d[xt_pkg::CNT_ERRORS * 64 +: 64] = counters_q[xt_pkg::CNT_ERRORS * 64 +: 64] + 64'd1;
        end
      end
      if (last_latch) begin
        counters_d[xt_pkg::CNT_READS * 64 +: 64] = counters_q[xt_pkg::CNT_READS * 64 +: 64] + 64'd1;
        counters_d[xt_pkg::CNT_CONVERSIONS * 64 +: 64] =
            counters_q[xt_pkg::CNT_CONVERSIONS * 64 +: 64] + (dir_o ? 64'(N) : 64'(M));
      end
      if (rails_valid_i) begin
        counters_d[xt_pkg::CNT_SATURATIONS * 64 +: 64] =
            counters_q[xt_pkg::CNT_SATURATIONS * 64 +: 64] + 64'(rails_i);
      end
      if (state_q == S_PULSE) begin
        counters_d[xt_pkg::CNT_SLOTS * 64 +: 64] = counters_q[xt_pkg::CNT_SLOTS * 64 +: 64] + 64'd1;
      end
      if (pairs_valid_i) begin
        counters_d[xt_pkg::CNT_PULSES * 64 +: 64] =
            counters_q[xt_pkg::CNT_PULSES * 64 +: 64] + 64'(pairs_i);
      end
      if (transfer_done_o) begin
        counters_d[xt_pkg::CNT_TRANSFERS * 64 +: 64] =
            counters_q[xt_pkg::CNT_TRANSFERS * 64 +: 64] + 64'd1;
      end
      if (um_o && step_q == 4'(xt_pkg::UM_CYCLES - 1) && clip_i) begin
        counters_d[xt_pkg::CNT_CLIPS * 64 +: 64] = counters_q[xt_pkg::CNT_CLIPS * 64 +: 64] + 64'd1;
      end
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) counters_q <= 640'd0;
    else if (reset_o) counters_q <= 640'd0;
    else if (counting) counters_q <= counters_d;
  end

  assign start_o = starting;
  assign reset_o = starting && good && (op_i == xt_pkg::OP_RESET);
  assign load_x_o = starting && good && (op_i == xt_pkg::OP_FORWARD || op_i == xt_pkg::OP_UPDATE);
  assign load_d_o = starting && good && (op_i == xt_pkg::OP_BACKWARD || op_i == xt_pkg::OP_UPDATE);
  assign load_hot_o = (starting && good && (op_i == xt_pkg::OP_READ || op_i == xt_pkg::OP_PROGRAM
                                            || op_i == xt_pkg::OP_TRANSFER)) || (after_updseq && due_i);
  assign hot_arg_o = (op == xt_pkg::OP_READ) || (op == xt_pkg::OP_PROGRAM);
  assign take_codes_o = last_latch && xfer_q;
  assign check_o = (state_q == S_CHECK);
  assign update_done_o = after_updseq && (op_q == xt_pkg::OP_UPDATE) && !xfer_q;
  assign transfer_done_o = after_updseq && xfer_q;

  assign um_o = (state_q == S_UM);
  assign um_step_o = step_q[2:0];
  assign caller_o = xfer_q ? BY_TRANSFER : (op_q == xt_pkg::OP_PROGRAM) ? BY_PROGRAM : BY_UPDATE;
  assign upd_exp_o = exp_q;
  assign enc_o = xfer_q ? xfer_enc_i :
                 (op_q == xt_pkg::OP_PROGRAM) ? xt_pkg::ENC_COUNT : {1'b0, upd_enc_i};
  // Two bits in the first SCALE cycle: the last one encodes slot 0.
  assign scale_o = (state_q == S_SCALE) && (step_q != 4'(ScaleBits - 1));
  assign scale_first_o = (step_q == 4'd0);
  assign scale_last_o = (step_q == 4'(ScaleBits - 2));
  assign scale_bit_o = 4'(ScaleBits - 2) - step_q;
  assign sar_o = (state_q == S_SAR);
  assign sar_bit_o = slot_q[3:0];
  assign latch_o = (state_q == S_LATCH);
  assign share_o = phase_q;

  assign read_d_o = (state_d == S_INTEG);
  assign read_hot_d_o = xfer_q || (op_q != xt_pkg::OP_FORWARD && op_q != xt_pkg::OP_BACKWARD);
  assign dir_d_o = dir_d;
  assign read_bit_d_o = 3'(MagBits - 1) - slot_d[2:0];
  assign pulse_d_o = (state_d == S_PULSE);
  assign zero_shift_d_o = (op == xt_pkg::OP_ZERO_SHIFT);
  assign slot_d_o = slot_d[ProbBits-1:0];
  assign phase_d_o = phase_d[1:0];
  assign towards_d_o = xfer_q || (op_q == xt_pkg::OP_PROGRAM);
  // Every phase sees the same run of n.
  assign lowdisc_o = (phase_d != 6'd0 && slot_d == 16'd0) ? lowdisc_q - ProbBits'(bl_i) : lowdisc_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sel_o <= 2'd0;
      gated_o <= 1'b0;
      dir_o <= 1'b0;
      clear_o <= 1'b0;
      integ_o <= 1'b0;
      dbl_o <= 1'b0;
      hold_o <= 1'b0;
      pulse_o <= 1'b0;
      adc_slot_o <= 6'd0;
      range_o <= 6'd0;
    end else begin
      sel_o <= sel_d;
      gated_o <= pulse_d_o && cell_gated_i;
      dir_o <= dir_d;
      clear_o <= (state_d == S_CLEAR);
      integ_o <= (state_d == S_INTEG);
      dbl_o <= (state_d == S_INTEG) && read_serial_i;
      hold_o <= (state_d == S_HOLD);
      pulse_o <= pulse_d_o;
      adc_slot_o <= (state_d == S_SAR || state_d == S_LATCH) ? phase_d : 6'd0;
      range_o <= range_d;
    end
  end

  // The answer.
  logic [15:0] info;
  always @* begin
    case (op_q)
      xt_pkg::OP_FORWARD, xt_pkg::OP_BACKWARD, xt_pkg::OP_READ: info = rails_sum;
      xt_pkg::OP_UPDATE, xt_pkg::OP_TRANSFER: info = {8'd0, bl_q};
      xt_pkg::OP_PROGRAM: info = {8'd0, rounds_q};
      default: info = 16'd0;
    endcase
    if (status_q != xt_pkg::ST_OK) info = 16'd0;
    case (op_q)
      xt_pkg::OP_FORWARD, xt_pkg::OP_READ, xt_pkg::OP_TRANSFER, xt_pkg::OP_PROGRAM: ncodes_o = 16'(M);
      xt_pkg::OP_BACKWARD: ncodes_o = 16'(N);
      default: ncodes_o = 16'd0;
    endcase
    if (status_q != xt_pkg::ST_OK) ncodes_o = 16'd0;
  end
  assign header_o = {info, status_q, op_q};
  assign put_o = (ending || state_q == S_WAIT) && out_empty_i;

  assign running_o = (state_q != S_IDLE);
  assign op_busy_o = (state_q != S_IDLE) && (state_q != S_WAIT);
  assign reset_given_o = ready_q;
  assign counters_o = counters_q;

  assign trace_valid_o = tracing;
  assign trace_order_o = order_q;
  assign trace_cycle_o = cycle_q;
  assign trace_op_o = op_q;
  always @* begin
    case (state_q)
      S_INTEG: trace_kind_o = xt_pkg::KIND_INTEG;
      S_HOLD: trace_kind_o = xt_pkg::KIND_HOLD;
      S_SAR: trace_kind_o = xt_pkg::KIND_SAR;
      S_PULSE: trace_kind_o = xt_pkg::KIND_PULSE;
      S_END: trace_kind_o = xt_pkg::KIND_END;
      default: trace_kind_o = 8'd0;
    endcase
  end
  assign trace_phase_o = {2'b00, phase_q};
  assign trace_slot_o = slot_q;
  assign trace_status_o = ending ? status_q : 8'd0;
  assign trace_info_o = ending ? info : 16'd0;
  assign trace_ncodes_o = ending ? ncodes_o : 16'd0;
  always @* begin
    trace_counters_o = 640'd0;
    if (ending) trace_counters_o = counters_d;
  end

`ifndef SYNTHESIS
  /* verilator lint_off UNUSEDSIGNAL */
  logic [39:0] state_ascii;
  /* verilator lint_on UNUSEDSIGNAL */
  always @* begin
    case (state_q)
      S_IDLE: state_ascii = "IDLE ";
      S_START: state_ascii = "START";
      S_CLEAR: state_ascii = "CLEAR";
      S_INTEG: state_ascii = "INTEG";
      S_HOLD: state_ascii = "HOLD ";
      S_SAR: state_ascii = "SAR  ";
      S_LATCH: state_ascii = "LATCH";
      S_CHECK: state_ascii = "CHECK";
      S_UM: state_ascii = "UM   ";
      S_SCALE: state_ascii = "SCALE";
      S_PULSE: state_ascii = "PULSE";
      S_END: state_ascii = "END  ";
      default: state_ascii = "WAIT ";
    endcase
  end
`endif

endmodule
`default_nettype wire
