"""What is held, as the desk's pages list it."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import selectinload

from facilities.catalogue.models.terms import Word
from facilities.db import db, writing
from facilities.enquiries.models import Enquiry, EnquiryStatus, Message, Stage, Thread
from facilities.enquiries.spam.score import HOLD_FROM

PER_PAGE = 25


class Shelf(Word):
    """What the desk looks at: what is held, what owners or the desk have marked, what the desk found to be spam."""

    HELD = "held", _("Held")
    MARKED = "marked", _("Marked by owners")
    SPAM = "spam", _("Found to be spam")


SHELVES = {
    Shelf.HELD: Enquiry.stage == Stage.HELD,
    Shelf.MARKED: sa.and_(
        Enquiry.stage == Stage.SENT,
        sa.exists().where(Thread.enquiry_id == Enquiry.id, Thread.status == EnquiryStatus.SPAM),
    ),
    Shelf.SPAM: sa.and_(Enquiry.stage == Stage.DROPPED, Enquiry.spam_score >= HOLD_FROM),
}
"""Emptied ones tell nothing any more."""

_SHOWN = (
    selectinload(Enquiry.threads).joinedload(Thread.listing),
    selectinload(Enquiry.messages.and_(Message.withheld.is_(False))),
)


def held_on(shelf: Shelf, page: int) -> list[Enquiry]:
    """One page of a shelf with words and threads: what is held the oldest first, else the newest."""
    order = (Enquiry.created_at, Enquiry.id) if shelf == Shelf.HELD else (Enquiry.id.desc(),)
    query = sa.select(Enquiry).where(SHELVES[shelf], Enquiry.emptied_at.is_(None)).options(*_SHOWN).order_by(*order)
    return list(db.session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)))


def numbers() -> dict[Shelf, int]:
    """How many there are on each shelf, in one statement."""
    alive = Enquiry.emptied_at.is_(None)
    columns = [
        sa.select(sa.func.count(Enquiry.id)).where(which, alive).scalar_subquery().label(shelf.value)
        for shelf, which in SHELVES.items()
    ]
    return dict(zip(SHELVES, db.session.execute(sa.select(*columns)).one(), strict=True))


def shelf_of(enquiry: Enquiry) -> Shelf | None:
    """Where an enquiry is; None if nothing about it is spam."""
    if enquiry.stage == Stage.HELD:
        return Shelf.HELD
    if enquiry.stage == Stage.DROPPED and enquiry.spam_score >= HOLD_FROM:
        return Shelf.SPAM
    marked = any(thread.status == EnquiryStatus.SPAM for thread in enquiry.threads)
    return Shelf.MARKED if marked and enquiry.stage == Stage.SENT else None


def enquiry_to_judge(enquiry_id: int, *, to_change: bool = False) -> Enquiry | None:
    """An enquiry as the desk judges it; to change it, locked and read after the lock."""
    options: dict[str, Any] = {}
    if to_change:
        writing()
        _lock(enquiry_id)
        options = {"populate_existing": True}
    query = sa.select(Enquiry).where(Enquiry.id == enquiry_id, Enquiry.emptied_at.is_(None)).options(*_SHOWN)
    return db.session.scalar(query.options(selectinload(Enquiry.recipients)), execution_options=options)


def _lock(enquiry_id: int) -> None:
    """The threads first, as everybody does who says something in them: their message then refers to the enquiry."""
    threads = sa.select(Thread.id).where(Thread.enquiry_id == enquiry_id).order_by(Thread.id)
    db.session.scalars(threads.with_for_update()).all()
    db.session.scalar(sa.select(Enquiry.id).where(Enquiry.id == enquiry_id).with_for_update())
