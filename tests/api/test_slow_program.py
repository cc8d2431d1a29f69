"""A program that sends half a record and waits keeps nobody else from writing."""

import socket
import sqlite3
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.api.conftest import place_of, program
from tests.conftest import running_app
from tests.running_site import running_site


def test_half_a_record_does_not_hold_the_database(tmp_path: Path) -> None:
    with running_app(tmp_path) as app:
        ours = program(app, place_of().manager)
        ours.get("/listings")
    half = (
        "POST /api/v1/listings HTTP/1.1\r\nHost: catalogue.test\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {ours.secret}\r\nContent-Length: 100000\r\n\r\n{{"
    )
    with running_site(tmp_path, processes=1, with_worker=False) as site:
        address = urlsplit(site.url)
        with socket.create_connection((address.hostname or "", address.port or 0)) as slow:
            slow.sendall(half.encode())
            time.sleep(2)
            writer = sqlite3.connect(tmp_path / "catalogue.sqlite", timeout=0.2, isolation_level=None)
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("ROLLBACK")
            writer.close()
