// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/numerics.hpp"

#include <algorithm>
#include <array>

#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

struct row {
  int number;
  failure_code code;
  std::string_view text;  // %1 is the second parameter of the numeric (the first is our nick), ...
  std::string_view field;
};

using enum failure_code;
constexpr std::array rows{
    row{401, no_such_nick, "Nobody here goes by the name %1.", ""},
    row{402, no_such_nick, "Nobody here goes by the name %1.", ""},
    row{403, no_such_room, "There is no room %1.", "room"},
    row{404, cannot_speak, "You may not speak in %1.", ""},
    row{405, too_many_rooms, "You are in as many rooms as this network allows.", "room"},
    row{406, no_such_nick, "Nobody here has used the name %1.", "nick"},
    row{407, refused, "Too many recipients.", ""},
    row{411, bad_field, "The message has no recipient.", "to"},
    row{412, bad_field, "The message is empty.", "text"},
    row{413, cannot_speak, "The message could not be delivered.", ""},
    row{414, cannot_speak, "The message could not be delivered.", ""},
    row{415, cannot_speak, "The message could not be delivered.", ""},
    row{417, too_large, "The message is too long for this network.", "text"},
    row{421, not_supported, "This network does not know %1.", ""},
    row{431, bad_nick, "A name is needed.", "nick"},
    row{432, bad_nick, "This network does not allow the name %1.", "nick"},
    row{433, nick_in_use, "Somebody else already goes by the name %1.", "nick"},
    row{435, cannot_speak, "You cannot change your name while you are banned from a room.", "nick"},
    row{436, nick_in_use, "Somebody else already goes by the name %1.", "nick"},
    row{437, nick_in_use, "%1 cannot be taken just now.", ""},
    row{438, too_fast, "You are changing your name too fast.", "nick"},
    row{441, no_such_nick, "%1 is not in %2.", "nick"},
    row{442, not_in_room, "You are not in %1.", "room"},
    row{443, refused, "%1 is already in %2.", "nick"},
    row{447, refused, "Names cannot be changed in one of your rooms.", "nick"},
    row{461, bad_field, "The network wants more to be said for %1.", ""},
    row{463, banned, "Your host may not enter this network.", ""},
    row{464, bad_password, "The password is wrong.", "password"},
    row{465, banned, "You are banned from this network.", ""},
    row{466, banned, "You are about to be banned from this network.", ""},
    row{467, refused, "%1 already has a key.", "room"},
    row{470, refused, "%1 sends its visitors on to %2.", "room"},
    row{471, room_full, "%1 is full.", "room"},
    row{472, not_supported, "This network has no room mode %1.", "changes"},
    row{473, invite_only, "%1 is open to invited people only.", "room"},
    row{474, banned, "You are banned from %1.", "room"},
    row{475, room_key, "%1 needs a key, and this is not the right one.", "key"},
    row{476, bad_room, "%1 cannot be the name of a room.", "room"},
    row{477, account_needed, "%1 is open only to people with an account.", "room"},
    row{478, refused, "The list of %1 is full.", "room"},
    row{479, bad_room, "%1 cannot be the name of a room.", "room"},
    row{480, too_fast, "%1 is letting people in slowly; try again in a moment.", "room"},
    row{481, no_privilege, "Only operators of the network may do that.", ""},
    row{482, no_privilege, "Only operators of %1 may do that.", "room"},
    row{484, no_privilege, "%1 cannot be removed.", ""},
    row{485, no_privilege, "Only the owner of %1 may do that.", "room"},
    row{486, account_needed, "%1 takes messages only from people with an account.", ""},
    row{488, cannot_speak, "The network needs an encrypted connection for that.", ""},
    row{489, refused, "%1 is open only to encrypted connections.", "room"},
    row{491, no_privilege, "The network does not allow that from here.", ""},
    row{492, cannot_speak, "%1 does not take this kind of message.", ""},
    row{494, cannot_speak, "You have to accept messages from %1 before you write there.", ""},
    row{499, no_privilege, "Only the owner of %1 may do that.", "room"},
    row{501, not_supported, "This network has no such personal mode.", ""},
    row{502, no_privilege, "The modes of other people cannot be changed.", ""},
    row{520, no_privilege, "%1 is open only to operators of the network.", "room"},
    row{524, refused, "The network has no help on that.", ""},
    row{531, cannot_speak, "%1 does not take messages from you.", ""},
    row{525, bad_field, "The network does not take this password.", ""},
    row{696, bad_field, "The network does not take this.", ""},
    row{716, cannot_speak, "%1 takes messages only from people on a list.", ""},
    row{723, no_privilege, "You may not do that.", ""},
    row{724, refused, "The network did not understand that.", ""},
    row{263, too_fast, "The network is busy; try again in a moment.", ""},
    row{902, bad_password, "The account is locked.", "account"},
    row{904, bad_password, "The account or its password is wrong.", "password"},
    row{905, bad_password, "The password is too long.", "password"},
    row{906, bad_password, "Logging in was broken off.", "password"},
};

