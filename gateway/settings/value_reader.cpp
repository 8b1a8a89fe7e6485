// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/settings/value_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/settings/value_rules.hpp"

namespace halley {
namespace {

constexpr std::string_view server_shape =
    "\"host:port\", \"[IPv6 address]:port\", \"srv:domain\" or \"unix:/path\"";
constexpr std::string_view listen_shape =
    "\"host:port\", \"[IPv6 address]:port\" or \"unix:/path\"";

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

  void read(const toml::node& from, proxy_version* into) const {
    const auto text = from.value_exact<std::string>();
    if (const auto* wanted = from.as_boolean()) {
      *into = wanted->get() ? proxy_version::v2 : proxy_version::none;
    } else if (text == "v1") {
      *into = proxy_version::v1;
    } else if (text == "v2") {
      *into = proxy_version::v2;
    } else {
      expected(from, "\"v1\", \"v2\", true (v2) or false");
    }
  }

  void read(const toml::node& from, std::vector<std::string>* into) const {
    read_list(from, into, "a list of texts",
              [this](const toml::node& item) { return read_text(item); });
  }

  void read(const toml::node& from, std::vector<endpoint>* into) const {
    read_addresses(from, into, parse_endpoint, server_shape);
  }

  void read(const toml::node& from, std::vector<http_settings::listen_address>* into) const {
    read_addresses(from, into, parse_listen_address, listen_shape);
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
  void read_addresses(const toml::node& from, std::vector<Address>* into, Parse parse,
                      std::string_view shape) const {
    const auto read_one = [this, parse, shape](const toml::node& item) -> std::optional<Address> {
      const auto text = item.value_exact<std::string>();
      if (!text) {
        wrong_type(item, shape);
        return std::nullopt;
      }
      auto address = parse(*text);
      if (!address) expected(item, shape);
      return address;
    };
    read_list(from, into, fmt::format("a list of {}", shape), read_one);
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

}  // namespace

void read_value(const option& which, slot place, const toml::node& from,
                const std::string& full_key, const std::string& folder, mistakes& found) {
  const value_reader reader(which, full_key, folder, found);
  std::visit([&](auto* into) { reader.read(from, into); }, place);
}

}  // namespace halley
