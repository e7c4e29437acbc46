// SPDX-License-Identifier: Apache-2.0
#include "xt_plants.h"
#include "xt_rtl.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "xt_array_cfg.h"
#include "xt_built_tile.h"
#include "xt_dim.h"
#include "xt_snapshot.h"
#include "xt_wave.h"

namespace fs = std::filesystem;

namespace {

struct Problem {  // becomes an error code and one line
  int code;
  std::string text;
};

[[noreturn]] void problem(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
[[noreturn]] void problem(int code, const char *format, ...) {
  char text[1000];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  throw Problem{code, text};
}

class Fd {
 public:
  explicit Fd(int value) : fd(value) {}
  ~Fd() {
    if (fd >= 0) close(fd);
  }
  Fd(const Fd &) = delete;
  Fd &operator=(const Fd &) = delete;
  int fd;
};

std::string from_env(const char *name, const char *otherwise) {
  const char *v = std::getenv(name);
  return v && *v ? v : otherwise;
}

// ---- the key of a shared object: everything that its contents depend on

// FNV-1a, two lanes of 64 bits.
class Hash {
 public:
  void add(const void *data, size_t size) {
    const auto *p = static_cast<const unsigned char *>(data);
    for (size_t i = 0; i < size; i++) {
      a = (a ^ p[i]) * UINT64_C(0x100000001B3);
      b = (b ^ p[i] ^ 0x5Au) * UINT64_C(0x100000001B3);
      b ^= b >> 29;
    }
  }
  void add(const std::string &s) { add(s.c_str(), s.size() + 1); }
  std::string text() const {
    char t[40];
    snprintf(t, sizeof t, "%016" PRIx64 "%08" PRIx32, a, static_cast<uint32_t>(b ^ b >> 32));
    return t;
  }

 private:
  uint64_t a = UINT64_C(0xCBF29CE484222325), b = UINT64_C(0x9E3779B97F4A7C15);
};

void add_file(Hash &h, const std::string &path) {
  std::unique_ptr<FILE, int (*)(FILE *)> f(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!f) problem(XT_E_SETUP, "cannot read %s: %s", path.c_str(), std::strerror(errno));
  char buffer[65536];
  size_t got;
  h.add(fs::path(path).filename().string());
  while ((got = std::fread(buffer, 1, sizeof buffer, f.get())) > 0) h.add(buffer, got);
}

// The files of a folder, in order.
void add_files(Hash &h, const fs::path &dir, const std::function<bool(const fs::path &)> &wanted) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto &entry : fs::directory_iterator(dir, error))
    if (wanted(entry.path())) files.push_back(entry.path());
  if (error) problem(XT_E_SETUP, "cannot read the directory %s: %s", dir.c_str(), error.message().c_str());
  std::sort(files.begin(), files.end());
  for (const fs::path &file : files) add_file(h, file);
}

void add_verilog(Hash &h, const fs::path &dir) {
  add_files(h, dir, [](const fs::path &file) {
    return file.extension() == ".sv" || file.extension() == ".svh" || file.extension() == ".v";
  });
}

// The properties that are bound to the blocks.
void add_properties(Hash &h, const fs::path &dir) {
  std::vector<fs::path> rooms;
  for (const auto &room : fs::directory_iterator(dir))
    if (room.is_directory()) rooms.push_back(room.path());
  std::sort(rooms.begin(), rooms.end());
  for (const fs::path &room : rooms)
    add_files(h, room, [](const fs::path &file) {
      const std::string name = file.filename(), end = "_props.sv";
      return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
    });
}

// What -march=native stands for.
void add_cpu(Hash &h) {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line) && !line.empty();)  // the first one
    for (const char *key : {"vendor_id", "cpu family", "model\t", "flags", "CPU implementer", "CPU part", "Features"})
      if (line.rfind(key, 0) == 0) h.add(line);
}

// For a tile of long runs clang if it is there: twice as fast.
std::string compiler(bool quick) {
  if (quick) return "g++";
  std::string path = from_env("PATH", ""), dir;
  for (std::istringstream dirs(path); std::getline(dirs, dir, ':');)
    if (access((dir + "/clang++").c_str(), X_OK) == 0) return "clang++";
  return "g++";
}

struct Build {
  std::string name, file, rtl, runtime, cxx, cxxflags, says;
  std::vector<std::string> shapes;     // of one tile, or of those of xt_top
  int stream;                          // bits
  bool or_gxx;                         // where cxx fails
  bool wave, planted, unchecked, top;  // unchecked: without invariants; top: xt_top for SystemC
};

