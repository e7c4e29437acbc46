/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of configuration keys: members of struct tr_config, schema, defaults, ranges and help come from it. */
#ifndef TR_CONFIG_KEYS_H
#define TR_CONFIG_KEYS_H

#include "xt_params.h"

/* Words of the cells, "half|gated". */
#define TR_CELL_WORD(NAME, name, value, text) "|" #name
#define TR_CELLS &(XT_CELL_TABLE(TR_CELL_WORD))[1]

/* What "auto" is stored as, in the keys that take it (config.c): a number outside of their ranges. */
#define TR_AUTO (-1000)

#define TR_SEED_MAX 9223372036854775808.0 /* 2^63: every number that the member holds */

/* Ranges that the tile gives: elaboration parameters, and registers at their largest. */
enum {
#define X(Name, dflt, smallest, largest, text) TR_LEAST_##Name = smallest, TR_MOST_##Name = largest,
  XT_SHAPE_TABLE(X)
#undef X
      TR_ADC_MAX = (1 << (TR_MOST_AdcBits - 1)) - 1,
#define adc_max TR_ADC_MAX
#define bl_max TR_MOST_BlMax
#define n1 0 /* state registers are no settings */
#define prob1 0
#define gen1 0
#define smax 0
#define X(NAME, address, access, reset, smallest, largest) \
  TR_CSR_MOST_##NAME = (largest) > INT32_MAX ? INT32_MAX : (int)(largest),
  XT_CSR_TABLE(X)
#undef X
#undef adc_max
#undef bl_max
#undef n1
#undef prob1
#undef gen1
#undef smax
};

/* Rows: path, member of struct tr_config, default, [smallest, largest,] [allowed words,] text. DEVICES stands for the
 * keys of every plane (device_table.h). */
