"""What points at a listing and follows it when it is merged into another, and back again."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from facilities.accounts.models import Grant, Invitation, OwnerRole
from facilities.catalogue.actions import By
from facilities.catalogue.models import Actor, Listing, SourceRecord
from facilities.db import db, now
from facilities.enquiries.following import take_enquiries_along, take_enquiries_back
from facilities.enquiries.models import AnswerTemplate, Thread
from facilities.manage.models import ColumnMapping, ImportRun
from facilities.moderation.models import Claim, Duplicate, PairState, Proposal, ProposalState, Report
from facilities.moderation.proposals import open_proposal, reject_proposal
from facilities.needs.following import take_needs_along, take_needs_back
from facilities.networks.following import give_back_memberships, take_memberships

Moved = dict[str, Any]
Left = dict[str, int]
ROWS: dict[str, Any] = {
    "threads": Thread,
    "answer_templates": AnswerTemplate,
    "source_records": SourceRecord,
    "reports": Report,
    "claims": Claim,
    "invitations": Invitation,
    "imports": ImportRun,
}
"""Tables whose rows simply point at another listing afterwards."""


def take_along(merged: Listing, kept: Listing, *, by: By) -> Moved:
    """Have everything that points at `merged` point at `kept`; gives the ids, by kind, that `take_back` needs. The
    caller commits."""
    return {
        "rows": {name: _point(table, kept, table.listing_id == merged.id) for name, table in ROWS.items()},
        **_join_teams(merged, kept),
        "mappings": _move_mappings(merged, kept),
        "proposals": _close_proposal(merged, kept, by=by),
        **_settle_pairs(merged, kept, by=by),
        "needs": take_needs_along(merged, kept),
        "networks": take_memberships(merged, kept),
        "enquiries": take_enquiries_along(merged, kept),
    }


def take_back(moved: Mapping[str, Any], merged: Listing, kept: Listing) -> Left:
    """Have what `take_along` moved point at `merged` again, except what somebody moved elsewhere or removed since: that
    is counted by kind. The caller commits."""
    left = {name: _return(ROWS[name], ids, merged, kept) for name, ids in moved["rows"].items()}
    left["mappings"] = _return(ColumnMapping, moved["mappings"], merged, kept)
    left["grants"] = _return(Grant, moved["grants"], merged, kept) + _lower(moved["raised"])
    left["needs"] = take_needs_back(moved.get("needs", {}), merged, kept)
    left["memberships"] = give_back_memberships(moved.get("networks", {}), merged, kept)
    left["needs"] += take_enquiries_back(moved.get("enquiries", {}), merged, kept)
    left["proposals"] = _reopen(moved["proposals"])
    _restore_pairs(moved)
    return {name: count for name, count in left.items() if count}


def _point(table: Any, listing: Listing, which: sa.ColumnElement[bool]) -> list[int]:
    """Make the chosen rows point at the listing; gives their ids."""
    update = sa.update(table).where(which).values(listing_id=listing.id).returning(table.id)
    return sorted(db.session.scalars(update, execution_options={"synchronize_session": "fetch"}))


def _return(table: Any, ids: list[int], merged: Listing, kept: Listing) -> int:
    """Point rows back; gives how many are no longer where the merge had put them."""
    return len(ids) - len(_point(table, merged, table.id.in_(ids) & (table.listing_id == kept.id)))


def _join_teams(merged: Listing, kept: Listing) -> Moved:
    """Everyone with a right on either has the stronger of the two on `kept`."""
    held = {grant.user_id: grant for grant in _grants(kept)}
    moved, raised = [], []
    for grant in _grants(merged):
        own = held.get(grant.user_id)
        if own is None:
            grant.listing_id = kept.id
            moved.append(grant.id)
        elif own.role == OwnerRole.EDITOR and grant.role == OwnerRole.MANAGER:
            own.role = OwnerRole.MANAGER
            raised.append(own.id)
    return {"grants": moved, "raised": raised}


def _grants(listing: Listing) -> list[Grant]:
    return list(db.session.scalars(sa.select(Grant).where(Grant.listing_id == listing.id).order_by(Grant.id)))


def _lower(ids: list[int]) -> int:
    grants = db.session.scalars(sa.select(Grant).where(Grant.id.in_(ids), Grant.role == OwnerRole.MANAGER)).all()
    for grant in grants:
        grant.role = OwnerRole.EDITOR
    return len(ids) - len(grants)


def _move_mappings(merged: Listing, kept: Listing) -> list[int]:
    """Saved mappings of columns, apart from those whose name `kept` has as well."""
    named = sa.select(ColumnMapping.name).where(ColumnMapping.listing_id == kept.id)
    names = db.session.scalars(named).all()
    return _point(ColumnMapping, kept, (ColumnMapping.listing_id == merged.id) & ColumnMapping.name.not_in(names))


def _close_proposal(merged: Listing, kept: Listing, *, by: By) -> list[list[Any]]:
    proposal = open_proposal(merged)
    if proposal is None:
        return []
    before = proposal.state.name
    reject_proposal(proposal, reason=_("The listing was merged into “%(name)s”.", name=kept.name), by=by)
    return [[proposal.id, before]]


def _reopen(proposals: list[list[Any]]) -> int:
    """Have closed proposals wait again; gives how many are gone."""
    gone = 0
    for proposal_id, state in proposals:
        proposal = db.session.get(Proposal, proposal_id)
        if proposal is None or proposal.state != ProposalState.REJECTED:
            gone += 1
            continue
        proposal.state, proposal.reason = ProposalState[state], ""
        proposal.decided_by, proposal.decided_at = "", None
    return gone


def _settle_pairs(merged: Listing, kept: Listing, *, by: By) -> Moved:
    """Nothing is left to decide about `merged`; what was found to be another thing than it is another than `kept`."""
    pairs = {_other(pair, merged): pair for pair in _pairs(merged)}
    known = {_other(pair, kept) for pair in _pairs(kept)}
    settled, new = [], []
    for other_id, pair in pairs.items():
        if other_id == kept.id or pair.state == PairState.OPEN:
            settled.append([pair.id, pair.state.name])
            _decide(pair, PairState.MERGED, by)
        elif pair.state == PairState.DIFFERENT and other_id not in known:
            new.append(_pair(kept.id, other_id, PairState.DIFFERENT, by))
    if kept.id not in pairs:
        new.append(_pair(kept.id, merged.id, PairState.MERGED, by))
    db.session.flush()
    return {"pairs": settled, "new_pairs": [pair.id for pair in new]}


def _restore_pairs(moved: Mapping[str, Any]) -> None:
    for pair_id, state in moved["pairs"]:
        pair = db.session.get(Duplicate, pair_id)
        if pair is not None and pair.state == PairState.MERGED:
            pair.state, pair.decided_by, pair.decided_at = PairState[state], "", None
    db.session.execute(sa.delete(Duplicate).where(Duplicate.id.in_(moved["new_pairs"])))


def _pairs(listing: Listing) -> list[Duplicate]:
    either = sa.or_(Duplicate.first_id == listing.id, Duplicate.second_id == listing.id)
    return list(db.session.scalars(sa.select(Duplicate).where(either).order_by(Duplicate.id)))


def _other(pair: Duplicate, listing: Listing) -> int:
    return pair.second_id if pair.first_id == listing.id else pair.first_id


def _pair(one: int, other: int, state: PairState, by: By) -> Duplicate:
    pair = Duplicate(first_id=min(one, other), second_id=max(one, other))
    _decide(pair, state, by)
    db.session.add(pair)
    return pair


def _decide(pair: Duplicate, state: PairState, by: By) -> None:
    pair.state, pair.decided_by, pair.decided_at = state, Actor.of(by).name, now()
