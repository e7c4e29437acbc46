/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT, SIGTERM and SIGHUP end a run at the next sample. */
#ifndef TR_STOP_H
#define TR_STOP_H

extern volatile int tr_stop_signal; /* 0, or the signal */
/* Catches them (SIGHUP not if it is ignored already: nohup); a second one of them ends the program at once. SIGPIPE is
 * ignored: writes report it. */
void tr_stop_catch(void);
struct tr_err;
/* -1 and the exit code of the signal, if there was one; what else went wrong before is its consequence. */
int tr_stop_check(const char *when, struct tr_err *e);
/* 1: there is nothing to save (yet), so the program ends a second after a signal at the latest, wherever it is. */
void tr_stop_hurry(int hurry);
/* Folder that goes with the program if a file that is mapped into memory cannot be written (FST dumps on a full disk:
 * SIGBUS, exit code TR_EXIT_DATA); NULL: none. */
extern const char *tr_stop_scratch;

#endif
