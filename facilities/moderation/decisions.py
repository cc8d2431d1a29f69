"""Decisions about new and changed listings: the change, the decision and the letter to its author in one commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from facilities.accounts import rights
from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue import content
from facilities.catalogue.actions import archive_listing, publish_listing, send_back_listing
from facilities.catalogue.models import Kind, Listing, Revision, RevisionAct, Status
from facilities.db import db
from facilities.moderation import letters
from facilities.moderation.models import Decision, DecisionAct, Proposal, ProposalState
from facilities.moderation.proposals import (
    accept_proposal,
    open_proposal,
    overtaken,
    reject_proposal,
    send_back_proposal,
)
from facilities.moderation.teams import managers_of


class NothingWaits(Exception):
    """There is nothing (any more) to decide about this listing."""


class ChangedMeanwhile(Exception):
    """What waits is no longer what was looked at."""


@dataclass(frozen=True)
class Case:
    """A listing that waits for a decision: as a whole, or the changes of `proposal`."""

    listing: Listing
    proposal: Proposal | None = None

    @property
    def mark(self) -> str:
        """Another text as soon as the listing or what is proposed has changed."""
        return mark_of(self.listing, self.proposal)

    @cached_property
    def changes(self) -> dict[str, list[Any]]:
        """{field: [what the public reads, what it is to read]}; of a new listing all that it says."""
        if self.proposal is None:
            return {name: [None, value] for name, value in content.read(self.listing).items() if value not in EMPTY}
        says = content.read(self.listing, tuple(self.proposal.changes))
        return {name: [says[name], after] for name, (_before, after) in self.proposal.changes.items()}

    @cached_property
    def overtaken(self) -> dict[str, list[Any]]:
        """The proposed fields that somebody else has changed since: {field: [said then, says now]}."""
        return overtaken(self.proposal) if self.proposal else {}

    @cached_property
    def author(self) -> User | None:
        """Whoever proposed the changes, or handed the listing in."""
        return self.proposal.author if self.proposal else _handed_in_by(self.listing)

    @cached_property
    def is_put_right(self) -> bool:
        """Whether somebody who decides has changed it since it was handed in."""
        if self.proposal is not None:
            put_right_at = self.proposal.decided_at
            return put_right_at is not None and put_right_at >= self.proposal.changed_at
        editors = sa.select(User).where(User.id.in_(_edited_since_by(self.listing)))
        others = [each for each in db.session.scalars(editors) if each != self.author]
        return any(rights.may_publish(each, self.listing) for each in others)


EMPTY: tuple[Any, ...] = (None, "", [], {})


def mark_of(listing: Listing, proposal: Proposal | None) -> str:
    """See `Case.mark`."""
    changed_at = f"{proposal.id}-{proposal.changed_at.timestamp():.6f}" if proposal else "new"
    return f"{listing.version}-{changed_at}"


def case_of(listing: Listing, *, seen: str | None = None) -> Case:
    """What waits at a listing. Raises NothingWaits, and ChangedMeanwhile if its mark is not the one that was seen."""
    proposal = None if listing.status == Status.IN_REVIEW else open_proposal(listing)
    waits = listing.status == Status.IN_REVIEW or (proposal and proposal.state == ProposalState.WAITING)
    if not waits:
        raise NothingWaits(listing.id)
    case = Case(listing, proposal)
    if seen is not None and seen != case.mark:
        raise ChangedMeanwhile(listing.id)
    return case


def accept(case: Case, *, by: User, edited: Mapping[str, Any] | None = None) -> None:
    """Make what waits public, with `edited` fields of a proposal instead where they are put right now."""
    put_right = bool(edited) or case.is_put_right
    note_decision(case.listing, DecisionAct.ACCEPTED_EDITED if put_right else DecisionAct.ACCEPTED, by=by)
    letters.accepted(case.author, case.listing, by=by, edited=put_right)
    if case.proposal is not None:
        accept_proposal(case.proposal, by=by.actor, edited=edited)
        return
    _give_to_proposer(case, by)
    publish_listing(case.listing, by=by.actor)


def send_back(case: Case, *, reason: str, by: User, public_note: str = "") -> None:
    """Give what waits back to its author, who may change it and hand it in again."""
    note_decision(case.listing, DecisionAct.SENT_BACK, reason=reason, public_note=public_note, by=by)
    letters.sent_back(case.author, case.listing, reason, by=by)
    if case.proposal is None:
        _let_proposer_correct(case, by)
        send_back_listing(case.listing, reason=reason, by=by.actor)
        return
    send_back_proposal(case.proposal, reason=reason, by=by.actor)
    db.session.commit()


def reject(case: Case, *, reason: str, by: User, public_note: str = "") -> None:
    """Turn what waits down for good; a new listing is put away."""
    note_decision(case.listing, DecisionAct.REJECTED, reason=reason, public_note=public_note, by=by)
    letters.rejected(case.author, case.listing, reason, by=by)
    if case.proposal is None:
        _take_from_proposer(case.listing)
        archive_listing(case.listing, by=by.actor, note=reason)
        return
    reject_proposal(case.proposal, reason=reason, by=by.actor)
    db.session.commit()


def note_decision(listing: Listing, act: DecisionAct, *, by: User, reason: str = "", public_note: str = "") -> Decision:
    """Write into the log who decided what, and why; the caller commits."""
    decision = Decision(
        listing=listing,
        listing_name=listing.name,
        act=act,
        reason=reason,
        public_note=public_note[:400],
        made_by_id=by.id,
        made_by=by.actor.name[:120],
    )
    db.session.add(decision)
    return decision


def note_act(about: str, act: DecisionAct, *, by: User, reason: str = "") -> Decision:
    """Write into the log what the desk did that is about no listing; the caller commits."""
    decision = Decision(listing_name=about[:600], act=act, reason=reason, made_by_id=by.id, made_by=by.actor.name[:120])
    db.session.add(decision)
    return decision


HANDED_IN = (RevisionAct.SUBMITTED, RevisionAct.CREATED)


def _edited_since_by(listing: Listing) -> sa.Select[int | None]:
    """The ids of those who edited a listing since it was handed in."""
    handed_in = sa.select(sa.func.max(Revision.version)).where(
        Revision.listing_id == listing.id, Revision.act.in_(HANDED_IN)
    )
    return sa.select(Revision.user_id).where(
        Revision.listing_id == listing.id,
        Revision.act == RevisionAct.EDITED,
        Revision.version > handed_in.scalar_subquery(),
    )


def _handed_in_by(listing: Listing) -> User | None:
    """Who handed a listing in last, or else made it."""
    query = (
        sa.select(User)
        .join(Revision, Revision.user_id == User.id)
        .where(Revision.listing_id == listing.id, Revision.act.in_(HANDED_IN))
        .order_by(Revision.version.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _give_to_proposer(case: Case, by: User) -> None:
    """Whoever proposed an organisation that nobody manages yet becomes its manager."""
    if case.listing.kind != Kind.ORGANISATION or case.author is None or managers_of(case.listing):
        return
    give_manager(case.author, case.listing, by=by)


def note_act_of_desk(listing: Listing, act: DecisionAct, *, by: User | None, reason: str = "") -> None:
    """The same for what the desk does to a public listing outside its queues, whose reason anyone may read; what owners
    do with their own listings is no decision."""
    if by is not None and rights.may_moderate(by):
        note_decision(listing, act, by=by, reason=reason, public_note=reason)


def _let_proposer_correct(case: Case, by: User) -> None:
    """Whoever proposed an organisation has no right on it until it is accepted. Sent back, it is theirs to edit."""
    author, listing = case.author, case.listing
    if listing.kind != Kind.ORGANISATION or author is None or rights.may_edit(author, listing):
        return
    author.grants.append(Grant(listing_id=listing.id, role=OwnerRole.EDITOR, granted_by_id=by.id))


def _take_from_proposer(listing: Listing) -> None:
    """A proposed organisation that does not come into the catalogue has no team: not even whoever proposed it and got
    it back to correct. What belongs to an organisation stays with those who keep that."""
    if listing.parent_id is not None:
        return
    for grant in db.session.scalars(sa.select(Grant).where(Grant.listing_id == listing.id)):
        grant.user.grants.remove(grant)


def give_manager(user: User, listing: Listing, *, by: User | None) -> None:
    """Make a user manager of a listing; the caller commits."""
    grant = db.session.scalar(sa.select(Grant).where(Grant.user_id == user.id, Grant.listing_id == listing.id))
    if grant is None:
        grant = Grant(user_id=user.id, listing_id=listing.id)
        user.grants.append(grant)
    grant.role, grant.granted_by_id = OwnerRole.MANAGER, by.id if by else None
