// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the streams inside an HTTP answer have in common: its head is the `preface`, its body lasts
// until one side closes, and nothing comes from the browser (commands come by POST). Where a browser
// keeps in memory all that has arrived, the stream ends itself after `worth` bytes of events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gateway/carriers/carrier_kind.hpp"
#include "gateway/carriers/stream_carrier.hpp"

namespace halley {

class answer_stream : public stream_carrier {
 public:
  void open(std::string_view preface, session& of, const session::start_point& start) {
    begin();
    join(preface, of, start);
  }

 protected:
  static constexpr std::size_t unlimited = SIZE_MAX;
  // Browsers, and proxies that look into answers, keep the first bytes back until there are enough of
  // them; 2 KiB satisfies all that are known (SockJS has the same).
  static constexpr std::size_t prelude_size = 2048;

  answer_stream(const carrier_context& context, byte_stream stream, carrier_kind kind,
                std::size_t worth);
  // The planned end: the browser comes again with its cursor. Said when the stream is used up and to
  // a reader that fell behind.
  virtual void append_come_again(std::string& out) const = 0;

 private:
  void append_fell_behind(std::string& out) override { append_come_again(out); }
  bool ends_after(std::string& gathered) override;
  void on_bytes(std::span<char>) override {}  // nothing may follow on this connection
  bool seems_silent() const override;

  std::size_t left_;
};

}  // namespace halley
