// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a refusal of an IRC server means to a person: one table from numerics to failures. Pure.
#pragma once

#include "bridges/irc/message.hpp"
#include "gateway/chat/failure.hpp"

namespace halley::irc {

// Whether this numeric says that something was refused: 400 to 599 and the few errors outside.
bool is_refusal(int numeric);
// The code, the sentence and the field; unknown ones give `refused` and the server's own words.
failure failure_of(const message& numeric);
// FAIL <command> <code> [<context>...] :<description> (IRCv3 standard replies).
failure failure_of_fail(const message& fail);

}  // namespace halley::irc
