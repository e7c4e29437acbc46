// SPDX-License-Identifier: Apache-2.0
// Levels, events, refusals and the interrupt of xt_top as rtl/SPEC.md section 13 has them, from what its pins show and
// from the END cycles of its tiles. Where the page leaves the cycle open (when an answer is in its tile's output
// buffer, when in an access of several cycles a write acts) a bit is known by what it may be and what it must be.
#ifndef TOP_MODEL_H
#define TOP_MODEL_H

#include <cstdint>
#include <deque>
#include <set>

#include "xt_params.h"

struct Bits {
  uint32_t may, must;
  bool allow(uint32_t v) const { return !(v & ~may) && !(must & ~v); }
  void either(Bits other) { may |= other.may, must &= other.must; }
};

// A register that a write under way changes at some time.
struct Plain {
  uint32_t old = 0, next = 0;
  Bits bits() const { return {old | next, old & next}; }
};

class TopModel {
 public:
  enum { SOURCES = 17, NONE = XT_NO_TILE, KINDS = XT_IRQ_SPACE + 1, SETTLED = 3 };
  explicit TopModel(int count) : tiles(count) { reset(); }

  void reset() {
    for (Source &s : source) s = Source();
    for (Kind &k : kind) k = Kind();
    bus_ctrl = bus_enable = Plain();
    bus_event = Kind();
    causes = {0};
    fresh.clear();
    late.clear();
    open = 0;
    answers = 0;
    taking = -1;
    irq = {0, 0};
    resetting = 0;
    look();
    for (uint32_t k = 0; k < KINDS; k++) kind[k].was = kind[k].level;
  }

  // ---- a cycle: look() at its levels, then what happens in it, then next()

  // error(s): the oldest answer of s of which nothing has been taken has a status that is not OK.
  template <class F>
  void look(F error, int offered) {
    for (uint32_t k = 0; k < KINDS; k++) kind[k].level = {0, 0};
    for (int s = 0; s < SOURCES; s++) {
      if (s != NONE && s >= tiles) continue;
      const Source &a = source[s];
      const uint32_t bit = 1u << s;
      const auto set = [&](uint32_t k, bool may, bool must) {
        kind[k].level.may |= may ? bit : 0;
        kind[k].level.must |= must ? bit : 0;
      };
      if (resetting & bit) {
        for (uint32_t k = 0; k < KINDS; k++) set(k, true, false);
        continue;
      }
      const bool here = offered == s && taking < 0;
      // an answer that waited for the one before it comes a cycle after that has gone
      const bool free = taking != s && (a.answered == 0 || a.last + 1 < now);
      const bool may = here || (free && (s == NONE ? a.begun > a.first : !a.ends.empty()));
      const bool must = here || (may && s != NONE && a.ends.front() + SETTLED <= now && a.last + SETTLED <= now);
      const bool bad = may && error(s);
      set(XT_IRQ_ANSWER, may, must);
      set(XT_IRQ_ERROR, bad, must && bad);
      if (s == NONE) continue;
      set(XT_IRQ_DONE, a.begun == a.ended, a.begun == a.ended);
      set(XT_IRQ_IDLE, a.begun == a.answered, a.begun == a.answered);
      set(XT_IRQ_SPACE, under_way(s) < XT_TOP_CREDITS, under_way(s) < XT_TOP_CREDITS);
    }
    irq_next = status();
  }
  void look() {
    look([](int) { return false; }, -1);
  }

  void begins(int s) { source[s].begun_now++; }
  void ends(int s) {
    source[s].ended_now++;
    source[s].ends.push_back(now);
    happens(XT_IRQ_DONE, 1u << s, true);
  }
  void first_word(int s) {
    source[s].first++;
    if (!source[s].ends.empty()) source[s].ends.pop_front();
    taking = s;
  }
  void last_word(int s) {
    source[s].answered_now++;
    source[s].last = now;
    answers++;
    taking = -1;
  }

  void next() {
    irq = {irq_next.may ? 1u : 0u, irq_next.must ? 1u : 0u};
    for (const uint32_t k : {XT_IRQ_ANSWER, XT_IRQ_ERROR}) rises(kind[k]);
    Kind &idle = kind[XT_IRQ_IDLE];
    happens(XT_IRQ_IDLE, idle.level.must & ~idle.was.may, true);
    for (Kind &k : kind) {
      k.was = k.level;
      happens(static_cast<uint32_t>(&k - kind), resetting, false);
    }
    for (Source &s : source) {
      s.begun += s.begun_now, s.ended += s.ended_now, s.answered += s.answered_now;
      s.begun_now = s.ended_now = s.answered_now = 0;
    }
    now++;
  }

