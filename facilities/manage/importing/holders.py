"""What stands below a listing, and which of it a row names as what it belongs to."""

import re
from dataclasses import dataclass, field

import sqlalchemy as sa

from facilities.catalogue.actions import HOLDERS
from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.catalogue.names import fold, name_key
from facilities.db import db

NUMBERED = re.compile(r"#(\d{1,9})\s*$")
"""How our exports end the name of what a listing belongs to: "Lumen Imaging #123"."""

LIVE = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)
Parent = int | str
"""A listing's id, or the source id of a row of the same file that is yet to become one."""


def numbered(name: str, listing_id: int) -> str:
    return f"{name} #{listing_id}"


@dataclass
class Holders:
    """The listings below one, by id, name and abbreviation; learns those that the file brings."""

    below: int
    kinds: dict[Parent, Kind] = field(default_factory=dict)
    parents: dict[Parent, Parent | None] = field(default_factory=dict)
    names: dict[str, Parent] = field(default_factory=dict)

    @classmethod
    def load(cls, below: int) -> "Holders":
        """One SELECT over the tree below a listing, itself included."""
        table = LISTINGS.c
        tree = sa.select(table.id).where(table.id == below).cte("tree", recursive=True)
        tree = tree.union(sa.select(table.id).where(table.parent_id == tree.c.id))
        columns = (table.id, table.kind, table.parent_id, table.name, table.abbreviation, table.status)
        holders = cls(below)
        for row in db.session.execute(sa.select(*columns).where(table.id.in_(sa.select(tree.c.id))).order_by(table.id)):
            holders.kinds[row.id] = row.kind
            holders.parents[row.id] = row.parent_id
            if row.kind in (Kind.ORGANISATION, Kind.FACILITY) and row.status in LIVE:
                holders._name(row.name, row.id)
                holders._name(row.abbreviation, row.id)
        return holders

    def learn(self, source_id: str, kind: Kind, name: str, parent: Parent | None) -> None:
        """A row of the file that will be a listing others may belong to."""
        self.kinds[source_id], self.parents[source_id] = kind, parent
        self._name(name, source_id)
        self.names.setdefault(fold(source_id), source_id)

    def _name(self, name: str, parent: Parent) -> None:
        if name:
            self.names.setdefault(name_key(name), parent)

    def __contains__(self, listing_id: int) -> bool:
        return listing_id in self.kinds

    def find(self, text: str) -> Parent | None:
        """What a cell names: by number, name, abbreviation or row id. None if nothing below is called so."""
        if found := NUMBERED.search(text):
            number = int(found[1])
            return number if number in self.kinds else None
        if text in self.kinds:
            return text
        return self.names.get(name_key(text)) or self.names.get(fold(text))

    def may_hold(self, parent: Parent, kind: Kind) -> bool:
        """Whether a listing of this kind can belong to that one."""
        return self.kinds[parent] in HOLDERS[kind]

    def is_above(self, listing_id: Parent, other: Parent) -> bool:
        """Whether `other` is `listing_id` or belongs to it, so that it cannot hold it."""
        seen: set[Parent] = set()
        at: Parent | None = other
        while at is not None and at not in seen:
            if at == listing_id:
                return True
            seen.add(at)
            at = self.parents.get(at)
        return False
