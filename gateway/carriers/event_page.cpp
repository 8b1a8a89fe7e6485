// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/event_page.hpp"

namespace halley {
namespace {

// The rest comes with the next request; a phone should not have to take the whole log in one piece.
constexpr std::size_t most_bytes = 128 * 1024;

class passer_by final : public carrier {
 public:
  std::uint64_t reached() const override { return 0; }
  void on_log_grown() override {}
  void on_session_over(const failure*) override {}
};

}  // namespace

bool has_page(const session& of, std::uint64_t cursor) {
  return of.log().last() > cursor && of.log().can_resume(cursor);
}

std::string print_page(const carrier_context& context, const session& of, std::uint64_t cursor,
                       std::int64_t again_ms, std::string_view hello) {
  const outbox& log = of.log();
  std::string events;
  std::uint64_t at = cursor;
  while (has_page(of, cursor) && at < log.last() && events.size() < most_bytes) {
    if (!events.empty()) events += ',';
    events += context.speech.encoded(log.at(++at));
  }
  std::string out = R"({"from":)" + std::to_string(cursor + 1) + R"(,"next":)" +
                    std::to_string(at + 1) + R"(,"events":[)" + events + ']';
  if (again_ms > 0 && events.empty()) out += R"(,"again":)" + std::to_string(again_ms);
  if (!hello.empty()) out.append(R"(,"hello":)").append(hello);
  return out + '}';
}

std::string greeting(const carrier_context& context, const session& of,
                     const session::start_point& start, bool knows_its_place) {
  return knows_its_place ? std::string() : context.speech.hello(of, start);
}

void pass_by(session& of) {
  passer_by reader;
  of.attach(reader);
  of.detach(reader);
}

}  // namespace halley
