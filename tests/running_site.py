"""The whole site as an operator runs it: gunicorn with two processes and the worker beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGQUIT
from threading import Thread
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from werkzeug.serving import make_server

from tests.post_office import free_port

ROOT = Path(__file__).parent.parent
PATIENCE = 60


@dataclass
class Site:
    """A running site; `web` and `worker` are its processes."""

    url: str
    instance: Path
    environment: dict[str, str]
    web: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None

    @property
    def settings(self) -> dict[str, object]:
        """With which the test's own process opens the same catalogue."""
        return {"INSTANCE_PATH": self.instance, "SITE_URL": self.url}


@contextmanager
def running_site(instance: Path, *, processes: int = 2, with_worker: bool = True, **settings: str) -> Iterator[Site]:
    """Serve the catalogue of `instance` until the block ends. Its database must exist."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    offline = {"CHECK_LINKS": "0", "CHECK_MAIL_DOMAINS": "0"}
    environment = os.environ | {"INSTANCE_PATH": str(instance), "SITE_URL": url} | offline | settings
    web = subprocess.Popen(web_command(port, processes), cwd=ROOT, env=environment)
    worker = subprocess.Popen(flask_command("worker"), cwd=ROOT, env=environment) if with_worker else None
    try:
        wait_until_alive(url)
        yield Site(url, instance, environment, web, worker)
    finally:
        web.send_signal(SIGQUIT)  # at once: it would wait for connections that browsers keep open
        if worker:
            worker.terminate()
        for process in filter(None, (web, worker)):
            process.wait(20)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application of the test's own process until the block ends; gives the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def prepare(instance: Path) -> None:
    """A new instance with the demo catalogue, as `make run` makes it."""
    environment = os.environ | {"INSTANCE_PATH": str(instance)}
    subprocess.run(flask_command("prepare"), cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def import_corpus(instance: Path, records: Path) -> None:
    """A new instance with the records of a file; what the command said is in the file `said`."""
    instance.mkdir()
    environment = os.environ | {"INSTANCE_PATH": str(instance)}
    for command in (("db", "upgrade"), ("catalogue", "import", str(records))):
        done = subprocess.run(flask_command(*command), cwd=ROOT, env=environment, check=True, capture_output=True)
    (instance / "said").write_bytes(done.stdout)


def web_command(port: int, processes: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", f"--workers={processes}", "--threads", "2",
            "--no-control-socket",
            "--log-level", "warning", "wsgi:app"]  # fmt: skip


def flask_command(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def wait_until_alive(url: str) -> None:
    """Wait until the site answers; TimeoutError after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {PATIENCE} s")
