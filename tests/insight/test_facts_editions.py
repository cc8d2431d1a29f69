"""Freezing an edition, reading, citing and comparing it; printing the sheet."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import event
from sqlalchemy.orm import Session

from facilities.accounts.models import SiteRole
from facilities.db import db, now
from facilities.insight.facts.editions import editions_of
from facilities.insight.facts.scopes import SITE, of_hub, of_network
from facilities.insight.models import Edition
from facilities.networks.models import Network, NetworkAct, NetworkGrant
from facilities.search.index import rebuild
from tests.barriers import PHONE, barriers
from tests.insight.facts_cast import companies, company, join, network
from tests.people import add_user, client_of
from tests.running_site import served

YEAR = now().year


@pytest.fixture
def cluster(app: Flask) -> Network:
    made = network("cluster", "north")
    join(made, companies(4, "North", employees=20, roles=["discovery"]), "north")
    companies(3, "Outside", employees=30, roles=["data"])
    rebuild()
    return made


def desk_of(app: Flask, of: Network) -> FlaskClient:
    """Somebody of a network's desk."""
    user = add_user(f"Desk of {of.slug}")
    db.session.add(NetworkGrant(user_id=user.id, network_id=of.id))
    db.session.commit()
    return client_of(app, user)


def form_of(client: FlaskClient, address: str, **fields: str) -> dict[str, str]:
    token = re.search(r'name="csrf_token" [^>]*value="([^"]+)"', client.get(address).text)
    return {"csrf_token": token[1] if token else "", "year": str(YEAR), "title": "In numbers", "seen": "y"} | fields


def freeze(client: FlaskClient, address: str, **fields: str) -> str:
    """The address of the edition that was made."""
    answer = client.post(address, data=form_of(client, address, **fields))
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_networks_desk_freezes_its_facts_and_everybody_can_cite_them(app: Flask, cluster: Network) -> None:
    made = freeze(desk_of(app, cluster), "/manage/networks/cluster/facts", note="The first.")
    assert made == f"/networks/cluster/facts/{YEAR}/1"
    page = app.test_client().get(made).text
    assert "The first." in page
    assert f"edition {YEAR}, number 1" in page
    assert f"http://catalogue.test{made}" in page
    assert [act.what for act in db.session.query(NetworkAct)] == ["facts_frozen"]


def test_an_edition_does_not_change_and_says_what_has_changed_since(app: Flask, cluster: Network) -> None:
    made = freeze(desk_of(app, cluster), "/manage/networks/cluster/facts")
    join(cluster, companies(2, "New", roles=["discovery"]))
    page = app.test_client().get(made).text
    row = re.search(r"<th scope=\"row\">Discovery</th>(.*?)</tr>", page, re.DOTALL)
    assert row is not None
    assert re.findall(r">([+\d]+)<", row[1]) == ["4", "6", "+2"]
    assert len(list(app.test_client().get(f"{made}.csv").text.splitlines())) > 3
    assert app.test_client().get(f"{made}.pdf").data.startswith(b"%PDF-")


def test_a_second_edition_of_a_year_replaces_the_first_which_stays_readable(app: Flask, cluster: Network) -> None:
    desk = desk_of(app, cluster)
    first = freeze(desk, "/manage/networks/cluster/facts", title="Wrong")
    second = freeze(desk, "/manage/networks/cluster/facts", title="Right")
    client = app.test_client()
    assert second.endswith(f"/{YEAR}/2")
    assert "Right" in client.get(f"/networks/cluster/facts/{YEAR}").text
    assert "This edition has been replaced" in client.get(first).text
    assert "This edition has been replaced" not in client.get(second).text


def test_a_form_that_is_sent_twice_freezes_one_edition(app: Flask, cluster: Network) -> None:
    desk, address = desk_of(app, cluster), "/manage/networks/cluster/facts"
    assert freeze(desk, address) == freeze(desk, address)
    assert len(editions_of(of_network(cluster))) == 1
    assert freeze(desk, address, note="With a word on it.").endswith("/2")


