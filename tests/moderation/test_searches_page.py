"""The desk's page of searches: what failed, and what is suggested to visitors."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from facilities.db import db, now
from facilities.search.index import rebuild
from facilities.search.log import LoggedSearch
from facilities.search.popular import forget
from tests.listings import add
from tests.moderation.cast import cast
from tests.moderation.test_vocabulary_pages import fields_of, searched
from tests.people import client_of


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """The desk of a catalogue with one sorter."""
    people = cast()
    add(Kind.INSTRUMENT, "Sorter")
    rebuild()
    return client_of(app, people.moderator)


def test_what_found_nothing_and_what_found_some_words_are_told_apart(desk: FlaskClient) -> None:
    searched("pizza")
    day = now().date()
    db.session.add(LoggedSearch(text="cheap sorter", searched_on=day, searches=2, found_partly=2, seen_by=3))
    db.session.commit()
    for show, there, elsewhere in (("nothing", "pizza", "cheap sorter"), ("partly", "cheap sorter", "pizza")):
        page = desk.get(f"/moderate/searches?show={show}").text
        assert f">{there}</a>" in page
        assert f">{elsewhere}</a>" not in page


def test_the_desk_sees_what_is_suggested_to_visitors_and_sets_it_aside(desk: FlaskClient) -> None:
    day = now().date()
    for text in ("sorter", "sorterzz"):
        db.session.add(LoggedSearch(text=text, searched_on=day, searches=9, seen_by=0b1111111))
    db.session.commit()
    forget()
    assert "sorter" in [each["text"] for each in desk.get("/suggest?q=sort").get_json()["suggestions"]]
    page = desk.get("/moderate/searches?show=popular").text
    assert ">sorter</a>" in page
    assert page.count("not suggested:") == 1
    token = fields_of(page)["csrf_token"]
    desk.post("/moderate/searches/settle", data={"csrf_token": token, "text": "sorter", "act": "set_aside"})
    assert "sorter" not in [each["text"] for each in desk.get("/suggest?q=sort").get_json()["suggestions"]]
    desk.get("/moderate/searches")
    assert ">sorter</a>" not in desk.get("/moderate/searches?show=popular").text
