// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/xmpp_frames.hpp"

#include <utility>

#include "gateway/base/random.hpp"
#include "gateway/base/xml_text.hpp"

namespace halley {
namespace {

constexpr std::string_view framing_namespace = "urn:ietf:params:xml:ns:xmpp-framing";
// COMPAT(strophe.js): compares the frame with exactly these bytes.
constexpr std::string_view close_frame =
    "<close xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" />";

constexpr std::string_view ask_frame = "<r xmlns=\"urn:halley:resume:1\"/>";
constexpr std::string_view refused_frame =
    "<failed xmlns=\"urn:halley:resume:1\"><item-not-found "
    "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></failed>";

constexpr xmpp::reader_limits frame_limits{xmpp_frames::longest, 64, 64};

}  // namespace

// --- from the browser -----------------------------------------------------------------------------

void xmpp_frames::from_browser(std::string_view frame, framing_sink& out) {
  if (over_ || browser_closed_) return;
  const char* problem = nullptr;
  // RFC 7395, 3.3.3: the first character is "<".
  if (!frame.starts_with('<'))
    return fail("not-well-formed", "A frame begins with <", farewell::malformed, out);
  if (!xmpp::is_one_element(frame, frame_limits, problem))
    return fail(std::string_view(problem).starts_with("a comment") ? "restricted-xml"
                : std::string_view(problem).find("too") != std::string_view::npos
                    ? "policy-violation"
                    : "not-well-formed",
                problem, farewell::malformed, out);
  const xmpp::stanza_head head = xmpp::read_head(frame);
  if (head.space == resume_namespace) return take_resume_frame(head.name, frame, out);
  if (resumption_) {
    resumption_->on_heard();
    out.on_token_read();
  }
  if (head.space == framing_namespace && head.name == "open") return open(frame, out);
  if (head.space == framing_namespace && head.name == "close") return close(out);
  if (head.name == "open" || head.name == "close" || head.name == "stream:stream")
    return fail("invalid-namespace", "RFC 7395, 3.3.2", farewell::malformed, out);
  if (!stream_)
    return fail("not-authorized", "The first frame is <open/>", farewell::malformed, out);
  stream_->send(frame, out);
}

void xmpp_frames::say(std::string_view frame, framing_sink& out) {
  const bool ask = resumption_ && resumption_->on_said(frame);
  out.to_browser(frame);
  if (ask) out.to_browser(ask_frame);
}

void xmpp_frames::open(std::string_view frame, framing_sink& out) {
  stream_header mine;
  mine.to = xml_attribute(frame, "to");
  mine.from = xml_attribute(frame, "from");
  mine.version = xml_attribute(frame, "version");
  mine.lang = xml_attribute(frame, "xml:lang");
  if (!stream_) {
    domain_ = xmpp::decode_references(mine.to);
    if (domain_.empty())
      return fail("improper-addressing", "<open/> has no to", farewell::malformed, out);
    const network* const found = domains_.settings_of(domain_);
    if (found == nullptr || !out.connect(domain_))
      return fail("host-unknown", "This domain is not served here", farewell::malformed, out);
    stream_ = std::make_unique<xmpp_stream>(*found);
  }
  stream_->open(mine, out);
}

void xmpp_frames::close(framing_sink& out) {
  browser_closed_ = true;
  if (stream_) stream_->close(out);
  // The server's own end is awaited, if there is a stream to end (RFC 7395, 3.6).
  if (stream_ && stream_->is_running() && !close_sent_) return;
  if (!std::exchange(close_sent_, true)) say(close_frame, out);
  over_ = true;
  out.end(farewell::finished, {});
}

void xmpp_frames::fail(std::string_view condition, std::string_view text, farewell how,
                       framing_sink& out) {
  if (over_) return;
  over_ = true;
  if (!opened_) {
    stream_header header;
    xmpp::append_escaped(header.from, domain_);
    header.id = random_token(16);
    print_open(header, out);
  }
  std::string error =
      "<stream:error xmlns:stream=\"http://etherx.jabber.org/streams\"><" + std::string(condition) +
      " xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/>";
  if (!text.empty()) {
    error += "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\" xml:lang=\"en\">";
    xmpp::append_escaped(error, text);
    error += "</text>";
  }
  error += "</stream:error>";
  say(error, out);
  if (!std::exchange(close_sent_, true)) say(close_frame, out);
  // Lost with XEP-0198 agreed: the server hears no end, and the client resumes elsewhere.
  if (stream_ && how != farewell::lost) stream_->close(out);
  out.end(how, text);
}

void xmpp_frames::print_open(const stream_header& header, framing_sink& out) {
  opened_ = true;
  std::string text = "<open xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\"";
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text.append(" ").append(name).append("=\"").append(value).append("\"");
  };
  add("from", header.from);
  add("to", header.to);
  add("id", header.id);
  add("version", header.version.empty() ? "1.0" : header.version);
  add("xml:lang", header.lang.empty() ? "en" : header.lang);
  text += " />";
  say(text, out);
}

