-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- For the rooms of Prosody: the line "!crowd 1000" shows everybody in the room so many people coming
-- in within a second. A thousand real ones would make the server what is measured: it tells each of
-- them of each other.
local st = require "util.stanza";
local timer = require "util.timer";

local waves = 50;

local function come(room, number)
	local item = { affiliation = "none", role = "participant" };
	for _, occupant in room:each_occupant() do
		for jid in occupant:each_session() do
			local presence = st.presence({ from = room.jid .. "/crowd" .. number, to = jid })
				:tag("x", { xmlns = "http://jabber.org/protocol/muc#user" }):tag("item", item);
			room:route_stanza(presence);
		end
	end
end

module:hook("muc-occupant-groupchat", function(event)
	local body = event.stanza:get_child_text("body") or "";
	local count = tonumber(body:match("^!crowd (%d+)$"));
	if not count then return; end
	local room, there = event.room, 0;
	timer.add_task(1 / waves, function()
		for _ = 1, math.ceil(count / waves) do
			if there < count then
				there = there + 1;
				come(room, there);
			end
		end
		if there < count then return 1 / waves; end
	end);
	return true; -- nobody needs to read that
end, 100);
