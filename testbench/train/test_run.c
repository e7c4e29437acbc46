/* SPDX-License-Identifier: Apache-2.0 */
/* Whole runs through the command line: resume, signals, kills, full disks, damaged files, threads, exit codes. */
#define _GNU_SOURCE
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli_run.h"

static char folder[256];
static struct cli c;

static const char small[] =
    "seed: 4\n"
    "data: {kind: digits, train_samples: 300, test_samples: 130, size: 8}\n"
    "network: {hidden: [12, 9]}\n"
    "tile: {out_noise: 0.02}\n"
    "front_end: {preset: typical}\n"
    "algorithm: {zero_shift_pairs: 5, lr_decay: 0.7}\n"
    "run: {epochs: 3, log_every: 70, checkpoint_every: 40}\n";

static void setup(void) {
  folder_make(folder);
  memset(&c, 0, sizeof c);
  file_write(folder, "small.yaml", "%s", small);
}
static void teardown(void) {
  folder_remove(folder);
}

static void train(const char *out, const char *more) {
  cli_start(&c, folder, "train %s/small.yaml --out %s/%s %s", folder, folder, out, more);
}

static void same_files(const char *a, const char *b, const char *name) {
  char pa[700], pb[700];
  size_t na = 0, nb = 0;
  snprintf(pa, sizeof pa, "%s/%s/%s", folder, a, name);
  snprintf(pb, sizeof pb, "%s/%s/%s", folder, b, name);
  unsigned char *x = file_read(pa, &na), *y = file_read(pb, &nb);
  ck_assert_msg(na == nb && memcmp(x, y, na) == 0, "%s and %s differ", pa, pb);
  ck_assert_uint_gt(na, 0);
  free(x);
  free(y);
}

/* Devices, generators, counters, metrics: everything is the same, byte for byte. */
static void same_runs(const char *a, const char *b) {
  same_files(a, b, "checkpoint.h5");
  same_files(a, b, "metrics.csv");
  same_files(a, b, "summary.yaml");
}

static void whole(const char *out) {
  train(out, "-q");
  cli_expect(&c, 0);
}

static void wait_ms(long ms) {
  const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&t, NULL);
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int exists(const char *out, const char *name) {
  char p[700];
  struct stat st;
  snprintf(p, sizeof p, "%s/%s/%s", folder, out, name);
  return stat(p, &st) == 0;
}

START_TEST(resume_between_epochs) {
  whole("a");
  train("b", "-q --epochs 1");
  cli_expect(&c, 0);
  train("b", "-q --epochs 2 --resume");
  cli_expect(&c, 0);
  train("b", "-q --resume");
  cli_expect(&c, 0);
  same_runs("a", "b");
  train("b", "-q --resume"); /* nothing left to do */
  cli_expect(&c, 0);
  same_runs("a", "b");
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/b/checkpoint.h5", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "equal: "));
}
END_TEST

/* SIGINT and SIGTERM at any time: 130 or 143, one line, and the resumed run equals the uninterrupted one. */
START_TEST(signals_end_at_a_sample) {
  int stopped = 0;
  whole("a");
  srand((unsigned)test_seed());
  for (int k = 0; k < 40; k++) {
    const int sig = k & 1 ? SIGINT : SIGTERM;
    char out[300];
    struct stat st;
    snprintf(out, sizeof out, "%s/stdout", folder);
    remove(out);
    train("b", k ? "--resume" : "");
    while (stat(out, &st) || st.st_size == 0) wait_ms(1); /* its first line: it is in the loop */
    wait_ms(rand() % 6);
    kill(c.pid, sig);
    const int rc = cli_wait(&c);
    if (rc == 0) break;
    ck_assert_msg(rc == 128 + sig, "exit code %d: %s", rc, c.err);
    ck_assert_ptr_nonnull(strstr(c.err, "go on with --resume"));
    stopped++;
  }
  train("b", "-q --resume");
  cli_expect(&c, 0);
  ck_assert_int_gt(stopped, 0);
  same_runs("a", "b");
}
END_TEST

