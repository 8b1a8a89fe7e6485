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

bool leg::is_own_id(std::string_view id) const {
  char text[24];
  const int size = std::snprintf(text, sizeof text, "h%llx-",
                                 static_cast<unsigned long long>(id_prefix_));
  return id.starts_with(std::string_view(text, static_cast<std::size_t>(size)));
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
  if (!send(std::move(stanza))) {
    give_up(id, {failure_code::lost, "The connection to the network was lost.", ""});
  }
}

void leg::expect(const std::string& id, std::string_view from, asked what, std::uint64_t n,
                 handler then) {
  waiting made;
  made.id = id;
  made.from = from;
  made.what = what;
  made.n = n;
  made.deadline = now() + allowed;
  made.then = std::move(then);
  waiting_.push_back(std::move(made));
  if (!timer_.armed()) arm();
}

void leg::expect_said(const std::string& id, const std::string& to, std::uint64_t n, awaited sign,
                      bool is_line, handler then) {
  expect(id, to, asked::speak, n, std::move(then));
  waiting_.back().number = out_.last_sent() + 1;
  waiting_.back().sign = sign;
  waiting_.back().is_line = is_line;
}

void leg::arm() {
  timer_.cancel();
  if (waiting_.empty()) {
    waiting_.shrink_to_fit();
    std::vector<stream_management::unacked>().swap(unsure_);
    return;
  }
  steady_ms first = waiting_.front().deadline;
  for (const waiting& one : waiting_) first = std::min(first, one.deadline);
  timer_.arm(loop().timers(), first);
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
  std::vector<std::string> overdue_in;
  for (std::size_t i = 0; i < waiting_.size();) {
    waiting& one = waiting_[i];
    if (one.deadline > now()) {
      ++i;
      continue;
    }
    if (one.sign == awaited::reflection && !one.in_doubt && overdue != nullptr) {
      one.in_doubt = true;
      one.deadline = now() + doubted;
      overdue_in.push_back(one.from);
      ++i;
      continue;
    }
    const waiting late = std::move(one);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    remember_given_up(late);
    if (late.then) late.then(answer);
    i = 0;  // the handler may have changed the list
  }
  arm();
  for (const std::string& room : overdue_in) overdue->on_overdue(room);
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

std::function<void()> leg::while_alive(std::function<void()> work) {
  if (!alive_) alive_ = std::make_shared<int>(0);
  return [alive = std::weak_ptr<int>(alive_), work = std::move(work)] {
    if (!alive.expired()) work();
  };
}

void leg::later(std::function<void()> work) {
  loop().at_batch_end(while_alive(std::move(work)));
}

}  // namespace halley::xmpp
