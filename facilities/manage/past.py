"""What a listing said before, put into words: its revisions with those of listings merged into it, and who last changed
each field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from facilities.catalogue import content
from facilities.catalogue.history import content_at
from facilities.catalogue.models import LISTINGS, Listing, Revision, RevisionAct
from facilities.db import db
from facilities.manage.differences import Names, Piece, difference, names_in
from facilities.manage.labels import field_label
from facilities.moderation.models import Merge

PER_PAGE = 20
MOST_READ = 1000
"""Revisions looked through for who changed what."""
ADDRESSES = ("email", "deputy_email", "away_from", "away_until")


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that changed, in words."""

    field: str
    label: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Entry:
    """A revision in words. `merged_name` is set if it is of a listing that was merged into this one."""

    revision: Revision
    changed: list[Changed]
    merged_name: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """The last revision that touched a field; none if the field is as old as the listing."""

    field: str
    label: str
    revision: Revision | None


def entries(listing: Listing, page: int, *, with_addresses: bool) -> list[Entry]:
    """A page of the history, the newest first. Without addresses, contacts are shown by role only."""
    names_of_merged = merged_into(listing)
    whose = Revision.listing_id.in_([listing.id, *names_of_merged])
    query = sa.select(Revision).where(whose).order_by(Revision.made_at.desc(), Revision.id.desc())
    revisions = list(db.session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)))
    names = names_in(revision.changes for revision in revisions)
    return [
        Entry(
            revision, in_words(revision.changes, names, with_addresses=with_addresses),
            names_of_merged.get(revision.listing_id, ""),
        )
        for revision in revisions
    ]  # fmt: skip


def count_entries(listing: Listing) -> int:
    whose = Revision.listing_id.in_([listing.id, *merged_into(listing)])
    return db.session.scalar(sa.select(sa.func.count(Revision.id)).where(whose)) or 0


def merged_into(listing: Listing) -> dict[int, str]:
    """The listings merged into this one, by id, with their names; those merged into these are not followed."""
    query = (
        sa.select(LISTINGS.c.id, LISTINGS.c.name)
        .join(Merge, Merge.merged_id == LISTINGS.c.id)
        .where(Merge.kept_id == listing.id, Merge.undone_at.is_(None))
    )
    return dict(db.session.execute(query).all())


def in_words(changes: Mapping[str, Any], names: Names | None = None, *, with_addresses: bool = True) -> list[Changed]:
    """Each change of {field: [before, after]} in words, in the order of the fields of a form."""
    names = names or names_in([changes])
    found = []
    for field, sides in sorted(changes.items(), key=_place):
        before, after = sides if isinstance(sides, list) and len(sides) == 2 else (None, sides)
        if not with_addresses:
            before, after = without_addresses(before), without_addresses(after)
        if pieces := _pieces(field, before, after, names):
            found.append(Changed(field, field_label(field), pieces))
    return found


def without_addresses(value: Any) -> Any:
    """A value of a listing without the mail addresses of contacts."""
    if not isinstance(value, list):
        return value
    return [
        {name: inner for name, inner in row.items() if name not in ADDRESSES} if isinstance(row, dict) else row
        for row in value
    ]


def compare(listing: Listing, before: int, after: int, *, with_addresses: bool = True) -> list[Changed]:
    """What the listing said otherwise at one version than at another."""
    old, new = content_at(listing, before), content_at(listing, after)
    changes = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    return in_words(changes, with_addresses=with_addresses)


def revision_at(listing: Listing, version: int) -> Revision | None:
    """The revision that made a version."""
    return db.session.scalar(sa.select(Revision).where(Revision.listing_id == listing.id, Revision.version == version))


def touched(listing: Listing) -> list[Touched]:
    """Who changed each field last, in the order of the fields of a form."""
    fields = (*content.columns_of(type(listing)), *content.PARTS)
    last: dict[str, Revision] = {}
    query = sa.select(Revision).where(Revision.listing_id == listing.id, Revision.act != RevisionAct.CONFIRMED)
    for revision in db.session.scalars(query.order_by(Revision.version.desc()).limit(MOST_READ)):
        for field in revision.changes:
            last.setdefault(field, revision)
    said = content.read(listing)
    return [
        Touched(field, field_label(field), last.get(field))
        for field in fields
        if field in last or said[field] not in (None, "", [], {})
    ]


def _pieces(field: str, before: Any, after: Any, names: Names) -> list[Piece]:
    """The difference, without what was empty and stays so (a new listing notes every field it was given)."""
    if before in (None, "", [], {}) and after in (None, "", [], {}):
        return []
    return [piece for piece in difference(field, before, after, names) if piece.runs]


def _place(change: tuple[str, Any]) -> int:
    return ORDER.get(change[0], len(ORDER))


def _order() -> Iterable[str]:
    """Fields in the order of a form; what is not of the form comes first."""
    own = (name for names in content.OWN.values() for name in names)
    return ("status", "parent", "withdraw_on", *content.SHARED, *own, *content.PARTS)


ORDER = {name: place for place, name in enumerate(dict.fromkeys(_order()))}
