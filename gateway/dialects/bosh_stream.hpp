// SPDX-License-Identifier: GPL-3.0-or-later
//
// One XMPP stream of a BOSH session (XEP-0124, 16; most sessions have one): what its server has said
// and nobody has asked for yet, and how it ended. Pure; owned by the session.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/dialects/bosh_body.hpp"
#include "gateway/dialects/xmpp_stream.hpp"

namespace halley {

class bosh_stream final : private xmpp_stream::listener {
 public:
  // `config` and `out` outlive it.
  bosh_stream(unsigned id, std::string name, const network& config, framing_sink& out)
      : out_(out), stream_(config), name_(std::move(name)), id_(id) {}
  unsigned id() const { return id_; }
  const std::string& name() const { return name_; }

  // --- from the client
  // Opens it, or opens it again, with what the request says about itself.
  void open(const bosh_request& as);
  void send(std::string_view element) { stream_.send(element, out_); }
  void close() { stream_.close(out_); }

  // --- from the server
  void on_open(bool secure) { stream_.on_open(secure, out_); }
  void on_secure() { stream_.on_secure(out_); }
  void from_server(std::string_view bytes) { stream_.from_server(bytes, *this, out_); }
  void on_lost();
  std::string_view last_words() const;

  // --- for the client
  // The server has answered, with its features where they are wanted (D-04).
  bool is_ready(bool with_features) const;
  bool has_news() const { return !news_.empty(); }
  std::size_t news_size() const { return news_.size(); }
  std::string take_news() { return std::exchange(news_, {}); }
  // Was said once, and did not arrive.
  void say_again(std::string_view payload) { news_.insert(0, payload); }
  // The server's side is over: `why` is a condition, empty for an orderly end; with it goes the
  // server's stream error, if it has said one.
  bool has_ended() const { return ended_; }
  std::string_view why_ended() const { return trouble_ ? trouble_->why : std::string_view(); }
  std::string_view error() const { return trouble_ ? std::string_view(trouble_->error) : std::string_view(); }
  // What the server has said of itself; empty until then.
  const stream_header& server() const { return theirs_ ? *theirs_ : nothing_; }
  std::string from() const;
  // The client has been told.
  void forget_header() { theirs_.reset(); told_ = true; }

  // Whether the server is read from; true if that changes.
  bool set_slowed(bool slow) { return std::exchange(is_slowed_, slow) != slow; }

 private:
  void on_header(const stream_header& header) override;
  void on_features(std::string_view features) override;
  void on_element(std::string_view element) override { news_ += element; }
  void on_stream_error(std::string_view error) override;
  void on_footer() override { ended_ = true; }
  void on_trouble(std::string_view why) override;

  struct trouble {
    std::string_view why;  // a literal
    std::string error;
  };

  framing_sink& out_;
  xmpp_stream stream_;
  static const stream_header nothing_;
  std::string name_;
  std::string news_;
  // What the client said when it opened this, for when it opens it again; packed, as most sessions
  // open their stream twice and never again.
  std::unique_ptr<const char[]> mine_;
  std::unique_ptr<stream_header> theirs_;
  std::unique_ptr<trouble> trouble_;
  unsigned id_;
  bool greeted_ = false;  // the server's header has come
  bool told_ = false;     // to the client
  bool has_features_ = false;
  bool ended_ = false;
  bool is_slowed_ = false;
};

}  // namespace halley
