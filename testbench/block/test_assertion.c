/* SPDX-License-Identifier: Apache-2.0 */
/* An invariant that fails while an engine runs is a mismatch with file and line, and the engine stays usable enough to
 * say so. Without the invariants the RTL's own run does not see it, the comparison does. The RTL of XT_RTL_DIR
 * (assertion.sh) has a bug that one property sees. usage: test_assertion ENGINE FILE_OF_THE_PROPERTY|unchecked */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "xt_lockstep.h"
#include "xt_rtl.h"

int main(int argc, char **argv) {
  const struct xt_shape shape = {3, 5, 7, 9, 1, 0, 31, 16, 16, 0, 0, 0};
  const uint32_t reset[] = {XT_OP_RESET}, forward[] = {XT_OP_FORWARD, 0x003F3F3F};
  uint32_t answer[8];
  size_t n = 0;
  struct xt_tile *tile;
  char err[512];
  if (argc != 3) return 2;
  const bool rtl = strcmp(argv[1], "rtl") == 0, unchecked = strcmp(argv[2], "unchecked") == 0;
  const struct xt_engine_opts opts = {.unchecked = unchecked, .quiet = 1};
  const struct xt_engine *engine = rtl ? &xt_engine_rtl : &xt_engine_lockstep;
  if (engine->create(&tile, &shape, &opts, err, sizeof err) != XT_E_OK) {
    fprintf(stderr, "test_assertion: %s\n", err);
    return 2;
  }
  struct xt_array_cfg cfg = {0};
  for (int p = 0; p < XT_NUM_PLANES; p++) cfg.dev[p].w_max = cfg.dev[p].w_min = 1;
  int e = engine->configure(tile, &cfg);
  if (!e) e = engine->submit(tile, reset, 1);
  if (!e) e = engine->collect(tile, answer, 8, &n);
  if (!e) e = engine->submit(tile, forward, 2);
  if (!e) e = engine->collect(tile, answer, 8, &n);
  const char *said = e ? engine->error(tile) : "nothing";
  bool ok = e == XT_E_MISMATCH && strstr(said, "assertion") != NULL && strstr(said, argv[2]) != NULL;
  if (unchecked) ok = rtl ? e == XT_E_OK : e == XT_E_MISMATCH && strstr(said, "assertion") == NULL;
  printf("%s: %s, %s: %s\n", ok ? "ok" : "FAIL", argv[1], argv[2], said);
  engine->destroy(tile);
  return ok ? 0 : 1;
}
