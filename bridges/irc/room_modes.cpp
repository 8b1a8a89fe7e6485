// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/room_modes.hpp"

#include <algorithm>
#include <array>

namespace halley::irc {
namespace {

// The same word may be another letter on another kind of server, and the same letter another thing.
enum class family : unsigned char { any, solanum, others, inspircd };
struct known_mode {
  std::string_view name;
  char letter;
  setting_type type = setting_type::flag;
  bool inverted = false;
  family where = family::any;
};
using enum setting_type;
constexpr std::array known_modes{
    known_mode{"members_only", 'i'},
    known_mode{"registered_only", 'R', flag, false, family::others},
    known_mode{"registered_only", 'r', flag, false, family::solanum},
    known_mode{"tls_only", 'z', flag, false, family::others},
    known_mode{"tls_only", 'S', flag, false, family::solanum},
    known_mode{"password", 'k', secret},
    known_mode{"max_people", 'l', number},
    known_mode{"invites", 'A', flag, false, family::inspircd},
    known_mode{"invites", 'g', flag, false, family::solanum},
    known_mode{"moderated", 'm'},
    known_mode{"registered_speak", 'M', flag, false, family::others},
    known_mode{"outside", 'n', flag, true},
    known_mode{"topic_open", 't', flag, true},
    known_mode{"no_colours", 'c', flag, false, family::any},
    known_mode{"no_nick_changes", 'N', flag, false, family::others},
    known_mode{"hidden", 's'},
};

bool is_here(const known_mode& one, const isupport& names) {
  const bool is_solanum = names.list_modes.find('q') != std::string::npos;
  if (one.where == family::solanum && !is_solanum) return false;
  if (one.where == family::others && is_solanum) return false;
  if (one.where == family::inspircd && !names.is_inspircd) return false;
  const std::string& letters = one.type == secret   ? names.param_modes
                               : one.type == number ? names.set_modes
                                                    : names.flag_modes;
  return letters.find(one.letter) != std::string::npos;
}

template <class Fits>
const known_mode* find_mode(const isupport& names, Fits&& fits) {
  const auto it = std::find_if(known_modes.begin(), known_modes.end(), [&](const known_mode& one) {
    return fits(one) && is_here(one, names);
  });
  return it == known_modes.end() ? nullptr : &*it;
}

const known_mode* mode_named(std::string_view name, const isupport& names) {
  return find_mode(names, [name](const known_mode& one) { return one.name == name; });
}

const mode_change* find_set(const std::vector<mode_change>& present, char letter) {
  const auto it = std::find_if(present.begin(), present.end(), [letter](const mode_change& one) {
    return one.set && one.mode.size() == 1 && one.mode[0] == letter;
  });
  return it == present.end() ? nullptr : &*it;
}

std::string value_of(const setting_change& wish) {
  return wish.values.empty() ? std::string() : wish.values.front();
}

}  // namespace

std::vector<room_setting> settings_of(const std::vector<mode_change>& present,
                                      const isupport& names) {
  std::vector<room_setting> settings;
  for (const known_mode& one : known_modes) {
    if (!is_here(one, names)) continue;
    const mode_change* set = find_set(present, one.letter);
    room_setting made{std::string(one.name), one.type, {}, {}, {}};
    if (one.type == flag)
      made.values.emplace_back((set != nullptr) != one.inverted ? "1" : "0");
    else if (set)
      made.values.push_back(set->value);
    settings.push_back(std::move(made));
  }
  return settings;
}

failure fault_in_setting(const setting_change& wish, const isupport& names) {
  const auto bad = [&](const char* text) {
    return failure{failure_code::bad_field, text, wish.name};
  };
  const known_mode* mode = mode_named(wish.name, names);
  if (!mode)
    return {failure_code::not_supported,
            "This network knows no room setting of that name: " + wish.name + ".", wish.name};
  const std::string value = value_of(wish);
  if (mode->type == secret && (value.find_first_of(" ,") != std::string::npos || value[0] == ':'))
    return bad("The password of a room has no spaces, no commas and no colon at its beginning.");
  const bool digits = value.find_first_not_of("0123456789") == std::string::npos;
  if (mode->type == number && (!digits || value.size() > 6))
    return bad("This must be a number.");
  return {};
}

std::vector<mode_change> changes_for(const std::vector<setting_change>& wishes,
                                     const std::vector<mode_change>& present,
                                     const isupport& names) {
  std::vector<mode_change> changes;
  for (const setting_change& wish : wishes) {
    const known_mode* mode = mode_named(wish.name, names);
    if (!mode) continue;
    const std::string letter(1, mode->letter);
    const std::string value = value_of(wish);
    const mode_change* set = find_set(present, mode->letter);
    if (mode->type == flag) {
      const bool is_on = (value == "1") != mode->inverted;
      if (is_on != (set != nullptr)) changes.push_back({is_on, letter, "", -1});
      continue;
    }
    const bool is_on = !value.empty() && value.find_first_not_of('0') != std::string::npos;
    if (set && is_on && set->value == value) continue;
    // Another key is taken only where there is none, and no key is taken away but the right one.
    if (set && (!is_on || mode->type == secret))
      changes.push_back({false, letter, mode->type == secret ? set->value : std::string(), -1});
    if (is_on) changes.push_back({true, letter, value, -1});
  }
  return changes;
}

std::string setting_of_mode(std::string_view letter, const isupport& names) {
  if (letter.size() != 1) return {};
  const known_mode* mode =
      find_mode(names, [letter](const known_mode& one) { return one.letter == letter[0]; });
  return mode ? std::string(mode->name) : std::string();
}

}  // namespace halley::irc
