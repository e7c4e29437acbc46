// SPDX-License-Identifier: Apache-2.0
// The state of one tile inside a Verilated model: its signals (xt_inside_table.h) to and from a snapshot (rtl/SPEC.md
// section 12), everything but the registers; the counters only from it, they are written as registers. For the two
// kinds of built models, xt_built_tile.cpp and xt_built_top.cpp.
#ifndef XT_INSIDE_H
#define XT_INSIDE_H

#include <verilated.h>

#include <cstring>
#include <string>

#include "xt_dim.h"
#include "xt_inside_table.h"
#include "xt_types.h"

// Verilator holds every packed signal least significant byte first.
struct xt_signal {
  unsigned char *at;
  size_t bytes;  // of the signal, or of one element of an unpacked array
};

template <typename T>
xt_signal xt_signal_of(T &signal) {
  return {reinterpret_cast<unsigned char *>(&signal), sizeof signal};
}
template <typename T, size_t COUNT>
xt_signal xt_signal_of(VlUnpacked<T, COUNT> &signal) {
  return {reinterpret_cast<unsigned char *>(&signal[0]), sizeof signal[0]};
}

struct xt_inside {
  xt_signal states[XT_NUM_PLANES], row_gen, col_gen, cal, counters, x_kept, sums;
#define XT_FIELD(name, type, legal, path, text) xt_signal name;
  XT_SNAPSHOT_TABLE(XT_FIELD)
#undef XT_FIELD
};

// Element k of a signal of at most 64 bits.
inline uint64_t xt_signal_get(const xt_signal &s, size_t k = 0) {
  uint64_t v = 0;
  std::memcpy(&v, s.at + k * s.bytes, s.bytes);
  return v;
}
inline void xt_signal_put(const xt_signal &s, uint64_t v, size_t k = 0) {
  std::memcpy(s.at + k * s.bytes, &v, s.bytes);
}

// Generators are stored bit-sliced, in planes of whole words: bit b of line l at b * pitch + l.
inline int xt_pitch(int lines) {
  return (lines + 31) / 32 * 32;
}
inline uint32_t xt_sliced_get(const xt_signal &s, int pitch, int line, int width) {
  uint32_t v = 0;
  for (int b = 0; b < width; b++) {
    const size_t at = size_t(b) * size_t(pitch) + size_t(line);
    v |= uint32_t(s.at[at / 8] >> (at % 8) & 1) << b;
  }
  return v;
}
inline void xt_sliced_put(const xt_signal &s, int pitch, int line, int width, uint32_t v) {
  for (int b = 0; b < width; b++) {
    const size_t at = size_t(b) * size_t(pitch) + size_t(line);
    s.at[at / 8] = static_cast<unsigned char>((s.at[at / 8] & ~(1u << (at % 8))) | ((v >> b & 1) << (at % 8)));
  }
}

// Rows of the accumulator.
inline xt_signal xt_sums_of(const xt_inside *in, int row) {
  return {in->sums.at + size_t(row) * in->sums.bytes, in->sums.bytes};
}

inline void xt_inside_read(const xt_inside *in, const xt_shape *shape, xt_snapshot *s) {
  const size_t devices = size_t(shape->n) * size_t(shape->m);
  const uint32_t sign = 1u << (shape->state_bits - 1);
  for (size_t p = 0; p < XT_NUM_PLANES; p++)
    for (size_t k = 0; k < devices; k++) {
      const uint32_t v = uint32_t(xt_signal_get(in->states[p], k)) & (2 * sign - 1);
      s->w[p][k] = int32_t(v ^ sign) - int32_t(sign);
    }
  for (int i = 0; i < shape->n; i++)
    s->row_gen[i] = xt_sliced_get(in->row_gen, xt_pitch(shape->n), i, shape->prob_bits);
  for (int j = 0; j < shape->m; j++)
    s->col_gen[j] = xt_sliced_get(in->col_gen, xt_pitch(shape->m), j, shape->prob_bits + 1);
  for (int u = 0; u < xt_shape_units(shape); u++) /* one after the other */
    s->cal[u] =
        int16_t(xt_sext(xt_sliced_get(in->cal, 1, u * shape->adc_bits, shape->adc_bits), unsigned(shape->adc_bits)));
  const int sums = xt_shape_sums(shape), width = shape->acc_bits;
  for (int k = 0; k < shape->n * sums; k++)
    s->acc[k] = xt_sext(xt_sliced_get(xt_sums_of(in, k / sums), 1, k % sums * width, width), unsigned(width));
  std::memcpy(s->counters, in->counters.at, sizeof s->counters);
#define XT_FIELD(name, type, legal, path, text) s->name = type(xt_signal_get(in->name));
  XT_SNAPSHOT_TABLE(XT_FIELD)
#undef XT_FIELD
}

// What xt_snapshot_check() has found legal. The caller settles the logic behind the registers and gives rescan.
inline void xt_inside_write(const xt_inside *in, const xt_shape *shape, const xt_snapshot *s) {
  const size_t devices = size_t(shape->n) * size_t(shape->m);
  const uint32_t sign = 1u << (shape->state_bits - 1);
  for (size_t p = 0; p < XT_NUM_PLANES; p++)
    for (size_t k = 0; k < devices; k++) xt_signal_put(in->states[p], uint32_t(s->w[p][k]) & (2 * sign - 1), k);
  for (int i = 0; i < shape->n; i++) xt_sliced_put(in->row_gen, xt_pitch(shape->n), i, shape->prob_bits, s->row_gen[i]);
  for (int j = 0; j < shape->m; j++)
    xt_sliced_put(in->col_gen, xt_pitch(shape->m), j, shape->prob_bits + 1, s->col_gen[j]);
  for (int u = 0; u < xt_shape_units(shape); u++)
    xt_sliced_put(in->cal, 1, u * shape->adc_bits, shape->adc_bits, uint32_t(s->cal[u]));
  const int sums = xt_shape_sums(shape), width = shape->acc_bits;
  for (int k = 0; k < shape->n * sums; k++)
    xt_sliced_put(xt_sums_of(in, k / sums), 1, k % sums * width, width, uint32_t(s->acc[k]));
  xt_signal_put(in->x_kept, 0);
#define XT_FIELD(name, type, legal, path, text) xt_signal_put(in->name, s->name);
  XT_SNAPSHOT_TABLE(XT_FIELD)
#undef XT_FIELD
}

// struct xt_engine.states16().
inline const int16_t *xt_inside_states16(const xt_inside *in, const xt_shape *shape, int sel) {
  if (shape->state_bits != 16 || sel < 0 || sel >= XT_NUM_PLANES) return nullptr;
  return reinterpret_cast<const int16_t *>(in->states[sel].at);
}

// Where the RTL complains: file and line.
inline std::string xt_place(const char *path, int line) {
  const char *slash = std::strrchr(path, '/');
  return std::string(slash ? slash + 1 : path) + ":" + std::to_string(line);
}

#endif
