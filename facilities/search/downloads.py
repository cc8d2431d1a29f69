"""Results as files: CSV and XLSX for people, JSON for programs."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _

from facilities.catalogue.models import Instrument, Listing, Mode, Service, Technique, UserGroup, country_name
from facilities.catalogue.models.listing import listing_techniques
from facilities.catalogue.models.terms import Word
from facilities.catalogue.queries import published_by_ids
from facilities.db import db
from facilities.exchange.tables.writing import as_csv, as_xlsx
from facilities.search.hits import hits
from facilities.search.query import SearchQuery

MOST_ROWS = 5000
BATCH = 250
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

COLUMNS = (
    "ID", "Kind", "Name", "Manufacturer", "Model", "Techniques", "Facility", "Organisation", "City", "Country",
    "Who may use it", "Mode of access", "Price level", "Lead time in working days, from",
    "Lead time in working days, to", "Last confirmed", "Distance in km", "Web page",
)  # fmt: skip
"""Headings and labels are the same in every language, so that files from several visits fit together."""

LANGUAGE = "en"
Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of one result. `lead` are the shortest and longest lead time in working days, `km` how far it
    is from the place searched near."""

    listing: Listing
    techniques: list[str]
    lead: tuple[int | None, int | None]
    km: float | None

    def as_json(self) -> dict[str, Any]:
        """By the names that the records of the interface have."""
        listing, terms = self.listing, self.listing.terms
        manufacturer, model = self._maker
        facility, organisation = self._owners
        return {
            "id": listing.id,
            "kind": listing.kind.value,
            "name": listing.name,
            "manufacturer": manufacturer,
            "model": model,
            "techniques": self.techniques,
            "facility": facility,
            "organisation": organisation,
            "city": listing.place.city,
            "country": listing.place.country,
            "access": {
                "groups": list(terms.groups) if terms else [],
                "modes": list(terms.modes) if terms else [],
                "price_level": terms.price_level if terms else None,
            },
            "lead_time_days": list(self.lead) if any(end is not None for end in self.lead) else None,
            "confirmed_on": self._confirmed_on.isoformat() if self._confirmed_on else None,
            "distance_km": self.km,
            "url": current_app.config["SITE_URL"] + listing.path,
        }

    def cells(self) -> list[Cell]:
        """By COLUMNS, with the words for what is a code in JSON. Needs force_locale."""
        listing, terms = self.listing, self.listing.terms
        return [
            listing.id, str(listing.kind.label), listing.name, *self._maker, "; ".join(self.techniques), *self._owners,
            listing.place.city, country_name(listing.place.country) if listing.place.country else "",
            _labels(UserGroup, terms.groups if terms else ()), _labels(Mode, terms.modes if terms else ()),
            terms.price_level if terms else None, *self.lead, self._confirmed_on, self.km,
            current_app.config["SITE_URL"] + listing.path,
        ]  # fmt: skip

    @property
    def _maker(self) -> tuple[str, str]:
        listing = self.listing
        return (listing.manufacturer, listing.model) if isinstance(listing, Instrument) else ("", "")

    @property
    def _owners(self) -> tuple[str | None, str | None]:
        """The names of the facility and the organisation it belongs to."""
        listing = self.listing
        parent, organisation = listing.parent, listing.organisation
        facility = parent.name if parent is not None and parent.id != listing.organisation_id else None
        return facility, organisation.name if organisation is not None else None

    @property
    def _confirmed_on(self) -> date | None:
        return self.listing.confirmed_at.date() if self.listing.confirmed_at else None


class Format(NamedTuple):
    """A kind of file: what it is called, how it is written and its type."""

    label: Any
    write: Callable[[SearchQuery], bytes | Iterator[bytes]]
    media_type: str


def results_csv(query: SearchQuery) -> Iterator[bytes]:
    return as_csv(chain([COLUMNS], (list(map(_text, cells)) for cells in _table(query))))


def results_xlsx(query: SearchQuery) -> bytes:
    return as_xlsx(COLUMNS, _table(query), sheet="Results")


def results_json(query: SearchQuery) -> Iterator[bytes]:
    """One object: the address of the search, and its items as they come."""
    yield b'{"search": ' + json.dumps(current_app.config["SITE_URL"] + query.url).encode() + b', "items": ['
    for number, row in enumerate(rows(query)):
        yield (b",\n" if number else b"\n") + json.dumps(row.as_json(), ensure_ascii=False).encode()
    yield b"\n]}\n"


FORMATS = {
    "csv": Format(_("CSV"), results_csv, "text/csv; charset=utf-8"),
    "xlsx": Format(_("XLSX"), results_xlsx, XLSX),
    "json": Format(_("JSON"), results_json, "application/json"),
}


def rows(query: SearchQuery) -> Iterator[Row]:
    """The first MOST_ROWS results in their order, a batch in memory at a time."""
    found = hits(query, limit=MOST_ROWS)
    for start in range(0, len(found.ids), BATCH):
        listings = published_by_ids(found.ids[start : start + BATCH])
        ids = [listing.id for listing in listings]
        techniques, lead_times = _techniques(ids), _lead_times(ids)
        for listing in listings:
            km = found.distances.get(listing.id)
            lead = lead_times.get(listing.id, (None, None))
            yield Row(listing, techniques.get(listing.id, []), lead, None if km is None else round(km, 1))
        db.session.expunge_all()


def _table(query: SearchQuery) -> Iterator[list[Cell]]:
    for row in rows(query):
        with force_locale(LANGUAGE):
            cells = row.cells()
        yield cells


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _labels(words: type[Word], values: Iterable[str]) -> str:
    """The words of these values, those known here."""
    return "; ".join(str(each.label) for each in words if each in values)


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
