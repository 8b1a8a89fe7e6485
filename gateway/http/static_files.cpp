// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/static_files.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "gateway/base/random.hpp"

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

// "app-1f3a9c04be.js": a bundler put a hash of the content (letters and digits) into the name.
bool has_content_hash(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos) return false;
  const std::string_view hash = name.substr(dash + 1, name.find('.', dash) - dash - 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_alnum = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return hash.size() >= 8 && std::all_of(hash.begin(), hash.end(), is_alnum) &&
         std::any_of(hash.begin(), hash.end(), is_digit);
}

// RFC 9110, 12.5.3: whether the browser takes this coding; "br;q=0" says no.
bool accepts(const http_request& request, std::string_view coding) {
  if (!request.lists("accept-encoding", coding)) return false;
  const std::string_view all = request.field("accept-encoding");
  const std::size_t at = all.find(coding);
  if (at == std::string_view::npos) return false;
  std::string item(all.substr(at, all.find(',', at) - at));
  std::erase(item, ' ');
  return item.find(";q=0") == std::string::npos || item.find(";q=0.") != std::string::npos;
}

// Everything the pages of the gateway load comes from the gateway itself.
constexpr std::string_view page_policy =
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self'; "
    "script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'";

}  // namespace

static_files::static_files(const std::string& root) {
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
    into.immutable = has_content_hash(plain.filename().string());
    into.is_page = plain.extension() == ".html";
  }
  // A compressed file without its plain sibling could not be given to everybody.
  std::erase_if(files_, [](const auto& one) { return one.second.variants[identity].etag.empty(); });
}

const static_files::file* static_files::find(const http_request& request) const {
  const auto path = decode_percent(request.path, false);
  if (!path) return nullptr;
  auto at = files_.find(*path == "/" ? "/index.html" : *path);
  // Addresses of the page itself, such as /r/irc/%23room, when somebody opens them.
  if (at == files_.end() && request.lists("accept", "text/html")) at = files_.find("/index.html");
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
  if (!found->variants[br].etag.empty() && accepts(request, "br")) {
    chosen = &found->variants[br];
    coded = "br";
  } else if (!found->variants[gzip].etag.empty() && accepts(request, "gzip")) {
    chosen = &found->variants[gzip];
    coded = "gzip";
  }
  out.fields.emplace_back("ETag", chosen->etag);
  out.fields.emplace_back("Vary", "Accept-Encoding");
  out.fields.emplace_back("Cache-Control",
                          found->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (found->is_page) out.fields.emplace_back("Content-Security-Policy", page_policy);
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
