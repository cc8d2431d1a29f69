"""Techniques by the beginning of any of their names, for suggestions: a sorted list in the memory of the process."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from facilities.catalogue.models import TermKind
from facilities.catalogue.names import fold
from facilities.search.understanding.concepts import Concept, Term

KINDS = (TermKind.LABEL, TermKind.ABBREVIATION, TermKind.SYNONYM, TermKind.MODEL)
SHORTEST_MISTYPED = 5
"""Letters from which one may be wrong."""
AFTER_ALL = "\uffff"
MOST_LOOKED_AT = 3000
"""Names that begin with very few letters are too many to choose among well, and too long to look at."""

_OFFSET_BITS = 9
"""A name has at most 200 characters, and some become several when folded."""
_OFFSETS = (1 << _OFFSET_BITS) - 1


class Closeness(IntEnum):
    """How well the beginning of a name is what was typed, the best first."""

    WHOLE = 0
    """A whole name or abbreviation."""
    LABEL = 1
    """The label in the visitor's language begins so, or an abbreviation."""
    NAME = 2
    """The label in another language, or another name in the visitor's."""
    OTHER = 3
    """Another name in another language, a model, a later word of the label."""
    WITHIN = 4
    """A later word of another name."""


@dataclass(frozen=True, slots=True)
class Name:
    """A technique by one of its names: `found` is the name that was recognised, if it is not the label."""

    slug: str
    label: str
    found: str
    closeness: Closeness


Rank = tuple[Closeness, int, int, int]
"""How close, the number of the kind, letters from the place on, number of the name."""


class Names:
    """All names of all techniques, sorted from each of their words on.

    A place where a word begins is one number, that of the spelling and the offset in it, so that each text is there
    once.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._named: list[tuple[Concept, Term]] = [(concept, term) for concept in concepts for term in concept.terms]
        self._spellings: list[str] = []
        self._numbers = array("I")
        for number, (_concept, term) in enumerate(self._named):
            for spelling in _spellings(fold(term.text)):
                self._spellings.append(spelling)
                self._numbers.append(number)
        starts = [place for spelling, text in enumerate(self._spellings) for place in _starts(spelling, text)]
        self._places = array("I", sorted(starts, key=self._rest))

    def beginning(self, wanted: str, limit: int, language: str, having: Mapping[str, int]) -> list[Name]:
        """The techniques one of whose names has a word at which `wanted`, folded, begins: first those whose name in a
        language is closest, of these the ones that most listings are `having` (by slug); without those that none has,
        if others are left."""
        first = bisect_left(self._places, wanted, key=self._rest)
        last = bisect_left(self._places, wanted + AFTER_ALL, lo=first, key=self._rest)
        best: dict[str, Rank] = {}
        for place in self._places[first : min(last, first + MOST_LOOKED_AT)]:
            slug, rank = self._ranked(place, len(wanted), language)
            best[slug] = min(best.get(slug, rank), rank)
        had = [slug for slug in best if having.get(slug) or best[slug][0] == Closeness.WHOLE] or list(best)
        had.sort(key=lambda slug: (best[slug][0], -having.get(slug, 0), best[slug]))
        return [self._name(best[slug]) for slug in had[:limit]]

    def nearest(self, wanted: str, limit: int) -> list[Name]:
        """The techniques one of whose names begins with `wanted`, folded, but for one letter that is not the first."""
        if len(wanted) < SHORTEST_MISTYPED:
            return []
        found: dict[str, int] = {}
        for size in (len(wanted), len(wanted) + 1):
            begun = {at: text[:size] for at, text in enumerate(self._spellings) if text[:1] == wanted[:1]}
            for _text, _distance, spelling in extract_iter(wanted, begun, scorer=OSA.distance, score_cutoff=1):
                number = self._numbers[spelling]
                found.setdefault(self._named[number][0].slug, number)
        return [self._name((Closeness.OTHER, 0, 0, number)) for number in list(found.values())[:limit]]

    def _ranked(self, place: int, typed: int, language: str) -> tuple[str, Rank]:
        spelling, offset = place >> _OFFSET_BITS, place & _OFFSETS
        number, size = self._numbers[spelling], len(self._spellings[spelling]) - offset
        concept, term = self._named[number]
        closeness = Closeness.WHOLE if size == typed and not offset else _closeness(term, offset, language)
        return concept.slug, (closeness, KINDS.index(term.kind), size, number)

    def _name(self, rank: Rank) -> Name:
        concept, term = self._named[rank[-1]]
        label, found = concept.label, term.text
        return Name(concept.slug, label, "" if fold(found) == fold(label) else found, rank[0])

    def _rest(self, place: int) -> str:
        """The text from a place on."""
        return self._spellings[place >> _OFFSET_BITS][place & _OFFSETS :]


def _closeness(term: Term, offset: int, language: str) -> Closeness:
    """How close a name is of which only the word at `offset` begins as typed."""
    is_own, is_label = term.language == language, term.kind == TermKind.LABEL
    if offset:
        return Closeness.OTHER if is_own and is_label else Closeness.WITHIN
    if term.kind == TermKind.ABBREVIATION or (is_own and is_label):
        return Closeness.LABEL
    return Closeness.NAME if is_own or is_label else Closeness.OTHER


def _spellings(folded: str) -> Sequence[str]:
    """A name as it stands and, if it has several words, written as one."""
    return (folded, folded.replace(" ", "")) if " " in folded else (folded,)


def _starts(spelling: int, text: str) -> Iterator[int]:
    """The places at which the words of a spelling begin."""
    at = 0 if text else -1
    while 0 <= at <= _OFFSETS:
        yield spelling << _OFFSET_BITS | at
        at = text.find(" ", at) + 1 or -1
