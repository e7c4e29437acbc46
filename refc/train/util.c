/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <ftw.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

void tr_printable(char *to, size_t cap, const char *text) {
  size_t n = 0;
  for (; *text && n + 5 <= cap; text++) {
    const unsigned char c = (unsigned char)*text;
    n += (size_t)snprintf(to + n, cap - n, c < 0x20 || c == 0x7f ? "\\x%02x" : "%c", c);
  }
  to[n] = 0;
}

void tr_shell_word(FILE *f, const char *word) {
  int plain = *word != 0, text = 1;
  for (const char *p = word; *p; p++) {
    plain = plain && (isalnum((unsigned char)*p) || strchr("_./+-=:@%,", *p));
    text = text && (unsigned char)*p >= 0x20 && *p != 0x7f && *p != '\'';
  }
  if (plain || text) {
    fprintf(f, plain ? "%s" : "'%s'", word);
    return;
  }
  fputs("$'", f);
  for (; *word; word++)
    if ((unsigned char)*word < 0x20 || *word == 0x7f)
      fprintf(f, "\\x%02x", (unsigned)*word);
    else
      fprintf(f, *word == '\'' || *word == '\\' ? "\\%c" : "%c", *word);
  fputc('\'', f);
}

int tr_fail(struct tr_err *e, int code, const char *fmt, ...) {
  if (e->code) return -1; /* the first error is the cause */
  e->code = code;
  va_list ap;
  char text[sizeof e->text];
  va_start(ap, fmt);
  vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  tr_printable(e->text, sizeof e->text, text);
  return -1;
}

int tr_nomem(struct tr_err *e) {
  return tr_fail(e, TR_EXIT_INTERNAL, "out of memory");
}

void *tr_alloc(size_t n, size_t size, struct tr_err *e) {
  void *p = calloc(n ? n : 1, size);
  if (!p) tr_nomem(e);
  return p;
}

double tr_four_digits(double v, int up) {
  if (v == 0 || !isfinite(v)) return v;
  const double unit = pow(10, floor(log10(fabs(v))) - 3);
  return (up ? ceil(v / unit) : floor(v / unit)) * unit;
}

void tr_list_add(char *list, size_t cap, const char *word) {
  const size_t n = strlen(list);
  snprintf(list + n, cap - n, "%s%s", n ? ", " : "", word);
}

char *tr_join(const char *folder, const char *name, struct tr_err *e) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", folder, name) >= 0) return path;
  tr_nomem(e);
  return NULL;
}

int tr_read_file(const char *path, int gz, size_t max, uint8_t **bytes, size_t *n, struct tr_err *e) {
  *bytes = NULL;
  *n = 0;
  errno = 0;
  gzFile f = gzopen(path, "rb"); /* reads plain files as they are */
  if (!f) return tr_fail(e, TR_EXIT_DATA, "%s: %s", path, errno ? strerror(errno) : "cannot open");
  if (!gz && !gzdirect(f)) {
    gzclose(f);
    return tr_fail(e, TR_EXIT_DATA, "%s: is gzip-compressed; a plain file is needed here", path);
  }
  size_t cap = (size_t)1 << 16, got = 0;
  uint8_t *buf = malloc(cap + 1);
  int rc = buf ? 0 : tr_nomem(e);
  while (!rc) {
    if (got == cap) {
      uint8_t *more = realloc(buf, 2 * cap + 1);
      if (!more) {
        rc = tr_nomem(e);
        break;
      }
      buf = more;
      cap *= 2;
    }
    const size_t want = cap - got < ((size_t)1 << 20) ? cap - got : (size_t)1 << 20;
    const int k = gzread(f, buf + got, (unsigned)want);
    if (k < 0) {
      int zerr = 0;
      const char *what = gzerror(f, &zerr);
      rc = tr_fail(e, TR_EXIT_DATA, "%s: %s", path, zerr == Z_ERRNO ? strerror(errno) : what);
    } else if (k == 0) {
      break;
    } else if ((got += (size_t)k) > max) {
      rc = tr_fail(e, TR_EXIT_DATA, "%s: longer than %zu bytes", path, max);
    }
  }
  if (gzclose(f) == Z_BUF_ERROR && !rc) rc = tr_fail(e, TR_EXIT_DATA, "%s: gzip stream ends early", path);
  if (rc) {
    free(buf);
    return rc;
  }
  buf[got] = 0;
  *bytes = buf;
  *n = got;
  return 0;
}

static int write_all(int fd, const void *data, size_t n) {
  const uint8_t *p = data;
  while (n > 0) {
    const ssize_t k = write(fd, p, n);
    if (k < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    p += k;
    n -= (size_t)k;
  }
  return 0;
}

static void sync_folder(const char *path) {
  char *dir = strdup(path);
  if (!dir) return;
  char *slash = strrchr(dir, '/');
  if (slash) slash[slash == dir] = 0;
  const int fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY);
  if (fd >= 0) {
    (void)fsync(fd); /* the rename is done; a file system without folder sync is no error */
    close(fd);
  }
  free(dir);
}

int tr_write_file(const char *path, const void *head, size_t nhead, const void *body, size_t nbody, struct tr_err *e) {
  char *tmp = NULL;
  if (asprintf(&tmp, "%s.tmp", path) < 0) return tr_nomem(e);
  int rc = 0;
  const int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    rc = tr_fail(e, TR_EXIT_DATA, "%s: %s", tmp, strerror(errno));
    free(tmp);
    return rc;
  }
  int bad = write_all(fd, head, nhead) || write_all(fd, body, nbody) || fsync(fd);
  int why = errno;
  if (close(fd) && !bad) {
    bad = 1;
    why = errno;
  }
  if (!bad && rename(tmp, path)) {
    bad = 1;
    why = errno;
  }
  if (bad) {
    (void)unlink(tmp);
    rc = tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", path, strerror(why));
  } else {
    sync_folder(path);
  }
  free(tmp);
  return rc;
}

int tr_make_folder(const char *path, struct tr_err *e) {
  if (!*path) return tr_fail(e, TR_EXIT_CONFIG, "the name of a folder is empty");
  char *p = strdup(path);
  if (!p) return tr_nomem(e);
  int rc = 0;
  for (char *s = p + 1; !rc; s++) {
    const char was = *s;
    if (was != '/' && was) continue;
    *s = 0;
    if (mkdir(p, 0777) && errno != EEXIST)
      rc = tr_fail(e, TR_EXIT_DATA, "%s: cannot make the folder: %s", p, strerror(errno));
    *s = was;
    if (!was) break;
  }
  struct stat st;
  if (!rc && (stat(path, &st) || !S_ISDIR(st.st_mode))) rc = tr_fail(e, TR_EXIT_DATA, "%s: not a folder", path);
  free(p);
  return rc;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st;
  (void)kind;
  (void)at;
  return remove(path);
}

void tr_remove_tree(const char *path) {
  (void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int tr_command(char *const argv[]) {
  extern char **environ;
  pid_t pid;
  int status = 0;
  if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ)) return -1;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : TR_EXIT_SIGNAL + WTERMSIG(status);
}
