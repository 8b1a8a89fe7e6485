// SPDX-License-Identifier: GPL-3.0-or-later
//
// BOSH: any text in the place of a body, and any row of requests and server bytes; every request is
// answered at most once, and every answer is a body.
#include <cstdlib>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "gateway/base/stanza_reader.hpp"
#include "gateway/dialects/bosh_session.hpp"

namespace halley {
class bosh_reply {};
}  // namespace halley

using namespace halley;

namespace {

struct checking_host final : framing_sink, bosh_session::host {
  bool connect(std::string_view) override { return true; }
  void to_browser(std::string_view) override {}
  void to_server(std::string_view) override {}
  void start_tls() override {}
  void end(farewell, std::string_view) override {}
  std::optional<bosh_session::way> open_way(unsigned, std::string_view) override {
    return bosh_session::way{&config, this};
  }
  void close_way(unsigned, std::string_view) override {}
  void read_way(unsigned, bool) override {}
  void on_over(std::string_view) override {
    if (std::exchange(over, true)) std::abort();
  }
  void answer(bosh_reply& to, int, const std::string&, std::string body) override {
    const char* problem = nullptr;
    if (!answered.insert(&to).second) std::abort();
    if (!xmpp::is_one_element(body, {1 << 22, 80, 80}, problem)) std::abort();
    const std::string script = print_bosh_script(body);
    if (script.find_first_of("<\n\r") != script.npos) std::abort();
  }
  std::set<bosh_reply*> answered;
  network config;
  bool over = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  // The first byte chooses the syntax; zero bytes stand between what the server and the client say, in
  // turn.
  const bool script = !text.empty() && (text.front() & 1) != 0;
  if (!text.empty()) text.remove_prefix(1);
  const bosh_terms terms;
  checking_host host;
  bosh_session session(terms, host, {&host.config, &host}, "sid");
  std::vector<std::unique_ptr<bosh_reply>> replies;
  bosh_request first;
  first.rid = 1;
  first.to = "a";
  first.xmpp_version = "1.0";
  first.ver = "1.11";
  first.script = script;
  replies.push_back(std::make_unique<bosh_reply>());
  session.begin(first, *replies.back(), 1);
  session.on_open(0, false);
  steady_ms now = 1;
  for (unsigned turn = 0; !text.empty(); ++turn) {
    const std::string_view part = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    now += static_cast<steady_ms>(part.size());
    if (turn % 2 == 0) {
      session.from_server(part.size() % 3 == 0 ? 1 : 0, part, now);
    } else if (auto parsed = script ? parse_bosh_script(part) : parse_bosh(part)) {
      const std::uint64_t rid = parsed->rid;
      replies.push_back(std::make_unique<bosh_reply>());
      session.take(*std::move(parsed), *replies.back(), now);
      if (part.size() % 5 == 0) session.on_answer_lost(rid, now);
    }
    session.on_time(now);
  }
  return 0;
}
