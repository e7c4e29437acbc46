/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "stop.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

volatile int tr_stop_signal;
const char *tr_stop_scratch;

static volatile int in_a_hurry;

static void on_signal(int sig) {
  tr_stop_signal = sig;
  if (in_a_hurry) alarm(1);
}

static void on_alarm(int sig) {
  static const char text[] = "crosstrain: stopped by a signal before the first sample\n";
  (void)sig;
  if (!in_a_hurry) return;
  if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(TR_EXIT_SIGNAL + tr_stop_signal);
  _exit(TR_EXIT_SIGNAL + tr_stop_signal);
}

int tr_stop_check(const char *when, struct tr_err *e) {
  if (!tr_stop_signal) return 0;
  memset(e, 0, sizeof *e);
  return tr_fail(e, TR_EXIT_SIGNAL + tr_stop_signal, "stopped by signal %d %s", tr_stop_signal, when);
}

void tr_stop_hurry(int hurry) {
  in_a_hurry = hurry;
}

/* The fault is one of our own thread's store, outside of any library call that could be in the middle of something. */
static void on_fault(int sig) {
  static const char text[] = "crosstrain: a waveform cannot be written: no space left on the device\n";
  (void)sig;
  if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(TR_EXIT_DATA);
  if (tr_stop_scratch) tr_remove_tree(tr_stop_scratch);
  _exit(TR_EXIT_DATA);
}

static void handle(int sig, void (*handler)(int), int flags) {
  struct sigaction a;
  memset(&a, 0, sizeof a);
  a.sa_handler = handler;
  a.sa_flags = flags;
  sigemptyset(&a.sa_mask);
  sigaction(sig, &a, NULL);
}

void tr_stop_catch(void) {
  struct sigaction was;
  handle(SIGINT, on_signal, SA_RESTART | (int)SA_RESETHAND);
  handle(SIGTERM, on_signal, SA_RESTART | (int)SA_RESETHAND);
  if (sigaction(SIGHUP, NULL, &was) || was.sa_handler != SIG_IGN) /* nohup */
    handle(SIGHUP, on_signal, SA_RESTART | (int)SA_RESETHAND);
  handle(SIGALRM, on_alarm, SA_RESTART);
  handle(SIGBUS, on_fault, SA_RESTART | (int)SA_RESETHAND);
  handle(SIGPIPE, SIG_IGN, 0);
  handle(SIGXFSZ, SIG_IGN, 0); /* a file over its limit: write() says so */
}
