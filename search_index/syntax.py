"""The query language: words are all wanted, "phrases", -word, OR between two, word* for a beginning.

Everything else is plain text. Nothing raises, and a query longer than the limits is cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from search_index.letters import normalise
from search_index.stopwords import is_stop_word
from search_index.words import Chunk, chunks

LONGEST_QUERY = 2_000
"""Characters that are read."""
MOST_UNITS = 32
"""Words and phrases that are looked up."""
SHORTEST_PREFIX = 3

UNITS = {"tesla": "t", "volt": "v", "kilovolt": "kv", "megahertz": "mhz", "gigahertz": "ghz"}
"""Units that are also written short, after a number."""

_TOKEN = re.compile(r'(?:(?<!\S)(?P<minus>-)(?=[^\s-]))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_ABBREVIATION = re.compile("[A-Z]{2,4}")
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'))


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a chunk of several `segments` side by side, which are the words `at` and following of the text.

    `written` is how the visitor wrote it, from character `start` of the normalised text. An `exact` one is looked for
    just as it stands.
    """

    segments: tuple[str, ...]
    whole: str
    written: str
    at: int = 0
    start: int = 0
    exact: bool = False

    def is_stop_word(self, *, shouted: bool) -> bool:
        """Whether it says nothing by itself; `shouted` if all of the query is in capitals."""
        return len(self.segments) == 1 and is_stop_word(self.segments[0], self.written, shouted=shouted)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side exactly as written."""

    words: tuple[str, ...]
    written: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word."""

    letters: str
    written: str


Unit = Word | Phrase | Prefix


@dataclass(slots=True)
class Parsed:
    """All `clauses` must match, each by any of its units; none of `excluded` may. `plain`: no operators."""

    clauses: list[list[Unit]] = field(default_factory=list)
    excluded: list[Unit] = field(default_factory=list)
    plain: bool = True

    def is_empty(self) -> bool:
        """Whether there is nothing to look up."""
        return not self.clauses and not self.excluded


def parse(text: str) -> Parsed:
    """Read a query."""
    parsed = Parsed()
    alternative = False
    words = 0
    for token in _TOKEN.finditer(readable(text)):
        if token["word"] == "OR" and parsed.clauses and not token["minus"]:
            alternative, parsed.plain = True, False
            words += 1
            continue
        units, words = _units(token, words)
        if token["minus"]:
            parsed.excluded += _one(units)
        elif units:
            _add(parsed, units, alternative)
        alternative = alternative and not units
        parsed.plain = parsed.plain and not token["minus"] and token["phrase"] is None
    return _without_stop_words(_limit(parsed))


def readable(text: str) -> str:
    """What is read of a text: its first characters, normalised, with straight quotes."""
    return normalise(text[:LONGEST_QUERY]).translate(_QUOTES)


def _units(token: re.Match[str], before: int) -> tuple[list[Unit], int]:
    """The units of a token, `before` words of the text being before it, and the words up to its end."""
    quoted = token["phrase"] is not None
    found = list(chunks(token["phrase" if quoted else "word"]))
    words = before + sum(len(chunk.segments) for _, chunk in found)
    if quoted:
        segments = tuple(segment for _, chunk in found for segment in chunk.segments)
        return ([Phrase(segments[:MOST_UNITS], token["phrase"])] if segments else []), words
    if token["word"].endswith("*") and len(found) == 1 and _can_be_prefix(found[0][1]):
        return [Prefix(found[0][1].segments[0], token["word"])], words
    return list(_words(token, found, before)), words


def _words(token: re.Match[str], found: list[tuple[int, Chunk]], before: int) -> Iterator[Word]:
    for at, chunk in found:
        end = at + sum(chunk.spans[-1])
        written = token["word"][at:end]
        yield Word(chunk.segments[:MOST_UNITS], chunk.whole, written, before, token.start("word") + at)
        before += len(chunk.segments)


def _can_be_prefix(chunk: Chunk) -> bool:
    return len(chunk.segments) == 1 and len(chunk.segments[0]) >= SHORTEST_PREFIX


def _one(units: list[Unit]) -> list[Unit]:
    """What a minus excludes: the word, or all parts of it side by side."""
    if len(units) < 2:
        return units
    words = [unit for unit in units if isinstance(unit, Word)]
    segments = tuple(segment for word in words for segment in word.segments)
    return [Phrase(segments, " ".join(word.written for word in words))]


def _add(parsed: Parsed, units: list[Unit], alternative: bool) -> None:
    first, *rest = units
    if alternative:
        parsed.clauses[-1].append(first)
    elif not _bind_to_number(parsed.clauses, first):
        parsed.clauses.append([first])
    parsed.clauses += [[unit] for unit in rest]


def _bind_to_number(clauses: list[list[Unit]], unit: Unit) -> bool:
    """A single letter after a number belongs to it, and so does a unit that has one: 7 T and 7 tesla are one thing."""
    before = clauses[-1][-1] if clauses and len(clauses[-1]) == 1 else None
    if not (isinstance(unit, Word) and isinstance(before, Word)):
        return False
    if unit.at != before.at + len(before.segments) or len(unit.segments) > 1:
        return False
    if not (before.segments[-1].isdigit() and _is_unit(unit.segments[0])):
        return False
    clauses[-1] = [_bound(before, unit)]
    return True


def _is_unit(segment: str) -> bool:
    return segment.isalpha() and (len(segment) == 1 or segment in UNITS)


def _bound(number: Word, letter: Word) -> Word:
    segments = number.segments + letter.segments
    return Word(segments, "".join(segments), f"{number.written} {letter.written}", number.at, number.start)


def _limit(parsed: Parsed) -> Parsed:
    parsed.clauses = parsed.clauses[:MOST_UNITS]
    parsed.clauses = [clause[:MOST_UNITS] for clause in parsed.clauses]
    while sum(map(len, parsed.clauses)) > MOST_UNITS:
        parsed.clauses.pop()
    parsed.excluded = parsed.excluded[:MOST_UNITS]
    return parsed


def _without_stop_words(parsed: Parsed) -> Parsed:
    words = [unit for clause in parsed.clauses for unit in clause if isinstance(unit, Word)]
    shouted = len(words) > 1 and all(word.written.isupper() for word in words)
    telling = [clause for clause in parsed.clauses if not all(_says_nothing(unit, shouted) for unit in clause)]
    parsed.clauses = telling or parsed.clauses
    if not shouted:
        parsed.clauses = [[_just_so(unit) for unit in clause] for clause in parsed.clauses]
    return parsed


def _just_so(unit: Unit) -> Unit:
    """A short word in capitals is an abbreviation: it is looked for as it stands, not inflected. SAED is no seed."""
    if isinstance(unit, Word) and len(unit.segments) == 1 and _ABBREVIATION.fullmatch(unit.written):
        return replace(unit, exact=True)
    return unit


def _says_nothing(unit: Unit, shouted: bool) -> bool:
    return isinstance(unit, Word) and unit.is_stop_word(shouted=shouted)
