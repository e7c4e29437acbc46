// SPDX-License-Identifier: Apache-2.0
// Law MTJ (rtl/SPEC.md section 9): a binary device, at one of its bounds. A pulse flips it with P = 1 - exp(-t/tau(V)),
// log2(1/tau) linear in the voltage. Included in xt_plane (xt_laws.svh). Shape of a device: its own octaves of the
// rate, Q8, signed 16 bits, the same in both directions.
// Golden counterpart. refc/xt_law_mtj.c

// EXP16_k = round(2^16 exp(-k/16)).
logic [16:0] exp16 [0:255];
initial for (int k = 0; k < 256; k++) exp16[k] = 17'($rtoi(65536.0 * $exp(-real'(k) / 16.0) + 0.5));

/* verilator lint_off UNUSEDSIGNAL */  // step and bounds do not matter, nor the direction
task automatic law_mtj_fabricate(
    input logic up, input logic [31:0] k, input logic signed [63:0] step, input logic signed [63:0] wmax,
    input logic signed [63:0] wmin, output logic [15:0] shape);
  logic signed [63:0] v;
  v = 64'(gauss(hash_word(hash_key(seed_q, xt_pkg::DOM_FAB, 32'd5), BASE + k)));
  v = (v * 64'(cfg_q[xt_pkg::DEV_C_VC[4:0]])) >>> 8;
  v = (v < -64'sd8192) ? -64'sd8192 : (v > 64'sd8191) ? 64'sd8191 : v;
  shape = v[15:0];
endtask

task automatic law_mtj_start(
    input logic [31:0] k, input logic signed [63:0] wmax, input logic signed [63:0] wmin,
    output logic signed [63:0] w0);
  logic [31:0] word;
  word = hash_word(hash_key(seed_q, xt_pkg::DOM_FAB, 32'd6), BASE + k);
  w0 = word[0] ? wmax : wmin;
endtask

// A pulse: to the other bound, whatever that is, or nowhere. shape is offset binary.
task automatic law_mtj_step(
    input logic up, input logic half, input logic [5:0] amplitude, input logic [15:0] duration,
    input logic [15:0] step, input logic [15:0] shape, input logic [SW-1:0] v, input logic [31:0] w32,
    output logic [31:0] t);
  logic [63:0] flip;
  law_mtj_chance(up, half, amplitude, duration, shape, flip);
  t = (64'(w32) < flip) ? 32'd1048575 : 32'd0;
endtask

// Its chance, Q32; shape is offset binary.
task automatic law_mtj_chance(
    input logic up, input logic half, input logic [5:0] amplitude, input logic [15:0] duration,
    input logic [15:0] shape, output logic [63:0] flip);
  logic signed [31:0] own;
  logic signed [31:0] q;  // octaves of the rate, Q8
  own = $signed({16'd0, shape}) - 32'sd32768;
  q = up ? cfg_q[xt_pkg::DEV_MTJ_UP[4:0]] : cfg_q[xt_pkg::DEV_MTJ_DOWN[4:0]];
  q = q - $signed({19'd0, amplitude, 7'd0});
  q = half ? q + (own >>> 1) - cfg_q[xt_pkg::DEV_MTJ_HALF[4:0]] : q + own;
  law_mtj_flip(q, duration, flip);
  flip = (cfg_q[xt_pkg::DEV_DW[4:0]] > 32'sd0) ? flip : 64'd0;
endtask

// Read disturb: does a read that drove the device's line for so many cycles flip it towards the side of its current?
task automatic law_mtj_disturb(
    input logic [15:0] duration, input logic [15:0] shape, input logic [31:0] w32, output logic flips);
  logic signed [31:0] own;
  logic [63:0] flip;
  own = $signed({16'd0, shape}) - 32'sd32768;
  law_mtj_flip(cfg_q[xt_pkg::DEV_MTJ_READ[4:0]] + (own >>> 1), duration, flip);
  flips = 64'(w32) < flip;
endtask

// P (Q32) of a pulse so long at a rate of 2^(octaves/256) a cycle.
task automatic law_mtj_flip(input logic signed [31:0] octaves, input logic [15:0] duration, output logic [63:0] flip);
  logic signed [31:0] q;
  logic [31:0] f;
  logic [63:0] lam;        // rate * duration, Q40
  logic [31:0] whole;      // whole octaves + 32
  logic [63:0] r;
  q = (octaves < -32'sd8192) ? -32'sd8192 : (octaves > 32'sd2047) ? 32'sd2047 : octaves;
  f = {22'd0, q[7:0], 2'd0};
  lam = {32'd0, 32'd1048576 + f * (32'd677 + ((32'd347 * f) >> 10))};
  lam = lam * {48'd0, duration};
  whole = $unsigned((q >>> 8) + 32'sd32);
  lam = (whole >= 32'd12) ? lam << (whole - 32'd12) : lam >> (32'd12 - whole);
  lam = (lam > 64'd17592186044416) ? 64'd17592186044416 : lam;
  if (lam < 64'd4294967296) begin
    r = lam >> 8;
    flip = r - ((r * r) >> 33);
  end else begin
    r = (lam >> 24) & 64'd4095;
    r = 64'd65536 - r + ((r * r) >> 17);
    flip = lam >> 36;
    flip = 64'(exp16[(flip > 64'd255) ? 8'd255 : flip[7:0]]);
    flip = (64'd65536 - ((flip * r) >> 16)) << 16;
  end
endtask
/* verilator lint_on UNUSEDSIGNAL */
