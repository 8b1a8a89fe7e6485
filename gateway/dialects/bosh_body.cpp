// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_body.hpp"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <utility>

#include "gateway/base/stanza_reader.hpp"
#include "gateway/dialects/xmpp_stream.hpp"

namespace halley {
namespace {

constexpr std::string_view bosh_namespace = "http://jabber.org/protocol/httpbind";
constexpr std::string_view xbosh_namespace = "urn:xmpp:xbosh";
// XEP-0124, 14.1: what a client can count to in a double.
constexpr std::uint64_t largest_rid = 9007199254740991;

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() ||
      number > most)
    return std::nullopt;
  return number;
}

bool is_true(std::string_view value) { return value == "true" || value == "1"; }

std::string_view without_space(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

std::string_view without_declaration(std::string_view text) {
  text = without_space(text);
  const std::size_t end = text.starts_with("<?xml ") ? text.find("?>") : std::string_view::npos;
  return end == std::string_view::npos ? text : without_space(text.substr(end + 2));
}

// The wrapper's attributes, with the prefix its author chose for urn:xmpp:xbosh.
class wrapper {
 public:
  explicit wrapper(std::string_view tag) {
    for_xml_attributes(tag, [&](std::string_view name, std::string_view value) {
      if (name == "xmlns") space_ = value;
      if (name.starts_with("xmlns:") && value == xbosh_namespace) xbosh_ = name.substr(6);
      if (name.starts_with("xmlns:") && value != xbosh_namespace)
        prefixes_.emplace_back(name.substr(6), value);
      all_.emplace_back(name, value);
    });
  }
  bool is_ours() const { return space_ == bosh_namespace; }
  bool is_repeated() const {
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (std::size_t j = i + 1; j < all_.size(); ++j)
        if (all_[i].first == all_[j].first) return true;
    return false;
  }
  std::string text(std::string_view name) const { return xmpp::decode_references(raw(name)); }
  std::string_view raw(std::string_view name) const {
    for (const auto& [key, value] : all_)
      if (key == name) return value;
    return {};
  }
  bool has(std::string_view name) const { return raw(name).data() != nullptr; }
  std::string xbosh(std::string_view name) const {
    return xbosh_.empty() ? std::string() : text(std::string(xbosh_) + ":" + std::string(name));
  }
  // A child on its own needs the prefixes it had from here.
  std::string standing_alone(std::string_view child) const {
    const xmpp::stanza_head head = xmpp::read_head(child);
    std::string out = "<" + std::string(head.name);
    for (const auto& [prefix, space] : prefixes_) {
      const std::string key = "xmlns:" + std::string(prefix);
      if (child.find(std::string(prefix) + ":") != child.npos && xml_attribute(child, key).empty())
        out.append(" ").append(key).append("=\"").append(space).append("\"");
    }
    return out.append(child.substr(1 + head.name.size()));
  }

 private:
  std::string_view space_;
  std::string_view xbosh_;
  std::vector<std::pair<std::string_view, std::string_view>> all_;
  std::vector<std::pair<std::string_view, std::string_view>> prefixes_;
};

constexpr bosh_fault no_body{"bad-request", "not one <body/> of BOSH"};

// The elements inside; false for text between them (XEP-0124, 6).
bool split_payload(std::string_view text, const xmpp::reader_limits& limits, const wrapper& around,
                   std::vector<std::string>& into) {
  using piece = xmpp::stanza_reader::piece;
  xmpp::stanza_reader reader(limits);
  reader.feed(text);
  for (;;) {
    switch (reader.next()) {
      case piece::header:
        break;
      case piece::stanza:
        into.push_back(around.standing_alone(reader.text()));
        break;
      case piece::footer:
        return true;
      default:
        return false;
    }
  }
}

// The splitter counts tags and leaves their names to whoever parses.
bool tags_match(std::string_view text) {
  pugi::xml_document parsed;
  return parsed.load_buffer(text.data(), text.size(), pugi::parse_minimal, pugi::encoding_utf8);
}

bool read_numbers(const wrapper& from, bosh_request& into) {
  const struct {
    const char* name;
    std::optional<std::uint64_t>& place;
    std::uint64_t most;
  } numbers[] = {{"wait", into.wait, 65535},
                 {"hold", into.hold, 255},
                 {"ack", into.ack, largest_rid},
                 {"pause", into.pause, 65535}};
  for (const auto& one : numbers) {
    if (!from.has(one.name)) continue;
    one.place = parse_number(from.raw(one.name), one.most);
    if (!one.place) return false;
  }
  const auto rid = parse_number(from.raw("rid"), largest_rid);
  into.rid = rid.value_or(0);
  return into.rid > 0;
}

// What the wrapper itself says.
result<bosh_request, bosh_fault> read_wrapper(const wrapper& from) {
  if (!from.is_ours() || from.is_repeated()) return no_body;
  bosh_request out;
  if (!read_numbers(from, out))
    return bosh_fault{"bad-request", "rid, or another number, is missing or none"};
  out.sid = from.text("sid");
  out.to = from.text("to");
  out.from = from.text("from");
  out.lang = from.text("xml:lang");
  out.content = from.text("content");
  out.key = from.text("key");
  out.newkey = from.text("newkey");
  out.condition = from.text("condition");
  if (from.has("ver")) out.ver = from.text("ver");
  out.terminate = from.raw("type") == "terminate";
  out.stream = from.text("stream");
  out.restart = is_true(from.xbosh("restart"));
  out.xmpp_version = from.xbosh("version");
  return out;
}

}  // namespace

