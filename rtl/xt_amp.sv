// SPDX-License-Identifier: Apache-2.0
// xt_amp: amplitude encoders of MTJ pulses: codes of both sides, the columns that are driven, the phases with lines.
//
// Operation. SPEC sections 6 and 7. Amplitude code of a magnitude v > 0, l the number of its leading one, next the bit
//   below it: a(v) = 2 (Mag - 1 - l) + (1 - next), half octaves below full scale: a leading-one detector and one bit.
//   ENCODE (encode_i): amp_j = a(|d_j|) + rate; a column with d_j = 0, or with amp_j > 2^AMP_BITS - 1, is not driven.
//   Rows: amp_i = a(|x_i|) with passive cells, else 0. Phases: of half-select, or (gated cells, a source line per
//   column) phase 0 the rows with x > 0, phase 1 those with x < 0, each with all driven columns.
//   Of ACC_UPDATE, whose ENCODE follows FETCH (take_i), the columns and their signs are those that xt_acc had in FETCH,
//   and rows have the amplitude of the largest code.
//   Lines are bit-sliced, as in xt_encoder: bit b of line k at b*Lines + k.
// Parameters. N, M 1..32768; Mag 1..7: magnitude bits of a code; Acc 0, 1: with ACC_UPDATE.
// Timing. col_on_o is right in ENCODE and until the next one, or a FETCH; found_o in ENCODE, 0 in all other cycles;
//   phases_o from the cycle after it on. The amplitudes are a gate from registers: 0 but in the pulses that pulse_i and
//   hold_i announce in the cycle before, and 0 for a line that is not driven.
// Trace record. row_amp, col_amp; info of END (through xt_result).
// Golden counterpart. refc/xt_amp.c
// Invariants.
//   R1 a line that is not driven has amplitude 0. R2 a column of code 0 is never on. R3 rows: amplitude at most
//   2 Mag - 1. R4 a phase has a row and a column. R5 amplitudes do not change within a pulse. R6 they are 0 beside MTJ
//   pulses. R7 of ACC_UPDATE those columns are on that xt_acc said in FETCH.
`default_nettype none
module xt_amp #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Mag = 6,
  parameter int Acc = 0
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // ENCODE; cells (CELL_*), shared source lines, rate
  input  wire logic encode_i,
  input  wire logic [1:0] cell_mode_i,
  input  wire logic shared_i,
  input  wire logic [5:0] rate_i,
  // codes of the encoders
  input  wire logic [Mag*N-1:0] row_mag_i,
  input  wire logic [N-1:0] row_neg_i,
  input  wire logic [Mag*M-1:0] col_mag_i,
  input  wire logic [M-1:0] col_neg_i,
  // FETCH of ACC_UPDATE: the columns that have a sum, their amplitudes, their signs (some > 0, some < 0)
  /* verilator lint_off UNUSEDSIGNAL */  // without an accumulator
  input  wire logic take_i,
  input  wire logic [M-1:0] sum_on_i,
  input  wire logic [32'(xt_pkg::AMP_BITS)*M-1:0] sum_amp_i,
  input  wire logic [1:0] sum_signs_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // columns that the operation drives, phases that it has: in ENCODE, after it
  output logic [M-1:0] col_on_o,
  output logic [3:0] found_o,
  output logic [3:0] phases_o,
  // the next cycle: an MTJ pulse begins; a pulse goes on. Lines driven in this one
  input  wire logic pulse_i,
  input  wire logic hold_i,
  input  wire logic [N-1:0] row_act_i,
  input  wire logic [M-1:0] col_act_i,
  // the array boundary
  output logic [32'(xt_pkg::AMP_BITS)*N-1:0] row_amp_o,
  output logic [32'(xt_pkg::AMP_BITS)*M-1:0] col_amp_o
);

  localparam int AMP_BITS = 32'(xt_pkg::AMP_BITS);
  localparam int L = (N > M) ? N : M;
  localparam int LogBits = 4;  // of a(v), at most 13
  localparam int SumBits = 7;  // with the rate

  function automatic [LogBits*L-1:0] logs(input [Mag*L-1:0] mag);
    integer l;
    integer b;
    reg [L-1:0] none;  // no one above
    reg [L-1:0] lead;
    reg [L-1:0] below;
    begin
      logs = (LogBits * L)'(1'b0);
      none = {L{1'b1}};
      for (l = Mag - 1; l >= 0; l = l - 1) begin
        lead = mag[l * L +: L] & none;
        none = none & ~mag[l * L +: L];
        below = (l > 0) ? mag[((l > 0) ? l - 1 : 0) * L +: L] : {L{1'b0}};
        logs[0 +: L] = logs[0 +: L] | (lead & ~below);
        for (b = 1; b < LogBits; b = b + 1) begin
          if ((((2 * (Mag - 1 - l)) >> b) & 1) != 0) logs[b * L +: L] = logs[b * L +: L] | lead;
        end
      end
    end
  endfunction

  // The same number added to the codes of all columns.
  function automatic [SumBits*M-1:0] added(input [LogBits*M-1:0] code, input [5:0] rate);
    integer b;
    reg [M-1:0] a;
    reg [M-1:0] c;
    reg [M-1:0] cy;
    begin
      cy = {M{1'b0}};
      for (b = 0; b < SumBits; b = b + 1) begin
        a = (b < LogBits) ? code[((b < LogBits) ? b : 0) * M +: M] : {M{1'b0}};
        c = {M{(b < 6) ? rate[(b < 6) ? b : 0] : 1'b0}};
        added[b * M +: M] = a ^ c ^ cy;
        cy = (a & c) | (cy & (a | c));
      end
    end
  endfunction

  logic gated;
  logic sums;  // FETCH was the cycle before
  logic took_q;
  assign gated = (cell_mode_i == xt_pkg::CELL_GATED);
  assign sums = (Acc != 0) && took_q;

  // What ENCODE makes. Only then is it looked at.
  integer p;
  integer q;
  logic [Mag*L-1:0] row_wide;
  logic [Mag*L-1:0] col_wide;
  logic [LogBits*L-1:0] row_log;
  logic [LogBits*L-1:0] col_log;
  logic [LogBits*M-1:0] col_code;
  logic [SumBits*M-1:0] sum;
  logic [N-1:0] row_any;
  logic [M-1:0] col_any;
  logic [AMP_BITS*N-1:0] row_amp_d;
  logic [AMP_BITS*M-1:0] col_amp_d;
  logic [M-1:0] col_on_d;
  logic [3:0] phases_d;
  logic [1:0] x_signs;  // some x > 0, some x < 0
  logic [1:0] d_signs;  // of the columns that are driven
  always @* begin
    row_wide = (Mag * L)'(1'b0);
    col_wide = (Mag * L)'(1'b0);
    row_log = (LogBits * L)'(1'b0);
    col_log = (LogBits * L)'(1'b0);
    col_code = (LogBits * M)'(1'b0);
    sum = (SumBits * M)'(1'b0);
    row_any = {N{1'b0}};
    col_any = {M{1'b0}};
    row_amp_d = (AMP_BITS * N)'(1'b0);
    col_amp_d = (AMP_BITS * M)'(1'b0);
    col_on_d = {M{1'b0}};
    x_signs = 2'd0;
    d_signs = 2'd0;
    if (encode_i) begin
      for (p = 0; p < Mag; p = p + 1) begin
        row_wide[p * L +: N] = row_mag_i[p * N +: N];
        col_wide[p * L +: M] = col_mag_i[p * M +: M];
        row_any = row_any | row_mag_i[p * N +: N];
        col_any = col_any | col_mag_i[p * M +: M];
      end
      row_log = logs(row_wide);
      col_log = logs(col_wide);
      for (q = 0; q < LogBits; q = q + 1) begin
        if (!gated && !(sums && Mag > 1)) row_amp_d[q * N +: N] = row_log[q * L +: N];  // a line holds code 1
        col_code[q * M +: M] = col_log[q * L +: M];
      end
      sum = added(col_code, rate_i);
      col_on_d = sums ? col_on_q : col_any & ~sum[5 * M +: M] & ~sum[6 * M +: M];
      col_amp_d = sum[AMP_BITS*M-1:0];
      x_signs = {|(row_any & row_neg_i), |(row_any & ~row_neg_i)};
      d_signs = sums ? sum_signs_q : {|(col_on_d & col_neg_i), |(col_on_d & ~col_neg_i)};
    end
    if (gated && !shared_i) phases_d = {2'b00, x_signs & {2{|d_signs}}};
    else phases_d = {{2{x_signs[1]}} & d_signs, {2{x_signs[0]}} & d_signs};
  end

  logic [1:0] sum_signs_q;
  logic [M-1:0] col_on_q;
  logic [3:0] phases_q;
  logic [AMP_BITS*N-1:0] row_amp_q;
  logic [AMP_BITS*M-1:0] col_amp_q;
  logic live_q;  // a PULSE cycle of MTJ pulses
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sum_signs_q <= 2'd0;
      col_on_q <= {M{1'b0}};
      phases_q <= 4'd0;
      row_amp_q <= (AMP_BITS * N)'(1'b0);
      col_amp_q <= (AMP_BITS * M)'(1'b0);
    end else if (encode_i) begin
      phases_q <= phases_d;
      row_amp_q <= row_amp_d;
      if (!sums) begin
        col_on_q <= col_on_d;
        col_amp_q <= col_amp_d;
      end
    end else if (Acc != 0 && take_i) begin
      col_on_q <= sum_on_i;
      col_amp_q <= sum_amp_i;
      sum_signs_q <= sum_signs_i;
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      live_q <= 1'b0;
      took_q <= 1'b0;
    end else begin
      live_q <= pulse_i || (hold_i && live_q);
      took_q <= take_i;
    end
  end

  assign col_on_o = encode_i ? col_on_d : col_on_q;
  assign found_o = phases_d;
  assign phases_o = phases_q;
  assign row_amp_o = row_amp_q & {AMP_BITS{row_act_i & {N{live_q}}}};
  assign col_amp_o = col_amp_q & {AMP_BITS{col_act_i & {M{live_q}}}};

endmodule
`default_nettype wire
