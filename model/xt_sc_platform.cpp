// SPDX-License-Identifier: Apache-2.0
#include "xt_sc_platform.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "xt_array_cfg.h"
#include "xt_snapshot.h"

using tlm::tlm_generic_payload;

// libsystemc brings a main() that wants it; the program's own main() comes first, and the kernel is started by
// sc_start. A program with a sc_main of its own overrides this one.
extern "C" __attribute__((weak)) int sc_main(int, char **) {
  std::fprintf(stderr, "this program has no sc_main\n");
  return 1;
}

xt_sc_platform::xt_sc_platform(const sc_core::sc_module_name &name, const std::vector<xt_shape> &list,
                               sc_core::sc_time clock_period)
    : sc_core::sc_module(name), shapes(list), tiles(unsigned(list.size())), period(clock_period), dims(list.size()) {
  char why[300];
  if (tiles < 1 || tiles > XT_SC_TDESTS) throw std::runtime_error("the number of tiles must be 1..16");
  if (period.value() < 2 || period.value() % 2)
    throw std::runtime_error("the clock period must be an even number of the time resolution");
  for (unsigned t = 0; t < tiles; t++) {
    if (xt_dim_init(&dims[t], &shapes[t], why, sizeof why) != XT_E_OK) throw std::runtime_error(why);
    xt_shape other = shapes[t];
    other.n = shapes[0].n, other.m = shapes[0].m;
    if (std::memcmp(&other, &shapes[0], sizeof other) != 0)
      throw std::runtime_error("tiles of one xt_top differ in N and M only");
  }
  socket.register_b_transport(this, &xt_sc_platform::b_transport);
}

int xt_sc_platform::fail(int code, const char *format, ...) {
  char text[500];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  message = std::string(name()) + ": " + text;
  return code;
}

int xt_sc_platform::check_tile(unsigned tile) {
  return tile < tiles ? XT_E_OK : fail(XT_E_ARG, "tile %u of %u", tile, tiles);
}

int xt_sc_platform::check_config(const xt_array_cfg &cfg) {
  char why[200];
  return xt_array_check(dims[0].sw, &cfg, why, sizeof why) == XT_E_OK ? XT_E_OK : fail(XT_E_ARG, "%s", why);
}

int xt_sc_platform::check_snapshot(unsigned tile, const xt_snapshot &s) {
  char why[200];
  return xt_snapshot_check(&dims[tile], &s, why, sizeof why) == XT_E_OK ? XT_E_OK : fail(XT_E_ARG, "%s", why);
}

// A register: bytes of one word.
tlm::tlm_response_status xt_sc_platform::access(tlm_generic_payload &trans, sc_core::sc_time &delay) {
  const uint32_t addr = uint32_t(trans.get_address()), offset = addr % 4, length = trans.get_data_length();
  unsigned char *data = trans.get_data_ptr();
  const unsigned char *enable = trans.get_byte_enable_ptr();
  if (offset + length > 4) return tlm::TLM_BURST_ERROR_RESPONSE;
  if (enable && trans.get_byte_enable_length() == 0) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  uint32_t value = 0, strobes = 0;
  for (uint32_t k = 0; k < length; k++)
    if (!enable || enable[k % trans.get_byte_enable_length()] == TLM_BYTE_ENABLED) strobes |= 1u << (offset + k);
  bool ok;
  if (trans.is_write()) {
    for (uint32_t k = 0; k < length; k++) value |= uint32_t(data[k]) << (8 * (offset + k));
    if (length == 4) std::memcpy(&value, data, 4);
    ok = bus_write(addr, value, strobes, delay);
  } else {
    unsigned char bytes[4];
    ok = bus_read(addr, value, delay);
    for (uint32_t k = 0; k < length; k++) bytes[k] = static_cast<unsigned char>(value >> (8 * (offset + k)));
    if (length == 4) std::memcpy(bytes, &value, 4);
    for (uint32_t k = 0; k < length; k++)
      if (strobes >> (offset + k) & 1) data[k] = bytes[k];
  }
  return ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE;
}

tlm::tlm_response_status xt_sc_platform::stream(tlm_generic_payload &trans, sc_core::sc_time &delay) {
  const unsigned tile = unsigned((trans.get_address() - XT_STREAM_BASE) / XT_STREAM_STRIDE);
  const size_t length = trans.get_data_length();
  unsigned char *data = trans.get_data_ptr();
  std::vector<uint32_t> words;
  if (trans.get_byte_enable_ptr()) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  if (length % 4) return tlm::TLM_BURST_ERROR_RESPONSE;
  if (trans.is_write()) {
    words.resize(length / 4);
    std::memcpy(words.data(), data, length);
    return stream_write(tile, words.data(), words.size(), delay) ? tlm::TLM_OK_RESPONSE
                                                                 : tlm::TLM_GENERIC_ERROR_RESPONSE;
  }
  switch (stream_read(tile, length / 4 - 1, words, delay)) {
    case Stream::too_long:
      return tlm::TLM_BURST_ERROR_RESPONSE;
    case Stream::refused:
      return tlm::TLM_GENERIC_ERROR_RESPONSE;
    default:
      break;
  }
  const uint32_t count = uint32_t(words.size());
  std::memcpy(data, &count, 4);
  std::memcpy(data + 4, words.data(), words.size() * 4);
  return tlm::TLM_OK_RESPONSE;
}

tlm::tlm_response_status xt_sc_platform::transport(tlm_generic_payload &trans, sc_core::sc_time &delay) {
  const uint64_t addr = trans.get_address();
  if (addr >= XT_STREAM_BASE + uint64_t(XT_STREAM_STRIDE) * XT_SC_TDESTS) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (addr >= XT_STREAM_BASE && addr % XT_STREAM_STRIDE) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (trans.get_command() == tlm::TLM_IGNORE_COMMAND) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  if (trans.get_data_length() == 0 || trans.get_streaming_width() < trans.get_data_length())
    return tlm::TLM_BURST_ERROR_RESPONSE;
  return addr < XT_STREAM_BASE ? access(trans, delay) : stream(trans, delay);
}

void xt_sc_platform::b_transport(tlm_generic_payload &trans, sc_core::sc_time &delay) {
  trans.set_dmi_allowed(false);
  trans.set_response_status(transport(trans, delay));
}
