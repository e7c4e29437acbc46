// SPDX-License-Identifier: Apache-2.0
// Law EXP (rtl/SPEC.md section 9): the step of a pulse is 1 - A exp(g z) of the device's, z linear in the state.
// Included in xt_plane (xt_laws.svh). Shape of a device: octaves of the exponential over its state, signed 16 bits.
// Golden counterpart. refc/xt_law_exp.c

// Fabrication: the shape of one direction of a device of those bounds (wmin < 0 < wmax): EXP_SLOPE over their distance.
/* verilator lint_off UNUSEDSIGNAL */  // the step scales the whole curve
task automatic law_exp_fabricate(
    input logic up, input logic [31:0] k, input logic signed [63:0] step, input logic signed [63:0] wmax,
    input logic signed [63:0] wmin, output logic [15:0] shape);
  logic signed [63:0] span;
  logic signed [63:0] slope;
  logic signed [63:0] size;
  span = wmax - wmin;
  slope = up ? 64'(cfg_q[xt_pkg::DEV_EXP_SLOPE_UP[4:0]]) : 64'(cfg_q[xt_pkg::DEV_EXP_SLOPE_DOWN[4:0]]);
  size = (((slope < 64'sd0) ? -slope : slope) * (64'sd1 <<< (SW - 3)) + (span >>> 1)) / span;
  size = (size > 64'sd32767) ? 64'sd32767 : size;
  shape = (slope < 64'sd0) ? -size[15:0] : size[15:0];
endtask

task automatic law_exp_start(
    input logic [31:0] k, input logic signed [63:0] wmax, input logic signed [63:0] wmin,
    output logic signed [63:0] w0);
  w0 = 64'sd0;
endtask
/* verilator lint_on UNUSEDSIGNAL */

// A pulse on a device of state v: how far it goes, before noise and rounding. shape and v are offset binary.
/* verilator lint_off UNUSEDSIGNAL */  // amplitude and duration do not matter; the fraction of e is ten bits
task automatic law_exp_step(
    input logic up, input logic half, input logic [5:0] amplitude, input logic [15:0] duration,
    input logic [15:0] step, input logic [15:0] shape, input logic [SW-1:0] v, input logic [31:0] w32,
    output logic [31:0] t);
  logic [PW-1:0] s;
  logic signed [31:0] e;     // octaves, Q10
  logic [31:0] f;
  logic [4:0] cut;           // 7 - whole octaves
  logic [31:0] m;            // 2^(f/1024), then 2^(e/1024), Q20
  logic signed [63:0] p;
  logic signed [63:0] y;     // 1 - A 2^(e/1024), Q12
  logic [63:0] far;          // without its limit
  s = ((PW'(shape) - PW'(32768)) * (PW'(v) - PW'(OFFSET)) + SLOPE_BIAS) >> (SW - 3);
  e = $signed(32'(s) - 32'(SLOPE_BIAS >> (SW - 3)));
  e = e + cfg_q[up ? xt_pkg::DEV_EXP_OFFSET_UP[4:0] : xt_pkg::DEV_EXP_OFFSET_DOWN[4:0]];
  e = (e < -32'sd12288) ? -32'sd12288 : (e > 32'sd8191) ? 32'sd8191 : e;
  f = {22'd0, e[9:0]};
  m = 32'd1048576 + f * (32'd677 + ((32'd347 * f) >> 10));
  cut = 5'(32'sd7 - (e >>> 10));
  m = (m << 7) >> cut;
  p = $signed({32'd0, m});
  y = 64'(cfg_q[up ? xt_pkg::DEV_EXP_AMP_UP[4:0] : xt_pkg::DEV_EXP_AMP_DOWN[4:0]]);
  y = 64'sd4096 - ((y * p) >>> 20);
  far = (half || y < 64'sd0) ? 64'd0 : (64'(step) * $unsigned(y)) >> 12;
  t = (far > 64'd1048575) ? 32'd1048575 : far[31:0];
endtask
/* verilator lint_on UNUSEDSIGNAL */
