"""Invitations: by mail, to an account and a right, once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from facilities.accounts.invitations import InvitationUsed, accept, invitation_of, invite, path_of, revoke, send_again
from facilities.accounts.models import Grant, Invitation, OwnerRole, SignIn, SiteRole, User
from facilities.catalogue.models import Facility
from facilities.db import db, now
from tests.accounts.visiting import OTHER_PASSWORD, PASSWORD, is_signed_in, letters, link_in, send, sign_in
from tests.listings import small_catalogue
from tests.people import add_user, client_of


@pytest.fixture
def facility(app: Flask) -> Facility:
    return small_catalogue()[1]


@pytest.fixture
def manager(facility: Facility) -> User:
    return add_user("Mia Lind", manager_of=facility)


def role_of(user_id: int, listing_id: int) -> OwnerRole | None:
    return db.session.scalar(sa.select(Grant.role).where(Grant.user_id == user_id, Grant.listing_id == listing_id))


def user(email: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def test_somebody_new_sets_name_and_password_and_is_in(client: FlaskClient, facility: Facility, manager: User) -> None:
    invite("Uli@Example.org", by=manager, listing=facility, role=OwnerRole.MANAGER)
    link = link_in(letters("uli@example.org")[0])
    assert "Lumen Imaging" in client.get(link).text
    answer = send(client, link, name="Uli Neu", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, f"/manage/listings/{facility.id}")
    assert is_signed_in(client)
    assert role_of(user("uli@example.org").id, facility.id) == OwnerRole.MANAGER
    assert db.session.scalars(sa.select(SignIn.way)).all() == ["invitation"]


def test_the_letter_says_who_asks_for_what(facility: Facility, manager: User) -> None:
    invite("uli@example.org", by=manager, listing=facility, role=OwnerRole.EDITOR)
    letter = letters()[0]
    assert letter.text.startswith("Mia Lind asks you to help keep the listings of Lumen Imaging right.")
    assert "14 days" in letter.text


def test_opening_the_link_changes_nothing(client: FlaskClient, facility: Facility, manager: User) -> None:
    invitation = invite("uli@example.org", by=manager, listing=facility, role=OwnerRole.EDITOR)
    for _scan in range(2):
        assert client.get(path_of(invitation)).status_code == 200
    assert db.session.scalar(sa.select(Invitation.accepted_at)) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def test_a_known_address_signs_in_and_accepts(
    app: Flask, client: FlaskClient, facility: Facility, manager: User
) -> None:
    anna = add_user("Anna Berg", password=hash_password(PASSWORD))
    link = path_of(invite(anna.email, by=manager, listing=facility, role=OwnerRole.EDITOR))
    page = client.get(link).text
    assert f"Sign in as {anna.email}" in page
    assert 'name="password"' not in page
    assert sign_in(client, anna.email, next=link).location == link
    assert send(client, link).status_code == 303
    assert role_of(anna.id, facility.id) == OwnerRole.EDITOR


def test_the_link_alone_gives_a_known_account_to_nobody(
    app: Flask, client: FlaskClient, facility: Facility, manager: User
) -> None:
    anna, bo = add_user("Anna Berg", password=hash_password(PASSWORD)), add_user("Bo Ek")
    link = path_of(invite(anna.email, by=manager, listing=facility, role=OwnerRole.EDITOR))
    for visitor in (client, client_of(app, bo)):
        send(visitor, link, on="/confirm", name="Eve", password=OTHER_PASSWORD)
        assert role_of(anna.id, facility.id) is None
        assert role_of(bo.id, facility.id) is None
    assert not is_signed_in(client)
    assert sign_in(client, anna.email).status_code == 303


def test_an_account_that_was_never_confirmed_gets_the_password_of_whoever_has_the_letter(
    app: Flask, client: FlaskClient, facility: Facility, manager: User
) -> None:
    add_user("Eve Evil", email="uli@example.org", password=hash_password(OTHER_PASSWORD), confirmed_at=None)
    link = path_of(invite("uli@example.org", by=manager, listing=facility, role=OwnerRole.MANAGER))
    send(client, link, name="Uli Neu", password=PASSWORD)
    assert user("uli@example.org").name == "Uli Neu"
    assert sign_in(app.test_client(), "uli@example.org", OTHER_PASSWORD).status_code == 422


def test_a_password_that_is_guessed_first_is_refused_and_the_invitation_stays(
    client: FlaskClient, facility: Facility, manager: User
) -> None:
    link = path_of(invite("uli@example.org", by=manager, listing=facility, role=OwnerRole.EDITOR))
    answer = send(client, link, name="Uli Neu", password="uli@example.org")
    assert answer.status_code == 422
    assert 'value="Uli Neu"' in answer.text
    assert send(client, link, name="Uli Neu", password=PASSWORD).status_code == 303


def test_a_link_works_once_and_not_after_14_days_nor_when_taken_back_or_replaced(
    app_on: Flask,
) -> None:
    anna = add_user("Anna Berg", site_role=SiteRole.ADMINISTRATOR)
    used, old, revoked, replaced = (invite(f"n{each}@example.org", by=None) for each in range(4))
    tokens = [path_of(each).rpartition("/")[2] for each in (used, old, revoked, replaced)]
    accept(used, anna)
    revoke(revoked)
    send_again(replaced, by=anna)
    for token in (tokens[0], tokens[2], tokens[3], "made-up", tokens[1][:-2]):
        with pytest.raises(InvitationUsed):
            invitation_of(token)
    with pytest.raises(InvitationUsed):
        invitation_of(tokens[1], at=now() + timedelta(days=14))
    assert invitation_of(tokens[1], at=now() + timedelta(days=13)).id == old.id
    assert invitation_of(path_of(replaced).rpartition("/")[2]).id == replaced.id


def test_an_invitation_ends_with_the_right_of_whoever_invited(facility: Facility, manager: User) -> None:
    link = path_of(invite("second@example.org", by=manager, listing=facility, role=OwnerRole.MANAGER))
    manager.grants.clear()
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(InvitationUsed):
        invitation_of(link.rpartition("/")[2])


def test_a_link_that_no_longer_works_says_so(client: FlaskClient) -> None:
    answer = client.get("/invitations/made-up")
    assert answer.status_code == 410
    assert "cannot be used any more" in answer.text


def test_inviting_the_same_person_again_renews_the_invitation(app_on: Flask) -> None:
    facility = small_catalogue()[1]
    first = invite("uli@example.org", by=None, listing=facility, role=OwnerRole.EDITOR)
    again = invite("ULI@example.org", by=None, listing=facility, role=OwnerRole.MANAGER)
    assert first.id == again.id
    assert again.role == OwnerRole.MANAGER
    assert len(letters("uli@example.org")) == 2


def test_accepting_never_takes_a_right_away(app_on: Flask) -> None:
    facility = small_catalogue()[1]
    anna = add_user("Anna Berg", manager_of=facility, site_role=SiteRole.MODERATOR)
    accept(invite(anna.email, by=None, listing=facility, role=OwnerRole.EDITOR), anna)
    accept(invite(anna.email, by=None), anna)
    assert role_of(anna.id, facility.id) == OwnerRole.MANAGER
    assert anna.site_role == SiteRole.MODERATOR


def test_an_invitation_may_be_to_the_desk(app_on: Flask) -> None:
    anna = add_user("Anna Berg")
    accept(invite(anna.email, by=None, site_role=SiteRole.MODERATOR), anna)
    assert anna.site_role == SiteRole.MODERATOR
    assert "join the desk" in letters(anna.email)[0].text


def test_names_in_the_letter_are_no_links(app_on: Flask) -> None:
    facility = small_catalogue()[1]
    facility.name = "Win http://evil.example.com"
    mia = add_user("Mia www.evil.example.com", email="mia@example.org", manager_of=facility)
    invite("uli@example.org", by=mia, listing=facility, role=OwnerRole.EDITOR)
    letter = letters("uli@example.org")[0]
    assert letter.text.startswith("Mia www[.]evil[.]example[.]com asks you")
    assert "evil.example" not in letter.subject + letter.text + letter.html


def test_names_in_the_letter_are_text_and_never_markup(app_on: Flask) -> None:
    facility = small_catalogue()[1]
    facility.name = "R&D <b>Lab</b>"
    mia = add_user("Mia <i>Lind</i>", email="mia@example.org", manager_of=facility)
    invite("uli@example.org", by=mia, listing=facility, role=OwnerRole.EDITOR)
    letter = letters("uli@example.org")[0]
    assert "R&D <b>Lab</b>" in letter.text
    assert "Mia <i>Lind</i> asks you" in letter.text
    assert "R&amp;D &lt;b&gt;Lab" in letter.html
    assert "<i>" not in letter.html
