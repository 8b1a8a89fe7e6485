// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of a bridge share: who the session is on the network, sending, telling the
// browser, and the answers waited for. An answer is a stanza with our id: an iq result, an error of
// any stanza, or a room's reflection of our own message. One timer, armed only while something is
// pending. Owned by the bridge.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/conditions.hpp"
#include "bridges/xmpp/network_state.hpp"
#include "bridges/xmpp/stream.hpp"
#include "gateway/session/bridge.hpp"

namespace halley::xmpp {

struct reply {
  bool ok = false;
  failure why;                 // when not ok
  std::string_view condition;  // of the error, as the network names it
  pugi::xml_node stanza;       // null when the time is up or the stream is lost
};

// How a stanza we wait for is known to have done its work.
enum class awaited : std::uint8_t {
  answer,          // a result or an error with its id
  reflection,      // something said in a room, which sends it back
  acknowledgement  // something said to a person: the server's word that it has it (XEP-0198)
};

// Told when a room has not sent back in time what was said there.
class overdue_listener {
 public:
  virtual void on_overdue(const std::string& room) = 0;

 protected:
  ~overdue_listener() = default;
};

class leg {
 public:
  using handler = std::function<void(const reply&)>;

  leg(network_state& shared, bridge_listener& listener, stream& out);
  ~leg();
  leg(const leg&) = delete;
  leg& operator=(const leg&) = delete;

  network_state& shared() { return shared_; }
  reactor& loop() { return shared_.loop; }
  unix_ms wall_now() const { return shared_.loop.wall_now(); }
  steady_ms now() const { return shared_.loop.now(); }

  // --- who
  // ----------------------------------------------------------------------------------------
  std::string jid;      // full, while online
  std::string nick;     // what new rooms are joined as
  std::string account;  // bare; empty for guests
  bool is_away = false;
  std::string away_text;

  // --- to the network
  // -----------------------------------------------------------------------------
  std::string next_id();
  // One of ours; of what others show us, only together with our name.
  bool is_own_id(std::string_view id) const;
  bool send(xml_writer&& stanza) { return out_.send(std::move(stanza)); }
  stream& out() { return out_; }
  // <iq> with a fresh id, which is returned in `id`; opened and waiting for its payload.
  xml_writer iq(std::string_view type, std::string_view to, std::string& id);
  // Sends an iq made by iq() and hands its answer to `then`, at the latest when the time is up.
  void ask(xml_writer&& stanza, const std::string& id, std::string_view to, asked what,
           handler then);
  // Waits for an answer to a stanza that has been or will be sent. `n`: the command it carries out.
  void expect(const std::string& id, std::string_view from, asked what, std::uint64_t n,
              handler then);
  void forget(std::string_view id);
  // The same for what the command `n` said in stanza number `number` of the stream. It is not given
  // up with the stream: its fate is then in doubt until the history, or a new stream, settles it.
  // `is_line`: a say command, whose way to the network is told.
  void expect_said(const std::string& id, const std::string& to, std::uint64_t n, awaited sign,
                   bool is_line, handler then);

  // --- from the network
  // --------------------------------------------------------------------------- True if `stanza`
  // (an iq result, or any error) was waited for.
  bool take_reply(std::string_view id, std::string_view from, pugi::xml_node stanza);
  // Our own message came back: the command that sent it, and its handler is called with ok.
  std::uint64_t take_echo(std::string_view id, pugi::xml_node stanza);
  // The server has all stanzas up to this number.
  void on_acknowledged(std::uint64_t number);
  // The stream is lost but may be resumed: everything waits, for a bounded time; then it goes on.
  void pause();
  void go_on();
  // The stream is gone: what is waited for fails, and what was said is in doubt.
  void lose_stream();
  // The session is over: everything fails.
  void lose_all();

  // --- what may or may not have been said
  // -------------------------------------------------------------------------
  struct doubt {
    std::string id;
    bool may_be_repeated;  // the server never had it from the stream that is gone
  };
  // Said in the room `to`; empty: said to persons.
  std::vector<doubt> doubts(std::string_view to) const;
  // Says it again, on this stream.
  void repeat(const std::string& id);
  void give_up(std::string_view id, failure why);
  // Whether what comes back under one of our ids has not been told yet, though nobody waits for it:
  // its command was answered with a failure. Otherwise it has come twice.
  bool was_given_up(std::string_view id) const;
  void give_up_all(std::string_view to, const failure& why);
  // Of a stream that could not be resumed: what the server had not acknowledged.
  void set_unsure(std::vector<stream_management::unacked> stanzas);
  overdue_listener* overdue = nullptr;

  // --- to the browser
  // -----------------------------------------------------------------------------
  void tell(event what) { listener_.on_event(share(std::move(what))); }
  void tell(const event_ptr& what) { listener_.on_event(what); }
  void succeed(std::uint64_t n, std::string message_id = "");
  void fail(std::uint64_t n, failure why);
  void fail(std::uint64_t n, failure_code code, std::string text, std::string field = "") {
    fail(n, failure{code, std::move(text), std::move(field)});
  }
  void settle(result_event answer);
  bridge_listener& listener() { return listener_; }
  // Runs `work` at the end of the batch, unless the bridge is gone by then.
  void later(std::function<void()> work);
  // `work`, doing nothing once the bridge is gone.
  std::function<void()> while_alive(std::function<void()> work);

 private:
  struct waiting {
    std::string id;
    std::string from;  // who may answer; empty: anybody
    asked what;
    std::uint64_t n;
    steady_ms deadline;
    handler then;
    std::uint64_t number = 0;  // of the stanza, where what was said is waited for
    awaited sign = awaited::answer;
    bool is_line = false;
    bool told_sent = false;
    bool in_doubt = false;
  };
  void remember_given_up(const waiting& one);
  void fail_all(std::vector<waiting> lost);
  std::string_view unsure_stanza(std::string_view id) const;
  bool may_answer(std::string_view from, std::string_view expected) const;
  void on_time_up();
  void arm();
  std::optional<waiting> take(std::string_view id);

  static constexpr steady_ms allowed = 20 * 1000;  // for an answer, through federation
  static constexpr steady_ms doubted = 10 * 60 * 1000;  // longer than servers keep a lost stream

  network_state& shared_;
  bridge_listener& listener_;
  stream& out_;
  std::vector<waiting> waiting_;
  std::vector<stream_management::unacked> unsure_;
  std::vector<std::string> given_up_;  // the last ones
  wheel_timer timer_;
  std::shared_ptr<int> alive_;
  std::uint64_t id_prefix_;
  std::uint64_t id_count_ = 0;
};

}  // namespace halley::xmpp
