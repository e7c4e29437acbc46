/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"
#include "run.h"

static const char *kind_of(mode_t mode) {
  return S_ISDIR(mode)    ? "a folder"
         : S_ISCHR(mode)  ? "a character device"
         : S_ISBLK(mode)  ? "a block device"
         : S_ISFIFO(mode) ? "a FIFO"
         : S_ISSOCK(mode) ? "a socket"
                          : "no regular file";
}

struct target {
  const char *what;
  char *path;
  int made; /* by us: not there before */
  struct stat st;
};
enum { TARGETS = 6 };

/* Fails if the run reads the file. */
static int is_input(const struct target *t, const struct tr_outputs *o, struct tr_err *e) {
  struct stat st;
  const char *name = NULL;
  if (o->config_file && stat(o->config_file, &st) == 0 && st.st_dev == t->st.st_dev && st.st_ino == t->st.st_ino)
    name = "the configuration";
  for (const struct tr_key *k = tr_keys; k->path && !name; k++) {
    const char *value = (const char *)o->config + k->offset;
    if (k->type != TR_T_STR || k->allowed || strncmp(k->path, "data.", 5) != 0 || !*value) continue;
    char *file = tr_data_path(o->data_dir, value, e);
    if (!file) return -1;
    if (stat(file, &st) == 0 && st.st_dev == t->st.st_dev && st.st_ino == t->st.st_ino) name = k->path;
    free(file);
  }
  return name
             ? tr_fail(e, TR_EXIT_CONFIG, "%s: %s is %s of this run, which is not written over", t->what, t->path, name)
             : 0;
}

/* Opens the file as its writer will, without changing it. */
static int probe(struct target *t, struct tr_err *e) {
  if (stat(t->path, &t->st) == 0 && !S_ISREG(t->st.st_mode))
    return tr_fail(e, TR_EXIT_DATA, "%s: %s is %s; only a regular file is replaced", t->what, t->path,
                   kind_of(t->st.st_mode));
  int fd = open(t->path, O_WRONLY | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC, 0666);
  t->made = fd >= 0;
  if (fd < 0 && errno == EEXIST) fd = open(t->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return tr_fail(e, TR_EXIT_DATA, "%s: %s: cannot be written: %s", t->what, t->path, strerror(errno));
  const int rc = fstat(fd, &t->st);
  close(fd);
  return rc ? tr_fail(e, TR_EXIT_DATA, "%s: %s: %s", t->what, t->path, strerror(errno)) : 0;
}

static int check(struct target *t, int n, const struct tr_outputs *o, struct tr_err *e) {
  for (int k = 0; k < n; k++) {
    if (probe(&t[k], e) || is_input(&t[k], o, e)) return -1;
    for (int j = 0; j < k; j++)
      if (t[j].st.st_dev == t[k].st.st_dev && t[j].st.st_ino == t[k].st.st_ino)
        return tr_fail(e, TR_EXIT_CONFIG, "%s: %s is also written as %s (%s)", t[k].what, t[k].path, t[j].path,
                       t[j].what);
  }
  return 0;
}

int tr_outputs_check(const struct tr_outputs *o, struct tr_err *e) {
  static const char *const names[] = {"metrics.csv", TR_CHECKPOINT, "summary.yaml", "config.yaml"};
  struct target t[TARGETS] = {{0}};
  int n = 0, rc = 0;
  for (int k = 0; !rc && k < (o->fresh ? 4 : 3); k++, n++) {
    t[n].what = "--out";
    rc = (t[n].path = tr_join(o->config->out, names[k], e)) ? 0 : -1;
  }
  const char *const option[] = {"--wave", "--trace"}, *const file[] = {o->wave, o->trace};
  for (int k = 0; !rc && k < 2; k++) {
    if (!file[k]) continue;
    if (!*file[k]) rc = tr_fail(e, TR_EXIT_CONFIG, "%s: a file name is needed", option[k]);
    t[n].what = option[k];
    if (!rc && !(t[n++].path = strdup(file[k]))) rc = tr_nomem(e);
  }
  if (!rc) rc = check(t, n, o, e);
  for (int k = 0; k < n; k++) {
    if (t[k].made) unlink(t[k].path);
    free(t[k].path);
  }
  return rc;
}
