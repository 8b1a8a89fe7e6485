// SPDX-License-Identifier: GPL-3.0-or-later
//
// One BOSH session (XEP-0124, XEP-0206): XMPP streams carried over requests that come and go. Puts
// requests in the order of their rid, answers them in that order, repeats answers, keeps what is to
// be said while nobody asks. Pure: time is an argument, answers are calls of the host. Owned by
// whoever owns the tunnels. Requirement numbers (B-.., X-..) are those of tests/conformance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/dialects/bosh_agreement.hpp"
#include "gateway/dialects/bosh_answers.hpp"
#include "gateway/dialects/bosh_keys.hpp"
#include "gateway/dialects/bosh_script.hpp"
#include "gateway/dialects/bosh_stream.hpp"

namespace halley {

// One HTTP request that waits for its answer. Only a name here.
class bosh_reply;

class bosh_session {
 public:
  // How long the first answer may wait for the server's features (D-04).
  static constexpr steady_ms creation_time = 5000;
  // B-41, B-42. COMPAT(stanza.js): opens two polls at once when it starts; only who goes on is
  // stopped.
  static constexpr int most_too_active = 2;

  // Where a stream's bytes go. Both outlive the session.
  struct way {
    const network* config;
    framing_sink* out;
  };
  class host {
   public:
    // Answers a request; the reply is forgotten afterwards. `status` is 200 but for clients of
    // before version 1.6 (B-71).
    virtual void answer(bosh_reply& to, int status, const std::string& content_type,
                        std::string body) = 0;
    // A connection for a further stream (XEP-0124, 16); nothing if that domain is not served, or
    // there is no place.
    virtual std::optional<way> open_way(unsigned stream, std::string_view domain) = 0;
    // That stream is over; `last_words` is what its server should hear.
    virtual void close_way(unsigned stream, std::string_view last_words) = 0;
    // Backpressure: whether that stream's server is read from.
    virtual void read_way(unsigned stream, bool wanted) = 0;
    // Nothing more will be said or taken. `condition` is empty for an orderly end.
    virtual void on_over(std::string_view condition) = 0;

   protected:
    ~host() = default;
  };

  // `first` asks for the session and waits in `reply`. `terms` and `owner` outlive it. The first
  // stream has the number 0.
  bosh_session(const bosh_terms& terms, host& owner, const way& first, std::string sid);
  void begin(const bosh_request& first, bosh_reply& reply, steady_ms now);

  // --- requests
  void take(bosh_request&& request, bosh_reply& reply, steady_ms now);
  // The browser's connection went before its answer; what was meant for it waits for the next (D-07).
  void forget(bosh_reply& gone, steady_ms now);
  // An answer was written, and the connection broke before the client's own kernel had it all: it is
  // there for a repeat, and what it held is said again to a client that goes on (D-07).
  void on_answer_lost(std::uint64_t rid, steady_ms now);

  // --- the tunnels
  void on_open(unsigned stream, bool secure);
  void on_secure(unsigned stream);
  void from_server(unsigned stream, std::string_view bytes, steady_ms now);
  void on_lost(unsigned stream, steady_ms now);
  // Servers that are behind hold the client back: its requests wait.
  void hold_back(bool wanted, steady_ms now);
  void on_shut_down(steady_ms now) { terminate("system-shutdown", now); }

  // --- time
  void on_time(steady_ms now);
  steady_ms next_deadline() const;

  bool is_over() const { return over_; }
  std::string_view last_words(unsigned stream);
  const std::string& sid() const { return sid_; }
  const bosh_agreement& agreed() const { return agreed_; }

 private:
  struct held {
    std::uint64_t rid;
    bosh_reply* reply;  // null: its connection has gone
    steady_ms until;
    bosh_key key;
    bosh_stream* opens = nullptr;  // the stream it has asked for
  };
  struct deferred {
    bosh_request request;
    bosh_reply* reply;
  };

  // --- bosh_session.cpp: requests
  void defer(bosh_request&& request, bosh_reply& reply);
  void take_deferred(steady_ms now);
  bool repeat(const bosh_request& request, bosh_reply& reply, steady_ms now);
  void process(bosh_request&& request, bosh_reply& reply, steady_ms now);
  void carry_out(bosh_request&& request, steady_ms now);
  void say_lost_again();
  bool is_too_active(const bosh_request& request, steady_ms now);
  bool take_ack(const bosh_request& request, steady_ms now);
  void take_pause(std::uint64_t seconds, steady_ms now);
  void open_another(const bosh_request& request, steady_ms now);
  void end_by_client(const bosh_request& request, bosh_stream* named, steady_ms now);
  bosh_stream* find_stream(std::string_view name);
  bosh_stream* find_stream(unsigned id);
  std::size_t stream_count() const;
  template <class Do>
  void for_each_meant(bosh_stream* named, Do&& act);

  // --- bosh_session_answers.cpp: answers
  bool is_asked() const;
  void flush(steady_ms now);
  void flush_news(steady_ms now);
  void flush_ended(steady_ms now);
  void answer_oldest(bosh_answer what, steady_ms now, bosh_stream* of = nullptr, bool keep = true);
  void refuse(bosh_reply& reply, std::string_view condition);
  void terminate(std::string_view condition, steady_ms now);
  void close_stream(bosh_stream& which);
  void set_pace(bosh_stream& of);
  steady_ms granted() const;

  const bosh_terms& terms_;
  host& host_;
  std::string sid_;
  bosh_agreement agreed_;
  bosh_keys keys_;
  bosh_answers answers_;
  std::forward_list<bosh_stream> streams_;  // at least one, until it is over
  std::unique_ptr<bosh_octets> octets_;     // of a script session
  std::vector<held> held_;                  // in order of rid; a few
  std::forward_list<deferred> early_;       // behind a gap, or behind a slow server
  std::uint64_t rid_ = 0;                   // the highest with no gap before it
  steady_ms silent_since_ = 0;  // nobody asks since then
  steady_ms asked_at_ = 0;      // the last request
  std::uint32_t pause_ = 0;     // s of inactivity granted once; 0: the normal time
  unsigned next_stream_ = 1;
  std::uint8_t too_active_ = 0;
  bool created_ = false;  // the creation has been answered
  bool last_was_empty_ = false;
  bool held_back_ = false;
  bool over_ = false;
};

}  // namespace halley
