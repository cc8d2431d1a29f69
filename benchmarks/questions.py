"""The 200 queries: what visitors of a catalogue type, drawn from the records themselves, always the same."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.records import Record, facets
from search_index import Query

_WORD = re.compile(r"[^\W\d_]{4,}")
_NORDIC = re.compile(r"[^\W\d_]*[åäöæøÅÄÖÆØ][^\W\d_]*")
_MODELS = (
    "LSM 880", "LSM880", "lsm-880", "Q-Exactive", "Orbitrap", "FACSAria", "FACS Aria", "600 MHz", "7T", "cryo-EM",
    "Titan Krios", "HR-MAC", "FTIR", "ICP-MS", "X-ray", "SQUID", "AFM", "NMR 800 MHz", "XPS", "MALDI-TOF",
)  # fmt: skip
_PHRASES = (
    "mass spectrometry", "electron microscopy", "clean room", "wind tunnel", "research centre",
    "national library", "flow cytometry", "high performance computing", "ion beam", "climate change",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for; `phrase` when the words have to stand side by side. `asked` is how our index is asked."""

    words: str
    phrase: bool = False
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: Query | None = None

    def query(self) -> Query:
        """What our index is asked."""
        return self.asked or Query(self.text(), self.filters)

    def text(self) -> str:
        """As a visitor types it."""
        return f'"{self.words}"' if self.phrase else self.words


def questions(records: list[Record]) -> list[Question]:
    """200 queries in mixed order: words, pairs, models, Nordic words, phrases, and words with filters."""
    draw = random.Random(1)
    drawn = [
        *(Question(word) for word in _words(records, draw, 60)),
        *(Question(" ".join(pair)) for pair in _pairs(records, draw, 50)),
        *(Question(model) for model in _MODELS),
        *(Question(word) for word in _nordic(records, draw, 20)),
        *(Question(phrase, phrase=True) for phrase in _PHRASES),
        *_filtered(records, draw, 40),
    ]
    draw.shuffle(drawn)
    return drawn


def _words(records: list[Record], draw: random.Random, count: int) -> Iterator[str]:
    """Words as often as they are written."""
    described = [record for record in records if record.get("description")]
    for _ in range(count):
        found = _WORD.findall(draw.choice(described)["description"]) or ["laboratory"]
        yield draw.choice(found)


def _pairs(records: list[Record], draw: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Two neighbouring words of a name."""
    named = [found for record in records if len(found := _WORD.findall(record["name"])) > 1]
    for _ in range(count):
        found = draw.choice(named)
        at = draw.randrange(len(found) - 1)
        yield found[at], found[at + 1]


def _nordic(records: list[Record], draw: random.Random, count: int) -> Iterator[str]:
    words = sorted({word for record in records for word in _NORDIC.findall(record["name"]) if len(word) > 3})
    yield from (draw.choice(words) for _ in range(count))


def _filtered(records: list[Record], draw: random.Random, count: int) -> Iterator[Question]:
    """A word with a country or kind chosen, every fourth with both."""
    words = list(_words(records, draw, count))
    for number, word in enumerate(words):
        values = facets(draw.choice(records))
        country = {"country": values.get("country", ("SE",))}
        kind = {"kind": values["kind"]}
        yield Question(word, filters=country | kind if number % 4 == 0 else (country if number % 2 else kind))
