"""The map of all places: its data, and the same without scripts."""

import gzip
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Kind, Listing, Organisation, Status
from facilities.db import db
from tests.counting import statements
from tests.listings import add


def places(client: FlaskClient) -> dict[str, Any]:
    return client.get("/map/places.json").get_json()


def test_every_place_is_on_the_map_and_parts_stand_where_their_owner_does(
    client: FlaskClient, university: Organisation
) -> None:
    data = places(client)
    where = {name: (lat, lng) for name, lat, lng in zip(data["name"], data["lat"], data["lng"], strict=True)}
    assert where["Skerry University"] == where["Lumen Imaging"] == where["Zeiss LSM 880"] == (59.85, 17.63)
    assert where["Image analysis"] == (60.67, 17.14)
    assert "Nowhere Ltd" not in where


def test_a_place_names_its_kind_and_organisation(client: FlaskClient, university: Organisation) -> None:
    data = places(client)
    row = data["name"].index("Zeiss LSM 880")
    assert data["kinds"][data["kind"][row]] == "instruments"
    assert data["organisations"][data["organisation"][row]] == "Skerry University"
    assert client.get(f"/instruments/{data['id'][row]}", follow_redirects=True).status_code == 200


def test_only_published_listings_are_on_the_map(client: FlaskClient, university: Organisation) -> None:
    before = client.get("/map/places.json").headers["ETag"]
    hidden = db.session.query(Listing).filter_by(name="Fjord Optics").one()
    withdraw_listing(hidden, reason="", by="desk")
    after = client.get("/map/places.json")
    assert "Fjord Optics" not in after.get_json()["name"]
    assert after.headers["ETag"] != before
    assert "Bergen" not in client.get("/map").text
    db.session.get_one(Listing, university.id).status = Status.DRAFT
    db.session.commit()
    assert "Skerry University" not in places(client)["name"]


def test_an_unchanged_map_is_not_sent_again(client: FlaskClient, university: Organisation) -> None:
    first = client.get("/map/places.json")
    again = client.get("/map/places.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with statements() as sent:
        client.get("/map/places.json")
    assert len(sent) == 1


def test_places_are_packed_for_those_who_accept_it(client: FlaskClient, university: Organisation) -> None:
    packed = client.get("/map/places.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get("/map/places.json").data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_without_scripts_the_map_is_a_list_of_countries_and_cities(
    client: FlaskClient, university: Organisation
) -> None:
    with statements() as sent:
        page = client.get("/map").text
    assert len(sent) <= 2
    assert page.index("Norway") < page.index("Sweden")
    assert '<a href="/search?country=SE&amp;city=Uppsala">Uppsala</a> <span class="count">3</span>' in page
    assert '<a href="/search?country=SE&amp;city=G%C3%A4vle">Gävle</a> <span class="count">1</span>' in page


def test_a_map_without_places_says_so(client: FlaskClient) -> None:
    assert "No places yet" in client.get("/map").text
    assert places(client)["id"] == []


def test_a_catalogue_that_changes_between_two_looks_is_the_same_on_both_databases(app_on: Flask) -> None:
    client = app_on.test_client()
    add(Kind.ORGANISATION, "First", city="Oslo", country="NO", lat=59.9, lng=10.7)
    assert places(client)["name"] == ["First"]
    add(Kind.ORGANISATION, "Second", city="Oslo", country="NO", lat=59.9, lng=10.8)
    assert places(client)["name"] == ["First", "Second"]
    assert "Oslo" in client.get("/map").text


def test_every_city_of_a_country_is_named(client: FlaskClient, app: Flask) -> None:
    for number in range(15):
        add(Kind.ORGANISATION, f"Org {number}", city=f"City {number:02}", country="SE")
    page = client.get("/map").text
    assert all(f">City {number:02}</a>" in page for number in range(15))
    assert "more cit" not in page
