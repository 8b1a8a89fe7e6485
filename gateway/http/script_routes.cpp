// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chat dialect over <script> elements: the ordinary answers to GET requests whose body stands in
// the address, each as a call of the page's function (carriers/script.hpp).
#include "gateway/carriers/script.hpp"
#include "gateway/http/chat_answers.hpp"
#include "gateway/http/routes.hpp"

namespace halley {
namespace {

using answerer = decltype(route::answer);

// Another shard begins here again, so that the request may be rewritten on the way.
template <answerer Answer, bool HasBody = false>
void as_script(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  if (!parts.context.settings.script_carrier)
    return refuse(parts, with,
                  {failure_code::not_allowed, "This gateway does not speak over scripts.", ""});
  auto callback = request.query("callback");
  if (!callback || !is_callback_name(*callback))
    return refuse(parts, with,
                  {failure_code::bad_field, "The callback is the name of a function.", "callback"});
  with.answer_as_script(*std::move(callback));
  if (HasBody) {
    auto body = request.query("body");
    if (!body)
      return refuse(parts, with,
                    {failure_code::bad_field, "The body is JSON in UTF-8, escaped.", "body"});
    request.body = *std::move(body);
  }
  Answer(parts, with, std::move(request), std::move(id));
}

constexpr auto rule = origin_rule::script;
constexpr auto get = http_method::get;
constexpr route table[] = {
    {get, "/chat/v1/script/networks", as_script<answer_networks>, rule},
    {get, "/chat/v1/script/enter", as_script<answer_enter, true>, rule},
    {get, "/chat/v1/script/sessions/{id}/events", as_script<answer_script_events>, rule},
    {get, "/chat/v1/script/sessions/{id}/commands", as_script<answer_commands, true>, rule},
    {get, "/chat/v1/script/sessions/{id}/leave", as_script<answer_leave>, rule},
};

}  // namespace

std::span<const route> script_routes() {
  return table;
}

}  // namespace halley
