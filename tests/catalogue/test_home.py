"""The home page."""

from datetime import timedelta

from flask.testing import FlaskClient

from facilities.catalogue.models import Category, Kind, Listing, Status
from facilities.catalogue.overview import SHAPE, overview, project
from facilities.catalogue.queries.home import Spot, kind_counts, recently_confirmed
from facilities.db import db, now
from tests.counting import statements
from tests.listings import add, small_catalogue


def confirm(listing: Listing, days_ago: int) -> None:
    listing.confirmed_at = now() - timedelta(days=days_ago)
    db.session.commit()


def test_home_shows_search_categories_places_and_what_was_confirmed_lately(client: FlaskClient) -> None:
    university, _facility, microscope = small_catalogue()
    category = Category(slug="imaging", labels={"en": "Imaging"})
    microscope.categories = [category]
    confirm(microscope, 3)

    page = client.get("/").text

    assert 'action="/search"' in page
    assert 'href="/categories/imaging">Imaging</a> <span class="count">1</span>' in page
    assert f'href="{microscope.path}"' in page
    assert "<title>Uppsala</title>" in page
    assert university.path not in page


def test_home_of_an_empty_catalogue_is_whole(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
    assert 'action="/search"' in answer.text


def test_home_needs_six_statements_at_most(client: FlaskClient) -> None:
    _university, facility, microscope = small_catalogue()
    for number in range(12):
        confirm(add(Kind.SERVICE, f"Staining {number}", parent=facility, city="Lund", lat=55.7, lng=13.2), number)
    microscope.categories = [Category(slug=f"field-{n}", labels={"en": f"Field {n}"}) for n in range(5)]
    confirm(microscope, 1)

    client.get("/")
    with statements() as sent:
        client.get("/")

    assert len(sent) <= 6, sent


def test_numbers_count_published_listings_only(app: object) -> None:
    _university, facility, _microscope = small_catalogue()
    facility.status = Status.DRAFT
    db.session.commit()

    assert kind_counts() == {Kind.ORGANISATION: 1, Kind.FACILITY: 0, Kind.INSTRUMENT: 1, Kind.SERVICE: 0, Kind.OFFER: 0}


def test_recently_confirmed_has_the_latest_first_and_nothing_withdrawn(app: object) -> None:
    university, facility, microscope = small_catalogue()
    for days, listing in enumerate((university, facility, microscope)):
        confirm(listing, days)
    university.status, university.withdrawn_at = Status.WITHDRAWN, now()
    db.session.commit()

    assert [listing.id for listing in recently_confirmed(5)] == [facility.id, microscope.id]


def test_small_map_holds_the_towns_and_leaves_a_far_one_outside() -> None:
    north = [Spot("Uppsala", 59.86, 17.64, 60), Spot("Oslo", 59.91, 10.75, 50), Spot("Lund", 55.7, 13.2, 40)]
    picture = overview([*north, Spot("Perth", -31.95, 115.86, 1)])

    assert picture is not None
    left, top, width, height = map(float, picture.view_box.split())
    inside = [left < dot.x < left + width and top < dot.y < top + height for dot in picture.dots]
    assert inside == [True, True, True, False]
    assert abs(width / height - SHAPE) < 0.02


def test_one_town_is_shown_with_its_surroundings() -> None:
    picture = overview([Spot("Reykjavík", 64.15, -21.94, 3)])

    assert picture is not None
    left, top, width, height = map(float, picture.view_box.split())
    assert width > 100
    x, y = project(64.15, -21.94)
    assert abs(left + width / 2 - x) < 2
    assert abs(top + height / 2 - y) < 2


def test_no_town_no_map() -> None:
    assert overview([]) is None
