"""What waits for a decision, queue by queue, the oldest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import aliased

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.accounts.rights import Level
from facilities.catalogue.models import LISTINGS, Contact, Organisation, Review, Revision, RevisionAct, Status
from facilities.catalogue.models.terms import Word
from facilities.db import db, now
from facilities.enquiries.models import Delivery, Enquiry, Recipient, Stage
from facilities.manage.confirmation import overdue_clause
from facilities.manage.queries import owned_ids
from facilities.moderation.models import CaseState, Claim, Duplicate, PairState, Proposal, ProposalState, Report
from facilities.needs.models import NeedState, PublicNeed
from facilities.outbox.addressed import LETTERS
from facilities.outbox.models import Job, JobStatus

ORGANISATIONS = cast("sa.Table", Organisation.__table__)
HOLDER = LISTINGS.alias("holder")
Waiting = sa.Select[Any, Any]
"""A SELECT of `id` and `since`: what waits, and since when."""


class Queue(Word):
    """A kind of thing that waits for the desk."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    CLAIMED = "claimed", _("Claimed")
    REPORTED = "reported", _("Reported")
    DUPLICATES = "duplicates", _("Duplicates")
    UNCONFIRMED = "unconfirmed", _("Unconfirmed")
    UNDELIVERABLE = "undeliverable", _("Undeliverable")
    HELD = "held", _("Held enquiries")
    NEEDS = "needs", _("Posted needs")
    PUBLIC_NEEDS = "public_needs", _("Public needs")
    LETTERS = "letters", _("Letters given up")

    @property
    def url(self) -> str:
        """Where it is seen to."""
        return PAGES.get(self, f"/moderate/queues/{self.value}")

    @property
    def help(self) -> LazyString:
        """What waits in it, in a sentence."""
        return HELP[self]


HELP = {
    Queue.NEW: _("Listings handed in that nobody sees yet."),
    Queue.CHANGED: _("Changes of published listings. Visitors read the old version until they are accepted."),
    Queue.CLAIMED: _("People who say that a listing is theirs to keep."),
    Queue.REPORTED: _("What visitors found wrong or out of date."),
    Queue.DUPLICATES: _("Listings that look like the same thing."),
    Queue.UNCONFIRMED: _("Listings that no owner has confirmed in time. They stay public, with a mark."),
    Queue.UNDELIVERABLE: _("Contacts whose mail server turned the last enquiry away or gave it back."),
    Queue.HELD: _("Enquiries that look like spam. They reach nobody until the desk sends them on."),
    Queue.NEEDS: _("Needs without a chosen listing. The desk decides who is asked."),
    Queue.PUBLIC_NEEDS: _("Needs that organisations want to publish. Nobody reads them before."),
    Queue.LETTERS: _("Letters that could not be delivered, in the mail server's words."),
}
PAGES = {
    Queue.HELD: "/moderate/held",
    Queue.NEEDS: "/moderate/needs",
    Queue.PUBLIC_NEEDS: "/moderate/public-needs",
    Queue.LETTERS: "/moderate/letters",
}
"""The queues that have pages of their own."""

LOST = (Delivery.FAILED, Delivery.BOUNCED)
"""How a letter ends that reaches nobody: turned away, or given back later."""

REVIEWED = (Queue.NEW, Queue.CHANGED)
"""Queues of listings that wait to be accepted. Each has a page to decide on; several can be decided at once."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where something stands in its queue: the `number`th of `total`, with the ids of its neighbours."""

    number: int
    total: int
    previous: int | None
    next: int | None


def new_listings() -> Waiting:
    """Ids of listings that were handed in."""
    handed_in = (
        sa.select(sa.func.max(Revision.made_at))
        .where(Revision.listing_id == LISTINGS.c.id, Revision.act.in_((RevisionAct.SUBMITTED, RevisionAct.CREATED)))
        .correlate(LISTINGS)
        .scalar_subquery()
    )
    since = sa.func.coalesce(handed_in, LISTINGS.c.created_at)
    return sa.select(LISTINGS.c.id, since.label("since")).where(LISTINGS.c.status == Status.IN_REVIEW)


