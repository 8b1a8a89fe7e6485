// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a client publishes: lines, data, calls; each carried out once.
#include <algorithm>

#include "gateway/dialects/bayeux_client.hpp"
#include "gateway/dialects/bayeux_names.hpp"
#include "gateway/dialects/chat_commands.hpp"

namespace halley {
namespace {

using nlohmann::json;

constexpr std::size_t most_recent = 64;

std::uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text) | 1;
}

}  // namespace

void bayeux_client::publish(const bayeux_request& asked, const bayeux_place& to) {
  active_at_ = around_.loop.now();
  const auto refuse = [&](const failure& why) {
    to.reply(std::move(bayeux_reply(asked, around_.loop.wall_now()).fail(why, asked.channel)));
  };
  if (!is_channel(asked.channel) || is_pattern(asked.channel))
    return refuse(bad_channel("Not a channel"));
  const json* data = asked.find("data");
  if (data == nullptr) return refuse({failure_code::bad_field, "There is no data", "data"});
  const auto where = parse_address(asked.channel);
  if (!where || where->realm == bayeux_realm::members || where->realm == bayeux_realm::net)
    return refuse({failure_code::not_allowed, "Nothing can be published there", "channel"});
  failure why;
  bayeux_leg* const leg = leg_for(where->network, why);
  if (leg == nullptr) return refuse(why);
  if (where->realm == bayeux_realm::service) return call_service(*leg, where->segment, asked, to);
  const auto name = name_of(*where, leg->config());
  if (!name) return refuse(name.error());
  const bool is_data = where->realm == bayeux_realm::data;
  if (is_data && !data->is_object())
    return refuse({failure_code::bad_field, "The data must have a type and a value", "data"});
  json fields = data->is_object() ? *data : json{{"text", *data}};
  fields["to"] = *name;
  auto what = read_command(is_data ? "data" : "say", fields);
  if (!what) return refuse(what.error());
  say(*leg, *std::move(what), asked, to, std::nullopt);
}

void bayeux_client::announce(const bayeux_request& asked, const bayeux_place& to) {
  const auto where = parse_address(asked.channel);
  failure why;
  bayeux_leg* const leg =
      where && where->realm == bayeux_realm::chat ? leg_for(where->network, why) : nullptr;
  const auto name =
      leg != nullptr ? name_of(*where, leg->config()) : result<std::string, failure>(why);
  const json* data = asked.find("data");
  if (leg == nullptr || !name || data == nullptr || leg->has_joined(where->segment))
    return publish(asked, to);  // which also says what is wrong
  json fields = data->is_object() ? *data : json{{"text", *data}};
  fields["to"] = *name;
  auto what = read_command("say", fields);
  if (!what) return publish(asked, to);
  say(*leg, *std::move(what), asked, to, join_command{*name, {}});
}

void bayeux_client::say(bayeux_leg& leg, command what, const bayeux_request& asked,
                        const bayeux_place& to, std::optional<command> first) {
  const auto task = make_task(asked, to);
  task->missing = 1;
  bayeux_call call;
  call.channel = asked.channel;
  call.id = asked.id;
  call.task = task;
  tasks_.push_back(task);
  std::uint64_t mark = 0;
  const auto before = find_repeat(asked, mark);
  if (before != nullptr && before->network == leg.config().name) {
    leg.repeat(before->n, std::move(what), std::move(call));
  } else {
    if (first) call.then = std::exchange(what, *std::move(first));
    if (leg.submit(std::move(what), std::move(call))) {
      remember(mark, leg);
    } else {
      const failure full{failure_code::too_many, "Too much waits for the network.", ""};
      task->settle(&full, asked.channel);
    }
  }
  leg.scan();
  std::erase_if(tasks_, [](const auto& one) { return one->told; });
  on_presence_change();
}

// Answered at once, so that a slow one holds up nothing; what it found comes as a message.
void bayeux_client::call_service(bayeux_leg& leg, std::string_view verb,
                                 const bayeux_request& asked, const bayeux_place& to) {
  bayeux_reply reply(asked, around_.loop.wall_now());
  const json& data = *asked.find("data");
  auto what = read_command(verb, data.is_object() ? data : json::object());
  if (!what) return to.reply(std::move(reply.fail(what.error(), asked.channel)));
  bayeux_call call;
  call.what = bayeux_call::kind::service;
  call.channel = asked.channel;
  call.id = asked.id;
  std::uint64_t mark = 0;
  const auto before = find_repeat(asked, mark);
  if (before != nullptr && before->network == leg.config().name) {
    if (leg.find_call(before->n) == nullptr)
      leg.repeat(before->n, *std::move(what), std::move(call));
  } else if (leg.submit(*std::move(what), std::move(call))) {
    remember(mark, leg);
  } else {
    reply.fail(429, asked.channel, "Too much waits for the network");
  }
  to.reply(std::move(reply));
}

// --- the same request again ---------------------------------------------------------------------

const bayeux_client::recent* bayeux_client::find_repeat(const bayeux_request& asked,
                                                        std::uint64_t& mark) const {
  if (asked.id.empty()) return nullptr;
  mark = hash_of(asked.id + asked.channel + asked.find("data")->dump());
  const auto at = std::find_if(recent_.begin(), recent_.end(),
                               [mark](const recent& one) { return one.mark == mark; });
  return at == recent_.end() ? nullptr : &*at;
}

void bayeux_client::remember(std::uint64_t mark, const bayeux_leg& leg) {
  if (mark == 0) return;
  if (recent_.size() >= most_recent) recent_.erase(recent_.begin());
  recent_.push_back({mark, leg.config().name, leg.last_n()});
}

// A page that was loaded anew counts its messages from the start again: what has an old id then is
// not an old message.
void bayeux_client::notice_restart(const bayeux_request& connect) {
  const std::string& id = connect.id;
  const bool lower = id.size() < last_connect_id_.size() ||
                     (id.size() == last_connect_id_.size() && id < last_connect_id_);
  if (lower) recent_.clear();
  last_connect_id_ = id;
}

}  // namespace halley
