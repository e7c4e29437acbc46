// SPDX-License-Identifier: Apache-2.0
// The Verilated side of a room (room.h); included by what verilate.sh writes, after the generated files.
#include "room.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "verilated.h"

namespace {

int size, in_at, out_at;
long cycles;
std::string broken;

// Made when first used, that is in the process of a test: the runtime's threads do not survive a fork.
Vroom &model() {
  static VerilatedContext context;
  static const bool planted = [] {
    const char *bug = std::getenv("XT_ROOM_BUG");
    const std::string plus = "+plant=" + std::string(bug ? bug : "");
    const char *args[] = {"room", plus.c_str()};
    context.commandArgs(bug ? 2 : 1, args);
    return bug != nullptr;
  }();
  static Vroom the_model{&context};
  static const bool settled = [] {  // its sizes can be read; and the first reset is an edge
    the_model.rst_ni = ~0u;
    the_model.eval();
    return true;
  }();
  (void)planted, (void)settled;
  return the_model;
}

// Verilator has a type for each range of widths.
template <class T>
uint32_t *words_of(T &pins) {
  return reinterpret_cast<uint32_t *>(&pins);
}

void set(uint32_t *words, int bit, bool value) {
  words[bit / 32] = (words[bit / 32] & ~(1u << bit % 32)) | static_cast<uint32_t>(value) << bit % 32;
}
bool get(const uint32_t *words, int bit) {
  return words[bit / 32] >> bit % 32 & 1;
}

void check_width(int at, size_t bytes, const char *which) {
  if (static_cast<size_t>(at) <= bytes * 8) return;
  fprintf(stderr, "room: %s have %zu bits, the test wants %d\n", which, bytes * 8, at);
  abort();
}

}  // namespace

extern "C" {

int room_sizes(void) {
  return model().sizes_o;
}

void room_select(int which) {
  size = which;
  model().size_i = static_cast<uint8_t>(which);
  std::memset(words_of(model().pins_i), 0, sizeof model().pins_i);
  room_reset();
}

int room_param(int k) {
  return static_cast<int>(model().shape_o[k]);
}

void room_reset(void) {
  model().rst_ni = 0;
  model().eval();
  model().rst_ni = ~0u;
  model().eval();
  in_at = out_at = 0;
}

void room_put(uint64_t value, int bits) {
  check_width(in_at + bits, sizeof model().pins_i, "inputs");
  for (int b = 0; b < bits; b++) set(words_of(model().pins_i), in_at++, value >> b & 1);
}
void room_put_words(const uint32_t *words, int bits) {
  check_width(in_at + bits, sizeof model().pins_i, "inputs");
  for (int b = 0; b < bits; b++) set(words_of(model().pins_i), in_at++, get(words, b));
}
void room_put_sliced(const uint32_t *value, int lines, int bits, int stride) {
  check_width(in_at + bits * stride, sizeof model().pins_i, "inputs");
  for (int b = 0; b < bits; b++)
    for (int l = 0; l < stride; l++) set(words_of(model().pins_i), in_at++, l < lines && (value[l] >> b & 1));
}

void room_settle(void) {
  model().eval();
  in_at = out_at = 0;
}

void room_clock(void) {
  cycles++;
  model().contextp()->timeInc(1);
  model().clk_i = 1u << size;
  model().eval();
  model().clk_i = 0;
  model().eval();
  in_at = out_at = 0;
}

uint64_t room_get(int bits) {
  uint64_t value = 0;
  check_width(out_at + bits, sizeof model().pins_o, "outputs");
  for (int b = 0; b < bits; b++) value |= static_cast<uint64_t>(get(words_of(model().pins_o), out_at++)) << b;
  return value;
}
void room_get_words(uint32_t *words, int bits) {
  check_width(out_at + bits, sizeof model().pins_o, "outputs");
  for (int b = 0; b < bits; b++) set(words, b, get(words_of(model().pins_o), out_at++));
  if (bits % 32) words[bits / 32] &= (1u << bits % 32) - 1;
}
void room_get_sliced(uint32_t *value, int lines, int bits) {
  check_width(out_at + bits * lines, sizeof model().pins_o, "outputs");
  for (int l = 0; l < lines; l++) value[l] = 0;
  for (int b = 0; b < bits; b++)
    for (int l = 0; l < lines; l++) value[l] |= static_cast<uint32_t>(get(words_of(model().pins_o), out_at++)) << b;
}

long room_cycles(void) {
  return cycles;
}

const char *room_broken(void) {
  static std::string said;
  said.swap(broken);
  broken.clear();
  return said.empty() ? nullptr : said.c_str();
}

}  // extern "C"

// Instead of the runtime's own, which end the process. The label of an assertion, at or above its line, is its
// invariant's number, the name of its file that of the block. The first failure says it all. An assumption (A1
// ...) is about what the block is given: beside a bug of the block it says nothing.
void vl_stop(const char *file, int line, const char *) {
  std::ifstream source(file);
  std::string text, label, path = file;
  for (int k = 0; k < line && std::getline(source, text); k++) {
    const size_t from = text.find_first_not_of(' '), to = std::min(text.find(": assert"), text.find(": assume"));
    if (to != std::string::npos) label = text.substr(from, to - from);
  }
  if (label[0] == 'A' && getenv("XT_ROOM_BUG")) return;
  const size_t name = path.rfind('/') + 1;
  broken = path.substr(name, path.find("_props.sv") - name) + "." + label;
  model().contextp()->assertOn(false);
}
void vl_fatal(const char *file, int line, const char *, const char *msg) {
  fprintf(stderr, "%s:%d: %s\n", file, line, msg);
  abort();
}
void vl_finish(const char *, int, const char *) {
  abort();
}
