"""The checker asks politely, understands answers and never enters a private network."""

import asyncio
import ipaddress
import socket
import ssl
from datetime import timedelta
from time import monotonic

import pytest

from facilities.manage.reaching import Answer, Checker, Guard, LinkProblem, Outcome
from tests.manage.link_server import link_server

AGENT = "facilities-catalogue link check (+http://catalogue.test)"


def looked_at(url: str, guard: Guard | None = None) -> Answer:
    return asyncio.run(Checker(AGENT, guard).look_at(url))


def open_guard(*servers, **wider) -> Guard:
    """A guard that lets the checker ask these servers on loopback."""
    ports = frozenset({80, 443, *(server.port for server in servers)})
    return Guard(allow_loopback=True, ports=ports, **{"pause": 0.0} | wider)


@pytest.mark.parametrize("code", [200, 204, 206, 400, 401, 403, 405, 418, 451])
def test_a_page_that_is_there_counts_as_reached_even_if_it_refuses(code):
    with link_server({"/": (code, {})}) as server:
        assert looked_at(server.url, open_guard(server)) == Answer(Outcome.REACHED, code)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (404, LinkProblem.NOT_FOUND),
        (410, LinkProblem.GONE),
        (500, LinkProblem.SERVER_ERROR),
        (502, LinkProblem.SERVER_ERROR),
    ],
)
def test_a_page_that_is_gone_counts_as_failed(code, problem):
    with link_server({"/a": (code, {})}) as server:
        assert looked_at(f"{server.url}/a", open_guard(server)) == Answer(Outcome.FAILED, code, problem)
        assert server.questions == ["HEAD /a", "GET /a"]


def test_a_server_that_does_not_know_head_is_asked_for_the_page():
    with link_server({"HEAD /": (405, {}), "GET /": (200, {})}) as server:
        assert looked_at(server.url, open_guard(server)).code == 200


@pytest.mark.parametrize(
    ("code", "after", "wait"),
    [
        (429, "3600", timedelta(hours=1)),
        (503, "120", timedelta(minutes=2)),
        (429, "99999999999999", timedelta(days=7)),
        (429, "Wed, 21 Oct 2015 07:28:00 GMT", timedelta()),
        (429, "soon", None),
        (503, "", None),
    ],
)
def test_a_server_that_is_busy_is_left_alone_as_long_as_it_asks(code, after, wait):
    with link_server({"/": (code, {"Retry-After": after} if after else {})}) as server:
        assert looked_at(server.url, open_guard(server)) == Answer(Outcome.PUT_OFF, code, wait=wait)
        assert server.questions == ["HEAD /"]


def test_it_says_who_asks_and_for_what():
    with link_server({"/p%C3%A5%20g?q=%C3%A5&r=a%20b": (200, {})}) as server:
        assert looked_at(f"{server.url}/på g?q=å&r=a%20b#part", open_guard(server)).code == 200
        _method, _path, headers, _at = server.asked[0]
    assert headers["User-Agent"] == AGENT
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert "Cookie" not in headers and "Referer" not in headers


def test_redirects_are_followed_to_the_end():
    table = {"/a": (301, {"Location": "/b"}), "/b": (302, {"Location": "c?d=1"}), "/c?d=1": (200, {})}
    with link_server(table) as server:
        assert looked_at(f"{server.url}/a", open_guard(server)).code == 200
        assert server.questions == ["HEAD /a", "HEAD /b", "HEAD /c?d=1"]


def test_at_most_five_redirects_are_followed():
    with link_server({"/a": (301, {"Location": "/a"})}) as server:
        assert looked_at(f"{server.url}/a", open_guard(server)).problem is LinkProblem.REDIRECTS
        assert len(server.asked) == 6


def test_two_questions_to_one_machine_are_apart():
    with link_server({"/a": (301, {"Location": "/b"}), "/b": (200, {})}) as server:
        looked_at(f"{server.url}/a", open_guard(server, pause=0.4))
        first, second = (at for *_question, at in server.asked)
    assert second - first >= 0.39


def test_a_server_that_drips_its_answer_is_given_up_in_time():
    with link_server({"/": ("drip", {})}) as server:
        began = monotonic()
        answer = looked_at(server.url, open_guard(server, each=0.5))
    assert answer.problem is LinkProblem.TIMEOUT and monotonic() - began < 2


def test_an_endless_head_is_given_up():
    with link_server({"/": (200, {f"X-{i}": "y" * 1000 for i in range(60)})}) as server:
        assert looked_at(server.url, open_guard(server)).problem is LinkProblem.NO_ANSWER


def test_a_port_where_nobody_listens_and_a_name_that_does_not_exist():
    with link_server({}) as server:
        guard = open_guard(server)
        url = server.url
    assert looked_at(url, guard).problem is LinkProblem.NO_ANSWER
    assert looked_at("http://no-such-machine.invalid/", guard).problem is LinkProblem.NO_SUCH_HOST


