// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/held_answer.hpp"

#include <utility>

namespace halley {

held_answer::held_answer(const carrier_context& context, session& of, reader_tag who,
                         answer_sink& to, steady_ms wait)
    : context_(context), session_(of), sink_(to), timer_(on_expiry<&held_answer::on_timer>, this) {
  reader = who;
  of.attach(*this);
  timer_.arm(context.loop.timers(), context.loop.now() + wait);
}

held_answer::~held_answer() {
  if (attached_) session_.detach(*this);
}

void held_answer::on_session_over(const failure* why) {
  attached_ = false;
  static const failure ended{failure_code::unknown_session, "This session has ended.", ""};
  const failure reason = why != nullptr ? *why : ended;
  on_over(reason);
}

void held_answer::fail(const failure& why) {
  sink_.on_answer(failure_status(why.code), context_.speech.print_failure(why));
}

}  // namespace halley
