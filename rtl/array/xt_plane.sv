// SPDX-License-Identifier: Apache-2.0
// xt_plane: a plane of devices, one at every crosspoint.
//
// Operation. rtl/SPEC.md sections 7 to 10. A pulse into this plane acts at the rising edge that ends its last PULSE
//   cycle (act): the cell (xt_cells.svh) says how row and column drives meet, the law (xt_laws.svh) how far a device
//   goes; noise, rounding and bounds are the same for all laws. Read disturb of law MTJ acts at the edge that ends
//   HOLD. The currents of an INTEG cycle settle at the falling edge inside it; only lines whose drive changed since the
//   last INTEG cycle are added or taken away. Memories have index k = i*M + j: rows i, columns j innermost. Not
//   synthesizable.
// Parameters. Plane: its number; N, M, StateBits as xt_tile; CurBits holds a current (32 or 64).
// Timing. cur_o, cond_o valid from the falling edge of each INTEG cycle to the next; everything else at rising edges.
// Golden counterpart. refc/xt_plane.c
// Invariants. R1 an idle cycle changes nothing. R2 the digest equals the sum over the states.
`default_nettype none
`include "xt_types.svh"
module xt_plane #(
  parameter int Plane = 0,
  parameter int N = 784,
  parameter int M = 128,
  parameter int StateBits = 16,
  parameter int CurBits = 32,
  localparam int L = (N > M) ? N : M,
  localparam int LB = (L > 1) ? $clog2(L) : 1,
  // lines padded to whole 32-bit words, so that idle words are skipped at once
  localparam int NW = (N + 31) / 32,
  localparam int MW = (M + 31) / 32
) (
  input  wire logic clk_i,
  // array boundary
  /* verilator lint_off UNUSEDSIGNAL */  // what concerns the front end only
  input  wire xt_array_ctl_t ctl_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire logic [32*NW-1:0] row_act_i,
  input  wire logic [32*NW-1:0] row_pol_i,
  input  wire logic [32*MW-1:0] col_act_i,
  input  wire logic [32*MW-1:0] col_pol_i,
  input  wire logic [int'(xt_pkg::AMP_BITS)*N-1:0] row_amp_i,
  input  wire logic [int'(xt_pkg::AMP_BITS)*M-1:0] col_amp_i,
  // coefficient of this plane in the read: -1, 0, 1
  input  wire logic [1:0] coef_i,
  // noise counters of pulses, of reads (looked at within HOLD)
  input  wire logic [31:0] pulse_ctr_i,
  input  wire logic [31:0] read_ctr_i,
  // configuration; rescan: the states have been loaded from outside, take the digest anew
  input  wire logic cfg_valid_i,
  input  wire logic [7:0] cfg_addr_i,
  input  wire logic [31:0] cfg_data_i,
  input  wire logic fabricate_i,
  input  wire logic rescan_i,
  // coefficient * current of sensed line l at [CurBits*l +: CurBits]
  output logic [(CurBits << LB)-1:0] cur_o,
  // with LOAD: conductance between sensed line l and the lines connected to it, at [64*l +: 64]
  output logic [(64 << LB)-1:0] cond_o,
  output logic [31:0] digest_o
);
  localparam int K = N * M;
  localparam int SW = StateBits;
  // Depths rounded up to powers of two: an exact index needs no range check in the simulator.
  localparam int AW = (K > 1) ? $clog2(K) : 1;
  localparam int D = 1 << AW;
  localparam int LW = (L + 31) / 32;
  localparam int RW = (N > 1) ? $clog2(N) : 1;
  localparam int CW = (M > 1) ? $clog2(M) : 1;
  localparam int DN = 1 << RW;
  localparam int DM = 1 << CW;
  localparam int DL = 1 << LB;
  localparam int CB = $clog2(CurBits);
  // Width of shape * state.
  localparam int PW = (SW <= 16) ? 32 : 64;
  localparam logic signed [63:0] FS = 64'sd1 <<< (SW - 1);
  localparam logic [SW-1:0] OFFSET = {1'b1, {(SW - 1) {1'b0}}};
  // Added before an unsigned shift that stands for a signed one; a multiple of every 2^shift here.
  localparam logic [PW-1:0] SLOPE_BIAS = {1'b1, {(PW - 1) {1'b0}}};
  localparam logic [63:0] DW_BIAS = 64'd1 << 40;
  localparam logic [31:0] BASE = 32'(Plane * K);  // idx = BASE + k
  localparam int AMP_BITS = int'(xt_pkg::AMP_BITS);
  localparam int BATCH_BITS = (AW < 6) ? AW : 6;
  localparam int BATCH = 1 << BATCH_BITS;

  // The devices: state; {step, shape + 32768}, entry {up, device}; {upper, lower bound}.
  // Bounds, and the states while one computes with them, are offset binary (value + FS): sums, shifts and
  // comparisons of unsigned numbers are several times faster in the simulator than signed ones.
  /* verilator lint_off BLKSEQ */  // one process owns each variable, and nobody samples it at its edge
  logic [SW-1:0] w [0:D-1];
  /* verilator tracing_off */  // of the memories a waveform has the states only: the rest would be most of it
  logic [31:0] step_q [0:2*D-1];
  logic [2*SW-1:0] bound_q [0:D-1];
  /* verilator tracing_on */

  // Configuration (SPEC section 10): xt_pkg::DEV_*.
  logic signed [31:0] cfg_q [0:int'(xt_pkg::CFG_STRIDE)-1];
  logic [31:0] seed_q;
  logic [31:0] load_q;  // LOAD, LOAD_ALL
  logic all_q;
  logic bounded;  // all states are within their bounds
  logic [31:0] digest_q;
  assign digest_o = digest_q;

  `include "array/xt_noise.svh"
  `include "array/xt_cells.svh"
  `include "array/xt_laws.svh"

  // ------------------------------------------------------------------ configuration, fabrication
  task automatic configure;
    if (cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_SEED) seed_q = cfg_data_i;
    if (cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_LOAD) load_q = cfg_data_i;
    if (cfg_addr_i == xt_pkg::CFG_GLOBALS[7:0] + xt_pkg::DEV_GLOBAL_LOAD_ALL) all_q = cfg_data_i[0];
    if (cfg_addr_i < xt_pkg::CFG_GLOBALS[7:0] && 32'(cfg_addr_i) / xt_pkg::CFG_STRIDE == 32'(Plane))
      cfg_q[cfg_addr_i[4:0]] = $signed(cfg_data_i);
  endtask

  function automatic logic signed [63:0] clamp(
      input logic signed [63:0] v, input logic signed [63:0] lo, input logic signed [63:0] hi);
    logic signed [63:0] a;
    a = (v < lo) ? lo : v;
    clamp = (a > hi) ? hi : a;
  endfunction

  // Magnitude of a bound: the mean with its spread, at least BOUND_LOW and at most BOUND_HIGH of the mean.
  function automatic logic signed [63:0] bound_of(
      input logic signed [31:0] mean, input logic signed [31:0] spread, input logic [31:0] word);
    logic signed [63:0] v;
    logic signed [63:0] lo;
    logic signed [63:0] hi;
    v = (64'(mean) * 64'(q12(spread, gauss(word)))) >>> 12;
    lo = clamp((64'(mean) * $signed(64'(xt_pkg::BOUND_LOW))) >>> 12, 64'sd1, FS);
    hi = clamp((64'(mean) * $signed(64'(xt_pkg::BOUND_HIGH))) >>> 12, -FS, FS - 64'sd1);
    bound_of = clamp(v, lo, hi);
  endfunction

  // Step of a direction, from gain and 1 +- imbalance, both Q12.
  function automatic logic signed [63:0] step_of(input logic signed [63:0] gain, input logic signed [63:0] side);
    step_of = clamp((64'(cfg_q[xt_pkg::DEV_DW[4:0]]) * gain * side + 64'sd8388608) >>> 24, 64'sd1, 64'sd32767);
  endfunction

  task automatic fabricate_device(input logic [31:0] k, output logic [31:0] state);
    logic [31:0] word [0:4];
    logic signed [63:0] gain;
    logic signed [63:0] imb;
    logic signed [63:0] up;
    logic signed [63:0] down;
    logic signed [63:0] wmax;
    logic signed [63:0] wmin;
    logic [15:0] shape_up;
    logic [15:0] shape_down;
    logic signed [63:0] w0;
    for (int f = 0; f < 5; f++) word[f] = hash_word(hash_key(seed_q, xt_pkg::DOM_FAB, 32'(f)), BASE + k);
    gain = clamp(64'(q12(cfg_q[xt_pkg::DEV_C_DTOD[4:0]], gauss(word[0]))), 64'sd512, 64'sd32767);
    imb = (64'(gauss(word[1])) * 64'(cfg_q[xt_pkg::DEV_C_UD[4:0]])) >>> 4;
    imb = 64'(cfg_q[xt_pkg::DEV_UP_DOWN[4:0]]) + imb;
    imb = clamp(imb, -$signed(64'(xt_pkg::UD_MAX)), $signed(64'(xt_pkg::UD_MAX)));
    up = step_of(gain, 64'sd4096 + imb);
    down = step_of(gain, 64'sd4096 - imb);
    wmax = bound_of(cfg_q[xt_pkg::DEV_W_MAX[4:0]], cfg_q[xt_pkg::DEV_C_WMAX[4:0]], word[2]);
    wmin = -bound_of(cfg_q[xt_pkg::DEV_W_MIN[4:0]], cfg_q[xt_pkg::DEV_C_WMIN[4:0]], word[3]);
    law_fabricate(1'b1, k, up, wmax, wmin, shape_up);
    law_fabricate(1'b0, k, down, wmax, wmin, shape_down);
    if (cfg_q[xt_pkg::DEV_DW[4:0]] == 32'sd0) begin
      up = 64'sd0;
      down = 64'sd0;
      shape_up = 16'd0;
      shape_down = 16'd0;
    end
    law_start(k, wmax, wmin, w0);
    if ({16'd0, word[4][15:0]} < $unsigned(cfg_q[xt_pkg::DEV_STUCK[4:0]])) begin
      w0 = wmin + (($signed({48'd0, word[4][31:16]}) * (wmax - wmin)) >>> 16);
      wmax = w0;
      wmin = w0;
    end
    w[k[AW-1:0]] = w0[SW-1:0];
    step_q[{1'b1, k[AW-1:0]}] = {up[15:0], shape_up ^ 16'h8000};
    step_q[{1'b0, k[AW-1:0]}] = {down[15:0], shape_down ^ 16'h8000};
    bound_q[k[AW-1:0]] = {wmax[SW-1:0] ^ OFFSET, wmin[SW-1:0] ^ OFFSET};
    state = w0[31:0];
  endtask

  function automatic logic [31:0] digest_of(input logic [31:0] state, input logic [31:0] k);
    digest_of = state * (((k << 1) | 32'd1) * xt_pkg::DIGEST_MUL);
  endfunction

  task automatic fabricate;
    logic [31:0] k;
    logic [31:0] state;
    digest_q = 32'd0;
    bounded = 1'b1;
    for (k = 32'd0; k < 32'(K); k = k + 32'd1) begin
      fabricate_device(k, state);
      digest_q = digest_q + digest_of(state, k);
    end
  endtask

  task automatic rescan;
    logic [31:0] k;
    logic [SW-1:0] v;
    digest_q = 32'd0;
    bounded = 1'b1;
    for (k = 32'd0; k < 32'(K); k = k + 32'd1) begin
      digest_q = digest_q + digest_of(32'($signed(w[k[AW-1:0]])), k);
      v = w[k[AW-1:0]] ^ OFFSET;
      if (v < bound_q[k[AW-1:0]][SW-1:0] || v > bound_q[k[AW-1:0]][2*SW-1:SW]) bounded = 1'b0;
    end
  endtask

  // ------------------------------------------------------------------ pulses
  /* verilator tracing_off */
  // The lines of this PULSE cycle by their drive {active, polarity}, those that are not driven only where a cell lets
  // them count: entry {side, drive, number}; how many. Side 0: rows. Their amplitudes, by line.
  logic [31:0] list [0:8*DL-1];
  logic [31:0] listed [0:7];
  logic [AMP_BITS-1:0] row_amp [0:DN-1];
  logic [AMP_BITS-1:0] col_amp [0:DM-1];
  logic lone;  // a device of one driven line counts
  logic amps;  // some amplitude is not 0
  // Binary devices, by amplitude and by column: flipped by noise words up to *_most, by none where *_on is 0.
  logic [31:0] amp_most [0:(2<<AMP_BITS)-1];
  logic [31:0] amp_on [0:(2<<AMP_BITS)-1];
  logic [31:0] col_most [0:DM-1];
  logic [31:0] col_on [0:DM-1];
  // Columns of a block by their number in it. A batch of devices that see the same pulse: index, {step, shape + 32768},
  // bounds, state before and after, amplitude (of no interest without amps), noise word, how far the law says it goes.
  logic [31:0] met_col [0:DM-1];
  logic [31:0] met_k [0:BATCH-1];
  logic [31:0] met_fixed [0:BATCH-1];
  logic [2*SW-1:0] met_bound [0:BATCH-1];
  logic [SW-1:0] met_state [0:BATCH-1];
  logic [31:0] met_amp [0:BATCH-1];
  logic [31:0] met_word [0:BATCH-1];
  logic [31:0] met_step [0:BATCH-1];
  /* verilator tracing_on */
  // What the pulses of a cycle share; set before the loops.
  logic [31:0] pulse_key;
  // q12(C_C2C, g) = ((bytes * c2c_scale + c2c_bias) >> 4) - C2C_LESS with g = bytes - 510; the shifted sum is positive.
  localparam logic [63:0] C2C_LESS = 64'd1048576 - 64'd4096;
  logic [31:0] c2c_scale;
  logic [31:0] c2c_bias;
  logic [5:0] drop;         // SPEC section 9
  // dw = ((moved + rnd + dw_bias) >> drop) - dw_less; rnd = ((r16 & round_mask) << round_shl) >> round_shr.
  logic [63:0] dw_bias;
  logic [63:0] dw_less;
  logic [31:0] round_mask;
  logic [5:0] round_shl;
  logic [5:0] round_shr;
  logic [31:0] digest_gain;

  // Lines of a side, from its first word on; above them nothing is driven.
  task automatic list_lines(
      input logic side, input logic [31:0] lines, input logic [32*LW-1:0] all_act, input logic [32*LW-1:0] all_pol);
    logic [31:0] act;
    logic [31:0] pol;
    logic [31:0] one;  // bits of one polarity
    logic [31:0] i;
    logic [31:0] n0;
    logic [31:0] n1;
    logic [31:0] idle;
    n0 = 32'd0;
    n1 = 32'd0;
    idle = 32'd0;
    for (i = 32'd0; lone && i < lines; i = i + 32'd1) begin
      if (!all_act[i]) begin
        list[{side, 2'b00, idle[LB-1:0]}] = i;
        idle = idle + 32'd1;
      end
    end
    for (int q = 0; q < LW; q++) begin
      act = all_act[32*q +: 32];
      pol = all_pol[32*q +: 32];
      for (one = act & pol; one != 32'd0; one = one & (one - 32'd1)) begin
        list[{side, 2'b11, n1[LB-1:0]}] = 32'(32 * q) + $countones(~one & (one - 32'd1));  // the lowest bit that is set
        n1 = n1 + 32'd1;
      end
      for (one = act & ~pol; one != 32'd0; one = one & (one - 32'd1)) begin
        list[{side, 2'b10, n0[LB-1:0]}] = 32'(32 * q) + $countones(~one & (one - 32'd1));
        n0 = n0 + 32'd1;
      end
    end
    listed[{side, 2'b00}] = idle;
    listed[{side, 2'b01}] = 32'd0;
    listed[{side, 2'b10}] = n0;
    listed[{side, 2'b11}] = n1;
  endtask

  // One pulse on every crossing of the rows of drive rd and the columns of drive cd, {active, polarity}. Devices are
  // gathered, moved and put back in batches: loops of one length, over arrays, without branches, which the simulator
  // does by the vector. They run over a whole batch; what lies beyond the n devices of the last is thrown away.
  // Tasks, not blocks: the simulator keeps their locals in machine registers. Tasks, not functions: Verilator
  // 5.006 merges two conditional assignments from functions and then calls both.
  task automatic pulse_block(input logic [1:0] rd, input logic [1:0] cd, input logic up, input logic half);
    logic [31:0] rows;
    logic [31:0] cols;
    logic [31:0] r;
    logic [31:0] c;
    logic [31:0] n;
    rows = listed[{1'b0, rd}];
    cols = listed[{1'b1, cd}];
    for (c = 32'd0; c < cols; c = c + 32'd1) met_col[c[CW-1:0]] = list[{1'b1, cd, c[LB-1:0]}];
    r = 32'd0;
    c = 32'd0;
    while (r < rows) begin
      gather(rd, cd, up, rows, cols, r, c, n);
      draw_noise;
      law_steps(up, half, ctl_i.duration);
      move(up, n);
      put_back(n);
    end
  endtask

  // The next devices of the block, from crossing r, c on; how many.
  task automatic gather(
      input logic [1:0] rd, input logic [1:0] cd, input logic up, input logic [31:0] rows, input logic [31:0] cols,
      inout logic [31:0] r, inout logic [31:0] c, output logic [31:0] n);
    logic [31:0] i;
    logic [31:0] k;
    logic [31:0] row;
    logic [31:0] upto;
    n = 32'd0;
    while (r < rows && n < 32'(BATCH)) begin
      i = list[{1'b0, rd, r[LB-1:0]}];
      row = i * 32'(M);
      upto = (cols - c > 32'(BATCH) - n) ? c + 32'(BATCH) - n : cols;
      if (amps) add_amplitudes(rd, cd, row_amp[i[RW-1:0]], c, n, upto);
      while (c < upto) begin
        k = row + met_col[c[CW-1:0]];
        met_k[n[BATCH_BITS-1:0]] = k;
        met_fixed[n[BATCH_BITS-1:0]] = step_q[{up, k[AW-1:0]}];
        met_bound[n[BATCH_BITS-1:0]] = bound_q[k[AW-1:0]];
        met_state[n[BATCH_BITS-1:0]] = w[k[AW-1:0]];
        n = n + 32'd1;
        c = c + 32'd1;
      end
      if (c == cols) begin
        c = 32'd0;
        r = r + 32'd1;
      end
    end
  endtask

  // Of the devices from place n on: those of a row of that amplitude and the columns from the c-th on.
  task automatic add_amplitudes(
      input logic [1:0] rd, input logic [1:0] cd, input logic [AMP_BITS-1:0] row_amplitude, input logic [31:0] c,
      input logic [31:0] n, input logic [31:0] upto);
    logic [AMP_BITS:0] amplitude;
    /* verilator lint_off UNUSEDSIGNAL */  // the same for all of them
    logic [2:0] met;
    /* verilator lint_on UNUSEDSIGNAL */
    logic [31:0] m;
    m = n;
    for (logic [31:0] q = c; q < upto; q = q + 32'd1) begin
      cell_meet(ctl_i.cell_mode, rd[1], rd[0], row_amplitude, cd[1], cd[0], col_amp[met_col[q[CW-1:0]][CW-1:0]],
                met[2], met[1], met[0], amplitude);
      met_amp[m[BATCH_BITS-1:0]] = 32'(amplitude);
      m = m + 32'd1;
    end
  endtask

  task automatic draw_noise;
    for (logic [31:0] m = 32'd0; m < 32'(BATCH); m = m + 32'd1)
      met_word[m[BATCH_BITS-1:0]] = hash_word(pulse_key, BASE + met_k[m[BATCH_BITS-1:0]]);
  endtask

  // Noise, rounding, bounds; the digest follows.
  task automatic move(input logic up, input logic [31:0] n);
    logic [BATCH_BITS-1:0] m;
    logic [31:0] w32;
    logic [31:0] bytes;
    logic [31:0] v;
    logic [31:0] rnd;
    logic [63:0] t;
    logic [63:0] dw;
    logic [63:0] nw;
    logic [63:0] hi;
    logic [63:0] lo;
    logic [31:0] gain;
    gain = 32'd0;
    for (logic [31:0] l = 32'd0; l < 32'(BATCH); l = l + 32'd1) begin
      m = l[BATCH_BITS-1:0];
      w32 = met_word[m];
      bytes = (byte_sum(w32) * c2c_scale + c2c_bias) >> 4;
      rnd = (((w32 ^ (w32 >> 16)) & round_mask) << round_shl) >> round_shr;
      t = 64'(met_step[m]);
      dw = t * 64'(bytes) - t * C2C_LESS + 64'(rnd);
      dw = ((dw + dw_bias) >> drop) - dw_less;
      v = 32'(met_state[m]) ^ 32'(OFFSET);
      nw = up ? 64'(v) + dw : 64'(v) - dw;
      hi = 64'(met_bound[m][2*SW-1:SW]);
      lo = 64'(met_bound[m][SW-1:0]);
      nw = ($signed(nw) < $signed(lo)) ? lo : nw;
      nw = ($signed(nw) > $signed(hi)) ? hi : nw;
      met_state[m] = nw[SW-1:0] ^ OFFSET;
      gain = gain + ((l < n) ? digest_of(nw[31:0] - v, met_k[m]) : 32'd0);
    end
    digest_gain = digest_gain + gain;
  endtask

  task automatic put_back(input logic [31:0] n);
    for (logic [31:0] m = 32'd0; m < n; m = m + 32'd1)
      w[met_k[m[BATCH_BITS-1:0]][AW-1:0]] = met_state[m[BATCH_BITS-1:0]];
  endtask

  // The same where chance alone decides: binary devices that are alike, within their bounds. Few rows have one that
  // flips, and which do is found by the vector.
  task automatic flip_block(input logic [1:0] rd, input logic [1:0] cd, input logic up, input logic half);
    logic [AMP_BITS-1:0] amplitude;
    logic [AMP_BITS-1:0] last;
    logic [63:0] flip;
    logic [31:0] i;
    logic [31:0] first;
    logic [31:0] some;
    logic [31:0] w32;
    for (logic [31:0] a = 32'd0; a < 32'(2 << AMP_BITS); a = a + 32'd1) begin
      law_mtj_chance(up, half, a[AMP_BITS:0], ctl_i.duration, 16'h8000, flip);
      amp_most[a[AMP_BITS:0]] = flip[31:0] - 32'd1;
      amp_on[a[AMP_BITS:0]] = {32{flip != 64'd0}};
    end
    last = '0;
    for (logic [31:0] r = 32'd0; r < listed[{1'b0, rd}]; r = r + 32'd1) begin
      i = list[{1'b0, rd, r[LB-1:0]}];
      amplitude = amps ? row_amp[i[RW-1:0]] : '0;
      if (r == 32'd0 || amplitude != last) column_chances(rd, cd, amplitude);
      last = amplitude;
      first = i * 32'(M);
      some = 32'd0;
      for (logic [31:0] j = 32'd0; j < 32'(M); j = j + 32'd1) begin
        w32 = hash_word(pulse_key, BASE + first + j);
        some = some | ((w32 <= col_most[j[CW-1:0]]) ? col_on[j[CW-1:0]] : 32'd0);
      end
      if (some != 32'd0) flip_row(first, up);
    end
  endtask

  // Of the columns of drive cd in a row of drive rd; none of the others.
  task automatic column_chances(input logic [1:0] rd, input logic [1:0] cd, input logic [AMP_BITS-1:0] row_amplitude);
    logic [AMP_BITS:0] amplitude;
    /* verilator lint_off UNUSEDSIGNAL */  // known to the caller
    logic [2:0] met;
    /* verilator lint_on UNUSEDSIGNAL */
    logic [CW-1:0] j;
    for (logic [31:0] c = 32'd0; c < 32'(DM); c = c + 32'd1) col_on[c[CW-1:0]] = 32'd0;
    for (logic [31:0] c = 32'd0; c < listed[{1'b1, cd}]; c = c + 32'd1) begin
      j = list[{1'b1, cd, c[LB-1:0]}][CW-1:0];
      cell_meet(ctl_i.cell_mode, rd[1], rd[0], row_amplitude, cd[1], cd[0], amps ? col_amp[j] : '0,
                met[2], met[1], met[0], amplitude);
      col_most[j] = amp_most[amplitude];
      col_on[j] = amp_on[amplitude];
    end
  endtask

  task automatic flip_row(input logic [31:0] first, input logic up);
    logic [31:0] k;
    logic [2*SW-1:0] bd;
    logic [SW-1:0] v;  // offset binary
    logic [SW-1:0] to;
    logic [31:0] moved;
    for (logic [31:0] j = 32'd0; j < 32'(M); j = j + 32'd1) begin
      k = first + j;
      if (col_on[j[CW-1:0]] != 32'd0 && hash_word(pulse_key, BASE + k) <= col_most[j[CW-1:0]]) begin
        bd = bound_q[k[AW-1:0]];
        to = up ? bd[2*SW-1:SW] : bd[SW-1:0];
        v = w[k[AW-1:0]] ^ OFFSET;
        moved = 32'(to) - 32'(v);
        w[k[AW-1:0]] = to ^ OFFSET;
        digest_gain = digest_gain + digest_of(moved, k);
      end
    end
  endtask

  task automatic pulse;
    logic hit;
    logic half;
    logic up;
    /* verilator lint_off UNUSEDSIGNAL */  // a crossing's own
    logic [AMP_BITS:0] amplitude;
    /* verilator lint_on UNUSEDSIGNAL */
    logic nearest;
    logic by_chance;
    by_chance = cfg_q[xt_pkg::DEV_LAW[4:0]] == $signed(32'(xt_pkg::LAW_MTJ))
              && cfg_q[xt_pkg::DEV_C_VC[4:0]] == 32'sd0 && bounded;
    lone = 1'b0;
    for (int q = 0; q < 4; q++) begin
      cell_meet(ctl_i.cell_mode, q[1], q[0], '0, ~q[1], q[0], '0, hit, half, up, amplitude);
      lone = lone | hit;
    end
    amps = |{row_amp_i, col_amp_i};
    list_lines(1'b1, 32'(M), (32*LW)'(col_act_i), (32*LW)'(col_pol_i));
    if (!lone && listed[6] + listed[7] == 32'd0) begin
      for (int q = 0; q < 4; q++) listed[q] = 32'd0;
    end else begin
      list_lines(1'b0, 32'(N), (32*LW)'(row_act_i), (32*LW)'(row_pol_i));
    end
    for (int i = 0; amps && i < N; i++)
      for (int b = 0; b < AMP_BITS; b++) row_amp[i[RW-1:0]][b] = row_amp_i[b * N + i];
    for (int j = 0; amps && j < M; j++)
      for (int b = 0; b < AMP_BITS; b++) col_amp[j[CW-1:0]][b] = col_amp_i[b * M + j];
    pulse_key = hash_key(seed_q, xt_pkg::DOM_PULSE, pulse_ctr_i);
    c2c_scale = $unsigned(cfg_q[xt_pkg::DEV_C_C2C[4:0]]);
    c2c_bias = 32'd16777216 - 32'd510 * c2c_scale;
    nearest = cfg_q[xt_pkg::DEV_ROUND[4:0]][0];
    drop = 6'(32'sd12 + cfg_q[xt_pkg::DEV_SHIFT[4:0]]);
    round_mask = nearest ? 32'd0 : 32'hffff;
    dw_bias = DW_BIAS + ((nearest && drop != 6'd0) ? (64'd1 << (drop - 6'd1)) : 64'd0);
    dw_less = DW_BIAS >> drop;
    round_shl = (drop > 6'd16) ? drop - 6'd16 : 6'd0;
    round_shr = (drop < 6'd16) ? 6'd16 - drop : 6'd0;
    digest_gain = 32'd0;
    for (int q = 0; q < 16; q++) begin
      cell_meet(ctl_i.cell_mode, q[3], q[2], '0, q[1], q[0], '0, hit, half, up, amplitude);
      if (hit && (q[3] || q[1]) && listed[{1'b0, q[3:2]}] != 32'd0 && listed[{1'b1, q[1:0]}] != 32'd0) begin
        if (by_chance) flip_block(q[3:2], q[1:0], up, half);
        else pulse_block(q[3:2], q[1:0], up, half);
      end
    end
    digest_q = digest_q + digest_gain;
  endtask

  // ------------------------------------------------------------------ read disturb
  /* verilator tracing_off */
  logic [15:0] driven [0:DL-1];  // INTEG cycles since CLEAR in which line l of the driven side was driven
  logic [32*LW-1:0] driven_pol;  // its polarity then
  logic [31:0] read_ctr;         // of this HOLD
  /* verilator tracing_on */
  logic disturbed;  // the plane has devices that a read disturbs
  logic disturbs;   // this one does
  assign disturbs = disturbed && coef_i != 2'd0;

  task automatic disturb;
    logic [31:0] key;
    logic [31:0] lines;   // of the driven side, of the other
    logic [31:0] others;
    logic [31:0] k;
    logic [31:0] l;
    logic [31:0] o;
    logic [31:0] moved;
    logic [15:0] t;
    logic [2*SW-1:0] bd;
    logic [SW-1:0] v;  // offset binary
    logic [SW-1:0] to;
    logic up;
    logic flips;
    key = hash_key(seed_q, xt_pkg::DOM_DISTURB, read_ctr);
    lines = ctl_i.dir ? 32'(M) : 32'(N);
    others = ctl_i.dir ? 32'(N) : 32'(M);
    for (l = 32'd0; l < lines; l = l + 32'd1) begin
      t = driven[l[LB-1:0]];
      up = driven_pol[l] ^ ctl_i.dir;
      for (o = 32'd0; t != 16'd0 && o < others; o = o + 32'd1) begin
        k = ctl_i.dir ? o * 32'(M) + l : l * 32'(M) + o;
        law_mtj_disturb(t, step_q[{up, k[AW-1:0]}][15:0], hash_word(key, BASE + k), flips);
        bd = bound_q[k[AW-1:0]];
        v = w[k[AW-1:0]] ^ OFFSET;
        to = (v < bd[SW-1:0]) ? bd[SW-1:0] : (v > bd[2*SW-1:SW]) ? bd[2*SW-1:SW] : v;
        if (flips) to = up ? bd[2*SW-1:SW] : bd[SW-1:0];
        w[k[AW-1:0]] = to ^ OFFSET;
        moved = 32'(to) - 32'(v);
        digest_q = digest_q + digest_of(moved, k);
      end
    end
  endtask

  always @(posedge clk_i) begin : devices
    if (cfg_valid_i) configure;
    if (fabricate_i) begin
      fabricate;
      disturbed = cfg_q[xt_pkg::DEV_LAW[4:0]] == $signed(32'(xt_pkg::LAW_MTJ))
                && cfg_q[xt_pkg::DEV_MTJ_READ[4:0]] > -32'sd8192 && cfg_q[xt_pkg::DEV_DW[4:0]] > 32'sd0;
    end
    if (rescan_i) rescan;
    if (ctl_i.act && 32'(ctl_i.sel) == 32'(Plane)) pulse;
    if (ctl_i.hold && disturbs) disturb;
  end

  // ------------------------------------------------------------------ line currents
  // What the driven lines did in the last INTEG cycle: cur_o is the sum for exactly this drive.
  logic [32*LW-1:0] act_q;
  logic [32*LW-1:0] pol_q;
  /* verilator tracing_off */
  logic [31:0] chg_line [0:DL-1];      // driven lines whose drive changed
  logic [CurBits-1:0] chg_by [0:DL-1]; // and by how much, with the coefficient: -2..2, two's complement

  // A changed row concerns all columns: they are summed in an array, which the simulator does by the vector.
  logic [CurBits-1:0] part [0:DM-1];
  /* verilator tracing_on */

  // Of the device so many columns on; the sum stands in the index, where the simulator sees that they are neighbours.
  function automatic logic [CurBits-1:0] state_at(input logic [31:0] k, input logic [31:0] on);
    state_at = (CurBits'(w[AW'(k + on)]) ^ CurBits'(OFFSET)) - CurBits'(OFFSET);
  endfunction

  // Four rows at a time, the last ones with coefficients 0.
  task automatic add_rows(input logic [31:0] n);
    logic [31:0] l;
    logic [31:0] k [0:3];
    logic [CurBits-1:0] by [0:3];
    for (l = 32'd0; l < 32'(M); l = l + 32'd1) part[l[CW-1:0]] = cur_o[{l[LB-1:0], {CB{1'b0}}} +: CurBits];
    for (logic [31:0] c = 32'd0; c < n; c = c + 32'd4) begin
      for (logic [31:0] q = 32'd0; q < 32'd4; q = q + 32'd1) begin
        k[q[1:0]] = (c + q < n) ? chg_line[LB'(c + q)] * 32'(M) : 32'd0;
        by[q[1:0]] = (c + q < n) ? chg_by[LB'(c + q)] : '0;
      end
      for (l = 32'd0; l < 32'(M); l = l + 32'd1)
        part[l[CW-1:0]] = part[l[CW-1:0]] + by[0] * state_at(k[0], l) + by[1] * state_at(k[1], l)
            + by[2] * state_at(k[2], l) + by[3] * state_at(k[3], l);
    end
    for (l = 32'd0; l < 32'(M); l = l + 32'd1) cur_o[{l[LB-1:0], {CB{1'b0}}} +: CurBits] = part[l[CW-1:0]];
  endtask

  // Few columns: device by device.
  task automatic add_cols(input logic [31:0] n);
    logic [CurBits-1:0] sum;
    for (logic [31:0] i = 32'd0; i < 32'(N); i = i + 32'd1) begin
      sum = cur_o[{i[LB-1:0], {CB{1'b0}}} +: CurBits];
      for (logic [31:0] c = 32'd0; c < n; c = c + 32'd1)
        sum = sum + chg_by[c[LB-1:0]] * state_at(i * 32'(M), chg_line[c[LB-1:0]]);
      cur_o[{i[LB-1:0], {CB{1'b0}}} +: CurBits] = sum;
    end
  endtask

  // Many columns: whole rows, four at a time, with coefficients 0 where nothing changed.
  localparam int MANY = (M < 32) ? M : M / 6;
  task automatic add_most_cols(input logic [31:0] n);
    logic [31:0] k [0:3];
    logic [CurBits-1:0] by;
    logic [CurBits-1:0] sum [0:3];
    for (logic [31:0] l = 32'd0; l < 32'(DM); l = l + 32'd1) part[l[CW-1:0]] = '0;
    for (logic [31:0] c = 32'd0; c < n; c = c + 32'd1) part[chg_line[c[LB-1:0]][CW-1:0]] = chg_by[c[LB-1:0]];
    for (logic [31:0] i = 32'd0; i < 32'(N); i = i + 32'd4) begin
      for (logic [31:0] q = 32'd0; q < 32'd4; q = q + 32'd1) begin
        k[q[1:0]] = (i + q < 32'(N)) ? (i + q) * 32'(M) : 32'd0;
        sum[q[1:0]] = '0;
      end
      for (logic [31:0] l = 32'd0; l < 32'(M); l = l + 32'd1) begin
        by = part[l[CW-1:0]];
        sum[0] = sum[0] + by * state_at(k[0], l);
        sum[1] = sum[1] + by * state_at(k[1], l);
        sum[2] = sum[2] + by * state_at(k[2], l);
        sum[3] = sum[3] + by * state_at(k[3], l);
      end
      for (logic [31:0] q = 32'd0; q < 32'd4; q = q + 32'd1)
        if (i + q < 32'(N))
          cur_o[{LB'(i + q), {CB{1'b0}}} +: CurBits] = cur_o[{LB'(i + q), {CB{1'b0}}} +: CurBits] + sum[q[1:0]];
    end
  endtask

  task automatic list_changes(output logic [31:0] n);
    logic [31:0] act;
    logic [31:0] pol;
    logic [31:0] was_act;
    logic [31:0] was_pol;
    logic [31:0] plus;
    logic [31:0] minus;
    logic [31:0] was_plus;
    logic [31:0] was_minus;
    logic [31:0] diff;
    logic [31:0] b;
    logic [CurBits-1:0] by;
    int words;
    logic [32*LW-1:0] all_act;
    logic [32*LW-1:0] all_pol;
    all_act = ctl_i.dir ? (32*LW)'(col_act_i) : (32*LW)'(row_act_i);
    all_pol = ctl_i.dir ? (32*LW)'(col_pol_i) : (32*LW)'(row_pol_i);
    n = 32'd0;
    words = ctl_i.dir ? MW : NW;
    for (int q = 0; q < words; q++) begin
      act = all_act[32*q +: 32];
      pol = all_pol[32*q +: 32];
      was_act = act_q[32*q +: 32];
      was_pol = pol_q[32*q +: 32];
      diff = (act ^ was_act) | (act & was_act & (pol ^ was_pol));
      plus = act & pol;
      minus = act & ~pol;
      was_plus = was_act & was_pol;
      was_minus = was_act & ~was_pol;
      if (diff != 32'd0) begin
        act_q[32*q +: 32] = act;
        pol_q[32*q +: 32] = pol;
      end
      while (diff != 32'd0) begin
        b = $countones(~diff & (diff - 32'd1));  // the lowest bit that is set
        by = CurBits'(plus[b[4:0]]) - CurBits'(minus[b[4:0]]);
        by = by - CurBits'(was_plus[b[4:0]]) + CurBits'(was_minus[b[4:0]]);
        chg_line[n[LB-1:0]] = 32'(32 * q) + b;
        chg_by[n[LB-1:0]] = coef_i[1] ? CurBits'(0) - by : by;
        n = n + 32'd1;
        diff = diff & (diff - 32'd1);
      end
    end
  endtask

  task automatic sense;
    logic [31:0] n;
    list_changes(n);
    if (n != 32'd0) begin
      if (ctl_i.dir && n > 32'(MANY)) add_most_cols(n);
      else if (ctl_i.dir) add_cols(n);
      else add_rows(n);
    end
  endtask

  task automatic clear_currents;
    logic [31:0] l;
    for (l = 32'd0; l < 32'(DL); l = l + 32'd1) cur_o[{l[LB-1:0], {CB{1'b0}}} +: CurBits] = '0;
  endtask

  // Of the lines that are driven, or of all of the driven side.
  task automatic conduct;
    logic [31:0] lines;
    logic [31:0] others;
    logic [AW-1:0] k;
    logic [63:0] sum;
    lines = ctl_i.dir ? 32'(N) : 32'(M);
    others = ctl_i.dir ? 32'(M) : 32'(N);
    for (logic [31:0] l = 32'd0; l < lines; l = l + 32'd1) begin
      sum = 64'd0;
      for (logic [31:0] o = 32'd0; o < others; o = o + 32'd1) begin
        k = AW'(ctl_i.dir ? l * 32'(M) + o : o * 32'(M) + l);
        if (all_q || (ctl_i.dir ? col_act_i[o] : row_act_i[o])) sum = sum + (64'(w[k]) ^ 64'(OFFSET));
      end
      cond_o[{l[LB-1:0], 6'd0} +: 64] = sum;
    end
  endtask

  task automatic count_drives;
    logic [31:0] lines;
    lines = ctl_i.dir ? 32'(M) : 32'(N);
    for (logic [31:0] l = 32'd0; l < lines; l = l + 32'd1) begin
      if (ctl_i.dir ? col_act_i[l] : row_act_i[l]) begin
        driven[l[LB-1:0]] = driven[l[LB-1:0]] + 16'd1;
        driven_pol[l] = ctl_i.dir ? col_pol_i[l] : row_pol_i[l];
      end
    end
  endtask

  task automatic forget_drives;
    for (logic [31:0] l = 32'd0; l < 32'(DL); l = l + 32'd1) driven[l[LB-1:0]] = 16'd0;
  endtask

  always @(negedge clk_i) begin : currents
    if (ctl_i.clear) begin
      if (disturbs) forget_drives;
      act_q = '0;
      pol_q = '0;
      clear_currents;
    end
    if (ctl_i.integ && coef_i != 2'd0) sense;
    if (ctl_i.integ && coef_i != 2'd0 && load_q != 32'd0) conduct;
    if (ctl_i.integ && disturbs) count_drives;
    if (ctl_i.hold) read_ctr = read_ctr_i;
  end
  /* verilator lint_on BLKSEQ */
endmodule
`default_nettype wire
