// SPDX-License-Identifier: Apache-2.0
// xt_afe: behavioural model of the analog front end: integrators, mirrors, hold, converters' DACs and comparators.
//
// Operation. rtl/SPEC.md section 8, "Front end". Not synthesizable. With all fields but READ_NOISE 0 it is ideal, and
//   what an error would need is not computed:
//   CLEAR  acc = 0;  INTEG  acc = halve ? (acc + cur*2^MB) >>> 1 : acc + cur;  HOLD  acc += noise, read_ctr += 1;
//   comparator of unit u, share slot a: line u*AdcShare + a exists and acc + half >= code * 2^range.
// Parameters. As xt_tile; CurBits: width of a current, 32 or 64.
// Timing. Integrators at rising edges; comparators and over_o in the cycle of the trial code (conv), otherwise 0: a
//   sleeping comparator costs no simulation time.
// Golden counterpart. refc/xt_afe.c
// Invariants. R1 cmp_o[u], over_o[u] are 0 for a line that does not exist, and without conv. R2 an idle cycle changes
//   nothing. R3 no integrator has reached a limit right after CLEAR.
`default_nettype none
`include "xt_types.svh"
module xt_afe #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0,
  parameter int CurBits = 32,
  localparam int L = (N > M) ? N : M,
  localparam int LB = (L > 1) ? $clog2(L) : 1,
  localparam int P = (L + AdcShare - 1) / AdcShare
) (
  input  wire logic clk_i,
  // array boundary
  /* verilator lint_off UNUSEDSIGNAL */  // what concerns the devices only
  input  wire xt_array_ctl_t ctl_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // current of sensed line l, signed, at [CurBits*l +: CurBits]; what its mirror takes off, at [64*l +: 64]: only read
  // if MIRROR is not 0
  input  wire logic [(CurBits << LB)-1:0] cur_i,
  input  wire logic [(64 << LB)-1:0] back_i,
  input  wire logic [P*AdcBits-1:0] sar_code_i,
  output logic [31:0] read_ctr_o,  // noise counter of reads
  output logic [P-1:0] cmp_o,
  output logic [P-1:0] over_o,
  // configuration, as xt_plane
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i
);
  localparam int PBITS = (P > 1) ? $clog2(P) : 1;
  localparam int DL = 1 << LB;
  localparam int DP = 1 << PBITS;
  localparam int PW = (P + 31) / 32;
  localparam int CB = $clog2(CurBits);
  localparam int MB = CodeBits - 1;

  /* verilator lint_off BLKSEQ */  // one process owns these, and nobody samples them at its edge
  logic [63:0] acc [0:DL-1];
  logic [DL-1:0] reached;  // the limit, since CLEAR
  logic [31:0] read_ctr_q;
  logic [31:0] cmp_ctr_q;
  logic [31:0] cfg_q [0:15];  // global fields, xt_pkg::DEV_GLOBAL_*
  /* verilator tracing_off */
  logic [63:0] taken [0:DL-1];              // ref of SPEC section 8
  logic signed [31:0] mirror [0:2*DL-1];    // entry {dir, line}
  logic signed [31:0] offset [0:DP-1];      // of a unit
  logic signed [31:0] gain [0:DP-1];
  logic signed [31:0] weight [0:16*DP-1];   // entry {unit, bit}
  logic limited;    // INT_MAX is not 0
  logic mirrored;   // MIRROR is not 0
  logic erring;     // some error of converters or comparators is not 0
  /* verilator tracing_on */

  assign read_ctr_o = read_ctr_q;

  `include "array/xt_noise.svh"

  // ------------------------------------------------------------------ configuration, fabrication
  // An error of feature f at place k: standard deviation 147.80 of what `field` counts in.
  function automatic logic signed [63:0] error_of(input logic [31:0] f, input logic [31:0] k, input logic [3:0] field);
    error_of = 64'(gauss(hash_word(hash_key(cfg_q[xt_pkg::DEV_GLOBAL_SEED[3:0]], xt_pkg::DOM_AFE, f), k)))
             * $signed({32'd0, cfg_q[field]});
  endfunction

  function automatic logic signed [31:0] clamp16(input logic signed [63:0] v);
    logic signed [63:0] a;
    a = (v < -64'sd65536) ? -64'sd65536 : v;
    a = (a > 64'sd65536) ? 64'sd65536 : a;
    clamp16 = a[31:0];
  endfunction

  // round(16 * 2^(b/2)): a bit of 2^b equal capacitors
  function automatic logic signed [63:0] root2(input logic [3:0] b);
    case (b)
      4'd0: root2 = 64'sd16;
      4'd1: root2 = 64'sd23;
      4'd2: root2 = 64'sd32;
      4'd3: root2 = 64'sd45;
      4'd4: root2 = 64'sd64;
      4'd5: root2 = 64'sd91;
      4'd6: root2 = 64'sd128;
      4'd7: root2 = 64'sd181;
      4'd8: root2 = 64'sd256;
      4'd9: root2 = 64'sd362;
      4'd10: root2 = 64'sd512;
      default: root2 = 64'sd724;
    endcase
  endfunction

  task automatic fabricate;
    logic [31:0] k;
    logic [31:0] b;
    logic [31:0] of;
    read_ctr_q = 32'd0;
    cmp_ctr_q = 32'd0;
    limited = cfg_q[xt_pkg::DEV_GLOBAL_INT_MAX[3:0]] != 32'd0;
    mirrored = cfg_q[xt_pkg::DEV_GLOBAL_MIRROR[3:0]] != 32'd0;
    erring = (cfg_q[xt_pkg::DEV_GLOBAL_ADC_OFFS[3:0]] | cfg_q[xt_pkg::DEV_GLOBAL_ADC_GAIN[3:0]]
              | cfg_q[xt_pkg::DEV_GLOBAL_ADC_WEIGHT[3:0]] | cfg_q[xt_pkg::DEV_GLOBAL_CMP_NOISE[3:0]]) != 32'd0;
    for (k = 32'd0; k < 32'(L); k = k + 32'd1) begin
      mirror[{1'b0, k[LB-1:0]}] = clamp16(error_of(32'd1, k, xt_pkg::DEV_GLOBAL_MIRROR[3:0]));
      mirror[{1'b1, k[LB-1:0]}] = clamp16(error_of(32'd1, k + 32'd65536, xt_pkg::DEV_GLOBAL_MIRROR[3:0]));
    end
    for (k = 32'd0; k < 32'(P); k = k + 32'd1) begin
      offset[k[PBITS-1:0]] = 32'(error_of(32'd2, k, xt_pkg::DEV_GLOBAL_ADC_OFFS[3:0]) >>> 8);
      gain[k[PBITS-1:0]] = clamp16(error_of(32'd3, k, xt_pkg::DEV_GLOBAL_ADC_GAIN[3:0]));
      of = (AdcKind == 1) ? 32'd0 : k;  // whose DAC
      for (b = 32'd0; b < 32'(AdcBits); b = b + 32'd1) begin
        weight[{k[PBITS-1:0], b[3:0]}] =
            32'((error_of(32'd4 + b, of, xt_pkg::DEV_GLOBAL_ADC_WEIGHT[3:0]) * root2(b[3:0])) >>> 16);
      end
    end
  endtask

  // ------------------------------------------------------------------ integrators
  // Loops are in tasks and functions: the simulator keeps their locals in machine registers.
  task automatic clear;
    logic [31:0] l;
    for (l = 32'd0; l < 32'(L); l = l + 32'd1) acc[l[LB-1:0]] = 64'd0;
    if (mirrored) begin
      for (l = 32'd0; l < 32'(L); l = l + 32'd1) taken[l[LB-1:0]] = 64'd0;
    end
    reached = DL'(1'b0);
  endtask

  task automatic integrate(input logic [31:0] lines, input logic halve);
    logic [31:0] l;
    if (halve) begin
      for (l = 32'd0; l < lines; l = l + 32'd1)
        acc[l[LB-1:0]] = $unsigned(
            $signed(acc[l[LB-1:0]] + (64'($signed(cur_i[{l[LB-1:0], {CB{1'b0}}} +: CurBits])) << MB)) >>> 1);
    end else begin
      for (l = 32'd0; l < lines; l = l + 32'd1)
        acc[l[LB-1:0]] = 64'($signed(cur_i[{l[LB-1:0], {CB{1'b0}}} +: CurBits])) + acc[l[LB-1:0]];
    end
  endtask

  task automatic limit(input logic [31:0] lines);
    logic [31:0] l;
    logic signed [63:0] most;
    most = $signed({32'd0, cfg_q[xt_pkg::DEV_GLOBAL_INT_MAX[3:0]]}) <<< xt_pkg::sel_fraction(ctl_i.sel);
    for (l = 32'd0; l < lines; l = l + 32'd1) begin
      if ($signed(acc[l[LB-1:0]]) > most) begin
        acc[l[LB-1:0]] = $unsigned(most);
        reached[l[LB-1:0]] = 1'b1;
      end else if ($signed(acc[l[LB-1:0]]) < -most) begin
        acc[l[LB-1:0]] = $unsigned(-most);
        reached[l[LB-1:0]] = 1'b1;
      end
    end
  endtask

  task automatic take(input logic [31:0] lines, input logic halve);
    logic [31:0] l;
    logic signed [63:0] back;
    for (l = 32'd0; l < lines; l = l + 32'd1) begin
      back = $signed(back_i[{l[LB-1:0], 6'd0} +: 64]);
      back = halve ? ($signed(taken[l[LB-1:0]]) + (back <<< MB)) >>> 1 : $signed(taken[l[LB-1:0]]) + back;
      taken[l[LB-1:0]] = $unsigned(back);
    end
  endtask

  // ------------------------------------------------------------------ hold
  task automatic mismatch(input logic [31:0] lines, input logic dir);
    logic [31:0] l;
    logic signed [95:0] product;  // at the largest shapes 72 bits
    for (l = 32'd0; l < lines; l = l + 32'd1) begin
      product = 96'(mirror[{dir, l[LB-1:0]}]) * 96'($signed(taken[l[LB-1:0]]));
      product = product >>> 20;
      acc[l[LB-1:0]] = acc[l[LB-1:0]] - product[63:0];
    end
  endtask

  task automatic add_noise(input logic [31:0] lines, input logic [31:0] first);
    logic [31:0] l;
    logic [31:0] key;
    logic signed [63:0] noise;
    key = hash_key(cfg_q[xt_pkg::DEV_GLOBAL_SEED[3:0]], xt_pkg::DOM_READ, read_ctr_q);
    for (l = 32'd0; l < lines; l = l + 32'd1) begin
      noise = 64'(gauss(hash_word(key, l + first))) * $signed({32'd0, cfg_q[xt_pkg::DEV_GLOBAL_READ_NOISE[3:0]]});
      noise = (noise >>> 8) <<< xt_pkg::sel_fraction(ctl_i.sel);
      acc[l[LB-1:0]] = acc[l[LB-1:0]] + noise;
    end
  endtask

  always @(posedge clk_i) begin : front_end
    if (cfg_valid_i && cfg_addr_i >= xt_pkg::CFG_GLOBALS[7:0] && cfg_addr_i < xt_pkg::CFG_GLOBALS[7:0] + 8'd16)
      cfg_q[cfg_addr_i[3:0]] = cfg_data_i;
    if (fabricate_i) fabricate;
    if (ctl_i.clear) clear;
    if (ctl_i.integ) begin
      integrate(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.halve);
      if (limited) limit(ctl_i.dir ? 32'(N) : 32'(M));
      if (mirrored) take(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.halve);
    end
    if (ctl_i.hold) begin
      if (mirrored) mismatch(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.dir);
      if (cfg_q[xt_pkg::DEV_GLOBAL_READ_NOISE[3:0]] != 32'd0)
        add_noise(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.dir ? 32'd65536 : 32'd0);
      read_ctr_q = read_ctr_q + 32'd1;
    end
    if (ctl_i.conv) cmp_ctr_q = cmp_ctr_q + 32'd1;
  end
  /* verilator lint_on BLKSEQ */

  // ------------------------------------------------------------------ comparators
  function automatic logic signed [63:0] half_of(input logic [5:0] shift);
    half_of = (shift == 6'd0) ? 64'sd0 : (64'sd1 <<< (shift - 6'd1));
  endfunction

  function automatic logic [P-1:0] compare(
      input logic [31:0] lines, input logic [5:0] slot, input logic [5:0] shift,
      input logic [P*AdcBits-1:0] codes);
    logic [31:0] u;
    logic [31:0] line;
    logic signed [63:0] half;
    logic signed [63:0] value;
    logic signed [63:0] code;
    logic [31:0] word;
    /* verilator lint_off UNUSEDSIGNAL */  // all but what pads the last
    logic [32*PW-1:0] words;
    /* verilator lint_on UNUSEDSIGNAL */
    words = '0;
    half = half_of(shift);
    line = 32'(slot);
    u = 32'd0;
    for (int q = 0; q < PW; q++) begin
      word = 32'd0;
      for (int b = 0; b < 32 && line < lines; b++) begin
        code = 64'($signed(codes[u*AdcBits +: AdcBits]));
        value = $signed(acc[line[LB-1:0]]) + half;
        word = word | (32'(value >= (code <<< shift)) << b);
        u = u + 32'd1;
        line = line + 32'(AdcShare);
      end
      words[32*q +: 32] = word;
    end
    compare = words[P-1:0];
  endfunction

  // The same with errors, in 1/256 of a code.
  function automatic logic [P-1:0] compare_erring(
      input logic [31:0] lines, input logic [5:0] slot, input logic [5:0] shift,
      input logic [P*AdcBits-1:0] codes, input logic [31:0] ctr);
    logic [31:0] u;
    logic [31:0] b;
    logic [31:0] line;
    logic [31:0] key;
    logic [15:0] code;
    logic signed [63:0] half;
    logic signed [63:0] dac;
    logic signed [63:0] noise;
    logic signed [95:0] v;  // at the largest shapes 72 bits
    logic signed [95:0] value;
    compare_erring = '0;
    key = hash_key(cfg_q[xt_pkg::DEV_GLOBAL_SEED[3:0]], xt_pkg::DOM_CMP, ctr);
    half = half_of(shift);
    line = 32'(slot);
    for (u = 32'd0; line < lines; u = u + 32'd1) begin
      code = 16'(codes[u*AdcBits +: AdcBits]) ^ (16'd1 << (AdcBits - 1));  // offset binary
      dac = -(64'sd256 <<< (AdcBits - 1));
      for (b = 32'd0; b < 32'(AdcBits); b = b + 32'd1)
        if (code[b[3:0]]) dac = dac + (64'sd256 <<< b) + 64'(weight[{u[PBITS-1:0], b[3:0]}]);
      noise = 64'(gauss(hash_word(key, u))) * $signed({32'd0, cfg_q[xt_pkg::DEV_GLOBAL_CMP_NOISE[3:0]]});
      noise = noise >>> 8;
      v = 96'($signed(acc[line[LB-1:0]]));
      value = v * 96'(gain[u[PBITS-1:0]]);
      value = ((v + 96'(half)) <<< 8) + (value >>> 12);
      dac = dac + 64'(offset[u[PBITS-1:0]]) + noise;
      compare_erring[u[PBITS-1:0]] = (value >>> shift) >= 96'(dac);
      line = line + 32'(AdcShare);
    end
  endfunction

  function automatic logic [P-1:0] overloaded(
      input logic [31:0] lines, input logic [5:0] slot, input logic [DL-1:0] flags);
    logic [31:0] u;
    logic [31:0] line;
    overloaded = '0;
    line = 32'(slot);
    for (u = 32'd0; line < lines; u = u + 32'd1) begin
      overloaded[u[PBITS-1:0]] = flags[line[LB-1:0]];
      line = line + 32'(AdcShare);
    end
  endfunction

  always_comb begin : comparators
    cmp_o = '0;
    if (ctl_i.conv && erring)
      cmp_o = compare_erring(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.adc_slot, ctl_i.range, sar_code_i, cmp_ctr_q);
    else if (ctl_i.conv) cmp_o = compare(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.adc_slot, ctl_i.range, sar_code_i);
  end

  always_comb begin : overloads
    over_o = '0;
    if (ctl_i.conv && limited) over_o = overloaded(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.adc_slot, reached);
  end
endmodule
`default_nettype wire
