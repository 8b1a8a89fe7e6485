// SPDX-License-Identifier: GPL-3.0-or-later
//
// Older messages from an archive (XEP-0313, paged by XEP-0059): a room's own archive, or our
// account's for conversations. Where there is none the answer is an empty, complete page.
#pragma once

#include <cstdint>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "bridges/xmpp/archive_query.hpp"
#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class history {
 public:
  history(leg& session, rooms& around) : leg_(session), rooms_(around) {}

  void submit(std::uint64_t n, const history_command& what);
  // False if the item belongs to no page asked for here.
  bool on_item(const archive_item& item);

  bool account_has_archive = false;

 private:
  // A conversation's message is known by its sender's id; archives are paged by their own.
  struct id_pair {
    std::string message;
    std::string archived;
  };
  struct page {
    std::uint64_t n = 0;
    std::string query;    // the iq's id, repeated in each item
    std::string archive;  // who may send items
    place where;
    bool forward = false;  // towards newer messages
    // Conversations: what the archive calls the messages of this page.
    std::vector<id_pair> ids;
    std::vector<said_event> items;
  };
  void on_end(const std::string& query, const reply& answer);
  void add(page& into, pugi::xml_node message, std::string_view archive_id, unix_ms at);
  std::string archived_id(const std::string& message) const;
  void remember(std::vector<id_pair> ids);
  void answer_empty(std::uint64_t n, place where);

  leg& leg_;
  rooms& rooms_;
  std::vector<std::unique_ptr<page>> pages_;
  static constexpr std::size_t kept_ids = 256;
  std::vector<id_pair> ids_;  // of the last pages of conversations; empty for most sessions
};

}  // namespace halley::xmpp
