// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/stream.hpp"

#include <pugixml.hpp>

#include "bridges/link_home.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

constexpr std::string_view stream_end = "</stream:stream>";

bool is_this_machine(const endpoint& where) {
  return !where.unix_path.empty() || where.host == "localhost" || where.host == "::1" ||
         where.host.compare(0, 4, "127.") == 0;
}

stream_failure broken(std::string text) {
  return {{failure_code::lost, std::move(text), ""}, false};
}

}  // namespace

stream::stream(link_home& home, stream_listener& listener)
    : loop_(home.loop),
      config_(home.config),
      listener_(listener),
      link_(home, *this),
      talk_(on_expiry<&stream::on_talk>, this) {}

stream::~stream() {
  close();
}

void stream::open(const endpoint& where, const visitor& from, const login& who) {
  close();
  who_ = std::make_unique<login>(who);
  who_->may_send_password = config_.tls != tls_mode::none || is_this_machine(where);
  who_->wants_to_resume = can_resume();
  epoch_ = std::make_shared<int>(0);
  heard_at_ = loop_.now();
  state_ = state::linking;
  link_.open(where, from);
}

void stream::close() {
  if (state_ == state::ready) {
    if (is_acknowledged()) report_received();  // XEP-0198, 4: before the end
    (void)link_.send(stream_end);
  }
  drop();
}

void stream::drop() {
  if (state_ == state::closed) return;
  state_ = state::closed;
  talk_.cancel();
  report_asked_ = request_wanted_ = false;
  link_.close();
  reader_.restart();
  negotiation_.reset();
  who_.reset();
  epoch_.reset();
}

bool stream::send(xml_writer&& stanza) {
  return send_raw(stanza.finish());
}

void stream::send_element(xml_writer&& element) {
  if (state_ == state::ready) (void)link_.send(element.finish());
}

bool stream::send_raw(std::string_view stanza) {
  if (state_ != state::ready) return false;
  if (management_) {
    (void)management_->on_sent(stanza);
    if (management_->should_request()) request_acknowledgement();
    arm_talk();
  }
  return link_.send(stanza);
}

login_step stream::step() const {
  switch (state_) {
    case state::asking_tls:
    case state::securing:
      return login_step::tls;
    case state::resuming:
      return login_step::login;
    case state::logging_in:
      return negotiation_ && negotiation_->is_authenticating() ? login_step::sasl
                                                               : login_step::login;
    case state::ready:
      return login_step::running;
    default:
      return login_step::connect;
  }
}

void stream::on_link_up() {
  // Not where SRV records have led us to TLS from the first byte.
  if (config_.tls == tls_mode::starttls && !link_.is_secure()) {
    state_ = state::asking_tls;
    return send_header();
  }
  begin_login();
}

void stream::send_header() {
  std::string header =
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
      "xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to=\"";
  append_escaped(header, who_->domain);
  header += "\">";
  (void)link_.send(header);
}

void stream::begin_login() {
  state_ = state::logging_in;
  reader_.restart();
  negotiation::output& sink = *this;
  negotiation_ = std::make_unique<negotiation>(*who_, sink);
  negotiation_->start();
  if (negotiation_->state() == negotiation::outcome::failed) {
    end(login_step::login, negotiation_->why());
  }
}

void stream::on_negotiation_bytes(const std::string& bytes) {
  (void)link_.send(bytes);
}

void stream::on_link_secure() {
  begin_login();
}

void stream::on_link_down(const link_error& why) {
  const bool begun = state_ >= state::asking_tls && state_ <= state::logging_in;
  const login_step step = begun ? this->step() : why.step;
  end(step, {why.why, false});
}

// Tells at the end of the batch: the link may have called us, and must not die under its own feet.
void stream::end(login_step step, stream_failure why) {
  if (why.elsewhere.empty() && try_other_server()) return;
  if (state_ >= state::logging_in) (void)link_.send(stream_end);
  state_ = state::linking;  // no longer ready; close() below makes it final
  loop_.at_batch_end([this, epoch = std::weak_ptr<int>(epoch_), step, why = std::move(why)] {
    if (epoch.expired()) return;
    close();
    listener_.on_stream_down(step, why);
  });
}

