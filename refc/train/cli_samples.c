/* SPDX-License-Identifier: Apache-2.0 */
/* The samples of a configuration as NumPy arrays, for programs that are to take the same ones. */
#define _GNU_SOURCE
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "cli.h"
#include "data.h"

struct args {
  const char *config, *data, *out;
  struct tr_sets sets;
};

static const struct argp_option options[] = {
    {"data", 'd', "DIR", 0, "folder of the data files (default: the environment's XT_DATA, else the current one)", 0},
    TR_CLI_SET,
    {"out", 'o', "DIR", 0, "folder of the arrays", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case 'd':
      a->data = arg;
      return 0;
    case TR_OPT_SET:
      tr_cli_set(state, &a->sets, arg);
      return 0;
    case 'o':
      a->out = arg;
      return 0;
    case ARGP_KEY_ARG:
      if (a->config) argp_error(state, "one configuration only: '%s' is too much", arg);
      a->config = arg;
      return 0;
    case ARGP_KEY_END:
      if (!a->config) argp_error(state, "a configuration is missing");
      if (!a->out) argp_error(state, "--out is missing: the folder of the arrays");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* NumPy's format NPY 1.0: magic, version, length of the text, the text filled up to 64 bytes, the numbers. */
static int write_array(const char *folder, const char *name, const char *type, const char *shape, const void *numbers,
                       size_t bytes, struct tr_err *e) {
  char head[128], text[118];
  snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", type, shape);
  memcpy(head, "\x93NUMPY\x01\x00\x76\x00", 10);
  memset(head + 10, ' ', sizeof head - 11);
  memcpy(head + 10, text, strlen(text));
  head[sizeof head - 1] = '\n';
  char *path = tr_join(folder, name, e);
  const int rc = path ? tr_write_file(path, head, sizeof head, numbers, bytes, e) : -1;
  free(path);
  return rc;
}

static int write_samples(const char *folder, const char *part, const struct tr_samples *s, int32_t inputs,
                         struct tr_err *e) {
  const char *const label = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "<u2" : ">u2";
  char name[32], shape[64];
  snprintf(name, sizeof name, "%s.x.npy", part);
  snprintf(shape, sizeof shape, "%zu, %d", s->n, (int)inputs);
  if (write_array(folder, name, "|i1", shape, s->x, s->n * (size_t)inputs, e)) return -1;
  snprintf(name, sizeof name, "%s.label.npy", part);
  snprintf(shape, sizeof shape, "%zu,", s->n);
  return write_array(folder, name, label, shape, s->label, s->n * sizeof *s->label, e);
}

int tr_cli_samples(int argc, char **argv, struct tr_err *e) {
  struct args a = {.config = NULL};
  const struct argp argp = {
      options,
      parse,
      "CONFIG",
      "The samples of a configuration as codes, in NumPy's format: train.x.npy, train.label.npy and the same of test "
      "(with data.validation: of what is held out); config.yaml has every key.",
      NULL,
      NULL,
      NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  struct tr_dataset d;
  memset(&d, 0, sizeof d);
  int rc = c ? tr_config_load(a.config, &a.sets, c, e) || tr_config_resolve(c, e) : -1;
  if (!rc) rc = tr_data_load(c, tr_cli_data_dir(a.data), &d, e);
  if (!rc) tr_data_print_notes(&d);
  char *text = rc ? NULL : tr_config_text(c, 1, e), *path = text ? tr_join(a.out, "config.yaml", e) : NULL;
  if (!path) rc = -1;
  if (!rc)
    rc = tr_make_folder(a.out, e) || write_samples(a.out, "train", &d.train, d.inputs, e) ||
         write_samples(a.out, "test", &d.test, d.inputs, e) || tr_write_file(path, text, strlen(text), NULL, 0, e);
  if (!rc)
    printf("%s: %zu + %zu samples, %d inputs, %d classes\n", a.out, d.train.n, d.test.n, (int)d.inputs, (int)d.classes);
  free(text);
  free(path);
  tr_data_free(&d);
  tr_sets_free(&a.sets);
  free(c);
  return rc ? -1 : 0;
}
