// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/long_poll.hpp"

#include "gateway/carriers/event_page.hpp"

namespace halley {

long_poll::long_poll(const carrier_context& context, session& of,
                     const session::start_point& start, steady_ms hold, answer_sink& to)
    : held_answer(context, of, start.reader, to, hold), cursor_(start.cursor) {}

// Events may have come and gone while another reader acknowledged them: the empty page makes the
// next request ask for what is not there, and learn of the gap.
void long_poll::on_log_grown() {
  if (of().log().last() > cursor_) answer(print_page(context(), of(), cursor_));
}

void long_poll::on_over(const failure& why) {
  if (has_page(of(), cursor_))
    answer(print_page(context(), of(), cursor_));
  else
    fail(why);
}

void long_poll::on_time_out() {
  answer(print_page(context(), of(), cursor_));
}

}  // namespace halley