Build describe(const std::vector<xt_shape> &list, const xt_engine_opts &opts, bool top = false,
               const char *runtime = XT_RT_LIB) {
  const std::string repo = XT_REPO_DIR;
  const xt_shape &s = list[0];
  Build b;
  b.top = top;
  b.runtime = runtime;
  char text[120];
  for (const xt_shape &each : list) {
    snprintf(text, sizeof text, "%d %d %d %d %d %d %d %d %d %d %d %d", each.n, each.m, each.code_bits, each.adc_bits,
             each.adc_share, each.adc_kind, each.bl_max, each.state_bits, each.prob_bits, each.mtj, each.acc_bits,
             each.acc_gang);
    b.shapes.push_back(text);
    if (!b.says.empty()) b.says += ", ";
    b.says += std::to_string(each.n) + "x" + std::to_string(each.m);
  }
  b.stream = opts.stream_bits ? opts.stream_bits : 32;
  b.planted = opts.plant != nullptr;
  b.wave = opts.wave != nullptr;
  b.unchecked = b.planted || opts.unchecked;  // as build_tile.sh has it
  // Bugs and waves are for short runs: quick to build.
  const bool quick = b.planted || b.wave;
  b.cxx = from_env("XT_TILE_CXX", "");
  b.or_gxx = b.cxx.empty();
  if (b.or_gxx) b.cxx = compiler(quick);
  b.cxxflags = !quick ? from_env("XT_TILE_CXXFLAGS", XT_TILE_CXXFLAGS) : "-O1";
  b.rtl = from_env("XT_RTL_DIR", XT_REPO_DIR "/rtl");
  Hash h;
  if (top)
    for (const char *file : {"/model/xt_built_top.cpp", "/model/xt_built_top.h", "/model/xt_sc_top.sv"})
      add_file(h, repo + file);
  else
    for (const char *file : {"/model/xt_built_tile.cpp", "/model/xt_built_tile.h"}) add_file(h, repo + file);
  for (const char *file : {"/model/xt_inside.h", "/model/xt_inside_table.h", "/model/xt_public.vlt",
                           "/model/xt_generated.h", "/refc/xt_tile_if.h", "/refc/xt_record.h", "/refc/xt_dim.h",
                           "/refc/xt_bits.h", "/refc/xt_beats.h", "/refc/xt_types.h", "/refc/xt_params.h",
                           "/scripts/build_tile.sh", "/scripts/lazy_copies.py", "/scripts/fused_words.py"})
    add_file(h, repo + file);
  add_verilog(h, b.rtl);
  add_verilog(h, b.rtl + "/array");
  if (!b.unchecked) add_properties(h, repo + "/testbench/block");
  if (b.planted)
    for (const char *file : {"/testbench/bugs.toml", "/scripts/plant.py"}) add_file(h, repo + file);
  for (const std::string &shape : b.shapes) h.add(shape);
  for (const std::string &part : {b.cxx, b.cxxflags, std::string(XT_VERILATOR_VERSION)}) h.add(part);
  if (b.cxxflags.find("native") != std::string::npos) add_cpu(h);
  snprintf(text, sizeof text, "tile-%dx%d-c%d-a%d-s%d-k%d-b%d-w%d-p%d-m%d", s.n, s.m, s.code_bits, s.adc_bits,
           s.adc_share, s.adc_kind, s.bl_max, s.state_bits, s.prob_bits, s.mtj);
  const std::string sums = s.acc_bits > 0 ? "-acc" + std::to_string(s.acc_bits) + "g" + std::to_string(s.acc_gang) : "";
  if (b.stream != 32) h.add(std::to_string(b.stream));
  const std::string kind = b.planted ? "-planted" : b.unchecked ? "-unchecked" : "";
  const std::string wide = b.stream != 32 ? "-io" + std::to_string(b.stream) : "";
  b.name = (top ? "sc" + std::to_string(list.size()) + "-" : "") + std::string(text) + sums + wide + kind +
           (b.wave ? "-wave" : "") + "-" + h.text();
  return b;
}

