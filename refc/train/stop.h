/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT and SIGTERM end a run at the next sample. */
#ifndef TR_STOP_H
#define TR_STOP_H

extern volatile int tr_stop_signal; /* 0, or the signal */
/* Catches both; a second one of them ends the program at once. SIGPIPE is ignored: writes report it. */
void tr_stop_catch(void);
/* Folder that goes with the program if a file that is mapped into memory cannot be written (FST dumps on a full disk:
 * SIGBUS, exit code TR_EXIT_DATA); NULL: none. */
extern const char *tr_stop_scratch;

#endif
