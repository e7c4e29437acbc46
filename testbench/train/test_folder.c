/* SPDX-License-Identifier: Apache-2.0 */
/* A run and its folder: who may write into it, where the results are, what happens to them when the ground moves. */
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "cli_run.h"

static char folder[256];
static struct cli c;

static const char small[] =
    "data: {kind: digits, train_samples: 60, test_samples: 20, size: 8}\n"
    "network: {hidden: [9]}\n"
    "run: {epochs: 3, log_every: 20}\n";
static const char endless[] =
    "data: {kind: digits, train_samples: 60, test_samples: 20, size: 8}\n"
    "network: {hidden: [9]}\n"
    "run: {epochs: 100000, log_every: 20}\n";

static void setup(void) {
  folder_make(folder);
  memset(&c, 0, sizeof c);
  file_write(folder, "small.yaml", "%s", small);
  file_write(folder, "endless.yaml", "%s", endless);
}
static void teardown(void) {
  folder_remove(folder);
}

static void train(const char *config, const char *out, const char *more) {
  cli_start(&c, folder, "train %s/%s.yaml --out %s/%s %s", folder, config, folder, out, more);
}

static const char *in(const char *out, const char *name) {
  static char p[2][700];
  static int k;
  k = !k;
  snprintf(p[k], sizeof p[k], "%s/%s/%s", folder, out, name);
  return p[k];
}

static int exists(const char *out, const char *name) {
  struct stat st;
  return stat(in(out, name), &st) == 0;
}

static void same_files(const char *a, const char *b) {
  size_t na = 0, nb = 0;
  unsigned char *x = file_read(a, &na), *y = file_read(b, &nb);
  ck_assert_msg(na == nb && memcmp(x, y, na) == 0, "%s and %s differ", a, b);
  free(x);
  free(y);
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void wait_ms(long ms) {
  const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&t, NULL);
}

/* Until the file is there. */
static void wait_for(const char *path) {
  struct stat st;
  const double start = seconds();
  while (stat(path, &st) || st.st_size == 0) {
    ck_assert_msg(seconds() - start < 60, "%s does not come", path);
    wait_ms(1);
  }
}

/* ---- the lock ---- */

/* A second run into the folder is refused, with who has it, and changes nothing; the first one goes on. */
START_TEST(one_run_at_a_time) {
  char who[64];
  struct cli first;
  memset(&first, 0, sizeof first);
  cli_start(&first, folder, "train %s/endless.yaml --out %s/a -q", folder, folder);
  wait_for(in("a", "checkpoint.h5"));
  static const char *const ways[] = {"-q", "-q --resume", "-q --continue", "-q --overwrite"};
  snprintf(who, sizeof who, "writes into this folder: process %ld on ", (long)first.pid);
  for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
    train("endless", "a", ways[k]);
    cli_expect_line(&c, k ? 3 : 2, k ? who : "holds a run");
  }
  kill(first.pid, SIGTERM);
  ck_assert_int_eq(cli_wait(&first), 143);
  ck_assert(!exists("a", ".lock"));
}
END_TEST

/* Two that start at once in an empty folder: one runs, the other is refused. */
START_TEST(two_at_once) {
  int ran = 0, refused = 0;
  struct cli other;
  memset(&other, 0, sizeof other);
  for (int k = 0; k < 20; k++) {
    char name[16];
    snprintf(name, sizeof name, "b%d", k);
    train("small", name, "-q");
    cli_start(&other, folder, "train %s/small.yaml --out %s/%s -q", folder, folder, name);
    const int one = cli_wait(&c), two = cli_wait(&other);
    ck_assert_msg((one == 0) != (two == 0), "%d and %d", one, two);
    ran++;
    refused += one == 3 || two == 3; /* else it came when the other one had ended: 2, the folder holds a run */
  }
  ck_assert_int_eq(ran, 20);
  ck_assert_int_gt(refused, 0);
}
END_TEST

/* A killed run leaves the file of its lock; it counts for nothing. */
START_TEST(a_stale_lock_does_not_block) {
  train("endless", "a", "-q");
  wait_for(in("a", "checkpoint.h5"));
  kill(c.pid, SIGKILL);
  ck_assert_int_eq(cli_wait(&c), -SIGKILL);
  ck_assert(exists("a", ".lock"));
  train("small", "a", "-q --overwrite");
  cli_expect(&c, 0);
  ck_assert(!exists("a", ".lock"));
}
END_TEST

/* ---- where the results are ---- */

