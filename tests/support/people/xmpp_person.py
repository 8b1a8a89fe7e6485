# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at an ordinary XMPP client: slixmpp. The same words and events as IrcPerson; rooms are bare
JIDs, private messages carry the JID they came from."""

import asyncio
import logging

import slixmpp

from .waiting import Watcher

logging.getLogger("slixmpp").setLevel(logging.CRITICAL)


class XmppPerson(Watcher):
    def __init__(self, jid, password, nick):
        super().__init__("person " + nick)
        self.nick = nick
        self.client = slixmpp.ClientXMPP(jid, password)
        for plugin in ("xep_0030", "xep_0045", "xep_0199", "xep_0085", "xep_0308"):
            self.client.register_plugin(plugin)
        # Loopback without TLS: the certificate of a test server is nobody's business here.
        self.client["feature_mechanisms"].unencrypted_plain = True
        self.client["feature_mechanisms"].unencrypted_scram = True
        on = self.client.add_event_handler
        on("session_start", self._on_start)
        on("groupchat_message", self._on_groupchat)
        on("message", self._on_message)
        on("groupchat_subject", self._on_subject)
        on("groupchat_presence", self._on_presence)
        on("failed_auth", lambda _: self.end("login refused"))
        on("connection_failed", lambda why: self.end(f"no connection: {why}"))
        on("disconnected", lambda why: self.end(f"disconnected: {why}"))

    @classmethod
    async def connect(cls, server, nick, rooms=(), password="secret"):
        """The account `nick` must exist: server.add_account(nick, "secret")."""
        self = cls(f"{nick}@{server.domain}/slixmpp", password, nick)
        self.client.connect((server.host, server.port), disable_starttls=True)
        await self.wait_for(lambda e: e[0] == "online", what="online")
        for room in rooms:
            await self.join(room)
        return self

    def _on_start(self, _):
        self.client.send_presence()
        self.saw(("online", self.nick))

    def _on_groupchat(self, message):
        if message["body"]:
            self.saw(("said", message["from"].bare, message["from"].resource, message["body"]))

    def _on_message(self, message):
        if message["type"] in ("chat", "normal") and message["body"]:
            self.saw(("said", self.nick, str(message["from"]), message["body"]))

    def _on_subject(self, message):
        self.saw(("topic", message["from"].bare, message["from"].resource, message["subject"]))

    def _on_presence(self, presence):
        room, who = presence["from"].bare, presence["from"].resource
        if presence["type"] == "error":
            self.saw(("refused", room, presence["error"]["condition"]))
        elif presence["type"] != "unavailable":
            self.saw(("joined", room, who))
        else:
            codes = {int(code) for code in presence["muc"]["status_codes"]}
            if 303 in codes:
                self.saw(("nick", who, presence["muc"]["item"]["nick"]))
            elif codes & {301, 307}:
                self.saw(("kicked", room, "", who, presence["status"]))
            else:
                self.saw(("left", room, who, presence["status"]))

    async def join(self, room):
        self.client["xep_0045"].join_muc(room, self.nick)
        await self.wait_for(lambda e: e[0] == "joined" and e[1] == room and e[2] == self.nick,
                            what="joined " + room)

    async def say(self, to, text):
        kind = "groupchat" if to in self.client["xep_0045"].get_joined_rooms() else "chat"
        self.client.send_message(mto=to, mbody=text, mtype=kind)

    async def me(self, to, text):
        await self.say(to, "/me " + text)

    async def change_nick(self, new):
        for room in list(self.client["xep_0045"].get_joined_rooms()):
            self.client.send_presence(pto=f"{room}/{new}")
        await self.wait_for(lambda e: e[:3] == ("nick", self.nick, new), what="nick " + new)
        self.nick = new

    async def set_topic(self, room, text):
        self.client["xep_0045"].set_subject(room, text)

    async def kick(self, room, nick, text=""):
        await self.client["xep_0045"].set_role(room, nick, "none", reason=text)

    async def part(self, room, text=""):
        self.client["xep_0045"].leave_muc(room, self.nick, text)

    async def hears(self, text, by=None, kind="said", timeout=None):
        return await self.wait_for(lambda e: e[0] == kind and e[-1] == text and by in (None, e[2]),
                                   timeout, what=f"{kind} {text!r}")

    async def sees(self, kind, *fields, timeout=None, after=0):
        return await self.wait_for(lambda e: e[0] == kind and e[1:1 + len(fields)] == fields,
                                   timeout, after, what=f"{kind} {fields}")

    async def quit(self, text=""):
        self.client.disconnect(wait=1)
        await self.client.disconnected

    async def close(self):
        self.client.abort()
