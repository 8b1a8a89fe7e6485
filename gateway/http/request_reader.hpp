// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes to one request: Beast's parser behind our own check of the head. Exists only while a
// request is being read. The one place that includes Beast.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/http/chunked_body.hpp"
#include "gateway/http/head_check.hpp"
#include "gateway/http/request.hpp"

namespace halley {

class answerer;

class request_reader {
 public:
  enum class state : std::uint8_t { head, body, complete, broken };

  // `rules`, if there are any, may allow longer bodies than that; it outlives the reader.
  request_reader(std::size_t header_limit, std::size_t body_limit,
                 const answerer* rules = nullptr);
  request_reader(const request_reader&) = delete;
  request_reader& operator=(const request_reader&) = delete;

  // Takes all of `bytes`; what belongs to a next request is in take_leftover() then.
  state feed(std::string_view bytes);
  state now() const { return state_; }
  // Nothing but empty lines has come yet.
  bool is_empty() const { return state_ == state::head && kept_.empty(); }
  // The head has come, the body not, and the client waits to be asked for it (once).
  bool wants_continue();

  // When complete, or broken with 413: then without its body.
  http_request take();
  std::string take_leftover() { return std::exchange(kept_, {}); }
  // When broken: the answer to give.
  head_fault fault() const { return fault_; }

 private:
  void read_head();
  void parse_head(std::string_view head);
  void read_body();
  state refuse_body();
  state fail(int status, const char* text);

  http_request request_;
  chunked_body chunks_;
  std::uint64_t body_left_ = 0;
  bool is_chunked_ = false;
  std::string kept_;          // not consumed yet
  std::size_t searched_ = 0;  // of kept_, for the end of the head
  std::size_t header_limit_;
  std::size_t body_limit_;
  const answerer* rules_;
  state state_ = state::head;
  bool continue_told_ = false;
  head_fault fault_;
};

}  // namespace halley
