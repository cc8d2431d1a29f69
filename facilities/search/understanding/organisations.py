"""Organisations of the catalogue named in a query: in full, abbreviated, or in another language."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from facilities.catalogue.names import name_key
from facilities.search.understanding import weights
from facilities.search.understanding.phrases import Phrases
from facilities.search.understanding.words import QueryWord
from search_index import Alternative, Meaning
from search_index.stopwords import STOP_WORDS

FILE = Path(__file__).with_name("institutions.tsv")
MOST_NAMES = 24
SHORT = 4
"""Letters up to which an abbreviation means an organisation only in capitals."""
MOST_CHANGED = 200
"""Organisations that are looked up beside all others before the book of all is made anew."""

_UNIVERSITIES = ("university", "universitet", "universitetet", "universitat")
_SHORTENED = {
    "univ": _UNIVERSITIES,
    "uni": _UNIVERSITIES,
    "inst": ("institute", "institutet", "institutt", "institut"),
    "hosp": ("hospital",),
}
"""What visitors and addresses shorten in names of organisations, folded, and in full in several languages."""

Entry = tuple[int, str]
"""An organisation's id, and the abbreviation by which it was found if it was one."""
_MARK = "\x1f"

_ENDING = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_AFTER_DASH = re.compile(r"\s*[-–]\s*([A-Z]{3,8})$|^([A-Z]{3,8})\s+[-–]\s+")
_COMPANY = re.compile(r",?\s+(AB|AS|ASA|A/S|ApS|Oy|Oyj|ehf\.?|hf\.?|GmbH|AG|Ltd\.?|Inc\.?)(\s+\(publ\))?$")
_UNIVERSITY = re.compile(r"^(?:University of (?P<of>[\w-]+)|(?P<first>[\w-]+) University)$")
_UNIVERSITY_FORMS = (
    "University of {}",
    "{} University",
    "Universitetet i {}",
    "{} universitet",
    "{}s universitet",
    "Universität {}",
)
_HOSPITAL = re.compile(r"^(?P<first>[\w-]+) University Hospital$")
_HOSPITAL_FORMS = (
    "{} University Hospital",
    "{} universitetssjukhus",
    "{}s universitetssjukhus",
    "{} universitetssykehus",
    "{} universitetshospital",
)
_TOWNS = {"Copenhagen": ("København", "Köpenhamn", "Kopenhagen"), "Gothenburg": ("Göteborg", "Gøteborg"),
          "Helsinki": ("Helsingfors",), "Turku": ("Åbo",), "Aarhus": ("Århus",), "Tampere": ("Tammerfors",),
          "Oulu": ("Uleåborg",), "Iceland": ("Island",)}  # fmt: skip
"""Names of towns within names of universities, as other languages have them."""


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation: its id, its name, and everything it is called, abbreviations apart."""

    id: int
    name: str
    names: tuple[str, ...]
    abbreviations: tuple[str, ...]

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The ways in which it is named in listings, its own and those below it."""
        full = [Alternative(name, weight=weights.NAME) for name in self.names[:MOST_NAMES]]
        return (*full, *(Alternative(short, weight=weights.ABBREVIATION) for short in self.abbreviations))

    def meaning(self, start: int, end: int) -> Meaning:
        """Words `start` to `end` - 1 of a query read as this organisation."""
        said = crc32("|".join((*self.names, *self.abbreviations)).encode(errors="replace"))
        return Meaning(start, end, f"organisation {self.id}@{said:x}", self.alternatives)


@dataclass(frozen=True, slots=True)
class OrganisationFound:
    """Words `start` to `end` - 1 name this organisation."""

    start: int
    end: int
    organisation: Named


class Organisations:
    """All names of all published organisations; `said` gives what each says of itself, by id (see `packed`).

    A few that have changed are kept in a book of their own, beside that of all: making the large one takes a while.
    """

    def __init__(self, said: Mapping[int, str]) -> None:
        self.said = said
        self._all = _book(said)
        self._changed: Phrases[Entry] = Phrases()
        self._renewed: frozenset[int] = frozenset()

    def having(self, changes: Mapping[int, str]) -> "Organisations":
        """The same with other things said by some; nothing is said by one that is gone."""
        if not changes:
            return self
        said = {id_: text for id_, text in {**self.said, **changes}.items() if text}
        renewed = self._renewed | changes.keys()
        if len(renewed) > MOST_CHANGED:
            return Organisations(said)
        changed = copy(self)
        changed.said, changed._renewed = said, renewed
        changed._changed = _book({id_: said[id_] for id_ in sorted(renewed) if id_ in said})
        return changed

    def name(self, id_: int) -> str:
        """What an organisation calls itself; empty for one that is not known."""
        return self.said.get(id_, "").partition(_MARK)[0]

    def within(self, words: Sequence[QueryWord]) -> Iterator[OrganisationFound]:
        """Organisations at all places of a query; they may overlap."""
        for said in _in_full(words):
            for start in range(len(words)):
                for end, entries in self._at(said, start):
                    meant = [id_ for id_, short in entries if _is_meant(short, words, start, end)]
                    if meant:
                        yield OrganisationFound(start, end, _named(meant[0], self.said[meant[0]]))

    def _at(self, words: Sequence[QueryWord], start: int) -> Iterator[tuple[int, list[Entry]]]:
        """(end, entries) of both books, the longest name first."""
        found: dict[int, list[Entry]] = {}
        for end, entries in self._all.at(words, start):
            found[end] = [entry for entry in entries if entry[0] not in self._renewed]
        for end, entries in self._changed.at(words, start):
            found[end] = [*found.get(end, ()), *entries]
        yield from sorted(found.items(), reverse=True)

    def __len__(self) -> int:
        return len(self.said)


