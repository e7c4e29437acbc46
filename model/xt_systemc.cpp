// SPDX-License-Identifier: Apache-2.0
#include "xt_systemc.h"

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "xt_sc_lt.h"
#include "xt_sc_rtl.h"

namespace {

const sc_core::sc_time &period() {
  static const sc_core::sc_time p(10, sc_core::SC_NS);
  return p;
}

std::mutex kernel;
bool elaborated = false, dead = false;

struct Tile;
std::vector<Tile *> &tiles() {
  static auto *all = new std::vector<Tile *>;  // as long as the kernel: to the end of the process
  return *all;
}

// One thread that initiates: runs a job, then hands back to the caller of sc_start.
class Initiator : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Initiator> socket{"socket"};
  explicit Initiator(const sc_core::sc_module_name &name) : sc_core::sc_module(name) {
    SC_HAS_PROCESS(Initiator);
    SC_THREAD(run);
    set_stack_size(1 << 20);
  }

  tlm::tlm_response_status transfer(tlm::tlm_command command, uint64_t addr, uint32_t *words, size_t n) {
    tlm::tlm_generic_payload trans;
    sc_core::sc_time delay;
    trans.set_command(command);
    trans.set_address(addr);
    trans.set_data_ptr(reinterpret_cast<unsigned char *>(words));
    trans.set_data_length(unsigned(4 * n));
    trans.set_streaming_width(unsigned(4 * n));
    trans.set_byte_enable_ptr(nullptr);
    trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(trans, delay);
    if (delay > sc_core::SC_ZERO_TIME) wait(delay);
    return trans.get_response_status();
  }

  sc_core::sc_event go{"go"};
  std::function<void()> job;
  bool done = false;

 private:
  void run() {
    for (;;) {
      wait(go);
      job();
      done = true;
      sc_core::sc_pause();
    }
  }
};

struct Tile {
  const xt_engine *engine;
  int index;
  xt_shape shape;
  std::unique_ptr<xt_sc_platform> platform;
  std::unique_ptr<Initiator> initiator;
  bool kept = false;  // configure() before elaboration
  xt_array_cfg config;
  std::vector<uint32_t> buffer;
  unsigned under_way = 0;
  bool slverr = false;  // BUS_CTRL says so
  std::string message;

  int fail(int code, const char *format, ...) __attribute__((format(printf, 3, 4))) {
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    message = "tile " + std::to_string(index) + ": " + text;
    return code;
  }
};

Tile *self(xt_tile *t) {
  return reinterpret_cast<Tile *>(t);
}
const Tile *self(const xt_tile *t) {
  return reinterpret_cast<const Tile *>(t);
}

int relay(Tile &t, int code) {
  if (code == XT_E_OK) return code;
  return t.fail(code, "%s", t.platform->error().c_str());
}

// Runs f in the tile's SC_THREAD.
int in_kernel(Tile &t, const std::function<int()> &f) {
  int result = XT_E_HANG;
  if (dead) return t.fail(XT_E_SETUP, "the SystemC simulation has stopped");
  t.initiator->done = false;
  t.initiator->job = [&] { result = f(); };
  t.initiator->go.notify(sc_core::SC_ZERO_TIME);
  try {
    while (!t.initiator->done) {
      sc_core::sc_start();
      if (!t.initiator->done && !sc_core::sc_pending_activity())
        return t.fail(XT_E_HANG, "the SystemC simulation has nothing left to do");
    }
  } catch (const sc_core::sc_report &r) {
    dead = true;
    return t.fail(XT_E_SETUP, "SystemC: %s", r.what());
  }
  return result;
}

uint64_t address(uint8_t reg) {
  return 4u * uint64_t(reg);
}

// A register of xt_top.
bool own(Tile &t, bool write, uint32_t word, uint32_t value, uint32_t *read = nullptr) {
  const auto command = write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND;
  if (t.initiator->transfer(command, XT_TOP_BASE + 4 * word, &value, 1) != tlm::TLM_OK_RESPONSE) return false;
  if (read) *read = value;
  return true;
}

// With SLVERR a refusal costs no second access of those that are not refused.
int csr(Tile &t, bool write, uint8_t addr, uint32_t *value, int *status) {
  const auto command = write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND;
  *status = XT_CSR_ST_OK;
  if (!t.slverr && !own(t, true, XT_CSR_BUS_CTRL, 1)) return relay(t, XT_E_MISMATCH);
  t.slverr = true;
  switch (t.initiator->transfer(command, address(addr), value, 1)) {
    case tlm::TLM_OK_RESPONSE:
      return XT_E_OK;
    case tlm::TLM_GENERIC_ERROR_RESPONSE: {
      uint32_t why = 0;
      if (!own(t, false, XT_CSR_BUS_STATUS, 0, &why) || !own(t, true, XT_CSR_BUS_EVENT, 1))
        return relay(t, XT_E_MISMATCH);
      *status = int(why >> 20 & 7);
      if (!write) *value = 0;
      return *status ? XT_E_OK : t.fail(XT_E_MISMATCH, "register 0x%02x: SLVERR, and BUS_STATUS has no reason", addr);
    }
    default:
      return t.fail(XT_E_MISMATCH, "register 0x%02x: unexpected TLM response", addr);
  }
}

