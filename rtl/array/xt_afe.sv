// SPDX-License-Identifier: Apache-2.0
// xt_afe: behavioural model of the analog front end: integrators, hold with read noise, comparators.
//
// Operation. rtl/SPEC.md section 8, "Front end". Not synthesizable.
//   CLEAR  acc = 0;  INTEG  acc = halve ? (acc + cur*2^(CodeBits-1)) >>> 1 : acc + cur;
//   HOLD  acc += noise, read_ctr += 1;
//   comparator of unit u, share slot a: line u*AdcShare + a exists and acc + half >= code * 2^range.
// Parameters. As xt_tile; CurBits: width of a current, 32 or 64.
// Timing. Integrators at rising edges; comparators in the cycle of the trial code. After HOLD they are alive for one
//   conversion (AdcShare * (AdcBits + 1) cycles), otherwise 0: a sleeping comparator costs no simulation time, and no
//   one looks at it.
// Golden counterpart. refc/xt_afe.c
// Invariants. R1 cmp_o[u] is 0 for a line that does not exist. R2 an idle cycle changes nothing.
`default_nettype none
`include "xt_types.svh"
module xt_afe #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
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
  // current of sensed line l, signed, at [CurBits*l +: CurBits]
  input  wire logic [(CurBits << LB)-1:0] cur_i,
  input  wire logic [P*AdcBits-1:0] sar_code_i,
  output logic [P-1:0] cmp_o,
  // configuration, as xt_plane
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i
);
  localparam int PBITS = (P > 1) ? $clog2(P) : 1;
  localparam int CB = $clog2(CurBits);
  localparam int CONV = AdcShare * (AdcBits + 1);  // cycles of a conversion, all share slots

  /* verilator lint_off BLKSEQ */  // one process owns these, and nobody samples them at its edge
  logic [63:0] acc [0:(1 << LB)-1];
  logic [31:0] read_ctr_q;
  logic [31:0] seed_q;
  logic [31:0] noise_q;
  logic [15:0] conv_q;

  `include "array/xt_noise.svh"

  // Loops are in tasks and functions: the simulator keeps their locals in machine registers.
  task automatic clear;
    logic [31:0] l;
    for (l = 32'd0; l < 32'(L); l = l + 32'd1) acc[l[LB-1:0]] = 64'd0;
  endtask

  task automatic integrate(input logic [31:0] lines, input logic halve);
    logic [31:0] l;
    if (halve) begin
      for (l = 32'd0; l < lines; l = l + 32'd1)
        acc[l[LB-1:0]] = $signed(acc[l[LB-1:0]]
                                 + (64'($signed(cur_i[{l[LB-1:0], {CB{1'b0}}} +: CurBits])) << (CodeBits - 1))) >>> 1;
    end else begin
      for (l = 32'd0; l < lines; l = l + 32'd1)
        acc[l[LB-1:0]] = 64'($signed(cur_i[{l[LB-1:0], {CB{1'b0}}} +: CurBits])) + acc[l[LB-1:0]];
    end
  endtask

  task automatic add_noise(input logic [31:0] lines, input logic [31:0] first);
    logic [31:0] l;
    logic [31:0] key;
    logic signed [63:0] noise;
    key = hash_key(seed_q, xt_pkg::DOM_READ, read_ctr_q);
    for (l = 32'd0; l < lines; l = l + 32'd1) begin
      noise = 64'(gauss(hash_word(key, l + first))) * $signed({32'd0, noise_q});
      noise = (noise >>> 8) <<< xt_pkg::sel_fraction(ctl_i.sel);
      acc[l[LB-1:0]] = acc[l[LB-1:0]] + noise;
    end
  endtask

  always @(posedge clk_i) begin : front_end
    if (cfg_valid_i && cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_SEED) seed_q = cfg_data_i;
    if (cfg_valid_i && cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_READ_NOISE) noise_q = cfg_data_i;
    if (fabricate_i) read_ctr_q = 32'd0;
    if (conv_q != 16'd0) conv_q = conv_q - 16'd1;
    if (ctl_i.clear) clear;
    if (ctl_i.integ) integrate(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.halve);
    if (ctl_i.hold) begin
      if (noise_q != 32'd0) add_noise(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.dir ? 32'd65536 : 32'd0);
      read_ctr_q = read_ctr_q + 32'd1;
      conv_q = 16'(CONV);
    end
  end
  /* verilator lint_on BLKSEQ */

  function automatic logic [P-1:0] compare(
      input logic [31:0] lines, input logic [5:0] slot, input logic [5:0] shift,
      input logic [P*AdcBits-1:0] codes);
    logic [31:0] u;
    logic [31:0] line;
    logic signed [63:0] half;
    logic signed [63:0] value;
    logic signed [63:0] code;
    compare = '0;
    half = (shift == 6'd0) ? 64'sd0 : (64'sd1 <<< (shift - 6'd1));
    line = 32'(slot);
    for (u = 32'd0; line < lines; u = u + 32'd1) begin
      code = 64'($signed(codes[u*AdcBits +: AdcBits]));
      value = $signed(acc[line[LB-1:0]]) + half;
      compare[u[PBITS-1:0]] = value >= (code <<< shift);
      line = line + 32'(AdcShare);
    end
  endfunction

  always_comb begin : comparators
    cmp_o = '0;
    if (conv_q != 16'd0) cmp_o = compare(ctl_i.dir ? 32'(N) : 32'(M), ctl_i.adc_slot, ctl_i.range, sar_code_i);
  end
endmodule
`default_nettype wire
