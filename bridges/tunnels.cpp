// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/tunnels.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/random.hpp"

namespace halley {

class tunnels::one_tunnel final : public tunnel, private link_listener {
 public:
  one_tunnel(tunnels& owner, const visitor& who, tunnel_listener& listener)
      : owner_(owner),
        listener_(&listener),
        link_(owner.links_, *this),
        opening_(std::make_unique<opening>()) {
    opening_->who.address = who.address;
    opening_->who.port = who.port;
    opening_->who.secure = who.secure;
    opening_->next = static_cast<std::size_t>(random_u64() % owner.config_.servers.size());
    try_next();
  }

  ~one_tunnel() override {
    if (ended_ != nullptr) *ended_ = true;
  }

  bool is_open() const { return link_.is_open(); }
  // From now on only the end of the connection matters.
  void redirect(tunnel_listener& listener) {
    listener_ = &listener;
    opening_.reset();  // nobody is waiting for another server
  }

  bool send(std::string_view bytes) override {
    if (!reached_) {
      opening_->early += bytes;
      full_ = opening_->early.size() >= enough_pending;
      return !full_;
    }
    link_.send(bytes);  // past its bound the link ends itself
    full_ = link_.pending() >= enough_pending;
    return !full_;
  }
  void read(bool wanted) override { link_.read(wanted); }
  void start_tls() override { link_.start_tls(); }
  bool try_other_server() override { return opening_ && try_next(); }

 private:
  struct opening {  // what exists only until the server that will do has been found
    visitor who;
    std::string early;  // said before there was a connection
    std::size_t next = 0;
    std::size_t tried = 0;
  };

  // The next that SRV records name, the next of the list. False: all have been tried.
  bool try_next() {
    reached_ = false;
    if (link_.open_next()) return true;
    const auto& servers = owner_.config_.servers;
    if (opening_->tried == servers.size()) return false;
    ++opening_->tried;
    link_.open(servers[opening_->next++ % servers.size()], opening_->who);
    return true;
  }

  void on_link_up() override {
    reached_ = true;
    std::string first;
    if (owner_.greeting_ != nullptr) first = owner_.greeting_(owner_.config_, opening_->who);
    first += std::exchange(opening_->early, {});
    // Before STARTTLS nothing of the visitor's is said, and who the server is has not been seen.
    if (owner_.config_.tls != tls_mode::starttls || link_.is_secure()) opening_.reset();
    if (!first.empty()) link_.send(first);
    const bool was_full = std::exchange(full_, false);
    bool ended = false;
    ended_ = &ended;
    listener_->on_tunnel_open(link_.is_secure());
    if (ended) return;
    ended_ = nullptr;
    if (was_full) listener_->on_tunnel_room();
  }
  void on_link_bytes(std::string_view bytes) override { listener_->on_tunnel_bytes(bytes); }
  void on_link_secure() override {
    opening_.reset();
    listener_->on_tunnel_secure();
  }
  void on_link_drained() override {
    if (std::exchange(full_, false)) listener_->on_tunnel_room();
  }
  void on_link_down(const link_error& why) override {
    if (opening_ && try_next()) return;
    listener_->on_tunnel_lost(why.why);
  }

  tunnels& owner_;
  tunnel_listener* listener_;
  link link_;
  std::unique_ptr<opening> opening_;
  bool* ended_ = nullptr;  // where to say so, during on_link_up()
  bool reached_ = false;  // what is said goes out at once
  bool full_ = false;
};

// A tunnel whose user has gone: what the server still says is thrown away, until it closes.
class tunnels::departure final : private tunnel_listener {
 public:
  departure(tunnels& owner, std::unique_ptr<one_tunnel> gone)
      : owner_(owner),
        gone_(std::move(gone)),
        timer_(on_expiry<&departure::on_timer>, this) {
    gone_->redirect(*this);
    gone_->read(true);
    timer_.arm(owner.loop_.timers(), owner.loop_.now() + leave_time);
  }

 private:
  void on_tunnel_open(bool) override {}
  void on_tunnel_bytes(std::string_view) override {}
  void on_tunnel_secure() override {}
  void on_tunnel_room() override {}
  void on_tunnel_lost(const failure&) override { owner_.destroy(*this); }
  void on_timer() { owner_.destroy(*this); }

  tunnels& owner_;
  std::unique_ptr<one_tunnel> gone_;
  wheel_timer timer_;
};

tunnels::tunnels(network config, reactor& loop, tunnel_greeting greeting, link_commons* shared)
    : config_(std::move(config)),
      loop_(loop),
      links_(config_, loop, shared),
      greeting_(greeting) {}

tunnels::~tunnels() { leaving_.clear(); }

std::unique_ptr<tunnel> tunnels::open(const visitor& who, tunnel_listener& listener) {
  return std::make_unique<one_tunnel>(*this, who, listener);
}

void tunnels::leave(std::unique_ptr<tunnel> gone, std::string_view last_words) {
  std::unique_ptr<one_tunnel> mine(static_cast<one_tunnel*>(gone.release()));
  if (!mine->is_open()) return;  // the server has never heard of it
  mine->send(last_words);
  leaving_.push_back(std::make_unique<departure>(*this, std::move(mine)));
}

void tunnels::destroy(departure& over) {
  const auto at = std::find_if(leaving_.begin(), leaving_.end(),
                               [&over](const auto& one) { return one.get() == &over; });
  leaving_.erase(at);  // nobody between here and the event loop looks at it again
}

}  // namespace halley
