/* SPDX-License-Identifier: Apache-2.0 */
/* xt_top (rtl/SPEC.md section 13) behind one TLM-2.0 socket: what the loosely-timed model (xt_sc_lt.h) and the RTL
 * (xt_sc_rtl.h) have in common. Either is a drop-in for the other: same constructor, same transactions, same answers.
 * A platform has 1 to 16 tiles, each of its own shape: n and m are the tile's, the other parameters common.
 *
 * b_transport; 32-bit words in host order; addresses in bytes (STREAM_BASE, STREAM_STRIDE: xt_params.toml):
 *
 * - below STREAM_BASE: one register, by the AXI4-Lite map of section 13 (tile t's register a at t*TOP_TILE_STRIDE + 4a,
 *   xt_top's own at TOP_BASE + 4a). All of a word, or bytes of it that lie together (then bits 8k+7..8k are the byte at
 *   offset k). Byte enables are allowed: a read leaves bytes that are not enabled as they were; the bytes of a write
 * are its strobes: none is no write, some but not all are refused (PARTIAL).
 *
 * - STREAM_BASE + STREAM_STRIDE*t (t = 0..15): the streams of tile t. A write of 4n bytes is one command packet of n
 *   words. A read takes the oldest answer of that tile: its first word becomes the number w of words of the answer, w
 *   words follow, the rest of the data stays as it was; the data must hold 1 + w words. It waits for the answer.
 *   ERR_TILE answers as in section 13 for a tile that does not exist.
 *
 * Responses: TLM_OK also for an access of a register that is refused (BUS_EVENT and BUS_STATUS tell), unless BUS_CTRL
 * asks for SLVERR: then TLM_GENERIC_ERROR. TLM_ADDRESS_ERROR outside of that, and within the streams of a tile;
 * TLM_COMMAND_ERROR for TLM_IGNORE_COMMAND; TLM_BYTE_ENABLE_ERROR for byte enables at a stream; TLM_BURST_ERROR for a
 * wrong length, a streaming width below it, an answer that does not fit (it stays); TLM_GENERIC_ERROR also for a read
 * with no packet under way, a packet more than XT_QUEUE ahead of the answers read, and after a failure (error()). Not
 * offered: DMI, debug transport (both say no), nb_transport other than the socket's own adaptor.
 *
 * The platform takes every answer from xt_top as it comes, into a queue per tile, as a DMA engine would. So a host
 * needs no credits here; the levels of ANSWER and ERROR last a cycle or two (use their sticky events), and IDLE, SPACE
 * and STATUS do not wait for the host's read. irq: the interrupt of section 13. An answer whose ANSWER_EVENT has come
 * can be read; the read waits for its last word. TILE_RESET: answers that the platform has taken stay; a read that
 * waits for one that is lost fails.
 *
 * configure, hw_reset, hw_reset_at, get_snapshot and set_snapshot are the laboratory's, not the bus's: as the functions
 * of that name of struct xt_engine; call them from an SC_THREAD, with no packet under way.
 */
#ifndef XT_SC_PLATFORM_H
#define XT_SC_PLATFORM_H

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include <string>
#include <vector>

#include "xt_dim.h"
#include "xt_tile_if.h"

constexpr uint32_t XT_SC_TDESTS = 16;

class xt_sc_platform : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<xt_sc_platform> socket{"socket"};
  sc_core::sc_signal<bool, sc_core::SC_MANY_WRITERS> irq{"irq"};  // bind an sc_in<bool>

  virtual int configure(unsigned tile, const xt_array_cfg &cfg) = 0;
  virtual int hw_reset() = 0;                   // all tiles and xt_top
  virtual int hw_reset_at(uint32_t cycle) = 0;  // one tile only: cuts the next packet
  virtual int get_snapshot(unsigned tile, xt_snapshot &s) = 0;
  virtual int set_snapshot(unsigned tile, const xt_snapshot &s) = 0;
  virtual const int16_t *states16(unsigned tile, int sel) const = 0;

  // Length of the operation whose answer was read last (section 4); of a platform of one tile.
  uint64_t op_cycles() const { return last_cycles; }
  virtual bool cut_pending() const = 0;  // hw_reset_at waits for its packet
  int check_config(const xt_array_cfg &cfg);
  const std::string &error() const { return message; }

  const std::vector<xt_shape> shapes;  // of the tiles
  const unsigned tiles;
  const sc_core::sc_time period;  // of the clock

 protected:
  // Throws std::runtime_error for shapes, a tile count or a period that cannot be.
  xt_sc_platform(const sc_core::sc_module_name &name, const std::vector<xt_shape> &shapes, sc_core::sc_time period);

  enum class Stream { ok, refused, too_long };
  // Registers: false is SLVERR (or a failure). `delay` as in b_transport.
  virtual bool bus_read(uint32_t addr, uint32_t &data, sc_core::sc_time &delay) = 0;
  virtual bool bus_write(uint32_t addr, uint32_t data, uint32_t strobes, sc_core::sc_time &delay) = 0;
  virtual bool stream_write(unsigned tile, const uint32_t *words, size_t n, sc_core::sc_time &delay) = 0;
  virtual Stream stream_read(unsigned tile, size_t cap, std::vector<uint32_t> &words, sc_core::sc_time &delay) = 0;

  int fail(int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
  // What configure, set_snapshot and get_snapshot may be given.
  int check_tile(unsigned tile);
  int check_snapshot(unsigned tile, const xt_snapshot &s);

  std::string message;
  std::vector<xt_dim> dims;
  uint64_t last_cycles = 0;

 private:
  void b_transport(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
  tlm::tlm_response_status transport(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
  tlm::tlm_response_status access(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
  tlm::tlm_response_status stream(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
};

#endif
