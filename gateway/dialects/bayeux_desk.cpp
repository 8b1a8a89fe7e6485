// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bayeux_desk.hpp"

#include <array>

#include "gateway/dialects/json_text.hpp"

namespace halley {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> all_types{
    "websocket", "eventsource", "long-polling", "cross-origin-long-polling", "callback-polling"};

}  // namespace

bayeux_desk::bayeux_desk(const bayeux_surroundings& around, const session_key& key,
                         std::size_t shard, bool offer_script)
    : around_(around), key_(key), shard_(shard), offer_script_(offer_script) {}

// They give back what is counted here while it is still there.
bayeux_desk::~bayeux_desk() {
  const auto all = std::move(clients_);
  clients_.clear();
}

std::shared_ptr<bayeux_client> bayeux_desk::find(std::string_view id) const {
  const auto at = clients_.find(std::string(id));
  return at == clients_.end() ? nullptr : at->second;
}

void bayeux_desk::forget(bayeux_client& gone) {
  const auto address = by_address_.find(gone.address());
  if (address != by_address_.end() && --address->second == 0) by_address_.erase(address);
  clients_.erase(std::string(gone.id()));
}

bool bayeux_desk::take_poll(std::uint64_t browser) {
  if (browser == 0 || around_.settings.polls_per_browser == 0) return true;
  std::size_t& held = polls_[browser];
  if (held >= around_.settings.polls_per_browser) return false;
  ++held;
  return true;
}

void bayeux_desk::leave_poll(std::uint64_t browser) {
  const auto at = polls_.find(browser);
  if (at != polls_.end() && --at->second == 0) polls_.erase(at);
}

bool bayeux_desk::offers(std::string_view type) const {
  for (const std::string_view one : all_types)
    if (one == type) return offer_script_ || type != "callback-polling";
  return false;
}

std::string bayeux_desk::types() const {
  std::string out = "[";
  for (const std::string_view one : all_types) {
    if (!offers(one)) continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, one);
  }
  return out + ']';
}

void bayeux_desk::refuse(const bayeux_request& asked, const bayeux_place& to, int code,
                         std::string_view argument, std::string_view words, const char* reconnect) {
  bayeux_reply reply(asked, around_.loop.wall_now());
  reply.fail(code, argument, words);
  if (reconnect != nullptr) {
    const session_limits& limits = around_.sessions.limits();
    reply.add("advice", print_advice({reconnect, 0, limits.hold_ms, limits.grace_ms, false}));
  }
  to.reply(std::move(reply));
}

// --- taking messages ----------------------------------------------------------------------------

void bayeux_desk::take(const std::shared_ptr<bayeux_batch>& batch,
                       const std::vector<bayeux_request>& asked, const bayeux_arrival& how) {
  bool shakes = false;
  for (const bayeux_request& one : asked) shakes = shakes || one.channel == "/meta/handshake";
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const bayeux_place to{batch, i, asked.size() == 1};
    // Nothing else may ride with a handshake: it would belong to a client that is not known yet.
    if (shakes && asked[i].channel != "/meta/handshake")
      refuse(asked[i], to, 400, asked[i].channel, "Nothing may come with a handshake");
    else
      take_one(asked[i], how, to);
  }
}

void bayeux_desk::take_one(const bayeux_request& asked, const bayeux_arrival& how,
                           const bayeux_place& to) {
  if (asked.channel.empty()) return refuse(asked, to, 400, "", "channel_missing");
  if (asked.channel == "/meta/handshake") return shake_hands(asked, how, to);
  // Exactly these: what only begins like one of them is not one (CVE-2020-11020).
  if (asked.channel == "/meta" || asked.channel.starts_with("/meta/"))
    return take_meta(asked, how, to);
  if (asked.client_id.empty()) return publish_without_client(asked, how, to);
  if (const auto client = find(asked.client_id)) return client->publish(asked, to);
  refuse(asked, to, 402, "", "session_unknown");
}

