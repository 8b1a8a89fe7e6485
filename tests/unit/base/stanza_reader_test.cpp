// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bounded splitter: what it lets through, in which form, and what ends a stream.
#include "gateway/base/stanza_reader.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using halley::xmpp::reader_limits;
using halley::xmpp::stanza_reader;
using piece = stanza_reader::piece;

namespace {

constexpr const char* header =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='x' version='1.0'>";

struct outcome {
  std::vector<std::string> stanzas;
  std::string header;
  bool footer = false;
  std::string problem;
};

outcome read(const std::string& bytes, std::size_t chunk, const reader_limits& limits = {}) {
  stanza_reader reader(limits);
  outcome out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    const std::string part = bytes.substr(at, chunk);
    reader.feed(part);
    for (piece p = reader.next(); p != piece::more; p = reader.next()) {
      if (p == piece::header) out.header = reader.text();
      if (p == piece::stanza) out.stanzas.emplace_back(reader.text());
      if (p == piece::footer) out.footer = true;
      if (p == piece::violation) {
        out.problem = reader.problem();
        return out;
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a stream is cut the same way however it arrives", "[stanza_reader]") {
  const std::string bytes =
      std::string(header) +
      "<message to='a@b/c'><body>hi <b/> there</body></message> \n"
      "<presence/><iq type='result' id='1'><q a=\"x'y\"/></iq></stream:stream>";
  const std::size_t chunk = GENERATE(1, 2, 3, 7, 64, 100000);
  const outcome got = read(bytes, chunk);
  CHECK(got.problem.empty());
  CHECK(got.header == "<stream:stream xmlns='jabber:client' id='x' version='1.0'>");
  REQUIRE(got.stanzas.size() == 3);
  CHECK(got.stanzas[0] == "<message to='a@b/c'><body>hi <b/> there</body></message>");
  CHECK(got.stanzas[1] == "<presence/>");
  CHECK(got.stanzas[2] == "<iq type='result' id='1'><q a=\"x'y\"/></iq>");
  CHECK(got.footer);
}

TEST_CASE("what another parser would stumble over is written plainly", "[stanza_reader]") {
  struct row {
    std::string in;
    std::string out;
  };
  const std::vector<row> table = {
      {"<m>&#x1F600;&#128512;</m>", "<m>\xF0\x9F\x98\x80\xF0\x9F\x98\x80</m>"},
      {"<m>&#60;b&#x26;</m>", "<m>&lt;b&amp;</m>"},
      {"<m x='a\"b'/>", "<m x='a&quot;b'/>"},
      {"<m x='a&#39;b'/>", "<m x='a&apos;b'/>"},
      {"<m x=\"it's\">it's \"so\"</m>", "<m x=\"it's\">it's \"so\"</m>"},
      {"<m><![CDATA[a<b>&c]]></m>", "<m>a&lt;b&gt;&amp;c</m>"},
      {"<m><![CDATA[]]]]></m>", "<m>]]</m>"},
      {"<m><![CDATA[<!-- no -->]]></m>", "<m>&lt;!-- no --&gt;</m>"},
      {"<m>&lt;&gt;&amp;&quot;&apos;</m>", "<m>&lt;&gt;&amp;&quot;&apos;</m>"},
      {"<m a = 'b' />", "<m a = 'b' />"},
      {"<m>a > b</m >", "<m>a > b</m >"},
      {"<m x='1>2'>t</m>", "<m x='1>2'>t</m>"},
      {"<m>\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D</m>", "<m>\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D</m>"},
  };
  for (const row& r : table) {
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{1000}}) {
      INFO(r.in << " in parts of " << chunk);
      const outcome got = read(header + r.in, chunk);
      CHECK(got.problem.empty());
      REQUIRE(got.stanzas.size() == 1);
      CHECK(got.stanzas[0] == r.out);
    }
  }
}

TEST_CASE("what the stream may not carry ends it", "[stanza_reader]") {
  struct row {
    std::string in;
    std::string problem;
  };
  const std::string nul(1, '\0');
  const std::vector<row> table = {
      {"<m><!-- x --></m>", "a comment or document type"},
      {"<!DOCTYPE m>", "a comment, processing instruction or broken tag"},
      {"<m><?php ?></m>", "a comment, processing instruction or broken tag"},
      {"<?xml version='1.0'?>", "a comment, processing instruction or broken tag"},
      {"hello", "text between stanzas"},
      {"<m>&nbsp;</m>", "an unknown entity"},
      {"<m>&#0;</m>", "an unknown entity"},
      {"<m>&#xD800;</m>", "an unknown entity"},
      {"<m>&#xFFFF;</m>", "an unknown entity"},
      {"<m>&#x110000;</m>", "an unknown entity"},
      {"<m>&#x;</m>", "an unknown entity"},
      {"<m>&;</m>", "an unknown entity"},
      {"<m>&#99999999999999999999;</m>", "an unknown entity"},
      {"<m>" + nul + "</m>", "a control character"},
      {"<m>\x01</m>", "a control character"},
      {"<m a='\x1F'/>", "a control character"},
      {"<m><![CDATA[\x02]]></m>", "a control character"},
      {"<m>\xC3\x28</m>", "not UTF-8"},
      {"<m>\xED\xA0\x80</m>", "not UTF-8"},
      {"<m>\xC0\xBC</m>", "not UTF-8"},
      {"<m>\xEF\xBF\xBE</m>", "a forbidden code point"},
      {"<m a='<'/>", "'<' in an attribute value"},
      {"<m a/>", "an attribute without value"},
      {"<m a=b/>", "an attribute value without quotes"},
      {"<m / >", "a broken tag"},
      {"<m =>", "a broken tag"},
      {"<m a='1'b='2'/>", "a broken tag"},
      {"<1/>", "a comment, processing instruction or broken tag"},
      {"<m></m!>", "a broken closing tag"},
  };
  for (const row& r : table) {
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{1000}}) {
      INFO(r.in << " in parts of " << chunk);
      CHECK(read(header + r.in, chunk).problem == r.problem);
    }
  }
  CHECK(read("</stream:stream>", 100).problem == "a closing tag before the stream");
  CHECK(read("<stream:stream/>", 100).problem == "a stream without content");
}

