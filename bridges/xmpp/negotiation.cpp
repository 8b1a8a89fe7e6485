// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/negotiation.hpp"

#include <gloox/client.h>
#include <gloox/connectionbase.h>
#include <gloox/connectiondatahandler.h>
#include <gloox/connectionlistener.h>

#include <pugixml.hpp>
#include <sstream>

#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/scram_check.hpp"
#include "bridges/xmpp/xml.hpp"
#include "bridges/xmpp/xml_writer.hpp"
#include "gateway/base/stanza_reader.hpp"

namespace halley::xmpp {

namespace {

constexpr const char* account_id = "account";

stream_failure failed(failure_code code, std::string text, bool final) {
  return {{code, std::move(text), ""}, final};
}

stream_failure from_gloox(gloox::ConnectionError error) {
  switch (error) {
    case gloox::ConnStreamVersionError:
      return failed(failure_code::lost, "The server speaks another version of XMPP.", false);
    case gloox::ConnParseError:
      return failed(failure_code::lost, "The server sent something that is not XMPP.", false);
    case gloox::ConnNoSupportedAuth:
      return failed(failure_code::refused, "The server offers no way to log in that we know.",
                    true);
    case gloox::ConnAuthenticationFailed:
      return failed(failure_code::bad_password,
                    "The server could not prove that it knows the password.", true);
    default:
      return failed(failure_code::lost, "The server broke the login off.", false);
  }
}

}  // namespace

struct negotiation::client final : gloox::ConnectionListener {
  // gloox's idea of a socket.
  class connection final : public gloox::ConnectionBase {
   public:
    connection(gloox::ConnectionDataHandler* reader, client& owner)
        : gloox::ConnectionBase(reader), owner_(owner) {}
    gloox::ConnectionError connect() override {
      m_state = gloox::StateConnected;
      m_handler->handleConnect(this);
      return gloox::ConnNoError;
    }
    bool send(const std::string& data) override {
      owner_.on_send(data);
      return true;
    }
    void receive_piece(std::string_view piece) {
      m_handler->handleReceivedData(this, std::string(piece));
    }
    gloox::ConnectionError recv(int) override { return gloox::ConnNoError; }
    gloox::ConnectionError receive() override { return gloox::ConnNoError; }
    void disconnect() override { m_state = gloox::StateDisconnected; }
    void getStatistics(long int& in, long int& out) override { in = out = 0; }
    gloox::ConnectionBase* newInstance() const override { return nullptr; }

   private:
    client& owner_;
  };

  client(const login& as, output& to)
      : who(as),
        out(&to),
        gloox_client(gloox::JID((as.user.empty() ? "" : as.user + "@") + as.domain), as.password) {
    gloox_client.setServer(as.domain);
    gloox_client.setResource(as.resource);
    gloox_client.setTls(gloox::TLSDisabled);  // the link's business
    gloox_client.setCompression(false);
    gloox_client.disableRoster();
    gloox_client.registerConnectionListener(this);
    socket = new connection(&gloox_client, *this);
    gloox_client.setConnectionImpl(socket);  // takes it
  }
  ~client() override {
    out = nullptr;
    gloox_client.removeConnectionListener(this);
  }

  void onConnect() override {
    if (state == outcome::going_on) state = outcome::bound;
    jid = gloox_client.jid().full();
  }
  void onDisconnect(gloox::ConnectionError error) override { fail(from_gloox(error)); }
  void onResourceBindError(const gloox::Error*) override {
    fail(failed(failure_code::refused, "The server gave us no address for this session.", false));
  }
  void onSessionCreateError(const gloox::Error*) override {
    fail(failed(failure_code::refused, "The server did not open the session.", false));
  }
  bool onTLSConnect(const gloox::CertInfo&) override { return true; }

  void fail(stream_failure reason) {
    if (state != outcome::going_on) return;
    state = outcome::failed;
    why = std::move(reason);
  }

  void on_send(const std::string& data) {
    // Presence is for the session to announce, once it has its rooms.
    if (out == nullptr || state == outcome::failed || data.compare(0, 9, "<presence") == 0) return;
    if (data.compare(0, 5, "<auth") == 0) scram.on_auth(data);
    out->on_negotiation_bytes(data);
  }

  bool keeps(std::string_view mechanism) const {
    if (who.user.empty()) return mechanism == "ANONYMOUS";
    // No -PLUS: the TLS channel is not gloox's to bind. DIGEST-MD5 is historic (RFC 6331).
    return mechanism == "SCRAM-SHA-1" || (mechanism == "PLAIN" && who.may_send_password);
  }

  void explain_mechanisms(bool had_plain) {
    if (who.user.empty()) {
      return fail(
          failed(failure_code::account_needed, "This server does not let guests in.", true));
    }
    fail(failed(failure_code::refused,
                had_plain ? "The server wants the password in clear, and the connection is not "
                            "encrypted."
                          : "The server offers no way to log in that we know (SCRAM-SHA-1, PLAIN).",
                true));
  }

