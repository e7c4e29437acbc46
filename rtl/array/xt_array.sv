// SPDX-License-Identifier: Apache-2.0
// xt_array: the planes of devices of one crossbar, joined, and its lines of reference devices.
//
// Operation. rtl/SPEC.md section 8: planes and read selects are lists of rtl/xt_params.toml ([plane], [sel]); the
//   instances u_plane_* and the sums of their currents are generated (xt_planes.svh). Reference devices that do not
//   spread, and what ideal mirrors take off, are not computed. Not synthesizable.
// Parameters. As xt_plane.
// Timing. cur_o, back_o from the falling edge of each INTEG cycle to the end of that cycle; everything else at rising
//   edges.
// Golden counterpart. refc/xt_array.c
`default_nettype none
`include "xt_types.svh"
module xt_array #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int StateBits = 16,
  parameter int CurBits = 32,
  parameter int SumBits = 32,
  localparam int L = (N > M) ? N : M,
  localparam int LB = (L > 1) ? $clog2(L) : 1
) (
  input  wire logic clk_i,
  // array boundary
  input  wire xt_array_ctl_t ctl_i,
  input  wire logic [N-1:0] row_act_i,
  input  wire logic [N-1:0] row_pol_i,
  input  wire logic [M-1:0] col_act_i,
  input  wire logic [M-1:0] col_pol_i,
  input  wire logic [int'(xt_pkg::AMP_BITS)*N-1:0] row_amp_i,
  input  wire logic [int'(xt_pkg::AMP_BITS)*M-1:0] col_amp_i,
  // configuration, as xt_plane
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i,
  input  wire logic rescan_i,
  // noise counter of reads
  input  wire logic [31:0] read_ctr_i,
  // current of sensed line l, all planes, at [SumBits*l +: SumBits]
  output logic [(SumBits << LB)-1:0] cur_o,
  // what the mirror of sensed line l takes off, at [64*l +: 64]; 0 while MIRROR is
  output logic [(64 << LB)-1:0] back_o,
  // digest of plane p at [32 p +: 32]
  output logic [32*int'(xt_pkg::NUM_PLANES)-1:0] digest_o
);
  localparam int NW = (N + 31) / 32;
  localparam int MW = (M + 31) / 32;
  localparam int LW = (L + 31) / 32;
  localparam int CB = $clog2(CurBits);
  localparam int SB = $clog2(SumBits);

  logic [32*NW-1:0] row_act;
  logic [32*NW-1:0] row_pol;
  logic [32*MW-1:0] col_act;
  logic [32*MW-1:0] col_pol;
  assign row_act = (32*NW)'(row_act_i);
  assign row_pol = (32*NW)'(row_pol_i);
  assign col_act = (32*MW)'(col_act_i);
  assign col_pol = (32*MW)'(col_pol_i);

  // Noise counter of pulses: whatever fires, whichever plane.
  logic [31:0] pulse_ctr_q;
  always_ff @(posedge clk_i) begin
    if (fabricate_i) pulse_ctr_q <= 32'd0;
    else if (ctl_i.act) pulse_ctr_q <= pulse_ctr_q + 32'd1;
  end

  // Reference devices of FS + m: entry {0, row}, a column of them, read when columns are sensed; {1, column}, a row.
  localparam logic signed [63:0] FS = 64'sd1 <<< (StateBits - 1);
  /* verilator lint_off BLKSEQ */  // one process owns these, and nobody samples them at its edge
  /* verilator tracing_off */
  logic signed [31:0] ref_m [0:(2<<LB)-1];
  /* verilator tracing_on */
  logic [31:0] seed_q;
  logic [31:0] spread_q;  // REF_SPREAD
  logic [31:0] mirror_q;  // MIRROR
  logic [31:0] load_q;    // LOAD, LOAD_ALL
  logic all_q;

  `include "array/xt_noise.svh"

  function automatic logic signed [31:0] ref_of(input logic [31:0] k);
    logic signed [63:0] v;
    v = (64'(gauss(hash_word(hash_key(seed_q, xt_pkg::DOM_AFE, 32'd0), k))) * $signed({32'd0, spread_q})) >>> 8;
    v = (v < 64'sd1 - FS) ? 64'sd1 - FS : v;
    v = (v > FS - 64'sd1) ? FS - 64'sd1 : v;
    ref_of = v[31:0];
  endfunction

  task automatic fabricate;
    logic [31:0] k;
    for (k = 32'd0; k < 32'(N); k = k + 32'd1) ref_m[{1'b0, k[LB-1:0]}] = ref_of(k);
    for (k = 32'd0; k < 32'(M); k = k + 32'd1) ref_m[{1'b1, k[LB-1:0]}] = ref_of(k + 32'd65536);
  endtask

  always @(posedge clk_i) begin : references
    if (cfg_valid_i && cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_SEED) seed_q = cfg_data_i;
    if (cfg_valid_i && cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_REF_SPREAD) spread_q = cfg_data_i;
    if (cfg_valid_i && cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_MIRROR) mirror_q = cfg_data_i;
    if (cfg_valid_i && cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_LOAD) load_q = cfg_data_i;
    if (cfg_valid_i && cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_LOAD_ALL) all_q = cfg_data_i[0];
    if (fabricate_i) fabricate;
  end
  /* verilator lint_on BLKSEQ */

  // Sum over the driven lines of the sign of the drive times FS, or times m.
  function automatic logic signed [63:0] drive_sum(
      input logic dir, input logic of_m, input logic [32*LW-1:0] act, input logic [32*LW-1:0] pol);
    logic signed [63:0] one;
    drive_sum = 64'sd0;
    for (int i = 0; i < L; i++) begin
      if (act[i]) begin
        one = of_m ? 64'(ref_m[{dir, i[LB-1:0]}]) : FS;
        drive_sum = pol[i] ? drive_sum + one : drive_sum - one;
      end
    end
  endfunction

  // Of the reference devices between a sensed line and the lines connected to it.
  function automatic logic signed [63:0] ref_conductance(input logic dir, input logic [32*LW-1:0] act);
    ref_conductance = 64'sd0;
    for (int i = 0; i < (dir ? M : N); i++)
      if (all_q || act[i]) ref_conductance = ref_conductance + FS + 64'(ref_m[{dir, i[LB-1:0]}]);
  endfunction

  // What a divider leaves of a current into a line, of a conductance g to those connected to it (SPEC section 8).
  function automatic logic signed [63:0] divided(
      input logic signed [63:0] cur, input logic signed [63:0] gl, input logic signed [63:0] g);
    logic [95:0] k;
    logic signed [95:0] product;  // at the largest shapes 72 bits
    k = (96'($unsigned(gl)) << 20) / 96'($unsigned(gl + g));
    product = 96'(cur) * $signed(k);
    product = product >>> 20;
    divided = product[63:0];
  endfunction

  logic [8:0] cref;             // reference devices that a line takes off
  logic sums;                   // someone looks
  logic signed [63:0] level;    // of FS
  logic signed [63:0] ref_sum;  // of m
  logic signed [63:0] ref_cond;
  logic signed [63:0] load_cond;  // GL
  logic [(64 << LB)-1:0] taken;   // back_o before a load divides it
  assign cref = xt_pkg::sel_reference(ctl_i.sel);
  assign sums = ctl_i.integ && (spread_q | mirror_q | load_q) != 32'd0;
  always @* begin : sums_of_drives
    level = 64'sd0;
    ref_sum = 64'sd0;
    ref_cond = 64'sd0;
    load_cond = 64'sd0;
    if (sums) begin
      if (load_q != 32'd0) begin
        ref_cond = ref_conductance(ctl_i.dir, ctl_i.dir ? (32*LW)'(col_act) : (32*LW)'(row_act));
        load_cond = ((64'($signed({32'd0, load_q})) * FS) <<< xt_pkg::sel_fraction(ctl_i.sel)) >>> 4;
      end
      level = drive_sum(
          ctl_i.dir, 1'b0, ctl_i.dir ? (32*LW)'(col_act) : (32*LW)'(row_act),
          ctl_i.dir ? (32*LW)'(col_pol) : (32*LW)'(row_pol));
      ref_sum = drive_sum(
          ctl_i.dir, 1'b1, ctl_i.dir ? (32*LW)'(col_act) : (32*LW)'(row_act),
          ctl_i.dir ? (32*LW)'(col_pol) : (32*LW)'(row_pol));
    end
  end

  `include "array/xt_planes.svh"
endmodule
`default_nettype wire
