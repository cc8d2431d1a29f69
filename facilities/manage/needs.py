"""What needs an owner: read for the first page after signing in, each kind of thing in one SELECT."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from facilities.accounts.models import Invitation, User
from facilities.accounts.rights import Level
from facilities.catalogue.models import (
    LISTINGS,
    Attachment,
    AttachmentKind,
    Contact,
    Instrument,
    Kind,
    Listing,
    Revision,
    RevisionAct,
    Status,
)
from facilities.db import db, now
from facilities.enquiries.models import Delivery, Recipient
from facilities.manage.models import LinkCheck
from facilities.manage.queries import Line, Wanted, emptiest, granted_ids, listing_lines
from facilities.moderation.models import CaseState, Claim, Proposal, ProposalState

FEW = 5
"""How many of a kind the page names; a link leads to the others."""
SOON = timedelta(days=60)
Ids = sa.Select[int]


@dataclass(frozen=True, slots=True)
class Some:
    """The first few listings that need something, and how many there are."""

    lines: list[Line]
    total: int


@dataclass(frozen=True, slots=True)
class SentBack:
    """Something that was given back to its author, with the reason; `is_draft` unless it is a change of a listing."""

    listing_id: int
    name: str
    reason: str
    by: str
    at: datetime
    is_draft: bool


@dataclass(frozen=True, slots=True)
class BrokenLink:
    listing_id: int
    name: str
    url: str
    problem: str
    since: datetime
    section: str


@dataclass(frozen=True, slots=True)
class LostContact:
    """A contact whose last letter could not be delivered."""

    listing_id: int
    name: str
    role: str
    email: str
    detail: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """An instrument that will not be available for long, and is not planned to be withdrawn."""

    listing_id: int
    name: str
    until: date


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody is to join: a claim that waits, or an invitation not yet accepted. `address` is where to decide."""

    listing_id: int
    name: str
    who: str
    at: datetime
    address: str


def some(ids: Ids, wanted: Wanted) -> Some:
    """The first few of the listings that meet what is wanted."""
    return Some(*listing_lines(ids, wanted, 1, FEW))


def incomplete(ids: Ids) -> Some:
    """The least complete listings."""
    return Some(*emptiest(ids, FEW))


def numbers(ids: Ids) -> dict[Status, int]:
    """How many of these listings there are in each state."""
    rows = sa.select(LISTINGS.c.status, sa.func.count()).where(LISTINGS.c.id.in_(ids)).group_by(LISTINGS.c.status)
    return dict(db.session.execute(rows).all())


def sent_back(ids: Ids) -> list[SentBack]:
    """Drafts and changes given back to their authors, the last first."""
    changes = sa.select(
        LISTINGS.c.id, LISTINGS.c.name, Proposal.reason, Proposal.decided_by, Proposal.decided_at, sa.false()
    ).join(Proposal, Proposal.listing_id == LISTINGS.c.id)
    changes = changes.where(Proposal.state == ProposalState.SENT_BACK, LISTINGS.c.id.in_(ids))
    query = sa.union_all(_sent_back_drafts(ids), changes).order_by(sa.desc("at")).limit(50)
    return [SentBack(*row) for row in db.session.execute(query)]


def sent_back_with(listing: Listing, proposal: Proposal | None) -> SentBack | None:
    """Why the listing, or what was proposed for it, is with its author again; None if it is not."""
    if proposal and proposal.state == ProposalState.SENT_BACK and proposal.decided_at:
        return SentBack(
            listing.id, listing.name, proposal.reason, proposal.decided_by, proposal.decided_at, is_draft=False
        )
    if listing.status != Status.DRAFT:
        return None
    row = db.session.execute(_sent_back_drafts(sa.select(sa.literal(listing.id)))).one_or_none()
    return SentBack(*row) if row else None


def _sent_back_drafts(ids: Ids) -> sa.Select[Any]:
    """Drafts whose last step between owner and desk was that they were sent back."""
    steps = (RevisionAct.SENT_BACK, RevisionAct.SUBMITTED, RevisionAct.PUBLISHED, RevisionAct.WITHDRAWN)
    step = aliased(Revision)
    last = sa.select(sa.func.max(step.id)).where(step.listing_id == LISTINGS.c.id, step.act.in_(steps))
    return (
        sa.select(
            LISTINGS.c.id, LISTINGS.c.name, Revision.note, Revision.made_by, Revision.made_at.label("at"), sa.true()
        )
        .join(Revision, Revision.id == last.scalar_subquery())
        .where(LISTINGS.c.status == Status.DRAFT, Revision.act == RevisionAct.SENT_BACK, LISTINGS.c.id.in_(ids))
    )


def broken_links(ids: Ids) -> list[BrokenLink]:
    """Web addresses of these listings that do not answer."""
    own = sa.select(LISTINGS.c.id, LISTINGS.c.name, LISTINGS.c.url.label("url"), sa.literal("basics").label("section"))
    attached = sa.select(LISTINGS.c.id, LISTINGS.c.name, Attachment.url, _section_of_attachment())
    attached = attached.join(Attachment, Attachment.listing_id == LISTINGS.c.id)
    alive = LISTINGS.c.status == Status.PUBLISHED
    every = sa.union_all(*(each.where(alive, LISTINGS.c.id.in_(ids)) for each in (own, attached))).subquery()
    query = (
        sa.select(every.c.id, every.c.name, every.c.url, LinkCheck.problem, LinkCheck.broken_since, every.c.section)
        .join(LinkCheck, LinkCheck.url == every.c.url)
        .where(LinkCheck.broken_since.is_not(None))
        .order_by(LinkCheck.broken_since)
        .limit(50)
    )
    return [BrokenLink(*row) for row in db.session.execute(query)]


