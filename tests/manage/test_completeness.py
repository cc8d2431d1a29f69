"""How complete a listing is, and what it says is missing."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.models import LISTINGS, Facility, Kind, Listing, Organisation
from facilities.db import db
from facilities.manage.completeness import WISHES, completeness, completeness_of, percent_complete
from tests.listings import add

ACCESS = {"groups": ["academia"], "modes": ["physical"], "training": "required", "price_level": 2}
CONTACT = {"role": "Manager", "email": "manager@example.org"}
EVERYTHING: dict[str, Any] = {
    "summary": "Imaging", "description": "Light microscopes.", "url": "https://example.org", "city": "Uppsala",
    "lat": 59.8, "lng": 17.6, "access": ACCESS, "contacts": [CONTACT],
    "prices": [{"item": "Microscope", "group": "company", "basis": "hour", "amount": "100", "currency": "SEK"}],
    "images": [{"url": "/media/a.webp", "title": "A microscope"}],
}  # fmt: skip


def facility(**fields: Any) -> tuple[Organisation, Facility]:
    university = add(Kind.ORGANISATION, "Skerry University")
    return university, add(Kind.FACILITY, "Lumen Imaging", parent=university, **fields)


def test_an_empty_listing_is_told_what_visitors_miss_the_weightiest_first(app: Flask) -> None:
    found = completeness({}, Kind.FACILITY)
    assert found.percent == 0
    assert [(each.section, each.field) for each in found.missing[:2]] == [
        ("texts", "description"),
        ("contacts", "contacts"),
    ]
    assert "Companies filter by price level." in [each.why for each in found.missing]


def test_every_wish_names_a_field_that_its_kinds_have(app: Flask) -> None:
    from facilities.catalogue import content
    from facilities.catalogue.models import KINDS

    for wish in WISHES:
        for kind in wish.weights:
            fields = {*content.columns_of(KINDS[kind]), *content.PARTS}
            assert {field.partition(".")[0] for field in wish.fields} <= fields, (kind, wish.field)


def test_filling_a_field_takes_it_off_the_list(app: Flask) -> None:
    before = completeness({}, Kind.INSTRUMENT)
    after = completeness({"manufacturer": "Zeiss"}, Kind.INSTRUMENT)
    assert after.percent > before.percent
    assert "manufacturer" not in [each.field for each in after.missing]


def test_all_but_techniques_filled_leaves_techniques(app: Flask) -> None:
    _university, imaging = facility(**EVERYTHING)
    found = completeness_of(imaging)
    assert [each.field for each in found.missing] == ["techniques"]
    assert 80 < found.percent < 100


def test_what_a_facility_says_need_not_be_said_again_by_its_instruments(app: Flask) -> None:
    _university, imaging = facility(**EVERYTHING)
    microscope = add(Kind.INSTRUMENT, "LSM 880", parent=imaging)
    missing = {each.field for each in completeness_of(microscope).missing}
    assert missing.isdisjoint({"groups", "price_level", "contacts", "city", "lat", "prices"})
    assert {"description", "manufacturer", "model"} <= missing


def test_own_terms_hide_those_of_the_facility(app: Flask) -> None:
    _university, imaging = facility(**EVERYTHING)
    microscope = add(Kind.INSTRUMENT, "LSM 880", parent=imaging, access={"groups": ["companies"]})
    missing = {each.field for each in completeness_of(microscope).missing}
    assert "groups" not in missing
    assert {"modes", "training", "price_level"} <= missing


CASES: list[dict[str, Any]] = [
    {}, EVERYTHING, {"city": "Uppsala"}, {"lat": 1.0, "lng": 1.0}, {"access": {"groups": ["academia"]}},
    {"contacts": [CONTACT]}, {"prices": EVERYTHING["prices"]}, {"images": EVERYTHING["images"]}, {"access": {}},
]  # fmt: skip


@pytest.mark.parametrize("said", CASES)
def test_lists_count_as_the_page_of_one_listing_does(app_on: Flask, said: dict[str, Any]) -> None:
    university, imaging = facility(**said)
    for kind in (Kind.FACILITY, Kind.INSTRUMENT, Kind.SERVICE):
        add(kind, f"Unit {kind}", parent=imaging, **(said if kind == Kind.SERVICE else {}))
    add(Kind.INSTRUMENT, "FACSAria", parent=university, manufacturer="BD", instrument_status="available",
        acquired="2020", specification=[{"name": "Lasers", "value": "3"}])  # fmt: skip
    add(Kind.ORGANISATION, "Skerry Pharma", company_number="5560000001", roles=["discovery"])
    add(Kind.SERVICE, "Sorting", parent=university, lead_time_min=1, lead_time_max=3, deliverables="Cells")
    counted = dict(db.session.execute(sa.select(LISTINGS.c.id, percent_complete())).all())
    for listing in db.session.scalars(sa.select(Listing)):
        assert counted[listing.id] == completeness_of(listing).percent, listing.name
