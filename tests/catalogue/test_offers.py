"""The pages of offers, and what the page of an organisation says of its size, sites, pipeline and offers."""

import html
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind, Listing
from facilities.catalogue.offer_words import amount, area, offer_line
from facilities.catalogue.queries.browse import technique_counts
from facilities.catalogue.queries.home import kind_counts
from facilities.catalogue.queries.newest import newest
from facilities.db import db
from facilities.formats import site_today
from facilities.search.queries import names_like
from tests.catalogue.listing_cast import shown, words
from tests.counting import statements
from tests.listings import add
from tests.offers import COMPANY, FUNDING, PREMISES
from tests.vocabulary import add_technique


@pytest.fixture
def park(app: Flask) -> Listing:
    listing: Listing = add(
        Kind.ORGANISATION, "Skerry Science Park", organisation_kind="science_park", city="Uppsala", country="SE",
        contacts=[{"role": "Landlord", "email": "park@example.org"}],
    )  # fmt: skip
    return listing


def graph(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    thing: dict[str, Any] = json.loads(found[1])["@graph"][0]
    return thing


def test_premises_say_what_how_large_for_what_and_from_when(client: FlaskClient, park: Listing) -> None:
    offer = add(Kind.OFFER, "Third floor", parent=park, **PREMISES)
    page = shown(client, offer)
    assert offer.path == f"/offers/{offer.id}-third-floor"
    said = words(page)
    for fact in ("Premises", "Laboratory, Office", "120–800 m²", "GMP, Biosafety level 2", "1 Mar 2027", "Landlord"):
        assert fact in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "Ask about these premises" in said
    assert "park@example.org" not in page


def test_funding_says_to_whom_how_much_and_until_when(client: FlaskClient, park: Listing) -> None:
    said = words(shown(client, add(Kind.OFFER, "Seed fund", parent=park, **FUNDING)))
    assert "Pre-seed, Seed" in said
    assert "SEK 500,000–5,000,000" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "Apply by 15 Jan 2040" in said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, None, ""), (0, 400, "up to 400 m²"), (100, None, "from 100 m²"), (90, 90, "90 m²"),
        (90, 1200, "90–1,200 m²"),
    ],
)  # fmt: skip
def test_an_area_is_said_as_far_as_it_is_known(app: Flask, low: int | None, high: int | None, said: str) -> None:
    with app.test_request_context():
        assert area(add(Kind.OFFER, "Rooms", area_min=low, area_max=high)).replace("\N{NO-BREAK SPACE}", " ") == said


def test_an_amount_without_a_currency_is_a_bare_number(app: Flask) -> None:
    with app.test_request_context():
        assert amount(add(Kind.OFFER, "Fund", amount_min=1000, amount_max=2000)) == "1,000–2,000"


def test_an_offer_that_ended_keeps_its_page_and_says_so(client: FlaskClient, park: Listing) -> None:
    yesterday = site_today() - timedelta(days=1)
    over = add(Kind.OFFER, "Course in GMP", parent=park, offer_kind="education", open_until=yesterday.isoformat())
    said = words(shown(client, over))
    assert "This offer ended on" in said
    assert "Send an enquiry" in said


def test_the_last_day_of_an_offer_still_counts(client: FlaskClient, park: Listing) -> None:
    today = site_today().isoformat()
    last = add(Kind.OFFER, "Course in GMP", parent=park, offer_kind="education", open_until=today)
    assert "This offer ended" not in words(shown(client, last))
    assert kind_counts()[Kind.OFFER] == 1


def test_an_ended_offer_is_neither_counted_nor_named_beside_others(client: FlaskClient, park: Listing) -> None:
    add(Kind.OFFER, "Old course", parent=park, offer_kind="education", open_until="2020-01-01")
    stays = add(Kind.OFFER, "Advice", parent=park, offer_kind="knowledge")
    assert kind_counts()[Kind.OFFER] == 1
    for listing in (park, add(Kind.OFFER, "Third floor", parent=park, **PREMISES)):
        page = shown(client, listing)
        assert stays.path in page
        assert "Old course" not in page


