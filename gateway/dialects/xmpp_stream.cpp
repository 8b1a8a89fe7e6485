// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/xmpp_stream.hpp"

#include <algorithm>
#include <utility>

namespace halley {
namespace {

constexpr std::string_view tls_namespace = "urn:ietf:params:xml:ns:xmpp-tls";
// What a browser may say before the server has been reached: a login, not a conversation.
constexpr std::size_t most_early = 64 * 1024;
constexpr std::string_view in_clear = "The server spoke in clear after TLS.";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Takes the element of this name out of what is directly below the outermost one.
void erase_child(std::string& text, std::string_view name) {
  const std::string opening = "<" + std::string(name);
  for (std::size_t at = 0; (at = text.find(opening, at)) != std::string::npos; ++at) {
    const char after = at + opening.size() < text.size() ? text[at + opening.size()] : '\0';
    if (!is_space(after) && after != '>' && after != '/') continue;
    const std::size_t tag_end = text.find('>', at);
    if (tag_end == std::string::npos) return;
    std::size_t end = tag_end + 1;
    if (text[tag_end - 1] != '/') {
      const std::string closing = "</" + std::string(name) + ">";
      const std::size_t close = text.find(closing, end);
      if (close == std::string::npos) return;
      end = close + closing.size();
    }
    text.erase(at, end - at);
    return;
  }
}

}  // namespace

std::string_view xml_attribute(std::string_view element, std::string_view name) {
  std::string_view found;
  for_xml_attributes(element, [&](std::string_view key, std::string_view value) {
    if (key == name) found = value;
  });
  return found;
}

std::size_t xml_tag_end(std::string_view element) {
  char quote = 0;
  for (std::size_t at = 0; at < element.size(); ++at) {
    const char c = element[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return element.size();
}

std::string without_transport_features(std::string_view features) {
  std::string out(features);
  if (out.find(tls_namespace) != std::string::npos) erase_child(out, "starttls");
  if (out.find("http://jabber.org/features/compress") != std::string::npos)
    erase_child(out, "compression");
  return out;
}

// --- from the browser -----------------------------------------------------------------------------

void xmpp_stream::open(const stream_header& mine, framing_sink& out) {
  if (!opening_) opening_ = std::make_unique<opening>();
  opening_->mine = mine;
  if (state_ == state::running) return run(out);
  if (tunnel_open_) on_open(secure_, out);
}

void xmpp_stream::send(std::string_view element, framing_sink& out) {
  if (closed_) return;
  if (state_ == state::running) return out.to_server(element);
  if (opening_ && opening_->early.size() + element.size() <= most_early) opening_->early += element;
}

void xmpp_stream::close(framing_sink& out) {
  if (closed_) return;
  if (state_ == state::running) out.to_server("</stream:stream>");
  closed_ = true;
}

void xmpp_stream::send_header(framing_sink& out) {
  const stream_header& mine = opening_->mine;
  std::string header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='";
  header += stream_namespace;
  header += '\'';
  const auto add = [&header](std::string_view name, const std::string& value) {
    if (!value.empty()) header.append(" ").append(name).append("=\"").append(value).append("\"");
  };
  add("to", mine.to);
  if (state_ == state::running) add("from", mine.from);  // never in clear before TLS
  add("version", mine.version.empty() ? "1.0" : mine.version);
  add("xml:lang", mine.lang);
  header += '>';
  reader_.restart();
  out.to_server(header);
}

void xmpp_stream::run(framing_sink& out) {
  state_ = state::running;
  send_header(out);
  const std::unique_ptr<opening> done = std::move(opening_);
  if (!done->early.empty()) out.to_server(done->early);
}

// --- the tunnel -----------------------------------------------------------------------------------

void xmpp_stream::on_open(bool secure, framing_sink& out) {
  tunnel_open_ = true;
  secure_ = secure;
  if (!opening_ || state_ == state::running) return;
  state_ = state::waiting;
  if (secure || config_.tls != tls_mode::starttls) return run(out);
  state_ = state::asking_tls;
  send_header(out);
}

void xmpp_stream::on_secure(framing_sink& out) {
  secure_ = true;
  run(out);
}

bool xmpp_stream::take_tls_step(std::string_view text, listener& to, framing_sink& out) {
  const xmpp::stanza_head head = xmpp::read_head(text);
  if (state_ == state::asking_tls && text.find(tls_namespace) != std::string_view::npos) {
    state_ = state::starting_tls;
    out.to_server("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    return true;
  }
  if (state_ == state::starting_tls && head.name == "proceed" && head.space == tls_namespace) {
    // RFC 6120, 5.4.3.3: what follows <proceed/> in clear is not the server's.
    if (reader_.has_unread()) {
      give_up_server(in_clear, to, out);
      return false;
    }
    state_ = state::securing;
    out.start_tls();
    return true;
  }
  give_up_server("The server does not offer TLS, and the settings ask for it.", to, out);
  return false;
}

void xmpp_stream::give_up_server(std::string_view why, listener& to, framing_sink& out) {
  reader_.restart();
  state_ = state::waiting;
  tunnel_open_ = false;
  if (!out.try_other_server()) to.on_trouble(why);
}

void xmpp_stream::from_server(std::string_view bytes, listener& to, framing_sink& out) {
  using piece = xmpp::stanza_reader::piece;
  if (state_ == state::securing) return give_up_server(in_clear, to, out);
  reader_.feed(bytes);
  for (;;) {
    switch (reader_.next()) {
      case piece::more:
        return;
      case piece::header:
        if (state_ == state::running) take_header(reader_.text(), to);
        break;
      case piece::stanza:
        if (state_ == state::running) {
          take_element(reader_.text(), to);
        } else {
          if (!take_tls_step(reader_.text(), to, out) || state_ == state::securing) return;
        }
        break;
      case piece::footer:
        if (state_ != state::running)
          return give_up_server("The server closed the stream before TLS.", to, out);
        return to.on_footer();
      case piece::violation: {
        const std::string why = std::string("The server sent what XMPP forbids: ") + reader_.problem();
        if (state_ != state::running) return give_up_server(why, to, out);
        return to.on_trouble(why);
      }
    }
  }
}

// --- from the server ------------------------------------------------------------------------------

void xmpp_stream::take_header(std::string_view text, listener& to) {
  stream_header header;
  prefixes declared;
  const std::string_view name = xmpp::read_head(text).name;
  declared.stream = name.substr(0, name.find(':') == name.npos ? 0 : name.find(':') + 1);
  for_xml_attributes(text, [&](std::string_view key, std::string_view value) {
    if (key == "from") header.from = value;
    if (key == "to") header.to = value;
    if (key == "id") header.id = value;
    if (key == "version") header.version = value;
    if (key == "xml:lang") header.lang = value;
    if (key.starts_with("xmlns:") && value != stream_namespace)
      declared.others.emplace_back(key.substr(6), value);
  });
  const bool usual = declared.stream == usual_prefix && declared.others.empty();
  prefixes_ = usual ? nullptr : std::make_unique<const prefixes>(std::move(declared));
  to.on_header(header);
}

void xmpp_stream::take_element(std::string_view text, listener& to) {
  const xmpp::stanza_head head = xmpp::read_head(text);
  const std::string alone = standing_alone(text, head);
  const std::string_view prefix = stream_prefix();
  if (!prefix.empty() && head.name.starts_with(prefix)) {
    const std::string_view local = head.name.substr(prefix.size());
    if (local == "features") return to.on_features(without_transport_features(alone));
    if (local == "error") return to.on_stream_error(alone);
  }
  if ((head.name == "enabled" || head.name == "resumed") && head.space.starts_with("urn:xmpp:sm:"))
    resumable_ = true;
  to.on_element(alone);
}

// RFC 7395, 3.3.3: an element in a frame has no stream around it to inherit from.
std::string xmpp_stream::standing_alone(std::string_view element,
                                        const xmpp::stanza_head& head) const {
  std::string out;
  out.reserve(element.size() + 64);
  out.append("<").append(head.name);
  const auto declare = [&out](std::string_view key, std::string_view value) {
    out.append(" ").append(key).append("=\"").append(value).append("\"");
  };
  const std::string_view of_stream = stream_prefix();
  if (!of_stream.empty() && head.name.starts_with(of_stream)) {
    const std::string key = "xmlns:" + std::string(of_stream.substr(0, of_stream.size() - 1));
    if (xml_attribute(element, key).empty()) declare(key, stream_namespace);
  } else if (head.space.empty()) {
    declare("xmlns", client_namespace);
  }
  if (prefixes_) {
    for (const auto& [prefix, space] : prefixes_->others) {
      const bool used = element.find(prefix + ":") != std::string_view::npos;
      if (used && xml_attribute(element, "xmlns:" + prefix).empty())
        declare("xmlns:" + prefix, space);
    }
  }
  out.append(element.substr(1 + head.name.size()));
  return out;
}

}  // namespace halley
