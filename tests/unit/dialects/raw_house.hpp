// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is around a raw conversation, for its tests: servers and legs that write down what they get, and the
// hall of one shard.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/session/raw_hall.hpp"
#include "gateway/session/session_table.hpp"

namespace halley {

using texts = std::vector<std::string>;

// A server as a channel's tunnel knows it; what is left stays in the list.
struct server {
  tunnel_listener* listener = nullptr;  // null: left
  std::string sent;
  std::string last_words;
  bool reading = true;
  bool behind = false;  // takes nothing more for now

  std::string take() { return std::exchange(sent, {}); }
  void opens() { listener->on_tunnel_open(false); }
  void says(std::string_view line) { says_bytes(std::string(line) + "\r\n"); }
  void says_bytes(std::string_view bytes) { listener->on_tunnel_bytes(bytes); }
  void has_room() {
    behind = false;
    listener->on_tunnel_room();
  }
};

class recorded_network final : public tunnel_network {
 public:
  std::unique_ptr<tunnel> open(const visitor&, tunnel_listener& listener) override {
    servers.push_back(std::make_unique<server>());
    servers.back()->listener = &listener;
    return std::make_unique<way>(*servers.back());
  }
  void leave(std::unique_ptr<tunnel> gone, std::string_view last_words) override {
    server& to = static_cast<way&>(*gone).to;
    to.last_words = last_words;
    to.listener = nullptr;
  }
  const network& config() const override { return settings; }

  network settings;
  std::vector<std::unique_ptr<server>> servers;

 private:
  struct way final : tunnel {
    explicit way(server& of) : to(of) {}
    bool send(std::string_view bytes) override {
      to.sent += bytes;
      return !to.behind;
    }
    void read(bool wanted) override { to.reading = wanted; }
    void start_tls() override {}
    server& to;
  };
};

struct recorded_leg final : raw_leg {
  std::uint64_t deliver(std::string_view frame) override {
    frames.emplace_back(frame);
    return given += frame.size();
  }
  void gather() override {}
  void flush() override {}
  std::uint64_t arrived() const override { return has; }
  bool is_text() const override { return true; }
  void hold_back(bool held) override { is_held = held; }
  void serve(raw_talk& other) override { talk = &other; }
  bool look_elsewhere(std::string_view token, std::string_view) override {
    looked.emplace_back(token);
    return false;
  }
  void end(farewell how, std::string_view text) override {
    talk = nullptr;
    ended = std::string(text);
    as = how;
  }

  void say(std::string_view message) { talk->on_frame(message); }
  texts take() { return std::exchange(frames, {}); }
  void breaks(bool wanted = false) { std::exchange(talk, nullptr)->on_leg_gone(wanted); }

  raw_talk* talk = nullptr;
  texts frames;
  texts looked;
  std::string ended;
  farewell as = farewell::finished;
  std::uint64_t given = 0;
  std::uint64_t has = 0;
  bool is_held = false;
};

struct raw_house : tunnel_directory {
  raw_house() {
    limits.grace_ms = 1000;
    at.settings.quit_text = "Page closed";
  }
  // Begun on this leg.
  template <class Talk>
  void add(std::unique_ptr<Talk> made, recorded_leg& leg) {
    leg.talk = made.get();
    hall.add(std::move(made));
    leg.talk->begin(leg);
  }
  void advance(steady_ms by) {
    loop.timers().advance(loop.now() + by);
    settle();
  }
  void settle() {
    loop.post([this] { loop.post([this] { loop.stop(); }); });
    loop.run();
  }

  reactor loop;
  session_limits limits;
  session_key key{"n1", "a secret of the deployment, long enough"};
  session_counts counts;
  raw_counts raw;
  recorded_network at;
  session_table table{0, key, limits, counts, loop};
  raw_hall hall{loop, key, 0, raw};
  raw_context context{loop, limits, table, hall, *this, raw};

 protected:
  ~raw_house() { settle(); }  // who is over goes before what it refers to

 private:
  tunnel_network* by_domain(std::string_view) const override {
    return const_cast<recorded_network*>(&at);
  }
};

}  // namespace halley
