"""What is to become of one row."""

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _

from facilities.catalogue.models import Kind, Listing, SourceRecord
from facilities.catalogue.models.terms import Word
from facilities.exchange.problems import Problem
from facilities.exchange.tables.cells import Cells
from facilities.manage.importing.holders import Parent


class Result(Word):
    """What an import does with a row."""

    CREATED = "created", _("New")
    UPDATED = "updated", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    REJECTED = "rejected", _("With errors")


def kind_called(value: str) -> Kind:
    """The kind of listings that has this value."""
    return next(kind for kind in Kind if kind == value)


@dataclass(slots=True)
class Planned:
    """A row and what is to be done. `fields` as `content.write` takes them; `changes` what they change of a listing
    that exists, {field: [before, after]}, with "parent" and "status" where those change."""

    number: int
    source_id: str
    cells: Cells
    result: Result = Result.REJECTED
    kind: Kind | None = None
    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    parent: Parent | None = None
    listing: Listing | None = None
    known: SourceRecord | None = None
    joins: bool = False
    proposes: bool = False
    revives: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def listing_id(self) -> int | None:
        return self.listing.id if self.listing is not None else None

    @property
    def mark(self) -> str:
        """What must be the same when the import is saved as when it was shown."""
        version = self.listing.version if self.listing is not None else 0
        return f"{self.number} {self.result.value} {self.listing_id} {version} {self.proposes:d}"

    def reject(self, key: str, reason: str) -> "Planned":
        self.result = Result.REJECTED
        self.problems.append(Problem(self.number, key, reason))
        return self

    def note(self, key: str, reason: str) -> None:
        self.problems.append(Problem(self.number, key, reason, fatal=False))
