"""A network gets another address, is closed, or is deleted."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from facilities.db import db, now
from facilities.insight.models import Edition
from facilities.moderation.models import Decision
from facilities.networks.daily import follow_the_calendar
from facilities.networks.ending import close_network
from facilities.networks.members import today
from facilities.networks.models import Membership, Network
from facilities.networks.moving import change_slug
from facilities.search.saved.models import Frequency, SavedSearch
from tests.manage.owner_pages import owner_pages
from tests.networks.casting import Cast, add_network, cast, run
from tests.people import add_user

SITE = "/moderate/networks/north"


@pytest.fixture
def site_desk(app: Flask, north: Cast) -> FlaskClient:
    return owner_pages(app, add_user("Site Desk", site_role=SiteRole.MODERATOR))


def seen_in(client: FlaskClient, address: str) -> str:
    """The mark of what a page's form was opened with."""
    return client.get(address).text.partition('name="opened" type="hidden" value="')[2].partition('"')[0]


def saved(client: FlaskClient, **fields: str) -> int:
    sent = {"slug": "north", "closed_on": "", "opened": seen_in(client, SITE)} | fields
    return client.post(SITE, data=sent).status_code


def test_the_old_address_of_a_network_leads_to_the_new_one(client: FlaskClient, site_desk: FlaskClient) -> None:
    assert saved(site_desk, slug="far-north") == 303

    for old, new in (
        ("/networks/north/members?kind=company", "/networks/far-north/members?kind=company"),
        ("/networks/north/hubs/coast", "/networks/far-north/hubs/coast"),
        ("/search?q=x&network=north", "/search?q=x&network=far-north"),
        ("/search?hub=north/coast", "/search?hub=far-north%2Fcoast"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer.location.removeprefix("http://localhost")) == (301, new)
        assert client.get(new).status_code == 200
    assert "Fjord University" in client.get("/search?hub=far-north%2Fcoast&kind=organisation").text
    sent_late = site_desk.post("/networks/north/join?new=1", data={"name": "Typed"})
    assert (sent_late.status_code, sent_late.location) == (308, "/networks/far-north/join?new=1")


def test_an_old_name_in_an_address_of_no_page_leads_nowhere(client: FlaskClient, site_desk: FlaskClient) -> None:
    saved(site_desk, slug="northern")
    for path in ("//evil.example/", "/nowhere", "/facilities/1-a\r\nSet-Cookie:x"):
        answer = client.get("/?network=north", environ_overrides={"PATH_INFO": path})
        assert answer.status_code in (301, 404)
        assert answer.location is None or answer.location.startswith("/facilities/")
        assert "\n" not in (answer.location or "")


def test_what_names_a_moved_network_goes_along(app_on: Flask) -> None:
    north = cast()
    scopes = ("network/north", "hub/north/coast", "network/south")
    db.session.add_all(Edition(scope=scope, year=2025, title="Facts", facts={}, frozen_by="test") for scope in scopes)
    search = SavedSearch(email="a@example.org", args="q=north&network=north", frequency=Frequency.WEEKLY, locale="en")
    db.session.add(search)
    db.session.commit()
    change_slug(north.north, "far-north", by=north.desk.actor)

    kept = set(db.session.scalars(sa.select(Edition.scope)))
    assert kept == {"network/far-north", "hub/far-north/coast", "network/south"}
    assert search.args == "q=north&network=far-north"
    change_slug(north.north, "north", by=north.desk.actor)
    assert search.args == "q=north&network=north"


def test_no_network_gets_an_address_that_leads_to_another(site_desk: FlaskClient, north: Cast) -> None:
    saved(site_desk, slug="far-north")
    made = {"name": "Impostor", "slug": "north", "kind": "cluster", "email": "first@example.org"}
    refused = site_desk.post("/moderate/networks", data=made)
    assert refused.status_code == 422
    assert "Another network has this name in its address." in refused.text
    sent = {"slug": "south", "opened": seen_in(site_desk, "/moderate/networks/far-north")}
    assert site_desk.post("/moderate/networks/far-north", data=sent).status_code == 422


def test_a_hidden_network_is_not_given_away_by_its_old_address(
    client: FlaskClient, site_desk: FlaskClient, north: Cast
) -> None:
    north.north.published = False
    db.session.commit()
    saved(site_desk, slug="secret-name")
    assert client.get("/networks/north").status_code == 404
    assert "secret-name" not in str(client.get("/search?network=north").headers)


def test_a_closed_network_says_so_and_nothing_leads_to_it(
    app: Flask, client: FlaskClient, site_desk: FlaskClient, north: Cast
) -> None:
    assert saved(site_desk, closed_on=today().isoformat()) == 303

    page = client.get("/networks/north").text
    assert "Northern Cluster ended on" in page
    assert "/networks/north/join" not in page
    assert "Fjord University" in client.get("/networks/north/members").text
    joining = client.get("/networks/north/join").text
    assert "Northern Cluster ended on" in joining and 'id="join-q"' not in joining
    assert "/networks/north" not in client.get("/networks").text
    assert "/networks/north" not in client.get(north.university.path).text
    assert "network=north" not in client.get("/search?kind=organisation").text
    assert client.get("/networks/north/search").location == "/networks/north"

    assert saved(site_desk, closed_on="") == 303
    assert "Become a member" in client.get("/networks/north").text
    assert "Fjord University" in client.get("/networks/north/search?kind=organisation").text


@pytest.mark.parametrize("typed", ["31/12/2026", "soon"])
def test_a_day_that_cannot_be_read_is_shown_again_beside_what_to_do(site_desk: FlaskClient, typed: str) -> None:
    sent = {"slug": "north", "closed_on": typed, "opened": seen_in(site_desk, SITE)}
    page = site_desk.post(SITE, data=sent)
    assert page.status_code == 422
    assert "Write the day as year-month-day" in page.text and f'value="{typed}"' in page.text


def test_a_network_closes_on_its_day(app: Flask, client: FlaskClient, north: Cast) -> None:
    close_network(north.north, today() + timedelta(days=1), by=north.desk.actor)
    assert "Northern Cluster ends on" in client.get("/networks/north").text
    db.session.get_one(Network, north.north.id).closed_on = today()
    db.session.commit()
    (Path(app.config["INSTANCE_PATH"]) / "memberships-followed").write_text((today() - timedelta(days=1)).isoformat())
    assert follow_the_calendar() == 2
    assert "Northern Cluster" not in client.get("/search?kind=organisation").text


def test_only_a_network_without_a_history_is_deleted(site_desk: FlaskClient, north: Cast) -> None:
    assert "members, or members that left" in site_desk.get(SITE).text
    site_desk.post(f"{SITE}/delete", data={"sure": "y"})
    assert db.session.scalar(sa.select(sa.func.count()).where(Membership.network_id == north.north.id)) == 2

    empty = add_network("empty", "Empty Network")
    run(empty, "Its Desk")
    unsure = site_desk.post("/moderate/networks/empty/delete")
    assert unsure.status_code == 422
    assert "Tick this" in unsure.text
    assert site_desk.post("/moderate/networks/empty/delete", data={"sure": "y"}).location == "/moderate/networks"
    assert db.session.scalars(sa.select(Network.slug).where(Network.slug == "empty")).all() == []
    assert "Empty Network" in db.session.scalars(sa.select(Decision.listing_name)).one()


def test_of_two_who_move_a_network_the_second_is_told(site_desk: FlaskClient, north: Cast) -> None:
    opened = seen_in(site_desk, SITE)
    far = (now() + timedelta(days=400)).date().isoformat()
    saved(site_desk, closed_on=far)
    late = site_desk.post(SITE, data={"slug": "typed-slug", "opened": opened})
    assert late.status_code == 409
    assert "Somebody else has changed this" in late.text
    again = late.text.partition('name="opened" type="hidden" value="')[2].partition('"')[0]
    assert site_desk.post(SITE, data={"slug": "typed-slug", "opened": again, "closed_on": far}).status_code == 303
    assert isinstance(db.session.get_one(Network, north.north.id).closed_on, date)
