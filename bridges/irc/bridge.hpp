// SPDX-License-Identifier: GPL-3.0-or-later
//
// One session's client on an IRC network: composes the pure parts (registration, translate,
// pending, pacing, shared rooms) over one link. Small while idle: what belongs to logging in, to a
// command under way or to an answer in several lines exists only as long as that.
//
// Its functions stand in bridge.cpp (coming, going, time), bridge_lines.cpp, bridge_replies.cpp,
// bridge_batches.cpp and bridge_services.cpp (what the server says), bridge_rooms.cpp (the rooms I
// sit in), bridge_commands.cpp, bridge_talk.cpp and bridge_modes.cpp (what the visitor asks),
// bridge_settings.cpp (the settings of a room), bridge_echo.cpp (each own line told once), bridge_reading.cpp (what was read), bridge_healing.cpp, bridge_settling.cpp and
// bridge_nick.cpp (what a loss has cost).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/backoff.hpp"
#include "bridges/irc/caps.hpp"
#include "bridges/irc/echo.hpp"
#include "bridges/irc/farewell.hpp"
#include "bridges/irc/healing.hpp"
#include "bridges/irc/network.hpp"
#include "bridges/irc/nick_recovery.hpp"
#include "bridges/irc/pacing.hpp"
#include "bridges/irc/pending.hpp"
#include "bridges/irc/registration.hpp"
#include "bridges/irc/shared_room.hpp"
#include "bridges/irc/translate.hpp"
#include "bridges/link.hpp"
#include "bridges/mark_pacing.hpp"
#include "gateway/session/bridge.hpp"

namespace halley::irc {

class irc_bridge final : public bridge, private link_listener {
 public:
  irc_bridge(irc_network& home, const visitor& who, bridge_listener& listener);
  ~irc_bridge() override;
  irc_bridge(const irc_bridge&) = delete;
  irc_bridge& operator=(const irc_bridge&) = delete;

  void submit(std::uint64_t n, const command& what) override;
  void on_attached(bool attached) override;
  void describe(std::vector<event_ptr>& into) override;
  bool heal(unix_ms since) override;
  void end(std::string_view reason) override;

 private:
  enum class phase : std::uint8_t { connecting, registering, online, waiting, ending, ended };

  struct own_room {
    std::string name;
    std::string key;
    shared_room* table = nullptr;  // while we are in it
    event_ptr last = nullptr;      // the last line told of it, where the network has history
    unix_ms since = 0;             // when it was joined
    unix_ms read_at = 0;           // as the network knows it; 0: it keeps none
    bool was_in = false;           // it was joined once: losing it is told
  };
  // A NAMES reply under way, and on joining what came before it.
  struct arrival {
    std::string room;
    std::vector<shared_member> members;
    formatted topic;
    std::string topic_from;
    unix_ms topic_at = 0;
    bool has_topic = false;
    bool joining = false;
  };
  struct open_batch {
    std::string reference;
    std::string type;
    std::string target;
    std::uint64_t n = 0;  // the command it answers; 0: none
    std::vector<said_event> items;
  };

  // bridge.cpp
  void connect();
  void come_online();
  void lose(login_step step, failure why, fate what = fate::come_back);
  void finish_for_good(failure why);
  void forget_connection();
  void rearm();
  void on_timer();
  void check_keepalive();
  void flush();
  void emit(event what) { deliver(share(std::move(what))); }
  void deliver(event_ptr what);
  event online_now(bool resumed) const;
  event offline_now() const;
  void on_link_up() override;
  void on_link_bytes(std::string_view bytes) override;
  void on_link_down(const link_error& why) override;
  const isupport& names() const { return profile_->support(); }
  steady_ms now() const { return home_.loop().now(); }

  // bridge_lines.cpp
  void take_line(std::string_view line);
  void take_known(std::string_view line, const interner::entry& known);
  void take_new(std::string_view line);
  bool share_line(word what, const message& line, std::string_view bytes);
  void take_personal(word what, const message& line);
  void take_text(word what, const message& line);
  void answer_ctcp(const message& line);
  void take_cap(const message& line);
  void take_fail(word what, const message& line);
  void take_pong(const message& line);
  void take_login(const message& line);

