// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/bosh_hall.hpp"

#include <algorithm>
#include <utility>

#include "gateway/http/bosh_conversation.hpp"

namespace halley {
namespace {

bosh_terms terms_of(const session_limits& limits) {
  bosh_terms terms;
  terms.wait_most = static_cast<std::uint64_t>(std::clamp<std::int64_t>(limits.hold_ms / 1000, 1, 65535));
  terms.inactivity =
      static_cast<std::uint64_t>(std::clamp<std::int64_t>(limits.grace_ms / 1000, 1, 65535));
  terms.pause_most = std::max<std::uint64_t>(terms.pause_most, terms.inactivity);
  terms.pending_bytes = limits.outbox.bytes;
  return terms;
}

// Below this a coding costs more than it saves.
constexpr std::size_t worth_coding = 512;

http_response bosh_response(const bosh_form& form, int status, const std::string& content_type,
                            std::string body) {
  http_response answer;
  answer.status = status;
  answer.content_type = content_type;
  answer.body = std::move(body);
  answer.fields.reserve(4);
  answer.fields.emplace_back("Cache-Control", "no-store");
  if (form.script) {  // XEP-0252, 4: a script sees no status, and old proxies know only Pragma
    answer.status = 200;
    answer.content_type = "text/javascript; charset=utf-8";
    answer.body = print_bosh_script(answer.body);
    answer.fields = {{"Cache-Control", "no-store, no-cache"}, {"Pragma", "no-cache"}};
  }
  answer.fields.emplace_back("Vary", "Accept-Encoding");
  if (form.coding == content_coding::identity || answer.body.size() < worth_coding) return answer;
  answer.body = compress(form.coding, answer.body);
  answer.fields.emplace_back("Content-Encoding", coding_name(form.coding));
  return answer;
}

}  // namespace

void bosh_hall::refuse(exchange& with, const bosh_form& form, std::string_view condition) {
  ++counts_.refused;
  bosh_answer what;
  what.type = "terminate";
  what.condition = condition;
  with.respond(bosh_response(form, 200, "text/xml; charset=utf-8", print_bosh(what)));
}

// --- requests -------------------------------------------------------------------------------------

bosh_reply::bosh_reply(exchange& with, const bosh_form& form, std::uint64_t rid)
    : with_(with),
      rid_(rid & ((std::uint64_t{1} << 53) - 1)),
      coding_(static_cast<std::uint64_t>(form.coding) & 7u),
      script_(form.script) {}

bosh_reply::~bosh_reply() {
  bosh_conversation* const of = of_;
  if (of == nullptr) return;
  of->remove(*this);
  if (answered_ == 0 && !of->is_over()) of->forget(*this);
}

void bosh_reply::on_answer_lost() {
  if (of_ == nullptr) return;
  ++of_->counts().lost;
  of_->on_answer_lost(rid_);
}

void bosh_reply::answer(int status, const std::string& content_type, std::string body) {
  answered_ = 1;
  const bosh_form form{static_cast<content_coding>(coding_), script_ != 0};
  with_.answer(bosh_response(form, status, content_type, std::move(body)));
}

bosh_hall::bosh_hall(const raw_context& context, const session_key& key, std::size_t shard)
    : context_(context), key_(key), shard_(shard), terms_(terms_of(context.limits)) {}

bosh_hall::~bosh_hall() = default;

std::string_view bosh_hall::by_sid::sid(const owned& one) { return one->sid(); }

bosh_conversation* bosh_hall::find(std::string_view sid) const {
  const auto at = all_.find(sid);
  return at == all_.end() || (*at)->is_over() ? nullptr : at->get();
}

void bosh_hall::enter(exchange& with, bosh_request&& request, const bosh_form& form,
                      visitor from) {
  if (request.to.empty()) return refuse(with, form, "improper-addressing");
  tunnel_network* const network = context_.networks.by_domain(request.to);
  if (network == nullptr) return refuse(with, form, "host-unknown");
  auto place = context_.sessions.take_place(from.address);
  if (!place) return refuse(with, form, "policy-violation");
  auto made = std::make_unique<bosh_conversation>(*this, context_, *network, *std::move(place),
                                                  key_.make(shard_), from);
  bosh_conversation& one = *made;
  all_.insert(std::move(made));
  ++counts_.requests;
  ++counts_.sessions;
  counts_.open.set(all_.size());
  auto waiting = std::make_unique<bosh_reply>(with, form, request.rid);
  bosh_reply& reply = *waiting;
  one.add(reply);
  with.hold(std::move(waiting));
  one.begin(request, reply);
}

void bosh_hall::take(exchange& with, bosh_request&& request, const bosh_form& form, bool secure) {
  bosh_conversation* const of = find(request.sid);
  if (of == nullptr) return refuse(with, form, "item-not-found");
  // B-75: somebody without TLS hears nothing, and cannot end the session either.
  if (of->is_secure() && !secure) return with.hang_up();
  ++counts_.requests;
  auto waiting = std::make_unique<bosh_reply>(with, form, request.rid);
  bosh_reply& reply = *waiting;
  of->add(reply);
  with.hold(std::move(waiting));
  of->take(std::move(request), reply);
}

// Not at once: the session may be in the middle of a call.
void bosh_hall::bury(bosh_conversation& over) {
  context_.loop.at_batch_end([this, sid = over.sid(), alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    if (const auto at = all_.find(std::string_view(sid)); at != all_.end()) all_.erase(at);
    counts_.open.set(all_.size());
  });
}

void bosh_hall::shut_down() {
  for (const auto& one : all_) one->shut_down();
}

}  // namespace halley
