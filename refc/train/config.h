/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a run: one YAML file, checked against one table of keys (config_keys.c).
 *
 * Units: weights, devices, rates and ADC ranges are in weight units, with the names and meanings of aihwkit; the full
 * scale of a device state stands for a weight of 2^tile.w_scale_log2. Lists hold one value for all layers, or one per
 * layer; an empty list means "choose". */
#ifndef TR_CONFIG_H
#define TR_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "util.h"

enum { TR_STR = 256, TR_MAX_LAYERS = 16 };

struct tr_ints {
  int n;
  int64_t v[TR_MAX_LAYERS];
};
struct tr_nums {
  int n;
  double v[TR_MAX_LAYERS];
};

/* One array (A, C or R). */
struct tr_device_cfg {
  char preset[TR_STR], model[TR_STR], rounding[TR_STR];
  double dw_min, dw_min_dtod, dw_min_std, up_down, up_down_dtod, w_max, w_min, w_max_dtod, w_min_dtod, gamma_up,
      gamma_down, corrupt_devices_prob;
};

struct tr_config {
  int64_t seed;

  char data_kind[TR_STR], data_train_images[TR_STR], data_train_labels[TR_STR], data_test_images[TR_STR],
      data_test_labels[TR_STR], data_train[TR_STR], data_test[TR_STR], data_label[TR_STR];
  int64_t data_header, data_signed; /* bool */
  double data_test_fraction;
  int64_t data_limit, data_test_limit, data_train_samples, data_test_samples, data_size, data_noise;

  struct tr_ints hidden;
  char activation[TR_STR], output[TR_STR];
  struct tr_nums init;

  int64_t code_bits, adc_bits, adc_share, bl_max, state_bits, prob_bits;
  char cell[TR_STR], read[TR_STR];
  struct tr_ints w_scale_log2, range_forward, range_backward, range_transfer;
  int64_t adc_offset, prog_iterations;
  double out_noise;

  char algorithm[TR_STR], pulse_type[TR_STR], transfer_pulse[TR_STR], transfer_lr_per[TR_STR];
  struct tr_nums lr, fast_lr, transfer_lr;
  double lr_decay;
  int64_t transfer_every, transfer_bl, desired_bl, update_management, update_bl_management, zero_shift_pairs;

  struct tr_device_cfg device[3]; /* A, C, R */

  char out[TR_STR], engine[TR_STR];
  int64_t epochs, log_every, checkpoint_every, threads;
  double clock_mhz;

  double pj_cycle, pj_conversion, pj_slot, pj_pulse;
};

/* Reads, checks and fills in the defaults. name: what messages call the text. On failure *c is undefined. */
int tr_config_load(const char *path, struct tr_config *c, struct tr_err *e);
int tr_config_parse(const char *text, size_t n, const char *name, struct tr_config *c, struct tr_err *e);

/* The resolved configuration as YAML, to be freed. run_too = 0 leaves out what does not change the result (section
 * run). */
char *tr_config_text(const struct tr_config *c, int run_too, struct tr_err *e);

/* The table of keys for the user: section.key, type, default, range, meaning. */
void tr_config_print_keys(void);

/* Number of layers of weights. */
static inline int tr_config_layers(const struct tr_config *c) {
  return c->hidden.n + 1;
}

/* ---- the table ---- */
enum tr_type { TR_T_INT, TR_T_NUM, TR_T_BOOL, TR_T_STR, TR_T_INTS, TR_T_NUMS };

struct tr_key {
  const char *path; /* section.key, at most three parts */
  enum tr_type type;
  size_t offset; /* into struct tr_config */
  double lo, hi; /* numbers: smallest and largest value */
  const char *dflt;
  const char *allowed; /* texts: words separated by |, or NULL for any text */
  const char *text;
};
extern const struct tr_key tr_keys[]; /* ends with path = NULL */

#endif