def changed_listings() -> Waiting:
    """Ids of listings with changes that wait."""
    waits = sa.and_(Proposal.listing_id == LISTINGS.c.id, Proposal.state == ProposalState.WAITING)
    changed = sa.select(LISTINGS.c.id, Proposal.changed_at.label("since")).join(Proposal, waits)
    return changed.where(LISTINGS.c.status != Status.IN_REVIEW)


def open_claims() -> Waiting:
    return sa.select(Claim.id, Claim.claimed_at.label("since")).where(Claim.state == CaseState.OPEN)


def open_reports() -> Waiting:
    return sa.select(Report.id, Report.reported_at.label("since")).where(Report.state == CaseState.OPEN)


def open_pairs() -> Waiting:
    """Ids of pairs that look the same."""
    return sa.select(Duplicate.id, Duplicate.found_at.label("since")).where(Duplicate.state == PairState.OPEN)


def unconfirmed_listings() -> Waiting:
    """Ids of published listings whose owners have not confirmed them in time."""
    since = sa.func.coalesce(LISTINGS.c.confirmed_at, LISTINGS.c.created_at)
    return sa.select(LISTINGS.c.id, since.label("since")).where(overdue_clause(now()))


def undeliverable_contacts() -> Waiting:
    """Ids of the last letters that could not be delivered to contacts whose address is still the same."""
    later = aliased(Recipient)
    tried_again = sa.select(later.id).where(
        later.contact_id == Recipient.contact_id,
        later.id > Recipient.id,
        later.delivery.in_((Delivery.SENT, *LOST)),
    )
    return (
        sa.select(Recipient.id, Recipient.id.label("since"))
        .join(Contact, Recipient.contact_id == Contact.id)
        .where(Recipient.delivery.in_(LOST), Recipient.email == Contact.email, ~sa.exists(tried_again))
    )


def held_enquiries() -> Waiting:
    return _in_stage(Stage.HELD)


def posted_needs() -> Waiting:
    return _in_stage(Stage.TO_MATCH)


def public_needs() -> Waiting:
    """Those that no network's desk decides about."""
    own = sa.and_(PublicNeed.state == NeedState.WAITING, PublicNeed.network_id.is_(None))
    return sa.select(PublicNeed.id, PublicNeed.changed_at.label("since")).where(own)


def dead_letters() -> Waiting:
    """Ids of jobs that are letters and were given up."""
    return sa.select(Job.id, Job.done_at.label("since")).where(Job.kind.in_(LETTERS), Job.status == JobStatus.DEAD)


def _in_stage(stage: Stage) -> Waiting:
    return sa.select(Enquiry.id, Enquiry.created_at.label("since")).where(Enquiry.stage == stage)


def for_desk(waiting: Waiting) -> Waiting:
    """Only listings that the desk has to decide: their organisation says so, or has no manager who could."""
    return waiting.where(sa.or_(_review() == Review.DESK, ~_has_manager()))


def for_manager(waiting: Waiting, own: sa.Select[int]) -> Waiting:
    """Only listings that somebody may decide who manages those of these ids."""
    return waiting.where(LISTINGS.c.id.in_(own), _review() != Review.DESK)


def _review() -> sa.ColumnElement[Any]:
    """Who accepts changes of a listing, as its organisation says; the desk where there is none."""
    top = sa.func.coalesce(LISTINGS.c.organisation_id, LISTINGS.c.id)
    said = sa.select(ORGANISATIONS.c.review).where(ORGANISATIONS.c.id == top).correlate(LISTINGS).scalar_subquery()
    return sa.func.coalesce(said, sa.literal(Review.DESK, ORGANISATIONS.c.review.type))


