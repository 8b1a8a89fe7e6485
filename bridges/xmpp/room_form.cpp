// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/room_form.hpp"

#include <algorithm>
#include <array>

#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/chat/room_settings.hpp"

namespace halley::xmpp {

namespace {

// The words all networks share, and the fields of the form. One field of a pair is shown: a room has
// a password when there is one.
struct known_field {
  std::string_view name;
  std::string_view field;
  bool inverted = false;  // the form asks the opposite question
};
constexpr std::array known_fields{
    known_field{"name", "muc#roomconfig_roomname"},
    known_field{"description", "muc#roomconfig_roomdesc"},
    known_field{"language", "muc#roomconfig_lang"},
    known_field{"members_only", "muc#roomconfig_membersonly"},
    known_field{"password", "muc#roomconfig_roomsecret"},
    known_field{"max_people", "muc#roomconfig_maxusers"},
    known_field{"invites", "muc#roomconfig_allowinvites"},
    known_field{"moderated", "muc#roomconfig_moderatedroom"},
    known_field{"topic_open", "muc#roomconfig_changesubject"},
    known_field{"private_messages", "muc#roomconfig_allowpm"},
    known_field{"addresses", "muc#roomconfig_whois"},
    known_field{"hidden", "muc#roomconfig_publicroom", true},
    known_field{"persistent", "muc#roomconfig_persistentroom"},
    known_field{"archive", "muc#roomconfig_enablearchiving"},
    known_field{"archive", "mam"},
    known_field{"logging", "muc#roomconfig_enablelogging"},
};
constexpr std::string_view has_password = "muc#roomconfig_passwordprotectedroom";

std::string_view field_of(std::string_view name, bool& inverted) {
  inverted = false;
  for (const known_field& one : known_fields) {
    if (one.field != name) continue;
    inverted = one.inverted;
    return one.name;
  }
  return name;
}

// XEP-0004, 3.3.
struct known_type {
  std::string_view name;
  setting_type type;
};
constexpr std::array known_types{
    known_type{"boolean", setting_type::flag},       known_type{"jid-multi", setting_type::lines},
    known_type{"text-multi", setting_type::lines},   known_type{"list-multi", setting_type::choices},
    known_type{"list-single", setting_type::choice}, known_type{"text-private", setting_type::secret},
};

setting_type type_of(pugi::xml_node field) {
  const std::string_view type = field.attribute("type").value();
  for (const known_type& one : known_types) {
    if (one.name == type) return one.type;
  }
  // XEP-0122.
  const std::string_view data = field.child("validate").attribute("datatype").value();
  return data == "xs:integer" || data == "xs:int" ? setting_type::number : setting_type::text;
}

bool is_shown(pugi::xml_node field) {
  const std::string_view type = field.attribute("type").value();
  return field.attribute("var") && type != "hidden" && type != "fixed" &&
         field.attribute("var").value() != has_password;
}

bool is_true(std::string_view value) {
  return value == "1" || value == "true";
}

pugi::xml_node field_named(pugi::xml_node form, std::string_view name) {
  for (const pugi::xml_node field : form.children("field")) {
    if (name == field.attribute("var").value()) return field;
  }
  return {};
}

void read_values(room_setting& into, pugi::xml_node field, pugi::xml_node form, bool inverted) {
  for (const pugi::xml_node value : field.children("value")) {
    into.values.emplace_back(value.child_value());
  }
  if (into.type == setting_type::flag) {
    const bool is_on = is_true(field.child_value("value")) != inverted;
    into.values.assign(1, is_on ? "1" : "0");
  }
  const pugi::xml_node protects = field_named(form, has_password);
  if (into.name == "password" && protects && !is_true(protects.child_value("value"))) {
    into.values.clear();
  }
}

const setting_change* change_of(std::string_view name, const std::vector<setting_change>& changes) {
  const auto it = std::find_if(changes.begin(), changes.end(),
                               [name](const setting_change& one) { return one.name == name; });
  return it == changes.end() ? nullptr : &*it;
}

bool is_empty(const setting_change& change) {
  return change.values.empty() || change.values.front().empty();
}

void write_values(xml_writer& out, pugi::xml_node field,
                  const std::vector<setting_change>& changes) {
  const std::string_view var = field.attribute("var").value();
  bool inverted = false;
  const bool protects = var == has_password;
  const setting_change* change =
      change_of(protects ? std::string_view("password") : field_of(var, inverted), changes);
  if (change == nullptr) {
    for (const pugi::xml_node value : field.children("value")) out.leaf("value", value.child_value());
  } else if (protects) {
    out.leaf("value", is_empty(*change) ? "0" : "1");
  } else if (type_of(field) == setting_type::flag) {
    out.leaf("value", (!is_empty(*change) && is_true(change->values.front())) != inverted ? "1" : "0");
  } else {
    for (const std::string& value : change->values) out.leaf("value", value);
  }
}

}  // namespace

std::vector<room_setting> read_room_form(pugi::xml_node form) {
  std::vector<room_setting> settings;
  for (const pugi::xml_node field : form.children("field")) {
    if (!is_shown(field)) continue;
    room_setting one;
    bool inverted = false;
    one.name = field_of(field.attribute("var").value(), inverted);
    one.type = type_of(field);
    one.label = unstyled(field.attribute("label").value()).text;
    read_values(one, field, form, inverted);
    for (const pugi::xml_node option : field.children("option")) {
      one.options.push_back(
          {option.child_value("value"), unstyled(option.attribute("label").value()).text});
    }
    settings.push_back(std::move(one));
  }
  return settings;
}

failure fault_in_setting(const setting_change& wish, const std::vector<room_setting>& form) {
  const room_setting* setting = find_setting(form, wish.name);
  if (setting == nullptr) {
    return {failure_code::not_supported,
            "This network knows no room setting of that name: " + wish.name + ".", wish.name};
  }
  for (const std::string& value : wish.values) {
    const bool is_offered =
        setting->options.empty() ||
        std::any_of(setting->options.begin(), setting->options.end(),
                    [&value](const room_setting::option& one) { return one.value == value; });
    // COMPAT(Prosody 0.12): never answers a value that is not on its list.
    if (!is_offered) return {failure_code::bad_field, "The room does not take this.", wish.name};
  }
  return {};
}

void write_room_form(xml_writer& out, pugi::xml_node form,
                     const std::vector<setting_change>& changes) {
  out.open("x", ns::data_form).attribute("type", "submit");
  for (const pugi::xml_node field : form.children("field")) {
    const std::string_view var = field.attribute("var").value();
    if (var.empty()) continue;
    out.open("field").attribute("var", var);
    write_values(out, field, changes);
    out.close();
  }
  out.close();
}

std::string setting_in(std::string_view words, pugi::xml_node form) {
  for (const pugi::xml_node field : form.children("field")) {
    const std::string_view var = field.attribute("var").value();
    if (var.empty() || words.find(var) == std::string_view::npos) continue;
    bool inverted = false;
    return std::string(var == has_password ? "password" : field_of(var, inverted));
  }
  return {};
}

}  // namespace halley::xmpp
