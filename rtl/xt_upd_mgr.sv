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
//   cycle 0 maxima, signs; 1 products; 2 BL; 3 bitlen(Q recip(BL)), man xm recip(BL); 4 factors.
// Parameters. N, M 1..32768; RowMag 1..7, ColMag 1..11: magnitude bits of the codes; ProbBits 8..16;
//   RecipMax = max(BlMax, 2^RowMag - 1), 1..255.
// Timing. Outputs hold from the end of cycle 4 to the next cycle 0; bl_o, clip_o are also right in cycle 4, enc_o and
//   row_full_o follow by_i.
// Trace record. info (BL) of END; gains and shifts in PULSE, and the number of such records.
// Golden counterpart. refc/xt_upd_mgr.c
// Invariants.
//   R1 BL <= cap. R2 BL = 0 if no x or no d. R3 0 <= shift <= 40. R4 gain <= 2^GAIN_BITS.
//   R5 a train has a phase.
`default_nettype none
`include "xt_types.svh"
module xt_upd_mgr #(
  parameter int N = 784,
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
  // codes of both sides: magnitude bit b of line l at b*lines + l, signs
  input  wire logic [RowMag*N-1:0] row_mag_i,
  input  wire logic [N-1:0] row_neg_i,
  input  wire logic [ColMag*M-1:0] col_mag_i,
  input  wire logic [M-1:0] col_neg_i,
  // the train: its length; the cap clipped its scale; phases (half-select) in which lines of its signs are; encoders
  output logic [7:0] bl_o,
  output logic clip_o,
  output logic [3:0] phases_o,
  output logic [1:0] enc_o,
  // thresholds: factor and right shift of either side; rows: T = 2^ProbBits for every code but 0
  output logic row_full_o,
  output logic [20:0] row_gain_o,
  output logic [5:0] row_shift_o,
  output logic [20:0] col_gain_o,
  output logic [5:0] col_shift_o
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

  function automatic [RowMag-1:0] row_max(input [RowMag*N-1:0] mag);
    integer b;
    reg [N-1:0] cand;
    begin
      cand = {N{1'b1}};
      for (b = RowMag - 1; b >= 0; b = b - 1) begin
        row_max[b] = |(cand & mag[b * N +: N]);
        if (row_max[b]) cand = cand & mag[b * N +: N];
      end
    end
  endfunction

  function automatic [ColMag-1:0] col_max(input [ColMag*M-1:0] mag);
    integer b;
    reg [M-1:0] cand;
    begin
      cand = {M{1'b1}};
      for (b = ColMag - 1; b >= 0; b = b - 1) begin
        col_max[b] = |(cand & mag[b * M +: M]);
        if (col_max[b]) cand = cand & mag[b * M +: M];
      end
    end
  endfunction

  function automatic [N-1:0] row_any(input [RowMag*N-1:0] mag);
    integer b;
    begin
      row_any = {N{1'b0}};
      for (b = 0; b < RowMag; b = b + 1) row_any = row_any | mag[b * N +: N];
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

  // Clamp r to [-24, 40], fold a negative one into g: {r, g}.
  function automatic [26:0] folded(input [20:0] g, input signed [8:0] r);
    reg [44:0] big;
    reg [5:0] left;
    begin
      if (r >= 0) begin
        folded = {(r > 9'sd40) ? 6'd40 : r[5:0], g};
      end else begin
        left = (r < -9'sd24) ? 6'd24 : 6'(-r);
        big = 45'(g) << left;
        folded = {6'd0, (big >= (45'd1 << ProbBits)) ? (21'd1 << ProbBits) : big[20:0]};
      end
    end
  endfunction

  // Who asks.
  logic [1:0] mode;
  logic [15:0] man;
  logic [5:0] exponent;
  logic [7:0] cap;
  always @* begin
    case (by_i)
      xt_pkg::BY_UPDATE: begin
        mode = regs_i.upd_mode;
        man = (regs_i.upd_mode == xt_pkg::UPD_MANUAL) ? regs_i.scale_d : regs_i.upd_rate;
        exponent = exp_i;
        cap = regs_i.upd_bl;
        enc_o = {1'b0, regs_i.upd_enc};
      end
      xt_pkg::BY_TRANSFER: begin
        mode = (regs_i.xfer_enc == xt_pkg::ENC_COUNT) ? xt_pkg::UPD_COUNT : xt_pkg::UPD_UBLM;
        man = regs_i.xfer_rate;
        exponent = regs_i.xfer_exp;
        cap = regs_i.xfer_bl;
        enc_o = regs_i.xfer_enc;
      end
      default: begin  // BY_PROGRAM
        mode = xt_pkg::UPD_COUNT;
        man = regs_i.prog_rate;
        exponent = regs_i.prog_exp;
        cap = regs_i.prog_bl;
        enc_o = xt_pkg::ENC_COUNT;
      end
    endcase
  end

  logic [RowMag-1:0] xm_q;
  logic [ColMag-1:0] dm_q;
  logic [1:0] x_signs_q;  // some code > 0, some code < 0
  logic [1:0] d_signs_q;
  logic [QW-1:0] q_q;       // man xm dm
  logic [FW-RW-1:0] mx_q;   // man xm
  logic [QW-RowMag-1:0] md_q;  // man dm
  logic [7:0] bl_q;
  logic clip_q;
  logic [7:0] h_q;
  logic [FW-1:0] f_q;       // man xm recip(BL)
  logic [20:0] row_gain_q;
  logic [5:0] row_shift_q;
  logic [20:0] col_gain_q;
  logic [5:0] col_shift_q;

  // cycle 2
  logic [QW:0] want;
  logic [QW:0] twice;  // one bit below the point
  logic [QW-1:0] part;
  logic none;
  logic [7:0] bl_d;
  logic clip_d;
  always @* begin
    want = (QW + 1)'(1'b0);
    twice = (QW + 1)'(1'b0);
    part = QW'(1'b0);
    none = 1'b1;
    bl_d = 8'd0;
    clip_d = 1'b0;
    if (active_i && cycle_i == 3'd2) begin
      none = (xm_q == RowMag'(1'b0)) || (dm_q == ColMag'(1'b0));
      part = (mode == xt_pkg::UPD_COUNT) ? QW'(md_q) : q_q;
      twice = {part, 1'b0} >> exponent;
      want = twice >> 1;
      if (mode == xt_pkg::UPD_COUNT) begin
        want = want + (QW + 1)'(twice[0]);
      end else if ((twice >> 1) << exponent != {1'b0, part}) begin
        want = want + (QW + 1)'(1'b1);
      end
      if (mode == xt_pkg::UPD_MANUAL) begin
        bl_d = none ? 8'd0 : cap;
      end else if (!none && part != QW'(1'b0)) begin
        clip_d = (want > (QW + 1)'(cap));
        bl_d = (clip_d || mode == xt_pkg::UPD_UM) ? cap : want[7:0];
      end
    end
  end

  // cycle 3
  logic [RW-1:0] rbl;
  logic signed [8:0] room;
  always @* begin
    rbl = RW'(1'b0);
    room = 9'sd0;
    if (active_i && cycle_i == 3'd3) begin
      rbl = recip(bl_q);
      room = $signed({3'd0, exponent}) + 9'(RECIP_BITS) - $signed({2'd0, bitlen(VW'(q_q) * VW'(rbl))});
    end
  end

  // cycle 4
  logic [26:0] nx;
  logic [26:0] nd;
  logic signed [8:0] row_shift;
  logic signed [8:0] col_shift;
  always @* begin
    nx = 27'd0;
    nd = 27'd0;
    row_shift = 9'sd0;
    col_shift = 9'sd0;
    if (active_i && cycle_i == 3'd4) begin
      if (mode == xt_pkg::UPD_COUNT) begin
        nd = {6'd0, 5'd0, man};
        col_shift = $signed({3'd0, exponent});
      end else if (mode == xt_pkg::UPD_MANUAL) begin
        nx = {6'd0, 5'd0, regs_i.scale_x};
        row_shift = $signed({3'd0, regs_i.scale_x_exp}) - 9'(ProbBits);
        nd = {6'd0, 5'd0, man};
        col_shift = $signed({3'd0, exponent}) - 9'(ProbBits);
      end else begin
        nx = norm(FW'(recip(8'(xm_q))));
        row_shift = 9'(RECIP_BITS - ProbBits) + $signed({1'b0, h_q}) - $signed({3'd0, nx[26:21]});
        nd = norm(f_q);
        col_shift = $signed({3'd0, exponent}) + 9'(RECIP_BITS - ProbBits) - $signed({1'b0, h_q})
               - $signed({3'd0, nd[26:21]});
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      xm_q <= RowMag'(1'b0);
      dm_q <= ColMag'(1'b0);
      x_signs_q <= 2'd0;
      d_signs_q <= 2'd0;
      q_q <= QW'(1'b0);
      mx_q <= (FW - RW)'(1'b0);
      md_q <= (QW - RowMag)'(1'b0);
      bl_q <= 8'd0;
      clip_q <= 1'b0;
      h_q <= 8'd0;
      f_q <= FW'(1'b0);
      row_gain_q <= 21'd0;
      row_shift_q <= 6'd0;
      col_gain_q <= 21'd0;
      col_shift_q <= 6'd0;
    end else if (active_i) begin
      case (cycle_i)
        3'd0: begin
          xm_q <= row_max(row_mag_i);
          dm_q <= col_max(col_mag_i);
          x_signs_q <= {|row_neg_i, |(row_any(row_mag_i) & ~row_neg_i)};
          d_signs_q <= {|col_neg_i, |(col_any(col_mag_i) & ~col_neg_i)};
        end
        3'd1: begin
          mx_q <= (FW - RW)'(man) * (FW - RW)'(xm_q);
          md_q <= (QW - RowMag)'(man) * (QW - RowMag)'(dm_q);
          q_q <= QW'(man) * QW'(xm_q) * QW'(dm_q);
        end
        3'd2: begin
          bl_q <= bl_d;
          clip_q <= clip_d;
        end
        3'd3: begin
          h_q <= (room < 9'sd0) ? 8'd0 :
                 (room[8:1] > 8'(ProbBits - 6)) ? 8'(ProbBits - 6) : room[8:1];
          f_q <= FW'(mx_q) * FW'(rbl);
        end
        default: begin
          {row_shift_q, row_gain_q} <= folded(nx[20:0], row_shift);
          {col_shift_q, col_gain_q} <= folded(nd[20:0], col_shift);
        end
      endcase
    end
  end

  assign bl_o = bl_q;
  assign clip_o = clip_q;
  assign phases_o = {x_signs_q[1] ? d_signs_q : 2'd0, x_signs_q[0] ? d_signs_q : 2'd0};
  assign row_full_o = (mode == xt_pkg::UPD_COUNT);
  assign row_gain_o = row_gain_q;
  assign row_shift_o = row_shift_q;
  assign col_gain_o = col_gain_q;
  assign col_shift_o = col_shift_q;

endmodule
`default_nettype wire
