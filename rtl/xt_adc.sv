// SPDX-License-Identifier: Apache-2.0
// xt_adc: bank of successive-approximation converters against the front end's comparators.
//
// Operation. Unit u serves lines u*AdcShare + a, one share slot a after the other. AdcBits cycles, most
//   significant bit first: the trial code is kept if the comparator says v >= trial. LATCH:
//   result = clamp(clamp(code, +-ADCMAX) - offset, +-ADCMAX); a code at or beyond +-ADCMAX is at a rail.
//   With offset 0: result = clamp(floor((v + 2^(range-1)) / 2^range), +-ADCMAX).
// Parameters. N, M 1..32768; AdcBits 4..12; AdcShare 1..64; Units = ceil(max(N, M) / AdcShare).
// Timing. The register holds the trial of the cycle (0, the first trial, outside conversions, also after a cut);
//   codes_d_o is the value of codes_o (its first M lines) after the edge of a LATCH, else 0; rails_o belongs to the
//   LATCH of the cycle before.
// Trace record. trial, codes, info (lines at a rail), SATURATIONS.
// Golden counterpart. refc/xt_adc.c
// Invariants.
//   R1 every result is within +-ADCMAX. R2 trial codes never leave AdcBits.
//   R3 only lines of the sensed side count at a rail.
`default_nettype none
module xt_adc #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Lines = 784,
  parameter int Units = 784,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // this cycle: SAR, its bit; LATCH; share slot; side that is sensed: 0 columns, 1 rows; the conversion is cut after it
  input  wire logic sar_i,
  input  wire logic [3:0] bit_i,
  input  wire logic latch_i,
  input  wire logic [5:0] share_i,
  input  wire logic dir_i,
  input  wire logic cut_i,
  // ADC_OFFSET
  input  wire logic [AdcBits-1:0] offset_i,
  // array boundary: comparators, trial codes
  input  wire logic [Units-1:0] cmp_i,
  output logic [Units*AdcBits-1:0] trial_o,
  // results of all lines; of the columns as this LATCH leaves them; lines at a rail in the LATCH of the cycle before
  output logic [Lines*AdcBits-1:0] codes_o,
  output logic [M*AdcBits-1:0] codes_d_o,
  output logic rails_valid_o,
  output logic [15:0] rails_o
);

  localparam int TrialW = Units * AdcBits;
  localparam logic [AdcBits-1:0] TOP = {1'b0, {(AdcBits - 1) {1'b1}}};
  localparam logic [AdcBits-1:0] LOWEST = {1'b1, {(AdcBits - 1) {1'b0}}};  // one below BOTTOM
  localparam logic [AdcBits-1:0] BOTTOM = {1'b1, {(AdcBits - 2) {1'b0}}, 1'b1};

  // bit 0 of every lane
  function automatic [TrialW-1:0] lanes(input [Units-1:0] bits);
    integer u;
    begin
      lanes = TrialW'(1'b0);
      for (u = 0; u < Units; u = u + 1) lanes[u * AdcBits] = bits[u];
    end
  endfunction
  localparam [TrialW-1:0] ONES = lanes({Units{1'b1}});

  // The trial after this one: bit b decided, bit b-1 tried. Bit AdcBits-1 is the sign: tried as 0.
  function automatic [TrialW-1:0] next_trial(input [TrialW-1:0] trial, input [Units-1:0] cmp,
                                             input [3:0] bit_no);
    integer b;
    reg [TrialW-1:0] below;  // lanes whose v is below the trial
    begin
      below = lanes(~cmp);
      next_trial = trial;
      if (bit_no == 4'(AdcBits - 1)) begin
        next_trial = (below << (AdcBits - 1)) | (ONES << (AdcBits - 2));
      end
      for (b = 0; b < AdcBits - 1; b = b + 1) begin
        if (bit_no == 4'(b)) begin
          next_trial = trial & ~(below << b);
          if (b > 0) next_trial = next_trial | (ONES << ((b > 0) ? b - 1 : 0));
        end
      end
    end
  endfunction

  logic [TrialW-1:0] trial_q;
  logic [Lines*AdcBits-1:0] codes_q;
  logic [Lines*AdcBits-1:0] codes_d;
  logic [Units-1:0] rails;
  logic rails_valid_q;
  logic [15:0] rails_q;

  logic [31:0] sensed;
  assign sensed = dir_i ? N : M;

  integer a;
  integer u;
  logic [AdcBits-1:0] raw;
  logic [AdcBits:0] diff;
  always @* begin
    codes_d = (Lines * AdcBits)'(1'b0);
    rails = {Units{1'b0}};
    raw = AdcBits'(1'b0);
    diff = (AdcBits + 1)'(1'b0);
    if (latch_i) begin
      codes_d = codes_q;
      for (a = 0; a < AdcShare; a = a + 1) begin
        if (share_i == 6'(a)) begin
          for (u = 0; u < Units; u = u + 1) begin
            if (u * AdcShare + a < Lines) begin
              if (u * AdcShare + a < sensed) begin
                raw = trial_q[u * AdcBits +: AdcBits];
                if (raw == LOWEST) raw = BOTTOM;
                rails[u] = (raw == TOP) || (raw == BOTTOM);
                diff = {raw[AdcBits-1], raw} - {offset_i[AdcBits-1], offset_i};
                raw = diff[AdcBits-1:0];
                if (diff[AdcBits] != diff[AdcBits-1]) begin
                  raw = diff[AdcBits] ? BOTTOM : TOP;
                end else if (raw == LOWEST) begin
                  raw = BOTTOM;
                end
                codes_d[(u * AdcShare + a) * AdcBits +: AdcBits] = raw;
              end
            end
          end
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) trial_q <= TrialW'(1'b0);
    else if (latch_i || cut_i) trial_q <= TrialW'(1'b0);
    else if (sar_i) trial_q <= next_trial(trial_q, cmp_i, bit_i);
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      codes_q <= (Lines * AdcBits)'(1'b0);
      rails_valid_q <= 1'b0;
      rails_q <= 16'd0;
    end else begin
      rails_valid_q <= latch_i;
      if (latch_i) begin
        codes_q <= codes_d;
        rails_q <= 16'($countones(rails));
      end
    end
  end

  assign trial_o = trial_q;
  assign codes_o = codes_q;
  assign codes_d_o = codes_d[M*AdcBits-1:0];
  assign rails_valid_o = rails_valid_q;
  assign rails_o = rails_q;

endmodule
`default_nettype wire
