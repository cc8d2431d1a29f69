"""The map: what it draws for a view, its cards and lines, and the same without scripts."""

import re
import sqlite3
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Kind, Organisation
from facilities.db import db
from facilities.insight.map.grouping import APART, Places, marks_of, pixels
from facilities.insight.map.places import names_of
from facilities.networks.models import Network
from facilities.search.index import rebuild
from facilities.search.understanding import look_again
from tests.counting import statements
from tests.listings import add

UPPSALA = (59.85, 17.63)
SQLITES_OWN_LIMIT = 32_766
"""Values in a statement, where it was not built with another limit."""


@pytest.fixture
def university(app: Flask) -> Organisation:
    """A university with a facility and its instrument at one address, a service elsewhere, and two companies."""
    university = catalogue()
    rebuild()
    return university


def catalogue() -> Organisation:
    university = add(
        Kind.ORGANISATION, "Skerry University", city="Uppsala", country="SE", lat=59.85001, lng=17.63,
        organisation_kind="university",
        sites=[{"name": "Island station", "city": "Visby", "country": "SE", "lat": 57.64, "lng": 18.3}],
    )  # fmt: skip
    facility = add(Kind.FACILITY, "Lumen Imaging", parent=university, access={"groups": ["companies"]})
    add(Kind.INSTRUMENT, "Zeiss LSM 880", parent=facility)
    add(Kind.SERVICE, "Image analysis", parent=facility, city="Gävle", country="SE", lat=60.67, lng=17.14)
    add(Kind.FACILITY, "Coast Lab", parent=university, city="Lund", country="SE")
    add(Kind.ORGANISATION, "Fjord Optics", city="Bergen", country="NO", lat=60.39, lng=5.32)
    add(Kind.ORGANISATION, "Nowhere Ltd")
    return university


def shown(client: FlaskClient, **args: object) -> dict[str, Any]:
    return client.get("/map/places.json", query_string=args).get_json()


def places(answer: dict[str, Any]) -> dict[str, int]:
    return dict(zip(answer["places"]["name"], answer["places"]["number"], strict=True))


def test_listings_at_one_place_are_one_mark_that_bears_the_name_of_the_organisation(
    client: FlaskClient, university: Organisation
) -> None:
    answer = shown(client, zoom=12)
    assert places(answer) == {"Skerry University": 3, "Image analysis": 1, "Coast Lab": 1, "Fjord Optics": 1}
    at = answer["places"]["name"].index("Skerry University")
    assert (answer["places"]["lat"][at], answer["places"]["lng"][at]) == UPPSALA
    assert answer["places"]["kind"][at] == "organisation"
    assert (answer["total"], answer["placed"], answer["here"]) == (7, 6, 6)


def test_what_lies_close_together_is_a_cluster_that_says_when_it_parts(
    client: FlaskClient, university: Organisation
) -> None:
    far = shown(client, zoom=3)
    assert sum(far["clusters"]["number"]) + sum(far["places"]["number"]) == 6
    for lat, lng, number, closer in zip(
        *(far["clusters"][name] for name in ("lat", "lng", "number", "closer")), strict=True
    ):
        area = f"{lng - 9},{lat - 9},{lng + 9},{lat + 9}"
        before, after = shown(client, zoom=closer - 1, area=area), shown(client, zoom=closer, area=area)
        assert number in before["clusters"]["number"]
        assert max(after["clusters"]["number"], default=0) < number


def test_marks_of_any_zoom_keep_apart_and_near_zooms_share_them(app: Flask) -> None:
    spread = np.array([[59.8 + 0.01 * row, 17.6 + 0.02 * column] for row in range(9) for column in range(9)])
    there, _which = Places.of(spread)
    for zoom in (9.0, 9.04, 9.57, 9.999):
        marks = marks_of(there, zoom)
        xy = pixels(there.points[marks.centre], zoom)
        apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
        assert len(xy) > 1 and apart[apart > 0].min() >= APART, zoom
    assert marks_of(there, 9.57) is marks_of(there, 9.51)


def test_the_map_takes_the_arguments_of_a_search(client: FlaskClient, university: Organisation) -> None:
    assert places(shown(client, zoom=12, q="imaging", kind="facility")) == {"Lumen Imaging": 1}
    assert places(shown(client, zoom=12, organisation_kind="university", country="SE", kind="organisation")) == {
        "Skerry University": 1
    }
    assert set(places(shown(client, zoom=12, access="companies"))) == {"Lumen Imaging", "Image analysis"}
    assert shown(client, kind="instrument", city="Bergen")["total"] == 0


def test_the_list_holds_what_the_view_shows_and_points_at_its_marks(
    client: FlaskClient, university: Organisation
) -> None:
    answer = shown(client, zoom=12, area="16,59,18,61", sort="name")
    assert answer["list"]["name"] == ["Image analysis", "Lumen Imaging", "Skerry University", "Zeiss LSM 880"]
    assert answer["here"] == 4
    marks = answer["clusters"]["lat"] + answer["places"]["lat"]
    assert [marks[at] for at in answer["list"]["mark"]] == [60.67, 59.85, 59.85, 59.85]
    assert answer["list"]["path"][2] == university.path


def test_an_unreadable_view_shows_the_world(client: FlaskClient, university: Organisation) -> None:
    assert shown(client, zoom="x", area="1,2") == shown(client, zoom=3)


def test_an_unchanged_view_is_not_sent_again_and_a_change_is(client: FlaskClient, university: Organisation) -> None:
    kept = {"If-None-Match": client.get("/map/places.json?zoom=4").headers["ETag"]}
    assert client.get("/map/places.json?zoom=4", headers=kept).status_code == 304
    withdraw_listing(db.session.merge(university), reason="", by="desk")
    changed = client.get("/map/places.json?zoom=4", headers=kept)
    assert changed.status_code == 200
    assert "Skerry University" not in places(shown(client, zoom=12))


