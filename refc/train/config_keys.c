/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of configuration keys: schema, defaults, ranges and help come from it. */
#include "config.h"

#define AT(member) offsetof(struct tr_config, member)
#define INT(path, member, dflt, lo, hi, text) \
  { path, TR_T_INT, AT(member), lo, hi, dflt, NULL, text }
#define NUM(path, member, dflt, lo, hi, text) \
  { path, TR_T_NUM, AT(member), lo, hi, dflt, NULL, text }
#define BOOL(path, member, dflt, text) \
  { path, TR_T_BOOL, AT(member), 0, 1, dflt, NULL, text }
#define STR(path, member, dflt, allowed, text) \
  { path, TR_T_STR, AT(member), 0, 0, dflt, allowed, text }
#define INTS(path, member, dflt, lo, hi, text) \
  { path, TR_T_INTS, AT(member), lo, hi, dflt, NULL, text }
#define NUMS(path, member, dflt, lo, hi, text) \
  { path, TR_T_NUMS, AT(member), lo, hi, dflt, NULL, text }

/* Models and presets are checked by device.c, which also knows those that are not implemented. */
#define DEVICE(name, k)                                                                                                \
  STR("device." name ".preset", device[k].preset, "", NULL, "aihwkit preset whose values replace the defaults below"), \
      STR("device." name ".model", device[k].model, "soft_bounds", NULL, "constant_step, linear_step or soft_bounds"), \
      NUM("device." name ".dw_min", device[k].dw_min, "0.001", 0, 1, "mean step at 0; 0: the array never moves"),      \
      NUM("device." name ".dw_min_dtod", device[k].dw_min_dtod, "0.3", 0, 10,                                          \
          "its relative spread, device to device"),                                                                    \
      NUM("device." name ".dw_min_std", device[k].dw_min_std, "0.3", 0, 10, "its relative spread, cycle to cycle"),    \
      NUM("device." name ".up_down", device[k].up_down, "0", -0.9, 0.9, "mean up/down imbalance"),                     \
      NUM("device." name ".up_down_dtod", device[k].up_down_dtod, "0", 0, 10, "its spread"),                           \
      NUM("device." name ".w_max", device[k].w_max, "0.9", 0, 256, "mean upper bound"),                                \
      NUM("device." name ".w_min", device[k].w_min, "-0.9", -256, 0, "mean lower bound"),                              \
      NUM("device." name ".w_max_dtod", device[k].w_max_dtod, "0.3", 0, 10, "relative spread of the upper bound"),     \
      NUM("device." name ".w_min_dtod", device[k].w_min_dtod, "0.3", 0, 10, "relative spread of the lower bound"),     \
      NUM("device." name ".gamma_up", device[k].gamma_up, "0", 0, 4,                                                   \
          "linear_step: fall of the up step from 0 to w_max"),                                                         \
      NUM("device." name ".gamma_down", device[k].gamma_down, "0", 0, 4, "linear_step: the same, down"),               \
      NUM("device." name ".corrupt_devices_prob", device[k].corrupt_devices_prob, "0", 0, 0.99, "fraction stuck"),     \
      STR("device." name ".rounding", device[k].rounding, "stochastic", "stochastic|nearest", "rounding of a step")

#define SEED_MAX 9007199254740992.0 /* 2^53: exact in a double */

