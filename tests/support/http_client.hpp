// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request at a time with Boost.Beast's own client, with ten seconds of patience: what the browser
// of the stories is made of. Includes Beast: for .cpp files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

#include "tests/support/browser.hpp"

namespace halley {

inline constexpr auto browser_patience = std::chrono::seconds(10);

// Asio's own timeouts work with asynchronous calls alone: each wait runs the context for so long.
template <class Start>
void run_within(boost::asio::io_context& io, boost::beast::tcp_stream& stream, Start start) {
  boost::beast::error_code outcome;
  stream.expires_after(browser_patience);
  start([&outcome](boost::beast::error_code ec) { outcome = ec; });
  io.restart();
  io.run();
  stream.expires_never();
  if (outcome) throw std::runtime_error("browser: " + outcome.message());
}

boost::beast::http::request<boost::beast::http::string_body> make_request(
    const std::string& method, const std::string& target, const std::string& body);

// Every byte percent-encoded.
std::string escape_all(const std::string& text);
// What the function of a page gets that adds a <script> with this address to itself. Throws if it is
// told of an error, or if the answer is no call.
nlohmann::json run_script(std::uint16_t port, const std::string& target);

}  // namespace halley