const row* find_row(int number) {
  const auto it = std::find_if(rows.begin(), rows.end(),
                               [number](const row& one) { return one.number == number; });
  return it == rows.end() ? nullptr : &*it;
}

std::string fill(std::string_view text, const message& from) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 1 < text.size())
      out += clean_field(from.param(static_cast<std::size_t>(text[++i] - '0')));
    else
      out += text[i];
  }
  return out;
}

struct fail_row {
  std::string_view name;
  failure_code code;
};
constexpr std::array fail_rows{fail_row{"ACCOUNT_REQUIRED", account_needed},
                               fail_row{"ACCOUNT_EXISTS", refused},
                               fail_row{"BAD_ACCOUNT_NAME", bad_field},
                               fail_row{"WEAK_PASSWORD", bad_field},
                               fail_row{"INVALID_CREDENTIALS", bad_password},
                               fail_row{"NEED_MORE_PARAMS", bad_field},
                               fail_row{"INVALID_TARGET", no_such_room},
                               fail_row{"REDACT_FORBIDDEN", no_privilege},
                               fail_row{"REDACT_WINDOW_EXPIRED", refused},
                               fail_row{"UNKNOWN_MSGID", bad_field},
                               fail_row{"INVALID_UTF8", bad_field},
                               fail_row{"CANNOT_CHANGE_REALNAME", refused},
                               fail_row{"TEMPORARILY_UNAVAILABLE", too_fast},
                               fail_row{"UNKNOWN_COMMAND", not_supported},
                               fail_row{"DISALLOWED", not_allowed}};

}  // namespace

bool is_refusal(int numeric) {
  // 415 to 599 are not all errors on every server, but what stands there and is not known to this
  // bridge otherwise is one.
  return (numeric >= 400 && numeric < 600) || numeric == 263 || numeric == 696 || numeric == 716 || numeric == 723 ||
         numeric == 724 || numeric == 902 || (numeric >= 904 && numeric <= 906);
}

failure failure_of(const message& numeric) {
  const row* known = find_row(numeric.numeric());
  if (known) return {known->code, fill(known->text, numeric), std::string(known->field)};
  std::string words = clean_field(numeric.last());
  if (words.empty()) words = "The network refused it without a reason.";
  return {refused, std::move(words), {}};
}

failure failure_of_fail(const message& fail) {
  const std::string_view name = fail.param(1);
  const auto it = std::find_if(fail_rows.begin(), fail_rows.end(),
                               [name](const fail_row& one) { return one.name == name; });
  std::string words = clean_field(fail.last());
  if (words.empty()) words = "The network refused it.";
  return {it == fail_rows.end() ? refused : it->code, std::move(words), {}};
}

}  // namespace halley::irc
