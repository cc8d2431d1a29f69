"""More records than there are: real ones varied, always in the same way."""

import random
import re
from collections.abc import Iterator
from itertools import chain, cycle, islice

from benchmarks.records import Record, corpus_and_volume

HUNDRED_THOUSAND = 100_000
_DIGITS = re.compile(r"\d+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_PLACE = ("city", "region", "country", "lat", "lng", "address")
_NAMES = ("name", "abbreviation", "model", "manufacturer")


def varied(count: int = HUNDRED_THOUSAND) -> list[Record]:
    """All real records, and so many varied ones after them that there are `count`."""
    real = corpus_and_volume()
    return list(chain(real, islice(_variants(real), max(0, count - len(real)))))


def _variants(real: list[Record]) -> Iterator[Record]:
    """Every record over and over, each time with the place of another, its words shuffled and its numbers changed."""
    draw = random.Random(2)
    for number, record in enumerate(cycle(real)):
        other = draw.choice(real)
        varying = {name: shuffled(record[name], draw) for name in _NAMES if record.get(name)}
        told = {"description": mixed(record, other, draw)} if record.get("description") else {}
        place = {name: other[name] for name in _PLACE if name in other}
        kept = {name: value for name, value in record.items() if name not in (*_PLACE, "ror", "parent")}
        yield kept | place | varying | told | {"id": f"{record['id']}-varied-{number}"}


def shuffled(text: str, draw: random.Random) -> str:
    """The words of a text in another order, with other numbers."""
    words = _renumbered(text, draw).split()
    draw.shuffle(words)
    return " ".join(words)


def mixed(record: Record, other: Record, draw: random.Random) -> str:
    """The sentences of a record in another order, with the first of another's."""
    sentences = _SENTENCE.split(record.get("description") or "") + _SENTENCE.split(other.get("description") or "")[:2]
    draw.shuffle(sentences)
    return _renumbered(" ".join(sentences), draw)


def _renumbered(text: str, draw: random.Random) -> str:
    """Every number is another one of as many digits."""
    return _DIGITS.sub(lambda found: "".join(draw.choice("123456789") for _ in found[0]), text)
