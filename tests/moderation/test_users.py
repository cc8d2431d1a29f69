"""People with an account, as administrators see and change them."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import ApiToken, Invitation, SiteRole, User
from facilities.db import db, now
from facilities.moderation.people import OwnAccount, deactivate, end_sessions, people_like, reactivate, set_site_role
from tests.counting import statements
from tests.moderation.cast import cast
from tests.people import add_user, client_of


def post(client: FlaskClient, page: str, address: str = "", **fields: Any) -> Any:
    """Send a form of a page, to its own address unless another is named."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get(page).text)
    assert found is not None
    return client.post(address or page, data={"csrf_token": found[1]} | fields)


def boss() -> User:
    return add_user("Admin Istrator", site_role=SiteRole.ADMINISTRATOR)


def again(user: User) -> User:
    return db.session.get_one(User, user.id, populate_existing=True)


def test_an_administrator_makes_somebody_a_moderator_and_takes_it_back(app_on: Flask) -> None:
    administrator, somebody = boss(), add_user("Some Body")
    client = client_of(app_on, administrator)
    address = f"/moderate/users/{somebody.id}"
    for role in (SiteRole.MODERATOR, SiteRole.MEMBER):
        assert post(client, address, site_role=role.value).status_code == 303
        assert again(somebody).site_role == role
    assert post(client, address, site_role="king").status_code == 422


def test_nobody_locks_themselves_out(app_on: Flask) -> None:
    administrator = boss()
    for act in (lambda: set_site_role(administrator, SiteRole.MEMBER, by=administrator),
                lambda: deactivate(administrator, by=administrator)):  # fmt: skip
        with pytest.raises(OwnAccount):
            act()
    client = client_of(app_on, administrator)
    address = f"/moderate/users/{administrator.id}"
    assert 'name="site_role"' not in client.get(address).text
    assert post(client, address, site_role="member").status_code == 303
    assert post(client, address, f"{address}/deactivate").status_code == 303
    administrator = again(administrator)
    assert administrator.active
    assert administrator.is_administrator


def test_a_deactivated_account_is_out_at_once_with_its_tokens(app_on: Flask) -> None:
    administrator, somebody = boss(), add_user("Some Body")
    db.session.add(ApiToken(user_id=somebody.id, name="robot", prefix="x", digest="y", expires_at=now()))
    db.session.commit()
    theirs = client_of(app_on, somebody)
    assert theirs.get("/manage/").status_code == 200
    client = client_of(app_on, administrator)
    address = f"/moderate/users/{somebody.id}"
    assert post(client, address, f"{address}/deactivate").status_code == 303
    assert theirs.get("/manage/").status_code in (302, 303)
    assert db.session.query(ApiToken).one().revoked_at is not None
    assert "deactivated" in client.get(address).text
    assert post(client, address, f"{address}/reactivate").status_code == 303
    assert client_of(app_on, again(somebody)).get("/manage/").status_code == 200


def test_signing_somebody_out_ends_all_their_sessions(app: Flask) -> None:
    administrator, somebody = boss(), add_user("Some Body")
    theirs = client_of(app, somebody)
    end_sessions(again(somebody), by=administrator)
    assert theirs.get("/manage/").status_code in (302, 303)
    assert again(somebody).active


def test_people_are_found_by_name_address_and_role(app_on: Flask) -> None:
    cast()
    assert [user.name for user in people_like("mana", None, 1)[0]] == ["Mana Ger"]
    assert [user.name for user in people_like("edit.or@", None, 1)[0]] == ["Edit Or"]
    assert [user.name for user in people_like("", SiteRole.MODERATOR, 1)[0]] == ["Mode Rator"]
    assert people_like("%", None, 1)[1] == 3
    assert people_like("nobody", None, 1) == ([], 0)


def test_the_list_is_paged_and_costs_the_same_for_many(app: Flask) -> None:
    client = client_of(app, boss())
    client.get("/moderate/users")
    costs = []
    for number in range(2):
        for each in range(30):
            add_user(f"Person {number} {each}")
        with statements() as sent:
            assert client.get("/moderate/users").status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 8
    assert "page=2" in client.get("/moderate/users").text


def test_only_administrators_come_here(app: Flask) -> None:
    people = cast()
    for user in (people.moderator, people.manager):
        client = client_of(app, user)
        for address in ("/moderate/users", f"/moderate/users/{people.editor.id}", "/moderate/users/invite"):
            assert client.get(address).status_code == 403
    assert client_of(app, boss()).get("/moderate/users/99999").status_code == 404


def test_a_moderator_is_invited(app_on: Flask) -> None:
    client = client_of(app_on, boss())
    address = "/moderate/users/invite"
    assert post(client, address, email="", site_role="moderator").status_code == 422
    assert post(client, address, email="new@example.org", site_role="member").status_code == 422
    assert post(client, address, email="New@example.org", site_role="moderator").status_code == 303
    invitation = db.session.query(Invitation).one()
    assert (invitation.email, invitation.site_role) == ("new@example.org", SiteRole.MODERATOR)
    assert "An invitation is on its way" in client.get("/moderate/users").text


def test_reactivating_changes_nothing_else(app_on: Flask) -> None:
    somebody = add_user("Some Body", site_role=SiteRole.MODERATOR)
    administrator = boss()
    deactivate(somebody, by=administrator)
    reactivate(somebody, by=administrator)
    assert (again(somebody).active, again(somebody).site_role) == (True, SiteRole.MODERATOR)