result<bosh_request, bosh_fault> parse_bosh(std::string_view text, const bosh_limits& limits) {
  const xmpp::reader_limits bounds{limits.body, limits.depth, limits.attributes};
  text = without_declaration(text);
  const char* problem = nullptr;
  if (!xmpp::is_one_element(text, bounds, problem)) return bosh_fault{"bad-request", problem};
  const std::string_view tag = text.substr(0, xml_tag_end(text));
  // Most requests say nothing but that they are there.
  const bool is_empty = tag.ends_with("/>") || text.substr(tag.size()) == "</body>";
  if (!is_empty && !tags_match(text)) return bosh_fault{"bad-request", "tags that do not match"};
  if (xmpp::read_head(text).name != "body") return no_body;
  const wrapper from(tag);
  auto out = read_wrapper(from);
  if (!out) return out.error();
  if (!is_empty && !split_payload(text, bounds, from, out->payload))
    return bosh_fault{"bad-request", "text between the elements of <body/>"};
  return out;
}

result<bosh_request, bosh_fault> parse_bosh_script(std::string_view text,
                                                   const bosh_limits& limits) {
  text = without_declaration(text);
  const xmpp::reader_limits bounds{limits.body, limits.depth, limits.attributes};
  if (text.size() > limits.body || xml_tag_end(text) > text.size()) return no_body;
  // The wrapper stands alone; what is inside need not.
  std::string tag(text.substr(0, xml_tag_end(text)));
  std::string_view inside = text.substr(tag.size());
  if (!tag.ends_with("/>")) {
    const std::size_t end = inside.rfind("</body>");
    if (end == std::string_view::npos || inside.size() != end + 7 || tag.empty()) return no_body;
    inside = inside.substr(0, end);
    tag.insert(tag.size() - 1, "/");
  } else if (!inside.empty()) {
    return no_body;
  }
  const char* problem = nullptr;
  if (!xmpp::is_one_element(tag, bounds, problem)) return bosh_fault{"bad-request", problem};
  if (xmpp::read_head(tag).name != "body") return no_body;
  auto out = read_wrapper(wrapper(tag));
  if (!out) return out;
  out->script = true;
  out->octets = inside;
  return out;
}

std::string print_bosh_attributes(const bosh_answer& answer) {
  std::string out;
  const auto add = [&out](std::string_view name, std::string_view value) {
    if (!value.empty()) out.append(" ").append(name).append("=\"").append(value).append("\"");
  };
  const auto add_number = [&](std::string_view name, std::uint64_t value) {
    if (value != 0) add(name, std::to_string(value));
  };
  add("type", answer.type);
  add("condition", answer.condition);
  add_number("ack", answer.ack);
  add_number("report", answer.report);
  if (answer.report != 0) add("time", std::to_string(answer.time));
  add("stream", answer.stream);
  return out += answer.session;
}

std::string print_bosh(std::string_view attributes, std::string_view payload) {
  constexpr std::string_view opening = "<body xmlns=\"http://jabber.org/protocol/httpbind\"";
  constexpr std::string_view closing = "</body>";
  std::string out;
  out.reserve(opening.size() + attributes.size() + 1 + payload.size() + closing.size());
  out.append(opening).append(attributes);
  if (payload.empty()) return out += "/>";
  return out.append(">").append(payload).append(closing);
}

std::string print_bosh(const bosh_answer& answer) {
  return print_bosh(print_bosh_attributes(answer), answer.payload);
}

std::optional<bosh_version> parse_bosh_version(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto major = parse_number(text.substr(0, dot), 1000);
  const auto minor = parse_number(text.substr(dot + 1), 1000);
  if (!major || !minor) return std::nullopt;
  return bosh_version{static_cast<std::uint16_t>(*major), static_cast<std::uint16_t>(*minor)};
}

}  // namespace halley
