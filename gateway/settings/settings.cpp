// SPDX-License-Identifier: GPL-3.0-or-later
//
// Walks the document by the table of options. Every refusal names file, line, column, key and what
// was expected; reading goes on after each, so that one start shows them all.
#include "gateway/settings/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "gateway/settings/mistakes.hpp"
#include "gateway/settings/option_table.hpp"
#include "gateway/settings/value_rules.hpp"

namespace halley {
namespace {

constexpr std::string_view table_names[] = {"node", "http", "sessions", "network"};
constexpr std::string_view endpoint_shape =
    "\"host:port\", \"[IPv6 address]:port\" or \"unix:/path\"";

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

// The known name nearest to a misspelt one, if it is near.
std::string_view nearest(std::string_view wrong, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, wrong.size() / 3) + 1;
  for (const auto name : known) {
    const std::size_t distance = edit_distance(wrong, name);
    if (distance < best_distance) best = name, best_distance = distance;
  }
  return best;
}

std::string_view type_name(const toml::node& value) {
  switch (value.type()) {
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

std::string print_number(double value) {
  if (value == std::floor(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

// Reads one value into its place. One overload for each type of member.
class value_reader {
 public:
  value_reader(const option& which, const std::string& full_key, const std::string& folder,
               mistakes& found)
      : option_(which), key_(full_key), folder_(folder), found_(found) {}

  void read(const toml::node& from, std::string* into) const {
    if (auto text = read_text(from)) *into = std::move(*text);
  }

  void read(const toml::node& from, bool* into) const {
    if (const auto* value = from.as_boolean()) {
      *into = value->get();
    } else {
      expected(from, "true or false");
    }
  }

  void read(const toml::node& from, double* into) const {
    if (const auto value = read_number(from, "a number")) *into = *value;
  }

  void read(const toml::node& from, std::int64_t* into) const {
    if (const auto value = read_number(from, "a number of seconds")) {
      *into = std::llround(*value * 1000);
    }
  }

  void read(const toml::node& from, std::uint32_t* into) const {
    if (const auto value = read_whole(from)) *into = static_cast<std::uint32_t>(*value);
  }

  void read(const toml::node& from, std::size_t* into) const {
    if (const auto value = read_whole(from)) *into = static_cast<std::size_t>(*value);
  }

  void read(const toml::node& from, network_kind* into) const {
    const auto text = from.value_exact<std::string>();
    if (text == "irc") {
      *into = network_kind::irc;
    } else if (text == "xmpp") {
      *into = network_kind::xmpp;
    } else {
      expected(from, "\"irc\" or \"xmpp\"");
    }
  }

  void read(const toml::node& from, tls_mode* into) const {
    const auto text = from.value_exact<std::string>();
    if (text == "none") {
      *into = tls_mode::none;
    } else if (text == "starttls") {
      *into = tls_mode::starttls;
    } else if (text == "direct") {
      *into = tls_mode::direct;
    } else {
      expected(from, "\"none\", \"starttls\" or \"direct\"");
    }
  }

  void read(const toml::node& from, std::vector<std::string>* into) const {
    read_list(from, into, "a list of texts",
              [this](const toml::node& item) { return read_text(item); });
  }

  void read(const toml::node& from, std::vector<endpoint>* into) const {
    read_addresses(from, into, parse_endpoint);
  }

  void read(const toml::node& from, std::vector<http_settings::listen_address>* into) const {
    read_addresses(from, into, parse_listen_address);
  }

 private:
  void expected(const toml::node& from, std::string_view what) const {
    found_.add(from.source(), key_, fmt::format("expected {}", what));
  }

  void wrong_type(const toml::node& from, std::string_view what) const {
    found_.add(from.source(), key_, fmt::format("expected {}, not {}", what, type_name(from)));
  }

  std::optional<std::string> read_text(const toml::node& from) const {
    auto text = from.value_exact<std::string>();
    if (!text) {
      wrong_type(from, "a text in quotes");
      return std::nullopt;
    }
    if (!option_.rule) return text;
    if (option_.rule->is_path && !text->empty()) {
      *text = (std::filesystem::path(folder_) / *text).lexically_normal().string();
    }
    if (option_.rule->accepts(*text)) return text;
    expected(from, option_.rule->expected);
    return std::nullopt;
  }

  std::string range() const {
    return fmt::format("from {} to {}", print_number(option_.least), print_number(option_.most));
  }

  // Written as `value >= least` so that nan is refused.
  bool in_range(double value) const { return value >= option_.least && value <= option_.most; }

  std::optional<double> read_number(const toml::node& from, std::string_view noun) const {
    if (!from.is_number()) {
      wrong_type(from, fmt::format("{} {}", noun, range()));
      return std::nullopt;
    }
    const double value = *from.value<double>();
    if (in_range(value)) return value;
    expected(from, fmt::format("{} {}", noun, range()));
    return std::nullopt;
  }

  std::optional<std::int64_t> read_whole(const toml::node& from) const {
    const auto* value = from.as_integer();
    if (!value) {
      wrong_type(from, fmt::format("a whole number {}", range()));
      return std::nullopt;
    }
    if (in_range(static_cast<double>(value->get()))) return value->get();
    expected(from, fmt::format("a whole number {}", range()));
    return std::nullopt;
  }

  template <class Address, class Parse>
  void read_addresses(const toml::node& from, std::vector<Address>* into, Parse parse) const {
    const auto read_one = [this, parse](const toml::node& item) -> std::optional<Address> {
      const auto text = item.value_exact<std::string>();
      if (!text) {
        wrong_type(item, endpoint_shape);
        return std::nullopt;
      }
      auto address = parse(*text);
      if (!address) expected(item, endpoint_shape);
      return address;
    };
    read_list(from, into, fmt::format("a list of {}", endpoint_shape), read_one);
  }

  template <class Item, class ReadOne>
  void read_list(const toml::node& from, std::vector<Item>* into, std::string_view noun,
                 ReadOne read_one) const {
    const auto* list = from.as_array();
    if (!list) {
      wrong_type(from, noun);
      return;
    }
    std::vector<Item> items;
    for (const auto& item : *list) {
      if (auto one = read_one(item)) items.push_back(std::move(*one));
    }
    *into = std::move(items);
  }

  const option& option_;
  const std::string& key_;
  const std::string& folder_;
  mistakes& found_;
};

void unknown_key(std::string_view table, const toml::key& key, mistakes& found) {
  std::vector<std::string_view> known;
  std::string_view elsewhere;
  for (const auto& it : all_options()) {
    if (it.table == table) known.push_back(it.key);
    if (it.key == key.str()) elsewhere = it.table;
  }
  std::string text = "unknown key";
  if (!elsewhere.empty()) {
    text += fmt::format("; it belongs to {}", elsewhere);
  } else if (const auto meant = nearest(key.str(), known); !meant.empty()) {
    text += fmt::format("; did you mean {}?", meant);
  }
  found.add(key.source(), fmt::format("{}.{}", table, key.str()), text);
}

// The option may not stand in a network of the kind written there. An unknown kind forbids nothing:
// it is refused itself.
bool misplaced(const option& it, const std::string& kind) {
  return (it.kind == applies_to::irc && kind == "xmpp") ||
         (it.kind == applies_to::xmpp && kind == "irc");
}

void read_table(std::string_view name, const toml::table& from, settings& all, network& one,
                const std::string& folder, mistakes& found) {
  const auto kind = from["kind"].value_or(std::string("irc"));
  for (const auto& [key, value] : from) {
    const option* known = find_option(name, key.str());
    if (!known) {
      unknown_key(name, key, found);
      continue;
    }
    const std::string full_key = fmt::format("{}.{}", name, key.str());
    if (misplaced(*known, kind)) {
      found.add(key.source(), full_key,
                fmt::format("expected only where kind = \"{}\"", kind == "irc" ? "xmpp" : "irc"));
      continue;
    }
    const value_reader reader(*known, full_key, folder, found);
    std::visit([&, &from_value = value](auto* into) { reader.read(from_value, into); },
               known->place(all, one));
  }
}

void read_networks(const toml::node& from, settings& all, const std::string& folder,
                   mistakes& found) {
  const auto* list = from.as_array();
  if (!list || !list->is_homogeneous(toml::node_type::table)) {
    found.add(from.source(), "network",
              "expected [[network]] in double brackets, once for each network");
    return;
  }
  for (const auto& item : *list) {
    read_table("network", *item.as_table(), all, all.networks.emplace_back(), folder, found);
  }
}

settings read_document(const toml::table& document, const std::string& folder, mistakes& found) {
  settings all;
  network unused;
  for (const auto& [key, value] : document) {
    const auto name = key.str();
    if (std::find(std::begin(table_names), std::end(table_names), name) == std::end(table_names)) {
      const auto meant = nearest(name, {std::begin(table_names), std::end(table_names)});
      found.add(key.source(), std::string(name),
                meant.empty()
                    ? std::string("unknown table; there are node, http, sessions and network")
                    : fmt::format("unknown table; did you mean {}?", meant));
    } else if (name == "network") {
      read_networks(value, all, folder, found);
    } else if (const auto* table = value.as_table()) {
      read_table(name, *table, all, unused, folder, found);
    } else {
      found.add(value.source(), std::string(name), fmt::format("expected the table [{}]", name));
    }
  }
  return all;
}

}  // namespace

void mistakes::add(const toml::source_region& where, const std::string& key,
                   const std::string& text) {
  lines_.push_back({where.begin, key + ": " + text});
}

void mistakes::refuse() const {
  if (none()) return;
  auto lines = lines_;
  std::stable_sort(lines.begin(), lines.end(),
                   [](const line& a, const line& b) { return a.at < b.at; });
  std::string text;
  for (const auto& it : lines) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{}:{}:{}: {}", file_, it.at.line, it.at.column, it.text);
  }
  throw settings_error(text);
}

settings parse_settings(const std::string& text, const std::string& path_for_errors) {
  mistakes found(path_for_errors);
  toml::table document;
  try {
    document = toml::parse(text, path_for_errors);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw settings_error(fmt::format("{}:{}:{}: not TOML: {}", path_for_errors, at.line, at.column,
                                     error.description()));
  }
  const auto folder = std::filesystem::path(path_for_errors).parent_path().string();
  settings all = read_document(document, folder, found);
  find_contradictions(document, all, found);
  found.refuse();
  return all;
}

settings read_settings(const std::string& path) {
  std::error_code ignored;
  errno = std::filesystem::is_directory(path, ignored) ? EISDIR : 0;
  std::ifstream file;
  if (errno == 0) file.open(path, std::ios::binary);
  if (!file.is_open()) {
    throw settings_error(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  }
  return parse_settings({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()},
                        path);
}

}  // namespace halley
