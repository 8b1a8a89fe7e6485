// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the request-and-answer carriers have in common: an HTTP request that waits for something to
// happen in its session. Owned by the connection, which gets one answer and destroys it during that
// call; destroyed earlier when the browser goes away.
#pragma once

#include <string>

#include "gateway/base/reactor.hpp"
#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/session/carrier.hpp"
#include "gateway/session/session.hpp"

namespace halley {

class answer_sink {
 public:
  // At most once; the held answer does not exist any more afterwards.
  virtual void on_answer(int status, std::string json) = 0;

 protected:
  ~answer_sink() = default;
};

class held_answer : public carrier {
 public:
  virtual ~held_answer();
  held_answer(const held_answer&) = delete;
  held_answer& operator=(const held_answer&) = delete;
  void on_session_over(const failure* why) override;

 protected:
  // Attaches to the session, for a reader or for none; after `wait` ms on_time_out() is called.
  held_answer(const carrier_context& context, session& of, reader_tag who, answer_sink& to,
              steady_ms wait);

  // The session has ended and says nothing more.
  virtual void on_over(const failure& why) = 0;
  virtual void on_time_out() = 0;

  // Both end this object.
  void answer(std::string json) { sink_.on_answer(200, std::move(json)); }
  void fail(const failure& why);

  const carrier_context& context() const { return context_; }
  const session& of() const { return session_; }

 private:
  void on_timer() { on_time_out(); }

  const carrier_context& context_;
  session& session_;
  answer_sink& sink_;
  wheel_timer timer_;
  bool attached_ = true;
};

}  // namespace halley
