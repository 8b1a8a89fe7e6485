// SPDX-License-Identifier: GPL-3.0-or-later
//
// The session with both its ports recorded: what the browser and the network are told, and when.
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "gateway/session/session_table.hpp"

using namespace halley;

namespace {

struct recorded_network;

struct recorded_bridge final : bridge {
  recorded_bridge(recorded_network& owner, bridge_listener& to) : network(owner), listener(to) {}
  ~recorded_bridge() override;
  void submit(std::uint64_t n, const command& what) override {
    submitted.emplace_back(n, std::string(command_name(what)));
  }
  void on_attached(bool attached) override { told.push_back(attached ? "back" : "away"); }
  void describe(std::vector<event_ptr>& into) override {
    into.push_back(share(joined_event{"#state", "me", true, {}, "", "", 0}));
  }
  bool heal(unix_ms since) override {
    healed_since = since;
    return has_history;
  }
  void end(std::string_view reason) override { ended = reason; }
  void says(const std::string& text) {
    said_event e;
    e.where = {"#room", true};
    e.body.text = text;
    listener.on_event(share(std::move(e)));
  }
  void answers(std::uint64_t n) {
    result_event e;
    e.n = n;
    listener.on_result(std::move(e));
  }
  recorded_network& network;
  bridge_listener& listener;
  std::vector<std::pair<std::uint64_t, std::string>> submitted;
  std::vector<std::string> told;
  std::string ended;
  bool has_history = false;
  unix_ms healed_since = 0;
};

struct recorded_network final : bridge_network {
  std::unique_ptr<bridge> enter(const visitor&, bridge_listener& listener) override {
    auto made = std::make_unique<recorded_bridge>(*this, listener);
    last = made.get();
    ++alive;
    return made;
  }
  std::optional<failure> refuse(const visitor& who) const override {
    if (who.nick == "bad nick") return failure{failure_code::bad_nick, "no", "nick"};
    return std::nullopt;
  }
  const network& config() const override { return config_; }
  nick_rule nicks() const override { return {}; }
  network config_;
  recorded_bridge* last = nullptr;
  int alive = 0;
};
recorded_bridge::~recorded_bridge() { --network.alive; }

struct recorded_carrier final : carrier {
  explicit recorded_carrier(session& of, std::uint64_t cursor = 0, reader_tag who = 0)
      : session_(&of), cursor_(cursor) {
    reader = who;
  }
  ~recorded_carrier() {
    if (session_ != nullptr) session_->detach(*this);
  }
  std::uint64_t reached() const override { return cursor_; }
  void on_log_grown() override {
    ++wakes;
    if (is_slow) return;
    while (cursor_ < session_->log().last()) {
      const event& one = session_->log().at(++cursor_)->value();
      if (const auto* said = std::get_if<said_event>(&one)) read.push_back(said->body.text);
      else if (std::holds_alternative<joined_event>(one)) read.push_back("(joined)");
      else if (std::holds_alternative<gap_event>(one)) read.push_back("(gap)");
      else if (const auto* w = std::get_if<waiting_event>(&one))
        read.push_back("waiting " + std::to_string(w->n) + ' ' + std::to_string(w->ms));
      else if (const auto* s = std::get_if<sent_event>(&one))
        read.push_back("sent " + std::to_string(s->n));
      else if (const auto* c = std::get_if<members_changed_event>(&one))
        read.push_back("(+" + std::to_string(c->joined.size()) + " -" +
                       std::to_string(c->left.size()) + ")");
      else if (std::holds_alternative<typing_event>(one)) read.push_back("(typing)");
      else if (std::holds_alternative<data_event>(one)) read.push_back("(data)");
      else if (const auto* lost = std::get_if<data_lost_event>(&one))
        read.push_back("(-" + std::to_string(lost->count) + " data)");
      else if (std::holds_alternative<closing_event>(one)) read.push_back("(closing)");
      else if (const auto* r = std::get_if<result_event>(&one))
        read.push_back(r->ok ? "ok " + std::to_string(r->n)
                             : std::string(failure_name(r->why.code)) + ' ' + std::to_string(r->n));
    }
  }
  void on_session_over(const failure*) override {
    over = true;
    session_ = nullptr;
  }
  session* session_;
  std::uint64_t cursor_;
  std::vector<std::string> read;
  int wakes = 0;
  bool is_slow = false;
  bool over = false;
};

// A table on a loop whose time the test moves: timers fire by advance(), batch ends by settle().
struct house {
  house() {
    limits.grace_ms = 60'000;
    table = std::make_unique<session_table>(0, key, limits, counts, loop);
  }
  session& open(const std::string& address = "192.0.2.1") {
    visitor who;
    who.nick = "me";
    who.address = address;
    auto made = table->open(network, who);
    REQUIRE(made.has_value());
    return **made;
  }
  // Runs everything that waits for the end of the batch.
  void settle() {
    loop.post([this] { loop.post([this] { loop.stop(); }); });
    loop.run();
  }
  void advance(steady_ms by) {
    loop.timers().advance(loop.now() + by);
    settle();
  }
  reactor loop;
  session_limits limits;
  session_key key{"n1", "a secret of the deployment, long enough"};
  session_counts counts;
  recorded_network network;
  std::unique_ptr<session_table> table;
};

}  // namespace

