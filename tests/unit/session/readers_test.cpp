// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/readers.hpp"

#include <catch2/catch.hpp>

using namespace halley;

TEST_CASE("nothing is safe while nobody reads", "[session]") {
  readers all;
  CHECK(all.safe() == 0);
  all.acknowledge(1, 10, 0);
  CHECK(all.safe() == 0);
  CHECK(all.size() == 0);
}

TEST_CASE("what all readers have is safe", "[session]") {
  readers all;
  all.begin(1, 0, 0);
  all.begin(2, 5, 0);
  CHECK(all.safe() == 0);
  all.acknowledge(1, 9, 0);
  CHECK(all.safe() == 5);
  all.acknowledge(2, 3, 0);  // a smaller number than before
  CHECK(all.safe() == 5);
  all.acknowledge(2, 12, 0);
  CHECK(all.safe() == 9);
}

TEST_CASE("a reader that begins anew needs what follows its new cursor", "[session]") {
  readers all;
  all.begin(1, 20, 0);
  all.begin(1, 7, 0);
  CHECK(all.safe() == 7);
  CHECK(all.size() == 1);
}

TEST_CASE("a reader that is told the present state keeps what it has not acknowledged", "[session]") {
  readers all;
  all.begin(1, 7, 0);
  all.begin_anew(1, 20, 0);
  CHECK(all.safe() == 7);
  all.begin_anew(2, 20, 0);
  all.acknowledge(1, 30, 0);
  CHECK(all.safe() == 20);
}

TEST_CASE("who has no connection is forgotten after a time, who has one never", "[session]") {
  readers all;
  all.begin(1, 0, 100);
  all.attach(1, 100);
  all.begin(2, 0, 100);
  all.attach(2, 100);
  all.attach(2, 150);
  all.detach(2, 200);
  all.acknowledge(1, 50, 900);
  all.forget_unseen_since(800);
  CHECK(all.size() == 2);  // the second connection of 2 is still there
  all.detach(2, 850);
  all.forget_unseen_since(800);
  CHECK(all.safe() == 0);
  all.forget_unseen_since(851);
  CHECK(all.size() == 1);
  CHECK(all.safe() == 50);
}

TEST_CASE("of too many readers the one longest away is given up", "[session]") {
  readers all;
  for (reader_tag who = 1; who <= readers::most; ++who) {
    all.begin(who, who, static_cast<steady_ms>(who));
    if (who != 3) all.attach(who, static_cast<steady_ms>(who));
  }
  all.begin(99, 1, 100);
  CHECK(all.size() == readers::most);
  all.acknowledge(3, 500, 100);
  CHECK(all.safe() == 1);
  all.begin(1, 500, 100);
  all.begin(99, 500, 100);
  CHECK(all.safe() == 2);  // 3 would have been next to 2, had it stayed
  all.begin(2, 500, 100);
  CHECK(all.safe() == 4);
}

TEST_CASE("names of readers are told apart, no name is a name of its own", "[session]") {
  CHECK(tag_of_reader("") == 0);
  CHECK(tag_of_reader("a") != tag_of_reader("b"));
  CHECK(tag_of_reader("a") != 0);
}
