// SPDX-License-Identifier: GPL-3.0-or-later
//
// The leg of a raw conversation that is a WebSocket: frames to and from its talk. Passes on what
// arrives in one wake-up with one write, tells its talk when the browser does not keep up, and pings.
// May move to the shard of the conversation it asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/carriers/browser_socket.hpp"
#include "gateway/carriers/websocket_frames.hpp"
#include "gateway/session/raw_hall.hpp"
#include "gateway/session/raw_leg.hpp"

namespace halley {

// A WebSocket on its way to another shard.
struct moving_leg {
  byte_stream stream;
  std::string unread;  // came behind the frame that made it move
  std::string unsent;
  address_tag tag = 0;
  bool binary = false;
  const leg_envelope* envelope = nullptr;
};

// The other shards, as a leg knows them.
class raw_neighbours {
 public:
  // Asks the shard that made this token whether its conversation waits; `answer` is called later, on
  // the asking shard. False: no other shard of this node has made it.
  virtual bool ask(std::string_view token, bool text, std::function<void(bool)> answer) = 0;
  // To the shard of that token, where it resumes, or is closed if that came too late.
  virtual void send(std::string token, std::string detail, moving_leg&& leg) = 0;

 protected:
  ~raw_neighbours() = default;
};

// All of it outlives the legs.
struct leg_context : socket_home {
  const raw_context& raw;
  raw_neighbours& neighbours;
};

class raw_websocket final : public browser_socket, public raw_leg {
 public:
  // `binary`: the kind of frames the browser is sent. `envelope`: null for none.
  raw_websocket(const leg_context& context, byte_stream stream, raw_talk& with, bool binary,
                const leg_envelope* envelope = nullptr);
  ~raw_websocket() override;

  // `preface`: the answer to the upgrade. `early`: bytes that came together with the request.
  void open(std::string_view preface, std::span<char> early);
  // Comes from another shard.
  void arrive(moving_leg& from, std::string_view token, std::string_view detail);

  std::uint64_t deliver(std::string_view frame) override;
  void gather() override;
  void flush() override;
  std::uint64_t arrived() const override;
  bool is_text() const override { return !binary_; }
  void hold_back(bool held) override;
  void serve(raw_talk& other) override { talk_ = &other; }
  bool look_elsewhere(std::string_view token, std::string_view detail) override;
  void end(farewell how, std::string_view text) override;

 private:
  void on_bytes(std::span<char> bytes) override;
  void on_room() override;
  void on_over() override;
  void on_heartbeat() override;
  void append_heartbeat(std::string& out) override;
  bool on_message(const ws_message& message);
  void on_text(std::string_view payload);
  void on_close_frame(std::string_view payload);
  void on_pong(std::string_view payload);
  void on_elsewhere(bool waits, const std::string& token, const std::string& detail);
  void append(std::string& out, ws_opcode opcode, std::string_view payload);
  void say(ws_opcode opcode, std::string_view payload);
  void pass_on(std::string_view bytes);
  void close(ws_close code, std::string_view reason);
  void lose_talk(bool wanted);
  void choose_reading();
  const leg_context& context() const { return static_cast<const leg_context&>(home()); }

  raw_talk* talk_;  // null: over
  const leg_envelope* envelope_;
  ws_reader reader_;
  std::string* gathered_ = nullptr;  // where frames go between gather() and flush()
  std::shared_ptr<bool> looking_;    // elsewhere; false once there is no point any more
  std::uint64_t given_ = 0;          // bytes said since the upgrade
  std::uint64_t answered_ = 0;       // of these, before a ping that was answered
  bool binary_;
  bool held_back_ = false;
};

}  // namespace halley
