"""Which column of a file is which field: by its heading, else by what stands in it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from facilities.catalogue.models import Kind
from facilities.catalogue.names import fold
from facilities.catalogue.vocabulary import Vocabulary
from facilities.exchange.records.identifiers import plain_doi, plain_ror
from facilities.exchange.tables.fields import PLAIN, field_of, keys_by_heading
from facilities.exchange.tables.synonyms import folded, keys_by_word
from facilities.exchange.tables.values import COMMON, Unclear, countries, day, value_of

ALIKE = 86
"""How alike, of 100, a heading must be to a known one: "Inventarienumer" is, "Serienummer" and "Telefonnummer" are
not."""

MOST = 0.6
"""Which part of a column's values must be of a kind for the column to be of that kind."""

MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
WEB = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
MAKERS = {
    "abb", "agilent", "applied biosystems", "bd", "beckman coulter", "bio rad", "biorad", "bruker", "carl zeiss",
    "cytiva", "edwards", "eppendorf", "fei", "ge healthcare", "hamamatsu", "hamilton", "hitachi", "horiba", "illumina",
    "jeol", "keysight", "leica", "malvern", "mettler toledo", "miltenyi", "nikon", "olympus", "oxford instruments",
    "oxford nanopore", "perkinelmer", "perkin elmer", "philips", "qiagen", "rigaku", "roche", "sartorius", "shimadzu",
    "siemens", "sony", "tecan", "tescan", "thermo", "thermo fisher", "thermo fisher scientific", "thermo scientific",
    "varian", "waters", "zeiss",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """The key of a column ("" for one that is left out) and how it was found."""

    key: str = ""
    how: str = ""


def guess_columns(columns: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> dict[str, Guess]:
    """A guess for each heading, from it and from some of the column's values. No field is guessed twice."""
    exports = keys_by_heading()
    if "Listing" in columns and sum(heading in exports for heading in columns) * 2 > len(columns):
        return {heading: Guess(exports.get(heading, ""), "heading") for heading in columns}
    guesses: dict[str, Guess] = {}
    taken: set[str] = set()
    for by in (_by_word, _by_likeness, _by_values(vocabulary)):
        for heading, values in columns.items():
            if heading not in guesses and (guess := by(heading, values, taken)):
                guesses[heading] = guess
                taken.add(guess.key)
    return {heading: guesses.get(heading, Guess()) for heading in columns}


Way = Callable[[str, Sequence[str], set[str]], "Guess | None"]


def _by_word(heading: str, values: Sequence[str], taken: set[str]) -> Guess | None:
    """By a heading that is known, as long as its values can be what it says."""
    key = keys_by_word().get(folded(heading))
    if key is None:
        return None
    key = _instead(key, values)
    if key == "":
        return Guess("", "heading")
    if key in taken:
        key = key.replace("contacts.0.", "contacts.1.")
    return Guess(key, "heading") if key not in taken and _can_be(key, values) else None


def _instead(key: str, values: Sequence[str]) -> str:
    """What a heading means that means several things: a type may be a kind of listing or a type designation, a contact
    a name or an address."""
    if key == "kind" and _share(values, _is_kind) < MOST:
        return "model"
    if key.endswith(".name") and key.startswith("contacts.") and _share(values, _is_mail) >= MOST:
        return key.replace(".name", ".email")
    if key == "instrument_status" and not _can_be(key, values):
        return "keywords"
    return key


def _by_likeness(heading: str, values: Sequence[str], taken: set[str]) -> Guess | None:
    found = process.extractOne(folded(heading), _long_words(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    if found is None:
        return None
    key = _instead(keys_by_word()[found[0]], values)
    return Guess(key, "likeness") if key and key not in taken and _can_be(key, values) else None


@lru_cache(maxsize=1)
def _long_words() -> tuple[str, ...]:
    """Known headings that are long enough to be recognised in spite of a mistake."""
    return tuple(word for word in keys_by_word() if len(word) > 4)


def _by_values(vocabulary: Vocabulary) -> Way:
    def look(_heading: str, values: Sequence[str], taken: set[str]) -> Guess | None:
        tests: tuple[tuple[str, Callable[[str], object]], ...] = (
            ("contacts.0.email", _is_mail),
            ("ror", plain_ror),
            ("url", _is_web),
            ("doi", plain_doi),
            ("manufacturer", lambda text: fold(text) in MAKERS),
            ("techniques", lambda text: bool(vocabulary.techniques_called(text))),
            ("country", lambda text: len(text) > 2 and fold(text) in countries()),
            ("kind", _is_kind),
            ("acquired", _is_day),
        )
        for key, test in tests:
            if values and key not in taken and _share(values, test) >= MOST:
                return Guess(key, "values")
        return None

    return look


def _share(values: Iterable[str], test: Callable[[str], object]) -> float:
    """For which part of the values a test holds."""
    tried = [bool(test(value.strip())) for value in values]
    return sum(tried) / len(tried) if tried else 0.0


def _can_be(key: str, values: Sequence[str]) -> bool:
    """Whether at least some values of a column can be read as this field."""
    if key not in PLAIN or not values:
        return True
    return any(_readable(key, value) for value in values)


def _readable(key: str, value: str) -> bool:
    field = field_of(key)
    if field is None:
        return False
    try:
        value_of(field, value)
    except Unclear:
        return False
    return True


def _is_kind(text: str) -> bool:
    said = fold(text)
    return said in {kind.value for kind in Kind} or COMMON.get(said, "") in {kind.value for kind in Kind}


def _is_mail(text: str) -> bool:
    return bool(MAIL.fullmatch(text))


def _is_web(text: str) -> bool:
    return bool(WEB.fullmatch(text))


def _is_day(text: str) -> bool:
    try:
        day(text)
    except ValueError:
        return False
    return True
