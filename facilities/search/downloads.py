"""Results as files: CSV and XLSX for people, JSON for programs."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _

from facilities.catalogue.models import Instrument, Listing, Service, Technique
from facilities.catalogue.models.listing import listing_techniques
from facilities.catalogue.queries import published_by_ids
from facilities.db import db
from facilities.exchange.tables.writing import as_csv, as_xlsx
from facilities.search.hits import hits
from facilities.search.query import SearchQuery

MOST_ROWS = 5000
BATCH = 250
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

COLUMNS = (
    "id", "kind", "name", "manufacturer", "model", "techniques", "facility", "organisation", "city", "country",
    "who may use it", "mode of access", "price level", "lead time in working days, from",
    "lead time in working days, to", "last confirmed", "km", "address",
)  # fmt: skip
"""Headings are the same in every language, so that files from several visits fit together."""

Row = dict[str, Any]


class Format(NamedTuple):
    """A kind of file: what it is called, how it is written and its type."""

    label: Any
    write: Callable[[SearchQuery], bytes | Iterator[bytes]]
    media_type: str


def results_csv(query: SearchQuery) -> Iterator[bytes]:
    return as_csv(chain([COLUMNS], map(_cells, rows(query))))


def results_xlsx(query: SearchQuery) -> bytes:
    return as_xlsx(COLUMNS, map(_cells, rows(query)), sheet="Results")


def results_json(query: SearchQuery) -> Iterator[bytes]:
    """One object: the address of the search, and its items as they come."""
    yield b'{"search": ' + json.dumps(current_app.config["SITE_URL"] + query.url).encode() + b', "items": ['
    for number, row in enumerate(rows(query)):
        yield (b",\n" if number else b"\n") + json.dumps(row, ensure_ascii=False).encode()
    yield b"\n]}\n"


FORMATS = {
    "csv": Format(_("CSV"), results_csv, "text/csv; charset=utf-8"),
    "xlsx": Format(_("XLSX"), results_xlsx, XLSX),
    "json": Format(_("JSON"), results_json, "application/json"),
}


def rows(query: SearchQuery) -> Iterator[Row]:
    """The first MOST_ROWS results in their order, a batch in memory at a time; by the names of COLUMNS."""
    found = hits(query, limit=MOST_ROWS)
    for start in range(0, len(found.ids), BATCH):
        listings = published_by_ids(found.ids[start : start + BATCH])
        ids = [listing.id for listing in listings]
        techniques, lead_times = _techniques(ids), _lead_times(ids)
        for listing in listings:
            beside = techniques.get(listing.id, []), lead_times.get(listing.id, (None, None))
            yield _row(listing, *beside, found.distances.get(listing.id))
        db.session.expunge_all()


def _row(listing: Listing, techniques: list[str], lead: tuple[int | None, int | None], km: float | None) -> Row:
    terms = listing.terms
    maker = (listing.manufacturer, listing.model) if isinstance(listing, Instrument) else ("", "")
    values = (
        listing.id, listing.kind.value, listing.name, *maker, techniques, *_owners(listing), listing.place.city,
        listing.place.country, list(terms.groups) if terms else [], list(terms.modes) if terms else [],
        terms.price_level if terms else None, *lead, (listing.confirmed_at or listing.created_at).date().isoformat(),
        None if km is None else round(km, 1), current_app.config["SITE_URL"] + listing.path,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _owners(listing: Listing) -> tuple[str | None, str | None]:
    """The names of the facility and the organisation it belongs to."""
    parent, organisation = listing.parent, listing.organisation
    facility = parent.name if parent is not None and parent.id != listing.organisation_id else None
    return facility, organisation.name if organisation is not None else None


def _cells(row: Row) -> Sequence[str]:
    return [_cell(value) for value in row.values()]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


def _techniques(ids: Iterable[int]) -> dict[int, list[str]]:
    """The English labels of the techniques of each listing."""
    links = listing_techniques
    statement = (
        sa.select(links.c.listing_id, Technique.labels)
        .join(Technique, Technique.id == links.c.technique_id)
        .where(links.c.listing_id.in_(ids))
        .order_by(links.c.listing_id, Technique.slug)
    )
    found: dict[int, list[str]] = {}
    for listing_id, labels in db.session.execute(statement):
        found.setdefault(listing_id, []).append(labels.get("en") or next(iter(labels.values()), ""))
    return found


def _lead_times(ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
    """Shortest and longest lead time in working days of each service that states one."""
    table = Service.__table__
    statement = sa.select(table.c.id, table.c.lead_time_min, table.c.lead_time_max).where(table.c.id.in_(ids))
    return {id_: (shortest, longest) for id_, shortest, longest in db.session.execute(statement)}
