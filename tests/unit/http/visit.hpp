// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody who has entered the echo network: a session, a connection for commands, and readers.
#pragma once

#include <string>

#include "tests/unit/http/wire.hpp"

namespace halley {

class visit {
 public:
  explicit visit(std::uint16_t port, std::string fields = {})
      : commands_(port), fields_(std::move(fields)) {
    const http_answer answer =
        commands_.post("/chat/v1/sessions", R"({"network":"echo","nick":"alice"})", fields_);
    const std::string place = answer.field("Location");
    id_ = place.substr(place.rfind('/') + 1);
  }
  const std::string& id() const { return id_; }
  std::string events(const std::string& query) const {
    return "/chat/v1/sessions/" + id_ + "/events" + query;
  }
  // Asks for events and reads the head of the answer, and a body that has a length.
  http_answer open(wire& reader, const std::string& query, const std::string& fields = {}) const {
    return reader.get(events(query), fields);
  }
  // An object with "do"; the number is put in.
  http_answer command(const std::string& what) {
    return commands_.post("/chat/v1/sessions/" + id_ + "/commands",
                          "{\"n\":" + std::to_string(++n_) + "," + what.substr(1), fields_);
  }
  void say(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
      if (c == '"' || c == '\\') escaped += '\\';
      if (c == '\n') escaped += "\\n";
      else escaped += c;
    }
    command(R"({"do":"say","to":"#echo","text":")" + escaped + "\"}");
  }

 private:
  wire commands_;
  std::string fields_;
  std::string id_;
  int n_ = 0;
};

}  // namespace halley
