// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the logs of a client's sessions to its held connect or its stream.
#include <algorithm>
#include <utility>

#include "gateway/dialects/bayeux_client.hpp"
#include "gateway/dialects/bayeux_events.hpp"
#include "gateway/dialects/bayeux_names.hpp"

namespace halley {
namespace {

constexpr std::size_t most_at_once = 64 * 1024;

void append_delivery(std::string& out, std::string_view channel, std::string_view data) {
  if (!out.empty()) out += ',';
  out += R"({"channel":")";  // nothing in a channel needs escaping
  out += channel;
  out += R"(","data":)";
  out += data;
  out += '}';
}

// The members of a printed object, after others.
std::string without_brace(std::string_view json) {
  return std::string(json.substr(1));
}

}  // namespace

bool bayeux_client::wants(std::string_view channel) const {
  return std::any_of(subscriptions_.begin(), subscriptions_.end(),
                     [channel](const std::string& one) { return matches(one, channel); });
}

void bayeux_client::flush() {
  if (ended_) return;
  const bool lazy_too = lazy_at_ != 0 && around_.loop.now() >= lazy_at_;
  if (stream_ != nullptr && !acknowledges_) {
    while (stream_ != nullptr && !stream_->is_full()) {
      std::string out;
      if (!gather(out, most_at_once, lazy_too)) break;
      stream_->deliver('[' + out + ']');
      mark_given();
    }
    return arm();
  }
  if (!holds_connect()) return;
  // Asked twice: whether there is something worth an answer, and then for all there is.
  std::vector<std::uint64_t> before;
  for (const auto& leg : legs_) before.push_back(leg->given);
  const std::string extra = extra_;
  std::string out;
  if (!gather(out, most_at_once, lazy_too)) return arm();
  for (std::size_t i = 0; i < legs_.size(); ++i)
    legs_[i]->given = std::max(before[i], legs_[i]->safe);
  extra_ = extra;
  answer_connect(true);
}

// Appends what there is after the cursors and moves them. False, and nothing moved, if it is
// nothing, or all of it can wait.
bool bayeux_client::gather(std::string& out, std::size_t limit, bool lazy_too) {
  // What is given may leave the log: results and the like are taken from it first.
  for (const auto& leg : legs_) leg->scan();
  std::vector<std::uint64_t> before;
  for (const auto& leg : legs_) before.push_back(leg->given);
  bool urgent = !extra_.empty();
  out += extra_;
  for (const auto& leg : legs_)
    if (out.size() < limit && gather_leg(*leg, out, limit)) urgent = true;
  if (out.empty()) {
    // Nothing of this is for the client; it need not be kept.
    if (std::all_of(legs_.begin(), legs_.end(),
                    [](const auto& leg) { return leg->offered == leg->safe; }))
      mark_given();
    lazy_at_ = 0;
    return false;
  }
  if (!urgent && !lazy_too) {
    for (std::size_t i = 0; i < legs_.size(); ++i)
      legs_[i]->given = std::max(before[i], legs_[i]->safe);
    out.clear();
    if (lazy_at_ == 0) lazy_at_ = around_.loop.now() + lazy_time;
    return false;
  }
  extra_.clear();
  lazy_at_ = 0;
  return true;
}

bool bayeux_client::gather_leg(bayeux_leg& leg, std::string& out, std::size_t limit) {
  const session* const of = leg.find();
  if (of == nullptr) return false;
  if (!of->log().can_resume(leg.given)) leg.skip_gap();
  bool urgent = false;
  while (leg.given < of->log().last() && out.size() < limit) render(leg, ++leg.given, out, urgent);
  return urgent;
}

