"""Records of one source, recognised by their ids: known ones change what their source changed since, others are made.

Only listings that the user may edit change, new ones come below a listing where the user may import, and none is
recognised by its name or ROR id: what others keep stays theirs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from facilities.accounts.models import User
from facilities.accounts.rights import may_add_below, may_edit, may_moderate, may_move, may_publish
from facilities.api.body import faults_of
from facilities.api.listing import address_of
from facilities.api.making import KIND_OF
from facilities.api.patching import as_said, with_own_files
from facilities.api.queries import below, used_by_others, whole_listings
from facilities.catalogue import content
from facilities.catalogue.actions import CannotMove, change_fields, make_listing, place_below, save
from facilities.catalogue.actions import record as record_revision
from facilities.catalogue.models import LISTINGS, Kind, Listing, Organisation, RevisionAct, SourceRecord, Status
from facilities.catalogue.names import name_key
from facilities.catalogue.vocabulary import Vocabulary
from facilities.db import db, now
from facilities.exchange.records.mapping import MODELS, fields_of, links_of
from facilities.exchange.records.roles import why_refused
from facilities.exchange.records.schema import Record
from facilities.moderation.proposals import propose_changes

Json = dict[str, Any]


class NotTaken(Exception):
    """A record that cannot be taken; `code` is what a request with this record alone answers."""

    def __init__(self, name: str, reason: str, code: str = "invalid") -> None:
        super().__init__(reason)
        self.name, self.reason, self.code = name, reason, code


@dataclass
class Row:
    """One record on its way: what was sent, then what became of it."""

    number: int
    values: Json
    record: Record | None = None
    known: SourceRecord | None = None
    fields: Json = field(default_factory=dict)
    listing: Listing | None = None
    result: str = "rejected"
    code: str = "invalid"
    told: list[Json] = field(default_factory=list)

    def refuse(self, name: str, reason: str, code: str = "invalid") -> None:
        self.result, self.code, self.record = "rejected", code, None
        self.told.append({"field": name, "detail": reason, "rejects": True})

    def as_json(self, *, saved: bool) -> Json:
        """As `shapes.RowResult`. A listing that was not `saved` has no id to be found by."""
        there = self.listing is not None and (saved or self.result != "created") and self.result != "rejected"
        listing_id = self.listing.id if self.listing is not None and there else None
        return {
            "row": self.number,
            "id": str(self.values["id"]) if "id" in self.values else None,
            "result": self.result,
            "listing_id": listing_id,
            "url": address_of(listing_id) if listing_id else None,
            "problems": self.told,
        }


class Upsert:
    """One request's records of a source, in the session's transaction. `place` is where new listings come that name no
    parent."""

    def __init__(self, source: str, *, place: Listing | None, by: User) -> None:
        self.source, self.place, self.by = source, place, by
        self.vocabulary = Vocabulary.load()
        self.listings: dict[int, Listing] = {}
        self.touched: list[Listing] = []

    def run(self, values: Iterable[Json]) -> list[Row]:
        """Take the records in, parents first; gives what became of each, in the order they were sent."""
        rows = [self._read(number, each) for number, each in enumerate(values, 1)]
        self._refuse_twice(rows)
        self._find(rows)
        for row in _parents_first([row for row in rows if row.record]):
            self._take_or_refuse(row)
        return rows

    def save(self) -> None:
        """Commit what was taken, and have the index follow."""
        save(self.touched)

    def _take_or_refuse(self, row: Row) -> None:
        """Take one record whole or not at all."""
        try:
            with db.session.begin_nested():
                row.result = self._take(row)
                db.session.flush()
        except NotTaken as reason:
            row.refuse(reason.name, str(reason), reason.code)
        except IntegrityError:
            row.refuse("row", "has values that do not go together, or that another listing has already", "conflict")

    def _read(self, number: int, values: Json) -> Row:
        row, notes = Row(number, values), list[tuple[str, str]]()
        try:
            row.record = Record.model_validate(with_own_files(values), context={"notes": notes})
        except ValidationError as wrong:
            for fault in faults_of(wrong):
                row.refuse(fault.pointer.removeprefix("/").replace("/", "."), fault.detail)
            return row
        row.told += [{"field": name, "detail": reason, "rejects": False} for name, reason in notes]
        if row.record.source not in ("", self.source):
            row.refuse("source", f"is another one than “{self.source}”, which the address names")
        return row

    def _refuse_twice(self, rows: list[Row]) -> None:
        first: dict[str, int] = {}
        for row in rows:
            if row.record and first.setdefault(row.record.id, row.number) != row.number:
                row.refuse("id", f"“{row.record.id}” was already used in row {first[row.record.id]}")

    def _find(self, rows: list[Row]) -> None:
        """What is known of the records, and the listings of those that differ, locked and with all they say."""
        ids = {row.record.id for row in rows if row.record} | {row.record.parent for row in rows if row.record}
        query = sa.select(SourceRecord).where(SourceRecord.source == self.source, SourceRecord.source_id.in_(ids))
        self.known = {
            known.source_id: known for known in db.session.scalars(query.options(undefer(SourceRecord.record)))
        }
        for row in rows:
            if row.record:
                row.known = self.known.get(row.record.id)
                row.fields = fields_of(row.record, self.vocabulary)
        self._load(rows)

    def _load(self, rows: list[Row]) -> None:
        """Lock the listings that are known, in the order of their ids so that two requests never wait for each other;
        read what is new of all, and all that those say that are to change."""
        ids = sorted({row.known.listing_id for row in rows if row.known})
        changing = [row.known.listing_id for row in rows if row.known and self._differing(row)]
        anew = {"populate_existing": True}
        locked = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids)).order_by(LISTINGS.c.id).with_for_update()
        db.session.execute(locked)
        for query in (sa.select(Listing).where(Listing.id.in_(ids)), whole_listings(changing)):
            found = db.session.scalars(query, execution_options=anew)
            self.listings |= {listing.id: listing for listing in found}

    def _differing(self, row: Row) -> set[str]:
        """The names of what the source says otherwise than the last time."""
        assert row.record and row.known
        before, after = row.known.record, row.fields | links_of(row.record)
        return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}

    def _take(self, row: Row) -> str:
        assert row.record
        if row.known is None:
            return self._make(row, row.record)
        row.listing = self._editable(row.known)
        differing = self._differing(row)
        return self._change(row.listing, row, row.record, row.known, differing) if differing else "unchanged"

    def _make(self, row: Row, record: Record) -> str:
        self._check_source()
        kind, parent = KIND_OF[record.type], self._parent(record)
        if parent is None:
            raise NotTaken("parent", "is missing: name the record it belongs to, or a listing with “below”")
        self._check_ror(record, None)
        self._check_roles(record, ())
        said = row.fields | links_of(record)
        origin = SourceRecord(source=self.source, source_id=record.id, licence=record.licence, record=said)
        status = Status.PUBLISHED if may_publish(self.by, parent) else Status.IN_REVIEW
        try:
            row.listing = make_listing(kind, row.fields, parent=parent, by=self.by.actor, status=status, origin=origin)
        except CannotMove:
            raise NotTaken("parent", f"a listing of the kind {parent.kind} cannot hold a {kind}") from None
        db.session.flush()
        self.known[record.id] = origin
        self.listings[row.listing.id] = row.listing
        self.touched.append(row.listing)
        return "created"

    def _change(self, listing: Listing, row: Row, record: Record, known: SourceRecord, differing: set[str]) -> str:
        if type(listing) is not MODELS[record.type]:
            raise NotTaken("type", f"is another one than that of listing {listing.id}, which is a {listing.kind}")
        self._check_ror(record, listing)
        if "roles" in differing and isinstance(listing, Organisation):
            self._check_roles(record, listing.roles)
        names = differing & {*content.columns_of(type(listing)), *content.PARTS}
        wanted = as_said(listing, {name: row.fields.get(name) for name in names})
        result = self._write(listing, wanted)
        if "parent" in differing and record.parent and self._move(listing, record):
            result = "updated" if result == "unchanged" else result
        known.record, known.imported_at, known.licence = row.fields | links_of(record), now(), record.licence
        self.touched.append(listing)
        return result

    def _check_roles(self, record: Record, held: Iterable[str]) -> None:
        if reason := why_refused(record.roles, tuple(held)):
            raise NotTaken("roles", reason)

    def _write(self, listing: Listing, wanted: Json) -> str:
        """Change the listing, or have the changes wait where the organisation wants that."""
        if listing.status == Status.PUBLISHED and not may_publish(self.by, listing):
            return "waiting" if propose_changes(listing, wanted, by=self.by.actor) else "unchanged"
        changes = change_fields(listing, wanted)
        if changes:
            record_revision(listing, RevisionAct.IMPORTED, changes, by=self.by.actor, note=self.source)
        return "updated" if changes else "unchanged"

    def _move(self, listing: Listing, record: Record) -> bool:
        parent = self._parent(record)
        if parent is None or parent.id == listing.parent_id:
            return False
        if not may_move(self.by, listing, parent):
            raise NotTaken("parent", "is another one than before, and you may not move this listing there", "forbidden")
        try:
            return place_below(listing, parent, by=self.by.actor)
        except CannotMove:
            raise NotTaken("parent", "cannot hold this listing: it is of the wrong kind, or below it") from None

    def _parent(self, record: Record) -> Listing | None:
        """What the record says it belongs to; else the facility of that name below the place; else the place."""
        if record.parent:
            known = self.known.get(record.parent)
            if known is None:
                raise NotTaken("parent", f"no record “{record.parent}” of this source is known: send it as well")
            parent = self.listings.get(known.listing_id) or db.session.get_one(Listing, known.listing_id)
            if not may_add_below(self.by, parent):
                raise NotTaken("parent", "is a listing that you may not add to", "forbidden")
            return parent
        return self._facility(record) or self.place

    def _facility(self, record: Record) -> Listing | None:
        if not record.facility or self.place is None or record.type not in ("instrument", "service", "offer"):
            return None
        inside = LISTINGS.c.id.in_(below([self.place.id]))
        named = sa.select(LISTINGS.c.id).where(
            inside, LISTINGS.c.kind == Kind.FACILITY, LISTINGS.c.name_key == name_key(record.facility)
        )
        found = db.session.scalar(named.order_by(LISTINGS.c.id).limit(1))
        return db.session.get(Listing, found) if found else None

    def _editable(self, known: SourceRecord) -> Listing:
        listing = self.listings[known.listing_id]
        if not may_edit(self.by, listing):
            raise NotTaken("id", f"“{known.source_id}” is a listing that you may not edit", "forbidden")
        return listing

    @cached_property
    def _is_others(self) -> bool:
        return not may_moderate(self.by) and used_by_others(self.source, self.by)

    def _check_source(self) -> None:
        """The ids of a source are for those to give who keep its listings."""
        if self._is_others:
            raise NotTaken("id", f"is new, and the source “{self.source}” keeps listings of others", "forbidden")

    def _check_ror(self, record: Record, listing: Listing | None) -> None:
        """No two listings have the same ROR id."""
        if record.ror:
            found = db.session.scalar(sa.select(LISTINGS.c.id).where(LISTINGS.c.ror == record.ror))
            if found is not None and found != (listing.id if listing else None):
                raise NotTaken("ror", f"is that of listing {found}", "conflict")


def _parents_first(rows: list[Row]) -> list[Row]:
    """The rows so that each comes after the one it belongs to, if that is among them."""
    left = {row.record.id: row for row in rows if row.record}
    ordered: list[Row] = []
    while left:
        free = [row for row in left.values() if row.record and row.record.parent not in left]
        for row in free or left.values():
            ordered.append(row)
        left = {id_: row for id_, row in left.items() if row not in ordered}
    return ordered


def counts_of(rows: Iterable[Row]) -> dict[str, int]:
    """How many records were created, updated, unchanged, are waiting, were rejected."""
    counted = Counter(row.result for row in rows)
    return {result: counted[result] for result in ("created", "updated", "unchanged", "waiting", "rejected")}
