// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/name_lookup.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace halley {
namespace {

// A wave of logins asks once; a record that is changed is seen soon, whatever its TTL says.
constexpr std::uint32_t least_kept_s = 1;
constexpr std::uint32_t most_kept_s = 300;
constexpr std::uint32_t failure_kept_s = 5;

}  // namespace

template <class Answer, class Ask>
Answer name_lookup::remember(memory<Answer>& known, const std::string& name, Ask ask) {
  const auto now = clock::now();
  std::erase_if(known, [now](const auto& one) { return one.second.until <= now; });
  const auto found = known.find(name);
  if (found != known.end()) return found->second.answer;
  Answer answer = ask();
  const std::uint32_t seconds = answer.outcome == dns_outcome::found
                                    ? std::clamp(answer.ttl_s, least_kept_s, most_kept_s)
                                    : failure_kept_s;
  known[name] = {answer, clock::now() + std::chrono::seconds(seconds)};
  return answer;
}

void name_lookup::find_services(std::vector<std::string> names, reactor& loop,
                                std::function<void(const std::vector<srv_answer>&)> then) {
  post([this, names = std::move(names), &loop, then = std::move(then)]() mutable {
    std::vector<srv_answer> answers;
    for (const std::string& name : names)
      answers.push_back(
          remember(services_, name, [&] { return ask_srv(name, resolver_); }));
    loop.post([answers = std::move(answers), then = std::move(then)] { then(answers); });
  });
}

void name_lookup::find_addresses(std::string host, reactor& loop,
                                 std::function<void(const address_answer&)> then) {
  post([this, host = std::move(host), &loop, then = std::move(then)]() mutable {
    address_answer answer =
        remember(addresses_, host, [&] { return ask_addresses(host, resolver_); });
    loop.post([answer = std::move(answer), then = std::move(then)] { then(answer); });
  });
}

void name_lookup::post(std::function<void()> work) {
  const std::lock_guard hold(lock_);
  if (stopped_) return;
  if (!thread_) thread_ = std::make_unique<boost::asio::thread_pool>(1);
  boost::asio::post(*thread_, std::move(work));
}

void name_lookup::stop() {
  {
    const std::lock_guard hold(lock_);
    stopped_ = true;
  }
  if (!thread_) return;
  thread_->stop();
  thread_->join();
  thread_.reset();
}

}  // namespace halley
