"""Wrong rows are rejected or cleaned with row, field and reason; the rest is kept or nothing is, as asked."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Contact, Listing, Organisation
from facilities.db import db
from facilities.exchange.problems import Unreadable
from facilities.exchange.records.importing import Outcome, import_records
from facilities.exchange.records.schema import Record
from facilities.search import index as indexing
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
    ("row", {k: v for k, v in CYTOMETER.items() if k != "lng"}),
    ("company.employees", CYTOMETER | {"type": "company", "company": {"employees": 2**63}}),
    ("specification.0.name", CYTOMETER | {"specification": [{"name": "\ud800", "value": "x"}]}),
    ("doi", CYTOMETER | {"doi": "10.1234/" + "x" * 300}),
    ("rrid", CYTOMETER | {"rrid": "RRID:SCR_" + "1" * 100}),
    ("licence", CYTOMETER | {"licence": "x" * 100}),
    ("contacts", CYTOMETER | {"contacts": [{"role": "Manager", "email": "a@example.org"}] * 21}),
    ("keywords", CYTOMETER | {"keywords": ["x"] * 10_000}),
    ("contacts.0.role", CYTOMETER | {"contacts": [{"role": "me@example.org", "email": "a@example.org"}]}),
    ("name", CYTOMETER | {"name": "\u200b\u202e"}),
    ("lat", CYTOMETER | {"lat": float("nan")}),
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
        "https://user:password@evil.example/",
        "https://\u202eevil.example\\@example.org/",
        "http://[x",
    ],
)
def test_a_link_that_is_not_web_is_left_out_and_reported(take: Take, url: str) -> None:
    outcome = take(CYTOMETER | {"url": url, "links": [{"label": "Bad", "url": url}]})
    instrument = db.session.scalars(sa.select(Listing).where(Listing.kind == "instrument")).one()
    assert (instrument.url, instrument.links) == ("", [])
    assert outcome.rejected == 0
    assert {problem.field for problem in outcome.problems} == {"url"}


@pytest.mark.parametrize(
    ("country", "number", "kept"),
    [("SE", "556703-7485", "5567037485"), ("NO", "974 760 673", "974760673"), ("DK", "DK 13585628", "13585628"),
     ("FI", "2077474-0", "20774740"), ("SE", "5567037486", ""), ("NO", "974760674", ""), ("DE", "HRB 123", "HRB 123")],
)  # fmt: skip
def test_a_company_number_is_checked_by_the_rule_of_its_country(
    take: Take, country: str, number: str, kept: str
) -> None:
    take({"id": "c", "type": "company", "name": "Firm", "country": country, "company_number": number})
    assert db.session.scalars(sa.select(Organisation.company_number)).one() == kept


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


def test_marks_that_turn_writing_around_are_taken_out(take: Take) -> None:
    take(CYTOMETER | {"id": "lab\n:1", "name": "FACS\u202eAria"})
    listing = db.session.scalars(sa.select(Listing).where(Listing.kind == "instrument")).one()
    assert (listing.name, listing.source_records[0].source_id) == ("FACSAria", "lab :1")


def test_an_institution_without_a_name_is_passed_over(take: Take) -> None:
    assert take(CYTOMETER | {"institution": "; ; ;", "facility": ""}).added == 0


def test_another_kind_with_the_same_ror_id_stays_a_listing_of_its_own(take: Take) -> None:
    ror = {"ror": "https://ror.org/03dm7dd93"}
    take({"id": "o", "type": "company", "name": "Firm", "source": "one"} | ror)
    outcome = take(CYTOMETER | {"source": "two"} | ror)
    assert (outcome.created, outcome.updated) == (1, 0)


def test_another_source_never_fills_in_who_receives_enquiries(take: Take) -> None:
    firm = {"id": "o", "type": "company", "name": "Firm", "ror": "https://ror.org/03dm7dd93"}
    take(firm | {"source": "one"})
    take(firm | {"source": "two", "contacts": [{"role": "Sales", "email": "thief@example.org"}]})
    assert db.session.scalars(sa.select(Contact)).all() == []


def test_no_field_of_a_record_is_longer_than_its_column() -> None:
    for name in ("name", "summary", "abbreviation", "department", "address", "postal_code", "city", "region",
                 "building", "room", "url"):  # fmt: skip
        [limit] = [each.max_length for each in Record.model_fields[name].metadata if hasattr(each, "max_length")]
        assert limit <= LISTINGS.c[name].type.length, name


def test_a_deep_chain_of_parents_imports_and_is_indexed_in_time(take: Take) -> None:
    chain = [{"id": str(n), "type": "facility", "name": f"F{n}", "parent": str(n - 1)} for n in range(400)]
    assert take(*chain).created == 400
    assert indexing.rebuild() == 400
