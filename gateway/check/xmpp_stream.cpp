// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/xmpp_stream.hpp"

#include <poll.h>

#include <vector>

namespace halley {

namespace {

// Reads until one of the marks occurs; the position is of no interest, stanzas are small here.
bool read_until(wire& connection, std::string& text, const std::vector<const char*>& marks,
                check_clock::time_point deadline) {
  for (;;) {
    bool open = connection.read(text);
    for (const char* mark : marks)
      if (text.find(mark) != std::string::npos) return true;
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - check_clock::now());
    if (!open || left.count() <= 0 || text.size() > 65536) return false;
    pollfd one{connection.fd(), POLLIN, 0};
    ::poll(&one, 1, static_cast<int>(left.count()));
  }
}

}  // namespace

std::string unknown_host_words(const std::string& to) {
  return "the server does not serve the domain " + to +
         " (host-unknown): is it spelled right, and is there a virtual host for it?";
}

step negotiate_starttls(wire& connection, const network& config, const std::string& to,
                        const std::string& tls_name) {
  const auto start = check_clock::now();
  const auto deadline = start + std::chrono::seconds(config.connect_timeout_s);
  connection.write("<?xml version='1.0'?><stream:stream to='" + to +
                   "' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                   "version='1.0'>");
  std::string text;
  if (!read_until(connection, text, {"</stream:features>", "<stream:error"}, deadline))
    return {"stream", outcome::failed,
            text.empty()
                ? "the server did not answer the stream: is this a client port, and not one "
                  "that wants TLS at once (tls = \"direct\")?"
                : "the server answers, but not as an XMPP server: " + quoted(text),
            ms_since(start)};
  if (text.find("<stream:error") != std::string::npos)
    return {"stream", outcome::failed,
            text.find("<host-unknown") != std::string::npos
                ? unknown_host_words(to)
                : "the server refuses the stream for " + to,
            ms_since(start)};
  if (text.find("<starttls") == std::string::npos)
    return {
        "tls", outcome::failed,
        "the server offers no STARTTLS for " + to + ": it has no certificate for it, or TLS is off",
        ms_since(start)};
  connection.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  text.clear();
  read_until(connection, text, {"<proceed", "<failure", "<stream:error"}, deadline);
  if (text.find("<proceed") == std::string::npos)
    return {"tls", outcome::failed, "the server offers STARTTLS, then refuses it", ms_since(start)};
  step done = connection.start_tls(config, tls_name);
  done.text = "STARTTLS: " + done.text;
  return done;
}

}  // namespace halley
