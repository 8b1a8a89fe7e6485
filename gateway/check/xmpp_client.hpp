// SPDX-License-Identifier: GPL-3.0-or-later
//
// One XMPP connection of `halley check`: gloox over a wire of ours, which has done its TLS before,
// so that a bad certificate can be described and TLS 1.3 works. What the server said is kept as
// values.
#pragma once

#include <gloox/client.h>
#include <gloox/connectionlistener.h>
#include <gloox/discohandler.h>
#include <gloox/mucroom.h>
#include <gloox/mucroomhandler.h>
#include <poll.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/check/wire.hpp"

namespace halley {

class wire_connection;

struct disco_found {
  bool answered = false;
  std::string error;  // answered, with this
  std::vector<std::string> features;
  std::vector<std::string> identities;  // "conference/text Rooms"
  std::vector<std::string> items;       // addresses

  bool has_feature(const std::string& name) const;
};

struct room_message {
  std::string nick;
  std::string body;
  check_clock::time_point at;
};

// The bases are gloox's callbacks and nobody else's business.
class xmpp_client : public gloox::ConnectionListener,
                    public gloox::DiscoHandler,
                    public gloox::IqHandler,
                    public gloox::MUCRoomHandler {
 public:
  // An empty account logs in with SASL ANONYMOUS. `may_show_password`: PLAIN is allowed.
  xmpp_client(wire connection, const std::string& domain, const std::string& account,
              const std::string& password, bool may_show_password);
  xmpp_client(const xmpp_client&) = delete;
  xmpp_client& operator=(const xmpp_client&) = delete;
  ~xmpp_client() override;

  void log_in();
  void ask_version(const std::string& address);
  void ask_info(const std::string& address);
  void ask_items(const std::string& address);
  void join(const std::string& room, const std::string& nick);
  void say(const std::string& text);
  void leave();
  void destroy_room();  // its maker's right
  void disconnect();

  bool is_online() const { return online_; }
  bool is_over() const { return over_; }
  std::string over_words() const;  // why, when it is over
  std::string full_address() const { return client_->jid().full(); }
  const wire& connection() const;

  std::map<std::string, disco_found> discovered;
  std::string version;  // "Prosody 0.12.3"; empty: not said
  bool version_answered = false;
  bool in_room = false;
  std::string room_error;  // join refused, in plain words
  std::vector<room_message> messages;

  int fd() const;
  void move();

 private:
  void onConnect() override;
  void onDisconnect(gloox::ConnectionError error) override;
  bool onTLSConnect(const gloox::CertInfo&) override { return true; }
  void handleDiscoInfo(const gloox::JID& from, const gloox::Disco::Info& info, int) override;
  void handleDiscoItems(const gloox::JID& from, const gloox::Disco::Items& items, int) override;
  void handleDiscoError(const gloox::JID& from, const gloox::Error* error, int) override;
  bool handleIq(const gloox::IQ&) override { return false; }
  void handleIqID(const gloox::IQ& iq, int) override;
  void handleMUCParticipantPresence(gloox::MUCRoom*, const gloox::MUCRoomParticipant who,
                                    const gloox::Presence& presence) override;
  void handleMUCMessage(gloox::MUCRoom*, const gloox::Message& message, bool) override;
  bool handleMUCRoomCreation(gloox::MUCRoom*) override { return true; }  // with its defaults
  void handleMUCSubject(gloox::MUCRoom*, const std::string&, const std::string&) override {}
  void handleMUCInviteDecline(gloox::MUCRoom*, const gloox::JID&, const std::string&) override {}
  void handleMUCError(gloox::MUCRoom*, gloox::StanzaError error) override;
  void handleMUCInfo(gloox::MUCRoom*, int, const std::string&, const gloox::DataForm*) override {}
  void handleMUCItems(gloox::MUCRoom*, const gloox::Disco::ItemList&) override {}

  std::string domain_;
  wire_connection* line_;  // owned by client_
  std::unique_ptr<gloox::Client> client_;
  std::unique_ptr<gloox::MUCRoom> room_;
  gloox::ConnectionError error_ = gloox::ConnNoError;
  bool online_ = false;
  bool over_ = false;
};

bool run_until(const std::vector<xmpp_client*>& clients, check_clock::time_point deadline,
               const std::function<bool()>& enough);

}  // namespace halley