/* kill -9 at any time, also while a checkpoint is written: what is there loads, and resuming ends at the same bits. */
START_TEST(kill_9_keeps_the_last_checkpoint) {
  int killed = 0, resumed = 0;
  const double start = seconds();
  whole("a");
  const long span = (long)(1000 * (seconds() - start)) + 2; /* of a whole run, ms */
  srand((unsigned)test_seed());
  /* a checkpoint after every sample: most kills hit one */
  char text[1024];
  snprintf(text, sizeof text, "%s", small);
  char *every = strstr(text, "checkpoint_every: 40");
  ck_assert_ptr_nonnull(every);
  memcpy(every, "checkpoint_every: 1 ", 20);
  file_write(folder, "small.yaml", "%s", text);
  for (int k = 0; k < 40; k++) {
    const int has = exists("b", "checkpoint.h5");
    train("b", has ? "-q --resume" : "-q");
    wait_ms(span / 8 + rand() % span);
    kill(c.pid, SIGKILL);
    const int rc = cli_wait(&c);
    if (rc == 0) break;
    ck_assert_msg(rc == -SIGKILL, "exit code %d: %s", rc, c.err);
    killed++;
    resumed += has;
    if (exists("b", "checkpoint.h5")) {
      cli_start(&c, folder, "eval %s/b/checkpoint.h5", folder);
      cli_expect(&c, 0);
    }
  }
  printf("killed %d times, %d of them resumed runs\n", killed, resumed);
  ck_assert_int_gt(killed, 0);
  ck_assert_int_gt(resumed, 0);
  train("b", exists("b", "checkpoint.h5") ? "-q --resume" : "-q");
  cli_expect(&c, 0);
  same_runs("a", "b");
}
END_TEST

/* A disk that is full (a limit on the size of files): one line, exit code 3, the last good checkpoint stays. */
START_TEST(full_disk_keeps_the_last_checkpoint) {
  train("a", "-q --epochs 1");
  cli_expect(&c, 0);
  char path[700], copy[700];
  size_t n = 0, m = 0;
  snprintf(path, sizeof path, "%s/a/checkpoint.h5", folder);
  unsigned char *was = file_read(path, &n);
  snprintf(copy, sizeof copy, "%s/a/metrics.csv", folder);
  c.limit = (long)n / 2;
  train("a", "-q --resume --epochs 2");
  cli_expect_line(&c, 3, "checkpoint.h5: cannot write: File too large");
  c.limit = 0;
  unsigned char *now = file_read(path, &m);
  ck_assert(n == m && memcmp(was, now, n) == 0);
  ck_assert(!exists("a", "checkpoint.h5.tmp"));
  free(was);
  free(now);
  train("a", "-q --resume");
  cli_expect(&c, 0);
  whole("b");
  same_runs("a", "b");
  c.limit = 300; /* not even the first file fits */
  train("c", "-q");
  cli_expect_line(&c, 3, "config.yaml: cannot write");
}
END_TEST

START_TEST(unwritable_folder) {
  file_write(folder, "file", "x");
  train("file\033[31m\177/x", "-q"); /* nothing that a terminal obeys */
  cli_expect(&c, 0);
  train("file\033[31m\177/x", "-q");
  cli_expect_line(&c, 2, "/file\\x1b[31m\\x7f/x holds a run");
  train("file", "-q");
  cli_expect_line(&c, 3, "not a folder");
  train("file/deeper", "-q");
  cli_expect_line(&c, 3, "Not a directory");
}
END_TEST

