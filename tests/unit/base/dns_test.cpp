// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/dns.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

using namespace halley;
using namespace std::string_literals;

namespace {

std::string names_of(const std::vector<srv_record>& records) {
  std::string out;
  for (const srv_record& one : records) out += one.target + ' ';
  return out;
}

srv_record record(std::uint16_t priority, std::uint16_t weight, std::string target) {
  return {priority, weight, 5222, std::move(target), 0};
}

// The answer to "_x._tcp.a": 12 bytes of header, the question, then the records.
std::string message(char answers, const std::string& records) {
  return "\x12\x34\x81\x80\x00\x01\x00"s + answers + "\x00\x00\x00\x00"s +
         "\x02_x\x04_tcp\x01"
         "a\x00\x00\x21\x00\x01"s +
         records;
}

// One SRV record that lives for `ttl` seconds.
std::string srv(char ttl, const std::string& numbers, const std::string& target) {
  return "\xC0\x0C\x00\x21\x00\x01\x00\x00\x00"s + ttl + '\0' +
         static_cast<char>(numbers.size() + target.size()) + numbers + target;
}

}  // namespace

TEST_CASE("priorities come first, then chance by weight", "[dns]") {
  struct row {
    std::vector<srv_record> records;
    std::vector<std::uint32_t> chances;  // what random() gives, in turn
    std::string order;
  };
  const std::vector<row> rows = {
      {{record(20, 0, "b"), record(10, 0, "a"), record(30, 0, "c")}, {0, 0, 0}, "a b c "},
      // RFC 2782: running sums of 1 and 4; 0 to 1 is a, 2 to 4 is b.
      {{record(1, 1, "a"), record(1, 3, "b")}, {1, 0}, "a b "},
      {{record(1, 1, "a"), record(1, 3, "b")}, {2, 0}, "b a "},
      {{record(1, 1, "a"), record(1, 3, "b")}, {4, 0}, "b a "},
      // Weight 0 stands first and has a chance only at 0.
      {{record(1, 5, "a"), record(1, 0, "z")}, {0, 0}, "z a "},
      {{record(1, 5, "a"), record(1, 0, "z")}, {1, 0}, "a z "},
      // Chosen anew among those left.
      {{record(1, 1, "a"), record(1, 1, "b"), record(1, 1, "c")}, {3, 1, 0}, "c a b "},
      {{record(1, 1, "a"), record(1, 1, "b"), record(1, 1, "c")}, {2, 2, 0}, "b c a "},
      {{}, {}, ""},
  };
  for (const row& one : rows) {
    auto records = one.records;
    std::size_t next = 0;
    order_srv(records, [&](std::uint32_t most) {
      const std::uint32_t chance = one.chances.at(next++);
      REQUIRE(chance <= most);
      return chance;
    });
    CHECK(names_of(records) == one.order);
  }
}

TEST_CASE("over all chances each server is first as often as its weight says", "[dns]") {
  const std::vector<srv_record> records = {record(1, 60, "a"), record(1, 30, "b"),
                                           record(1, 10, "c"), record(2, 100, "spare")};
  std::map<std::string, int> first;
  for (std::uint32_t chance = 1; chance <= 100; ++chance) {
    auto ordered = records;
    order_srv(ordered, [chance, asked = false](std::uint32_t) mutable {
      return std::exchange(asked, true) ? 0 : chance;
    });
    ++first[ordered.front().target];
    CHECK(ordered.back().target == "spare");
  }
  CHECK(first == std::map<std::string, int>{{"a", 60}, {"b", 30}, {"c", 10}});
}

TEST_CASE("an answer is read record by record", "[dns]") {
  const std::string one = srv(60, "\x00\x05\x00\x07\x14\x66"s, "\x02s1\xC0\x14"s);
  const std::string two = srv(30, "\x00\x06\x00\x00\x14\x67"s, "\x02s2\x00"s);
  const srv_answer found = parse_srv(message(2, one + two));
  REQUIRE(found.outcome == dns_outcome::found);
  REQUIRE(found.records.size() == 2);
  CHECK(found.records[0].priority == 5);
  CHECK(found.records[0].weight == 7);
  CHECK(found.records[0].port == 5222);
  CHECK(found.records[0].target == "s1.a");
  CHECK(found.records[1].target == "s2");
  CHECK(found.ttl_s == 30);
}

TEST_CASE("a target of one dot is none at all, and a broken answer is no answer", "[dns]") {
  const std::string declined = srv(60, "\x00\x00\x00\x00\x00\x00"s, "\x00"s);
  const srv_answer found = parse_srv(message(1, declined));
  REQUIRE(found.records.size() == 1);
  CHECK(found.records[0].target.empty());
  CHECK(parse_srv(message(0, "")).outcome == dns_outcome::nothing);
  CHECK(parse_srv("").outcome == dns_outcome::no_answer);
  CHECK(parse_srv("\x12\x34\x81").outcome == dns_outcome::no_answer);
  const std::string whole = message(1, declined);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(parse_srv(whole.substr(0, size)).records.empty());
}

TEST_CASE("addresses of both families are taken from one answer", "[dns]") {
  const std::string four = "\xC0\x0C\x00\x01\x00\x01\x00\x00\x00\x3C\x00\x04\x7F\x00\x00\x02"s;
  const std::string six =
      "\xC0\x0C\x00\x1C\x00\x01\x00\x00\x00\x3C\x00\x10\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01"s;
  const address_answer found = parse_addresses(message(2, four + six));
  REQUIRE(found.addresses.size() == 2);
  CHECK(found.addresses[0].to_string() == "2001:db8::1");
  CHECK(found.addresses[1].to_string() == "127.0.0.2");
}
