// SPDX-License-Identifier: GPL-3.0-or-later
//
// The port to a browser: a carrier is one way of bringing a session's log to one reader. A session
// may have several at once (tabs, a second browser); each has its own cursor on the same log.
#pragma once

#include <cstdint>

#include "gateway/chat/failure.hpp"
#include "gateway/session/readers.hpp"

namespace halley {

class carrier {
 public:
  // For whom it reads. Set before the session knows the carrier, not changed while it does.
  reader_tag reader = no_reader;

  // The last event it has taken from the log.
  virtual std::uint64_t reached() const = 0;
  // The log has grown. Called at most once a batch, at its end.
  virtual void on_log_grown() = 0;
  // The session is going away or has closed this carrier: say so if the protocol can, and close.
  // The session has already forgotten the carrier. `why` is null when the log said it all (closing).
  virtual void on_session_over(const failure* why) = 0;

 protected:
  ~carrier() = default;
};

}  // namespace halley
