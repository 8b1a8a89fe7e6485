// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cuts the byte stream of an XMPP server into its pieces: the stream header, complete top-level
// elements, the end of the stream. Pure, builds no tree and copies nothing while a piece lies whole
// in one read. What leaves it is bounded (size, depth, attributes), valid UTF-8, free of code
// points XML 1.0 forbids and of what RFC 6120, 11.1 forbids (comments, processing instructions,
// DTD, other entities). Numeric references and CDATA arrive as plain text and every attribute value
// stands in quotes that need no second look, because gloox stops at `&#x1F600;` and at a double
// quote between single ones. Tags that do not match are left to whoever parses a piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace halley::xmpp {

struct reader_limits {
  std::uint32_t stanza = 256 * 1024;  // what Prosody and ejabberd let through
  std::uint16_t depth = 64;
  std::uint16_t attributes = 64;  // of one element
};

class stanza_reader {
 public:
  enum class piece : std::uint8_t {
    more,      // wait for the next feed()
    header,    // text() is the opening tag of the stream
    stanza,    // text() is one complete element
    footer,    // the peer has closed its stream
    violation  // problem() says which rule was broken; nothing more will come
  };

  explicit stanza_reader(const reader_limits& limits = {}) : limits_(limits) {}

  // `bytes` must stay where they are until next() has answered `more`.
  void feed(std::string_view bytes) { unread_ = bytes; }
  piece next();
  // Valid until the next call of next().
  std::string_view text() const { return text_; }
  const char* problem() const { return problem_; }
  // There is no header: elements follow, as inside a stream that has begun.
  void skip_header() { in_stream_ = true; }
  // A new stream follows on the same connection (after SASL success and STARTTLS).
  void restart();
  // Bytes have been fed that no piece has taken.
  bool has_unread() const { return !unread_.empty() || !skipping_; }

 private:
  enum class state : std::uint8_t {
    between,
    lt,
    declaration,
    name,
    in_tag,
    attribute_name,
    equals,
    quote,
    value_single,
    value_double,
    value_ended,
    slash,
    close_name,
    bang,
    cdata,
    content,
    reference_in_content,
    reference_in_single,
    reference_in_double,
    broken
  };
  static constexpr const char* many_attributes = "an element has too many attributes";
  piece fail(const char* problem);
  piece scan();
  // One byte in its state; `more` to go on.
  piece step(char c);
  piece go(state next);
  piece begin_markup(char c);
  piece step_in_declaration(char c);
  piece step_in_tag(char c);
  piece step_to_value(char c);
  piece step_in_value(char c);
  piece step_in_closing_tag(char c);
  piece step_in_cdata(char c);
  piece step_in_reference(char c);
  piece open_ended();
  piece element_ended();
  bool take_plain_run(std::size_t& at);
  std::size_t skip_usual(std::size_t at);
  piece begin_reference(state where);
  piece end_reference();
  piece finish(piece what, std::size_t end);

  // Seldom there: most pieces come whole, and nobody who is idle keeps anything of them.
  struct kept {
    std::string begun;  // a piece whose end has not come
    std::string clean;  // a piece that had to be rewritten
  };
  kept& keep();

  reader_limits limits_;
  std::string_view unread_;
  std::string_view text_;
  std::unique_ptr<kept> kept_;
  const char* problem_ = nullptr;
  std::uint32_t size_ = 0;  // of the piece so far
  std::uint16_t depth_ = 0;
  std::uint16_t attributes_ = 0;
  std::uint8_t bits_ = 0;  // all bytes of the piece, or-ed: beyond 0x7F some are not ASCII
  state state_ = state::between;
  bool in_stream_ : 1 = false;
  bool declared_ : 1 = false;
  bool rewrite_ : 1 = false;
  bool skipping_ : 1 = true;  // nothing of a piece seen yet
  std::uint8_t matched_ = 0;
  std::uint8_t reference_size_ = 0;
  char reference_[10];
};

// The attributes of a piece's outermost tag that decide where it goes, as they stand in the text
// (references not decoded). `to_at` and `to_size` find the value of `to`, so that it can be cut
// out.
struct stanza_head {
  std::string_view name;
  std::string_view from;
  std::string_view type;
  std::string_view id;
  std::string_view space;  // xmlns
  std::size_t to_at = 0;
  std::size_t to_size = 0;
  std::size_t end = 0;  // just behind the tag
};
stanza_head read_head(std::string_view stanza);
// Whether `text` is one complete element within the limits and nothing else; `problem` says why not.
bool is_one_element(std::string_view text, const reader_limits& limits, const char*& problem);
// Decodes the five predefined entities, the only references a piece can have.
std::string decode_references(std::string_view raw);

}  // namespace halley::xmpp
