// SPDX-License-Identifier: GPL-3.0-or-later
//
// One Bayeux client: its subscriptions, its held connect or its stream, and a session on each
// network it uses. A network is entered by the handshake (ext.chat.network) or when a channel of it
// is first used. Deliveries are views on the logs of these sessions: the client has no queue of its
// own. Owned by the bayeux_desk of its shard. Replies and deliveries leave through batches and
// streams.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/dialects/bayeux_leg.hpp"
#include "gateway/dialects/bayeux_messages.hpp"
#include "gateway/dialects/bayeux_settings.hpp"
#include "gateway/session/dialect.hpp"

namespace halley {

class bayeux_client;
class bayeux_desk;

// A connection that takes deliveries whenever there are some: WebSocket, Server-Sent Events.
class bayeux_stream {
 public:
  virtual void bind(const std::shared_ptr<bayeux_client>& who) = 0;
  // An array of messages.
  virtual void deliver(std::string_view messages) = 0;
  // Takes nothing just now; calls on_stream_free() when it does again.
  virtual bool is_full() const = 0;
  // The client is gone, or reads elsewhere.
  virtual void on_unbound() = 0;

 protected:
  ~bayeux_stream() = default;
};

// How a text came in.
struct bayeux_arrival {
  visitor from;                     // address, port, secure
  std::uint64_t browser = 0;        // which browser, as far as can be told; 0: none
  bayeux_stream* stream = nullptr;  // over a WebSocket
  bool may_publish = false;         // has the key to publish without a client
};

// Where a request's reply goes.
struct bayeux_place {
  std::shared_ptr<bayeux_batch> batch;
  std::size_t slot = 0;
  bool alone = true;  // the only message of its text

