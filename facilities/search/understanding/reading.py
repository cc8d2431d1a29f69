"""Reading a query: what its words name, which of that to believe, and what to ask the index."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from facilities.catalogue.models import Kind
from facilities.search.ranges import Range
from facilities.search.understanding.choosing import Candidate, Found, choose
from facilities.search.understanding.concepts import MOST_ALTERNATIVES
from facilities.search.understanding.deadlines import deadlines_within
from facilities.search.understanding.everyday import EverydayFound, everyday_within
from facilities.search.understanding.needs import NeedFound, needs_within
from facilities.search.understanding.organisations import OrganisationFound
from facilities.search.understanding.parts import Part, PartKind, Understood
from facilities.search.understanding.places import PlaceFound, places_within
from facilities.search.understanding.remembering import Lexicon, lexicon
from facilities.search.understanding.techniques import TechniqueFound
from facilities.search.understanding.words import MOST_WORDS, QueryWord, query_words
from search_index import Meaning, Near, normalise

LONGEST_TEXT = 2_000
MOST_ALSO = 3
FEW_TECHNIQUES = 4


def understand(
    text: str, literal: Iterable[str] = (), stands: Callable[[str], bool] = lambda _text: False
) -> Understood:
    """What a query means. The words in `literal` are taken as typed; `stands` tells whether a text stands, word for
    word, in a listing: then no word of it is taken out. Never raises for any text."""
    said = normalise(text[:LONGEST_TEXT])
    words = query_words(said, literal)
    if not any(word.free for word in words):
        return Understood(said)
    known = lexicon()
    chosen = choose(said, words, _candidates(words, known))
    if any(each.is_bare for each in chosen) and stands(said):
        chosen = [each for each in chosen if not each.is_bare]
    return _Reading(said, words, known, chosen).understood()


def _candidates(words: Sequence[QueryWord], known: Lexicon) -> Iterator[Candidate]:
    """Everything that any words of the query may name."""
    named: Iterator[Found] = chain(
        known.techniques.within(words),
        known.organisations.within(words),
        needs_within(words),
        deadlines_within(words),
        places_within(words),
        everyday_within(words),
    )
    return (Candidate.of(found, words) for found in named)


@dataclass
class _Reading:
    """One query while it is read: what is chosen, and word by word what stays in the text."""

    said: str
    words: Sequence[QueryWord]
    known: Lexicon
    chosen: Sequence[Candidate]
    prefer: dict[str, tuple[str, ...]] = field(default_factory=dict)
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    meanings: list[Meaning] = field(default_factory=list)
    similar: list[Meaning] = field(default_factory=list)
    nearby: list[str] = field(default_factory=list)
    near: Near | None = None

    def understood(self) -> Understood:
        out = [each for each in self.chosen if each.is_taken_out]
        text, numbers = _without(self.said, self.words, out)
        if not text and not any(each.is_filter for each in out):
            out = []
            text, numbers = self.said, list(range(len(self.words)))
        for each in self.chosen:
            self._read(each, numbers, is_out=each in out)
        self._prefer_kinds()
        return Understood(
            text=text,
            meanings=tuple(self.meanings),
            near=self.near,
            prefer=self.prefer,
            filters=self.filters,
            ranges=self.ranges,
            parts=tuple(self.parts),
            taken=" ".join(self._written(each) for each in out),
            similar=tuple(self.similar[:FEW_TECHNIQUES]),
            nearby=tuple(dict.fromkeys(self.nearby)),
        )

    def _read(self, each: Candidate, numbers: Sequence[int], *, is_out: bool) -> None:
        found, start = each.found, numbers[each.start]
        end = start + each.end - each.start
        if isinstance(found, TechniqueFound):
            self._read_technique(found, start, end)
        elif isinstance(found, OrganisationFound):
            self._read_organisation(found, start, end)
        elif isinstance(found, PlaceFound):
            self._read_place(found, None if is_out else numbers[found.name_start])
        elif isinstance(found, EverydayFound):
            self.meanings.append(found.everyday.meaning(start, end))
        elif is_out or found.need.say:
            self._read_need(found, start, end)

    def _read_technique(self, found: TechniqueFound, start: int, end: int) -> None:
        self.nearby += [concept.slug for concept in found.concepts]
        self.nearby += [concept.broader.slug for concept in found.concepts if concept.broader]
        if found.is_model:
            self.similar += [concept.likeness(start, end) for concept in found.concepts]
            return
        self.meanings += [concept.meaning(start, end, self._most_alternatives()) for concept in found.concepts]
        self.similar += [concept.broader.likeness(start, end) for concept in found.concepts if concept.broader]
        if any(each.is_certificate and each.start == found.start for each in self.chosen):
            return
        label = " / ".join(concept.label for concept in found.concepts)
        value = ",".join(concept.slug for concept in found.concepts)
        also = tuple(dict.fromkeys(name for concept in found.concepts for name in concept.also))[:MOST_ALSO]
        self._add("technique", found, label, value, also)

    def _most_alternatives(self) -> int:
        """Of each technique: all, unless very many are named, which is a list pasted rather than a search."""
        named = sum(len(each.found.concepts) for each in self.chosen if isinstance(each.found, TechniqueFound))
        return MOST_ALTERNATIVES if named <= FEW_TECHNIQUES else MOST_ALTERNATIVES * FEW_TECHNIQUES // named

    def _prefer_kinds(self) -> None:
        """A word for a kind counts within the name of a technique too: HPLC instrument. Where there is none, what is
        done with an instrument is looked for in instruments and facilities rather than in services that mention it."""
        named = [each.found for each in self.chosen if isinstance(each.found, TechniqueFound)]
        for found in named:
            last = needs_within(self.words[found.end - 1 : found.end])
            for need in (each.need for each in last if each.need.facet == "kind" and found.end - found.start > 1):
                self._prefer("kind", need.value)
        if "kind" not in self.prefer and any(concept.has_models for found in named for concept in found.concepts):
            self._prefer("kind", Kind.INSTRUMENT.value, Kind.FACILITY.value)

    def _read_organisation(self, found: OrganisationFound, start: int, end: int) -> None:
        organisation = found.organisation
        self.meanings.append(organisation.meaning(start, end))
        self._prefer("organisation", str(organisation.id))
        self._add("organisation", found, organisation.name, str(organisation.id))

    def _read_place(self, found: PlaceFound, start: int | None) -> None:
        """A place that is the whole query (`start` is its first word there) is looked for by all its names too."""
        place = found.place
        self.near = self.near or place.near
        for facet, values in place.prefer.items():
            self._prefer(facet, *values)
        if start is not None:
            end = start + found.end - found.name_start
            self.meanings.append(Meaning(start, end, f"place {place.name} {place.value}", place.alternatives))
        self._add("place", found, place.label, place.value)

    def _read_need(self, found: NeedFound, start: int, end: int) -> None:
        need = found.need
        if need.is_filling:
            return
        if need.say:
            self.meanings.append(need.meaning(start, end))
        elif need.range:
            self.ranges[need.range] = need.wanted
        elif need.is_filter:
            self.filters[need.facet] = (*self.filters.get(need.facet, ()), need.value)
        else:
            self._prefer(need.facet, need.value)
        self._add("need", found, need.label, f"{need.facet or need.range}={need.value}" if need.value else need.name)

    def _prefer(self, facet: str, *values: str) -> None:
        self.prefer[facet] = tuple(dict.fromkeys((*self.prefer.get(facet, ()), *values)))

    def _add(self, kind: PartKind, found: object, label: str, value: str, also: tuple[str, ...] = ()) -> None:
        candidate = next(each for each in self.chosen if each.found is found)
        self.parts.append(Part(kind, self._written(candidate), label, value, also, candidate.is_filter))

    def _written(self, each: Candidate) -> str:
        return self.said[self.words[each.start].start : self.words[each.end - 1].end]


def _without(said: str, words: Sequence[QueryWord], out: Sequence[Candidate]) -> tuple[str, list[int]]:
    """The text without what is taken out, and for each word its number there; empty if nothing telling is left."""
    taken = {at for each in out for at in range(each.start, each.end)}
    numbers = [number - sum(1 for other in taken if other < number) for number in range(len(words))]
    text, at = "", 0
    for each in sorted(out, key=lambda each: each.start):
        text, at = f"{text}{said[at : words[each.start].start]} ", words[each.end - 1].end
    text = " ".join((text + said[at:]).split()) if out else said
    left = any(not word.says_nothing for at, word in enumerate(words) if at not in taken)
    return (text if left or len(words) == MOST_WORDS else ""), numbers