  // bridge_echo.cpp
  void take_own_text(word what, const message& line);
  void take_own_echo(said_event said, std::uint64_t n, std::uint32_t piece);
  void tell_piece(pending_command& asked, std::size_t at, said_event said, bool made_up);
  void tell_without_echo(pending_command& asked);
  void take_own_data(data_event data, std::string_view target);
  void tell_data_without_echo(const pending_command& done);
  bool wait_for_barrier(pending_command& late);
  void tell_sent();
  void tell_waiting(std::uint64_t n);
  told_lines& told();

  // bridge_healing.cpp
  void prepare_healing();
  void begin_healing();
  void heal_room(const own_room& room);
  void ask_history(room_healing& one);
  bool take_history(open_batch& done);
  bool take_history_refusal(const message& fail);
  void tell_gap(room_healing& one, bool heals);
  void tell_replayed(room_healing& one, std::vector<said_event> fresh);
  void end_healing(room_healing& one);
  void end_healing(std::string_view room);
  void on_healing_barrier();
  void give_up_healing();
  void drop_healing();
  bool hold_back(const event_ptr& what);
  room_healing* find_healing(std::string_view room);

  // bridge_settling.cpp
  void set_says_aside();
  bool recognise(said_event& mine);
  void answer_settled(std::uint64_t n);
  void settle(std::string_view room, bool complete);

  // bridge_reading.cpp
  void tell_mark(const mark_pacing::mark& what);
  void tell_due_marks();
  void tell_last_marks();
  void take_marker(const message& line);

  // bridge_nick.cpp
  void recover_nick();
  void watch_for_nick(const event& what);
  bool take_nick_news(int number, const message& line);
  void end_nick_recovery();

  // bridge_rooms.cpp
  own_room* find_room(std::string_view name);
  bool is_in(std::string_view room);
  void take_join(const message& line);
  void take_leave(word what, const message& line);
  void take_own_nick(const message& line);
  void leave_room(std::string_view name);
  void stand_up_everywhere();
  bool leads_a_room() const;
  void apply(word what, const message& line);
  void apply_to(shared_room& room, word what, const message& line);
  arrival& arrival_of(std::string_view room);
  void take_names(const message& line);
  void finish_names(std::string_view room);
  void tell_topic(arrival& from);
  bool drop_refused_room(const message& refusal);
  std::string mask_of(std::string_view nick);
  std::string mask_for(const std::string& who);  // a nick or a mask already

  // bridge_replies.cpp
  void take_numeric(int number, const message& line);
  void take_refusal(const message& line);
  void take_whois(int number, const message& line);
  void take_list_entry(const message& line);
  void take_list(waiting_for which, bool is_end, const message& line);
  void take_topic_reply(int number, const message& line);
  void take_batch(const message& line);
  void end_batch(open_batch&& done);
  open_batch* find_batch(std::string_view reference);
  void collect(open_batch& into, word what, const message& line);
  pending_command* awaited(waiting_for what, std::string_view target);
  void finish(std::uint64_t n);
  void finish(waiting_for what, std::string_view target);
  void refuse(std::uint64_t n, failure why);
  void answer(std::uint64_t n) { listener_.on_result(result_event{n, true, {}, {}, {}}); }

