"""Our engine beside tantivy and SQLite's FTS5: built, searched in turns, changed, each in the same run."""

import gc
import multiprocessing
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.engines import Engine, Fts5, Ours, Tantivy
from benchmarks.questions import Question, questions
from benchmarks.records import Record, documents
from benchmarks.timing import Times, memory_mb, milliseconds, summarise
from search_index import Document, Text

ENGINES: tuple[Callable[[Path], Engine], ...] = (Ours, Tantivy, Fts5)
ROUNDS = 5
"""Each query is asked this often, after one round that warms every engine up."""
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


def compare(records: list[Record]) -> list[Measured]:
    """Measure all engines on the same records."""
    asked, made = questions(records), documents(records)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engines = [make(folder) for make in ENGINES]
        built = [milliseconds(partial(engine.build, made)) / 1000 for engine in engines]
        found = [sum(map(engine.search, asked)) for engine in engines]
        times = _in_turns(engines, asked)
        memory = [_memory(make, folder, records) for make in ENGINES]
        changes = [_change(engine, made) for engine in engines]
    return [
        Measured(engine.name, summarise(times[at]), changes[at], built[at], memory[at], found[at])
        for at, engine in enumerate(engines)
    ]


def _in_turns(engines: list[Engine], asked: list[Question]) -> list[list[float]]:
    """Every query goes to each engine in turn, so that whatever else the machine does meets all alike."""
    times: list[list[float]] = [[] for _ in engines]
    gc.collect()
    for _ in range(ROUNDS):
        for question in asked:
            for at, engine in enumerate(engines):
                times[at].append(milliseconds(partial(engine.search, question)))
    return times


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


def _memory(make: Callable[[Path], Engine], folder: Path, records: list[Record]) -> float:
    """What searching adds to a fresh process, in megabytes."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_memory_here, (make, folder, records))


def _memory_here(make: Callable[[Path], Engine], folder: Path, records: list[Record]) -> float:
    asked, made = questions(records), documents(records)
    before = memory_mb()
    engine = make(folder)
    engine.open(made)
    for question in asked:
        engine.search(question)
    return memory_mb() - before