TEST_CASE("size, depth and attributes are bounded", "[stanza_reader]") {
  reader_limits limits;
  limits.stanza = 100;
  limits.depth = 3;
  limits.attributes = 3;
  CHECK(read(header + ("<m>" + std::string(100, 'x')), 1000, limits).problem ==
        "an element is too large");
  CHECK(read(header + ("<m a='" + std::string(100, 'x')), 1, limits).problem ==
        "an element is too large");
  CHECK(read(header + ("<" + std::string(100, 'm')), 1, limits).problem ==
        "an element is too large");
  CHECK(read(std::string(header) + "<a><b><c/></b></a>", 1000, limits).problem.empty());
  CHECK(read(std::string(header) + "<a><b><c><d/></c></b></a>", 1000, limits).problem ==
        "elements are nested too deeply");
  CHECK(read(std::string(header) + "<a x='' y='' z=''/>", 1000, limits).stanzas.size() == 1);
  CHECK(read(std::string(header) + "<a w='' x='' y='' z=''/>", 1000, limits).problem ==
        "an element has too many attributes");
  // Several small stanzas in one read are not one large one.
  std::string many = header;
  for (int i = 0; i < 50; ++i) many += "<presence from='a@b/c'/>";
  CHECK(read(many, 10000, limits).stanzas.size() == 50);
}

TEST_CASE("a restart begins a new stream", "[stanza_reader]") {
  stanza_reader reader;
  const std::string first = std::string(header) + "<success/>";
  reader.feed(first);
  CHECK(reader.next() == piece::header);
  CHECK(reader.next() == piece::stanza);
  CHECK_FALSE(reader.has_unread());
  reader.restart();
  const std::string second = std::string(header) + "<features/><par";
  reader.feed(second);
  CHECK(reader.next() == piece::header);
  CHECK(reader.next() == piece::stanza);
  CHECK(reader.text() == "<features/>");
  CHECK(reader.next() == piece::more);
  CHECK(reader.has_unread());
}

TEST_CASE("the head of a stanza tells where it goes", "[stanza_reader]") {
  const std::string stanza =
      "<message xmlns='jabber:client' to='me@a/x' from=\"r@m/it&apos;s\" type='groupchat' id='7'>"
      "<body to='no'/></message>";
  const auto head = halley::xmpp::read_head(stanza);
  CHECK(head.name == "message");
  CHECK(stanza.substr(head.to_at, head.to_size) == "me@a/x");
  CHECK(halley::xmpp::decode_references(head.from) == "r@m/it's");
  CHECK(head.type == "groupchat");
  CHECK(head.id == "7");
  CHECK(head.space == "jabber:client");
  CHECK(stanza.substr(head.end, 5) == "<body");
  CHECK(halley::xmpp::read_head("<presence/>").name == "presence");
  CHECK(halley::xmpp::read_head("<presence/>").to_size == 0);
}
