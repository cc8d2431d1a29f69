"""The judged queries and the judgements, as the files beside this one hold them.

A record is named by the id it had in its source, `demo:fac-lumen` or `meril:93`; an organisation that the import made
from an institution's name by the key the import gave it. Grades: 2 is what the visitor wants, 1 is useful, 0 was read
and is of no use. A record without a grade was never read, and counts as one of no use.
"""

from collections.abc import Iterator, Mapping
from csv import DictReader
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

Half = Literal["tune", "held"]
Grades = Mapping[str, int]

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "sv", "nb", "da", "de")
KINDS = (
    "exact model", "abbreviation", "technique", "misspelling", "Nordic word", "German word", "service need", "place",
    "organisation", "combination",
)  # fmt: skip
CATALOGUES = ("corpus", "demo")


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """What a visitor types, and what is known of it."""

    id: str
    text: str
    language: str
    kind: str
    catalogue: str
    half: str


def half_of(query_id: str) -> Half:
    """Which half a query belongs to: decided by its id alone, so that nobody chooses."""
    return "held" if sha256(query_id.encode()).digest()[0] % 2 else "tune"


def queries(catalogue: str | None = None) -> list[JudgedQuery]:
    """All queries, or those of one catalogue."""
    found = [JudgedQuery(**row) for row in _rows("queries.tsv")]
    return [query for query in found if catalogue in (None, query.catalogue)]


def judgements() -> dict[str, dict[str, int]]:
    """Query id -> record -> grade."""
    graded: dict[str, dict[str, int]] = {}
    for row in _rows("judgements.tsv"):
        graded.setdefault(row["query"], {})[row["record"]] = int(row["grade"])
    return graded


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from DictReader(lines, dialect="excel-tab", strict=True)
