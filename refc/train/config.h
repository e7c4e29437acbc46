/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a run: one YAML file, checked against one table of keys (config_keys.h).
 *
 * Units: weights, devices, rates and ADC ranges are in weight units, with the names and meanings of aihwkit; the full
 * scale of a device state stands for a weight of 2^tile.w_scale_log2. Lists hold one value for all layers, or one per
 * layer; an empty list means "choose". */
#ifndef TR_CONFIG_H
#define TR_CONFIG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config_keys.h"
#include "device_table.h"
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
struct tr_strs {
  int n;
  char v[TR_MAX_LAYERS][TR_STR];
};

/* The devices of one plane. */
struct tr_device_cfg {
  char preset[TR_STR], model[TR_STR], rounding[TR_STR];
#define X(plane, name, dflt, lo, hi, text) double name;
  TR_DEVICE_PARAM_TABLE(X, )
#undef X
};

/* One member per key; BOOL is 0 or 1. */
#define TR_INT(path, member, dflt, lo, hi, text) int64_t member;
#define TR_NUM(path, member, dflt, lo, hi, text) double member;
#define TR_BOOL(path, member, dflt, text) int64_t member;
#define TR_TEXT(path, member, dflt, allowed, text) char member[TR_STR];
#define TR_INTS(path, member, dflt, lo, hi, text) struct tr_ints member;
#define TR_NUMS(path, member, dflt, lo, hi, text) struct tr_nums member;
#define TR_STRS(path, member, dflt, text) struct tr_strs member;
#define TR_DEVICES() struct tr_device_cfg device[XT_NUM_PLANES];
struct tr_config {
  TR_KEY_TABLE(TR_INT, TR_NUM, TR_BOOL, TR_TEXT, TR_INTS, TR_NUMS, TR_STRS, TR_DEVICES)
};
#undef TR_INT
#undef TR_NUM
#undef TR_BOOL
#undef TR_TEXT
#undef TR_INTS
#undef TR_NUMS
#undef TR_STRS
#undef TR_DEVICES

/* Keys that are given beside the file, and beat it. */
struct tr_sets {
  size_t n;
  struct tr_set *set;
};

/* option: what messages call it ("--set"); text: KEY=VALUE, a list as V or [V, V]. Checked as if the file said it; a
 * key may be given once. The texts stay the caller's. */
int tr_sets_parse(struct tr_sets *s, const char *option, const char *text, struct tr_err *e);
int tr_sets_add(struct tr_sets *s, const char *option, const char *key, const char *value, struct tr_err *e);
void tr_sets_free(struct tr_sets *s);
/* As options --set, for a shell; seed and section run are left out. */
void tr_sets_print(const struct tr_sets *s, FILE *f);

/* Reads, checks and fills in the defaults; a key that is given beats the preset of its plane. name: what messages call
 * the text; sets: NULL for none. On failure *c is undefined. */
int tr_config_load(const char *path, const struct tr_sets *sets, struct tr_config *c, struct tr_err *e);
int tr_config_parse(const char *text, size_t n, const char *name, const struct tr_sets *sets, struct tr_config *c,
                    struct tr_err *e);

/* The resolved configuration as YAML, to be freed. run_too = 0 leaves out what does not change the result (section
 * run). */
char *tr_config_text(const struct tr_config *c, int run_too, struct tr_err *e);

/* Where *c says auto, it becomes what *from says. */
void tr_config_adopt(struct tr_config *c, const struct tr_config *from);

/* The table of keys for the user: section.key, type, default, range, meaning. */
void tr_config_print_keys(void);

/* Number of layers of weights. */
static inline int tr_config_layers(const struct tr_config *c) {
  return c->hidden.n + 1;
}

/* ---- the table ---- */
enum tr_type { TR_T_INT, TR_T_NUM, TR_T_BOOL, TR_T_STR, TR_T_INTS, TR_T_NUMS, TR_T_STRS };

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
/* Takes a list. */
static inline int tr_key_is_list(const struct tr_key *key) {
  return key->type >= TR_T_INTS;
}
/* The row of a key; NULL: there is none of that name. */
const struct tr_key *tr_key_find(const char *path);
/* Its value as the resolved configuration says it, to be freed. */
char *tr_config_value(const struct tr_config *c, const struct tr_key *key, struct tr_err *e);

#endif
