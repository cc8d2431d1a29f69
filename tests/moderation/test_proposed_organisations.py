"""Organisations and facilities that somebody has handed in: who may do what with them before and after a decision."""

from flask import Flask

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.accounts.rights import may_publish
from facilities.catalogue.models import Kind, Status
from facilities.db import db
from facilities.manage.adding import propose_organisation
from tests.moderation.cast import cast, hand_in, letters
from tests.moderation.deciding import decide, fresh, hidden_token
from tests.people import add_user, client_of


def test_whoever_proposed_an_organisation_becomes_its_manager(app_on: Flask) -> None:
    people = cast()
    founder = add_user("Foun Der")
    startup = hand_in("Cell Startup AB", founder, kind=Kind.ORGANISATION, organisation_kind="service_company")
    decide(client_of(app_on, people.moderator), startup, "accept")
    grant = db.session.query(Grant).filter_by(user_id=founder.id).one()
    assert (grant.listing_id, grant.role) == (startup.id, OwnerRole.MANAGER)
    db.session.expire_all()
    assert may_publish(db.session.get(User, founder.id), fresh(startup))


def test_a_facility_gives_no_rights_to_whoever_handed_it_in(app_on: Flask) -> None:
    people = cast()
    lab = hand_in("New lab", people.editor, parent=people.facility, kind=Kind.FACILITY)
    decide(client_of(app_on, people.moderator), lab, "accept")
    assert db.session.query(Grant).filter_by(listing_id=lab.id).count() == 0


def test_an_organisation_that_is_sent_back_can_be_corrected_and_handed_in_by_whoever_proposed_it(app_on: Flask) -> None:
    people, founder = cast(), add_user("Foun Der")
    startup = propose_organisation({"name": "Cell Startup AB", "organisation_kind": "service_company"}, by=founder)
    client = client_of(app_on, founder)
    assert client.get(f"/manage/listings/{startup.id}/edit").status_code == 404
    decide(client_of(app_on, people.moderator), startup, "send_back", reason="Say what you do.")
    [letter] = letters("decision_sent_back")
    assert f"/manage/listings/{startup.id}/edit" in letter.text
    page = client.get(f"/manage/listings/{startup.id}/edit")
    assert page.status_code == 200
    assert "Hand it in for review" in page.text
    assert "Say what you do." in client.get("/manage/").text
    answer = client.post(f"/manage/listings/{startup.id}/life/hand_in", data={"csrf_token": hidden_token(client)})
    assert answer.status_code == 303
    assert fresh(startup).status == Status.IN_REVIEW
    decide(client_of(app_on, people.moderator), startup, "accept")
    grant = db.session.query(Grant).filter_by(user_id=founder.id).one()
    assert grant.role == OwnerRole.MANAGER


def test_whoever_proposed_an_organisation_has_no_right_on_it_once_it_is_rejected(app_on: Flask) -> None:
    people, founder = cast(), add_user("Foun Der")
    startup = propose_organisation({"name": "Cell Startup AB", "organisation_kind": "service_company"}, by=founder)
    desk, client = client_of(app_on, people.moderator), client_of(app_on, founder)
    decide(desk, startup, "send_back", reason="Say what you do.")
    client.post(f"/manage/listings/{startup.id}/life/hand_in", data={"csrf_token": hidden_token(client)})
    assert client.get(f"/manage/listings/{startup.id}/edit").status_code == 200
    decide(desk, startup, "reject", reason="Not in the region.")
    assert fresh(startup).status == Status.ARCHIVED
    assert db.session.query(Grant).filter_by(listing_id=startup.id).count() == 0
    assert client.get(f"/manage/listings/{startup.id}/edit").status_code == 404
    assert client.get("/manage/").status_code == 200


def test_what_belongs_to_an_organisation_keeps_its_team_when_it_is_rejected(app_on: Flask) -> None:
    people = cast()
    facility = hand_in("Cell Lab", people.manager, kind=Kind.FACILITY, parent=people.university)
    editor = add_user("Lab Head", editor_of=facility)
    decide(client_of(app_on, people.moderator), facility, "reject", reason="Not yet.")
    assert db.session.query(Grant).filter_by(user_id=editor.id).count() == 1
