"""`python -m benchmarks.hostile`: random, hostile and truncated queries, none of which may raise or take long."""

import argparse
import heapq
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.questions import questions
from benchmarks.records import Record, RecordsMissing, corpus, documents
from benchmarks.understanding import vocabulary
from facilities.search.understanding import understand
from facilities.search.warming import leave_alone_what_is_there
from search_index import Alternative, Box, Index, Meaning, Near, Query, WhooshIndex, words_in

LONGEST_MS = 500.0
_SLOWEST = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyzåäöæøü0123456789      \"-*.,()'/:"
_SIGNS = ('"', "-", "*", "OR", "-*", '""', "a*", "7 T", "\x00", "\ud800", "\u202e", "\U0001d518", "\ufb01", "\u0130")
_RARE_SCRIPTS = (0x20, 0x80, 0x370, 0x590, 0x4E00, 0xAC00, 0x1F600, 0xE000)

Maker = Callable[[random.Random, list[str]], str]


def truncated(draw: random.Random, texts: list[str]) -> str:
    """What stands in the box while somebody types."""
    text = draw.choice(texts)
    return text[: draw.randint(1, len(text))]


def misspelt(draw: random.Random, texts: list[str]) -> str:
    """A text with some letters put in, left out or changed."""
    letters = list(draw.choice(texts))
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(letters))
        letters[at : at + draw.randint(0, 1)] = draw.choices(_LETTERS, k=draw.randint(0, 2)) or [""]
        letters = letters or ["a"]
    return "".join(letters)


def signs(draw: random.Random, texts: list[str]) -> str:
    """Words between the signs of the query language and characters that break programs."""
    words = draw.choice(texts).split()
    return draw.choice(("", " ")).join(draw.choice((*_SIGNS, *words)) for _ in range(draw.randint(1, 20)))


def noise(draw: random.Random, _: list[str]) -> str:
    """Letters without sense."""
    return "".join(draw.choices(_LETTERS, k=draw.randint(1, 60)))


def scripts(draw: random.Random, _: list[str]) -> str:
    """Characters of any script."""
    first = draw.choice(_RARE_SCRIPTS)
    return "".join(chr(first + draw.randrange(200)) for _ in range(draw.randint(1, 60)))


def longest(draw: random.Random, texts: list[str]) -> str:
    """As much as is read: letters without sense, words, or one word again and again."""
    kind = draw.randrange(3)
    if kind == 0:
        return "".join(draw.choices(_LETTERS, k=2_000))
    return (" ".join(draw.choices(texts, k=100)) if kind == 1 else f"{draw.choice(texts)} " * 500)[:2_000]


MAKERS: tuple[Maker, ...] = (truncated, misspelt, signs, noise, scripts, longest)
SHARES = (35, 20, 18, 18, 7, 2)


def queries(records: list[Record], count: int) -> Iterator[tuple[str, Query]]:
    """The queries with what kind each is, always the same."""
    draw = random.Random(11)
    texts = [question.text() for question in questions(records)] + [record["name"] for record in records]
    for make in draw.choices(MAKERS, SHARES, k=count):
        yield make.__name__, _query(draw, make(draw, texts))


def _query(draw: random.Random, text: str) -> Query:
    """A query for the text; every third with meanings and places, some of them senseless."""
    if draw.randrange(3):
        return Query(text)
    words = len(words_in(text))
    meanings = tuple(_meaning(draw, words) for _ in range(draw.randint(0, 3)))
    near = Near(draw.uniform(-90, 90), draw.uniform(-180, 180), draw.choice((None, 0.0, 50.0, 1e9)))
    within = draw.choice((None, Box(-90, 170, 90, -170), Box(60, 0, 50, 20)))
    return Query(text, meanings=meanings, near=near, within=within, sort=draw.choice(("relevance", "distance")))


def _meaning(draw: random.Random, words: int) -> Meaning:
    start = draw.randint(-1, max(words, 1))
    said = tuple(Alternative(text) for text in draw.sample(("confocal microscope", "NMR", "spektrometer", "", "-"), 3))
    return Meaning(start, start + draw.randint(-1, 4), str(said), said)


def main() -> int:
    """Send them all; print the slowest of each kind and what raised. 1 if anything raised or took too long."""
    count = _arguments().queries
    try:
        records = corpus()
    except RecordsMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, vocabulary():
        index = WhooshIndex(Path(folder))
        index.rebuild(documents(records))
        understand("flow cytometry")
        leave_alone_what_is_there()
        return _send(index, records, count)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--queries", type=int, default=100_000, help="how many (100000)")
    return parser.parse_args()


def _send(index: Index, records: list[Record], count: int) -> int:
    errors: Counter[str] = Counter()
    times: list[tuple[float, str, str]] = []
    for kind, query in queries(records, count):
        took, error = _answer(index, query)
        errors[error] += 1
        times.append((took, kind, query.text))
    _print(times, errors)
    return int(max(times)[0] > LONGEST_MS or len(errors) > 1)


def _answer(index: Index, query: Query) -> tuple[float, str]:
    """Milliseconds of processor time, and what was raised: a busy machine makes no query slow."""
    started = time.thread_time()
    error = ""
    try:
        index.search(query if query.meanings else _understood(query))
    except Exception as raised:
        error = f"{raised!r} for {query!r}"
    return (time.thread_time() - started) * 1000, error


def _understood(query: Query) -> Query:
    """A query without meanings as the catalogue understands it."""
    meant = understand(query.text)
    return replace(query, text=meant.text, meanings=meant.meanings, near=query.near or meant.near, prefer=meant.prefer)


def _print(times: list[tuple[float, str, str]], errors: Counter[str]) -> None:
    ordered = sorted(took for took, _, _ in times)
    middle, high = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.999)]
    print(f"{len(times):,} queries: p50 {middle:.2f} ms, p99.9 {high:.1f} ms, worst {ordered[-1]:.1f} ms")
    print("the slowest:")
    for took, kind, text in heapq.nlargest(_SLOWEST, times):
        print(f"  {took:7.1f} ms  {kind:10} {text[:70]!r}")
    raised = [(error, often) for error, often in errors.most_common() if error]
    print(f"raised: {sum(often for _, often in raised)}")
    for error, often in raised[:_SLOWEST]:
        print(f"  {often}  {error[:300]}")


if __name__ == "__main__":
    sys.exit(main())
