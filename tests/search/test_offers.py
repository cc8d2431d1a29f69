"""Offers in search: found by their words in every language, by area, and no longer once they have ended."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from facilities.db import db
from facilities.formats import site_today
from facilities.outbox.upkeep import keep_index_whole
from facilities.search import index as indexing
from facilities.search.ended import leave_out_ended_offers
from search_index import Query
from tests.listings import add
from tests.offers import COMPANY, PREMISES


def found(query: Query) -> list[int]:
    return indexing.index().search(query).ids


def test_an_offer_leaves_the_index_the_day_after_its_last(app_on: Flask, caplog: pytest.LogCaptureFixture) -> None:
    today = site_today()
    course = add(Kind.OFFER, "Zymurgy course", offer_kind="education", open_until=today.isoformat())
    advice = add(Kind.OFFER, "Zymurgy advice", offer_kind="knowledge")
    indexing.rebuild()
    assert found(Query("zymurgy", sort="name")) == [advice.id, course.id]
    assert leave_out_ended_offers() == 0
    course.open_until = today - timedelta(days=1)
    db.session.commit()
    assert leave_out_ended_offers() == 1
    assert found(Query("zymurgy")) == [advice.id]
    assert leave_out_ended_offers() == 0
    keep_index_whole()
    assert "building it anew" not in caplog.text, "the errand alone brings the index up to date"


def test_premises_are_found_by_area(app: Flask) -> None:
    small = add(Kind.OFFER, "Rooms", **PREMISES | {"area_min": 20, "area_max": 60})
    large = add(Kind.OFFER, "Rooms", **PREMISES | {"area_min": 300, "area_max": 900})
    indexing.rebuild()
    assert found(Query("rooms", ranges={"area_m2": (100, None)})) == [large.id]
    assert found(Query("rooms", ranges={"area_m2": (None, 100)})) == [small.id]


def test_the_page_of_results_narrows_by_area_where_there_are_offers(app: Flask, client: FlaskClient) -> None:
    add(Kind.OFFER, "Rooms in Lund", **PREMISES | {"area_min": 20, "area_max": 60})
    add(Kind.OFFER, "Rooms in Umeå", **PREMISES | {"area_min": 300, "area_max": 900})
    add(Kind.SERVICE, "Room service")
    indexing.rebuild()
    page = client.get("/search?area=100-").text
    assert "Rooms in Umeå" in page
    assert "Rooms in Lund" not in page
    assert "At least 100 m²" in page
    assert 'name="area"' not in client.get("/search?kind=service&q=service").text
    assert "The area was left out" in client.get("/search?area=small").text


def test_offers_and_companies_are_found_by_the_words_for_what_they_are(app: Flask) -> None:
    rooms = add(Kind.OFFER, "Third floor", **PREMISES)
    firm = add(Kind.ORGANISATION, "Norrsund", **COMPANY)
    indexing.rebuild()
    assert found(Query("biosafety")) == [rooms.id]
    assert found(Query("CDMO")) == [firm.id]
    assert found(Query("haemophilia")) == [firm.id]
    assert found(Query("matfors")) == [firm.id]
    assert found(Query("laboratorielokaler")) == [rooms.id]
    assert found(Query("riskkapital")) == []
    assert found(Query("", filters={"offer": ("premises",)})) == [rooms.id]
