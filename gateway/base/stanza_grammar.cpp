// SPDX-License-Identifier: GPL-3.0-or-later
//
// The states of a stanza_reader: what a byte means in the one it is in.
#include "gateway/base/stanza_reader.hpp"

#include "gateway/base/piece_rewriter.hpp"
#include "gateway/base/xml_bytes.hpp"

namespace halley::xmpp {
namespace {

constexpr std::string_view cdata_opening = "[CDATA[";

}  // namespace

stanza_reader::piece stanza_reader::step(char c) {
  switch (state_) {
    case state::between:
      if (c != '<') return fail("text between stanzas");
      return go(state::lt);
    case state::lt:
      return begin_markup(c);
    case state::declaration:
      return step_in_declaration(c);
    case state::name:
      if (is_name_char(c)) return piece::more;
      return step_in_tag(c);
    case state::value_ended:
      if (!is_space(c) && c != '/' && c != '>') return fail("a broken tag");
      return step_in_tag(c);
    case state::in_tag:
      return step_in_tag(c);
    case state::attribute_name:
    case state::equals:
    case state::quote:
      return step_to_value(c);
    case state::value_single:
    case state::value_double:
      return step_in_value(c);
    case state::slash:
      if (c != '>') return fail("a broken tag");
      if (!in_stream_) return fail("a stream without content");
      ++depth_;
      return element_ended();
    case state::close_name:
      return step_in_closing_tag(c);
    case state::bang:
    case state::cdata:
      return step_in_cdata(c);
    case state::content:
      if (c == '<') return go(state::lt);
      return c == '&' ? begin_reference(state::reference_in_content) : piece::more;
    case state::reference_in_content:
    case state::reference_in_single:
    case state::reference_in_double:
      return step_in_reference(c);
    case state::broken:
      break;
  }
  return piece::violation;
}

stanza_reader::piece stanza_reader::go(state next) {
  state_ = next;
  return piece::more;
}

// Behind '<'.
stanza_reader::piece stanza_reader::begin_markup(char c) {
  matched_ = 0;
  attributes_ = 0;
  if (c == '/') return go(state::close_name);
  if (c == '?' && !in_stream_ && !declared_) return go(state::declaration);
  if (c == '!' && depth_ > 0) return go(state::bang);
  if (!is_name_start(c)) return fail("a comment, processing instruction or broken tag");
  if (depth_ + 1 > limits_.depth) return fail("elements are nested too deeply");
  return go(state::name);
}

stanza_reader::piece stanza_reader::step_in_declaration(char c) {
  if (c == '<' || size_ > 256) return fail("a broken XML declaration");
  if (c == '>' && matched_ == 1) {
    declared_ = true;
    state_ = state::between;
    skipping_ = true;
  }
  matched_ = c == '?' ? 1 : 0;
  return piece::more;
}

// --- tags -----------------------------------------------------------------------------------------

stanza_reader::piece stanza_reader::step_in_tag(char c) {
  if (is_space(c)) return go(state::in_tag);
  if (c == '>') return open_ended();
  if (c == '/') return go(state::slash);
  if (!is_name_start(c)) return fail("a broken tag");
  if (++attributes_ > limits_.attributes) return fail(many_attributes);
  return go(state::attribute_name);
}

// From an attribute's name to the quote before its value.
stanza_reader::piece stanza_reader::step_to_value(char c) {
  if (state_ == state::attribute_name && is_name_char(c)) return piece::more;
  if (state_ == state::quote) {
    if (is_space(c)) return piece::more;
    if (c != '"' && c != '\'') return fail("an attribute value without quotes");
    return go(c == '"' ? state::value_double : state::value_single);
  }
  if (is_space(c)) return go(state::equals);
  if (c != '=') return fail("an attribute without value");
  return go(state::quote);
}

stanza_reader::piece stanza_reader::step_in_value(char c) {
  const bool single = state_ == state::value_single;
  if (c == '<') return fail("'<' in an attribute value");
  if (c == '&')
    return begin_reference(single ? state::reference_in_single : state::reference_in_double);
  if (c == (single ? '\'' : '"')) return go(state::value_ended);
  if (c == '"') rewrite_ = true;
  return piece::more;
}

stanza_reader::piece stanza_reader::step_in_closing_tag(char c) {
  if (c != '>') {
    if (!is_name_char(c) && !is_space(c)) return fail("a broken closing tag");
    return piece::more;
  }
  if (depth_ > 0) return element_ended();
  if (!in_stream_) return fail("a closing tag before the stream");
  return piece::footer;
}

stanza_reader::piece stanza_reader::open_ended() {
  if (!in_stream_) {
    in_stream_ = true;
    state_ = state::between;
    return piece::header;
  }
  ++depth_;
  return go(state::content);
}

stanza_reader::piece stanza_reader::element_ended() {
  --depth_;
  state_ = depth_ == 0 ? state::between : state::content;
  return depth_ == 0 ? piece::stanza : piece::more;
}

// --- text -----------------------------------------------------------------------------------------

stanza_reader::piece stanza_reader::step_in_cdata(char c) {
  if (state_ == state::bang) {
    // RFC 6120, 11.1 forbids comments and DTDs; CDATA is plain XML.
    if (c != cdata_opening[matched_]) return fail("a comment or document type");
    if (++matched_ < cdata_opening.size()) return piece::more;
    matched_ = 0;
    rewrite_ = true;
    return go(state::cdata);
  }
  if (is(c, forbidden)) return fail("a control character");
  if (c == '>' && matched_ >= 2) return go(state::content);
  matched_ = c == ']' ? static_cast<std::uint8_t>(matched_ < 2 ? matched_ + 1 : 2)
                      : static_cast<std::uint8_t>(0);
  return piece::more;
}

stanza_reader::piece stanza_reader::begin_reference(state where) {
  reference_size_ = 0;
  return go(where);
}

stanza_reader::piece stanza_reader::step_in_reference(char c) {
  if (c == ';') return end_reference();
  if (reference_size_ == sizeof reference_) return fail("an unknown entity");
  reference_[reference_size_++] = c;
  return piece::more;
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

}  // namespace halley::xmpp
