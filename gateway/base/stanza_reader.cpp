// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/stanza_reader.hpp"

#include <algorithm>

#include "gateway/base/piece_rewriter.hpp"
#include "gateway/base/utf8.hpp"
#include "gateway/base/xml_bytes.hpp"

namespace halley::xmpp {

void stanza_reader::restart() {
  unread_ = {};
  kept_.reset();
  text_ = {};
  problem_ = nullptr;
  size_ = 0;
  depth_ = 0;
  bits_ = 0;
  state_ = state::between;
  in_stream_ = declared_ = rewrite_ = false;
  skipping_ = true;
}

stanza_reader::kept& stanza_reader::keep() {
  if (!kept_) kept_ = std::make_unique<kept>();
  return *kept_;
}

stanza_reader::piece stanza_reader::fail(const char* problem) {
  problem_ = problem;
  state_ = state::broken;
  text_ = {};
  return piece::violation;
}

stanza_reader::piece stanza_reader::next() {
  if (state_ == state::broken) return piece::violation;
  text_ = {};
  if (skipping_) kept_.reset();
  return scan();
}

// Moves `at` behind the ordinary bytes of this state, if it has such; false at a control character.
inline bool stanza_reader::take_plain_run(std::size_t& at) {
  std::uint8_t ends = 0;
  switch (state_) {
    case state::content:
      ends = ends_content;
      break;
    case state::value_single:
      ends = ends_single;
      break;
    case state::value_double:
      ends = ends_double;
      break;
    case state::name:
    case state::attribute_name:
      ends = ends_name;
      break;
    default:
      return true;
  }
  const std::size_t before = at;
  at = run_end(unread_, at, ends, bits_);
  size_ += static_cast<std::uint32_t>(std::min<std::size_t>(at - before, limits_.stanza + 1));
  return ends == ends_name || at == unread_.size() || !is(unread_[at], forbidden);
}

// What almost always stands between two runs of a tag: =" behind a name, and behind a value its quote,
// one space and the next name.
inline std::size_t stanza_reader::skip_usual(std::size_t at) {
  if (at + 2 >= unread_.size()) return at;
  const char c = unread_[at];
  const char next = unread_[at + 1];
  if (state_ == state::attribute_name) {
    if (c != '=' || (next != '"' && next != '\'')) return at;
    state_ = next == '"' ? state::value_double : state::value_single;
    return at + 2;
  }
  if (c != (state_ == state::value_single ? '\'' : '"') || next != ' ' ||
      !is_name_start(unread_[at + 2]))
    return at;
  ++attributes_;
  state_ = state::attribute_name;
  return at + 2;
}

stanza_reader::piece stanza_reader::scan() {
  std::size_t at = 0;
  while (at < unread_.size()) {
    if (skipping_) {
      // RFC 6120, 4.6.1: white space between stanzas keeps the connection alive.
      if (is_space(unread_[at])) {
        ++at;
        continue;
      }
      unread_.remove_prefix(at);
      at = 0;
      skipping_ = false;
      size_ = 0;
      bits_ = 0;
      rewrite_ = false;
    }
    if (!take_plain_run(at)) return fail("a control character");
    if (size_ > limits_.stanza) return fail("an element is too large");
    if (at == unread_.size()) break;
    if (state_ == state::attribute_name || state_ == state::value_double ||
        state_ == state::value_single) {
      if (const std::size_t next = skip_usual(at); next != at) {
        if (attributes_ > limits_.attributes) return fail(many_attributes);
        size_ += static_cast<std::uint32_t>(next - at);
        at = next;
        continue;
      }
    }
    const char c = unread_[at++];
    bits_ |= static_cast<std::uint8_t>(c);
    if (++size_ > limits_.stanza) return fail("an element is too large");
    const piece done = step(c);
    if (done == piece::violation) return done;
    if (done != piece::more) return finish(done, at);
    if (skipping_) {  // an XML declaration has ended
      unread_.remove_prefix(at);
      at = 0;
      kept_.reset();
    }
  }
  if (skipping_) {
    unread_ = {};
    return piece::more;
  }
  if (!unread_.empty()) keep().begun.append(unread_);
  unread_ = {};
  return piece::more;
}

stanza_reader::piece stanza_reader::finish(piece what, std::size_t end) {
  if (!kept_) {
    text_ = unread_.substr(0, end);
  } else {
    kept_->begun.append(unread_.substr(0, end));
    text_ = kept_->begun;
  }
  unread_.remove_prefix(end);
  skipping_ = true;
  if (bits_ >= 0x80) {
    if (!is_utf8(text_)) return fail("not UTF-8");
    if (find_xml_illegal(text_) != std::string_view::npos) return fail("a forbidden code point");
  }
  if (rewrite_) {
    std::string& clean = keep().clean;
    clean.clear();
    rewrite_piece(text_, clean);
    text_ = clean;
  }
  return what;
}

bool is_one_element(std::string_view text, const reader_limits& limits, const char*& problem) {
  stanza_reader reader(limits);
  reader.skip_header();
  reader.feed(text);
  problem = "not one complete element";
  switch (reader.next()) {
    case stanza_reader::piece::stanza:
      return reader.next() == stanza_reader::piece::more && !reader.has_unread();
    case stanza_reader::piece::violation:
      problem = reader.problem();
      return false;
    default:
      return false;
  }
}

}  // namespace halley::xmpp