TEST_CASE("many lines of one batch wake a reader once", "[session]") {
  house h;
  session& s = h.open();
  recorded_carrier reader(s);
  s.attach(reader);
  h.settle();
  reader.wakes = 0;
  for (int i = 0; i < 10; ++i) h.network.last->says(std::to_string(i));
  CHECK(reader.wakes == 0);
  h.settle();
  CHECK(reader.wakes == 1);
  CHECK(reader.read.size() == 10);
}

TEST_CASE("a reader that comes back with its cursor misses nothing", "[session]") {
  house h;
  session& s = h.open();
  h.network.last->says("one");
  h.network.last->says("two");
  const auto start = s.begin_reading(0, 1, s.epoch());
  CHECK(start.resumed);
  CHECK(start.cursor == 1);
  recorded_carrier reader(s, start.cursor);
  s.attach(reader);
  h.settle();
  CHECK(reader.read == std::vector<std::string>{"two"});
}

TEST_CASE("a reader that knows nothing is told the present state", "[session]") {
  house h;
  session& s = h.open();
  h.network.last->says("one");
  s.begin_reading(0, 1, "");
  const auto start = s.begin_reading(0, std::nullopt, "");
  CHECK_FALSE(start.resumed);
  recorded_carrier reader(s, start.cursor);
  s.attach(reader);
  h.settle();
  CHECK(reader.read == std::vector<std::string>{"(joined)"});
}

TEST_CASE("a cursor that is no longer kept gets a gap, then the present state", "[session]") {
  house h;
  session& s = h.open();
  for (int i = 0; i < 5; ++i) h.network.last->says("x");
  s.begin_reading(0, 4, "");
  const auto [since, epoch] =
      GENERATE(table<std::uint64_t, std::string>({{1, ""}, {5, "another"}, {99, ""}}));
  const auto start = s.begin_reading(tag_of_reader("another tab"), since, epoch);
  CHECK_FALSE(start.resumed);
  recorded_carrier reader(s, start.cursor);
  s.attach(reader);
  h.settle();
  CHECK(reader.read == std::vector<std::string>{"(gap)", "(joined)"});
}

TEST_CASE("a request that comes late takes nothing from its reader", "[session]") {
  house h;
  session& s = h.open();
  for (int i = 0; i < 5; ++i) h.network.last->says(std::to_string(i));
  const auto start = s.begin_reading(0, 3, "");
  recorded_carrier reader(s, start.cursor);
  s.attach(reader);
  // The page has moved on to 3; a proxy had kept an older request, or sends one twice.
  SECTION("an old cursor") {
    CHECK(s.begin_reading(0, 1, "").cursor == 3);
    CHECK(s.log().last() == 5);  // no gap: nothing is missing
  }
  SECTION("no cursor") { CHECK_FALSE(s.begin_reading(0, std::nullopt, "").resumed); }
  s.detach(reader);
  CHECK(s.begin_reading(0, 3, "").resumed);
}

TEST_CASE("what one reader has acknowledged is kept for another", "[session]") {
  house h;
  session& s = h.open();
  s.begin_reading(1, 0, "");
  s.begin_reading(2, 0, "");
  for (int i = 0; i < 3; ++i) h.network.last->says(std::to_string(i));
  s.acknowledge(1, 3);
  CHECK(s.log().first() == 1);
  s.acknowledge(2, 2);
  CHECK(s.log().first() == 3);
  s.acknowledge(3, 3);  // nobody reads under that name
  CHECK(s.log().first() == 3);
}

TEST_CASE("somebody who only waits for an answer holds nothing back", "[session]") {
  house h;
  session& s = h.open();
  recorded_carrier waiting(s, 0, no_reader);
  s.attach(waiting);
  s.begin_reading(0, 0, "");
  h.network.last->says("one");
  s.acknowledge(0, 1);
  CHECK(s.log().first() == 2);
}