def packed(name: str, abbreviation: str, other_names: Iterable[str]) -> str:
    """What an organisation says of itself, as one text: of all forms the smallest in memory."""
    return _MARK.join((name, abbreviation, *other_names))


def _book(said: Mapping[int, str]) -> Phrases[Entry]:
    book: Phrases[Entry] = Phrases()
    for id_, text in said.items():
        organisation, entry = _named(id_, text), (id_, "")
        for name in organisation.names:
            book.add(name, entry)
        for short in organisation.abbreviations:
            book.add(short, (id_, short))
    return book


def _in_full(words: Sequence[QueryWord]) -> Iterator[Sequence[QueryWord]]:
    """The words as they stand, then with Univ and Inst written out, in one language after the other."""
    yield words
    if any(word.folded in _SHORTENED for word in words):
        for number in range(max(map(len, _SHORTENED.values()))):
            yield [_written_out(word, number) for word in words]


def _written_out(word: QueryWord, number: int) -> QueryWord:
    full = _SHORTENED.get(word.folded, ())
    return replace(word, folded=full[number % len(full)]) if full else word


def _is_meant(short: str, words: Sequence[QueryWord], start: int, end: int) -> bool:
    """Whether words that are an organisation's name, or its abbreviation `short`, mean it."""
    written = "".join(word.written for word in words[start:end])
    if end - start == 1 and words[start].folded in STOP_WORDS and not (short and written == short):
        return False
    if len(written) > SHORT:
        return True
    alone = end - start == len(words)
    return alone or written in (short, short.upper()) or (not short and words[start].is_capital)


@lru_cache(maxsize=512)
def _named(id_: int, text: str) -> Named:
    name, abbreviation, *others = text.split(_MARK)
    return named(id_, name, abbreviation, others)


def named(id_: int, name: str, abbreviation: str, other_names: Iterable[str]) -> Named:
    """An organisation with all names it may be called by, those that can be worked out included."""
    full, short = [name, *other_names], {abbreviation} if abbreviation else set()
    for each in tuple(full):
        plain, inner = _without_ending(each)
        full += [plain, *_respelled(plain)]
        short |= {inner} if inner else set()
    for each in tuple(full):
        more = _known().get(name_key(each), ())
        full += [other for other in more if not _is_abbreviation(other)]
        short |= {other for other in more if _is_abbreviation(other)}
    short |= {each for each in full if _is_abbreviation(each)}
    names = tuple(dict.fromkeys(each for each in full if each and not _is_abbreviation(each)))
    return Named(id_, _without_ending(name)[0] or name, names, tuple(sorted(short)))


def _without_ending(name: str) -> tuple[str, str]:
    """The name without brackets, company form and abbreviation at its end, and the abbreviation."""
    ending = _ENDING.search(name)
    plain = _ENDING.sub("", name)
    inner = ending[1] if ending and _is_abbreviation(ending[1]) else ""
    if dashed := _AFTER_DASH.search(plain):
        inner = inner or dashed[1] or dashed[2]
        plain = _AFTER_DASH.sub("", plain)
    return _COMPANY.sub("", plain).strip(), inner


def _is_abbreviation(text: str) -> bool:
    """UiO, KTH, KU Leuven: short, in one word, mostly capitals."""
    return 1 < len(text) <= 10 and " " not in text and sum(map(str.isupper, text)) >= max(2, len(text) // 2)


def _respelled(name: str) -> Iterator[str]:
    """The name of a university or its hospital in other languages and word orders."""
    for pattern, forms in ((_UNIVERSITY, _UNIVERSITY_FORMS), (_HOSPITAL, _HOSPITAL_FORMS)):
        if match := pattern.match(name):
            town = next(filter(None, match.groups()))
            for called in (town, *_TOWNS.get(town, ())):
                yield from (form.format(called) for form in forms)


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, ...]]:
    """All names of well-known institutions by each of their names."""
    groups = [tuple(line.split("\t")) for line in FILE.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return {name_key(name): group for group in groups for name in group if not _is_abbreviation(name)}
