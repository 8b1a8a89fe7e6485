# SPDX-License-Identifier: GPL-3.0-or-later
"""Real chat servers and the gateway, started for one test file and stopped with it.

Everything listens on loopback addresses and free ports, runs as an unprivileged user where the tests
run as root, and keeps its files in a folder of its own that is removed afterwards.
"""

from .process import Server, free_port, loopback_address, start_error
from .ngircd import Ngircd
from .inspircd import InspIRCd, InspIRCdMoreWays, linked_pair
from .atheme import Atheme, InspIRCdWithAccounts
from .prosody import Prosody, federated_pair
from .ejabberd import Ejabberd
from .dns import Dns
from .gateway import Gateway

__all__ = [
    "Server", "free_port", "loopback_address", "start_error", "Ngircd", "InspIRCd", "InspIRCdMoreWays",
    "linked_pair",
    "Atheme", "InspIRCdWithAccounts", "Prosody", "federated_pair", "Ejabberd", "Dns",
    "Gateway",
]
