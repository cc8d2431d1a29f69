"""The team of a listing: who belongs to it, invitations, roles, and that somebody stays in charge."""

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import Grant, Invitation, OwnerRole, User
from facilities.accounts.team import LastManager, change_role, remove, team_of
from facilities.catalogue.models import Facility, Organisation
from facilities.db import db
from tests.accounts.visiting import csrf_of, letters, send
from tests.counting import statements
from tests.listings import small_catalogue
from tests.people import add_user, client_of


class Cast:
    """A university with a facility; Mia manages the facility, Ed edits it, Olga manages the university."""

    def __init__(self) -> None:
        self.university: Organisation
        self.facility: Facility
        self.university, self.facility, self.microscope = small_catalogue()
        self.mia = add_user("Mia Lind", manager_of=self.facility)
        self.ed = add_user("Ed Ek", editor_of=self.facility)
        self.olga = add_user("Olga Ros", manager_of=self.university)
        self.page = f"/manage/listings/{self.facility.id}/team"


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast()


def grant_of(user: User) -> Grant | None:
    return db.session.scalar(sa.select(Grant).where(Grant.user_id == user.id))


def member_page(cast: Cast, user: User) -> str:
    grant = grant_of(user)
    assert grant
    return f"{cast.page}/{grant.id}"


def test_the_team_shows_its_people_and_where_inherited_rights_come_from(app: Flask, cast: Cast) -> None:
    page = client_of(app, cast.mia).get(cast.page).text
    for said in ("Mia Lind", "Ed Ek", "Olga Ros", "from Skerry University"):
        assert said in page


def test_a_manager_invites_by_mail(app: Flask, cast: Cast) -> None:
    client = client_of(app, cast.mia)
    assert send(client, cast.page, email="uli@example.org", role="manager").location == cast.page
    assert "uli@example.org" in client.get(cast.page).text
    assert letters("uli@example.org")[0].name == "invitation"


def test_the_page_says_the_same_whether_the_invited_address_is_known(app: Flask, cast: Cast) -> None:
    add_user("Uli Neu")
    client = client_of(app, cast.mia)
    said = []
    for email in ("uli.neu@example.org", "unknown@example.org"):
        send(client, cast.page, email=email, role="editor")
        invited = client.get(cast.page).text.split('id="invited"')[1].split("</ul>")[0]
        said.append(invited.count(email))
    assert said[0] == said[1]
    assert "Uli Neu" not in client.get(cast.page).text


@pytest.mark.parametrize("typed", [{"email": "", "role": "editor"}, {"email": "no address", "role": "editor"},
                                   {"email": "uli@example.org", "role": "owner"}])  # fmt: skip
def test_what_cannot_be_invited_is_said_beside_the_field(app: Flask, cast: Cast, typed: dict[str, str]) -> None:
    answer = send(client_of(app, cast.mia), cast.page, **typed)
    assert answer.status_code == 422
    assert "form-error" in answer.text
    assert not letters()


def test_an_editor_sees_the_team_and_changes_nothing(app: Flask, cast: Cast) -> None:
    client = client_of(app, cast.ed)
    page = client.get(cast.page).text
    assert "Mia Lind" in page
    token = csrf_of(page)
    for path in (cast.page, member_page(cast, cast.mia)):
        typed = {"csrf_token": token, "email": "uli@example.org", "role": "editor", "action": "remove"}
        assert client.post(path, data=typed).status_code == 403
    assert grant_of(cast.mia)


def test_invitations_are_sent_again_and_taken_back(app: Flask, cast: Cast) -> None:
    client = client_of(app, cast.mia)
    send(client, cast.page, email="uli@example.org", role="editor")
    path = f"{cast.page}/invitations/{db.session.scalars(sa.select(Invitation.id)).one()}"
    assert send(client, path, on=cast.page, action="again").status_code == 303
    assert len(letters("uli@example.org")) == 2
    assert send(client, path, on=cast.page, action="revoke").status_code == 303
    client.get(cast.page)
    assert "uli@example.org" not in client.get(cast.page).text
    assert send(client, path, on=cast.page, action="again").status_code == 404


def test_roles_change_and_people_go(app: Flask, cast: Cast) -> None:
    client = client_of(app, cast.mia)
    path = member_page(cast, cast.ed)
    assert send(client, path, on=cast.page, action="manager").status_code == 303
    grant = grant_of(cast.ed)
    assert grant
    assert (grant.role, grant.granted_by_id) == (OwnerRole.MANAGER, cast.mia.id)
    assert send(client, path, on=cast.page, action="remove").status_code == 303
    assert grant_of(cast.ed) is None


def test_rights_given_above_are_not_changed_below(app: Flask, cast: Cast) -> None:
    client = client_of(app, cast.mia)
    assert send(client, member_page(cast, cast.olga), on=cast.page, action="remove").status_code == 404
    assert grant_of(cast.olga)


def test_an_editor_may_leave(app: Flask, cast: Cast) -> None:
    client = client_of(app, cast.ed)
    assert send(client, member_page(cast, cast.ed), on=cast.page, action="remove").location == "/manage/team"
    assert grant_of(cast.ed) is None


def test_the_last_manager_is_told_before_going(app: Flask, cast: Cast) -> None:
    page = f"/manage/listings/{cast.university.id}/team"
    grant = grant_of(cast.olga)
    assert grant
    client, path = client_of(app, cast.olga), f"{page}/{grant.id}"
    for action in ("remove", "editor"):
        told = send(client, path, on=page, action=action)
        assert told.status_code == 422
        assert "only manager" in told.text
        kept = grant_of(cast.olga)
        assert kept and kept.role == OwnerRole.MANAGER
    assert send(client, path, on=page, action="remove", sure="1").status_code == 303
    assert grant_of(cast.olga) is None


def test_a_manager_above_is_somebody_in_charge(app_on: Flask) -> None:
    cast = Cast()
    grant = grant_of(cast.mia)
    assert grant
    remove(grant, listing=cast.facility)
    olga = grant_of(cast.olga)
    assert olga
    with pytest.raises(LastManager):
        change_role(olga, OwnerRole.EDITOR, by=cast.olga, listing=cast.university)
    assert [member.user.name for member in team_of(cast.facility)] == ["Ed Ek", "Olga Ros"]


def test_the_team_costs_the_same_however_large_it_is(app: Flask, cast: Cast) -> None:
    client = client_of(app, cast.mia)
    with statements() as few:
        client.get(cast.page)
    for each in range(6):
        add_user(f"Colleague {each}", editor_of=cast.facility)
        db.session.add(Invitation(email=f"i{each}@example.org", listing=cast.facility, role=OwnerRole.EDITOR))
    db.session.commit()
    with statements() as many:
        assert "Colleague 5" in client.get(cast.page).text
    assert len(many) == len(few) <= 10


def test_an_instrument_has_no_team_of_its_own(app: Flask, cast: Cast) -> None:
    page = f"/manage/listings/{cast.microscope.id}/team"
    assert client_of(app, cast.olga).get(page).status_code == 403
