#!/bin/sh
# publish.sh GATEWAY KEY CHANNEL TEXT
curl -s -H "Authorization: Bearer $2" -d "[{\"channel\":\"$3\",\"data\":\"$4\"}]" "$1/cometd"
