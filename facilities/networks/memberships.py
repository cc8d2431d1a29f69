"""Memberships: organisations join a network, end their membership and come back."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import Listing
from facilities.catalogue.models.parts import Actor
from facilities.db import db
from facilities.networks.changing import note, save, write
from facilities.networks.members import today
from facilities.networks.models import Membership, Network

FIELDS = ("category_id", "hub_id", "since", "until", "founder", "partner", "note")


class AlreadyMember(Exception):
    """The organisation belongs to the network at that time already."""


def running(network: Network, organisation_id: int) -> Membership | None:
    """The organisation's membership that has not ended, if any."""
    return running_of(network, [organisation_id]).get(organisation_id)


def running_of(network: Network, organisation_ids: Collection[int]) -> dict[int, Membership]:
    """The same of several organisations, by their ids; those without one are left out."""
    found = db.session.scalars(
        sa.select(Membership)
        .where(Membership.network_id == network.id, Membership.organisation_id.in_(organisation_ids))
        .where(sa.or_(Membership.until.is_(None), Membership.until >= today()))
    )
    return {each.organisation_id: each for each in found}


def make_member(network: Network, organisation: Listing, fields: Mapping[str, Any], *, by: Actor) -> Membership:
    """A new membership; the caller saves. Raises AlreadyMember if it would hold beside another one."""
    _check_apart(network.id, organisation.id, fields.get("since"), fields.get("until"))
    return put_member(network, organisation, fields, by=by)


def put_member(network: Network, organisation: Listing, fields: Mapping[str, Any], *, by: Actor) -> Membership:
    """The same where the caller has seen that no other membership shares a day with it."""
    membership = Membership(
        network_id=network.id, organisation_id=organisation.id, made_by=by.name[:120], **dict(fields)
    )  # fmt: skip
    db.session.add(membership)
    note(network, "member_added", by=by, about=organisation.name)
    return membership


def add_member(network: Network, organisation: Listing, fields: Mapping[str, Any], *, by: Actor) -> Membership:
    """The same, saved."""
    membership = make_member(network, organisation, fields, by=by)
    save([organisation.id])
    return membership


def change_member(membership: Membership, fields: Mapping[str, Any], *, by: Actor) -> bool:
    """Change what is kept about a membership; whether anything changed; the caller saves. Raises AlreadyMember."""
    since, until = fields.get("since", membership.since), fields.get("until", membership.until)
    if (since, until) != (membership.since, membership.until):
        _check_apart(membership.network_id, membership.organisation_id, since, until, apart=membership.id)
    return write_member(membership, fields, by=by)


def write_member(membership: Membership, fields: Mapping[str, Any], *, by: Actor) -> bool:
    """The same where the caller has seen that no other membership shares a day with it."""
    changes = write(membership, fields)
    if changes:
        note(membership.network, "member_changed", by=by, about=membership.organisation.name, changes=changes)
    return bool(changes)


def end_membership(membership: Membership, *, by: Actor, on: date | None = None, reason: str = "") -> None:
    """Have a membership end with a day, yesterday unless named, so that it no longer counts. One that has ended without
    a day being named stays as it is."""
    if on is None and membership.until is not None and membership.until < today():
        return
    last = on or today() - timedelta(days=1)
    membership.until = max(last, membership.since) if membership.since else last
    if on is None and membership.until >= today():
        # It began today: it was a mistake, and nothing of it is kept but the line in the log.
        db.session.delete(membership)
    note(membership.network, "member_ended", by=by, about=membership.organisation.name, reason=reason)
    save([membership.organisation_id])


def bring_back(membership: Membership, *, by: Actor) -> None:
    """Have a membership that has ended go on. Raises AlreadyMember."""
    _check_apart(
        membership.network_id, membership.organisation_id, membership.since, None, apart=membership.id
    )  # fmt: skip
    membership.until = None
    note(membership.network, "member_back", by=by, about=membership.organisation.name)
    save([membership.organisation_id])


def _check_apart(
    network_id: int, organisation_id: int, since: date | None, until: date | None, *, apart: int = 0
) -> None:
    """Raises AlreadyMember if the organisation has another membership that shares a day with these."""
    others = sa.select(Membership.id).where(
        Membership.network_id == network_id,
        Membership.organisation_id == organisation_id,
        Membership.id != apart,
        sa.or_(Membership.until.is_(None), Membership.until >= (since or date.min)),
        sa.or_(Membership.since.is_(None), Membership.since <= (until or date.max)),
    )
    if db.session.scalar(others.limit(1)):
        raise AlreadyMember(organisation_id)
