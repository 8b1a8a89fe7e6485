// SPDX-License-Identifier: GPL-3.0-or-later
//
// BATCH: lines that belong together; history and the answers of labelled commands.
#include "bridges/irc/bridge.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

constexpr std::size_t most_batches = 16;
constexpr std::size_t most_history = 1000;  // of one batch, the newest; twice as many while it comes

// Of more than that the oldest are dropped.
void keep_newest(std::vector<said_event>& items, std::size_t most) {
  if (items.size() > most) items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(most));
}

}  // namespace

irc_bridge::open_batch* irc_bridge::find_batch(std::string_view reference) {
  for (open_batch& one : batches_)
    if (one.reference == reference) return &one;
  return nullptr;
}

// BATCH +ref type [param...], BATCH -ref
void irc_bridge::take_batch(const message& line) {
  std::string_view reference = line.param(0);
  if (reference.size() < 2) return;
  const bool opens = reference.front() == '+';
  reference.remove_prefix(1);
  if (opens) {
    if (batches_.size() >= most_batches) batches_.erase(batches_.begin());
    open_batch made;
    made.reference = reference;
    made.type = line.param(1) == "draft/chathistory" ? "chathistory" : std::string(line.param(1));
    made.target = clean_field(line.param(2));
    made.n = labelled_;
    batches_.push_back(std::move(made));
    return;
  }
  open_batch* known = find_batch(reference);
  if (!known) return;
  open_batch done = std::move(*known);
  batches_.erase(batches_.begin() + (known - batches_.data()));
  if (batches_.empty()) std::vector<open_batch>().swap(batches_);
  end_batch(std::move(done));
}

void irc_bridge::end_batch(open_batch&& done) {
  if (done.type == "labeled-response") {
    const pending_command* left = pending_.find(done.n);
    if (left && left->what != waiting_for::said) finish(done.n);
    return;
  }
  keep_newest(done.items, most_history);
  if (done.type != "chathistory" || take_history(done)) return;
  const bool mine = done.n != 0;
  const pending_command* asked = mine ? pending_.find(done.n) : nullptr;
  if (!asked || asked->what != waiting_for::history)
    asked = mine ? nullptr : pending_.find(waiting_for::history, done.target, names());
  if (!asked && done.items.empty()) return;
  history_event told;
  told.where = {done.target, names().is_channel(done.target)};
  told.complete = asked && done.items.size() < asked->limit;
  told.n = asked ? asked->n : 0;
  told.items = std::move(done.items);
  const std::uint64_t n = told.n;
  emit(std::move(told));
  if (n) finish(n);
}

// A line inside a history batch.
void irc_bridge::collect(open_batch& into, word what, const message& line) {
  if (what != word::privmsg && what != word::notice) return;
  std::optional<event> told = translate(what, line, names(), home_.loop().wall_now());
  said_event* said = told ? std::get_if<said_event>(&*told) : nullptr;
  if (!said) return;
  said->self = line.nick() == nick_;
  if (!said->where.is_room) said->where.name = into.target;
  if (into.items.size() >= 2 * most_history) keep_newest(into.items, most_history);
  into.items.push_back(std::move(*said));
}

}  // namespace halley::irc
