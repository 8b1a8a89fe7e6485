// SPDX-License-Identifier: GPL-3.0-or-later
//
// Walks the document by the table of options. Every refusal names file, line, column, key and what
// was expected; reading goes on after each, so that one start shows them all.
#include "gateway/settings/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gateway/settings/mistakes.hpp"
#include "gateway/settings/option_table.hpp"
#include "gateway/settings/value_reader.hpp"

namespace halley {
namespace {

constexpr std::string_view table_names[] = {"node", "http", "bayeux", "ops", "sessions", "network"};

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
    read_value(*known, known->place(all, one), value, full_key, folder, found);
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
    network& one = all.networks.emplace_back();
    read_table("network", *item.as_table(), all, one, folder, found);
    // RFC 6120, 3.2: its servers are those that the domain names.
    if (one.kind == network_kind::xmpp && !item.as_table()->contains("servers"))
      one.servers.push_back({one.domain, 0, "", true});
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
                    ? std::string(
                          "unknown table; there are node, http, bayeux, ops, sessions and network")
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
