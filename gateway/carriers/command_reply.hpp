// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands by POST: carried out at once, answered together when all their results are there; after
// some seconds those that are not are called pending (their results come as events).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gateway/carriers/held_answer.hpp"

namespace halley {

// The results of some commands, picked from the session's log: every result is an event there, also
// the refusal of a number too old to be remembered.
class awaited_results {
 public:
  // Before `asked` is submitted to `of`.
  awaited_results(const session& of, const inbound& asked);
  // Looks at what the log has got since; whether all are there.
  bool collect(const dialect& speech, const session& of);
  // The body of the answer, with what is there.
  std::string print() const;

 private:
  std::vector<std::pair<std::uint64_t, std::string>> results_;  // number and its encoded result
  std::uint64_t cursor_;
};

class command_reply final : public held_answer {
 public:
  static constexpr steady_ms patience = 8 * 1000;  // clients that time out allow 10 s

  command_reply(const carrier_context& context, session& of, awaited_results results,
                answer_sink& to);
  std::uint64_t reached() const override { return 0; }  // no reader
  void on_log_grown() override;

 private:
  void on_over(const failure& why) override;
  void on_time_out() override;

  awaited_results results_;
};

}  // namespace halley
