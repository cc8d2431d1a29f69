"""A real name server on loopback that knows what a test tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

RECORD = tuple[str, str]
"""Type and data, such as ("MX", "10 mail.example.org.")."""


@dataclass
class NameServer:
    """`zones` are the records of the domains that exist; of a silent domain it never answers. `asked` are questions."""

    zones: dict[str, list[RECORD]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        (question,) = query.question
        domain, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((domain, kind))
        if domain in self.silent:
            return None
        response = dns.message.make_response(query)
        if domain not in self.zones:
            response.set_rcode(dns.rcode.NXDOMAIN)
        for data in (data for its_kind, data in self.zones.get(domain, []) if its_kind == kind):
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, data))
        return response.to_wire()


@contextmanager
def open_name_server() -> Iterator[NameServer]:
    names = NameServer()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            wire, socket = self.request
            if answer := names.answer(wire):
                socket.sendto(answer, self.client_address)

    with ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        names.port = server.server_address[1]
        runner = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        runner.start()
        yield names
        server.shutdown()
        runner.join()
