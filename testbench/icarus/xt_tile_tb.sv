// SPDX-License-Identifier: Apache-2.0
// xt_tile_tb: the tile against an ideal array (exact sums, exact comparators, one state unit per pulse) and simple
// facts of rtl/SPEC.md computed here from the same stimulus. Prints `N passed, M failed`.
`default_nettype none
`include "xt_types.svh"
`timescale 1ns / 1ns
module xt_tile_tb;
`ifndef TB_N
`define TB_N 3
`endif
`ifndef TB_M
`define TB_M 5
`endif
`ifndef TB_SHARE
`define TB_SHARE 1
`endif
`ifndef TB_KIND
`define TB_KIND 0
`endif
`ifndef TB_CODE
`define TB_CODE 7
`endif
`ifndef TB_ACC
`define TB_ACC 0
`endif
`ifndef TB_GANG
`define TB_GANG 0
`endif
`ifndef TB_MTJ
`define TB_MTJ 0
`endif
`ifndef TB_ADC
`define TB_ADC 9
`endif
  localparam N = `TB_N;
  localparam M = `TB_M;
  localparam S = `TB_SHARE;
  localparam KIND = `TB_KIND;  // AdcKind
  localparam CODE = `TB_CODE;
  localparam ADC = `TB_ADC;
  localparam MTJ = `TB_MTJ;  // Mtj
  localparam ACC = `TB_ACC;  // AccBits
  localparam GANG = `TB_GANG;  // AccGang
  localparam AB = 32'(xt_pkg::AMP_BITS);
  localparam BLMAX = 31;
  localparam PB = 16;
  localparam L = (N > M) ? N : M;
  localparam P = (L + S - 1) / S;
  localparam MB = CODE - 1;
  localparam CMAX = (1 << MB) - 1;
  localparam ADCMAX = (1 << (ADC - 1)) - 1;
  localparam CONV = KIND ? 2 * ADCMAX : ADC;
  localparam CM = (MB > ADC - 1) ? MB : ADC - 1;
  localparam UM = 5;

  reg clk = 0;
  reg rst_n = 0;
  always #5 clk = ~clk;

  reg [31:0] s_data = 0;
  reg s_valid = 0;
  reg s_last = 0;
  wire s_ready;
  wire [31:0] m_data;
  wire m_valid;
  wire m_last;
  reg m_ready = 0;
  reg csr_valid = 0;
  reg csr_write = 0;
  reg [7:0] csr_addr = 0;
  reg [31:0] csr_wdata = 0;
  wire csr_ack;
  wire [31:0] csr_rdata;
  wire [2:0] csr_status;
  wire [N-1:0] row_act, row_pol;
  wire [M-1:0] col_act, col_pol;
  wire [AB*N-1:0] row_amp;
  wire [AB*M-1:0] col_amp;
  wire [XT_ARRAY_CTL_T_BITS-1:0] ctl_bits;  // the netlist has no structs
  xt_array_ctl_t ctl;
  assign ctl = ctl_bits;
  wire [xt_pkg::SEL_BITS-1:0] sel = ctl.sel;
  wire [1:0] cell_mode = ctl.cell_mode;
  wire gated = (cell_mode == xt_pkg::CELL_GATED), dir = ctl.dir, clear = ctl.clear, integ = ctl.integ;
  wire halve = ctl.halve, hold = ctl.hold;
  wire pulse = ctl.pulse, act = ctl.act;
  wire [5:0] adc_slot = ctl.adc_slot, range = ctl.range;
  wire [P*ADC-1:0] sar_code;
  reg [P-1:0] cmp;
  reg [P-1:0] over;
  wire op_busy, op_end, trace_valid;
  wire [XT_TRACE_T_BITS-1:0] trace_bits;
  xt_trace_t trace;
  assign trace = trace_bits;
  wire [63:0] trace_order = trace.order;
  wire [31:0] trace_cycle = trace.cycle;
  wire [7:0] trace_kind = trace.kind, trace_status = trace.status;
  wire [15:0] trace_slot = trace.slot, trace_info = trace.info;
  wire [L*16-1:0] trace_codes;
  wire [64*xt_pkg::NUM_COUNTERS-1:0] trace_counters;

`ifdef TB_NETLIST
  xt_tile dut (
`else
  xt_tile #(.N(N), .M(M), .CodeBits(CODE), .AdcBits(ADC), .AdcShare(S), .AdcKind(KIND), .Mtj(MTJ),
    .AccBits(ACC), .AccGang(GANG)) dut (
`endif
    .clk_i(clk), .rst_ni(rst_n),
    .s_data_i(s_data), .s_valid_i(s_valid), .s_last_i(s_last), .s_ready_o(s_ready),
    .m_data_o(m_data), .m_valid_o(m_valid), .m_last_o(m_last), .m_ready_i(m_ready),
    .csr_valid_i(csr_valid), .csr_write_i(csr_write), .csr_addr_i(csr_addr), .csr_wdata_i(csr_wdata),
    .csr_ack_o(csr_ack), .csr_rdata_o(csr_rdata), .csr_status_o(csr_status),
    .to_array_ctl_o(ctl_bits), .to_array_row_act_o(row_act), .to_array_row_pol_o(row_pol),
    .to_array_col_act_o(col_act), .to_array_col_pol_o(col_pol),
    .to_array_row_amp_o(row_amp), .to_array_col_amp_o(col_amp), .to_array_sar_code_o(sar_code),
    .from_array_cmp_i(cmp), .from_array_over_i(over),
    .op_busy_o(op_busy), .op_end_o(op_end), .trace_valid_o(trace_valid), .trace_o(trace_bits),
    .trace_codes_o(trace_codes),
    .trace_counters_o(trace_counters)
  );

  // ---- the ideal array
  integer wa[0:N*M-1];
  integer wc[0:N*M-1];
  integer wr[0:N*M-1];
  integer acc[0:L-1];
  integer off[0:P-1];    // offsets of the comparators, in codes
  integer most = 0;      // of an integrator, 0: none
  reg [L-1:0] reached = 0;
  initial for (i = 0; i < P; i = i + 1) off[i] = 0;
  integer i, j, k, cur;
  integer both;  // devices pulsed, for the counter

  function integer weight(input [1:0] s, input integer d);
    case (s)
      2'd0: weight = wa[d] - wr[d];
      2'd1: weight = wc[d];
      2'd2: weight = wr[d];
      default: weight = wa[d];
    endcase
  endfunction

  integer step;
  always @(posedge clk) begin
    if (clear) begin
      for (i = 0; i < L; i = i + 1) acc[i] = 0;
      reached = 0;
    end
    if (integ) begin
      for (j = 0; j < (dir ? N : M); j = j + 1) begin
        cur = 0;
        for (i = 0; i < (dir ? M : N); i = i + 1) begin
          if (dir ? col_act[i] : row_act[i]) begin
            k = dir ? j * M + i : i * M + j;
            cur = cur + ((dir ? col_pol[i] : row_pol[i]) ? weight(sel, k) : -weight(sel, k));
          end
        end
        acc[j] = halve ? (acc[j] + cur * (1 << MB)) >>> 1 : acc[j] + cur;
        if (most > 0 && (acc[j] > most || acc[j] < -most)) begin
          acc[j] = acc[j] > 0 ? most : -most;
          reached[j] = 1;
        end
      end
    end
    if (act) begin
      for (i = 0; i < N; i = i + 1) begin
        for (j = 0; j < M; j = j + 1) begin
          if (row_act[i] && col_act[j]) begin
            both = both + 1;
            step = 0;
            if (gated) step = (row_pol[i] != col_pol[j]) ? 1 : -1;
            else if (row_pol[i] != col_pol[j]) step = row_pol[i] ? 1 : -1;
            if (sel == 2'd0) wa[i*M+j] = wa[i*M+j] + step;
            if (sel == 2'd1) wc[i*M+j] = wc[i*M+j] + step;
            if (sel == 2'd2) wr[i*M+j] = wr[i*M+j] + step;
          end
        end
      end
    end
  end

  integer u, line;
  integer code, half;
  always @(*) begin
    half = (range == 0) ? 0 : (1 << (range - 1));
    for (u = 0; u < P; u = u + 1) begin
      line = u * S + adc_slot;
      code = $signed(sar_code[u*ADC +: ADC]);
      cmp[u] = (line < (dir ? N : M)) && (acc[line] + half >= (code + off[u]) * (1 << range));
      over[u] = (line < (dir ? N : M)) && reached[line];
    end
  end

  // ---- watching
  integer passed = 0;
  integer failed = 0;
  integer op_cycles;      // of the last operation
  integer last_order;
  integer end_cycle, end_info, end_status;
  reg [64*xt_pkg::NUM_COUNTERS-1:0] counters;
  integer busy_cycles = 0;
  reg early = 0;
  always @(posedge clk) begin
    if (rst_n && op_end != (op_busy && trace_kind == 8'd5)) begin
      $display("FAIL end_o is %0d in a cycle of kind %0d", op_end, trace_kind);
      failed = failed + 1;
    end
    if (rst_n && op_busy) begin
      busy_cycles = busy_cycles + 1;
      if (trace_kind == 8'd5) begin
        if (trace.cycles != trace_cycle + 32'd1 || trace.sel != 0) begin
          $display("FAIL length %0d or sel %0d in END of cycle %0d", trace.cycles, trace.sel, trace_cycle);
          failed = failed + 1;
        end
        op_cycles = busy_cycles;
        busy_cycles = 0;
        end_cycle = trace_cycle;
        end_info = trace_info;
        end_status = trace_status;
        counters = trace_counters;
      end
    end
    if (!rst_n) busy_cycles = 0;
    if (rst_n && trace_valid) begin
      if (trace_order[31:0] != last_order[31:0] + 32'd1) begin
        $display("FAIL order %0d after %0d", trace_order, last_order);
        failed = failed + 1;
      end
      last_order = trace_order;
    end
    if (!rst_n) last_order = -1;
  end

  // ---- the boundary in every cycle, from the kind of the cycle (SPEC section 8); codes followed by the comparators
  localparam B_NONE = 0;
  localparam B_CLEAR = 1;
  localparam B_INTEG = 2;
  localparam B_HOLD = 3;
  localparam B_SAR = 4;
  localparam B_LATCH = 5;
  localparam B_PULSE = 6;
  integer kind;
  integer was = B_NONE;   // of the cycle before
  integer sar_left = 0;      // SAR cycles to come before the LATCH
  integer shares_left = 0;
  integer follow[0:P-1];
  integer sar_bit;
  reg [P-1:0] climbs;        // units of a ramp that no trial has stopped
  integer boundary_cycles = 0;
  integer latches = 0;
  reg [8:0] held = 0;        // sel, dir, range of the read
  reg boundary_bad;
  integer bu;
  reg ser_now = 0;           // registers READ_ENC and CELL_MODE
  reg [1:0] cell_now = 0;
  integer width;             // of the pulse, and of the one that goes on
  integer width_of_it = 1;
  integer width_now = 1;     // PULSE_WIDTH, PULSE_GAP, PULSE_SETTLE
  integer gap_now = 1;
  integer settle_now = 0;
  integer pulse_at = 0;      // cycle of the pulse that goes on; since its end; its lines
  integer quiet = 0;
  reg [2*N+2*M-1:0] driven = 0;
  integer pulses_seen = 0;
  always @(negedge clk) begin
    if (!rst_n) begin
      was = B_NONE;
      quiet = 0;
      shares_left = 0;
    end else begin
      kind = B_NONE;
      if (clear) kind = B_CLEAR;
      else if (trace_valid && trace_kind == 8'd1) kind = B_INTEG;
      else if (trace_valid && trace_kind == 8'd2) kind = B_HOLD;
      else if (trace_valid && trace_kind == 8'd3) kind = B_SAR;
      else if (trace_valid && (trace_kind == 8'd4 || trace_kind == 8'd6)) kind = B_PULSE;
      else if (trace_valid && trace_kind == 8'd5) kind = B_NONE;  // a cut conversion has no LATCH
      else if (was == B_SAR && sar_left == 0) kind = B_LATCH;
      boundary_bad = 0;
      if (clear != (kind == B_CLEAR) || integ != (kind == B_INTEG) || hold != (kind == B_HOLD)) boundary_bad = 1;
      if (ctl.conv != (kind == B_SAR)) boundary_bad = 1;
      if (pulse != (kind == B_PULSE) || halve != (kind == B_INTEG && ser_now)) boundary_bad = 1;
      if (cell_mode != (kind == B_PULSE ? cell_now : 2'd0)) boundary_bad = 1;
      width = width_now << ((trace_kind == 8'd6 && cell_now == 2'd1) ? trace_slot : 16'd0);
      if (act && !pulse) boundary_bad = 1;
      if (kind == B_PULSE) begin
        if (was == B_PULSE && pulse_at < width_of_it - 1) begin  // it goes on
          pulse_at = pulse_at + 1;
          if ({row_act, row_pol, col_act, col_pol} != driven) boundary_bad = 1;
        end else begin
          width_of_it = width;
          if (pulses_seen > 0 && quiet < gap_now) boundary_bad = 1;
          pulse_at = 0;
          pulses_seen = pulses_seen + 1;
        end
        if (trace.at != pulse_at || act != (pulse_at == width - 1)) boundary_bad = 1;
        driven = {row_act, row_pol, col_act, col_pol};
        quiet = 0;
      end else begin
        quiet = quiet + 1;
        if (trace.at != 0 && trace_valid) boundary_bad = 1;
      end
      if (ctl.duration != (kind == B_PULSE ? width : 0)) boundary_bad = 1;
      if ((trace_kind != 8'd6 || !trace_valid) && {row_amp, col_amp} != 0) boundary_bad = 1;
      if ((row_amp & ~{AB{row_act}}) != 0 || (col_amp & ~{AB{col_act}}) != 0) boundary_bad = 1;
      if (kind != B_INTEG && kind != B_PULSE && {row_act, row_pol, col_act, col_pol} != 0) boundary_bad = 1;
      if ((row_pol & ~row_act) != 0 || (col_pol & ~col_act) != 0) boundary_bad = 1;
      if (kind == B_INTEG && (dir ? {row_act, row_pol} != 0 : {col_act, col_pol} != 0)) boundary_bad = 1;
      if (kind == B_CLEAR) begin
        held = {sel, dir, range};
        shares_left = S;
        sar_left = 0;
      end
      if (kind >= B_CLEAR && kind <= B_LATCH && {sel, dir, range} != held) boundary_bad = 1;
      if (kind == B_PULSE && {dir, range} != 0) boundary_bad = 1;
      if (kind == B_NONE && {sel, dir, range} != 0) boundary_bad = 1;
      if (kind == B_SAR) begin
        if (was != B_SAR || sar_left == 0) begin
          for (bu = 0; bu < P; bu = bu + 1) follow[bu] = KIND ? -ADCMAX : -(1 << (ADC - 1));
          sar_left = CONV;
          climbs = {P{1'b1}};
        end
        sar_left = sar_left - 1;
        for (bu = 0; bu < P; bu = bu + 1) begin
          sar_bit = KIND ? ADCMAX - sar_left : follow[bu] + (1 << sar_left);
          if ($signed(sar_code[bu*ADC +: ADC]) != sar_bit) boundary_bad = 1;
          climbs[bu] = cmp[bu] && (climbs[bu] || KIND == 0);
          if (climbs[bu]) follow[bu] = sar_bit;
        end
        if (adc_slot != S - shares_left || trace_slot != (KIND ? CONV - 1 - sar_left : sar_left)) boundary_bad = 1;
      end else if (kind == B_LATCH) begin
        for (bu = 0; bu < P; bu = bu + 1) if ($signed(sar_code[bu*ADC +: ADC]) != follow[bu]) boundary_bad = 1;
        if (adc_slot != S - shares_left) boundary_bad = 1;
        shares_left = shares_left - 1;
        latches = latches + 1;
      end else if (sar_code != 0 || adc_slot != 0) begin
        boundary_bad = 1;
      end
      if (boundary_bad) begin
        $display("FAIL boundary in a cycle of kind %0d (time %0t)", kind, $time);
        failed = failed + 1;
      end
      boundary_cycles = boundary_cycles + 1;
      was = kind;
    end
  end

  task check(input [255:0] what, input integer got, input integer want);
    begin
      if (got === want) passed = passed + 1;
      else begin
        failed = failed + 1;
        $display("FAIL %0s: got %0d, want %0d (time %0t)", what, got, want, $time);
      end
    end
  endtask

  // ---- streams
  reg [31:0] packet[0:1023];
  integer packet_words;
  reg [31:0] answer[0:1023];
  integer answer_words;

  task put_word(input [31:0] w);
    begin
      packet[packet_words] = w;
      packet_words = packet_words + 1;
    end
  endtask

  task head(input integer op, input integer s, input integer arg);
    begin
      packet_words = 0;
      put_word({arg[15:0], 4'd0, s[3:0], op[7:0]});
    end
  endtask

  integer x[0:N-1];
  integer d[0:M-1];
  integer tgt[0:M-1];
  reg [31:0] word;
  task add_x;
    begin
      for (i = 0; i < N; i = i + 4) begin
        word = 32'h80808080;  // lanes past the last line are ignored
        for (j = 0; j < 4; j = j + 1) if (i + j < N) word[8*j +: 8] = x[i+j];
        put_word(word);
      end
    end
  endtask
  task add_d;
    begin
      for (i = 0; i < M; i = i + 4) begin
        word = 32'h80808080;
        for (j = 0; j < 4; j = j + 1) if (i + j < M) word[8*j +: 8] = d[i+j];
        put_word(word);
      end
    end
  endtask
  task add_targets;
    begin
      for (i = 0; i < M; i = i + 2) begin
        word = 32'h80008000;
        for (j = 0; j < 2; j = j + 1) if (i + j < M) word[16*j +: 16] = tgt[i+j];
        put_word(word);
      end
    end
  endtask

  integer pw;
  task send;
    begin
      for (pw = 0; pw < packet_words; pw = pw + 1) begin
        s_data = packet[pw];
        s_valid = 1;
        s_last = (pw == packet_words - 1);
        @(negedge clk);
        while (!s_ready) @(negedge clk);
        @(posedge clk);
        #1;
        s_valid = 0;
        s_last = 0;
      end
    end
  endtask

  integer guard;
  reg got_last;
  task receive;
    begin
      answer_words = 0;
      got_last = 0;
      guard = 0;
      m_ready = 1;
      while (!got_last && guard < 100000) begin
        @(negedge clk);
        guard = guard + 1;
        if (m_valid) begin
          answer[answer_words] = m_data;
          answer_words = answer_words + 1;
          got_last = m_last;
        end
        @(posedge clk);
        #1;
      end
      m_ready = 0;
      check("an answer comes", got_last, 1);
    end
  endtask

  task run;
    begin
      send;
      receive;
    end
  endtask

  function integer status_of(input integer dummy);
    status_of = answer[0][15:8];
  endfunction
  function integer info_of(input integer dummy);
    info_of = answer[0][31:16];
  endfunction
  function integer code_of(input integer l);
    code_of = $signed(answer[1 + l/2][16*(l%2) +: 16]);
  endfunction
  function integer counter(input integer c);
    counter = counters[64*c +: 32];
  endfunction

  task csr(input integer addr, input integer value, input write, input integer want_status);
    begin
      csr_valid = 1;
      csr_write = write;
      csr_addr = addr;
      csr_wdata = value;
      @(posedge clk);
      #1;
      csr_valid = 0;
      check("CSR acknowledge", csr_ack, 1);
      check("CSR status", csr_status, want_status);
      if (write) check("read data of a write", csr_rdata, 0);
      if (write && want_status == 0 && addr == 8'h12) ser_now = value[0];
      if (write && want_status == 0 && addr == 8'h11) cell_now = value[1:0];
      if (write && want_status == 0 && addr == 8'h2F) width_now = value;
      if (write && want_status == 0 && addr == 8'h30) gap_now = value;
    end
  endtask
  task wreg(input integer addr, input integer value);
    csr(addr, value, 1'b1, 0);
  endtask
  task rreg(input integer addr, input integer value);
    begin
      csr(addr, 0, 1'b0, 0);
      check("CSR value", csr_rdata, value);
    end
  endtask

  task hardware_reset;
    begin
      rst_n = 0;
      ser_now = 0;
      cell_now = 0;
      width_now = 1;
      gap_now = 1;
      settle_now = 0;
      repeat (3) @(posedge clk);
      #1 rst_n = 1;
      @(posedge clk);
      #1;
    end
  endtask

  // Registers CAL_SEL, CAL
  task correction(input integer unit, input integer value);
    begin
      wreg(xt_pkg::CSR_CAL_SEL, unit);
      rreg(xt_pkg::CSR_CAL, value);
    end
  endtask

  // ---- expected values
  integer rs, readseq;
  integer rail_lines;
  function integer clamp(input integer v, input integer lo, input integer hi);
    clamp = (v < lo) ? lo : (v > hi) ? hi : v;
  endfunction
  function integer floor_shift(input integer v, input integer r);
    floor_shift = v >>> r;
  endfunction
  integer sum, want_code, raw;
  task expect_codes(input integer s, input integer hot, input integer back, input integer r,
                    input integer offset);
    begin
      rail_lines = 0;
      for (j = 0; j < (back ? N : M); j = j + 1) begin
        sum = 0;
        for (i = 0; i < (back ? M : N); i = i + 1) begin
          k = back ? j * M + i : i * M + j;
          sum = sum + weight(s, k) * (hot >= 0 ? (i == hot ? CMAX : 0) : back ? d[i] : x[i]);
        end
        raw = floor_shift(sum + (r > 0 ? (1 << (r - 1)) : 0), r);
        if (raw >= ADCMAX || raw <= -ADCMAX) rail_lines = rail_lines + 1;
        want_code = clamp(clamp(raw, -ADCMAX, ADCMAX) - offset, -ADCMAX, ADCMAX);
        check("code", code_of(j), want_code);
      end
      if ((back ? N : M) % 2) check("past the last line", answer[answer_words-1][31:16], 0);
      check("words", answer_words, 1 + ((back ? N : M) + 1) / 2);
    end
  endtask

  integer seed = 1;
  function integer rnd(input integer lo, input integer hi);
    rnd = lo + ($urandom(seed) % (hi - lo + 1));
  endfunction
  task random_vectors(input integer positive);
    begin
      for (i = 0; i < N; i = i + 1) x[i] = rnd(0, 2 * CMAX) - (positive ? 0 : CMAX);
      for (i = 0; i < N; i = i + 1) if (x[i] > CMAX) x[i] = CMAX;
      for (i = 0; i < M; i = i + 1) d[i] = rnd(0, 2 * CMAX) - CMAX;
    end
  endtask

  integer before_a[0:N*M-1];
  integer before_c[0:N*M-1];
  task remember;
    for (i = 0; i < N * M; i = i + 1) begin
      before_a[i] = wa[i];
      before_c[i] = wc[i];
    end
  endtask

  integer before_x[0:N-1];
  integer slots;
  integer saved[0:N+M+63];
  integer rep, q, xm, dm, bl, ph, mode, ser, ch, moved, trial_rounds, n_line, e_code;
  real total, want_total;
  integer pulses_before;

  // Shape of the pulses
  task shape(input integer width, input integer gap, input integer settle);
    begin
      wreg(8'h2F, width);
      wreg(8'h30, gap);
      wreg(8'h31, settle);
      settle_now = settle;
    end
  endtask
  // cycles of so many phases of so many slots
  function integer train(input integer phases, input integer n);
    train = phases * (n * (width_now + gap_now) + settle_now);
  endfunction

  // Which signs x and d have: bit 0 positive, bit 1 negative
  reg [1:0] x_signs, d_signs;
  function integer half_select_phases(input [1:0] rows, input [1:0] cols);
    half_select_phases = (rows[0] + rows[1]) * (cols[0] + cols[1]);
  endfunction

  // No answer before a command
  task start;
  begin
    for (i = 0; i < N * M; i = i + 1) begin
      wa[i] = (i * 37) % 101 - 50;
      wc[i] = (i * 53) % 211 - 105;
      wr[i] = (i * 29) % 31 - 15;
    end
    both = 0;
    m_ready = 1;
    @(posedge clk);
    #1 check("ready in reset", s_ready, 0);
    repeat (2) @(posedge clk);
    #1 rst_n = 1;
    repeat (20) begin
      @(posedge clk);
      #1 if (m_valid) early = 1;
    end
    check("no response before a command", early, 0);
    m_ready = 0;
  end
  endtask

  // Registers
  task registers;
  begin
    rreg(0, 32'h58543031);
    rreg(2, (M << 16) | N);
    rreg(3, (ADC << 24) | (S << 16) | (16 << 8) | CODE);
    rreg(4, (MTJ << 25) | (KIND << 24) | (PB << 8) | BLMAX);
    rreg(5, 0);
    rreg(8'h13, 14);
    rreg(8'h19, 2);
    csr(8'h3F, 0, 1'b0, 1);
    check("unknown register", csr_rdata, 0);
    csr(xt_pkg::CSR_COUNTERS + 8'd2 * xt_pkg::NUM_COUNTERS, 0, 1'b1, 1);
    csr(8'h00, 0, 1'b1, 2);
    csr(8'h0C, 0, 1'b1, 2);
    csr(8'h13, 41, 1'b1, 3);
    csr(8'h1B, 0, 1'b1, 3);
    csr(8'h1B, BLMAX + 1, 1'b1, 3);
    rreg(8'h2F, 1);
    rreg(8'h30, 1);
    rreg(8'h31, 0);
    csr(8'h2F, 0, 1'b1, 3);
    csr(8'h30, 256, 1'b1, 3);
    csr(8'h17, -ADCMAX - 1, 1'b1, 3);
    wreg(8'h17, -ADCMAX);
    rreg(8'h17, -ADCMAX);
    wreg(8'h17, 0);
  end
  endtask

  // Errors
  task errors;
  begin
    random_vectors(0);
    head(2, 0, 0); add_x; run;
    check("ERR_ORDER", status_of(0), 4);
    check("cycles of an error", op_cycles, 2);
    head(ACC ? 13 : MTJ ? 11 : 10, 0, 0); run;
    check("ERR_OPCODE", status_of(0), 1);
    head(0, 0, 0); add_x; run;
    check("ERR_OPCODE, long", status_of(0), 1);
    head(1, 0, 0); run;
    check("RESET", answer[0], 32'h00000001);
    check("cycles of RESET", op_cycles, 2);
    check("OPS after RESET", counter(0), 0);
    head(2, 0, 0); run;
    check("ERR_SHORT", status_of(0), 2);
    head(4, 0, 0); add_x; run;
    check("ERR_SHORT, d missing", status_of(0), 2);
    head(2, 0, 0); add_x; put_word(0); put_word(0); run;
    check("ERR_LONG", status_of(0), 3);
    head(5, 0, 0); put_word(0); run;
    check("ERR_LONG, no payload", status_of(0), 3);
    head(2, 1, 0); add_x; run;
    check("ERR_FLAGS, sel", status_of(0), 5);
    head(7, 3, 0); for (i = 0; i < M; i = i + 1) tgt[i] = 0; add_targets; run;
    check("ERR_FLAGS, sel of PROGRAM", status_of(0), 5);
    head(1, 0, 0); packet[0][12] = 1; run;
    check("ERR_FLAGS, reserved", status_of(0), 5);
    head(6, 0, N); run;
    check("ERR_ARG, line", status_of(0), 6);
    head(8, 0, 0); run;
    check("ERR_ARG, pairs", status_of(0), 6);
    head(4, 0, -1); add_x; add_d; run;
    check("ERR_ARG, exponent", status_of(0), 6);
    head(4, 0, 64); add_x; add_d; run;
    check("ERR_ARG, exponent", status_of(0), 6);
    x[N-1] = -CMAX - 1;
    head(2, 0, 0); add_x; run;
    check("ERR_CODE", status_of(0), 7);
    check("no payload after an error", answer_words, 1);
    tgt[M-1] = ADCMAX + 1;
    head(7, 0, 0); add_targets; run;
    check("ERR_CODE, target", status_of(0), 7);
    x[N-1] = 0;
    head(4, 1, 0); add_x; add_d; run;
    check("ERR_LONG, x although sel is 1", status_of(0), 3);
    head(4, 2, 0); add_d; run;
    check("ERR_SHORT, sel 2", status_of(0), 2);
    head(4, 2, 0); add_x; add_d; run;
    check("ERR_FLAGS, sel 2", status_of(0), 5);
    head(4, 1, 0); add_d; run;
    check("ERR_KEPT", status_of(0), 11);
    check("ERRORS", counter(9), 17);
    check("OPS", counter(0), 17);
    check("CYCLES", counter(1), 34);
  end
  endtask

  // Reads
  task reads;
  begin
    for (ser = 0; ser < 2; ser = ser + 1) begin
      wreg(8'h12, ser);
      rs = ser ? MB : CMAX;
      readseq = 1 + rs + 1 + S * (CONV + 1);
      for (rep = 0; rep < 6; rep = rep + 1) begin
        random_vectors(rep % 2);
        wreg(8'h13, rep + 2);
        wreg(8'h14, rep + 2);
        wreg(8'h16, rep + 1);
        wreg(8'h17, rep == 3 ? -ADCMAX : rep == 4 ? 5 : 0);
        head(2, 0, 0); add_x; run;
        check("FORWARD", status_of(0), 0);
        check("cycles of FORWARD", op_cycles, readseq + 2);
        check("END cycle", end_cycle, readseq + 1);
        expect_codes(1, -1, 0, rep + 2, rep == 3 ? -ADCMAX : rep == 4 ? 5 : 0);
        check("rails", info_of(0), rail_lines);
        head(3, 0, 0); add_d; run;
        check("cycles of BACKWARD", op_cycles, readseq + 2);
        expect_codes(1, -1, 1, rep + 2, rep == 3 ? -ADCMAX : rep == 4 ? 5 : 0);
        check("rails", info_of(0), rail_lines);
        n_line = rnd(0, N - 1);
        head(6, rep % 4, n_line); run;
        check("cycles of READ", op_cycles, readseq + 2);
        expect_codes(rep % 4, n_line, 0, rep + 1, rep == 3 ? -ADCMAX : rep == 4 ? 5 : 0);
      end
    end
    wreg(8'h17, 0);
  end
  endtask

  // UPDATE: BL, cycles; certain pulses hit every coincidence with the right sign
  task updates;
  begin
    for (rep = 0; rep < 12; rep = rep + 1) begin
      random_vectors(rep % 2);
      ch = (rep / 2) % 2;
      if (rep > 1) shape(rnd(1, 3), rnd(0, 2), rnd(0, 2));
      if (rep == 9) shape(255, 0, 255);
      wreg(8'h11, ch);
      wreg(8'h18, rep % 3 == 0);
      wreg(8'h19, 2);
      wreg(8'h1B, 7);
      wreg(8'h1C, 1 + rep * 1000);
      wreg(8'h1D, 2 * rep + 6);
      if (rep > 5) for (i = 0; i < M; i = i + 1) if (d[i] > 0 ? rep % 3 == 0 : rep % 3 == 1) d[i] = -d[i];
      xm = 0; dm = 0; x_signs = 0; d_signs = 0;
      for (i = 0; i < N; i = i + 1) begin
        if (x[i] > xm) xm = x[i];
        if (-x[i] > xm) xm = -x[i];
        x_signs = x_signs | {x[i] < 0, x[i] > 0};
      end
      for (i = 0; i < M; i = i + 1) begin
        if (d[i] > dm) dm = d[i];
        if (-d[i] > dm) dm = -d[i];
        d_signs = d_signs | {d[i] < 0, d[i] > 0};
      end
      q = (1 + rep * 1000) * xm * dm;
      bl = (q + (1 << (2 * rep + 6 + 1)) - 1) / (1 << (2 * rep + 6 + 1));
      if (bl > 7) bl = 7;
      head(4, 0, 1); add_x; add_d; run;
      check("BL", info_of(0), bl);
      ph = ch ? 1 : half_select_phases(x_signs, d_signs);
      check("cycles of UPDATE", op_cycles, 2 + UM + (bl > 0 ? CM + train(ph, bl) : 0));
      slots = counter(5);
      // manual scales large enough: T = 2^ProbBits for every code but 0
      remember;
      wreg(8'h19, 0);
      wreg(8'h1A, rep % 2);
      wreg(8'h1E, 16'hFFFF);
      wreg(8'h20, 16'hFFFF);
      bl = (xm > 0 && dm > 0) ? 7 : 0;
      head(4, 0, 0); add_x; add_d; run;
      check("BL, manual", info_of(0), bl);
      check("SLOTS", counter(5) - slots, bl > 0 ? ph * bl : 0);
      moved = 0;
      for (i = 0; i < N; i = i + 1) for (j = 0; j < M; j = j + 1) begin
        k = i * M + j;
        q = (x[i] == 0 || d[j] == 0) ? 0 : ((x[i] > 0) == (d[j] > 0)) ? -7 : 7;
        if ((rep % 3 == 0 ? wc[k] - before_c[k] : wa[k] - before_a[k]) != q) moved = moved + 1;
      end
      check("certain pulses, devices off", moved, 0);
      wreg(8'h1A, 0);
    end
    check("PULSES", counter(6), both);
    shape(1, 1, 0);
  end
  endtask

  // An UPDATE with the x of the FORWARD before, which other commands lose
  task x_kept;
  begin
    wreg(8'h11, 0); wreg(8'h18, 0); wreg(8'h19, 0); wreg(8'h1B, 3); wreg(8'h1E, 16'hFFFF); wreg(8'h20, 16'hFFFF);
    for (rep = 0; rep < 12; rep = rep + 1) begin
      random_vectors(0);
      if (rep == 9) wreg(8'h2D, 5);  // FORWARD and BACKWARD are cut: x stands
      head(rep == 4 ? 4 : 2, 0, 0); add_x; if (rep == 4) add_d; run;
      for (i = 0; i < N; i = i + 1) before_x[i] = x[i];
      random_vectors(0);
      for (i = 0; i < N; i = i + 1) x[i] = before_x[i];
      if (rep == 5) begin head(6, 1, 0); run; end
      if (rep == 6) begin head(1, 0, 0); run; end
      if (rep == 7) begin head(5, 0, 0); run; end
      if (rep == 8) begin head(2, 1, 0); add_x; run; end  // an error loses nothing
      if (rep == 10) begin head(8, 0, 2); run; end
      if (rep == 11) begin wreg(8'h2D, 2); head(6, 1, 0); run; wreg(8'h2D, 0); end  // cut in its CLEAR: it is lost
      head(3, 0, 0); add_d; run;
      wreg(8'h2D, 0);
      remember;
      head(4, 1, 0); add_d; run;
      if ((rep >= 5 && rep <= 7) || rep == 11) begin
        check("ERR_KEPT", status_of(0), 11);
      end else begin
        check("UPDATE without x", status_of(0), 0);
        moved = 0;
        for (i = 0; i < N; i = i + 1) for (j = 0; j < M; j = j + 1) begin
          k = i * M + j;
          q = (x[i] == 0 || d[j] == 0) ? 0 : ((x[i] > 0) == (d[j] > 0)) ? -3 : 3;
          if (wa[k] - before_a[k] != q) moved = moved + 1;
        end
        check("x kept, devices off", moved, 0);
      end
    end
  end
  endtask

  // Seeds of every line, and generators at 0: they do not fire, and begin anew
  integer fold_row, fold_col;
  function integer line_constant(input integer l);  // rows, then columns
    line_constant = (l < N) ? (1 << (PB - 1)) | ((l * 25173 + 13849) % (1 << (PB - 1)))
                            : (1 << PB) | (((l - N) * 25173 + 6925) % (1 << PB));
  endfunction
  function integer generator_of(input integer l);  // as GEN_SEL
    generator_of = (l < N) ? l : 65536 + l - N;
  endfunction
  task seeds_and_upsets;
  begin
    wreg(8'h10, 32'hC3A51E87);
    head(1, 0, 0); run;
    fold_row = 32'h1E87 ^ 32'h074A ^ 32'h3;  // C3A51E87 = 3 * 2^30 + 074A * 2^15 + 1E87
    fold_col = 32'h1E87 ^ 32'hC3A5 ^ 32'hC3A5;
    for (i = 0; i < N + M; i = i + 1) begin
      wreg(8'h0A, generator_of(i));
      rreg(8'h0B, line_constant(i) ^ (i < N ? fold_row : fold_col));
    end
    wreg(8'h11, 1); wreg(8'h19, 0); wreg(8'h1A, 0); wreg(8'h1B, 1); wreg(8'h1E, 16'hFFFF); wreg(8'h20, 16'hFFFF);
    for (rep = 0; rep < N + M; rep = rep + 1) begin
      for (i = 0; i < N; i = i + 1) x[i] = CMAX;
      for (i = 0; i < M; i = i + 1) d[i] = CMAX;
      wreg(8'h0A, generator_of(rep));
      wreg(8'h0B, 0);
      moved = both;
      slots = counter(xt_pkg::CNT_UPSETS);
      head(4, 0, 0); add_x; add_d; run;  // every line fires but this
      check("pulses with a generator at 0", both - moved, rep < N ? (N - 1) * M : N * (M - 1));
      check("UPSETS", counter(xt_pkg::CNT_UPSETS) - slots, 1);
      rreg(8'h0B, line_constant(rep));
      wreg(8'h0B, 0);
      wreg(8'h1A, 1);  // low-discrepancy: nothing moves
      head(4, 0, 0); add_x; add_d; run;
      check("UPSETS, no stochastic train", counter(xt_pkg::CNT_UPSETS) - slots, 1);
      rreg(8'h0B, 0);
      wreg(8'h1A, 0); wreg(8'h1E, 0); wreg(8'h20, 0);  // no line fires
      moved = both;
      head(4, 0, 0); add_x; add_d; run;
      check("T = 0 does not fire at 0", both - moved, 0);
      check("UPSETS", counter(xt_pkg::CNT_UPSETS) - slots, 2);
      wreg(8'h1E, 16'hFFFF); wreg(8'h20, 16'hFFFF);
    end
    wreg(8'h10, 1);
    wreg(8'h11, 0);
  end
  endtask

  // Stochastic mean: sum of |x||d| man 2^-e over the devices
  task mean_of_pulses;
  begin
    wreg(8'h11, 0); wreg(8'h18, 0); wreg(8'h19, 2); wreg(8'h1B, 31); wreg(8'h1C, 3); wreg(8'h1D, 2 * CODE + 2);
    for (ser = 0; ser < 2; ser = ser + 1) begin
      wreg(8'h1A, ser);
      want_total = 0.0;
      pulses_before = both;
      for (rep = 0; rep < 300; rep = rep + 1) begin
        random_vectors(0);
        for (i = 0; i < N; i = i + 1) for (j = 0; j < M; j = j + 1) begin
          total = x[i] * d[j];
          if (total < 0) total = -total;
          want_total = want_total + total * 3.0 / (1 << (2 * CODE + 2));
        end
        head(4, 0, 0); add_x; add_d; run;
      end
      total = both - pulses_before;
      // 5 standard deviations of a Poisson count, and 2 %
      total = (total > want_total) ? total - want_total : want_total - total;
      check("mean of pulses", total < 5.0 * $sqrt(want_total) + 0.02 * want_total, 1);
    end
    wreg(8'h1A, 0);
  end
  endtask

  // Schedule and counted transfer: C moves by the code read, line after line
  task schedule;
  begin
    wreg(8'h12, 0);
    rs = CMAX;
    readseq = 1 + rs + 1 + S * (CONV + 1);
    head(1, 0, 0); run;
    wreg(8'h22, 2); wreg(8'h23, 2); wreg(8'h24, BLMAX); wreg(8'h25, 1); wreg(8'h26, 1); wreg(8'h15, 10);
    wreg(8'h1C, 1); wreg(8'h1D, 0); wreg(8'h1B, 1); wreg(8'h19, 0); wreg(8'h1E, 0); wreg(8'h20, 0);
    for (rep = 0; rep < 2 * N + 3; rep = rep + 1) begin
      for (i = 0; i < N * M; i = i + 1) begin
        wa[i] = rnd(0, 600) - 300;
        wr[i] = 0;
      end
      remember;
      for (i = 0; i < N; i = i + 1) x[i] = 1;
      for (i = 0; i < M; i = i + 1) d[i] = 1;
      rreg(6, (rep / 2) % N);
      rreg(7, rep % 2);
      wreg(8'h2E, (rep / 2) % 2);
      head(4, 0, 0); add_x; add_d; run;
      check("BL of the update", info_of(0), 1);
      rail_lines = 0;
      moved = 0;
      dm = 0;
      d_signs = 0;
      for (i = 0; i < N; i = i + 1) for (j = 0; j < M; j = j + 1) begin
        k = i * M + j;
        q = 0;
        if (rep % 2 == 1 && i == (rep / 2) % N) begin
          e_code = clamp(floor_shift(before_a[k] * CMAX + 512, 10), -ADCMAX, ADCMAX);
          if (e_code >= ADCMAX || e_code <= -ADCMAX) rail_lines = rail_lines + 1;
          if ((rep / 2) % 2) check("code that the transfer read", code_of(j), e_code);
          d_signs = d_signs | {e_code < 0, e_code > 0};
          xm = (e_code < 0 ? -e_code : e_code);
          q = (xm + 1) / 2;
          if (q > BLMAX) q = BLMAX;
          if (q > dm) dm = q;
          if (e_code < 0) q = -q;
        end
        if (wc[k] - before_c[k] != q) moved = moved + 1;
      end
      check("counted transfer, devices off", moved, 0);
      check("words of an UPDATE", answer_words, (rep % 4 == 3) ? 1 + (M + 1) / 2 : 1);
      if (rep % 2 == 1) begin
        rreg(8'h0C, (rep / 2) % N);
        rreg(8'h0D, dm);
        rreg(8'h0E, rail_lines);
      end
      check("cycles of UPDATE with transfer", op_cycles,
            2 + UM + CM + train(1, 1)
              + (rep % 2 ? readseq + UM + (dm > 0 ? CM + train(half_select_phases(2'b01, d_signs), dm) : 0) : 0));
    end
    check("TRANSFERS", counter(7), N + 1);
    wreg(8'h22, 0);
    head(5, 0, 0); run;
    check("TRANSFER", answer[0][15:0], 16'h0005);
    check("TRANSFER words", answer_words, 1 + (M + 1) / 2);
    rreg(6, (N + 2) % N);
  end
  endtask

  // PROGRAM: one pulse per code of error, exact in one round (range 0 of a one-row read: CMAX units a code)
  task program_verify;
  begin
    wreg(8'h27, BLMAX); wreg(8'h28, 1); wreg(8'h29, 0); wreg(8'h2A, 6); wreg(8'h2B, 0); wreg(8'h16, MB);
    for (ch = 0; ch < 2; ch = ch + 1) begin
      wreg(8'h11, ch);
      n_line = rnd(0, N - 1);
      for (i = 0; i < N * M; i = i + 1) wc[i] = 0;
      remember;
      for (i = 0; i < M; i = i + 1) tgt[i] = (M == 1) ? -3 : clamp(i * 5 - 9, -ADCMAX, ADCMAX);
      head(7, 1, n_line); add_targets; run;
      check("PROGRAM", status_of(0), 0);
      for (j = 0; j < M; j = j + 1) begin
        check("PROGRAM code", code_of(j), tgt[j]);
        q = wc[n_line*M+j] * CMAX - tgt[j] * (1 << MB);
        check("PROGRAM within one code", q <= (1 << MB) && q >= -(1 << MB), 1);
      end
      moved = 0;
      for (i = 0; i < N; i = i + 1) for (j = 0; j < M; j = j + 1) if (i != n_line) begin
        if (wc[i*M+j] != before_c[i*M+j]) moved = moved + 1;
      end
      check("PROGRAM leaves other lines alone", moved, 0);
      check("PROGRAM rounds > 0", info_of(0) > 0, 1);
      head(7, 1, n_line); add_targets; run;
      check("PROGRAM, nothing to do", info_of(0), 0);
      check("cycles of PROGRAM, 0 rounds", op_cycles, 2 + readseq + 1);
    end
  end
  endtask

  // ZERO_SHIFT: every device up and down
  task zero_shift;
  begin
    for (ch = 0; ch < 4; ch = ch + 1) begin
      wreg(8'h11, ch % 2);
      if (ch > 1) shape(2, 3, ch - 1);
      remember;
      moved = both;
      head(8, 0, 9); run;
      check("cycles of ZERO_SHIFT", op_cycles, 2 + train(18, 1));
      check("ZERO_SHIFT pulses", both - moved, 18 * N * M);
      moved = 0;
      for (i = 0; i < N * M; i = i + 1) if (wa[i] != before_a[i]) moved = moved + 1;
      check("ZERO_SHIFT is balanced", moved, 0);
    end
  end
  endtask

  // Operations cut by TIMEOUT in every cycle, and by ABORT
  task cut_operations;
  begin
    wreg(8'h11, 0); wreg(8'h13, 4);
    head(1, 0, 0); run;
    moved = 0;
    for (rep = 1; rep <= readseq + 3; rep = rep + 1) begin
      random_vectors(0);
      wreg(8'h2D, rep);
      head(2, 0, 0); add_x; run;
      if (rep < readseq + 1) begin
        check("TIMEOUT", answer[0], {16'd0, 8'd10, 8'd2});
        check("END of TIMEOUT", end_cycle, rep);
        check("words of TIMEOUT", answer_words, 1);
        moved = moved + 1;
      end else begin
        check("TIMEOUT not reached", end_cycle, readseq + 1);
        expect_codes(1, -1, 0, 4, 0);
      end
    end
    wreg(8'h2D, 0);
    check("ERRORS of TIMEOUT", counter(9), moved);
    check("READS of TIMEOUT", counter(2), 3);
    wreg(8'h08, 1);  // nothing runs
    rreg(8'h08, 0);
    csr(8'h08, 2, 1'b1, 3);
    slots = counter(5);
    for (rep = 0; rep < 20; rep = rep + 1) begin
      shape(rnd(1, 3), rnd(0, 2), rnd(0, 2));
      moved = both;
      head(8, 0, 1000); send;
      repeat (3 + rep) @(posedge clk);
      #1 csr(8'h08, 1, 1'b1, 0);
      check("ABORT: END follows the acknowledge", op_end, 0);
      @(posedge clk);
      #1 check("ABORT: END follows the acknowledge", op_end, 1);
      receive;
      check("ABORT", answer[0], {16'd0, 8'd9, 8'd8});
      check("SLOTS are the pulses that ended", counter(5),
            slots + (op_cycles - 2 - width_now + train(1, 1)) / train(1, 1));
      check("PULSES, too", both, moved + N * M * (counter(5) - slots));
      slots = counter(5);
    end
  end
  endtask

  // All state over the bus: an UPDATE after a reset and a restore is the one without
  task state_over_the_bus;
  begin
    wreg(8'h18, 0); wreg(8'h19, 2); wreg(8'h1B, 31); wreg(8'h1C, 20000); wreg(8'h1D, 2 * CODE + 10);
    for (ch = 0; ch < 2; ch = ch + 1) begin
      wreg(8'h1A, ch);
      for (rep = 0; rep < 3; rep = rep + 1) begin
        random_vectors(0);
        head(4, 0, 0); add_x; add_d; run;
      end
      for (i = 0; i < N + M; i = i + 1) begin
        wreg(8'h0A, i < N ? i : 65536 + i - N);
        csr(8'h0B, 0, 1'b0, 0);
        saved[i] = csr_rdata;
        check("a generator is not 0", csr_rdata != 0, 1);
      end
      for (i = 0; i < 2 * xt_pkg::NUM_COUNTERS; i = i + 1) begin
        csr(8'h40 + i, 0, 1'b0, 0);
        saved[N+M+i] = csr_rdata;
      end
      csr(8'h09, 0, 1'b0, 0);
      e_code = csr_rdata;
      csr(8'h06, 0, 1'b0, 0);
      n_line = csr_rdata;
      remember;
      head(4, 0, 0); add_x; add_d; run;
      for (i = 0; i < N * M; i = i + 1) begin
        before_c[i] = wa[i] - before_a[i];  // what the UPDATE did
        wa[i] = before_a[i];
      end
      raw = counter(6);
      hardware_reset;
      wreg(8'h18, 0); wreg(8'h19, 2); wreg(8'h1B, 31); wreg(8'h1C, 20000); wreg(8'h1D, 2 * CODE + 10);
      wreg(8'h1A, ch);
      head(1, 0, 0); run;
      for (i = 0; i < N + M; i = i + 1) begin
        wreg(8'h0A, i < N ? i : 65536 + i - N);
        wreg(8'h0B, saved[i]);
        rreg(8'h0B, saved[i]);
      end
      for (i = 0; i < 2 * xt_pkg::NUM_COUNTERS; i = i + 1) wreg(8'h40 + i, saved[N+M+i]);
      wreg(8'h09, e_code);
      rreg(8'h09, e_code);
      wreg(8'h06, n_line);
      wreg(8'h07, 0);
      head(4, 0, 0); add_x; add_d; run;
      moved = 0;
      for (i = 0; i < N * M; i = i + 1) if (wa[i] - before_a[i] != before_c[i]) moved = moved + 1;
      check("UPDATE after a restore, devices off", moved, 0);
      check("PULSES after a restore", counter(6), raw);
    end
    wreg(8'h0A, N);
    rreg(8'h0B, 0);
    csr(8'h0B, 1, 1'b1, 3);
    csr(8'h0B, 0, 1'b1, 3);
    wreg(8'h0A, 0);
    csr(8'h0B, 65536, 1'b1, 3);
    csr(8'h06, N, 1'b1, 3);
    wreg(8'h06, N - 1);
    rreg(8'h06, N - 1);
    wreg(8'h06, 0);
    wreg(8'h53, 32'hABCD);
    rreg(8'h40, counter(0));  // keeps its high word
    rreg(8'h53, 0);
    csr(8'h52, 0, 1'b0, 0);
    rreg(8'h41, 32'hABCD);
    wreg(8'h53, 0);
  end
  endtask

  // Double buffer, waiting output, busy registers
  task double_buffer;
  begin
    wreg(8'h11, 0); wreg(8'h13, 4); wreg(8'h16, MB);
    random_vectors(0);
    m_ready = 0;
    head(2, 0, 0); add_x; send;
    head(6, 1, 0); send;
    csr(8'h13, 5, 1'b1, 4);
    repeat (3 * (readseq + 4)) @(posedge clk);
    #1 csr(8'h13, 5, 1'b1, 4);
    csr(5, 0, 1'b0, 0);
    check("STATUS busy", csr_rdata, 3);
    receive;
    check("first answer", answer[0][7:0], 2);
    expect_codes(1, -1, 0, 4, 0);
    receive;
    check("second answer", answer[0][7:0], 6);
    check("trailing answer", m_valid, 0);
    rreg(5, 2);
    wreg(8'h13, 5);
  end
  endtask

  // Busy to the last word of an answer
  task busy_to_the_last_word;
  begin
    head(3, 0, 0); add_d; send;
    repeat (readseq + 10) @(posedge clk);
    #1 check("the answer waits", m_valid, 1);
    for (i = 0; i < 1 + (N + 1) / 2; i = i + 1) begin
      rreg(5, 3);
      csr(8'h13, 6, 1'b1, 4);
      check("last word", m_last, i == (N + 1) / 2);
      m_ready = 1;
      @(posedge clk);
      #1 m_ready = 0;
    end
    check("answer taken", m_valid, 0);
    rreg(5, 2);
    wreg(8'h13, 6);
  end
  endtask

  // Offsets of the converters, and corrections that undo them; integrators with a limit
  integer overs_before;
  task converters;
  begin
    wreg(8'h12, 0);
    ser_now = 0;
    wreg(8'h16, 3);
    wreg(8'h17, 0);
    for (q = 0; q < P; q = q + 1) off[q] = rnd(0, 4) - 2;
    head(9, 0, 0); run;
    check("CALIBRATE", status_of(0), 0);
    check("words of CALIBRATE", answer_words, 1 + (L + 1) / 2);
    check("length of CALIBRATE", op_cycles, 2 + 1 + CMAX + 1 + S * (CONV + 1));
    for (q = 0; q < L; q = q + 1) check("a converter of nothing", code_of(q), -off[q/S]);
    for (q = 0; q < P; q = q + 1) correction(q, -off[q]);
    correction(P, 0);
    csr(xt_pkg::CSR_CAL, 0, 1'b1, 3);  // no such converter
    random_vectors(0);
    wreg(8'h13, 14);  // far from the rails
    head(2, 0, 0); add_x; run;
    expect_codes(1, -1, 0, 14, 0);
    head(9, 0, 0); run;
    for (q = 0; q < L; q = q + 1) check("a corrected converter of nothing", code_of(q), 0);
    wreg(xt_pkg::CSR_CAL_SEL, P - 1);
    wreg(xt_pkg::CSR_CAL, ADCMAX);
    csr(xt_pkg::CSR_CAL, ADCMAX + 1, 1'b1, 3);
    csr(xt_pkg::CSR_CAL, -ADCMAX - 1, 1'b1, 3);
    off[P-1] = 2;
    head(9, 0, 0); run;  // -2 - ADCMAX is clamped
    check("a result at its end", code_of((P - 1) * S), -ADCMAX);
    correction(P - 1, 0);
    head(1, 0, 0); run;  // RESET leaves corrections
    wreg(xt_pkg::CSR_CAL, -3);
    head(1, 0, 0); run;
    correction(P - 1, -3);
    for (q = 0; q < P; q = q + 1) begin
      off[q] = 0;
      wreg(xt_pkg::CSR_CAL_SEL, q);
      wreg(xt_pkg::CSR_CAL, 0);
    end
    for (i = 0; i < N; i = i + 1) x[i] = CMAX;
    most = 40;
    overs_before = counter(xt_pkg::CNT_OVERLOADS);
    head(2, 0, 0); add_x; run;
    moved = 0;
    for (q = 0; q < M; q = q + 1) moved = moved + reached[q];
    check("OVERLOADS", counter(xt_pkg::CNT_OVERLOADS) - overs_before, moved);
    most = 0;
    wreg(8'h16, 13);
  end
  endtask

  // MTJ_UPDATE: every device that it may switch sees its pulses, in the right direction: gated cells one for each bit
  // of |x| that is set, passive ones one; the amplitudes of the last pulse
  integer rate, shared, code_a, want_phases, ones;
  task mtj_update(input integer mode);
  begin
    wreg(8'h11, mode);
    wreg(8'h18, 0);
    for (rep = 0; rep < 12; rep = rep + 1) begin
      random_vectors(rep % 3 == 2);
      if (rep == 4) for (i = 0; i < M; i = i + 1) d[i] = 0;
      if (rep == 5) for (i = 0; i < N; i = i + 1) x[i] = 0;
      if (rep == 6) for (i = 0; i < M; i = i + 1) d[i] = CMAX;
      rate = (rep % 4 == 3) ? rnd(26, 34) : rnd(0, 18);
      shared = rep[0];
      wreg(8'h33, rate > 3 ? rate - 3 : rate + 2);
      wreg(8'h34, shared);
      shape(1 + rep % 3, rep % 2, rep % 4);
      x_signs = 0;
      d_signs = 0;
      for (i = 0; i < N; i = i + 1) if (x[i] != 0) x_signs[x[i] < 0] = 1;
      for (j = 0; j < M; j = j + 1) if (d[j] != 0 && amp_of(d[j]) + rate < 32) d_signs[d[j] < 0] = 1;
      want_phases = half_select_phases(x_signs, d_signs);
      if (mode == 1 && !shared) want_phases = (d_signs != 0) ? x_signs[0] + x_signs[1] : 0;
      remember;
      both = 0;
      pulses_before = counter(6);
      head(10, 0, rate > 3 ? 3 : -2); add_x; add_d; run;
      check("MTJ_UPDATE", answer[0], (want_phases << 16) | 10);
      check("MTJ_UPDATE length", op_cycles, 3 + want_phases
            * (mode == 1 ? width_now * CMAX + gap_now * MB + settle_now : width_now + gap_now + settle_now));
      check("MTJ_UPDATE pulses", counter(6) - pulses_before, both);
      moved = 0;
      for (i = 0; i < N; i = i + 1) begin
        ones = mode == 1 ? $countones(x[i] < 0 ? -x[i] : x[i]) : x[i] != 0;
        for (j = 0; j < M; j = j + 1) begin
          k = (d[j] == 0 || amp_of(d[j]) + rate > 31) ? 0 : ((x[i] < 0) == (d[j] < 0)) ? -ones : ones;
          if (wa[i*M+j] != before_a[i*M+j] + k || wc[i*M+j] != before_c[i*M+j]) moved = moved + 1;
        end
      end
      check("devices that MTJ_UPDATE left wrong", moved, 0);
      if (want_phases > 0) begin
        moved = 0;
        for (j = 0; j < M; j = j + 1) begin
          for (k = 0; k < AB; k = k + 1) code_a[k] = last_col_amp[k*M+j];
          if (code_a != (last_col_act[j] ? amp_of(d[j]) + rate : 0)) moved = moved + 1;
        end
        for (i = 0; i < N; i = i + 1) begin
          for (k = 0; k < AB; k = k + 1) code_a[k] = last_row_amp[k*N+i];
          if (code_a != (last_row_act[i] && mode == 2 ? amp_of(x[i]) : 0)) moved = moved + 1;
        end
        check("amplitudes that are wrong", moved, 0);
      end
    end
    head(10, 1, 0); for (j = 0; j < M; j = j + 1) d[j] = CMAX; add_d; run;  // the x that is kept
    check("MTJ_UPDATE with the x kept", status_of(0), 0);
    head(10, 1, -64); add_d; run;
    check("ERR_ARG, rate", status_of(0), 6);
    wreg(8'h11, 0);
    head(10, 1, 0); add_d; run;
    check("ERR_ARG, half-select", status_of(0), 6);
    shape(1, 1, 0);
  end
  endtask
  // ACCUMULATE and ACC_UPDATE: sums over the bus, clamped and decayed; every device that has a sum sees its pulses
  integer sums[0:N*M-1];
  integer size, level, clips, row_clips, cells;
  localparam SUMS = M >> GANG;
  localparam longint SMAX = (64'sd1 << (ACC > 0 ? ACC - 1 : 0)) - 1;
  longint amount;
  task sums_are(input integer of);
  begin
    for (i = 0; i < N; i = i + 1) begin
      for (k = 0; k < SUMS; k = k + 1) begin
        wreg(8'h36, (i << 16) | k);
        rreg(8'h37, sums[i*M+k]);
      end
    end
    wreg(8'h36, of << 16);
    rreg(8'h37, of < N ? sums[of*M] : 0);
  end
  endtask
  function integer sum_drives(input integer sum, input integer limit);  // a column of that sum
    begin
      size = sum < 0 ? -sum : sum;
      level = 0;
      while ((size >> level) > 1) level = level + 1;
      level = 2 * level + (level > 0 ? (size >> (level - 1)) & 1 : 0);
      sum_drives = sum != 0 && limit - level < 32;
    end
  endfunction
  task accumulator(input integer mode);
  begin
    wreg(8'h11, mode);
    wreg(8'h18, 0);
    head(12, 1, 0); run;
    check("sums to 0", answer[0], 12);
    check("its length", op_cycles, 2 + 2 * N);
    for (i = 0; i < N * M; i = i + 1) sums[i] = 0;
    for (rep = 0; rep < 8; rep = rep + 1) begin
      random_vectors(rep % 3 == 2);
      rate = rnd(0, 9);
      wreg(8'h38, rate > 3 ? rate - 3 : rate + 2);
      head(11, 0, rate > 3 ? 3 : -2); add_x; add_d; run;
      clips = 0;
      for (i = 0; i < N; i = i + 1) begin
        row_clips = 0;
        for (k = 0; k < SUMS; k = k + 1) begin
          j = d[k << GANG];
          size = 256 * (j < 0 ? -j : j);
          size = rate > 0 ? (size + (1 << (rate - 1))) >> rate : size;
          amount = sums[i*M+k];
          amount = amount + x[i] * (j < 0 ? -size : size);
          if (amount > SMAX || amount < -SMAX) row_clips = 1;
          sums[i*M+k] = amount > SMAX ? SMAX : amount < -SMAX ? -SMAX : amount;
        end
        clips = clips + row_clips;
      end
      check("ACCUMULATE", answer[0], (clips << 16) | 11);
      check("ACCUMULATE length", op_cycles, N + 4);
      if (rep % 4 == 1) sums_are(rep == 1 ? N : N - 1);
      if (rep % 2 == 1) begin
        shared = rep[1];
        cells = rnd(8, 2 * ACC - 2);
        wreg(8'h39, cells > 60 ? 60 : cells - 1);
        head(12, 0, cells > 60 ? cells - 60 : 1);
        wreg(8'h34, shared);
        wreg(8'h3a, rep >> 1);
        shape(1 + rep % 3, rep % 2, rep % 4);
        remember;
        both = 0;
        pulses_before = counter(6);
        run;
        want_phases = 0;
        moved = 0;
        for (i = 0; i < N; i = i + 1) begin
          d_signs = 0;
          ones = mode == 1 ? MB : 1;
          for (j = 0; j < M; j = j + 1) begin
            k = sums[i*M+(j>>GANG)];
            if (sum_drives(k, cells)) d_signs[k < 0] = 1;
            k = sum_drives(k, cells) ? (k < 0 ? ones : -ones) : 0;
            if (wa[i*M+j] != before_a[i*M+j] + k || wc[i*M+j] != before_c[i*M+j]) moved = moved + 1;
          end
          want_phases = want_phases + (mode == 1 && !shared ? d_signs != 0 : d_signs[0] + d_signs[1]);
          for (k = 0; k < SUMS; k = k + 1) begin
            size = sums[i*M+k] < 0 ? -sums[i*M+k] : sums[i*M+k];
            level = rep >> 1;
            amount = size;
            size = level == 0 ? 0 : size - ((amount + (1 << level) - 1) >> level);
            sums[i*M+k] = sums[i*M+k] < 0 ? -size : size;
          end
        end
        check("devices that ACC_UPDATE left wrong", moved, 0);
        check("ACC_UPDATE", answer[0], (want_phases << 16) | 12);
        check("ACC_UPDATE length", op_cycles, 2 + 2 * N + want_phases
              * (mode == 1 ? width_now * CMAX + gap_now * MB + settle_now : width_now + gap_now + settle_now));
        check("ACC_UPDATE pulses", counter(6) - pulses_before, both);
        sums_are(0);
      end
    end
    head(2, 0, 0); for (i = 0; i < N; i = i + 1) x[i] = 1; add_x; run;
    head(11, 1, 0); for (j = 0; j < M; j = j + 1) d[j] = CMAX; add_d; run;
    check("ACCUMULATE with the x kept", status_of(0), 0);
    head(12, 0, -64); run;
    check("ERR_ARG, rate of sums", status_of(0), 6);
    head(12, 1, 0); run;
    head(11, 1, 0); add_d; run;
    check("ACC_UPDATE keeps no x", status_of(0), 11);
    wreg(8'h11, 0);
    head(12, 0, 0); run;
    check("ERR_ARG, half-select", status_of(0), 6);
    shape(1, 1, 0);
  end
  endtask

  reg [AB*N-1:0] last_row_amp;
  reg [AB*M-1:0] last_col_amp;
  reg [N-1:0] last_row_act;
  reg [M-1:0] last_col_act;
  always @(posedge clk) begin
    if (act) begin
      last_row_amp = row_amp;
      last_col_amp = col_amp;
      last_row_act = row_act;
      last_col_act = col_act;
    end
  end
  // Half octaves of a code below full scale: 2^(1/2) is 1.5 here
  function integer amp_of(input integer v);
    integer size;
    begin
      size = v < 0 ? -v : v;
      amp_of = 2 * MB - 1;
      while (size > 1) begin
        amp_of = amp_of - 2;
        if (size < 4) amp_of = amp_of - (size == 3);
        size = size / 2;
      end
    end
  endfunction

  // Hardware reset in mid-operation
  task reset_in_mid_operation;
  begin
    head(2, 0, 0); add_x; send;
    repeat (8) @(posedge clk);
    #1 check("running", op_busy, 1);
    hardware_reset;
    check("stopped", op_busy, 0);
    early = 0;
    m_ready = 1;
    repeat (3 * readseq) begin
      @(posedge clk);
      #1 if (m_valid) early = 1;
    end
    m_ready = 0;
    check("no answer after the reset", early, 0);
    rreg(8'h13, 14);
    rreg(5, 0);
    rreg(8'h40, 0);
    head(6, 0, 0); run;
    check("RESET is required again", status_of(0), 4);
  end
  endtask

  initial begin
    start;
    registers;
    errors;
    reads;
    converters;
    updates;
    x_kept;
    seeds_and_upsets;
    mean_of_pulses;
    schedule;
    program_verify;
    zero_shift;
    cut_operations;
    state_over_the_bus;
    double_buffer;
    busy_to_the_last_word;
    if (MTJ) begin
      code_a = 0;
      mtj_update(1);
      mtj_update(2);
    end
    if (ACC) begin
      rreg(8'h35, (GANG << 8) | ACC);
      accumulator(1);
      accumulator(2);
    end
    reset_in_mid_operation;
    check("the boundary was watched", boundary_cycles > 10000 && latches > 20 * S && pulses_seen > 300, 1);
    $display("N=%0d M=%0d AdcShare=%0d AdcKind=%0d CodeBits=%0d AdcBits=%0d: %0d passed, %0d failed", N, M, S, KIND,
             CODE, ADC, passed, failed);
    if (failed != 0) $fatal;
    $finish;
  end

  initial begin
    #200000000;
    $display("FAIL timeout: %0d passed, %0d failed", passed, failed + 1);
    $fatal;
  end
endmodule
`default_nettype wire
