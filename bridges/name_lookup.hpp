// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looks names up for the links of one network, for all shards: on one thread of its own, where
// waiting hurts nobody, and each answer is kept there as long as it is good. Owned by link_commons.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/dns.hpp"
#include "gateway/base/reactor.hpp"

namespace halley {

class name_lookup {
 public:
  // `resolver`: "address:port", or empty for the system's. The thread begins with the first question.
  explicit name_lookup(std::string resolver) : resolver_(std::move(resolver)) {}
  ~name_lookup() { stop(); }

  // `then` is called from `loop`, which outlives stop(): one answer for each name, in their order.
  void find_services(std::vector<std::string> names, reactor& loop,
                     std::function<void(const std::vector<srv_answer>&)> then);
  void find_addresses(std::string host, reactor& loop,
                      std::function<void(const address_answer&)> then);
  // Waits for the question that is being asked, some seconds at worst; nothing is answered any more.
  void stop();

 private:
  using clock = std::chrono::steady_clock;
  template <class Answer>
  struct kept {
    Answer answer;
    clock::time_point until;
  };
  template <class Answer>
  using memory = std::map<std::string, kept<Answer>>;
  template <class Answer, class Ask>
  static Answer remember(memory<Answer>& known, const std::string& name, Ask ask);
  void post(std::function<void()> work);

  const std::string resolver_;
  memory<srv_answer> services_;        // only on the thread
  memory<address_answer> addresses_;  // only on the thread
  std::mutex lock_;                    // of the thread's beginning and end
  std::unique_ptr<boost::asio::thread_pool> thread_;
  bool stopped_ = false;
};

}  // namespace halley
