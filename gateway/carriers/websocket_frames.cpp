// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/websocket_frames.hpp"

#include <array>
#include <cstring>

#include "gateway/base/utf8.hpp"

namespace halley {
namespace {

constexpr std::size_t control_limit = 125;  // RFC 6455, 5.5

bool is_control(ws_opcode opcode) {
  return static_cast<unsigned>(opcode) >= 8;
}

bool is_known(unsigned opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

std::uint64_t read_number(const unsigned char* at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | at[i];
  return number;
}

// Eight bytes at a time: a 64 KiB frame costs microseconds, and any compiler makes vectors of it.
void unmask(std::span<char> payload, const unsigned char* key) {
  std::array<unsigned char, 8> twice{};
  std::memcpy(twice.data(), key, 4);
  std::memcpy(twice.data() + 4, key, 4);
  std::uint64_t mask = 0;
  std::memcpy(&mask, twice.data(), 8);
  std::size_t i = 0;
  for (; i + 8 <= payload.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, payload.data() + i, 8);
    word ^= mask;
    std::memcpy(payload.data() + i, &word, 8);
  }
  for (; i < payload.size(); ++i)
    payload[i] = static_cast<char>(static_cast<unsigned char>(payload[i]) ^ twice[i % 8]);
}

}  // namespace

void append_frame(std::string& out, ws_opcode opcode, std::string_view payload) {
  std::array<char, 10> head{};
  std::size_t size = 2;
  head[0] = static_cast<char>(0x80u | static_cast<unsigned>(opcode));
  const std::uint64_t length = payload.size();
  if (length <= 125) {
    head[1] = static_cast<char>(length);
  } else {
    const std::size_t width = length <= 0xFFFF ? 2 : 8;
    head[1] = width == 2 ? 126 : 127;
    for (std::size_t i = 0; i < width; ++i)
      head[2 + i] = static_cast<char>(length >> (8 * (width - 1 - i)) & 0xFF);
    size += width;
  }
  out.append(head.data(), size);
  out.append(payload);
}

void append_close(std::string& out, ws_close code, std::string_view reason) {
  if (code == ws_close::none || code == ws_close::no_status) {
    append_frame(out, ws_opcode::close, {});
    return;
  }
  const auto number = static_cast<unsigned>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
  payload += utf8_prefix(reason, control_limit - 2);
  append_frame(out, ws_opcode::close, payload);
}

ws_parse parse_frame(std::span<char> bytes, std::size_t limit, ws_frame& frame, ws_close& why) {
  const auto broken = [&why](ws_close code) {
    why = code;
    return ws_parse::broken;
  };
  if (bytes.size() < 2) return ws_parse::incomplete;
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned opcode = at[0] & 0x0Fu;
  // RFC 6455, 5.2: reserved bits need an extension, and we negotiate none.
  if ((at[0] & 0x70u) != 0 || !is_known(opcode)) return broken(ws_close::protocol_error);
  // RFC 6455, 5.1: a server must close on a frame that is not masked.
  if ((at[1] & 0x80u) == 0) return broken(ws_close::protocol_error);
  frame.final = (at[0] & 0x80u) != 0;
  frame.opcode = static_cast<ws_opcode>(opcode);
  std::uint64_t length = at[1] & 0x7Fu;
  if (is_control(frame.opcode) && (!frame.final || length > control_limit))
    return broken(ws_close::protocol_error);
  std::size_t head = 2;
  if (length >= 126) {
    const std::size_t width = length == 126 ? 2 : 8;
    if (bytes.size() < head + width) return ws_parse::incomplete;
    length = read_number(at + head, width);
    head += width;
    // RFC 6455, 5.2: the shortest form, and the top bit of the long one is 0.
    if (width == 2 ? length <= 125 : (length <= 0xFFFF || (length >> 63) != 0))
      return broken(ws_close::protocol_error);
  }
  if (length > limit) return broken(ws_close::too_big);
  const std::size_t size = head + 4 + static_cast<std::size_t>(length);
  if (bytes.size() < size) return ws_parse::incomplete;
  frame.payload = bytes.subspan(head + 4, static_cast<std::size_t>(length));
  frame.size = size;
  unmask(frame.payload, at + head);
  return ws_parse::complete;
}

ws_close read_close_code(std::string_view payload) {
  if (payload.empty()) return ws_close::no_status;
  if (payload.size() == 1) return ws_close::protocol_error;
  const auto code =
      static_cast<unsigned>(read_number(reinterpret_cast<const unsigned char*>(payload.data()), 2));
  // RFC 6455, 7.4: 1004 to 1006 and 1015 never stand on the wire, 1016 to 2999 are reserved.
  const bool allowed = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                       (code >= 3000 && code <= 4999);
  if (!allowed) return ws_close::protocol_error;
  if (!is_utf8(payload.substr(2))) return ws_close::bad_payload;
  return static_cast<ws_close>(code);
}

std::span<char> ws_reader::begin(std::span<char> bytes) {
  if (!kept_ || kept_->partial.empty()) return bytes;
  kept_->partial.append(bytes.data(), bytes.size());
  return {kept_->partial.data(), kept_->partial.size()};
}

ws_reader::step ws_reader::next(std::span<char>& bytes, std::size_t limit, ws_message& out,
                                ws_close& why) {
  ws_frame frame;
  switch (parse_frame(bytes, limit, frame, why)) {
    case ws_parse::broken:
      return step::broken;
    case ws_parse::incomplete:
      return step::wait;
    case ws_parse::complete:
      break;
  }
  bytes = bytes.subspan(frame.size);
  return join(frame, limit, out, why);
}

// RFC 6455, 5.4: control frames may stand between the fragments of a message, other messages not.
ws_reader::step ws_reader::join(const ws_frame& frame, std::size_t limit, ws_message& out,
                                ws_close& why) {
  const auto broken = [&why](ws_close code) {
    why = code;
    return step::broken;
  };
  if (is_control(frame.opcode)) {
    out = {frame.opcode, frame.payload};
    return step::message;
  }
  const bool open = kept_ && kept_->opcode != ws_opcode::continuation;
  if (open != (frame.opcode == ws_opcode::continuation)) return broken(ws_close::protocol_error);
  if (!open && frame.final) {
    out = {frame.opcode, frame.payload};
  } else {
    if (!kept_) kept_ = std::make_unique<kept>();
    if (!open) kept_->opcode = frame.opcode;
    if (kept_->fragments.size() + frame.payload.size() > limit) return broken(ws_close::too_big);
    kept_->fragments.append(frame.payload.data(), frame.payload.size());
    if (!frame.final) return step::fragment;
    out = {kept_->opcode, {kept_->fragments.data(), kept_->fragments.size()}};
  }
  if (out.opcode == ws_opcode::text && !is_utf8({out.payload.data(), out.payload.size()}))
    return broken(ws_close::bad_payload);
  return step::message;
}

void ws_reader::end_message(const ws_message& message) {
  if (!kept_ || is_control(message.opcode)) return;
  kept_->fragments.clear();
  kept_->opcode = ws_opcode::continuation;
}

// Keeps what is incomplete and gives back all memory when nothing is.
void ws_reader::end(std::span<char> rest) {
  if (rest.empty()) {
    if (!kept_) return;
    kept_->partial.clear();
    if (kept_->opcode == ws_opcode::continuation) kept_.reset();
    return;
  }
  if (!kept_) kept_ = std::make_unique<kept>();
  // `rest` is either the caller's buffer or the end of what is kept already.
  if (kept_->partial.empty())
    kept_->partial.assign(rest.data(), rest.size());
  else
    kept_->partial.erase(0, kept_->partial.size() - rest.size());
}

}  // namespace halley
