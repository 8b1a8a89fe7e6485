// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of what was waited for when the stream is lost: answers fail, but what somebody said
// may have been heard all the same. It stays in doubt until the stream is resumed, the history shows
// it or shows that it is not there, or the time is up.
#include <algorithm>

#include "bridges/xmpp/leg.hpp"
#include "gateway/base/stanza_reader.hpp"

namespace halley::xmpp {

void leg::on_acknowledged(std::uint64_t number) {
  std::vector<waiting> done;
  for (std::size_t i = 0; i < waiting_.size();) {
    waiting& one = waiting_[i];
    if (one.sign == awaited::answer || one.in_doubt || one.number > number) {
      ++i;
      continue;
    }
    if (one.is_line && !one.told_sent) {
      one.told_sent = true;
      listener_.on_sent(one.n);
    }
    if (one.sign == awaited::reflection) {
      ++i;
      continue;
    }
    done.push_back(std::move(one));
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (done.empty()) return;
  arm();
  reply answer;
  answer.ok = true;
  for (const waiting& one : done) {
    if (one.then) one.then(answer);
  }
}

void leg::pause() {
  for (waiting& one : waiting_) one.deadline = now() + doubted;
  arm();
}

void leg::go_on() {
  for (waiting& one : waiting_) {
    if (!one.in_doubt) one.deadline = now() + allowed;
  }
  arm();
}

void leg::fail_all(std::vector<waiting> lost) {
  reply answer;
  answer.why = {failure_code::lost, "The connection to the network was lost.", ""};
  for (const waiting& one : lost) {
    if (one.then) one.then(answer);
  }
}

void leg::lose_stream() {
  std::vector<waiting> lost;
  std::vector<waiting> kept;
  for (waiting& one : waiting_) {
    if (one.sign == awaited::answer) {
      lost.push_back(std::move(one));
      continue;
    }
    if (!one.in_doubt) one.deadline = now() + doubted;
    one.in_doubt = true;
    kept.push_back(std::move(one));
  }
  waiting_ = std::move(kept);
  arm();
  fail_all(std::move(lost));
}

void leg::lose_all() {
  std::vector<waiting> lost;
  lost.swap(waiting_);
  unsure_.clear();
  timer_.cancel();
  fail_all(std::move(lost));
}

void leg::set_unsure(std::vector<stream_management::unacked> stanzas) {
  if (!waiting_.empty()) unsure_ = std::move(stanzas);
}

std::string_view leg::unsure_stanza(std::string_view id) const {
  for (const stream_management::unacked& one : unsure_) {
    if (read_head(one.stanza).id == id) return one.stanza;
  }
  return {};
}

std::vector<leg::doubt> leg::doubts(std::string_view to) const {
  std::vector<doubt> found;
  for (const waiting& one : waiting_) {
    const bool fits = to.empty() ? one.sign == awaited::acknowledgement : one.from == to;
    if (one.in_doubt && fits) {
      found.push_back({one.id, !unsure_stanza(one.id).empty()});
    }
  }
  return found;
}

void leg::repeat(const std::string& id) {
  const auto one = std::find_if(waiting_.begin(), waiting_.end(),
                                [&id](const waiting& entry) { return entry.id == id; });
  if (one == waiting_.end()) return;
  one->in_doubt = false;
  one->deadline = now() + allowed;
  one->number = out_.last_sent() + 1;
  const std::string stanza(unsure_stanza(id));
  std::erase_if(unsure_, [&id](const auto& entry) { return read_head(entry.stanza).id == id; });
  arm();
  if (out_.send_raw(stanza)) out_.request_acknowledgement();
}

void leg::give_up(std::string_view id, failure why) {
  const std::optional<waiting> found = take(id);
  if (!found) return;
  remember_given_up(*found);
  if (!found->then) return;
  reply answer;
  answer.why = std::move(why);
  found->then(answer);
}

void leg::remember_given_up(const waiting& one) {
  constexpr std::size_t kept = 16;
  if (one.sign == awaited::answer) return;
  if (given_up_.size() == kept) given_up_.erase(given_up_.begin());
  given_up_.push_back(one.id);
}

bool leg::was_given_up(std::string_view id) const {
  return std::find(given_up_.begin(), given_up_.end(), id) != given_up_.end();
}

void leg::give_up_all(std::string_view to, const failure& why) {
  for (const doubt& one : doubts(to)) give_up(one.id, why);
}

}  // namespace halley::xmpp