  // ---- resets of single tiles: from the write to when it is known to be over

  void reset_begins(uint32_t mask) { resetting |= mask; }
  void reset_ends(uint32_t mask) {
    for (int s = 0; s < tiles; s++)
      if (mask >> s & 1) source[s] = Source();
    resetting &= ~mask;
    look();
    for (Kind &k : kind) {  // it is no event
      k.was.may = (k.was.may & ~mask) | (k.level.may & mask);
      k.was.must = (k.was.must & ~mask) | (k.level.must & mask);
      k.pending &= ~mask, k.dirty &= ~mask;
    }
  }

  // ---- accesses of xt_top's own registers

  // A legal write has begun (it acts in a later cycle), and has been answered.
  void write_begins(uint32_t word, uint32_t data) {
    if (Plain *p = plain(word)) p->next = data;
    if (Kind *k = sticky(word)) {
      k->clearing = data;
      k->hit = k->pending & data;
      k->dirty |= k->pending & data;
      k->event.must &= ~data;
      if (k == &bus_event && open > 0) {
        k->hit = 1;
        fresh.insert(late.begin(), late.end());
      }
    }
  }
  void write_ends(uint32_t word, uint32_t data) {
    if (Plain *p = plain(word)) p->old = p->next = data;
    if (Kind *k = sticky(word)) k->event.may &= ~(data & ~k->hit), k->clearing = k->hit = 0;
  }

  // What a register shows in this cycle; not BUS_STATUS, ANSWERS.
  Bits shows(uint32_t word) {
    if (const Plain *p = plain(word)) return p->bits();
    if (const Kind *k = sticky(word)) return k->event;
    switch (word) {
      case XT_CSR_TOP_ID:
        return {XT_ID, XT_ID};
      case XT_CSR_TOP_PARAM_HASH:
        return {XT_PARAM_HASH, XT_PARAM_HASH};
      case XT_CSR_TOP_TILES:
        return {static_cast<uint32_t>(tiles), static_cast<uint32_t>(tiles)};
      case XT_CSR_IRQ_STATUS:
        return status();
      case XT_CSR_TILE_RESET:
        return {resetting, 0};
      case XT_CSR_ANSWER_NOW:
        return kind[XT_IRQ_ANSWER].level;
      case XT_CSR_DONE_NOW:
        return kind[XT_IRQ_DONE].level;
      case XT_CSR_IDLE_NOW:
        return kind[XT_IRQ_IDLE].level;
      case XT_CSR_ERROR_NOW:
        return kind[XT_IRQ_ERROR].level;
      case XT_CSR_SPACE_NOW:
        return kind[XT_IRQ_SPACE].level;
      default:
        return {~0u, 0};
    }
  }

  // An access that may be refused, for one of these causes (values of BUS_STATUS), has begun; has been answered, and
  // was refused: that is certain, or not.
  void may_be_refused(const std::set<uint32_t> &why) {
    if (open++ == 0) clean = !bus_event.event.may;
    bus_event.hit |= bus_event.clearing;
    if (bus_event.event.must) {  // the first one is kept, unless a clear comes before this one is refused
      late.insert(why.begin(), why.end());
      return;
    }
    fresh.insert(why.begin(), why.end());
    bus_event.event.may = 1;
  }
  void answered(bool refused) {
    if (refused && clean) causes.clear();
    if (refused && !bus_event.clearing) bus_event.event.must = 1;
    bus_event.hit |= bus_event.clearing;
    if (--open > 0) return;
    causes.insert(fresh.begin(), fresh.end());
    fresh.clear();
    late.clear();
  }
  // What BUS_STATUS may be.
  std::set<uint32_t> bus_status() const {
    std::set<uint32_t> all = causes;
    all.insert(fresh.begin(), fresh.end());
    return all;
  }
  Bits slverr() const { return bus_ctrl.bits(); }

  uint64_t under_way(int s) const { return source[s].begun - source[s].answered; }
  Bits irq_now() const { return irq; }

  uint32_t answers = 0;

 private:
  struct Source {
    uint64_t begun = 0, ended = 0, answered = 0, begun_now = 0, ended_now = 0, answered_now = 0;
    uint64_t first = 0, last = 0;  // answers begun; when the last word of one was taken
    std::deque<uint64_t> ends;     // END cycles of the answers of which nothing has been taken
  };
  struct Kind {
    Bits event{0, 0}, level{0, 0}, was{0, 0};
    Plain enable, level_enable;
    uint32_t clearing = 0, hit = 0;   // bits that a write under way clears; those with an event meanwhile
    uint32_t pending = 0, dirty = 0;  // levels that may have risen and are not certain; and a clear came between
  };

