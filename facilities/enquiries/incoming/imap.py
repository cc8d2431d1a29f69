"""A mailbox that is looked into for letters (IMAP over TLS), for sites whose mail server cannot hand them over."""

import logging
import os
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final
from urllib.parse import unquote, urlsplit

from filelock import FileLock, Timeout
from flask import Flask, current_app
from imap_tools import ImapToolsError, MailBox
from sqlalchemy.exc import OperationalError

from facilities.db import db
from facilities.enquiries.incoming.outcomes import Ignored, Outcome
from facilities.enquiries.incoming.received import LARGEST
from facilities.enquiries.incoming.receiving import receive

log = logging.getLogger(__name__)

PAUSE = 60.0
"""Seconds between two looks into the mailbox."""

TIMEOUT = 30.0
"""Seconds that the server may take for one answer."""

MOST_AT_ONCE = 200
"""Letters that one look looks at."""

LEFT_FOR = 1800.0
"""Seconds for which a letter is left alone that has to wait: many such would keep back all that came after them."""

ASIDE: Final = "Unreadable"
"""The folder of letters that could not be filed, for somebody to look at."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What IMAP_URL names: imaps://user:password@host:port/folder."""

    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def from_url(cls, url: str) -> "Mailbox":
        parts = urlsplit(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname or "", parts.port or 993, user, password, unquote(parts.path.strip("/")) or "INBOX")


def fetch_mail() -> int:
    """File the letters of the mailbox of IMAP_URL, the oldest first, and take them out of it; gives how many were
    filed or put aside. Does nothing while another process of this machine does it.

    A letter leaves the mailbox after what it says has been committed, so that none is lost; if that is cut short it is
    taken again and recognised. Raises what the mail server or the database does not let happen.
    """
    url = current_app.config["IMAP_URL"]
    if not url:
        return 0
    mailbox = Mailbox.from_url(url)
    try:
        with FileLock(Path(current_app.config["INSTANCE_PATH"]) / "imap.lock", timeout=0), _opened(mailbox) as box:
            return sum(_take(box, uid) for uid in _not_left(box.uids("UNDELETED"))[:MOST_AT_ONCE])
    except Timeout:
        return 0


@contextmanager
def _opened(mailbox: Mailbox) -> Iterator[MailBox]:
    """The folder, over TLS with a certificate that holds. Raises OSError or ImapToolsError if it cannot be opened."""
    context = ssl.create_default_context()
    box = MailBox(mailbox.host, mailbox.port, timeout=TIMEOUT, ssl_context=context)
    try:
        yield box.login(mailbox.user, mailbox.password, mailbox.folder)
    finally:
        with suppress(OSError, IMAP4.error, ImapToolsError):
            box.logout()


_left: dict[str, float] = {}
"""Until when letters that have to wait are left alone, by uid, as `monotonic` counts."""


def _not_left(uids: Sequence[str]) -> list[str]:
    """Those whose time has come; of letters that are gone nothing is kept."""
    for uid in {uid for uid, until in _left.items() if until < monotonic()}.union(set(_left).difference(uids)):
        del _left[uid]
    return [uid for uid in uids if uid not in _left]


def _take(box: MailBox, uid: str) -> bool:
    """File one letter; what cannot be filed goes aside and does not keep back those after it."""
    outcome = _outcome(box, uid)
    if outcome.code == os.EX_TEMPFAIL:
        _left[uid] = monotonic() + LEFT_FOR
        return False
    if outcome.code == os.EX_OK:
        box.delete(uid)
    else:
        _put_aside(box, uid)
    return True


def _outcome(box: MailBox, uid: str) -> Outcome:
    """What became of one letter. One that something stumbles over, whatever it is, is put aside, or it would be fetched
    for ever and keep all later ones waiting. Raises OperationalError: then all are fetched again."""
    if _size(box, uid) > LARGEST:
        return Ignored("it is too large", os.EX_DATAERR)
    try:
        return receive(_bytes(box, uid))
    except OperationalError:
        raise
    except Exception:
        log.exception("letter %s of the mailbox could not be filed", uid)
        db.session.rollback()
        return Ignored("it could not be filed", os.EX_SOFTWARE)


def _size(box: MailBox, uid: str) -> int:
    headers = box.fetch(uid_list=[uid], headers_only=True, mark_seen=False)
    return max((letter.size_rfc822 for letter in headers), default=0)


def _bytes(box: MailBox, uid: str) -> bytes:
    """The letter as it is, not as a library has read it. Leaves it unseen."""
    _status, answer = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _put_aside(box: MailBox, uid: str) -> None:
    log.warning("letter %s of the mailbox goes to its folder %s", uid, ASIDE)
    if not box.folder.exists(ASIDE):
        box.folder.create(ASIDE)
    box.flag(uid, ("\\Flagged",), value=True)
    box.move(uid, ASIDE)


@contextmanager
def polling(app: Flask, stop: Event) -> Iterator[None]:
    """Look into the mailbox every PAUSE seconds beside what else the worker does, until `stop` is set."""
    if not app.config["IMAP_URL"]:
        yield
        return
    poller = Thread(target=_poll, args=(app, stop), name="imap", daemon=True)
    poller.start()
    yield
    poller.join(TIMEOUT)


def _poll(app: Flask, stop: Event) -> None:
    """The edge of a thread: whatever fails is logged here, once, and tried again."""
    while not stop.is_set():
        try:
            with app.app_context():
                fetch_mail()
        except Exception:
            log.exception("the mailbox could not be looked into, next time in %s s", PAUSE)
        stop.wait(PAUSE)
