// SPDX-License-Identifier: GPL-3.0-or-later
//
// The <body/> wrapper of BOSH (XEP-0124, 6; XEP-0206): text <-> values. Pure; bounded like everything
// that splits XML here, and builds no tree.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/errors.hpp"

namespace halley {

// What a client's <body/> says. Texts are decoded; a number that is none is an error.
struct bosh_request {
  std::uint64_t rid = 0;
  std::string sid;
  std::string to;
  std::string from;
  std::string lang;
  std::string content;
  std::string key;
  std::string newkey;
  std::string stream;
  std::string condition;
  std::optional<std::string> ver;
  std::optional<std::uint64_t> wait;
  std::optional<std::uint64_t> hold;
  std::optional<std::uint64_t> ack;
  std::optional<std::uint64_t> pause;
  bool terminate = false;
  bool restart = false;  // xmpp:restart
  std::string xmpp_version;
  // The elements inside, each with the prefixes it needs from the wrapper.
  std::vector<std::string> payload;
  // Of the script syntax (XEP-0252): what stands inside is not cut yet, for an element may go on in
  // the next request.
  bool script = false;
  std::string octets;

  bool is_empty() const {
    return payload.empty() && octets.empty() && !terminate && !restart && !pause;
  }
};

struct bosh_limits {
  std::uint32_t body = 256 * 1024;
  std::uint16_t depth = 64;
  std::uint16_t attributes = 64;
};

// XEP-0124, 17.2: the condition that goes with what is wrong with the text.
struct bosh_fault {
  std::string_view condition = "bad-request";
  std::string_view text;
};
result<bosh_request, bosh_fault> parse_bosh(std::string_view text, const bosh_limits& limits = {});
// The same for a request of the script syntax: fills `octets` in place of `payload`.
result<bosh_request, bosh_fault> parse_bosh_script(std::string_view text,
                                                   const bosh_limits& limits = {});

// What the answer's wrapper says; empty and zero fields are left out.
struct bosh_answer {
  std::string_view type = {};       // "terminate", "error"
  std::string_view condition = {};  // with terminate
  std::uint64_t ack = 0;
  std::uint64_t report = 0;
  std::uint64_t time = 0;  // with report
  std::string_view stream = {};  // whose payload, where there are several
  // Of the creation response, printed already: ` sid="..." wait="..."`.
  std::string_view session = {};
  std::string_view payload = {};
};
std::string print_bosh(const bosh_answer& answer);
// The same in two steps: what `answer` says in the tag, and the whole around it.
std::string print_bosh_attributes(const bosh_answer& answer);
std::string print_bosh(std::string_view attributes, std::string_view payload);

// "1.11" against "1.6": major and minor are numbers of their own.
struct bosh_version {
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  auto operator<=>(const bosh_version&) const = default;
  bool is_none() const { return *this == bosh_version(); }
};
// Nothing if it is no version.
std::optional<bosh_version> parse_bosh_version(std::string_view text);

}  // namespace halley
