/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "stop.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

volatile int tr_stop_signal;
const char *tr_stop_scratch;

static void on_signal(int sig) {
  tr_stop_signal = sig;
}

/* The fault is one of our own thread's store, outside of any library call that could be in the middle of something. */
static void on_fault(int sig) {
  static const char text[] = "crosstrain: a waveform cannot be written: no space left on the device\n";
  (void)sig;
  if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(TR_EXIT_DATA);
  if (tr_stop_scratch) tr_remove_tree(tr_stop_scratch);
  _exit(TR_EXIT_DATA);
}

void tr_stop_catch(void) {
  struct sigaction a;
  memset(&a, 0, sizeof a);
  a.sa_handler = on_signal;
  a.sa_flags = SA_RESTART | (int)SA_RESETHAND;
  sigemptyset(&a.sa_mask);
  sigaction(SIGINT, &a, NULL);
  sigaction(SIGTERM, &a, NULL);
  a.sa_handler = on_fault;
  sigaction(SIGBUS, &a, NULL);
  a.sa_handler = SIG_IGN;
  a.sa_flags = 0;
  sigaction(SIGPIPE, &a, NULL);
  sigaction(SIGXFSZ, &a, NULL); /* a file over its limit: write() says so */
}
