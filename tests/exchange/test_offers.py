"""Offers, and what companies say of themselves, as records and as rows of a table: in, out, and in again unchanged."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue import content
from facilities.catalogue.models import Instrument, Kind, Listing
from facilities.catalogue.vocabulary import Vocabulary
from facilities.db import db
from facilities.exchange.records.exporting import record_of
from facilities.exchange.records.importing import Outcome
from facilities.exchange.records.reading import validated
from facilities.exchange.tables.cells import cells_of
from facilities.exchange.tables.guessing import guess_columns
from facilities.exchange.tables.mapping import understand
from tests.listings import add
from tests.offers import COMPANY, FUNDING, PREMISES

Take = Callable[..., Outcome]
OFFER: dict[str, Any] = {"id": "o1", "type": "offer", "name": "Third floor", "source": "park"}
KNOWN = OFFER | {"offer_kind": "knowledge"}
PREMISES_RECORD = OFFER | {
    "offer_kind": "premises", "premises": ["laboratory"], "area": [120, 800], "room_classes": ["gmp"],
    "free_from": "2027-03-01", "open_until": "2040-01-01", "institution": "Skerry Science Park", "country": "SE",
}  # fmt: skip


def only(kind: Kind) -> Any:
    db.session.expire_all()
    return db.session.scalars(sa.select(Listing).where(Listing.kind == kind)).one()


def test_a_record_becomes_an_offer_of_its_organisation(app: Flask, take: Take) -> None:
    assert take(PREMISES_RECORD).created == 1
    offer = only(Kind.OFFER)
    assert (offer.offer_kind, offer.area_min, offer.area_max, offer.room_classes) == ("premises", 120, 800, ["gmp"])
    assert offer.parent.name == "Skerry Science Park"


@pytest.mark.parametrize(
    ("kind", "said"), [(Kind.OFFER, PREMISES), (Kind.OFFER, FUNDING), (Kind.ORGANISATION, COMPANY)]
)
def test_what_is_exported_as_a_record_imports_without_a_change(
    app: Flask, take: Take, kind: Kind, said: dict[str, Any]
) -> None:
    record = record_of(add(kind, "Norrsund", **said))
    again = {name: value for name, value in record.items() if name != "id"} | {"id": "n1", "source": "file"}
    take(again)
    made = db.session.scalars(sa.select(Listing).where(Listing.source_records.any(source="file"))).one()
    told = content.read(made)
    assert {name: told[name] for name in said} == said


@pytest.mark.parametrize(
    ("kind", "said"), [(Kind.OFFER, PREMISES), (Kind.OFFER, FUNDING), (Kind.ORGANISATION, COMPANY)]
)
def test_what_is_written_in_cells_is_read_from_them(app: Flask, kind: Kind, said: dict[str, Any]) -> None:
    told = content.read(add(kind, "Norrsund", **said))
    row = understand(1, cells_of(told), kind=kind, vocabulary=Vocabulary.load(), exact=True)
    assert not row.problems
    assert row.fields == {name: value for name, value in told.items() if value not in (None, "", [], {})}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("offer_kind", {"offer_kind": "gifts"}),
        ("area", {"area": [800, 120]}),
        ("area", {"area": [120]}),
        ("room_classes", {"room_classes": ["bsl_9"]}),
        ("open_until", {"open_until": "soon"}),
        ("amount", {"amount": [-1, 5]}),
        ("currency", {"currency": "crowns"}),
        ("pipeline", {"type": "organisation", "pipeline": [{"name": "X", "phase": "phase_9"}]}),
        ("pipeline", {"type": "organisation", "pipeline": [{"phase": "phase_1"}]}),
        ("sites", {"type": "organisation", "sites": [{"city": "Oslo", "lat": 60}]}),
        ("sites", {"type": "organisation", "sites": [{"city": "Oslo", "lat": 95, "lng": 10}]}),
        ("company", {"type": "company", "company": {"employees_year": 3}}),
        ("idle_hours", {"type": "instrument", "idle_hours": 169}),
    ],
)
def test_what_cannot_be_is_rejected_by_its_field(app: Flask, field: str, values: dict[str, Any]) -> None:
    row = validated(1, KNOWN | values)
    assert row.record is None
    assert {problem.field.partition(".")[0] for problem in row.problems} == {field}


def test_an_offer_that_does_not_say_what_it_is_is_refused(app: Flask, take: Take) -> None:
    outcome = take(OFFER)
    assert (outcome.created, outcome.rejected) == (0, 1)
    assert [(each.field, each.reason) for each in outcome.problems] == [
        ("offer_kind", "is missing: write which of premises, funding, knowledge, education, partners the offer is")
    ]
    cells = {"name": "Third floor", "area_min": "40"}
    row = understand(1, cells, kind=Kind.OFFER, vocabulary=Vocabulary.load())
    assert [each.field for each in row.problems] == ["offer_kind"]
    said = content.read(add(Kind.OFFER, "Third floor", **PREMISES))
    assert understand(1, {"summary": "Bright"}, kind=Kind.OFFER, vocabulary=Vocabulary.load(), said=said).usable


def test_columns_in_words_of_the_region_are_recognised(app: Flask) -> None:
    columns = {
        "Ledig från": ["2027-03-01"], "Areal": ["120"], "Søknadsfrist": ["2040-01-01"], "Omsætning": ["5000"],
        "Antal anställda": ["12"], "Idle hours": ["8"],
    }  # fmt: skip
    guessed = {heading: guess.key for heading, guess in guess_columns(columns, Vocabulary.load()).items()}
    assert guessed == {
        "Ledig från": "free_from", "Areal": "area_min", "Søknadsfrist": "open_until", "Omsætning": "turnover",
        "Antal anställda": "employees", "Idle hours": "idle_hours",
    }  # fmt: skip


def test_idle_hours_come_with_an_instrument(app: Flask, take: Take) -> None:
    take({"id": "i1", "type": "instrument", "name": "LSM 980", "source": "lab", "idle_hours": 12})
    instrument: Instrument = only(Kind.INSTRUMENT)
    assert instrument.idle_hours == 12
    assert record_of(instrument)["idle_hours"] == 12
