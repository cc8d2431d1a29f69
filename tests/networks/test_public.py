"""What visitors see of networks."""

import csv
import re
from datetime import date, timedelta
from io import StringIO

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind, Status
from facilities.db import db
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.daily import follow_the_calendar
from facilities.networks.members import members_of, today
from facilities.networks.models import Membership
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add
from tests.networks.casting import Cast, join
from tests.people import client_of


def test_a_network_shows_its_members_hubs_and_numbers(client: FlaskClient, north: Cast) -> None:
    page = client.get("/networks/north").text

    assert "Northern Cluster" in page
    assert "/networks/north/hubs/coast" in page
    assert "Peptide Works" in page
    assert "/networks/north/search?kind=instrument" in page
    assert "/networks/north/join" in page


def test_all_networks_are_listed_and_hidden_ones_are_not_there(client: FlaskClient, north: Cast) -> None:
    north.south.published = False
    db.session.commit()

    assert "Southern Association" not in client.get("/networks").text
    assert "Northern Cluster" in client.get("/networks").text
    assert client.get("/networks/south").status_code == 404


def test_place_and_web_address_are_those_of_the_networks_own_listing(client: FlaskClient, north: Cast) -> None:
    for network in (north.north, north.south):
        network.organisation_id = north.company.id
    north.company.url = "https://peptides.example.org"
    north.south.region, north.south.url = "Skåne", "https://south.example.org"
    db.session.commit()
    with statements() as made:
        assert re.findall(r'href="/static/icons[^"]*#place"></use></svg>([^<]+)<', client.get("/networks").text) == [
            "Lund", "Skåne",
        ]  # fmt: skip
    assert not [each for each in made if "WHERE listings.id = " in each]
    page = client.get("/networks/north").text
    assert "· Lund" in page and "https://peptides.example.org" in page
    page = client.get("/networks/south").text
    assert "· Skåne" in page and "https://south.example.org" in page and "https://peptides" not in page


def test_nothing_is_taken_from_a_listing_that_is_not_published(client: FlaskClient, north: Cast) -> None:
    north.north.organisation_id = north.company.id
    north.company.url, north.company.status = "https://peptides.example.org", Status.DRAFT
    db.session.commit()
    page = client.get("/networks/north").text
    assert "· Lund" not in page and "https://peptides.example.org" not in page


def test_members_can_be_looked_through(client: FlaskClient, north: Cast) -> None:
    assert "Peptide Works" not in client.get("/networks/north/members?kind=university").text
    assert "Fjord University" in client.get("/networks/north/members?hub=coast").text
    assert "Fjord University" not in client.get("/networks/north/members?category=companies").text
    assert "Fjord University" in client.get("/networks/north/members?mark=founder").text
    assert "Peptide Works" in client.get("/networks/north/members?q=pept+lund").text


def test_ended_and_future_memberships_are_not_counted(client: FlaskClient, north: Cast) -> None:
    yesterday, tomorrow = today() - timedelta(days=1), today() + timedelta(days=1)
    join(north.south, north.university, until=yesterday)
    join(north.south, north.outsider, since=tomorrow)
    db.session.commit()

    assert [member.name for member in members_of(north.south)] == ["Peptide Works"]
    assert "Lonely Labs" not in client.get("/networks/south/members").text


def test_the_search_of_a_network_finds_only_its_members(client: FlaskClient, north: Cast) -> None:
    page = client.get("/networks/south/search").text

    assert "Peptide synthesis" in page
    assert "Orbitrap of the north" not in page
    assert 'action="/networks/south/search"' in page
    assert "/networks/south/search.csv" in page
    assert "Orbitrap of the north" not in client.get("/networks/south/search?network=north").text


def test_files_and_feeds_of_a_network_are_narrowed_too(client: FlaskClient, north: Cast) -> None:
    rows = client.get("/networks/south/search.csv").text
    assert "Peptide synthesis" in rows
    assert "Orbitrap" not in rows
    assert "Orbitrap" not in client.get("/networks/south/search.atom").text
    cities = client.get("/networks/south/search/values?facet=city").text
    assert "Lund" in cities
    assert "Bergen" not in cities


