/* SPDX-License-Identifier: Apache-2.0 */
/* Errors, exit codes and fixed-point helpers of the training software. */
#ifndef TR_UTIL_H
#define TR_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit codes of the program. */
enum {
  TR_EXIT_OK = 0,
  TR_EXIT_MISMATCH = 1, /* two engines, traces or checkpoints differ */
  TR_EXIT_CONFIG = 2,   /* command line or configuration */
  TR_EXIT_DATA = 3,     /* a data set, checkpoint, trace or folder cannot be read or written */
  TR_EXIT_INTERNAL = 4, /* the engine cannot start, hangs, or refuses what it should take; out of memory */
  TR_EXIT_SIGNAL = 128  /* + signal number */
};

/* One error: the exit code that it leads to, and one line of text. */
struct tr_err {
  int code;
  char text[1536];
};

/* `text`, as far as it goes into `cap` bytes, with control characters as \xNN: the name of a file is no command to a
 * terminal. */
void tr_printable(char *to, size_t cap, const char *text);

/* `word` as bash reads it back. */
void tr_shell_word(FILE *f, const char *word);

/* Sets *e unless it already holds an error; always returns -1. */
int tr_fail(struct tr_err *e, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int tr_nomem(struct tr_err *e);

/* Zeroed memory for n items; NULL and an error when there is none. n = 0 gives one item. */
void *tr_alloc(size_t n, size_t size, struct tr_err *e);

/* Appends `word` to a list of words separated by commas, as far as `cap` characters allow. */
void tr_list_add(char *list, size_t cap, const char *word);

/* folder/name, to be freed; NULL and an error when there is no memory. */
char *tr_join(const char *folder, const char *name, struct tr_err *e);

/* Whole file into memory, with a 0 byte after it. Gzip files are unpacked if gz is set. max = largest size in bytes. */
int tr_read_file(const char *path, int gz, size_t max, uint8_t **bytes, size_t *n, struct tr_err *e);
/* Runs a program (looked for in PATH) to its end; its exit code, 128 + signal, or -1 if it cannot be run. */
int tr_command(char *const argv[]);
/* mkdir -p. */
int tr_make_folder(const char *path, struct tr_err *e);
/* rm -rf */
void tr_remove_tree(const char *path);
/* Writes aside (path + ".tmp"), fsync, rename, fsync of the folder. On failure the old file stays and the new one goes.
 */
int tr_write_file(const char *path, const void *head, size_t nhead, const void *body, size_t nbody, struct tr_err *e);

/* Shift right with rounding to nearest, halves away from zero; shift left for n <= 0. */
static inline int64_t tr_shift_round(int64_t v, int n) {
  if (n <= 0) return (int64_t)((uint64_t)v << -n);
  if (n > 62) return 0;
  const int64_t half = INT64_C(1) << (n - 1);
  return v >= 0 ? (v + half) >> n : -((-v + half) >> n);
}

/* v to four digits, up or down: a bound that may be typed. */
double tr_four_digits(double v, int up);
static inline int64_t tr_clamp(int64_t v, int64_t lo, int64_t hi) {
  return v < lo ? lo : v > hi ? hi : v;
}

static inline int tr_bitlen(uint64_t v) {
  return v ? 64 - __builtin_clzll(v) : 0;
}

static inline int64_t tr_abs(int64_t v) {
  return v < 0 ? -v : v;
}

#endif
