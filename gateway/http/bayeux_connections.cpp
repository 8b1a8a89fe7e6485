// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/bayeux_connections.hpp"

#include <utility>

namespace halley {
namespace {

// A text as a browser would send it, masked with nothing (RFC 6455, 5.2).
std::string print_client_frame(std::string_view text) {
  std::string out = "\x81";
  const auto byte = [&out](std::size_t value) { out += static_cast<char>(value & 0xFF); };
  if (text.size() < 126) {
    byte(0x80 | text.size());
  } else if (text.size() < 65536) {
    byte(0x80 | 126);
    byte(text.size() >> 8);
    byte(text.size());
  } else {
    byte(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) byte(text.size() >> shift);
  }
  out.append(4, '\0');
  out += text;
  return out;
}

std::string print_refusal(const failure& why) {
  bayeux_reply reply({}, 0);
  return '[' + std::move(reply.fail(why, "")).print() + ']';
}

}  // namespace

http_response bayeux_response(int status, std::string replies) {
  http_response answer = json_response(status, std::move(replies));
  answer.fields.emplace_back("Access-Control-Allow-Credentials", "true");
  return answer;
}

std::size_t shard_of(const http_parts& parts, const std::vector<bayeux_request>& asked,
                     std::uint64_t browser) {
  for (const bayeux_request& one : asked) {
    if (one.client_id.empty()) continue;
    const auto shard = parts.context.key.shard_of(one.client_id);
    if (shard && *shard < parts.context.shards.shard_count()) return *shard;
    return parts.context.shard;
  }
  // Who publishes without a client shares one on the first shard.
  if (!asked.empty() && !asked.front().channel.starts_with("/meta/")) return 0;
  return browser != 0 ? browser % parts.context.shards.shard_count() : parts.context.shard;
}

// --- requests that wait --------------------------------------------------------------------------

bayeux_waiting::bayeux_waiting(exchange& with, std::shared_ptr<bayeux_batch> batch)
    : with_(with), batch_(std::move(batch)) {
  batch_->to = this;
}

bayeux_waiting::~bayeux_waiting() {
  batch_->to = nullptr;
}

void bayeux_waiting::on_reply() {
  if (!batch_->is_complete()) return;
  with_.answer(bayeux_response(200, batch_->take()));
}

void bayeux_waiting::on_answer_lost() {
  const auto lost = std::exchange(batch_->on_lost, nullptr);
  if (lost) lost();
}

// --- WebSockets ----------------------------------------------------------------------------------

bayeux_socket::bayeux_socket(http_parts& parts, text_socket& carrier, bayeux_arrival how,
                             http_request asked, socket_peer peer)
    : parts_(parts),
      carrier_(carrier),
      how_(std::move(how)),
      asked_(std::move(asked)),
      peer_(peer) {
  how_.stream = this;
}

bayeux_socket::~bayeux_socket() {
  for (const auto& batch : batches_) batch->to = nullptr;
  if (const auto client = client_.lock()) client->on_stream_gone(*this);
}

bool bayeux_socket::on_text(std::string_view text) {
  auto asked = parse_bayeux(text);
  if (!asked) {
    carrier_.send_text(print_refusal(asked.error()));
    if (++senseless_ >= most_senseless)
      carrier_.close(ws_close::policy, "Nothing of this could be used");
    return carrier_.is_open();
  }
  senseless_ = 0;
  move_to_ = shard_of(parts_, *asked, how_.browser);
  if (move_to_ != parts_.context.shard) {
    // What has been asked here is answered here.
    if (!client_.expired() || !batches_.empty()) move_to_ = parts_.context.shard;
  }
  if (move_to_ != parts_.context.shard) {
    moving_ = text;
    return false;
  }
  if (batches_.size() >= most_batches) {
    carrier_.close(ws_close::policy, "Too many requests wait for their replies");
    return false;
  }
  const auto batch = std::make_shared<bayeux_batch>(asked->size());
  parts_.bayeux->take(batch, *asked, how_);
  const std::string replies = batch->take();
  if (!replies.empty()) carrier_.send_text(replies);
  if (!batch->is_complete()) {
    batch->to = this;
    batches_.push_back(batch);
  }
  return carrier_.is_open();
}

void bayeux_socket::on_stopped() {
  if (moving_.empty()) return;
  handed_connection moving;
  moving.leftover = print_client_frame(std::exchange(moving_, {})) + carrier_.take_unread();
  moving.peer = peer_;
  asked_.upgraded = true;
  moving.request = asked_;
  moving.stream = carrier_.give_away();
  ++parts_.counters.handed_over;
  parts_.context.shards.hand_over(move_to_, std::move(moving));
}

void bayeux_socket::on_reply() {
  const auto batches = batches_;
  for (const auto& batch : batches) {
    const std::string replies = batch->take();
    if (!replies.empty()) carrier_.send_text(replies);
  }
  std::erase_if(batches_, [](const auto& batch) { return batch->is_complete(); });
}

void bayeux_socket::on_free() {
  if (const auto client = client_.lock()) client->on_stream_free();
}

// --- Server-Sent Events --------------------------------------------------------------------------

bayeux_event_reader::~bayeux_event_reader() {
  if (const auto client = client_.lock()) client->on_stream_gone(*this);
}

void bayeux_event_reader::on_free() {
  if (const auto client = client_.lock()) client->on_stream_free();
}

void bayeux_event_reader::on_unbound() {
  client_.reset();
  carrier_.end();
}

}  // namespace halley