/* clang-format off */
#define TR_KEY_TABLE(INT, NUM, BOOL, STR, INTS, NUMS, STRS, DEVICES) \
  INT("seed", seed, "1", 0, TR_SEED_MAX, "one number reproduces the run") \
  STR("data.kind", data_kind, "digits", "idx|csv|digits", "data set") \
  STR("data.train_images", data_train_images, "train-images-idx3-ubyte.gz", NULL, "idx") \
  STR("data.train_labels", data_train_labels, "train-labels-idx1-ubyte.gz", NULL, "idx") \
  STR("data.test_images", data_test_images, "t10k-images-idx3-ubyte.gz", NULL, "idx") \
  STR("data.test_labels", data_test_labels, "t10k-labels-idx1-ubyte.gz", NULL, "idx") \
  STR("data.train", data_train, "", NULL, "csv: table") \
  STR("data.test", data_test, "", NULL, "csv: second table; empty: a part of the first") \
  STR("data.delimiter", data_delimiter, "auto", "auto|comma|semicolon|tab|bar|blank", \
      "csv: between fields; blank: any number of spaces and tabs") \
  BOOL("data.header", data_header, "auto", "csv: the first line has names") \
  STR("data.label", data_label, "last", NULL, "csv: column of the label: first, last, its number from 1, or its name") \
  STR("data.columns", data_columns, "", NULL, \
      "csv: columns of the features: numbers, ranges and names, as 2-5, 7, width; empty: all but the label") \
  STR("data.skip", data_skip, "", NULL, "csv: columns that are no features, written the same way") \
  STR("data.missing", data_missing, "refuse", "refuse|drop|mean", \
      "csv: features that are empty, ?, NA, NaN, null: refuse, drop their rows, or the mean of the training rows") \
  STR("data.decimal", data_decimal, "point", "point|comma", "csv: decimal sign") \
  STR("data.nominal", data_nominal, "refuse", "refuse|one_hot", "csv: columns of words: refuse, or one input per word") \
  BOOL("data.signed", data_signed, "true", "csv: columns fill -1..1, not 0..1") \
  NUM("data.test_fraction", data_test_fraction, "0.25", 0.001, 0.9, "csv: part of one table kept for the test") \
  NUM("data.validation", data_validation, "0", 0, 0.9, \
      "part of the training samples that is held out and takes the place of the test set: to choose settings with") \
  INT("data.limit", data_limit, "0", 0, 1e7, "most training samples; 0: all") \
  INT("data.test_limit", data_test_limit, "0", 0, 1e7, "most test or validation samples; 0: all") \
  INT("data.train_samples", data_train_samples, "4000", 1, 1e7, "digits: images to draw") \
  INT("data.test_samples", data_test_samples, "1000", 1, 1e7, "digits: images to draw for the test") \
  INT("data.size", data_size, "16", 8, 64, "digits: pixels per side") \
  INT("data.noise", data_noise, "60", 0, 255, "digits: largest noise, of 255") \
  INTS("network.hidden", hidden, "128", 1, 32766, "neurons of every hidden layer; []: none") \
  STR("network.activation", activation, "tanh", "tanh|sigmoid|relu", "of hidden layers") \
  STR("network.output", output, "logistic", "logistic|softmax", "output and its cross entropy") \
  NUMS("network.init", init, "auto", 0, 16, \
      "initial weights: uniform, so many times Xavier; auto: 1, or half the device's bound where that is beyond it") \
  INT("tile.code_bits", code_bits, "7", TR_LEAST_CodeBits, TR_MOST_CodeBits, "signed input code") \
  INT("tile.adc_bits", adc_bits, "9", TR_LEAST_AdcBits, TR_MOST_AdcBits, "signed ADC code") \
  INT("tile.adc_share", adc_share, "1", TR_LEAST_AdcShare, TR_MOST_AdcShare, "lines that share one ADC") \
  STR("tile.adc", adc, "sar", "sar|ramp", "converters: successive approximation, or a ramp of one DAC for all lines") \
  INT("tile.bl_max", bl_max, "31", TR_LEAST_BlMax, TR_MOST_BlMax, "longest pulse train") \
  INT("tile.state_bits", state_bits, "16", TR_LEAST_StateBits, TR_MOST_StateBits, "device state") \
  INT("tile.prob_bits", prob_bits, "16", TR_LEAST_ProbBits, TR_MOST_ProbBits, "pulse probability") \
  STR("tile.cell", cell, "half", TR_CELLS, \
  "half: half-select, a phase per sign; gated: a transistor gates the coincidence (1T1R); passive: none does (1R)") \
  STR("tile.stream_bits", stream_bits, "32", "32|64|128|256|512|1024", "width of the streams of a tile and of xt_top: clocks, not results") \
  STR("tile.read", read, "pulse_width", "pulse_width|bit_serial", "input encoding of reads") \
  STR("tile.pulse", pulse, "return_to_zero", "return_to_zero|fast", \
      "sets the three keys that follow: 1, 1, 0, or 1, 0, 0: lines may stay high from slot to slot") \
  INT("tile.pulse_width", pulse_width, "1", 1, TR_CSR_MOST_PULSE_WIDTH, "clock cycles of a pulse") \
  INT("tile.pulse_gap", pulse_gap, "1", 0, TR_CSR_MOST_PULSE_GAP, "clock cycles without drive after each pulse") \
  INT("tile.pulse_settle", pulse_settle, "0", 0, TR_CSR_MOST_PULSE_SETTLE, "more of them after the last slot of a phase") \
  INTS("tile.w_scale_log2", w_scale_log2, "0", -8, 8, "log2 of the weight that a full-scale state stands for; with algorithm mtj and front_end.load that follows from the devices") \
  INTS("tile.range_forward", range_forward, "", -20, 20, \
      "log2 of the ADC's full scale, in weights x full-scale inputs; auto: measured on the first samples") \
  INTS("tile.range_backward", range_backward, "", -20, 20, "the same, backward, for full-scale error codes") \
  INTS("tile.range_transfer", range_transfer, "-1", -20, 20, "the same, reads of A") \
  INT("tile.adc_offset", adc_offset, "0", -TR_ADC_MAX, TR_ADC_MAX, "subtracted from every conversion") \
  NUM("tile.out_noise", out_noise, "0", 0, 100, "read noise, in weights x full-scale inputs") \
  INT("tile.prog_iterations", prog_iterations, "16", 1, TR_CSR_MOST_PROG_ITERS, \
  "most rounds of program-verify per line, initial weights") \
  STR("front_end.preset", front_end, "ideal", "ideal|typical", \
      "defaults of the keys below: nothing wrong, or what published front ends have") \
  NUM("front_end.reference_spread", reference_spread, "0", 0, 20, "reference devices, % of full scale (all of these: standard deviations)") \
  NUM("front_end.mirror", mirror, "0", 0, 5, "what a line takes off for its reference, %") \
  NUM("front_end.offset", offset, "0", 0, 100, "offset of a converter, LSB") \
  NUM("front_end.gain", gain, "0", 0, 5, "gain error of a converter, %") \
  NUM("front_end.unit_capacitor", unit_capacitor, "0", 0, 100, "capacitors of a converter's DAC, % of the unit") \
  NUM("front_end.comparator_noise", comparator_noise, "0", 0, 100, "noise of a comparator's decision, LSB") \
  NUM("front_end.integrator_limit", integrator_limit, "0", 0, 1000, \
      "where integrators end, in full scales of the wider of a layer's forward and backward reads; 0: nowhere") \
  NUM("front_end.load", load, "0", 0, 1e6, \
      "sensed lines end in load resistors: their conductance over that of all mean devices of a column; 0: virtual grounds") \
  INT("front_end.calibrations", calibrations, "0", 0, 1000, \
      "offsets measured so often before anything else, the mean written as corrections; 0: not done") \
  STRS("algorithm.name", algorithm, "shd", "how gradients become weights") \
  NUMS("algorithm.lr", lr, "0.01", 0, 100, "sgd, mtj: learning rate") \
  NUMS("algorithm.fast_lr", fast_lr, "0.032", 0, 100, "shd: learning rate of A") \
  NUM("algorithm.lr_decay", lr_decay, "1", 0.001, 1, "factor on lr and fast_lr after every epoch") \
  NUMS("algorithm.transfer_lr", transfer_lr, "0.064", 0, 1e6, "shd: part of A added to C") \
  STR("algorithm.transfer_lr_per", transfer_lr_per, "visit", "visit|sample", \
  "visit: of a line; sample: rate of the network, each layer multiplies by transfer_every x lines") \
  INT("algorithm.transfer_every", transfer_every, "1", 1, TR_CSR_MOST_XFER_EVERY, \
      "updates between two transfers of one line") \
  STR("algorithm.transfer_pulse", transfer_pulse, "stochastic", "stochastic|low_discrepancy|counted", \
  "pulses into C") \
  INT("algorithm.transfer_bl", transfer_bl, "7", 1, TR_MOST_BlMax, "cap of the pulse train of a transfer") \
  NUM("algorithm.gamma", gamma, "0.25", 0, 1, "ttv1, residual: part of A in the visible weight gamma A + C") \
  STR("algorithm.pulse_type", pulse_type, "stochastic", "stochastic|low_discrepancy", "pulses of the update") \
  INT("algorithm.desired_bl", desired_bl, "31", 1, TR_MOST_BlMax, \
      "length, or cap, of the pulse train of an update") \
  BOOL("algorithm.update_management", update_management, "true", "scale rows and columns by their largest values") \
  BOOL("algorithm.update_bl_management", update_bl_management, "true", "shorten the pulse train where it can be") \
  INT("algorithm.zero_shift_pairs", zero_shift_pairs, "0", 0, 65535, \
  "shd: up/down pairs that bring A to its symmetry point, then R is programmed to it; 0: not done") \
  INTS("mtj.devices_per_weight", mtj_devices, "1", 1, 64, "columns of binary devices that are one weight together: a power of two") \
  NUMS("mtj.gain", mtj_gain, "1", 0, 256, "weight of a device, or of a gang of them, in the parallel state; antiparallel: minus it") \
  NUM("mtj.delta", mtj_delta, "40", 1, 200, "thermal stability") \
  NUM("mtj.vc0", mtj_vc0, "0.5", 0.001, 100, "critical voltage, V") \
  NUM("mtj.vc0_down", mtj_vc0_down, "0", 0, 100, "that of the direction parallel to antiparallel; 0: the same") \
  NUM("mtj.tau0_ns", mtj_tau0, "1", 1e-6, 1e6, "attempt time, ns") \
  NUM("mtj.cycle_ns", mtj_cycle, "5", 1e-3, 1e6, "clock cycle that pulses are counted in, ns (run.clock_mhz is for the times in the summary)") \
  NUM("mtj.full_scale", mtj_full_scale, "1", 1e-6, 16, \
      "time over tau(V) of the longest pulse at the largest voltage, which it sets: the largest learning rate") \
  NUM("mtj.tmr", mtj_tmr, "1", 0.01, 100, "(GP - GAP)/GAP: what a spread of the resistance is to the weight, what load resistors see") \
  NUM("mtj.read_voltage", mtj_read_voltage, "0", 0, 100, "of a driven line in a read, V: reads flip devices now and then; 0: never") \
  NUM("mtj.g_parallel", mtj_g_parallel, "2e-4", 1e-12, 1e3, "conductance of a device in the parallel state, S: for the energy in the summary") \
  NUM("mtj.resistance_dtod", mtj_resistance_dtod, "0", 0, 1, "relative spread of the resistance, device to device") \
  NUM("mtj.vc0_dtod", mtj_vc0_dtod, "0", 0, 1, "relative spread of vc0") \
  NUM("mtj.delta_dtod", mtj_delta_dtod, "0", 0, 1, "relative spread of delta") \
  NUM("mtj.corrupt_devices_prob", mtj_stuck, "0", 0, 0.99, "fraction stuck, anywhere between the states") \
  BOOL("mtj.shared_source_lines", mtj_shared, "false", "gated cells: a phase has one direction, twice as many phases") \
  INTS("mtj.batch", mtj_batch, "1", 1, 1000000, \
      "samples whose gradients are summed in an accumulator, then pulsed at once; 1 without momentum: there is none") \
  NUMS("mtj.momentum", mtj_momentum, "0", 0, 1, "part of the sums that a pulse leaves: 0, or 1 - 2^-k with k of 1 to 15") \
  INT("mtj.sum_bits", mtj_sum_bits, "24", 12, TR_MOST_AccBits, "bits of a sum of the accumulators, in all layers") \
  DEVICES() \
  INT("run.epochs", epochs, "1", 0, 100000, "passes over the training set") \
  STR("run.out", out, "", NULL, "run folder; empty: out/<name of the configuration>") \
  STR("run.engine", engine, "ref", NULL, "engine of the tiles") \
  INT("run.log_every", log_every, "1000", 1, 1e9, "samples between two lines of metrics") \
  INT("run.checkpoint_every", checkpoint_every, "0", 0, 1e9, "samples between two checkpoints; 0: once per epoch") \
  INT("run.threads", threads, "1", 1, 256, "worker threads; the result does not depend on it") \
  BOOL("run.count_pulses", count_pulses, "false", "count the pulses of every device: endurance maps of `crosstrain report`") \
  NUM("run.clock_mhz", clock_mhz, "200", 0.001, 1e5, "clock of the tiles, for the times in the summary") \
  NUM("energy.pj_cycle", pj_cycle, "10", 0, 1e9, "placeholder: periphery, per cycle of a tile") \
  NUM("energy.pj_conversion", pj_conversion, "2", 0, 1e9, "placeholder: one ADC conversion") \
  NUM("energy.pj_slot", pj_slot, "5", 0, 1e9, "placeholder: drivers, per pulse slot") \
  NUM("energy.pj_pulse", pj_pulse, "0.1", 0, 1e9, "placeholder: one device that sees a pulse")
/* clang-format on */

#endif
