// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/queries.hpp"

#include "bridges/xmpp/capabilities.hpp"

#include <algorithm>
#include <cstdlib>

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

constexpr std::size_t most_rooms_listed = 1000;
constexpr std::size_t most_rooms_detailed = 50;  // each costs a question
constexpr std::size_t most_services = 20;

std::string form_value(pugi::xml_node form, std::string_view name) {
  for (const pugi::xml_node field : form.children("field")) {
    if (name == field.attribute("var").value()) return field.child_value("value");
  }
  return {};
}

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

}  // namespace

// --- rooms
// ----------------------------------------------------------------------------------------

struct queries::room_list {
  std::uint64_t n = 0;
  std::vector<room_entry> rooms;
  std::size_t next = 0;
  std::size_t open = 0;
};

void queries::submit(std::uint64_t n, const list_command& what) {
  const std::string service = leg_.shared().muc_service;
  if (service.empty()) {
    return leg_.fail(n, failure_code::not_supported, "This network has no room service.");
  }
  std::string id;
  xml_writer out = leg_.iq("get", service, id);
  out.open("query", ns::disco_items);
  leg_.ask(std::move(out), id, service, asked::query,
           [this, n, filter = what.filter](const reply& answer) {
             if (!answer.ok) return leg_.fail(n, answer.why);
             auto list = std::make_shared<room_list>();
             list->n = n;
             for (const pugi::xml_node item : answer.stanza.child("query").children("item")) {
               room_entry one;
               one.room = item.attribute("jid").value();
               one.name = unstyled(item.attribute("name").value()).text;
               if (!filter.empty() && !contains(one.room, filter) && !contains(one.name, filter)) {
                 continue;
               }
               list->rooms.push_back(std::move(one));
               if (list->rooms.size() == most_rooms_listed) break;
             }
             ask_room_details(list);
           });
}

void queries::ask_room_details(const std::shared_ptr<room_list>& list) {
  const std::size_t count = std::min(list->rooms.size(), most_rooms_detailed);
  list->open = count;
  const auto finish = [this, list] {
    result_event told;
    told.n = list->n;
    told.data = std::move(list->rooms);
    leg_.settle(std::move(told));
  };
  if (count == 0) return finish();
  for (std::size_t i = 0; i < count; ++i) {
    std::string id;
    const std::string room = list->rooms[i].room;
    xml_writer out = leg_.iq("get", room, id);
    out.open("query", ns::disco_info);
    leg_.ask(std::move(out), id, room, asked::query, [list, i, finish](const reply& answer) {
      if (answer.ok) {
        const pugi::xml_node query = answer.stanza.child("query");
        const pugi::xml_node form = child_in(query, "x", ns::data_form);
        room_entry& one = list->rooms[i];
        one.members = static_cast<std::uint32_t>(
            std::strtoul(form_value(form, "muc#roominfo_occupants").c_str(), nullptr, 10));
        one.topic = unstyled(form_value(form, "muc#roominfo_subject")).text;
        if (one.topic.empty()) {
          one.topic = unstyled(form_value(form, "muc#roominfo_description")).text;
        }
        const std::string_view name = query.child("identity").attribute("name").value();
        if (!name.empty()) one.name = unstyled(name).text;
      }
      if (--list->open == 0) finish();
    });
  }
}

void queries::submit(std::uint64_t n, const names_command& what) {
  joined_room* room = rooms_.inside(n, what.room);
  if (room == nullptr) return;
  leg_.later([this, n, name = room->name()] {
    if (const joined_room* still = rooms_.find(name)) {
      for (const event_ptr& part : still->table->describe(still->nick)) leg_.tell(part);
    }
    leg_.succeed(n);
  });
}

// --- people
// ---------------------------------------------------------------------------------------

void queries::submit(std::uint64_t n, const whois_command& what) {
  person known;
  std::string address;
  joined_room* room = nullptr;
  if (!what.room.empty()) {
    room = rooms_.inside(n, what.room);
    if (room == nullptr) return;
  } else if (joined_room* around = rooms_.find_of(what.nick)) {
    room = around;
  }
  if (room != nullptr) {
    const bool full = bare(what.nick) == room->name();
    known.nick = full ? std::string(resource(what.nick)) : what.nick;
    const room_table::occupant* who = room->table->find(known.nick);
    if (who == nullptr) {
      return leg_.fail(n, failure_code::no_such_nick, "There is nobody of that name in the room.",
                       "nick");
    }
    known.account = who->account;
    known.rooms.push_back(room->name());
    if (who->away) known.away = "away";
    address = room->name() + "/" + known.nick;
  } else {
    const auto prepared = prepare_bare_jid(what.nick);
    if (!prepared || local(*prepared).empty()) {
      return leg_.fail(n, failure_code::no_such_nick,
                       "Name the room, or give the person's full address.", "nick");
    }
    address = *prepared;
    known.nick = address;
    known.account = address;
    known.server = domain(address);
  }
  std::string id;
  xml_writer out = leg_.iq("get", address, id);
  out.open("vCard", ns::vcard);
  leg_.ask(std::move(out), id, address, asked::query,
           [this, n, known](const reply& answer) { on_card(n, known, answer); });
}

