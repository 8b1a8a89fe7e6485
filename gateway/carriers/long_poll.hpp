// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session over one request after the other: each is answered as soon as there is something after
// its cursor, or empty when it was held long enough.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/carriers/held_answer.hpp"

namespace halley {

class long_poll final : public held_answer {
 public:
  // The answer that can be given at once, if there is something after `cursor`.
  static std::optional<std::string> answer_now(const carrier_context& context, session& of,
                                               std::uint64_t cursor);

  long_poll(const carrier_context& context, session& of, std::uint64_t cursor, answer_sink& to);
  void on_log_grown() override;

 private:
  void on_over(const failure& why) override;
  void on_time_out() override;

  std::uint64_t cursor_;
};

}  // namespace halley
