"""Asking owners now and then to confirm that their listings are still right: one letter to each person."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from facilities.catalogue.confirmation import overdue_before
from facilities.catalogue.ended import STANDING
from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.db import db, now, writing
from facilities.manage.confirm_link import ConfirmLink
from facilities.manage.in_charge import InCharge, Person
from facilities.outbox.letters import post
from facilities.outbox.models import StoredLetter

log = logging.getLogger(__name__)

LETTER = "confirm_listings"
AGAIN = timedelta(days=30)
"""Time between two letters to one person, however many listings become due meanwhile."""

MOST_LETTERS = 3
"""Letters about one listing; after them it is for the desk, whose queue it has been in all the time."""

MOST_NAMED = 50
"""Listings that one letter names: its link has to fit into an address."""

MOST_IN_ROUND = 200
"""Letters of one round, so that a catalogue which falls due all at once does not flood the mail server."""

last_confirmed = sa.func.coalesce(LISTINGS.c.confirmed_at, LISTINGS.c.created_at)


def overdue_clause(at: datetime) -> sa.ColumnElement[bool]:
    """Published listings whose last confirmation, or else their entry, is longer ago than the desk's interval."""
    return sa.and_(LISTINGS.c.status == Status.PUBLISHED, last_confirmed < overdue_before(at))


@dataclass(frozen=True, slots=True)
class Due:
    """A listing that somebody is to confirm, as the letter names it."""

    id: int
    kind: Kind
    name: str
    last_confirmed: datetime
    asked_at: datetime | None


@dataclass(slots=True)
class Question:
    """All that one person is asked."""

    person: Person
    listings: list[Due] = field(default_factory=list)


def ask_for_confirmation(at: datetime | None = None) -> int:
    """Write to everyone in charge of overdue listings who has not been written to for a month; gives the number of
    letters. Each letter is a transaction of its own."""
    at = at or now()
    asked = 0
    for question in questions(at):
        if asked == MOST_IN_ROUND:
            break
        asked += _ask(question, at)
    if asked:
        log.info("asked %s people to confirm their listings", asked)
    return asked


def questions(at: datetime) -> list[Question]:
    """Who is to be asked what now: the listings that have waited longest first."""
    due = _due(at)
    if not due:
        return []
    in_charge = InCharge.load(sa.select(LISTINGS.c.id).where(_to_ask_about(at)))
    by_mailbox: dict[str, Question] = {}
    for listing in due:
        for person in in_charge.to_ask(listing.id):
            by_mailbox.setdefault(person.mailbox, Question(person)).listings.append(listing)
    lately = set(db.session.scalars(_written_lately(at)))
    return [question for mailbox, question in by_mailbox.items() if mailbox not in lately]


def _due(at: datetime) -> list[Due]:
    columns = (LISTINGS.c.id, LISTINGS.c.kind, LISTINGS.c.name, last_confirmed, LISTINGS.c.confirmation_asked_at)
    rows = db.session.execute(sa.select(*columns).where(_to_ask_about(at)).order_by(last_confirmed, LISTINGS.c.id))
    return [Due(*row) for row in rows]


def _to_ask_about(at: datetime) -> sa.ColumnElement[bool]:
    """Overdue listings about which not all letters have been written, apart from offers that have ended.
    `confirmation_asked_at` is the time of the first letter since the last confirmation."""
    asked_at = LISTINGS.c.confirmation_asked_at
    still = sa.or_(asked_at.is_(None), asked_at < last_confirmed, asked_at > at - MOST_LETTERS * AGAIN)
    return sa.and_(overdue_clause(at), STANDING, still)


def _ask(question: Question, at: datetime) -> bool:
    """Write one letter, unless its person has had one within the month; whether it was written."""
    writing()
    _one_at_a_time()
    if question.person.mailbox in db.session.scalars(_written_lately(at)).all():
        db.session.rollback()
        return False
    named = question.listings[:MOST_NAMED]
    secret = current_app.config["SECRET_KEY"]
    link = ConfirmLink(tuple(listing.id for listing in named), question.person.mark(secret), at)
    post(
        LETTER,
        question.person.email,
        locale=question.person.locale,
        person=question.person,
        listings=named,
        more=len(question.listings) - len(named),
        path=f"/confirm-listings/{link.token(secret)}",
        change_path=change_path,
    )
    _note_asked(named, at)
    db.session.commit()
    return True


def change_path(listing_id: int, person: Person) -> str:
    """Where someone says that something has changed: in the form if it is theirs to edit, else to whom it is."""
    return f"/manage/listings/{listing_id}/edit" if person.user_id else f"/listings/{listing_id}/report"


def _written_lately(at: datetime) -> sa.Select[str]:
    """The mailboxes that have had such a letter within the month."""
    mailbox = sa.func.lower(StoredLetter.to)
    return sa.select(mailbox).where(StoredLetter.name == LETTER, StoredLetter.written_at > at - AGAIN)


def _note_asked(named: list[Due], at: datetime) -> None:
    """Keep when a listing was first asked about since its last confirmation. No change of what it says: no revision."""
    first = [listing.id for listing in named if listing.asked_at is None or listing.asked_at < listing.last_confirmed]
    db.session.execute(sa.update(LISTINGS).where(LISTINGS.c.id.in_(first)).values(confirmation_asked_at=at))


def _one_at_a_time() -> None:
    """Let other workers wait until this transaction ends. On SQLite every writer waits anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(LETTER))))