START_TEST(new_folders) {
  train("small", "a", "--new");
  cli_expect(&c, 0);
  char words[600];
  snprintf(words, sizeof words, "\nfiles            %s/a: config.yaml metrics.csv summary.yaml checkpoint.h5\n",
           folder);
  ck_assert_msg(strstr(c.out, words) != NULL, "%s", c.out);
  for (int k = 2; k < 4; k++) {
    train("small", "a", "-q --new");
    cli_expect(&c, 0);
  }
  same_files(in("a", "checkpoint.h5"), in("a-2", "checkpoint.h5"));
  same_files(in("a", "checkpoint.h5"), in("a-3", "checkpoint.h5"));
  train("small", "a", "--resume"); /* nothing left to do, and it says so */
  cli_expect(&c, 0);
  ck_assert_msg(strstr(c.out, "all epochs are done (") != NULL, "%s", c.out);
  ck_assert_ptr_null(strstr(c.out, "resuming"));
  cli_start(&c, folder, "eval %s/a", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "test accuracy"));
  cli_start(&c, folder, "eval %s", folder);
  cli_expect_line(&c, 3, "checkpoint.h5: No such file");
}
END_TEST

/* Asked for no more epochs than there are, a resume changes no file; a summary that is lost comes back. */
START_TEST(finished_runs_stay) {
  static const char *const names[] = {"config.yaml", "metrics.csv", "summary.yaml", "checkpoint.h5"};
  static const char *const fewer[] = {"-q --resume --epochs 1", "-q --resume"};
  enum { NAMES = sizeof names / sizeof *names };
  unsigned char *was[NAMES];
  size_t n[NAMES];
  train("small", "a", "-q");
  cli_expect(&c, 0);
  was[0] = file_read(in("a", "summary.yaml"), &n[0]);
  file_write(folder, "a/summary.yaml", "%.*s# of the first start\n", (int)n[0], (const char *)was[0]);
  free(was[0]);
  for (int i = 0; i < NAMES; i++) was[i] = file_read(in("a", names[i]), &n[i]);
  for (size_t k = 0; k < sizeof fewer / sizeof *fewer; k++) {
    train("small", "a", fewer[k]);
    cli_expect(&c, 0);
    for (int i = 0; i < NAMES; i++) {
      size_t bytes = 0;
      unsigned char *is = file_read(in("a", names[i]), &bytes);
      ck_assert_msg(bytes == n[i] && memcmp(is, was[i], bytes) == 0, "%s: %s is another one", fewer[k], names[i]);
      free(is);
    }
  }
  for (int i = 0; i < NAMES; i++) free(was[i]);
  ck_assert_int_eq(remove(in("a", "summary.yaml")), 0);
  train("small", "a", "-q --resume");
  cli_expect(&c, 0);
  ck_assert(exists("a", "summary.yaml"));
}
END_TEST

/* --overwrite leaves nothing of the run before, whenever it is stopped. */
START_TEST(overwrite_is_whole) {
  train("small", "a", "-q");
  cli_expect(&c, 0);
  ck_assert(exists("a", "summary.yaml"));
  train("endless", "a", "-q --overwrite");
  wait_for(in("a", "checkpoint.h5"));
  while (exists("a", "summary.yaml")) wait_ms(1);
  wait_for(in("a", "checkpoint.h5"));
  kill(c.pid, SIGTERM);
  cli_expect(&c, 143);
  train("endless", "a", "-q --resume --epochs 0");
  cli_expect(&c, 0);
}
END_TEST

/* ---- metrics.csv is no part of the state ---- */
START_TEST(metrics_lost_or_short) {
  train("small", "a", "-q");
  cli_expect(&c, 0);
  train("small", "b", "-q --epochs 2");
  cli_expect(&c, 0);
  if (_i == 0) {
    ck_assert_int_eq(remove(in("b", "metrics.csv")), 0);
  } else {
    ck_assert_int_eq(truncate(in("b", "metrics.csv"), _i == 1 ? 0 : 400), 0);
  }
  train("small", "b", "-q --resume");
  cli_expect_line(&c, 0, _i == 2 ? "shorter than when the checkpoint was made: it goes on" : "gone: it goes on");
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/b/checkpoint.h5", folder, folder);
  cli_expect_line(&c, 1, "csv_bytes"); /* and nothing else before it in the file */
  same_files(in("a", "summary.yaml"), in("b", "summary.yaml"));
  /* a header, then whole lines, the last of them those of the whole run */
  size_t na = 0, nb = 0;
  unsigned char *a = file_read(in("a", "metrics.csv"), &na), *b = file_read(in("b", "metrics.csv"), &nb);
  const char *header = memchr(a, '\n', na);
  ck_assert_ptr_nonnull(header);
  const size_t n = (size_t)(header + 1 - (const char *)a);
  ck_assert(nb > n && nb < na && memcmp(a, b, n) == 0 && a[na - 1] == '\n');
  const char *last = memmem(b + n - 1, nb - n + 1, "\n3,140,", 7);
  ck_assert_msg(last != NULL, "%.*s", (int)nb, (const char *)b);
  const size_t left = (size_t)((const char *)b + nb - last);
  ck_assert_msg(memcmp(a + na - left, last, left) == 0, "other lines");
  free(a);
  free(b);
}
END_TEST

