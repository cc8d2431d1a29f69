"""A visitor who sends half a form and waits keeps nobody else from writing."""

import socket
import sqlite3
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import running_app
from tests.running_site import running_site

HALF_A_FORM = (
    b"POST /enquiries/new HTTP/1.1\r\nHost: catalogue.test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\na="
)


def test_half_a_form_does_not_hold_the_database(tmp_path: Path) -> None:
    with running_app(tmp_path):
        pass
    with running_site(tmp_path, processes=1, with_worker=False) as site:
        address = urlsplit(site.url)
        with socket.create_connection((address.hostname or "", address.port or 0)) as slow:
            slow.sendall(HALF_A_FORM)
            time.sleep(1)
            writer = sqlite3.connect(tmp_path / "catalogue.sqlite", timeout=0.2, isolation_level=None)
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("ROLLBACK")
            writer.close()
