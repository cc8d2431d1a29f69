"""The folder of an import, INSTANCE_PATH/imports/<id>/: the file as it was sent, how far the worker is, what it found.

Findings are files of one JSON value a line, so that any page of them can be read without the rest; the database keeps
only their numbers. Progress is a file too: while an import is saved, its transaction holds the database's write lock.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal

from flask import current_app

Name = Literal["problems", "created", "updated", "likely", "gone", "changed_since"]
EVERY = 0.5
"""Seconds between two notes of progress."""


def folder_of(run_id: int) -> Path:
    """The folder of an import; only the site's own user can open it."""
    folder = _place(run_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def forget_folder(run_id: int) -> None:
    """Delete the file of an import and all that was found in it."""
    shutil.rmtree(_place(run_id), ignore_errors=True)


def _place(run_id: int) -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "imports" / str(run_id)


def file_of(run_id: int, stored_as: str) -> Path:
    """The file as it was sent."""
    return folder_of(run_id) / stored_as


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is: `done` of `of` rows."""

    done: int = 0
    of: int = 0

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.of) if self.of else 0


class Reporter:
    """Notes how many rows are done, now and then."""

    def __init__(self, run_id: int, of: int) -> None:
        self.path = folder_of(run_id) / "progress.json"
        self.of = of
        self.done = 0
        self.noted = 0.0
        self.note(0)

    def note(self, rows: int) -> None:
        self.done += rows
        if time.monotonic() - self.noted > EVERY or self.done >= self.of:
            self.noted = time.monotonic()
            beside = self.path.with_suffix(".new")
            beside.write_text(json.dumps(asdict(Progress(self.done, self.of))))
            beside.replace(self.path)


def progress_of(run_id: int) -> Progress:
    """How far the worker is; nothing before it has begun."""
    with suppress(OSError, ValueError, TypeError):
        return Progress(**json.loads((folder_of(run_id) / "progress.json").read_text()))
    return Progress()


def forget_progress(run_id: int) -> None:
    (folder_of(run_id) / "progress.json").unlink(missing_ok=True)


class Findings:
    """Writes the findings of one check, and counts them."""

    def __init__(self, run_id: int) -> None:
        self.folder = folder_of(run_id)
        self.counts: dict[str, int] = {}
        self._files: dict[str, IO[str]] = {}

    def __enter__(self) -> "Findings":
        for old in self.folder.glob("*.jsonl"):
            old.unlink()
        return self

    def __exit__(self, *_error: object) -> None:
        for file in self._files.values():
            file.close()

    def add(self, name: Name, said: dict[str, Any]) -> None:
        if name not in self._files:
            self._files[name] = (self.folder / f"{name}.jsonl").open("w", encoding="utf-8")
        self._files[name].write(json.dumps(said, ensure_ascii=False) + "\n")
        self.counts[name] = self.counts.get(name, 0) + 1


def findings_of(run_id: int, name: str, *, page: int = 1, per_page: int = 0) -> Iterator[dict[str, Any]]:
    """A page of what was found, or all of it."""
    path = folder_of(run_id) / f"{name}.jsonl"
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        first = (page - 1) * per_page
        for line in islice(file, first, first + per_page if per_page else None):
            yield json.loads(line)