/* ---- signals ---- */

/* SIGHUP like SIGTERM, unless it is ignored: nohup. */
START_TEST(hangup) {
  train("endless", "a", "-q");
  wait_for(in("a", "checkpoint.h5"));
  kill(c.pid, SIGHUP);
  cli_expect_line(&c, 129, "stopped by signal 1 ");
  train("endless", "a", "-q --resume --epochs 0");
  cli_expect(&c, 0);
  signal(SIGHUP, SIG_IGN);
  train("endless", "b", "-q");
  signal(SIGHUP, SIG_DFL);
  wait_for(in("b", "checkpoint.h5"));
  kill(c.pid, SIGHUP);
  wait_ms(50);
  kill(c.pid, SIGTERM);
  cli_expect_line(&c, 143, "stopped by signal 15 ");
}
END_TEST

/* Before the first sample: while a large array is programmed (or shifted to its zero, one operation of minutes). */
START_TEST(stop_while_programming) {
  file_write(folder, "large.yaml",
             "data: {kind: digits, train_samples: 60, test_samples: 20, size: 64}\nnetwork: {hidden: [4000]}\n"
             "algorithm: {zero_shift_pairs: %d}\n",
             _i ? 65535 : 0);
  train("large", "a", "-q");
  wait_for(in("a", ".lock"));
  wait_ms(300);
  kill(c.pid, SIGTERM);
  cli_expect_line(&c, 143, "stopped by ");
  ck_assert(!exists("a", "config.yaml"));
  train("small", "a", "-q"); /* the folder is as good as new */
  cli_expect(&c, 0);
}
END_TEST

/* ---- closed outputs ---- */

/* The program with one of its standard files closed; its exit code. */
static int closed(int fd, const char *out) {
  char config[300], to[300];
  snprintf(config, sizeof config, "%s/small.yaml", folder);
  snprintf(to, sizeof to, "%s/%s", folder, out);
  char *argv[] = {"crosstrain", "train", config, "--out", to, NULL};
  fflush(NULL);
  const pid_t pid = fork();
  if (pid == 0) {
    const int null = open("/dev/null", O_RDWR);
    for (int k = 0; k < 3; k++) dup2(null, k);
    for (int k = fd; k < 64; k++)
      if (k == fd || k > 2) close(k);
    _exit(xt_cli_main(5, argv));
  }
  int status = 0;
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

START_TEST(standard_files_closed) {
  train("small", "a", "-q");
  cli_expect(&c, 0);
  ck_assert_int_eq(closed(_i, "b"), 0);
  same_files(in("a", "metrics.csv"), in("b", "metrics.csv"));
  same_files(in("a", "checkpoint.h5"), in("b", "checkpoint.h5"));
  same_files(in("a", "summary.yaml"), in("b", "summary.yaml"));
}
END_TEST

/* ---- a full disk is called so ---- */
START_TEST(why_it_cannot_be_written) {
  char trace[300];
  snprintf(trace, sizeof trace, "%s/trace.tsv", folder);
  c.limit = 20000;
  train("small", "a", "-q --trace");
  ck_assert_int_eq(cli_wait(&c), 2); /* --trace without its file */
  cli_start(&c, folder, "train %s/small.yaml --out %s/b -q --trace %s", folder, folder, trace);
  cli_expect_line(&c, 3, "trace.tsv: cannot write: File too large");
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_folder");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_set_timeout(t, 250);
  tcase_add_test(t, one_run_at_a_time);
  tcase_add_test(t, two_at_once);
  tcase_add_test(t, a_stale_lock_does_not_block);
  tcase_add_test(t, new_folders);
  tcase_add_test(t, finished_runs_stay);
  tcase_add_test(t, overwrite_is_whole);
  tcase_add_loop_test(t, metrics_lost_or_short, 0, 3);
  tcase_add_test(t, hangup);
  tcase_add_loop_test(t, stop_while_programming, 0, 2);
  tcase_add_loop_test(t, standard_files_closed, 0, 3);
  tcase_add_test(t, why_it_cannot_be_written);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_NORMAL);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
