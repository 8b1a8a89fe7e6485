-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- XEP-0425 in its present version (urn:xmpp:message-moderate:1) for Prosody 0.12, whose module speaks
-- the first one: who may not is refused, everything else is announced.
local st = require "util.stanza";
local id = require "util.id";
local mod_muc = module:depends "muc";

local xmlns = "urn:xmpp:message-moderate:1";
local xmlns_retract = "urn:xmpp:message-retract:1";

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = xmlns }):up();
end);

module:hook("iq-set/bare/" .. xmlns .. ":moderate", function (event)
	local stanza, origin = event.stanza, event.origin;
	local room = mod_muc.get_room_from_jid(stanza.attr.to);
	local nick = room:get_occupant_jid(stanza.attr.from);
	local asked = stanza.tags[1];
	if room:get_role(nick) ~= "moderator" then
		origin.send(st.error_reply(stanza, "auth", "forbidden"));
		return true;
	end
	if not asked.attr.id or not asked:get_child("retract", xmlns_retract) then
		origin.send(st.error_reply(stanza, "modify", "bad-request"));
		return true;
	end
	room:broadcast_message(st.message({ from = room.jid, type = "groupchat", id = id.medium() })
		:tag("retract", { xmlns = xmlns_retract, id = asked.attr.id })
			:tag("moderated", { xmlns = xmlns, by = nick }):up()
			:text_tag("reason", asked:get_child_text("reason") or ""));
	origin.send(st.reply(stanza));
	return true;
end);
