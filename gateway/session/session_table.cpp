// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/session_table.hpp"

#include <malloc.h>

#include <algorithm>
#include <charconv>

#include "gateway/base/log.hpp"
#include "gateway/base/random.hpp"

namespace halley {
namespace {

constexpr std::size_t random_length = 22;
// 66 bits of the MAC: guessing one is as hopeless as guessing an id, and ids stay short.
constexpr std::size_t seal_length = 11;

// Entering takes several times the memory of being there (login, lists of members, the first events),
// and the allocator keeps the pages. After a wave of entries they go back to the system; for a few it
// is not worth walking the heap.
constexpr steady_ms wave_quiet = 500;
constexpr std::size_t wave_size = 16;

}  // namespace

session_key::session_key(std::string node, std::string secret)
    : node_(std::move(node)), secret_(std::move(secret)) {}

std::string session_key::seal(std::string_view body) const {
  return encode_base64url(hmac_sha256(secret_, body)).substr(0, seal_length);
}

std::string session_key::sealed(std::size_t shard, std::string_view random) const {
  std::string id = node_ + '-' + std::to_string(shard) + '-';
  id += random;
  return id + '-' + seal(id);
}

std::string session_key::make(std::size_t shard) const {
  return sealed(shard, random_token(random_length));
}

std::string session_key::make_from(std::size_t shard, std::string_view entering_key) const {
  const std::string digest = hmac_sha256(secret_, "enter " + std::string(entering_key));
  return sealed(shard, encode_base64url(digest).substr(0, random_length));
}

std::optional<std::string_view> session_key::node_of(std::string_view id) const {
  if (id.size() > 80 || id.size() < seal_length + 2) return std::nullopt;
  // The seal's own alphabet has "-", so it is found by its length.
  const std::size_t cut = id.size() - seal_length - 1;
  if (id[cut] != '-' || !equal_in_constant_time(seal(id.substr(0, cut)), id.substr(cut + 1)))
    return std::nullopt;
  return id.substr(0, id.find('-'));
}

std::optional<std::size_t> session_key::shard_of(std::string_view id) const {
  const auto node = node_of(id);
  if (!node || *node != node_) return std::nullopt;
  std::size_t shard = 0;
  const char* begin = id.data() + node->size() + 1;
  const auto read = std::from_chars(begin, id.data() + id.size(), shard);
  if (read.ec != std::errc() || read.ptr == begin) return std::nullopt;
  return shard;
}

session_table::session_table(std::size_t shard, const session_key& key,
                             const session_limits& limits, session_counts& counts, reactor& loop)
    : shard_(shard),
      key_(key),
      limits_(limits),
      counts_(counts),
      loop_(loop),
      wave_(on_expiry<&session_table::on_wave_over>, this) {}

session_table::~session_table() = default;

session_place::~session_place() {
  if (from_ != nullptr) from_->drop_place(*address_);
}

result<session_place, failure> session_table::take_place(const std::string& address) {
  if (auto why = refuse_place(address)) return *std::move(why);
  begin_wave();
  return session_place(*this, add_place(address));
}

const std::string& session_table::add_place(const std::string& address) {
  counts_.open.fetch_add(1, std::memory_order_relaxed);
  const auto at = by_address_.try_emplace(address).first;
  ++at->second.open;
  return at->first;
}

void session_table::drop_place(const std::string& address) {
  const auto at = by_address_.find(address);
  if (--at->second.open == 0) by_address_.erase(at);
  counts_.open.fetch_sub(1, std::memory_order_relaxed);
}

std::optional<failure> session_table::refuse_place(const std::string& address) const {
  if (counts_.open.load(std::memory_order_relaxed) >= limits_.total)
    return failure{failure_code::too_many, "This gateway is full. Try again in a minute.", ""};
  const auto known = by_address_.find(address);
  if (known != by_address_.end() && known->second.open >= limits_.per_address)
    return failure{failure_code::too_many, "Too many sessions from your address.", ""};
  return std::nullopt;
}

result<session*, failure> session_table::open(bridge_network& network, visitor who,
                                              std::string_view entering_key) {
  std::string id =
      entering_key.empty() ? key_.make(shard_) : key_.make_from(shard_, entering_key);
  if (session* const before = find(id)) {
    if (&before->network_config() == &network.config()) return before;
    return failure{failure_code::bad_field, "This key has entered another network.", "key"};
  }
  auto why = refuse_place(who.address);
  if (!why) why = network.refuse(who);
  if (why) {
    ++counters_.refused;
    return *std::move(why);
  }
  ++counters_.entered;
  auto made = std::make_unique<session>(std::move(id), limits_, *this, loop_, network,
                                        std::move(who));
  session& one = *made;
  sessions_.emplace(one.id(), std::move(made));
  add_place(one.address());
  spdlog::debug("session {}: entering {}", log_id(one.id()), network.config().name);
  one.start();
  begin_wave();
  return &one;
}

void session_table::begin_wave() {
  ++entered_;
  wave_.arm(loop_.timers(), loop_.now() + wave_quiet);
}

void session_table::on_wave_over() {
  if (entered_ < wave_size) return;
  entered_ = 0;
  ::malloc_trim(0);
}

session* session_table::find(std::string_view id) const {
  const auto at = sessions_.find(id);
  return at == sessions_.end() ? nullptr : at->second.get();
}

void session_table::close_all(const failure& why) {
  std::vector<session*> all;
  for (const auto& [id, one] : sessions_) all.push_back(one.get());
  for (session* one : all) one->close(why, true);
}

void session_table::when_empty(std::function<void()> done) {
  when_empty_ = std::move(done);
  if (sessions_.empty() && when_empty_) loop_.at_batch_end(when_empty_);
}

void session_table::wake_later(session& grown) {
  if (grown.wake_scheduled_) return;
  grown.wake_scheduled_ = true;
  if (grown_.empty()) loop_.at_batch_end([this] { wake_grown(); });
  grown_.push_back(&grown);
}

void session_table::wake_grown() {
  // Waking may grow other sessions; those join the end of the list. Nobody is destroyed before it is
  // through: destroy_later() waits for its own turn.
  for (std::size_t i = 0; i < grown_.size(); ++i)
    if (grown_[i] != nullptr) grown_[i]->wake();
  grown_.clear();
}

void session_table::destroy_later(session& gone) {
  if (std::find(gone_.begin(), gone_.end(), &gone) != gone_.end()) return;
  if (gone_.empty()) loop_.at_batch_end([this] { destroy_gone(); });
  gone_.push_back(&gone);
}

void session_table::destroy_gone() {
  const auto gone = std::move(gone_);
  gone_ = {};
  for (session* one : gone) {
    std::replace(grown_.begin(), grown_.end(), one, static_cast<session*>(nullptr));
    counters_.absent.set(counters_.absent -
                         std::erase(by_address_.find(one->address())->second.absent, one));
    drop_place(one->address());
    ++counters_.ended;
    sessions_.erase(one->id());
  }
  if (sessions_.empty() && when_empty_) when_empty_();
}

// Absent sessions of one visitor are capped, so that no ghosts pile up: the oldest leave.
void session_table::on_absent(session& which) {
  auto& absent = by_address_[which.address()].absent;
  absent.push_back(&which);
  ++counters_.absent;
  if (absent.size() <= limits_.detached_per_address) return;
  session* oldest = absent.front();
  absent.erase(absent.begin());
  counters_.absent.set(counters_.absent - 1);
  ++counters_.ghosts;
  oldest->leave("Too many connections left open");
}

void session_table::on_back(session& which) {
  counters_.absent.set(counters_.absent - std::erase(by_address_[which.address()].absent, &which));
}

}  // namespace halley
