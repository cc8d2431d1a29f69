"""Writing listings as records that import again without a change."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload, undefer

from facilities.catalogue import content
from facilities.catalogue.models import Listing, SourceRecord, Status
from facilities.db import db
from facilities.exchange.records.mapping import COMPANY, PAIRS
from facilities.manage.uploads import public_url

BATCH = 200
SOURCE = "catalogue"
RENAMED = {"organisation_kind": "kind", "operation": "status"}
IMAGES = "/demo/images/"


def export_records() -> Iterator[dict[str, Any]]:
    """Every published listing as a record, parents before what belongs to them."""
    last = 0
    with db.sessionmaker() as session:
        while listings := list(session.scalars(_page(last))):
            yield from map(record_of, listings)
            last = listings[-1].id
            session.expunge_all()


def _page(after: int) -> sa.Select[Listing]:
    parts = (
        Listing.texts, Listing.access, Listing.prices, Listing.certificates, Listing.contacts, Listing.attachments,
        Listing.specifications, Listing.sites, Listing.pipeline, Listing.techniques, Listing.categories,
    )  # fmt: skip
    sources = selectinload(Listing.source_records).options(undefer(SourceRecord.record))
    parent = selectinload(Listing.parent).selectinload(Listing.source_records)
    query = sa.select(Listing).where(Listing.status == Status.PUBLISHED, Listing.id > after)
    return query.options(*map(selectinload, parts), sources, parent).order_by(Listing.id).limit(BATCH)


def record_of(listing: Listing, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The listing as a record; with `fields` as if it said these (all of them, as `content.read` gives them)."""
    fields = content.read(listing) if fields is None else fields
    said = {name: value for name, value in fields.items() if value not in (None, "", [], {})}
    record = _identity(listing) | {RENAMED.get(name, name): value for name, value in said.items()}
    for name, ends in PAIRS.items():
        if known := [record.pop(end) for end in ends if end in record]:
            record[name] = [known[0], known[-1]]
    if company := {short: record.pop(name) for name, short in COMPANY.items() if name in record}:
        record["company"] = company
    if "images" in record:
        record["images"] = [_image(image) for image in record["images"]]
    if "documents" in record:
        record["documents"] = [document | {"url": public_url(document["url"])} for document in record["documents"]]
    if listing.confirmed_at:
        record["confirmed_on"] = listing.confirmed_at.date().isoformat()
    return record


def _identity(listing: Listing) -> dict[str, Any]:
    """The keys by which the record is recognised, and what it belongs to."""
    origin = listing.source_records[0] if listing.source_records else None
    record = {
        "id": origin.source_id if origin else str(listing.id),
        "type": listing.kind.value,
        "source": origin.source if origin else SOURCE,
    }
    if origin and origin.licence:
        record["licence"] = origin.licence
    if listing.parent:
        above = next((r.source_id for r in listing.parent.source_records if r.source == record["source"]), None)
        record["parent"] = above or str(listing.parent_id)
    return record


def _image(image: dict[str, Any]) -> dict[str, Any]:
    path, is_ours = image["url"].removeprefix(IMAGES), image["url"].startswith(IMAGES)
    where = {"file": path} if is_ours else {"url": public_url(image["url"])}
    return where | {name: image[key] for name, key in (("alt", "title"), ("credit", "credit")) if key in image}
