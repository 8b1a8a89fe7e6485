// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where passers-by of watched rooms are served, on the one shard that has the observers: what a room
// looks like as JSON, made once for each change, and the streams of all who look on. Owned by the
// http_server; refers to the observers.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "gateway/base/byte_stream.hpp"
#include "gateway/carriers/roster.hpp"
#include "gateway/watch/observer.hpp"

namespace halley {

class watch_viewer;

// What somebody wants to see, as he names it.
struct watch_place {
  std::string network;
  std::string name;
  const watched_room* room = nullptr;  // null: it may not be watched
};

class watch_desk {
 public:
  // Streams carry something this often, so that routers do not forget them.
  watch_desk(reactor& loop, roster& open, std::vector<observer*> observers, steady_ms heartbeat);
  ~watch_desk();
  watch_desk(const watch_desk&) = delete;
  watch_desk& operator=(const watch_desk&) = delete;

  // Null if this room of this network may not be watched.
  const watched_room* find(std::string_view network, std::string_view room) const;
  // What stands in an answer, and after `data:` in a stream.
  std::string_view print(const watch_place& place);
  // Sends `head`, the present state of each place and every change from now on, until the viewer goes.
  // At least one of the places may be watched.
  void add_viewer(byte_stream stream, address_tag tag, std::string_view head,
                  std::span<const watch_place> places);
  std::size_t viewers() const;

 private:
  friend class watch_viewer;
  struct view {
    std::string json;
    std::uint64_t version = UINT64_MAX;  // of the room, when `json` was printed
    std::unordered_set<watch_viewer*> viewers;
    std::unordered_set<watch_viewer*> owed;  // whom `words` have not been sent to yet
    std::string words;
  };
  const std::string& print_room(const watched_room& room, std::string_view network);
  void tell(const watched_room& room, std::string_view network);
  void on_telling();
  void on_heartbeat();
  void remove(watch_viewer& one);

  reactor& loop_;
  roster& open_;
  std::vector<observer*> observers_;
  std::unordered_map<const watched_room*, view> views_;
  std::string closed_;  // the last print of a place that may not be watched
  wheel_timer timer_;    // one for all viewers; runs while there are any
  wheel_timer telling_;  // runs while somebody is owed something
  steady_ms heartbeat_;
};

}  // namespace halley