def test_something_that_is_no_web_server_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        async def greet(_reader, writer) -> None:
            writer.write(b"220 mail ready\r\n\r\n")
            writer.close()

        async def talk() -> Answer:
            async with await asyncio.start_server(greet, sock=listener):
                return await Checker(AGENT, Guard(True, frozenset({port}), 0.0)).look_at(f"http://127.0.0.1:{port}/")

        assert asyncio.run(talk()).problem is LinkProblem.NO_ANSWER


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]",
     "[::ffff:7f00:1]", "127.0.0.1."],
)  # fmt: skip
def test_the_machine_itself_is_never_asked_however_it_is_written(host):
    with link_server({"/": (200, {})}) as server:
        guard = Guard(ports=frozenset({server.port}))
        answer = looked_at(f"http://{host}:{server.port}/", guard)
        assert server.asked == []
    assert answer.outcome is Outcome.FAILED and answer.problem in (LinkProblem.PRIVATE, LinkProblem.NO_SUCH_HOST)


def test_the_machine_itself_is_not_asked_by_ipv6():
    with link_server({"/": (200, {})}) as server:
        answer = looked_at(f"http://[::1]:{server.port}/", Guard(ports=frozenset({server.port})))
    assert answer.problem is LinkProblem.PRIVATE


@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:{port}/b", "//127.0.0.1:{port}/b", "http://2130706433:{port}/b", "http://[::1]:{port}/b",
              "http://10.0.0.1:{port}/", "http://169.254.169.254:{port}/latest/meta-data/"],
)  # fmt: skip
def test_a_redirect_into_a_private_network_is_not_followed(where, monkeypatch):
    """The first machine is let through by its name; what it redirects to is judged anew."""
    with link_server({"/b": (200, {})}) as inside, link_server({}) as outside:
        outside.answers["/a"] = (302, {"Location": where.format(port=inside.port)})
        answer = looked_at(f"{outside.url}/a", OnlyFirst(outside.port, inside.port))
        assert outside.questions == ["HEAD /a"] and inside.asked == []
    assert answer.problem is LinkProblem.PRIVATE


class OnlyFirst(Guard):
    """Takes loopback for public at the first question only, as a machine out there would be."""

    def __init__(self, *ports: int) -> None:
        super().__init__(ports=frozenset(ports), pause=0.0)
        self.let_through = 0

    def may_connect(self, address):
        self.let_through += 1
        return self.let_through == 1 or super().may_connect(address)


def test_a_name_is_looked_up_once_so_that_it_cannot_mean_another_machine_when_asked():
    """DNS rebinding: what was judged is what is connected to."""
    with link_server({"/": (200, {})}) as server:
        names = Rebinding(server.port)
        guard = OnlyFirst(server.port)
        guard.each = 1.5
        answer = asyncio.run(rebound(names, guard, f"http://rebinding.test:{server.port}/"))
        assert server.asked == [] and names.times == 1
    assert answer.outcome is Outcome.FAILED


class Rebinding:
    """A name server that gives a public address first and the machine itself after that."""

    def __init__(self, port: int) -> None:
        self.port, self.times = port, 0

    async def __call__(self, host, port, **_wishes):
        self.times += 1
        address = "192.0.2.1" if self.times == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]


async def rebound(names: Rebinding, guard: Guard, url: str) -> Answer:
    loop = asyncio.get_running_loop()
    known = loop.getaddrinfo

    async def getaddrinfo(host, port, **wishes):
        return await (names if host == "rebinding.test" else known)(host, port, **wishes)

    loop.getaddrinfo = getaddrinfo
    return await Checker(AGENT, guard).look_at(url)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/", "https://example.org:22/", "http://user:secret@example.org/", "http://user@example.org/",
     "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "javascript:alert(1)", "",
     "https://example.org/a", "http://www.example.com/", "http://lab.example/"],
)  # fmt: skip
def test_other_ports_schemes_and_addresses_with_a_password_are_not_asked(url):
    assert looked_at(url).outcome is Outcome.UNCHECKED


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "http://exa mple.org/", "http://a_b..c/", "http://" + "a" * 300]
)
def test_what_is_no_address_has_no_machine(url):
    assert looked_at(url).outcome in (Outcome.FAILED, Outcome.UNCHECKED)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.2.1",
     "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "::7f00:1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1",
     "64:ff9b::a00:1", "2002:7f00:1::1", "2001:db8::1", "2001::1", "::ffff:169.254.169.254"],
)  # fmt: skip
def test_no_address_inside_a_network_is_connected_to(address):
    assert not Guard().may_connect(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["193.10.64.1", "8.8.8.8", "2001:6b0::1", "2a00:1450:400f::1", "::ffff:193.10.64.1"]
)
def test_public_addresses_are(address):
    assert Guard().may_connect(ipaddress.ip_address(address))


def test_a_certificate_that_browsers_would_refuse_is_a_failure(tmp_path):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*self_signed(tmp_path))
    with link_server({"/": (200, {})}, tls=tls) as server:
        answer = looked_at(f"https://localhost:{server.port}/", open_guard(server))
        trusting = open_guard(server, tls=ssl.create_default_context(cafile=str(tmp_path / "cert.pem")))
        trusted = looked_at(f"https://localhost:{server.port}/", trusting)
    assert answer.problem is LinkProblem.CERTIFICATE
    assert trusted.code == 200


def self_signed(folder):
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), at, at + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate, private
