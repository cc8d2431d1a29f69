"""Whoever edits a place looks towns and addresses up, with and without a script."""

import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.models import Listing
from facilities.db import db
from tests.counting import statements
from tests.listings import small_catalogue
from tests.people import add_user, client_of


@pytest.fixture
def manager(app: Flask):
    _university, facility, _microscope = small_catalogue()
    return client_of(app, add_user("Maja Manager", manager_of=facility))


def found(client, q, **more):
    answer = client.get("/manage/places", query_string={"q": q, **more})
    assert answer.status_code == 200
    return answer.json["places"]


def test_a_town_is_found_as_one_types(manager):
    first = found(manager, "göteb")[0]

    assert first["label"] == "Göteborg, Västra Götaland, Sweden"
    assert first["fields"] == {
        "city": "Göteborg", "country": "SE", "region": "Västra Götaland", "lat": 57.707, "lng": 11.967,
    }  # fmt: skip
    assert found(manager, "") == found(manager, "x") == found(manager, "qqqq") == []
    assert {each["fields"]["country"] for each in found(manager, "lund", country="NO")} == {"NO"}


def test_an_address_is_read_in_its_parts(manager):
    (only,) = found(manager, "Husargatan 3, 752 37 Uppsala, Sweden")

    assert only["fields"]["address"] == "Husargatan 3" and only["fields"]["postal_code"] == "752 37"
    assert (only["fields"]["lat"], only["fields"]["lng"]) == (59.859, 17.639)


def test_looking_up_asks_the_database_only_who_asks(manager):
    found(manager, "upp")
    with statements() as sent:
        found(manager, "upp")
    assert len(sent) <= 3


def test_visitors_and_nonsense_get_nothing(app, manager):
    assert app.test_client().get("/manage/places?q=upp").status_code in (302, 303, 401)
    assert app.test_client().get("/manage/places/within?box=59,17,60,18").status_code in (302, 303, 401)
    for box in ("", "1,2,3", "a,b,c,d", "1,2,3,4,5"):
        assert manager.get(f"/manage/places/within?box={box}").status_code == 400
    assert manager.get("/manage/places/within?box=nan,nan,nan,nan").json["towns"] == []


def test_the_largest_towns_of_a_part_of_the_map_are_named(manager):
    towns = manager.get("/manage/places/within?box=59.5,17,60.2,18.2").json["towns"]

    assert "Uppsala" in [town["name"] for town in towns] and len(towns) <= 20


def test_without_a_script_the_button_fills_the_place_in(manager):
    facility = db.session.scalars(sa.select(Listing.id).where(Listing.name == "Lumen Imaging")).one()
    address = f"/manage/listings/{facility}/edit/place"
    page = manager.get(address).text
    form = page[page.index('<form class="edit-form"') :]
    hidden = dict(re.findall(r'name="(csrf_token|opened)" value="([^"]*)"', form))

    answer = manager.post(address, data={**hidden, "act": "look_up", "place_q": "Tykistökatu 6, 20520 Åbo, Finland"})

    values = {name: unescape(value) for name, value in re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', answer.text)}
    assert answer.status_code == 200
    assert (values["address"], values["postal_code"], values["city"]) == ("Tykistökatu 6", "20520", "Åbo")
    assert values["lat"] == "60.451" and values["lng"] == "22.269"
    assert "These are the coordinates of the town" in answer.text
    assert db.session.get(Listing, facility).city == "Uppsala"