// Refuses a bug that is not in testbench/bugs.toml, or is in xt_top when there is only a tile (top = false).
void check_plant(const char *name, bool top) {
  struct Plant {
    const char *name;
    bool top;
  };
#define XT_PLANT(bug, top, check, what) {#bug, top},
  static const Plant plants[] = {XT_PLANT_TABLE(XT_PLANT)};
#undef XT_PLANT
  std::string all;
  for (const Plant &known : plants) {
    const bool here = top || !known.top;
    if (!name || (here && !std::strcmp(name, known.name))) return;
    if (here) all += std::string(" ") + known.name;
  }
  problem(XT_E_ARG, "there is no bug '%s' to plant; there are%s", name, all.c_str());
}

// ---- the seal: a last line with length and CRC of all before it, so that a file that was cut or changed is built
// again

std::string seal_of(const std::string &bytes) {
  char text[64];
  snprintf(text, sizeof text, "\ncrc32 %08lx bytes %zu\n",
           crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size()), bytes.size());
  return text;
}

bool read_whole(const std::string &file, std::string &bytes) {
  std::error_code error;
  const uintmax_t size = fs::file_size(file, error);
  if (error) return false;
  bytes.resize(size);
  return bool(std::ifstream(file, std::ios::binary).read(bytes.data(), std::streamsize(size)));
}

bool sound(const std::string &file) {
  std::string bytes;
  if (!read_whole(file, bytes)) return false;
  const size_t at = bytes.rfind("\ncrc32 ");
  if (at == std::string::npos) return false;
  const std::string seal = bytes.substr(at);
  bytes.resize(at);
  return seal == seal_of(bytes);
}

void put_seal(const std::string &file) {
  std::string bytes;
  std::ofstream f;
  if (read_whole(file, bytes)) {
    f.open(file, std::ios::binary | std::ios::app);
    f << seal_of(bytes) << std::flush;
  }
  if (!f.good() || !f.is_open()) problem(XT_E_SETUP, "cannot write %s: %s", file.c_str(), std::strerror(errno));
}

// ---- the caches

std::vector<std::string> caches() {
  const char *own = std::getenv("XT_TILE_CACHE");
  if (own && *own) return {own};
  std::vector<std::string> list = {XT_TILES_DIR};
  const std::string home = from_env("HOME", ""),
                    cache = from_env("XDG_CACHE_HOME", home.empty() ? "" : (home + "/.cache").c_str());
  if (!cache.empty()) list.push_back(cache + "/crosstrain/tiles");
  return list;
}

// The first cache that has it, else the first one that can be written.
std::string place(const std::string &name) {
  const std::vector<std::string> all = caches();
  std::string why;
  for (const std::string &dir : all)
    if (sound(dir + "/" + name + ".so")) return dir + "/" + name + ".so";
  for (const std::string &dir : all) {
    std::error_code error;
    fs::create_directories(dir, error);
    if (!error && access(dir.c_str(), W_OK) != 0) error.assign(errno, std::generic_category());
    if (!error) return dir + "/" + name + ".so";
    why += "; " + dir + ": " + error.message();
  }
  problem(XT_E_SETUP, "no place for the built RTL tile%s (XT_TILE_CACHE names a folder for it)", why.c_str());
}

// ---- building

void check_stop() {
  if (xt_rtl_stop && *xt_rtl_stop) problem(XT_E_SETUP, "stopped while the RTL tile was built");
}

void doze() {
  const timespec t = {0, 20000000};
  nanosleep(&t, nullptr);
}

// Its exit code. It ends when it is to be stopped, and with this program, however that ends.
int run(std::vector<std::string> args) {
  std::vector<char *> argv;
  for (std::string &a : args) argv.push_back(a.data());
  argv.push_back(nullptr);
  const pid_t us = getpid(), pid = fork();
  if (pid == 0) {
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == us) execv(argv[0], argv.data());
    _exit(127);
  }
  if (pid < 0) problem(XT_E_SETUP, "cannot run %s: %s", argv[0], std::strerror(errno));
  int status = 0;
  bool told = false;
  for (pid_t done = 0; done != pid; done = waitpid(pid, &status, WNOHANG)) {
    if (done < 0 && errno != EINTR) problem(XT_E_SETUP, "lost %s: %s", argv[0], std::strerror(errno));
    if (xt_rtl_stop && *xt_rtl_stop && !told) told = kill(pid, SIGTERM) == 0;
    doze();
  }
  check_stop();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void run_script(const Build &b) {
  std::vector<std::string> args = {XT_REPO_DIR "/scripts/build_tile.sh",
                                   "--out",
                                   b.file,
                                   "--rtl",
                                   b.rtl,
                                   "--runtime",
                                   b.runtime,
                                   "--stream",
                                   std::to_string(b.stream),
                                   "--cxx",
                                   b.cxx,
                                   "--cxxflags",
                                   b.cxxflags,
                                   "--include",
                                   XT_RT_INCLUDE,
                                   "--include",
                                   XT_RT_INCLUDE "/vltstd"};
  if (b.or_gxx) args.push_back("--or-gxx");
  if (b.planted) args.push_back("--planted");
  if (b.unchecked) args.push_back("--unchecked");
  if (b.wave) args.push_back("--wave");
  if (b.top) args.push_back("--top");
  for (const std::string &shape : b.shapes) args.insert(args.end(), {"--shape", shape});
  const int code = run(args);
  if (code == 3) problem(XT_E_SETUP, "the RTL tile cannot be built: a tool is missing");
  if (code != 0 || !fs::exists(b.file))
    problem(XT_E_SETUP, "building the RTL tile failed: see %s", fs::path(b.file).replace_extension(".log").c_str());
  put_seal(b.file);
}

