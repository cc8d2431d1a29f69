"""The rows of the queues' pages, each page in a fixed number of SELECTs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import User
from facilities.catalogue.models import Contact, Listing, Revision, RevisionAct
from facilities.db import db
from facilities.enquiries.models import Recipient
from facilities.manage.labels import field_label
from facilities.moderation.decisions import mark_of
from facilities.moderation.likeness import Sign
from facilities.moderation.models import Claim, Duplicate, Proposal, ProposalState, Report
from facilities.moderation.queues import Queue, Waiting, ids_of

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits: the listing, since when, by whom, in a few words; `url` is where to see to it.

    `subject` is the claim, report, pair or recipient where the thing is more than a listing. `mark` is what a decision
    about several at once says was looked at.
    """

    listing: Listing
    since: datetime
    url: str
    by: str = ""
    words: str = ""
    mark: str = ""
    subject: Any = None


def rows(queue: Queue, waiting: Waiting, page: int) -> list[Row]:
    """One page of a queue, the oldest first."""
    ids = ids_of(waiting, PAGE, (page - 1) * PAGE)
    found = dict(ROWS[queue](ids)) if ids else {}
    return [found[key] for key in ids if key in found]


def _new(ids: list[int]) -> list[tuple[int, Row]]:
    handed_in = _handed_in(ids)
    return [
        (each.id, Row(each, since, _review(each), by, _home(each), mark_of(each, None)))
        for each in _listings(ids)
        for since, by in [handed_in.get(each.id, (each.created_at, ""))]
    ]


def _changed(ids: list[int]) -> list[tuple[int, Row]]:
    query = sa.select(Proposal).where(Proposal.listing_id.in_(ids), Proposal.state == ProposalState.WAITING)
    proposals = {each.listing_id: each for each in db.session.scalars(query)}
    return [
        (each.id, Row(each, waits.changed_at, _review(each), waits.made_by, _fields(waits), mark_of(each, waits)))
        for each in _listings(ids)
        for waits in [proposals[each.id]]
    ]


def _claimed(ids: list[int]) -> list[tuple[int, Row]]:
    query = sa.select(Claim).where(Claim.id.in_(ids)).options(joinedload(Claim.listing), joinedload(Claim.user))
    return [
        (
            each.id,
            Row(each.listing, each.claimed_at, f"/manage/claims/{each.id}", _name(each.user), each.message, "", each),
        )
        for each in db.session.scalars(query)
    ]


def _reported(ids: list[int]) -> list[tuple[int, Row]]:
    query = sa.select(Report).where(Report.id.in_(ids)).options(joinedload(Report.listing))
    return [
        (each.id, Row(each.listing, each.reported_at, f"/moderate/reports/{each.id}", "", each.message, "", each))
        for each in db.session.scalars(query)
    ]


def _duplicates(ids: list[int]) -> list[tuple[int, Row]]:
    query = sa.select(Duplicate).where(Duplicate.id.in_(ids))
    query = query.options(joinedload(Duplicate.first), joinedload(Duplicate.second))
    return [
        (each.id, Row(each.first, each.found_at, f"/moderate/duplicates/{each.id}", "", _signs(each), "", each))
        for each in db.session.scalars(query)
    ]


def _unconfirmed(ids: list[int]) -> list[tuple[int, Row]]:
    return [
        (each.id, Row(each, each.confirmed_at or each.created_at, each.path, each.confirmed_by, _home(each)))
        for each in _listings(ids)
    ]


def _undeliverable(ids: list[int]) -> list[tuple[int, Row]]:
    query = sa.select(Recipient).where(Recipient.id.in_(ids)).options(
        joinedload(Recipient.enquiry), joinedload(Recipient.contact).joinedload(Contact.listing)
    )  # fmt: skip
    return [
        (each.id, Row(holder, each.enquiry.created_at, _form(holder, "contacts"), "", each.delivery_detail, "", each))
        for each in db.session.scalars(query)
        if each.contact is not None
        for holder in [each.contact.listing]
    ]


ROWS: Mapping[Queue, Callable[[list[int]], list[tuple[int, Row]]]] = {
    Queue.NEW: _new,
    Queue.CHANGED: _changed,
    Queue.CLAIMED: _claimed,
    Queue.REPORTED: _reported,
    Queue.DUPLICATES: _duplicates,
    Queue.UNCONFIRMED: _unconfirmed,
    Queue.UNDELIVERABLE: _undeliverable,
}


def _listings(ids: list[int]) -> list[Listing]:
    query = sa.select(Listing).where(Listing.id.in_(ids))
    return list(db.session.scalars(query.options(joinedload(Listing.organisation), joinedload(Listing.parent))))


def _handed_in(ids: list[int]) -> dict[int, tuple[datetime, str]]:
    """When and by whom each of these listings was handed in last."""
    acts = Revision.act.in_((RevisionAct.SUBMITTED, RevisionAct.CREATED))
    query = sa.select(Revision.listing_id, Revision.made_at, Revision.made_by).where(Revision.listing_id.in_(ids), acts)
    return {listing: (at, by) for listing, at, by in db.session.execute(query.order_by(Revision.version))}


def _signs(pair: Duplicate) -> str:
    return ", ".join(str(sign.label) for sign in Sign if sign in pair.signs)


def _review(listing: Listing) -> str:
    return f"/manage/reviews/{listing.id}"


def _form(listing: Listing, section: str) -> str:
    return f"/manage/listings/{listing.id}/edit/{section}"


def _home(listing: Listing) -> str:
    """What a listing belongs to, in a line."""
    above = [each.name for each in (listing.parent, listing.organisation) if each is not None]
    return ", ".join(dict.fromkeys(above))


def _fields(proposal: Proposal) -> str:
    return ", ".join(field_label(name) for name in proposal.changes)


def _name(user: User) -> str:
    return user.name or user.email
