// SPDX-License-Identifier: GPL-3.0-or-later
//
// The life of a session's connection. What comes in: bridge_traffic.cpp; which part
// carries out which command: bridge_commands.cpp.
#include "bridges/xmpp/bridge.hpp"

#include "bridges/xmpp/capabilities.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/server_address.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/base/random.hpp"
#include "gateway/chat/features.hpp"

namespace halley::xmpp {

std::string nick_of(const visitor& who) {
  if (!who.nick.empty() || who.account.empty()) return who.nick;
  const std::string_view name = local(who.account);
  return std::string(name.empty() ? bare(who.account) : name);
}

std::optional<std::string> account_jid(const visitor& who, const network& config) {
  if (who.account.find('/') != std::string::npos) return std::nullopt;
  const bool full = who.account.find('@') != std::string::npos;
  const auto jid = prepare_jid(full ? who.account : who.account + "@" + config.domain);
  if (!jid || local(*jid).empty()) return std::nullopt;
  // No browser names a host: accounts of other domains are none of this network's.
  return domain(*jid) == config.domain ? jid : std::nullopt;
}

xmpp_bridge::xmpp_bridge(network_state& shared, const visitor& who, bridge_listener& listener)
    : shared_(shared),
      who_(who),
      stream_(shared.links, *this),
      leg_(shared, listener, stream_),
      healing_(leg_, rooms_, conversations_),
      rooms_(leg_, healing_),
      speaking_(leg_, rooms_),
      conversations_(leg_, rooms_),
      moderation_(leg_, rooms_),
      queries_(leg_, rooms_),
      history_(leg_, rooms_),
      timer_(on_expiry<&xmpp_bridge::on_timer>, this),
      next_server_(static_cast<std::uint32_t>(random_u64())) {
  leg_.overdue = &healing_;
  leg_.nick = prepare_nick(nick_of(who_)).value_or(nick_of(who_));
  if (!who_.account.empty()) {
    leg_.account = account_jid(who_, shared_.config).value_or("");
    roster_ = std::make_unique<roster>(leg_);
  }
  connect();
}

xmpp_bridge::~xmpp_bridge() {
  if (state_ != state::ended) leave_network(shared_.config.quit_text);
}

login xmpp_bridge::login_of_visitor() const {
  login out;
  const network& config = shared_.config;
  if (leg_.account.empty()) {
    out.domain = config.anonymous_domain;
  } else {
    out.domain = domain(leg_.account);
    out.user = local(leg_.account);
    out.password = who_.password;
  }
  // The same again after a loss: the server then ends what is left of the stream before.
  const std::string_view used = resource(leg_.jid);
  out.resource = used.empty() || leg_.account.empty() ? config.resource + "-" + random_token(6)
                                                      : std::string(used);
  return out;
}

void xmpp_bridge::connect() {
  const auto& servers = shared_.config.servers;
  if (servers.empty()) {
    // The settings refuse this; a network made by hand may still do it.
    return leg_.later([this] {
      on_stream_down(login_step::resolve,
                     {{failure_code::internal, "This network has no server.", ""}, true});
    });
  }
  state_ = state::connecting;
  const std::unique_ptr<endpoint> sent_to = std::move(server_);
  stream_.open(sent_to ? *sent_to : servers[next_server_ % servers.size()], who_,
               login_of_visitor());
  timer_.arm(shared_.loop.timers(),
             shared_.loop.now() + shared_.config.connect_timeout_s * 1000LL + 500);
}

void xmpp_bridge::on_timer() {
  switch (state_) {
    case state::connecting:
      return watch_login();
    case state::online:
      return keep_alive();
    case state::waiting:
      return connect();
    case state::ended:
      return;
  }
}

// The link watches resolving, connecting and TLS itself; a server that stops talking during the
// login is ours to notice.
void xmpp_bridge::watch_login() {
  const steady_ms allowed = shared_.config.connect_timeout_s * 1000LL;
  const steady_ms now = shared_.loop.now();
  const steady_ms since = stream_.is_connecting() ? now : stream_.heard_at();
  if (now - since < allowed) return timer_.arm(shared_.loop.timers(), since + allowed);
  const login_step step = stream_.step();
  stream_.close();
  on_stream_down(
      step,
      {{failure_code::timed_out, "The server stopped answering during the login.", ""}, false});
}

void xmpp_bridge::keep_alive() {
  const steady_ms period = shared_.config.keepalive_s * 1000LL;
  const steady_ms now = shared_.loop.now();
  const steady_ms silent = now - stream_.heard_at();
  if (silent >= 2 * period) {
    stream_.drop();
    return on_stream_down(login_step::running,
                          {{failure_code::timed_out, "The server has gone silent.", ""}, false});
  }
  steady_ms next = stream_.heard_at() + period;
  if (silent >= period) {
    // The answer shows as bytes heard; nothing waits for it.
    std::string id;
    xml_writer ping = leg_.iq("get", domain(leg_.jid), id);
    ping.open("ping", ns::ping);
    (void)leg_.send(std::move(ping));
    next = now + period;
  }
  rooms_.check_silent();
  timer_.arm(shared_.loop.timers(), next);
}

void xmpp_bridge::on_stream_ready(stream_start&& start) {
  if (suspended_ && !start.resumed) on_not_resumed();
  state_ = state::online;
  offline_.reset();
  backoff_.reset();
  timer_.arm(shared_.loop.timers(), shared_.loop.now() + shared_.config.keepalive_s * 1000LL);
  if (start.resumed) return on_resumed();
  leg_.jid = start.jid;
  offers_ = start.offers;
  leg_.set_unsure(std::move(start.unsure));
  announce();
  const auto find_rooms = [this] {
    queries_.find_room_service([this] { on_room_service_known(); });
  };
  if (!roster_) return find_rooms();
  // Its answer also says that our presence has been taken: whoever sees us online can reach us.
  queries_.look_at_account([this, find_rooms](queries::account_offers offers) {
    history_.account_has_archive = offers.archive;
    if (offers.own_nodes && !displayed_) displayed_ = std::make_unique<displayed>(leg_, rooms_);
    if (displayed_) displayed_->fetch();
    find_rooms();
  });
}

online_event xmpp_bridge::describe_network() const {
  online_event told;
  told.nick = leg_.nick;
  told.account = leg_.account;
  told.nick_limit = told.room_limit = 1023;  // RFC 7622, 3.1
  told.topic_limit = 4000;
  told.resumed = was_online_;
  told.features = {feature::nick,        feature::topic,   feature::whois,    feature::away,
                   feature::action,      feature::typing,  feature::data,     feature::react,
                   feature::edit,        feature::retract, feature::reply,    feature::mode,
                   feature::role,        feature::ban,     feature::ban_list, feature::invite_list,
                   feature::mute,        feature::kick,    feature::invite,   feature::echo,
                   feature::message_ids, feature::private_};
  if (!shared_.muc_service.empty()) told.features.emplace_back(feature::list);
  if (shared_.rooms_have_archive || history_.account_has_archive) {
    told.features.emplace_back(feature::history);
  }
  if (roster_) told.features.emplace_back(feature::contacts);
  if (displayed_) told.features.emplace_back(feature::read_markers);
  if (offers_.registration && shared_.config.accounts) {
    told.features.emplace_back(feature::register_);
  }
  if (shared_.config.allow_raw) told.features.emplace_back(feature::raw);
  return told;
}

void xmpp_bridge::on_room_service_known() {
  if (state_ != state::online) return;
  told_online_ = true;
  leg_.tell(event(describe_network()));
  was_online_ = true;
  if (const history_mark* from = conversations_.lost_from(); from && history_.account_has_archive) {
    healing_.heal_conversations(*from);
  }
  if (roster_) roster_->begin_telling();
  const std::vector<visitor::room> wanted = std::move(who_.rooms);
  who_.rooms.clear();
  rooms_.enter_wanted();
  for (const visitor::room& room : wanted) {
    const auto full = room_jid(room.name, shared_.muc_service);
    if (!full) {
      leg_.tell(error_event{room.name,
                            {failure_code::bad_room, "That is not the name of a room.", "rooms"}});
      continue;
    }
    rooms_.join(0, *full, room.key);
  }
}

// Contacts before our own presence (RFC 6121, 2.2), so that theirs finds them known.
void xmpp_bridge::announce() {
  if (roster_) {
    std::string id;
    xml_writer carbons = leg_.iq("set", "", id);
    carbons.open("enable", ns::carbons);
    (void)leg_.send(std::move(carbons));
    roster_->fetch();
  }
  xml_writer presence("presence");
  if (leg_.is_away) presence.leaf("show", "away").leaf("status", leg_.away_text);
  // So that the server knows which events of our own nodes we want; guests have none.
  if (roster_) write_capabilities_hash(presence);
  (void)leg_.send(std::move(presence));
  send_activity();
}

void xmpp_bridge::on_stream_down(login_step step, const stream_failure& why) {
  if (state_ == state::ended) return;
  const bool worked = state_ == state::online;
  // Whoever does not prove who it is is no server of this network: the others are asked first.
  if (!worked && step == login_step::tls && !why.final && why.elsewhere.empty() &&
      ++not_proven_ < shared_.config.servers.size()) {
    ++next_server_;
    return connect();
  }
  not_proven_ = 0;
  if (worked) heard_at_ = stream_.heard_at();
  state_ = why.final ? state::ended : state::waiting;
  was_told_online_ = was_told_online_ || told_online_;
  told_online_ = false;
  if (opening_) opening_->give_up();
  if (!why.final && stream_.can_resume()) {
    if (worked) leg_.pause();
    suspended_ = true;
  } else if (worked || suspended_) {
    on_not_resumed();
  }
  if (why.final) leg_.lose_all();
  offline_event told;
  told.step = worked ? login_step::running : step;
  told.why = why.why;
  if (why.final) {
    timer_.cancel();
    told.final = true;
    leg_.tell(event(std::move(told)));
    return leg_.listener().on_ended(why.why);
  }
  ++next_server_;
  // XEP-0198, 5, and RFC 6120, 4.9.3.19: the server knows best where it is to be found.
  const auto named = parse_server(
      why.elsewhere.empty() && worked ? stream_.location() : why.elsewhere,
      shared_.config.tls == tls_mode::direct);
  if (named) server_ = std::make_unique<endpoint>(*named);
  told.retry_in = backoff_.next(random_u64());
  timer_.arm(shared_.loop.timers(), shared_.loop.now() + told.retry_in);
  offline_ = std::make_unique<offline_event>(told);
  leg_.tell(event(std::move(told)));
}

// Everything goes on where it was: answers still come, rooms are still ours. The server takes a
// resumed stream for an active one.
void xmpp_bridge::on_resumed() {
  suspended_ = false;
  leg_.go_on();
  if (displayed_) displayed_->go_on();
  if (!attached_) send_activity();
  if (!was_told_online_) return;  // the search for rooms goes on, and tells it
  was_told_online_ = false;
  told_online_ = true;
  leg_.tell(event(describe_network()));
  rooms_.on_resumed();
}

void xmpp_bridge::on_not_resumed() {
  suspended_ = was_told_online_ = false;
  leg_.lose_stream();
  if (roster_ && was_online_) {
    const steady_ms silent = shared_.loop.now() - heard_at_;
    conversations_.on_lost(shared_.loop.wall_now() - silent);
  }
  rooms_.on_lost();
  if (roster_) roster_->on_lost();
}

bool xmpp_bridge::heal(unix_ms since) {
  return told_online_ && healing_.heal_since(since);
}

// XEP-0352: with nobody looking the server may hold back what can wait.
void xmpp_bridge::send_activity() {
  if (!offers_.csi) return;
  xml_writer out;
  out.open(attached_ ? "active" : "inactive", ns::csi);
  stream_.send_element(std::move(out));
}

void xmpp_bridge::on_attached(bool attached) {
  if (attached_ == attached) return;
  attached_ = attached;
  if (state_ == state::online) send_activity();
}

void xmpp_bridge::describe(std::vector<event_ptr>& into) {
  if (!told_online_) {
    if (offline_) into.push_back(share(event(*offline_)));
    return;
  }
  online_event told = describe_network();
  told.resumed = false;
  into.push_back(share(event(std::move(told))));
  rooms_.describe(into);
  if (displayed_) displayed_->describe(into);
  if (roster_) roster_->describe(into);
}

void xmpp_bridge::leave_network(std::string_view reason) {
  if (!stream_.is_ready()) return stream_.close();
  if (displayed_) displayed_->tell_last();
  // One presence reaches every room and contact (RFC 6121, 4.5.2).
  xml_writer out("presence");
  out.attribute("type", "unavailable");
  if (!reason.empty()) out.leaf("status", reason);
  (void)leg_.send(std::move(out));
  stream_.close();
}

void xmpp_bridge::end(std::string_view reason) {
  if (state_ == state::ended) return;
  state_ = state::ended;
  timer_.cancel();
  leave_network(reason);
  leg_.later([this] {
    leg_.lose_all();
    if (opening_) opening_->give_up();
    leg_.listener().on_ended({failure_code::lost, "The session has left the network.", ""});
  });
}

}  // namespace halley::xmpp
