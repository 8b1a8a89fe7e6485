// SPDX-License-Identifier: GPL-3.0-or-later
//
// The port to a network: one bridge is one session's client there. A bridge kind (bridges/irc,
// bridges/xmpp) implements `bridge` and `bridge_network`; see bridges/README.md.
//
// One thread: everything here is called on the session's shard. No call re-enters the caller: a
// bridge never calls its listener from inside its constructor, its destructor or submit() of the
// same event (post it with reactor::at_batch_end where an answer is ready at once), except where
// said.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/reactor.hpp"
#include "gateway/chat/command.hpp"
#include "gateway/chat/network.hpp"
#include "gateway/chat/shared_event.hpp"

namespace halley {

// What a bridge tells; implemented by the session. May be called from any bridge callback, any
// number of times; carriers are woken at the end of the batch.
class bridge_listener {
 public:
  // Goes to the outbox as the next number.
  virtual void on_event(event_ptr what) = 0;
  // The line of a say command submitted under n has left for the network as a whole: told to the
  // browser unless the command has its result already.
  virtual void on_sent(std::uint64_t n) = 0;
  // The line of a say command submitted under n will leave so many ms from now, a second or more.
  virtual void on_waiting(std::uint64_t n, std::int64_t ms) = 0;
  // The one answer to a command submitted under n.
  virtual void on_result(result_event answer) = 0;
  // The bridge has ended for good and will call nothing any more; it may be destroyed from the end
  // of the batch on. `why` is what the browser is told.
  virtual void on_ended(failure why) = 0;

 protected:
  ~bridge_listener() = default;
};

class bridge {
 public:
  // Ends at once: sends what is left to say (QUIT, unavailable) on a best effort if end() was not
  // called before.
  virtual ~bridge() = default;

  // Carries one command out. Exactly one on_result(n) follows, later or during the call.
  virtual void submit(std::uint64_t n, const command& what) = 0;

  // Whether any browser is attached; the network may be told (AWAY and back, CSI).
  virtual void on_attached(bool attached) = 0;

  // Appends to `into` the events from which a browser that knows nothing rebuilds the present state:
  // online or offline, then for each room joined (self), topic, members. Personal events, none of
  // them interned.
  virtual void describe(std::vector<event_ptr>& into) = 0;

  // The browser has lost what came since then: asks the network's history for it in every room, and
  // tells it as said events that are `replayed`, then one healed_event a room. False if this network
  // keeps no history: then nothing is told.
  virtual bool heal(unix_ms since) = 0;

  // Leaves the network with this reason; on_ended() follows soon, also if the network does not
  // answer.
  virtual void end(std::string_view reason) = 0;
};

// One network on one shard: what the bridges of its sessions share (interned lines, room and member
// tables, server profiles, TLS context). Outlives its bridges. Owned by the shard.
class bridge_network {
 public:
  virtual ~bridge_network() = default;
  // Starts connecting. The events begin with online or offline. `listener` outlives the bridge.
  virtual std::unique_ptr<bridge> enter(const visitor& who, bridge_listener& listener) = 0;
  // Checks what can be known without a connection (form of nick and rooms, guest or account
  // allowed); nothing if it is fine.
  virtual std::optional<failure> refuse(const visitor& who) const = 0;
  virtual const network& config() const = 0;
  // With what has been learnt of the network since the start, on any shard.
  virtual nick_rule nicks() const = 0;
};

// bridges/bridge_factory.hpp implements this.
// std::unique_ptr<bridge_network> make_bridge_network(const network&, reactor&);

}  // namespace halley