TEST_CASE("a gap of the ring is healed from the network's history where it has one", "[session]") {
  house h;
  h.limits.outbox.count = 2;
  session& s = h.open();
  const bool has_history = GENERATE(true, false);
  h.network.last->has_history = has_history;
  s.begin_reading(0, 0, "");
  const unix_ms began = h.loop.wall_now();
  for (int i = 0; i < 5; ++i) h.network.last->says("x");
  const auto start = s.begin_reading(0, 0, "");
  CHECK_FALSE(start.resumed);
  const auto& gap = std::get<gap_event>(s.log().at(start.cursor + 1)->value());
  CHECK(gap.reason == "ring");
  CHECK(gap.from == 1);
  CHECK(gap.to == 5);
  CHECK(gap.healing == has_history);
  CHECK(h.network.last->healed_since == gap.from_at);
  CHECK(gap.from_at >= began);
  CHECK(gap.to_at >= gap.from_at);
}

TEST_CASE("a slow reader gets all talk, and a crowd told together", "[session]") {
  house h;
  h.limits.outbox.count = 40;
  session& s = h.open();
  recorded_carrier reader(s);
  s.begin_reading(0, 0, "");
  reader.reader = 0;
  s.attach(reader);
  h.settle();
  const auto comes = [&h](const std::string& nick) {
    h.network.last->listener.on_event(share(joined_event{"#room", nick, false, {}, "", "", 0}));
  };
  reader.is_slow = true;
  for (int i = 0; i < 12; ++i) h.network.last->says(std::to_string(i));
  for (int i = 0; i < 500; ++i) comes("guest" + std::to_string(i));
  h.network.last->listener.on_event(share(typing_event{{"#room", true}, "bob", {}}));
  h.network.last->listener.on_event(share(left_event{"#room", "guest7", "", false, 0}));
  h.network.last->says("last");
  h.settle();
  CHECK(s.log().last() == 13);
  reader.is_slow = false;
  h.network.last->says("and on");
  h.settle();
  h.settle();
  REQUIRE(reader.read.size() == 15);
  CHECK(reader.read[13] == "and on");
  CHECK(reader.read[14] == "(+499 -0)");
  const session_counters& counted = h.table->counters();
  CHECK(counted.presence_held == 501);
  CHECK(counted.crowds_told == 1);
  CHECK(counted.typing_dropped == 1);
  CHECK(counted.events_dropped == 0);
  comes("late");  // caught up: told by itself again
  h.settle();
  CHECK(reader.read.back() == "(joined)");
}

TEST_CASE("of data a slow reader gets what half a log holds, and how much he missed", "[session]") {
  house h;
  h.limits.outbox.count = 40;
  session& s = h.open();
  recorded_carrier reader(s);
  s.begin_reading(0, 0, "");
  reader.reader = 0;
  s.attach(reader);
  h.settle();
  const auto draws = [&h] {
    h.network.last->listener.on_event(share(data_event{{"#room", true}, "bob", "x", "1"}));
  };
  reader.is_slow = true;
  for (int i = 0; i < 15; ++i) draws();
  h.network.last->listener.on_event(share(typing_event{{"#room", true}, "bob", {}}));
  for (int i = 0; i < 10; ++i) draws();
  for (int i = 0; i < 10; ++i) h.network.last->says("talk");
  h.settle();
  reader.is_slow = false;
  h.network.last->says("and on");
  h.settle();
  h.settle();
  const session_counters& counted = h.table->counters();
  CHECK(counted.typing_dropped == 1);
  CHECK(counted.data_dropped == 4);
  CHECK(counted.events_dropped == 0);
  const auto count = [&reader](std::string_view what) {
    return std::count(reader.read.begin(), reader.read.end(), what);
  };
  CHECK(count("(data)") == 21);
  CHECK(count("talk") == 10);
  CHECK(count("and on") == 1);
  REQUIRE_FALSE(reader.read.empty());
  CHECK(reader.read.back() == "(-4 data)");
  draws();
  h.settle();
  CHECK(reader.read.back() == "(data)");
}

TEST_CASE("an absent reader that comes back is told of the crowd at once", "[session]") {
  house h;
  h.limits.outbox.count = 40;
  session& s = h.open();
  s.begin_reading(0, 0, "");
  for (int i = 0; i < 12; ++i) h.network.last->says("x");
  for (int i = 0; i < 30; ++i)
    h.network.last->listener.on_event(
        share(left_event{"", "guest" + std::to_string(i), "", false, 0}));
  CHECK(s.log().last() == 12);
  recorded_carrier reader(s, s.begin_reading(0, 5, "").cursor);
  s.attach(reader);
  h.settle();
  CHECK(reader.read.size() == 8);
  CHECK(reader.read.back() == "(+0 -30)");
}

