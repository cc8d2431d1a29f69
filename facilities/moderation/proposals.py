"""Changes that wait: made by owners, decided by a manager or the desk. The public sees the old version until then."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from facilities.catalogue import content
from facilities.catalogue.actions import By, change_fields, record, save
from facilities.catalogue.models import Actor, Listing, RevisionAct
from facilities.db import db, now
from facilities.moderation.models import Proposal, ProposalState

OPEN = (ProposalState.WAITING, ProposalState.SENT_BACK)


def open_proposal(listing: Listing) -> Proposal | None:
    """The proposal of a listing that has not been decided."""
    query = sa.select(Proposal).where(Proposal.listing_id == listing.id, Proposal.state.in_(OPEN))
    return db.session.scalar(query)


def proposed(listing: Listing, proposal: Proposal | None, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """What the listing would say in these fields (all unless named) if the proposal were accepted."""
    said = content.read(listing, names)
    waiting = proposal.changes if proposal else {}
    return said | {name: after for name, (_before, after) in waiting.items() if name in said}


def propose_changes(listing: Listing, fields: Mapping[str, Any], *, by: By, reviewing: bool = False) -> Proposal | None:
    """Have these fields wait for a decision, together with what waits already; None if nothing differs any more. With
    `reviewing`, whoever decides puts it right: it stays its author's, and waits even if nothing differs. The caller
    commits."""
    actor, proposal = Actor.of(by), open_proposal(listing)
    public = content.read(listing, tuple(fields))
    changes = dict(proposal.changes) if proposal else {}
    for name, value in fields.items():
        before = changes[name][0] if name in changes else public[name]
        changes[name] = [before, value]
        if value == public[name]:
            del changes[name]
    if proposal is None and not changes:
        return None
    if proposal is None:
        proposal, reviewing = Proposal(listing=listing, version=listing.version), False
        db.session.add(proposal)
    proposal.changes, proposal.changed_at, proposal.state = changes, now(), ProposalState.WAITING
    if reviewing:
        proposal.decided_by, proposal.decided_at = actor.name, proposal.changed_at
        return proposal
    proposal.made_by, proposal.made_by_id = actor.name, actor.user_id
    if not changes:
        _decide(proposal, ProposalState.TAKEN_BACK, by=actor)
        return None
    return proposal


def overtaken(proposal: Proposal) -> dict[str, list[Any]]:
    """The fields that the listing has changed otherwise since they were proposed: {field: [said then, says now]}."""
    public = content.read(proposal.listing, tuple(proposal.changes))
    return {
        name: [before, public[name]]
        for name, (before, after) in proposal.changes.items()
        if public[name] not in (before, after)
    }


def accept_proposal(proposal: Proposal, *, by: By, edited: Mapping[str, Any] | None = None, note: str = "") -> None:
    """Make the proposed changes public, with `edited` fields instead where given. The history names who proposed them
    and, in the note, who accepted."""
    fields = {name: after for name, (_before, after) in proposal.changes.items()} | dict(edited or {})
    changes = change_fields(proposal.listing, fields)
    author = Actor(proposal.made_by, proposal.made_by_id)
    _decide(proposal, ProposalState.ACCEPTED, by=by, reason=note)
    if changes:
        record(proposal.listing, RevisionAct.EDITED, changes, by=author, note=Actor.of(by).name)
    save([proposal.listing])


def send_back_proposal(proposal: Proposal, *, reason: str, by: By) -> None:
    """Give changes back to their author with a reason. The caller commits."""
    _decide(proposal, ProposalState.SENT_BACK, by=by, reason=reason)


def reject_proposal(proposal: Proposal, *, reason: str, by: By) -> None:
    """Turn changes down for good. The caller commits."""
    _decide(proposal, ProposalState.REJECTED, by=by, reason=reason)


def take_back_proposal(proposal: Proposal, *, by: By) -> None:
    """Drop changes at their author's wish. The caller commits."""
    _decide(proposal, ProposalState.TAKEN_BACK, by=by)


def _decide(proposal: Proposal, state: ProposalState, *, by: By, reason: str = "") -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_by, proposal.decided_at = Actor.of(by).name, now()
