/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "checkpoint.h"
#include "cli.h"

struct args {
  const char *file[2];
  int n;
};

static const struct argp_option options[] = {{NULL, 0, NULL, 0, NULL, 0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case ARGP_KEY_ARG:
      if (a->n == 2) argp_error(state, "two files only: '%s' is too much", arg);
      a->file[a->n++] = arg;
      return 0;
    case ARGP_KEY_END:
      if (a->n < 2) argp_error(state, "two files are needed");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* ---- traces: text, one record a line ---- */
struct reader {
  FILE *f;
  const char *path;
  char *line, *header;
  size_t cap;
  ssize_t n;
};

static int read_line(struct reader *r, struct tr_err *e) {
  errno = 0;
  r->n = getline(&r->line, &r->cap, r->f);
  if (r->n < 0) return ferror(r->f) ? tr_fail(e, TR_EXIT_DATA, "%s: %s", r->path, strerror(errno)) : 0;
  if (r->n && r->line[r->n - 1] == '\n') {
    r->line[--r->n] = 0;
    if (strlen(r->line) != (size_t)r->n) return tr_fail(e, TR_EXIT_DATA, "%s: a byte 0: not a text trace", r->path);
  } else {
    return tr_fail(e, TR_EXIT_DATA, "%s: the last line is cut", r->path);
  }
  return 0;
}

static int open_trace(struct reader *r, const char *path, struct tr_err *e) {
  memset(r, 0, sizeof *r);
  r->path = path;
  r->f = fopen(path, "r");
  if (!r->f) return tr_fail(e, TR_EXIT_DATA, "%s: %s", path, strerror(errno));
  if (read_line(r, e)) return -1;
  if (r->n < 0 || !strchr(r->line, '\t') || strstr(r->line, "order") == NULL)
    return tr_fail(e, TR_EXIT_DATA, "%s: neither a trace nor a checkpoint", path);
  r->header = strdup(r->line);
  return r->header ? 0 : tr_nomem(e);
}

static void close_trace(struct reader *r) {
  if (r->f) fclose(r->f);
  free(r->line);
  free(r->header);
}

/* Splits off the next field. */
static const char *field(const char **p, int *n) {
  const char *at = *p;
  *n = (int)strcspn(at, "\t");
  *p = at + *n + (at[*n] == '\t');
  return at;
}

static void print_difference(const struct reader r[2], uint64_t record) {
  const char *h = r[0].header, *a = r[0].line, *b = r[1].line;
  int nh, na, nb;
  printf("record %" PRIu64 " differs\n", record);
  while (*h && (*a || *b)) { /* every field that differs; long vectors are cut */
    const char *name = field(&h, &nh), *va = field(&a, &na), *vb = field(&b, &nb);
    if (na != nb || strncmp(va, vb, (size_t)na) != 0)
      printf("  %.*s: %.*s%s against %.*s%s\n", nh, name, na > 200 ? 200 : na, va, na > 200 ? "..." : "",
             nb > 200 ? 200 : nb, vb, nb > 200 ? "..." : "");
  }
  printf("  %s: %.200s\n  %s: %.200s\n", r[0].path, r[0].line, r[1].path, r[1].line);
}

static int compare_traces(const struct args *a, struct tr_err *e) {
  struct reader r[2];
  uint64_t records = 0;
  memset(r, 0, sizeof r);
  int rc = open_trace(&r[0], a->file[0], e) || open_trace(&r[1], a->file[1], e) ? -1 : 0;
  if (!rc && strcmp(r[0].header, r[1].header) != 0)
    rc = tr_fail(e, TR_EXIT_MISMATCH, "the traces have different fields: %.100s against %.100s", r[0].header,
                 r[1].header);
  while (!rc) {
    if (read_line(&r[0], e) || read_line(&r[1], e)) {
      rc = -1;
    } else if (r[0].n < 0 && r[1].n < 0) {
      break;
    } else if (r[0].n < 0 || r[1].n < 0) {
      rc = tr_fail(e, TR_EXIT_MISMATCH, "%s ends after %" PRIu64 " records, %s goes on", r[r[1].n < 0].path, records,
                   r[r[0].n < 0].path);
    } else if (strcmp(r[0].line, r[1].line) != 0) {
      print_difference(r, records);
      rc = tr_fail(e, TR_EXIT_MISMATCH, "the traces differ in record %" PRIu64, records);
    } else {
      records++;
    }
  }
  if (!rc && records == 0) rc = tr_fail(e, TR_EXIT_MISMATCH, "both traces are empty: nothing was compared");
  if (!rc) printf("equal: %" PRIu64 " records\n", records);
  close_trace(&r[0]);
  close_trace(&r[1]);
  return rc;
}

static int compare_checkpoints(const struct args *a, struct tr_err *e) {
  char line[512] = "";
  uint64_t compared = 0;
  const int rc = tr_checkpoint_compare(a->file[0], a->file[1], line, sizeof line, &compared, e);
  if (rc < 0) return -1;
  if (rc > 0) return tr_fail(e, TR_EXIT_MISMATCH, "the checkpoints differ: %s", line);
  if (!compared) return tr_fail(e, TR_EXIT_MISMATCH, "nothing was compared");
  printf("equal: %" PRIu64 " numbers\n", compared);
  return 0;
}

int tr_cli_compare(int argc, char **argv, struct tr_err *e) {
  struct args a = {{NULL, NULL}, 0};
  const struct argp argp = {options, parse, "A B", "Compare two traces or two checkpoints; exit code 1 if they differ.",
                            NULL,    NULL,  NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  const int first = tr_checkpoint_is(a.file[0]), is = first + tr_checkpoint_is(a.file[1]);
  if (is == 1) {
    struct reader other;
    const int rc = open_trace(&other, a.file[first], e);
    close_trace(&other);
    return rc ? -1 : tr_fail(e, TR_EXIT_DATA, "%s and %s: a trace and a checkpoint", a.file[0], a.file[1]);
  }
  return is ? compare_checkpoints(&a, e) : compare_traces(&a, e);
}
