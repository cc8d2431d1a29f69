"""What a decision page tells about a case: what changes, what somebody else has changed since, what to look out for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from facilities.manage.completeness import Missing, completeness_of
from facilities.manage.differences import Piece, difference, names_in
from facilities.manage.labels import field_label
from facilities.moderation.decisions import Case
from facilities.moderation.duplicates import Likeness, find_duplicates

MOST_MISSING = 6
TELLING = (
    "name",
    "ror",
    "url",
    "company_number",
    "serial_number",
    "inventory_number",
    "doi",
    "rrid",
    "city",
    "country",
)
"""Fields that say whether two listings are the same thing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A field, and what changes in it."""

    name: str
    label: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Warnings:
    """What to look out for: listings that look the same, and what visitors will miss."""

    likely: list[Likeness]
    percent: int
    missing: list[Missing]


def proposed_lines(case: Case) -> list[Line]:
    """What the public would read otherwise, field by field."""
    return lines(case.changes)


def overtaken_lines(case: Case) -> list[Line]:
    """What somebody else changed in the proposed fields since they were proposed."""
    return lines(case.overtaken)


def lines(changes: Mapping[str, list[Any]]) -> list[Line]:
    """The readable difference of each changed field."""
    names = names_in([changes]) if changes else None
    return [
        Line(name, field_label(name), difference(name, before, after, names))
        for name, (before, after) in changes.items()
    ]


def warnings_of(case: Case) -> Warnings:
    """What to look out for before accepting."""
    proposed = {name: after for name, (_before, after) in case.changes.items()}
    complete = completeness_of(case.listing, proposed)
    return Warnings(_likely(case, proposed), complete.percent, complete.missing[:MOST_MISSING])


def _likely(case: Case, proposed: Mapping[str, Any]) -> list[Likeness]:
    """Looked for only where something changes that could tell."""
    if not proposed.keys() & set(TELLING):
        return []
    listing = case.listing
    said = {name: getattr(listing, name, None) for name in TELLING} | dict(proposed)
    return find_duplicates(listing.kind, said, parent=listing.parent, apart=listing)
