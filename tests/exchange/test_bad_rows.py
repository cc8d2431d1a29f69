"""Wrong rows are rejected or cleaned with row, field and reason; the rest is kept or nothing is, as asked."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.exchange.problems import Unreadable
from facilities.exchange.records.importing import Outcome, import_records
from tests.exchange.conftest import CYTOMETER

Take = Callable[..., Outcome]
pytestmark = pytest.mark.usefixtures("app")

REJECTED: list[tuple[str, dict[str, Any] | str]] = [
    ("row", '{"id": "x", "type": '),
    ("row", "[1, 2]"),
    ("row", "[" * 5000),
    ("type", CYTOMETER | {"type": "spaceship"}),
    ("name", {k: v for k, v in CYTOMETER.items() if k != "name"}),
    ("name", CYTOMETER | {"name": " \u0007 "}),
    ("id", CYTOMETER | {"id": ""}),
    ("lat", CYTOMETER | {"lat": 91}),
    ("lng", CYTOMETER | {"lng": -300.5}),
    ("lat", CYTOMETER | {"lat": "north"}),
    ("country", CYTOMETER | {"country": "QQ"}),
    ("description", CYTOMETER | {"description": "x" * 30_000}),
    ("row", CYTOMETER | {"description": "x" * 5_000_000}),
    (
        "prices.0.amount",
        CYTOMETER | {"prices": [{"group": "company", "basis": "hour", "amount": -1, "currency": "SEK"}]},
    ),
    ("contacts.0.email", CYTOMETER | {"contacts": [{"role": "Manager", "email": "nobody@"}]}),
    ("established", CYTOMETER | {"established": 12}),
    ("lead_time_days", CYTOMETER | {"type": "service", "lead_time_days": [9, 2]}),
]


@pytest.mark.parametrize(("name", "row"), REJECTED, ids=lambda value: str(value)[:30])
def test_a_wrong_row_is_rejected_with_row_field_and_reason(take: Take, name: str, row: dict[str, Any] | str) -> None:
    outcome = take(CYTOMETER | {"id": "good"}, row)
    assert (outcome.created, outcome.rejected) == (1, 1)
    [problem] = [problem for problem in outcome.problems if problem.fatal]
    assert (problem.row, problem.field) == (2, name)
    assert len(problem.reason) > 5


def test_an_id_used_twice_in_a_file_is_rejected_the_second_time(take: Take) -> None:
    outcome = take(CYTOMETER, CYTOMETER | {"name": "Another"})
    assert (outcome.created, outcome.rejected) == (1, 1)
    assert "row 1" in outcome.problems[0].reason


def test_control_characters_are_taken_out_and_reported(take: Take) -> None:
    outcome = take(CYTOMETER | {"name": "FACS\u0000Aria\u001b[31m"})
    assert db.session.scalars(sa.select(Listing.name).where(Listing.kind == "instrument")).one() == "FACSAria[31m"
    assert [(problem.row, problem.field, problem.fatal) for problem in outcome.problems] == [(1, "name", False)]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,x",
        "ftp://x.org",
        "http://[x",
    ],
)
def test_a_link_that_is_not_web_is_left_out_and_reported(take: Take, url: str) -> None:
    outcome = take(CYTOMETER | {"url": url, "links": [{"label": "Bad", "url": url}]})
    instrument = db.session.scalars(sa.select(Listing).where(Listing.kind == "instrument")).one()
    assert (instrument.url, instrument.links) == ("", [])
    assert outcome.rejected == 0
    assert {problem.field for problem in outcome.problems} == {"url"}


def test_a_bare_domain_becomes_an_address(take: Take) -> None:
    take(CYTOMETER | {"url": "www.e-rihs.eu"})
    assert (
        db.session.scalars(sa.select(Listing.url).where(Listing.kind == "instrument")).one() == "https://www.e-rihs.eu"
    )


def test_stop_saves_nothing_when_a_row_is_rejected(take: Take) -> None:
    outcome = take(CYTOMETER, "{broken", on_error="stop")
    assert (outcome.saved, outcome.created, outcome.rejected) == (False, 1, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing.__table__)) == 0


def test_a_file_that_is_missing_or_damaged_is_unreadable(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.jsonl.gz"
    damaged.write_bytes(gzip.compress(b'{"id": 1}\n' * 1000)[:-20])
    for path in (tmp_path / "nowhere.jsonl", tmp_path, damaged):
        with pytest.raises(Unreadable):
            import_records(path)
