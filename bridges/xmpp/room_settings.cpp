// SPDX-License-Identifier: GPL-3.0-or-later
//
// The settings of a room: its form is asked for and goes back as a whole (XEP-0045, 10.2). Then it is
// asked for once more: COMPAT(Prosody 0.12): values it does not take are passed over in silence.
#include "bridges/xmpp/moderation.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/room_form.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/chat/room_settings.hpp"

namespace halley::xmpp {

namespace {

pugi::xml_node form_in(const reply& answer) {
  return child_in(answer.stanza.child("query"), "x", ns::data_form);
}

// No value and an empty one are the same.
bool are_same(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto is_empty = [](const auto& values) {
    return values.empty() || (values.size() == 1 && values.front().empty());
  };
  return a == b || (is_empty(a) && is_empty(b));
}

// "+moderated" and "+password=secret" as what a form would set.
std::vector<setting_change> as_settings(const std::vector<mode_change>& changes) {
  std::vector<setting_change> out;
  for (const mode_change& one : changes) {
    const bool has_value = one.mode == "password";
    const char* flag = one.set ? "1" : "0";
    out.push_back({one.mode, {has_value ? (one.set ? one.value : std::string()) : flag}});
  }
  return out;
}

}  // namespace

void moderation::submit(std::uint64_t n, const settings_command& what) {
  const joined_room* room = rooms_.inside(n, what.room);
  if (room == nullptr) return;
  change_settings(n, room->name(), what.changes, [this, n](const pugi::xml_node& form) {
    result_event told;
    told.n = n;
    told.data = read_room_form(form);
    leg_.settle(std::move(told));
  });
}

void moderation::change_modes(std::uint64_t n, const joined_room& room, const mode_command& what) {
  change_settings(n, room.name(), as_settings(what.changes),
                  [this, n](const pugi::xml_node&) { leg_.succeed(n); });
}

void moderation::ask_form(std::uint64_t n, const std::string& room, leg::handler then) {
  std::string id;
  xml_writer out = leg_.iq("get", room, id);
  out.open("query", ns::muc_owner);
  leg_.ask(std::move(out), id, room, asked::settings,
           [this, n, then = std::move(then)](const reply& answer) {
             if (!answer.ok) return leg_.fail(n, answer.why);
             then(answer);
           });
}

void moderation::change_settings(std::uint64_t n, const std::string& room,
                                 std::vector<setting_change> changes, form_handler then) {
  ask_form(n, room, [this, n, room, changes = std::move(changes), then](const reply& answer) {
    const pugi::xml_node form = form_in(answer);
    if (changes.empty()) return then(form);
    const std::vector<room_setting> before = read_room_form(form);
    for (const setting_change& one : changes) {
      failure fault = fault_in_setting(one, before);
      if (!fault.text.empty()) return leg_.fail(n, std::move(fault));
    }
    send_form(n, room, form, changes, [this, n, room, changes, before, then] {
      ask_form(n, room, [this, n, room, changes, before, then](const reply& now) {
        on_changed(n, room, changes, before, form_in(now), then);
      });
    });
  });
}

void moderation::send_form(std::uint64_t n, const std::string& room, pugi::xml_node form,
                           const std::vector<setting_change>& changes,
                           std::function<void()> then) {
  std::string id;
  xml_writer out = leg_.iq("set", room, id);
  out.open("query", ns::muc_owner);
  write_room_form(out, form, changes);
  auto names = std::make_shared<pugi::xml_document>();  // whose fields a refusal may name
  names->append_copy(form);
  leg_.ask(std::move(out), id, room, asked::settings,
           [this, n, names, then = std::move(then)](const reply& done) {
             if (done.ok) return then();
             failure why = done.why;
             why.field = setting_in(why.text, names->document_element());
             leg_.fail(n, std::move(why));
           });
}

// What is still as it was has not been taken.
void moderation::on_changed(std::uint64_t n, const std::string& room,
                            const std::vector<setting_change>& changes,
                            const std::vector<room_setting>& before, pugi::xml_node form,
                            const form_handler& then) {
  const std::vector<room_setting> now = read_room_form(form);
  mode_event told;
  told.room = room;
  if (const joined_room* still = rooms_.find(room)) told.from = still->nick;
  std::string refused;
  for (const setting_change& one : changes) {
    const room_setting* was = find_setting(before, one.name);
    const room_setting* is = find_setting(now, one.name);
    if (was == nullptr || is == nullptr) continue;
    if (are_same(is->values, was->values)) {
      if (!are_same(one.values, was->values)) refused = one.name;
    } else if (is->type == setting_type::flag) {
      told.changes.push_back({is->values.front() == "1", one.name, "", -1});
    } else if (is->type == setting_type::secret) {
      told.changes.push_back({!are_same(is->values, {}), one.name, "", -1});
    }
  }
  if (!told.changes.empty()) leg_.tell(event(std::move(told)));
  if (refused.empty()) return then(form);
  result_event answer;
  answer.n = n;
  answer.ok = false;
  answer.why = {failure_code::bad_field, "The network does not take this.", refused};
  answer.data = now;
  leg_.settle(std::move(answer));
}

}  // namespace halley::xmpp
