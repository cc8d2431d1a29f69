"""Applications that wait, and what is left of those that have been kept long enough."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import SiteRole
from facilities.db import db, now
from facilities.enquiries.keeping.retention import MONTH
from facilities.enquiries.seal import new_seal
from facilities.networks.applicants import empty_old_applications, erase_applications_from
from facilities.networks.applying import TooMany, apply, decline
from facilities.networks.daily import remind_of_applications
from facilities.networks.ending import close_network
from facilities.networks.members import today
from facilities.networks.models import Application, ApplicationState, Network, NetworkAct
from facilities.networks.moving import change_slug
from facilities.outbox.letters import note_sent
from facilities.outbox.models import Job, JobStatus, StoredLetter
from tests.manage.owner_pages import owner_pages
from tests.networks.casting import Cast, add_network, cast
from tests.people import add_user

ADA = "ada@lonely.example.org"


def sent(app: Flask, **fields: Any) -> dict[str, Any]:
    """A whole form for an organisation that the catalogue does not hold."""
    seal = new_seal(app.config["SECRET_KEY"], at=now() - timedelta(seconds=30))
    who = {"contact_name": "Ada Applicant", "contact_email": ADA, "organisation_kind": "company"}
    return {"seal": seal, "name": "New Labs", "city": "Lund", "country": "SE"} | who | fields


def applied(network: Network, number: int = 1, **fields: Any) -> Application:
    said = {"name": f"Labs {number}", "contact_name": "Ada Applicant", "contact_email": ADA, "message": "Our words."}
    made = apply(network, said, form_id=f"{network.slug} {number}", user=None, locale="en")
    for name, value in fields.items():
        setattr(made, name, value)
    db.session.commit()
    return made


def letters(name: str) -> list[StoredLetter]:
    return list(db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == name)))


def personal(made: Application) -> set[str]:
    return {made.contact_name, made.contact_email, made.message, made.reason}


def test_what_was_decided_long_ago_names_nobody(app_on: Flask) -> None:
    north = cast()
    decided = applied(north.north)
    decline(decided, by=north.desk, reason="Dear Ada, not now.")
    for letter in letters("application_decided"):
        note_sent(letter)
    db.session.commit()
    left = applied(north.north, 2)
    young = applied(north.north, 3, applied_at=now() + 2 * MONTH)
    later = now() + app_on.config["ENQUIRY_MONTHS"] * MONTH + timedelta(days=1)

    assert empty_old_applications(at=later) == 2
    assert empty_old_applications(at=later) == 0
    db.session.expire_all()
    assert personal(decided) == personal(left) == {""}
    assert (decided.name, decided.state) == ("Labs 1", ApplicationState.DECLINED)
    assert left.state == ApplicationState.WITHDRAWN
    assert young.contact_email == ADA
    assert not any(letter.to for letter in letters("application_decided"))
    kept = [letter.text for name in ("application_received", "application_new") for letter in letters(name)]
    assert sum("Labs 3" in text for text in kept) == 2
    assert not any("Labs 1" in text or "Labs 2" in text for text in kept)
    unsent = db.session.scalars(sa.select(Job.id).where(Job.status != JobStatus.DONE)).all()
    assert len(unsent) == 2


def test_the_words_to_an_applicant_are_not_in_the_networks_log(app: Flask, north: Cast) -> None:
    decline(applied(north.north), by=north.desk, reason="Dear Ada, not now.")
    assert [act.what for act in acts()] == ["applied", "application_declined"]
    page = owner_pages(app, north.desk).get("/manage/networks/north/log").text
    assert "Application declined: Labs 1" in page
    assert "Dear Ada" not in page + "".join(act.reason for act in acts())


def test_words_that_the_log_once_held_go_with_the_application_or_when_they_are_old(app_on: Flask) -> None:
    north = cast()
    for network, number in ((north.north, 1), (north.north, 2), (north.south, 1)):
        decline(applied(network, number), by=north.desk, reason="Dear Ada.")
    db.session.execute(sa.update(NetworkAct).where(NetworkAct.what == "application_declined").values(reason="Dear A."))
    db.session.execute(sa.update(Application).where(Application.name == "Labs 2").values(contact_email="b@example.org"))
    other = NetworkAct(network_id=north.north.id, what="member_ended", about="Labs 1", reason="Moved.", made_by="Desk")
    db.session.add(other)
    db.session.commit()
    erase_applications_from(ADA)
    assert [(act.about, act.reason) for act in acts() if act.reason] == [("Labs 2", "Dear A."), ("Labs 1", "Moved.")]

    db.session.execute(sa.update(Application).values(emptied_at=now()))
    db.session.commit()
    empty_old_applications(at=now() + (app_on.config["ENQUIRY_MONTHS"] - 1) * MONTH)
    assert len([act for act in acts() if act.reason]) == 2
    empty_old_applications(at=now() + app_on.config["ENQUIRY_MONTHS"] * MONTH + timedelta(days=1))
    assert [act.reason for act in acts() if act.reason] == ["Moved."]


def acts() -> list[NetworkAct]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(NetworkAct).order_by(NetworkAct.id)))


def test_letters_from_before_a_network_moved_are_emptied_and_not_sent(app_on: Flask) -> None:
    north = cast()
    applied(north.north)
    applied(north.north, 2, contact_email="eva@example.org")
    for slug in ("northern", "nordic"):
        change_slug(north.north, slug, by=north.desk.actor)
    erase_applications_from(ADA)
    db.session.expire_all()
    left = [*letters("application_new"), *letters("application_received")]
    assert sorted("Labs 1" in letter.text for letter in left) == [False] * 4
    assert [("Labs 2" in letter.text, bool(letter.to)) for letter in left].count((True, True)) == 2
    unsent = set(db.session.scalars(sa.select(Job.subject_id).where(Job.status != JobStatus.DONE)))
    assert {letter.id for letter in left if letter.to} == {letter.id for letter in left} & unsent


def test_applications_are_kept_for_ever_where_that_is_set(app: Flask, north: Cast) -> None:
    app.config["ENQUIRY_MONTHS"] = 0
    applied(north.north)
    assert empty_old_applications(at=now() + timedelta(days=36500)) == 0


def test_all_that_an_address_applied_with_can_be_erased(app: Flask, north: Cast) -> None:
    first, second = applied(north.north), applied(north.south)
    other = applied(north.north, 2, contact_email="eva@example.org")

    site = owner_pages(app, add_user("Site Desk", site_role=SiteRole.MODERATOR))
    found = site.post("/moderate/erase-requester", data={"email": ADA.upper()})
    assert "2 applications for membership were sent from this address" in found.text
    site.post("/moderate/erase-requester", data={"email": ADA.upper(), "sure": "y"})
    for made in (first, second):
        erased = db.session.get_one(Application, made.id, populate_existing=True)
        assert personal(erased) == {""}
        assert erased.state == ApplicationState.WITHDRAWN
    assert db.session.get_one(Application, other.id).contact_email == "eva@example.org"
    assert erase_applications_from(ADA) == 0
    assert "was taken out on" in site.get(f"/networks/applications/{second.token}").text
    page = owner_pages(app, north.desk).get(f"/manage/networks/north/applications/{first.id}").text
    assert "was taken out on" in page
    assert "mailto:" not in page


def test_one_address_cannot_apply_everywhere_at_once(north: Cast) -> None:
    networks = [add_network(f"n{number}", f"Network {number}") for number in range(4)]
    for number in range(1, 4):
        for network in networks[:3]:
            applied(network, number)
    applied(networks[3])
    with pytest.raises(TooMany):
        applied(north.north)
    assert len(letters("application_received")) == 10


def test_tags_after_a_plus_sign_make_no_other_mailbox(north: Cast) -> None:
    def ask(number: int, email: str) -> Application:
        said = {"name": f"Labs {number}", "contact_name": "Ada", "contact_email": email}
        return apply(north.north, said, form_id=str(number), user=None, locale="en")

    for number in range(5):
        ask(number, f"Ada+{number}@Lonely.example.org")
    for email in (ADA, "ada+more@lonely.example.org"):
        with pytest.raises(TooMany):
            ask(5, email)
    for number, email in enumerate(("adam@lonely.example.org", "ada@example.org", "ada@very.lonely.example.org"), 6):
        assert ask(number, email).id


def test_a_network_that_has_ended_takes_no_new_members_but_its_desk_can_refuse(app: Flask, north: Cast) -> None:
    made = applied(north.north)
    address = f"/manage/networks/north/applications/{made.id}"
    desk = owner_pages(app, north.desk)
    assert 'value="accept"' in desk.get(address).text
    close_network(db.session.get_one(Network, north.north.id), today() - timedelta(days=3), by=north.desk.actor)
    closed = desk.get(address).text
    assert "This network has ended" in closed
    assert 'value="accept"' not in closed and "If you accept" not in closed

    answer = desk.post(address, data={"action": "accept", "reason": "Welcome to us"})
    assert answer.status_code == 422
    assert "This network has ended" in answer.text and "Welcome to us" in answer.text
    assert db.session.get_one(Application, made.id, populate_existing=True).state == ApplicationState.WAITING
    assert desk.post(address, data={"action": "decline", "reason": "We have ended."}).status_code == 303
    assert db.session.get_one(Application, made.id, populate_existing=True).state == ApplicationState.DECLINED


def test_the_desk_is_reminded_once_of_an_application_that_waits(north: Cast) -> None:
    applied(north.north)
    applied(north.south)
    close_network(north.south, today(), by=north.other_desk.actor)
    assert remind_of_applications(at=now() + timedelta(days=6)) == 0
    assert remind_of_applications(at=now() + timedelta(days=8)) == 1
    assert remind_of_applications(at=now() + timedelta(days=9)) == 0
    (letter,) = letters("application_waiting")
    assert letter.to == north.desk.email
    assert "Labs 1 asks to join Northern Cluster" in letter.text
    assert "/manage/networks/north/applications/" in letter.text
    assert ADA not in letter.text


def test_an_application_that_waits_too_long_is_marked(app: Flask, north: Cast) -> None:
    applied(north.north, applied_at=now() - timedelta(days=15))
    applied(north.north, 2, applied_at=now() - timedelta(days=13))
    desk = owner_pages(app, north.desk).get("/manage/networks/north/applications").text
    late, in_time = desk.split("Labs 1")[1].split("Labs 2")
    assert "overdue" in late
    assert "overdue" not in in_time
    site = owner_pages(app, add_user("Site Desk", site_role=SiteRole.MODERATOR)).get("/moderate/networks").text
    assert "2 applications to decide" in site
    assert "1 overdue" in site


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("www.newlabs.se", "https://www.newlabs.se"), ("newlabs.se/en", "https://newlabs.se/en")],
)
def test_a_web_address_is_taken_without_https(app: Flask, north: Cast, typed: str, kept: str) -> None:
    desk = owner_pages(app, north.desk)
    page = desk.get("/manage/networks/north/page").text.partition('name="opened" type="hidden" value="')[2]
    form = {"names_en": "Northern Cluster", "url": typed, "opened": page.partition('"')[0]}
    assert desk.post("/manage/networks/north/page", data=form).status_code == 303
    assert desk.post("/networks/south/join?new=1", data=sent(app, url=typed)).status_code == 303

    assert db.session.get_one(Network, north.north.id, populate_existing=True).url == kept
    assert db.session.scalars(sa.select(Application.url)).one() == kept
    assert desk.post("/networks/south/join?new=1", data=sent(app, url="no address")).status_code == 422
