// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rooms of one session (XEP-0045): entering and leaving, nick, presence, what is said in them.
// What is the same for all sessions stands in their shared room_table; here is what is the
// session's own: its nick and roles there, how far it has come in entering, its place in the log of
// changes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/decode.hpp"
#include "bridges/xmpp/healing.hpp"
#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/room_table.hpp"

namespace halley::xmpp {

class displayed;

struct joined_room {
  enum class state : std::uint8_t {
    wanted,       // not asked for yet: no connection, or the room service is not known yet
    entering,     // presence sent; others' presence is coming in, ours last (status 110)
    catching_up,  // in; history is coming in, the subject last
    inside
  };
  // What is needed only until the room is entered.
  struct entry {
    std::uint64_t n = 0;  // the join command; 0: none
    std::string id;       // of the presence sent
    std::string wish;     // the nick first asked for
    int tries = 0;
    std::vector<room_presence> people;
    std::vector<event_ptr> history;
  };

  std::shared_ptr<room_table> table;
  std::string nick;
  std::string key;
  std::string topic_id;  // of the topic command under way
  std::unique_ptr<entry> entering;
  std::unique_ptr<room_healing> healing;  // from a loss until what was said meanwhile is told
  event_ptr last_line;                    // told last: where the history is asked from
  room_table::position seen;
  steady_ms heard_at = 0;
  role_set roles;
  state at = state::wanted;

  const std::string& name() const { return table->name(); }
  bool is_in() const { return at == state::catching_up || at == state::inside; }
};

class rooms {
 public:
  rooms(leg& session, healing& heals) : leg_(session), healing_(heals) {}
  ~rooms();

  void join(std::uint64_t n, const std::string& name, const std::string& key);
  void part(std::uint64_t n, const std::string& name, const std::string& text);
  void change_nick(std::uint64_t n, const std::string& nick);
  // Tells the rooms that the session is away or back.
  void announce_presence();
  void describe(std::vector<event_ptr>& into) const;

  // The stream is up, or the room service is known now: enters what is wanted.
  void enter_wanted();
  // The stream is gone: everybody is out, and wants in again.
  void on_lost();
  // The stream goes on after a loss: tells who is in the rooms, as others may have told it already.
  void on_resumed();
  // Asks rooms that have been silent for long whether we are still in (XEP-0410).
  void check_silent();
  // Asks one; `still_in` is called unless the room has forgotten us, which is then entered again.
  void check(joined_room& room, std::function<void()> still_in);

  joined_room* find(std::string_view name);
  // A room by what a browser calls it, only if the session is in it; otherwise null.
  joined_room* find_inside(const std::string& name);
  // The same; otherwise the command fails.
  joined_room* inside(std::uint64_t n, const std::string& name);
  // Room or, for "room/nick", the room of that person; null if not ours.
  joined_room* find_of(std::string_view jid);
  bool empty() const { return rooms_.empty(); }
  displayed* read = nullptr;  // null: nobody keeps what has been read
  const std::vector<std::unique_ptr<joined_room>>& all() const { return rooms_; }
  history_mark mark_of(const joined_room& room) const;
  void remember_line(joined_room& room, const event_ptr& line);
  // A line that was held back, or need not be.
  void tell_now(joined_room& room, const event_ptr& line, const std::string& id, bool own);

  // False: the stanza cannot be parsed.
  bool on_presence(joined_room& room, std::string_view text, const stanza_head& head);
  bool on_groupchat(joined_room& room, std::string_view text, const stanza_head& head);

 private:
  void enter(joined_room& room);
  void ask_features(joined_room& room, bool again);
  void tell_features(joined_room& room);
  event_ptr features_of(const joined_room& room) const;
  void on_refused(const std::string& name, const reply& answer);
  void on_entered(joined_room& room, room_presence own);
  void accept_default_settings(const joined_room& room);
  void claim_nick(joined_room& room, const std::string& gone);
  void on_own_presence(joined_room& room, const room_presence& own);
  void on_own_leaving(joined_room& room, const room_presence& own);
  void on_nick_answer(std::uint64_t n, const failure* why);
  void tell_line(joined_room& room, const event_ptr& line, decoded_message::kind what,
                 const stanza_head& head, pugi::xml_node stanza);
  void tell_own(const event& line, const std::string& id);
  void forget_position(joined_room& room);
  void end_history(joined_room& room);
  void remove(joined_room& room);

  leg& leg_;
  healing& healing_;
  std::vector<std::unique_ptr<joined_room>> rooms_;
  // One nick command at a time: how many rooms have not answered it, and what was wrong.
  std::uint64_t nick_n_ = 0;
  std::size_t nick_open_ = 0;
};

// Our presence for `nick` in a room; open, for more content. `id` may be empty.
xml_writer room_presence_stanza(const leg& session, const std::string& room,
                                const std::string& nick, std::string_view id);

}  // namespace halley::xmpp
