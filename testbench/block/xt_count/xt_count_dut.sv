// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 4;
  // N, M of each size
  localparam logic [0:SIZES-1][0:1][15:0] SHAPE = {
    16'd1, 16'd1,
    16'd7, 16'd9,
    16'd33, 16'd17,
    16'd300, 16'd6};
  localparam int IN = 512;
  localparam int OUT = 2048;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int N = 32'(room_pkg::SHAPE[Size][0]);
  localparam int M = 32'(room_pkg::SHAPE[Size][1]);
  assign shape_o = {32'(M), 32'(N)};

  logic running, dir, clip, hits_valid, act, upset;
  logic ev_reset, ev_read, ev_transferred, ev_train;
  xt_csr_set_t set;
  logic [7:0] op, command_status, kind;
  logic [31:0] cycle, hits;
  logic [15:0] rails, overs;
  xt_command_t command;
  xt_now_t now;
  xt_event_t event_now;
  logic [64*xt_pkg::NUM_COUNTERS-1:0] counters, counters_d;
  logic [xt_pkg::PLANE_BITS-1:0] plane;
  logic set_counter;
  logic [5:0] set_word;
  logic [31:0] set_data;
  assign {overs, upset, act, set_data, set_word, set_counter, plane, rails, hits, hits_valid, clip, dir, cycle, kind,
          ev_train, ev_transferred, ev_read, ev_reset, command_status, op, running} = pins_i;
  assign pins_o = {counters_d, counters};
  always_comb begin
    command = '0;
    command.op = op;
    command.status = command_status;
    now = '0;
    now.kind = kind;
    now.cycle = cycle;
    now.plane = plane;
    now.act = act;
    event_now = '0;
    event_now.reset = ev_reset;
    event_now.read = ev_read;
    event_now.transferred = ev_transferred;
    event_now.train = ev_train;
    event_now.start = ev_reset;
    set = '0;
    set.counter = set_counter;
    set.word = set_word;
    set.data = set_data;
  end

  xt_count #(.N(N), .M(M)) u_count (
    .clk_i(clk_i), .rst_ni(rst_ni), .running_i(running), .command_i(command), .now_i(now), .event_i(event_now),
    .set_i(set), .dir_i(dir), .clip_i(clip), .hits_valid_i(hits_valid), .hits_i(hits), .upset_i(upset),
    .rails_i(rails), .overs_i(overs),
    .counters_o(counters), .counters_d_o(counters_d)
  );
endmodule
`default_nettype wire
