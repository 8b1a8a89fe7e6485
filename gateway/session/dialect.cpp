// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/dialect.hpp"

namespace halley {

void submit_all(session& to, reader_tag from, inbound&& what) {
  if (what.acknowledged) to.acknowledge(from, *what.acknowledged);
  for (auto& one : what.commands) {
    if (auto* asked = std::get_if<numbered_command>(&one)) to.submit(std::move(*asked));
    else if (auto* refused = std::get_if<refused_command>(&one))
      to.refuse(refused->n, std::move(refused->why));
  }
}

}  // namespace halley
