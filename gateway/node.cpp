// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/node.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <stdexcept>

#include "bridges/bridge_factory.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/random.hpp"
#include "gateway/dialects/chat.hpp"
#include "gateway/http/origin.hpp"

namespace halley {
namespace asio = boost::asio;

namespace {

std::string read_key(const std::string& path) {
  if (path.empty()) return random_token(43);
  std::ifstream file(path, std::ios::binary);
  std::string key{std::istreambuf_iterator<char>(file), {}};
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  if (key.size() < 32)
    throw std::runtime_error("node.key_file " + path +
                             ": cannot be read or has fewer than 32 characters; make one with "
                             "'openssl rand -base64 33'");
  return key;
}

// Every session is two descriptors: take all that we are allowed.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t shard_total(const settings& config) {
  if (config.node.shards != 0) return config.node.shards;
  return std::max(1U, std::thread::hardware_concurrency());
}

// The pages given, or those installed beside the program (PREFIX/bin/halley,
// PREFIX/share/halley/web).
static_files read_pages(const settings& config, const dialect& chat) {
  const std::string ancestors = frame_ancestors_of(config.http.origins);
  std::vector<offered_network> offered;
  for (const network& one : config.networks) offered.push_back({one, nicks_of(one.kind)});
  const std::string networks = chat.print_networks(offered);
  const std::string& root = config.http.static_root;
  if (!root.empty()) return static_files(root, ancestors, networks);
  std::error_code missing;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", missing);
  const auto installed = self.parent_path().parent_path() / "share/halley/web";
  if (!std::filesystem::is_directory(installed, missing)) return static_files();
  return static_files(installed.string(), ancestors, networks);
}

std::unique_ptr<server_tls> make_tls(const http_settings& config) {
  if (config.tls_cert_file.empty()) return nullptr;
  return std::make_unique<server_tls>(config.tls_cert_file, config.tls_key_file);
}

}  // namespace

node::node(const settings& config)
    : config_(config),
      key_(config.node.name, read_key(config.node.key_file)),
      chat_(std::make_unique<chat_dialect>()),
      pages_(read_pages(config, *chat_)),
      tls_(make_tls(config.http)) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  for (const network& one : config_.networks)
    commons_.push_back(std::make_unique<link_commons>(one));
  const shard_surroundings around{config_, key_,  *chat_, pages_,   tls_.get(),
                                  counts_, *this, site_,  metrics_, commons_};
  for (std::size_t i = 0; i < shard_total(config_); ++i)
    metrics_.add(shards_.emplace_back(std::make_unique<shard>(i, around))->numbers());
}

node::~node() {
  stop_threads();
}

std::vector<http_settings::listen_address> node::start() {
  auto bound = config_.http.listen;
  for (auto& one : shards_) bound = one->listen(bound);
  shards_.front()->listen_for_operators(config_.ops.listen);
  for (auto& one : shards_) threads_.emplace_back([&one = *one] { one.run(); });
  return bound;
}

void node::hand_over(std::size_t to, handed_connection&& what) {
  if (to < shards_.size()) shards_[to]->hand_over(std::move(what));
}

void node::visit(std::size_t to, std::function<void(http_parts&)> work) {
  if (to < shards_.size()) shards_[to]->visit(std::move(work));
}

// `done` is called on the thread of whichever shard is empty last.
void node::begin_drain(std::function<void()> done) {
  draining_ = shards_.size();
  for (auto& one : shards_)
    one->drain([this, done] {
      if (draining_.fetch_sub(1) == 1) done();
    });
}

void node::run_until_signal() {
  asio::io_context waiting;
  asio::signal_set signals(waiting, SIGTERM, SIGINT);
  asio::steady_timer limit(waiting);
  const auto finish = [&](const error_code&) { waiting.stop(); };
  signals.async_wait([&](const error_code& ec, int) {
    if (ec) return;
    spdlog::info("leaving: {} sessions are told", counts_.open.load());
    limit.expires_after(std::chrono::milliseconds(config_.node.drain_ms));
    limit.async_wait(finish);
    signals.async_wait([&](const error_code& again, int) { finish(again); });
    begin_drain([&waiting] { waiting.stop(); });
  });
  const auto work = asio::make_work_guard(waiting);
  waiting.run();
  stop_threads();
  spdlog::info("left");
}

void node::drain_and_stop() {
  auto empty = std::make_shared<std::promise<void>>();
  begin_drain([empty] { empty->set_value(); });
  empty->get_future().wait_for(std::chrono::milliseconds(config_.node.drain_ms));
  stop_threads();
}

void node::stop_threads() {
  for (auto& one : shards_) one->stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  // No answer may come to a shard that is gone.
  for (auto& one : commons_) one->names.stop();
}

}  // namespace halley
