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
from facilities.networks.models import Application, ApplicationState, Network
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
