// SPDX-License-Identifier: GPL-3.0-or-later
//
// The other person in an IRC room: libircclient, driven by commands on standard input, telling what
// happens on standard output. README.md beside this file is its contract. Tests only: the library
// stalls on lines over 1 KB and cuts actions at 120 bytes, so keep those to the other people.
#include <libirc_rfcnumeric.h>
#include <libircclient.h>
#include <sys/select.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace {

struct person {
  std::string pending_input;         // of standard input, up to a line end
  std::deque<std::string> commands;  // not accepted by the library yet: its buffer holds 1 KB
  std::string last_error;            // the server's ERROR line
  bool online = false;
  bool input_ended = false;
  bool leaving = false;  // QUIT is on its way: losing the connection is success
};

person me;

void tell(std::initializer_list<std::string_view> fields) {
  std::string line;
  for (std::string_view field : fields) {
    if (!line.empty()) line += '\t';
    line += field;
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

std::string_view field(const char** params, unsigned count, unsigned which) {
  return which < count && params[which] ? std::string_view(params[which]) : std::string_view();
}

std::string rest(const char** params, unsigned count, unsigned from) {
  std::string all;
  for (unsigned i = from; i < count; ++i) {
    if (i > from) all += ' ';
    all += field(params, count, i);
  }
  return all;
}

std::string_view nick_of(const char* origin) {
  std::string_view text = origin ? origin : "";
  return text.substr(0, text.find('!'));
}

using params_t = const char**;

void on_connect(irc_session_t*, const char*, const char*, params_t params, unsigned count) {
  me.online = true;
  tell({"online", field(params, count, 0)});
}
void on_join(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"joined", field(params, count, 0), nick_of(origin)});
}
void on_part(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"left", field(params, count, 0), nick_of(origin), field(params, count, 1)});
}
void on_quit(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"quit", nick_of(origin), field(params, count, 0)});
}
void on_nick(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"nick", nick_of(origin), field(params, count, 0)});
}
// PRIVMSG and NOTICE, to a room or to this person alike.
void on_said(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"said", field(params, count, 0), nick_of(origin), field(params, count, 1)});
}
void on_notice(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"notice", field(params, count, 0), nick_of(origin), field(params, count, 1)});
}
void on_action(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"action", field(params, count, 0), nick_of(origin), field(params, count, 1)});
}
void on_ctcp_reply(irc_session_t*, const char*, const char* origin, params_t params,
                   unsigned count) {
  tell({"ctcp_reply", nick_of(origin), field(params, count, 0)});
}
void on_topic(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"topic", field(params, count, 0), nick_of(origin), field(params, count, 1)});
}
void on_kick(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"kicked", field(params, count, 0), nick_of(origin), field(params, count, 1),
        field(params, count, 2)});
}
void on_mode(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"mode", field(params, count, 0), nick_of(origin), rest(params, count, 1)});
}
void on_invite(irc_session_t*, const char*, const char* origin, params_t params, unsigned count) {
  tell({"invited", field(params, count, 1), nick_of(origin)});
}
void on_numeric(irc_session_t*, unsigned code, const char*, params_t params, unsigned count) {
  if (code == LIBIRC_RFC_RPL_NAMREPLY) {
    std::string names(field(params, count, 3));
    for (char& c : names)
      if (c == ' ') c = '\t';
    while (!names.empty() && names.back() == '\t') names.pop_back();
    return tell({"members", field(params, count, 2), names});
  }
  char digits[16];
  std::snprintf(digits, sizeof digits, "%03u", code);
  tell({"numeric", digits, rest(params, count, 0)});
}
void on_unknown(irc_session_t*, const char* event, const char*, params_t params, unsigned count) {
  if (std::string_view(event) == "ERROR") me.last_error = field(params, count, 0);
}

