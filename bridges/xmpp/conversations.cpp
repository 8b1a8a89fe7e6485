// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/conversations.hpp"

#include <algorithm>
#include <functional>

#include "bridges/xmpp/decode.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

void conversations::on_message(pugi::xml_node message, const stanza_head&) {
  const std::string_view from = message.attribute("from").value();
  if (message.attribute("type").value() == std::string_view("error")) {
    if (!leg_.take_reply(message.attribute("id").value(), from, message)) {
      failure why = read_stanza_error(message, asked::speak);
      why.text = std::string(from) + ": " + why.text;
      leg_.tell(error_event{"", std::move(why)});
    }
    return;
  }
  if (on_carbon(message)) return;
  note_archived(message);
  if (on_invitation(message)) return;
  (void)tell(message, from, false);
}

void conversations::note_archived(pugi::xml_node message) {
  const std::string_view id = stanza_id_by(message, bare(leg_.jid));
  if (!id.empty()) last_archived_ = id;
}

void conversations::on_lost(unix_ms heard_at) {
  if (!lost_) lost_ = std::make_unique<history_mark>(history_mark{last_archived_, heard_at});
}

bool conversations::is_new(std::string_view id) {
  if (id.empty()) return true;
  const auto key = static_cast<std::uint32_t>(std::hash<std::string_view>{}(id));
  if (std::find(ids_.begin(), ids_.end(), key) != ids_.end()) return false;
  if (ids_.size() < kept_ids) ids_.push_back(0);
  ids_[next_id_++ % kept_ids] = key;
  return true;
}

bool conversations::replay(const archive_item& item) {
  const pugi::xml_node message = item.message;
  const std::string_view type = message.attribute("type").value();
  if (!message || type == "groupchat" || type == "error") return false;
  last_archived_ = item.id;
  const std::string_view from = message.attribute("from").value();
  if (bare(from) != bare(leg_.jid)) return tell(message, from, false, item.at);
  const std::string_view id = message.attribute("id").value();
  if (leg_.take_echo(id, message) != 0) return true;  // whose answer tells the line
  if (leg_.is_own_id(id) && !leg_.was_given_up(id)) return false;
  return tell(message, message.attribute("to").value(), true, item.at);
}

// Only our own account may say what our other devices got (XEP-0280, 11).
bool conversations::on_carbon(pugi::xml_node message) {
  const pugi::xml_node carbon = child_in(message, ns::carbons);
  if (!carbon) return false;
  const std::string_view from = message.attribute("from").value();
  if (from != bare(leg_.jid)) return true;
  const pugi::xml_node inner = child_in(carbon, "forwarded", ns::forward).child("message");
  const std::string_view type = inner.attribute("type").value();
  if (!inner || type == "groupchat" || type == "error") return true;
  note_archived(inner);
  if (is(carbon, "sent")) {
    (void)tell(inner, inner.attribute("to").value(), true);
  } else if (is(carbon, "received") && !on_invitation(inner)) {
    (void)tell(inner, inner.attribute("from").value(), false);
  }
  return true;
}

bool conversations::on_invitation(pugi::xml_node message) {
  const std::string_view from = message.attribute("from").value();
  if (const pugi::xml_node user = child_in(message, "x", ns::muc_user)) {
    if (const pugi::xml_node invite = user.child("invite")) {
      invited_event told;
      told.room = bare(from);
      const std::string_view by = invite.attribute("from").value();
      const bool from_inside = bare(by) == told.room;
      told.from = from_inside ? resource(by) : bare(by);
      told.text = unstyled(invite.child_value("reason")).text;
      told.key = user.child_value("password");
      leg_.tell(event(std::move(told)));
      return true;
    }
    if (const pugi::xml_node decline = user.child("decline")) {
      notice_event told;
      told.from = bare(from);
      told.kind = "service";
      told.body = unstyled(std::string(bare(decline.attribute("from").value())) +
                           " does not want to come. " + decline.child_value("reason"));
      told.at = leg_.wall_now();
      leg_.tell(event(std::move(told)));
      return true;
    }
  }
  if (const pugi::xml_node direct = child_in(message, "x", ns::direct_invite)) {
    const std::string_view room = direct.attribute("jid").value();
    if (room.empty() || message.attribute("type").value() == std::string_view("groupchat")) {
      return false;
    }
    invited_event told;
    told.room = room;
    told.from = rooms_.find_of(from) != nullptr ? resource(from) : bare(from);
    told.text = unstyled(direct.attribute("reason").value()).text;
    told.key = direct.attribute("password").value();
    leg_.tell(event(std::move(told)));
    return true;
  }
  return false;
}

bool conversations::tell(pugi::xml_node message, std::string_view other, bool self,
                         unix_ms replayed_at) {
  if (other.empty()) other = domain(leg_.jid);
  message_origin origin;
  const bool in_room = rooms_.find_of(other) != nullptr;
  // A room's own words to us (settings have changed, and the like) come from its bare address.
  if (in_room && resource(other).empty()) {
    if (const char* body = message.child_value("body"); *body != 0) {
      notice_event told;
      told.from = other;
      told.kind = "service";
      told.body = unstyled(body);
      told.at = leg_.wall_now();
      leg_.tell(event(std::move(told)));
    }
    return false;
  }
  origin.where = {std::string(in_room ? other : bare(other)), false};
  if (self) {
    origin.from = in_room ? leg_.nick : std::string(bare(leg_.jid));
  } else {
    origin.from = in_room ? resource(other) : bare(other);
  }
  origin.now = replayed_at != 0 ? replayed_at : leg_.wall_now();
  decoded_message decoded = decode_message(message, origin);
  if (!decoded.told) return false;
  event told = std::move(*decoded.told);
  // What the server kept for us comes both by itself, delayed, and from the archive.
  if (auto* said = std::get_if<said_event>(&told)) {
    const bool may_come_twice =
        replayed_at != 0 || decoded.what == decoded_message::kind::delayed;
    if (!is_new(said->from + '\n' + said->origin_id) && may_come_twice) return false;
    said->replayed = replayed_at != 0;
  }
  if (self) {
    if (auto* said = std::get_if<said_event>(&told)) said->self = true;
    if (auto* edited = std::get_if<edited_event>(&told)) edited->self = true;
    if (auto* reacted = std::get_if<reacted_event>(&told)) reacted->self = true;
    if (auto* data = std::get_if<data_event>(&told)) data->self = true;
    if (std::holds_alternative<typing_event>(told)) return false;
  }
  // A server's announcement, not a person.
  auto* said = std::get_if<said_event>(&told);
  if (said != nullptr && local(other).empty() && !in_room) {
    leg_.tell(notice_event{said->from, std::move(said->body), "server", said->at});
    return true;
  }
  const bool is_line = said != nullptr;
  leg_.tell(std::move(told));
  return is_line;
}

}  // namespace halley::xmpp
