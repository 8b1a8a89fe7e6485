// SPDX-License-Identifier: GPL-3.0-or-later
//
// Coming, being there and going: the handshake's introduction, the held connect, streams, time.
#include "gateway/dialects/bayeux_client.hpp"

#include <algorithm>
#include <utility>

#include "gateway/chat/limits.hpp"
#include "gateway/dialects/bayeux_desk.hpp"
#include "gateway/dialects/json_fields.hpp"

namespace halley {

using nlohmann::json;

bayeux_client::bayeux_client(std::string id, const bayeux_surroundings& around, bayeux_desk& desk,
                             visitor from)
    : id_(std::move(id)),
      around_(around),
      desk_(desk),
      from_(std::move(from)),
      timer_(on_expiry<&bayeux_client::on_timer>, this),
      expires_at_(around.loop.now() + around.sessions.limits().grace_ms),
      active_at_(around.loop.now()) {
  arm();
}

bayeux_client::~bayeux_client() {
  end("Connection lost");
}

namespace {

std::optional<failure> read_identity(json_fields& f, bayeux_identity& into) {
  into.nick = f.optional("nick", limit::nick);
  into.account = f.optional("account", limit::nick);
  into.password = f.optional("password", limit::secret);
  if (!into.password.empty() && into.account.empty()) into.account = into.nick;
  if (f.ok()) return std::nullopt;
  return f.why();
}

}  // namespace

std::optional<failure> bayeux_client::introduce(const json& chat) {
  if (!chat.is_object())
    return failure{failure_code::bad_field, "ext.chat must be an object.", "ext"};
  json_fields f(chat);
  const std::string network = f.optional("network", 64);
  if (auto why = read_identity(f, identities_[""])) return why;
  if (const json* each = f.find("networks")) {
    if (!each->is_object() || each->size() > limit::rooms_at_entry)
      return failure{failure_code::bad_field, "ext.chat.networks must be an object.", "networks"};
    for (const auto& [name, who] : each->items()) {
      if (!who.is_object())
        return failure{failure_code::bad_field, "ext.chat.networks must hold objects.", "networks"};
      json_fields inner(who);
      if (auto why = read_identity(inner, identities_[name])) return why;
    }
  }
  failure why;
  if (!network.empty() && leg_for(network, why) == nullptr) return why;
  return std::nullopt;
}

bayeux_advice bayeux_client::advice() const {
  const session_limits& limits = around_.sessions.limits();
  return {"retry", 0, limits.hold_ms, limits.grace_ms, false};
}

// --- the held connect ---------------------------------------------------------------------------

void bayeux_client::connect(const bayeux_request& asked, const bayeux_arrival& how,
                            const bayeux_place& to) {
  const auto alive = shared_from_this();
  settle_last_answer();
  answer_connect(false);  // one at a time: the older has nothing more to wait for
  notice_restart(asked);
  const std::string type = asked.text("connectionType");
  const bool streams = type == "eventsource";
  if (type == "websocket" && how.stream != nullptr)
    read_on(*how.stream);
  else if (!streams && stream_ != nullptr)
    std::exchange(stream_, nullptr)->on_unbound();
  if (streams) acknowledges_ = false;
  const json* ack = asked.extension("ack");
  if (acknowledges_ && ack != nullptr && ack->is_number_unsigned())
    on_acknowledged(ack->get<std::uint64_t>());

  const steady_ms hold = around_.sessions.limits().hold_ms;
  const steady_ms wanted = asked.asked_timeout();
  connect_.batch = to.batch;
  connect_.slot = to.slot;
  connect_.reply = std::make_unique<bayeux_reply>(asked, around_.loop.wall_now());
  const json* timesync = asked.extension("timesync");
  connect_.timesync = timesync != nullptr ? *timesync : json();
  connect_.came = around_.loop.wall_now();
  connect_.deadline = around_.loop.now() + (wanted >= 0 ? std::min(wanted, hold) : hold);
  to.batch->on_gone = [self = weak_from_this()] {
    if (const auto client = self.lock()) client->on_presence_change();
  };
  const bool first = !std::exchange(connected_, true);
  on_presence_change();
  const bool pushes = stream_ != nullptr && !acknowledges_;
  if (streams) return answer_connect(false, "stream");
  if (first || wanted == 0 || (how.stream == nullptr && !to.alone)) return answer_connect(!pushes);
  if (how.stream == nullptr && !desk_.take_poll(how.browser)) {
    // Held, it would take one of the connections that this browser needs for what it has to say.
    return answer_connect(true, "crowded");
  }
  if (how.stream == nullptr) connect_.browser = how.browser;
  flush();
}

// `kind`: retry or none, as advised; "stream" and "crowded" are retry with an interval.
void bayeux_client::answer_connect(bool with_messages, const char* kind) {
  const auto batch = connect_.batch.lock();
  if (!batch) return drop_connect();
  std::string messages;
  const std::string extra = extra_;
  if (with_messages) gather(messages, SIZE_MAX, true);
  if (!messages.empty()) {
    for (const auto& leg : legs_) leg->offered = leg->given;
    given_extra_ = joined(std::move(given_extra_), extra);
  }
  const std::string_view what = kind;
  bayeux_advice told = advice();
  if (what == "none") told.reconnect = "none";
  if (what == "stream") told.interval = std::exchange(told.timeout, 0);
  if (what == "crowded") told.interval = crowded_interval;
  told.multiple_clients = what == "crowded";
  bayeux_reply& reply = *connect_.reply;
  reply.add("advice", print_advice(told));
  if (!connect_.timesync.is_null())
    reply.extension("timesync",
                    print_timesync(connect_.timesync, connect_.came, around_.loop.wall_now()));
  if (acknowledges_) {
    if (!messages.empty()) ++batch_;
    reply.extension("ack", std::to_string(batch_));
  } else if (!messages.empty()) {
    last_answer_ = batch;
    batch->on_lost = [self = weak_from_this()] {
      if (const auto client = self.lock()) client->on_answer_lost();
    };
  }
  if (!messages.empty()) messages += ',';
  messages += std::move(reply).print();
  const std::size_t slot = connect_.slot;
  batch->on_gone = nullptr;
  drop_connect();
  batch->complete(slot, std::move(messages));
  on_presence_change();
}

void bayeux_client::drop_connect() {
  if (connect_.browser != 0) desk_.leave_poll(connect_.browser);
  connect_ = held_connect();
}

void bayeux_client::disconnect(const bayeux_request& asked, const bayeux_place& to) {
  const auto alive = shared_from_this();
  answer_connect(true, "none");
  bayeux_reply reply(asked, around_.loop.wall_now());
  bayeux_advice last = advice();
  last.reconnect = "none";
  reply.add("advice", print_advice(last));
  to.reply(std::move(reply));
  end({});
  desk_.forget(*this);
}

void bayeux_client::end(std::string_view reason) {
  if (std::exchange(ended_, true)) return;
  timer_.cancel();
  drop_connect();
  for (const auto& task : std::exchange(tasks_, {})) task->finish();
  for (const auto& leg : legs_) {
    session* const of = leg->find();
    leg->set_present(false);
    if (of != nullptr) of->leave(reason.empty() ? of->network_config().quit_text : reason);
  }
  if (stream_ != nullptr) std::exchange(stream_, nullptr)->on_unbound();
}

// --- streams ------------------------------------------------------------------------------------

void bayeux_client::read_on(bayeux_stream& stream) {
  if (stream_ == &stream) return;
  settle_last_answer();
  if (stream_ != nullptr) std::exchange(stream_, nullptr)->on_unbound();
  stream_ = &stream;
  stream.bind(shared_from_this());
  on_presence_change();
  flush();
}

void bayeux_client::on_stream_gone(bayeux_stream& stream) {
  if (stream_ != &stream) return;
  stream_ = nullptr;
  on_presence_change();
}

// --- time ---------------------------------------------------------------------------------------

bool bayeux_client::is_present() const {
  return holds_connect() || stream_ != nullptr || !tasks_.empty();
}

void bayeux_client::on_presence_change() {
  if (ended_) return;
  const bool present = is_present();
  if (!holds_connect() && connect_.reply) drop_connect();
  for (const auto& leg : legs_) leg->set_present(present);
  if (!present && (present_ || expires_at_ == 0))
    expires_at_ = around_.loop.now() + around_.sessions.limits().grace_ms;
  if (present) expires_at_ = 0;
  present_ = present;
  arm();
}

void bayeux_client::arm() {
  if (ended_) return;
  steady_ms next = expires_at_ != 0 ? expires_at_ : INT64_MAX;
  if (connect_.reply) next = std::min(next, connect_.deadline);
  if (lazy_at_ != 0) next = std::min(next, lazy_at_);
  for (const auto& task : tasks_) next = std::min(next, task->deadline);
  if (around_.settings.idle_ms > 0) next = std::min(next, active_at_ + around_.settings.idle_ms);
  if (next == INT64_MAX) return timer_.cancel();
  timer_.arm(around_.loop.timers(), next);
}

void bayeux_client::on_timer() {
  const auto alive = shared_from_this();
  const steady_ms now = around_.loop.now();
  expire_tasks();
  const bool idle = around_.settings.idle_ms > 0 && now >= active_at_ + around_.settings.idle_ms;
  if (idle || (expires_at_ != 0 && now >= expires_at_)) {
    answer_connect(true, "none");
    end(idle ? "Idle" : "Connection lost");
    return desk_.forget(*this);
  }
  if (lazy_at_ != 0 && now >= lazy_at_) flush();
  if (connect_.reply && now >= connect_.deadline)
    answer_connect(stream_ == nullptr || acknowledges_);
  arm();
}

// What takes longer is answered provisionally: clients give up on a request after ten seconds.
void bayeux_client::expire_tasks() {
  const steady_ms now = around_.loop.now();
  const auto tasks = tasks_;
  for (const auto& task : tasks) {
    if (task->told || now < task->deadline) continue;
    for (const auto& leg : legs_)
      for (bayeux_call& call : leg->calls())
        if (call.task == task) call.what = bayeux_call::kind::late;
    task->reply.extension("chat", R"({"pending":true})");
    task->finish();
  }
  const auto gone = std::erase_if(tasks_, [](const auto& task) { return task->told; });
  if (gone != 0) on_presence_change();
}

}  // namespace halley
