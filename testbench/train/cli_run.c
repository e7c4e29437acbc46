/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli_run.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

void folder_make(char path[256]) {
  const char *base = getenv("TMPDIR");
  snprintf(path, 256, "%s/xt-train-XXXXXX", base ? base : "/tmp");
  ck_assert_ptr_nonnull(mkdtemp(path));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

void folder_remove(const char *path) {
  (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void file_write(const char *folder, const char *name, const char *fmt, ...) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "w");
  ck_assert_ptr_nonnull(f);
  va_list ap;
  va_start(ap, fmt);
  vfprintf(f, fmt, ap);
  va_end(ap);
  ck_assert_int_eq(fclose(f), 0);
}

unsigned char *file_read(const char *path, size_t *n) {
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "cannot open %s", path);
  unsigned char *buf = NULL;
  size_t cap = 0;
  *n = 0;
  for (;;) {
    if (*n + 65536 > cap) {
      cap = 2 * cap + 65536;
      buf = realloc(buf, cap);
      ck_assert_ptr_nonnull(buf);
    }
    const size_t k = fread(buf + *n, 1, 65536, f);
    if (k == 0) break;
    *n += k;
  }
  fclose(f);
  return buf;
}

void cli_start(struct cli *c, const char *folder, const char *fmt, ...) {
  char text[2048], path[600];
  char *argv[64] = {"crosstrain"};
  int argc = 1;
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  for (char *w = strtok(text, " "); w && argc < 63; w = strtok(NULL, " ")) argv[argc++] = w;
  snprintf(c->folder, sizeof c->folder, "%s", folder);
  fflush(NULL);
  /* Check's own signal handlers must not run in the child: they would end the test */
  sigset_t all, was;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &was);
  c->pid = fork();
  if (c->pid == 0) {
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
  }
  sigprocmask(SIG_SETMASK, &was, NULL);
  ck_assert_int_ge(c->pid, 0);
  if (c->pid) return;
  snprintf(path, sizeof path, "%s/stdout", folder);
  const int o = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  snprintf(path, sizeof path, "%s/stderr", folder);
  const int e = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  dup2(o, STDOUT_FILENO);
  dup2(e, STDERR_FILENO);
  if (c->limit) {
    const struct rlimit lim = {(rlim_t)c->limit, (rlim_t)c->limit};
    setrlimit(RLIMIT_FSIZE, &lim);
  }
  const int rc = xt_cli_main(argc, argv);
  fflush(NULL);
  _exit(rc);
}

int cli_wait(struct cli *c) {
  int status = 0;
  char path[600];
  ck_assert_int_eq(waitpid(c->pid, &status, 0), c->pid);
  size_t n = 0;
  snprintf(path, sizeof path, "%s/stderr", c->folder);
  unsigned char *s = file_read(path, &n);
  snprintf(c->err, sizeof c->err, "%.*s", (int)n, (const char *)s);
  free(s);
  snprintf(path, sizeof path, "%s/stdout", c->folder);
  s = file_read(path, &n);
  snprintf(c->out, sizeof c->out, "%.*s", (int)n, (const char *)s);
  free(s);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void cli_expect(struct cli *c, int want) {
  const int rc = cli_wait(c);
  ck_assert_msg(rc == want, "exit code %d instead of %d; stderr: %s", rc, want, c->err);
}

void cli_expect_line(struct cli *c, int want, const char *words) {
  cli_expect(c, want);
  ck_assert_msg(strstr(c->err, words) != NULL, "'%s' does not say '%s'", c->err, words);
  const char *end = strchr(c->err, '\n');
  ck_assert_msg(end != NULL && end[1] == 0, "not one line: '%s'", c->err);
}

unsigned long test_seed(void) {
  const char *s = getenv("XT_TEST_SEED");
  const unsigned long seed = s ? strtoul(s, NULL, 0) : 1;
  printf("XT_TEST_SEED=%lu\n", seed);
  return seed;
}
