# SPDX-License-Identifier: GPL-3.0-or-later
"""The truth of the XMPP rooms: their archives (XEP-0313), read from the server when all is over."""

from people.xmpp_person import XmppPerson


async def read_archive(server, account, room):
    """The texts of a room in the archive's order."""
    reader = XmppPerson(f"{account}@{server.domain}/archive", "secret", account)
    reader.client.register_plugin("xep_0313")
    reader.client.connect((server.host, server.port), disable_starttls=True)
    await reader.wait_for(lambda e: e[0] == "online", what="online")
    texts = []
    pages = reader.client["xep_0313"].retrieve(jid=room, iterator=True, rsm={"max": 50})
    async for page in pages:
        for one in page["mam"]["results"]:
            body = one["mam_result"]["forwarded"]["stanza"]["body"]
            if body:
                texts.append(body)
    await reader.close()
    return texts