def test_of_two_desks_that_freeze_the_same_year_at_once_one_is_told_of_the_other(
    request: pytest.FixtureRequest,
) -> None:
    with request.getfixturevalue("reusable_on_postgresql").as_new() as app:
        companies(3, "Firm", employees=10)
        desk = [client_of(app, add_user(name, site_role=SiteRole.MODERATOR)) for name in ("First", "Second")]
        forms = [form_of(each, "/moderate/facts", title=f"By {at}") for at, each in enumerate(desk)]
        db.session.rollback()
        with ThreadPoolExecutor(2) as at_once, together_with_an_edition():
            answers = list(at_once.map(lambda client, form: client.post("/moderate/facts", data=form), desk, forms))
        told, made = sorted(answers, key=lambda answer: -answer.status_code)
        assert (told.status_code, made.status_code) == (422, 303)
        assert "Somebody else has just frozen an edition of this year" in told.text
        assert [each.number for each in editions_of(SITE)] == [1]


@contextmanager
def together_with_an_edition() -> Iterator[None]:
    """Whoever is about to write an edition waits for a second one that is."""
    start = Barrier(2)

    def wait(session: Session, *_about_flush: Any) -> None:
        if any(isinstance(each, Edition) for each in session.new):
            start.wait(timeout=20)

    event.listen(Session, "before_flush", wait)
    yield
    event.remove(Session, "before_flush", wait)


def test_a_hubs_edition_is_its_own(app: Flask, cluster: Network) -> None:
    made = freeze(desk_of(app, cluster), "/manage/networks/cluster/hubs/north/facts")
    assert made == f"/networks/cluster/hubs/north/facts/{YEAR}/1"
    assert [len(editions_of(scope)) for scope in (SITE, of_network(cluster), of_hub(cluster.hubs[0]))] == [0, 0, 1]


def test_the_sites_desk_freezes_the_site(app: Flask, cluster: Network) -> None:
    moderator = client_of(app, add_user("Moderator", site_role=SiteRole.MODERATOR))
    assert freeze(moderator, "/moderate/facts") == f"/facts/{YEAR}/1"
    assert f'href="/facts/{YEAR}/1"' in app.test_client().get("/facts").text


def test_the_desk_of_one_network_does_not_freeze_another(app: Flask, cluster: Network) -> None:
    other = desk_of(app, network("other"))
    assert other.get("/manage/networks/cluster/facts").status_code == 403
    assert 'href="/manage/networks/cluster/facts"' not in other.get("/networks/cluster/facts").text


@pytest.mark.parametrize(
    ("field", "wrong", "says"),
    [
        ("year", "1066", f"Enter a year from 2000 to {YEAR}."),
        ("year", "", "Enter the year that the edition is for"),
        ("title", " ", "Enter a title."),
        ("seen", "", "Look at the numbers below and tick this."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_frozen(
    app: Flask, cluster: Network, field: str, wrong: str, says: str
) -> None:
    desk, address = desk_of(app, cluster), "/manage/networks/cluster/facts"
    fields = form_of(desk, address, note="Kept note") | {field: wrong}
    answer = desk.post(address, data={name: value for name, value in fields.items() if value})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Kept note" in answer.text
    assert db.session.query(Edition).count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/networks/cluster/facts", "edition"])
def test_facts_have_no_barrier_fit_a_phone_and_are_printed(
    app: Flask, cluster: Network, browser: Browser, path: str
) -> None:
    company("One more", established=1999)
    address = freeze(desk_of(app, cluster), "/manage/networks/cluster/facts") if path == "edition" else path
    with served(app) as url, browser.new_context(base_url=url, locale="en-GB", **PHONE) as context:
        page = context.new_page()
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert barriers(page) == []
        link = page.get_by_role("link", name="Fact sheet (PDF)").get_attribute("href")
        assert context.request.get(link or "").headers["content-type"] == "application/pdf"
        if path != "edition":
            page.get_by_role("link", name="4", exact=True).first.click()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
