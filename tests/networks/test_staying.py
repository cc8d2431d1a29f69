"""Listings that are opened from a network's part of the site: its bar stays, for its members' listings only."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.db import db
from facilities.networks.models import Network
from tests.networks.casting import Cast

BAR = 'class="network-bar"'


def pages_of(client: FlaskClient, typed: str, network: str = "") -> list[str]:
    answer = client.get("/suggest", query_string={"q": typed, "network": network})
    return [each["url"] for each in answer.json["suggestions"] if not each["url"].startswith("/search?")]


def test_results_and_suggestions_open_in_the_part_where_they_were_found(client: FlaskClient, north: Cast) -> None:
    path = f"{north.university.path}?network=north"
    for page in ("search", "members", "map"):
        assert f'href="{path}"' in client.get(f"/networks/north/{page}").text, page
    assert 'data-suggest="/suggest?network=north"' in client.get("/networks/north/search").text
    assert pages_of(client, "fjord", "north") == [path]
    page = client.get(path).text
    assert BAR in page
    assert 'action="/networks/north/search"' in page


def test_elsewhere_listings_open_on_the_site_itself(client: FlaskClient, north: Cast) -> None:
    assert f'href="{north.university.path}"' in client.get("/search").text
    assert pages_of(client, "fjord") == [north.university.path]
    assert BAR not in client.get(north.university.path).text


def test_a_network_suggests_its_members_only(client: FlaskClient, north: Cast) -> None:
    assert pages_of(client, "lonely") == [north.outsider.path]
    assert pages_of(client, "lonely", "north") == []


@pytest.mark.parametrize("slug", ["south", "made-up", "", "x" * 3000, "%00"])
def test_an_address_puts_no_listing_into_a_network_that_it_is_not_of(
    client: FlaskClient, north: Cast, slug: str
) -> None:
    page = client.get(f"{north.university.path}?network={slug}")
    assert page.status_code == 200
    assert BAR not in page.text


def test_a_network_that_is_not_public_is_not_told_of(app: Flask, client: FlaskClient, north: Cast) -> None:
    db.session.get_one(Network, north.north.id).published = False
    db.session.commit()
    assert BAR not in client.get(f"{north.university.path}?network=north").text
