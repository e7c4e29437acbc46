/* SPDX-License-Identifier: Apache-2.0 */
/* The program `crosstrain`. */
#include "cli.h"

int main(int argc, char **argv) {
  return xt_cli_main(argc, argv);
}
