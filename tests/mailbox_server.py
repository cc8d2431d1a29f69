"""A real IMAP server on loopback (pymap), over TLS with a certificate of its own."""

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from imap_tools import MailBox
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

from facilities.db import now
from tests.post_office import free_port

USER, PASSWORD = "reply@catalogue.test", "p/a:ss"
ARGUMENTS = {
    "demo_data": False, "demo_user": USER, "demo_password": PASSWORD, "host": None, "port": None, "cert": None,
    "key": None, "tls": False, "proxy_protocol": None, "inherited_sockets": None, "passlib_cfg": None, "debug": False,
}  # fmt: skip


@dataclass
class MailboxServer:
    port: int
    certificate: Path

    @property
    def url(self) -> str:
        return f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[MailBox]:
        """The mailbox as its owner sees it."""
        trusting = ssl.create_default_context(cafile=str(self.certificate))
        with MailBox("127.0.0.1", self.port, timeout=10, ssl_context=trusting).login(USER, PASSWORD, folder) as box:
            yield box

    def deliver(self, *letters: bytes) -> None:
        with self.opened() as box:
            for letter in letters:
                box.append(letter, "INBOX")

    def subjects(self, folder: str = "INBOX") -> list[str]:
        with self.opened() as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder)
            return [letter.subject for letter in box.fetch(mark_seen=False)]


@contextmanager
def open_mailbox(folder: Path) -> Iterator[MailboxServer]:
    """Serve an empty mailbox until the block ends."""
    server = MailboxServer(free_port(), _certificate(folder))
    started: Future[Callable[[], object]] = Future()
    runner = Thread(target=lambda: asyncio.run(_serve(server, started)), daemon=True)
    runner.start()
    stop = started.result(10)
    try:
        yield server
    finally:
        stop()
        runner.join(10)


async def _serve(server: MailboxServer, started: "Future[Callable[[], object]]") -> None:
    """Answer until what `started` is given is called, from whatever thread."""
    backend, config = await DictBackend.init(Namespace(**ARGUMENTS))
    config.apply_context()
    answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(server.certificate)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    async with await asyncio.start_server(answer, "127.0.0.1", server.port, ssl=context):
        started.set_result(lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()


def _certificate(folder: Path) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "mailbox.pem"
    path.write_bytes(key.private_bytes(*form) + built.public_bytes(serialization.Encoding.PEM))
    return path
