// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/long_poll.hpp"

#include <algorithm>
#include <utility>

namespace halley {
namespace {

// The rest comes with the next request; a phone should not have to take the whole log in one piece.
constexpr std::size_t most_bytes = 128 * 1024;

// Somebody who was there just now: his time of grace begins again.
class passer_by final : public carrier {
 public:
  void on_log_grown() override {}
  void on_session_over(const failure*) override {}
};

std::string print_page(const carrier_context& context, const session& of, std::uint64_t cursor) {
  const outbox& log = of.log();
  std::string events;
  std::uint64_t at = cursor;
  while (at < log.last() && events.size() < most_bytes) {
    if (!events.empty()) events += ',';
    events += context.speech.encoded(log.at(++at));
  }
  return R"({"from":)" + std::to_string(cursor + 1) + R"(,"next":)" + std::to_string(at + 1) +
         R"(,"events":[)" + events + "]}";
}

}  // namespace

std::optional<std::string> long_poll::answer_now(const carrier_context& context, session& of,
                                                 std::uint64_t cursor) {
  if (of.log().last() <= cursor) return std::nullopt;
  passer_by reader;
  of.attach(reader);
  of.detach(reader);
  return print_page(context, of, cursor);
}

long_poll::long_poll(const carrier_context& context, session& of, std::uint64_t cursor,
                     answer_sink& to)
    : held_answer(context, of, to, context.limits.hold_ms), cursor_(cursor) {}

void long_poll::on_log_grown() {
  // Events may have come and gone while another reader acknowledged them: the next request learns
  // of the gap, as it asks for what is not there.
  if (of().log().last() > cursor_ && of().log().can_resume(cursor_))
    answer(print_page(context(), of(), cursor_));
  else if (of().log().last() > cursor_)
    on_time_out();
}

void long_poll::on_over(const failure& why) {
  if (of().log().last() > cursor_ && of().log().can_resume(cursor_))
    answer(print_page(context(), of(), cursor_));
  else
    fail(why);
}

void long_poll::on_time_out() {
  const std::string next = std::to_string(cursor_ + 1);
  answer(R"({"from":)" + next + R"(,"next":)" + next + R"(,"events":[]})");
}

}  // namespace halley
