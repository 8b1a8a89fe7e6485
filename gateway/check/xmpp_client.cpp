// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/xmpp_client.hpp"

#include <gloox/disco.h>
#include <gloox/error.h>
#include <gloox/message.h>
#include <gloox/softwareversion.h>
#include <poll.h>

#include <algorithm>

#include "gateway/check/xmpp_stream.hpp"

namespace halley {

namespace {

std::string join_words(gloox::StanzaError error) {
  switch (error) {
    case gloox::StanzaErrorNotAllowed:
    case gloox::StanzaErrorForbidden:
      return "not allowed: only some may make rooms there, or we are banned";
    case gloox::StanzaErrorRegistrationRequired:
      return "the room is for its members only";
    case gloox::StanzaErrorNotAuthorized:
      return "the room needs a password";
    case gloox::StanzaErrorConflict:
      return "the nick is in use there";
    case gloox::StanzaErrorItemNotFound:
      return "the room does not exist and may not be made, or its maker has not unlocked it";
    case gloox::StanzaErrorServiceUnavailable:
      return "the rooms service is not available, or the room is full";
    case gloox::StanzaErrorRemoteServerNotFound:
    case gloox::StanzaErrorRemoteServerTimeout:
      return "the server knows no such rooms service and cannot reach one elsewhere";
    case gloox::StanzaErrorResourceConstraint:
      return "the server has reached one of its limits";
    default:
      return "refused (gloox error " + std::to_string(error) + ")";
  }
}

}  // namespace

bool disco_found::has_feature(const std::string& name) const {
  return std::find(features.begin(), features.end(), name) != features.end();
}

xmpp_client::xmpp_client(wire connection, const std::string& domain, const std::string& account,
                         const std::string& password, bool may_show_password)
    : domain_(domain), line_(new wire_connection(std::move(connection))) {
  if (account.empty()) {
    client_ = std::make_unique<gloox::Client>(domain);
    client_->setSASLMechanisms(gloox::SaslMechAnonymous);
  } else {
    client_ = std::make_unique<gloox::Client>(gloox::JID(account + "@" + domain), password);
    int allowed = gloox::SaslMechAll & ~gloox::SaslMechAnonymous;
    if (!may_show_password) allowed &= ~gloox::SaslMechPlain;
    client_->setSASLMechanisms(allowed);
  }
  client_->setTls(gloox::TLSDisabled);  // done, or not wanted
  client_->setCompression(false);
  client_->disableRoster();
  client_->registerConnectionListener(this);
  line_->registerConnectionDataHandler(client_.get());
  client_->setConnectionImpl(line_);
}

xmpp_client::~xmpp_client() {
  room_.reset();
  client_->removeConnectionListener(this);
}

const wire& xmpp_client::connection() const {
  return line_->line();
}
int xmpp_client::fd() const {
  return line_->line().fd();
}
void xmpp_client::move() {
  if (!over_) line_->move();
}

void xmpp_client::log_in() {
  client_->connect(false);
}
void xmpp_client::destroy_room() {
  if (room_) room_->destroy("done checking");
}
void xmpp_client::disconnect() {
  client_->disconnect();
}

void xmpp_client::ask_version(const std::string& address) {
  gloox::IQ iq(gloox::IQ::Get, gloox::JID(address), client_->getID());
  iq.addExtension(new gloox::SoftwareVersion());
  client_->send(iq, this, 0);
}
void xmpp_client::ask_info(const std::string& address) {
  discovered[address].answered = false;
  client_->disco()->getDiscoInfo(gloox::JID(address), "", this, 0);
}
void xmpp_client::ask_items(const std::string& address) {
  discovered[address].answered = false;
  client_->disco()->getDiscoItems(gloox::JID(address), "", this, 0);
}

void xmpp_client::join(const std::string& room, const std::string& nick) {
  in_room = false;
  room_error.clear();
  room_ = std::make_unique<gloox::MUCRoom>(client_.get(), gloox::JID(room + "/" + nick), this);
  room_->setRequestHistory(0, gloox::MUCRoom::HistoryMaxStanzas);
  room_->join();
}
void xmpp_client::say(const std::string& text) {
  if (room_) room_->send(text);
}
void xmpp_client::leave() {
  if (room_ && in_room) room_->leave();
}

std::string xmpp_client::over_words() const {
  const std::string offered = line_->mechanisms.empty() ? "nothing" : line_->mechanisms;
  switch (error_) {
    case gloox::ConnStreamError:
      if (line_->is_unknown_host) return unknown_host_words(domain_);
      return "the server ended the stream: " + quoted(client_->streamErrorText());
    case gloox::ConnNoSupportedAuth:
      if (line_->insists_on_tls) return "the server insists on TLS: set tls = \"starttls\"";
      return "no way to log in that both sides know; the server offers " + offered;
    case gloox::ConnTlsNotAvailable:
    case gloox::ConnTlsFailed:
      return "the server insists on TLS: set tls = \"starttls\"";
    case gloox::ConnAuthenticationFailed:
      return client_->authError() == gloox::SaslTemporaryAuthFailure
                 ? "the server cannot check passwords just now"
                 : "name or password is wrong";
    case gloox::ConnParseError:
      return "the server sent XML that could not be read";
    default:
      if (line_->insists_on_tls && !connection().is_secure())
        return "the server insists on TLS: set tls = \"starttls\"";
      return "the server closed the connection";
  }
}

// gloox calls a stream that offers no way to log in connected, when there is no account to try.
void xmpp_client::onConnect() {
  if (client_->authed() && !client_->resource().empty()) {
    online_ = true;
  } else {
    over_ = true;
    error_ = gloox::ConnNoSupportedAuth;
  }
}

void xmpp_client::onDisconnect(gloox::ConnectionError error) {
  if (over_) return;
  over_ = true;
  error_ = error;
}

void xmpp_client::handleDiscoInfo(const gloox::JID& from, const gloox::Disco::Info& info, int) {
  disco_found& found = discovered[from.full()];
  found.answered = true;
  found.features.assign(info.features().begin(), info.features().end());
  found.identities.clear();
  for (const gloox::Disco::Identity* one : info.identities())
    found.identities.push_back(one->category() + "/" + one->type() + " " + quoted(one->name()));
}

void xmpp_client::handleDiscoItems(const gloox::JID& from, const gloox::Disco::Items& items, int) {
  disco_found& found = discovered[from.full()];
  found.answered = true;
  for (const gloox::Disco::Item* one : items.items()) found.items.push_back(one->jid().full());
}

void xmpp_client::handleDiscoError(const gloox::JID& from, const gloox::Error* error, int) {
  disco_found& found = discovered[from.full()];
  found.answered = true;
  found.error = "no answer";
  if (error)
    found.error = error->error() == gloox::StanzaErrorRemoteServerNotFound ||
                          error->error() == gloox::StanzaErrorServiceUnavailable ||
                          error->error() == gloox::StanzaErrorItemNotFound
                      ? "there is no such service"
                      : "it refuses to answer";
}

void xmpp_client::handleIqID(const gloox::IQ& iq, int) {
  version_answered = true;
  const auto* found = iq.findExtension<gloox::SoftwareVersion>(gloox::ExtVersion);
  if (found) version = quoted(found->name() + " " + found->version());
}

void xmpp_client::handleMUCParticipantPresence(gloox::MUCRoom*, const gloox::MUCRoomParticipant who,
                                               const gloox::Presence& presence) {
  if (who.flags & gloox::UserSelf) in_room = presence.presence() != gloox::Presence::Unavailable;
}

void xmpp_client::handleMUCMessage(gloox::MUCRoom*, const gloox::Message& message, bool) {
  if (!message.body().empty())
    messages.push_back({message.from().resource(), message.body(), check_clock::now()});
}

void xmpp_client::handleMUCError(gloox::MUCRoom*, gloox::StanzaError error) {
  room_error = join_words(error);
}

bool run_until(const std::vector<xmpp_client*>& clients, check_clock::time_point deadline,
               const std::function<bool()>& enough) {
  for (;;) {
    for (xmpp_client* one : clients) one->move();
    if (enough()) return true;
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - check_clock::now());
    if (left.count() <= 0) return false;
    std::vector<pollfd> list;
    for (xmpp_client* one : clients)
      if (!one->is_over()) list.push_back({one->fd(), POLLIN, 0});
    ::poll(list.data(), list.size(), static_cast<int>(left.count()));
  }
}

}  // namespace halley
