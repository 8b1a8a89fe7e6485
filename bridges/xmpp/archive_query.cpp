// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/archive_query.hpp"

#include "bridges/xmpp/decode.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

void field(xml_writer& out, const char* name, const std::string& value) {
  if (value.empty()) return;
  out.open("field").attribute("var", name).leaf("value", value).close();
}

}  // namespace

void ask_archive(leg& session, const archive_query& what, leg::handler then) {
  xml_writer out("iq");
  out.attribute("type", "set").attribute("to", what.archive).attribute("id", what.id);
  out.open("query", ns::mam).attribute("queryid", what.id);
  out.open("x", ns::data_form).attribute("type", "submit");
  out.open("field").attribute("var", "FORM_TYPE").attribute("type", "hidden");
  out.leaf("value", ns::mam).close();
  field(out, "with", what.with);
  if (what.end != 0) field(out, "end", print_iso_time(what.end));
  if (what.start != 0) field(out, "start", print_iso_time(what.start));
  out.close();
  out.open("set", ns::rsm);
  out.leaf("max", std::to_string(what.most));
  if (!what.after.empty()) out.leaf("after", what.after);
  if (!what.forward) out.leaf("before", what.before);
  session.ask(std::move(out), what.id, what.archive, asked::history, std::move(then));
}

archive_item read_archive_item(pugi::xml_node message) {
  archive_item out;
  const pugi::xml_node result = child_in(message, "result", ns::mam);
  if (!result) return out;
  out.query = result.attribute("queryid").value();
  out.from = message.attribute("from").value();
  out.id = result.attribute("id").value();
  const pugi::xml_node forwarded = child_in(result, "forwarded", ns::forward);
  out.at = read_delay(forwarded).value_or(0);
  out.message = forwarded.child("message");
  return out;
}

archive_page_end read_archive_end(pugi::xml_node iq) {
  const pugi::xml_node fin = child_in(iq, "fin", ns::mam);
  return {fin.attribute("complete").as_bool(),
          child_in(fin, "set", ns::rsm).child_value("last")};
}

}  // namespace halley::xmpp
