// SPDX-License-Identifier: GPL-3.0-or-later
//
// The transport of the Kiwi IRC web client: many IRC connections ("channels") over one leg, each
// message ":<channel> <line>", channel 0 for the session itself. Its client may name a session (`CONTROL
// SESSION <id>`): then its channels wait for it, and as each is opened again it hears what it missed.
// Wire details: gateway/dialects/raw.md, "Kiwi IRC".
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/session/raw_conversation.hpp"

namespace halley {

// Which network a client means by the host it asks for.
class host_directory {
 public:
  // A network of that name or with such a server; else the first that is open; null if none is.
  virtual tunnel_network* irc_by_host(std::string_view host) const = 0;
  // Of this node; any may have the session of a name.
  virtual std::size_t shard_count() const = 0;

 protected:
  ~host_directory() = default;
};

class kiwi_session final : public raw_talk {
 public:
  static constexpr std::size_t most_channels = 20;

  // Both outlive it.
  kiwi_session(const raw_context& context, const host_directory& hosts, visitor from);
  ~kiwi_session() override;

  void begin(raw_leg& on) override { leg_ = &on; }
  void resume(raw_leg& on, std::string_view token, std::string_view detail) override;
  bool can_resume_on(bool text) const override { return text; }
  void on_frame(std::string_view message) override;
  std::size_t frame_limit() const override;
  void on_leg_full() override;
  void on_leg_room() override;
  void on_heartbeat() override;
  void on_nothing_elsewhere() override { look_on(); }
  void on_leg_gone(bool wanted) override;
  void on_shut_down() override;

 private:
  class channel;
  void take_control(std::string_view said);
  void look_on();
  bool join(std::string_view token);
  void give_session();
  void open_channel(const std::string& id);
  void take_line(channel& to, std::string_view line);
  bool begin_conversation(channel& on);
  void let_channels_go(bool for_good);
  void on_grace_over();
  void finish();

  const raw_context& context_;
  const host_directory& hosts_;
  visitor from_;
  raw_leg* leg_ = nullptr;
  std::string token_;
  std::string came_with_;     // holds, too: its client may never read the next one
  std::string chosen_;        // the client's own name for its session
  std::size_t looked_ = 0;    // shards that do not know it
  std::map<std::string, std::unique_ptr<channel>, std::less<>> channels_;
  wheel_timer grace_;
  int held_ = 0;  // channels whose servers do not keep up
  bool returns_ = false;  // a client that names sessions
  bool over_ = false;
};

}  // namespace halley