/* Nothing but a regular file is replaced, and nothing that the run reads: found before it starts, files untouched. */
START_TEST(outputs_are_looked_at_first) {
  static const struct {
    const char *args;
    int code;
    const char *words;
  } refused[] = {{"--trace %s/fifo", 3, "fifo is a FIFO; only a regular file is replaced"},
                 {"--wave %s/fifo", 3, "fifo is a FIFO; only a regular file is replaced"},
                 {"--trace /dev/null", 3, "/dev/null is a character device"},
                 {"--wave /dev/null", 3, "/dev/null is a character device"},
                 {"--wave %s", 3, "is a folder; only a regular file is replaced"},
                 {"--trace %s/table.yaml", 2, "table.yaml is the configuration of this run"},
                 {"--wave %s/link.yaml", 2, "link.yaml is the configuration of this run"},
                 {"--wave %s/table.csv", 2, "table.csv is data.train of this run"},
                 {"--trace %s/table.csv", 2, "table.csv is data.train of this run"},
                 {"--trace %s/nowhere/t", 3, "nowhere/t: cannot be written: No such file"},
                 {"--wave %s/nowhere/t", 3, "nowhere/t: cannot be written: No such file"},
                 {"--trace %s/out/metrics.csv", 2, "is also written as"},
                 {"--wave %s/same --trace %s/same", 2, "is also written as"},
                 {"--wave=", 2, "--wave: a file name is needed"},
                 {"--out %s/home", 2, "config.yaml is the configuration of this run"},
                 {"--out %s/odd", 3, "summary.yaml is a FIFO"}};
  char path[700], link_name[700];
  file_write(folder, "table.csv", "1,2,a\n2,1,b\n3,1,a\n1,3,b\n");
  file_write(folder, "table.yaml",
             "data: {kind: csv, train: table.csv}\nnetwork: {hidden: [], init: [0.4]}\nrun: {epochs: 1}\n");
  for (int k = 0; k < 3; k++) {
    static const char *const fifo[] = {"fifo", "home", "odd"};
    snprintf(path, sizeof path, "%s/%s", folder, fifo[k]);
    ck_assert_int_eq(k ? mkdir(path, 0777) : mkfifo(path, 0666), 0);
  }
  snprintf(path, sizeof path, "%s/odd/summary.yaml", folder);
  ck_assert_int_eq(mkfifo(path, 0666), 0);
  snprintf(path, sizeof path, "%s/table.yaml", folder);
  snprintf(link_name, sizeof link_name, "%s/link.yaml", folder);
  ck_assert_int_eq(symlink(path, link_name), 0);
  snprintf(link_name, sizeof link_name, "%s/home/config.yaml", folder);
  ck_assert_int_eq(link(path, link_name), 0);
  size_t n = 0, m = 0;
  unsigned char *was = file_read(path, &n);
  for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
    char args[700];
    snprintf(args, sizeof args, refused[k].args, folder, folder); /* NOLINT: the formats are above */
    if (!strstr(args, "--out")) snprintf(args + strlen(args), sizeof args - strlen(args), " --out %s/out", folder);
    cli_start(&c, folder, "train %s/table.yaml --data %s -q %s", folder, folder, args);
    cli_expect_line(&c, refused[k].code, refused[k].words);
    ck_assert(!exists("out", "config.yaml") && !exists("same", ""));
  }
  unsigned char *now = file_read(path, &m);
  ck_assert(n == m && memcmp(was, now, n) == 0);
  free(was);
  free(now);
  cli_start(&c, folder, "train %s/table.yaml --data %s -q --out %s/out --trace %s/out/trace", folder, folder, folder,
            folder);
  cli_expect(&c, 0);
  ck_assert(exists("out", "trace"));
}
END_TEST

/* Every cut and every flipped byte of a checkpoint is found: exit code 3, one line, no crash. */
START_TEST(damaged_checkpoints_are_refused) {
  train("a", "-q --epochs 1");
  cli_expect(&c, 0);
  char path[700];
  size_t n = 0;
  snprintf(path, sizeof path, "%s/a/checkpoint.h5", folder);
  unsigned char *was = file_read(path, &n);
  srand((unsigned)test_seed());
  for (int k = 0; k < 60; k++) {
    unsigned char *bad = malloc(n);
    size_t len = n;
    memcpy(bad, was, n);
    if (k % 3 == 0) {
      len = (size_t)rand() % n;
    } else if (k % 3 == 1) {
      bad[512 + (size_t)rand() % (n - 512)] ^= (unsigned char)(1 << rand() % 8);
    } else {
      bad[(size_t)rand() % 50] ^= (unsigned char)(1 << rand() % 8); /* the header's text */
    }
    FILE *f = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(bad, 1, len, f), len);
    fclose(f);
    cli_start(&c, folder, "eval %s", path);
    cli_expect_line(&c, 3, path);
    train("a", "-q --resume");
    cli_expect_line(&c, 3, path);
    free(bad);
  }
  free(was);
}
END_TEST

/* A sound HDF5 file with the wrong contents: the block's CRC is right, the network is not. */
START_TEST(checkpoint_of_another_network) {
  train("a", "-q --epochs 0");
  cli_expect(&c, 0);
  file_write(folder, "small.yaml", "%s%s", small, "energy: {pj_cycle: 3}\n");
  train("a", "-q --resume");
  cli_expect_line(&c, 2, "made with another configuration: 'pj_cycle: 10' there, 'pj_cycle: 3' now");
  file_write(folder, "small.yaml", "%s", small);
  train("a", "-q --resume --seed 5");
  cli_expect_line(&c, 2, "'seed: 4' there, 'seed: 5' now");
  train("a", "-q");
  cli_expect_line(&c, 2, "holds a run");
  train("none", "-q --resume");
  cli_expect_line(&c, 3, "no checkpoint to resume from");
  train("a", "-q --overwrite --epochs 1");
  cli_expect(&c, 0);
}
END_TEST

