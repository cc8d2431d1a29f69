"""Techniques by the beginning of any of their names, for suggestions: a sorted list in the memory of the process."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from facilities.catalogue.models import Technique, TechniqueTerm, TermKind, VocabularyChange
from facilities.catalogue.models.vocabulary import label_in
from facilities.catalogue.names import fold
from facilities.db import db

KINDS = (TermKind.LABEL, TermKind.ABBREVIATION, TermKind.SYNONYM, TermKind.MODEL)
AFTER_ALL = "\uffff"
MOST_LOOKED_AT = 3000
"""Names that begin with very few letters are too many to choose among well, and too long to look at."""

Entry = tuple[str, int, int, int]
"""Folded name from one of its words on, how many words before, place of its kind among KINDS, number of the name."""
Mark = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A technique by one of its names: `found` is the name that was recognised, if it is not the label."""

    slug: str
    label: str
    found: str


class Names:
    """All names of all techniques, sorted from each of their words on."""

    def __init__(self) -> None:
        self.labels: dict[int, tuple[str, dict[str, str]]] = {}
        self.texts: list[tuple[int, str]] = []
        self.entries: list[Entry] = []

    @classmethod
    def load(cls) -> "Names":
        """Read the vocabulary: two SELECTs."""
        names = cls()
        rows = db.session.execute(sa.select(Technique.id, Technique.slug, Technique.labels))
        names.labels = {id_: (slug, labels) for id_, slug, labels in rows}
        terms = db.session.execute(sa.select(TechniqueTerm.technique_id, TechniqueTerm.kind, TechniqueTerm.text))
        for technique_id, kind, text in terms:
            names.texts.append((technique_id, text))
            names.entries += _entries(text, KINDS.index(kind), len(names.texts) - 1)
        names.entries.sort()
        return names

    def beginning(self, wanted: str, limit: int) -> list[Name]:
        """The techniques one of whose names has a word at which `wanted` begins: whole names first, then those that
        begin so; of equals labels first and models last."""
        first = bisect_left(self.entries, (wanted,))
        last = min(bisect_left(self.entries, (wanted + AFTER_ALL,)), first + MOST_LOOKED_AT)
        best: dict[int, tuple[bool, bool, int, int, int]] = defaultdict(lambda: (True, True, 99, 0, 0))
        for key, before, kind, number in self.entries[first:last]:
            rank = (bool(before) or key != wanted, bool(before), kind, len(key), number)
            technique = self.texts[number][0]
            best[technique] = min(best[technique], rank)
        return [self._name(technique, best[technique][-1]) for technique in sorted(best, key=best.__getitem__)[:limit]]

    def _name(self, technique: int, number: int) -> Name:
        slug, labels = self.labels[technique]
        label, found = label_in(labels), self.texts[number][1]
        return Name(slug, label, "" if fold(found) == fold(label) else found)


def techniques_beginning(typed: str, limit: int) -> list[Name]:
    """The techniques that what was typed may be the beginning of, in any language. One SELECT, three after a change."""
    wanted = fold(typed)
    return _names().beginning(wanted, limit) if wanted else []


def _entries(text: str, kind: int, number: int) -> Iterator[Entry]:
    folded = fold(text)
    words = folded.split()
    for before in range(len(words)):
        yield " ".join(words[before:]), before, kind, number
    if len(words) > 1:
        yield folded.replace(" ", ""), 0, kind, number


_REMEMBERED: WeakKeyDictionary[sa.Engine, tuple[Mark, Names]] = WeakKeyDictionary()


def _names() -> Names:
    """Kept by this process until somebody changed the vocabulary."""
    mark = _mark()
    known = _REMEMBERED.get(db.engine)
    if known is None or known[0] != mark:
        known = (mark, Names.load())
        _REMEMBERED[db.engine] = known
    return known[1]


def _mark() -> Mark:
    """What is another after each change: the newest ids, without looking through rows."""
    newest = [
        sa.select(sa.func.max(model.id)).scalar_subquery() for model in (VocabularyChange, TechniqueTerm, Technique)
    ]
    return tuple(db.session.execute(sa.select(*newest)).one())
