// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/leg.hpp"

#include <algorithm>
#include <cstdio>

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/base/random.hpp"

namespace halley::xmpp {

leg::leg(network_state& shared, bridge_listener& listener, stream& out)
    : shared_(shared),
      listener_(listener),
      out_(out),
      timer_(on_expiry<&leg::on_time_up>, this),
      id_prefix_(random_u64()) {}

leg::~leg() = default;

// Cannot be guessed by others, so that nobody else can answer.
std::string leg::next_id() {
  char text[32];
  const int size =
      std::snprintf(text, sizeof text, "h%llx-%llu", static_cast<unsigned long long>(id_prefix_),
                    static_cast<unsigned long long>(++id_count_));
  return std::string(text, static_cast<std::size_t>(size));
}

xml_writer leg::iq(std::string_view type, std::string_view to, std::string& id) {
  id = next_id();
  xml_writer out("iq");
  out.attribute("type", type).attribute("to", to).attribute("id", id);
  return out;
}

void leg::ask(xml_writer&& stanza, const std::string& id, std::string_view to, asked what,
              handler then) {
  expect(id, to, what, 0, std::move(then));
  if (!send(std::move(stanza))) lose_all();
}

void leg::expect(const std::string& id, std::string_view from, asked what, std::uint64_t n,
                 handler then) {
  waiting_.push_back({id, std::string(from), what, n, now() + allowed, std::move(then)});
  if (!timer_.armed()) arm();
}

void leg::arm() {
  timer_.cancel();
  if (waiting_.empty()) {
    waiting_.shrink_to_fit();
    return;
  }
  // All are allowed the same time, so the first is the earliest.
  timer_.arm(loop().timers(), waiting_.front().deadline);
}

std::optional<leg::waiting> leg::take(std::string_view id) {
  const auto it = std::find_if(waiting_.begin(), waiting_.end(),
                               [id](const waiting& one) { return one.id == id; });
  if (it == waiting_.end()) return std::nullopt;
  waiting found = std::move(*it);
  waiting_.erase(it);
  if (waiting_.empty()) arm();
  return found;
}

void leg::forget(std::string_view id) {
  (void)take(id);
}

// RFC 6120, 8.1.2.1: our own server may leave `from` out, or name itself or our account. A room may
// answer in its own name for somebody in it.
bool leg::may_answer(std::string_view from, std::string_view expected) const {
  const auto is_own = [this](std::string_view address) {
    return address.empty() || address == domain(jid) || bare(address) == bare(jid);
  };
  if (is_own(expected)) return is_own(from);
  return from == expected || bare(from) == bare(expected);
}

bool leg::take_reply(std::string_view id, std::string_view from, pugi::xml_node stanza) {
  const auto it = std::find_if(waiting_.begin(), waiting_.end(),
                               [id](const waiting& one) { return one.id == id; });
  if (it == waiting_.end()) return false;
  if (!may_answer(from, it->from)) return false;
  std::optional<waiting> found = take(id);
  reply answer;
  answer.stanza = stanza;
  answer.ok = stanza.attribute("type").value() != std::string_view("error");
  if (!answer.ok) {
    answer.why = read_stanza_error(stanza, found->what);
    for (const pugi::xml_node one : stanza.child("error").children()) {
      if (one.attribute("xmlns").value() == std::string_view(ns::stanza_errors) &&
          !is(one, "text")) {
        answer.condition = one.name();
        break;
      }
    }
  }
  if (found->then) found->then(answer);
  return true;
}

std::uint64_t leg::take_echo(std::string_view id, pugi::xml_node stanza) {
  std::optional<waiting> found = take(id);
  if (!found) return 0;
  reply answer;
  answer.ok = true;
  answer.stanza = stanza;
  if (found->then) found->then(answer);
  return found->n;
}

void leg::on_time_up() {
  reply answer;
  answer.why = {failure_code::timed_out, "The network did not answer in time.", ""};
  while (!waiting_.empty() && waiting_.front().deadline <= now()) {
    const waiting late = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    if (late.then) late.then(answer);
  }
  arm();
}

void leg::lose_all() {
  reply answer;
  answer.why = {failure_code::lost, "The connection to the network was lost.", ""};
  std::vector<waiting> lost;
  lost.swap(waiting_);
  timer_.cancel();
  for (const waiting& one : lost) {
    if (one.then) one.then(answer);
  }
}

void leg::succeed(std::uint64_t n, std::string message_id) {
  result_event answer;
  answer.n = n;
  answer.id = std::move(message_id);
  settle(std::move(answer));
}

void leg::fail(std::uint64_t n, failure why) {
  result_event answer;
  answer.n = n;
  answer.ok = false;
  answer.why = std::move(why);
  settle(std::move(answer));
}

void leg::settle(result_event answer) {
  if (answer.n != 0) listener_.on_result(std::move(answer));
}

void leg::later(std::function<void()> work) {
  if (!alive_) alive_ = std::make_shared<int>(0);
  loop().at_batch_end([alive = std::weak_ptr<int>(alive_), work = std::move(work)] {
    if (!alive.expired()) work();
  });
}

}  // namespace halley::xmpp
