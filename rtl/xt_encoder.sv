// SPDX-License-Identifier: Apache-2.0
// xt_encoder: the pulse and read encoders of one side of the tile (all rows, or all columns).
//
// Operation. Holds the codes of its lines (sign, magnitude), their pulse generators and their
//   thresholds, each bit-sliced: bit b of line l at index b*Lines + l, of generators and thresholds at b*Pitch + l:
//   their planes begin at a word of a simulator, and what pads them is 0 and no hardware. Every line is served by the
//   same bit position at the same time, so nothing here counts lines.
//   SCALE: T(c) = min(2^ProbBits, shr_round(|c|*g, r)). The factor g goes by, Unit*Subs bits per cycle, least
//   significant first, and with it 2g and 3g, made once for all lines. A line takes for every base-4 digit of its code
//   the multiple that the digit names and adds them; of the sum it keeps the carries. g is shifted left so that a
//   threshold begins at a multiple of Unit (for all lines at once): the threshold takes the units that are its own,
//   what comes above them saturates it, and the rounding bit is in the multiples of the lowest digit. No line shifts.
//   Pulses: stochastic: fires if state <= T * 2^(GenBits-ProbBits); else if level < T, the same level for all lines:
//   low-discrepancy: n*WEYL (rows), n bit-reversed (columns); counted: 0 (rows), the slot (columns).
//   A generator at 0 is upset: an LFSR would stay there, and 0 <= T. Its line does not fire, and the advance of that
//   slot sets it to the line's constant, its seed for SEED 0; upset_o tells.
//   Generators have no reset: edges within the hardware reset load them, and the first after it unless it writes one.
//   Reads: pulse width: driven if slot < |c|; bit-serial: driven if bit read_bit_i of |c| is set;
//   read_line_i: driven if |c| is odd (code 1 stands for a drive at full scale).
//   One slot advances the generator by lfsr_steps(GenBits) Fibonacci steps. Generators are read and written one by one
//   through gen_*.
// Parameters. Lines 1..32768; CodeMag 1..7 magnitude bits of a loaded code; MagBits CodeMag..11
//   magnitude bits of an operand; ScaleBits >= MagBits, >= 3: cycles of SCALE: the first clears (the factors are right
//   at its end), the last encodes slot 0, between them ScaleBits - 2 multiply; ProbBits 8..16;
//   Stride >= Lines: line stride of code_i; Column 0 rows, 1 columns (generators one bit wider).
// Timing. fire_o belongs to the slot of the *next* cycle (train_i, read_i say so); advance_i at the
//   same edge moves the generators on.
// Trace record. row_act, col_act (through xt_coinc).
// Golden counterpart. refc/xt_encoder.c
// Invariants.
//   R1 no generator is 0 after an advance.
//   R2 T = 0 never fires and T = 2^ProbBits always fires, in both pulse modes (a generator at 0 apart).
//   R3 after scale_last_i T is what the equation says (T = 2^ProbBits: over_q).
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
  // one generator: its line, its state (0: no such line, or nobody reads), a write
  input  wire logic [15:0] gen_line_i,
  input  wire logic gen_read_i,
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
  // thresholds: a SCALE cycle but its last, the first, the last that multiplies; T = 2^ProbBits for every code but 0;
  // factor, right shift (two's complement)
  input  wire logic scale_i,
  input  wire logic scale_first_i,
  input  wire logic scale_last_i,
  input  wire logic scale_full_i,
  input  wire logic [20:0] gain_i,
  input  wire logic [6:0] shift_i,
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
  localparam int GainBits = 32'(xt_pkg::GAIN_BITS);  // a factor of 2^GAIN_BITS is halved, and its shift
  localparam int Pitch = (Lines + 31) / 32 * 32;
  localparam [Pitch-1:0] EXIST = {Pitch{1'b1}} >> (Pitch - Lines);
  localparam int TW = ProbBits * Pitch;

  // Multiplication: `Passes` cycles, in each `Subs` units of `Unit` bits. They must hold the product, shifted left
  // by Unit - 1 at most; a carry of the rounding can leave them only into a threshold that begins there (MagBits <=
  // Unit + 1, or a bit to spare).
  localparam int Passes = ScaleBits - 2;
  function automatic integer fits(input integer unit, input integer bits);
    fits = (GainBits - 1 + unit + MagBits <= bits &&
            (MagBits <= unit + 1 || GainBits + unit + MagBits <= bits)) ? 1 : 0;
  endfunction
  function automatic integer unit_bits(input integer most);
    integer g;
    begin
      unit_bits = most;
      for (g = most; g > 2; g = g - 1) if (fits(g, Passes * g) != 0) unit_bits = g;
    end
  endfunction
  localparam int Unit = unit_bits(8);
  localparam int Subs = (fits(Unit, Passes * Unit) != 0) ? 1
                      : (GainBits + Unit + MagBits + Passes * Unit - 1) / (Passes * Unit);
  localparam int Digit = Unit * Subs;
  localparam int Units = (ProbBits + Unit - 1) / Unit;  // of a threshold
  localparam int UnitW = Unit * Pitch;
  localparam int Fours = (MagBits + 1) / 2;    // base-4 digits of a code
  localparam int CarryW = ((Fours > 1) ? Fours - 1 : 1) * Pitch;
  localparam int PastW = 2 * (Fours - 1) + 1;  // bits of a multiple that the higher digits have still to take
  localparam int WideG = GainBits + Unit - 1 + Digit;
  localparam int GenW = GenBits * Pitch;
  localparam int Taps = xt_pkg::lfsr_taps(6'(GenBits));
  localparam int Steps = xt_pkg::lfsr_steps(6'(GenBits));
  localparam int Skew = GenBits - ProbBits;
  localparam int IntW = MagBits * Lines;

  // Section 6: line constants, with the leading bit of every state. i*SEED_MUL + add for all lines at once, from planes
  // of the bits of i: a loop over lines is what tools take minutes for.
  function automatic [GenW-1:0] line_constants(input integer add);
    integer k;
    integer b;
    reg [Pitch-1:0] number;  // bit k of every line's number
    reg [Pitch-1:0] n;
    reg [Pitch-1:0] a;
    reg [Pitch-1:0] cy;
    begin
      for (b = 0; b < GenBits; b = b + 1) line_constants[b * Pitch +: Pitch] = {Pitch{|(add & (1 << b))}};
      for (k = 0; k < 15; k = k + 1) begin
        number = ~({Pitch{1'b1}} << (1 << k)) << (1 << k);
        for (b = k + 1; b < 15; b = b + 1) number = number | (number << (1 << b));
        cy = {Pitch{1'b0}};
        for (b = k; b < GenBits - 1; b = b + 1) begin
          n = number & {Pitch{|(32'(xt_pkg::SEED_MUL) & (32'd1 << (b - k)))}};
          a = line_constants[b * Pitch +: Pitch];
          line_constants[b * Pitch +: Pitch] = a ^ n ^ cy;
          cy = (a & n) | (cy & (a | n));
        end
      end
      line_constants[(GenBits - 1) * Pitch +: Pitch] = {Pitch{1'b1}};
      for (b = 0; b < GenBits; b = b + 1) begin
        line_constants[b * Pitch +: Pitch] = line_constants[b * Pitch +: Pitch] & EXIST;
      end
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
      for (b = 0; b < 32; b = b + GenBits - 1) folded = folded ^ (GenBits - 1)'(v >> b);
    end
  endfunction

  // Loops over 32 lines at a time: their planes are words, which a simulator keeps in machine registers.
  localparam int Words = Pitch / 32;

  // The n-th tap of the generators, -1 if they have fewer.
  function automatic integer tap(input integer n);
    integer t;
    integer found;
    begin
      tap = -1;
      found = 0;
      for (t = 0; t < GenBits; t = t + 1) begin
        if (((Taps >> t) & 1) != 0) begin
          if (found == n) tap = t;
          found = found + 1;
        end
      end
    end
  endfunction
  localparam int Tap0 = tap(0);
  localparam int Tap1 = tap(1);
  localparam int Tap2 = tap(2);  // with Tap3, or neither
  localparam int Tap3 = tap(3);

  // All generators, `Steps` steps at once, in a window s of GenBits + Steps planes: the state after k steps is
  // planes Steps-k .. Steps-k+GenBits-1. Those at 0 stay there.
  function automatic [GenW-1:0] advanced(input [GenW-1:0] g);
    integer q;
    integer k;
    reg [(GenBits+Steps)*32-1:0] s;
    reg [31:0] one;
    begin
      for (q = 0; q < Words; q = q + 1) begin
        for (k = 0; k < GenBits; k = k + 1) s[(Steps + k) * 32 +: 32] = g[k * Pitch + 32 * q +: 32];
        for (k = Steps - 1; k >= 0; k = k - 1) begin
          one = s[(k + 1 + Tap0) * 32 +: 32] ^ s[(k + 1 + Tap1) * 32 +: 32];
          if (Tap3 >= 0) one = one ^ s[(k + 1 + Tap2) * 32 +: 32] ^ s[(k + 1 + Tap3) * 32 +: 32];
          s[k * 32 +: 32] = one;
        end
        for (k = 0; k < GenBits; k = k + 1) advanced[k * Pitch + 32 * q +: 32] = s[k * 32 +: 32];
      end
    end
  endfunction

  // Of every line, the bit of the multiple that its digit {hi, lo} names.
  function automatic [Pitch-1:0] chosen(input [Pitch-1:0] hi, input [Pitch-1:0] lo, input [3:0] bits);
    chosen = (hi & ((lo & {Pitch{bits[3]}}) | (~lo & {Pitch{bits[2]}})))
           | (~hi & ((lo & {Pitch{bits[1]}}) | (~lo & {Pitch{bits[0]}})));
  endfunction

  // Plane b of the codes; above them 0.
  function automatic [Pitch-1:0] code_plane(input [IntW-1:0] mag, input integer b);
    code_plane = (b < MagBits) ? Pitch'(mag[((b < MagBits) ? b : 0) * Lines +: Lines]) : {Pitch{1'b0}};
  endfunction

  // Of a right shift k, one less if the factor is halved: how far g goes left (one-hot), in which unit of the product
  // the threshold begins: {left, begin}.
  localparam int AlignW = Unit + 7;
  localparam logic [6:0] FULL = 7'(128 - ProbBits);  // the shift to the left that makes 2^ProbBits of 1
  function automatic [AlignW-1:0] aligned(input [6:0] shift, input halved);
    integer k;
    integer by;
    reg [Unit-1:0] left;
    reg [6:0] first;
    begin
      left = Unit'(1'b0);
      first = 7'd0;
      for (k = -24; k <= 40; k = k + 1) begin
        by = (16 * Unit - k) % Unit;
        if (shift == 7'(k)) begin
          left = left | Unit'(32'd1 << by);
          first = first | 7'((k + by) / Unit);
        end
      end
      if (halved) begin
        if (left[Unit-1]) first = first - 7'd1;
        left = {left[Unit-2:0], left[Unit-1]};
      end
      aligned = {left, first};
    end
  endfunction

  // Lines whose generator stands at 0.
  function automatic [Pitch-1:0] at_zero(input [GenW-1:0] gen);
    integer q;
    integer b;
    reg [31:0] some;
    begin
      for (q = 0; q < Words; q = q + 1) begin
        some = 32'd0;
        for (b = 0; b < GenBits; b = b + 1) some = some | gen[b * Pitch + 32 * q +: 32];
        at_zero[32 * q +: 32] = EXIST[32 * q +: 32] & ~some;
      end
    end
  endfunction

  // Against thresholds, from the least significant bit up: state <= T * 2^Skew, or level < T.
  function automatic [Pitch-1:0] below(input stochastic, input [GenW-1:0] gen, input [ProbBits-1:0] level,
                                       input [TW-1:0] t);
    integer q;
    integer b;
    reg [31:0] gt;
    reg [31:0] s;
    reg [31:0] n;
    begin
      for (q = 0; q < Words; q = q + 1) begin
        gt = {32{~stochastic}};
        for (b = 0; b < Skew; b = b + 1) gt = gt | gen[b * Pitch + 32 * q +: 32];
        for (b = 0; b < ProbBits; b = b + 1) begin
          s = (gen[(b + Skew) * Pitch + 32 * q +: 32] & {32{stochastic}}) | {32{level[b] & ~stochastic}};
          n = ~t[b * Pitch + 32 * q +: 32];
          gt = (s & n) | (gt & (s | n));
        end
        below[32 * q +: 32] = ~gt;
      end
    end
  endfunction

  // A read: slot < |c|, from the least significant bit up; or bit `which`, which the bits above it let pass.
  function automatic [Lines-1:0] reads(input serial, input [2:0] which, input [ProbBits-1:0] level,
                                       input [IntW-1:0] mag);
    integer b;
    reg [Lines-1:0] m;
    reg one;   // a bit that is set is enough
    reg zero;  // one that is not is too little
    begin
      reads = {Lines{1'b0}};
      for (b = 0; b < MagBits; b = b + 1) begin
        m = mag[b * Lines +: Lines];
        one = serial ? (32'(which) == b) : (b >= ProbBits || !level[(b < ProbBits) ? b : 0]);
        zero = serial ? (32'(which) == b) : !one;
        reads = (m & (reads | {Lines{one}})) | (~m & reads & {Lines{~zero}});
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

  // One line; none if there is no such.
  function automatic [Lines-1:0] only(input [15:0] line);
    only = Lines'(1'b1) << line;
  endfunction

  logic [GenW-1:0] gen_q;
  logic [IntW-1:0] mag_q;
  logic [Lines-1:0] neg_q;

  assign mag_o = mag_q;
  assign neg_o = neg_q;

  integer r;
  logic [Lines-1:0] gen_line;
  always @* begin
    gen_o = GenBits'(1'b0);
    gen_line = {Lines{1'b0}};
    if (gen_read_i) begin
      gen_line = only(gen_line_i);
      for (r = 0; r < GenBits; r = r + 1) gen_o[r] = ((gen_q[r * Pitch +: Lines] & gen_line) != {Lines{1'b0}});
    end
  end

  // What lines are set to (all from SEED, one by the bus, those at 0): one of two bits that all lines share, for
  // constants 0 and 1. A tree of gates per bit of a line makes the three, which exclude each other.
  function automatic [GenW-1:0] shared(input [GenBits-1:0] of_zero, input [GenBits-1:0] of_one);
    integer b;
    reg [Pitch-1:0] one;  // lines whose constant is 1
    begin
      for (b = 0; b < GenBits; b = b + 1) begin
        one = LINE_CONSTANTS[b * Pitch +: Pitch];
        shared[b * Pitch +: Pitch] = (one & {Pitch{of_one[b]}}) | (~one & {Pitch{of_zero[b]}});
      end
    end
  endfunction

  // What is computed only where it is needed stands under the condition: a simulator would make it in every cycle.
  logic fresh_q;  // in the hardware reset and in the cycle after it
  logic gen_load;
  logic [GenBits-2:0] seed;
  logic [GenBits-1:0] of_zero;
  logic [GenBits-1:0] of_one;
  assign gen_load = seed_load_i | gen_set_i | fresh_q;
  assign seed = seed_load_i ? folded(seed_i) : folded(xt_pkg::RST_SEED);
  always @* begin
    of_zero = {1'b0, seed};
    of_one = {1'b1, ~seed};
    if (gen_set_i && !seed_load_i) begin
      of_zero = gen_i[GenBits-1:0];
      of_one = gen_i[GenBits-1:0];
    end
  end

  task automatic move;
    reg [GenW-1:0] stepped;
    reg [GenW-1:0] to;
    reg [GenW-1:0] other;
    reg [Pitch-1:0] set;  // lines that are set, in an advance those at 0: it leaves 0 there
    reg [Pitch-1:0] kept;
    begin
      stepped = GenW'(1'b0);
      set = EXIST & {Pitch{gen_load}};
      if (gen_set_i && !seed_load_i) set = Pitch'(only(gen_line_i));
      if (advance_i) begin
        stepped = advanced(gen_q);
        set = at_zero(gen_q);
      end
      kept = EXIST & ~(set | {Pitch{advance_i}});
      if (advance_i) begin
        other = {GenBits{set}} & LINE_CONSTANTS;
      end else begin
        to = shared(of_zero, of_one);  // on its own: of two expressions Verilator 5.006 would compute both, always
        other = (gen_q & {GenBits{kept}}) | ({GenBits{set}} & to);
      end
      gen_q <= stepped | other;
    end
  endtask

  always_ff @(posedge clk_i) if (advance_i | gen_load) move;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fresh_q <= 1'b1;
      upset_o <= 1'b0;
    end else begin
      fresh_q <= 1'b0;
      upset_o <= 1'b0;  // unless they advance
      if (advance_i) upset_o <= (at_zero(gen_q) != {Pitch{1'b0}});
    end
  end

  // No reset: codes are loaded before they are asked for.
  task automatic load;
    reg [IntW-1:0] mag;
    reg [Lines-1:0] neg;
    begin
      mag = IntW'(1'b0);
      neg = {Lines{1'b0}};
      if (code_load_i) begin
        mag = widened(code_i);
        neg = code_i[CodeMag*Stride +: Lines];
      end
      if (line_load_i && !code_load_i) mag[0 +: Lines] = mag[0 +: Lines] | only(line_i);
      if (int_load_i && !line_load_i && !code_load_i) begin
        mag = mag | int_mag_i;
        neg = neg | int_neg_i;
      end
      mag_q <= mag;
      neg_q <= neg;
    end
  endtask

  always_ff @(posedge clk_i) if (code_load_i | line_load_i | int_load_i) load;

  // The factor, as it goes by: its bits to come, from the unit of this cycle on; where the threshold begins, in units
  // from this cycle's first.
  logic begun_q;  // the first cycle that multiplies
  logic [WideG-1:0] factor_q;
  logic [6:0] from_q;
  logic [AlignW-1:0] align;
  logic [GainBits-1:0] gain;
  logic [WideG-1:0] factor;
  logic [6:0] from;
  logic [Subs-1:0] rounds;  // units of this cycle that have the rounding bit
  assign gain = scale_full_i ? GainBits'(1'b1) : gain_i[GainBits-1:0] | {gain_i[GainBits], (GainBits - 1)'(1'b0)};
  integer by;
  integer un;
  always @* begin
    align = AlignW'(1'b0);
    factor = factor_q;
    from = from_q;
    if (begun_q) begin
      align = scale_full_i ? aligned(FULL, 1'b0) : aligned(shift_i, gain_i[GainBits]);
      factor = WideG'(1'b0);
      for (by = 0; by < Unit; by = by + 1) factor = factor | ((WideG'(gain) << by) & {WideG{align[7+by]}});
      from = align[6:0];
    end
    for (un = 0; un < Subs; un = un + 1) rounds[un] = (from == 7'(un + 1));
  end
  always_ff @(posedge clk_i) begin
    if (scale_i) begin
      begun_q <= scale_first_i;
      factor_q <= factor >> Digit;
      from_q <= from - 7'(Subs);
    end
  end

  // Multiples of the factor, those of the lowest digit with the rounding, one half of the threshold's last bit: of this
  // cycle, 0 in the first, which clears; of the cycles before what the higher digits have still to take; carries.
  logic [PastW-1:0] once_q;
  logic [PastW-1:0] thrice_q;
  logic [3:0] carry_q;
  logic [Digit-1:0] half;
  logic [PastW+Digit-1:0] once;
  logic [PastW+Digit-1:0] thrice;
  logic [3:0] carry;
  logic [4*Digit-1:0] low;
  integer unit;
  always @* begin
    once = (PastW + Digit)'(1'b0);
    thrice = (PastW + Digit)'(1'b0);
    carry = 4'd0;
    low = (4 * Digit)'(1'b0);
    half = Digit'(1'b0);
    if (!scale_first_i) begin
      for (unit = 0; unit < Subs; unit = unit + 1) half[unit * Unit + Unit - 1] = rounds[unit];
      once = {factor[Digit-1:0], once_q};
      thrice[PastW-1:0] = thrice_q;
      {carry[0], thrice[PastW +: Digit]} = {1'b0, once[PastW +: Digit]} + {1'b0, once[PastW-1 +: Digit]}
                                         + (Digit + 1)'(carry_q[0]);
      low[0 +: Digit] = half;
      {carry[1], low[Digit +: Digit]} = {1'b0, once[PastW +: Digit]} + {1'b0, half} + (Digit + 1)'(carry_q[1]);
      {carry[2], low[2 * Digit +: Digit]} = {1'b0, once[PastW-1 +: Digit]} + {1'b0, half} + (Digit + 1)'(carry_q[2]);
      {carry[3], low[3 * Digit +: Digit]} = {1'b0, thrice[PastW +: Digit]} + {1'b0, half} + (Digit + 1)'(carry_q[3]);
    end
  end
  always_ff @(posedge clk_i) begin
    if (scale_i) begin
      once_q <= once[Digit +: PastW];
      thrice_q <= thrice[Digit +: PastW];
      carry_q <= carry;
    end
  end

  // Thresholds: no reset, SCALE clears them before a train.
  logic [TW-1:0] t_q;
  logic [Lines-1:0] over_q;     // T = 2^ProbBits, whatever t_q holds
  logic [CarryW-1:0] carries_q;  // of the additions of the second digit and higher ones
  // One more cycle of multiplication: the next bits of the product, of which a threshold takes its own.
  task automatic multiply;
    integer d;
    integer b;
    integer u;
    integer v;
    reg [Digit*Pitch-1:0] sum;
    reg [CarryW-1:0] carries;
    reg [Pitch-1:0] hi;
    reg [Pitch-1:0] lo;
    reg [Pitch-1:0] a;
    reg [Pitch-1:0] c;
    reg [Pitch-1:0] cy;
    reg [Lines-1:0] over;
    reg [Lines-1:0] past;
    reg beyond;
    reg [UnitW-1:0] taken;
    reg [TW-1:0] t_d;
    reg take;
    reg [6:0] where;
    begin
      sum = (Digit * Pitch)'(1'b0);
      carries = CarryW'(1'b0);
      cy = {Pitch{1'b0}};
      for (d = 0; d < Fours; d = d + 1) begin
        lo = code_plane(mag_q, 2 * d);
        hi = code_plane(mag_q, 2 * d + 1);
        if (d > 0) cy = carries_q[((d > 0) ? d - 1 : 0) * Pitch +: Pitch] & {Pitch{~scale_first_i}};
        for (b = 0; b < Digit; b = b + 1) begin
          if (d == 0) begin
            sum[b * Pitch +: Pitch] = EXIST & chosen(hi, lo, {low[3*Digit+b], low[2*Digit+b], low[Digit+b], low[b]});
          end else begin
            a = sum[b * Pitch +: Pitch];
            c = chosen(hi, lo, {thrice[PastW-2*d+b], once[PastW-2*d+b-1], once[PastW-2*d+b], 1'b0});
            sum[b * Pitch +: Pitch] = a ^ c ^ cy;
            cy = (a & c) | (cy & (a | c));
          end
        end
        if (d > 0) carries[((d > 0) ? d - 1 : 0) * Pitch +: Pitch] = cy;
      end
      over = over_q & {Lines{~scale_first_i}};
      t_d = t_q;
      for (v = 0; v < Units; v = v + 1) begin
        where = from + 7'(v);  // on its own, as below: Yosys 0.23 widens a sum of casts in a comparison
        taken = UnitW'(1'b0);
        take = scale_first_i;
        for (u = 0; u < Subs; u = u + 1) begin
          take = take | (where == 7'(u));
          if (Subs == 1 || where == 7'(u)) taken = taken | sum[u * UnitW +: UnitW];
        end
        for (b = 0; b < Unit; b = b + 1) begin
          if (v * Unit + b < ProbBits) begin
            if (take) t_d[((v * Unit + b < ProbBits) ? v * Unit + b : 0) * Pitch +: Pitch] = taken[b * Pitch +: Pitch];
          end
        end
      end
      for (u = 0; u < Subs; u = u + 1) begin  // beyond the threshold, or the last of its units
        where = 7'(u) - 7'(Units) - from;
        beyond = where < 7'd64;  // from + Units <= u
        past = {Lines{1'b0}};
        for (b = (ProbBits - 1) % Unit + 1; b < Unit; b = b + 1) past = past | sum[(u * Unit + b) * Pitch +: Lines];
        over = over | (past & {Lines{beyond || where == 7'd127}});
        past = {Lines{1'b0}};
        for (b = 0; b <= (ProbBits - 1) % Unit; b = b + 1) past = past | sum[(u * Unit + b) * Pitch +: Lines];
        over = over | (past & {Lines{beyond}});
      end
      // the carry of the rounding
      if (scale_last_i && from == 7'(Subs)) begin
        if (Fours == 1) cy = chosen(code_plane(mag_q, 1), code_plane(mag_q, 0), {carry[3:1], 1'b0});
        else cy = {Pitch{1'b0}};
        for (d = 1; d < Fours; d = d + 1) cy = cy | carries[((d > 0) ? d - 1 : 0) * Pitch +: Pitch];
        t_d[0 +: Pitch] = cy;
      end
      t_q <= t_d;
      over_q <= over;
      carries_q <= carries;
    end
  endtask

  always_ff @(posedge clk_i) if (scale_i) multiply;

  // n*WEYL, with half the additions that its bits would take: runs of ones are a difference.
  function automatic [ProbBits-1:0] weyl(input [ProbBits-1:0] n);
    integer left;
    integer b;
    begin
      left = 32'(xt_pkg::WEYL);
      weyl = ProbBits'(1'b0);
      for (b = 0; b < ProbBits; b = b + 1) begin
        if (left % 4 == 1) weyl = weyl + (n << b);
        if (left % 4 == 3) weyl = weyl - (n << b);
        left = (left % 4 == 3) ? left / 2 + 1 : left / 2;
      end
    end
  endfunction

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
      assign spread_n = weyl(lowdisc_i[ProbBits-1:0]);
      assign counted = ProbBits'(1'b0);
    end
  endgenerate
  assign level = !train_i ? slot : (enc_i == xt_pkg::ENC_LOWDISC) ? spread_n : counted;

  /* verilator lint_off UNUSEDSIGNAL */  // but for what pads them
  logic [Pitch-1:0] fire;
  logic [Pitch-1:0] zero;
  /* verilator lint_on UNUSEDSIGNAL */
  always @* begin
    fire = {Pitch{1'b0}};
    zero = {Pitch{1'b0}};
    fire_o = {Lines{1'b0}};
    if (train_i) begin
      fire = below(enc_i == xt_pkg::ENC_STOCH, gen_q, level, t_q);
      zero = at_zero(gen_q);
      fire_o = fire[Lines-1:0] | over_q;
      if (enc_i == xt_pkg::ENC_STOCH) fire_o = fire_o & ~zero[Lines-1:0];
    end else if (read_i) begin
      if (read_line_i) fire_o = mag_q[Lines-1:0];
      else fire_o = reads(read_serial_i, read_bit_i, level, mag_q);
    end
  end

endmodule
`default_nettype wire
