"""Making networks, and changing their pages, hubs and the categories of their members. One commit each, last."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from facilities.accounts.models import User
from facilities.catalogue.models.parts import Actor
from facilities.db import db
from facilities.networks.changing import everybody, note, save, touch, write
from facilities.networks.host_names import forget_hosts
from facilities.networks.models import Hub, MemberCategory, Membership, Network, NetworkGrant, NetworkKind
from facilities.networks.queries import slug_is_free

NEW = "new"
"""In addresses it stands for a hub that is yet to be made."""


class Taken(Exception):
    """The name in the address, or the host, belongs to another one already."""


def flush_as(name: str) -> None:
    """Write what a network is called now. Raises Taken if somebody else has just taken the name: both had found it
    free."""
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Taken(name) from error


def make_network(slug: str, kind: NetworkKind, names: Mapping[str, str], *, by: Actor, **fields: Any) -> Network:
    """A new network, unpublished until its desk has written its page. Raises Taken."""
    if not slug_is_free(slug):
        raise Taken(slug)
    network = Network(slug=slug, kind=kind, names=dict(names), **({"published": False} | fields))
    db.session.add(network)
    flush_as(slug)
    note(network, "made", by=by, about=network.name)
    save()
    return network


def change_network(network: Network, fields: Mapping[str, Any], *, by: Actor) -> None:
    """Change what a network's page says. Raises Taken if the host is another network's."""
    host = fields.get("host")
    others = sa.select(Network.id).where(Network.host == host, Network.id != network.id)
    if host and db.session.scalar(others):
        raise Taken(host)
    changes = write(network, fields)
    if not changes:
        db.session.rollback()
        return
    if "host" in changes:
        flush_as(str(host))
    touch(network)
    note(network, "page", by=by, about=network.name, changes=changes)
    save(everybody(network) if "published" in changes else ())
    forget_hosts()


def add_hub(network: Network, slug: str, fields: Mapping[str, Any], *, by: Actor) -> Hub:
    """A new hub, after the others. Raises Taken."""
    if slug == NEW or any(each.slug == slug for each in network.hubs):
        raise Taken(slug)
    hub = Hub(slug=slug, position=_next(network.hubs), **fields)
    network.hubs.append(hub)
    touch(network)
    note(network, "hub_added", by=by, about=hub.name)
    save()
    return hub


def change_hub(hub: Hub, fields: Mapping[str, Any], *, by: Actor) -> None:
    changes = write(hub, fields)
    if changes:
        note(hub.network, "hub_changed", by=by, about=hub.name, changes=changes)
        save()


def remove_hub(hub: Hub, *, by: Actor) -> None:
    """Take a hub away; its members stay members of the network, and its desk loses its right."""
    network = hub.network
    there = list(db.session.scalars(sa.select(Membership).where(Membership.hub_id == hub.id)))
    for membership in there:
        membership.hub = None
    note(network, "hub_removed", by=by, about=hub.name)
    network.hubs.remove(hub)
    touch(network)
    save(membership.organisation_id for membership in there)


def add_category(network: Network, slug: str, fields: Mapping[str, Any], *, by: Actor) -> MemberCategory:
    """A new category of members, after the others. Raises Taken."""
    if any(each.slug == slug for each in network.categories):
        raise Taken(slug)
    category = MemberCategory(slug=slug, position=_next(network.categories), **fields)
    network.categories.append(category)
    note(network, "category_added", by=by, about=category.name)
    save()
    return category


def change_category(category: MemberCategory, fields: Mapping[str, Any], *, by: Actor) -> None:
    changes = write(category, fields)
    if changes:
        note(category.network, "category_changed", by=by, about=category.name, changes=changes)
        save()


def remove_category(category: MemberCategory, *, by: Actor) -> None:
    """Take a category away; members of it stay members without one."""
    network = category.network
    for membership in db.session.scalars(sa.select(Membership).where(Membership.category_id == category.id)):
        membership.category = None
    note(network, "category_removed", by=by, about=category.name)
    network.categories.remove(category)
    save()


def move_up(rows: list[Any], row: Any) -> None:
    """Put a hub or category one place further to the front of its list."""
    at = rows.index(row)
    ordered = list(rows)
    if at:
        ordered[at - 1], ordered[at] = ordered[at], ordered[at - 1]
    for position, each in enumerate(ordered):
        each.position = position
    save()


def grant_desk(network: Network, user: User, hub: Hub | None, *, by: Actor) -> NetworkGrant:
    """Have a user belong to the desk of a network or of one hub of it; the caller commits. The wider right stays."""
    grant = next((each for each in user.network_grants if each.network_id == network.id), None)
    if grant is None:
        grant = NetworkGrant(network_id=network.id, hub_id=hub.id if hub else None, granted_by=by.name)
        user.network_grants.append(grant)
    elif grant.hub_id is not None:
        grant.hub_id = hub.id if hub else None
    note(network, "desk_joined", by=by, about=user.actor.name)
    return grant


def remove_from_desk(grant: NetworkGrant, *, by: Actor) -> None:
    """Take somebody's right at a network."""
    note(grant.network, "desk_left", by=by, about=grant.user.actor.name)
    db.session.delete(grant)
    save()


def _next(rows: list[Any]) -> int:
    return max((row.position for row in rows), default=-1) + 1
