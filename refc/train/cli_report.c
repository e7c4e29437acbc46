/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "report.h"
#include "stop.h"

#ifndef XT_REPORT
#define XT_REPORT "scripts/report/report.py"
#endif

enum { OPT_EXPORT = 1000, OPT_WAVES, MAX_RUNS = 16 };

struct args {
  char *run[MAX_RUNS], *out, *export, *data;
  int runs, waves;
  long long threads;
};

static const struct argp_option options[] = {
    {"out", 'o', "FILE.html", 0, "the page (default report.html in the first run folder)", 0},
    {"export", OPT_EXPORT, "DIR", 0, "predictions and curves as CSV too", 0},
    {"data", 'd', "DIR", 0, "folder of the data files (default: the environment's XT_DATA, else the current one)", 0},
    {"waves", OPT_WAVES, NULL, 0, "pictures of the dumps in the run folders (GTKWave without a display)", 0},
    {"threads", 't', "T", 0, "worker threads", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  const size_t n = arg ? strlen(arg) : 0;
  switch (key) {
    case 'o':
      if (n < 6 || strcmp(arg + n - 5, ".html") != 0)
        argp_failure(state, TR_EXIT_CONFIG, 0, "--out: '%s' does not end in .html", arg);
      a->out = arg;
      return 0;
    case OPT_EXPORT:
      if (!n) argp_failure(state, TR_EXIT_CONFIG, 0, "--export: a folder is needed");
      a->export = arg;
      return 0;
    case OPT_WAVES:
      a->waves = 1;
      return 0;
    case 'd':
      a->data = arg;
      return 0;
    case 't':
      a->threads = tr_cli_int(state, "threads", arg, 1, 256);
      return 0;
    case ARGP_KEY_ARG:
      if (a->runs == MAX_RUNS) argp_failure(state, TR_EXIT_CONFIG, 0, "at most %d runs", MAX_RUNS);
      a->run[a->runs++] = arg;
      return 0;
    case ARGP_KEY_END:
      if (!a->runs) argp_failure(state, TR_EXIT_CONFIG, 0, "a run folder is missing");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* The program that draws. scratch: NULL: only whether it can. It prints its own line if it fails. */
static int draw(const struct args *a, char *out, char *scratch, struct tr_err *e) {
  char *argv[MAX_RUNS + 10] = {"python3", XT_REPORT, "--out", out};
  int n = 4;
  if (a->export) {
    argv[n++] = "--export";
    argv[n++] = a->export;
  }
  if (a->waves) argv[n++] = "--waves";
  argv[n++] = scratch ? "--facts" : "--check";
  if (scratch) argv[n++] = scratch;
  argv[n++] = "--";
  for (int k = 0; k < a->runs; k++) argv[n++] = a->run[k];
  argv[n] = NULL;
  fflush(stdout);
  const int rc = tr_command(argv);
  if (rc == 0) return 0;
  if (tr_stop_signal)
    return tr_fail(e, TR_EXIT_SIGNAL + tr_stop_signal, "stopped by signal %d: no report", tr_stop_signal);
  if (rc < 0) return tr_fail(e, TR_EXIT_INTERNAL, "python3 cannot be run: apt-get install python3");
  e->code = rc == 1 ? TR_EXIT_INTERNAL : rc; /* it has said why */
  return -1;
}

/* What the C side knows of run k, into scratch/k. */
static int facts(const struct args *a, int k, const char *scratch, struct tr_err *e) {
  char name[16];
  snprintf(name, sizeof name, "%d", k);
  char *to = tr_join(scratch, name, e);
  const struct tr_report_opts o = {a->run[k], to, tr_cli_data_dir(a->data), (int)a->threads};
  const int rc = to ? tr_make_folder(to, e) || tr_report_facts(&o, e) : -1;
  free(to);
  return rc ? -1 : 0;
}

int tr_cli_report(int argc, char **argv, struct tr_err *e) {
  struct args a = {.threads = 1};
  const struct argp argp = {options,
                            parse,
                            "RUN [RUN...]",
                            "One page about one run or several: what was run, what it reached and what it cost. Reads "
                            "the run folders, changes nothing in them but report.html.",
                            NULL,
                            NULL,
                            NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  char *out = a.out ? strdup(a.out) : tr_join(a.run[0], "report.html", e), *scratch = NULL, *keys = NULL;
  const char *tmp = getenv("TMPDIR");
  int rc = out || e->code ? 0 : tr_nomem(e);
  struct stat st;
  tr_stop_catch();
  for (int k = 0; !rc && k < a.runs; k++)
    if (stat(a.run[k], &st) || !S_ISDIR(st.st_mode)) rc = tr_fail(e, TR_EXIT_DATA, "%s: no such run folder", a.run[k]);
  if (!rc && asprintf(&scratch, "%s/crosstrain-report-XXXXXX", tmp && *tmp ? tmp : "/tmp") < 0) rc = tr_nomem(e);
  if (!rc) rc = draw(&a, out, NULL, e);
  if (!rc && !mkdtemp(scratch)) {
    rc = tr_fail(e, TR_EXIT_DATA, "%s: %s", scratch, strerror(errno));
    free(scratch);
    scratch = NULL;
  }
  const int made = !rc;
  for (int k = 0; !rc && k < a.runs; k++) rc = facts(&a, k, scratch, e);
  if (!rc) rc = (keys = tr_join(scratch, "keys.tsv", e)) ? tr_report_keys(keys, e) : -1;
  if (!rc) rc = draw(&a, out, scratch, e);
  if (made) tr_remove_tree(scratch);
  free(keys);
  free(scratch);
  free(out);
  return rc ? -1 : 0;
}
