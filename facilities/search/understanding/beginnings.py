"""Techniques by the beginning of any of their names, for suggestions: a sorted list in the memory of the process."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from facilities.catalogue.models import TermKind
from facilities.catalogue.names import fold
from facilities.search.understanding.concepts import Concept, Term

KINDS = (TermKind.LABEL, TermKind.ABBREVIATION, TermKind.SYNONYM, TermKind.MODEL)
AFTER_ALL = "\uffff"
MOST_LOOKED_AT = 3000
"""Names that begin with very few letters are too many to choose among well, and too long to look at."""

_OFFSET_BITS = 9
"""A name has at most 200 characters, and some become several when folded."""
_OFFSETS = (1 << _OFFSET_BITS) - 1


@dataclass(frozen=True, slots=True)
class Name:
    """A technique by one of its names: `found` is the name that was recognised, if it is not the label."""

    slug: str
    label: str
    found: str


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

    def beginning(self, wanted: str, limit: int) -> list[Name]:
        """The techniques one of whose names has a word at which `wanted`, folded, begins: whole names first, then those
        that begin so; of equals labels first and models last."""
        first = bisect_left(self._places, wanted, key=self._rest)
        last = bisect_left(self._places, wanted + AFTER_ALL, lo=first, key=self._rest)
        best: dict[str, tuple[bool, bool, int, int, int]] = defaultdict(lambda: (True, True, 99, 0, 0))
        for place in self._places[first : min(last, first + MOST_LOOKED_AT)]:
            spelling, offset = place >> _OFFSET_BITS, place & _OFFSETS
            number = self._numbers[spelling]
            concept, term = self._named[number]
            size = len(self._spellings[spelling]) - offset
            rank = (bool(offset) or size != len(wanted), bool(offset), KINDS.index(term.kind), size, number)
            best[concept.slug] = min(best[concept.slug], rank)
        return [_name(*self._named[best[slug][-1]]) for slug in sorted(best, key=best.__getitem__)[:limit]]

    def _rest(self, place: int) -> str:
        """The text from a place on."""
        return self._spellings[place >> _OFFSET_BITS][place & _OFFSETS :]


def _name(concept: Concept, term: Term) -> Name:
    label, found = concept.label, term.text
    return Name(concept.slug, label, "" if fold(found) == fold(label) else found)


def _spellings(folded: str) -> Sequence[str]:
    """A name as it stands and, if it has several words, written as one."""
    return (folded, folded.replace(" ", "")) if " " in folded else (folded,)


def _starts(spelling: int, text: str) -> Iterator[int]:
    """The places at which the words of a spelling begin."""
    at = 0 if text else -1
    while 0 <= at <= _OFFSETS:
        yield spelling << _OFFSET_BITS | at
        at = text.find(" ", at) + 1 or -1
