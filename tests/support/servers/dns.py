# SPDX-License-Identifier: GPL-3.0-or-later
"""A DNS server with a few records, in a thread of the test: UDP, one question a message (RFC 1035)."""

import ipaddress
import socket
import socketserver
import struct
import threading

A, AAAA, SRV = 1, 28, 33
NXDOMAIN, REFUSED = 3, 5


def name_bytes(name):
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def address_record(text):
    address = ipaddress.ip_address(text)
    return (A if address.version == 4 else AAAA), address.packed


def srv_record(priority, weight, port, target):
    return SRV, struct.pack("!HHH", priority, weight, port) + name_bytes(target)


class Dns(socketserver.ThreadingUDPServer):
    """`records`: {name: [address or (priority, weight, port, target), ...]}; may be changed while it
    answers. `asked` is what was asked for, in order."""

    daemon_threads = True

    def __init__(self, records=None, ttl=60, host="127.0.0.1"):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Answerer)
        self.records = records or {}
        self.ttl = ttl
        self.asked = []

    @property
    def resolver(self):
        host, port = self.server_address[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def start(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self.shutdown()
        self.server_close()

    def answer(self, question):
        number, = struct.unpack("!H", question[:2])
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        kind, = struct.unpack("!H", question[at + 1:at + 3])
        name = ".".join(labels).lower()
        self.asked.append(name)
        found = self.records.get(name)
        made = [srv_record(*one) if isinstance(one, tuple) else address_record(one)
                for one in found or []]
        made = [rest for its_kind, rest in made if its_kind == kind]
        code = 0 if found is not None else NXDOMAIN
        header = struct.pack("!HHHHHH", number, 0x8180 | code, 1, len(made), 0, 0)
        return header + question[12:at + 5] + b"".join(
            b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, self.ttl, len(one)) + one for one in made)


class Answerer(socketserver.BaseRequestHandler):
    def handle(self):
        question, answering = self.request
        answering.sendto(self.server.answer(question), self.client_address)
