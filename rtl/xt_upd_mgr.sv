// SPDX-License-Identifier: Apache-2.0
// xt_upd_mgr: update manager: pulse train length and the two threshold factors (UM, UM_CYCLES cycles).
//
// Operation. SPEC section 5. Who asks (by_i: an UPDATE, a transfer, program-verify) chooses mode, mantissa man,
//   exponent e, cap and encoder mode from the registers; with Q = man max|x| max|d|,
//   UBLM: BL = min(ceil(Q / 2^e), cap); UM and MANUAL: BL = cap; COUNT: BL = min(shr_round(max|d| man, e), cap);
//   clip = (what BL should have been > cap); BL = 0 where the product is 0.
//   Rows then use T = |x| gain 2^-shift, columns T = |d| gain 2^-shift, the product of the two being man 2^-e / BL.
//   shift < 0 is folded into the gain: gain = min(2^ProbBits, gain << -shift), shift = 0 (|c| >= 1: saturates alike).
//   Phase p of half-select has rows of sign p[1], columns of sign p[0] (1: negative): phases_o[p], if there are both.
//   The maxima of a packet come with its codes (load_x_i, load_d_i); a transfer and program-verify drive one line with
//   code 1, and the largest of their column codes is found here, four bits at a time. Pipeline, one multiplication in
//   a stage:
//     cycle 1 the maxima, man xm, recip(xm); 2 Q; 3 BL, recip(BL); 4 man xm recip(BL), Q recip(BL);
//     cycle after 4 both factors, as the encoders take them (a shift may be negative); after it, folded for the trace.
// Parameters. M 1..32768; RowMag 1..7, ColMag 1..11: magnitude bits of the codes; ProbBits 8..16;
//   RecipMax = max(BlMax, 2^RowMag - 1), 1..255.
// Timing. What is asked for is taken in cycle 0; the encoders' codes must be right from cycle 1 on.
//   bl_o, clip_o, phases_o hold from the end of cycle 3 to the next cycle 1, the factors from two cycles after cycle 4
//   (the folded ones from three) to the next cycle 4; enc_o and row_full_o from the end of cycle 0 on.
// Trace record. info (BL) of END; gains and shifts in PULSE, and the number of such records.
// Golden counterpart. refc/xt_upd_mgr.c
// Invariants.
//   R1 BL <= cap. R2 BL = 0 if no x or no d. R3 0 <= folded shift <= 40. R4 gain <= 2^GAIN_BITS.
//   R5 a train has a phase.
`default_nettype none
`include "xt_types.svh"
module xt_upd_mgr #(
  parameter int M = 128,
  parameter int RowMag = 6,
  parameter int ColMag = 8,
  parameter int ProbBits = 16,
  parameter int RecipMax = 63
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // a UM cycle, which; who asks; exponent of an UPDATE
  input  wire logic active_i,
  input  wire logic [2:0] cycle_i,
  input  wire logic [1:0] by_i,
  input  wire logic [5:0] exp_i,
  /* verilator lint_off UNUSEDSIGNAL */  // of the registers its own
  input  wire xt_regs_t regs_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // the largest codes of a packet, and whether some are > 0, < 0; with its codes
  input  wire logic load_x_i,
  input  wire logic [RowMag-1:0] x_max_i,
  input  wire logic [1:0] x_signs_i,
  input  wire logic load_d_i,
  input  wire logic [ColMag-1:0] d_max_i,
  input  wire logic [1:0] d_signs_i,
  // codes of the columns: magnitude bit b of line l at b*M + l, signs
  input  wire logic [ColMag*M-1:0] col_mag_i,
  input  wire logic [M-1:0] col_neg_i,
  // the train: its length; the cap clipped its scale; phases (half-select) in which lines of its signs are; encoders
  output logic [7:0] bl_o,
  output logic clip_o,
  output logic [3:0] phases_o,
  output logic [1:0] enc_o,
  // thresholds: factor and right shift (two's complement) of either side; rows: T = 2^ProbBits for every code but 0
  output logic row_full_o,
  output logic [20:0] row_gain_o,
  output logic [6:0] row_shift_o,
  output logic [20:0] col_gain_o,
  output logic [6:0] col_shift_o,
  // the same for the trace: no shift is negative
  output logic [20:0] row_folded_o,
  output logic [5:0] row_fold_o,
  output logic [20:0] col_folded_o,
  output logic [5:0] col_fold_o
);

  localparam int RECIP_BITS = 32'(xt_pkg::RECIP_BITS);
  localparam int GAIN_BITS = 32'(xt_pkg::GAIN_BITS);
  localparam int RW = RECIP_BITS + 1;
  localparam int QW = 16 + RowMag + ColMag;  // man xm dm
  localparam int FW = 16 + RowMag + RW;      // man xm recip(BL)
  localparam int VW = QW + RW;               // Q recip(BL)

  // Table of recip(n): one comparator per entry, the constants fold into the selection.
  function automatic [RW-1:0] recip(input [7:0] n);
    integer k;
    begin
      recip = RW'(1'b0);
      for (k = 1; k <= RecipMax; k = k + 1) begin
        if (n == 8'(k)) recip = recip | RW'(((1 << RECIP_BITS) + k / 2) / k);
      end
    end
  endfunction

  // The largest code of the columns, four bits at a time: which values of them are there, the highest, who has it.
  localparam int Nibbles = (ColMag + 3) / 4;
  function automatic [ColMag-1:0] col_max(input [ColMag*M-1:0] mag);
    integer g;
    integer v;
    integer b;
    reg [M-1:0] cand;
    reg [M-1:0] same;
    reg [15:0] there;
    reg [3:0] top;
    begin
      cand = {M{1'b1}};
      col_max = ColMag'(1'b0);
      for (g = Nibbles - 1; g >= 0; g = g - 1) begin
        there = 16'd0;
        for (v = 1; v < 16; v = v + 1) begin
          same = cand;
          for (b = 0; b < 4; b = b + 1) begin
            if (4 * g + b < ColMag) same = same & (mag[(4 * g + b) * M +: M] ^ {M{((v >> b) & 1) == 0}});
            else if (((v >> b) & 1) != 0) same = {M{1'b0}};
          end
          there[v] = |same;
        end
        top = 4'd0;
        for (v = 1; v < 16; v = v + 1) if (there[v]) top = 4'(v);
        for (b = 0; b < 4; b = b + 1) begin
          if (4 * g + b < ColMag) begin
            cand = cand & ~(mag[(4 * g + b) * M +: M] ^ {M{top[b]}});
            col_max[4 * g + b] = top[b];
          end
        end
      end
    end
  endfunction

  function automatic [M-1:0] col_any(input [ColMag*M-1:0] mag);
    integer b;
    begin
      col_any = {M{1'b0}};
      for (b = 0; b < ColMag; b = b + 1) col_any = col_any | mag[b * M +: M];
    end
  endfunction

  function automatic [6:0] bitlen(input [VW-1:0] v);
    integer b;
    begin
      bitlen = 7'd0;
      for (b = 0; b < VW; b = b + 1) if (v[b]) bitlen = 7'(b + 1);
    end
  endfunction

  // norm(F) of section 5: {s, g}.
  function automatic [26:0] norm(input [FW-1:0] f);
    reg [6:0] len;
    reg [5:0] s;
    reg [FW:0] twice;  // one bit below the point
    reg [20:0] g;
    begin
      len = bitlen(VW'(f));
      s = (len > 7'(GAIN_BITS)) ? 6'(len - 7'(GAIN_BITS)) : 6'd0;
      twice = {f, 1'b0} >> s;
      g = 21'(twice >> 1) + 21'(twice[0]);  // on its own: Yosys 0.23 widens a sum of casts inside a concatenation
      norm = {s, g};
    end
  endfunction

  function automatic [6:0] clamped(input signed [8:0] r);
    clamped = (r > 9'sd40) ? 7'd40 : (r < -9'sd24) ? 7'd0 - 7'd24 : r[6:0];
  endfunction

  // Fold a negative shift into the factor: {shift, factor}.
  function automatic [26:0] folded(input [20:0] g, input [6:0] r);
    reg [44:0] big;
    reg [4:0] left;
    begin
      left = 5'd0 - r[4:0];
      big = 45'(g) << left;
      if (!r[6]) folded = {r[5:0], g};
      else folded = {6'd0, (big >= (45'd1 << ProbBits)) ? (21'd1 << ProbBits) : big[20:0]};
    end
  endfunction

  // Who asks, in cycle 0.
  logic [1:0] mode_d;
  logic [15:0] man_d;
  logic [5:0] exponent_d;
  logic [7:0] cap_d;
  logic [1:0] enc_d;
  always @* begin
    case (by_i)
      xt_pkg::BY_UPDATE: begin
        mode_d = regs_i.upd_mode;
        man_d = (regs_i.upd_mode == xt_pkg::UPD_MANUAL) ? regs_i.scale_d : regs_i.upd_rate;
        exponent_d = exp_i;
        cap_d = regs_i.upd_bl;
        enc_d = {1'b0, regs_i.upd_enc};
      end
      xt_pkg::BY_TRANSFER: begin
        mode_d = (regs_i.xfer_enc == xt_pkg::ENC_COUNT) ? xt_pkg::UPD_COUNT : xt_pkg::UPD_UBLM;
        man_d = regs_i.xfer_rate;
        exponent_d = regs_i.xfer_exp;
        cap_d = regs_i.xfer_bl;
        enc_d = regs_i.xfer_enc;
      end
      default: begin  // BY_PROGRAM
        mode_d = xt_pkg::UPD_COUNT;
        man_d = regs_i.prog_rate;
        exponent_d = regs_i.prog_exp;
        cap_d = regs_i.prog_bl;
        enc_d = xt_pkg::ENC_COUNT;
      end
    endcase
  end
  logic [1:0] mode_q;
  logic [15:0] man_q;
  logic [5:0] exponent_q;
  logic [7:0] cap_q;
  logic ours_q;  // one row has code 1, the columns' codes are not a packet's
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      mode_q <= 2'd0;
      man_q <= 16'd0;
      exponent_q <= 6'd0;
      cap_q <= 8'd0;
      ours_q <= 1'b0;
      enc_o <= 2'd0;
      row_full_o <= 1'b0;
    end else if (active_i && cycle_i == 3'd0) begin
      mode_q <= mode_d;
      man_q <= man_d;
      exponent_q <= exponent_d;
      cap_q <= cap_d;
      ours_q <= (by_i != xt_pkg::BY_UPDATE);
      enc_o <= enc_d;
      row_full_o <= (mode_d == xt_pkg::UPD_COUNT);
    end
  end

  // Of the packet: kept, for an UPDATE that comes without x.
  logic [RowMag-1:0] x_max_q;
  logic [1:0] x_signs_q;  // some code > 0, some code < 0
  logic [ColMag-1:0] d_max_q;
  logic [1:0] d_signs_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      x_max_q <= RowMag'(1'b0);
      x_signs_q <= 2'd0;
      d_max_q <= ColMag'(1'b0);
      d_signs_q <= 2'd0;
    end else begin
      if (load_x_i) begin
        x_max_q <= x_max_i;
        x_signs_q <= x_signs_i;
      end
      if (load_d_i) begin
        d_max_q <= d_max_i;
        d_signs_q <= d_signs_i;
      end
    end
  end

  logic [RowMag-1:0] xm_q;
  logic [ColMag-1:0] dm_q;
  logic [3:0] phases_q;
  logic [RW-1:0] recip_q;      // recip(xm), then recip(BL)
  logic [FW-RW-1:0] mx_q;      // man xm
  logic [QW-1:0] q_q;          // man xm dm
  logic [7:0] bl_q;
  logic clip_q;
  logic [FW-1:0] f_q;          // man xm recip(BL)
  logic [VW-1:0] v_q;          // Q recip(BL)
  logic [26:0] nx_q;           // norm(recip(xm))
  logic closing_q;             // the cycle after 4
  logic folding_q;             // the one after it

  // cycle 1
  logic [RowMag-1:0] xm;
  logic [1:0] x_signs;
  logic [1:0] d_signs;
  assign xm = ours_q ? RowMag'(1'b1) : x_max_q;
  assign x_signs = ours_q ? 2'b01 : x_signs_q;
  always @* begin
    d_signs = d_signs_q;
    if (active_i && cycle_i == 3'd1 && ours_q) d_signs = {|col_neg_i, |(col_any(col_mag_i) & ~col_neg_i)};
  end

  // cycle 3: Q or man dm, over 2^e
  logic [QW-1:0] shifted;
  logic half;     // the bit below the point
  logic rest;     // some bit below it
  logic [8:0] want;
  logic [7:0] bl_d;
  logic clip_d;
  always @* begin
    shifted = q_q >> exponent_q;
    half = |({q_q, 1'b0} & ((QW + 1)'(1'b1) << exponent_q));
    rest = (q_q & ~({QW{1'b1}} << exponent_q)) != QW'(1'b0);
    want = {1'b0, shifted[7:0]} + ((mode_q == xt_pkg::UPD_COUNT) ? 9'(half) : 9'(rest));
    clip_d = 1'b0;
    bl_d = 8'd0;
    if (mode_q == xt_pkg::UPD_MANUAL) begin
      if (xm_q != RowMag'(1'b0) && dm_q != ColMag'(1'b0)) bl_d = cap_q;
    end else if (q_q != QW'(1'b0)) begin
      clip_d = (shifted[QW-1:8] != (QW - 8)'(1'b0)) || (want > {1'b0, cap_q});
      bl_d = (clip_d || mode_q == xt_pkg::UPD_UM) ? cap_q : want[7:0];
    end
  end

  // The table serves xm in cycle 2, BL in cycle 3.
  logic [7:0] of;
  assign of = (cycle_i == 3'd2) ? 8'(xm_q) : bl_d;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      xm_q <= RowMag'(1'b0);
      dm_q <= ColMag'(1'b0);
      phases_q <= 4'd0;
      recip_q <= RW'(1'b0);
      mx_q <= (FW - RW)'(1'b0);
      q_q <= QW'(1'b0);
      bl_q <= 8'd0;
      clip_q <= 1'b0;
      f_q <= FW'(1'b0);
      v_q <= VW'(1'b0);
      nx_q <= 27'd0;
    end else if (active_i) begin
      case (cycle_i)
        3'd1: begin
          xm_q <= xm;
          dm_q <= ours_q ? col_max(col_mag_i) : d_max_q;
          phases_q <= {x_signs[1] ? d_signs : 2'd0, x_signs[0] ? d_signs : 2'd0};
          mx_q <= (FW - RW)'(man_q) * (FW - RW)'(xm);
        end
        3'd2: begin
          q_q <= QW'(mx_q) * QW'(dm_q);
          recip_q <= recip(of);
        end
        3'd3: begin
          bl_q <= bl_d;
          clip_q <= clip_d;
          recip_q <= recip(of);
          nx_q <= norm(FW'(recip_q));
        end
        3'd4: begin
          f_q <= FW'(mx_q) * FW'(recip_q);
          v_q <= VW'(q_q) * VW'(recip_q);
        end
        default: ;
      endcase
    end
  end

  logic [20:0] row_gain_q;
  logic [6:0] row_shift_q;
  logic [20:0] col_gain_q;
  logic [6:0] col_shift_q;
  logic [26:0] row_folded_q;
  logic [26:0] col_folded_q;
  // The cycle after 4: K/BL, and the factors.
  task automatic close;
    reg signed [8:0] room;
    reg [7:0] h;
    reg [26:0] nd;
    reg signed [8:0] row_shift;
    reg signed [8:0] col_shift;
    begin
      row_gain_q <= 21'd0;
      row_shift = 9'sd0;
      col_gain_q <= {5'd0, man_q};
      col_shift = $signed({3'd0, exponent_q});
      if (mode_q == xt_pkg::UPD_MANUAL) begin
        row_gain_q <= {5'd0, regs_i.scale_x};
        row_shift = $signed({3'd0, regs_i.scale_x_exp}) - 9'(ProbBits);
        col_shift = $signed({3'd0, exponent_q}) - 9'(ProbBits);
      end else if (mode_q != xt_pkg::UPD_COUNT) begin
        room = $signed({3'd0, exponent_q}) + 9'(RECIP_BITS) - $signed({2'd0, bitlen(v_q)});
        h = (room < 9'sd0) ? 8'd0 : (room[8:1] > 8'(ProbBits - 6)) ? 8'(ProbBits - 6) : room[8:1];
        nd = norm(f_q);
        row_gain_q <= nx_q[20:0];
        row_shift = 9'(RECIP_BITS - ProbBits) + $signed({1'b0, h}) - $signed({3'd0, nx_q[26:21]});
        col_gain_q <= nd[20:0];
        col_shift = $signed({3'd0, exponent_q}) + 9'(RECIP_BITS - ProbBits) - $signed({1'b0, h})
                  - $signed({3'd0, nd[26:21]});
      end
      row_shift_q <= clamped(row_shift);
      col_shift_q <= clamped(col_shift);
    end
  endtask

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      closing_q <= 1'b0;
      folding_q <= 1'b0;
      row_gain_q <= 21'd0;
      row_shift_q <= 7'd0;
      col_gain_q <= 21'd0;
      col_shift_q <= 7'd0;
      row_folded_q <= 27'd0;
      col_folded_q <= 27'd0;
    end else begin
      closing_q <= active_i && (cycle_i == 3'd4);
      folding_q <= closing_q;
      if (closing_q) close;
      if (folding_q) begin
        row_folded_q <= folded(row_gain_q, row_shift_q);
        col_folded_q <= folded(col_gain_q, col_shift_q);
      end
    end
  end

  assign bl_o = bl_q;
  assign clip_o = clip_q;
  assign phases_o = phases_q;
  assign row_gain_o = row_gain_q;
  assign row_shift_o = row_shift_q;
  assign col_gain_o = col_gain_q;
  assign col_shift_o = col_shift_q;
  assign {row_fold_o, row_folded_o} = row_folded_q;
  assign {col_fold_o, col_folded_o} = col_folded_q;

endmodule
`default_nettype wire
