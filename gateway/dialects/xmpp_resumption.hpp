// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a browser that may come back has and has not got (gateway/dialects/raw.md, "Coming back"): counts
// the frames of both sides, and keeps those of the server until the page itself says that it has them.
// What its kernel has acknowledged may have died with the page. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace halley {

inline constexpr std::string_view resume_namespace = "urn:halley:resume:1";

class xmpp_resumption {
 public:
  // A page that acknowledges nothing cannot come back to more than this.
  static constexpr std::size_t most_kept = 256 * 1024;
  static constexpr std::size_t ask_after = 64 * 1024;

  // A frame for the browser. True: the page should be asked what it has.
  bool on_said(std::string_view frame);
  void on_heard() { ++heard_; }
  std::uint64_t heard() const { return heard_; }

  // The page has so many; false if it cannot have.
  bool acknowledge(std::uint64_t count);
  // What comes after the first `count`, in order; nothing if some of it is not kept any more, or was
  // never said. `count` is then acknowledged.
  std::optional<std::deque<std::string>> missed_after(std::uint64_t count);

 private:
  std::deque<std::string> kept_;  // the last ones said
  std::uint64_t said_ = 0;
  std::uint64_t heard_ = 0;
  std::size_t bytes_ = 0;
  bool asked_ = false;
};

// "resumed", "enabled": <name xmlns id max [h]/>.
struct resume_answer {
  std::string_view name;
  std::string_view token;
  std::int64_t seconds = 0;
  std::optional<std::uint64_t> heard;
};
std::string print_resume(const resume_answer& what);
// A count as a page says it; nothing if it is none.
std::optional<std::uint64_t> parse_count(std::string_view text);

}  // namespace halley