def test_a_network_has_a_bar_on_its_pages_and_nowhere_else(client: FlaskClient, north: Cast) -> None:
    assert "network-bar-name" in client.get("/networks/north/search").text
    assert "network-bar-name" not in client.get("/search").text


def test_under_its_host_name_the_site_is_the_network(app: Flask, north: Cast) -> None:
    north.south.host = "south.example.org"
    db.session.commit()
    client = app.test_client()

    home = client.get("/", base_url="http://south.example.org").text
    found = client.get("/search", base_url="http://south.example.org").text
    assert "Southern Association" in home
    assert "Orbitrap" not in found
    assert 'action="/search"' in found
    other = client.get("/search", base_url="http://unknown.example.org").text
    assert "Orbitrap" in other


def test_under_its_host_name_facts_and_needs_are_the_networks(app: Flask, north: Cast) -> None:
    north.south.host = "south.example.org"
    ends = {"organisation_id": north.company.id, "ends_on": today() + timedelta(days=9)}
    theirs = PublicNeed(form_id="one", title="Wanted in the south", network_id=north.south.id, **ends)
    others = PublicNeed(form_id="two", title="Wanted anywhere", **ends)
    theirs.state = others.state = NeedState.OPEN
    db.session.add_all([theirs, others])
    db.session.commit()
    client, host = app.test_client(), "http://south.example.org"

    assert "Facts about Southern Association" in client.get("/facts", base_url=host).text
    assert client.get("/facts.csv", base_url=host).text == client.get("/networks/south/facts.csv").text
    assert client.get("/facts.csv", base_url=host).text != client.get("/facts.csv").text
    needs = client.get("/needs", base_url=host).text
    assert "Wanted in the south" in needs and "Wanted anywhere" not in needs
    assert f'href="{app.config["SITE_URL"]}/needs"' in needs
    assert "Wanted anywhere" in client.get("/needs").text


def test_an_organisation_tells_its_networks(client: FlaskClient, north: Cast) -> None:
    page = client.get(north.university.path).text

    assert "/networks/north" in page
    assert "Founder" in page


def test_the_member_list_keeps_the_desks_columns_from_others(app: Flask, north: Cast) -> None:
    public = _rows(app.test_client().get("/networks/north/members.csv").text)
    theirs = _rows(client_of(app, north.desk).get("/networks/north/members.csv").text)
    others = _rows(client_of(app, north.other_desk).get("/networks/north/members.csv").text)

    assert {row["name"] for row in public} == {"Fjord University", "Peptide Works"}
    assert not {"note", "since", "fee"} & set(public[0])
    assert public == others
    assert {row["note"] for row in theirs} == {"", "Pays late."}


def test_pages_send_as_many_statements_for_many_members_as_for_few(client: FlaskClient, north: Cast) -> None:
    addresses = ("/networks", "/networks/north", "/networks/north/members", "/networks/north/hubs/coast")
    before = [_count(client, address) for address in addresses]
    for number in range(12):
        more = add(Kind.ORGANISATION, f"Member {number}", city="Oslo", country="NO")
        join(north.north, more, hub_id=north.hub.id, since=date(2025, 1, 1))
    db.session.commit()
    rebuild()

    assert [_count(client, address) for address in addresses] == before


def test_the_index_follows_the_calendar(client: FlaskClient, north: Cast) -> None:
    membership = db.session.scalars(sa.select(Membership).where(Membership.network_id == north.south.id)).one()
    membership.until = today() - timedelta(days=1)
    db.session.commit()
    assert "Peptide synthesis" in client.get("/networks/south/search").text

    assert follow_the_calendar() == 1
    assert "Peptide synthesis" not in client.get("/networks/south/search").text
    assert follow_the_calendar() == 0


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.lstrip("\ufeff"))))


def _count(client: FlaskClient, address: str) -> int:
    client.get(address)
    with statements() as sent:
        assert client.get(address).status_code == 200
    return len(sent)
