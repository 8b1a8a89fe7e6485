#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages are tried against: InspIRCd, Prosody and the gateway, started for one test file.

    world.py [PAGES [HTTP [MORE [SESSIONS]]]]
                                        PAGES: the folder to serve; as JSON HTTP and SESSIONS: more
                                        settings of [http] and [sessions], MORE: of the networks,
                                        {"irc": {...}, "xmpp": {...}};
                                        {"plain": {}}: ngIRCd besides, {"members": {}}: Prosody once
                                        more, for accounts only; {"tokens": {}}: ejabberd, which
                                        lets in whose token is made with TOKEN_KEY;
                                        {"cleanable": {}}: moderators of Prosody's rooms can take
                                        away what others said;
                                        {"words": {}}: Prosody once more, with mod_auth_words.lua;
                                        {"pair": {}}: another InspIRCd, two.irc.test, linked to the
                                        first; {"redacting": {"servers": [...]}}: a server of the test's
                                        own; {"services": {}}: InspIRCd with Atheme, who knows zoe

Prints one line of JSON when all answer: {"url", "ports": {"irc", "xmpp", "plain", "pair", "services"}, "xmppHost"}. Then reads
a word a line and prints "done" after each: stop-gateway, kill-gateway, start-gateway, pause-gateway
(it says and hears nothing, but no connection breaks), resume-gateway, kill-irc, start-irc. Ends with
its input.
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from servers import (Ejabberd, Gateway, InspIRCd, InspIRCdWithAccounts, Ngircd, Prosody,  # noqa: E402
                     linked_pair)

TOKEN_KEY = b"a key of a site and its chat server"


def say(what):
    print(json.dumps(what), flush=True)


def main():
    built = os.path.normpath(os.path.join(HERE, "..", "..", "web", "dist"))
    pages = sys.argv[1] if len(sys.argv) > 1 else built
    http = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    more = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
    sessions = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
    irc, pair = linked_pair() if "pair" in more else (InspIRCd().start(), None)
    xmpp = Prosody()
    if "words" in more:
        xmpp.make_folder("plugins")
        with open(os.path.join(HERE, "mod_auth_words.lua"), encoding="utf-8") as plugin:
            xmpp.write("plugins/mod_auth_words.lua", plugin.read())
        xmpp.more_hosts = 'VirtualHost "words.alpha.test"\n  authentication = "words"'
    if "cleanable" in more:
        xmpp.room_modules = (*xmpp.room_modules, "muc_moderation")
    xmpp.start()
    xmpp.add_account("ada", "secret")
    networks = [
        irc.network("irc", title="Comet IRC", rooms=["#halley", "#lounge"], **more.get("irc", {})),
        xmpp.network("xmpp", title="Comet XMPP", rooms=["halley", "lounge"], **more.get("xmpp", {})),
    ]
    plain = Ngircd().start() if "plain" in more else None
    if plain:
        networks.append(plain.network("plain", title="Plain IRC", **more["plain"]))
    if "words" in more:
        words = xmpp.network("words", title="Words", guests=False, **more["words"])
        networks.append({**words, "domain": "words.alpha.test"})
    if "members" in more:
        networks.append(xmpp.network("members", title="Members", guests=False, **more["members"]))
    if "redacting" in more:
        networks.append({"name": "redacting", "title": "Redacting IRC", "kind": "irc",
                         **more["redacting"]})
    services = InspIRCdWithAccounts("services.test", "5AA").start() if "services" in more else None
    if services:
        services.add_account("zoe", "secret")
        networks.append(services.network("services", title="IRC with accounts", **more["services"]))
    tokens = Ejabberd(token_key=TOKEN_KEY).start() if "tokens" in more else None
    if tokens:
        networks.append(tokens.network("tokens", title="Tokens", guests=False, **more["tokens"]))
    gateway = Gateway(networks, shards=2, http={"static_root": pages, **http},
                      sessions={"grace_s": 20, "outbox_count": 20000,
                                "outbox_bytes": 16 * 1024 * 1024, **sessions})
    gateway.start()
    verbs = {"stop-gateway": gateway.terminate, "kill-gateway": gateway.kill,
             "start-gateway": gateway.start, "pause-gateway": gateway.pause,
             "resume-gateway": gateway.resume, "kill-irc": irc.kill, "start-irc": irc.start}
    try:
        say({"url": gateway.url, "ports": {"irc": irc.port, "xmpp": xmpp.port,
                                           "plain": plain and plain.port, "pair": pair and pair.port,
                                           "services": services and services.port}, "xmppHost": xmpp.host})
        for line in sys.stdin:
            verbs[line.strip()]()
            say("done")
    finally:
        for server in (gateway, xmpp, irc, pair, plain, services, tokens):
            if server:
                server.stop()


main()
