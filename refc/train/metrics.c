/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "metrics.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int flushed(struct tr_metrics *m, uint64_t *bytes, struct tr_err *e) {
  errno = 0;
  if (fflush(m->f) || ferror(m->f))
    return tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", m->path, errno ? strerror(errno) : "a part of it is lost");
  const off_t at = ftello(m->f);
  if (at < 0) return tr_fail(e, TR_EXIT_DATA, "%s: %s", m->path, strerror(errno));
  *bytes = (uint64_t)at;
  return 0;
}

/* The length up to the end of the last line that is whole within the first `limit` bytes. */
static uint64_t whole_lines(FILE *f, uint64_t limit) {
  uint64_t at = 0, end = 0;
  for (int ch; at < limit && (ch = getc(f)) != EOF;) {
    at++;
    if (ch == '\n') end = at;
  }
  return end;
}

int tr_metrics_open(struct tr_metrics *m, const char *path, const char *held, int keep, int say, uint64_t *bytes,
                    struct tr_err *e) {
  memset(m, 0, sizeof *m);
  m->path = strdup(path);
  if (!m->path) return tr_nomem(e);
  m->f = keep ? fopen(path, "r+") : NULL;
  if (!m->f && (!keep || errno == ENOENT)) m->f = fopen(path, "w+");
  if (!m->f) return tr_fail(e, TR_EXIT_DATA, "%s: %s", path, strerror(errno));
  if (keep) { /* lines written after the checkpoint will come again */
    const uint64_t there = whole_lines(m->f, *bytes);
    if (there < *bytes && say)
      fprintf(stderr, "%s: %s: it goes on without the lines that are lost\n", path,
              there ? "shorter than when the checkpoint was made" : "gone");
    struct stat st;
    if (ferror(m->f) || fstat(fileno(m->f), &st) ||
        ((uint64_t)st.st_size != there && ftruncate(fileno(m->f), (off_t)there)) ||
        fseeko(m->f, (off_t)there, SEEK_SET))
      return tr_fail(e, TR_EXIT_DATA, "%s: %s", path, strerror(errno));
    *bytes = there;
    if (there) return 0;
  }
  fprintf(m->f, "epoch,samples,loss,train_accuracy,%s_accuracy", held);
#define X(name, value, text) fputs("," #name, m->f);
  XT_CNT_TABLE(X)
#undef X
  fputs(",EXP_CLAMPS\n", m->f);
  return flushed(m, bytes, e);
}

int tr_metrics_line(struct tr_metrics *m, struct tr_net *net, struct tr_state *s, uint64_t epoch, int with_test,
                    struct tr_err *e) {
  uint64_t counters[XT_NUM_COUNTERS], clamps = 0;
  if (tr_net_counters(net, counters, e)) return -1;
  for (int k = 0; k < net->layers; k++) clamps += net->layer[k].exp_clamps;
  const double n = s->interval_n ? (double)s->interval_n : 1;
  fprintf(m->f, "%" PRIu64 ",%" PRIu64 ",%.6f,%.6f,", epoch, s->samples, (double)s->interval_loss / 65536 / n,
          (double)s->interval_correct / n);
  if (with_test && s->test_n) fprintf(m->f, "%.6f", (double)s->test_correct / (double)s->test_n);
  for (int k = 0; k < XT_NUM_COUNTERS; k++) fprintf(m->f, ",%" PRIu64, counters[k]);
  fprintf(m->f, ",%" PRIu64 "\n", clamps);
  return flushed(m, &s->csv_bytes, e);
}

void tr_metrics_close(struct tr_metrics *m) {
  if (m->f) fclose(m->f);
  free(m->path);
  memset(m, 0, sizeof *m);
}