// Cuts the first word off `text`.
std::string word(std::string_view& text) {
  std::size_t end = text.find(' ');
  std::string first(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return first;
}

// False when the library's buffer is full: try the same command again once it has drained.
bool carry_out(irc_session_t* session, std::string_view command) {
  std::string_view text = command;
  std::string verb = word(text);
  int refused = 0;
  if (verb == "raw") {
    refused = irc_send_raw(session, "%s", std::string(text).c_str());
  } else if (verb == "quit") {
    refused = irc_send_raw(session, "QUIT :%s", std::string(text).c_str());
    me.leaving = !refused;
  } else {
    std::string target = word(text);
    std::string tail(text);
    if (verb == "join") {
      refused = irc_cmd_join(session, target.c_str(), tail.empty() ? nullptr : tail.c_str());
    } else if (verb == "part") {
      refused = irc_send_raw(session, "PART %s :%s", target.c_str(), tail.c_str());
    } else if (verb == "say") {
      refused = irc_cmd_msg(session, target.c_str(), tail.c_str());
    } else if (verb == "me") {
      refused = irc_cmd_me(session, target.c_str(), tail.c_str());
    } else if (verb == "notice") {
      refused = irc_cmd_notice(session, target.c_str(), tail.c_str());
    } else if (verb == "nick") {
      refused = irc_send_raw(session, "NICK %s", target.c_str());
    } else if (verb == "topic") {
      refused = irc_cmd_topic(session, target.c_str(), tail.c_str());
    } else if (verb == "mode") {
      refused = irc_send_raw(session, "MODE %s %s", target.c_str(), tail.c_str());
    } else if (verb == "kick") {
      std::string_view remaining = tail;
      std::string victim = word(remaining);
      refused = irc_cmd_kick(session, victim.c_str(), target.c_str(),
                             remaining.empty() ? nullptr : std::string(remaining).c_str());
    } else {
      std::fprintf(stderr, "person_irc: no such command: %s\n", verb.c_str());
    }
  }
  return !(refused && irc_errno(session) == LIBIRC_ERR_NOMEM);
}

// Before the welcome a server takes nothing else; other commands wait for it.
bool may_be_sent_now(std::string_view command) {
  std::string verb = word(command);
  return me.online || verb == "nick" || verb == "raw" || verb == "quit";
}

void read_commands() {
  char buffer[4096];
  ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) {
    me.input_ended = true;
    me.commands.emplace_back("quit");
    return;
  }
  me.pending_input.append(buffer, static_cast<std::size_t>(got));
  std::size_t start = 0, end;
  while ((end = me.pending_input.find('\n', start)) != std::string::npos) {
    if (end > start) me.commands.push_back(me.pending_input.substr(start, end - start));
    start = end + 1;
  }
  me.pending_input.erase(0, start);
}

int go_offline(irc_session_t* session) {
  std::string why = me.last_error.empty() ? irc_strerror(irc_errno(session)) : me.last_error;
  tell({"offline", why});
  return me.leaving ? 0 : 1;
}

int live(irc_session_t* session) {
  using clock = std::chrono::steady_clock;
  clock::time_point give_up = clock::time_point::max();  // a server that never closes after QUIT
  while (irc_is_connected(session)) {
    if (me.leaving && give_up == clock::time_point::max())
      give_up = clock::now() + std::chrono::seconds(5);
    if (clock::now() > give_up) break;
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    int top = 0;
    irc_add_select_descriptors(session, &in, &out, &top);
    if (!me.input_ended) FD_SET(STDIN_FILENO, &in);
    timeval wait{1, 0};
    if (::select(top + 1, &in, &out, nullptr, &wait) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (!me.input_ended && FD_ISSET(STDIN_FILENO, &in)) {
      read_commands();
      FD_CLR(STDIN_FILENO, &in);
    }
    if (irc_process_select_descriptors(session, &in, &out)) break;
    while (!me.commands.empty() && may_be_sent_now(me.commands.front()) &&
           carry_out(session, me.commands.front()))
      me.commands.pop_front();
  }
  return go_offline(session);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: person_irc HOST PORT NICK\n");
    return 2;
  }
  irc_callbacks_t callbacks{};
  callbacks.event_connect = on_connect;
  callbacks.event_join = on_join;
  callbacks.event_part = on_part;
  callbacks.event_quit = on_quit;
  callbacks.event_nick = on_nick;
  callbacks.event_channel = on_said;
  callbacks.event_privmsg = on_said;
  callbacks.event_notice = on_notice;
  callbacks.event_channel_notice = on_notice;
  callbacks.event_ctcp_action = on_action;
  callbacks.event_ctcp_rep = on_ctcp_reply;
  callbacks.event_topic = on_topic;
  callbacks.event_kick = on_kick;
  callbacks.event_mode = on_mode;
  callbacks.event_invite = on_invite;
  callbacks.event_numeric = on_numeric;
  callbacks.event_unknown = on_unknown;

  irc_session_t* session = irc_create_session(&callbacks);
  const auto port = static_cast<unsigned short>(std::strtoul(argv[2], nullptr, 10));
  if (irc_connect(session, argv[1], port, nullptr, argv[3], "person", "a person")) {
    tell({"offline", irc_strerror(irc_errno(session))});
    return 1;
  }
  int status = live(session);
  irc_destroy_session(session);
  return status;
}
