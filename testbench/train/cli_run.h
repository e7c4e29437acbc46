/* SPDX-License-Identifier: Apache-2.0 */
/* The program's command line in a child process. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stddef.h>
#include <sys/types.h>

/* A fresh folder, removed with everything in it by folder_remove. */
void folder_make(char path[256]);
void folder_remove(const char *path);
/* printf into folder/name. */
void file_write(const char *folder, const char *name, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Whole file; *n its length; aborts the test if it cannot be read. To be freed. */
unsigned char *file_read(const char *path, size_t *n);

struct cli {
  pid_t pid;
  long limit;     /* != 0: largest size of a file that the child may write */
  char err[8192]; /* what it wrote to stderr, after cli_wait */
  char out[65536];
  char folder[256];
};
/* Starts xt_cli_main with the words of the formatted text; outputs go to files in `folder`. */
void cli_start(struct cli *c, const char *folder, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Exit code, or -signal. */
int cli_wait(struct cli *c);
/* Waits; the exit code must be `want`. */
void cli_expect(struct cli *c, int want);
/* The same, and stderr must be one line that contains the words. */
void cli_expect_line(struct cli *c, int want, const char *words);

/* Seed of random tests: XT_TEST_SEED or 1; printed. */
unsigned long test_seed(void);

#endif
