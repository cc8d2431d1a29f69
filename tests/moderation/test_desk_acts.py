"""What the desk does to listings outside its queues is written into the log as well, and may be read by anyone."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import User
from facilities.catalogue.actions import schedule_withdrawal
from facilities.catalogue.models import Kind, Listing, Status
from facilities.db import db, now
from facilities.manage.life import withdraw_due
from facilities.moderation.models import Decision, DecisionAct
from facilities.moderation.preferences import set_preferences
from tests.listings import add
from tests.manage.owner_pages import owner_pages
from tests.moderation.cast import Cast, cast
from tests.moderation.deciding import press
from tests.people import client_of


def withdraw(client: FlaskClient, listing: Listing) -> None:
    path = f"/manage/listings/{listing.id}/life/withdraw"
    assert client.post(path, data={"reason": "Sold.", "when": "now"}).status_code == 303


def log() -> list[tuple[DecisionAct, str, str, str]]:
    query = db.session.query(Decision).order_by(Decision.id)
    return [(each.act, each.listing_name, each.public_note, each.made_by) for each in query]


def anew(people: Cast) -> tuple[Listing, User]:
    db.session.expire_all()
    return db.session.get_one(Listing, people.microscope.id), db.session.get_one(User, people.moderator.id)


def test_a_withdrawal_by_the_desk_is_in_the_log_that_visitors_read(app_on: Flask) -> None:
    people = cast()
    withdraw(owner_pages(app_on, people.moderator), people.microscope)
    assert log() == [(DecisionAct.WITHDRAWN, "Zeiss LSM 880", "Sold.", "Mode Rator")]
    set_preferences(confirmation_months=12, decisions_public=True, registration_open=True)
    db.session.commit()
    page = client_of(app_on, None).get("/decisions").text
    assert all(words in page for words in ("Withdrawn", "Zeiss LSM 880", "Sold."))
    assert "Mode Rator" not in page


def test_what_owners_do_with_their_own_is_no_decision(app: Flask) -> None:
    people = cast()
    withdraw(owner_pages(app, people.manager), people.microscope)
    assert anew(people)[0].status == Status.WITHDRAWN
    assert log() == []


def test_a_listing_brought_back_and_one_put_away_are_in_the_log(app: Flask) -> None:
    people = cast()
    desk = owner_pages(app, people.moderator)
    for step in ("bring_back", "archive"):
        withdraw(desk, people.microscope)
        desk.post(f"/manage/listings/{people.microscope.id}/life/{step}")
    assert anew(people)[0].status == Status.ARCHIVED
    acts = [DecisionAct.WITHDRAWN, DecisionAct.RESTORED, DecisionAct.WITHDRAWN, DecisionAct.WITHDRAWN]
    assert [act for act, *_others in log()] == acts
    assert log()[-1][2] == "Put away."


def test_a_draft_that_the_desk_puts_away_is_named_to_nobody(app: Flask) -> None:
    people = cast()
    people.microscope.status = Status.DRAFT
    db.session.commit()
    owner_pages(app, people.moderator).post(f"/manage/listings/{people.microscope.id}/life/archive")
    assert anew(people)[0].status == Status.ARCHIVED
    assert log() == []


def test_each_of_several_that_the_desk_withdraws_is_in_the_log(app: Flask) -> None:
    people = cast()
    data = {"act": "withdraw_now", "reason": "Closed.", "listing": [people.facility.id, people.microscope.id]}
    assert owner_pages(app, people.moderator).post("/manage/listings/several", data=data).status_code == 303
    assert [(name, note) for _act, name, note, _by in log()] == [
        ("Lumen Imaging", "Closed."), ("Zeiss LSM 880", "Closed.")
    ]  # fmt: skip


def test_a_withdrawal_that_the_desk_planned_is_in_the_log_on_its_day(app_on: Flask) -> None:
    people = cast()
    day = now().date() + timedelta(days=3)
    sorter = add(Kind.INSTRUMENT, "Sorter", parent=people.facility)
    schedule_withdrawal(people.microscope, day, by=people.moderator.actor, reason="Moves away.")
    schedule_withdrawal(sorter, day, by=people.manager.actor, reason="Broken.")
    assert log() == []
    assert withdraw_due(now() + timedelta(days=4)) == 2
    assert log() == [(DecisionAct.WITHDRAWN, "Zeiss LSM 880", "Moves away.", "Mode Rator")]


def test_a_merge_of_two_that_no_queue_named_is_in_the_log(app: Flask) -> None:
    people = cast()
    twin = add(Kind.INSTRUMENT, "Another name altogether", parent=people.facility)
    path = f"/moderate/duplicates/{people.microscope.id}/{twin.id}?keep={people.microscope.id}"
    assert press(client_of(app, people.moderator), path, "merge").status_code == 303
    assert [(act, name) for act, name, *_others in log()] == [(DecisionAct.MERGED, "Another name altogether")]
