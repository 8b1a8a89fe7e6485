// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/ops/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <sstream>

#include "gateway/http/bosh_hall.hpp"
#include "gateway/http/exchange.hpp"

namespace halley {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

template <class Numbers>
struct row {
  const char* name;
  const char* help;
  counter Numbers::*number;
  MetricType type = MetricType::Counter;
};

constexpr row<session_counters> of_sessions[] = {
    {"halley_sessions_entered_total", "Sessions opened.", &session_counters::entered},
    {"halley_sessions_ended_total", "Sessions ended.", &session_counters::ended},
    {"halley_sessions_grace_over_total", "Sessions whose browser did not come back.",
     &session_counters::grace_over},
    {"halley_sessions_ghosts_total", "Absent sessions ended because one address had too many.",
     &session_counters::ghosts},
    {"halley_sessions_refused_total", "Visitors not let in.", &session_counters::refused},
    {"halley_sessions_absent", "Sessions without a browser.", &session_counters::absent,
     MetricType::Gauge},
    {"halley_events_total", "Events appended to the logs of sessions.", &session_counters::events},
    {"halley_events_dropped_total", "Unacknowledged events past a bound of their log.",
     &session_counters::events_dropped},
    {"halley_typing_dropped_total", "Typing notices not told to slow or absent readers.",
     &session_counters::typing_dropped},
    {"halley_data_dropped_total", "Data events not told to slow or absent readers.",
     &session_counters::data_dropped},
    {"halley_presence_held_total", "Presence kept back for slow readers, to be told together.",
     &session_counters::presence_held},
    {"halley_crowds_told_total", "Events that told such presence together.",
     &session_counters::crowds_told},
    {"halley_state_retold_total", "Times there was too much of it and the state was told anew.",
     &session_counters::state_retold},
    {"halley_readers_resumed_total", "Readers that came back and missed nothing.",
     &session_counters::resumed},
    {"halley_gaps_total", "Readers told of a gap.", &session_counters::gaps},
    {"halley_healings_total", "Gaps for which the network's history was asked.",
     &session_counters::healings},
    {"halley_commands_total", "Commands carried out.", &session_counters::commands},
    {"halley_commands_repeated_total", "Repeated commands answered with their first answer.",
     &session_counters::commands_repeated},
    {"halley_commands_refused_total", "Commands refused by form, number or rate.",
     &session_counters::commands_refused},
};

constexpr row<http_counters> of_http[] = {
    {"halley_connections_accepted_total", "Connections accepted.", &http_counters::accepted},
    {"halley_accept_pauses_total", "Times accepting paused for lack of descriptors.",
     &http_counters::accept_pauses},
    {"halley_connections_refused_total", "Connections past the limit of one address.",
     &http_counters::refused_connections},
    {"halley_connections_open", "Connections and carriers open.", &http_counters::open,
     MetricType::Gauge},
    {"halley_requests_total", "HTTP requests read.", &http_counters::requests},
    {"halley_requests_timed_out_total", "Requests that took too long to arrive.",
     &http_counters::timed_out},
    {"halley_origins_refused_total", "Requests from sites that may not use this gateway.",
     &http_counters::refused_origins},
    {"halley_connections_moved_total", "Connections moved to the shard of their session.",
     &http_counters::handed_over},
};

constexpr row<carrier_counts> of_readers[] = {
    {"halley_slow_readers_total", "Carriers closed because they fell behind the log.",
     &carrier_counts::slow_readers},
    {"halley_dead_peers_total", "Carriers closed because the browser was silent for too long.",
     &carrier_counts::dead_peers},
    {"halley_streams_recycled_total", "Streams ended because they had carried enough.",
     &carrier_counts::recycled},
};

constexpr row<raw_counts> of_raw[] = {
    {"halley_raw_conversations_total", "Conversations of the raw dialects begun.",
     &raw_counts::conversations},
    {"halley_raw_conversations_open", "Conversations of the raw dialects, with browser or without.",
     &raw_counts::open, MetricType::Gauge},
    {"halley_raw_frames_from_browsers_total", "Frames of raw dialects taken from browsers.",
     &raw_counts::frames_from_browsers},
    {"halley_raw_frames_to_browsers_total", "Frames of raw dialects given to browsers.",
     &raw_counts::frames_to_browsers},
    {"halley_raw_absent", "Raw conversations waiting for their browser to come back.",
     &raw_counts::absent, MetricType::Gauge},
    {"halley_raw_resumed_total", "Browsers that came back to their raw conversation.",
     &raw_counts::resumed},
    {"halley_raw_grace_over_total", "Raw conversations whose browser did not come back.",
     &raw_counts::grace_over},
    {"halley_raw_history_lost_total", "Browsers that came back to less than they had missed.",
     &raw_counts::frames_lost},
    {"halley_raw_slow_readers_total", "Times a server was slowed down by a browser.",
     &raw_counts::slow_readers},
    {"halley_raw_dead_peers_total", "WebSockets of raw dialects closed because the browser was silent.",
     &raw_counts::dead_peers},
};

constexpr row<bosh_counts> of_bosh[] = {
    {"halley_bosh_sessions_total", "BOSH sessions opened.", &bosh_counts::sessions},
    {"halley_bosh_sessions_open", "BOSH sessions.", &bosh_counts::open, MetricType::Gauge},
    {"halley_bosh_requests_total", "Requests of BOSH sessions.", &bosh_counts::requests},
    {"halley_bosh_streams_total", "Further streams opened in BOSH sessions.",
     &bosh_counts::streams},
    {"halley_bosh_answers_lost_total", "Answers of BOSH whose connection broke on the way.",
     &bosh_counts::lost},
    {"halley_bosh_refused_total", "Requests of BOSH without a session, or that got none.",
     &bosh_counts::refused},
};

ClientMetric sample(MetricType type, double value, std::vector<ClientMetric::Label> labels) {
  ClientMetric out;
  out.label = std::move(labels);
  if (type == MetricType::Gauge)
    out.gauge.value = value;
  else
    out.counter.value = value;
  return out;
}

std::string name_of(std::size_t shard) {
  return std::to_string(shard);
}

template <class Numbers, std::size_t Count>
void add(std::vector<MetricFamily>& to, const row<Numbers> (&table)[Count],
         const std::vector<shard_numbers>& shards, const Numbers* shard_numbers::*which) {
  for (const row<Numbers>& one : table) {
    MetricFamily family{one.name, one.help, one.type, {}};
    for (std::size_t i = 0; i < shards.size(); ++i)
      family.metric.push_back(sample(one.type,
                                     static_cast<double>((shards[i].*which->*one.number).value()),
                                     {{"shard", name_of(i)}}));
    to.push_back(std::move(family));
  }
}

MetricFamily carriers_opened(const std::vector<shard_numbers>& shards) {
  MetricFamily family{"halley_carriers_total", "Carriers opened, and requests held, by kind.",
                      MetricType::Counter, {}};
  for (std::size_t kind = 0; kind < carrier_names.size(); ++kind)
    for (std::size_t i = 0; i < shards.size(); ++i)
      family.metric.push_back(
          sample(MetricType::Counter, static_cast<double>(shards[i].carriers->opened[kind].value()),
                 {{"carrier", std::string(carrier_names[kind])}, {"shard", name_of(i)}}));
  return family;
}

MetricFamily answers_given(const std::vector<shard_numbers>& shards) {
  MetricFamily family{"halley_answers_total", "HTTP answers by class of status.",
                      MetricType::Counter, {}};
  for (std::size_t kind = 1; kind < std::size(shards.front().http->answers); ++kind)
    for (std::size_t i = 0; i < shards.size(); ++i)
      family.metric.push_back(
          sample(MetricType::Counter, static_cast<double>(shards[i].http->answers[kind].value()),
                 {{"class", std::to_string(kind) + "xx"}, {"shard", name_of(i)}}));
  return family;
}

}  // namespace

