/* SPDX-License-Identifier: Apache-2.0 */
/* The program `crosstrain`. */
#include "cli.h"
#include "stop.h"
#include "xt_rtl.h"

int main(int argc, char **argv) {
  xt_rtl_stop = &tr_stop_signal;
  return xt_cli_main(argc, argv);
}