  // bridge_commands.cpp
  bool send(std::uint64_t n, outgoing line, pending_command wait, bool needs_barrier);
  bool send_quietly(outgoing line);
  // Bytes of text that one message to `target` can have, as others see it.
  std::size_t room_for_line(std::string_view word, std::string_view target = {}) const;
  bool check_target(std::uint64_t n, const std::string& to);
  bool check_room(std::uint64_t n, const std::string& room);
  bool check_nick(std::uint64_t n, const std::string& nick);
  void send_mode(std::uint64_t n, const std::string& room, bool set, std::string_view letters,
                 const std::vector<std::string>& values, std::string other);
  void carry_out(std::uint64_t n, const join_command& what);
  void carry_out(std::uint64_t n, const part_command& what);
  void carry_out(std::uint64_t n, const say_command& what);
  void carry_out(std::uint64_t n, const nick_command& what);
  void carry_out(std::uint64_t n, const topic_command& what);
  void carry_out(std::uint64_t n, const names_command& what);
  void carry_out(std::uint64_t n, const list_command& what);
  void carry_out(std::uint64_t n, const whois_command& what);
  void carry_out(std::uint64_t n, const away_command& what);
  void carry_out(std::uint64_t n, const typing_command& what);
  void carry_out(std::uint64_t n, const data_command& what);
  void carry_out(std::uint64_t n, const react_command& what);
  void carry_out(std::uint64_t n, const edit_command& what);
  void carry_out(std::uint64_t n, const retract_command& what);
  void carry_out(std::uint64_t n, const history_command& what);
  void carry_out(std::uint64_t n, const mode_command& what);
  void carry_out(std::uint64_t n, const kick_command& what);
  void carry_out(std::uint64_t n, const invite_command& what);
  void carry_out(std::uint64_t n, const register_command& what);
  void carry_out(std::uint64_t n, const login_command& what);
  void carry_out(std::uint64_t n, const contacts_command& what);
  void carry_out(std::uint64_t n, const raw_command& what);
  void carry_out(std::uint64_t n, const ping_command& what);
  void carry_out(std::uint64_t n, const mark_read_command& what);
  void carry_out(std::uint64_t n, const settings_command& what);
  void change_modes(std::uint64_t n, const mode_command& what);
  void ban(std::uint64_t n, const mode_command& what);
  void ask_list(std::uint64_t n, const mode_command& what);
  void tell_matching(std::uint64_t n, const mode_command& what);
  void finish_mode(std::string_view room);
  bool must_ask_for_tban();
  void take_channel_modes(const message& line);

  // bridge_settings.cpp
  void ask_modes(pending_command wait);
  void keep_modes(std::string_view room, const std::vector<mode_change>& modes);
  void on_modes_told(pending_command& asked);
  void send_changes(const std::string& room, const std::vector<mode_change>& changes);
  void tell_settings(pending_command& asked, std::vector<room_setting> present);
  bool keep_refusal(pending_command& asked, const message& refusal);

  irc_network& home_;
  bridge_listener& listener_;
  visitor who_;  // without its rooms: these are in rooms_
  link link_;
  std::shared_ptr<server_profile> profile_;  // while online
  std::unique_ptr<registration> registration_;
  line_splitter splitter_;
  std::string nick_;
  std::string account_;
  std::vector<own_room> rooms_;
  pending_commands pending_;
  pacing pacing_;
  std::vector<arrival> arrivals_;
  std::vector<open_batch> batches_;
  std::unique_ptr<offline_event> offline_;  // what was told last, while not online
  std::unique_ptr<healing> healing_;        // from a loss until its history is told
  std::unique_ptr<nick_recovery> recovery_;  // while I go by another name than I had
  std::unique_ptr<mark_pacing> marks_;       // for a while after something was read
  std::unique_ptr<told_lines> told_;        // for a while after something was said
  wheel_timer timer_;
  steady_ms deadline_ = INT64_MAX;  // of the phase: login, next attempt, the server's goodbye
  steady_ms last_heard_ = 0;
  steady_ms pinged_at_ = 0;  // 0: no ping of ours under way
  steady_ms online_since_ = 0;
  steady_ms absent_at_ = INT64_MAX;  // when the network is told that the browser is gone
  steady_ms last_ctcp_ = 0;
  std::string away_text_;  // the visitor's own words; empty: not away by these
  std::uint64_t labelled_ = 0;  // the command the present line answers
  std::size_t next_server_;
  std::size_t not_proven_ = 0;  // servers in turn whose TLS has failed, since the visitor was told
  cap_set caps_;
  std::uint16_t mask_size_ = 0;  // of user@host, as others see it; 0: not told
  backoff backoff_;
  phase phase_ = phase::connecting;
  bool was_online_ = false;
  bool attached_ = true;
  bool away_by_us_ = false;
  fate parting_ = fate::come_back;  // the server has said why before it closes
};

}  // namespace halley::irc
