// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's side of a raw XMPP conversation, for XMPP over WebSocket and BOSH alike: one stream
// over a tunnel. Opens it (with STARTTLS before, where the settings ask for it), opens it again
// after SASL, and cuts what comes into elements that stand alone: each declares the namespaces it
// has from the stream's header. Looks at no stanza. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/stanza_reader.hpp"
#include "gateway/chat/network.hpp"
#include "gateway/session/framing.hpp"

namespace halley {

inline constexpr std::string_view stream_namespace = "http://etherx.jabber.org/streams";
inline constexpr std::string_view client_namespace = "jabber:client";

// What a stream header says; values as they stand in XML, fit for double quotes.
struct stream_header {
  std::string to;
  std::string from;
  std::string id;
  std::string version;
  std::string lang;
};

class xmpp_stream {
 public:
  // Hears what the server says, in order. Views are valid during the call.
  class listener {
   public:
    virtual void on_header(const stream_header& header) = 0;
    virtual void on_features(std::string_view features) = 0;
    virtual void on_element(std::string_view element) = 0;
    virtual void on_stream_error(std::string_view error) = 0;
    virtual void on_footer() = 0;
    // The server does what it must not, or will not have TLS; nothing follows.
    virtual void on_trouble(std::string_view why) = 0;

   protected:
    ~listener() = default;
  };

  // `config` outlives it.
  explicit xmpp_stream(const network& config) : config_(config) {}

  // Opens the stream as soon as it can, or opens it again.
  void open(const stream_header& mine, framing_sink& out);
  // One element of the browser; waits until the stream is open.
  void send(std::string_view element, framing_sink& out);
  // Says that nothing more comes from here.
  void close(framing_sink& out);

  // Again, if the server failed at STARTTLS and there is another: as if it were the first.
  void on_open(bool secure, framing_sink& out);
  void on_secure(framing_sink& out);
  void from_server(std::string_view bytes, listener& to, framing_sink& out);

  bool is_running() const { return state_ == state::running; }
  bool is_closed() const { return closed_; }
  // XEP-0198 was agreed: a connection that breaks off does not end the session at the server.
  bool can_resume() const { return resumable_; }

 private:
  enum class state : std::uint8_t {
    waiting,      // for the tunnel
    asking_tls,   // our own header is out; its answer and features are awaited
    starting_tls, // <starttls/> is out
    securing,     // <proceed/> has come
    running
  };
  void send_header(framing_sink& out);
  void run(framing_sink& out);
  void take_header(std::string_view text, listener& to);
  void take_element(std::string_view text, listener& to);
  // Before TLS. False: this server is given up.
  bool take_tls_step(std::string_view text, listener& to, framing_sink& out);
  void give_up_server(std::string_view why, listener& to, framing_sink& out);
  std::string standing_alone(std::string_view element, const xmpp::stanza_head& head) const;

  struct opening {  // what exists only until the stream is open
    stream_header mine;
    std::string early;  // said before
  };
  // What the server's header has declared, where it is not "stream:" and nothing else.
  struct prefixes {
    std::string stream;  // with its colon
    std::vector<std::pair<std::string, std::string>> others;  // with their namespaces
  };
  std::string_view stream_prefix() const {
    return prefixes_ ? std::string_view(prefixes_->stream) : usual_prefix;
  }
  static constexpr std::string_view usual_prefix = "stream:";

  const network& config_;
  xmpp::stanza_reader reader_;
  std::unique_ptr<opening> opening_;  // from open() on
  std::unique_ptr<const prefixes> prefixes_;  // rare
  state state_ = state::waiting;
  bool tunnel_open_ = false;
  bool secure_ = false;
  bool closed_ = false;
  bool resumable_ = false;
};

// <features/> without what belongs to the gateway's own leg (RFC 7395, 3.9; XEP-0206, 4): STARTTLS
// and stream compression. SASL mechanisms and channel bindings are not touched (XEP-0440, XEP-0474).
std::string without_transport_features(std::string_view features);

// Where the outermost tag ends: just behind its ">". `element` is well-formed.
std::size_t xml_tag_end(std::string_view element);

// Calls each(name, value) for the attributes of the outermost tag. `element` is well-formed.
template <class Each>
void for_xml_attributes(std::string_view element, Each&& each) {
  constexpr std::string_view xml_space = " \t\r\n";
  std::size_t at = element.find_first_of(" \t\r\n/>");
  while (at < element.size()) {
    while (at < element.size() && xml_space.find(element[at]) != xml_space.npos) ++at;
    if (at >= element.size() || element[at] == '>' || element[at] == '/') return;
    const std::size_t equals = element.find('=', at);
    const std::size_t quote = element.find_first_of("\"'", equals);
    if (quote == std::string_view::npos) return;
    const std::size_t end = element.find(element[quote], quote + 1);
    if (end == std::string_view::npos) return;
    std::string_view name = element.substr(at, equals - at);
    while (!name.empty() && xml_space.find(name.back()) != xml_space.npos) name.remove_suffix(1);
    each(name, element.substr(quote + 1, end - quote - 1));
    at = end + 1;
  }
}

// The value of an attribute of the outermost tag, as it stands in XML; empty if it has none.
std::string_view xml_attribute(std::string_view element, std::string_view name);

}  // namespace halley
