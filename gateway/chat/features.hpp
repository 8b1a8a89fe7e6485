// SPDX-License-Identifier: GPL-3.0-or-later
//
// Wire names of what a network can do (online_event::features).
#pragma once

namespace halley::feature {

inline constexpr const char* nick = "nick";
inline constexpr const char* topic = "topic";
inline constexpr const char* list = "list";
inline constexpr const char* whois = "whois";
inline constexpr const char* away = "away";
inline constexpr const char* action = "action";
inline constexpr const char* notice = "notice";
inline constexpr const char* typing = "typing";
inline constexpr const char* data = "data";
inline constexpr const char* react = "react";
inline constexpr const char* edit = "edit";
inline constexpr const char* retract = "retract";
inline constexpr const char* reply = "reply";
inline constexpr const char* history = "history";
inline constexpr const char* mode = "mode";
inline constexpr const char* settings = "settings";
inline constexpr const char* role = "role";
inline constexpr const char* ban = "ban";
inline constexpr const char* ban_list = "ban_list";
inline constexpr const char* exception_list = "exception_list";
inline constexpr const char* invite_list = "invite_list";
inline constexpr const char* account_ban = "account_ban";
inline constexpr const char* slow = "slow";
inline constexpr const char* timed_ban = "timed_ban";
inline constexpr const char* mute = "mute";
inline constexpr const char* moderate = "moderate";
inline constexpr const char* kick = "kick";
inline constexpr const char* invite = "invite";
inline constexpr const char* register_ = "register";
inline constexpr const char* login = "login";
inline constexpr const char* contacts = "contacts";
inline constexpr const char* raw = "raw";
inline constexpr const char* echo = "echo";
inline constexpr const char* message_ids = "message_ids";
inline constexpr const char* read_markers = "read_markers";
inline constexpr const char* private_ = "private";

}  // namespace halley::feature
