/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "stop.h"

#include <signal.h>
#include <string.h>

volatile int tr_stop_signal;

static void on_signal(int sig) {
  tr_stop_signal = sig;
}

void tr_stop_catch(void) {
  struct sigaction a;
  memset(&a, 0, sizeof a);
  a.sa_handler = on_signal;
  a.sa_flags = SA_RESTART | (int)SA_RESETHAND;
  sigemptyset(&a.sa_mask);
  sigaction(SIGINT, &a, NULL);
  sigaction(SIGTERM, &a, NULL);
  a.sa_handler = SIG_IGN;
  a.sa_flags = 0;
  sigaction(SIGPIPE, &a, NULL);
  sigaction(SIGXFSZ, &a, NULL); /* a file over its limit: write() says so */
}
