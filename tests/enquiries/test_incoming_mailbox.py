"""A mailbox that is looked into: what is filed leaves it, what cannot be filed goes aside and holds up nothing."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from filelock import FileLock
from flask import Flask
from imap_tools import MailboxLoginError
from sqlalchemy.exc import OperationalError

from facilities import create_app
from facilities.enquiries.incoming import filing, imap
from facilities.enquiries.incoming.imap import fetch_mail, polling
from facilities.enquiries.models import Enquiry
from facilities.reply_address import Side
from tests.enquiries.arriving import Arrivals, letter
from tests.mailbox_server import MailboxServer, open_mailbox


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailboxServer]:
    with open_mailbox(tmp_path_factory.mktemp("mailbox")) as server:
        yield server


@pytest.fixture
def mailbox(app: Flask, server: MailboxServer, monkeypatch: pytest.MonkeyPatch) -> MailboxServer:
    """Empty, and known to the site."""
    imap._left.clear()
    app.config["IMAP_URL"] = server.url
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    with server.opened() as box:
        for folder in [each.name for each in box.folder.list()]:
            box.folder.set(folder)
            box.delete(box.uids())
    return server


def fetched(app: Flask) -> int:
    with app.app_context():
        return fetch_mail()


def answers(arrivals: Arrivals, enquiry: Enquiry, *words: str) -> list[bytes]:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    return [letter(to, each, Subject=each, Message_ID=f"<{each}@x>").as_bytes() for each in words]


def test_letters_are_filed_in_their_order_and_leave_the_mailbox(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer
) -> None:
    mailbox.deliver(*answers(arrivals, enquiry, "first", "second", "third"))
    assert fetched(app) == 3
    assert [each.body for each in arrivals.said()] == ["first", "second", "third"]
    assert mailbox.subjects() == []
    assert fetched(app) == 0


def test_one_that_cannot_be_filed_goes_aside_and_holds_up_nothing(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer
) -> None:
    stray = letter("reply@catalogue.test", "Hello?", Subject="stray").as_bytes()
    mailbox.deliver(stray, b"\0\xff\n\n\0", *answers(arrivals, enquiry, "good"))
    fetched(app)
    assert [each.body for each in arrivals.said()] == ["good"]
    assert mailbox.subjects() == []
    assert "stray" in mailbox.subjects("Unreadable")
    assert len(mailbox.subjects("Unreadable")) == 2


def test_many_that_have_to_wait_do_not_keep_back_those_after_them(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "MOST_IN_AN_HOUR", 1)
    monkeypatch.setattr(imap, "MOST_AT_ONCE", 3)
    flood = answers(arrivals, enquiry, "one", "two", "three", "four")
    to, who = arrivals.address(Side.REQUESTER, enquiry.threads[0].id), enquiry.requester_email
    mailbox.deliver(*flood, letter(to, "Thank you.", sender=who, Message_ID="<thanks@x>").as_bytes())
    assert [fetched(app), fetched(app)] == [1, 1]
    assert [each.body for each in arrivals.said()] == ["one", "Thank you."]
    assert len(mailbox.subjects()) == 3


def test_one_that_is_too_large_is_not_even_fetched(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "LARGEST", 2000)
    mailbox.deliver(*answers(arrivals, enquiry, "large" * 1000, "small"))
    fetched(app)
    assert [each.body for each in arrivals.said()] == ["small"]
    assert len(mailbox.subjects("Unreadable")) == 1


def test_while_the_database_is_away_letters_stay_where_they_are(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer, tmp_path: Path
) -> None:
    mailbox.deliver(*answers(arrivals, enquiry, "first", "second"))
    away = create_app({"INSTANCE_PATH": tmp_path, "DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/gone.sqlite"})
    away.config |= {"IMAP_URL": mailbox.url, "REPLY_ADDRESS": "reply@catalogue.test"}
    away.config["SECRET_KEY"] = app.config["SECRET_KEY"]
    with pytest.raises(OperationalError):
        fetched(away)
    assert mailbox.subjects() == ["first", "second"]
    fetched(app)
    assert [each.body for each in arrivals.said()] == ["first", "second"]


def test_a_letter_that_was_filed_but_stayed_is_recognised(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer
) -> None:
    (answer,) = answers(arrivals, enquiry, "once")
    arrivals.bring(answer)
    mailbox.deliver(answer)
    fetched(app)
    assert [each.body for each in arrivals.said()] == ["once"]
    assert mailbox.subjects() == []


def test_two_processes_never_look_at_the_same_time(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer
) -> None:
    mailbox.deliver(*answers(arrivals, enquiry, "first"))
    with FileLock(Path(app.config["INSTANCE_PATH"]) / "imap.lock"):
        assert fetched(app) == 0
    assert fetched(app) == 1


def test_the_worker_looks_into_the_mailbox(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, mailbox: MailboxServer
) -> None:
    mailbox.deliver(*answers(arrivals, enquiry, "first"))
    stop, deadline = Event(), time.monotonic() + 20
    with polling(app, stop):
        while not arrivals.said() and time.monotonic() < deadline:
            time.sleep(0.1)
        stop.set()
    assert [each.body for each in arrivals.said()] == ["first"]


def test_a_wrong_password_is_an_error_and_no_empty_mailbox(app: Flask, mailbox: MailboxServer) -> None:
    app.config["IMAP_URL"] = mailbox.url.replace("p%2Fa", "wrong")
    with pytest.raises(MailboxLoginError):
        fetched(app)


def test_a_server_whose_certificate_nobody_vouches_for_is_not_trusted(
    app: Flask, mailbox: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="certificate"):
        fetched(app)
