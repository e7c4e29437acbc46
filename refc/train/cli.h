/* SPDX-License-Identifier: Apache-2.0 */
/* The program's command line. */
#ifndef TR_CLI_H
#define TR_CLI_H

#include "util.h"

/* Returns the exit code (util.h). */
int xt_cli_main(int argc, char **argv);

/* A subcommand; argv[0] is its name. */
struct tr_command {
  const char *name;
  const char *text;
  int (*run)(int argc, char **argv, struct tr_err *e);
};

int tr_cli_init(int argc, char **argv, struct tr_err *e);
int tr_cli_train(int argc, char **argv, struct tr_err *e);
int tr_cli_eval(int argc, char **argv, struct tr_err *e);
int tr_cli_compare(int argc, char **argv, struct tr_err *e);
int tr_cli_info(int argc, char **argv, struct tr_err *e);
int tr_cli_samples(int argc, char **argv, struct tr_err *e);
int tr_cli_sweep(int argc, char **argv, struct tr_err *e);
int tr_cli_wave(int argc, char **argv, struct tr_err *e);
int tr_cli_report(int argc, char **argv, struct tr_err *e);

/* File name of a configuration without folder and ending, to be freed. */
char *tr_cli_name(const char *config, struct tr_err *e);
struct tr_config;
/* c->out, if it is empty: out/<name>. */
int tr_cli_default_out(struct tr_config *c, const char *config, struct tr_err *e);

/* Whole number lo..hi from an option's text; exits with a message through argp if it is not one. */
struct argp_state;
long long tr_cli_int(struct argp_state *state, const char *option, const char *text, long long lo, long long hi);

/* The option --set of the commands that take a configuration; its row in a table of options. */
enum { TR_OPT_SET = 2000 };
#define TR_CLI_SET \
  { "set", TR_OPT_SET, "KEY=VALUE", 0, "a key of the configuration instead of what it says (repeatable)", 0 }
struct tr_sets;
/* Its argument; exits with a message through argp if it is not allowed. */
void tr_cli_set(struct argp_state *state, struct tr_sets *sets, const char *text);
/* Another option that gives a key: its argument is the value. */
void tr_cli_give(struct argp_state *state, struct tr_sets *sets, const char *option, const char *key,
                 const char *value);

/* --data, or the environment's XT_DATA, or NULL. */
const char *tr_cli_data_dir(const char *option);

/* Names of the engines, one line each, for --help. */
const char *tr_cli_engines(void);

#endif
