"""What a network's part must not give away, take in or fall over."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from facilities.catalogue import actions
from facilities.catalogue.models import Kind
from facilities.db import db
from facilities.exchange.records.cleaning import company_number
from facilities.networks import changing
from facilities.networks.host_names import forget_hosts
from facilities.networks.models import Application, Membership
from facilities.outbox.models import Job, JobKind, StoredLetter
from tests.counting import statements
from tests.listings import add
from tests.manage.owner_pages import owner_pages
from tests.networks.casting import Cast, join
from tests.networks.test_joining import form
from tests.people import add_user

DESK = "/manage/networks/north"


def test_a_desk_learns_nothing_of_drafts(desk: FlaskClient, north: Cast) -> None:
    draft = actions.create_listing(Kind.ORGANISATION, {"name": "Hidden Venture"}, parent=None, by="test")
    assert "Hidden Venture" not in desk.get(f"{DESK}/members/add?organisation={draft.id}").text
    assert desk.post(f"{DESK}/members/add?organisation={draft.id}", data={}).status_code != 303
    assert "Hidden Venture" not in desk.post(f"{DESK}/members/list", data={"list": f"id\n{draft.id}"}).text
    known = desk.post(f"{DESK}/members/list", data={"list": "name\nHidden Venture"})
    assert "is not in the catalogue" in known.text
    page = desk.post(f"{DESK}/page", data={"names_en": "North", "listing": str(draft.id)})
    assert page.status_code == 422
    assert "hidden-venture" not in desk.get(f"{DESK}/page").text


def test_a_list_cannot_make_memberships_that_cannot_be(desk: FlaskClient, north: Cast) -> None:
    join(north.north, north.outsider, since=date(2010, 1, 1), until=date(2012, 1, 1))
    join(north.north, north.outsider, since=date(2020, 1, 1))
    db.session.commit()
    ends_early = f"id,until\n{north.company.id},2001-01-01"
    overlaps = f"id,since\n{north.outsider.id},2011-01-01"
    for lines in (ends_early, overlaps):
        assert desk.post(f"{DESK}/members/list", data={"list": lines}).status_code == 422
        assert desk.post(f"{DESK}/members/list", data={"list": lines, "sure": "1"}).status_code == 422


def test_what_ended_long_ago_ends_no_later(desk: FlaskClient, north: Cast) -> None:
    past = join(north.north, north.outsider, since=date(2010, 1, 1), until=date(2012, 1, 1))
    db.session.commit()
    desk.post(f"{DESK}/members/{past.id}", data={"action": "end"})
    db.session.expire_all()
    assert db.session.get_one(Membership, past.id).until == date(2012, 1, 1)


def test_nobody_is_sent_letters_without_end_by_withdrawing(app: Flask, visitor: FlaskClient, north: Cast) -> None:
    for _ in range(8):
        answer = visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=form(app))
        if answer.status_code == 303:
            visitor.post(f"{answer.location}/withdraw")
    letters = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "application_received"))
    assert len(list(letters)) <= 5


def test_names_that_addresses_need_are_not_given_away(app: Flask, desk: FlaskClient) -> None:
    assert desk.post(f"{DESK}/hubs/new", data={"names_en": "New", "radius_km": 10}).status_code == 422
    site = owner_pages(app, add_user("Site Desk", site_role=SiteRole.MODERATOR))
    for name in ("!!!", "Applications"):
        made = {"name": name, "kind": "cluster", "email": "first@example.org"}
        assert site.post("/moderate/networks", data=made).status_code == 422


def test_what_cannot_be_read_as_a_list_stays_in_its_field(desk: FlaskClient) -> None:
    answer = desk.post(f"{DESK}/members/list", data={"list": "id\n" + "1\n" * 3001})
    assert answer.status_code == 422
    assert "1\n1\n1\n" in answer.text.replace("\r", "")


def test_a_company_number_is_read_as_everywhere_else(app: Flask, visitor: FlaskClient) -> None:
    said = {"name": "Numbered Labs", "organisation_kind": "company", "city": "Lund", "country": "SE"}
    wrong = visitor.post("/networks/north/join?new=1", data=form(app, **said, company_number="12"))
    assert wrong.status_code == 422
    visitor.post("/networks/north/join?new=1", data=form(app, **said, company_number="556016-0680"))
    assert db.session.scalars(sa.select(Application.company_number)).all() == [company_number("556016-0680", "SE")]


def test_who_has_left_gets_no_more_applications(app: Flask, visitor: FlaskClient, north: Cast) -> None:
    north.north.organisation = add(Kind.ORGANISATION, "Northern Secretariat", contacts=[
        {"role": "Was there", "email": "gone@example.org", "left": True},
        {"role": "Is there", "email": "is@example.org"},
    ])  # fmt: skip
    db.session.commit()
    visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=form(app))
    told = set(db.session.scalars(sa.select(StoredLetter.to).where(StoredLetter.name == "application_new")))
    assert told == {"is@example.org", north.desk.email}


def test_more_members_than_are_indexed_at_once_are_left_to_the_worker(
    desk: FlaskClient, north: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "MOST_AT_ONCE", 1)
    lines = f"id,category\n{north.university.id},companies\n{north.outsider.id},companies"
    assert desk.post(f"{DESK}/members/list", data={"list": lines, "sure": "1"}).status_code == 303
    waiting = db.session.scalars(sa.select(Job.subject_id).where(Job.kind == JobKind.INDEX_LISTING))
    assert {north.university.id, north.outsider.id} <= set(waiting)


def test_a_longer_list_asks_no_more_often_for_memberships(desk: FlaskClient, north: Cast) -> None:
    many = [add(Kind.ORGANISATION, f"Member {number:02}") for number in range(24)]
    sent: list[int] = []
    for some in (many[:2], many[2:]):
        for note in ("new", "changed"):
            lines = "\n".join(["id,note", *(f"{each.id},{note}" for each in some)])
            with statements() as seen:
                assert desk.post(f"{DESK}/members/list", data={"list": lines, "sure": "1"}).status_code == 303
            sent.append(sum(each.startswith("SELECT") and "FROM memberships" in each for each in seen))
    assert sent[2:] == sent[:2]


def test_a_hubs_desk_looks_through_its_members_in_pages(app: Flask, north: Cast) -> None:
    for number in range(60):
        join(north.north, add(Kind.ORGANISATION, f"Member {number:02}"))
    db.session.commit()
    pages = owner_pages(app, north.hub_desk)
    address = f"{DESK}/hubs/coast/members"
    assert "Member 59" not in pages.get(address).text
    assert "Member 59" in pages.get(f"{address}?page=2").text
    assert "Member 59" in pages.get(f"{address}?q=59").text


def test_a_hidden_network_is_nowhere(client: FlaskClient, north: Cast) -> None:
    north.south.names, north.south.host, north.south.published = {"en": "Zanzibar Club"}, "south.example.net", False
    changing.save(changing.everybody(north.south))
    forget_hosts()
    places = (
        "/", "/networks", "/networks/south", "/networks/south/search.csv", "/networks/south/members.csv",
        "/networks/south/roles.csv", "/networks/south/ask", "/search?network=south&hub=south/x", "/roles?network=south",
        "/ask?network=south", "/map?network=south", "/search.atom?network=south", "/suggest?q=zanzibar",
        north.company.path,
    )  # fmt: skip
    for host in ("http://localhost", "http://south.example.net"):
        for path in places:
            assert "Zanzibar" not in client.get(path, base_url=host).text, path


def test_the_first_page_of_a_networks_host_is_no_translation_of_the_sites(client: FlaskClient, north: Cast) -> None:
    north.north.host = "north.example.net"
    db.session.commit()
    forget_hosts()
    for host in ("http://north.example.net", "http://North.example.net.:8080"):
        page = client.get("/", base_url=host).text
        assert "Northern Cluster" in page
        assert 'rel="alternate" hreflang' not in page
