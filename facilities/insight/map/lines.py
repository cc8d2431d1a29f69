"""From an organisation to the places where it works: its sites, and its facilities that stand elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.gazetteer import town
from facilities.catalogue.models import LISTINGS, Kind, Site, Status
from facilities.db import db
from facilities.insight.map.grouping import DECIMALS

MOST = 200
"""Lines that are drawn from one organisation."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a line ends: degrees, what is there, and its address if it has a page."""

    lat: float
    lng: float
    name: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """An organisation and the other places where it works, each once."""

    start: End
    ends: list[End]


def lines_of(organisation_id: int) -> Lines | None:
    """The lines of a published organisation; None if there is none, or its own place is not known."""
    columns = LISTINGS.c
    row = db.session.execute(
        sa.select(columns.name, columns.lat, columns.lng, columns.city, columns.country).where(
            columns.id == organisation_id, columns.kind == Kind.ORGANISATION, columns.status == Status.PUBLISHED
        )
    ).one_or_none()
    start = _end(*row) if row else None
    if start is None:
        return None
    found = {(end.lat, end.lng): end for end in (*_facilities(organisation_id), *_sites(organisation_id))}
    found.pop((start.lat, start.lng), None)
    return Lines(start, list(found.values())[:MOST])


def as_json(lines: Lines) -> dict[str, Any]:
    """[latitude, longitude, name, address or ""] of the organisation and of each end."""
    start, *ends = ([each.lat, each.lng, each.name, each.path] for each in (lines.start, *lines.ends))
    return {"start": start, "ends": ends}


def _sites(organisation_id: int) -> Iterator[End]:
    columns = (Site.name, Site.lat, Site.lng, Site.city, Site.country)
    rows = db.session.execute(sa.select(*columns).where(Site.listing_id == organisation_id).order_by(Site.position))
    for name, lat, lng, city, country in rows:
        if end := _end(name or city, lat, lng, city, country):
            yield end


def _facilities(organisation_id: int) -> Iterator[End]:
    columns = LISTINGS.c
    rows = db.session.execute(
        sa.select(columns.id, columns.name, columns.lat, columns.lng, columns.city, columns.country)
        .where(
            columns.organisation_id == organisation_id,
            columns.kind == Kind.FACILITY,
            columns.status == Status.PUBLISHED,
        )
        .order_by(columns.name)
    )
    for id_, name, lat, lng, city, country in rows:
        if end := _end(name, lat, lng, city, country, f"/{Kind.FACILITY.path}/{id_}"):
            yield end


def _end(name: str, lat: float | None, lng: float | None, city: str, country: str | None, path: str = "") -> End | None:
    """At its coordinates, else in the middle of its town."""
    if lat is None or lng is None:
        found = town(city, country) if city and country else None
        if found is None:
            return None
        lat, lng = found.lat, found.lng
    return End(round(lat, DECIMALS), round(lng, DECIMALS), name, path)