def _has_manager() -> sa.Exists:
    """Whether somebody manages the listing, one of the two above it, or its organisation."""
    above = sa.select(HOLDER.c.parent_id).where(HOLDER.c.id == LISTINGS.c.parent_id).correlate(LISTINGS)
    held = (LISTINGS.c.id, LISTINGS.c.parent_id, LISTINGS.c.organisation_id, above.scalar_subquery())
    managers = sa.select(Grant.id).join(User, Grant.user_id == User.id).correlate(LISTINGS)
    return sa.exists(managers.where(Grant.role == OwnerRole.MANAGER, User.active, Grant.listing_id.in_(held)))


DESK: Mapping[Queue, Callable[[], Waiting]] = {
    Queue.NEW: lambda: for_desk(new_listings()),
    Queue.CHANGED: lambda: for_desk(changed_listings()),
    Queue.CLAIMED: open_claims,
    Queue.REPORTED: open_reports,
    Queue.DUPLICATES: open_pairs,
    Queue.UNCONFIRMED: unconfirmed_listings,
    Queue.UNDELIVERABLE: undeliverable_contacts,
    Queue.HELD: held_enquiries,
    Queue.NEEDS: posted_needs,
    Queue.PUBLIC_NEEDS: public_needs,
    Queue.LETTERS: dead_letters,
}
EVERYTHING: Mapping[Queue, Callable[[], Waiting]] = {Queue.NEW: new_listings, Queue.CHANGED: changed_listings}
"""The same without a look at who has to decide."""


def waiting_for(user: User, queue: Queue, *, everything: bool = False) -> Waiting:
    """What waits in a queue for the desk, or for a manager; for the desk on request also what managers decide."""
    if not user.is_moderator:
        return for_manager(EVERYTHING[queue](), owned_ids(user, Level.MANAGER))
    return EVERYTHING[queue]() if everything and queue in EVERYTHING else DESK[queue]()


def number_in(waiting: Waiting) -> int:
    return db.session.scalar(sa.select(_number_of(waiting))) or 0


def counts() -> dict[Queue, int]:
    """How much waits for the desk in each queue, in one statement."""
    return _count({queue: waiting() for queue, waiting in DESK.items()})


def counts_for(user: User) -> dict[Queue, int]:
    """How much waits for a manager."""
    own = owned_ids(user, Level.MANAGER)
    return _count({queue: for_manager(EVERYTHING[queue](), own) for queue in REVIEWED})


def _count(waiting: Mapping[Queue, Waiting]) -> dict[Queue, int]:
    columns = [_number_of(each).label(queue.value) for queue, each in waiting.items()]
    return dict(zip(waiting, db.session.execute(sa.select(*columns)).one(), strict=True))


def _number_of(waiting: Waiting) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(waiting.subquery()).scalar_subquery()


def ids_of(waiting: Waiting, limit: int, offset: int) -> list[int]:
    """The ids on one page of a queue, the oldest first."""
    rows = waiting.subquery()
    query = sa.select(rows.c.id).order_by(rows.c.since, rows.c.id).limit(limit).offset(offset)
    return list(db.session.scalars(query))


def position_of(waiting: Waiting, wanted: int) -> Position | None:
    """Where one id stands in a queue; None if it is not there (any more)."""
    rows = waiting.subquery()
    order = (rows.c.since, rows.c.id)
    ranked = sa.select(
        rows.c.id,
        sa.func.row_number().over(order_by=order).label("number"),
        sa.func.count().over().label("total"),
        sa.func.lag(rows.c.id).over(order_by=order).label("previous"),
        sa.func.lead(rows.c.id).over(order_by=order).label("next"),
    ).subquery()
    found = db.session.execute(sa.select(ranked).where(ranked.c.id == wanted)).one_or_none()
    return Position(found.number, found.total, found.previous, found.next) if found else None
