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
  archive_query ask;
  ask.id = asked_for->query = leg_.next_id();
  if (room != nullptr) ask.archive = asked_for->archive;
  ask.with = std::move(with);
  ask.start = what.after_at;
  ask.end = what.before_at;
  ask.after = std::move(after);
  ask.before = std::move(before);
  ask.forward = asked_for->forward;
  ask.most = std::clamp<std::uint32_t>(what.limit, 1, most_items);
  pages_.push_back(std::move(asked_for));
  ask_archive(leg_, ask, [this, id = ask.id](const reply& answer) { on_end(id, answer); });
}

bool history::on_item(const archive_item& item) {
  for (const auto& one : pages_) {
    if (one->query != item.query) continue;
    if (item.from == one->archive || (item.from.empty() && !one->where.is_room)) {
      add(*one, item.message, item.id, item.at);
    }
    return true;
  }
  return false;
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
  remember(std::move(done->ids));
  history_event out;
  out.where = done->where;
  out.items = std::move(done->items);
  out.complete = read_archive_end(answer.stanza).complete;
  out.n = done->n;
  leg_.tell(event(std::move(out)));
  leg_.succeed(done->n);
}

}  // namespace halley::xmpp