const struct tr_key tr_keys[] = {
    INT("seed", seed, "1", 0, SEED_MAX, "one number reproduces the run"),

    STR("data.kind", data_kind, "digits", "idx|csv|digits", "data set"),
    STR("data.train_images", data_train_images, "train-images-idx3-ubyte.gz", NULL, "idx"),
    STR("data.train_labels", data_train_labels, "train-labels-idx1-ubyte.gz", NULL, "idx"),
    STR("data.test_images", data_test_images, "t10k-images-idx3-ubyte.gz", NULL, "idx"),
    STR("data.test_labels", data_test_labels, "t10k-labels-idx1-ubyte.gz", NULL, "idx"),
    STR("data.train", data_train, "", NULL, "csv: table"),
    STR("data.test", data_test, "", NULL, "csv: second table; empty: a part of the first"),
    STR("data.label", data_label, "last", "first|last", "csv: column of the label"),
    BOOL("data.header", data_header, "false", "csv: the first line has names"),
    BOOL("data.signed", data_signed, "true", "csv: columns fill -1..1, not 0..1"),
    NUM("data.test_fraction", data_test_fraction, "0.25", 0.001, 0.9, "csv: part of one table kept for the test"),
    INT("data.limit", data_limit, "0", 0, 1e7, "most training samples; 0: all"),
    INT("data.test_limit", data_test_limit, "0", 0, 1e7, "most test samples; 0: all"),
    INT("data.train_samples", data_train_samples, "4000", 1, 1e7, "digits: images to draw"),
    INT("data.test_samples", data_test_samples, "1000", 1, 1e7, "digits: images to draw for the test"),
    INT("data.size", data_size, "16", 8, 64, "digits: pixels per side"),
    INT("data.noise", data_noise, "60", 0, 255, "digits: largest noise, of 255"),

    INTS("network.hidden", hidden, "128", 1, 32766, "neurons of every hidden layer; []: none"),
    STR("network.activation", activation, "tanh", "tanh|sigmoid|relu", "of hidden layers"),
    STR("network.output", output, "logistic", "logistic|softmax", "output and its cross entropy"),
    NUMS("network.init", init, "1", 0, 16, "initial weights: uniform, so many times Xavier"),

    INT("tile.code_bits", code_bits, "7", 2, 8, "signed input code"),
    INT("tile.adc_bits", adc_bits, "9", 4, 12, "signed ADC code"),
    INT("tile.adc_share", adc_share, "1", 1, 64, "lines that share one ADC"),
    INT("tile.bl_max", bl_max, "31", 1, 255, "longest pulse train"),
    INT("tile.state_bits", state_bits, "16", 8, 24, "device state"),
    INT("tile.prob_bits", prob_bits, "16", 8, 16, "pulse probability"),
    STR("tile.cell", cell, "half", "half|gated",
        "half: half-select, a phase per sign; gated: cells gate the coincidence"),
    STR("tile.read", read, "pulse_width", "pulse_width|bit_serial", "input encoding of reads"),
    INTS("tile.w_scale_log2", w_scale_log2, "0", -8, 8, "log2 of the weight that a full-scale state stands for"),
    INTS("tile.range_forward", range_forward, "", -20, 20,
         "log2 of the ADC's full scale, in weights x full-scale inputs"),
    INTS("tile.range_backward", range_backward, "", -20, 20, "the same, backward, for full-scale error codes"),
    INTS("tile.range_transfer", range_transfer, "-1", -20, 20, "the same, reads of A"),
    INT("tile.adc_offset", adc_offset, "0", -2047, 2047, "subtracted from every conversion"),
    NUM("tile.out_noise", out_noise, "0", 0, 100, "read noise, in weights x full-scale inputs"),
    INT("tile.prog_iterations", prog_iterations, "16", 1, 255,
        "most rounds of program-verify per line, initial weights"),

    STR("algorithm.name", algorithm, "shd", NULL, "shd or sgd"),
    NUMS("algorithm.lr", lr, "0.01", 0, 100, "sgd: learning rate"),
    NUMS("algorithm.fast_lr", fast_lr, "0.032", 0, 100, "shd: learning rate of A"),
    NUM("algorithm.lr_decay", lr_decay, "1", 0.001, 1, "factor on lr and fast_lr after every epoch"),
    NUMS("algorithm.transfer_lr", transfer_lr, "0.064", 0, 1e6, "shd: part of A added to C"),
    STR("algorithm.transfer_lr_per", transfer_lr_per, "visit", "visit|sample",
        "visit: of a line; sample: rate of the network, each layer multiplies by transfer_every x lines"),
    INT("algorithm.transfer_every", transfer_every, "1", 1, 65535, "updates between two transfers of one line"),
    STR("algorithm.transfer_pulse", transfer_pulse, "stochastic", "stochastic|low_discrepancy|counted",
        "pulses into C"),
    INT("algorithm.transfer_bl", transfer_bl, "7", 1, 255, "cap of the pulse train of a transfer"),
    STR("algorithm.pulse_type", pulse_type, "stochastic", "stochastic|low_discrepancy", "pulses of the update"),
    INT("algorithm.desired_bl", desired_bl, "31", 1, 255, "length, or cap, of the pulse train of an update"),
    BOOL("algorithm.update_management", update_management, "true", "scale rows and columns by their largest values"),
    BOOL("algorithm.update_bl_management", update_bl_management, "true", "shorten the pulse train where it can be"),
    INT("algorithm.zero_shift_pairs", zero_shift_pairs, "0", 0, 65535,
        "shd: up/down pairs that bring A to its symmetry point, then R is programmed to it; 0: not done"),

    DEVICE("A", 0),
    DEVICE("C", 1),
    DEVICE("R", 2),

    INT("run.epochs", epochs, "1", 0, 100000, "passes over the training set"),
    STR("run.out", out, "", NULL, "run folder; empty: out/<name of the configuration>"),
    STR("run.engine", engine, "ref", NULL, "engine of the tiles"),
    INT("run.log_every", log_every, "1000", 1, 1e9, "samples between two lines of metrics"),
    INT("run.checkpoint_every", checkpoint_every, "0", 0, 1e9, "samples between two checkpoints; 0: once per epoch"),
    INT("run.threads", threads, "1", 1, 256, "worker threads; the result does not depend on it"),
    NUM("run.clock_mhz", clock_mhz, "200", 0.001, 1e5, "clock of the tiles, for the times in the summary"),

    NUM("energy.pj_cycle", pj_cycle, "10", 0, 1e9, "placeholder: periphery, per cycle of a tile"),
    NUM("energy.pj_conversion", pj_conversion, "2", 0, 1e9, "placeholder: one ADC conversion"),
    NUM("energy.pj_slot", pj_slot, "5", 0, 1e9, "placeholder: drivers, per pulse slot"),
    NUM("energy.pj_pulse", pj_pulse, "0.1", 0, 1e9, "placeholder: one device that sees a pulse"),
    {NULL, TR_T_INT, 0, 0, 0, NULL, NULL, NULL}};
