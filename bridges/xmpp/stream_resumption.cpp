// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stream management on the wire (XEP-0198): switched on after binding, acknowledgements asked for
// and given, a lost stream taken up again before anything is bound.
//
// Acknowledgements are not talked about with each stanza, because a server that sends <r/> behind
// every line of a room would cost each session a write for each line read. What the server has is
// asked at once after a line somebody said; all else waits a moment and is said once.
#include <pugixml.hpp>

#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/stream.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

constexpr steady_ms moment = 2000;

stream_failure miscounted() {
  return {{failure_code::lost, "The server has acknowledged more than was sent.", ""}, false};
}

}  // namespace

void stream::on_bound() {
  stream_start start;
  start.jid = negotiation_->jid();
  start.offers = negotiation_->offers();
  const bool is_guest = who_->user.empty();
  negotiation_.reset();
  who_.reset();
  state_ = state::ready;
  if (management_) start.unsure = management_->take_unacked();
  if (start.offers.management && !start.jid.empty()) {
    if (!management_) management_ = std::make_unique<stream_management>();
    management_->begin();
    xml_writer enable;
    enable.open("enable", ns::sm);
    // A guest is somebody else after each login, so nobody could resume his stream: the server would
    // only keep a ghost in his rooms.
    if (!is_guest) enable.attribute("resume", "true");
    (void)link_.send(enable.finish());
  } else if (management_) {
    management_->on_refused();
  }
  listener_.on_stream_ready(std::move(start));
}

void stream::resume() {
  state_ = state::resuming;
  xml_writer ask;
  ask.open("resume", ns::sm);
  ask.attribute("h", std::to_string(management_->received()));
  ask.attribute("previd", management_->id());
  (void)link_.send(ask.finish());
}

bool stream::on_resume_piece() {
  const std::weak_ptr<int> epoch = epoch_;
  pugi::xml_document document;
  document.load_buffer(reader_.text().data(), reader_.text().size(), parse_options);
  const pugi::xml_node root = document.document_element();
  if (!is(root, "resumed") && !is(root, "failed")) return true;
  // With a stream that cannot be resumed a server may still tell what it had of it.
  if (const pugi::xml_attribute h = root.attribute("h")) {
    if (!on_acknowledged(h.value())) return false;
    if (epoch.expired()) return false;
  }
  if (is(root, "failed")) {
    state_ = state::logging_in;
    negotiation_->go_on();
    return true;
  }
  negotiation_.reset();
  who_.reset();
  state_ = state::ready;
  management_->on_reported();
  for (const stream_management::unacked& one : management_->kept()) (void)link_.send(one.stanza);
  if (management_->has_unacked()) request_acknowledgement();
  stream_start start;
  start.resumed = true;
  listener_.on_stream_ready(std::move(start));
  return true;
}

bool stream::on_management_piece(std::string_view name) {
  if (!management_ || !management_->is_counting()) return true;
  if (name == "r") {
    report_asked_ = true;
    if (management_->should_report()) report_received();
    arm_talk();
    return true;
  }
  if (name != "a" && name != "enabled" && name != "failed") return true;
  pugi::xml_document document;
  document.load_buffer(reader_.text().data(), reader_.text().size(), parse_options);
  const pugi::xml_node root = document.document_element();
  if (root.attribute("xmlns").value() != std::string_view(ns::sm)) return true;
  if (name == "a") return on_acknowledged(root.attribute("h").value());
  if (name == "enabled") {
    const bool resumable = root.attribute("resume").as_bool();
    management_->on_enabled(resumable ? root.attribute("id").value() : "",
                            root.attribute("location").value());
    return true;
  }
  management_->on_refused();
  listener_.on_stream_acknowledged(management_->acknowledged());
  return true;
}

bool stream::on_acknowledged(std::string_view text) {
  const auto h = read_count(text);
  if (!h || !management_->acknowledge(*h)) {
    end(step(), miscounted());
    return false;
  }
  const std::weak_ptr<int> epoch = epoch_;
  listener_.on_stream_acknowledged(management_->acknowledged());
  return !epoch.expired();
}

void stream::request_acknowledgement() {
  if (!is_acknowledged() || request_wanted_) return;
  request_wanted_ = true;
  loop_.at_batch_end([this, epoch = std::weak_ptr<int>(epoch_)] {
    if (epoch.expired() || !request_wanted_) return;
    request_wanted_ = false;
    if (state_ != state::ready || !management_->has_unacked()) return;
    xml_writer ask;
    ask.open("r", ns::sm);
    management_->on_requested();
    (void)link_.send(ask.finish());
  });
}

void stream::report_received() {
  report_asked_ = false;
  management_->on_reported();
  xml_writer answer;
  answer.open("a", ns::sm).attribute("h", std::to_string(management_->received()));
  (void)link_.send(answer.finish());
}

void stream::arm_talk() {
  if (talk_.armed() || state_ != state::ready) return;
  talk_.arm(loop_.timers(), loop_.now() + moment);
}

void stream::on_talk() {
  if (state_ != state::ready || !is_acknowledged()) return;
  if (report_asked_) report_received();
  if (management_->has_unacked() && !management_->is_requested()) request_acknowledgement();
}

}  // namespace halley::xmpp
