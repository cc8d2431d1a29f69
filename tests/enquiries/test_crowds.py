"""Listings that very many ask at once: nothing is refused, and no mailbox gets all of it in one go."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import db, now
from facilities.enquiries import limits
from facilities.enquiries.models import Delivery, Enquiry, Thread
from facilities.enquiries.views import acting
from facilities.outbox.models import Job, JobKind
from facilities.outbox.worker import work_once
from tests.enquiry_cast import Catalogue, Visitor, make_due
from tests.post_office import PostOffice

MOST = 2


@pytest.fixture
def app(app_on_each: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application on each database in turn, whose listings are crowded after two enquiries."""
    monkeypatch.setattr(limits, "MOST_TO_LISTING", MOST)
    return app_on_each


def crowd(visitor: Visitor, size: int, *listings: int) -> list[str]:
    """That many visitors ask about the same listings; gives the tokens of their private pages."""
    return [visitor.sent(*listings, email=f"visitor{number}@example.net") for number in range(size)]


def pauses(visitor: Visitor, kind: JobKind = JobKind.ENQUIRY_LETTER) -> list[int]:
    """Whole hours that the letters of this kind wait for, in the order they were stored."""
    with visitor.app.app_context():
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == kind).order_by(Job.id))
        return [_hours(job.due_at) for job in jobs]


def _hours(due_at: datetime) -> int:
    return round(max(due_at - now(), timedelta()) / timedelta(hours=1))


def test_every_enquiry_is_taken_and_the_letters_spread_over_hours(visitor: Visitor, catalogue: Catalogue) -> None:
    crowd(visitor, 7, catalogue.orphan)
    assert visitor.count(Enquiry) == 7
    assert pauses(visitor) == [0, 0, 1, 1, 2, 2, 3]


def test_the_pause_does_not_grow_for_ever(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LONGEST_PAUSE", timedelta(hours=2))
    crowd(visitor, 8, catalogue.orphan)
    assert pauses(visitor) == [0, 0, 1, 1, 2, 2, 2, 2]


def test_receipts_do_not_wait(visitor: Visitor, catalogue: Catalogue) -> None:
    crowd(visitor, 4, catalogue.orphan)
    assert pauses(visitor, JobKind.RECEIPT_LETTER) == [0, 0, 0, 0]


def test_only_the_mailbox_of_the_crowded_listing_waits(visitor: Visitor, catalogue: Catalogue) -> None:
    crowd(visitor, MOST, catalogue.orphan)
    visitor.sent(catalogue.microscope, catalogue.orphan)
    assert pauses(visitor) == [0, 0, 0, 1]


def test_a_letter_about_several_listings_waits_for_the_most_crowded(visitor: Visitor, catalogue: Catalogue) -> None:
    crowd(visitor, MOST, catalogue.cytometer)
    visitor.sent(catalogue.microscope, catalogue.cytometer)
    assert pauses(visitor) == [0, 0, 1]


def test_an_hour_later_the_crowd_is_forgotten(visitor: Visitor, catalogue: Catalogue) -> None:
    crowd(visitor, MOST, catalogue.orphan)
    with visitor.app.app_context():
        db.session.execute(sa.update(Enquiry).values(created_at=now() - timedelta(minutes=61)))
        db.session.execute(sa.update(Thread).values(asked_at=now() - timedelta(minutes=61)))
        db.session.commit()
    visitor.sent(catalogue.orphan)
    assert pauses(visitor) == [0, 0, 0]


def test_the_private_page_says_that_the_letter_is_on_its_way(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    token = crowd(visitor, MOST + 1, catalogue.orphan)[-1]
    assert work_once(visitor.app) == MOST + MOST + 1
    assert "On its way" in visitor.get(f"/enquiries/{token}").text
    assert len(post_office.letters_to("desk@example.org")) == MOST
    make_due(visitor.app)
    work_once(visitor.app)
    assert visitor.enquiry(token).recipients[0].delivery == Delivery.SENT


def test_nobody_floods_an_owner_with_new_times(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "MOST_REPLIES", "2 per hour")
    token = visitor.sent(catalogue.microscope)
    thread_id = visitor.enquiry(token).threads[0].id
    for number in range(4):
        path, day = f"/enquiries/{token}/booking/{thread_id}/times", now() + timedelta(days=20 + number)
        seen = re.search(r'name="seen"[^>]*value="([^"]*)"', visitor.get(path).text)
        typed = {"day1": f"{day:%Y-%m-%d}", "from1": "09:00", "to1": "11:00", "seen": seen.group(1) if seen else ""}
        assert visitor.post(path, typed).status_code == 303
    with visitor.app.app_context():
        assert len(db.session.get_one(Thread, thread_id).own_messages) == 2
    assert "Try again in an hour" in visitor.get(f"/enquiries/{token}").text
