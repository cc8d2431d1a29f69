"""The conversation with the mail server: one connection for many letters, patience, the server's own words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from time import monotonic, sleep

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from facilities import mail, smtp
from tests.faults.server import Faults, FaultyServer
from tests.post_office import free_port
from tests.test_mail import LETTER


@pytest.fixture
def server(app: Flask) -> Iterator[FaultyServer]:
    with FaultyServer(free_port(), Random(1)) as server:
        app.config["SMTP_URL"] = server.url
        yield server


def send(number: int = 1) -> str:
    return mail.send(mail.compose(replace(LETTER, seed=str(number))))


def until(true: Callable[[], object]) -> None:
    """Wait for what another thread does; TimeoutError after five seconds."""
    deadline = monotonic() + 5
    while not true():
        if monotonic() > deadline:
            raise TimeoutError
        sleep(0.01)


def test_what_the_server_says_to_a_letter_is_kept(server: FaultyServer) -> None:
    assert [send(1), send(2)] == ["250 2.0.0 Taken as 1", "250 2.0.0 Taken as 2"]


def test_many_letters_go_over_one_connection_that_ends_politely(server: FaultyServer) -> None:
    with smtp.kept_line():
        for number in range(5):
            send(number)
    assert [len(call.arrivals) for call in server.calls] == [5]
    until(lambda: server.calls[0].quit)


def test_without_a_kept_line_each_letter_has_a_connection_of_its_own(server: FaultyServer) -> None:
    send(1)
    send(2)
    assert [len(call.arrivals) for call in server.calls] == [1, 1]


def test_a_connection_is_not_used_for_ever(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "MOST_LETTERS", 2)
    with smtp.kept_line():
        for number in range(5):
            send(number)
    assert [len(call.arrivals) for call in server.calls] == [2, 2, 1]


def test_a_server_that_hung_up_between_two_letters_is_called_again(server: FaultyServer) -> None:
    with smtp.kept_line():
        send(1)
        server.hang_up()
        until(lambda: server.calls[0].lost_at)
        send(2)
    assert [len(call.arrivals) for call in server.calls] == [1, 1]


def test_a_line_without_letters_is_hung_up(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp.kept_line() as line:
        send()
        line.rest()
        assert not server.calls[0].quit
        monkeypatch.setattr(smtp, "LONGEST_IDLE", 0)
        line.rest()
        until(lambda: server.calls[0].quit)


def test_a_refused_letter_leaves_the_line_to_the_next(server: FaultyServer) -> None:
    server.gone = frozenset({"gone@example.org"})
    with smtp.kept_line():
        with pytest.raises(mail.Refused, match=r"550 5\.1\.1 No mailbox gone@example\.org"):
            mail.send(mail.compose(replace(LETTER, to="gone@example.org")))
        send()
    assert len(server.calls) == 1


@pytest.mark.parametrize("faults", [Faults(hang_at_recipient=1), Faults(0, 0, 0, 0, 0, hang_after_letter=1)])
@pytest.mark.parametrize("bound", ["STEP", "WHOLE"])
def test_a_server_that_hangs_is_left_in_time(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch, faults: Faults, bound: str
) -> None:
    if bound == "STEP":
        monkeypatch.setattr(smtp.Conversation, "patience", 0.2)
        monkeypatch.setattr(smtp, "LAST_STEP", 0.2)
    else:
        monkeypatch.setattr(smtp, "WHOLE", 0.3)
    server.faults, began = faults, monotonic()
    with pytest.raises(mail.Deferred, match="timed out"):
        send()
    assert monotonic() - began < 5


def test_a_server_that_does_not_take_our_sender_condemns_no_letter(app: Flask) -> None:
    class Strict(FaultyServer):
        async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
            self, _server: SMTP, _session: Session, _envelope: Envelope, _address: str, _options: list[str]
        ) -> str:
            return "550 5.7.1 Sender not allowed"

    with Strict(free_port(), Random(1)) as server:
        app.config["SMTP_URL"] = server.url
        with pytest.raises(smtp.Unreachable, match=r"550 5\.7\.1 Sender not allowed"):
            send()


def test_a_letter_comes_back_to_its_return_path(app: Flask) -> None:
    senders: list[str] = []

    class Noting(FaultyServer):
        async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
            self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
        ) -> str:
            senders.append(address)
            envelope.mail_from = address
            return "250 OK"

    with Noting(free_port(), Random(1)) as noting:
        url = noting.url
        smtp.hand_over(mail.compose(LETTER), url=url, our_name="catalogue.test", return_path="back+1@catalogue.test")
        smtp.hand_over(mail.compose(LETTER), url=url, our_name="catalogue.test")
    assert senders == ["back+1@catalogue.test", "catalogue@example.org"]
