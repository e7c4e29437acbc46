// SPDX-License-Identifier: Apache-2.0
// xt_cmd: command loader: shadow buffer, working buffer of targets, error checks.
//
// Operation. Takes one packet into the shadow buffer: a beat with the header, then beats of signed bytes (x, d)
//   or signed halves (targets), Words words each. full_o: the packet is complete; start_i takes it and frees
//   the shadow. Codes are kept as sign and magnitude, bit-sliced (bit b of line l at b*Stride + l), so that they
//   move to the encoders in one cycle; targets as AdcBits-bit lanes.
//   The largest |x| and |d| and their signs are found as the beats come: of a beat, then, a cycle later, of the packet.
//   An operation that is not built in (Mtj = 0, AccBits = 0) is none.
//   command_o.status (valid from the second cycle of full_o on): the first error of SPEC section 2 that applies, or OK.
// Parameters. N, M 1..32768; CodeBits 2..8; AdcBits 4..12; Words a power of two to 32; with W = 4 Words
//   RowStride = W ceil(N / W), ColStride = W ceil(M / W); Mtj 0, 1; AccBits 0, or 12..32 with Mtj 1.
// Timing. One beat per cycle while the shadow is free; ready does not depend on valid. The maxima are right from the
//   cycle after the first with full_o on.
// Trace record. op, status.
// Golden counterpart. refc/xt_cmd.c
// Invariants.
//   R1 ready is low while a complete packet waits. R2 a packet ends exactly at its last.
//   R3 the shadow does not change between full_o and start_i. R4 targets_o changes only at start_i.
//   R5 the maxima are those of the codes in the shadow.
`default_nettype none
`include "xt_types.svh"
module xt_cmd #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int Words = 1,
  parameter int RowStride = 784,
  parameter int ColStride = 128,
  parameter int Mtj = 0,
  parameter int AccBits = 0
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // command stream
  input  wire logic [32*Words-1:0] s_data_i,
  input  wire logic s_valid_i,
  input  wire logic s_last_i,
  output logic s_ready_o,
  // registers and state that the checks need
  input  wire logic reset_given_i,
  input  wire logic kept_i,  // x is kept in the row encoders
  input  wire logic [1:0] upd_mode_i,
  input  wire logic [5:0] upd_exp_i,
  input  wire logic [5:0] scale_d_exp_i,
  /* verilator lint_off UNUSEDSIGNAL */  // without MTJ pulses
  input  wire logic [5:0] mtj_rate_i,
  input  wire logic [5:0] acc_exp_i,
  input  wire logic [5:0] acc_rate_i,
  input  wire logic [1:0] cell_mode_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // the complete packet, until start_i: its command, codes
  output logic full_o,
  input  wire logic start_i,
  output xt_command_t command_o,
  output logic [CodeBits*RowStride-1:0] x_o,
  output logic [CodeBits*ColStride-1:0] d_o,
  output logic [CodeBits-2:0] x_max_o,
  output logic [1:0] x_signs_o,  // some x > 0, some x < 0
  output logic [CodeBits-2:0] d_max_o,
  output logic [1:0] d_signs_o,
  // targets of the command that runs
  output logic [M*AdcBits-1:0] targets_o
);

  localparam int Mag = CodeBits - 1;
  localparam int Codes = 4 * Words;    // of a beat
  localparam int Targets = 2 * Words;
  localparam int RowBeats = RowStride / Codes;
  localparam int ColBeats = ColStride / Codes;
  localparam int TargetBeats = (M + Targets - 1) / Targets;
  localparam int RowW = CodeBits * RowStride;
  localparam int CodeW = CodeBits * ColStride;
  localparam int TargetW = TargetBeats * Targets * AdcBits;
  localparam int ColW = (CodeW > TargetW) ? CodeW : TargetW;
  localparam int LaneW = M * AdcBits;
  localparam int UsedW = (CodeW > LaneW) ? CodeW : LaneW;
  // beat counters no wider than needed: the decoders are
  localparam int RowIdx = (RowBeats > 1) ? $clog2(RowBeats) : 1;
  localparam int ColIdx = (ColBeats > 1) ? $clog2(ColBeats) : 1;
  localparam int TargetIdx = (TargetBeats > 1) ? $clog2(TargetBeats) : 1;
  localparam [Codes-1:0] ROW_LAST = {Codes{1'b1}} >> (RowStride - N);  // lines of the last beat
  localparam [Codes-1:0] COL_LAST = {Codes{1'b1}} >> (ColStride - M);
  localparam logic [15:0] ADCMAX = 16'((1 << (AdcBits - 1)) - 1);

  typedef enum logic [1:0] {S_HEAD, S_PAYLOAD, S_SWALLOW} state_t;

  logic live_q;
  logic full_q;
  state_t state_q;
  logic [31:0] head_q;
  logic in_x_q;
  logic [13:0] beat_q;     // of the part of the payload
  logic short_q;
  logic long_q;
  logic code_q;
  logic [RowW-1:0] row_q;     // plane CodeBits-1: sign
  logic [ColW-1:0] col_q;     // d like row_q, or targets
  logic [LaneW-1:0] targets_q;

  logic beat;
  assign s_ready_o = live_q & ~full_q;
  assign beat = s_valid_i & s_ready_o;

  function automatic known(input [7:0] op);
    known = xt_pkg::op_built(op, Mtj, AccBits);
  endfunction

  // What an operation takes: with sel 1 it may be another payload, without the x that is kept.
  function automatic [2:0] payload_of(input [7:0] op, input [3:0] sel);
    if (!known(op)) payload_of = xt_pkg::IN_NONE;
    else payload_of = (sel == 4'd1) ? xt_pkg::op_in_short(op) : xt_pkg::op_in(op);
  endfunction

  // Payload of the header on the bus.
  logic new_known;
  logic [2:0] new_in;
  logic new_payload;
  assign new_known = known(s_data_i[7:0]);
  assign new_in = payload_of(s_data_i[7:0], s_data_i[11:8]);
  assign new_payload = (new_in != xt_pkg::IN_NONE);

  logic [7:0] head_op;
  assign head_op = head_q[7:0];
  logic [2:0] head_in;
  logic wide;
  assign head_in = payload_of(head_op, head_q[11:8]);
  assign wide = (head_in == xt_pkg::IN_TARGETS);
  logic payload_beat;
  logic code_beat;
  assign payload_beat = beat && state_q == S_PAYLOAD;
  assign code_beat = payload_beat && !wide;

  // Bit p of byte c to p*Pitch + c: 8 x 8 bits are transposed, then their bytes gathered. It is wires; bit by bit a
  // simulator pays for each.
  localparam int Blocks = (Codes + 7) / 8;
  localparam int Pitch = 8 * Blocks;
  localparam int BytesW = 64 * Blocks;
  function automatic [BytesW-1:0] swapped(input [BytesW-1:0] v, input [63:0] up, input integer by);
    swapped = (v & {Blocks{~(up | (up << by))}}) | ((v & {Blocks{up}}) << by) | ((v >> by) & {Blocks{up}});
  endfunction
  function automatic [BytesW-1:0] by_planes(input [BytesW-1:0] bytes);
    integer b;
    integer i;
    reg [BytesW-1:0] v;
    begin
      v = swapped(bytes, 64'h00aa00aa00aa00aa, 7);
      v = swapped(v, 64'h0000cccc0000cccc, 14);
      v = swapped(v, 64'h00000000f0f0f0f0, 28);
      for (b = 0; b < Blocks; b = b + 1) begin
        for (i = 0; i < 8; i = i + 1) by_planes[i * Pitch + 8 * b +: 8] = v[64 * b + 8 * i +: 8];
      end
    end
  endfunction

  // The codes of a beat of the payload: signs; bit p of magnitude c at p*Codes + c; those that CodeBits does not allow.
  logic [Codes-1:0] negs;
  logic [Codes*Mag-1:0] mags;
  logic [Codes-1:0] nonzero;
  logic [Codes-1:0] past_max;
  logic [BytesW-1:0] raw;
  logic [Codes-1:0] bits;
  integer plane;
  always @* begin
    negs = Codes'(1'b0);
    mags = (Codes * Mag)'(1'b0);
    nonzero = Codes'(1'b0);
    past_max = Codes'(1'b0);
    raw = BytesW'(1'b0);
    bits = Codes'(1'b0);
    if (code_beat) begin  // what goes by on a bus moves nothing here
      raw = by_planes(BytesW'(s_data_i));
      negs = raw[7 * Pitch +: Codes];
      for (plane = 0; plane < 8; plane = plane + 1) begin  // -v inverts what stands above its lowest 1
        bits = raw[plane * Pitch +: Codes] ^ (negs & nonzero);
        nonzero = nonzero | raw[plane * Pitch +: Codes];
        if (plane < Mag) mags[((plane < Mag) ? plane : 0) * Codes +: Codes] = bits;
        else past_max = past_max | bits;
      end
    end
  end

  logic [13:0] last_beat;
  assign last_beat = in_x_q ? 14'(RowBeats - 1) : wide ? 14'(TargetBeats - 1) : 14'(ColBeats - 1);
  logic segment_end;
  logic payload_end;
  assign segment_end = (beat_q == last_beat);
  assign payload_end = segment_end && !(in_x_q && head_in == xt_pkg::IN_XD);
  logic [Codes-1:0] exist;  // codes of the beat that are lines
  assign exist = !segment_end ? {Codes{1'b1}} : in_x_q ? ROW_LAST : COL_LAST;

  function automatic half_bad(input [15:0] v);
    half_bad = v[15] ? (16'd0 - v > ADCMAX) : (v > ADCMAX);
  endfunction
  integer k;
  logic bad;
  always @* begin
    bad = 1'b0;
    if (payload_beat) begin
      if (wide) begin
        for (k = 0; k < Targets; k = k + 1) begin
          if (half_bad(s_data_i[16 * k +: 16]) && 17'(beat_q) * 17'(Targets) + 17'(k) < 17'(M)) bad = 1'b1;
        end
      end else begin
        bad = ((past_max & exist) != Codes'(1'b0));
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      live_q <= 1'b0;
      full_q <= 1'b0;
      state_q <= S_HEAD;
      head_q <= 32'd0;
      in_x_q <= 1'b0;
      beat_q <= 14'd0;
      short_q <= 1'b0;
      long_q <= 1'b0;
      code_q <= 1'b0;
    end else begin
      live_q <= 1'b1;
      if (start_i) full_q <= 1'b0;
      if (beat) begin
        if (s_last_i) begin
          full_q <= 1'b1;
          state_q <= S_HEAD;
        end
        case (state_q)
          S_HEAD: begin
            head_q <= s_data_i[31:0];
            in_x_q <= (new_in == xt_pkg::IN_X) || (new_in == xt_pkg::IN_XD);
            beat_q <= 14'd0;
            short_q <= new_known && new_payload && s_last_i;
            long_q <= new_known && !new_payload && !s_last_i;
            code_q <= 1'b0;
            if (!s_last_i && new_payload) state_q <= S_PAYLOAD;
            if (!s_last_i && !new_payload) state_q <= S_SWALLOW;
          end
          S_PAYLOAD: begin
            code_q <= code_q | bad;
            beat_q <= segment_end ? 14'd0 : beat_q + 14'd1;
            if (segment_end) in_x_q <= 1'b0;
            if (payload_end && !s_last_i) begin
              long_q <= 1'b1;
              state_q <= S_SWALLOW;
            end
            if (!payload_end && s_last_i) short_q <= 1'b1;
          end
          default: begin
          end
        endcase
      end
    end
  end

  // The largest code of a beat, bit by bit from the highest: codes without a bit that another has are out. Then that of
  // the packet. Of an illegal code nobody asks.
  logic [Mag-1:0] beat_max;
  logic [Codes-1:0] in;
  logic [Codes-1:0] with_bit;
  integer e;
  always @* begin
    beat_max = Mag'(1'b0);
    in = exist;
    with_bit = Codes'(1'b0);
    if (code_beat) begin
      for (e = Mag - 1; e >= 0; e = e - 1) begin
        with_bit = in & mags[e * Codes +: Codes];
        beat_max[e] = (with_bit != Codes'(1'b0));
        if (beat_max[e]) in = with_bit;
      end
    end
  end
  function automatic [Mag-1:0] larger(input [Mag-1:0] a, input [Mag-1:0] b);
    larger = (a > b) ? a : b;
  endfunction
  logic [Mag-1:0] beat_max_q;
  logic [1:0] beat_signs_q;
  logic beat_x_q;
  logic beat_d_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      beat_max_q <= Mag'(1'b0);
      beat_signs_q <= 2'd0;
      beat_x_q <= 1'b0;
      beat_d_q <= 1'b0;
      x_max_o <= Mag'(1'b0);
      x_signs_o <= 2'd0;
      d_max_o <= Mag'(1'b0);
      d_signs_o <= 2'd0;
    end else begin
      beat_x_q <= code_beat && in_x_q;
      beat_d_q <= code_beat && !in_x_q;
      if (code_beat) begin
        beat_max_q <= beat_max;
        beat_signs_q <= {(negs & exist) != Codes'(1'b0), (~negs & nonzero & exist) != Codes'(1'b0)};
      end
      if (beat && state_q == S_HEAD) begin
        x_max_o <= Mag'(1'b0);
        x_signs_o <= 2'd0;
        d_max_o <= Mag'(1'b0);
        d_signs_o <= 2'd0;
      end else begin
        if (beat_x_q) begin
          x_max_o <= larger(x_max_o, beat_max_q);
          x_signs_o <= x_signs_o | beat_signs_q;
        end
        if (beat_d_q) begin
          d_max_o <= larger(d_max_o, beat_max_q);
          d_signs_o <= d_signs_o | beat_signs_q;
        end
      end
    end
  end

  integer p;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_q <= RowW'(1'b0);
    end else if (payload_beat && in_x_q) begin
      for (p = 0; p < Mag; p = p + 1) begin
        row_q[p * RowStride + 32'(beat_q[RowIdx-1:0]) * Codes +: Codes] <= mags[p * Codes +: Codes];
      end
      row_q[Mag * RowStride + 32'(beat_q[RowIdx-1:0]) * Codes +: Codes] <= negs;
    end
  end

  logic [Targets*AdcBits-1:0] new_targets;
  integer h;
  always @* begin
    for (h = 0; h < Targets; h = h + 1) new_targets[h * AdcBits +: AdcBits] = s_data_i[16 * h +: AdcBits];
  end

  integer q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      col_q <= ColW'(1'b0);
    end else if (payload_beat && !in_x_q) begin
      if (wide) begin
        col_q[32'(beat_q[TargetIdx-1:0]) * (Targets * AdcBits) +: Targets * AdcBits] <= new_targets;
      end else begin
        for (q = 0; q < Mag; q = q + 1) begin
          col_q[q * ColStride + 32'(beat_q[ColIdx-1:0]) * Codes +: Codes] <= mags[q * Codes +: Codes];
        end
        col_q[Mag * ColStride + 32'(beat_q[ColIdx-1:0]) * Codes +: Codes] <= negs;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) targets_q <= LaneW'(1'b0);
    else if (start_i && wide) targets_q <= col_q[LaneW-1:0];
  end

  // Error checks, in order.
  logic signed [16:0] exp_sum;
  logic [5:0] exp_base;
  always @* begin
    exp_base = (upd_mode_i == xt_pkg::UPD_MANUAL) ? scale_d_exp_i : upd_exp_i;
    if (Mtj != 0 && xt_pkg::op_arg(head_op) == xt_pkg::ARG_RATE) exp_base = mtj_rate_i;
    if (AccBits != 0 && xt_pkg::op_arg(head_op) == xt_pkg::ARG_SUM) exp_base = acc_exp_i;
    if (AccBits != 0 && xt_pkg::op_arg(head_op) == xt_pkg::ARG_SUM_RATE) exp_base = acc_rate_i;
  end
  assign exp_sum = $signed({head_q[31], head_q[31:16]}) + $signed({11'd0, exp_base});
  logic exp_bad;
  logic arg_bad;
  assign exp_bad = (exp_sum < 17'sd0) || (exp_sum > 17'sd63);
  always @* begin
    case (xt_pkg::op_arg(head_op))
      xt_pkg::ARG_DEXP: arg_bad = exp_bad;
      xt_pkg::ARG_RATE: arg_bad = (Mtj != 0) && (exp_bad || cell_mode_i == xt_pkg::CELL_HALF);
      xt_pkg::ARG_SUM: arg_bad = (AccBits != 0) && exp_bad;
      xt_pkg::ARG_SUM_RATE: arg_bad = (AccBits != 0) && (exp_bad || cell_mode_i == xt_pkg::CELL_HALF);
      xt_pkg::ARG_LINE: arg_bad = ({1'b0, head_q[31:16]} >= 17'(N));
      xt_pkg::ARG_PAIRS: arg_bad = (head_q[31:16] == 16'd0);
      default: arg_bad = (head_q[31:16] != 16'd0);
    endcase
  end

  logic [7:0] status;
  always @* begin
    if (!known(head_op)) status = xt_pkg::ST_ERR_OPCODE;
    else if (short_q) status = xt_pkg::ST_ERR_SHORT;
    else if (long_q) status = xt_pkg::ST_ERR_LONG;
    else if (!reset_given_i && head_op != xt_pkg::OP_RESET) status = xt_pkg::ST_ERR_ORDER;
    else if (head_q[15:12] != 4'd0 || head_q[11:8] > xt_pkg::op_sel_most(head_op)) status = xt_pkg::ST_ERR_FLAGS;
    else if (arg_bad) status = xt_pkg::ST_ERR_ARG;
    else if (code_q) status = xt_pkg::ST_ERR_CODE;
    else if (head_in != xt_pkg::op_in(head_op) && !kept_i) status = xt_pkg::ST_ERR_KEPT;
    else status = xt_pkg::ST_OK;
  end

  // Registers: START is not before the second cycle of a complete packet.
  logic [7:0] status_q;
  logic [5:0] exp_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      status_q <= xt_pkg::ST_OK;
      exp_q <= 6'd0;
    end else begin
      status_q <= status;
      exp_q <= exp_sum[5:0];
    end
  end

  assign full_o = full_q;
  assign command_o.op = head_op;
  assign command_o.sel = xt_pkg::SEL_BITS'(head_q[11:8]);
  assign command_o.arg = head_q[31:16];
  assign command_o.status = status_q;
  assign command_o.exp = exp_q;
  assign x_o = row_q;
  assign d_o = col_q[CodeW-1:0];
  logic unused_top;  // the half past an odd last line
  assign unused_top = &{1'b0, col_q[ColW-1:UsedW-1]};
  assign targets_o = targets_q;

endmodule
`default_nettype wire