TEST_CASE("a crowd too large to hold becomes the present state", "[session]") {
  house h;
  h.limits.outbox.count = 40;
  session& s = h.open();
  s.begin_reading(0, 0, "");
  for (int i = 0; i < 12; ++i) h.network.last->says("x");
  for (std::size_t i = 0; i <= crowd::most; ++i)
    h.network.last->listener.on_event(
        share(joined_event{"#room", std::to_string(i), false, {}, "", "", 0}));
  recorded_carrier reader(s, s.begin_reading(0, 12, "").cursor);
  s.attach(reader);
  h.settle();
  CHECK(reader.read == std::vector<std::string>{"(joined)"});
  CHECK(h.table->counters().state_retold == 1);
}

TEST_CASE("a line that has left is told before its answer, never after", "[session]") {
  house h;
  session& s = h.open();
  recorded_carrier reader(s);
  s.attach(reader);
  s.submit({1, say_command{"#room", "hi", said_kind::message, ""}});
  h.network.last->listener.on_waiting(1, 1500);
  h.network.last->listener.on_sent(1);
  h.network.last->answers(1);
  h.network.last->listener.on_waiting(1, 1500);
  h.network.last->listener.on_sent(1);
  h.network.last->listener.on_sent(2);
  h.settle();
  CHECK(reader.read == std::vector<std::string>{"waiting 1 1500", "sent 1", "ok 1"});
}

TEST_CASE("a command sent twice is carried out once and answered the same", "[session]") {
  house h;
  session& s = h.open();
  recorded_carrier reader(s);
  s.attach(reader);
  s.submit({7, say_command{"#room", "hi", said_kind::message, ""}});
  s.submit({7, say_command{"#room", "hi", said_kind::message, ""}});
  CHECK(h.network.last->submitted.size() == 1);
  h.network.last->answers(7);
  s.submit({7, say_command{"#room", "hi", said_kind::message, ""}});
  h.settle();
  CHECK(h.network.last->submitted.size() == 1);
  CHECK(reader.read == std::vector<std::string>{"ok 7", "ok 7"});
}

TEST_CASE("more commands than the rate allows are refused by name", "[session]") {
  house h;
  h.limits.command_burst = 3;
  session& s = h.open();
  recorded_carrier reader(s);
  s.attach(reader);
  for (std::uint64_t n = 1; n <= 5; ++n) s.submit({n, ping_command{}});
  h.settle();
  CHECK(h.network.last->submitted.size() == 3);
  CHECK(reader.read == std::vector<std::string>{"too_fast 4", "too_fast 5"});
}

