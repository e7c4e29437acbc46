// SPDX-License-Identifier: Apache-2.0
// xt_acc: the accumulator in front of MTJ pulses: a sum for each weight, and what columns a row of them drives.
//
// Operation. SPEC section 6. A memory (xt_ram) of N rows of Sums = M >> Gang sums, Bits each, two's complement; sum k
//   of a row is that of the columns k << Gang and up.
//   The memory reads row row_i in cycles with ahead_i, and is written a row behind: row row_i - 1.
//   ACCUMULATE: ENCODE (factor_i) makes D_k = shr_round(256 |d|, exp), d of the first of a sum's columns. SUM cycle
//   row_i = 0..N multiplies x of row row_i (but N) by D, and writes row row_i - 1: + x sgn(d) D, clamped to +-SMAX.
//   ACC_UPDATE: FETCH makes the columns of the row that was read before it (those of a gang alike: on, amplitude, and
//   until the next FETCH the sign) from the leading one of |S| and the bit below it. ENCODE writes the row back,
//   decayed. clear_i: it writes 0, and no column is on.
//   count_o: phases of MTJ pulses, or rows in which a sum was clipped, since start_i.
//   The bus reads one sum in the cycle of the access (read_i), which value_o shows in the next, and writes one.
// Parameters. N, M 1..32768; Mag 1..7: magnitude bits of a code; Bits 12..32; Gang 0..6, M a multiple of 2^Gang.
// Timing. Columns that are on, their amplitudes and what signs_o says of them are right in FETCH, col_neg_o from the
//   cycle after it on; count_o from the cycle after ENCODE, or after a SUM, on. What comes out of the memory meets one
//   operation before the next register. A reset leaves the memory as it is.
// Trace record. info of END (through xt_result).
// Golden counterpart. refc/xt_acc.c
// Invariants.
//   R1 no sum is written that is beyond +-SMAX. R2 a column without a sum is not on. R3 the columns of a gang are
//   alike. R4 the memory is written in SUM, ENCODE of ACC_UPDATE and by the bus only, and by the bus one sum. R5
//   value_o is 0 but in the cycle after a read of a sum that exists while no operation runs. R6 what a decay leaves of
//   a sum is smaller, of its sign, and 0 with ACC_DECAY 0 or clear_i. R7 signs_o of a FETCH agrees with col_neg_o after
//   it.
`default_nettype none
module xt_acc #(
  parameter int N = 16,
  parameter int M = 16,
  parameter int Mag = 6,
  parameter int Bits = 24,
  parameter int Gang = 0
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // the cycle (xt_now_t): START; ENCODE of ACCUMULATE, SUM; FETCH, ENCODE of ACC_UPDATE or MTJ_UPDATE; ACC_UPDATE runs;
  // the memory reads; row
  input  wire logic start_i,
  input  wire logic factor_i,
  input  wire logic sum_i,
  input  wire logic fetch_i,
  input  wire logic encode_i,
  input  wire logic flush_i,
  input  wire logic ahead_i,
  input  wire logic [15:0] row_i,
  // the exponent in use, ACC_DECAY; sums to 0; phases that xt_amp finds in ENCODE
  input  wire logic [5:0] exp_i,
  input  wire logic [3:0] decay_i,
  input  wire logic clear_i,
  input  wire logic [3:0] phases_i,
  // codes of the encoders: bit b of line l at b*N + l, or b*M + l
  input  wire logic [Mag*N-1:0] row_mag_i,
  input  wire logic [N-1:0] row_neg_i,
  /* verilator lint_off UNUSEDSIGNAL */  // of a gang the first column
  input  wire logic [Mag*M-1:0] col_mag_i,
  input  wire logic [M-1:0] col_neg_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // the columns of ACC_UPDATE; bit b of an amplitude at b*M + j
  output logic [M-1:0] col_on_o,
  output logic [32'(xt_pkg::AMP_BITS)*M-1:0] col_amp_o,
  output logic [M-1:0] col_neg_o,
  output logic [1:0] signs_o,  // of them some are > 0, some < 0
  output logic [15:0] count_o,
  // the bus: an operation runs; a read of ACC, ACC_SEL; a write of it; what the read gave
  input  wire logic busy_i,
  input  wire logic read_i,
  input  wire logic [31:0] sel_i,
  input  wire logic set_i,
  /* verilator lint_off UNUSEDSIGNAL */  // its upper bits
  input  wire logic [31:0] data_i,
  /* verilator lint_on UNUSEDSIGNAL */
  output logic [31:0] value_o
);

  localparam int AMP_BITS = 32'(xt_pkg::AMP_BITS);
  localparam int Sums = M >> Gang;
  localparam int RowBits = (N > 1) ? $clog2(N) : 1;
  localparam int SumIdx = (Sums > 1) ? $clog2(Sums) : 1;
  localparam int FBits = Mag + 8;  // of D
  localparam int PBits = Mag + FBits;
  localparam int Wide = ((Bits > PBits) ? Bits : PBits) + 2;  // of a sum before it is clamped
  localparam logic [Bits-1:0] SMAX = {1'b0, {(Bits - 1){1'b1}}};

  logic [Sums*Bits-1:0] row;       // of the memory
  logic [Sums*FBits-1:0] factor_q;  // D
  logic [Sums*PBits-1:0] term_q;   // |x| D of the row that was read in the SUM cycle before, sign of its x
  logic x_neg_q;
  logic [Sums-1:0] neg_q;          // of the row that was fetched

  // ---- one sum

  // D of a magnitude. The last bit of what is shifted out rounds.
  function automatic [FBits-1:0] scaled(input [Mag-1:0] mag, input [5:0] shift);
    reg [FBits:0] twice;
    begin
      twice = {mag, 9'd0} >> shift;
      scaled = twice[FBits:1] + FBits'(twice[0]);
    end
  endfunction

  // {clipped, S + term or S - term}
  function automatic [Bits:0] added(input [Bits-1:0] s, input neg, input [PBits-1:0] term);
    reg signed [Wide-1:0] t;
    begin
      t = Wide'($signed(s));
      t = neg ? t - Wide'(term) : t + Wide'(term);
      added = {1'b0, t[Bits-1:0]};
      if (!t[Wide-1] && t[Wide-2:Bits-1] != '0) added = {1'b1, SMAX};
      if (t[Wide-1] && (t[Wide-2:Bits-1] != '1 || t[Bits-2:0] == '0)) added = {1'b1, ~SMAX + Bits'(1'b1)};
    end
  endfunction

  function automatic [Bits-2:0] magnitude(input [Bits-1:0] s);
    magnitude = s[Bits-1] ? (Bits - 1)'(1'b0) - s[Bits-2:0] : s[Bits-2:0];
  endfunction

  // {on, amplitude}: 2 l + next from the leading one down; a code beyond AMP_BITS is none.
  function automatic [AMP_BITS:0] driven(input [Bits-2:0] mag, input [5:0] rate);
    integer l;
    reg [5:0] level;
    reg [6:0] below;
    begin
      level = 6'd0;
      for (l = 0; l < Bits - 1; l = l + 1) begin
        if (mag[l]) level = {5'(l), (l > 0) && mag[(l > 0) ? l - 1 : 0]};
      end
      below = {1'b0, rate} - {1'b0, level};
      driven[AMP_BITS] = (mag != (Bits - 1)'(1'b0)) && (below[6] || below[5:AMP_BITS] == '0);
      driven[AMP_BITS-1:0] = below[6] ? AMP_BITS'(1'b0) : below[AMP_BITS-1:0];
    end
  endfunction

  // S - ceil(|S| / 2^decay) sgn(S), 0 with ACC_DECAY 0: of a negative S that is S - floor(S / 2^decay), of a positive
  // one, if a bit is shifted out, one less.
  function automatic [Bits-1:0] decayed(input [Bits-1:0] s, input [3:0] decay);
    reg signed [Bits-1:0] kept;
    reg [31:0] out;
    begin
      kept = $signed(s) >>> decay;
      out = 32'(s) & ((32'd1 << decay) - 32'd1);
      decayed = s + ~kept + Bits'(s[Bits-1] || out == 32'd0);
    end
  endfunction

  // ---- a row of them

  logic flush;  // ENCODE of ACC_UPDATE
  logic [Sums-1:0] sum_on;
  logic [AMP_BITS*Sums-1:0] sum_amp;  // bit b of sum k at b*Sums + k
  logic [Sums-1:0] sum_neg;
  logic clipped;
  logic clip;
  logic [Sums*Bits-1:0] stored;
  logic [AMP_BITS-1:0] amp;
  integer k;
  integer b;
  assign flush = encode_i && flush_i;
  always @* begin
    stored = {Sums{data_i[Bits-1:0]}};
    clipped = 1'b0;
    clip = 1'b0;
    if (sum_i) begin
      for (k = 0; k < Sums; k = k + 1) begin
        {clip, stored[k * Bits +: Bits]} = added(row[k * Bits +: Bits], x_neg_q ^ col_neg_i[k << Gang],
                                                 term_q[k * PBits +: PBits]);
        clipped = clipped | clip;
      end
    end else if (flush) begin
      for (k = 0; k < Sums; k = k + 1) begin
        stored[k * Bits +: Bits] = clear_i ? Bits'(1'b0) : decayed(row[k * Bits +: Bits], decay_i);
      end
    end
  end
  always @* begin
    sum_on = {Sums{1'b0}};
    sum_amp = (AMP_BITS * Sums)'(1'b0);
    sum_neg = {Sums{1'b0}};
    amp = AMP_BITS'(1'b0);
    if (fetch_i) begin
      for (k = 0; k < Sums; k = k + 1) begin
        {sum_on[k], amp} = driven(magnitude(row[k * Bits +: Bits]), exp_i);
        for (b = 0; b < AMP_BITS; b = b + 1) sum_amp[b * Sums + k] = amp[b];
        sum_neg[k] = row[k * Bits + Bits - 1];
      end
      if (clear_i) sum_on = {Sums{1'b0}};
    end
  end

  assign signs_o = {|(sum_on & sum_neg), |(sum_on & ~sum_neg)};

  // Of columns.
  integer j;
  integer a;
  always @* begin
    col_on_o = {M{1'b0}};
    col_amp_o = (AMP_BITS * M)'(1'b0);
    col_neg_o = {M{1'b0}};
    if (flush_i) for (j = 0; j < M; j = j + 1) col_neg_o[j] = neg_q[j >> Gang];
    if (fetch_i) begin
      for (j = 0; j < M; j = j + 1) begin
        col_on_o[j] = sum_on[j >> Gang];
        for (a = 0; a < AMP_BITS; a = a + 1) col_amp_o[a * M + j] = sum_amp[a * Sums + (j >> Gang)];
      end
    end
  end

  // ---- factors, x

  function automatic [Sums*FBits-1:0] factors(input [Mag*M-1:0] mag, input [5:0] shift);
    integer s;
    integer p;
    reg [Mag-1:0] m;
    begin
      for (s = 0; s < Sums; s = s + 1) begin
        for (p = 0; p < Mag; p = p + 1) m[p] = mag[p * M + (s << Gang)];
        factors[s * FBits +: FBits] = scaled(m, shift);
      end
    end
  endfunction

  function automatic [Sums*PBits-1:0] terms(input [Mag-1:0] x, input [Sums*FBits-1:0] d);
    integer s;
    begin
      for (s = 0; s < Sums; s = s + 1) terms[s * PBits +: PBits] = PBits'(x) * PBits'(d[s * FBits +: FBits]);
    end
  endfunction

  logic exists;  // the row that SUM is at
  logic [RowBits-1:0] at;
  logic [Mag-1:0] x_mag;
  assign exists = (32'(row_i) < N);
  assign at = row_i[RowBits-1:0];

  integer q;
  always @* begin
    x_mag = Mag'(1'b0);
    if (sum_i && exists) for (q = 0; q < Mag; q = q + 1) x_mag[q] = row_mag_i[q * N + 32'(at)];
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      factor_q <= (Sums * FBits)'(1'b0);
      term_q <= (Sums * PBits)'(1'b0);
      x_neg_q <= 1'b0;
      neg_q <= Sums'(1'b0);
    end else begin
      if (factor_i) factor_q <= factors(col_mag_i, exp_i);
      if (sum_i && exists) begin
        term_q <= terms(x_mag, factor_q);
        x_neg_q <= row_neg_i[at];
      end
      if (fetch_i) neg_q <= sum_neg;
    end
  end

  // ---- the memory

  logic there;   // the sum that ACC_SEL names
  logic access;
  logic shown_q;
  logic [RowBits-1:0] read_row;
  logic [RowBits-1:0] write_row;
  logic [Sums-1:0] write;
  assign there = (32'(sel_i[31:16]) < N) && (32'(sel_i[15:0]) < Sums);
  assign access = read_i && there && !busy_i;
  assign read_row = access ? sel_i[16 +: RowBits] : at;
  assign write_row = set_i ? sel_i[16 +: RowBits] : at - RowBits'(1'b1);
  always @* begin
    write = {Sums{flush || (sum_i && row_i != 16'd0)}};
    if (set_i && there) write = Sums'(1'b1) << sel_i[SumIdx-1:0];
  end

  xt_ram #(.Rows(N), .Lanes(Sums), .Bits(Bits)) u_ram (
    .clk_i(clk_i), .read_i(ahead_i || access), .read_row_i(read_row), .data_o(row),
    .write_i(write), .write_row_i(write_row), .data_i(stored)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) shown_q <= 1'b0;
    else shown_q <= access;
  end
  assign value_o = shown_q ? 32'($signed(row[32'(sel_i[SumIdx-1:0]) * Bits +: Bits])) : 32'd0;

  // ---- info

  logic [15:0] count_q;
  logic [16:0] more;
  assign more = 17'(count_q) + (encode_i ? 17'($countones(phases_i)) : 17'(clipped && row_i != 16'd0));
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) count_q <= 16'd0;
    else if (start_i) count_q <= 16'd0;
    else if (encode_i || sum_i) count_q <= more[16] ? 16'hFFFF : more[15:0];
  end
  assign count_o = count_q;

endmodule
`default_nettype wire
