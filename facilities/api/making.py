"""Making listings from records."""

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from facilities.accounts.models import User
from facilities.accounts.rights import may_add_below, may_moderate, may_publish
from facilities.api.access import listing_for
from facilities.api.body import invalid
from facilities.api.listing import address_of
from facilities.api.patching import with_own_files
from facilities.api.problems import ApiProblem, Fault
from facilities.api.queries import source_record, used_by_others
from facilities.api.shapes import NewListing, NewRecord
from facilities.catalogue.actions import create_listing
from facilities.catalogue.models import KINDS, Kind, Listing, Source, SourceRecord, Status
from facilities.catalogue.vocabulary import Vocabulary
from facilities.db import db
from facilities.exchange.records.mapping import MODELS, fields_of, links_of

KIND_OF = {type_: kind for type_, model in MODELS.items() for kind, of_kind in KINDS.items() if model is of_kind}
"""The kind of listing that a record of each type is."""


def add_listing(asked: NewListing, *, by: User) -> Listing:
    """Make the listing: a draft; public or, where the organisation wants that, handed in for review, if asked to be
    published. Raises `known_already` for a record that is in the catalogue, `forbidden`, `not_found`, `invalid`."""
    parent = _parent(asked, by)
    kind = KIND_OF[asked.record.type]
    fields = fields_of(asked.record, Vocabulary.load())
    origin = _origin(asked.record, fields, by)
    status = _status(asked, parent, by)
    return create_listing(kind, fields, parent=parent, by=by.actor, status=status, origin=origin)


def usable(values: dict[str, object]) -> dict[str, object]:
    """A body that makes a listing, with files of ours as paths."""
    record = values.get("record")
    return values | {"record": with_own_files(record)} if isinstance(record, dict) else values


def _parent(asked: NewListing, by: User) -> Listing | None:
    if asked.parent_id is not None:
        return listing_for(asked.parent_id, may_add_below, by)
    if KIND_OF[asked.record.type] != Kind.ORGANISATION:
        raise invalid([Fault("/parent_id", "is missing: name the listing it is to belong to")])
    if not may_moderate(by):
        raise ApiProblem("forbidden", "Only the desk adds organisations that belong to none: propose it on the site.")
    return None


def _status(asked: NewListing, parent: Listing | None, by: User) -> Status:
    if not asked.publish:
        return Status.DRAFT
    return Status.PUBLISHED if parent is None or may_publish(by, parent) else Status.IN_REVIEW


def _origin(record: NewRecord, fields: dict[str, object], by: User) -> SourceRecord | None:
    """The record as its source will know it again; None for one without an id of its own."""
    if not record.id:
        return None
    if not record.source:
        raise invalid([Fault("/record/source", "is missing: name the source that knows the record by its id")])
    check_source(record.source, by)
    take_source(record.source)
    if known := source_record(record.source, record.id):
        raise ApiProblem(
            "known_already",
            f"“{record.id}” of “{record.source}” is in the catalogue: change it with PATCH, or send it with PUT to "
            f"/api/v1/sources.",
            headers={"Link": f'<{address_of(known.listing_id)}>; rel="existing"'},
            listing=address_of(known.listing_id),
        )
    said = fields | links_of(record)
    return SourceRecord(source=record.source, source_id=record.id, licence=record.licence, record=said)


def check_source(source: str, by: User) -> None:
    """Raises `forbidden` for a source that keeps listings of others: its ids are theirs to give."""
    if not may_moderate(by) and used_by_others(source, by):
        raise ApiProblem("forbidden", f"The source “{source}” keeps listings of others: choose another name for yours.")


def take_source(name: str) -> None:
    """Have the source be there, and its other users wait until this transaction ends."""
    if db.session.get(Source, name) is None:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(Source(name=name, title=name))
    db.session.execute(sa.select(Source.name).where(Source.name == name).with_for_update())