/* Measured ranges are those of the configuration that has them as numbers, with any number of threads, interrupted or
 * not. Dense images, small ranges to begin with and hidden neurons that grow. */
/* What is evaluated has its name everywhere, and a run that is resumed goes on with the same samples. */
START_TEST(validation_takes_the_place_of_the_test) {
  train("v", "--set data.validation=0.1 --epochs 1");
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "  validation "));
  ck_assert_ptr_nonnull(strstr(c.out, "% of 30 samples, best "));
  ck_assert_ptr_null(strstr(c.out, "test"));
  char path[700];
  size_t n = 0;
  snprintf(path, sizeof path, "%s/v/metrics.csv", folder);
  char *metrics = (char *)file_read(path, &n);
  ck_assert_int_eq(strncmp(metrics, "epoch,samples,loss,train_accuracy,validation_accuracy,", 54), 0);
  free(metrics);
  snprintf(path, sizeof path, "%s/v/summary.yaml", folder);
  char *summary = (char *)file_read(path, &n);
  ck_assert_ptr_nonnull(strstr(summary, "\nvalidation_accuracy: "));
  ck_assert_ptr_nonnull(strstr(summary, "\nvalidation_samples: 30\n"));
  free(summary);
  cli_start(&c, folder, "eval %s/v", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, ": after 270 samples: validation accuracy "));
  ck_assert_ptr_nonnull(strstr(c.out, " of 30), loss "));
  train("v", "-q --set data.validation=0.1 --resume");
  cli_expect(&c, 0);
  train("w", "-q --set data.validation=0.1");
  cli_expect(&c, 0);
  same_runs("v", "w");
  train("v", "-q --resume --epochs 4");
  cli_expect_line(&c, 2, "made with another configuration: 'validation: 0.1' there, 'validation: 0' now");
}
END_TEST

START_TEST(measured_ranges) {
  static const char dense[] =
      "seed: 4\ndata: {kind: digits, train_samples: 300, test_samples: 130, size: 10, noise: 255}\n"
      "network: {hidden: [12, 9], activation: relu, init: 0.6}\n"
      "tile: {range_forward: %s, range_backward: %s, range_transfer: %s}\n"
      "algorithm: {name: shd, fast_lr: 0.2, transfer_lr: 0.5, transfer_bl: 31}\n"
      "device: {A: {dw_min: 0.004}, C: {dw_min: 0.004}}\nrun: {epochs: 2, log_every: 70, checkpoint_every: 40}\n";
  file_write(folder, "small.yaml", dense, "auto", "auto", "[auto, -2, auto]");
  train("a", "--threads 3");
  cli_expect(&c, 0);
  const char *line = strstr(c.out, "layer 0          ranges measured: forward 2^");
  ck_assert_msg(line != NULL, "%s", c.out);
  int forward = 0;
  ck_assert_int_eq(sscanf(line, "layer 0 ranges measured: forward 2^%d", &forward), 1);
  ck_assert_int_gt(forward, 1); /* wider than where it starts */
  char path[700], ranges[3][100];
  snprintf(path, sizeof path, "%s/a/config.yaml", folder);
  size_t n = 0;
  char *text = (char *)file_read(path, &n);
  static const char *const keys[3] = {"range_forward: ", "range_backward: ", "range_transfer: "};
  text[n - 1] = 0;
  for (int k = 0; k < 3; k++) {
    const char *at = strstr(text, keys[k]);
    ck_assert_ptr_nonnull(at);
    at += strlen(keys[k]);
    snprintf(ranges[k], sizeof ranges[k], "%.*s", (int)strcspn(at, "\n"), at);
    ck_assert_ptr_null(strstr(ranges[k], "auto"));
  }
  free(text);
  ck_assert_ptr_nonnull(strstr(ranges[2], ", -2, "));
  train("b", "-q --epochs 1");
  cli_expect(&c, 0);
  train("b", "-q --resume --threads 2");
  cli_expect(&c, 0);
  same_runs("a", "b");
  cli_start(&c, folder, "info %s/small.yaml", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "ranges measured: forward 2^"));
  cli_start(&c, folder, "eval %s/a/checkpoint.h5", folder);
  cli_expect(&c, 0);
  file_write(folder, "small.yaml", dense, ranges[0], ranges[1], ranges[2]);
  whole("numbers");
  same_runs("a", "numbers");
  file_write(folder, "small.yaml", dense, "2", "auto", "auto"); /* another number is another run */
  train("a", "-q --resume --epochs 3");
  if (forward != 2) cli_expect_line(&c, 2, "made with another configuration: 'range_forward: ");
}
END_TEST

