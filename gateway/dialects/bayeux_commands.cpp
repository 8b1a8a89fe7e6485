// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a client asks of its networks: subscribing is joining, publishing is saying.
#include <algorithm>
#include <functional>

#include "gateway/base/random.hpp"
#include "gateway/dialects/bayeux_client.hpp"
#include "gateway/dialects/bayeux_events.hpp"
#include "gateway/dialects/bayeux_names.hpp"
#include "gateway/dialects/chat_commands.hpp"

namespace halley {
namespace {

using nlohmann::json;

constexpr std::size_t most_extra = 64 * 1024;
// A network that has just thrown a visitor out is not tried again at once.
constexpr steady_ms enter_again_after = 3000;

// Who subscribes is in the room, and leaves it with the last of these subscriptions.
bool is_stay(bayeux_realm realm) {
  return realm == bayeux_realm::chat || realm == bayeux_realm::data;
}

}  // namespace

// --- networks -----------------------------------------------------------------------------------

// The leg on this network, entered now if need be; null and why not.
bayeux_leg* bayeux_client::leg_for(std::string_view network, failure& why) {
  const auto known = std::find_if(legs_.begin(), legs_.end(), [network](const auto& one) {
    return one->config().name == network;
  });
  if (known != legs_.end()) {
    if (!(*known)->is_over()) return known->get();
    if ((*known)->entered_at() + enter_again_after > around_.loop.now()) {
      why = {failure_code::not_online, "The session on this network has ended.", ""};
      return nullptr;
    }
    legs_.erase(known);
  }
  const auto found =
      std::find_if(around_.networks.begin(), around_.networks.end(),
                   [network](const bridge_network* one) { return one->config().name == network; });
  if (found == around_.networks.end()) {
    why = {failure_code::unknown_network, "There is no network of this name here.", "network"};
    return nullptr;
  }
  auto who = identities_.find(network);
  if (who == identities_.end()) who = identities_.find(std::string_view());
  visitor in = from_;
  if (who != identities_.end()) {
    in.nick = who->second.nick;
    in.account = who->second.account;
    in.password = who->second.password;
  }
  // A page that does not know of nicks still gets its visitor in.
  if (in.nick.empty()) in.nick = "guest" + std::to_string(random_u64() % 90000 + 10000);
  auto made = around_.sessions.open(**found, std::move(in));
  if (!made) {
    why = made.error();
    return nullptr;
  }
  bayeux_leg::owner& self = *this;
  legs_.push_back(std::make_unique<bayeux_leg>(self, around_.sessions, **made));
  legs_.back()->set_present(is_present());
  return legs_.back().get();
}

std::shared_ptr<bayeux_task> bayeux_client::make_task(const bayeux_request& asked,
                                                      const bayeux_place& to) {
  active_at_ = around_.loop.now();
  return std::make_shared<bayeux_task>(bayeux_task{to.batch, to.slot,
                                                   bayeux_reply(asked, around_.loop.wall_now()),
                                                   around_.loop.now() + patience, 0, false});
}

void bayeux_client::on_result(bayeux_leg& of, bayeux_call&& done, const result_event& answer) {
  const auto task = done.task;
  if (!answer.ok && done.subscribes) std::erase(subscriptions_, done.channel);
  if (answer.ok && done.then) {
    command next = *std::exchange(done.then, std::nullopt);
    if (of.submit(std::move(next), std::move(done))) return;
    const failure full{failure_code::too_many, "Too much waits for the network.", ""};
    task->settle(&full, of.config().name);
  } else {
    task->settle(answer.ok ? nullptr : &answer.why, done.channel);
  }
  // Callers may be going through the tasks: the next turn of the timer takes it out.
  if (task->told) task->deadline = around_.loop.now();
  arm();
}

// --- subscriptions ------------------------------------------------------------------------------

void bayeux_client::subscribe(const bayeux_request& asked, const bayeux_place& to) {
  const auto task = make_task(asked, to);
  const auto channels = asked.subscriptions(most_subscriptions);
  if (!channels) {
    task->reply.fail(403, asked.channel, "subscription_missing");
    return task->finish();
  }
  if (const json* given = asked.find("subscription"))
    task->reply.add("subscription", given->dump());
  task->missing = 1;
  const json* chat = asked.extension("chat");
  const auto key =
      chat != nullptr && chat->is_object() ? chat->find("key") : json::const_iterator();
  const bool has_key = chat != nullptr && chat->is_object() && key != chat->end();
  subscribing_key_ = has_key && key->is_string() ? key->get<std::string>() : std::string();
  for (const std::string& channel : *channels)
    if (const auto why = subscribe_to(channel, task)) task->settle(&*why, channel);
  subscribing_key_.clear();
  if (!task->told) tasks_.push_back(task);
  task->settle(nullptr, {});
  std::erase_if(tasks_, [](const auto& one) { return one->told; });
  on_presence_change();
  flush();
}

std::optional<failure> bayeux_client::subscribe_to(const std::string& channel,
                                                   const std::shared_ptr<bayeux_task>& task) {
  if (!is_channel(channel)) return bad_channel("Not a channel");
  if (channel.starts_with("/meta/"))
    return failure{failure_code::not_allowed, "Meta channels cannot be subscribed to", "channel"};
  if (channel.starts_with("/service/")) return std::nullopt;  // the client's own affair
  const bool known =
      std::find(subscriptions_.begin(), subscriptions_.end(), channel) != subscriptions_.end();
  if (!known && subscriptions_.size() >= most_subscriptions)
    return failure{failure_code::too_many, "Too many subscriptions", "subscription"};
  if (is_pattern(channel)) {
    if (!known) subscriptions_.push_back(channel);
    return std::nullopt;
  }
  const auto where = parse_address(channel);
  if (!where) return failure{failure_code::no_such_room, "There is no such channel", "channel"};
  failure why;
  bayeux_leg* const leg = leg_for(where->network, why);
  if (leg == nullptr) return why;
  if (where->realm == bayeux_realm::net) {
    if (leg->state() && !known && extra_.size() < most_extra)
      extra_ += (extra_.empty() ? "" : ",") + std::string(R"({"channel":")") + channel +
                R"(","data":)" + around_.chat.encoded(leg->state()) + '}';
    if (!known) subscriptions_.push_back(channel);
    return std::nullopt;
  }
  const auto name = name_of(*where, leg->config());
  if (!name) return name.error();
  const bool joined = leg->has_joined(where->segment);
  bayeux_call call;
  call.channel = channel;
  call.task = task;
  call.subscribes = !known;
  std::optional<command> first;
  if (is_stay(where->realm) && !joined) {
    json fields{{"room", *name}};
    if (!subscribing_key_.empty()) fields["key"] = subscribing_key_;
    auto join = read_command("join", fields);
    if (!join) return join.error();
    first = *std::move(join);
  } else if (where->realm == bayeux_realm::members && joined) {
    first = names_command{*name};  // who has come before is not told any more
  }
  if (!known) subscriptions_.push_back(channel);
  if (!first) return std::nullopt;
  ++task->missing;
  if (leg->submit(*std::move(first), std::move(call))) return std::nullopt;
  --task->missing;
  if (!known) std::erase(subscriptions_, channel);
  return failure{failure_code::too_many, "Too much waits for the network", ""};
}