  void reply(bayeux_reply&& with) const { batch->complete(slot, std::move(with).print()); }
};

// What the clients of a shard share; outlives them.
struct bayeux_surroundings {
  reactor& loop;
  session_table& sessions;
  const std::vector<bridge_network*>& networks;
  const dialect& chat;
  const bayeux_settings& settings;
};

// Who the visitor says he is, for all networks or for one.
struct bayeux_identity {
  std::string nick;
  std::string account;
  std::string password;
};

class bayeux_client final : public std::enable_shared_from_this<bayeux_client>,
                            private bayeux_leg::owner {
 public:
  static constexpr std::size_t most_subscriptions = 256;
  static constexpr steady_ms patience = 8 * 1000;  // a reply comes at the latest after this
  static constexpr steady_ms lazy_time = 2000;
  static constexpr steady_ms crowded_interval = 2000;

  bayeux_client(std::string id, const bayeux_surroundings& around, bayeux_desk& desk, visitor from);
  ~bayeux_client();

  const std::string& id() const { return id_; }
  const std::string& address() const { return from_.address; }

  // What stands in ext.chat of the handshake; enters the network named there.
  std::optional<failure> introduce(const nlohmann::json& chat);
  void set_acknowledging() { acknowledges_ = true; }

  void connect(const bayeux_request& asked, const bayeux_arrival& how, const bayeux_place& to);
  void disconnect(const bayeux_request& asked, const bayeux_place& to);
  void subscribe(const bayeux_request& asked, const bayeux_place& to);
  void unsubscribe(const bayeux_request& asked, const bayeux_place& to);
  void publish(const bayeux_request& asked, const bayeux_place& to);
  // For who is in no room yet: joins it first.
  void announce(const bayeux_request& asked, const bayeux_place& to);

  // Streams. A client has at most one; a new one takes the place of the old.
  void read_on(bayeux_stream& stream);
  void on_stream_free() { flush(); }
  void on_stream_gone(bayeux_stream& stream);

  // Leaves every network; nothing is delivered any more.
  void end(std::string_view reason);

  bayeux_advice advice() const;

 private:
  struct held_connect {
    std::weak_ptr<bayeux_batch> batch;  // expired: none is held
    std::size_t slot = 0;
    std::unique_ptr<bayeux_reply> reply;
    nlohmann::json timesync;  // null: not asked for
    unix_ms came = 0;
    steady_ms deadline = 0;
    std::uint64_t browser = 0;  // counted at the desk; 0: not
  };

  // bayeux_leg::owner
  void on_log_grown(bayeux_leg&) override { flush(); }
  void on_result(bayeux_leg& of, bayeux_call&& done, const result_event& answer) override;
  void on_leg_over(bayeux_leg& of) override;

  // --- deliveries (bayeux_delivery.cpp)
  void flush();
  bool gather(std::string& out, std::size_t limit, bool lazy_too);
  bool gather_leg(bayeux_leg& leg, std::string& out, std::size_t limit);
  void render(bayeux_leg& leg, std::uint64_t number, std::string& out, bool& urgent);
  bool render_result(bayeux_leg& leg, std::uint64_t number, std::string& out);
  void mark_given();
  void on_acknowledged(std::uint64_t batch);
  void on_arrived();
  void give_again();
  void settle_last_answer();
  void on_answer_lost();
  bool wants(std::string_view channel) const;

  // --- the held connect
  void answer_connect(bool with_messages, const char* reconnect = "retry");
  void drop_connect();
  bool holds_connect() const { return !connect_.batch.expired(); }

  // --- commands (bayeux_commands.cpp)
  bayeux_leg* leg_for(std::string_view network, failure& why);
  std::shared_ptr<bayeux_task> make_task(const bayeux_request& asked, const bayeux_place& to);
  std::optional<failure> subscribe_to(const std::string& channel,
                                      const std::shared_ptr<bayeux_task>& task);
  void unsubscribe_from(const std::string& channel, const std::shared_ptr<bayeux_task>& task);
  void call_service(bayeux_leg& leg, std::string_view verb, const bayeux_request& asked,
                    const bayeux_place& to);
  void say(bayeux_leg& leg, command what, const bayeux_request& asked, const bayeux_place& to,
           std::optional<command> first);
  struct recent;
  const recent* find_repeat(const bayeux_request& asked, std::uint64_t& mark) const;
  void remember(std::uint64_t mark, const bayeux_leg& leg);
  void notice_restart(const bayeux_request& connect);

  // --- time
  bool is_present() const;
  void on_presence_change();
  void arm();
  void on_timer();
  void expire_tasks();

  std::string id_;
  const bayeux_surroundings& around_;
  bayeux_desk& desk_;
  visitor from_;
  std::map<std::string, bayeux_identity, std::less<>> identities_;  // "": for all networks
  std::vector<std::string> subscriptions_;
  std::string subscribing_key_;  // of the rooms of the present request
  std::vector<std::unique_ptr<bayeux_leg>> legs_;
  std::vector<std::shared_ptr<bayeux_task>> tasks_;
  held_connect connect_;
  bayeux_stream* stream_ = nullptr;
  std::string extra_;  // deliveries that stand in no log (any more), before all others
  std::string given_extra_;  // those that may have to be given again
  std::weak_ptr<bayeux_batch> last_answer_;  // without acknowledgements: what may still get lost

  // A request that comes twice, resent by a proxy or a browser, is carried out once.
  struct recent {
    std::uint64_t mark = 0;
    std::string network;
    std::uint64_t n = 0;
  };
  std::vector<recent> recent_;
  std::string last_connect_id_;

  wheel_timer timer_;
  steady_ms lazy_at_ = 0;     // something lazy waits until then; 0: nothing
  steady_ms expires_at_ = 0;  // 0: somebody is there
  steady_ms active_at_ = 0;
  std::uint64_t batch_ = 0;  // number of the last batch that awaits its acknowledgement
  bool acknowledges_ = false;
  bool connected_ = false;  // has had a connect
  bool present_ = false;
  bool ended_ = false;
};

}  // namespace halley
