// SPDX-License-Identifier: Apache-2.0
// xt_tile: a training tile: everything between the command stream and the array boundary.
//
// Operation. rtl/SPEC.md. xt_cmd loads a packet; xt_ctrl runs it: the encoders and xt_coinc drive the lines,
//   xt_adc reads them, xt_upd_mgr scales pulse trains, xt_xfer schedules the transfers from A to C, xt_result answers.
// Parameters. N, M 1..min(32768, 2^(ProbBits-1)); CodeBits 2..8; AdcBits 4..12; AdcShare 1..64; BlMax 1..255;
//   StateBits 8..24; ProbBits 8..16. Anything else stops elaboration.
// Timing. SPEC section 4; with AdcShare = 1 no operation's length depends on N or M.
// Trace record. SPEC section 11; nothing in the design reads the trace_* outputs.
// Golden counterpart. refc/xt_tile.c
// Invariants.
//   R1 nothing on the result stream without a command. R2 the retired trace does not depend on the streams' timing.
//   R3 outside CLEAR..LATCH and PULSE the array boundary is 0.
`default_nettype none
`include "xt_types.svh"
module xt_tile #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int BlMax = 31,
  parameter int StateBits = 16,
  parameter int ProbBits = 16,
  localparam int L = (N > M) ? N : M,
  localparam int P = (L + AdcShare - 1) / AdcShare
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // commands
  input  wire logic [31:0] s_data_i,
  input  wire logic s_valid_i,
  input  wire logic s_last_i,
  output logic s_ready_o,
  // results
  output logic [31:0] m_data_o,
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
  output logic [P*AdcBits-1:0] to_array_sar_code_o,
  input  wire logic [P-1:0] from_array_cmp_i,
  // trace
  output logic op_busy_o,
  output logic trace_valid_o,
  output xt_trace_t trace_o,
  output logic [L*16-1:0] trace_codes_o,
  output logic [639:0] trace_counters_o
);

  // Illegal parameters: a module of that name does not exist.
  generate
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
    if (BlMax < 1 || BlMax > 255) begin : g_bl_max
      xt_illegal_parameter_BlMax u_illegal ();
    end
    if (StateBits < 8 || StateBits > 24) begin : g_state_bits
      xt_illegal_parameter_StateBits u_illegal ();
    end
  endgenerate

  localparam int RowMag = CodeBits - 1;
  localparam int ColMag = (CodeBits > AdcBits) ? CodeBits - 1 : AdcBits - 1;
  localparam int RowStride = 4 * ((N + 3) / 4);
  localparam int ColStride = 4 * ((M + 3) / 4);
  localparam int Cmax = (1 << RowMag) - 1;
  localparam int RecipMost = (BlMax > Cmax) ? BlMax : Cmax;
  localparam int RecipMax = (RecipMost > 255) ? 255 : RecipMost;

  xt_regs_t regs;
  xt_status_t status;

  // command
  logic full;
  logic start;
  logic [7:0] cmd_op;
  logic [1:0] cmd_sel;
  logic [15:0] cmd_arg;
  logic [7:0] cmd_status;
  logic [5:0] cmd_exp;
  logic [CodeBits*RowStride-1:0] cmd_x;
  logic [CodeBits*ColStride-1:0] cmd_d;
  logic [M*AdcBits-1:0] targets;

  // control
  logic reset_op;
  logic load_x;
  logic load_d;
  logic load_hot;
  logic hot_arg;
  logic take_codes;
  logic check;
  logic update_done;
  logic transfer_done;
  logic um;
  logic [2:0] um_step;
  logic [1:0] caller;
  logic [5:0] upd_exp;
  logic [1:0] enc;
  logic scale;
  logic scale_first;
  logic scale_last;
  logic [3:0] scale_bit;
  logic sar;
  logic [3:0] sar_bit;
  logic latch;
  logic [5:0] share;
  logic read_d;
  logic read_hot_d;
  logic dir_d;
  logic [2:0] read_bit_d;
  logic pulse_d;
  logic zero_shift_d;
  logic [ProbBits-1:0] slot_d;
  logic [1:0] phase_d;
  logic towards_d;
  logic [ProbBits-1:0] lowdisc;
  logic running;
  logic reset_given;
  logic [639:0] counters;
  logic put;
  logic [31:0] header;
  logic [15:0] ncodes;
  logic out_empty;
  logic [1:0] sel;
  logic gated;
  logic dir;
  logic clear;
  logic integ;
  logic dbl;
  logic hold;
  logic pulse;
  logic [5:0] adc_slot;
  logic [5:0] range;
  logic [63:0] trace_order;
  logic [31:0] trace_cycle;
  logic [7:0] trace_op;
  logic [7:0] trace_kind;
  logic [7:0] trace_phase;
  logic [15:0] trace_slot;
  logic [7:0] trace_status;
  logic [15:0] trace_info;
  logic [15:0] trace_ncodes;

  // datapath
  logic [RowMag*N-1:0] row_mag;
  logic [N-1:0] row_neg;
  logic [N-1:0] row_fire;
  logic [ColMag*M-1:0] col_mag;
  logic [M-1:0] col_neg;
  logic [M-1:0] col_fire;
  logic [N-1:0] onehot;
  logic [ColMag*M-1:0] fb_mag;
  logic [M-1:0] fb_neg;
  logic fb_any;
  logic due;
  logic [15:0] ptr;
  logic [15:0] count;
  logic [7:0] bl;
  logic clip;
  logic any_neg;
  logic row_full;
  logic [20:0] gx;
  logic [5:0] rx;
  logic [20:0] gd;
  logic [5:0] rd;
  logic pairs_valid;
  logic [31:0] pairs;
  logic rails_valid;
  logic [15:0] rails;
  logic [L*AdcBits-1:0] codes;
  logic [M*AdcBits-1:0] codes_d;

  xt_csr #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .BlMax(BlMax),
    .StateBits(StateBits), .ProbBits(ProbBits)
  ) u_csr (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .valid_i(csr_valid_i), .write_i(csr_write_i), .addr_i(csr_addr_i), .wdata_i(csr_wdata_i),
    .ack_o(csr_ack_o), .rdata_o(csr_rdata_o), .status_o(csr_status_o),
    .status_i(status), .counters_i(counters), .regs_o(regs)
  );

  assign status.busy = running | full | ~out_empty;
  assign status.reset_given = reset_given;
  assign status.xfer_ptr = ptr;
  assign status.xfer_count = count;

  xt_cmd #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .RowStride(RowStride), .ColStride(ColStride)
  ) u_cmd (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .s_data_i(s_data_i), .s_valid_i(s_valid_i), .s_last_i(s_last_i), .s_ready_o(s_ready_o),
    .reset_given_i(reset_given), .upd_mode_i(regs.upd_mode), .upd_exp_i(regs.upd_exp),
    .scale_d_exp_i(regs.scale_d_exp),
    .full_o(full), .start_i(start), .op_o(cmd_op), .sel_o(cmd_sel), .arg_o(cmd_arg),
    .status_o(cmd_status), .exp_o(cmd_exp), .x_o(cmd_x), .d_o(cmd_d), .targets_o(targets)
  );

  xt_ctrl #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .ScaleBits(ColMag),
    .ProbBits(ProbBits)
  ) u_ctrl (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .full_i(full), .op_i(cmd_op), .sel_i(cmd_sel), .arg_i(cmd_arg), .status_i(cmd_status),
    .exp_i(cmd_exp), .start_o(start),
    .read_serial_i(regs.read_enc), .range_fwd_i(regs.range_fwd), .range_bwd_i(regs.range_bwd),
    .range_xfer_i(regs.range_xfer), .range_read_i(regs.range_read), .cell_gated_i(regs.cell_mode),
    .upd_sel_i(regs.upd_sel), .upd_enc_i(regs.upd_enc), .xfer_enc_i(regs.xfer_enc), .prog_iters_i(regs.prog_iters),
    .bl_i(bl), .clip_i(clip), .any_neg_i(any_neg), .due_i(due), .any_error_i(fb_any),
    .pairs_valid_i(pairs_valid), .pairs_i(pairs), .rails_valid_i(rails_valid), .rails_i(rails),
    .out_empty_i(out_empty), .put_o(put), .header_o(header), .ncodes_o(ncodes),
    .reset_o(reset_op), .load_x_o(load_x), .load_d_o(load_d), .load_hot_o(load_hot),
    .hot_arg_o(hot_arg), .take_codes_o(take_codes), .check_o(check),
    .update_done_o(update_done), .transfer_done_o(transfer_done),
    .um_o(um), .um_step_o(um_step), .caller_o(caller), .upd_exp_o(upd_exp), .enc_o(enc),
    .scale_o(scale), .scale_first_o(scale_first), .scale_last_o(scale_last), .scale_bit_o(scale_bit),
    .sar_o(sar), .sar_bit_o(sar_bit), .latch_o(latch), .share_o(share),
    .read_d_o(read_d), .read_hot_d_o(read_hot_d), .dir_d_o(dir_d), .read_bit_d_o(read_bit_d),
    .pulse_d_o(pulse_d), .zero_shift_d_o(zero_shift_d), .slot_d_o(slot_d), .phase_d_o(phase_d),
    .towards_d_o(towards_d), .lowdisc_o(lowdisc),
    .sel_o(sel), .gated_o(gated), .dir_o(dir), .clear_o(clear), .integ_o(integ), .dbl_o(dbl), .hold_o(hold),
    .pulse_o(pulse), .adc_slot_o(adc_slot), .range_o(range),
    .running_o(running), .op_busy_o(op_busy_o), .reset_given_o(reset_given), .counters_o(counters),
    .trace_valid_o(trace_valid_o), .trace_order_o(trace_order), .trace_cycle_o(trace_cycle),
    .trace_op_o(trace_op), .trace_kind_o(trace_kind), .trace_phase_o(trace_phase), .trace_slot_o(trace_slot),
    .trace_status_o(trace_status), .trace_info_o(trace_info), .trace_ncodes_o(trace_ncodes),
    .trace_counters_o(trace_counters_o)
  );

  // The boundary. A drive of today: the smallest amplitude, for one cycle.
  assign to_array_ctl_o.sel = sel;
  assign to_array_ctl_o.cell_mode = gated;
  assign to_array_ctl_o.dir = dir;
  assign to_array_ctl_o.clear = clear;
  assign to_array_ctl_o.integ = integ;
  assign to_array_ctl_o.dbl = dbl;
  assign to_array_ctl_o.hold = hold;
  assign to_array_ctl_o.pulse = pulse;
  assign to_array_ctl_o.row_amp = 4'd0;
  assign to_array_ctl_o.col_amp = 4'd0;
  assign to_array_ctl_o.duration = {7'd0, pulse};
  assign to_array_ctl_o.adc_slot = adc_slot;
  assign to_array_ctl_o.range = range;

  // The record.
  assign trace_o.order = trace_order;
  assign trace_o.cycle = trace_cycle;
  assign trace_o.op = trace_op;
  assign trace_o.kind = trace_kind;
  assign trace_o.sel = {6'd0, sel};
  assign trace_o.phase = trace_phase;
  assign trace_o.slot = trace_slot;
  assign trace_o.status = trace_status;
  assign trace_o.info = trace_info;
  assign trace_o.cycles = (trace_kind == xt_pkg::KIND_END) ? trace_cycle + 32'd1 : 32'd0;
  assign trace_o.ncodes = trace_ncodes;

  // Update manager: who asks, with which numbers.
  logic [1:0] um_mode;
  logic [15:0] um_man;
  logic [5:0] um_exp;
  logic [7:0] um_cap;
  always @* begin
    case (caller)
      2'd0: begin
        um_mode = regs.upd_mode;
        um_man = (regs.upd_mode == xt_pkg::UPD_MANUAL) ? regs.scale_d : regs.upd_rate;
        um_exp = upd_exp;
        um_cap = regs.upd_bl;
      end
      2'd1: begin
        um_mode = (regs.xfer_enc == xt_pkg::ENC_COUNT) ? xt_pkg::UPD_COUNT : xt_pkg::UPD_UBLM;
        um_man = regs.xfer_rate;
        um_exp = regs.xfer_exp;
        um_cap = regs.xfer_bl;
      end
      default: begin
        um_mode = xt_pkg::UPD_COUNT;
        um_man = regs.prog_rate;
        um_exp = regs.prog_exp;
        um_cap = regs.prog_bl;
      end
    endcase
  end

  xt_upd_mgr #(
    .N(N), .M(M), .RowMag(RowMag), .ColMag(ColMag), .ProbBits(ProbBits), .RecipMax(RecipMax)
  ) u_upd_mgr (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .um_i(um), .step_i(um_step), .mode_i(um_mode), .man_i(um_man), .exp_i(um_exp), .cap_i(um_cap),
    .scale_x_i(regs.scale_x), .scale_x_exp_i(regs.scale_x_exp),
    .row_mag_i(row_mag), .row_neg_i(row_neg), .col_mag_i(col_mag),
    .bl_o(bl), .clip_o(clip), .any_neg_o(any_neg), .row_full_o(row_full),
    .gx_o(gx), .rx_o(rx), .gd_o(gd), .rd_o(rd)
  );

  // Encoders. The level that thresholds and pulse widths are compared with is the same for all lines.
  logic encode_d;
  logic stoch;
  logic advance;
  logic [ProbBits-1:0] row_level;
  logic [ProbBits-1:0] col_level;
  logic [ProbBits-1:0] weyl;
  logic [ProbBits-1:0] reversed;
  assign encode_d = pulse_d & ~zero_shift_d;
  assign stoch = (enc == xt_pkg::ENC_STOCH);
  assign advance = encode_d & stoch;
  assign weyl = ProbBits'(32'(lowdisc) * xt_pkg::WEYL);
  generate
    for (genvar b = 0; b < ProbBits; b = b + 1) begin : g_reverse
      assign reversed[b] = lowdisc[ProbBits-1-b];
    end
  endgenerate
  always @* begin
    row_level = slot_d;
    col_level = slot_d;
    if (encode_d && enc == xt_pkg::ENC_LOWDISC) begin
      row_level = weyl;
      col_level = reversed;
    end else if (encode_d) begin
      row_level = ProbBits'(1'b0);
    end
  end

  logic advance_row;
  logic advance_col;
  assign advance_row = advance;
  assign advance_col = advance;

  xt_encoder #(
    .Lines(N), .CodeMag(RowMag), .MagBits(RowMag), .ScaleBits(ColMag), .ProbBits(ProbBits),
    .GenBits(ProbBits), .Stride(RowStride), .SeedAdd(xt_pkg::SEED_ADD_ROW)
  ) u_row_enc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .seed_load_i(reset_op), .seed_i(regs.seed[ProbBits-2:0]),
    .code_load_i(load_x), .code_i(cmd_x),
    .int_load_i(load_hot), .int_mag_i((RowMag*N)'(onehot)), .int_neg_i({N{1'b0}}),
    .mag_o(row_mag), .neg_o(row_neg),
    .scale_i(scale), .scale_first_i(scale_first), .scale_last_i(scale_last), .scale_bit_i(scale_bit),
    .scale_full_i(row_full), .g_i(gx), .r_i(rx),
    .fetch_i(encode_d), .stoch_i(stoch), .advance_i(advance_row),
    .read_i(read_d & ~dir_d), .read_hot_i(read_hot_d), .read_serial_i(regs.read_enc),
    .read_bit_i(read_bit_d), .level_i(row_level), .fire_o(row_fire)
  );

  xt_encoder #(
    .Lines(M), .CodeMag(RowMag), .MagBits(ColMag), .ScaleBits(ColMag), .ProbBits(ProbBits),
    .GenBits(ProbBits + 1), .Stride(ColStride), .SeedAdd(xt_pkg::SEED_ADD_COL)
  ) u_col_enc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .seed_load_i(reset_op), .seed_i(ProbBits'(regs.seed >> 8)),
    .code_load_i(load_d), .code_i(cmd_d),
    .int_load_i(take_codes | check), .int_mag_i(fb_mag), .int_neg_i(fb_neg),
    .mag_o(col_mag), .neg_o(col_neg),
    .scale_i(scale), .scale_first_i(scale_first), .scale_last_i(scale_last), .scale_bit_i(scale_bit),
    .scale_full_i(1'b0), .g_i(gd), .r_i(rd),
    .fetch_i(encode_d), .stoch_i(stoch), .advance_i(advance_col),
    .read_i(read_d & dir_d), .read_hot_i(1'b0), .read_serial_i(regs.read_enc),
    .read_bit_i(read_bit_d), .level_i(col_level), .fire_o(col_fire)
  );

  xt_coinc #(.N(N), .M(M)) u_coinc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .read_i(read_d), .dir_i(dir_d), .pulse_i(pulse_d), .all_i(zero_shift_d), .phase_i(phase_d),
    .gated_i(regs.cell_mode), .towards_i(towards_d),
    .row_fire_i(row_fire), .row_neg_i(row_neg), .col_fire_i(col_fire), .col_neg_i(col_neg),
    .row_act_o(to_array_row_act_o), .row_pol_o(to_array_row_pol_o),
    .col_act_o(to_array_col_act_o), .col_pol_o(to_array_col_pol_o),
    .pairs_valid_o(pairs_valid), .pairs_o(pairs)
  );

  xt_adc #(
    .N(N), .M(M), .Lines(L), .Units(P), .AdcBits(AdcBits), .AdcShare(AdcShare)
  ) u_adc (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .sar_i(sar), .bit_i(sar_bit), .latch_i(latch), .share_i(share), .dir_i(dir),
    .offset_i(regs.adc_offset[AdcBits-1:0]), .cmp_i(from_array_cmp_i),
    .trial_o(to_array_sar_code_o), .codes_o(codes), .codes_d_o(codes_d),
    .rails_valid_o(rails_valid), .rails_o(rails)
  );

  xt_xfer #(.N(N), .M(M), .AdcBits(AdcBits), .ColMag(ColMag)) u_xfer (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .clear_i(reset_op), .update_done_i(update_done), .transfer_done_i(transfer_done),
    .every_i(regs.xfer_every), .due_o(due), .ptr_o(ptr), .count_o(count),
    .hot_i(load_hot), .line_i(hot_arg ? cmd_arg : ptr), .onehot_o(onehot),
    .take_i(take_codes | check), .check_i(check), .codes_i(codes[M*AdcBits-1:0]),
    .codes_d_i(codes_d),
    .targets_i(targets), .tol_i(regs.prog_tol), .d_mag_o(fb_mag), .d_neg_o(fb_neg), .any_o(fb_any)
  );

  xt_result #(.Lines(L), .AdcBits(AdcBits)) u_result (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .put_i(put), .header_i(header), .lines_i(ncodes), .codes_i(codes), .empty_o(out_empty),
    .m_data_o(m_data_o), .m_valid_o(m_valid_o), .m_last_o(m_last_o), .m_ready_i(m_ready_i)
  );

  // The answer's codes, sign-extended, in END only.
  integer t;
  always @* begin
    trace_codes_o = (L * 16)'(1'b0);
    if (trace_ncodes != 16'd0) begin
      for (t = 0; t < L; t = t + 1) begin
        if (t < 32'(trace_ncodes)) begin
          trace_codes_o[t * 16 +: 16] = 16'($signed(codes[t * AdcBits +: AdcBits]));
        end
      end
    end
  end

endmodule
`default_nettype wire
