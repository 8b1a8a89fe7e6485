# SPDX-License-Identifier: GPL-3.0-or-later
"""`halley check` and certificates: all that is wrong with one is said at once."""

import unittest

from check_stage import SECRET, CheckTest, free_port, inspircd
from certificates import make_certificate, make_expired


class Tls(CheckTest):
    """InspIRCd behind its own TLS, with certificates of ours."""

    def server(self, names="DNS:irc.check.test", days=30, authority=False, expired=False):
        server = inspircd(modules=("cgiirc", "cap", "ssl_gnutls"))
        root = make_certificate(server.folder, "authority") if authority else None
        path = make_certificate(server.folder, "irc", names, days, root)
        if expired:
            make_expired(server.folder, path)
        server.certificate = path + ".pem"
        server.authority = root and root + ".pem"
        server.tls_port = free_port()
        server.fields["lines"] += (
            f'<sslprofile name="c" provider="gnutls" certfile="{path}.pem" keyfile="{path}.key">'
            f'<bind address="127.0.0.1" port="{server.tls_port}" type="clients" sslprofile="c">')
        return self.start(server)

    def check_tls(self, server, **more):
        self.folder = server.folder
        return self.check(f"127.0.0.1:{server.tls_port}", tls="direct", webirc_password=SECRET,
                          **more)

    def test_a_certificate_we_trust(self):
        server = self.server(authority=True)
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.authority)
        self.says("tls", "ok", "TLSv1.3", "irc.check.test", "Check tests, authority", "until 20")
        self.says("message", "ok")
        self.succeeds()

    def test_another_name(self):
        server = self.server(names="DNS:elsewhere.test,DNS:www.elsewhere.test")
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.certificate)
        self.says("tls", "failed",
                  "the certificate is for elsewhere.test, www.elsewhere.test, "
                  "not for irc.check.test", "set tls_name")
        self.fails()

    def test_a_self_signed_certificate(self):
        self.check_tls(self.server(), tls_name="irc.check.test")
        self.says("tls", "failed", "self-signed (by Check tests, irc)", "tls_ca_file")
        self.fails()

    def test_an_authority_nobody_knows(self):
        self.check_tls(self.server(authority=True), tls_name="irc.check.test")
        self.says("tls", "failed", "issued by Check tests, authority",
                  "which this machine does not trust")
        self.fails()

    def test_an_expired_certificate_of_another_name(self):
        server = self.server(expired=True)
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.certificate)
        self.says("tls", "failed", "the certificate expired on 2020-01-02",
                  "for elsewhere.test, not for irc.check.test")
        self.fails()

    def test_soon_to_expire(self):
        server = self.server(days=5)
        self.check_tls(server, tls_name="irc.check.test", tls_ca_file=server.certificate)
        self.says("tls", "warning", "days, see to its renewal")
        self.succeeds()

    def test_tls_on_the_plain_port(self):
        server = self.start(inspircd())
        self.check(server, tls="direct", tls_name="irc.check.test", connect_timeout_s=2)
        self.says("tls", "failed", "not speak TLS on this port", "6697")
        self.fails()


if __name__ == "__main__":
    unittest.main()
