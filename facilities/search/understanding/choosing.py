"""Which of the things that words of a query may name to believe: the longest, and none twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facilities.search.understanding.everyday import EverydayFound
from facilities.search.understanding.needs import NeedFound
from facilities.search.understanding.organisations import OrganisationFound
from facilities.search.understanding.places import PlaceFound
from facilities.search.understanding.techniques import TechniqueFound
from facilities.search.understanding.words import QueryWord

Found = TechniqueFound | OrganisationFound | NeedFound | PlaceFound | EverydayFound
_ORDER = (TechniqueFound, NeedFound, OrganisationFound, PlaceFound, EverydayFound)
"""Of what the same words may name, the first is believed."""
_JOINERS = frozenset("-\u2010\u2011\u2013./'\u2019+_\u00b7")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words `start` to `end` - 1 and what they may name; `size` is (words, letters) of the name alone."""

    start: int
    end: int
    size: tuple[int, int]
    found: Found

    @classmethod
    def of(cls, found: Found, words: Sequence[QueryWord]) -> "Candidate":
        first = found.name_start if isinstance(found, PlaceFound) else found.start
        letters = sum(len(word.folded) for word in words[first : found.end])
        return cls(found.start, found.end, (found.end - first, letters), found)

    @property
    def is_taken_out(self) -> bool:
        """Whether the words leave the text: a place, a facet, filling."""
        return isinstance(self.found, PlaceFound) or (isinstance(self.found, NeedFound) and not self.found.need.say)

    @property
    def is_filter(self) -> bool:
        """Whether it leaves listings out."""
        return isinstance(self.found, NeedFound) and (self.found.need.is_filter or bool(self.found.need.range))

    @property
    def is_bare(self) -> bool:
        """Whether the words may as well be part of a listing's name: a place by itself, a word like core."""
        if isinstance(self.found, PlaceFound):
            return self.found.start == self.found.name_start
        return isinstance(self.found, NeedFound) and not self.found.need.say and not self.is_filter

    @property
    def is_certificate(self) -> bool:
        """Whether it is a certificate or standard, which may be a technique as well."""
        return isinstance(self.found, NeedFound) and bool(self.found.need.say)

    @property
    def is_subject(self) -> bool:
        """Whether it says what is looked for, so that other words can be preferences."""
        return isinstance(self.found, TechniqueFound) or self.is_certificate

    def goes_with(self, other: "Candidate") -> bool:
        """Whether both can be believed: they share no word, or are a certificate and a technique of one name."""
        apart = self.end <= other.start or other.end <= self.start
        return apart or ((self.start, self.end) == (other.start, other.end) and self.is_subject and other.is_subject)


def choose(said: str, words: Sequence[QueryWord], candidates: Iterable[Candidate]) -> list[Candidate]:
    """What to believe, in the order of the words."""
    best: list[Candidate] = []
    apart = (each for each in candidates if not each.is_taken_out or _stands_apart(said, words, each))
    for each in sorted(apart, key=lambda each: (*(-size for size in each.size), _ORDER.index(type(each.found)))):
        if all(each.goes_with(other) for other in best):
            best.append(each)
    kept = _sensible(words, best)
    return sorted(kept, key=lambda each: each.start)


def _sensible(words: Sequence[QueryWord], chosen: Sequence[Candidate]) -> list[Candidate]:
    """Without words like core and measure where no technique is named, and without filling if nothing else is said."""
    has_subject = any(each.is_subject for each in chosen)
    kept = [each for each in chosen if has_subject or not _is_preference(each)]
    covered = {at for each in kept if _is_filling(each) for at in range(each.start, each.end)}
    rest = [word for at, word in enumerate(words) if at not in covered and not word.says_nothing]
    return [each for each in kept if rest or not _is_filling(each)]


def _is_preference(each: Candidate) -> bool:
    return isinstance(each.found, NeedFound) and each.found.need.is_only_beside


def _is_filling(each: Candidate) -> bool:
    return isinstance(each.found, NeedFound) and each.found.need.is_filling


def _stands_apart(said: str, words: Sequence[QueryWord], each: Candidate) -> bool:
    """Whether the words are not part of what is written without a space: Lund-type."""
    before = said[: words[each.start].start][-1:]
    after = said[words[each.end - 1].end :][:2]
    return before not in _JOINERS and not (after[:1] in _JOINERS and after[1:].isalnum()) and not before.isalnum()
