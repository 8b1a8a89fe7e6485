// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which part of a bridge carries out which command.
#include "bridges/xmpp/bridge.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

template <class... Handlers>
struct overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
overloaded(Handlers...) -> overloaded<Handlers...>;

}  // namespace

void xmpp_bridge::submit(std::uint64_t n, const command& what) {
  if (!told_online_ || state_ != state::online) {
    return leg_.fail(n, failure_code::not_online, "The network is not connected now.");
  }
  const auto refuse = [&](const char* text) { leg_.fail(n, failure_code::not_supported, text); };
  std::visit(overloaded{
                 [&](const join_command& c) { rooms_.join(n, c.room, c.key); },
                 [&](const part_command& c) { rooms_.part(n, c.room, c.text); },
                 [&](const nick_command& c) { rooms_.change_nick(n, c.nick); },
                 [&](const say_command& c) { speaking_.submit(n, c); },
                 [&](const edit_command& c) { speaking_.submit(n, c); },
                 [&](const retract_command& c) {
                   if (!moderation_.take_away(n, c)) speaking_.submit(n, c);
                 },
                 [&](const react_command& c) { speaking_.submit(n, c); },
                 [&](const typing_command& c) { speaking_.submit(n, c); },
                 [&](const data_command& c) { speaking_.submit(n, c); },
                 [&](const topic_command& c) { speaking_.submit(n, c); },
                 [&](const names_command& c) { queries_.submit(n, c); },
                 [&](const list_command& c) { queries_.submit(n, c); },
                 [&](const whois_command& c) { queries_.submit(n, c); },
                 [&](const ping_command& c) { queries_.submit(n, c); },
                 [&](const history_command& c) { history_.submit(n, c); },
                 [&](const mode_command& c) { moderation_.submit(n, c); },
                 [&](const settings_command& c) { moderation_.submit(n, c); },
                 [&](const kick_command& c) { moderation_.submit(n, c); },
                 [&](const invite_command& c) { moderation_.submit(n, c); },
                 [&](const mark_read_command& c) {
                   if (!displayed_) return refuse("What has been read is not kept here.");
                   displayed_->submit(n, c);
                 },
                 [&](const away_command& c) { set_away(n, c.text); },
                 [&](const raw_command& c) { send_raw(n, c.line); },
                 [&](const contacts_command& c) {
                   if (!roster_) return refuse("Guests have no contacts.");
                   roster_->submit(n, c);
                 },
                 [&](const register_command& c) { open_account(n, c); },
                 [&](const login_command&) { refuse("Log in when you enter this network."); },
             },
             what);
}

void xmpp_bridge::set_away(std::uint64_t n, const std::string& text) {
  leg_.is_away = !text.empty();
  leg_.away_text = text;
  xml_writer out("presence");
  if (leg_.is_away) out.leaf("show", "away").leaf("status", text);
  (void)leg_.send(std::move(out));
  rooms_.announce_presence();
  leg_.succeed(n);
}

void xmpp_bridge::open_account(std::uint64_t n, const register_command& what) {
  if (!offers_.registration || !shared_.config.accounts) {
    return leg_.fail(n, failure_code::not_supported, "This network opens no accounts from here.");
  }
  if (opening_ && !opening_->is_over()) {
    return leg_.fail(n, failure_code::refused, "An account is being opened already.");
  }
  visitor wanted;
  wanted.account = what.account.empty() ? leg_.nick : what.account;
  const auto jid = account_jid(wanted, shared_.config);
  if (!jid) {
    return leg_.fail(n, failure_code::bad_field, "That is not a name for an account here.",
                     "account");
  }
  opening_ = std::make_unique<account_opening>(leg_, who_, n, *jid, what);
}

// One complete stanza, checked as strictly as what servers send.
void xmpp_bridge::send_raw(std::uint64_t n, const std::string& line) {
  if (!shared_.config.allow_raw) {
    return leg_.fail(n, failure_code::not_allowed, "Raw stanzas are switched off.");
  }
  stanza_reader reader;
  const std::string bytes = "<stream:stream>" + line;
  reader.feed(bytes);
  (void)reader.next();
  const bool whole = reader.next() == stanza_reader::piece::stanza;
  const std::string stanza(whole ? reader.text() : std::string_view());
  pugi::xml_document document;
  const std::string_view name = whole ? read_head(stanza).name : std::string_view();
  if ((name != "message" && name != "presence" && name != "iq") || reader.has_unread() ||
      !document.load_buffer(stanza.data(), stanza.size(), parse_options)) {
    return leg_.fail(n, failure_code::bad_field, "That is not one complete stanza.", "line");
  }
  if (!stream_.send_raw(stanza)) {
    return leg_.fail(n, failure_code::lost, "The connection to the network was lost.");
  }
  leg_.succeed(n);
}

}  // namespace halley::xmpp
