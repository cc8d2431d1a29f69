"""Overdue listings carry a mark and sink a little in search."""

from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import confirm_listing, create_listing
from facilities.catalogue.models import Kind, Status
from facilities.db import db, now
from facilities.moderation.preferences import set_preferences
from facilities.search.index import rebuild
from tests.manage.confirming import MONTH, YEARS, new, refreshed


def test_overdue_listings_carry_a_mark_and_sink_below_their_equals(app: Flask, client: FlaskClient) -> None:
    rebuild()
    stale = new(Kind.FACILITY, "Lumen Imaging", summary="A")
    fresh = new(Kind.FACILITY, "Lumen Imaging", summary="B", confirmed=MONTH)

    found = client.get("/api/v1/search?q=lumen").get_json()["items"]
    assert [item["id"] for item in found] == [fresh.id, stale.id]
    assert "check with the owner" in client.get("/search?q=lumen").text

    confirm_listing(stale, by="test")
    confirm_listing(fresh, by="test", at=now() - YEARS)
    found = client.get("/api/v1/search?q=lumen").get_json()["items"]
    assert [item["id"] for item in found] == [stale.id, fresh.id]


def test_a_shorter_interval_marks_and_sinks_at_once(app: Flask, client: FlaskClient) -> None:
    rebuild()
    older = new(Kind.FACILITY, "Lumen Imaging", confirmed=4 * MONTH)
    newer = new(Kind.FACILITY, "Lumen Imaging", confirmed=MONTH)
    assert [item["id"] for item in client.get("/api/v1/search?q=lumen").get_json()["items"]] == [older.id, newer.id]

    set_preferences(confirmation_months=3, decisions_public=False, registration_open=True)
    db.session.commit()

    assert [item["id"] for item in client.get("/api/v1/search?q=lumen").get_json()["items"]] == [newer.id, older.id]
    assert "check with the owner" in client.get(older.path).text


def test_what_was_never_confirmed_becomes_overdue_too(app: Flask, client: FlaskClient) -> None:
    lab = create_listing(Kind.FACILITY, {"name": "Lumen"}, parent=None, by="test", status=Status.PUBLISHED)
    assert "Not confirmed yet" in client.get(lab.path).text

    refreshed(lab).created_at = now() - YEARS
    db.session.commit()

    assert "Never confirmed, check with the owner" in client.get(lab.path).text
