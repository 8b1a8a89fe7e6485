// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bayeux_messages.hpp"

#include <array>
#include <ctime>

#include "gateway/chat/limits.hpp"
#include "gateway/dialects/json_fields.hpp"
#include "gateway/dialects/json_text.hpp"

namespace halley {
namespace {

using nlohmann::json;

constexpr std::size_t longest_id = 64;

failure not_bayeux(std::string text) {
  return {failure_code::bad_request, std::move(text), ""};
}

// The field `timestamp` of the extension of that name, as JavaScript's toUTCString() writes it.
std::string print_http_date(unix_ms at) {
  const std::time_t second = static_cast<std::time_t>(at / 1000);
  std::tm broken{};
  ::gmtime_r(&second, &broken);
  std::array<char, 40> text{};
  return {text.data(),
          std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &broken)};
}

// What may stand between the colons; a client that finds anything else takes the whole for nothing.
void append_words(std::string& out, std::string_view words) {
  for (const char c : words) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("-_!~()$@ /*.").find(c) != std::string_view::npos;
    out += good ? c : ' ';
  }
}

result<bayeux_request, failure> read_message(json&& one) {
  if (!one.is_object()) return not_bayeux("A Bayeux message must be a JSON object.");
  bayeux_request out;
  out.body = std::move(one);
  out.channel = out.text("channel");
  out.client_id = out.text("clientId");
  const json* id = out.find("id");
  if (id != nullptr && (id->is_string() || id->is_number_integer())) out.id = id->dump();
  if (out.id.size() > longest_id) return not_bayeux("A message id has at most 64 characters.");
  return {boost::system::in_place_value, std::move(out)};
}

}  // namespace

const json* bayeux_request::find(const char* name) const {
  const auto at = body.find(name);
  return at == body.end() || at->is_null() ? nullptr : &*at;
}

const json* bayeux_request::extension(const char* name) const {
  const json* ext = find("ext");
  if (ext == nullptr || !ext->is_object()) return nullptr;
  const auto at = ext->find(name);
  return at == ext->end() || at->is_null() ? nullptr : &*at;
}

std::string bayeux_request::text(const char* name) const {
  const json* value = find(name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

steady_ms bayeux_request::asked_timeout() const {
  const json* advice = find("advice");
  if (advice == nullptr || !advice->is_object()) return -1;
  const auto at = advice->find("timeout");
  if (at == advice->end() || !at->is_number()) return -1;
  const double asked = at->get<double>();
  return asked >= 0 && asked < 1e9 ? static_cast<steady_ms>(asked) : -1;
}

result<std::vector<std::string>, failure> bayeux_request::subscriptions(std::size_t most) const {
  std::vector<std::string> out;
  const json* value = find("subscription");
  const failure wrong{failure_code::bad_field, "subscription is missing", "subscription"};
  if (value == nullptr) return wrong;
  if (value->is_string()) {
    out.push_back(value->get<std::string>());
    return out;
  }
  if (!value->is_array() || value->empty() || value->size() > most) return wrong;
  for (const json& one : *value) {
    if (!one.is_string()) return wrong;
    out.push_back(one.get<std::string>());
  }
  return out;
}

result<std::vector<bayeux_request>, failure> parse_bayeux(std::string_view text) {
  auto parsed = parse_json(text);
  if (!parsed) return parsed.error();
  if (!parsed->is_array()) *parsed = json::array({std::move(*parsed)});
  if (parsed->empty()) return not_bayeux("There is no message in this.");
  if (parsed->size() > limit::commands_in_one_body)
    return failure{
        failure_code::too_many,
        "More than " + std::to_string(limit::commands_in_one_body) + " messages at once.", ""};
  std::vector<bayeux_request> out;
  for (json& one : *parsed) {
    auto message = read_message(std::move(one));
    if (!message) return message.error();
    out.push_back(std::move(*message));
  }
  return {boost::system::in_place_value, std::move(out)};
}

std::string joined(std::string before, std::string_view after) {
  if (!before.empty() && !after.empty()) before += ',';
  return before.append(after);
}

std::string print_advice(const bayeux_advice& advice) {
  std::string out;
  json_object json(out);
  json.text("reconnect", advice.reconnect);
  json.number("interval", advice.interval);
  json.number("timeout", advice.timeout);
  json.number_if("maxInterval", advice.max_interval);
  json.flag_if("multiple-clients", advice.multiple_clients);
  json.close();
  return out;
}

// --- replies ------------------------------------------------------------------------------------

bayeux_reply::bayeux_reply(const bayeux_request& to, unix_ms now) {
  head_ = R"({"channel":)";
  append_json_string(head_, to.channel);
  if (!to.id.empty()) head_ += R"(,"id":)" + to.id;
  if (to.find("timestamp") != nullptr) text("timestamp", print_http_date(now));
}

bayeux_reply& bayeux_reply::fail(int code, std::string_view argument, std::string_view words) {
  ok_ = false;
  std::string error = std::to_string(code) + ':';
  append_words(error, argument);
  error += ':';
  append_words(error, words);
  return text("error", error);
}

bayeux_reply& bayeux_reply::fail(const failure& why, std::string_view argument) {
  fail(failure_status(why.code), argument, why.text);
  std::string exact;
  json_object inner(exact);
  inner.text("code", failure_name(why.code));
  inner.text_if("field", why.field);
  inner.text("text", why.text);
  inner.close();
  return extension("chat", R"({"error":)" + exact + '}');
}

bayeux_reply& bayeux_reply::add(std::string_view name, std::string_view json) {
  more_ += ",\"";
  more_ += name;
  more_ += "\":";
  more_ += json;
  return *this;
}

bayeux_reply& bayeux_reply::text(std::string_view name, std::string_view value) {
  std::string json;
  append_json_string(json, value);
  return add(name, json);
}

bayeux_reply& bayeux_reply::extension(std::string_view name, std::string_view json) {
  extensions_ += extensions_.empty() ? "\"" : ",\"";
  extensions_ += name;
  extensions_ += "\":";
  extensions_ += json;
  return *this;
}

std::string bayeux_reply::print() && {
  if (!extensions_.empty()) add("ext", '{' + extensions_ + '}');
  return head_ + R"(,"successful":)" + (ok_ ? "true" : "false") + more_ + '}';
}

// ts: when it came, p: how long it was kept, a: by how much the client's idea of our clock was
// wrong.
std::string print_timesync(const json& asked, unix_ms came, unix_ms leaves) {
  const auto number = [&asked](const char* name) -> double {
    if (!asked.is_object()) return 0;
    const auto at = asked.find(name);
    return at != asked.end() && at->is_number() ? at->get<double>() : 0;
  };
  const auto whole = [](double value) {
    return value > -9e15 && value < 9e15 ? static_cast<std::int64_t>(value) : 0;
  };
  std::string out;
  json_object json(out);
  json.number("tc", whole(number("tc")));
  json.number("ts", came);
  json.number("p", leaves - came);
  json.number("a", whole(number("tc") + number("o") + number("l") - static_cast<double>(came)));
  json.close();
  return out;
}

}  // namespace halley