TEST_CASE("a reload within the grace time is invisible to the network", "[session]") {
  house h;
  session& s = h.open();
  {
    recorded_carrier page(s);
    s.attach(page);
  }
  h.advance(5'000);
  recorded_carrier reloaded(s);
  s.attach(reloaded);
  h.advance(200'000);
  CHECK(h.network.last->told.empty());
  CHECK(h.network.last->ended.empty());
}

TEST_CASE("an absence is told, then ends the session once", "[session]") {
  house h;
  session& s = h.open();
  {
    recorded_carrier page(s);
    s.attach(page);
  }
  h.advance(15'000);
  CHECK(h.network.last->told == std::vector<std::string>{"away"});
  SECTION("coming back in time is told too") {
    recorded_carrier again(s);
    s.attach(again);
    CHECK(h.network.last->told == std::vector<std::string>{"away", "back"});
    h.advance(300'000);
    CHECK(h.network.last->ended.empty());
  }
}

TEST_CASE("a goodbye ends the session soon, unless somebody is there by then", "[session]") {
  house h;
  h.limits.grace_ms = 60'000;
  session& s = h.open();
  auto page = std::make_unique<recorded_carrier>(s);
  s.attach(*page);
  const auto& ended = h.network.last->ended;
  const auto& told = h.network.last->told;
  SECTION("said while the connection is still open, it holds when that has gone") {
    s.leave_unless_back(5'000);
    page.reset();
    h.advance(4'000);
    CHECK(ended.empty());
    h.advance(5'500);
    CHECK(ended == h.network.config_.quit_text);
    CHECK(told.empty());
  }
  SECTION("said after the connection has gone, it makes the wait shorter, never longer") {
    page.reset();
    s.leave_unless_back(30'000);
    s.leave_unless_back(60'000);
    h.advance(11'000);
    CHECK(told == std::vector<std::string>{"away"});
    s.leave_unless_back(60'000);
    h.advance(29'000);
    CHECK(ended.empty());
    h.advance(30'500);
    CHECK(ended == h.network.config_.quit_text);
    CHECK(told == std::vector<std::string>{"away"});
  }
  SECTION("no longer than the grace time") {
    page.reset();
    s.leave_unless_back(600'000);
    h.advance(60'500);
    h.advance(61'000);
    CHECK_FALSE(ended.empty());
  }
  SECTION("a reload takes it back") {
    s.leave_unless_back(5'000);
    page.reset();
    auto reloaded = std::make_unique<recorded_carrier>(s);
    s.attach(*reloaded);
    h.advance(20'000);
    CHECK(ended.empty());
    reloaded.reset();
    h.advance(59'000);
    CHECK(ended.empty());  // the whole time of grace again
    h.advance(61'000);
    CHECK(ended == "Connection lost");
  }
  SECTION("another reader that stays keeps the session") {
    recorded_carrier phone(s, 0, tag_of_reader("phone"));
    s.attach(phone);
    s.leave_unless_back(5'000);
    page.reset();
    h.advance(6'000);
    CHECK(ended.empty());
    s.detach(phone);
    h.advance(59'000);
    CHECK(ended.empty());
    h.advance(61'000);
    CHECK(ended == "Connection lost");
  }
}

TEST_CASE("an ended session tells its readers and goes", "[session]") {
  house h;
  session& s = h.open();
  const std::string id = s.id();
  recorded_carrier reader(s);
  s.attach(reader);
  h.network.last->listener.on_ended({failure_code::banned, "You are banned.", ""});
  h.settle();
  CHECK(reader.over);
  CHECK(reader.read.back() == "(closing)");
  CHECK(h.table->find(id) == nullptr);
  CHECK(h.network.alive == 0);
  CHECK(h.counts.open == 0);
}

TEST_CASE("the reason of an end waits for a reader within the grace time", "[session]") {
  house h;
  session& s = h.open();
  const std::string id = s.id();
  h.network.last->listener.on_ended({failure_code::banned, "You are banned.", ""});
  h.settle();
  REQUIRE(h.table->find(id) == &s);
  recorded_carrier reader(s, s.begin_reading(0, 0, "").cursor);
  s.attach(reader);
  h.settle();
  CHECK(reader.read == std::vector<std::string>{"(closing)"});
  CHECK(reader.over);
  CHECK(h.table->find(id) == nullptr);
}

TEST_CASE("leaving ends the bridge once and drops the session when the network has gone",
          "[session]") {
  house h;
  session& s = h.open();
  s.leave("Bye");
  s.leave("Bye again");
  CHECK(h.network.last->ended == "Bye");
  h.network.last->listener.on_ended({failure_code::lost, "left", ""});
  h.settle();
  CHECK(h.table->size() == 0);
}

TEST_CASE("sessions past the limits are refused with the reason", "[session]") {
  house h;
  h.limits.per_address = 2;
  h.open();
  h.open();
  visitor who;
  who.nick = "me";
  who.address = "192.0.2.1";
  CHECK(h.table->open(h.network, who).error().code == failure_code::too_many);
  who.address = "192.0.2.2";
  who.nick = "bad nick";
  CHECK(h.table->open(h.network, who).error().code == failure_code::bad_nick);
  who.nick = "me";
  h.limits.total = 2;
  CHECK(h.table->open(h.network, who).error().code == failure_code::too_many);
}

TEST_CASE("a session id tells its shard and cannot be made up", "[session_key]") {
  const session_key key("n1", "secret secret secret secret secret");
  const session_key other_node("n2", "secret secret secret secret secret");
  const session_key stranger("n1", "another secret, another deployment");
  const std::string id = key.make(12);
  CHECK(key.shard_of(id) == 12);
  CHECK(other_node.node_of(id) == "n1");
  CHECK_FALSE(other_node.shard_of(id));
  CHECK_FALSE(stranger.node_of(id));
  std::string forged = id;
  forged[3] = '2';  // another shard
  CHECK_FALSE(key.shard_of(forged));
  CHECK_FALSE(key.shard_of(""));
  CHECK_FALSE(key.shard_of(std::string(10000, 'x')));
  CHECK(key.make(12) != id);
}