void bayeux_desk::take_meta(const bayeux_request& asked, const bayeux_arrival& how,
                            const bayeux_place& to) {
  const bool connects = asked.channel == "/meta/connect";
  const bool known = connects || asked.channel == "/meta/disconnect" ||
                     asked.channel == "/meta/subscribe" || asked.channel == "/meta/unsubscribe";
  if (!known) return refuse(asked, to, 404, asked.channel, "Unknown meta channel");
  const auto client = find(asked.client_id);
  if (!client)
    return refuse(asked, to, 402, "", "session_unknown", connects ? "handshake" : nullptr);
  if (asked.channel == "/meta/subscribe") return client->subscribe(asked, to);
  if (asked.channel == "/meta/unsubscribe") return client->unsubscribe(asked, to);
  if (asked.channel == "/meta/disconnect") return client->disconnect(asked, to);
  const std::string type = asked.text("connectionType");
  if (!offers(type)) return refuse(asked, to, 301, type, "Connection type not supported", "retry");
  client->connect(asked, how, to);
}

// --- coming in ----------------------------------------------------------------------------------

// The error of a handshake that cannot be granted.
std::optional<std::string> bayeux_desk::refuse_handshake(const bayeux_request& asked,
                                                         const bayeux_arrival& how) const {
  const std::string version = asked.text("version");
  if (version.empty() || (version != "1" && !version.starts_with("1.")))
    return "300:" + version.substr(0, 16) + ":Only version 1.0 is spoken";
  const json* types = asked.find("supportedConnectionTypes");
  bool common = false;
  if (types != nullptr && types->is_array())
    for (const json& one : *types)
      common = common || (one.is_string() && offers(one.get_ref<const std::string&>()));
  if (!common) return "301::No connection type in common";
  const session_limits& limits = around_.sessions.limits();
  const auto known = by_address_.find(how.from.address);
  if (clients_.size() >= limits.total) return "503::This gateway is full";
  if (known != by_address_.end() && known->second >= limits.per_address)
    return "429::Too many clients from your address";
  return std::nullopt;
}

void bayeux_desk::shake_hands(const bayeux_request& asked, const bayeux_arrival& how,
                              const bayeux_place& to) {
  if (closing_) return refuse(asked, to, 503, "", "The chat service is restarting", "retry");
  bayeux_reply reply(asked, around_.loop.wall_now());
  reply.add("supportedConnectionTypes", types());
  reply.text("version", "1.0");
  reply.text("minimumVersion", "1.0");
  if (const auto why = refuse_handshake(asked, how)) {
    const std::size_t first = why->find(':');
    const std::size_t second = why->find(':', first + 1);
    const session_limits& limits = around_.sessions.limits();
    reply.fail(std::stoi(why->substr(0, first)), why->substr(first + 1, second - first - 1),
               why->substr(second + 1));
    reply.add("advice", print_advice({"none", 0, limits.hold_ms, limits.grace_ms, false}));
    return to.reply(std::move(reply));
  }
  const auto made = std::make_shared<bayeux_client>(key_.make(shard_), around_, *this, how.from);
  const json* chat = asked.extension("chat");
  const auto why = chat != nullptr ? made->introduce(*chat) : std::nullopt;
  bayeux_advice advice = made->advice();
  if (why) {
    made->end({});
    advice.reconnect = "none";
    reply.fail(*why, "handshake_denied").add("advice", print_advice(advice));
    return to.reply(std::move(reply));
  }
  clients_.emplace(made->id(), made);
  ++by_address_[made->address()];
  const json* ack = asked.extension("ack");
  if (ack != nullptr && (ack->is_object() || (ack->is_boolean() && ack->get<bool>()))) {
    made->set_acknowledging();
    // The form that was asked for.
    reply.extension("ack", ack->is_object() ? R"({"enabled":true,"batch":0})" : "true");
  }
  if (const json* timesync = asked.extension("timesync"))
    reply.extension("timesync",
                    print_timesync(*timesync, around_.loop.wall_now(), around_.loop.wall_now()));
  reply.text("clientId", made->id());
  reply.add("advice", print_advice(advice));
  to.reply(std::move(reply));
}

// One client of ours speaks for all of them, under a nick of its own.
void bayeux_desk::publish_without_client(const bayeux_request& asked, const bayeux_arrival& how,
                                         const bayeux_place& to) {
  if (!how.may_publish)
    return refuse(asked, to, 403, asked.channel, "Only who has shaken hands may publish here");
  auto client = announcer_.lock();
  if (!client) {
    visitor from = how.from;
    client = std::make_shared<bayeux_client>(key_.make(shard_), around_, *this, std::move(from));
    client->introduce(json{{"nick", around_.settings.publish_nick}});
    clients_.emplace(client->id(), client);
    ++by_address_[client->address()];
    announcer_ = client;
  }
  client->announce(asked, to);
}

}  // namespace halley
