"""WebDAV as wsgidav serves it over cheroot, over HTTP and over TLS with a certificate of its own."""

import datetime as dt
import ipaddress
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from wsgidav.wsgidav_app import WsgiDAVApp

USER = "reader"
PASSWORD = "the-password-of-the-reader"


@dataclass(frozen=True)
class WebdavServer:
    """Its address, the folder that it serves, and the file of its certificate, if it has one."""

    address: str
    root: Path
    ca_file: str = ""


@contextmanager
def webdav_server():
    with tempfile.TemporaryDirectory(prefix="centaure-webdav-") as folder:
        root = Path(folder)
        with _served(root) as address:
            yield WebdavServer(address, root)


@contextmanager
def webdav_tls_server():
    with (
        tempfile.TemporaryDirectory(prefix="centaure-webdav-") as folder,
        tempfile.TemporaryDirectory(prefix="centaure-certificate-") as keys,
    ):
        root, certificate, key = Path(folder), Path(keys) / "cert.pem", Path(keys) / "key.pem"
        _write_certificate(certificate, key)
        with _served(root, BuiltinSSLAdapter(str(certificate), str(key))) as address:
            yield WebdavServer(address, root, str(certificate))


@contextmanager
def _served(root, adapter=None):
    application = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(root)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False},
            "property_manager": True,
            "verbose": 0,
            "logging": {"enable": False},
            "dir_browser": {"enable": True},
            # Apache follows links where it is told to; so does this one, that a test can see it.
            "fs_dav_provider": {"follow_symlinks": True},
        }
    )
    server = Server(("127.0.0.1", 0), application, numthreads=8, shutdown_timeout=1)
    server.ssl_adapter = adapter
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        scheme = "https" if adapter else "http"
        yield f"{scheme}://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join(timeout=10)


def _write_certificate(certificate, key):
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
