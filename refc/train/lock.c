/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Who has it, for the one who does not get it. */
static int sign(int fd) {
  char text[200], host[65] = "?", since[32] = "?";
  const time_t now = time(NULL);
  struct tm tm;
  gethostname(host, sizeof host - 1);
  if (localtime_r(&now, &tm)) strftime(since, sizeof since, "%F %T", &tm);
  const int n = snprintf(text, sizeof text, "process %ld on %s, since %s", (long)getpid(), host, since);
  return ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n ? -1 : 0;
}

static int taken(const char *folder, int fd, struct tr_err *e) {
  char who[200] = "";
  if (pread(fd, who, sizeof who - 1, 0) <= 0) snprintf(who, sizeof who, "another process");
  return tr_fail(e, TR_EXIT_DATA, "%s: a run writes into this folder: %s", folder, who);
}

int tr_lock_take(struct tr_lock *l, const char *folder, struct tr_err *e) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  struct stat ours, there;
  int rc;
  if (!(l->path = tr_join(folder, ".lock", e))) return -1;
  do { /* until the file that was locked is the one that has the name: its holder may just have removed it */
    l->fd = open(l->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (l->fd < 0)
      rc = tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", l->path, strerror(errno));
    else if (fcntl(l->fd, F_SETLK, &whole))
      rc = errno == EACCES || errno == EAGAIN
               ? taken(folder, l->fd, e)
               : tr_fail(e, TR_EXIT_DATA, "%s: cannot lock: %s", l->path, strerror(errno));
    else if (fstat(l->fd, &ours) || stat(l->path, &there) || ours.st_ino != there.st_ino)
      rc = 1;
    else if (sign(l->fd))
      rc = tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", l->path, strerror(errno));
    else
      return 0;
    if (l->fd >= 0) close(l->fd);
  } while (rc > 0);
  free(l->path);
  l->path = NULL;
  return rc;
}

void tr_lock_drop(struct tr_lock *l) {
  if (!l->path) return;
  (void)unlink(l->path);
  close(l->fd);
  free(l->path);
  l->path = NULL;
}
