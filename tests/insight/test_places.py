""" "Set up here": the towns that have something, and what is around one of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind, Listing, ListingText, Status
from facilities.db import db, now
from facilities.insight.places.towns import km_between, path_of, to_compare, town_at
from facilities.networks.models import Hub, Network, NetworkKind
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add

UPPSALA = {"city": "Uppsala", "country": "SE", "lat": 59.86, "lng": 17.64}
ENKOPING = {"city": "Enköping", "country": "SE", "lat": 59.64, "lng": 17.08}
LUND = {"city": "Lund", "country": "SE", "lat": 55.70, "lng": 13.19}


@pytest.fixture
def region(app: Flask) -> FlaskClient:
    """A park in Uppsala with premises that are free and others that were, an instrument, a service and a hub; a company
    35 km away and another far in the south."""
    park = add(Kind.ORGANISATION, "Glade Park", organisation_kind="science_park", roles=["premises"], **UPPSALA)
    premises = {"offer_kind": "premises", "premises": ["laboratory"], "area_min": 80, "area_max": 350}
    add(Kind.OFFER, "Wet laboratories", parent=park, room_classes=["bsl_2"], **premises)
    yesterday = (now().date() - timedelta(days=1)).isoformat()
    add(Kind.OFFER, "Old rooms", parent=park, open_until=yesterday, **premises)
    add(Kind.OFFER, "Seed money", parent=park, offer_kind="funding")
    add(Kind.FACILITY, "Glade Imaging", parent=park)
    certificates = [{"name": "GMP"}]
    add(Kind.SERVICE, "Glade filling", parent=park, certificates=certificates)
    add(Kind.ORGANISATION, "Near Company", organisation_kind="company", roles=["manufacturing"], **ENKOPING)
    add(Kind.ORGANISATION, "Far Company", organisation_kind="company", **LUND)
    network = Network(slug="north", kind=NetworkKind.CLUSTER, names={"en": "North Cluster"})
    network.hubs.append(
        Hub(slug="uppsala", names={"en": "Uppsala desk"}, organisation_id=park.id, lat=59.86, lng=17.64)
    )
    db.session.add(network)
    db.session.commit()
    rebuild()
    return app.test_client()


def test_towns_that_have_something_are_listed_by_country(region: FlaskClient) -> None:
    page = region.get("/places").text
    assert page.index("/places/se/uppsala") < page.index("/places/se/lund")
    assert "/places/se/malmo" not in page


def test_a_town_that_is_typed_leads_to_its_page_and_a_misspelt_one_to_its_like(region: FlaskClient) -> None:
    assert region.get("/places?q=Lund, Sweden").location == "/places/se/lund"
    answer = region.get("/places?q=Upsalla")
    assert answer.status_code == 404 and 'href="/places/se/uppsala"' in answer.text


def test_a_place_shows_what_is_around_it_and_whom_to_ask(region: FlaskClient) -> None:
    page = region.get("/places/se/uppsala").text
    for shown in ("Wet laboratories", "80–350 m²", "Biosafety level 2", "Seed money", "Glade Imaging", "Glade filling"):
        assert shown in page
    assert "Old rooms" not in page
    assert "Uppsala desk" in page and "North Cluster" in page
    assert "role=manufacturing" in page
    assert region.get("/places/SE/Uppsala").location == "/places/se/uppsala"
    assert region.get("/places/se/nowhere").status_code == 404


def test_a_hub_whose_organisation_is_not_public_has_nobody_to_ask(region: FlaskClient) -> None:
    park = db.session.scalars(sa.select(Listing).where(Listing.name == "Glade Park")).one()
    asks = f"/enquiries/new?listing={park.id}"
    assert asks in region.get("/places/se/uppsala").text
    db.session.execute(sa.update(Listing).values(status=Status.WITHDRAWN, withdrawn_at=now()))
    db.session.commit()
    page = region.get("/places/se/uppsala").text
    assert "Uppsala desk" in page and asks not in page


@pytest.mark.parametrize(("radius", "companies"), [("10", 0), ("50", 1)])
def test_the_radius_decides_what_is_counted(
    region: FlaskClient, number_in: Callable[[str, str], str], radius: str, companies: int
) -> None:
    page = region.get(f"/places/se/uppsala?radius={radius}").text
    assert number_in(page, "of them companies") == str(companies)


def test_places_are_compared_with_those_that_the_visitor_chooses(
    region: FlaskClient, number_in: Callable[[str, str], str]
) -> None:
    page = region.get("/places/se/uppsala?with=Lund&with=Xyzzy").text
    assert 'href="/places/se/lund?radius=50"' in page
    assert number_in(page, "Core facilities") == "1"
    assert 'value="Xyzzy"' in page and "called “Xyzzy”" in page


def test_one_place_alone_is_compared_with_if_no_other_is_chosen(region: FlaskClient) -> None:
    def beside(query: str) -> int:
        return region.get(f"/places/se/uppsala?{query}").text.count('<th scope="col"')

    assert beside("with=Lund&with=") == beside("") - 1 == beside("with=Lund&with=Xyzzy")


def test_a_place_is_compared_with_larger_ones_apart_from_it() -> None:
    town = town_at("SE", "uppsala")
    assert town is not None and path_of(town) == "/places/se/uppsala"
    first, second = to_compare(town, 2)
    assert min(first.people, second.people) > town.people
    assert km_between(town, first) < km_between(town, second)
    assert 60 < km_between(town, first) < 70


def test_a_place_without_anything_says_so(region: FlaskClient) -> None:
    assert "nothing within 50 km" in region.get("/places/no/tromso").text


def test_what_is_around_is_called_as_the_visitors_language_says(region: FlaskClient) -> None:
    park = add(Kind.ORGANISATION, "Hill Park", organisation_kind="science_park", roles=["premises"], **UPPSALA)
    rooms = add(Kind.OFFER, "Dry laboratories", parent=park, offer_kind="premises", premises=["laboratory"])
    for listing, name in ((park, "Kullens park"), (rooms, "Torra laboratorier")):
        listing.texts.append(ListingText(language="sv", name=name))
    db.session.commit()
    rebuild()
    page = region.get("/sv/places/se/uppsala").text
    assert "Torra laboratorier" in page and "Dry laboratories" not in page
    assert "Kullens park" in page and "Hill Park" not in page


def test_statements_do_not_grow_with_what_is_around(region: FlaskClient) -> None:
    few = _statements(region)
    for number in range(8):
        company = add(Kind.ORGANISATION, f"Company {number}", roles=["clinical"], **UPPSALA)
        add(Kind.OFFER, f"Rooms {number}", parent=company, offer_kind="premises", area_min=50)
        add(Kind.SERVICE, f"Service {number}", parent=company, certificates=[{"name": "GLP"}])
    rebuild()
    assert _statements(region) <= few


def _statements(pages: FlaskClient) -> int:
    pages.get("/places/se/uppsala")
    with statements() as sent:
        pages.get("/places/se/uppsala")
    return len(sent)


@pytest.fixture
def number_in() -> Callable[[str, str], str]:
    """The first number of a row of the table that compares places."""

    def read(page: str, label: str) -> str:
        row = page.partition("Compared with other places")[2].partition(f">{label}<")[2]
        cell = row.partition("<td")[2].partition(">")[2].partition("</td>")[0]
        return cell.rpartition("</a>")[0].rpartition(">")[2] or cell

    return read


def test_an_address_in_other_letters_leads_to_the_right_one_with_what_was_asked(region: FlaskClient) -> None:
    answer = region.get("/places/SE/Uppsala?radius=100&with=Lund")
    assert (answer.status_code, answer.location) == (301, "/places/se/uppsala?radius=100&with=Lund")
    assert region.get("/places/SE/Uppsala").location == "/places/se/uppsala"
