// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/poll.hpp"

#include "gateway/carriers/event_page.hpp"

namespace halley {

std::string answer_poll(const carrier_context& context, session& of,
                        const session::start_point& start, bool knows_its_place) {
  pass_by(of);
  const std::string hello = greeting(context, of, start, knows_its_place);
  return print_page(context, of, start.cursor, context.limits.poll_ms, hello);
}

}  // namespace halley
