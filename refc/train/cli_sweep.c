/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <argp.h>
#include <dlfcn.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "sweep_run.h"

#ifndef XT_PLOT_SWEEP
#define XT_PLOT_SWEEP "scripts/plot_sweep.py"
#endif
#define MODULE "crosstrain_mpi.so"

extern char **environ;

enum { OPT_CHECK = 1000, OPT_KEEP_GOING, OPT_PLOT, OPT_PATIENCE };

struct args {
  const char *file, *out, *plot;
  struct tr_sets sets;
  struct tr_sweep_opts run;
  int plots;
};

static const struct argp_option options[] = {
    {"jobs", 'j', "N", 0, "points at a time (default: one per processor; under mpirun one per process)", 0},
    TR_CLI_SET,
    {"out", 'o', "DIR", 0, "folder of the table and of the points' run folders (default: the file's, else out/<name>)",
     0},
    {"data", 'd', "DIR", 0, "folder of the data files (default: the environment's XT_DATA, else the current one)", 0},
    {"check", OPT_CHECK, NULL, 0, "only check every point and write the table, run nothing", 0},
    {"keep-going", OPT_KEEP_GOING, NULL, 0, "run the other points if some cannot run", 0},
    {"plot", OPT_PLOT, "FILE.png", OPTION_ARG_OPTIONAL, "a plot of the table (default: sweep.png beside it)", 0},
    {"quiet", 'q', NULL, 0, "no progress", 0},
    {"patience", OPT_PATIENCE, "S", 0,
     "mpirun: seconds without a word after which a process counts as lost (default 60)", 1},
    {NULL, 0, NULL, 0, NULL, 0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case 'j':
      a->run.jobs = (int)tr_cli_int(state, "jobs", arg, 1, 1024);
      return 0;
    case TR_OPT_SET:
      tr_cli_set(state, &a->sets, arg);
      return 0;
    case 'o':
      if (!*arg) argp_error(state, "--out: a folder is expected");
      a->out = arg;
      return 0;
    case 'd':
      a->run.data_dir = arg;
      return 0;
    case OPT_CHECK:
      a->run.check = 1;
      return 0;
    case OPT_KEEP_GOING:
      a->run.keep_going = 1;
      return 0;
    case OPT_PLOT:
      a->plots = 1;
      a->plot = arg;
      return 0;
    case 'q':
      a->run.quiet = 1;
      return 0;
    case OPT_PATIENCE:
      a->run.patience = (double)tr_cli_int(state, "patience", arg, 3, 86400);
      return 0;
    case ARGP_KEY_ARG:
      if (a->file) argp_error(state, "one sweep file only: '%s' is too much", arg);
      a->file = arg;
      return 0;
    case ARGP_KEY_END:
      if (!a->file) argp_error(state, "a sweep file is missing");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* ---- the plot ---- */
/* The script's exit code; its messages are its own. */
static int script(char *const *argv, struct tr_err *e) {
  pid_t pid;
  int status = 0;
  fflush(NULL);
  const int err = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
  if (err) return tr_fail(e, TR_EXIT_INTERNAL, "%s: %s", argv[0], strerror(err));
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return tr_fail(e, TR_EXIT_INTERNAL, "%s: %s", argv[0], strerror(errno));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  return tr_fail(e, TR_EXIT_INTERNAL, "no plot: %s failed", argv[0]);
}

static int plot(const struct tr_sweep *s, const char *to, struct tr_err *e) {
  char program[] = XT_PLOT_SWEEP, out[] = "--out";
  char *table = tr_join(s->out, TR_SWEEP_TABLE, e), *picture = to ? strdup(to) : tr_join(s->out, "sweep.png", e);
  char *argv[] = {program, table, out, picture, NULL};
  const int rc = table && picture ? script(argv, e) : tr_nomem(e);
  free(table);
  free(picture);
  return rc;
}

/* Found missing before anything runs. */
static int can_plot(const char *to, struct tr_err *e) {
  char program[] = XT_PLOT_SWEEP, check[] = "--check", out[] = "--out";
  char *picture = to ? strdup(to) : NULL;
  char *argv[] = {program, check, to ? out : NULL, picture, NULL};
  const int rc = to && !picture ? tr_nomem(e) : script(argv, e);
  free(picture);
  return rc;
}

/* ---- the processes of mpirun or srun ---- */
static long number(const char *variable) {
  const char *text = getenv(variable);
  return text ? strtol(text, NULL, 10) : -1;
}

/* How many a launcher says it has started; 1: none. *rank: which of them this is. */
static long launched(long *rank) {
  static const char *const launcher[][2] = {{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                            {"PMI_SIZE", "PMI_RANK"},
                                            {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID"}};
  *rank = 0;
  for (size_t k = 0; k < sizeof launcher / sizeof *launcher; k++)
    if (number(launcher[k][0]) > 1) {
      *rank = number(launcher[k][1]);
      return number(launcher[k][0]);
    }
  return 1;
}

static int load(struct tr_comm *comm, struct tr_err *e) {
  char self[4096], text[256] = "";
  const ssize_t n = readlink("/proc/self/exe", self, sizeof self - sizeof MODULE);
  char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;
  if (!slash) return tr_fail(e, TR_EXIT_INTERNAL, "/proc/self/exe: cannot be read");
  memcpy(slash + 1, MODULE, sizeof MODULE);
  if (access(self, R_OK))
    return tr_fail(e, TR_EXIT_CONFIG,
                   "several processes were started, but this build has no MPI: install libopenmpi-dev, then "
                   "scripts/setup.sh again");
  void *module = dlopen(self, RTLD_NOW | RTLD_GLOBAL); /* Open MPI's own modules look for its symbols */
  if (!module) return tr_fail(e, TR_EXIT_INTERNAL, "%s", dlerror());
  int (*open)(struct tr_comm *, char *, size_t) = NULL;
  *(void **)&open = dlsym(module, TR_COMM_OPEN);
  if (!open || open(comm, text, sizeof text))
    return tr_fail(e, TR_EXIT_INTERNAL, "%s: %s", self, open ? text : "not a module of this program");
  return 0;
}

/* comm->size 0: this process is the only one. */
static int join_others(struct tr_comm *comm, struct tr_err *e) {
  long rank = 0;
  const long size = launched(&rank);
  if (size == 1) return 0;
  int rc = 0;
  if (!getenv("OMPI_COMM_WORLD_SIZE") && !getenv("PMI_SIZE") && !getenv("PMIX_RANK")) /* MPI would say it in a page */
    rc =
        tr_fail(e, TR_EXIT_CONFIG, "srun started %ld processes that know nothing of each other: srun --mpi=pmix", size);
  if (!rc) rc = load(comm, e);
  if (!rc && comm->size != size)
    rc = tr_fail(e, TR_EXIT_CONFIG, "%ld processes were started, MPI sees %d", size, comm->size);
  if (rc && rank) { /* one line is enough: that of the first */
    sleep(2);
    e->text[0] = 0;
  }
  return rc;
}

int tr_cli_sweep(int argc, char **argv, struct tr_err *e) {
  struct args a = {.run = {.patience = 60}};
  struct tr_comm comm = {.size = 0};
  struct tr_sweep s;
  const struct argp argp = {
      options,
      parse,
      "SWEEP",
      "Train every point of a sweep that is not finished.\vThe file has base, and grid, list, seeds. Started by mpirun "
      "or "
      "srun, the points are shared among the processes. The same command goes on where one ended.",
      NULL,
      NULL,
      NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  a.run.data_dir = tr_cli_data_dir(a.run.data_dir);
  memset(&s, 0, sizeof s);
  int rc = join_others(&comm, e);
  const int first = comm.rank == 0;
  if (!rc && first && a.plots) rc = can_plot(a.plot, e);
  if (!rc) rc = tr_sweep_load(a.file, &a.sets, a.out, &s, e);
  if (!rc)
    rc = tr_sweep_run(&s, &a.run, comm.size ? &comm : NULL, e);
  else if (comm.size)
    tr_sweep_decline(&comm, e);
  if (first && a.plots && s.points && (!rc || a.run.keep_going)) rc = plot(&s, a.plot, e) || rc ? -1 : 0;
  tr_sweep_free(&s);
  tr_sets_free(&a.sets);
  return rc;
}
