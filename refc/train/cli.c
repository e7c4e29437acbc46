/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "tile.h"

#ifndef XT_VERSION
#define XT_VERSION "unknown"
#endif

/* What an engine can, in words. */
static void print_can(uint32_t can) {
  const char *between = " ";
#define X(name, bit, text) \
  if (can & XT_CAN_##name) printf("%s" text, between), between = ", ";
  XT_CAN_TABLE(X)
#undef X
}

static int cmd_version(int argc, char **argv, struct tr_err *e) {
  const struct argp argp = {.doc = "Version, parameter hash, engines and what they can do."};
  if (argc == 2 && argv[1][0] == '-') argp_parse(&argp, argc, argv, 0, NULL, NULL);
  if (argc > 1) return tr_fail(e, TR_EXIT_CONFIG, "version: takes no arguments");
  printf("crosstrain " XT_VERSION ", parameters 0x%08x, engines", XT_PARAM_HASH);
  for (int k = 0; xt_engines[k]; k++) printf(" %s", xt_engines[k]->name);
  printf("\n");
  for (int k = 0; xt_engines[k]; k++) {
    printf("  %s:", xt_engines[k]->name);
    print_can(xt_engines[k]->can);
    printf("\n");
  }
  return 0;
}

static const struct tr_command commands[] = {
    {"init", "a configuration for a table of your own", tr_cli_init},
    {"train", "train a network on tiles", tr_cli_train},
    {"eval", "test accuracy of a checkpoint", tr_cli_eval},
    {"compare", "first difference of two traces or two checkpoints", tr_cli_compare},
    {"info", "sizes, cycles, dynamics and clocks of a configuration", tr_cli_info},
    {"samples", "the samples of a configuration as NumPy arrays", tr_cli_samples},
    {"sweep", "train over a grid or list of keys, and a table of it", tr_cli_sweep},
    {"wave", "one operation of a run as a waveform", tr_cli_wave},
    {"report", "runs as one page: configuration, curves, devices, costs", tr_cli_report},
    {"version", "version, parameter hash, engines and what they can do", cmd_version},
    {NULL, NULL, NULL}};

static void usage(FILE *f) {
  fprintf(f, "Usage: crosstrain COMMAND [OPTION...] [ARGUMENT...]\n\n");
  for (const struct tr_command *c = commands; c->name; c++) fprintf(f, "  %-9s %s\n", c->name, c->text);
  fprintf(f,
          "\n`crosstrain COMMAND --help` tells the rest.\n"
          "Exit codes: 0 done, 1 mismatch, 2 command line or configuration, 3 data or file,\n"
          "4 engine or internal, 128 + N stopped by signal N (SIGINT, SIGTERM, SIGHUP; checkpoint written).\n"
          "Environment: XT_DATA, the folder of data files; XT_TILE_CACHE, of built tiles (refc/train/README.md).\n");
}

long long tr_cli_int(struct argp_state *state, const char *option, const char *text, long long lo, long long hi) {
  char *end = NULL;
  errno = 0;
  const long long v = strtoll(text, &end, 10);
  if (errno || end == text || *end || v < lo || v > hi)
    argp_failure(state, TR_EXIT_CONFIG, 0, "--%s: '%s' is not a whole number from %lld to %lld", option, text, lo, hi);
  return v;
}

void tr_cli_set(struct argp_state *state, struct tr_sets *sets, const char *text) {
  struct tr_err e = {0, ""};
  if (tr_sets_parse(sets, "--set", text, &e)) argp_failure(state, e.code, 0, "%s", e.text);
}

void tr_cli_give(struct argp_state *state, struct tr_sets *sets, const char *option, const char *key,
                 const char *value) {
  struct tr_err e = {0, ""};
  if (tr_sets_add(sets, option, key, value, &e)) argp_failure(state, e.code, 0, "%s", e.text);
}

const char *tr_cli_data_dir(const char *option) {
  return option ? option : getenv("XT_DATA");
}

const char *tr_cli_engines(void) {
  static char text[512];
  text[0] = 0;
  for (int k = 0; xt_engines[k]; k++) {
    const size_t n = strlen(text);
    snprintf(text + n, sizeof text - n, "%s%s: %s", k ? "; " : "", xt_engines[k]->name, xt_engines[k]->text);
  }
  return text;
}

char *tr_cli_name(const char *config, struct tr_err *e) {
  const char *base = strrchr(config, '/');
  base = base ? base + 1 : config;
  const char *dot = strrchr(base, '.');
  char *name = strndup(base, dot && dot != base ? (size_t)(dot - base) : strlen(base));
  if (!name) tr_nomem(e);
  return name;
}

int tr_cli_default_out(struct tr_config *c, const char *config, struct tr_err *e) {
  if (c->out[0]) return 0;
  char *name = tr_cli_name(config, e);
  if (!name) return -1;
  const int n = snprintf(c->out, sizeof c->out, "out/%s", name);
  free(name);
  return n < (int)sizeof c->out ? 0 : tr_fail(e, TR_EXIT_CONFIG, "run.out: name too long");
}

/* A closed stdin, stdout or stderr would give its number to the first file that is opened, and our lines to that. */
static void open_standard(void) {
  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) _exit(TR_EXIT_INTERNAL);
}

int xt_cli_main(int argc, char **argv) {
  open_standard();
#if defined(__GLIBC__) /* else big arrays come from what the data's file took, and are cleared: memory for nothing */
  (void)mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
  argp_err_exit_status = TR_EXIT_CONFIG;
  if (argc < 2) {
    usage(stderr);
    return TR_EXIT_CONFIG;
  }
  char help[] = "--help";
  if (strcmp(argv[1], "help") == 0 && argc == 3) { /* `help COMMAND` is `COMMAND --help` */
    argv[1] = argv[2];
    argv[2] = help;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
    usage(stdout);
    return TR_EXIT_OK;
  }
  const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
  for (const struct tr_command *c = commands; c->name; c++) {
    if (strcmp(c->name, name) != 0) continue;
    struct tr_err e = {0, ""};
    char *full = NULL, *was = argv[1];
    if (asprintf(&full, "crosstrain %s", c->name) < 0) return TR_EXIT_INTERNAL;
    argv[1] = full; /* argp's messages begin with it */
    const int rc = c->run(argc - 1, argv + 1, &e);
    argv[1] = was;
    free(full);
    if (rc && e.text[0]) fprintf(stderr, "crosstrain: %s\n", e.text);
    errno = 0;
    if (!rc && (fflush(stdout) || ferror(stdout))) {
      fprintf(stderr, "crosstrain: stdout: cannot write: %s\n", errno ? strerror(errno) : "a part of it is lost");
      return TR_EXIT_DATA;
    }
    return rc ? (e.code ? e.code : TR_EXIT_INTERNAL) : TR_EXIT_OK;
  }
  fprintf(stderr,
          "crosstrain: '%s' is no command; allowed: init, train, eval, compare, info, samples, sweep, wave, report, "
          "version\n",
          argv[1]);
  return TR_EXIT_CONFIG;
}
