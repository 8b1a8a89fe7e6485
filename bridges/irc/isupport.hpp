// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a server says of itself in 005 (RPL_ISUPPORT), with the defaults of RFC 1459 where it says
// nothing. Pure values; parsed once a registration and then shared by all sessions of that server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridges/irc/message.hpp"
#include "gateway/chat/event.hpp"

namespace halley::irc {

enum class case_mapping : std::uint8_t { ascii, rfc1459, strict_rfc1459 };

struct isupport {
  case_mapping mapping = case_mapping::rfc1459;
  std::string channel_types = "#&";
  std::string prefix_modes = "ov";  // highest first, parallel to prefix_marks
  std::string prefix_marks = "@+";
  std::string list_modes = "b";   // CHANMODES: always with a parameter, a list
  std::string param_modes = "k";  // always with a parameter
  std::string set_modes = "l";    // with a parameter when set
  std::string flag_modes = "imnpst";
  std::string status_marks;       // STATUSMSG
  std::string extban_prefix;
  std::string extban_types;
  std::string except_mode;  // EXCEPTS
  std::string invite_mode;  // INVEX
  std::string bot_mode;
  std::string network;
  std::string list_filters;        // ELIST
  std::string history_references;  // MSGREFTYPES
  std::string denied_tags;         // CLIENTTAGDENY
  std::uint32_t nick_length = 0;   // 0: not told
  std::uint32_t channel_length = 0;
  std::uint32_t topic_length = 0;
  std::uint32_t line_length = 512;
  std::uint32_t modes_a_line = 3;
  std::uint32_t join_targets = 0;   // 0: as many as fit
  std::int32_t history_limit = -1;  // CHATHISTORY; 0: any; -1: not told
  bool utf8_only = false;
  bool monitor = false;
  std::string account_extban;  // ACCOUNTEXTBAN: its first name, without the prefix
  bool is_inspircd = false;    // in no 005, see registration; some of its modes are its own
  bool timed_bans = false;  // TBAN: in no 005, see registration

  bool operator==(const isupport&) const = default;

  // The parameters of a 005 without the first (our nick) and the last (a sentence).
  void take(const message& line);
  void take_token(std::string_view token);

  bool is_channel(std::string_view name) const {
    return !name.empty() && channel_types.find(name.front()) != std::string::npos;
  }
  // The role a mode letter grants, or -1; letters above op that nobody has named count as owner.
  int role_of_mode(char mode) const;
  int role_of_mark(char mark) const;
  // The mode letter that grants a role, or 0.
  char mode_of_role(role which) const;
  // Whether a channel mode takes a parameter.
  bool takes_value(char mode, bool set) const;

  // Whether the server passes on a client-only tag; without its "+" (CLIENTTAGDENY).
  bool passes_tag(std::string_view tag) const;

  char fold(char c) const;
  std::string fold(std::string_view name) const;
  bool same(std::string_view a, std::string_view b) const;
};

}  // namespace halley::irc