void queries::on_card(std::uint64_t n, person known, const reply& answer) {
  // Most people have no card; a member of a room is known all the same.
  if (!answer.ok && known.rooms.empty() && answer.why.code != failure_code::not_supported &&
      answer.condition != "item-not-found") {
    return leg_.fail(n, answer.why);
  }
  const pugi::xml_node card = answer.ok ? answer.stanza.child("vCard") : pugi::xml_node();
  known.real_name = unstyled(card.child_value("FN")).text;
  for (const char* field : {"NICKNAME", "DESC", "URL"}) {
    std::string line = unstyled(card.child_value(field)).text;
    if (!line.empty()) known.lines.push_back(std::move(line));
  }
  result_event told;
  told.n = n;
  told.data = std::move(known);
  leg_.settle(std::move(told));
}

void queries::submit(std::uint64_t n, const ping_command&) {
  const std::string server(domain(leg_.jid));
  std::string id;
  xml_writer out = leg_.iq("get", server, id);
  out.open("ping", ns::ping);
  leg_.ask(std::move(out), id, server, asked::query, [this, n](const reply& answer) {
    // An error is an answer as well.
    if (answer.stanza) return leg_.succeed(n);
    leg_.fail(n, answer.why);
  });
}

// --- the room service
// -----------------------------------------------------------------------------

struct queries::service_search {
  std::vector<std::string> items;
  std::vector<std::string> domains;
  std::function<void()> done;
};

void queries::find_room_service(std::function<void()> done) {
  network_state& shared = leg_.shared();
  if (!shared.muc_service.empty() || shared.no_muc_service) return done();
  auto search = std::make_shared<service_search>();
  search->done = std::move(done);
  search->domains = {shared.config.domain};
  if (shared.config.anonymous_domain != shared.config.domain) {
    search->domains.push_back(shared.config.anonymous_domain);
  }
  look_at_item(search);
}

// One domain, then its services one after the other, until one is a room service.
void queries::look_at_item(const std::shared_ptr<service_search>& search) {
  network_state& shared = leg_.shared();
  std::string id;
  if (!search->items.empty()) {
    const std::string service = search->items.front();
    search->items.erase(search->items.begin());
    xml_writer out = leg_.iq("get", service, id);
    out.open("query", ns::disco_info);
    return leg_.ask(std::move(out), id, service, asked::query,
                    [this, search, service, &shared](const reply& answer) {
                      if (!answer.stanza) return search->done();
                      const pugi::xml_node query = answer.stanza.child("query");
                      for (const pugi::xml_node one : query.children("identity")) {
                        if (one.attribute("category").value() == std::string_view("conference") &&
                            one.attribute("type").value() == std::string_view("text")) {
                          shared.muc_service = service;
                          return search->done();
                        }
                      }
                      look_at_item(search);
                    });
  }
  if (search->domains.empty()) {
    shared.no_muc_service = true;
    return search->done();
  }
  const std::string where = search->domains.front();
  search->domains.erase(search->domains.begin());
  xml_writer out = leg_.iq("get", where, id);
  out.open("query", ns::disco_items);
  leg_.ask(std::move(out), id, where, asked::query, [this, search](const reply& answer) {
    if (!answer.stanza) return search->done();
    for (const pugi::xml_node item : answer.stanza.child("query").children("item")) {
      if (search->items.size() < most_services && !item.attribute("node")) {
        search->items.emplace_back(item.attribute("jid").value());
      }
    }
    look_at_item(search);
  });
}

void queries::look_at_account(std::function<void(account_offers)> done) {
  std::string id;
  const std::string own(bare(leg_.jid));
  xml_writer out = leg_.iq("get", own, id);
  out.open("query", ns::disco_info);
  leg_.ask(std::move(out), id, own, asked::query, [done = std::move(done)](const reply& answer) {
    account_offers found;
    for (const pugi::xml_node one : answer.stanza.child("query").children("feature")) {
      const std::string_view name = one.attribute("var").value();
      found.archive = found.archive || name == ns::mam;
      found.own_nodes = found.own_nodes || name == ns::publish_options;
    }
    done(answer.ok ? found : account_offers{});
  });
}

// --- asked of us
// ----------------------------------------------------------------------------------

void queries::answer(pugi::xml_node iq) {
  const pugi::xml_node query = iq.first_child();
  const std::string_view space = query.attribute("xmlns").value();
  const bool get = iq.attribute("type").value() == std::string_view("get");
  xml_writer out("iq");
  out.attribute("to", iq.attribute("from").value()).attribute("id", iq.attribute("id").value());
  if (get && space == ns::ping) {
    out.attribute("type", "result");
  } else if (get && space == ns::version) {
    out.attribute("type", "result").open("query", ns::version).leaf("name", "Halley");
  } else if (get && space == ns::disco_info) {
    out.attribute("type", "result").open("query", ns::disco_info);
    out.attribute("node", query.attribute("node").value());
    write_capabilities(out, !leg_.account.empty());
  } else {
    out.attribute("type", "error").open("error").attribute("type", "cancel");
    out.open("service-unavailable", ns::stanza_errors);
  }
  (void)leg_.send(std::move(out));
}

}  // namespace halley::xmpp
