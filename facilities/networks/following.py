"""What networks hold about a listing follows it when it is merged into another, and back again."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import Kind, Listing
from facilities.db import db
from facilities.networks.models import Application, Hub, Membership, Network

POINTERS: dict[str, Any] = {"memberships": Membership, "applications": Application, "networks": Network, "hubs": Hub}
Moved = dict[str, list[int]]


def take_memberships(merged: Listing, kept: Listing) -> Moved:
    """Have memberships, applications and networks of `merged` be those of `kept`; gives their ids. A membership that
    would hold beside one of `kept` stays where it is: a merged listing is nowhere counted. The caller commits."""
    if merged.kind != Kind.ORGANISATION or kept.kind != Kind.ORGANISATION:
        return {}
    moved: Moved = {name: [] for name in POINTERS}
    held = _memberships(kept)
    for membership in _memberships(merged):
        if not any(_overlap(membership, other) for other in held):
            membership.organisation_id = kept.id
            moved["memberships"].append(membership.id)
    for name, table in POINTERS.items():
        if name != "memberships":
            moved[name] = _point(table, kept, table.organisation_id == merged.id)
    db.session.flush()
    return moved


def give_back_memberships(moved: Mapping[str, list[int]], merged: Listing, kept: Listing) -> int:
    """Have them be those of `merged` again; gives how many are no longer there to be given back."""
    left = 0
    for name, ids in moved.items():
        table = POINTERS[name]
        left += len(ids) - len(_point(table, merged, table.id.in_(ids) & (table.organisation_id == kept.id)))
    return left


def _memberships(listing: Listing) -> list[Membership]:
    return list(db.session.scalars(sa.select(Membership).where(Membership.organisation_id == listing.id)))


def _overlap(one: Membership, other: Membership) -> bool:
    """Whether two memberships share a network and a day."""
    if one.network_id != other.network_id:
        return False
    apart = (one.until and other.since and one.until < other.since) or (
        other.until and one.since and other.until < one.since
    )
    return not apart


def _point(table: Any, listing: Listing, which: sa.ColumnElement[bool]) -> list[int]:
    """Make the chosen rows point at the listing; gives their ids."""
    update = sa.update(table).where(which).values(organisation_id=listing.id).returning(table.id)
    return sorted(db.session.scalars(update, execution_options={"synchronize_session": "fetch"}))
