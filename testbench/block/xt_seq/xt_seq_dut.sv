// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 5;
  // CodeBits, AdcBits, AdcShare, ScaleBits, ProbBits, AdcKind, Tall, Mtj of each size; Rows, if there is an accumulator
  localparam logic [0:SIZES-1][0:7][15:0] SHAPE = {
    16'd7, 16'd9, 16'd1, 16'd8, 16'd16, 16'd0, 16'd1, 16'd1,
    16'd2, 16'd4, 16'd3, 16'd3, 16'd8, 16'd0, 16'd0, 16'd1,
    16'd8, 16'd12, 16'd2, 16'd11, 16'd13, 16'd0, 16'd1, 16'd1,
    16'd2, 16'd4, 16'd3, 16'd3, 16'd8, 16'd1, 16'd1, 16'd0,
    16'd7, 16'd9, 16'd1, 16'd8, 16'd16, 16'd1, 16'd0, 16'd0};
  localparam logic [0:SIZES-1][15:0] ROWS = {16'd1, 16'd0, 16'd3, 16'd0, 16'd0};
  localparam int IN = 256;
  localparam int OUT = 320;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int CodeBits = 32'(room_pkg::SHAPE[Size][0]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][1]);
  localparam int AdcShare = 32'(room_pkg::SHAPE[Size][2]);
  localparam int ScaleBits = 32'(room_pkg::SHAPE[Size][3]);
  localparam int ProbBits = 32'(room_pkg::SHAPE[Size][4]);
  localparam int AdcKind = 32'(room_pkg::SHAPE[Size][5]);
  localparam int Tall = 32'(room_pkg::SHAPE[Size][6]);
  localparam int Mtj = 32'(room_pkg::SHAPE[Size][7]);
  localparam int Rows = 32'(room_pkg::ROWS[Size]);
  localparam int Acc = (Rows > 0) ? 1 : 0;
  assign shape_o = {32'(Rows << 8 | Mtj), 32'(Tall), 32'(AdcKind), 32'(ProbBits), 32'(ScaleBits),
                    32'(AdcShare), 32'(AdcBits),
                    32'(CodeBits)};

  logic full, due, round, out_empty, read_enc, upd_sel, running, op_busy, reset_given, kept;
  logic [3:0] phases, mtj_phases, mtj_found;
  logic [1:0] cell_mode;
  logic [7:0] op, command_status, bl, width, gap, settle;
  logic [1:0] sel, enc;
  logic [15:0] arg, ptr, line;
  logic [8:0] gamma;
  logic [5:0] range_fwd, range_bwd, range_xfer, range_read;
  xt_command_t command, taken;
  xt_regs_t regs;
  xt_now_t now;
  xt_next_t next;
  xt_event_t e;
  xt_array_ctl_t a;
  logic abort, set_lowdisc, ends;
  logic [31:0] set_data, timeout;
  logic [15:0] lowdisc;
  xt_csr_set_t set;
  assign {mtj_phases, mtj_found, settle, gap, width, set_data, set_lowdisc, abort, timeout, gamma, out_empty, round,
          ptr, due, enc, phases, bl, range_read, range_xfer, range_bwd, range_fwd, upd_sel, cell_mode, read_enc,
          command_status, arg, sel, op, full} = pins_i;
  assign pins_o = {
      now.row, now.ahead, now.flush, now.fetch, now.sum, now.factor, next.col_read, next.row_read, next.serial,
      next.mtj, now.encode,
      e.calibrate, next.sar, a.conv, kept, e.cut, lowdisc, ends, taken.status, a.gamma, now.plane, reset_given, op_busy,
      running,
      a.range, a.adc_slot, a.duration, a.act, a.pulse, a.hold, a.halve, a.integ, a.clear, a.dir, a.cell_mode, a.sel,
      line,
      e.answer, e.transferred, e.updated, e.train, e.take, e.read, e.load_line, e.load_d, e.load_x, e.reset, e.start,
      next.lowdisc, next.add, next.phase, next.slot, next.advance, next.train, next.alternate, next.hold, next.pulse,
      next.dir,
      next.read_bit, next.read_line, next.read,
      now.scale_last, now.scale_first, now.scale, now.um_cycle, now.um, now.act, now.train, now.check, now.latch,
      now.sar, now.clear, now.by, now.at, now.slot, now.phase, now.cycle, now.kind};
  always_comb begin
    command = '0;
    command.op = op;
    command.sel = sel;
    command.arg = arg;
    command.status = command_status;
    regs = '0;
    regs.read_enc = read_enc;
    regs.cell_mode = cell_mode;
    regs.upd_sel = upd_sel;
    regs.range_fwd = range_fwd;
    regs.range_bwd = range_bwd;
    regs.range_xfer = range_xfer;
    regs.range_read = range_read;
    regs.gamma = gamma;
    regs.timeout = timeout;
    regs.pulse_width = width;
    regs.pulse_gap = gap;
    regs.pulse_settle = settle;
    set = '0;
    set.lowdisc = set_lowdisc;
    set.data = set_data;
  end

  xt_seq #(
    .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind), .Tall(Tall),
    .ScaleBits(ScaleBits), .ProbBits(ProbBits), .Mtj(Mtj), .Acc(Acc), .Rows(Rows)
  ) u_seq (
    .clk_i(clk_i), .rst_ni(rst_ni), .full_i(full), .command_i(command), .regs_i(regs), .bl_i(bl), .phases_i(phases),
    .mtj_found_i(mtj_found), .mtj_phases_i(mtj_phases),
    .enc_i(enc), .due_i(due), .ptr_i(ptr), .round_i(round), .out_empty_i(out_empty),
    .command_o(taken), .now_o(now), .next_o(next), .event_o(e), .line_o(line), .array_o(a),
    .set_i(set), .abort_i(abort),
    .running_o(running), .op_busy_o(op_busy), .end_o(ends), .reset_given_o(reset_given), .kept_o(kept),
    .lowdisc_o(lowdisc)
  );
endmodule
`default_nettype wire
