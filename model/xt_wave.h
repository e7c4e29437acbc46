/* SPDX-License-Identifier: Apache-2.0 */
/* Waveforms (FST) as the engines with waves leave them, read by the library that wrote them (Verilator's fstapi). */
#ifndef XT_WAVE_H
#define XT_WAVE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct xt_engine.wave_check(): XT_E_OK if `file` can be read from its header to its last signal, else XT_E_SETUP and
 * one line in err (errlen bytes). vcd: NULL, or a file that the dump is written to as VCD; without it the values are
 * not looked at. */
int xt_wave_check(const char *file, const char *vcd, char *err, size_t errlen);

#ifdef __cplusplus
}
#endif

#endif
