// SPDX-License-Identifier: Apache-2.0
// xt_encoder: the pulse and read encoders of one side of the tile (all rows, or all columns).
//
// Operation. Holds the codes of its lines (sign, magnitude), their pulse generators and their
//   thresholds, each bit-sliced: bit b of line l at index b*Lines + l. Every line is served by the
//   same bit position at the same time, so nothing here counts lines.
//   SCALE: T(c) = min(2^ProbBits, shr_round(|c|*g, r)), Horner, one magnitude bit per cycle, most
//   significant first (two in the first cycle, so that the last SCALE cycle is free to encode slot 0):
//   S = 2 S + bit*g. In the cycle scale_last_i: T = (S >> r) + bit r-1 of S, saturated.
//   Pulses: stochastic: fires if state <= T * 2^(GenBits-ProbBits); else if level < T, the same level for all lines:
//   low-discrepancy: n*WEYL (rows), n bit-reversed (columns); counted: 0 (rows), the slot (columns).
//   A generator at 0 is upset: an LFSR would stay there, and 0 <= T. Its line does not fire, and the advance of that
//   slot sets it to the line's constant, its seed for SEED 0; upset_o tells.
//   Reads: pulse width: driven if slot < |c|; bit-serial: driven if bit read_bit_i of |c| is set;
//   read_line_i: driven if |c| is odd (code 1 stands for a drive at full scale).
//   One slot advances the generator by lfsr_steps(GenBits) Fibonacci steps. Generators are read and written one by one
//   through gen_*.
// Parameters. Lines 1..32768; CodeMag 1..7 magnitude bits of a loaded code; MagBits CodeMag..11
//   magnitude bits of an operand; ScaleBits >= MagBits, >= 3: cycles of SCALE; ProbBits 8..16;
//   Stride >= Lines: line stride of code_i; Column 0 rows, 1 columns (generators one bit wider).
// Timing. fire_o belongs to the slot of the *next* cycle (train_i, read_i say so); advance_i at the
//   same edge moves the generators on.
// Trace record. row_act, col_act (through xt_coinc).
// Golden counterpart. refc/xt_encoder.c
// Invariants.
//   R1 no generator is 0 after an advance.
//   R2 T = 0 never fires and T = 2^ProbBits always fires, in both pulse modes (a generator at 0 apart).
//   R3 T <= 2^ProbBits after scale_last_i.
//   R4 fire_o is 0 unless train_i or read_i.
//   R5 after line_load_i line_i has code 1 and every other line 0.
//   R6 no line of a stochastic train fires whose generator is 0.
`default_nettype none
module xt_encoder #(
  parameter int Lines = 784,
  parameter int CodeMag = 6,
  parameter int MagBits = 6,
  parameter int ScaleBits = 8,
  parameter int ProbBits = 16,
  parameter int Stride = 784,
  parameter int Column = 0
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // RESET: the generators from SEED
  input  wire logic seed_load_i,
  input  wire logic [31:0] seed_i,
  // one generator: its line, its state (0: no such line), a write
  input  wire logic [15:0] gen_line_i,
  output logic [ProbBits+Column-1:0] gen_o,
  input  wire logic gen_set_i,
  /* verilator lint_off UNUSEDSIGNAL */  // its upper bits
  input  wire logic [31:0] gen_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // codes: of a packet; code 1 at one line, 0 elsewhere; an operand of the tile
  input  wire logic code_load_i,
  input  wire logic [(CodeMag+1)*Stride-1:0] code_i,  // plane CodeMag: sign
  input  wire logic line_load_i,
  input  wire logic [15:0] line_i,
  input  wire logic int_load_i,
  input  wire logic [MagBits*Lines-1:0] int_mag_i,
  input  wire logic [Lines-1:0] int_neg_i,
  output logic [MagBits*Lines-1:0] mag_o,
  output logic [Lines-1:0] neg_o,
  // thresholds: a SCALE cycle, its code bit, first and last; T = 2^ProbBits for every code but 0; factor, right shift
  input  wire logic scale_i,
  input  wire logic scale_first_i,
  input  wire logic scale_last_i,
  input  wire logic [3:0] scale_bit_i,
  input  wire logic scale_full_i,
  input  wire logic [20:0] gain_i,
  input  wire logic [5:0] shift_i,
  // the next cycle: a slot of a pulse train, encoder mode, the generators move on; INTEG, of one line at +CMAX,
  // bit-serial, its bit; number of the slot; low-discrepancy counter
  input  wire logic train_i,
  input  wire logic [1:0] enc_i,
  input  wire logic advance_i,
  input  wire logic read_i,
  input  wire logic read_line_i,
  input  wire logic read_serial_i,
  input  wire logic [2:0] read_bit_i,
  /* verilator lint_off UNUSEDSIGNAL */  // narrow shapes use fewer bits
  input  wire logic [15:0] slot_i,
  input  wire logic [15:0] lowdisc_i,
  /* verilator lint_on UNUSEDSIGNAL */
  output logic [Lines-1:0] fire_o,
  output logic upset_o  // a generator stood at 0 before the advance that began this cycle
);

  localparam int GenBits = ProbBits + Column;
  localparam int GainBits = 32'(xt_pkg::GAIN_BITS) + 1;
  localparam int AccBits = (MagBits + GainBits > ProbBits + 1) ? MagBits + GainBits : ProbBits + 1;
  localparam int AccW = AccBits * Lines;
  localparam int GenW = GenBits * Lines;
  localparam int Taps = xt_pkg::lfsr_taps(6'(GenBits));
  localparam int Steps = xt_pkg::lfsr_steps(6'(GenBits));
  localparam int Skew = GenBits - ProbBits;
  localparam int IntW = MagBits * Lines;
  localparam int LineIdx = (Lines > 1) ? $clog2(Lines) : 1;

  // Section 6: line constants, with the leading bit of every state.
  function automatic [GenW-1:0] line_constants(input integer add);
    integer hi;
    integer lo;
    integer b;
    reg [31:0] c;
    begin
      line_constants = GenW'(1'b0);
      for (hi = 0; hi < (Lines + 255) / 256; hi = hi + 1) begin
        for (lo = 0; lo < 256; lo = lo + 1) begin
          if (hi * 256 + lo < Lines) begin
            c = (hi * 256 + lo) * 32'(xt_pkg::SEED_MUL) + add;
            for (b = 0; b < GenBits - 1; b = b + 1) begin
              line_constants[b * Lines + hi * 256 + lo] = c[b];
            end
            line_constants[(GenBits - 1) * Lines + hi * 256 + lo] = 1'b1;
          end
        end
      end
    end
  endfunction

  function automatic [GenW-1:0] spread(input [GenBits-2:0] seed);
    integer b;
    begin
      for (b = 0; b < GenBits - 1; b = b + 1) spread[b * Lines +: Lines] = {Lines{seed[b]}};
      spread[(GenBits - 1) * Lines +: Lines] = {Lines{1'b0}};
    end
  endfunction

  localparam [GenW-1:0] LINE_CONSTANTS = line_constants((Column != 0) ? xt_pkg::SEED_ADD_COL : xt_pkg::SEED_ADD_ROW);

  // What of SEED goes into all lines: its pieces of GenBits - 1 bits, of the columns after the halves were added.
  function automatic [GenBits-2:0] folded(input [31:0] seed);
    integer b;
    reg [31:0] v;
    begin
      v = (Column != 0) ? seed ^ (seed >> 16) : seed;
      folded = (GenBits - 1)'(1'b0);
      for (b = 0; b < 32; b = b + 1) folded[b % (GenBits - 1)] = folded[b % (GenBits - 1)] ^ v[b];
    end
  endfunction
  localparam [GenW-1:0] RST_GEN = LINE_CONSTANTS ^ spread(folded(xt_pkg::RST_SEED));

  // All generators, `Steps` steps at once, in a window s of GenBits + Steps planes: the state after k steps is
  // planes Steps-k .. Steps-k+GenBits-1. `Block` steps need no bit that is not there yet.
  function automatic integer lowest_tap(input integer taps);
    integer t;
    begin
      lowest_tap = 0;
      for (t = GenBits - 1; t >= 0; t = t - 1) if (((taps >> t) & 1) != 0) lowest_tap = t;
    end
  endfunction
  localparam int Block = lowest_tap(Taps) + 1;

  function automatic [GenW-1:0] advanced(input [GenW-1:0] g);
    integer k;
    integer tap;
    reg [(GenBits+Steps)*Lines-1:0] s;
    reg [Block*Lines-1:0] x;
    begin
      s = {g, (Steps * Lines)'(1'b0)};
      for (k = 0; k + Block <= Steps; k = k + Block) begin
        x = (Block * Lines)'(1'b0);
        for (tap = 0; tap < GenBits; tap = tap + 1) begin
          if (((Taps >> tap) & 1) != 0) x = x ^ s[(Steps - k - Block + 1 + tap) * Lines +: Block * Lines];
        end
        s[(Steps - k - Block) * Lines +: Block * Lines] = x;
      end
      for (k = Steps - Steps % Block; k < Steps; k = k + 1) begin
        x = (Block * Lines)'(1'b0);
        for (tap = 0; tap < GenBits; tap = tap + 1) begin
          if (((Taps >> tap) & 1) != 0) begin
            x[0 +: Lines] = x[0 +: Lines] ^ s[(Steps - k + tap) * Lines +: Lines];
          end
        end
        s[(Steps - k - 1) * Lines +: Lines] = x[0 +: Lines];
      end
      advanced = s[GenW-1:0];
    end
  endfunction

  // 2 acc + c*g, every line.
  function automatic [AccW-1:0] horner(input [AccW-1:0] acc, input [Lines-1:0] c,
                                       input [GainBits-1:0] g);
    integer p;
    reg [AccBits-1:0] gx;
    reg [Lines-1:0] a;
    reg [Lines-1:0] cy;
    begin
      gx = AccBits'(g);
      cy = {Lines{1'b0}};
      horner[0 +: Lines] = gx[0] ? c : {Lines{1'b0}};
      for (p = 1; p < AccBits; p = p + 1) begin
        a = acc[(p - 1) * Lines +: Lines];
        if (gx[p]) begin
          horner[p * Lines +: Lines] = a ^ c ^ cy;
          cy = (a & c) | (cy & (a | c));
        end else begin
          horner[p * Lines +: Lines] = a ^ cy;
          cy = a & cy;
        end
      end
    end
  endfunction

  function automatic [AccW-1:0] times(input [Lines-1:0] c, input [GainBits-1:0] g);
    integer p;
    reg [AccBits-1:0] gx;
    begin
      gx = AccBits'(g);
      for (p = 0; p < AccBits; p = p + 1) times[p * Lines +: Lines] = gx[p] ? c : {Lines{1'b0}};
    end
  endfunction

  // min(2^ProbBits, shr_round(acc, r)), every line; bits above ProbBits are 0.
  function automatic [AccW-1:0] threshold(input [AccW-1:0] acc, input [5:0] r);
    integer k;
    integer p;
    reg [AccW+Lines-1:0] y;
    reg [Lines-1:0] over;
    reg [Lines-1:0] cy;
    reg [Lines-1:0] bits;
    begin
      y = {acc, {Lines{1'b0}}};  // one bit below the point
      for (k = 0; k < 6; k = k + 1) if (r[k]) y = y >> (Lines << k);
      over = {Lines{1'b0}};
      for (p = ProbBits + 1; p <= AccBits; p = p + 1) over = over | y[p * Lines +: Lines];
      cy = y[0 +: Lines];
      threshold = AccW'(1'b0);
      for (p = 0; p < ProbBits; p = p + 1) begin
        bits = y[(p + 1) * Lines +: Lines];
        threshold[p * Lines +: Lines] = (bits ^ cy) & ~over;
        cy = bits & cy;
      end
      threshold[ProbBits * Lines +: Lines] = over | cy;
    end
  endfunction

  function automatic [Lines-1:0] plane(input [IntW-1:0] mag, input [3:0] which);
    integer b;
    begin
      plane = {Lines{1'b0}};
      for (b = 0; b < MagBits; b = b + 1) if (which == 4'(b)) plane = mag[b * Lines +: Lines];
    end
  endfunction

  // Lines whose generator stands at 0.
  function automatic [Lines-1:0] at_zero(input [GenW-1:0] gen);
    integer b;
    begin
      at_zero = {Lines{1'b1}};
      for (b = 0; b < GenBits; b = b + 1) at_zero = at_zero & ~gen[b * Lines +: Lines];
    end
  endfunction

  // state <= T * 2^Skew, from the least significant bit up.
  function automatic [Lines-1:0] state_le(input [GenW-1:0] gen, input [(ProbBits+1)*Lines-1:0] t);
    integer b;
    reg [Lines-1:0] gt;
    reg [Lines-1:0] s;
    reg [Lines-1:0] n;
    begin
      gt = {Lines{1'b0}};
      for (b = 0; b < Skew; b = b + 1) gt = gt | gen[b * Lines +: Lines];
      for (b = 0; b < ProbBits; b = b + 1) begin
        s = gen[(b + Skew) * Lines +: Lines];
        n = ~t[b * Lines +: Lines];
        gt = (s & n) | (gt & (s | n));
      end
      state_le = ~gt | t[ProbBits * Lines +: Lines];
    end
  endfunction

  function automatic [Lines-1:0] level_lt(input [ProbBits-1:0] level,
                                          input [(ProbBits+1)*Lines-1:0] t);
    integer b;
    reg [Lines-1:0] lt;
    begin
      lt = {Lines{1'b0}};
      for (b = 0; b < ProbBits; b = b + 1) begin
        lt = level[b] ? (lt & t[b * Lines +: Lines]) : (lt | t[b * Lines +: Lines]);
      end
      level_lt = lt | t[ProbBits * Lines +: Lines];
    end
  endfunction

  function automatic [Lines-1:0] level_lt_mag(input [ProbBits-1:0] level, input [IntW-1:0] mag);
    integer b;
    begin
      level_lt_mag = {Lines{1'b0}};
      for (b = 0; b < MagBits; b = b + 1) begin
        if (b < ProbBits && level[(b < ProbBits) ? b : 0]) begin
          level_lt_mag = level_lt_mag & mag[b * Lines +: Lines];
        end else begin
          level_lt_mag = level_lt_mag | mag[b * Lines +: Lines];
        end
      end
    end
  endfunction

  function automatic [IntW-1:0] widened(input [(CodeMag+1)*Stride-1:0] m);
    integer b;
    begin
      widened = IntW'(1'b0);
      for (b = 0; b < CodeMag; b = b + 1) widened[b * Lines +: Lines] = m[b * Stride +: Lines];
    end
  endfunction

  function automatic [IntW-1:0] one_line(input [15:0] line);
    begin
      one_line = IntW'(1'b0);
      one_line[0 +: Lines] = Lines'(1'b1) << line;
    end
  endfunction

  function automatic [Lines-1:0] nonzero(input [IntW-1:0] mag);
    integer b;
    begin
      nonzero = {Lines{1'b0}};
      for (b = 0; b < MagBits; b = b + 1) nonzero = nonzero | mag[b * Lines +: Lines];
    end
  endfunction

  logic [GenW-1:0] gen_q;
  logic [AccW-1:0] acc_q;
  logic [IntW-1:0] mag_q;
  logic [Lines-1:0] neg_q;

  assign mag_o = mag_q;
  assign neg_o = neg_q;

  logic gen_exists;
  assign gen_exists = (32'(gen_line_i) < Lines);

  integer r;
  logic [Lines-1:0] gen_bit;
  always @* begin
    gen_o = GenBits'(1'b0);
    gen_bit = {Lines{1'b0}};
    if (gen_exists) begin
      for (r = 0; r < GenBits; r = r + 1) begin
        gen_bit = gen_q[r * Lines +: Lines];
        gen_o[r] = gen_bit[gen_line_i[LineIdx-1:0]];
      end
    end
  end

  logic [Lines-1:0] zero;
  assign zero = at_zero(gen_q);
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) upset_o <= 1'b0;
    else upset_o <= advance_i && (zero != {Lines{1'b0}});
  end

  integer w;
  logic [Lines-1:0] gen_mask;
  assign gen_mask = gen_set_i ? Lines'(1'b1) << gen_line_i : {Lines{1'b0}};
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) gen_q <= RST_GEN;
    else if (advance_i) gen_q <= advanced(gen_q) | ({GenBits{zero}} & LINE_CONSTANTS);  // advanced(0) = 0
    else if (seed_load_i) gen_q <= LINE_CONSTANTS ^ spread(folded(seed_i));
    else if (gen_set_i) begin
      for (w = 0; w < GenBits; w = w + 1) begin
        gen_q[w * Lines +: Lines] <= (gen_q[w * Lines +: Lines] & ~gen_mask) | ({Lines{gen_i[w]}} & gen_mask);
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      mag_q <= IntW'(1'b0);
      neg_q <= {Lines{1'b0}};
    end else if (code_load_i) begin
      mag_q <= widened(code_i);
      neg_q <= code_i[CodeMag*Stride +: Lines];
    end else if (line_load_i) begin
      mag_q <= one_line(line_i);
      neg_q <= {Lines{1'b0}};
    end else if (int_load_i) begin
      mag_q <= int_mag_i;
      neg_q <= int_neg_i;
    end
  end

  // The accumulator becomes the threshold in the last step.
  localparam int TopBit = ScaleBits - 1;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      acc_q <= AccW'(1'b0);
    end else if (scale_i) begin
      if (scale_last_i && scale_full_i) begin
        acc_q <= AccW'(1'b0) | (AccW'(nonzero(mag_q)) << (ProbBits * Lines));
      end else if (scale_last_i) begin
        acc_q <= threshold(horner(acc_q, plane(mag_q, scale_bit_i), gain_i), shift_i);
      end else if (scale_first_i) begin
        acc_q <= horner(times(plane(mag_q, 4'(TopBit)), gain_i), plane(mag_q, scale_bit_i), gain_i);
      end else begin
        acc_q <= horner(acc_q, plane(mag_q, scale_bit_i), gain_i);
      end
    end
  end

  // What thresholds and pulse widths are compared with.
  logic [ProbBits-1:0] slot;
  logic [ProbBits-1:0] spread_n;
  logic [ProbBits-1:0] counted;
  logic [ProbBits-1:0] level;
  assign slot = slot_i[ProbBits-1:0];
  generate
    if (Column != 0) begin : g_column
      for (genvar b = 0; b < ProbBits; b = b + 1) begin : g_reverse
        assign spread_n[b] = lowdisc_i[ProbBits-1-b];
      end
      assign counted = slot;
    end else begin : g_row
      assign spread_n = ProbBits'(32'(lowdisc_i) * xt_pkg::WEYL);
      assign counted = ProbBits'(1'b0);
    end
  endgenerate
  assign level = !train_i ? slot : (enc_i == xt_pkg::ENC_LOWDISC) ? spread_n : counted;

  always @* begin
    fire_o = {Lines{1'b0}};
    if (train_i) begin
      if (enc_i == xt_pkg::ENC_STOCH) fire_o = state_le(gen_q, acc_q[(ProbBits+1)*Lines-1:0]) & ~zero;
      else fire_o = level_lt(level, acc_q[(ProbBits+1)*Lines-1:0]);
    end else if (read_i) begin
      if (read_line_i) fire_o = mag_q[Lines-1:0];
      else if (read_serial_i) fire_o = plane(mag_q, {1'b0, read_bit_i});
      else fire_o = level_lt_mag(level, mag_q);
    end
  end

endmodule
`default_nettype wire
