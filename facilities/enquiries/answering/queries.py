"""What a thread's page asks for beside the thread: templates of answers, colleagues, letters, who opened it."""

from collections.abc import Callable

import sqlalchemy as sa

from facilities.accounts.models import Grant, User
from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.enquiries.models import AnswerTemplate, Thread, ThreadOpening
from facilities.enquiries.threads.rights import may_be_assigned
from facilities.outbox.models import StoredLetter

MOST_LETTERS = 50
MOST_OPENINGS = 20


def templates_for(listing: Listing | None) -> list[AnswerTemplate]:
    """The templates kept at the listing and at all it belongs to, the nearest first, each in the owners' order."""
    lineage = [each.id for each in listing.lineage()] if listing else []
    query = sa.select(AnswerTemplate).where(AnswerTemplate.listing_id.in_(lineage))
    found = db.session.scalars(query.order_by(AnswerTemplate.position, AnswerTemplate.id))
    return sorted(found, key=lambda template: lineage.index(template.listing_id))


PLACEHOLDERS: dict[str, Callable[[Thread], str]] = {
    "{name}": lambda thread: thread.enquiry.requester_name,
    "{listing}": lambda thread: thread.listing_name,
}
"""What the words of a template may name, and what is filled in for it."""


def filled_in(template: AnswerTemplate, thread: Thread) -> str:
    """The template's words with {name} and {listing} filled in."""
    body = template.body
    for placeholder, value in PLACEHOLDERS.items():
        body = body.replace(placeholder, value(thread))
    return body


def colleagues_for(thread: Thread) -> list[User]:
    """Everybody with an account to whom the thread may be left, by name."""
    holders = [each.id for each in thread.listing.lineage()] if thread.listing else []
    granted = sa.select(Grant.user_id).where(Grant.listing_id.in_(holders))
    mailboxes = [recipient.mailbox for recipient in thread.recipients]
    received = sa.and_(sa.func.lower(User.email).in_(mailboxes), User.confirmed_at.is_not(None))
    found = db.session.scalars(sa.select(User).where(User.active, sa.or_(User.id.in_(granted), received)))
    return sorted((each for each in found if may_be_assigned(each, thread)), key=lambda each: each.actor.name.lower())


def letters_about(thread: Thread) -> list[StoredLetter]:
    """The newest letters of the thread after the first to its recipients, with how far each has come."""
    query = sa.select(StoredLetter).where(StoredLetter.thread_id == thread.id)
    return list(db.session.scalars(query.order_by(StoredLetter.id.desc()).limit(MOST_LETTERS)))


def openings_of(thread: Thread) -> list[ThreadOpening]:
    """Who of the desk opened the thread last, and when."""
    query = sa.select(ThreadOpening).where(ThreadOpening.thread_id == thread.id)
    return list(db.session.scalars(query.order_by(ThreadOpening.id.desc()).limit(MOST_OPENINGS)))
