// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/conditions.hpp"

#include <string>

#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

struct meaning {
  std::string_view condition;
  asked when;  // `nothing`: whatever was asked
  failure_code code;
  const char* text;
};

constexpr meaning meanings[] = {
    {"conflict", asked::join, failure_code::nick_in_use, "That nick is taken in this room."},
    {"conflict", asked::nick, failure_code::nick_in_use, "That nick is taken in this room."},
    {"conflict", asked::moderate, failure_code::refused,
     "The room does not allow that change: it would have no owner left."},
    {"registration-required", asked::join, failure_code::invite_only,
     "Only members may enter this room."},
    {"forbidden", asked::join, failure_code::banned, "You are banned from this room."},
    {"not-authorized", asked::join, failure_code::room_key,
     "This room needs a password, or the one given is wrong."},
    {"service-unavailable", asked::join, failure_code::room_full, "This room is full."},
    {"resource-constraint", asked::join, failure_code::too_many_rooms,
     "The server does not let you into more rooms."},
    {"not-allowed", asked::join, failure_code::no_such_room,
     "There is no such room, and you may not open one."},
    {"item-not-found", asked::join, failure_code::no_such_room,
     "There is no such room, or it is locked."},
    {"gone", asked::join, failure_code::no_such_room, "This room no longer exists."},
    {"not-acceptable", asked::join, failure_code::bad_nick,
     "This room wants the nick you are registered with."},
    {"not-acceptable", asked::nick, failure_code::bad_nick, "This room does not allow that nick."},
    {"not-allowed", asked::nick, failure_code::bad_nick, "This room does not allow a new nick."},
    {"jid-malformed", asked::join, failure_code::bad_nick, "The server does not allow that nick."},
    {"jid-malformed", asked::nick, failure_code::bad_nick, "The server does not allow that nick."},
    {"forbidden", asked::speak, failure_code::cannot_speak, "You may not speak in this room."},
    {"not-allowed", asked::speak, failure_code::cannot_speak, "The room does not allow that."},
    {"not-acceptable", asked::speak, failure_code::not_in_room, "You are not in this room."},
    {"item-not-found", asked::speak, failure_code::no_such_nick, "There is nobody of that name."},
    {"recipient-unavailable", asked::speak, failure_code::no_such_nick,
     "That person is not there."},
    {"service-unavailable", asked::speak, failure_code::no_such_nick,
     "That person cannot be reached."},
    {"policy-violation", asked::speak, failure_code::too_fast,
     "The server refused that: too fast or too long."},
    {"resource-constraint", asked::speak, failure_code::too_fast,
     "The server is too busy for that now."},
    {"forbidden", asked::topic, failure_code::no_privilege, "Only moderators may set the topic."},
    {"item-not-found", asked::moderate, failure_code::no_such_nick,
     "There is nobody of that name."},
    {"item-not-found", asked::take_away, failure_code::bad_field,
     "The room does not know that message."},
    {"forbidden", asked::take_away, failure_code::no_privilege,
     "Only moderators may take away what others said."},
    {"item-not-found", asked::query, failure_code::no_such_nick, "The server knows nothing of it."},
    {"item-not-found", asked::contact, failure_code::no_such_nick, "There is nobody of that name."},
    {"item-not-found", asked::history, failure_code::bad_field,
     "That message is not in the history."},
    {"conflict", asked::account, failure_code::nick_in_use, "There is an account of that name."},
    {"not-acceptable", asked::account, failure_code::bad_field,
     "The server wants more than a name and a password, or a better password."},
    {"forbidden", asked::account, failure_code::not_allowed,
     "The server opens no accounts from here."},
    {"not-allowed", asked::account, failure_code::not_allowed,
     "The server opens no accounts from here."},
    {"resource-constraint", asked::account, failure_code::too_fast,
     "The server opens only a few accounts in a while."},
    {"bad-request", asked::settings, failure_code::bad_field, "The room does not take this."},
    {"not-acceptable", asked::settings, failure_code::bad_field, "The room does not take this."},
    {"conflict", asked::settings, failure_code::refused, "The room does not take this."},
    // Whatever was asked.
    {"forbidden", asked::nothing, failure_code::no_privilege, "You may not do that here."},
    {"not-allowed", asked::nothing, failure_code::no_privilege, "You may not do that here."},
    {"not-authorized", asked::nothing, failure_code::no_privilege, "You may not do that here."},
    {"registration-required", asked::nothing, failure_code::account_needed,
     "Only registered people may do that."},
    {"subscription-required", asked::nothing, failure_code::account_needed,
     "Only subscribers may do that."},
    {"item-not-found", asked::nothing, failure_code::no_such_nick, "There is no such address."},
    {"gone", asked::nothing, failure_code::no_such_nick, "That address no longer exists."},
    {"remote-server-not-found", asked::nothing, failure_code::no_such_room,
     "There is no server of that name."},
    {"remote-server-timeout", asked::nothing, failure_code::timed_out,
     "The other server does not answer."},
    {"feature-not-implemented", asked::nothing, failure_code::not_supported,
     "The other side cannot do that."},
    {"service-unavailable", asked::nothing, failure_code::not_supported,
     "The other side cannot do that."},
    {"jid-malformed", asked::nothing, failure_code::bad_field, "That is not a valid address."},
    {"bad-request", asked::nothing, failure_code::refused, "The server did not understand that."},
    {"conflict", asked::nothing, failure_code::refused, "That name is taken."},
    {"not-acceptable", asked::nothing, failure_code::refused, "The server does not accept that."},
    {"policy-violation", asked::nothing, failure_code::refused,
     "That is against the rules of the server."},
    {"resource-constraint", asked::nothing, failure_code::too_fast,
     "The server is too busy for that now."},
};

