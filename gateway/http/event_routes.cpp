// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which carrier a request for events gets, and how each begins.
#include <array>

#include "gateway/carriers/event_page.hpp"
#include "gateway/carriers/event_stream.hpp"
#include "gateway/carriers/forever_frame.hpp"
#include "gateway/carriers/long_poll.hpp"
#include "gateway/carriers/poll.hpp"
#include "gateway/carriers/xhr_stream.hpp"
#include "gateway/http/carrier_opening.hpp"
#include "gateway/http/chat_answers.hpp"
#include "gateway/http/reading.hpp"
#include "gateway/http/upgrade.hpp"

namespace halley {
namespace {

struct opening {
  http_parts& parts;
  exchange& with;
  const http_request& request;
  session& of;
  const reading& how;

  session::start_point begin_reading() const {
    return of.begin_reading(how.reader, how.since, how.epoch);
  }
};

void open_websocket(const opening& what) {
  const auto head = accept_upgrade(what.parts, what.with, what.request);
  if (!head) return;
  const auto start = what.begin_reading();
  auto [carrier, early] = become<websocket_carrier>(what.parts, what.with);
  carrier.set_heartbeat(what.how.heartbeat);
  carrier.open(*head, what.of, start, early);
}

// nginx buffers answers unless told not to; no-transform keeps others from packing them.
http_response stream_head(std::string_view content_type) {
  http_response head;
  head.content_type = content_type;
  head.fields = {{"Cache-Control", "no-store, no-transform"}, {"X-Accel-Buffering", "no"}};
  head.close = true;
  return head;
}

template <class Stream, class... More>
void open_stream(const opening& what, const http_response& head, More&&... more) {
  const std::string preface = what.with.print_head(head);
  const auto start = what.begin_reading();
  Stream& carrier =
      become<Stream>(what.parts, what.with, std::forward<More>(more)...).carrier;
  carrier.set_heartbeat(what.how.heartbeat);
  carrier.open(preface, what.of, start);
}

template <class Stream>
void open_plain_stream(const opening& what) {
  open_stream<Stream>(what, stream_head(Stream::content_type));
}

void open_forever_frame(const opening& what) {
  using frame = forever_frame_carrier;
  const std::string nonce = frame::make_nonce();
  http_response head = stream_head(frame::content_type);
  head.fields.emplace_back("Content-Security-Policy", frame::policy(nonce, what.how.origin));
  open_stream<frame>(what, head, nonce, frame_owner{what.how.origin, what.how.frame});
}

void wait_for_page(const opening& what, carrier_kind counted_as) {
  what.parts.carried.count(counted_as);
  const auto start = what.begin_reading();
  // Who knows nothing is not kept waiting: the answer says where it is.
  if (!what.how.since || has_page(what.of, start.cursor)) {
    pass_by(what.of);
    const auto& context = what.parts.carriers;
    const std::string hello = greeting(context, what.of, start, what.how.since.has_value());
    return what.with.respond(
        json_response(200, print_page(context, what.of, start.cursor, 0, hello)));
  }
  what.with.hold(std::make_unique<long_poll>(what.parts.carriers, what.of, start, what.how.hold,
                                             what.with));
}

void open_long_poll(const opening& what) {
  wait_for_page(what, carrier_kind::long_poll);
}

void open_script(const opening& what) {
  wait_for_page(what, carrier_kind::script);
}

void open_poll(const opening& what) {
  what.parts.carried.count(carrier_kind::poll);
  const auto start = what.begin_reading();
  const bool knows_its_place = what.how.since.has_value();
  what.with.respond(json_response(
      200, answer_poll(what.parts.carriers, what.of, start, knows_its_place)));
}

// In the order of carrier_kind.
constexpr std::array<void (*)(const opening&), carrier_names.size()> openers{
    open_websocket,
    open_plain_stream<event_stream_carrier>,
    open_plain_stream<xhr_stream_carrier>,
    open_forever_frame,
    open_long_poll,
    open_script,
    open_poll};

void open_carrier(http_parts& parts, exchange& with, http_request& request, const std::string& id,
                  bool over_script) {
  session* const of = find_session(parts, with, request, id);
  if (of == nullptr) return;
  auto how = parse_reading(request, of->limits());
  if (!how) return refuse(parts, with, how.error());
  if (over_script) how->carrier = carrier_kind::script;
  openers[static_cast<std::size_t>(how->carrier)]({parts, with, request, *of, *how});
}

}  // namespace

void answer_events(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  open_carrier(parts, with, request, id, false);
}

void answer_script_events(http_parts& parts, exchange& with, http_request&& request,
                          std::string&& id) {
  open_carrier(parts, with, request, id, true);
}

}  // namespace halley
