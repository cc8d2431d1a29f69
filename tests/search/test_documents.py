"""What search knows of a listing beside its words."""

from typing import Any

from flask import Flask

from facilities.catalogue.models import Kind
from facilities.db import db
from facilities.search import index as indexing
from search_index import Document, Near, Query
from tests.counting import statements
from tests.listings import add, small_catalogue

HANKO = Near(59.83, 22.97, radius_km=20)


def said_of(listing: Any) -> Document:
    return next(each for each in indexing.all_documents() if each.id == listing.id)


def found(query: Query) -> list[int]:
    return indexing.index().search(query).ids


def test_an_instrument_stands_where_its_facility_does(app: Flask) -> None:
    _university, facility, microscope = small_catalogue()
    assert said_of(microscope).point == said_of(facility).point == (59.85, 17.63)


def test_a_listing_without_coordinates_stands_in_its_town(app: Flask) -> None:
    in_finland = add(Kind.FACILITY, "Sea Station", city="Hangö", country="FI")
    nowhere = add(Kind.FACILITY, "Sea Station", city="Hangö")
    indexing.rebuild()
    assert found(Query("sea station", near=HANKO)) == [in_finland.id]
    assert said_of(nowhere).point is None


def test_lead_times_and_price_levels_can_be_asked_for_by_range(app: Flask) -> None:
    fast = add(Kind.SERVICE, "Sequencing", lead_time_min=3, lead_time_max=5, access={"price_level": 4})
    slow = add(Kind.SERVICE, "Sequencing", lead_time_max=30, access={"price_level": 1})
    add(Kind.SERVICE, "Sequencing")
    indexing.rebuild()
    assert found(Query("sequencing", ranges={"lead_time_days": (None, 10)})) == [fast.id]
    assert found(Query("sequencing", ranges={"lead_time_days": (20, 40)})) == [slow.id]
    assert found(Query("sequencing", ranges={"price_level": (None, 2)})) == [slow.id]


def test_certificates_of_one_standard_are_one_choice_however_they_are_written(app: Flask) -> None:
    for name in ("ISO/IEC 17025:2017", "ISO 17025", "EN ISO/IEC 17025", "House of quality"):
        add(Kind.SERVICE, "Analyses", certificates=[{"name": name}])
    indexing.rebuild()
    facets = indexing.index().search(Query("analyses")).facets["certificate"]
    assert facets == [("ISO/IEC 17025", 3), ("House of quality", 1)]


def test_the_price_level_of_a_facility_holds_for_its_instruments(app: Flask) -> None:
    facility = add(Kind.FACILITY, "Imaging", access={"price_level": 2})
    assert said_of(add(Kind.INSTRUMENT, "Microscope", parent=facility)).numbers == {"price_level": (2, 2)}


def test_a_change_of_a_price_level_is_a_change_of_the_index(app: Flask) -> None:
    facility = add(Kind.FACILITY, "Imaging", access={"price_level": 2})
    before = said_of(facility).version
    facility.access.price_level = 3
    db.session.commit()
    assert said_of(facility).version != before


def test_a_company_is_found_by_its_sector_activities_and_customers_in_every_language(app: Flask) -> None:
    typed = {"sector": "medtech", "activities": ["manufacturing"], "customers": ["healthcare"]}
    maker = add(Kind.ORGANISATION, "Zymurgy Works", **typed)
    add(Kind.ORGANISATION, "Quiet Works", sector="pharma", activities=["sales"], customers=["private"])
    indexing.rebuild()
    for words in ("medtech manufacturing", "manufacturing for healthcare", "tillverkning vård"):
        assert found(Query(words, forgiving=False)) == [maker.id], words


def test_many_listings_are_read_with_no_more_statements_than_few(app: Flask) -> None:
    small_catalogue()
    few = _statements_for_all()
    for number in range(30):
        add(Kind.SERVICE, f"Service {number}", city="Lund", country="SE", lead_time_min=1, access={"price_level": 1})
    assert _statements_for_all() <= few + 1


def _statements_for_all() -> int:
    with statements() as sent:
        list(indexing.all_documents())
    return len(sent)