std::string print_metrics(const std::vector<shard_numbers>& shards, const session_counts& node) {
  std::vector<MetricFamily> all;
  MetricFamily open{"halley_sessions_open", "Sessions of this node.", MetricType::Gauge, {}};
  open.metric.push_back(sample(MetricType::Gauge, static_cast<double>(node.open.load()), {}));
  all.push_back(std::move(open));
  if (!shards.empty()) {
    add(all, of_sessions, shards, &shard_numbers::sessions);
    add(all, of_http, shards, &shard_numbers::http);
    all.push_back(answers_given(shards));
    all.push_back(carriers_opened(shards));
    add(all, of_readers, shards, &shard_numbers::carriers);
    add(all, of_raw, shards, &shard_numbers::raw);
    add(all, of_bosh, shards, &shard_numbers::bosh);
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, all);
  return out.str();
}

void metrics_site::answer(http_parts&, exchange& with, http_request&& request) const {
  const bool reads =
      request.method == http_method::get || request.method == http_method::head;
  if (request.path == "/healthz" && reads)
    return with.respond(json_response(200, R"({"status":"ok"})"));
  http_response answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.fields = {{"Cache-Control", "no-store"}};
  if (request.path != "/metrics" || !reads) {
    answer.status = request.path == "/metrics" ? 405 : 404;
    answer.body = "Here are /metrics and /healthz, to be read.\n";
  } else {
    answer.body = print_metrics(shards_, node_);
  }
  with.respond(std::move(answer));
}

}  // namespace halley
