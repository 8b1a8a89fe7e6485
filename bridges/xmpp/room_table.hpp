// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all sessions of a shard that sit in one room share: the people in it, the topic, what the
// room can do, and the log of presence changes. Owned by the network's shard state, counted by the
// sessions' rooms.
//
// The service sends every occupant the same changes, in copies that differ in `to` and in what a
// moderator may see. The first session to see a change applies it to the table and puts the resulting
// event into the log under the change's key (its meaning, not its bytes); the others find it there.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "bridges/xmpp/change_log.hpp"
#include "gateway/chat/failure.hpp"
#include "gateway/chat/shared_event.hpp"

namespace halley::xmpp {

// A presence stanza of a room (XEP-0045), read.
struct room_presence {
  enum class kind : std::uint8_t { available, unavailable, error };
  kind what = kind::available;
  std::string nick;
  role_set roles;
  bool away = false;
  std::string status;    // away or leaving text
  std::string new_nick;  // 303
  std::string actor;     // who kicked or banned
  std::string reason;
  std::string jid;              // bare real address, where told
  bool self = false;            // 110
  bool created = false;         // 201
  bool renamed = false;         // 303, or 210 on joining
  bool kicked = false;          // 307, not 333
  bool banned = false;          // 301
  bool removed = false;         // 321, 322: the room changed its mind
  bool shutting_down = false;   // 332: its service is
  bool open_addresses = false;  // 100: everybody sees everybody's address
  bool destroyed = false;
  std::string moved_to;  // the room that replaces a destroyed one

  // Equal for all copies of one change.
  std::uint32_t key() const;
  change_log::name name() const { return {key(), change_log::of_nick(nick)}; }
};
room_presence read_room_presence(pugi::xml_node presence);

class room_table {
 public:
  explicit room_table(std::string room) : name_(std::move(room)) {}

  const std::string& name() const { return name_; }

  // --- people -----------------------------------------------------------------------------------
  struct occupant {
    role_set roles;
    bool away = false;
    std::string account;    // only where the room shows addresses to everybody
    std::uint32_t key = 0;  // of the presence last seen
  };
  bool knows(std::string_view nick) const { return people_.find(nick) != people_.end(); }
  const occupant* find(std::string_view nick) const;
  std::size_t size() const { return people_.size(); }
  // The members event in its parts, `self` marked.
  std::vector<event_ptr> describe(std::string_view self) const;
  std::vector<member> members(std::string_view self) const;

  // --- the log of changes -----------------------------------------------------------------------
  using position = change_log::position;
  // Behind all changes so far.
  position present() const { return changes_.end(); }
  // Whether any session is in the room, so that the table is kept up.
  bool is_live() const { return live_ > 0; }
  // A session has got everybody's presence and its own. Fills the table if nobody keeps it up, and
  // tells where in the log the session's own view begins.
  position enter(const std::vector<room_presence>& everybody, const room_presence& own, unix_ms at,
                 steady_ms now);
  void leave();
  // The event of a change that has this key, applying it if this is the first copy seen; null if
  // nothing is worth telling. From then on the session at `from` has seen it.
  event_ptr take(const room_presence& change, position& from, unix_ms at, steady_ms now);
  // The same when only the key is known: false if it is not in the log for `from`.
  bool take_known(change_log::name change, position& from, steady_ms now, event_ptr& into) const {
    return changes_.find(change, from, now, into);
  }

  // --- topic ------------------------------------------------------------------------------------
  void set_topic(topic_event topic) { topic_ = std::move(topic); }
  const topic_event& topic() const { return topic_; }

  // --- what the room can do (disco#info) --------------------------------------------------------
  enum class knowledge : std::uint8_t { none, asked, known };
  knowledge features = knowledge::none;
  bool has_archive = false;      // XEP-0313
  bool has_stanza_ids = false;   // XEP-0359: only then are the room's ids genuine
  bool shows_addresses = false;  // not anonymous
  // XEP-0425, in the newest version it speaks: its namespace; null: nobody takes away what others
  // said.
  const char* moderation = nullptr;
  // As an event; null: nothing that not all rooms of the network can do.
  event_ptr own_features() const;
  // `work` is called once the answer is there or can come no more; not if the room refused one.
  void when_answered(std::function<void()> work) { waiting_.push_back(std::move(work)); }
  void end_asking(knowledge now, bool refused);
  std::string title;

  // --- ids --------------------------------------------------------------------------------------
  // A message's own id, the archive's id for it and its author, for the last messages: corrections
  // name the one id, everything else the other, and only the author may change what was said.
  void remember_message(std::string_view own, std::string_view archived, std::string_view author);
  // The same for a message from the archive, unless it is remembered already.
  void remember_replayed(std::string_view own, std::string_view archived, std::string_view author);
  // False if the message is remembered and somebody else wrote it.
  bool may_change(std::string_view id, std::string_view who) const {
    const std::string_view author = author_of(id);
    return author.empty() || author == who;
  }
  // Empty if the message is not remembered.
  std::string_view author_of(std::string_view id) const;
  std::string archived_id(std::string_view own) const;
  std::string own_id(std::string_view archived) const;

 private:
  struct id_pair {
    std::string own;
    std::string archived;
    std::string author;
  };
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  event_ptr apply(const room_presence& change, unix_ms at);
  void put(const room_presence& one);
  void fill(const std::vector<room_presence>& everybody, const room_presence& own);
  joined_event joined(const std::string& nick, const occupant& who, unix_ms at) const;
  // Logs the coming of those who are in the table without it, but for these.
  void log_unlogged(const std::vector<room_presence>& but, const room_presence& own, unix_ms at,
                    steady_ms now);

  static constexpr std::size_t kept_ids = 64;

  std::string name_;
  std::unordered_map<std::string, occupant, hash, std::equal_to<>> people_;
  change_log changes_;
  topic_event topic_;
  std::vector<std::function<void()>> waiting_;
  std::vector<id_pair> ids_;
  std::size_t next_id_ = 0;
  std::size_t live_ = 0;
};

}  // namespace halley::xmpp
