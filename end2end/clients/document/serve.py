"""usage: serve.py FOLDER (see ../README.md): a publisher of client documents, on this machine and over https."""

import datetime
import http.server
import json
import pathlib
import ssl
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

folder = pathlib.Path(sys.argv[1])


def certificate(name, issuer, public_key, signing_key, extensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(signing_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def write_certificates():
    """An authority that is trusted by whoever is told to, and in its name a certificate for localhost."""
    authority_name = "Journeys"
    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    authority = certificate(
        authority_name,
        authority_name,
        authority_key.public_key(),
        authority_key,
        [(x509.BasicConstraints(ca=True, path_length=0), True)],
    )
    chain = certificate(
        "localhost",
        authority_name,
        key.public_key(),
        authority_key,
        [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
            (x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), False),
        ],
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for name, content in {"authority.pem": authority, "certificate.pem": chain, "key.pem": private}.items():
        (folder / name).write_bytes(content)


class Publisher(http.server.BaseHTTPRequestHandler):
    """At `/NAME/client.json`, the document of a program called NAME on somebody's computer."""

    def do_GET(self):
        name, _, file = self.path.strip("/").partition("/")
        if file != "client.json":
            self.send_error(404)
            return
        document = {
            "client_id": f"{base}{self.path}",
            "client_name": f"{name} by document",
            "redirect_uris": ["http://127.0.0.1/callback", "http://localhost/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        }
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing on stderr: the journeys read on stdout where it listens."""


write_certificates()
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
# The port is known before the address that is published.
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
server.socket = tls.wrap_socket(server.socket, server_side=True)
base = f"https://localhost:{server.server_port}"
print(base, flush=True)
server.serve_forever()
