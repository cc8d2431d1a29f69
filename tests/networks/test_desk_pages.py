"""The pages of desks send the database as many statements for a full network as for a small one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import Grant, OwnerRole, SiteRole
from facilities.accounts.rights import may_moderate
from facilities.catalogue.models import ActorRole, Kind
from facilities.db import db, now
from facilities.formats import site_today
from facilities.insight.models import Edition
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.models import Application, ApplicationState, Hub, MemberCategory, NetworkAct, NetworkGrant
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add
from tests.manage.owner_pages import owner_pages
from tests.networks.casting import Cast, add_network, join
from tests.people import add_user

OWN = "/manage/networks/north"
DESK = (
    "/manage/networks", f"{OWN}/", f"{OWN}/applications", f"{OWN}/categories", f"{OWN}/facts", f"{OWN}/hubs",
    f"{OWN}/hubs/coast", f"{OWN}/hubs/coast/members", f"{OWN}/hubs/coast/facts", f"{OWN}/log", f"{OWN}/members",
    f"{OWN}/members/add?q=works", f"{OWN}/needs", f"{OWN}/page", f"{OWN}/people", "/manage/needs", "/needs",
    "/networks", "/networks/north", "/networks/north/join?q=works", "/networks/north/members", "/networks/north/needs",
)  # fmt: skip
SITE = (
    "/moderate/networks", "/moderate/networks/north", "/moderate/facts", "/moderate/roles", "/moderate/public-needs",
    "/moderate/needs",
)  # fmt: skip


def grow(north: Cast, first: int, last: int) -> None:
    """One more of all that a network and the site have, for each number."""
    for number in range(first, last):
        works = add(Kind.ORGANISATION, f"Works {number}", organisation_kind="company", city="Lund", country="SE")
        hub = Hub(network_id=north.north.id, slug=f"hub-{number}", names={"en": f"Hub {number}"})
        category = MemberCategory(network_id=north.north.id, slug=f"category-{number}", names={"en": f"Kind {number}"})
        other = add_network(f"other-{number}", f"Other {number}")
        db.session.add_all([hub, category, ActorRole(slug=f"role-{number}", labels={"en": f"Role {number}"})])
        db.session.flush()
        if number % 2:
            join(north.north, works, hub_id=hub.id, category_id=category.id)
        join(other, works, partner=True)
        person = add_user(f"Person {number}")
        db.session.add_all([
            NetworkGrant(user_id=north.desk.id, network_id=other.id),
            Grant(user_id=north.desk.id, listing_id=works.id, role=OwnerRole.EDITOR),
            NetworkGrant(user_id=person.id, network_id=north.north.id, hub_id=hub.id),
            NetworkAct(network_id=north.north.id, what="member_added", about=works.name, made_by="X"),
            Edition(scope="network/north", year=2000 + number, title="Facts", facts={}, frozen_by="X"),
            Edition(scope="site", year=2000 + number, title="Facts", facts={}, frozen_by="X"),
            *applications(north, works.id, number),
            *needs(north, works.id, number),
        ])  # fmt: skip
    db.session.commit()
    rebuild()


def applications(north: Cast, organisation_id: int, number: int) -> list[Application]:
    return [
        Application(
            token=f"{state}{number}", form_id=f"{state}{number}", network_id=north.north.id, name=f"Works {number}",
            organisation_id=organisation_id, state=state, contact_name="A", contact_email="a@example.org",
            decided_at=None if state == ApplicationState.WAITING else now(),
        )
        for state in (ApplicationState.WAITING, ApplicationState.DECLINED)
    ]  # fmt: skip


def needs(north: Cast, organisation_id: int, number: int) -> list[PublicNeed]:
    return [
        PublicNeed(
            organisation_id=organisation_id, network_id=network, title=f"Need {number}", language="en", state=state,
            ends_on=site_today(), form_id=f"{network}{state}{number}",
        )
        for state in (NeedState.OPEN, NeedState.WAITING)
        for network in (north.north.id, None)
    ]  # fmt: skip


def counted(pages: FlaskClient, addresses: tuple[str, ...]) -> dict[str, int]:
    """How many statements each page sends, asked for the second time: what a process keeps is then kept."""
    found = {}
    for address in addresses:
        assert pages.get(address).status_code == 200, address
        with statements() as sent:
            pages.get(address)
        found[address] = len(sent)
    return found


@pytest.mark.parametrize("addresses", [DESK, SITE])
def test_a_desks_pages_send_the_same_statements_however_much_they_show(
    app: Flask, north: Cast, addresses: tuple[str, ...]
) -> None:
    if addresses is SITE:
        north.desk.site_role = SiteRole.MODERATOR
    grow(north, 0, 3)
    assert may_moderate(north.desk) == (addresses is SITE)
    pages = owner_pages(app, north.desk)
    few = counted(pages, addresses)
    grow(north, 3, 9)
    assert counted(pages, addresses) == few


def test_long_lists_have_pages(app: Flask, north: Cast) -> None:
    for number in range(60):
        db.session.add_all([*applications(north, north.company.id, number), *needs(north, north.company.id, number)])
    db.session.add(Grant(user_id=north.desk.id, listing_id=north.company.id, role=OwnerRole.EDITOR))
    db.session.commit()
    pages = owner_pages(app, north.desk)
    first, second = (pages.get(f"{OWN}/applications?page={page}").text for page in (1, 2))
    assert (first.count("Declined"), second.count("Declined")) == (50, 10)
    assert "To decide" in first and "To decide" not in second
    assert "page=12" in pages.get("/manage/needs").text
    assert "Need 0" in pages.get("/manage/needs?page=12").text
