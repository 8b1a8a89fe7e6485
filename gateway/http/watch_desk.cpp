// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/watch_desk.hpp"

#include <algorithm>
#include <utility>

#include "gateway/dialects/json_text.hpp"

namespace halley {
namespace {

constexpr std::size_t told_at_once = 256;  // viewers, some milliseconds
constexpr std::size_t most_said = 16 * 1024;  // by a viewer, who has nothing to say

}  // namespace

// A passer-by's stream: nothing but a socket. One that does not take what little is sent is closed; his
// browser comes again by itself and is told the present state.
class watch_viewer final : public resident {
 public:
  // `home`: one of his rooms.
  watch_viewer(watch_desk& desk, const watched_room& home, byte_stream stream)
      : desk_(desk), home_(home), stream_(std::move(stream)) {
    desk_.loop_.watch(stream_.fd(), *this);
  }
  ~watch_viewer() override { let_go(); }

  const watched_room& home() const { return home_; }

  // False when the viewer is gone.
  bool send(std::string_view bytes) {
    const io_result done = stream_.write(bytes);
    if (done.state == io_state::ok && done.size == bytes.size()) return true;
    let_go();
    desk_.open_.retire(*this);
    return false;
  }

 private:
  void on_ready(readiness what) override {
    if (!what.readable && !what.hang_up) return;
    // Nothing that is said here counts; who goes on saying it takes the turn of the others.
    while (said_ <= most_said) {
      const io_result done = stream_.read(desk_.loop_.read_buffer());
      if (done.state == io_state::would_block) return;
      if (done.state != io_state::ok) break;
      said_ += done.size;
      if (done.emptied && !what.hang_up && said_ <= most_said) return;
    }
    desk_.remove(*this);
    let_go();
    desk_.open_.retire(*this);
  }
  void let_go() {
    if (!stream_.is_open()) return;
    desk_.loop_.forget(stream_.fd(), *this);
    stream_.close();
  }

  watch_desk& desk_;
  const watched_room& home_;
  byte_stream stream_;
  std::size_t said_ = 0;
};

watch_desk::watch_desk(reactor& loop, roster& open, std::vector<observer*> observers,
                       steady_ms heartbeat)
    : loop_(loop),
      open_(open),
      observers_(std::move(observers)),
      timer_(on_expiry<&watch_desk::on_heartbeat>, this),
      telling_(on_expiry<&watch_desk::on_telling>, this),
      heartbeat_(heartbeat) {
  for (observer* one : observers_)
    one->on_change([this, one](const watched_room& room) { tell(room, one->network_config().name); });
}

watch_desk::~watch_desk() {
  for (observer* one : observers_) one->on_change({});
}

const watched_room* watch_desk::find(std::string_view network, std::string_view room) const {
  for (const observer* one : observers_)
    if (one->network_config().name == network) return one->find(room);
  return nullptr;
}

std::string_view watch_desk::print(const watch_place& place) {
  if (place.room != nullptr) return print_room(*place.room, place.network);
  closed_.clear();
  json_object json(closed_);
  json.text("network", place.network);
  json.text("room", place.name);
  json.text("state", "closed");
  json.close();
  return closed_;
}

const std::string& watch_desk::print_room(const watched_room& room, std::string_view network) {
  view& seen = views_[&room];
  if (seen.version == room.version() && !seen.json.empty()) return seen.json;
  seen.version = room.version();
  seen.json.clear();
  json_object json(seen.json);
  json.text("network", network);
  json.text("room", room.name());
  json.text("state", !room.is_known() ? "unknown" : room.people() > 0 ? "online" : "quiet");
  if (room.is_known()) json.number("people", static_cast<std::int64_t>(room.people()));
  json.text_if("topic", room.topic());
  append_json_array(json.key("lines"), room.lines(), [](std::string& out, const watched_line& one) {
    json_object line(out);
    line.text("from", one.from);
    line.text("text", one.text);
    line.number("at", one.at);
    line.flag_if("action", one.action);
    line.close();
  });
  json.close();
  return seen.json;
}

void watch_desk::add_viewer(byte_stream stream, address_tag tag, std::string_view head,
                            std::span<const watch_place> places) {
  const auto home = std::find_if(places.begin(), places.end(),
                                 [](const watch_place& one) { return one.room != nullptr; });
  auto made = std::make_unique<watch_viewer>(*this, *home->room, std::move(stream));
  watch_viewer& one = *made;
  open_.add(std::move(made), tag);
  std::string out(head);
  out += "retry: 5000\n";
  for (const watch_place& place : places) out.append("data: ").append(print(place)).append("\n\n");
  if (!one.send(out)) return;
  for (const watch_place& place : places)
    if (place.room != nullptr) views_[place.room].viewers.insert(&one);
  if (!timer_.armed()) timer_.arm(loop_.timers(), loop_.now() + heartbeat_);
}

void watch_desk::tell(const watched_room& room, std::string_view network) {
  view& seen = views_[&room];
  seen.words = "data: " + print_room(room, network) + "\n\n";
  seen.owed = seen.viewers;
  if (!telling_.armed()) on_telling();
}

// Ten thousand in one go would keep everybody else of the shard waiting.
void watch_desk::on_telling() {
  std::size_t left = told_at_once;
  bool more = false;
  for (auto& [room, seen] : views_) {
    for (; left > 0 && !seen.owed.empty(); --left) {
      watch_viewer* one = *seen.owed.begin();
      seen.owed.erase(seen.owed.begin());
      if (!one->send(seen.words)) remove(*one);
    }
    more = more || !seen.owed.empty();
  }
  if (more) telling_.arm(loop_.timers(), loop_.now() + 1);
}

// Who is being told something hears enough.
void watch_desk::on_heartbeat() {
  for (auto& [room, seen] : views_) {
    if (!seen.owed.empty()) continue;
    seen.words = ":\n\n";
    for (watch_viewer* one : seen.viewers)
      if (&one->home() == room) seen.owed.insert(one);
  }
  if (!telling_.armed()) on_telling();
  if (viewers() > 0) timer_.arm(loop_.timers(), loop_.now() + heartbeat_);
}

// There are few rooms: cheaper than a list of his rooms in each of ten thousand viewers.
void watch_desk::remove(watch_viewer& one) {
  for (auto& [room, seen] : views_) {
    seen.viewers.erase(&one);
    seen.owed.erase(&one);
  }
}

std::size_t watch_desk::viewers() const {
  std::ptrdiff_t sum = 0;
  for (const auto& [room, seen] : views_)
    sum += std::count_if(seen.viewers.begin(), seen.viewers.end(),
                         [room = room](const watch_viewer* one) { return &one->home() == room; });
  return static_cast<std::size_t>(sum);
}

}  // namespace halley