// Parallel processes wait for each other at the lock; the kernel drops it with a process that dies.
void ensure_built(Build &b) {
  b.file = place(b.name);
  if (sound(b.file)) return;
  const std::string lock_name = b.file + ".lock";
  const Fd lock(open(lock_name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.fd < 0) problem(XT_E_SETUP, "cannot write %s: %s", lock_name.c_str(), std::strerror(errno));
  while (flock(lock.fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR && errno != EWOULDBLOCK)
      problem(XT_E_SETUP, "cannot lock %s: %s", lock_name.c_str(), std::strerror(errno));
    check_stop();
    doze();
  }
  if (sound(b.file)) return;  // another process was faster
  fprintf(stderr, "building the RTL of %s %s%s%s%s (%s) ...\n", b.shapes.size() > 1 ? "tiles" : "a", b.says.c_str(),
          b.shapes.size() > 1 ? "" : " tile", b.planted ? " with bugs to plant" : "", b.wave ? " with waves" : "",
          fs::exists(b.file) ? "again: the kept one is damaged" : "once");
  run_script(b);
}

xt_dim check_shape(const xt_shape &s) {
  xt_dim dim;
  char why[200];
  if (xt_dim_init(&dim, &s, why, sizeof why) != XT_E_OK) problem(XT_E_ARG, "%s", why);
  return dim;
}

// ---- the engine

struct RtlTile {
  const xt_engine *engine = &xt_engine_rtl;
  xt_dim dim = {};
  void *library = nullptr;
  const xt_built_tile *built = nullptr;
  void *model = nullptr;

  ~RtlTile() {
    if (model) built->destroy(model);
    if (library) dlclose(library);
  }
};

RtlTile *self(xt_tile *t) {
  return reinterpret_cast<RtlTile *>(t);
}
const RtlTile *self(const xt_tile *t) {
  return reinterpret_cast<const RtlTile *>(t);
}

void load(RtlTile &t, const Build &b) {
  t.library = dlopen(b.file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!t.library) {
    const char *why = dlerror();
    problem(XT_E_SETUP, "cannot load the RTL tile: %s", why ? why : b.file.c_str());
  }
  xt_built_tile_fn functions = nullptr;
  void *symbol = dlsym(t.library, XT_BUILT_TILE_SYMBOL);
  std::memcpy(&functions, &symbol, sizeof functions);
  if (!functions) problem(XT_E_SETUP, "%s is not an RTL tile", b.file.c_str());
  t.built = functions();
}

int explain(const Problem &p, const xt_engine_opts *opts, char *err, size_t errlen) {
  snprintf(err, errlen, "tile %d: %s", opts->tile_index, p.text.c_str());
  return p.code;
}

int create(xt_tile **out, const xt_shape *shape, const xt_engine_opts *opts, char *err, size_t errlen) {
  *out = nullptr;
  try {
    auto t = std::make_unique<RtlTile>();
    t->dim = check_shape(*shape);
    if (const char *lacks = xt_engine_lacks(&xt_engine_rtl, opts)) problem(XT_E_ARG, "engine rtl has no %s", lacks);
    check_plant(opts->plant, false);
    const int bits = opts->stream_bits;
    if (bits && (bits < 32 || bits > 1024 || (bits & (bits - 1))))
      problem(XT_E_ARG, "streams of %d bits: allowed are powers of two from 32 to 1024", bits);
    Build b = describe({*shape}, *opts);
    ensure_built(b);
    load(*t, b);
    const int result = t->built->create(&t->model, opts, err, errlen);
    if (result != XT_E_OK) return result;
    *out = reinterpret_cast<xt_tile *>(t.release());
    return XT_E_OK;
  } catch (const Problem &p) {
    return explain(p, opts, err, errlen);
  } catch (const std::bad_alloc &) {
    return explain({XT_E_SETUP, "out of memory"}, opts, err, errlen);
  }
}

// The tile's registers and devices are touched only after everything has been checked.
int configure(xt_tile *tile, const xt_array_cfg *cfg) {
  const RtlTile &t = *self(tile);
  char why[200];
  if (xt_array_check(t.dim.sw, cfg, why, sizeof why) != XT_E_OK) return t.built->refuse(t.model, why);
  return t.built->configure(t.model, cfg);
}

int set_snapshot(xt_tile *tile, const xt_snapshot *s) {
  const RtlTile &t = *self(tile);
  char why[200];
  if (xt_snapshot_check(&t.dim, s, why, sizeof why) != XT_E_OK) return t.built->refuse(t.model, why);
  return t.built->set_snapshot(t.model, s);
}

}  // namespace

