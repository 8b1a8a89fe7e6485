-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- For Prosody: lets everybody in once, with any password, and when he comes again refuses him in words
-- that are markup. Who says "close" has his stream closed, so that he has to come again.
local new_sasl = require "util.sasl".new;

local words = "<img src=x onerror=alert(1)>";
local conditions = { closed = "account-disabled"; };
local known = {};
local provider = {};

function provider.test_password() return true; end
function provider.user_exists() return true; end

function provider.get_sasl_handler()
	local handler = new_sasl(module.host, { plain_test = function() return true, true; end });
	local process = handler.process;
	function handler:process(message)
		local status, ret, text = process(self, message);
		if status == "success" and known[self.username] then
			return "failure", conditions[self.username] or "temporary-auth-failure", words;
		end
		known[self.username or ""] = true;
		return status, ret, text;
	end
	function handler:clean_clone() return provider.get_sasl_handler(); end
	return handler;
end

module:provides("auth", provider);

module:hook("pre-message/bare", function (event)
	if event.stanza:get_child_text("body") ~= "close" then return; end
	event.origin:close();
	return true;
end, 10);
