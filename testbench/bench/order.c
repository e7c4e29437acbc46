/* SPDX-License-Identifier: Apache-2.0 */
/* The order of samples that a run takes: SEED EPOCH COUNT. One number per line. */
#include <stdio.h>
#include <stdlib.h>

#include "rng.h"

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const size_t count = strtoul(argv[3], NULL, 10);
  uint32_t *order = calloc(count, sizeof *order);
  if (!order) return 2;
  struct tr_rng rng;
  tr_rng_init(&rng, strtoull(argv[1], NULL, 10), TR_STREAM_ORDER, strtoull(argv[2], NULL, 10));
  tr_rng_permute(&rng, order, count);
  for (size_t i = 0; i < count; i++) printf("%u\n", order[i]);
  free(order);
  return 0;
}
