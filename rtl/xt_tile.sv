// SPDX-License-Identifier: Apache-2.0
// xt_tile: a training tile: everything between the command stream and the array boundary.
//
// Operation. rtl/SPEC.md. Only connects: xt_cmd loads a packet; xt_seq runs it: the encoders and xt_coinc drive the
//   lines, xt_adc reads them, xt_upd_mgr scales pulse trains, xt_amp codes the amplitudes of MTJ pulses (Mtj = 1),
//   xt_acc holds sums in front of them (AccBits > 0), xt_xfer is the transfer from A to C, xt_prog corrects lines,
//   xt_result answers; xt_count counts, xt_trace records.
// Parameters. N, M 1..min(32768, 2^(ProbBits-1)); CodeBits 2..8; AdcBits 4..12; AdcShare 1..64; AdcKind 0, 1; BlMax
//   1..255; StateBits 8..24; ProbBits 8..16; Mtj 0, 1: with MTJ_UPDATE; AccBits 0, or 12..32 with Mtj 1: with
//   ACCUMULATE and ACC_UPDATE; AccGang 0 with AccBits 0, else 0..6, M a multiple of 2^AccGang; Trace 0, 1;
//   StreamBits 32, 64, .. 1024. Anything else stops elaboration.
// Timing. SPEC section 4; with AdcShare = 1 no other operation's length than ACCUMULATE's and ACC_UPDATE's depends on N
//   or M.
// Trace record. SPEC section 11; nothing in the design reads the trace_* outputs. Trace = 0: they are 0, without logic.
// Golden counterpart. refc/xt_tile.c
// Invariants.
//   R1 nothing on the result stream without a command. R2 the retired trace does not depend on the streams' timing.
//   R3 outside CLEAR..LATCH and PULSE the array boundary is 0. R4 no operation runs in the first cycle of a register's
//   new value.
`default_nettype none
`include "xt_types.svh"
module xt_tile #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0,
  parameter int BlMax = 31,
  parameter int StateBits = 16,
  parameter int ProbBits = 16,
  parameter int Mtj = 0,
  parameter int AccBits = 0,
  parameter int AccGang = 0,
  parameter int Trace = 1,
  parameter int StreamBits = 32,
  localparam int L = (N > M) ? N : M,
  localparam int P = (AdcShare < 1) ? L : (L + AdcShare - 1) / AdcShare
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // commands
  input  wire logic [StreamBits-1:0] s_data_i,
  input  wire logic s_valid_i,
  input  wire logic s_last_i,
  output logic s_ready_o,
  // results
  output logic [StreamBits-1:0] m_data_o,
  output logic m_valid_o,
  output logic m_last_o,
  input  wire logic m_ready_i,
  // registers
  input  wire logic csr_valid_i,
  input  wire logic csr_write_i,
  input  wire logic [7:0] csr_addr_i,
  input  wire logic [31:0] csr_wdata_i,
  output logic csr_ack_o,
  output logic [31:0] csr_rdata_o,
  output logic [2:0] csr_status_o,
  // array boundary (SPEC section 8)
  output xt_array_ctl_t to_array_ctl_o,
  output logic [N-1:0] to_array_row_act_o,
  output logic [N-1:0] to_array_row_pol_o,
  output logic [M-1:0] to_array_col_act_o,
  output logic [M-1:0] to_array_col_pol_o,
  output logic [32'(xt_pkg::AMP_BITS)*N-1:0] to_array_row_amp_o,
  output logic [32'(xt_pkg::AMP_BITS)*M-1:0] to_array_col_amp_o,
  output logic [P*AdcBits-1:0] to_array_sar_code_o,
  input  wire logic [P-1:0] from_array_cmp_i,
  input  wire logic [P-1:0] from_array_over_i,
  // an operation runs; it is in END
  output logic op_busy_o,
  output logic op_end_o,
  // trace
  output logic trace_valid_o,
  output xt_trace_t trace_o,
  output logic [L*16-1:0] trace_codes_o,
  output logic [64*xt_pkg::NUM_COUNTERS-1:0] trace_counters_o
);

  // Illegal parameters: a module of that name does not exist.
  generate
    if (StreamBits < 32 || StreamBits > 1024 || (StreamBits & (StreamBits - 1)) != 0) begin : g_stream_bits
      xt_illegal_parameter_StreamBits u_illegal ();
    end
    if (ProbBits < 8 || ProbBits > 16) begin : g_prob_bits
      xt_illegal_parameter_ProbBits u_illegal ();
    end
    if (N < 1 || N > (1 << (ProbBits - 1))) begin : g_n
      xt_illegal_parameter_N u_illegal ();
    end
    if (M < 1 || M > (1 << (ProbBits - 1))) begin : g_m
      xt_illegal_parameter_M u_illegal ();
    end
    if (CodeBits < 2 || CodeBits > 8) begin : g_code_bits
      xt_illegal_parameter_CodeBits u_illegal ();
    end
    if (AdcBits < 4 || AdcBits > 12) begin : g_adc_bits
      xt_illegal_parameter_AdcBits u_illegal ();
    end
    if (AdcShare < 1 || AdcShare > 64) begin : g_adc_share
      xt_illegal_parameter_AdcShare u_illegal ();
    end
    if (AdcKind < 0 || AdcKind > 1) begin : g_adc_kind
      xt_illegal_parameter_AdcKind u_illegal ();
    end
    if (BlMax < 1 || BlMax > 255) begin : g_bl_max
      xt_illegal_parameter_BlMax u_illegal ();
    end
    if (StateBits < 8 || StateBits > 24) begin : g_state_bits
      xt_illegal_parameter_StateBits u_illegal ();
    end
    if (Mtj < 0 || Mtj > 1) begin : g_mtj
      xt_illegal_parameter_Mtj u_illegal ();
    end
    if (AccBits != 0 && (AccBits < 12 || AccBits > 32 || Mtj != 1)) begin : g_acc_bits
      xt_illegal_parameter_AccBits u_illegal ();
    end
    if (AccGang < 0 || AccGang > 6 || M % (1 << AccGang) != 0 || (AccBits == 0 && AccGang != 0)) begin : g_acc_gang
      xt_illegal_parameter_AccGang u_illegal ();
    end
    if (Trace < 0 || Trace > 1) begin : g_trace
      xt_illegal_parameter_Trace u_illegal ();
    end
  endgenerate

  // Of an illegal N, M, CodeBits or StreamBits the blocks see a legal one: Verilator then names the module above, not
  // a width in a block.
  localparam int LegalN = (N < 1) ? 1 : N;
  localparam int LegalM = (M < 1) ? 1 : M;
  localparam int LegalCode = (CodeBits < 2) ? 2 : CodeBits;
  localparam int RowMag = LegalCode - 1;
  localparam int ColMag = (LegalCode > AdcBits) ? LegalCode - 1 : AdcBits - 1;
  localparam int Words = (StreamBits < 32) ? 1 : StreamBits / 32;
  localparam int BeatCodes = 4 * Words;
  localparam int RowStride = BeatCodes * ((LegalN + BeatCodes - 1) / BeatCodes);
  localparam int ColStride = BeatCodes * ((LegalM + BeatCodes - 1) / BeatCodes);
  localparam int CMAX = (1 << RowMag) - 1;
  localparam int RecipMax = (BlMax > CMAX) ? BlMax : CMAX;
  localparam int Acc = (AccBits != 0) ? 1 : 0;

  // registers
  xt_regs_t regs;
  xt_status_t status;
  xt_csr_set_t csr_set;
  logic csr_abort;
  logic [64*xt_pkg::NUM_COUNTERS-1:0] counters;
  logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_d;

  // the packet in the shadow buffer; targets of the command that runs
  logic full;
  xt_command_t shadow;
  logic [CodeBits*RowStride-1:0] shadow_x;
  logic [CodeBits*ColStride-1:0] shadow_d;
  logic [RowMag-1:0] shadow_x_max;
  logic [1:0] shadow_x_signs;
  logic [RowMag-1:0] shadow_d_max;
  logic [1:0] shadow_d_signs;
  logic [M*AdcBits-1:0] targets;

  // the sequencer
  xt_command_t command;
  /* verilator lint_off UNUSEDSIGNAL */  // narrow shapes use fewer bits of numbers
  xt_now_t now;
  xt_next_t next;
  xt_event_t event_now;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [15:0] line;
  logic running;
  logic reset_given;
  logic kept;
  logic [15:0] lowdisc;

  // codes and lines that fire
  /* verilator lint_off UNUSEDSIGNAL */  // of the rows only xt_amp and xt_acc ask
  logic [RowMag*N-1:0] row_mag;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [N-1:0] row_neg;
  logic [N-1:0] row_fire;
  logic [ColMag*M-1:0] col_mag;
  logic [M-1:0] col_neg;
  logic [M-1:0] col_fire;
  logic [ProbBits-1:0] row_gen;
  logic [ProbBits:0] col_gen;
  logic row_upset;
  logic col_upset;

  // update manager
  logic [7:0] bl;
  logic clip;
  logic [3:0] phases;
  logic [1:0] enc;
  logic row_full;
  logic [20:0] row_gain;
  logic [6:0] row_shift;
  logic [20:0] col_gain;
  logic [6:0] col_shift;
  logic [20:0] row_folded;
  logic [5:0] row_fold;
  logic [20:0] col_folded;
  logic [5:0] col_fold;

  // amplitude encoders: columns that MTJ pulses drive, their signs, phases; the same of a row of the accumulator
  logic [M-1:0] col_on;
  logic [M-1:0] col_sign;
  logic [3:0] mtj_found;
  logic [3:0] mtj_phases;
  /* verilator lint_off UNUSEDSIGNAL */  // with Mtj = 0 nobody asks
  logic [M-1:0] sum_on;
  logic [32'(xt_pkg::AMP_BITS)*M-1:0] sum_amp;
  logic [1:0] sum_signs;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [M-1:0] sum_neg;
  logic [15:0] acc_count;
  logic [31:0] acc_value;

  // converters; devices that saw a coincidence
  logic [L*AdcBits-1:0] codes;
  logic rails_valid;
  logic [15:0] rails;
  logic [15:0] read_rails;
  logic [15:0] overs;
  logic [AdcBits-1:0] cal;
  logic gen_read;
  logic cal_read;
  logic hits_valid;
  logic [31:0] hits;

  // transfer, program-verify, answer
  logic due;
  logic [15:0] ptr;
  logic [15:0] count;
  logic [15:0] last_line;
  logic [7:0] last_bl;
  logic [15:0] last_rails;
  logic [ColMag*M-1:0] xfer_mag;
  logic [M-1:0] xfer_neg;
  logic another_round;
  logic [7:0] rounds;
  logic [ColMag*M-1:0] prog_mag;
  logic [M-1:0] prog_neg;
  logic [15:0] info;
  logic [15:0] lines;
  logic out_empty;

  xt_csr #(
    .N(LegalN), .M(LegalM), .CodeBits(LegalCode), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind),
    .BlMax(BlMax), .StateBits(StateBits), .ProbBits(ProbBits), .Mtj(Mtj), .AccBits(AccBits), .AccGang(AccGang)
  ) u_csr (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .valid_i(csr_valid_i), .write_i(csr_write_i), .addr_i(csr_addr_i), .wdata_i(csr_wdata_i),
    .ack_o(csr_ack_o), .rdata_o(csr_rdata_o), .status_o(csr_status_o),
    .status_i(status), .counters_i(counters), .regs_o(regs), .set_o(csr_set), .abort_o(csr_abort)
  );
  assign status.busy = running | full | ~out_empty;
  assign status.reset_given = reset_given;
  assign status.xfer_ptr = ptr;
  assign status.xfer_count = count;
  assign status.lowdisc = lowdisc;
  assign status.gen = regs.gen_sel[16] ? 17'(col_gen) : 17'(row_gen);
  assign status.cal = 32'($signed(cal));
  assign gen_read = csr_valid_i && (csr_addr_i == xt_pkg::CSR_GEN);
  assign cal_read = csr_valid_i && (csr_addr_i == xt_pkg::CSR_CAL);
  assign status.last_xfer_line = last_line;
  assign status.last_xfer_bl = last_bl;
  assign status.last_xfer_rails = last_rails;
  assign status.acc = acc_value;

  xt_cmd #(
    .N(LegalN), .M(LegalM), .CodeBits(LegalCode), .AdcBits(AdcBits), .Words(Words), .RowStride(RowStride),
    .ColStride(ColStride), .Mtj(Mtj), .AccBits(AccBits)
  ) u_cmd (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .s_data_i(s_data_i), .s_valid_i(s_valid_i), .s_last_i(s_last_i), .s_ready_o(s_ready_o),
    .reset_given_i(reset_given), .kept_i(kept), .upd_mode_i(regs.upd_mode), .upd_exp_i(regs.upd_exp),
    .scale_d_exp_i(regs.scale_d_exp), .mtj_rate_i(regs.mtj_rate), .acc_exp_i(regs.acc_exp),
    .acc_rate_i(regs.acc_rate), .cell_mode_i(regs.cell_mode),
    .full_o(full), .start_i(event_now.start), .command_o(shadow), .x_o(shadow_x), .d_o(shadow_d),
    .x_max_o(shadow_x_max), .x_signs_o(shadow_x_signs), .d_max_o(shadow_d_max), .d_signs_o(shadow_d_signs),
    .targets_o(targets)
  );

  xt_seq #(
    .CodeBits(LegalCode), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind), .Tall((LegalN > LegalM) ? 1 : 0),
    .ScaleBits(ColMag), .ProbBits(ProbBits), .Mtj(Mtj), .Acc(Acc), .Rows(LegalN)
  ) u_seq (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .full_i(full), .command_i(shadow), .regs_i(regs),
    .bl_i(bl), .phases_i(phases), .mtj_found_i(mtj_found), .mtj_phases_i(mtj_phases), .enc_i(enc), .due_i(due),
    .ptr_i(ptr), .round_i(another_round), .out_empty_i(out_empty), .set_i(csr_set), .abort_i(csr_abort),
    .command_o(command), .now_o(now), .next_o(next), .event_o(event_now), .line_o(line), .array_o(to_array_ctl_o),
    .running_o(running), .op_busy_o(op_busy_o), .end_o(op_end_o), .reset_given_o(reset_given), .kept_o(kept),
    .lowdisc_o(lowdisc)
  );

  xt_upd_mgr #(
    .M(LegalM), .RowMag(RowMag), .ColMag(ColMag), .ProbBits(ProbBits), .RecipMax(RecipMax)
  ) u_upd_mgr (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .active_i(now.um), .cycle_i(now.um_cycle), .by_i(now.by), .exp_i(command.exp), .regs_i(regs),
    .load_x_i(event_now.load_x), .x_max_i(shadow_x_max), .x_signs_i(shadow_x_signs),
    .load_d_i(event_now.load_d), .d_max_i(ColMag'(shadow_d_max)), .d_signs_i(shadow_d_signs),
    .col_mag_i(col_mag), .col_neg_i(col_neg),
    .bl_o(bl), .clip_o(clip), .phases_o(phases), .enc_o(enc), .row_full_o(row_full),
    .row_gain_o(row_gain), .row_shift_o(row_shift), .col_gain_o(col_gain), .col_shift_o(col_shift),
    .row_folded_o(row_folded), .row_fold_o(row_fold), .col_folded_o(col_folded), .col_fold_o(col_fold)
  );

  // Rows: x, or one line of the array. Columns: d, or what a transfer or program-verify pulses.
  xt_encoder #(
    .Lines(LegalN), .CodeMag(RowMag), .MagBits(RowMag), .ScaleBits(ColMag), .ProbBits(ProbBits), .Stride(RowStride),
    .Column(0)
  ) u_row_enc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .seed_load_i(event_now.reset), .seed_i(regs.seed),
    .gen_line_i(regs.gen_sel[15:0]), .gen_read_i(gen_read), .gen_o(row_gen),
    .gen_set_i(csr_set.gen & ~regs.gen_sel[16]), .gen_i(csr_set.data),
    .code_load_i(event_now.load_x), .code_i(shadow_x), .line_load_i(event_now.load_line), .line_i(line),
    .int_load_i(1'b0), .int_mag_i((RowMag * N)'(1'b0)), .int_neg_i(N'(1'b0)),
    .mag_o(row_mag), .neg_o(row_neg),
    .scale_i(now.scale), .scale_first_i(now.scale_first), .scale_last_i(now.scale_last),
    .scale_full_i(row_full), .gain_i(row_gain), .shift_i(row_shift),
    .train_i(next.train), .enc_i(enc), .advance_i(next.advance),
    .read_i(next.row_read), .read_line_i(next.read_line), .read_serial_i(next.serial),
    .read_bit_i(next.read_bit), .slot_i(next.slot), .lowdisc_i(next.lowdisc), .fire_o(row_fire), .upset_o(row_upset)
  );

  xt_encoder #(
    .Lines(LegalM), .CodeMag(RowMag), .MagBits(ColMag), .ScaleBits(ColMag), .ProbBits(ProbBits), .Stride(ColStride),
    .Column(1)
  ) u_col_enc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .seed_load_i(event_now.reset), .seed_i(regs.seed),
    .gen_line_i(regs.gen_sel[15:0]), .gen_read_i(gen_read), .gen_o(col_gen),
    .gen_set_i(csr_set.gen & regs.gen_sel[16]), .gen_i(csr_set.data),
    .code_load_i(event_now.load_d), .code_i(shadow_d), .line_load_i(1'b0), .line_i(16'd0),
    .int_load_i(event_now.take | now.check), .int_mag_i(xfer_mag | prog_mag), .int_neg_i(xfer_neg | prog_neg),
    .mag_o(col_mag), .neg_o(col_neg),
    .scale_i(now.scale), .scale_first_i(now.scale_first), .scale_last_i(now.scale_last),
    .scale_full_i(1'b0), .gain_i(col_gain), .shift_i(col_shift),
    .train_i(next.train), .enc_i(enc), .advance_i(next.advance),
    .read_i(next.col_read), .read_line_i(1'b0), .read_serial_i(next.serial),
    .read_bit_i(next.read_bit), .slot_i(next.slot), .lowdisc_i(next.lowdisc), .fire_o(col_fire), .upset_o(col_upset)
  );

  generate
    if (Mtj != 0) begin : g_amp
      xt_amp #(.N(LegalN), .M(LegalM), .Mag(RowMag), .Acc(Acc)) u_amp (
        .clk_i(clk_i), .rst_ni(rst_ni),
        .encode_i(now.encode), .cell_mode_i(regs.cell_mode), .shared_i(regs.mtj_shared), .rate_i(command.exp),
        .row_mag_i(row_mag), .row_neg_i(row_neg), .col_mag_i(col_mag[RowMag*M-1:0]), .col_neg_i(col_neg),
        .take_i(now.fetch), .sum_on_i(sum_on), .sum_amp_i(sum_amp),
        .sum_signs_i(sum_signs),
        .col_on_o(col_on), .found_o(mtj_found), .phases_o(mtj_phases),
        .pulse_i(next.pulse && next.mtj), .hold_i(next.hold),
        .row_act_i(to_array_row_act_o), .col_act_i(to_array_col_act_o),
        .row_amp_o(to_array_row_amp_o), .col_amp_o(to_array_col_amp_o)
      );
    end else begin : g_no_amp
      assign col_on = {M{1'b0}};
      assign mtj_found = 4'd0;
      assign mtj_phases = 4'd0;
      assign to_array_row_amp_o = (32'(xt_pkg::AMP_BITS) * N)'(1'b0);
      assign to_array_col_amp_o = (32'(xt_pkg::AMP_BITS) * M)'(1'b0);
    end
    if (Acc != 0) begin : g_acc
      xt_acc #(.N(LegalN), .M(LegalM), .Mag(RowMag), .Bits(AccBits), .Gang(AccGang)) u_acc (
        .clk_i(clk_i), .rst_ni(rst_ni),
        .start_i(event_now.start), .factor_i(now.factor), .sum_i(now.sum), .fetch_i(now.fetch), .encode_i(now.encode),
        .flush_i(now.flush), .ahead_i(now.ahead), .row_i(now.row), .exp_i(command.exp), .decay_i(regs.acc_decay),
        .clear_i(command.sel[0]), .phases_i(mtj_found),
        .row_mag_i(row_mag), .row_neg_i(row_neg), .col_mag_i(col_mag[RowMag*M-1:0]), .col_neg_i(col_neg),
        .col_on_o(sum_on), .col_amp_o(sum_amp), .col_neg_o(sum_neg), .signs_o(sum_signs), .count_o(acc_count),
        .busy_i(op_busy_o), .read_i(csr_valid_i && !csr_write_i && csr_addr_i == xt_pkg::CSR_ACC),
        .sel_i(regs.acc_sel), .set_i(csr_set.acc), .data_i(csr_set.data), .value_o(acc_value)
      );
    end else begin : g_no_acc
      assign sum_on = {M{1'b0}};
      assign sum_amp = (32'(xt_pkg::AMP_BITS) * M)'(1'b0);
      assign sum_neg = {M{1'b0}};
      assign sum_signs = 2'd0;
      assign acc_count = 16'd0;
      assign acc_value = 32'd0;
    end
  endgenerate
  assign col_sign = (Acc != 0 && now.flush) ? sum_neg : col_neg;

  xt_coinc #(.N(LegalN), .M(LegalM), .Mtj(Mtj)) u_coinc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .read_i(next.read), .dir_i(next.dir), .pulse_i(next.pulse), .hold_i(next.hold),
    .all_i(next.alternate), .mtj_i(next.mtj), .shared_i(regs.mtj_shared), .phase_i(next.phase),
    .cell_mode_i(regs.cell_mode), .add_i(next.add), .act_i(now.act),
    .row_fire_i(row_fire), .row_neg_i(row_neg), .col_fire_i(col_fire), .col_neg_i(col_sign), .col_on_i(col_on),
    .row_act_o(to_array_row_act_o), .row_pol_o(to_array_row_pol_o),
    .col_act_o(to_array_col_act_o), .col_pol_o(to_array_col_pol_o),
    .hits_valid_o(hits_valid), .hits_o(hits)
  );

  xt_adc #(
    .N(LegalN), .M(LegalM), .Lines(L), .Units(P), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind)
  ) u_adc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .sar_i(now.sar), .slot_i(now.slot[11:0]), .latch_i(now.latch), .share_i(now.phase), .dir_i(to_array_ctl_o.dir),
    .cut_i(event_now.cut), .calibrate_i(event_now.calibrate), .next_sar_i(next.sar), .next_slot_i(next.slot[11:0]),
    .offset_i(regs.adc_offset[AdcBits-1:0]), .cal_unit_i(regs.cal_sel), .cal_read_i(cal_read),
    .cal_o(cal), .cal_set_i(csr_set.cal), .cal_i(csr_set.data[AdcBits-1:0]),
    .cmp_i(from_array_cmp_i), .over_i(from_array_over_i),
    .trial_o(to_array_sar_code_o), .codes_o(codes),
    .rails_valid_o(rails_valid), .rails_o(rails), .overs_o(overs)
  );

  xt_xfer #(.N(LegalN), .M(LegalM), .AdcBits(AdcBits), .ColMag(ColMag)) u_xfer (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .reset_i(event_now.reset), .updated_i(event_now.updated), .every_i(regs.xfer_every), .due_o(due), .count_o(count),
    .set_i(csr_set), .ptr_o(ptr), .take_i(event_now.take), .codes_i(codes[M*AdcBits-1:0]),
    .mag_o(xfer_mag), .neg_o(xfer_neg),
    .transferred_i(event_now.transferred), .bl_i(bl), .rails_i(read_rails),
    .last_line_o(last_line), .last_bl_o(last_bl), .last_rails_o(last_rails)
  );

  xt_prog #(.M(LegalM), .AdcBits(AdcBits), .ColMag(ColMag)) u_prog (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .start_i(event_now.start), .tol_i(regs.prog_tol), .iters_i(regs.prog_iters),
    .check_i(now.check), .codes_i(codes[M*AdcBits-1:0]), .targets_i(targets),
    .mag_o(prog_mag), .neg_o(prog_neg), .round_o(another_round), .rounds_o(rounds)
  );

  xt_result #(.N(LegalN), .M(LegalM), .AdcBits(AdcBits), .Words(Words), .Acc(Acc)) u_result (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .op_i(command.op), .status_i(command.status), .start_i(event_now.start),
    .clear_i(now.clear), .rails_valid_i(rails_valid), .rails_i(rails), .train_i(event_now.train), .bl_i(bl),
    .rounds_i(rounds), .phases_i(mtj_phases), .count_i(acc_count),
    .upd_answer_i(regs.upd_answer), .take_i(event_now.take),
    .rails_o(read_rails), .info_o(info), .lines_o(lines), .codes_i(codes), .put_i(event_now.answer),
    .empty_o(out_empty), .m_data_o(m_data_o), .m_valid_o(m_valid_o), .m_last_o(m_last_o), .m_ready_i(m_ready_i)
  );

  xt_count #(.N(LegalN), .M(LegalM)) u_count (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .running_i(running), .command_i(command), .now_i(now), .event_i(event_now), .set_i(csr_set),
    .dir_i(to_array_ctl_o.dir), .clip_i(clip), .hits_valid_i(hits_valid), .hits_i(hits),
    .upset_i(row_upset | col_upset), .rails_i(read_rails), .overs_i(overs),
    .counters_o(counters), .counters_d_o(counters_d)
  );

  xt_trace #(.Lines(L), .AdcBits(AdcBits), .Trace(Trace)) u_trace (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .command_i(command), .now_i(now), .sel_i(to_array_ctl_o.sel),
    .row_gain_i(row_folded), .row_shift_i(row_fold), .col_gain_i(col_folded), .col_shift_i(col_fold),
    .info_i(info), .lines_i(lines), .codes_i(codes), .counters_d_i(counters_d),
    .trace_valid_o(trace_valid_o), .trace_o(trace_o), .trace_codes_o(trace_codes_o),
    .trace_counters_o(trace_counters_o)
  );

endmodule
`default_nettype wire
