"""The commands other programs call: counts, reasons and exit codes; and the real records."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from facilities.catalogue.models import Facility, Instrument, Kind, Listing, Organisation, SourceRecord
from facilities.db import db
from facilities.search import index as indexing
from tests.conftest import running_app
from tests.exchange.conftest import CYTOMETER, Write


@pytest.fixture
def commands(app: Flask, one_technique: None) -> FlaskCliRunner:
    return app.test_cli_runner()


def last_line(output: str) -> str:
    return output.strip().splitlines()[-1]


def test_the_last_line_counts_and_the_exit_code_tells(commands: FlaskCliRunner, records: Write) -> None:
    done = commands.invoke(args=["catalogue", "import", str(records(CYTOMETER))])
    assert (done.exit_code, last_line(done.output)) == (0, "created 1, updated 0, unchanged 0, rejected 0")
    again = commands.invoke(args=["catalogue", "import", str(records(CYTOMETER))])
    assert "Nothing changed." in again.output
    assert (again.exit_code, last_line(again.output)) == (0, "created 0, updated 0, unchanged 1, rejected 0")


def test_rejected_rows_are_told_and_stop_the_import_unless_skipped(commands: FlaskCliRunner, records: Write) -> None:
    file = str(records(CYTOMETER, CYTOMETER | {"id": "2", "country": "QQ"}))
    stopped = commands.invoke(args=["catalogue", "import", file])
    assert stopped.exit_code == 1
    assert "row 2, country:" in stopped.output
    assert "Nothing was saved" in stopped.output
    skipped = commands.invoke(args=["catalogue", "import", file, "--on-error", "skip"])
    assert (skipped.exit_code, last_line(skipped.output)) == (1, "created 1, updated 0, unchanged 0, rejected 1")


def test_json_output_is_one_object(commands: FlaskCliRunner, records: Write) -> None:
    answer = json.loads(commands.invoke(args=["catalogue", "import", str(records("{broken")), "--json"]).output)
    assert (answer["rejected"], answer["saved"]) == (1, False)
    assert answer["problems"][0]["row"] == 1


def test_an_unreadable_file_exits_with_two(commands: FlaskCliRunner, tmp_path: Path) -> None:
    assert commands.invoke(args=["catalogue", "import", str(tmp_path / "nowhere.jsonl")]).exit_code == 2


def test_what_is_imported_is_found_at_once(commands: FlaskCliRunner, records: Write) -> None:
    indexing.rebuild()
    commands.invoke(args=["catalogue", "import", str(records(CYTOMETER))])
    differences = indexing.check()
    assert not (differences.missing or differences.stale or differences.unexpected)
    assert indexing.index().count() == 3


@pytest.fixture
def demo(tmp_path: Path, demo_files: Path) -> Iterator[Flask]:
    """The demo catalogue, to be changed."""
    with running_app(copytree(demo_files, tmp_path / "demo"), tables=False) as app:
        yield app


def test_the_demo_catalogue_loads_twice_as_once_and_goes_away_whole(demo: Flask) -> None:
    commands = demo.test_cli_runner()
    again = commands.invoke(args=["catalogue", "demo"])
    assert last_line(again.output).startswith("created 0, updated 0, unchanged")
    removed = commands.invoke(args=["catalogue", "demo", "--remove"])
    assert removed.exit_code == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing.__table__)) == 0
    assert indexing.index().count() == 0


def test_an_export_imports_again_without_a_change_and_builds_the_same_catalogue_elsewhere(
    demo: Flask, tmp_path: Path
) -> None:
    commands = demo.test_cli_runner()
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert commands.invoke(args=["catalogue", "export", "--out", str(first)]).exit_code == 0
    again = commands.invoke(args=["catalogue", "import", str(first)])
    assert last_line(again.output) == f"created 0, updated 0, unchanged {len(by_id(first))}, rejected 0"
    with running_app(tmp_path / "elsewhere") as elsewhere:
        commands = elsewhere.test_cli_runner()
        assert commands.invoke(args=["catalogue", "import", str(first)]).exit_code == 0
        assert commands.invoke(args=["catalogue", "export", "--out", str(second)]).exit_code == 0
    assert by_id(first) == by_id(second)


def by_id(file: Path) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in map(json.loads, file.read_text().splitlines())}


def test_the_real_records_import_whole_once_and_linked(corpus_files: Path, shared_data: Path, tmp_path: Path) -> None:
    assert last_line((corpus_files / "said").read_text()) == "created 2672, updated 0, unchanged 0, rejected 0"
    with running_app(copytree(corpus_files, tmp_path / "corpus"), tables=False) as app:
        orphans = sa.select(sa.func.count()).select_from(Instrument).where(Instrument.parent_id.is_(None))
        assert db.session.scalar(orphans) == 0
        universities = sa.select(Organisation).where(Organisation.name_key == "university of helsinki")
        assert len(db.session.scalars(universities).all()) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Facility).where(Facility.lat.is_not(None)))
        sources = set(db.session.scalars(sa.select(SourceRecord.source)))
        assert sources == {"onlines3-meril", "emsl-dms", "aic-turku", "xas-beamlines", "epos-msl", "ror-updates"}
        edited = edit_one(shared_data / "records" / "corpus.jsonl", tmp_path)
        again = app.test_cli_runner().invoke(args=["catalogue", "import", str(edited)])
    assert last_line(again.output) == "created 0, updated 1, unchanged 2671, rejected 0"


def edit_one(corpus: Path, folder: Path) -> Path:
    rows = corpus.read_text().splitlines()
    rows[100] = json.dumps(json.loads(rows[100]) | {"summary": "Said anew"})
    path = folder / "edited.jsonl"
    path.write_text("\n".join(rows))
    return path


def test_a_packed_file_is_read_like_any_other(commands: FlaskCliRunner, records: Write) -> None:
    plain = records(CYTOMETER)
    packed = plain.with_suffix(".jsonl.gz")
    with plain.open("rb") as source, gzip.open(packed, "wb") as target:
        shutil.copyfileobj(source, target)
    assert last_line(commands.invoke(args=["catalogue", "import", str(packed)]).output).startswith("created 1")
    assert db.session.scalar(sa.select(Listing.kind).where(Listing.name.startswith("FACSAria"))) == Kind.INSTRUMENT
