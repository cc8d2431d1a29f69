"""Applying for membership, and the decision."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.erasure import erase_account
from facilities.accounts.models import Invitation, User
from facilities.accounts.personal_data import personal_data
from facilities.catalogue.models import Kind, Listing, Organisation, Status
from facilities.db import db, now
from facilities.enquiries.seal import new_seal
from facilities.insight.models import Edition
from facilities.moderation.merging import merge_listings, unmerge
from facilities.needs.models import PublicNeed
from facilities.networks.actions import grant_desk
from facilities.networks.applying import AlreadyDecided, accept, apply
from facilities.networks.members import all_memberships, members_of, today
from facilities.networks.memberships import AlreadyMember, add_member, end_membership
from facilities.networks.models import Application, ApplicationState, Membership, NetworkAct, NetworkGrant
from facilities.outbox.models import StoredLetter
from tests.listings import add
from tests.manage.owner_pages import owner_pages
from tests.networks.casting import Cast, cast, join
from tests.people import add_user

QUEUE = "/manage/networks/north/applications"


def form(app: Flask, **fields: Any) -> dict[str, Any]:
    seal = new_seal(app.config["SECRET_KEY"], at=now() - timedelta(seconds=30))
    return {"seal": seal, "contact_name": "Ada Applicant", "contact_email": "ada@lonely.example.org"} | fields


def test_an_organisation_of_the_catalogue_applies_and_is_accepted(
    app: Flask, visitor: FlaskClient, desk: FlaskClient, north: Cast
) -> None:
    assert "Lonely Labs" in visitor.get("/networks/north/join?q=lonely").text
    sent = form(app, category_id=str(north.companies.id), message="We would like to.")
    answer = visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=sent)
    private = answer.location
    assert "Waiting for a decision" in visitor.get(private).text
    assert "9,000 NOK a year" in visitor.get(private).text

    application = _application()
    assert _letters("application_new") == [north.desk.email]
    assert _letters("application_received") == ["ada@lonely.example.org"]
    assert "Lonely Labs" in desk.get(QUEUE).text
    decided = desk.post(
        f"{QUEUE}/{application.id}", data={"action": "accept", "category_id": north.companies.id, "reason": "Glad!"}
    )
    assert decided.status_code == 303

    assert "Lonely Labs" in visitor.get("/networks/north/members?category=companies").text
    assert "Lonely Labs" in visitor.get("/networks/north/search?kind=organisation").text
    assert "Accepted" in visitor.get(private).text
    assert "Glad!" in visitor.get(private).text
    assert _letters("application_decided") == ["ada@lonely.example.org"]


def test_a_hubs_desk_hears_of_applications_for_its_hub_and_reads_them(
    app: Flask, visitor: FlaskClient, north: Cast
) -> None:
    sent = form(app, hub_id=str(north.hub.id), message="By the sea.")
    visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=sent)
    address = f"{QUEUE}/{_application().id}"
    assert set(_letters("application_new")) == {north.desk.email, north.hub_desk.email}
    theirs = owner_pages(app, north.hub_desk)
    assert address in theirs.get("/manage/networks/north/hubs/coast/members").text
    page = theirs.get(address).text
    assert "By the sea." in page and 'name="action"' not in page
    assert theirs.post(address, data={"action": "accept"}).status_code == 403
    assert owner_pages(app, north.other_desk).get(address).status_code == 403
    _application().hub_id = None
    db.session.commit()
    assert theirs.get(address).status_code == 403


def test_forms_of_private_pages_are_taken_over_https_from_the_page_itself_only(
    app: Flask, visitor: FlaskClient, north: Cast
) -> None:
    private = visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=form(app)).location
    assert visitor.get(private).headers["Referrer-Policy"] == "same-origin"
    for came_from in ("", "https://north.localhost/", "https://elsewhere.example/"):
        forged = visitor.post(f"{private}/withdraw", base_url="https://localhost", headers={"Referer": came_from})
        assert forged.status_code == 400
    own = {"Referer": f"https://localhost{private}"}
    assert visitor.post(f"{private}/withdraw", base_url="https://localhost", headers=own).status_code == 303
    assert _application().state == ApplicationState.WITHDRAWN


def test_letters_say_who_can_open_what_waits(app: Flask, visitor: FlaskClient, north: Cast) -> None:
    contact = {"role": "Office", "email": "office@example.org"}
    north.north.organisation = add(Kind.ORGANISATION, "Northern Secretariat", contacts=[contact])
    db.session.commit()
    visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=form(app))
    query = sa.select(StoredLetter.to, StoredLetter.text).where(StoredLetter.name == "application_new")
    texts = dict(db.session.execute(query).all())
    assert "Read and decide" in texts[north.desk.email]
    assert "Only who belongs to a desk" in texts["office@example.org"]
    assert "Read and decide" not in texts["office@example.org"]


def test_who_is_not_in_the_catalogue_becomes_a_listing_for_the_sites_desk(
    app: Flask, visitor: FlaskClient, desk: FlaskClient, north: Cast
) -> None:
    sent = form(app, name="Brand New Biotech", organisation_kind="company", city="Oslo", country="NO")
    assert visitor.post("/networks/north/join?new=1", data=sent).status_code == 303
    desk.post(f"{QUEUE}/{_application().id}", data={"action": "accept"})

    made = db.session.scalars(sa.select(Listing).where(Listing.name == "Brand New Biotech")).one()
    assert made.status == Status.IN_REVIEW
    assert "Brand New Biotech" not in visitor.get("/networks/north/members").text
    assert "Brand New Biotech" in desk.get("/manage/networks/north/members").text
    letter = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "application_decided")).one()
    assert "Welcome.\n\nVisitors see its page" in letter.text


def test_what_nobody_has_confirmed_is_no_link_in_any_letter_about_an_application(
    app: Flask, visitor: FlaskClient, desk: FlaskClient, north: Cast
) -> None:
    win = "Win http://evil.example.com"
    sent = form(app, name=win, city="Oslo", country="NO", organisation_kind="company", contact_name=win, message=win)
    assert visitor.post("/networks/north/join?new=1", data=sent).status_code == 303
    desk.post(f"{QUEUE}/{_application().id}", data={"action": "decline", "reason": "No."})
    written = list(db.session.scalars(sa.select(StoredLetter)))
    assert {"application_received", "application_new", "application_decided"} == {each.name for each in written}
    for letter in written:
        assert "evil[.]example[.]com" in letter.text
        assert "evil.example" not in letter.subject + letter.text + letter.html


def test_the_desk_can_say_that_the_applicant_is_in_the_catalogue(
    app: Flask, visitor: FlaskClient, desk: FlaskClient, north: Cast
) -> None:
    sent = form(app, name="Lonely Labs", organisation_kind="company", city="Umeå", country="SE")
    visitor.post("/networks/north/join?new=1", data=sent)
    address = f"{QUEUE}/{_application().id}"
    assert f'value="{north.outsider.id}"' in desk.get(address).text
    desk.post(address, data={"action": "accept", "listing": str(north.outsider.id)})

    assert "Lonely Labs" in [member.name for member in members_of(north.north)]
    assert db.session.scalar(sa.select(sa.func.count()).where(Organisation.name == "Lonely Labs")) == 1


def test_deciding_and_sending_twice_does_no_harm(
    app: Flask, visitor: FlaskClient, desk: FlaskClient, north: Cast
) -> None:
    sent = form(app)
    first, second = (
        visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=sent).location for _ in "12"
    )
    assert first == second
    for _ in "12":
        desk.post(f"{QUEUE}/{_application().id}", data={"action": "accept"})

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 4
    assert len(_letters("application_decided")) == 1


def test_a_refusal_needs_a_reason(app: Flask, visitor: FlaskClient, desk: FlaskClient, north: Cast) -> None:
    visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=form(app))
    address = f"{QUEUE}/{_application().id}"
    without = desk.post(address, data={"action": "decline"})
    assert without.status_code == 422
    assert "Write why" in without.text

    desk.post(address, data={"action": "decline", "reason": "Only from the north."})
    assert _application().state == ApplicationState.DECLINED
    letter = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "application_decided")).one()
    assert ".\n\nThe desk writes:\n\n    Only from the north.\n\nYour" in letter.text


def test_the_applicant_withdraws(app: Flask, visitor: FlaskClient, desk: FlaskClient, north: Cast) -> None:
    private = visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=form(app)).location
    visitor.post(f"{private}/withdraw")
    desk.post(f"{QUEUE}/{_application().id}", data={"action": "accept"})

    assert _application().state == ApplicationState.WITHDRAWN
    assert len(members_of(north.north)) == 2


def test_a_member_is_told_that_it_is_one(visitor: FlaskClient, north: Cast) -> None:
    assert (
        "is a member of Northern Cluster already"
        in visitor.get(f"/networks/north/join?organisation={north.company.id}").text
    )


def test_what_is_missing_is_said_and_what_was_typed_stays(app: Flask, visitor: FlaskClient, north: Cast) -> None:
    answer = visitor.post("/networks/north/join?new=1", data=form(app, name="Half Filled", city=""))

    assert answer.status_code == 422
    assert 'value="Half Filled"' in answer.text
    assert "Enter the city where it is." in answer.text


def test_robots_are_answered_politely_and_kept_out(app: Flask, visitor: FlaskClient, north: Cast) -> None:
    sent = form(app, website="http://spam.example.org")
    assert visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=sent).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Application)) == 0


def test_a_network_that_takes_no_applications_says_so(visitor: FlaskClient, north: Cast) -> None:
    north.north.takes_applications = False
    db.session.commit()

    assert "takes no applications" in visitor.get("/networks/north/join").text
    assert "Send the application" not in visitor.get("/networks/north/join?new=1").text


def test_memberships_follow_a_merged_organisation_and_come_back(app_on: Flask) -> None:
    north = cast()
    twin = add(Kind.ORGANISATION, "Lonely Laboratories", city="Umeå", country="SE")
    join(north.south, twin, founder=True)
    db.session.commit()
    merge = merge_listings(north.outsider, twin, fields={}, by="test")
    assert "Lonely Labs" in [member.name for member in members_of(north.south)]

    unmerge(merge, by="test")
    assert "Lonely Laboratories" in [member.name for member in members_of(north.south)]


def test_a_persons_desks_and_applications_are_in_their_data(app: Flask, visitor: FlaskClient, north: Cast) -> None:
    sent = form(app, contact_email=north.desk.email)
    visitor.post(f"/networks/south/join?organisation={north.outsider.id}", data=sent)
    said = personal_data(db.session.get_one(type(north.desk), north.desk.id))

    assert said["desks_of_networks"][0]["network"] == "north"
    assert said["applications_for_membership"][0]["name"] == "Lonely Labs"


def test_what_a_person_did_at_the_desk_of_a_network_is_in_their_data(app: Flask, north: Cast) -> None:
    day = today()
    ids = {"organisation_id": north.company.id, "posted_by_id": north.desk.id}
    end_membership(db.session.scalars(sa.select(Membership)).all()[0], by=north.desk.actor, on=day)
    edition = Edition(scope="network/north", year=2025, title="Facts", facts={}, frozen_by="Desk")
    edition.frozen_by_id = north.desk.id
    need = PublicNeed(form_id="one", title="Filling", place="Oslo", ends_on=day, **ids)
    db.session.add_all([need, edition, Invitation(email=north.desk.email.lower(), network_id=north.north.id)])
    db.session.commit()
    said = json.loads(json.dumps(personal_data(db.session.get_one(type(north.desk), north.desk.id))))

    assert said["acts_at_desks_of_networks"][0]["network_id"] == north.north.id
    assert (said["public_needs"][0]["place"], said["public_needs"][0]["ends_on"]) == ("Oslo", day.isoformat())
    assert said["editions_frozen"][0]["scope"] == "network/north"
    assert said["invitations"][0]["network_id"] == north.north.id


def _application() -> Application:
    return db.session.scalars(sa.select(Application).execution_options(populate_existing=True)).one()


def _letters(name: str) -> list[str]:
    return list(db.session.scalars(sa.select(StoredLetter.to).where(StoredLetter.name == name)))


def test_an_application_becomes_a_membership_on_either_database(app_on: Flask) -> None:
    north = cast()
    fields = {
        "name": "New Labs",
        "city": "Oslo",
        "country": "NO",
        "contact_name": "Ada",
        "contact_email": "a@b.example",
    }
    made = apply(north.north, fields, form_id="one", user=None, locale="en")
    assert apply(north.north, fields, form_id="one", user=None, locale="en").id == made.id
    accept(made, by=north.desk, organisation=None, category_id=north.companies.id, hub_id=None)

    with pytest.raises(AlreadyDecided):
        accept(made, by=north.desk, organisation=None, category_id=None, hub_id=None)
    assert [member.name for member in all_memberships(north.north)] == ["Fjord University", "New Labs", "Peptide Works"]
    membership = db.session.scalars(
        sa.select(Membership).where(Membership.organisation_id == made.organisation_id)
    ).one()
    end_membership(membership, by=north.desk.actor, on=today() + timedelta(days=9))
    assert membership.holds_on(today())
    with pytest.raises(AlreadyMember):
        add_member(north.north, membership.organisation, {"since": today()}, by=north.desk.actor)


def test_an_erased_person_is_taken_out_of_applications_desks_and_the_log(
    app: Flask, visitor: FlaskClient, north: Cast
) -> None:
    person = add_user("Ada Applicant")
    sent = form(app, contact_email=person.email, message="From me.")
    visitor.post(f"/networks/north/join?organisation={north.outsider.id}", data=sent)
    person = db.session.get_one(User, person.id)
    grant_desk(north.south, person, None, by=person.actor)
    db.session.commit()
    erase_account(person)

    left = _application()
    assert (left.state, left.contact_email, left.message) == (ApplicationState.WITHDRAWN, "", "")
    assert "Ada" not in left.contact_name
    assert not any("Ada" in act.about for act in db.session.scalars(sa.select(NetworkAct)))
    assert person.id not in db.session.scalars(sa.select(NetworkGrant.user_id)).all()