  void happens(uint32_t k, uint32_t bits, bool certain) { happens(kind[k], bits, certain); }
  void happens(Kind &k, uint32_t bits, bool certain) {
    k.event.may |= bits;
    k.hit |= bits & k.clearing;
    if (certain) k.event.must |= bits & ~k.clearing;
  }

  // Of ANSWER, ERROR: their levels may have risen before it is certain that they have.
  void rises(Kind &k) {
    const uint32_t up = k.level.may & ~k.was.may & ~resetting;
    k.pending |= up;
    k.dirty &= ~up;
    k.dirty |= k.pending & k.clearing;
    k.event.may |= k.pending;
    k.hit |= k.pending & k.clearing;
    const uint32_t sure = k.pending & (k.level.must | ~k.level.may);  // taken before it was certain: it has been, too
    k.event.must |= sure & ~k.dirty & ~k.clearing;
    k.pending &= ~sure;
    k.dirty &= k.pending;
  }

  Bits status() {
    Bits b = {0, 0};
    for (uint32_t k = 0; k < KINDS; k++) {
      const Bits on = kind[k].enable.bits(), level_on = kind[k].level_enable.bits();
      if ((kind[k].event.may & on.may) || (kind[k].level.may & level_on.may)) b.may |= 1u << k;
      if ((kind[k].event.must & on.must) || (kind[k].level.must & level_on.must)) b.must |= 1u << k;
    }
    if (bus_event.event.may & bus_enable.bits().may) b.may |= 1u << XT_IRQ_BUS;
    if (bus_event.event.must & bus_enable.bits().must) b.must |= 1u << XT_IRQ_BUS;
    return b;
  }

  Plain *plain(uint32_t word) {
    switch (word) {
      case XT_CSR_BUS_CTRL:
        return &bus_ctrl;
      case XT_CSR_BUS_ENABLE:
        return &bus_enable;
      case XT_CSR_ANSWER_ENABLE:
        return &kind[XT_IRQ_ANSWER].enable;
      case XT_CSR_ANSWER_LEVEL_ENABLE:
        return &kind[XT_IRQ_ANSWER].level_enable;
      case XT_CSR_DONE_ENABLE:
        return &kind[XT_IRQ_DONE].enable;
      case XT_CSR_DONE_LEVEL_ENABLE:
        return &kind[XT_IRQ_DONE].level_enable;
      case XT_CSR_IDLE_ENABLE:
        return &kind[XT_IRQ_IDLE].enable;
      case XT_CSR_IDLE_LEVEL_ENABLE:
        return &kind[XT_IRQ_IDLE].level_enable;
      case XT_CSR_ERROR_ENABLE:
        return &kind[XT_IRQ_ERROR].enable;
      case XT_CSR_ERROR_LEVEL_ENABLE:
        return &kind[XT_IRQ_ERROR].level_enable;
      case XT_CSR_SPACE_LEVEL_ENABLE:
        return &kind[XT_IRQ_SPACE].level_enable;
      default:
        return nullptr;
    }
  }

  Kind *sticky(uint32_t word) {
    switch (word) {
      case XT_CSR_BUS_EVENT:
        return &bus_event;
      case XT_CSR_ANSWER_EVENT:
        return &kind[XT_IRQ_ANSWER];
      case XT_CSR_DONE_EVENT:
        return &kind[XT_IRQ_DONE];
      case XT_CSR_IDLE_EVENT:
        return &kind[XT_IRQ_IDLE];
      case XT_CSR_ERROR_EVENT:
        return &kind[XT_IRQ_ERROR];
      default:
        return nullptr;
    }
  }

  const int tiles;
  Source source[SOURCES];
  Kind kind[KINDS], bus_event;
  Plain bus_ctrl, bus_enable;
  Bits irq{0, 0}, irq_next{0, 0};
  std::set<uint32_t> causes{0}, fresh,
      late;           // of BUS_STATUS: so far; of accesses under way; of those that a clear alone would let in
  int open = 0;       // accesses under way that may be refused
  bool clean = true;  // no refusal was possible before they began
  uint32_t resetting = 0;
  uint64_t now = 0;
  int taking = -1;  // whose answer is on its way out
};

#endif
