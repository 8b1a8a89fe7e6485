import json, sys, urllib.request  # publish.py GATEWAY KEY CHANNEL TEXT
gateway, key, channel, text = sys.argv[1:]
body = json.dumps([{"channel": channel, "data": text}]).encode()
print(urllib.request.urlopen(urllib.request.Request(gateway + "/cometd", body, {"Authorization": "Bearer " + key})).read().decode())