/* Another data set of the same shape: refused, whatever differs. */
START_TEST(resume_needs_the_same_data) {
  static const char table[] = "1,2,a\n3,5,b\n2,1,a\n5,4,b\n9,7,b\n6,6,a\n8,1,b\n3,3,a\n";
  file_write(folder, "t", "%s", table);
  file_write(folder, "small.yaml",
             "data: {kind: csv, train: %s/t}\nnetwork: {hidden: 3, init: 0.4}\ntile: {range_forward: 2}\n"
             "run: {epochs: 1}\n",
             folder);
  train("a", "-q");
  cli_expect(&c, 0);
  train("a", "-q --resume --epochs 2");
  cli_expect(&c, 0);
  for (int k = 0; k < 2; k++) { /* one feature, one label */
    char other[sizeof table];
    memcpy(other, table, sizeof table);
    other[k ? 10 : 8] = k ? 'a' : '4';
    file_write(folder, "t", "%s", other);
    train("a", "-q --resume --epochs 3");
    cli_expect_line(&c, 3, "a/checkpoint.h5: made with other data (digest ");
    cli_start(&c, folder, "eval %s/a/checkpoint.h5", folder);
    cli_expect_line(&c, 0, "note: ");
  }
  file_write(folder, "t", "\xEF\xBB\xBFx;y;c\r\n%s",
             "1;2;a\r\n3;5;b\r\n2;1;a\r\n5;4;b\r\n9;7;b\r\n6;6;a\r\n8;1;b\r\n3;3;a\r\n");
  train("a", "-q --resume --epochs 3"); /* the same numbers, written otherwise */
  cli_expect(&c, 0);
}
END_TEST

START_TEST(threads_give_the_same_bits) {
  whole("a");
  char more[32];
  for (int t = 2; t <= 4; t++) {
    char out[8];
    snprintf(more, sizeof more, "-q --threads %d", t);
    snprintf(out, sizeof out, "t%d", t);
    train(out, more);
    cli_expect(&c, 0);
    same_runs("a", out);
  }
  cli_start(&c, folder, "eval %s/a/checkpoint.h5", folder);
  cli_expect(&c, 0);
  char one[512];
  snprintf(one, sizeof one, "%.500s", c.out);
  cli_start(&c, folder, "eval %s/a/checkpoint.h5 --threads 3", folder);
  cli_expect(&c, 0);
  ck_assert_str_eq(one, c.out);
}
END_TEST

/* Counting the pulses of devices changes nothing, is kept over a resume and cannot begin or end in the middle. */
START_TEST(counts_are_kept) {
  train("plain", "-q --epochs 2");
  cli_expect(&c, 0);
  file_write(folder, "small.yaml", "%.*s, count_pulses: true}\n", (int)(strlen(small) - 2), small);
  train("a", "-q --epochs 2");
  cli_expect(&c, 0);
  train("b", "-q --epochs 1");
  cli_expect(&c, 0);
  train("b", "-q --epochs 2 --resume");
  cli_expect(&c, 0);
  same_runs("a", "b");
  same_files("a", "plain", "metrics.csv");
  same_files("a", "plain", "summary.yaml");
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/plain/checkpoint.h5", folder, folder);
  cli_expect_line(&c, 1, "layer0/pulses_A: only in ");
  train("plain", "-q --resume");
  cli_expect_line(&c, 2, "has no pulse counts: made without run.count_pulses");
  file_write(folder, "small.yaml", "%s", small);
  train("a", "-q --resume");
  cli_expect_line(&c, 2, "run.count_pulses must stay true");
  cli_start(&c, folder, "eval %s/a/checkpoint.h5", folder);
  cli_expect(&c, 0);
}
END_TEST

/* The same seed gives the same run, another seed another. */
START_TEST(seed_is_all) {
  train("a", "-q --epochs 1 --seed 9");
  cli_expect(&c, 0);
  train("b", "-q --epochs 1 --seed 9");
  cli_expect(&c, 0);
  same_runs("a", "b");
  train("c", "-q --epochs 1 --seed 10");
  cli_expect(&c, 0);
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/c/checkpoint.h5", folder, folder);
  cli_expect_line(&c, 1, "the checkpoints differ: ");
}
END_TEST

