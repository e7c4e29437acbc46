// SPDX-License-Identifier: Apache-2.0
// xt_adc: bank of converters against the front end's comparators, their corrections.
//
// Operation. Unit u serves lines u*AdcShare + a, one share slot a after the other.
//   AdcKind 0, successive approximation: AdcBits cycles, most significant bit first: the trial code is kept if the
//   comparator says v >= trial. AdcKind 1, ramp: 2*ADCMAX cycles, the trial of all units climbs from -ADCMAX + 1; a
//   unit's code is the last trial before the comparator says v < trial.
//   LATCH: result = clamp(clamp(code, +-ADCMAX) - offset - correction of the unit, +-ADCMAX); a code at or beyond
//   +-ADCMAX is at a rail. Without any: result = clamp(floor((v + 2^(range-1)) / 2^range), +-ADCMAX).
//   The last LATCH of CALIBRATE adds to every unit's correction the result of its line u*AdcShare, clamped to +-ADCMAX.
// Parameters. N, M 1..32768; AdcBits 4..12; AdcShare 1..64; AdcKind 0, 1; Units = ceil(max(N, M) / AdcShare).
// Timing. Trials come from registers, 0 outside conversions, also after a cut (AdcKind 0: 0 is the first trial; 1: made
//   one cycle ahead); in LATCH the codes. rails_o belongs to the LATCH of the cycle before, overs_o to the read up to
//   it. Offset and correction stand during a conversion: their sum is a register, made in slot 0.
// Trace record. trial, codes, info (lines at a rail), SATURATIONS, OVERLOADS.
// Golden counterpart. refc/xt_adc.c
// Invariants.
//   R1 every result is within +-ADCMAX. R2 trial codes never leave AdcBits.
//   R3 only lines of the sensed side count at a rail or at a limit. R4 every correction is within +-ADCMAX, and changes
//   by CALIBRATE and by the bus only. R5 the trials of a ramp are the same for all units and climb by one.
`default_nettype none
module xt_adc #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Lines = 784,
  parameter int Units = 784,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // this cycle: SAR, its bit or number; LATCH; share slot; side that is sensed: 0 columns, 1 rows; the conversion is
  // cut after it; a LATCH that corrects
  input  wire logic sar_i,
  /* verilator lint_off UNUSEDSIGNAL */  // each kind needs some
  input  wire logic [11:0] slot_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire logic latch_i,
  input  wire logic [5:0] share_i,
  input  wire logic dir_i,
  input  wire logic cut_i,
  input  wire logic calibrate_i,
  // the next cycle: SAR, its number (AdcKind 1)
  /* verilator lint_off UNUSEDSIGNAL */
  input  wire logic next_sar_i,
  input  wire logic [11:0] next_slot_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // ADC_OFFSET; correction of one unit (0: there is no such unit, or nobody reads), and the bus that sets it
  input  wire logic [AdcBits-1:0] offset_i,
  input  wire logic [15:0] cal_unit_i,
  input  wire logic cal_read_i,
  output logic [AdcBits-1:0] cal_o,
  input  wire logic cal_set_i,
  input  wire logic [AdcBits-1:0] cal_i,
  // array boundary: comparators, integrators at their limit, trial codes
  input  wire logic [Units-1:0] cmp_i,
  input  wire logic [Units-1:0] over_i,
  output logic [Units*AdcBits-1:0] trial_o,
  // results of all lines; lines at a rail in the LATCH of the cycle before;
  // lines at a limit in the whole read
  output logic [Lines*AdcBits-1:0] codes_o,
  output logic rails_valid_o,
  output logic [15:0] rails_o,
  output logic [15:0] overs_o
);

  localparam int TrialW = Units * AdcBits;
  localparam logic [AdcBits-1:0] TOP = {1'b0, {(AdcBits - 1) {1'b1}}};
  localparam logic [AdcBits-1:0] LOWEST = {1'b1, {(AdcBits - 1) {1'b0}}};  // one below BOTTOM
  localparam logic [AdcBits-1:0] BOTTOM = {1'b1, {(AdcBits - 2) {1'b0}}, 1'b1};

  // Clamps to +-ADCMAX.
  function automatic [AdcBits-1:0] bounded(input [AdcBits+1:0] v);
    if (v[AdcBits+1:AdcBits-1] != {3{v[AdcBits+1]}}) bounded = v[AdcBits+1] ? BOTTOM : TOP;
    else if (v[AdcBits-1:0] == LOWEST) bounded = BOTTOM;
    else bounded = v[AdcBits-1:0];
  endfunction

  // A bit of every unit in all bits of its lane.
  function automatic [TrialW-1:0] fill(input [Units-1:0] bits);
    integer u;
    begin
      for (u = 0; u < Units; u = u + 1) fill[u * AdcBits +: AdcBits] = {AdcBits{bits[u]}};
    end
  endfunction

  // The search: trials of this cycle, codes as a LATCH finds them.
  logic [TrialW-1:0] trial;
  logic [TrialW-1:0] found;
  generate
    if (AdcKind == 0) begin : g_sar
      localparam [TrialW-1:0] ONES = {Units{AdcBits'(1'b1)}};

      // Units whose v is below the trial, each in the lowest bit of its lane, 32 units at a time: whole words of a
      // simulator.
      localparam int Groups = (Units + 31) / 32;
      function automatic [TrialW-1:0] lanes(input [Units-1:0] cmp);
        integer q;
        integer l;
        reg [32*Groups-1:0] all;
        reg [31:0] word;
        reg [32*AdcBits-1:0] group;
        /* verilator lint_off UNUSEDSIGNAL */  // but for what pads the last group
        reg [32*AdcBits*Groups-1:0] wide;
        /* verilator lint_on UNUSEDSIGNAL */
        begin
          all = {Groups{32'd0}};
          all[Units-1:0] = ~cmp;
          for (q = 0; q < Groups; q = q + 1) begin
            word = all[32 * q +: 32];
            group = {AdcBits{32'd0}};
            for (l = 0; l < 32; l = l + 1) group[l * AdcBits] = word[l];
            wide[32 * AdcBits * q +: 32 * AdcBits] = group;
          end
          lanes = wide[TrialW-1:0];
        end
      endfunction

      // The trial after this one: bit b decided, bit b-1 tried. Bit AdcBits-1 is the sign: tried as 0.
      function automatic [TrialW-1:0] next_trial(input [TrialW-1:0] now, input [Units-1:0] cmp, input [3:0] bit_no);
        integer b;
        reg [TrialW-1:0] below;
        begin
          below = lanes(cmp);
          next_trial = now;
          if (bit_no == 4'(AdcBits - 1)) begin
            next_trial = (below << (AdcBits - 1)) | (ONES << (AdcBits - 2));
          end
          for (b = 0; b < AdcBits - 1; b = b + 1) begin
            if (bit_no == 4'(b)) begin
              next_trial = now & ~(below << b);
              if (b > 0) next_trial = next_trial | (ONES << ((b > 0) ? b - 1 : 0));
            end
          end
        end
      endfunction

      logic [TrialW-1:0] trial_q;
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) trial_q <= TrialW'(1'b0);
        else if (latch_i || cut_i) trial_q <= TrialW'(1'b0);
        else if (sar_i) trial_q <= next_trial(trial_q, cmp_i, slot_i[3:0]);
      end
      assign trial = trial_q;
      assign found = trial_q;
    end else begin : g_ramp
      logic [AdcBits-1:0] ramp_q;   // trial of all units
      logic [TrialW-1:0] code_q;
      logic [Units-1:0] climbs_q;   // units that no trial has stopped
      logic show_q;                 // LATCH
      logic [Units-1:0] climbs;
      logic [TrialW-1:0] passed;    // lanes whose trial stands
      assign climbs = cmp_i & (climbs_q | {Units{slot_i == 12'd0}});
      assign passed = fill(climbs);
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
          ramp_q <= AdcBits'(1'b0);
          show_q <= 1'b0;
        end else begin
          ramp_q <= next_sar_i ? next_slot_i[AdcBits-1:0] + BOTTOM + AdcBits'(1'b1) : AdcBits'(1'b0);
          show_q <= sar_i && !cut_i && (ramp_q == TOP);
        end
      end
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
          code_q <= TrialW'(1'b0);
          climbs_q <= {Units{1'b0}};
        end else if (sar_i) begin
          code_q <= ((slot_i == 12'd0) ? {Units{BOTTOM}} : code_q) & ~passed | {Units{ramp_q}} & passed;
          climbs_q <= climbs;
        end
      end
      assign trial = {Units{ramp_q}} | (code_q & {TrialW{show_q}});  // never both
      assign found = code_q;
    end
  endgenerate

  logic [Lines*AdcBits-1:0] codes_q;
  logic [Lines*AdcBits-1:0] codes_d;
  logic [Units-1:0] rails;
  logic rails_valid_q;
  logic [15:0] rails_q;

  logic [31:0] sensed;
  assign sensed = dir_i ? N : M;

  // Corrections. What a LATCH takes off is known before it.
  logic [TrialW-1:0] cal_q;
  logic [Units*(AdcBits+1)-1:0] less_q;

  integer a;
  integer u;
  logic [AdcBits-1:0] raw;
  logic [AdcBits+1:0] diff;
  always @* begin
    codes_d = (Lines * AdcBits)'(1'b0);
    rails = {Units{1'b0}};
    raw = AdcBits'(1'b0);
    diff = (AdcBits + 2)'(1'b0);
    if (latch_i) begin
      codes_d = codes_q;
      for (a = 0; a < AdcShare; a = a + 1) begin
        if (share_i == 6'(a)) begin
          for (u = 0; u < Units; u = u + 1) begin
            if (u * AdcShare + a < Lines) begin
              if (u * AdcShare + a < sensed) begin
                raw = found[u * AdcBits +: AdcBits];
                if (raw == LOWEST) raw = BOTTOM;
                rails[u] = (raw == TOP) || (raw == BOTTOM);
                diff = {{2{raw[AdcBits-1]}}, raw}
                     - {less_q[u * (AdcBits + 1) + AdcBits], less_q[u * (AdcBits + 1) +: AdcBits + 1]};
                codes_d[(u * AdcShare + a) * AdcBits +: AdcBits] = bounded(diff);
              end
            end
          end
        end
      end
    end
  end

  // What is computed only where it is needed stands under the condition: a simulator would make it in every cycle.
  function automatic [Units*(AdcBits+1)-1:0] taken_off(input [TrialW-1:0] cal, input [AdcBits-1:0] offset);
    integer c;
    reg [AdcBits-1:0] was;
    begin
      for (c = 0; c < Units; c = c + 1) begin
        was = cal[c * AdcBits +: AdcBits];
        taken_off[c * (AdcBits + 1) +: AdcBits + 1] = {was[AdcBits-1], was} + {offset[AdcBits-1], offset};
      end
    end
  endfunction

  // A write of the bus, or CALIBRATE, whose result is of the longer side: every unit has its line u*AdcShare.
  function automatic [TrialW-1:0] corrected(
      input [TrialW-1:0] cal, input set, input [15:0] unit, input [AdcBits-1:0] to, input [Lines*AdcBits-1:0] codes);
    integer c;
    reg [AdcBits-1:0] was;
    reg [AdcBits-1:0] err;
    begin
      corrected = cal;
      for (c = 0; c < Units; c = c + 1) begin
        was = cal[c * AdcBits +: AdcBits];
        err = codes[c * AdcShare * AdcBits +: AdcBits];
        if (!set) begin
          corrected[c * AdcBits +: AdcBits] = bounded({{2{was[AdcBits-1]}}, was} + {{2{err[AdcBits-1]}}, err});
        end else if (unit == 16'(c)) begin
          corrected[c * AdcBits +: AdcBits] = to;
        end
      end
    end
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) cal_q <= TrialW'(1'b0);
    else if (calibrate_i || cal_set_i) cal_q <= corrected(cal_q, cal_set_i, cal_unit_i, cal_i, codes_d);
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) less_q <= (Units * (AdcBits + 1))'(1'b0);
    else if (sar_i && slot_i == 12'd0) less_q <= taken_off(cal_q, offset_i);
  end

  integer k;
  always @* begin
    cal_o = AdcBits'(1'b0);
    if (cal_read_i) begin
      for (k = 0; k < Units; k = k + 1) begin
        if (cal_unit_i == 16'(k)) cal_o = cal_o | cal_q[k * AdcBits +: AdcBits];
      end
    end
  end

  // Lines at a limit: looked at in SAR, where they stand, added up in LATCH, so that nothing long follows the array.
  function automatic [AdcShare*Units-1:0] present(input integer lines);  // on a side, in share slot s at s*Units
    integer s;
    begin
      for (s = 0; s < AdcShare; s = s + 1) begin
        present[s * Units +: Units] = ~({Units{1'b1}} << ((lines + AdcShare - 1 - s) / AdcShare));
      end
    end
  endfunction
  localparam [AdcShare*Units-1:0] ROWS = present(N);
  localparam [AdcShare*Units-1:0] COLUMNS = present(M);

  logic [Units-1:0] over_d;
  logic [Units-1:0] over_q;
  logic [15:0] overs_q;
  integer s;
  always @* begin
    over_d = {Units{1'b0}};
    for (s = 0; s < AdcShare; s = s + 1) begin
      if (share_i == 6'(s)) over_d = over_i & (dir_i ? ROWS[s * Units +: Units] : COLUMNS[s * Units +: Units]);
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      over_q <= {Units{1'b0}};
      overs_q <= 16'd0;
    end else begin
      if (sar_i) over_q <= over_d;
      if (latch_i) overs_q <= ((share_i == 6'd0) ? 16'd0 : overs_q) + 16'($countones(over_q));
    end
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

  assign trial_o = trial;
  assign codes_o = codes_q;
  assign rails_valid_o = rails_valid_q;
  assign rails_o = rails_q;
  assign overs_o = overs_q;

endmodule
`default_nettype wire
