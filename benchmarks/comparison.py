"""Our engines beside tantivy, SQLite's FTS5 and PostgreSQL: built, searched in turns, changed, each in the same run."""

import gc
import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.engines import Engine, Fts5, Ours, Tantivy
from benchmarks.hardest import hardest
from benchmarks.postgresql import OursOnPostgreSQL, PostgreSQL
from benchmarks.questions import Question, questions
from benchmarks.records import Record, documents
from benchmarks.timing import Times, memory_mb, milliseconds, summarise
from benchmarks.understanding import understood
from search_index import Document, Query, Text

Make = Callable[[Path], Engine]
ENGINES: tuple[Make, ...] = (Ours, Tantivy, Fts5, PostgreSQL, OursOnPostgreSQL)
ROUNDS = 5
"""Each query is asked this often, after one round that warms every engine up."""
HARD_ROUNDS = 3
CHANGES = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine's figures: times in milliseconds, `built` in seconds, `memory` in megabytes."""

    name: str
    search: Times
    change: Times
    built: float
    memory: float
    found: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All engines on the same records, and our own on each kind of hard query."""

    engines: list[Measured]
    hard: list[tuple[str, Times]]


def compare(records: list[Record]) -> Comparison:
    """Measure all engines on the same records."""
    asked, made = understood(questions(records)), documents(records)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        engines = [make(folder) for make in ENGINES]
        for engine in engines:
            stack.callback(engine.stop)
        built = [milliseconds(partial(engine.build, made)) / 1000 for engine in engines]
        found = [sum(map(engine.search, asked)) for engine in engines]
        times = _in_turns(engines, asked)
        hard = [(kind, _ours_on(folder, queries)) for kind, queries in hardest(made, asked)]
        hard.append(("just opened", _just_opened(folder, [question.query() for question in asked[:10]])))
        memory = [_memory(make, folder, asked) for make in ENGINES]
        changes = [_change(engine, made) for engine in engines]
    measured = zip(engines, times, changes, built, memory, found, strict=True)
    return Comparison([Measured(each.name, summarise(took), *others) for each, took, *others in measured], hard)


def _in_turns(engines: list[Engine], asked: list[Question]) -> list[list[float]]:
    """Every query goes to each engine in turn, so that whatever else the machine does meets all alike."""
    times: list[list[float]] = [[] for _ in engines]
    gc.collect()
    for _ in range(ROUNDS):
        for question in asked:
            for at, engine in enumerate(engines):
                times[at].append(milliseconds(partial(engine.search, question)))
    return times


def _ours_on(folder: Path, queries: Sequence[Query]) -> Times:
    """The first round counts as well: a process is warm as on a site, but nobody asks for a hard query in advance."""
    ours = Ours(folder)
    ours.warm_up()
    return summarise([milliseconds(partial(ours.ask, query)) for _ in range(HARD_ROUNDS) for query in queries])


def _just_opened(folder: Path, queries: Sequence[Query]) -> Times:
    """Each query as the first of a process that nothing has warmed up."""
    times = []
    for query in queries:
        ours = Ours(folder)
        ours.open()
        times.append(milliseconds(partial(ours.ask, query)))
    return summarise(times)


def _change(engine: Engine, made: list[Document]) -> Times:
    """From the change of one document until a search has found it."""
    times = []
    for number, document in enumerate(made[:CHANGES]):
        word = f"finch{'bcdfghjklmnpqrstvwxz'[number]}ik"
        changed = replace(document, texts=(*document.texts, Text("keywords", "en", word)))
        times.append(milliseconds(partial(_until_found, engine, changed, word)))
    return summarise(times)


class ChangeNotFound(Exception):
    """An engine did not find what had just been changed."""


def _until_found(engine: Engine, changed: Document, word: str) -> None:
    engine.change(changed)
    if engine.search(Question(word)) != 1:
        raise ChangeNotFound(engine.name)


def _memory(make: Make, folder: Path, asked: list[Question]) -> float:
    """What a fresh process takes that has opened the index and answered all queries, in megabytes."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_memory_here, (make, folder, asked))


def _memory_here(make: Make, folder: Path, asked: list[Question]) -> float:
    engine = make(folder)
    engine.open()
    for question in asked:
        engine.search(question)
    return memory_mb() + engine.memory()
