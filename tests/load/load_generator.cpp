// SPDX-License-Identifier: GPL-3.0-or-later
//
// A crowd of chat sessions in a process of its own, told what to do by lines on standard input and
// answering each with one line of JSON. It measures what it sees (deliveries, delay); what the other
// process costs is read by tests/load/run from /proc. Between commands it goes on reading.
//
//   open COUNT PER_ROOM PREFIX IN_FLIGHT TIMEOUT_S
//   settle QUIET_MS
//   paced ROOM COUNT INTERVAL_MS SIZE
//   burst ROOM COUNT WINDOW SIZE
//   close
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>

#include "tests/load/crowd.hpp"

namespace {

void print(const load::outcome& found) {
  std::printf("{\"expected\": %llu, \"delivered\": %llu, \"seconds\": %.4f, \"p50_ms\": %.2f, "
              "\"p99_ms\": %.2f}\n",
              static_cast<unsigned long long>(found.expected),
              static_cast<unsigned long long>(found.delivered), found.seconds, found.p50_ms,
              found.p99_ms);
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text)
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else
      out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
  return out + "\"";
}

void obey(load::crowd& people, const std::string& line) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  if (what == "open") {
    std::size_t count = 0, per_room = 0, in_flight = 0;
    std::string prefix;
    double timeout = 0;
    words >> count >> per_room >> prefix >> in_flight >> timeout;
    const bool all = people.open(count, per_room, prefix, in_flight, timeout);
    std::printf("{\"ok\": %s, \"joined\": %zu, \"failed\": %zu, \"trouble\": %s}\n",
                all ? "true" : "false", people.joined(), people.failed(),
                quoted(people.last_trouble()).c_str());
  } else if (what == "settle") {
    int quiet = 500;
    words >> quiet;
    people.settle(quiet);
    std::printf("{\"ok\": true, \"failed\": %zu}\n", people.failed());
  } else if (what == "paced" || what == "burst") {
    std::string room;
    std::size_t count = 0, third = 0, size = 0;
    words >> room >> count >> third >> size;
    const bool paced = what == "paced";
    print(people.speak(room, count, paced ? static_cast<int>(third) : 0, paced ? 0 : third, size));
  } else if (what == "close") {
    people.close_all();
    std::printf("{\"ok\": true}\n");
  } else {
    std::printf("{\"ok\": false, \"trouble\": \"unknown command\"}\n");
  }
  std::fflush(stdout);
}

bool set_kind(const std::string& kind, load::options& into) {
  into.speaker.how = load::framing::lines;
  if (kind == "chat") {
    into.to.path = "/chat/v1/sessions";
  } else if (kind == "irc" || kind == "irc_websocket") {
    into.speaks = load::language::irc;
    if (kind == "irc") into.to.how = load::framing::lines;
    else into.to.subprotocol = "text.ircv3.net";
  } else if (kind == "xmpp_websocket" || kind == "bosh") {
    into.speaker.how = load::framing::websocket;
    into.speaker.path = "/xmpp-websocket";
    into.speaker.subprotocol = "xmpp";
    into.speaks = kind == "bosh" ? load::language::bosh : load::language::xmpp;
    into.to = into.speaker;
    if (kind == "bosh") {
      into.to.how = load::framing::http;
      into.to.path = "/http-bind";
    }
  } else {
    return false;
  }
  return true;
}

// --kind comes first.
bool parse(int argc, char** argv, load::options& into) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--kind") {
      if (!set_kind(value, into)) return false;
    } else if (name == "--host") {
      into.to.host = into.speaker.host = value;
    } else if (name == "--port") {
      into.to.port = static_cast<std::uint16_t>(std::stoi(value));
    } else if (name == "--network") {
      into.network = value;
    } else if (name == "--speaker-port") {
      into.speaker.port = static_cast<std::uint16_t>(std::stoi(value));
    } else if (name == "--domain") {
      into.domain = value;
    } else if (name == "--room-suffix") {
      into.room_suffix = value;
    } else if (name == "--sources") {
      into.sources = std::stoi(value);
    } else if (name == "--nick") {
      into.nick_prefix = value;
    } else {
      return false;
    }
  }
  return argc % 2 == 1 && into.to.port != 0;
}

}  // namespace

int main(int argc, char** argv) {
  load::options what;
  if (!parse(argc, argv, what)) {
    std::cerr << "load_generator --kind chat|irc_websocket|irc|xmpp_websocket|bosh --port N\n"
                 "               [--host A] [--network N] [--domain D] [--room-suffix S] [--speaker-port N]\n"
                 "               [--sources N] [--nick PREFIX]\n";
    return 2;
  }
  load::crowd people(what);
  std::string unread;
  for (;;) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, 0) > 0) {
      char bytes[4096];
      const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
      if (got <= 0) return 0;
      unread.append(bytes, static_cast<std::size_t>(got));
      for (std::size_t end = unread.find('\n'); end != std::string::npos; end = unread.find('\n')) {
        obey(people, unread.substr(0, end));
        unread.erase(0, end + 1);
      }
    }
    people.turn(20);
  }
}
