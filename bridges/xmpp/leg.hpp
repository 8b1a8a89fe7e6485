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

  // --- from the network
  // --------------------------------------------------------------------------- True if `stanza`
  // (an iq result, or any error) was waited for.
  bool take_reply(std::string_view id, std::string_view from, pugi::xml_node stanza);
  // Our own message came back: the command that sent it, and its handler is called with ok.
  std::uint64_t take_echo(std::string_view id, pugi::xml_node stanza);
  // The stream is gone: everything waited for fails.
  void lose_all();

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

 private:
  struct waiting {
    std::string id;
    std::string from;  // who may answer; empty: anybody
    asked what;
    std::uint64_t n;
    steady_ms deadline;
    handler then;
  };
  bool may_answer(std::string_view from, std::string_view expected) const;
  void on_time_up();
  void arm();
  std::optional<waiting> take(std::string_view id);

  static constexpr steady_ms allowed = 20 * 1000;  // for an answer, through federation

  network_state& shared_;
  bridge_listener& listener_;
  stream& out_;
  std::vector<waiting> waiting_;
  wheel_timer timer_;
  std::shared_ptr<int> alive_;
  std::uint64_t id_prefix_;
  std::uint64_t id_count_ = 0;
};

}  // namespace halley::xmpp
