"""How much speaks for an enquiry being spam. Nothing is thrown away for it: what is doubtful waits for the desk."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from rapidfuzz import fuzz

from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.enquiries.draft import Draft
from facilities.enquiries.models import Author, Enquiry, EnquiryStatus, Message, Thread
from facilities.enquiries.queries import mailbox_of
from facilities.enquiries.spam.senders import is_blocked
from facilities.enquiries.spam.signs import Found, Written, signs_in

HOLD_FROM = 5
"""Points from which an enquiry is held. Measured on invented enquiries, honest and not: `test_score`."""

REMEMBERED = timedelta(days=7)
MOST_COMPARED = 300
"""Earlier enquiries of that time that the words are compared with."""
LONGEST_COMPARED = 1000
SHORTEST_COMPARED = 40
"""Characters below which the same words mean nothing: everybody asks "Is it free in May?"."""
SAME = 92.0
"""Likeness (0 to 100) from which two texts say the same: a spammer changes the greeting."""
MOST_ASKED = 24
"""Listings that one sender may send the same words to: three full enquiries."""


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of what speaks for spam, and what that is."""

    signs: tuple[Found, ...] = ()

    @property
    def points(self) -> int:
        return max(0, sum(found.sign.points for found in self.signs))

    @property
    def holds(self) -> bool:
        return self.points >= HOLD_FROM


def score(draft: Draft, listings: Sequence[Listing], at: datetime, *, took: timedelta | None = None) -> Score:
    """Judge an enquiry that is about to be stored, in three statements. `took` is how long the form was open."""
    others, asked = _sent_before(draft, [listing.id for listing in listings], at)
    written = Written(
        words_of(draft),
        draft.name,
        draft.email,
        known_sites=frozenset(_sites_of(listings)),
        names=tuple(listing.name for listing in listings),
        took=took,
        others=others,
        asked=asked if asked + len(listings) > MOST_ASKED else 0,
        is_blocked=is_blocked(draft.email),
        is_known=_is_known(draft.email),
    )
    return Score(tuple(_without_secrets(written, draft)))


def words_of(draft: Draft) -> str:
    """All that was written freely."""
    return "\n".join(filter(None, (_open_words(draft), draft.details)))


def _open_words(draft: Draft) -> str:
    return "\n".join(filter(None, (draft.message, draft.samples, draft.budget, draft.duration)))


def _without_secrets(written: Written, draft: Draft) -> Iterator[Found]:
    """All signs; by what they were seen is kept only where it can be seen without the confidential details, which the
    desk does not read."""
    said_openly = set(signs_in(replace(written, words=_open_words(draft)))) if draft.details else set()
    for found in signs_in(written):
        yield found if not draft.details or found in said_openly else replace(found, detail="")


def _sites_of(listings: Collection[Listing]) -> set[str]:
    """The domains of the listings asked and of what they belong to."""
    holders = {holder for listing in listings for holder in listing.lineage()}
    hosts = (urlsplit(getattr(holder, "url", "") or "").hostname or "" for holder in holders)
    return {host.removeprefix("www.") for host in hosts if host}


def _is_known(email: str) -> bool:
    """Whether the address was seen to receive mail, and nothing from it was spam."""
    spam = sa.exists().where(Thread.enquiry_id == Enquiry.id, Thread.status == EnquiryStatus.SPAM)
    query = sa.select(Enquiry.id).where(Enquiry.requester_email == email, Enquiry.verified_at.is_not(None), ~spam)
    return db.session.scalar(query.limit(1)) is not None


def _sent_before(draft: Draft, listing_ids: Collection[int], at: datetime) -> tuple[int, int]:
    """How many others have sent these words to other listings of late, and to how many listings this sender has sent
    them. A class of students asks the same of the same listing."""
    if len(draft.message) < SHORTEST_COMPARED:
        return 0, 0
    threads = sa.select(sa.func.count()).where(Thread.enquiry_id == Enquiry.id).scalar_subquery()
    shared = sa.exists().where(Thread.enquiry_id == Enquiry.id, Thread.listing_id.in_(listing_ids))
    query = (
        sa.select(Enquiry.requester_email, sa.func.substr(Message.body, 1, LONGEST_COMPARED), threads, shared)
        .join(Message, sa.and_(Message.enquiry_id == Enquiry.id, Message.author == Author.REQUESTER))
        .where(Enquiry.created_at >= at - REMEMBERED, Enquiry.emptied_at.is_(None), Message.withheld.is_(False))
        .order_by(Enquiry.id.desc())
        .limit(MOST_COMPARED)
    )
    sender, others, asked = mailbox_of(draft.email), set(), 0
    for email, body, number, same_listing in db.session.execute(query):
        if fuzz.ratio(draft.message[:LONGEST_COMPARED], body, score_cutoff=SAME):
            if mailbox_of(email) == sender:
                asked += number
            elif not same_listing:
                others.add(mailbox_of(email))
    return len(others), asked
