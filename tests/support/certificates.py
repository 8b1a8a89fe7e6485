# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates for one test: good ones, and ones that are wrong in one way each."""

import os
import subprocess

CA = """\
[ca]
default_ca = here
[here]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
copy_extensions = copy
[any]
organizationName = optional
commonName = supplied
"""


def make_expired(folder, path):
    """Signs the certificate at `path` anew, for a day long past: req knows no past days."""
    with open(os.path.join(folder, "ca.cnf"), "w", encoding="utf-8") as out:
        out.write(CA.format(folder=folder))
    open(os.path.join(folder, "index.txt"), "w", encoding="utf-8").close()
    subprocess.run(["openssl", "req", "-new", "-key", path + ".key", "-subj",
                    "/O=Check tests/CN=irc", "-addext", "subjectAltName=DNS:elsewhere.test",
                    "-out", path + ".csr"],
                   check=True, capture_output=True)
    subprocess.run(["openssl", "ca", "-batch", "-config", os.path.join(folder, "ca.cnf"),
                    "-create_serial", "-rand_serial", "-selfsign", "-keyfile", path + ".key", "-in",
                    path + ".csr", "-notext", "-startdate", "20200101000000Z", "-enddate",
                    "20200102000000Z", "-out", path + ".pem"], check=True, capture_output=True)


def make_certificate(folder, name="ours", names="DNS:irc.check.test", days=30, authority=None):
    """A key and a certificate, self-signed or by `authority`; returns the path without its end."""
    path = os.path.join(folder, name)
    signed_by = []
    if authority is not None:
        signed_by = ["-CA", authority + ".pem", "-CAkey", authority + ".key"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", str(days), "-subj", f"/O=Check tests/CN={name}", "-addext",
         "subjectAltName=" + names, "-keyout", path + ".key", "-out", path + ".pem", *signed_by],
        check=True, capture_output=True)
    for end in (".key", ".pem"):
        os.chmod(path + end, 0o644)
    return path
