"""One's own listings as files: our spreadsheet, which imports again without a change, UNIQUIP, records."""

import json
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session, selectinload, undefer

from facilities.catalogue import content
from facilities.catalogue.models import LISTINGS, Contact, Kind, Listing, ListingText, SourceRecord
from facilities.db import db
from facilities.exchange.records.exporting import record_of
from facilities.exchange.tables.cells import Cells, cells_of, columns_for
from facilities.exchange.tables.fields import Field, heading_of
from facilities.exchange.tables.uniquip import COLUMNS, TYPES, uniquip_row
from facilities.exchange.tables.writing import as_csv, as_xlsx
from facilities.manage.importing.holders import LIVE, numbered
from facilities.manage.importing.planning import PARTS

BATCH = 200
Ids = sa.Select[int]


def listings_csv(ids: Ids) -> Iterator[bytes]:
    """Our own columns as CSV, a row at a time."""
    columns = _columns(ids)
    yield from as_csv([[heading_of(column) for column in columns]])
    for row in _rows(ids, columns):
        yield from _without_mark(as_csv([row]))


def listings_xlsx(ids: Ids) -> bytes:
    """The same as a workbook."""
    columns = _columns(ids)
    return as_xlsx([heading_of(column) for column in columns], _rows(ids, columns))


def uniquip_csv(ids: Ids) -> Iterator[bytes]:
    """Facilities and instruments in UNIQUIP's columns, as CSV."""
    yield from as_csv([COLUMNS])
    for row in _uniquip(ids):
        yield from _without_mark(as_csv([row]))


def uniquip_xlsx(ids: Ids) -> bytes:
    """The same as a workbook."""
    return as_xlsx(COLUMNS, _uniquip(ids), sheet="UNIQUIP")


def records(ids: Ids) -> Iterator[bytes]:
    """One JSON object a line, as `catalogue import` reads them."""
    for listing in _listings(ids):
        yield json.dumps(record_of(listing), ensure_ascii=False).encode() + b"\n"


def count(ids: Ids) -> int:
    """How many listings the export would have."""
    return db.session.scalar(sa.select(sa.func.count()).where(*_exported(ids))) or 0


def _exported(ids: Ids) -> tuple[sa.ColumnElement[bool], ...]:
    return LISTINGS.c.id.in_(ids), LISTINGS.c.status.in_(LIVE)


def _without_mark(pieces: Iterator[bytes]) -> Iterator[bytes]:
    next(pieces)
    return pieces


def _listings(ids: Ids) -> Iterator[Listing]:
    """The listings with all they say, parents before what belongs to them where they were made before it."""
    last = 0
    sources = selectinload(Listing.source_records).options(undefer(SourceRecord.record))
    parent = selectinload(Listing.parent).selectinload(Listing.source_records)
    query = sa.select(Listing).options(*map(selectinload, PARTS), sources, parent)
    with db.sessionmaker() as session:
        while listings := _batch(session, query, ids, last):
            yield from listings
            last = listings[-1].id
            session.expunge_all()


def _batch(session: Session, query: sa.Select[Listing], ids: Ids, after: int) -> Sequence[Listing]:
    wanted = query.where(*_exported(ids), LISTINGS.c.id > after).order_by(LISTINGS.c.id).limit(BATCH)
    return session.scalars(wanted).all()


def _columns(ids: Ids) -> list[Field]:
    """The columns that these listings need: by their kinds, languages and numbers of contacts."""
    which = sa.select(LISTINGS.c.id).where(*_exported(ids))
    kinds = set(db.session.scalars(sa.select(LISTINGS.c.kind).where(*_exported(ids)).distinct()))
    languages = db.session.scalars(sa.select(ListingText.language).where(ListingText.listing_id.in_(which)).distinct())
    each = sa.select(sa.func.count(Contact.id)).where(Contact.listing_id.in_(which)).group_by(Contact.listing_id)
    contacts = max(db.session.scalars(each), default=1)
    used = {f"texts.{language}.name" for language in languages} | {f"contacts.{contacts - 1}.email"}
    return columns_for(kinds or set(Kind), used)


def _rows(ids: Ids, columns: Sequence[Field]) -> Iterator[list[str]]:
    for listing in _listings(ids):
        cells = row_of(listing)
        yield [cells.get(column.key, "") for column in columns]


def row_of(listing: Listing) -> Cells:
    """The cells of a listing, with those by which it is recognised when it comes back."""
    parent = listing.parent
    own = next((record.source_id for record in listing.source_records), "")
    return cells_of(content.read(listing)) | {
        "listing": str(listing.id),
        "version": str(listing.version),
        "id": own,
        "kind": listing.kind.value,
        "parent": numbered(parent.name, parent.id) if parent is not None else "",
    }


def _uniquip(ids: Ids) -> Iterator[Sequence[str]]:
    site = current_app.config["SITE_URL"]
    for listing in _listings(ids):
        if listing.kind in TYPES:
            yield uniquip_row(listing, content.read(listing), address=f"{site}{listing.path}", site=site)
