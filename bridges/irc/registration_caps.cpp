// SPDX-License-Identifier: GPL-3.0-or-later
//
// The half of a registration that agrees on capabilities, and the SASL login that stands between them.
#include "bridges/irc/registration.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {

registration::outcome registration::take_cap(const message& line, std::string& out) {
  heard_ = true;
  const std::string_view verb = line.param(1);
  if (verb == "LS" || verb == "NEW") {
    for_each_cap(line.last(), [this](std::string_view name, std::string_view value) {
      if (name == "inspircd.org/standard-replies") vendor_replies_ = true;
      const cap known = find_cap(name);
      if (known == cap::count) return;
      offered_.add(known);
      if (known == cap::sasl) sasl_value_ = value;
    });
    const bool more = line.count > 3 && line.param(2) == "*";
    if (!more && verb == "LS" && !cap_ended_) {
      ask_for_caps(out);
      if (asked_ == 0) return end_caps(out);
    }
  } else if (verb == "ACK") {
    for_each_cap(line.last(), [this](std::string_view name, std::string_view) {
      if (const cap known = find_cap(name); known != cap::count) caps_.add(known);
    });
    if (--asked_ == 0) return begin_sasl(out);
  } else if (verb == "NAK") {
    // All or nothing: one capability was withdrawn. Each for itself, then.
    std::string_view list = line.last();
    const bool single = list.find(' ') == std::string_view::npos;
    --asked_;
    if (!single)
      for_each_cap(list, [this, &out](std::string_view name, std::string_view) {
        out += outgoing("CAP").with("REQ").text(name).line();
        ++asked_;
      });
    if (asked_ == 0) return begin_sasl(out);
  } else if (verb == "DEL") {
    for_each_cap(line.last(), [this](std::string_view name, std::string_view) {
      if (const cap known = find_cap(name); known != cap::count) caps_.remove(known);
    });
  }
  return outcome::going_on;
}

void registration::ask_for_caps(std::string& out) {
  std::string list;
  for (std::size_t i = 0; i < cap_names.size(); ++i) {
    const cap one = static_cast<cap>(i);
    if (!offered_.has(one) || (one == cap::sasl && who_.account.empty())) continue;
    const std::string_view name = one == cap::standard_replies && vendor_replies_
                                      ? "inspircd.org/standard-replies"
                                      : cap_names[i];
    if (!list.empty()) list += ' ';
    list += name;
  }
  if (list.empty()) return;
  out += outgoing("CAP").with("REQ").text(list).line();  // all names together are under 400 bytes
  ++asked_;
}

registration::outcome registration::begin_sasl(std::string& out) {
  if (who_.account.empty()) return end_caps(out);
  const credentials who{who_.account, who_.password};
  const std::string_view mechanism = sasl_mechanism(who);
  if (!caps_.has(cap::sasl) || !offers_mechanism(sasl_value_, mechanism)) return end_caps(out);
  step_ = login_step::sasl;
  out += outgoing("AUTHENTICATE").with(mechanism).line();
  return outcome::going_on;
}

registration::outcome registration::end_caps(std::string& out) {
  // Somebody who gave an account must not come in without it.
  if (!who_.account.empty() && account_.empty())
    return fail(
        login_step::sasl,
        {failure_code::not_supported, "This network offers no way to log in just now.", "account"},
        fate::come_back);
  if (cap_ended_) return outcome::going_on;
  cap_ended_ = true;
  if (step_ == login_step::sasl) step_ = login_step::login;
  out += outgoing("CAP").with("END").line();
  return outcome::going_on;
}

}  // namespace halley::irc