// What the identification registers must hold; false: not one of them.
bool identity(const xt_shape &s, uint8_t addr, uint32_t *value) {
  switch (addr) {
    case XT_CSR_ID:
      *value = XT_ID;
      return true;
    case XT_CSR_PARAM_HASH:
      *value = XT_PARAM_HASH;
      return true;
    case XT_CSR_SHAPE:
      *value = uint32_t(s.m) << 16 | uint32_t(s.n);
      return true;
    case XT_CSR_CONFIG:
      *value = uint32_t(s.adc_bits) << 24 | uint32_t(s.adc_share) << 16 | uint32_t(s.state_bits) << 8 |
               uint32_t(s.code_bits);
      return true;
    case XT_CSR_CONFIG2:
      *value = uint32_t(s.mtj) << 25 | uint32_t(s.adc_kind) << 24 | uint32_t(s.prob_bits) << 8 | uint32_t(s.bl_max);
      return true;
    case XT_CSR_CONFIG3:
      *value = uint32_t(s.acc_gang) << 8 | uint32_t(s.acc_bits);
      return true;
    default:
      return false;
  }
}

int check_identity(Tile &t) {
  for (const uint8_t addr :
       {XT_CSR_ID, XT_CSR_PARAM_HASH, XT_CSR_SHAPE, XT_CSR_CONFIG, XT_CSR_CONFIG2, XT_CSR_CONFIG3}) {
    uint32_t want = 0, value = 0;
    int status = 0;
    identity(t.shape, addr, &want);
    const int err = csr(t, false, addr, &value, &status);
    if (err) return err;
    if (value != want)
      return t.fail(XT_E_SETUP, "register 0x%02x is 0x%08x, this program expects 0x%08x", addr, value, want);
  }
  return XT_E_OK;
}

int elaborate(Tile &t) {
  if (elaborated) return XT_E_OK;
  elaborated = true;
  try {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  } catch (const sc_core::sc_report &r) {
    dead = true;
    return t.fail(XT_E_SETUP, "SystemC: %s", r.what());
  }
  for (Tile *each : tiles()) {
    int err = in_kernel(*each, [each] { return check_identity(*each); });
    if (!err && each->kept)
      err = in_kernel(*each, [each] { return relay(*each, each->platform->configure(0, each->config)); });
    if (err) {
      dead = true;
      if (each != &t) t.message = each->message;
      return err;
    }
  }
  return XT_E_OK;
}

template <typename F>
int access(xt_tile *tile, F f) {
  const std::lock_guard<std::mutex> lock(kernel);
  Tile &t = *self(tile);
  const int err = elaborate(t);
  return err ? err : in_kernel(t, [&] { return f(t); });
}

int create(const xt_engine *engine, bool rtl, xt_tile **out, const xt_shape *shape, const xt_engine_opts *opts,
           char *err, size_t errlen) {
  const std::lock_guard<std::mutex> lock(kernel);
  *out = nullptr;
  const auto refuse = [&](int code, const char *why) {
    snprintf(err, errlen, "tile %d: %s: %s", opts->tile_index, engine->name, why);
    return code;
  };
  if (elaborated)
    return refuse(XT_E_SETUP, "SystemC has elaborated; every tile must be created before the first access to one");
  if (const char *lacks = xt_engine_lacks(engine, opts)) return refuse(XT_E_ARG, (std::string("no ") + lacks).c_str());
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  try {
    auto t = std::make_unique<Tile>();
    const std::string number = std::to_string(tiles().size());
    t->engine = engine;
    t->index = opts->tile_index;
    t->shape = *shape;
    t->buffer.resize(size_t(shape->n + shape->m) / 2 + 16);
    if (rtl)
      t->platform =
          std::make_unique<xt_sc_rtl>(("rtl" + number).c_str(), std::vector<xt_shape>{*shape}, period(), opts->plant);
    else
      t->platform = std::make_unique<xt_sc_lt>(("lt" + number).c_str(), std::vector<xt_shape>{*shape}, period());
    t->initiator = std::make_unique<Initiator>(("initiator" + number).c_str());
    t->initiator->socket.bind(t->platform->socket);
    tiles().push_back(t.get());
    *out = reinterpret_cast<xt_tile *>(t.release());
    return XT_E_OK;
  } catch (const std::bad_alloc &) {
    return refuse(XT_E_SETUP, "out of memory");
  } catch (const sc_core::sc_report &r) {
    dead = elaborated = true;
    return refuse(XT_E_SETUP, r.what());
  } catch (const std::runtime_error &x) {
    return refuse(XT_E_SETUP, x.what());
  }
}

int configure(xt_tile *tile, const xt_array_cfg *cfg) {
  {
    const std::lock_guard<std::mutex> lock(kernel);
    Tile &t = *self(tile);
    if (!elaborated) {
      const int err = relay(t, t.platform->check_config(*cfg));
      if (err) return err;
      t.config = *cfg;
      t.kept = true;
      return XT_E_OK;
    }
  }
  return access(tile, [cfg](Tile &t) { return relay(t, t.platform->configure(0, *cfg)); });
}