def test_a_card_names_the_organisation_before_what_belongs_to_it(client: FlaskClient, university: Organisation) -> None:
    card = client.get("/map/card?at=59.85,17.63&zoom=12").text
    assert "3 listings" in card
    order = [card.index(f">{name}</a>") for name in ("Skerry University", "Lumen Imaging", "Zeiss LSM 880")]
    assert order == sorted(order)
    assert f'data-lines="{university.id}"' in card
    assert "any more" in client.get("/map/card?at=0,0&zoom=12").text
    assert client.get("/map/card?at=here").status_code == 404


def test_lines_lead_from_an_organisation_to_its_sites_and_facilities(
    client: FlaskClient, university: Organisation
) -> None:
    answer = client.get(f"/map/lines.json?lines={university.id}").get_json()
    assert answer["start"][:3] == [*UPPSALA, "Skerry University"]
    ends = {name: (round(lat, 1), path) for lat, _lng, name, path in answer["ends"]}
    assert ends["Island station"] == (57.6, "")
    assert ends["Coast Lab"][0] == 55.7  # of its town: it has no coordinates
    assert client.get(ends["Coast Lab"][1], follow_redirects=True).status_code == 200
    assert len(ends) == 2
    assert client.get("/map/lines.json?lines=999").get_json() == {"start": None, "ends": []}


def test_the_plain_page_has_the_filters_the_list_and_the_towns(client: FlaskClient, university: Organisation) -> None:
    page = client.get("/map?country=SE&kind=facility").text
    assert 'action="/map"' in page
    assert re.findall(r'class="map-entry.*?<a href="[^"]+">([^<]+)</a>', page) == ["Lumen Imaging", "Coast Lab"]
    assert '<a href="/search?kind=facility&amp;country=SE&amp;city=Lund">Lund</a> <span class="count">1</span>' in page
    assert "Bergen</a>" not in page


def test_a_filter_keeps_the_way_between_map_and_list(client: FlaskClient, university: Organisation) -> None:
    assert 'href="/map?kind=service"' in client.get("/search?kind=service").text
    assert 'href="/search?kind=service"' in client.get("/map?kind=service").text
    moved = client.get("/search?kind=service&view=map&page=2")
    assert (moved.status_code, moved.headers["Location"]) == (303, "/map?kind=service")


def test_a_map_without_places_says_so(client: FlaskClient) -> None:
    rebuild()
    assert "Nothing answers this search" in client.get("/map").text
    assert shown(client) == shown(client, zoom=7)
    assert shown(client)["places"]["name"] == []


def test_a_network_has_a_map_of_its_members_only(client: FlaskClient, university: Organisation) -> None:
    db.session.add(Network(slug="coast", names={"en": "Coast Cluster"}, kind="cluster", published=True))
    db.session.commit()
    answer = client.get("/networks/coast/map/places.json?zoom=12").get_json()
    assert answer["total"] == 0
    page = client.get("/networks/coast/map").text
    assert 'action="/networks/coast/map"' in page
    assert client.get("/networks/nobody/map").status_code == 404


def test_more_places_than_a_database_takes_values_are_named(app: Flask, university: Organisation) -> None:
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    usual = connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, SQLITES_OWN_LIMIT)
    try:
        many = range(1, SQLITES_OWN_LIMIT + 2)
        assert university.name in names_of(many).values()
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, usual)


def test_the_map_shows_what_changed_at_once(client: FlaskClient, university: Organisation) -> None:
    assert ">Uppsala</a>" in client.get("/map").text
    assert "Skerry University" in places(shown(client, zoom=12))
    moved = db.session.merge(university)
    moved.city, moved.lat, moved.lng = "Knivsta", 59.72, 17.79
    db.session.commit()
    rebuild()
    towns = client.get("/map").text
    assert ">Knivsta</a>" in towns
    assert ">Uppsala</a>" not in towns
    answer = shown(client, zoom=12)
    assert answer["places"]["lat"][answer["places"]["name"].index("Skerry University")] == 59.72


def test_the_towns_are_said_in_the_language_of_the_page(client: FlaskClient, university: Organisation) -> None:
    assert ">Sweden</a>" in client.get("/map").text
    assert ">Sverige</a>" in client.get("/sv/map").text
    assert ">Sweden</a>" in client.get("/en/map").text


def test_the_map_is_the_same_on_both_databases(app_on: Flask) -> None:
    university = catalogue()
    rebuild()
    client = app_on.test_client()
    assert places(shown(client, zoom=12))["Skerry University"] == 3
    assert len(client.get(f"/map/lines.json?lines={university.id}").get_json()["ends"]) == 2


def test_the_statements_of_the_map_do_not_grow_with_its_places(client: FlaskClient, university: Organisation) -> None:
    def counted(path: str) -> int:
        client.get(path)  # what a process reads once for a generation of the index
        with statements() as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    paths = ("/map", "/map/places.json?zoom=12", "/map/card?at=59.85,17.63&zoom=12", "/map/embed", "/map.svg")
    few = {path: counted(path) for path in paths}
    for number in range(30):
        owner = add(Kind.ORGANISATION, f"Company {number}", city="Lund", country="SE", lat=55 + number / 9, lng=13.2)
        add(Kind.FACILITY, f"Lab {number}", parent=university)
        add(Kind.FACILITY, f"Own lab {number}", parent=owner)
    rebuild()
    look_again()
    assert {path: counted(path) for path in paths} == few
    assert few["/map/places.json?zoom=12"] <= 3
