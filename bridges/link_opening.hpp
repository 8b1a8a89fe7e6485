// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a link has only until its server is there, and the words for what went wrong. Internal to the two files
// of the link: link_connect.cpp makes the connection, link.cpp uses it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

#include "bridges/link.hpp"
#include "bridges/link_home.hpp"
#include "gateway/chat/srv_services.hpp"

namespace halley {

struct link::opening {
  opening(link_home& home, link& owner)
      : timeout(on_expiry<&link::on_timeout>, &owner),
        turn(home.commons.turns, home.loop, on_expiry<&link::on_turn>, &owner) {}
  const srv_target& server() const { return servers[at]; }

  endpoint where;
  std::vector<srv_target> servers;  // one, unless SRV records name more
  std::size_t at = 0;               // the one that is tried
  std::vector<boost::asio::ip::tcp::endpoint> addresses;  // of that one
  std::size_t next = 0;
  wheel_timer timeout;
  steady_ms deadline = 0;  // of the present step
  connect_turns::turn turn;
  std::string tls_name;
  std::string visitor_address;
  std::uint16_t visitor_port = 0;
  error_code last_error;
};

inline failure lost_link(std::string text) {
  return {failure_code::lost, std::move(text), ""};
}
// Completes "irc.example.org:6697 ...".
std::string link_error_in_words(const error_code& ec);

}  // namespace halley