int csr_read(xt_tile *tile, uint8_t addr, uint32_t *value, int *status) {
  {
    const std::lock_guard<std::mutex> lock(kernel);
    if (!elaborated && identity(self(tile)->shape, addr, value)) {
      *status = XT_CSR_ST_OK;
      return XT_E_OK;
    }
  }
  return access(tile, [=](Tile &t) { return csr(t, false, addr, value, status); });
}

int submit(xt_tile *tile, const uint32_t *words, size_t n) {
  return access(tile, [=](Tile &t) {
    if (n < 1) return t.fail(XT_E_ARG, "a packet needs at least one word");
    const bool cut = t.platform->cut_pending();
    // A TLM write may change no data, but its pointer is not const.
    if (t.initiator->transfer(tlm::TLM_WRITE_COMMAND, XT_STREAM_BASE, const_cast<uint32_t *>(words), n) !=
        tlm::TLM_OK_RESPONSE)
      return relay(t, t.under_way >= XT_QUEUE ? XT_E_ARG : XT_E_MISMATCH);
    if (cut)
      t.under_way = 0, t.slverr = false;
    else
      t.under_way++;
    return int(XT_E_OK);
  });
}

int collect(xt_tile *tile, uint32_t *words, size_t cap, size_t *n) {
  *n = 0;
  return access(tile, [=](Tile &t) {
    if (t.under_way == 0) return t.fail(XT_E_ARG, "no packet is under way");
    if (t.initiator->transfer(tlm::TLM_READ_COMMAND, XT_STREAM_BASE, t.buffer.data(), t.buffer.size()) !=
        tlm::TLM_OK_RESPONSE)
      return relay(t, XT_E_HANG);
    const size_t got = t.buffer[0];
    t.under_way--;
    if (got > cap) return t.fail(XT_E_ARG, "an answer of %zu words does not fit into %zu", got, cap);
    std::memcpy(words, t.buffer.data() + 1, got * sizeof *words);
    *n = got;
    return int(XT_E_OK);
  });
}

int hw_reset(xt_tile *tile) {
  return access(tile, [](Tile &t) {
    if (t.under_way) return t.fail(XT_E_ARG, "hw_reset while packets are under way (use hw_reset_at)");
    t.slverr = false;
    return relay(t, t.platform->hw_reset());
  });
}

// The modules stay: SystemC takes none back while it runs.
void destroy(xt_tile *) {}

template <bool rtl>
int create_one(xt_tile **out, const xt_shape *shape, const xt_engine_opts *opts, char *err, size_t errlen) {
  return create(rtl ? &xt_engine_systemc : &xt_engine_systemc_lt, rtl, out, shape, opts, err, errlen);
}

#define XT_SC_FUNCTIONS                                                                                        \
  destroy, [](const xt_tile *t) { return self(t)->message.c_str(); }, configure, hw_reset,                     \
      [](xt_tile *t, uint32_t cycle) {                                                                         \
        return access(t, [=](Tile &x) { return relay(x, x.platform->hw_reset_at(cycle)); });                   \
      },                                                                                                       \
      nullptr,                                                                                                 \
      [](xt_tile *t, uint8_t addr, uint32_t value, int *status) {                                              \
        return access(t, [=](Tile &x) {                                                                        \
          uint32_t v = value;                                                                                  \
          return csr(x, true, addr, &v, status);                                                               \
        });                                                                                                    \
      },                                                                                                       \
      csr_read, submit, collect, [](const xt_tile *t) { return self(t)->platform->op_cycles(); },              \
      [](xt_tile *, xt_trace_sink, void *) {},                                                                 \
      [](xt_tile *t, xt_snapshot *s) {                                                                         \
        return access(t, [=](Tile &x) { return relay(x, x.platform->get_snapshot(0, *s)); });                  \
      },                                                                                                       \
      [](xt_tile *t, const xt_snapshot *s) {                                                                   \
        return access(t, [=](Tile &x) { return relay(x, x.platform->set_snapshot(0, *s)); });                  \
      },                                                                                                       \
      [](xt_tile *t, int sel) { return elaborated ? self(t)->platform->states16(0, sel) : nullptr; }, nullptr, \
      nullptr, nullptr, nullptr, nullptr, nullptr

}  // namespace

extern "C" {

const xt_engine xt_engine_systemc = {"systemc", "the Verilated RTL of xt_top as a SystemC module behind TLM-2.0",
                                     XT_CAN_PLANT | XT_CAN_STATES16 | XT_CAN_INVARIANTS, create_one<true>,
                                     XT_SC_FUNCTIONS};
const xt_engine xt_engine_systemc_lt = {"systemc-lt", "the golden reference as a loosely-timed SystemC model",
                                        XT_CAN_STATES16, create_one<false>, XT_SC_FUNCTIONS};

}  // extern "C"
