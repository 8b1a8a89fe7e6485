// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one text from a Bayeux client asked, and the replies, which come in any order. Held by
// whoever can send them (an HTTP request that waits, a WebSocket); what prepares a reply refers to
// it weakly.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace halley {

class bayeux_batch {
 public:
  class reader {
   public:
    // One more reply is there. Not called from within the call that brought the requests.
    virtual void on_reply() = 0;
    // The replies have been sent, and the other side has not acknowledged all of their bytes.
    virtual bool is_underway() const { return false; }

   protected:
    ~reader() = default;
  };

  explicit bayeux_batch(std::size_t requests) : slots_(requests), missing_(requests) {}
  ~bayeux_batch() {
    if (on_gone) on_gone();
  }
  bayeux_batch(const bayeux_batch&) = delete;
  bayeux_batch& operator=(const bayeux_batch&) = delete;

  // `text`: one JSON object, or several with commas between them. At most once for each request.
  void complete(std::size_t request, std::string text) {
    slots_[request] = std::move(text);
    --missing_;
    if (to != nullptr) to->on_reply();
  }
  bool is_complete() const { return missing_ == 0; }
  // An array of what has come since the last call, in the order of the requests; empty if nothing.
  std::string take() {
    std::string out;
    for (std::string& slot : slots_) {
      if (slot.empty()) continue;
      out += out.empty() ? '[' : ',';
      out += std::exchange(slot, {});
    }
    if (!out.empty()) out += ']';
    return out;
  }

  reader* to = nullptr;
  std::function<void()> on_gone;  // nobody waits for the replies any more
  // The connection broke before they had arrived. Set if they hold what is to be told again then.
  std::function<void()> on_lost;

 private:
  std::vector<std::string> slots_;
  std::size_t missing_;
};

}  // namespace halley
