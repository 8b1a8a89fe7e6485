// SPDX-License-Identifier: GPL-3.0-or-later
//
// What lies between gloox and a wire: STARTTLS made before gloox opens its stream, and the
// connection gloox is given, which notes what gloox would keep to itself.
#pragma once

#include <gloox/connectionbase.h>

#include <string>

#include "gateway/check/wire.hpp"

namespace halley {

// STARTTLS (RFC 6120, 5): the stream is opened, TLS agreed on and made; the client opens its own
// stream afterwards. `tls_name` is what the certificate must carry.
step negotiate_starttls(wire& connection, const network& config, const std::string& to,
                        const std::string& tls_name);

std::string unknown_host_words(const std::string& to);

// The socket as gloox sees it: connected already.
class wire_connection : public gloox::ConnectionBase {
 public:
  explicit wire_connection(wire connection)
      : ConnectionBase(nullptr), wire_(std::move(connection)) {}

  gloox::ConnectionError connect() override {
    m_state = gloox::StateConnected;
    m_handler->handleConnect(this);
    return gloox::ConnNoError;
  }
  bool send(const std::string& data) override { return wire_.write(data); }
  void disconnect() override { m_state = gloox::StateDisconnected; }
  gloox::ConnectionError recv(int) override { return gloox::ConnNoError; }
  gloox::ConnectionError receive() override { return gloox::ConnNoError; }
  void getStatistics(long& in, long& out) override { in = out = 0; }
  gloox::ConnectionBase* newInstance() const override { return nullptr; }

  void move() {
    if (m_state != gloox::StateConnected) return;
    std::string data;
    bool open = wire_.read(data);
    note_mechanisms(data);
    is_unknown_host = is_unknown_host || data.find("<host-unknown") != std::string::npos;
    if (!data.empty()) m_handler->handleReceivedData(this, data);
    if (!open && m_state == gloox::StateConnected)
      m_handler->handleDisconnect(this, gloox::ConnStreamClosed);
  }

  const wire& line() const { return wire_; }
  std::string mechanisms;  // the server's last offer, separated by commas
  bool insists_on_tls = false;
  bool is_unknown_host = false;  // gloox forgets the condition when a text follows it

 private:
  // gloox keeps to itself what was offered when it finds nothing it can use.
  void note_mechanisms(const std::string& data) {
    if (noted_.size() > 65536) return;
    noted_ += data;
    if (noted_.find("</stream:features>") == std::string::npos) return;
    std::string offer;
    const std::string open = "<mechanism>";
    for (std::size_t at = 0; (at = noted_.find(open, at)) != std::string::npos;) {
      at += open.size();
      offer += (offer.empty() ? "" : ", ") + quoted(noted_.substr(at, noted_.find('<', at) - at));
    }
    if (!offer.empty()) mechanisms = offer;
    if (noted_.find("<starttls") != std::string::npos &&
        noted_.find("<required") != std::string::npos)
      insists_on_tls = true;
    noted_.assign(65537, ' ');  // the features before login were all that was wanted
  }

  wire wire_;
  std::string noted_;
};

}  // namespace halley