/* Beyond 2^53 neighbours differ: in what is trained, in the resolved configuration, summary and checkpoint, and
 * resumed. */
START_TEST(seeds_are_exact) {
  static const char *const seeds[] = {"9007199254740992", "9007199254740993", "9223372036854775806",
                                      "9223372036854775807"};
  static const char *const names[] = {"a", "b", "c", "d"};
  static const char *const files[] = {"config.yaml", "summary.yaml", "checkpoint.h5"};
  char text[1200], path[700];
  for (int k = 0; k < 4; k++) {
    snprintf(text, sizeof text, "%s", small);
    file_write(folder, "small.yaml", "seed: %s%s", seeds[k], strchr(text, '\n'));
    train(names[k], "-q --epochs 1");
    cli_expect(&c, 0);
    for (int f = 0; f < 3; f++) {
      size_t n = 0;
      snprintf(path, sizeof path, "%s/%s/%s", folder, names[k], files[f]);
      snprintf(text, sizeof text, "seed: %s\n", seeds[k]);
      unsigned char *s = file_read(path, &n);
      ck_assert_msg(memmem(s, n, text, strlen(text)) != NULL, "%s", path);
      free(s);
    }
    if (k % 2 == 0) continue;
    cli_start(&c, folder, "compare %s/%s/checkpoint.h5 %s/%s/checkpoint.h5", folder, names[k - 1], folder, names[k]);
    cli_expect_line(&c, 1, "the checkpoints differ: ");
    train(names[k - 1], "-q --epochs 2 --resume"); /* the file has the neighbour */
    snprintf(text, sizeof text, "'seed: %s' there, 'seed: %s' now", seeds[k - 1], seeds[k]);
    cli_expect_line(&c, 2, text);
    snprintf(text, sizeof text, "-q --epochs 2 --resume --set seed=%s", seeds[k - 1]);
    train(names[k - 1], text);
    cli_expect(&c, 0);
  }
}
END_TEST

/* A trace is written without gaps; compare finds a changed field, a missing end and an empty file. */
START_TEST(traces_compare) {
  char a[700], b[700];
  file_write(folder, "small.yaml",
             "data: {kind: digits, train_samples: 3, test_samples: 1, size: 8}\nnetwork: {hidden: [4], init: [0]}\n");
  snprintf(a, sizeof a, "%s/a.tsv", folder);
  snprintf(b, sizeof b, "%s/b.tsv", folder);
  for (int k = 0; k < 2; k++) {
    cli_start(&c, folder, "train %s/small.yaml --out %s/t%d -q --threads 3 --trace %s", folder, folder, k, k ? b : a);
    cli_expect(&c, 0);
  }
  cli_start(&c, folder, "compare %s %s", a, b);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, " records"));
  size_t n = 0;
  unsigned char *t = file_read(a, &n);
  size_t header = 0;
  while (t[header] != '\n') header++;
  srand((unsigned)test_seed());
  for (int k = 0; k < 20; k++) {
    size_t at = header + 1 + (size_t)rand() % (n - header - 1);
    while (t[at] < '0' || t[at] > '9') at = at + 1 < n ? at + 1 : header + 1;
    const unsigned char old = t[at];
    t[at] = old == '5' ? '6' : '5';
    FILE *f = fopen(b, "wb");
    ck_assert_uint_eq(fwrite(t, 1, n, f), n);
    fclose(f);
    cli_start(&c, folder, "compare %s %s", a, b);
    cli_expect_line(&c, 1, "the traces differ in record ");
    ck_assert_ptr_nonnull(strstr(c.out, " against "));
    t[at] = old;
  }
  const char *const words[] = {"both traces are empty", "is cut", "ends after 0 records"};
  const size_t lengths[] = {header + 1, n - 1, header + 1};
  for (int k = 0; k < 3; k++) {
    FILE *f = fopen(b, "wb");
    ck_assert_uint_eq(fwrite(t, 1, lengths[k], f), lengths[k]);
    fclose(f);
    cli_start(&c, folder, "compare %s %s", k == 0 ? b : a, b);
    cli_expect_line(&c, k == 1 ? 3 : 1, words[k]);
  }
  /* what differs behind a byte 0 is not equal */
  t[n - 3] = 0;
  for (int k = 0; k < 2; k++) {
    FILE *f = fopen(k ? b : a, "wb");
    t[n - 2] = (unsigned char)('1' + k);
    ck_assert_uint_eq(fwrite(t, 1, n, f), n);
    fclose(f);
  }
  cli_start(&c, folder, "compare %s %s", a, b);
  cli_expect_line(&c, 3, "a byte 0: not a text trace");
  free(t);
  cli_start(&c, folder, "compare %s/small.yaml %s", folder, a);
  cli_expect_line(&c, 3, "neither a trace nor a checkpoint");
  cli_start(&c, folder, "compare %s %s/t0/checkpoint.h5", a, folder);
  cli_expect_line(&c, 3, "a trace and a checkpoint");
  cli_start(&c, folder, "compare %s/t0/checkpoint.h5 %s/none", folder, folder);
  cli_expect_line(&c, 3, "none: No such file or directory");
  c.limit = 100000;
  cli_start(&c, folder, "train %s/small.yaml --out %s/full -q --trace %s/trace", folder, folder, folder);
  c.limit = 0;
  cli_expect_line(&c, 3, "trace: cannot write: File too large");
}
END_TEST