extern "C" {

const volatile int *xt_rtl_stop;

int xt_rtl_build_sc(const xt_shape *shapes, int tiles, const xt_engine_opts *opts, const char *runtime, char *path,
                    size_t pathlen, char *err, size_t errlen) {
  try {
    if (tiles < 1 || tiles > 16) problem(XT_E_ARG, "%d tiles: allowed are 1..16", tiles);
    for (int t = 0; t < tiles; t++) check_shape(shapes[t]);
    check_plant(opts->plant, true);
    if (opts->wave) problem(XT_E_ARG, "the SystemC platform writes no waves (engine rtl does)");
    Build b = describe({shapes, shapes + tiles}, *opts, true, runtime);
    ensure_built(b);
    snprintf(path, pathlen, "%s", b.file.c_str());
    return XT_E_OK;
  } catch (const Problem &p) {
    return explain(p, opts, err, errlen);
  } catch (const std::bad_alloc &) {
    return explain({XT_E_SETUP, "out of memory"}, opts, err, errlen);
  }
}

uint64_t xt_rtl_clock_cycles(const xt_tile *t) {
  return self(t)->built->clock_cycles(self(t)->model);
}

const xt_engine xt_engine_rtl = {
    "rtl",
    "the Verilated RTL (built per shape when first needed)",
    XT_CAN_RECORDS | XT_CAN_WAVES | XT_CAN_PLANT | XT_CAN_STALLS | XT_CAN_STATES16 | XT_CAN_ABORT | XT_CAN_INVARIANTS,
    create,
    [](xt_tile *t) { delete self(t); },
    [](const xt_tile *t) { return self(t)->built->error(self(t)->model); },
    configure,
    [](xt_tile *t) { return self(t)->built->hw_reset(self(t)->model); },
    [](xt_tile *t, uint32_t cycle) { return self(t)->built->hw_reset_at(self(t)->model, cycle); },
    [](xt_tile *t, uint32_t cycle) { return self(t)->built->abort_at(self(t)->model, cycle); },
    [](xt_tile *t, uint8_t addr, uint32_t value, int *status) {
      return self(t)->built->csr_write(self(t)->model, addr, value, status);
    },
    [](xt_tile *t, uint8_t addr, uint32_t *value, int *status) {
      return self(t)->built->csr_read(self(t)->model, addr, value, status);
    },
    [](xt_tile *t, const uint32_t *words, size_t n) { return self(t)->built->submit(self(t)->model, words, n); },
    [](xt_tile *t, uint32_t *words, size_t cap, size_t *n) {
      return self(t)->built->collect(self(t)->model, words, cap, n);
    },
    [](const xt_tile *t) { return self(t)->built->op_cycles(self(t)->model); },
    [](xt_tile *t, xt_trace_sink sink, void *user) { self(t)->built->set_trace(self(t)->model, sink, user); },
    [](xt_tile *t, xt_snapshot *s) { return self(t)->built->get_snapshot(self(t)->model, s); },
    set_snapshot,
    [](xt_tile *t, int sel) { return self(t)->built->states16(self(t)->model, sel); },
    nullptr,
    nullptr,
    [](const xt_tile *t, uint64_t record) { return self(t)->built->wave_time(self(t)->model, record); },
    xt_wave_check,
    nullptr,
    nullptr,
};

}  // extern "C"