// --- the tunnel -----------------------------------------------------------------------------------

void xmpp_frames::on_open(bool secure, framing_sink& out) {
  if (stream_) stream_->on_open(secure, out);
}

void xmpp_frames::on_secure(framing_sink& out) {
  if (stream_) stream_->on_secure(out);
}

void xmpp_frames::from_server(std::string_view bytes, framing_sink& out) {
  if (over_ || !stream_) return;
  out_ = &out;
  stream_->from_server(bytes, *this, out);
  out_ = nullptr;
}

void xmpp_frames::on_lost(const failure& why, framing_sink& out) {
  if (over_) return;
  if (!browser_closed_) return fail("remote-connection-failed", why.text, farewell::lost, out);
  over_ = true;
  if (!std::exchange(close_sent_, true)) say(close_frame, out);
  out.end(farewell::finished, {});
}

void xmpp_frames::on_shut_down(framing_sink& out) {
  if (!over_ && opened_ && !close_sent_ && !domains_.successor().empty()) {
    over_ = close_sent_ = true;
    std::string close = "<close xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" see-other-uri=\"";
    xmpp::append_escaped(close, domains_.successor());
    say(close + "\" />", out);
    return out.end(farewell::lost, "This gateway leaves");
  }
  fail("system-shutdown", "The chat service is restarting", farewell::lost, out);
}

// RFC 6120, 4.6.1: white space keeps the server's leg alive; one that is dead breaks when it is
// not acknowledged. There is nothing to ask before the browser has logged in.
void xmpp_frames::on_quiet(unsigned, framing_sink& out) {
  if (stream_ && stream_->is_running() && !stream_->is_closed()) out.to_server(" ");
}

// Without an end of the stream a server that can resume keeps the session (XEP-0198).
std::string_view xmpp_frames::last_words() const {
  const bool say = stream_ && stream_->is_running() && !stream_->is_closed() &&
                   !stream_->can_resume();
  return say ? std::string_view("</stream:stream>") : std::string_view();
}

// --- coming back ----------------------------------------------------------------------------------

void xmpp_frames::take_resume_frame(std::string_view name, std::string_view frame,
                                    framing_sink& out) {
  if (name == "resume") {
    // Only in place of <open/>.
    if (stream_ || !out.resume_other(xml_attribute(frame, "id"), xml_attribute(frame, "h")))
      on_resume_refused(out);
    return;
  }
  out.on_token_read();
  if (name == "enable" && !resumption_) {
    const std::string token = stream_ ? out.offer_resumption() : std::string();
    if (token.empty()) return on_resume_refused(out);
    resumption_ = std::make_unique<xmpp_resumption>();  // from here on this keeps, and nobody else
    out.to_browser(print_resume({"enabled", token, out.grace_seconds(), {}}));
  } else if (name == "r" && resumption_) {
    out.to_browser("<a xmlns=\"urn:halley:resume:1\" h=\"" +
                   std::to_string(resumption_->heard()) + "\"/>");
  } else if (name == "a" && resumption_) {
    const auto count = parse_count(xml_attribute(frame, "h"));
    if (!count || !resumption_->acknowledge(*count))
      fail("policy-violation", "h counts what was never said", farewell::malformed, out);
  }
}

// What the kernel has not seen arrive does not matter here: the page knows better what it has.
void xmpp_frames::on_resumed(missed_frames&, std::string_view has, framing_sink& out) {
  const auto count = parse_count(has);
  const auto frames = count ? resumption_->missed_after(*count) : std::nullopt;
  if (!frames) {
    on_resume_refused(out);
    return fail("resource-constraint", "More was missed than is kept", farewell::malformed, out);
  }
  out.to_browser(print_resume(
      {"resumed", out.offer_resumption(), out.grace_seconds(), resumption_->heard()}));
  for (const std::string& frame : *frames) out.to_browser(frame);
}

void xmpp_frames::on_resume_refused(framing_sink& out) { out.to_browser(refused_frame); }

// --- from the server ------------------------------------------------------------------------------

void xmpp_frames::on_header(const stream_header& header) { print_open(header, *out_); }
void xmpp_frames::on_features(std::string_view features) { say(features, *out_); }
void xmpp_frames::on_element(std::string_view element) { say(element, *out_); }
void xmpp_frames::on_stream_error(std::string_view error) { say(error, *out_); }

void xmpp_frames::on_footer() {
  if (!std::exchange(close_sent_, true)) say(close_frame, *out_);
  stream_->close(*out_);
  over_ = true;
  out_->end(browser_closed_ ? farewell::finished : farewell::lost, "The server closed the stream");
}

void xmpp_frames::on_trouble(std::string_view why) {
  fail("undefined-condition", why, farewell::lost, *out_);
}

}  // namespace halley