static const struct {
  const char *args, *words;
} usage[] = {{"", "Usage"},
             {"trane x", "'trane' is no command"},
             {"train", "a configuration is missing"},
             {"train a.yaml b.yaml", "'b.yaml' is too much"},
             {"train a.yaml --seed -1", "--seed"},
             {"train a.yaml --seed 1x", "--seed: seed: '1x' is not an integer"},
             {"train a.yaml --seed 1 --set seed=2", "--set: seed: given twice (--seed)"},
             {"train a.yaml --set device.A.dw_min=3", "--set: device.A.dw_min: 3 is out of range: 0 to 1"},
             {"info a.yaml --set foo=3", "--set: foo: unknown key"},
             {"wave a.yaml 3 --set seed", "--set: 'seed' is not KEY=VALUE"},
             {"eval a.yaml --set seed=3", "only run.out can be set"},
             {"train a.yaml --threads 0", "--threads"},
             {"train a.yaml --foo", "unrecognized option"},
             {"train a.yaml --wave-from 3", "need --wave"},
             {"train a.yaml --new --overwrite", "exclude each other"},
             {"train /nowhere/a.yaml", "/nowhere/a.yaml: No such file"},
             {"eval", "a checkpoint, a run folder or a configuration is missing"},
             {"eval /nowhere/a.yaml", "No such file"},
             {"compare a", "two files are needed"},
             {"info", "a configuration is missing"},
             {"version x", "takes no arguments"}};

START_TEST(usage_errors) {
  cli_start(&c, folder, "%s", usage[_i].args);
  cli_expect(&c, 2);
  ck_assert_msg(strstr(c.err, usage[_i].words) != NULL, "'%s' does not say '%s'", c.err, usage[_i].words);
}
END_TEST

/* What an engine can do wrong ends in the right exit code, with one line, and the checkpoint stays as it was. */
START_TEST(broken_engines) {
  static const struct {
    const char *name, *words;
    int code;
  } engines[] = {{"no_start", "tile 0 (no_start): no simulator here", 4},
                 {"mismatch", "something broke", 1},
                 {"hang", "(hang), ", 4},
                 {"status", "answered: payload code out of range", 4},
                 {"short_answer", "answer of 0 words", 4},
                 {"hash", "parameter hash 0x", 4}};
  char more[64];
  train("a", "-q --epochs 1");
  cli_expect(&c, 0);
  snprintf(more, sizeof more, "-q --resume --engine %s", engines[_i].name);
  train("a", more);
  cli_expect_line(&c, engines[_i].code, engines[_i].words);
  train("a", "-q --continue");
  cli_expect(&c, 0);
  train("b", "-q --continue");
  cli_expect(&c, 0);
  same_runs("a", "b");
}
END_TEST