def test_an_ended_offer_is_in_no_number_or_list_that_the_database_makes(app_on: Flask) -> None:
    add_technique("peptide-synthesis", "Peptide synthesis")
    park, said = add(Kind.ORGANISATION, "Park"), {"offer_kind": "knowledge", "techniques": ["peptide-synthesis"]}
    over = add(Kind.OFFER, "Advice of old", parent=park, open_until="2020-01-01", **said)
    open_one = add(Kind.OFFER, "Advice of today", parent=park, **said)
    assert [(each.slug, each.count) for each in technique_counts()] == [("peptide-synthesis", 1)]
    assert [id_ for id_, _moment in newest([over.id, open_one.id], 9)] == [open_one.id]
    assert names_like("advice", 9, 0) == ([open_one.id], 1)


def test_a_card_says_an_offer_in_one_line(app: Flask, park: Listing) -> None:
    with app.test_request_context():
        premises = offer_line(add(Kind.OFFER, "Third floor", parent=park, **PREMISES))
        ended = offer_line(add(Kind.OFFER, "Project", offer_kind="partners", open_until="2020-01-01"))
    assert premises.replace("\N{NO-BREAK SPACE}", " ") == (
        "Premises · Laboratory, Office · 120–800 m² · GMP, Biosafety level 2 · Free from 1 Mar 2027"
    )
    assert ended == "Partners wanted · Ended on 1 Jan 2020"


def test_search_engines_read_premises_as_let_and_partners_as_wanted(client: FlaskClient, park: Listing) -> None:
    premises = graph(shown(client, add(Kind.OFFER, "Third floor", parent=park, **PREMISES)))
    assert (premises["@type"], premises["itemOffered"]["@type"]) == ("Offer", "Accommodation")
    assert premises["itemOffered"]["floorSize"]["maxValue"] == 800
    assert premises["offeredBy"]["name"] == "Skerry Science Park"
    funding = graph(shown(client, add(Kind.OFFER, "Fund", parent=park, **FUNDING)))
    assert funding["validThrough"] == date(2040, 1, 15).isoformat()
    assert funding["itemOffered"]["amount"]["currency"] == "SEK"
    assert graph(shown(client, add(Kind.OFFER, "Project", offer_kind="partners")))["@type"] == "Demand"


def test_a_company_says_what_it_is_with_year_and_source(client: FlaskClient, app: Flask) -> None:
    said = words(shown(client, add(Kind.ORGANISATION, "Norrsund Biologics", **COMPANY))).replace("\xa0", " ")
    assert "Contract development and manufacturing (CDMO), Advanced therapies" in said
    assert "128 (2025, annual report)" in said
    assert "SEK 214,000,000 (2024, register; audited)" in said


def test_sites_stand_beside_the_map_and_projects_by_phase(client: FlaskClient, app: Flask) -> None:
    page = shown(client, add(Kind.ORGANISATION, "Norrsund Biologics", **COMPANY))
    said = words(page)
    assert "Sites 2 Production Mill Road 1, Matfors" in said
    assert "Oslo, Norway" in said
    assert said.index("NB-101") < said.index("NB-204"), "the project that has come furthest comes first"


def test_a_site_stands_on_the_map_in_its_town_unless_it_says_where(client: FlaskClient, app: Flask) -> None:
    page = shown(client, add(Kind.ORGANISATION, "Norrsund Biologics", lat=59.3, lng=18.0, **COMPANY))
    found = re.search(r'data-sites="([^"]*)"', page)
    assert found
    exact, in_town = json.loads(html.unescape(found[1]))
    assert (exact["name"], exact["lat"], exact["lng"]) == ("Production", 62.35, 17.0)
    assert (in_town["name"], round(in_town["lat"]), round(in_town["lng"])) == ("Oslo", 60, 11)


def test_sites_projects_and_offers_cost_no_more_statements(client: FlaskClient, park: Listing) -> None:
    few = add(Kind.ORGANISATION, "Norrsund Biologics", **COMPANY)
    many = add(
        Kind.ORGANISATION, "Many", **COMPANY | {"sites": COMPANY["sites"] * 20, "pipeline": COMPANY["pipeline"] * 20}
    )
    for number in range(20):
        add(Kind.OFFER, f"Rooms {number}", parent=many, **PREMISES)
    counted = []
    for listing in (few, many):
        path = listing.path
        client.get(path)
        db.session.expunge_all()
        with statements() as sent:
            client.get(path)
        counted.append(len(sent))
    assert counted[1] <= counted[0]


def test_an_instrument_says_how_often_it_stands_free(client: FlaskClient, park: Listing) -> None:
    said = words(shown(client, add(Kind.INSTRUMENT, "Confocal", parent=park, idle_hours=12)))
    assert "Usually stands free 12 hours a week" in said