  // Leaves in the features what gloox shall choose from.
  void filter(pugi::xml_node features) {
    offers.csi = offers.csi || child_in(features, "csi", ns::csi);
    offers.registration = offers.registration || features.child("register");
    offers.management = offers.management || child_in(features, "sm", ns::sm);
    for (const char* name : {"starttls", "compression", "sm", "register", "csi"}) {
      while (features.remove_child(name)) {
      }
    }
    if (features.child("session").child("optional")) features.remove_child("session");
    const pugi::xml_node mechanisms = features.child("mechanisms");
    if (!mechanisms || authenticated) return;
    authenticating = true;
    bool any = false;
    bool had_plain = false;
    for (pugi::xml_node one = mechanisms.first_child(); one;) {
      const pugi::xml_node following = one.next_sibling();
      had_plain = had_plain || std::string_view(one.child_value()) == "PLAIN";
      if (keeps(one.child_value())) {
        any = true;
      } else {
        pugi::xml_node(mechanisms).remove_child(one);
      }
      one = following;
    }
    if (!any) explain_mechanisms(had_plain);
  }

  // XEP-0077, 3.1: before any login, in a stream of its own.
  void open_account(pugi::xml_node features) {
    if (!features.child("register")) {
      return fail(
          failed(failure_code::not_supported, "This server opens no accounts from here.", true));
    }
    if (!who.may_send_password) {
      return fail(failed(failure_code::not_allowed,
                         "The connection is not encrypted, so no password is sent.", true));
    }
    xml_writer ask("iq");
    ask.attribute("type", "set").attribute("id", account_id);
    ask.open("query", ns::registration).leaf("username", who.user).leaf("password", who.password);
    if (!who.email.empty()) ask.leaf("email", who.email);
    out->on_negotiation_bytes(ask.finish());
  }

  void on_account_answer(pugi::xml_node iq) {
    if (iq.attribute("id").value() != std::string_view(account_id)) return;
    if (iq.attribute("type").value() == std::string_view("result")) {
      state = outcome::bound;
    } else {
      stream_failure reason{read_stanza_error(iq, asked::account), true};
      fail(std::move(reason));
    }
  }

  void feed(std::string_view piece) {
    restarts = false;
    if (piece.substr(0, 15) == "<stream:stream ") return socket->receive_piece(piece);
    pugi::xml_document document;
    if (!document.load_buffer(piece.data(), piece.size(), parse_options)) {
      return fail(failed(failure_code::lost, "The server sent something that is not XMPP.", false));
    }
    pugi::xml_node root = document.document_element();
    if (who.opens_account) {
      if (is(root, "stream:features")) open_account(root);
      if (is(root, "iq")) on_account_answer(root);
      return;
    }
    if (is(root, "stream:features")) {
      if (!authenticated && !root.child("mechanisms")) {
        return fail(failed(failure_code::refused,
                           root.child("starttls") ? "The server wants an encrypted connection."
                                                  : "The server offers no way to log in.",
                           true));
      }
      const bool can_resume = authenticated && child_in(root, "sm", ns::sm);
      filter(root);
      if (state != outcome::going_on) return;
      std::ostringstream text;
      root.print(text, "", pugi::format_raw);
      if (!can_resume || !who.wants_to_resume) return socket->receive_piece(text.str());
      held_features = text.str();
      state = outcome::may_resume;
      return;
    }
    if (is(root, "failure")) return fail(read_sasl_failure(root, who.user.empty()));
    if (is(root, "challenge") && !scram.is_fair(root.child_value())) {
      return fail(
          failed(failure_code::refused, "The server's login challenge is not sound.", true));
    }
    if (is(root, "success")) {
      authenticated = restarts = true;
      authenticating = false;
    }
    if (is(root, "challenge") || is(root, "success") || is(root, "iq"))
      socket->receive_piece(piece);
  }

  login who;
  output* out;
  gloox::Client gloox_client;
  connection* socket = nullptr;
  outcome state = outcome::going_on;
  stream_failure why;
  std::string jid;
  scram_check scram;
  stream_offers offers;
  std::string held_features;  // gloox would bind at once
  bool authenticating = false;
  bool authenticated = false;
  bool restarts = false;
};

negotiation::negotiation(const login& who, output& to)
    : client_(std::make_unique<client>(who, to)) {}
negotiation::~negotiation() = default;

void negotiation::start() {
  if (!client_->gloox_client.connect(false)) {
    client_->fail(failed(failure_code::internal, "The login could not be started.", false));
  }
}

void negotiation::feed(std::string_view piece) {
  client_->feed(piece);
}
void negotiation::go_on() {
  client_->state = outcome::going_on;
  client_->socket->receive_piece(client_->held_features);
}
bool negotiation::restarts() const {
  return client_->restarts;
}
negotiation::outcome negotiation::state() const {
  return client_->state;
}
const stream_failure& negotiation::why() const {
  return client_->why;
}
const std::string& negotiation::jid() const {
  return client_->jid;
}
const stream_offers& negotiation::offers() const {
  return client_->offers;
}
bool negotiation::is_authenticating() const {
  return client_->authenticating;
}

}  // namespace halley::xmpp
