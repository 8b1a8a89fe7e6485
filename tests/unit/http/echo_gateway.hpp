// SPDX-License-Identifier: GPL-3.0-or-later
//
// The browser side of a gateway for tests: real shards, threads and sockets; behind them a network
// that answers at once and has nobody in it but the visitor. `say` is echoed, `ping` answered,
// `whois` never, `list` floods the log (filter: number of events), everything else refused.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gateway/dialects/chat.hpp"
#include "gateway/http/http_server.hpp"
#include "gateway/http/routes.hpp"

namespace halley {

class echo_bridge final : public bridge {
 public:
  echo_bridge(reactor& loop, const visitor& who, bridge_listener& to)
      : loop_(loop), to_(to), nick_(who.nick), from_(who.address + (who.secure ? " secure" : "")) {
    later([this] { to_.on_event(online()); });
  }
  ~echo_bridge() override { *alive_ = false; }

  void submit(std::uint64_t n, const command& what) override {
    result_event answer;
    answer.n = n;
    if (const auto* say = std::get_if<say_command>(&what)) {
      said_event said;
      said.where.name = say->to;
      said.from = nick_;
      said.body.text = say->text;
      said.account = from_;
      said.self = true;
      said.echo_of = n;
      to_.on_event(share(std::move(said)));
    } else if (const auto* list = std::get_if<list_command>(&what)) {
      for (int i = std::stoi(list->filter); i > 0; --i) {
        notice_event notice;
        notice.body.text = std::string(1000, 'x');
        notice.kind = "server";
        to_.on_event(share(std::move(notice)));
      }
    } else if (std::holds_alternative<whois_command>(what)) {
      return;
    } else if (!std::holds_alternative<ping_command>(what)) {
      answer.ok = false;
      answer.why = {failure_code::not_supported, "Only echoes live here.", ""};
    }
    to_.on_result(std::move(answer));
  }
  void on_attached(bool) override {}
  void describe(std::vector<event_ptr>& into) override { into.push_back(online()); }
  bool heal(unix_ms) override { return false; }
  void end(std::string_view reason) override {
    later([this, text = std::string(reason)] { to_.on_ended({failure_code::lost, text, ""}); });
  }

 private:
  event_ptr online() const {
    online_event told;
    told.nick = nick_;
    return share(std::move(told));
  }
  void later(std::function<void()> work) {
    loop_.at_batch_end([alive = alive_, work = std::move(work)] {
      if (*alive) work();
    });
  }
  reactor& loop_;
  bridge_listener& to_;
  std::string nick_;
  std::string from_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

class echo_network final : public bridge_network {
 public:
  explicit echo_network(reactor& loop) : loop_(loop) {
    config_.name = "echo";
    config_.title = "Echo";
    config_.rooms = {"#echo"};
  }
  std::unique_ptr<bridge> enter(const visitor& who, bridge_listener& listener) override {
    return std::make_unique<echo_bridge>(loop_, who, listener);
  }
  std::optional<failure> refuse(const visitor& who) const override {
    if (who.nick == "root") return failure{failure_code::bad_nick, "Not this one.", "nick"};
    return std::nullopt;
  }
  const network& config() const override { return config_; }
  nick_rule nicks() const override { return {20, "\"<", "-"}; }

 private:
  reactor& loop_;
  network config_;
};

struct echo_options {
  std::size_t shards = 1;
  http_settings http;
  session_limits sessions;
  std::string tls_cert;
  std::string tls_key;
  std::string networks;  // JSON, for the pages
};

class echo_gateway final : private shard_directory {
 public:
  explicit echo_gateway(echo_options options = {}) : options_(std::move(options)) {
    if (!options_.http.static_root.empty())
      pages_ = std::make_unique<static_files>(options_.http.static_root, "'self'",
                                                options_.networks);
    else
      pages_ = std::make_unique<static_files>();
    if (!options_.tls_cert.empty())
      tls_ = std::make_unique<server_tls>(options_.tls_cert, options_.tls_key);
    if (options_.http.listen.size() == 1 && options_.http.listen[0].port == 8080)
      options_.http.listen = {{"127.0.0.1", 0}};
    for (std::size_t i = 0; i < options_.shards; ++i)
      shards_.push_back(std::make_unique<one_shard>(*this, i));
    bound_ = options_.http.listen;
    for (auto& one : shards_) bound_ = one->http.start(bound_);
    for (auto& one : shards_) one->thread = std::thread([&loop = one->loop] { loop.run(); });
  }
  ~echo_gateway() {
    for (auto& one : shards_) one->loop.post([&loop = one->loop] { loop.stop(); });
    for (auto& one : shards_) one->thread.join();
  }

  std::uint16_t port() const { return bound_.front().port; }
  // Runs `work(http_server&, session_table&)` on a shard's thread and returns its result.
  template <class Work>
  auto on_shard(std::size_t shard, Work work) {
    one_shard& one = *shards_[shard];
    using value = decltype(work(one.http, one.sessions));
    std::promise<value> done;
    auto result = done.get_future();
    one.loop.post([&] {
      if constexpr (std::is_void_v<value>) {
        work(one.http, one.sessions);
        done.set_value();
      } else {
        done.set_value(work(one.http, one.sessions));
      }
    });
    return result.get();
  }
  std::size_t shard_of(const std::string& session) const { return *key_.shard_of(session); }
  std::string made_up_id() const { return key_.make(0); }

 private:
  struct one_shard {
    one_shard(echo_gateway& of, std::size_t index)
        : network(loop),
          sessions(index, of.key_, of.options_.sessions, of.counts_, loop),
          http({loop,
                of.options_.http,
                sessions,
                {&network},
                of.chat_,
                of.key_,
                *of.pages_,
                of.tls_.get(),
                index,
                of,
                of.site_}) {}
    reactor loop;
    echo_network network;
    session_table sessions;
    http_server http;
    std::thread thread;
  };

  void hand_over(std::size_t to, handed_connection&& what) override {
    ++handed_over;
    auto moved = std::make_shared<handed_connection>(std::move(what));
    shards_[to]->loop.post([&http = shards_[to]->http, moved] { http.adopt(std::move(*moved)); });
  }
  void visit(std::size_t, std::function<void(http_parts&)>) override {}
  std::size_t shard_count() const override { return shards_.size(); }

 public:
  std::atomic<int> handed_over{0};

 private:
  echo_options options_;
  chat_dialect chat_;
  session_key key_{"t1", "a secret of at least thirty-two characters"};
  site site_;
  std::unique_ptr<static_files> pages_;
  std::unique_ptr<server_tls> tls_;
  session_counts counts_;
  std::vector<std::unique_ptr<one_shard>> shards_;
  std::vector<http_settings::listen_address> bound_;
};

}  // namespace halley
