"""Two listings side by side: where they differ, what a merge would take over and what would move along."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import joinedload

from facilities.accounts.models import Grant
from facilities.accounts.rights import OWNER_LEVELS, level_of
from facilities.catalogue import content
from facilities.catalogue.models import LISTINGS, Listing, Revision, SourceRecord, Status
from facilities.db import db
from facilities.enquiries.models import Thread
from facilities.manage.completeness import completeness_of
from facilities.manage.differences import Names, difference, names_in
from facilities.manage.labels import field_label
from facilities.moderation.merging import why_not
from facilities.moderation.models import Claim, Duplicate, Merge, Report

KEPT, MERGED, BOTH = "kept", "merged", "both"
EMPTY: tuple[Any, ...] = (None, "", [], {})
MOVES: Mapping[str, tuple[LazyString, Any]] = {
    "children": (_("Listings below it"), LISTINGS.c.parent_id),
    "threads": (_("Enquiries"), Thread.listing_id),
    "sources": (_("Records of sources"), SourceRecord.listing_id),
    "grants": (_("Rights of people"), Grant.listing_id),
    "reports": (_("Reports"), Report.listing_id),
    "claims": (_("Claims"), Claim.listing_id),
    "revisions": (_("Versions in the history"), Revision.listing_id),
}
"""What follows a merged listing: what it is called, and the column that points at the listing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which the two differ. `ways` are the choices, `usual` the one to begin with; the texts are words."""

    name: str
    label: str
    kept: list[str]
    merged: list[str]
    ways: tuple[str, ...]
    usual: str


@dataclass(frozen=True)
class Comparison:
    """Two listings of which one is to be kept."""

    kept: Listing
    merged: Listing

    @property
    def mark(self) -> str:
        """Another text as soon as one of the two has changed, or who would get a right by the merge."""
        versions = [f"{each.id}.{each.version}" for each in (self.kept, self.merged)]
        return "-".join([*versions, *(f"{grant.user_id}.{grant.role}" for grant in self.newcomers)])

    @property
    def problem(self) -> str:
        """Why they cannot be merged this way round, in words; empty if they can."""
        return why_not(self.kept, self.merged)

    @cached_property
    def said(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the two say, in the fields that both have."""
        kept, merged = content.read(self.kept), content.read(self.merged)
        shared = kept.keys() & merged.keys()
        return {n: v for n, v in kept.items() if n in shared}, {n: v for n, v in merged.items() if n in shared}

    @cached_property
    def choices(self) -> list[Choice]:
        """The fields in which they differ and the merged one says something."""
        kept, merged = self.said
        differing = [name for name in kept if kept[name] != merged[name] and merged[name] not in EMPTY]
        names = names_in({name: [kept[name], merged[name]]} for name in differing)
        return [_choice(name, kept[name], merged[name], names) for name in differing]

    @cached_property
    def moves(self) -> list[tuple[LazyString, int]]:
        """What moves along: what it is called, and how many."""
        columns = [
            sa.select(sa.func.count()).where(column == self.merged.id).scalar_subquery().label(name)
            for name, (_label, column) in MOVES.items()
        ]
        found = db.session.execute(sa.select(*columns)).one()._mapping
        return [(label, found[name]) for name, (label, _column) in MOVES.items() if found[name]]

    @cached_property
    def newcomers(self) -> list[Grant]:
        """The rights on the merged one by which somebody may do more with the kept one than before."""
        query = sa.select(Grant).where(Grant.listing_id == self.merged.id).options(joinedload(Grant.user))
        grants = db.session.scalars(query.order_by(Grant.id))
        return [each for each in grants if level_of(each.user, self.kept) < OWNER_LEVELS[each.role]]

    def fields(self, chosen: Mapping[str, str]) -> dict[str, Any]:
        """What the kept listing is to say: {field: way} as chosen, the usual way for what was not."""
        kept, merged = self.said
        said = {}
        for choice in self.choices:
            way = chosen.get(choice.name, choice.usual)
            if way == MERGED:
                said[choice.name] = merged[choice.name]
            elif way == BOTH and BOTH in choice.ways:
                said[choice.name] = _both(kept[choice.name], merged[choice.name])
        return said


def compare(one: Listing, other: Listing, *, keep: int | None = None) -> Comparison:
    """The two, with the one to keep first: as named, else the one that is published, else the more complete, else the
    older one."""
    if keep is None:
        one, other = sorted((one, other), key=_worth, reverse=True)
    elif other.id == keep:
        one, other = other, one
    return Comparison(one, other)


def pair_of(one: int, other: int) -> Duplicate | None:
    """The stored pair of two listings."""
    first, second = sorted((one, other))
    return db.session.scalar(sa.select(Duplicate).filter_by(first_id=first, second_id=second))


def merges(page: int, size: int) -> tuple[list[Merge], int]:
    """A page of the merges, the newest first, and how many there are."""
    query = sa.select(Merge).order_by(Merge.id.desc()).options(joinedload(Merge.kept), joinedload(Merge.merged))
    total = db.session.scalar(sa.select(sa.func.count(Merge.id))) or 0
    return list(db.session.scalars(query.limit(size).offset((page - 1) * size))), total


def _worth(listing: Listing) -> tuple[bool, int, int]:
    return listing.status == Status.PUBLISHED, completeness_of(listing).percent, -listing.id


def _choice(name: str, kept: Any, merged: Any, names: Names) -> Choice:
    lists = isinstance(kept, list) and isinstance(merged, list) and bool(kept)
    usual = MERGED if kept in EMPTY else BOTH if lists else KEPT
    ways = (KEPT, MERGED, BOTH) if lists else (KEPT, MERGED)
    return Choice(name, field_label(name), _in_words(name, kept, names), _in_words(name, merged, names), ways, usual)


def _in_words(name: str, value: Any, names: Names) -> list[str]:
    """A value as lines of words."""
    if value in EMPTY:
        return []
    pieces = difference(name, None, value, names)
    texts = [(piece.label, "".join(run.text for run in piece.runs)) for piece in pieces]
    return [f"{label}: {text}" if label else text for label, text in texts]


def _both(kept: list[Any], merged: list[Any]) -> list[Any]:
    return [*kept, *(each for each in merged if each not in kept)]
