/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_fast_simd.h"

#include <stdio.h>
#include <string.h>

extern const struct xt_fast_simd xt_fast_simd_base;
#if defined(XT_FAST_X86) /* the build has the others, too */
extern const struct xt_fast_simd xt_fast_simd_avx2, xt_fast_simd_avx512;
#endif

const struct xt_fast_simd *const xt_fast_simds[] = {&xt_fast_simd_base,
#if defined(XT_FAST_X86)
                                                    &xt_fast_simd_avx2, &xt_fast_simd_avx512,
#endif
                                                    NULL};

bool xt_fast_simd_runs(const struct xt_fast_simd *simd) {
#if defined(XT_FAST_X86)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("popcnt");
  if (simd == &xt_fast_simd_avx2) return avx2;
  if (simd == &xt_fast_simd_avx512)
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  return simd == &xt_fast_simd_base;
}

const struct xt_fast_simd *xt_fast_simd_find(const char *name, char *err, size_t errlen) {
  const bool any = name == NULL || name[0] == 0;
  const struct xt_fast_simd *found = NULL;
  char names[64] = "";
  for (int k = 0; xt_fast_simds[k] != NULL; k++) {
    const struct xt_fast_simd *simd = xt_fast_simds[k];
    if (!xt_fast_simd_runs(simd)) continue;
    if (any || strcmp(simd->name, name) == 0) found = simd;
    snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", names[0] ? ", " : "", simd->name);
  }
  if (found == NULL)
    snprintf(err, errlen, "vectors '%.20s' (XT_SIMD) are none that this processor runs: %s", name, names);
  return found;
}
