// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session over one request after the other: each is answered as soon as there is something after
// its cursor, or empty when it was held long enough. What was answered is not delivered: the same
// cursor gets the same page again. Also what `script` waits with.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/carriers/held_answer.hpp"

namespace halley {

class long_poll final : public held_answer {
 public:
  // When there is nothing at once; `hold` ms at most.
  long_poll(const carrier_context& context, session& of, const session::start_point& start,
            steady_ms hold, answer_sink& to);
  std::uint64_t reached() const override { return cursor_; }
  void on_log_grown() override;

 private:
  void on_over(const failure& why) override;
  void on_time_out() override;

  std::uint64_t cursor_;
};

}  // namespace halley
