/* SPDX-License-Identifier: Apache-2.0 */
/* crosstrain with independent pulse sources (ideal_orbit.c), to compare accuracies with. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "xt_ref.h"

extern const struct xt_engine *const xt_engines[];
static struct xt_engine ideal;
const struct xt_engine *const xt_engines[] = {&ideal, NULL};

int main(int argc, char **argv) {
  ideal = xt_engine_ref;
  ideal.can &= ~(uint32_t)XT_CAN_RECORDS; /* cycle by cycle the generators would fire */
  return xt_cli_main(argc, argv);
}
