// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/history.hpp"

#include <algorithm>

#include "bridges/xmpp/decode.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

constexpr std::uint32_t most_items = 100;

void field(xml_writer& out, const char* name, const std::string& value) {
  if (value.empty()) return;
  out.open("field").attribute("var", name).leaf("value", value).close();
}

}  // namespace

std::string history::archived_id(const std::string& message) const {
  const auto it = std::find_if(ids_.begin(), ids_.end(),
                               [&message](const id_pair& one) { return one.message == message; });
  return it == ids_.end() ? std::string() : it->archived;
}

void history::remember(std::vector<id_pair> ids) {
  std::move(ids.begin(), ids.end(), std::back_inserter(ids_));
  if (ids_.size() > kept_ids) {
    ids_.erase(ids_.begin(), ids_.end() - static_cast<std::ptrdiff_t>(kept_ids));
  }
}

void history::answer_empty(std::uint64_t n, place where) {
  leg_.later([this, n, where = std::move(where)] {
    leg_.tell(history_event{where, {}, true, n});
    leg_.succeed(n);
  });
}

void history::submit(std::uint64_t n, const history_command& what) {
  auto asked_for = std::make_unique<page>();
  asked_for->n = n;
  std::string with;
  joined_room* room = rooms_.find(what.to);
  if (room == nullptr) {
    if (const auto full = room_jid(what.to, leg_.shared().muc_service)) room = rooms_.find(*full);
  }
  const bool private_in_room = room == nullptr && rooms_.find_of(what.to) != nullptr;
  if (room != nullptr && !room->is_in()) room = nullptr;
  if (room != nullptr) {
    asked_for->where = {room->name(), true};
    asked_for->archive = room->name();
    if (!room->table->has_archive) return answer_empty(n, asked_for->where);
  } else {
    const auto person = prepare_bare_jid(what.to);
    if (!person || local(*person).empty() || domain(*person) == leg_.shared().muc_service) {
      if (!private_in_room) {
        return leg_.fail(n, failure_code::not_in_room, "You are not in that room.", "to");
      }
    }
    asked_for->where = {private_in_room ? what.to : *person, false};
    asked_for->archive = bare(leg_.jid);
    if (!account_has_archive || private_in_room) return answer_empty(n, asked_for->where);
    with = *person;
  }
  asked_for->forward = !what.after.empty() || what.after_at != 0;
  std::string before = what.before;
  std::string after = what.after;
  if (room == nullptr && !(before.empty() && after.empty())) {
    if (!before.empty()) before = archived_id(before);
    if (!after.empty()) after = archived_id(after);
    // A line that came live: the latest page holds it, and the reader drops what it has.
    asked_for->forward = !after.empty() || what.after_at != 0;
  }
  std::string id;
  xml_writer out = leg_.iq("set", room != nullptr ? asked_for->archive : std::string(), id);
  out.open("query", ns::mam).attribute("queryid", id);
  out.open("x", ns::data_form).attribute("type", "submit");
  out.open("field").attribute("var", "FORM_TYPE").attribute("type", "hidden");
  out.leaf("value", ns::mam).close();
  field(out, "with", with);
  if (what.before_at != 0) field(out, "end", print_iso_time(what.before_at));
  if (what.after_at != 0) field(out, "start", print_iso_time(what.after_at));
  out.close();
  out.open("set", ns::rsm);
  out.leaf("max", std::to_string(std::clamp<std::uint32_t>(what.limit, 1, most_items)));
  if (!after.empty()) out.leaf("after", after);
  if (!asked_for->forward) out.leaf("before", before);
  asked_for->query = id;
  const std::string archive = asked_for->archive;
  pages_.push_back(std::move(asked_for));
  leg_.ask(std::move(out), id, archive, asked::history,
           [this, id](const reply& answer) { on_end(id, answer); });
}

bool history::on_item(pugi::xml_node message) {
  const pugi::xml_node result = child_in(message, "result", ns::mam);
  if (!result) return false;
  const std::string_view query = result.attribute("queryid").value();
  const std::string_view from = message.attribute("from").value();
  for (const auto& one : pages_) {
    if (one->query != query) continue;
    if (from != one->archive && !(from.empty() && !one->where.is_room)) return true;
    const pugi::xml_node forwarded = child_in(result, "forwarded", ns::forward);
    const unix_ms at = read_delay(forwarded).value_or(0);
    add(*one, forwarded.child("message"), result.attribute("id").value(), at);
    return true;
  }
  return true;
}

void history::add(page& into, pugi::xml_node message, std::string_view archive_id, unix_ms at) {
  if (!message || into.items.size() >= most_items) return;
  const std::string_view from = message.attribute("from").value();
  message_origin origin;
  origin.where = into.where;
  origin.now = at;
  origin.archive_id = archive_id;
  if (into.where.is_room) {
    origin.from = resource(from);
    if (joined_room* room = rooms_.find(into.where.name)) origin.room = room->table.get();
  } else {
    origin.from = bare(from);
    // Conversations name messages by the sender's id, as live ones do.
    origin.archive_id = {};
  }
  decoded_message decoded = decode_message(message, origin);
  if (!decoded.told) return;
  if (auto* said = std::get_if<said_event>(&*decoded.told)) {
    said->at = at != 0 ? at : said->at;
    if (!into.where.is_room) {
      said->self = bare(from) == bare(leg_.jid);
      into.ids.push_back({said->id, std::string(archive_id)});
    }
    into.items.push_back(std::move(*said));
    return;
  }
  if (const auto* edited = std::get_if<edited_event>(&*decoded.told)) {
    for (said_event& item : into.items) {
      if (item.from != edited->from) continue;
      if (item.id == edited->id || item.origin_id == edited->id) item.body = edited->body;
    }
    return;
  }
  if (const auto* retracted = std::get_if<retracted_event>(&*decoded.told)) {
    std::erase_if(into.items, [&](const said_event& item) {
      return item.from == retracted->from &&
             (item.id == retracted->id || item.origin_id == retracted->id);
    });
  }
}

void history::on_end(const std::string& query, const reply& answer) {
  const auto it = std::find_if(pages_.begin(), pages_.end(),
                               [&query](const auto& one) { return one->query == query; });
  if (it == pages_.end()) return;
  const std::unique_ptr<page> done = std::move(*it);
  pages_.erase(it);
  if (!answer.ok) return leg_.fail(done->n, answer.why);
  const pugi::xml_node fin = child_in(answer.stanza, "fin", ns::mam);
  remember(std::move(done->ids));
  history_event out;
  out.where = done->where;
  out.items = std::move(done->items);
  out.complete = fin.attribute("complete").as_bool();
  out.n = done->n;
  leg_.tell(event(std::move(out)));
  leg_.succeed(done->n);
}

}  // namespace halley::xmpp
