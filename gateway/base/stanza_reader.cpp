// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/stanza_reader.hpp"

#include <algorithm>

#include "gateway/base/piece_rewriter.hpp"
#include "gateway/base/utf8.hpp"
#include "gateway/base/xml_bytes.hpp"

namespace halley::xmpp {

namespace {

constexpr const char* too_many_attributes = "an element has too many attributes";
constexpr std::string_view cdata_opening = "[CDATA[";

}  // namespace

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
        if (attributes_ > limits_.attributes) return fail(too_many_attributes);
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

stanza_reader::piece stanza_reader::step(char c) {
  switch (state_) {
    case state::between:
      if (c != '<') return fail("text between stanzas");
      state_ = state::lt;
      return piece::more;
    case state::lt:
      if (c == '/') {
        state_ = state::close_name;
        matched_ = 0;
      } else if (c == '?' && !in_stream_ && !declared_) {
        state_ = state::declaration;
        matched_ = 0;
      } else if (c == '!' && depth_ > 0) {
        state_ = state::bang;
        matched_ = 0;
      } else if (is_name_start(c)) {
        if (depth_ + 1 > limits_.depth) return fail("elements are nested too deeply");
        attributes_ = 0;
        state_ = state::name;
      } else {
        return fail("a comment, processing instruction or broken tag");
      }
      return piece::more;
    case state::declaration:
      if (c == '<' || size_ > 256) return fail("a broken XML declaration");
      if (c == '>' && matched_ == 1) {
        declared_ = true;
        state_ = state::between;
        skipping_ = true;
      }
      matched_ = c == '?' ? 1 : 0;
      return piece::more;
    case state::name:
      if (is_name_char(c)) return piece::more;
      state_ = state::in_tag;
      [[fallthrough]];
    case state::in_tag:
    case state::value_ended:
      if (state_ == state::value_ended) {
        if (!is_space(c) && c != '/' && c != '>') return fail("a broken tag");
        state_ = state::in_tag;
      }
      if (is_space(c)) return piece::more;
      if (c == '>') return open_ended();
      if (c == '/') {
        state_ = state::slash;
      } else if (is_name_start(c)) {
        if (++attributes_ > limits_.attributes) return fail(too_many_attributes);
        state_ = state::attribute_name;
      } else {
        return fail("a broken tag");
      }
      return piece::more;
    case state::attribute_name:
      if (is_name_char(c)) return piece::more;
      state_ = state::equals;
      [[fallthrough]];
    case state::equals:
      if (is_space(c)) return piece::more;
      if (c != '=') return fail("an attribute without value");
      state_ = state::quote;
      return piece::more;
    case state::quote:
      if (is_space(c)) return piece::more;
      if (c != '"' && c != '\'') return fail("an attribute value without quotes");
      state_ = c == '"' ? state::value_double : state::value_single;
      return piece::more;
    case state::value_single:
    case state::value_double:
      if (c == '<') return fail("'<' in an attribute value");
      if (c == '&') {
        state_ =
            state_ == state::value_single ? state::reference_in_single : state::reference_in_double;
        reference_size_ = 0;
      } else if (c == (state_ == state::value_single ? '\'' : '"')) {
        state_ = state::value_ended;
      } else if (c == '"') {
        rewrite_ = true;
      }
      return piece::more;
    case state::slash:
      if (c != '>') return fail("a broken tag");
      if (!in_stream_) return fail("a stream without content");
      ++depth_;
      return element_ended();
    case state::close_name:
      if (c == '>') {
        if (depth_ > 0) return element_ended();
        if (!in_stream_) return fail("a closing tag before the stream");
        return piece::footer;
      }
      if (!is_name_char(c) && !is_space(c)) return fail("a broken closing tag");
      return piece::more;
    case state::bang:
      // RFC 6120, 11.1 forbids comments and DTDs; CDATA is plain XML.
      if (c != cdata_opening[matched_]) return fail("a comment or document type");
      if (++matched_ == cdata_opening.size()) {
        state_ = state::cdata;
        matched_ = 0;
        rewrite_ = true;
      }
      return piece::more;
    case state::cdata:
      if (is(c, forbidden)) return fail("a control character");
      if (c == '>' && matched_ >= 2) {
        state_ = state::content;
      } else {
        matched_ = c == ']' ? static_cast<std::uint8_t>(matched_ < 2 ? matched_ + 1 : 2)
                            : static_cast<std::uint8_t>(0);
      }
      return piece::more;
    case state::content:
      if (c == '<') {
        state_ = state::lt;
      } else if (c == '&') {
        state_ = state::reference_in_content;
        reference_size_ = 0;
      }
      return piece::more;
    case state::reference_in_content:
    case state::reference_in_single:
    case state::reference_in_double:
      if (c == ';') return end_reference();
      if (reference_size_ == sizeof reference_) return fail("an unknown entity");
      reference_[reference_size_++] = c;
      return piece::more;
    case state::broken:
      break;
  }
  return piece::violation;
}

stanza_reader::piece stanza_reader::end_reference() {
  const std::string_view name(reference_, reference_size_);
  if (!decode_reference(name)) return fail("an unknown entity");
  if (name.front() == '#') rewrite_ = true;
  state_ = state_ == state::reference_in_content  ? state::content
           : state_ == state::reference_in_single ? state::value_single
                                                  : state::value_double;
  return piece::more;
}

stanza_reader::piece stanza_reader::open_ended() {
  if (!in_stream_) {
    in_stream_ = true;
    state_ = state::between;
    return piece::header;
  }
  ++depth_;
  state_ = state::content;
  return piece::more;
}

stanza_reader::piece stanza_reader::element_ended() {
  --depth_;
  state_ = depth_ == 0 ? state::between : state::content;
  return depth_ == 0 ? piece::stanza : piece::more;
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
