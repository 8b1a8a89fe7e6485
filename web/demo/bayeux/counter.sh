#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# counter.sh GATEWAY KEY [CHANNEL]: counts aloud, once a second. KEY is bayeux.publish_key.
n=0
while curl -sf -H "Authorization: Bearer $2" -o /dev/null \
  -d "[{\"channel\":\"${3:-/chat/irc/halley}\",\"data\":\"count $((n += 1))\"}]" "$1/cometd"; do sleep 1; done