// A server that does not do TLS as it should is passed over, where SRV records name another.
bool stream::try_other_server() {
  if (state_ != state::asking_tls && state_ != state::securing) return false;
  if (!link_.open_next()) return false;
  state_ = state::linking;
  reader_.restart();
  heard_at_ = loop_.now();
  return true;
}

void stream::fail(std::string_view problem) {
  if (state_ != state::ready) return;
  end(login_step::running,
      broken("The server sent something that is not XMPP: " + std::string(problem) + "."));
}

void stream::on_link_bytes(std::string_view bytes) {
  heard_at_ = loop_.now();
  const std::weak_ptr<int> epoch = epoch_;
  reader_.feed(bytes);
  for (;;) {
    const stanza_reader::piece what = reader_.next();
    if (what == stanza_reader::piece::more) return;
    if (!on_piece(what) || epoch.expired()) return;
  }
}

bool stream::on_piece(stanza_reader::piece what) {
  using piece = stanza_reader::piece;
  if (state_ != state::asking_tls && state_ < state::logging_in) return false;
  if (what == piece::violation) {
    end(step(), broken(std::string("The server sent something that is not XMPP: ") +
                       reader_.problem() + "."));
    return false;
  }
  if (what == piece::footer) {
    end(step(), broken("The server closed the stream."));
    return false;
  }
  if (what == piece::stanza && reader_.text().substr(0, 13) == "<stream:error") {
    pugi::xml_document document;
    document.load_buffer(reader_.text().data(), reader_.text().size(), parse_options);
    end(step(), read_stream_error(document.document_element()));
    return false;
  }
  if (state_ == state::asking_tls) return on_tls_piece(what);
  if (state_ == state::logging_in) return on_login_piece(what);
  if (state_ == state::resuming) return on_resume_piece();
  const stanza_head head = read_head(reader_.text());
  if (head.name == "message" || head.name == "presence" || head.name == "iq") {
    if (management_) {
      management_->on_received();
      if (report_asked_ && management_->should_report()) report_received();
    }
    listener_.on_stream_stanza(reader_.text(), head);
    return true;
  }
  return on_management_piece(head.name);
}

// RFC 6120, 5.4: features, <starttls/>, <proceed/>, handshake, a new stream.
bool stream::on_tls_piece(stanza_reader::piece what) {
  if (what == stanza_reader::piece::header) return true;
  pugi::xml_document document;
  document.load_buffer(reader_.text().data(), reader_.text().size(), parse_options);
  const pugi::xml_node root = document.document_element();
  if (is(root, "stream:features")) {
    if (child_in(root, "starttls", ns::tls)) {
      xml_writer ask;
      ask.open("starttls", ns::tls);
      (void)link_.send(ask.finish());
      return true;
    }
    end(login_step::tls, broken("The server offers no encryption (STARTTLS)."));
    return false;
  }
  if (!is(root, "proceed") || reader_.has_unread()) {
    end(login_step::tls,
        broken(is(root, "proceed") ? "Bytes came in clear after TLS was agreed on."
                                   : "The server refused to encrypt the connection."));
    return false;
  }
  state_ = state::securing;
  reader_.restart();
  link_.start_tls();
  return false;
}

bool stream::on_login_piece(stanza_reader::piece) {
  negotiation_->feed(reader_.text());
  switch (negotiation_->state()) {
    case negotiation::outcome::failed:
      end(step(), negotiation_->why());
      return false;
    case negotiation::outcome::may_resume:
      resume();
      return true;
    case negotiation::outcome::bound:
      on_bound();
      return true;
    case negotiation::outcome::going_on:
      if (negotiation_->restarts()) reader_.restart();
      return true;
  }
  return false;
}

}  // namespace halley::xmpp
