// SPDX-License-Identifier: Apache-2.0
// Law LINEAR (rtl/SPEC.md section 9): the step of a pulse is linear in the state: constant step, soft bounds and
// between. Included in xt_plane (xt_laws.svh). Shape of a device: the slope, signed 16 bits, SW - 3 fraction bits.
// Golden counterpart. refc/xt_law_linear.c

// Fabrication: the shape of one direction of a device of that step (1..32767) and those bounds (wmin < 0 < wmax).
/* verilator lint_off UNUSEDSIGNAL */  // which device it is does not matter
task automatic law_linear_fabricate(
    input logic up, input logic [31:0] k, input logic signed [63:0] step, input logic signed [63:0] wmax,
    input logic signed [63:0] wmin, output logic [15:0] shape);
  logic signed [63:0] den;
  logic signed [63:0] gamma;
  logic signed [63:0] slope;
  den = 64'sd4096 * (up ? wmax : -wmin);
  gamma = up ? 64'(cfg_q[xt_pkg::DEV_GAMMA_UP[4:0]]) : 64'(cfg_q[xt_pkg::DEV_GAMMA_DOWN[4:0]]);
  slope = (step * gamma * (64'sd1 <<< (SW - 3)) + (den >>> 1)) / den;
  slope = (slope > 64'sd32767) ? 64'sd32767 : slope;
  shape = up ? -slope[15:0] : slope[15:0];
endtask

task automatic law_linear_start(
    input logic [31:0] k, input logic signed [63:0] wmax, input logic signed [63:0] wmin,
    output logic signed [63:0] w0);
  w0 = 64'sd0;
endtask
/* verilator lint_on UNUSEDSIGNAL */

// A pulse on a device of state v: how far it goes, before noise and rounding. shape and v are offset binary.
/* verilator lint_off UNUSEDSIGNAL */  // direction and drive: the step is all there is
task automatic law_linear_step(
    input logic up, input logic half, input logic [5:0] amplitude, input logic [15:0] duration,
    input logic [15:0] step, input logic [15:0] shape, input logic [SW-1:0] v, input logic [31:0] w32,
    output logic [31:0] t);
  logic [PW-1:0] s;
  // t = max(0, step + ((slope * state) >>> (SW-3)))
  s = (PW'(shape) - PW'(32768)) * (PW'(v) - PW'(OFFSET)) + SLOPE_BIAS;
  s = PW'(step) + (s >> (SW - 3)) - (SLOPE_BIAS >> (SW - 3));
  t = (s[PW-1] || half) ? 32'd0 : 32'(s);
endtask
/* verilator lint_on UNUSEDSIGNAL */
