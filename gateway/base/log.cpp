// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>

namespace halley {

bool set_log_level(std::string_view level) {
  if (level == "debug") spdlog::set_level(spdlog::level::debug);
  else if (level == "info") spdlog::set_level(spdlog::level::info);
  else if (level == "warn") spdlog::set_level(spdlog::level::warn);
  else if (level == "error") spdlog::set_level(spdlog::level::err);
  else return false;
  return true;
}

void start_log() {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "halley", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  spdlog::set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
  spdlog::flush_on(spdlog::level::info);
}

}  // namespace halley
