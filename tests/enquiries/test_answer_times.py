"""Listings that have answered often enough say how soon; the desk sees who leaves people waiting."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Facility, Instrument, Listing, Organisation
from facilities.db import db, now
from facilities.enquiries.models import EnquiryStatus, Thread, Turn
from facilities.enquiries.reminders import answer_times
from facilities.enquiries.reminders.keepers import Keeper, keepers
from tests.counting import statements
from tests.enquiry_cast import Catalogue, Visitor, enquiry_to
from tests.people import add_user, client_of

AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
"""A Wednesday without holidays near it."""

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


def answered(listing: Listing, *days: int, asked: datetime = MONDAY) -> list[Thread]:
    """Threads asked on a Monday and answered so many days later; below 0 not yet."""
    threads = []
    for after in days:
        enquiry = enquiry_to(listing)
        (thread,) = enquiry.threads
        thread.asked_at = asked
        if after >= 0:
            thread.first_answered_at, thread.status, thread.turn = (
                asked + timedelta(after),
                EnquiryStatus.ANSWERED,
                Turn.REQUESTER,
            )
        db.session.add(enquiry)
        threads.append(thread)
    db.session.commit()
    return threads


@pytest.fixture
def microscope(app: Flask, catalogue: Catalogue) -> int:
    return catalogue.microscope


def usual(listing_id: int) -> int | None:
    return answer_times.usual_days_of_all(at=AT).get(listing_id)


def test_four_answers_say_nothing_and_five_say_the_median(app_on_each: Flask) -> None:
    with app_on_each.app_context():
        lab = Instrument(name="LSM 880", country="SE")
        db.session.add(lab)
        answered(lab, 1, 1, 2, 4)
        assert usual(lab.id) is None
        answered(lab, 7)  # the Monday after: five working days
        assert usual(lab.id) == 2
        answered(lab, -1, -1, -1)
        assert usual(lab.id) == 2


def test_answers_of_long_ago_and_to_spam_do_not_count(app: Flask, microscope: int) -> None:
    with app.app_context():
        lab = db.session.get_one(Listing, microscope)
        answered(lab, 1, 1, 1, 1)
        answered(lab, 1, asked=AT - timedelta(days=400))
        answered(lab, 1)[0].status = EnquiryStatus.SPAM
        db.session.commit()
        assert usual(microscope) is None


def test_an_answer_within_the_day_is_within_one_working_day(app: Flask, microscope: int) -> None:
    with app.app_context():
        answered(db.session.get_one(Listing, microscope), 0, 0, 0, 0, 0)
        assert usual(microscope) == 1


def test_page_and_comparison_say_it_without_asking_the_database_again(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    words = "Usually answers within 1 working day"
    with app.app_context():
        lab = db.session.get_one(Listing, catalogue.microscope)
        path, other = lab.path, db.session.get_one(Listing, catalogue.cytometer).path
    visitor.get(path)
    with app.app_context(), statements() as without:
        assert words not in visitor.get(path).text
    with app.app_context():
        answered(db.session.get_one(Listing, catalogue.microscope), *[1] * 5, asked=now() - timedelta(days=8))
        db.session.execute(sa.update(Thread).values(first_answered_at=Thread.asked_at))
        db.session.commit()
        answer_times.forget()
    assert words in visitor.get(path).text
    assert "Usually answers" not in visitor.get(other).text
    with app.app_context(), statements() as sent:
        assert words in visitor.get(path).text
    assert len(sent) == len(without)
    for listing in (catalogue.microscope, catalogue.cytometer):
        visitor.post("/enquiries/shortlist", {"action": "add", "listing": listing})
    assert words in visitor.get("/enquiries/shortlist").text


def found(name: str) -> Keeper:
    return next(each for each in keepers(at=AT) if each.name == name)


def test_the_desk_sees_who_leaves_people_waiting(app_on_each: Flask) -> None:
    with app_on_each.app_context():
        university = Organisation(name="Tvärhav University", country="SE")
        lab = Facility(name="Light Lab", parent=university, organisation=university)
        scope = Instrument(name="LSM 880", parent=lab, organisation=university)
        db.session.add_all([university, lab, scope])
        answered(scope, 1, 1, 2, 9)
        answered(lab, 1, -1)
        answered(scope, -1, asked=AT - timedelta(hours=3))
        keeper = found("Light Lab")
        assert (keeper.organisation, keeper.waiting, keeper.oldest) == ("Tvärhav University", 2, MONDAY)
        assert (keeper.counted, keeper.late, keeper.usual_days) == (6, 2, 1)
        assert [each.name for each in keepers(at=AT)] == ["Light Lab"]


def test_the_desks_page_orders_them_and_gives_a_file(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        moderator = add_user("Mo", site_role=SiteRole.MODERATOR)
        client = client_of(app, moderator)
        answered(db.session.get_one(Listing, catalogue.microscope), -1, -1, asked=now() - timedelta(days=2))
        answered(db.session.get_one(Listing, catalogue.service), -1, asked=now() - timedelta(days=40))
    first = client.get("/moderate/waiting").text
    assert first.index("Tvärhav University</a>") < first.index("Light Lab</a>")
    by_number = client.get("/moderate/waiting?order=waiting").text
    assert by_number.index("Light Lab</a>") < by_number.index("Tvärhav University</a>")
    lines = client.get("/moderate/waiting.csv").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert ",Tvärhav University," in lines[1]


def test_the_desks_page_asks_as_much_for_many_as_for_few(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        client = client_of(app, add_user("Mo", site_role=SiteRole.MODERATOR))
        answered(db.session.get_one(Listing, catalogue.microscope), -1)
    client.get("/moderate/waiting")
    with app.app_context(), statements() as few:
        client.get("/moderate/waiting")
    with app.app_context():
        for number in range(12):
            lab = Facility(name=f"Lab {number}")
            db.session.add(lab)
            answered(lab, -1, 2)
    with app.app_context(), statements() as many:
        client.get("/moderate/waiting")
    assert len(many) == len(few)