def _section_of_attachment() -> sa.ColumnElement[str]:
    return sa.case((Attachment.kind == AttachmentKind.LINK, "links"), else_="media")


def lost_contacts(ids: Ids) -> list[LostContact]:
    """Contacts whose last enquiry could not be delivered and who still have that address."""
    letter = aliased(Recipient)
    last = sa.select(sa.func.max(letter.id)).where(letter.contact_id == Contact.id, letter.email == Contact.email)
    query = (
        sa.select(LISTINGS.c.id, LISTINGS.c.name, Contact.role, Contact.email, Recipient.delivery_detail)
        .join(Contact, Contact.listing_id == LISTINGS.c.id)
        .join(Recipient, Recipient.id == last.scalar_subquery())
        .where(LISTINGS.c.id.in_(ids), Recipient.delivery.in_((Delivery.FAILED, Delivery.BOUNCED)))
        .order_by(LISTINGS.c.name)
        .limit(50)
    )
    return [LostContact(*row) for row in db.session.execute(query)]


def leaving(ids: Ids, at: datetime | None = None) -> list[Leaving]:
    """Published instruments that are available for SOON at most, unless their withdrawal is planned."""
    until = Instrument.__table__.c.available_until
    query = (
        sa.select(LISTINGS.c.id, LISTINGS.c.name, until)
        .join(Instrument.__table__, Instrument.__table__.c.id == LISTINGS.c.id)
        .where(LISTINGS.c.status == Status.PUBLISHED, LISTINGS.c.withdraw_on.is_(None), LISTINGS.c.id.in_(ids))
        .where(until <= ((at or now()) + SOON).date())
        .order_by(until)
        .limit(50)
    )
    return [Leaving(*row) for row in db.session.execute(query)]


def claims_on(ids: Ids) -> list[Asked]:
    """Claims of others on these listings that wait for a decision."""
    who = sa.func.coalesce(sa.func.nullif(User.name, ""), User.email)
    query = (
        sa.select(LISTINGS.c.id, LISTINGS.c.name, who, Claim.claimed_at, Claim.id)
        .join(Claim, Claim.listing_id == LISTINGS.c.id)
        .join(User, User.id == Claim.user_id)
        .where(Claim.state == CaseState.OPEN, LISTINGS.c.id.in_(ids))
        .order_by(Claim.id)
        .limit(50)
    )
    return [
        Asked(listing_id, name, person, at, f"/manage/claims/{claim_id}")
        for listing_id, name, person, at, claim_id in db.session.execute(query)
    ]


def invitations_to(ids: Ids) -> list[Asked]:
    """Invitations to these listings that nobody has accepted yet."""
    pending = sa.and_(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    query = (
        sa.select(LISTINGS.c.id, LISTINGS.c.name, Invitation.email, Invitation.invited_at)
        .join(Invitation, Invitation.listing_id == LISTINGS.c.id)
        .where(pending, LISTINGS.c.id.in_(ids))
        .order_by(Invitation.id)
        .limit(50)
    )
    return [
        Asked(listing_id, name, email, at, f"/manage/listings/{listing_id}/team")
        for listing_id, name, email, at in db.session.execute(query)
    ]


def own_claims(user: User) -> list[Claim]:
    """What the user claims and waits for."""
    query = sa.select(Claim).where(Claim.user_id == user.id, Claim.state == CaseState.OPEN).order_by(Claim.id)
    return list(db.session.scalars(query.options(joinedload(Claim.listing))))


def own_proposals(user: User) -> Sequence[Any]:
    """Organisations that the user proposed and that wait for the desk: (id, name, made_at)."""
    query = (
        sa.select(LISTINGS.c.id, LISTINGS.c.name, Revision.made_at)
        .join(Revision, Revision.listing_id == LISTINGS.c.id)
        .where(Revision.act == RevisionAct.CREATED, Revision.user_id == user.id)
        .where(LISTINGS.c.status == Status.IN_REVIEW, LISTINGS.c.parent_id.is_(None))
        .order_by(LISTINGS.c.id)
        .limit(50)
    )
    return db.session.execute(query).all()


def holders(user: User) -> Sequence[Any]:
    """The organisations and facilities the user has a right on: (id, kind, name), organisations first."""
    query = sa.select(LISTINGS.c.id, LISTINGS.c.kind, LISTINGS.c.name).where(
        LISTINGS.c.id.in_(granted_ids(user, Level.EDITOR)),
        LISTINGS.c.kind.in_((Kind.ORGANISATION, Kind.FACILITY)),
        LISTINGS.c.status != Status.MERGED,
    )
    first = sa.case((LISTINGS.c.kind == Kind.ORGANISATION, 0), else_=1)
    return db.session.execute(query.order_by(first, LISTINGS.c.name, LISTINGS.c.id).limit(200)).all()
