// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/static_files.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "gateway/base/random.hpp"
#include "gateway/http/coding.hpp"

namespace halley {
namespace {

namespace fs = std::filesystem;

std::string read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return bytes;
}

std::string etag_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  // 96 bits: more than enough to tell two builds of a page apart.
  return '"' + encode_base64url({reinterpret_cast<const char*>(digest.data()), 12}) + '"';
}

std::string_view type_of(std::string_view extension) {
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".mp3", "audio/mpeg"},
      {".ogg", "audio/ogg"}};
  for (const auto& [name, type] : types)
    if (name == extension) return type;
  return "application/octet-stream";
}

// "app.~1f3a9c04be.js": named by its content. The build says so by the mark (web/bundling.mjs); letters
// and digits alone could also be a word or a date.
bool is_named_by_content(std::string_view name) { return name.find(".~") != std::string_view::npos; }

// Puts data between the tags of an empty data block. HTML, 4.12.1.3: it ends at "</script" and may
// not have "<!--", so that no "<" is left as it is; in JSON it stands in strings only.
bool fill_data_block(std::string& page, std::string_view id, std::string_view json) {
  const std::string block = "<script type=\"application/json\" id=\"" + std::string(id) + "\">";
  const std::size_t at = page.find(block);
  if (at == std::string::npos || json.empty()) return false;
  std::string data;
  for (const char c : json)
    if (c == '<') {
      data += "\\u003c";
    } else {
      data += c;
    }
  page.insert(at + block.size(), data);
  return true;
}

// Everything the pages of the gateway load comes from the gateway itself, but for the images of a
// conversation that its reader asks for. Who may put them into a frame is added.
constexpr std::string_view page_policy =
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: https:; "
    "style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors ";
// A badge asks what a room looks like and no more. Its rooms are open to all sites.
constexpr std::string_view badge_policy =
    "default-src 'none'; connect-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *";

// Addresses that one page answers, whatever stands behind.
constexpr std::string_view embed_page = "/embed.html";
constexpr std::string_view badge_page = "/badge.html";

std::string_view page_of(std::string_view path) {
  if (path.starts_with("/embed/")) return embed_page;
  if (path.starts_with("/badge/")) return badge_page;
  return "/index.html";
}

// Fixed names may be kept for a while without asking: ten minutes after an upgrade everybody has it.
constexpr std::string_view kept_shortly = "public, max-age=600, stale-while-revalidate=86400";
constexpr std::string_view kept_for_good = "public, max-age=31536000, immutable";

}  // namespace

static_files::static_files(const std::string& root, std::string_view frame_ancestors,
                           std::string_view networks) {
  std::error_code wrong;
  if (!fs::is_directory(root, wrong))
    throw std::runtime_error("http.static_root: " + root + " is no folder");
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const fs::path relative = fs::relative(entry.path(), root);
    const std::string name = relative.filename().string();
    if (!entry.is_regular_file() || relative.string().find("/.") != std::string::npos ||
        name.starts_with('.'))
      continue;
    std::string path = '/' + relative.generic_string();
    coding as = identity;
    if (path.ends_with(".br")) as = br;
    if (path.ends_with(".gz")) as = gzip;
    if (as != identity) path.resize(path.size() - 3);
    file& into = files_[path];
    into.variants[as].bytes = read_whole(entry.path());
    into.variants[as].etag = etag_of(into.variants[as].bytes);
    const fs::path plain(path);
    into.content_type = type_of(plain.extension().string());
    into.for_all_sites = is_for_all_sites(path);
    const bool is_shared = into.for_all_sites || path == embed_page || path == badge_page;
    into.cache = is_named_by_content(plain.filename().string()) ? kept_for_good
                 : is_shared                                 ? kept_shortly
                                                             : "no-cache";
    if (plain.extension() != ".html") continue;
    into.policy = path == badge_page ? badge_policy : page_policy;
    if (path != badge_page) into.policy.append(frame_ancestors);
  }
  for (auto& [path, one] : files_) {
    variant& plain = one.variants[identity];
    if (one.policy.empty() || !fill_data_block(plain.bytes, "networks", networks)) continue;
    plain.etag = etag_of(plain.bytes);
    one.variants[br] = one.variants[gzip] = {};  // these were made of the empty block
  }
  // A compressed file without its plain sibling could not be given to everybody.
  std::erase_if(files_, [](const auto& one) { return one.second.variants[identity].etag.empty(); });
}

bool static_files::is_for_all_sites(std::string_view path) {
  constexpr std::string_view scripts[] = {"/embed.js", "/embed-classic.js", "/badge.js",
                                         "/resuming_websocket.js"};
  return path.starts_with("/embed/") ||
         std::find(std::begin(scripts), std::end(scripts), path) != std::end(scripts);
}

const static_files::file* static_files::find(const http_request& request) const {
  const auto path = decode_percent(request.path, false);
  if (!path) return nullptr;
  auto at = files_.find(*path == "/" ? "/index.html" : *path);
  // Addresses of the page itself, such as /r/irc/%23room, when somebody opens them.
  if (at == files_.end() && request.lists("accept", "text/html")) at = files_.find(page_of(*path));
  return at == files_.end() ? nullptr : &at->second;
}

http_response static_files::answer(const http_request& request) const {
  http_response out;
  const file* found = find(request);
  if (found == nullptr) {
    out.status = 404;
    out.content_type = "text/plain; charset=utf-8";
    out.body = "There is no such page.\n";
    return out;
  }
  const variant* chosen = &found->variants[identity];
  std::string_view coded;
  if (!found->variants[br].etag.empty() && accepts_coding(request, "br")) {
    chosen = &found->variants[br];
    coded = "br";
  } else if (!found->variants[gzip].etag.empty() && accepts_coding(request, "gzip")) {
    chosen = &found->variants[gzip];
    coded = "gzip";
  }
  out.fields.emplace_back("ETag", chosen->etag);
  out.fields.emplace_back("Vary", "Accept-Encoding");
  out.fields.emplace_back("Cache-Control", found->cache);
  if (found->for_all_sites)
    out.fields.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
  if (!found->policy.empty()) out.fields.emplace_back("Content-Security-Policy", found->policy);
  if (request.field("if-none-match").find(chosen->etag) != std::string_view::npos) {
    out.status = 304;
    return out;
  }
  if (!coded.empty()) out.fields.emplace_back("Content-Encoding", coded);
  out.content_type = found->content_type;
  out.shared_body = &chosen->bytes;
  return out;
}

}  // namespace halley
