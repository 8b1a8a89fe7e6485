// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/features.hpp"

#include "bridges/irc/translate.hpp"
#include "gateway/chat/features.hpp"

namespace halley::irc {

mute_form mute_form_of(const isupport& names) {
  const auto has_extban = [&names](char letter) {
    return names.extban_types.find(letter) != std::string::npos;
  };
  if (names.list_modes.find('q') != std::string::npos) return {"q", ""};   // Solanum: quiet
  if (names.extban_prefix == "~" && has_extban('q')) return {"b", "~q:"};  // UnrealIRCd
  if (names.extban_prefix.empty() && has_extban('m')) return {"b", "m:"};  // InspIRCd
  if (names.extban_prefix == "~" && has_extban('m')) return {"b", "~m:"};  // Ergo
  return {};
}

std::string account_ban_of(const isupport& names) {
  if (!names.account_extban.empty()) return names.extban_prefix + names.account_extban + ':';
  const auto is = [&names](std::string_view prefix, char letter) {
    return names.extban_prefix == prefix && names.extban_types.find(letter) != std::string::npos;
  };
  if (is("$", 'a')) return "$a:";  // Solanum
  if (is("~", 'a')) return "~a:";  // UnrealIRCd
  if (is("", 'R')) return "R:";    // InspIRCd
  return {};
}

std::string_view list_mode_of(const isupport& names, list_kind which) {
  switch (which) {
    case list_kind::bans:
      return "b";
    case list_kind::exceptions:
      return names.except_mode;
    case list_kind::invites:
      return names.invite_mode;
  }
  return {};
}

// COMPAT(inspircd): m_messageflood. The letter means other things elsewhere.
bool has_line_limit(const isupport& names) {
  return names.is_inspircd && names.set_modes.find('f') != std::string::npos;
}

std::vector<std::string> features_of(cap_set caps, const isupport& names, bool allow_raw) {
  std::vector<std::string> list{
      feature::nick,     feature::topic,  feature::list,   feature::whois,   feature::away,
      feature::action,   feature::notice, feature::mode,   feature::role,    feature::ban,
      feature::ban_list, feature::kick,   feature::invite, feature::settings,
      feature::private_};
  const auto add = [&list](bool has, const char* name) {
    if (has) list.emplace_back(name);
  };
  const bool tags = caps.has(cap::message_tags);
  const bool replies = tags && names.passes_tag("draft/reply");
  add(tags && names.passes_tag("typing"), feature::typing);
  add(tags && names.passes_tag(data_tag.substr(1)), feature::data);
  add(replies && names.passes_tag("draft/react"), feature::react);
  add(replies, feature::reply);
  add(tags, feature::message_ids);
  add(caps.has(cap::message_redaction), feature::retract);
  add(caps.has(cap::message_redaction), feature::moderate);
  add(caps.has(cap::chathistory) && caps.has(cap::batch), feature::history);
  add(caps.has(cap::echo_message), feature::echo);
  add(caps.has(cap::account_registration), feature::register_);
  add(caps.has(cap::sasl), feature::login);
  add(caps.has(cap::read_marker), feature::read_markers);
  add(allow_raw, feature::raw);
  add(!mute_form_of(names).mode.empty(), feature::mute);
  add(names.timed_bans, feature::timed_ban);
  add(!account_ban_of(names).empty(), feature::account_ban);
  add(!names.except_mode.empty(), feature::exception_list);
  add(!names.invite_mode.empty(), feature::invite_list);
  add(has_line_limit(names), feature::slow);
  return list;
}

}  // namespace halley::irc
