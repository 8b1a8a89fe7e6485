// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the sessions of one shard know together about one server: its ISUPPORT and the rooms they
// sit in, each with its members. One session of a room, its leader, applies the lines of the
// network to it; the others only forward events, so that a room of n people costs n entries and not
// n squared. When the leader goes the next one takes over and the table counts as stale until
// somebody asks for NAMES again.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bridges/irc/isupport.hpp"
#include "gateway/chat/shared_event.hpp"

namespace halley::irc {

class irc_bridge;

struct shared_member {
  member who;        // `self` is never set here
  std::string mask;  // user@host; empty: not told
};

class shared_room {
 public:
  shared_room(std::string name, const isupport& names) : name_(std::move(name)), names_(names) {}

  const std::string& name() const { return name_; }
  const formatted& topic() const { return topic_; }
  const std::string& topic_from() const { return topic_from_; }
  unix_ms topic_at() const { return topic_at_; }
  const std::vector<mode_change>& modes() const { return modes_; }
  bool has_modes() const { return has_modes_; }
  bool is_fresh() const { return fresh_; }
  irc_bridge* leader() const { return sitters_.empty() ? nullptr : sitters_.front(); }
  std::size_t size() const { return members_.size(); }
  const shared_member* find(std::string_view nick) const;
  // Whom a ban of a mask (nick!user@host) or of an account would meet: their nicks.
  std::vector<list_entry> matching(std::string_view mask) const;
  std::vector<list_entry> with_account(std::string_view account) const;

  // Applied by the leader.
  void add(std::string_view nick, std::string account, std::string_view mask);
  void remove(std::string_view nick);
  void rename(std::string_view from, std::string_view to);
  void set_away(std::string_view nick, bool away);
  void set_account(std::string_view nick, std::string account);
  void set_mask(std::string_view nick, std::string mask);
  void set_topic(formatted topic, std::string from, unix_ms at);
  void apply_modes(const std::vector<mode_change>& changes);
  void set_modes(std::vector<mode_change> modes);
  // A whole NAMES reply: replaces the members; what it does not say (away, account) is kept.
  void fill(std::vector<shared_member> members);

  // The members, in parts, as `nick` sees them.
  void append_members(std::string_view nick, std::vector<event_ptr>& into) const;

 private:
  friend class server_profile;
  shared_member* known(std::string_view nick);

  std::string name_;
  const isupport& names_;
  formatted topic_;
  std::string topic_from_;
  unix_ms topic_at_ = 0;
  std::vector<mode_change> modes_;
  bool has_modes_ = false;
  bool fresh_ = false;
  std::unordered_map<std::string, shared_member> members_;  // by folded nick
  std::vector<irc_bridge*> sitters_;                        // the first is the leader
};

// Parts of at most members_event::part_size, the first of which replaces what was known.
void append_member_parts(const std::string& room, std::vector<member> members,
                         std::vector<event_ptr>& into);

// One server as one set of sessions sees it; shared by them, gone with the last of them.
class server_profile {
 public:
  server_profile(std::string server, isupport support, const void* domain)
      : server_(std::move(server)), support_(std::move(support)), domain_(domain) {}
  server_profile(const server_profile&) = delete;
  server_profile& operator=(const server_profile&) = delete;

  const std::string& server() const { return server_; }
  const isupport& support() const { return support_; }
  // What interned lines of this server are kept under; never the same for two profiles.
  const void* domain() const { return domain_; }
  bool is(std::string_view server, const isupport& support) const {
    return server_ == server && support_ == support;
  }
  // The greeting as one event for everybody who gets the same.
  event_ptr motd(const std::string& text);

  shared_room& sit_down(const std::string& room, irc_bridge& who);
  // Makes `who`, who sits in it, the one whose lines count.
  void lead(shared_room& room, irc_bridge& who);
  // The room is gone afterwards if nobody else sits in it.
  void stand_up(shared_room& room, irc_bridge& who);

 private:
  std::string server_;
  isupport support_;
  const void* domain_;
  std::string motd_text_;
  event_ptr motd_;
  std::unordered_map<std::string, std::unique_ptr<shared_room>> rooms_;
};

}  // namespace halley::irc
