// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/command_reply.hpp"

#include <algorithm>

namespace halley {

awaited_results::awaited_results(const session& of, const inbound& asked)
    : cursor_(of.log().last()) {
  results_.reserve(asked.commands.size());
  for (const auto& one : asked.commands)
    results_.emplace_back(std::visit([](const auto& it) { return it.n; }, one), std::string());
}

bool awaited_results::collect(const dialect& speech, const session& of) {
  const outbox& log = of.log();
  for (cursor_ = std::max(cursor_, log.first() - 1); cursor_ < log.last();) {
    const event_ptr& what = log.at(++cursor_);
    const auto* result = std::get_if<result_event>(&what->value());
    if (result == nullptr) continue;
    for (auto& [n, text] : results_)
      if (n == result->n) text = speech.encoded(what);
  }
  return std::all_of(results_.begin(), results_.end(),
                     [](const auto& one) { return !one.second.empty(); });
}

std::string awaited_results::print() const {
  std::string out = "[";
  for (const auto& [n, text] : results_) {
    if (out.size() > 1) out += ',';
    if (text.empty())
      out += R"({"n":)" + std::to_string(n) + R"(,"pending":true})";
    else
      out += text;
  }
  return out + ']';
}

command_reply::command_reply(const carrier_context& context, session& of, awaited_results results,
                             answer_sink& to)
    : held_answer(context, of, no_reader, to, patience), results_(std::move(results)) {}

void command_reply::on_log_grown() {
  if (results_.collect(context().speech, of())) answer(results_.print());
}

void command_reply::on_over(const failure&) {
  on_time_out();
}

void command_reply::on_time_out() {
  results_.collect(context().speech, of());
  answer(results_.print());
}

}  // namespace halley
