"""The networks and public needs of the demo catalogue: `networks.json` beside its records.

Loading again changes only what differs; a network of the same slug that the site made itself is left alone.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import SourceRecord
from facilities.db import db
from facilities.formats import site_today
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.models import Hub, MemberCategory, Membership, Network, NetworkKind

Said = dict[str, Any]
BY = "demo catalogue"
OF_NETWORK = (
    "names", "short_name", "summaries", "texts", "joining", "logo", "url", "region", "country", "lat", "lng",
)  # fmt: skip
OF_HUB = ("names", "texts", "logo", "url", "city", "region", "country", "lat", "lng", "radius_km")
OF_CATEGORY = ("names", "fee")
USUAL: Said = {"until": None, "founder": False, "partner": False, "note": ""}
"""A membership of which the file says no more."""
OF_NEED = ("language", "title", "text", "place")


def load_networks(path: Path, *, source: str) -> set[int]:
    """Load the networks, memberships and needs of a file, joining the transaction. `source` names the source of the
    records that the file speaks of; gives the ids of the organisations whose memberships changed."""
    said = json.loads(path.read_text(encoding="utf-8"))
    listings = _listings(source)
    changed: set[int] = set()
    for each in said["networks"]:
        if (network := _network(each, listings, source)) is not None:
            changed |= _members(network, each["members"], listings)
    for each in said["needs"]:
        _need(each, listings)
    return changed


def remove_networks(*, source: str) -> set[int]:
    """Delete the networks of a source with all that belongs to them, and the demo needs, joining the transaction; gives
    the ids of the organisations that were members."""
    ours = sa.select(Network.id).where(Network.source == source)
    members = set(db.session.scalars(sa.select(Membership.organisation_id).where(Membership.network_id.in_(ours))))
    db.session.execute(sa.delete(PublicNeed).where(PublicNeed.form_id.startswith(f"{source}:")))
    db.session.execute(sa.delete(Network).where(Network.source == source))
    return members


def _listings(source: str) -> dict[str, int]:
    """The ids of listings by the ids of their records."""
    known = sa.select(SourceRecord.source_id, SourceRecord.listing_id).where(SourceRecord.source == source)
    return dict(db.session.execute(known).all())


def _network(said: Said, listings: dict[str, int], source: str) -> Network | None:
    network = db.session.scalar(sa.select(Network).where(Network.slug == said["slug"]))
    if network is None:
        kind = next(kind for kind in NetworkKind if kind == said["kind"])
        network = Network(slug=said["slug"], source=source, kind=kind, names=said["names"])
        db.session.add(network)
    elif network.source != source:
        return None
    _write(network, said, OF_NETWORK)
    _assign(network, "organisation_id", listings.get(said["organisation"]))
    _parts(network.hubs, Hub, said.get("hubs", []), OF_HUB)
    _parts(network.categories, MemberCategory, said["categories"], OF_CATEGORY)
    for hub, hub_said in zip(network.hubs, said.get("hubs", []), strict=False):
        _assign(hub, "organisation_id", listings.get(hub_said.get("organisation", "")))
    db.session.flush()
    return network


def _parts(held: list[Any], model: type[Hub] | type[MemberCategory], said: list[Said], fields: Iterable[str]) -> None:
    """Make the parts of a network those of the file, in its order; parts that the file does not know go last."""
    known = {part.slug: part for part in held}
    for position, each in enumerate(said):
        part = known.pop(each["slug"], None)
        if part is None:
            part = model(slug=each["slug"], names=each["names"])
            held.append(part)
        _write(part, each, fields)
        _assign(part, "position", position)
    for position, part in enumerate(known.values(), len(said)):
        _assign(part, "position", position)
    held.sort(key=lambda part: part.position)


def _members(network: Network, said: list[Said], listings: dict[str, int]) -> set[int]:
    """Bring the memberships up to date that the demo catalogue made; those of the network's desk stay."""
    wanted = {
        (listings[each["organisation"]], date.fromisoformat(each["since"])): each
        for each in said
        if each["organisation"] in listings
    }
    held = list(db.session.scalars(sa.select(Membership).where(Membership.network_id == network.id)))
    changed = _drop([each for each in held if each.made_by == BY and (each.organisation_id, each.since) not in wanted])
    known = {(each.organisation_id, each.since): each for each in held}
    by_desk = {each.organisation_id for each in held if each.made_by != BY}
    hubs = {hub.slug: hub.id for hub in network.hubs}
    categories = {category.slug: category.id for category in network.categories}
    for (organisation_id, since), each in wanted.items():
        if organisation_id in by_desk:
            continue
        member = known.get((organisation_id, since))
        if member is None:
            member = Membership(network_id=network.id, organisation_id=organisation_id, since=since, made_by=BY)
            db.session.add(member)
        _member(member, each, hubs, categories)
        if member in db.session.new or db.session.is_modified(member):
            changed.add(organisation_id)
    db.session.flush()
    return changed


def _member(member: Membership, said: Said, hubs: dict[str, int], categories: dict[str, int]) -> None:
    """Make a membership what the file says; hubs and categories are ids by slug."""
    days = {"until": date.fromisoformat(said["until"])} if "until" in said else {}
    _write(member, USUAL | said | days, (*USUAL,))
    _assign(member, "category_id", categories.get(said.get("category", "")))
    _assign(member, "hub_id", hubs.get(said.get("hub", "")))


def _drop(members: list[Membership]) -> set[int]:
    """Delete memberships that the file no longer has; gives the ids of the organisations."""
    for member in members:
        db.session.delete(member)
    db.session.flush()
    return {member.organisation_id for member in members}


def _need(said: Said, listings: dict[str, int]) -> None:
    """Post a need that ends `days` from today; one whose last day has passed begins anew."""
    organisation_id = listings.get(said["organisation"])
    if organisation_id is None:
        return
    need = db.session.scalar(sa.select(PublicNeed).where(PublicNeed.form_id == said["id"]))
    today = site_today()
    if need is None:
        need = PublicNeed(form_id=said["id"], organisation_id=organisation_id, state=NeedState.OPEN, title="")
        need.posted_by = need.decided_by = BY
        need.ends_on = today
        db.session.add(need)
    if need.ends_on <= today:
        need.ends_on = today + timedelta(days=said["days"])
    _write(need, said, OF_NEED)
    network = sa.select(Network.id).where(Network.slug == said.get("network", ""))
    _assign(need, "network_id", db.session.scalar(network))


def _write(row: Any, said: Said, fields: Iterable[str]) -> None:
    for name in fields:
        if name in said:
            _assign(row, name, said[name])


def _assign(row: Any, name: str, value: Any) -> None:
    """Set only what differs, so that a row that is right stays untouched."""
    if getattr(row, name) != value:
        setattr(row, name, value)
