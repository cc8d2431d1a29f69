"""Files of records to import."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from facilities.exchange.records.importing import Outcome, import_records
from tests.vocabulary import add_technique, fill_vocabulary

Write = Callable[..., Path]
CYTOMETER = {
    "id": "lab:1",
    "type": "instrument",
    "name": "FACSAria III cell sorter",
    "institution": "University of Bergen",
    "facility": "Flow Core",
    "city": "Bergen",
    "country": "NO",
    "lat": 60.39,
    "lng": 5.32,
    "source": "lab",
    "licence": "CC0-1.0",
}


@pytest.fixture
def records(tmp_path: Path) -> Write:
    """Write records (dicts, or text as it stands) to a file, one a line."""

    def write(*rows: dict[str, Any] | str, name: str = "records.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def one_technique() -> None:
    """A vocabulary of one word, so that an import need not load the whole one."""
    add_technique("word", "Word")


@pytest.fixture
def take(records: Write, request: pytest.FixtureRequest) -> Callable[..., Outcome]:
    """Import rows, by default keeping the good ones."""
    if "vocabulary" not in request.fixturenames:
        request.getfixturevalue("one_technique")

    def run(*rows: dict[str, Any] | str, **options: Any) -> Outcome:
        return import_records(records(*rows), **{"on_error": "skip", **options})

    return run


@pytest.fixture
def vocabulary(app_on: Flask) -> None:
    """The vocabulary of the repository, loaded into the test's database."""
    fill_vocabulary()
