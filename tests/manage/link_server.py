"""A web server on loopback that answers as its table says, and remembers what it was asked."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic, sleep
from typing import Any


class Server(ThreadingHTTPServer):
    """`answers` is {path: (status, headers)}, for one method only where the path is "GET /a"."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Any], address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), Handler)
        self.answers = answers
        self.asked: list[tuple[str, str, dict[str, str], float]] = []

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def questions(self) -> list[str]:
        return [f"{method} {path}" for method, path, _headers, _at in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is meant."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers), monotonic()))
        table = self.server.answers
        status, headers = table.get(f"{self.command} {self.path}", table.get(self.path, (404, {})))
        if status == "drip":
            self.drip()
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def drip(self) -> None:
        """A head that never ends, a line now and then."""
        for number in range(100):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" if number == 0 else b"X-More: 1\r\n")
            self.wfile.flush()
            sleep(0.1)

    do_HEAD = do_GET = answer  # noqa: N815 (the library's names)

    def log_message(self, *_words: object) -> None:
        """The table of questions is the log."""


@contextmanager
def link_server(
    answers: dict[str, Any], *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1"
) -> Iterator[Server]:
    server = Server(answers, address)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
