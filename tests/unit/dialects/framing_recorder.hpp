// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes down what a framing says, for the tests of the raw dialects.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/session/framing.hpp"

namespace halley {

struct framing_recorder final : framing_sink {
  bool connect(std::string_view name) override {
    connected.emplace_back(name);
    return has_network;
  }
  void to_browser(std::string_view frame) override { frames.emplace_back(frame); }
  void to_server(std::string_view bytes) override { server += bytes; }
  void start_tls() override { tls = true; }
  bool try_other_server() override { return others-- > 0; }
  void end(farewell how, std::string_view text) override {
    ++ends;
    ended = how;
    reason = text;
  }

  std::string offer_resumption() override { return "token-" + std::to_string(++tokens); }
  bool resume_other(std::string_view token, std::string_view detail) override {
    if (has_other) resumed.push_back(std::string(token) + ' ' + std::string(detail));
    return has_other;
  }
  std::int64_t grace_seconds() const override { return 60; }
  void let_browser_go(std::string_view) override { ++let_go; }

  // What has been said since the last time.
  std::vector<std::string> take_frames() { return std::exchange(frames, {}); }
  std::string take_server() { return std::exchange(server, {}); }

  bool has_network = true;
  bool tls = false;
  int others = 0;  // servers
  std::vector<std::string> connected;
  std::vector<std::string> frames;
  std::string server;
  farewell ended = farewell::finished;
  std::string reason;
  int ends = 0;
  int tokens = 0;
  int let_go = 0;
  bool has_other = true;
  std::vector<std::string> resumed;
};

using frame_list = std::vector<std::string>;

}  // namespace halley