START_TEST(small_commands) {
  cli_start(&c, folder, "version");
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "engines ref"));
  ck_assert_ptr_nonnull(
      strstr(c.out, "\n  ref: records, states, copies, pulse counts of devices, aborts, flip counts of devices\n"));
  ck_assert_ptr_nonnull(strstr(c.out, "\n  hang: records\n"));
  cli_start(&c, folder, "info %s/small.yaml", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "layer 2: 10 lines in"));
  ck_assert_ptr_nonnull(strstr(c.out, "omega0"));
  double clocks, sum[4]; /* nothing between two samples is left out */
  ck_assert_int_eq(sscanf(strstr(c.out, "streams of"), "streams of 32 bits: %lf", &clocks), 1);
  ck_assert_int_eq(sscanf(strstr(c.out, "  sum "), " sum %lf %lf %lf %lf", sum, sum + 1, sum + 2, sum + 3), 4);
  ck_assert_double_eq_tol(sum[0] + sum[1] + sum[2] + sum[3], clocks, .25);
  cli_start(&c, folder, "info --keys");
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "device.C.dw_min"));
  /* what a preset sets, and limits to the last digit */
  ck_assert_ptr_nonnull(strstr(c.out,
                               "\ndevice preset gokmen_vlasov: 1250 steps with a spread of their imbalance (Gokmen, "
                               "Vlasov 2016); model: constant_step, dw_min: 0.0016, up_down_dtod: 0.01, w_max: 1, "
                               "w_min: -1\n"));
  ck_assert_ptr_nonnull(strstr(c.out, ", 0 to 9223372036854775807: one number reproduces the run\n"));
  ck_assert_ptr_nonnull(strstr(c.out, "\nengine ref: "));
  cli_start(&c, folder, "train %s/small.yaml --engine foo", folder);
  cli_expect_line(&c, 2, "engine 'foo' is unknown; allowed: ref, ");
  cli_start(&c, folder, "train %s/small.yaml --plant TAP --out %s/p", folder, folder);
  cli_expect_line(&c, 2, "engine ref has no bugs to plant");
  cli_start(&c, folder, "train %s/small.yaml --engine ref --wave %s/w.fst", folder, folder);
  cli_expect_line(&c, 2, "engine ref has no waves");
  cli_start(&c, folder, "wave %s/small.yaml 3 --engine ref", folder);
  cli_expect_line(&c, 2, "--engine: 'ref' has no waves");
  cli_start(&c, folder, "compare /nowhere/a /nowhere/b");
  cli_expect_line(&c, 3, "/nowhere/a: No such file");
  cli_start(&c, folder, "eval %s/x.h5", folder);
  cli_expect_line(&c, 3, "x.h5: No such file");
}
END_TEST

/* Learns: an easy task ends far above chance, the same with plain SGD. */
START_TEST(learns) {
  file_write(folder, "small.yaml",
             "data: {kind: digits, train_samples: 2500, test_samples: 300, noise: 20}\nnetwork: {hidden: [24]}\n"
             "algorithm: {name: %s, lr: [0.03], fast_lr: [0.064], transfer_lr: [0.256], transfer_bl: 31}\n"
             "device: {A: {dw_min: 0.004}, C: {dw_min: 0.002, model: %s}}\n"
             "run: {epochs: 2}\n",
             _i ? "sgd" : "shd", _i ? "constant_step" : "soft_bounds");
  train("a", "");
  cli_expect(&c, 0);
  const char *p = strstr(c.out, "test accuracy");
  double acc = 0;
  ck_assert_ptr_nonnull(p);
  ck_assert_int_eq(sscanf(p, "test accuracy %lf", &acc), 1);
  ck_assert_msg(acc > 85, "%.1f %%", acc);
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_run");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_set_timeout(t, 250);
  tcase_add_test(t, resume_between_epochs);
  tcase_add_test(t, signals_end_at_a_sample);
  tcase_add_test(t, kill_9_keeps_the_last_checkpoint);
  tcase_add_test(t, full_disk_keeps_the_last_checkpoint);
  tcase_add_test(t, unwritable_folder);
  tcase_add_test(t, outputs_are_looked_at_first);
  tcase_add_test(t, damaged_checkpoints_are_refused);
  tcase_add_test(t, checkpoint_of_another_network);
  tcase_add_test(t, validation_takes_the_place_of_the_test);
  tcase_add_test(t, measured_ranges);
  tcase_add_test(t, resume_needs_the_same_data);
  tcase_add_test(t, threads_give_the_same_bits);
  tcase_add_test(t, counts_are_kept);
  tcase_add_test(t, seed_is_all);
  tcase_add_test(t, seeds_are_exact);
  tcase_add_test(t, traces_compare);
  tcase_add_loop_test(t, usage_errors, 0, (int)(sizeof usage / sizeof *usage));
  tcase_add_loop_test(t, broken_engines, 0, 6);
  tcase_add_test(t, small_commands);
  tcase_add_loop_test(t, learns, 0, 2);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