void bayeux_client::unsubscribe(const bayeux_request& asked, const bayeux_place& to) {
  const auto task = make_task(asked, to);
  const auto channels = asked.subscriptions(most_subscriptions);
  if (!channels) {
    task->reply.fail(403, asked.channel, "subscription_missing");
    return task->finish();
  }
  if (const json* given = asked.find("subscription"))
    task->reply.add("subscription", given->dump());
  task->missing = 1;
  for (const std::string& channel : *channels) unsubscribe_from(channel, task);
  tasks_.push_back(task);
  task->settle(nullptr, {});
  std::erase_if(tasks_, [](const auto& one) { return one->told; });
  on_presence_change();
}

void bayeux_client::unsubscribe_from(const std::string& channel,
                                     const std::shared_ptr<bayeux_task>& task) {
  std::erase(subscriptions_, channel);
  const auto where = parse_address(channel);
  if (!where || !is_stay(where->realm)) return;
  for (const char* realm : {"/chat/", "/data/"}) {
    const std::string other =
        realm + std::string(where->network) + '/' + std::string(where->segment);
    if (std::find(subscriptions_.begin(), subscriptions_.end(), other) != subscriptions_.end())
      return;
  }
  const auto leg = std::find_if(legs_.begin(), legs_.end(), [&where](const auto& one) {
    return one->config().name == where->network;
  });
  if (leg == legs_.end() || !(*leg)->has_joined(where->segment)) return;
  const auto name = name_of(*where, (*leg)->config());
  if (!name) return;
  bayeux_call call;
  call.channel = channel;
  call.task = task;
  ++task->missing;
  if (!(*leg)->submit(part_command{*name, {}}, std::move(call))) --task->missing;
}

}  // namespace halley
