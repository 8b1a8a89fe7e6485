// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two halves of a raw conversation, as they see each other: a talk (a framing and its tunnel, or
// several of them) outlives the connections of its browser; a leg is one of these connections. Each
// refers to the other until either says that it is over. Legs belong to the roster, talks to the
// raw_hall; both are destroyed at the end of a batch only, so that either may end the other from
// inside any call. One shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "gateway/session/framing.hpp"

namespace halley {

class raw_leg;

// What a browser is in conversation with.
class raw_talk {
 public:
  virtual ~raw_talk() = default;

  // The first leg, or another one for a talk that can be resumed (raw_hall::find by this token): what
  // the browser missed is told now. `detail` is what it said with the token. A leg there was is ended.
  virtual void begin(raw_leg& on) = 0;
  virtual void resume(raw_leg& on, std::string_view token, std::string_view detail) = 0;
  // False: this talk cannot go on with a leg of that kind (raw_leg::is_text).
  virtual bool can_resume_on(bool text) const = 0;

  virtual void on_frame(std::string_view frame) = 0;
  virtual std::size_t frame_limit() const = 0;
  // The browser is slower than the network; and has caught up.
  virtual void on_leg_full() = 0;
  virtual void on_leg_room() = 0;
  // Called every heartbeat_ms while there is a leg.
  virtual void on_heartbeat() = 0;
  // raw_leg::look_elsewhere() has found nothing.
  virtual void on_nothing_elsewhere() = 0;
  // `wanted`: the browser itself ended it. The leg refers to this no more. It still answers arrived()
  // during the call.
  virtual void on_leg_gone(bool wanted) = 0;
  virtual void on_shut_down() = 0;

 private:
  friend class raw_hall;
  std::uint32_t hall_place_ = 0;
};

// What a family of carriers puts around the messages of a conversation (SockJS). Without state; lives as
// long as the program.
class leg_envelope {
 public:
  // The first frame there is.
  virtual std::string_view opening() const = 0;
  virtual void wrap(std::string& out, std::string_view message) const = 0;
  // Calls `take` for each message until it answers false. False: this is no envelope.
  virtual bool unwrap(std::string_view frame,
                      const std::function<bool(std::string_view)>& take) const = 0;
  // The frame that ends the conversation.
  virtual std::string farewell_frame(farewell how, std::string_view text) const = 0;

 protected:
  ~leg_envelope() = default;
};

// One connection of a browser.
class raw_leg {
 public:
  // Takes a frame. Returns where it ends in what this leg was ever given, to compare with arrived().
  virtual std::uint64_t deliver(std::string_view frame) = 0;
  // All that is delivered between the two leaves in one write.
  virtual void gather() = 0;
  virtual void flush() = 0;
  // Up to where the browser's side is known to have everything.
  virtual std::uint64_t arrived() const = 0;
  // Frames must be UTF-8.
  virtual bool is_text() const = 0;
  // While held back, nothing is read from the browser.
  virtual void hold_back(bool held) = 0;
  // From now on this leg is of another talk.
  virtual void serve(raw_talk& other) = 0;
  // Asks where else the talk of this token may be; true: the leg goes there, or
  // on_nothing_elsewhere() is called. Nothing is read meanwhile.
  virtual bool look_elsewhere(std::string_view token, std::string_view detail) = 0;
  // The conversation is over, and why; this leg refers to its talk no more.
  virtual void end(farewell how, std::string_view text) = 0;

 protected:
  ~raw_leg() = default;
};

}  // namespace halley
