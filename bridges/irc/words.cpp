// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/words.hpp"

#include <array>

namespace halley::irc {
namespace {

struct known_word {
  std::string_view text;
  word what;
};
// The frequent ones first.
constexpr std::array known_words{
    known_word{"PRIVMSG", word::privmsg}, known_word{"JOIN", word::join},
    known_word{"PART", word::part},       known_word{"QUIT", word::quit},
    known_word{"NICK", word::nick},       known_word{"MODE", word::mode},
    known_word{"NOTICE", word::notice},   known_word{"TAGMSG", word::tagmsg},
    known_word{"AWAY", word::away},       known_word{"BATCH", word::batch},
    known_word{"PING", word::ping},       known_word{"PONG", word::pong},
    known_word{"KICK", word::kick},       known_word{"TOPIC", word::topic},
    known_word{"ACCOUNT", word::account}, known_word{"CHGHOST", word::chghost},
    known_word{"SETNAME", word::setname}, known_word{"INVITE", word::invite},
    known_word{"MARKREAD", word::markread},
    known_word{"REDACT", word::redact},   known_word{"ERROR", word::error},
    known_word{"CAP", word::cap},         known_word{"FAIL", word::fail},
    known_word{"WARN", word::warn},       known_word{"NOTE", word::note},
    known_word{"ACK", word::ack},         known_word{"AUTHENTICATE", word::authenticate},
    known_word{"WALLOPS", word::wallops}, known_word{"REGISTER", word::register_},
    known_word{"VERIFY", word::verify}};

}  // namespace

word word_of(std::string_view command) {
  for (const known_word& one : known_words)
    if (one.text == command) return one.what;
  return word::unknown;
}

bool is_complete(word what, const message& line) {
  switch (what) {
    case word::privmsg:
    case word::notice:
    case word::kick:
    case word::mode:
    case word::invite:
    case word::cap:
    case word::chghost:
    case word::redact:
    case word::markread:
      return line.count >= 2 && !line.param(0).empty() && !line.param(1).empty();
    case word::join:
    case word::part:
    case word::nick:
    case word::topic:
    case word::tagmsg:
    case word::account:
      return line.count >= 1 && !line.param(0).empty() && !line.prefix.empty();
    case word::batch:
      return line.count >= 1;
    case word::quit:
    case word::away:
    case word::setname:
      return !line.prefix.empty();
    case word::unknown:
      // Numerics speak to us of something.
      return line.numeric() != 0 && line.count >= 2;
    default:
      return true;
  }
}

bool goes_to_many(word what, const message& line, const isupport& names) {
  switch (what) {
    case word::privmsg:
    case word::notice:
    case word::tagmsg:
      if (line.count == 0 || line.param(0).empty()) return false;
      return names.is_channel(line.param(0)) ||
             names.status_marks.find(line.param(0).front()) != std::string::npos;
    case word::mode:
      return names.is_channel(line.param(0));
    case word::join:
    case word::part:
    case word::quit:
    case word::nick:
    case word::kick:
    case word::topic:
    case word::away:
    case word::account:
    case word::chghost:
    case word::setname:
    case word::redact:
      return true;
    default:
      return false;
  }
}

}  // namespace halley::irc
