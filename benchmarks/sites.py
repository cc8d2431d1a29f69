"""Whole sites to fetch pages from: ours on gunicorn, and datasette on the same records."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import read, wait_until_up
from benchmarks.questions import Question
from benchmarks.records import Record
from benchmarks.timing import memory_mb
from search_index import FACETS, FIELDS, Document

ROOT = Path(__file__).resolve().parent.parent
_LISTING = re.compile(r'href="(/(?:organisations|facilities|instruments|services)/\d+[^"?#]*)"')
MOST_TYPED = 400
LARGEST_IMPORT = 15_350
"""Records that are imported one by one; of more, copies are made (see `enlarging`)."""
_SEVERAL = "technique"
"""The one facet with several values: datasette counts it from a JSON column."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running site and its processes."""

    base: str
    parent: int

    def memory(self) -> float:
        """Megabytes of the largest process."""
        return max(memory_mb(process) for process in (self.parent, *_children(self.parent)))


def _children(process: int) -> list[int]:
    path = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def _running(command: Sequence[str], port: int, settings: dict[str, str]) -> Iterator[Site]:
    environment = os.environ | settings
    quiet = subprocess.DEVNULL
    site = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(base, is_running=lambda: site.poll() is None)
        yield Site(base, site.pid)
    finally:
        site.terminate()
        site.wait()


def fill_ours(folder: Path, records: Iterable[Record], count: int = 0) -> None:
    """A new instance of the catalogue with these records in it, as an operator makes one, and with so many made of them
    that there are `count`."""
    file = folder / "records.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    _flask(folder, "db", "upgrade")
    _flask(folder, "catalogue", "import", str(file), "--on-error", "skip", accept=(0, 1))
    if count > LARGEST_IMPORT:
        _run(folder, "benchmarks.enlarging", str(count))
        rebuild(folder)


def rebuild(folder: Path) -> None:
    """Build the index of an instance anew."""
    _flask(folder, "search", "rebuild")


def _flask(folder: Path, *command: str, accept: tuple[int, ...] = (0,)) -> None:
    _run(folder, "flask", "--app", "wsgi", *command, accept=accept)


def _run(folder: Path, *module: str, accept: tuple[int, ...] = (0,)) -> None:
    """Run a module on an instance. Raises RuntimeError if it ends otherwise, or with an exception."""
    environment = os.environ | _settings(folder)
    done = subprocess.run(
        [sys.executable, "-m", *module], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in accept or "Traceback" in done.stderr:
        raise RuntimeError(f"{' '.join(module)} failed: {done.stderr[-2000:]}")


def _settings(folder: Path) -> dict[str, str]:
    instance = {"INSTANCE_PATH": str(folder / "instance"), "DATABASE_URL": "", "SECRET_KEY": "only for this run"}
    return instance | {"MALLOC_ARENA_MAX": "1"}


@contextmanager
def ours(folder: Path) -> Iterator[Site]:
    """The catalogue as `make run` serves it: gunicorn with two processes."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2"]
    command += ["--no-control-socket", "benchmarks.editing:app"]
    with _running(command, port, _settings(folder)) as site:
        yield site


def our_path(question: Question) -> str:
    """The address of our results page."""
    return "/search?" + urlencode({"q": question.text(), **question.filters}, doseq=True)


def suggestion_paths(asked: Sequence[Question]) -> list[str]:
    """The addresses of the suggestions at each letter from the second of the first queries."""
    typed = (question.words[:length] for question in asked[:40] for length in range(2, len(question.words) + 1))
    return ["/suggest?" + urlencode({"q": text}) for text in typed][:MOST_TYPED]


def listing_paths(site: Site, asked: Sequence[Question]) -> list[str]:
    """The addresses of the listings that the first few searches show."""
    pages = (read(site.base, our_path(question)) for question in asked[:40])
    return list(dict.fromkeys(path for page in pages for path in _LISTING.findall(page)))[:200]


def fill_datasette(folder: Path, documents: Sequence[Document]) -> None:
    """A database with a table of listings, their full-text index, and an index on each facet."""
    database = sqlite3.connect(folder / "catalogue.db")
    fields, facets = ", ".join(f"text_{field}" for field in FIELDS), ", ".join(FACETS)
    database.execute(f"CREATE TABLE listings (id INTEGER PRIMARY KEY, {fields}, {facets})")
    marks = ", ".join("?" * (1 + len(FIELDS) + len(FACETS)))
    database.executemany(f"INSERT INTO listings VALUES ({marks})", map(_row, documents))
    for facet in FACETS:
        database.execute(f"CREATE INDEX listings_{facet} ON listings({facet})")
    tokens = "porter unicode61 remove_diacritics 2"
    options = f"content='listings', content_rowid='id', tokenize='{tokens}'"
    database.execute(f"CREATE VIRTUAL TABLE listings_fts USING fts5({fields}, {options})")
    database.execute("INSERT INTO listings_fts(listings_fts) VALUES ('rebuild')")
    database.commit()
    database.close()


def _row(document: Document) -> list[object]:
    texts = ["\n".join(text.value for text in document.texts if text.field == field) for field in FIELDS]
    facets = [
        json.dumps(values) if facet == _SEVERAL else next(iter(values), None)
        for facet in FACETS
        for values in [document.facets.get(facet, ())]
    ]
    return [document.id, *texts, *facets]


@contextmanager
def datasette(folder: Path) -> Iterator[Site]:
    """Datasette serving the database as one that does not change, which is its fastest way."""
    port = _free_port()
    limits = [part for name in ("sql_time_limit_ms", "facet_time_limit_ms") for part in ("--setting", name, "20000")]
    command = [
        sys.executable,
        "-m",
        "datasette",
        "-i",
        str(folder / "catalogue.db"),
        "--port",
        str(port),
        *limits,
    ]
    with _running(command, port, {}) as site:
        yield site


def datasette_path(question: Question) -> str:
    """The address of datasette's page for the same: search, filters, 20 rows, all facets."""
    filters = {
        ("technique__arraycontains" if facet == _SEVERAL else facet): values[0]
        for facet, values in question.filters.items()
    }
    facets = [("_facet", facet) for facet in FACETS if facet != _SEVERAL]
    asked = [
        ("_search", question.text()),
        ("_size", "20"),
        ("_facet_array", _SEVERAL),
        *facets,
        *filters.items(),
    ]
    return "/catalogue/listings?" + urlencode(asked)
