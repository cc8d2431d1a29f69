"""The members of a network as rows of a file. The desk's file can be sent back as it is."""

from collections.abc import Iterable, Iterator
from datetime import date

from flask import current_app

from facilities.networks.members import Member
from facilities.networks.models import Network

PUBLIC = ("id", "name", "kind", "city", "country", "category", "hub", "founder", "partner", "page", "website")
KEPT = ("id", "name", "category", "hub", "since", "until", "founder", "partner", "note")
"""What can be sent back: `bulk` reads these headings."""

DESK = (*KEPT, "fee", "kind", "city", "country", "page", "website")
Rows = Iterator[tuple[str, ...]]


def public_rows(members: Iterable[Member], network: Network) -> Rows:
    """What anyone may know."""
    return _rows(PUBLIC, members, network)


def desk_rows(members: Iterable[Member], network: Network) -> Rows:
    """What the network's desk keeps."""
    return _rows(DESK, members, network)


def _rows(headings: tuple[str, ...], members: Iterable[Member], network: Network) -> Rows:
    categories = {each.id: each for each in network.categories}
    hubs = {each.id: each for each in network.hubs}
    yield headings
    for member in members:
        category, hub = categories.get(member.category_id or 0), hubs.get(member.hub_id or 0)
        cells = {
            "id": str(member.organisation_id),
            "name": member.name,
            "kind": member.kind.value,
            "city": member.city,
            "country": member.country or "",
            "category": category.slug if category else "",
            "fee": category.fee if category else "",
            "hub": hub.slug if hub else "",
            "since": _day(member.since),
            "until": _day(member.until),
            "founder": "yes" if member.founder else "",
            "partner": "yes" if member.partner else "",
            "note": member.note,
            "page": current_app.config["SITE_URL"] + member.path,
            "website": member.url,
        }
        yield tuple(cells[heading] for heading in headings)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
