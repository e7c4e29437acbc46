/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "xt_wave.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gtkwave/fstapi.h"
#include "xt_tile_if.h"

static void ignore(void *user, uint64_t time, fstHandle signal, const unsigned char *value) {
  (void)user, (void)time, (void)signal, (void)value;
}

/* The header counts what the hierarchy, which is written last, must have; the blocks of values between them are walked,
 * without their values if nobody wants them. */
static int whole(const char *file, const char *vcd) {
  void *fst = fstReaderOpen(file);
  if (!fst) return 0;
  uint64_t scopes = 0, signals = 0;
  for (const struct fstHier *h = fstReaderIterateHier(fst); h; h = fstReaderIterateHier(fst)) {
    scopes += h->htyp == FST_HT_SCOPE;
    signals += h->htyp == FST_HT_VAR;
  }
  int ok = signals > 0 && signals == fstReaderGetVarCount(fst) && scopes == fstReaderGetScopeCount(fst);
  FILE *text = ok && vcd ? fopen(vcd, "w") : NULL;
  if (text) {
    ok = fstReaderProcessHier(fst, text); /* clears the mask */
    fstReaderSetFacProcessMaskAll(fst);
    ok = ok && fstReaderIterBlocks(fst, NULL, NULL, text);
    ok = !ferror(text) && ok;
    ok = fclose(text) == 0 && ok;
  } else if (ok) {
    fstReaderClrFacProcessMaskAll(fst);
    ok = !vcd && fstReaderIterBlocks(fst, ignore, NULL, NULL);
  }
  fstReaderClose(fst);
  return ok;
}

/* In a process of its own: what the reader finds damaged it leaves with exit(), or worse. */
int xt_wave_check(const char *file, const char *vcd, char *err, size_t errlen) {
  if (access(file, R_OK) != 0) {
    snprintf(err, errlen, "%s: %s", file, strerror(errno));
    return XT_E_SETUP;
  }
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    _exit(whole(file, vcd) ? 0 : 1);
  }
  int status = 1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return XT_E_OK;
  snprintf(err, errlen, "%s: not a whole FST: is there no space left on the device?", file);
  return XT_E_SETUP;
}
