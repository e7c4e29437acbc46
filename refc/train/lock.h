/* SPDX-License-Identifier: Apache-2.0 */
/* One run at a time writes into a run folder. */
#ifndef TR_LOCK_H
#define TR_LOCK_H

#include "util.h"

struct tr_lock {
  int fd;
  char *path; /* NULL: not taken */
};

/* Takes the folder; refuses with who has it. The kernel drops the lock with the process, however that ends, so a file
 * .lock that a killed run left behind does not count. */
int tr_lock_take(struct tr_lock *l, const char *folder, struct tr_err *e);
void tr_lock_drop(struct tr_lock *l);

#endif