std::string_view condition_of(pugi::xml_node parent, std::string_view space) {
  for (const pugi::xml_node child : parent.children()) {
    if (!space.empty() && space != child.attribute("xmlns").value()) continue;
    if (!is(child, "text")) return child.name();
  }
  return {};
}

// The server's own words, shortened, behind ours.
std::string with_words(std::string text, std::string_view words) {
  if (words.empty()) return text;
  std::string own = unstyled(words.substr(0, 300)).text;
  for (char& c : own) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return text + " (The server says: " + own + ")";
}

}  // namespace

failure stanza_failure(std::string_view condition, std::string_view text, asked what) {
  const meaning* found = nullptr;
  for (const meaning& row : meanings) {
    if (row.condition != condition) continue;
    if (row.when == what || (row.when == asked::nothing && found == nullptr)) found = &row;
    if (row.when == what) break;
  }
  if (found == nullptr) {
    return {failure_code::refused,
            with_words("The server refused that: " + std::string(condition) + ".", text), ""};
  }
  return {found->code, with_words(found->text, text), ""};
}

failure read_stanza_error(pugi::xml_node stanza, asked what) {
  const pugi::xml_node error = stanza.child("error");
  return stanza_failure(condition_of(error, ns::stanza_errors), error.child_value("text"), what);
}

stream_failure read_stream_error(pugi::xml_node error) {
  const std::string_view condition = condition_of(error, {});
  const std::string_view text = error.child_value("text");
  const auto say = [&](failure_code code, const char* sentence, bool final) {
    return stream_failure{{code, with_words(sentence, text), ""}, final, ""};
  };
  if (condition == "see-other-host") {
    stream_failure moved = say(failure_code::lost, "The server sends us to another one.", false);
    moved.elsewhere = error.child_value("see-other-host");
    return moved;
  }
  if (condition == "conflict") {
    return say(failure_code::refused, "Somebody else has logged in with this name.", true);
  }
  if (condition == "policy-violation") {
    return say(failure_code::not_allowed, "The server has ended the session for its rules.", true);
  }
  if (condition == "not-authorized") {
    return say(failure_code::bad_password, "The server has taken the login back.", true);
  }
  if (condition == "host-unknown" || condition == "host-gone") {
    return say(failure_code::internal, "The server does not serve the domain of this network.",
               false);
  }
  if (condition == "system-shutdown" || condition == "reset") {
    return say(failure_code::lost, "The server is shutting down.", false);
  }
  if (condition == "connection-timeout") {
    return say(failure_code::lost, "The server heard nothing from us for too long.", false);
  }
  if (condition == "resource-constraint") {
    return say(failure_code::too_many, "The server is too busy.", false);
  }
  return {
      {failure_code::lost,
       with_words("The server has ended the stream: " + std::string(condition) + ".", text), ""},
      false};
}

stream_failure read_sasl_failure(pugi::xml_node failure_element, bool guest) {
  const std::string_view condition = condition_of(failure_element, {});
  const std::string_view text = failure_element.child_value("text");
  if (condition == "temporary-auth-failure") {
    return {{failure_code::lost, with_words("The server cannot check logins now.", text), ""},
            false};
  }
  if (condition == "account-disabled" || condition == "credentials-expired") {
    return {{failure_code::bad_password, with_words("That account is closed.", text), "account"},
            true};
  }
  if (guest) {
    return {{failure_code::account_needed, with_words("The server does not let guests in.", text),
             "account"},
            true};
  }
  if (condition == "not-authorized") {
    return {{failure_code::bad_password,
             with_words("The server does not accept that account and password.", text), "password"},
            true};
  }
  return {{failure_code::bad_password,
           with_words("The server refused the login: " + std::string(condition) + ".", text),
           "account"},
          true};
}

}  // namespace halley::xmpp
