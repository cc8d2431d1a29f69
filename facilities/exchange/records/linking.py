"""Linking imported listings to what they belong to: by record id, else by the names of facility and institution."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from facilities.catalogue.actions import By, record
from facilities.catalogue.models import (
    LISTINGS,
    Facility,
    Kind,
    Listing,
    Organisation,
    RevisionAct,
    SourceRecord,
    Status,
)
from facilities.catalogue.names import name_key
from facilities.catalogue.queries.merged import survivors

SEVERAL = re.compile(r"(?<!&[a-z]);\s+|(?<!&[a-z])\s*;$", re.IGNORECASE)
Key = tuple[str, str | None]
DEEPEST = 12
"""How many listings above one another are looked at; real chains have three."""


@dataclass(slots=True)
class Pending:
    """A listing whose record names what it belongs to."""

    listing_id: int
    kind: Kind
    source: str
    licence: str
    country: str | None
    links: dict[str, str]
    is_new: bool = False


@dataclass
class Linker:
    """Knows organisations and facilities by folded name and country, and makes those that only records name."""

    session: Session
    by: By
    added: int = 0
    changed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        table = LISTINGS
        columns = (table.c.id, table.c.name_key, table.c.country, table.c.kind)
        rows = self.session.execute(sa.select(*columns).order_by(table.c.id.desc())).all()
        merged = self.session.scalars(sa.select(table.c.id).where(table.c.status == Status.MERGED)).all()
        live = {id_: id_ for id_, *_ in rows} | survivors(merged)
        self.organisations: dict[Key, int] = {(k, c): live[i] for i, k, c, kind in rows if kind == Kind.ORGANISATION}
        self.facilities: dict[Key, int] = {(k, c): live[i] for i, k, c, kind in rows if kind == Kind.FACILITY}

    def link(self, pending: list[Pending]) -> None:
        """Set parent and organisation of each listing. A parent that would close a circle is left out."""
        parents = {entry.listing_id: self._parent_of(entry) for entry in pending}
        tree = Tree(self.session, parents)
        tops = {entry.listing_id for entry in pending if entry.kind == Kind.ORGANISATION}
        known = {entry.listing_id for entry in pending if not entry.is_new}
        for listing_id in list(parents):
            organisation = tree.organisation_above(listing_id)
            if listing_id in known:
                self._note_move(listing_id, tree.stored_parent(listing_id), tree.parents[listing_id])
            if self._set(listing_id, tree.parents[listing_id], organisation):
                self._carry_down(listing_id, listing_id if listing_id in tops else organisation)

    def _parent_of(self, entry: Pending) -> int | None:
        named = entry.links.get("parent")
        if named and (found := self._by_record(entry.source, named)) and found != entry.listing_id:
            return found
        organisation = self._organisation(entry)
        name = entry.links.get("facility")
        if name and entry.kind in (Kind.INSTRUMENT, Kind.SERVICE, Kind.OFFER):
            return self._facility(name, organisation, entry)
        return organisation if organisation != entry.listing_id else None

    def _by_record(self, source: str, source_id: str) -> int | None:
        record = sa.select(SourceRecord.listing_id).filter_by(source=source, source_id=source_id)
        return self.session.scalar(record)

    def _organisation(self, entry: Pending) -> int | None:
        """The first institution the record names, made if the catalogue has none of that name in that country."""
        name = next(filter(None, map(str.strip, SEVERAL.split(entry.links.get("institution", "")))), "")
        if not name.strip("; "):
            return None
        key = (name_key(name), entry.country)
        if key not in self.organisations:
            self.organisations[key] = self._make(Organisation(name=name), key, entry)
        return self.organisations[key]

    def _facility(self, name: str, organisation: int | None, entry: Pending) -> int:
        key = (name_key(name), entry.country)
        if key not in self.facilities:
            listing = Facility(name=name, parent_id=organisation, organisation_id=organisation)
            self.facilities[key] = self._make(listing, key, entry)
        return self.facilities[key]

    def _make(self, listing: Listing, key: Key, entry: Pending) -> int:
        listing.name_key, listing.country = key
        source_id = f"{listing.kind.value}:{key[0]}|{key[1] or ''}"[:200]
        fields = {"name": listing.name, "country": listing.country}
        listing.source_records = [
            SourceRecord(source=entry.source, source_id=source_id, licence=entry.licence, record=fields)
        ]
        created = {name: [None, value] for name, value in fields.items()}
        self.session.add(listing)
        record(listing, RevisionAct.CREATED, created, by=self.by)
        self.session.flush()
        self.added += 1
        self.changed.add(listing.id)
        return listing.id

    def _note_move(self, listing_id: int, before: int | None, after: int | None) -> None:
        """The history of a listing that was there before says where it belonged. That of a new one begins here."""
        if before != after:
            listing = self.session.get_one(Listing, listing_id)
            record(listing, RevisionAct.IMPORTED, {"parent": [before, after]}, by=self.by)
            self.session.flush()
            self.session.expunge(listing)

    def _set(self, listing_id: int, parent_id: int | None, organisation_id: int | None) -> bool:
        """Write both; whether either is new."""
        table = LISTINGS
        same = sa.and_(
            table.c.parent_id.is_not_distinct_from(parent_id),
            table.c.organisation_id.is_not_distinct_from(organisation_id),
        )
        update = sa.update(table).where(table.c.id == listing_id, ~same)
        if not self._changes_anything(update.values(parent_id=parent_id, organisation_id=organisation_id)):
            return False
        self.changed.add(listing_id)
        return True

    def _carry_down(self, listing_id: int, organisation_id: int | None) -> None:
        """What stands below a listing that moved belongs to its new organisation."""
        table = LISTINGS
        below = sa.select(table.c.id).where(table.c.parent_id == listing_id, table.c.kind != Kind.ORGANISATION)
        for child in list(self.session.scalars(below)):
            if self._set_organisation(child, organisation_id):
                self._carry_down(child, organisation_id)

    def _set_organisation(self, listing_id: int, organisation_id: int | None) -> bool:
        table = LISTINGS
        other = table.c.organisation_id.is_distinct_from(organisation_id)
        update = sa.update(table).where(table.c.id == listing_id, other).values(organisation_id=organisation_id)
        return self._changes_anything(update)

    def _changes_anything(self, update: sa.Update) -> bool:
        return self.session.scalar(update.returning(LISTINGS.c.id)) is not None


class Tree:
    """Who stands above whom: the parents being set over those the database has."""

    def __init__(self, session: Session, parents: dict[int, int | None]) -> None:
        self.session = session
        self.parents = parents
        self.stored: dict[int, tuple[Kind, int | None]] = {}
        self._load({parent for parent in parents.values() if parent})

    def organisation_above(self, listing_id: int) -> int | None:
        """The first organisation above a listing; a parent that leads back to the listing is taken away first."""
        above = list(self._ancestors(listing_id))
        if listing_id in above:
            self.parents[listing_id] = None
            return None
        return next((id_ for id_ in above if self._stored(id_)[0] == Kind.ORGANISATION), None)

    def _ancestors(self, listing_id: int) -> Iterator[int]:
        seen: set[int] = set()
        id_ = self._parent(listing_id)
        while id_ and id_ not in seen and len(seen) < DEEPEST:
            yield id_
            seen.add(id_)
            id_ = self._parent(id_)

    def _parent(self, id_: int) -> int | None:
        return self.parents[id_] if id_ in self.parents else self._stored(id_)[1]

    def stored_parent(self, id_: int) -> int | None:
        """The parent that the database has."""
        return self._stored(id_)[1]

    def _stored(self, id_: int) -> tuple[Kind, int | None]:
        if id_ not in self.stored:
            self._load({id_})
        return self.stored[id_]

    def _load(self, ids: set[int]) -> None:
        table, wanted = LISTINGS, sorted(ids)
        for start in range(0, len(wanted), 500):
            some = table.c.id.in_(wanted[start : start + 500])
            for id_, kind, parent in self.session.execute(
                sa.select(table.c.id, table.c.kind, table.c.parent_id).where(some)
            ):
                self.stored[id_] = (kind, parent)