void bayeux_client::render(bayeux_leg& leg, std::uint64_t number, std::string& out, bool& urgent) {
  const event_ptr what = leg.find()->log().at(number);
  const event& value = what->value();
  if (std::holds_alternative<result_event>(value)) {
    urgent = render_result(leg, number, out) || urgent;
    return;
  }
  if (std::holds_alternative<sent_event>(value) || std::holds_alternative<waiting_event>(value)) return;
  const std::size_t size = out.size();
  const network& config = leg.config();
  const std::string& channel = channel_of(what, config);
  const auto tell = [&](std::string_view where) {
    if (wants(where)) append_delivery(out, where, around_.chat.encoded(what));
  };
  tell(channel);
  switch (also_told_at(value)) {
    case also_told::nowhere:
      break;
    case also_told::members:
      tell("/members" + channel.substr(std::string_view("/chat").size()));
      break;
    case also_told::all_members:
      for (const std::string& room : leg.joined()) tell("/members/" + config.name + '/' + room);
      break;
    case also_told::all_rooms:
      for (const std::string& room : leg.joined()) tell("/chat/" + config.name + '/' + room);
      break;
  }
  if (out.size() != size && !is_lazy(value)) urgent = true;
}

// Results are told by replies; as messages only where the reply could not wait for them, and to who
// called a service: CometD's remoteCall() completes on a message with data and the id of the call.
bool bayeux_client::render_result(bayeux_leg& leg, std::uint64_t number, std::string& out) {
  const outbox& log = leg.find()->log();
  const event_ptr what = log.at(number);
  const auto& answer = std::get<result_event>(what->value());
  bayeux_call* const call = leg.find_call(answer.n);
  if (call == nullptr || call->what == bayeux_call::kind::plain) return false;
  call->told = number;
  if (call->what == bayeux_call::kind::late) {
    if (!answer.ok && call->subscribes) std::erase(subscriptions_, call->channel);
    append_delivery(out, "/net/" + leg.config().name, around_.chat.encoded(what));
    return true;
  }
  const bool has_history = call->history >= log.first() && call->history != 0 && answer.ok;
  const event_ptr& data = has_history ? log.at(call->history) : what;
  if (!out.empty()) out += ',';
  out += R"({"channel":")" + call->channel + R"(",)";
  if (!call->id.empty()) out += R"("id":)" + call->id + ',';
  out += R"("successful":)";
  out += answer.ok ? "true" : "false";
  out += R"(,"data":{)" + without_brace(around_.chat.encoded(data)) + '}';
  return true;
}

// --- what has arrived ---------------------------------------------------------------------------

// On a stream what was given counts as arrived.
void bayeux_client::mark_given() {
  for (const auto& leg : legs_) leg->offered = leg->given;
  on_arrived();
}

void bayeux_client::on_arrived() {
  for (const auto& leg : legs_) {
    if (leg->safe == leg->offered) continue;
    leg->safe = leg->offered;
    leg->forget_told(leg->safe);
    if (session* const of = leg->find()) of->acknowledge(leg->reader, leg->safe);
  }
  given_extra_.clear();
}

void bayeux_client::give_again() {
  for (const auto& leg : legs_) leg->given = leg->offered = leg->safe;
  extra_ = joined(std::exchange(given_extra_, {}), extra_);
}

// Batches leave one at a time, each with a connect: either the last one has arrived, or all since
// the one before it goes out again. A number that was never given is as good as the last.
void bayeux_client::on_acknowledged(std::uint64_t batch) {
  if (batch < batch_)
    give_again();
  else
    on_arrived();
}

// Without acknowledgements: who asks again has the answer before, unless the connection by which it
// left knows that some of it has not arrived.
void bayeux_client::settle_last_answer() {
  if (acknowledges_) return;
  const auto last = last_answer_.lock();
  last_answer_.reset();
  const bool is_lost = last && last->to != nullptr && last->to->is_underway();
  if (last) last->on_lost = nullptr;
  if (is_lost)
    give_again();
  else
    on_arrived();
}

void bayeux_client::on_answer_lost() {
  last_answer_.reset();
  give_again();
  flush();
}

// Its log goes away with it: what the client has not got is kept here.
void bayeux_client::on_leg_over(bayeux_leg& of) {
  if (ended_) return;
  const session* const session = of.find();
  if (session == nullptr) return;
  bool urgent = false;
  of.given = std::max(of.given, session->log().first() - 1);
  while (of.given < session->log().last()) render(of, ++of.given, extra_, urgent);
  of.safe = of.offered = of.given;
  flush();
}

}  // namespace halley
