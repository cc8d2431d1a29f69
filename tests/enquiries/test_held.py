"""What looks like spam: kept, sent to nobody, told to nobody; the desk sends it on or keeps it back."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Contact
from facilities.db import db, now
from facilities.enquiries import limits
from facilities.enquiries.models import (
    BlockedSender,
    Enquiry,
    EnquiryStatus,
    Stage,
    Thread,
    Turn,
)
from facilities.enquiries.spam.holding import mark_spam
from facilities.enquiries.threads.speakers import mailbox
from facilities.moderation.models import Decision, DecisionAct
from facilities.moderation.queues import Queue, counts
from facilities.outbox.models import Job, JobKind
from facilities.outbox.worker import work_once
from tests.counting import statements
from tests.enquiries.requester_acts import end
from tests.enquiry_cast import Catalogue, Visitor
from tests.people import add_user, client_of
from tests.post_office import PostOffice

SPAM = {
    "message": "We offer affordable SEO services and backlinks. Order at https://boost.example.top/now",
    "email": "growth@boost.example.com",
    "name": "Growth Team",
}


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    with app.app_context():
        return client_of(app, add_user("Mode Rator", site_role=SiteRole.MODERATOR))


def judge(desk: FlaskClient, act: str, *enquiries: int, **more: Any) -> str:
    page = desk.get("/moderate/blocked-senders").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    answer = desk.post(
        "/moderate/held",
        data={"csrf_token": found[1] if found else "", "act": act, "enquiry": [*map(str, enquiries)]} | more,
    )
    assert answer.status_code == 303
    return desk.get(answer.location).text


def stored(visitor: Visitor, token: str) -> Enquiry:
    return visitor.enquiry(token)


def letters_to(office: PostOffice, address: str) -> int:
    return len(office.letters_to(address))


def test_what_looks_like_spam_is_kept_and_sent_to_nobody_while_its_sender_sees_what_all_see(
    app: Flask, visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    token = visitor.sent(catalogue.facility, catalogue.cytometer, **SPAM)
    honest = visitor.sent(catalogue.facility)
    held = stored(visitor, token)
    assert (held.stage, held.question) == (Stage.HELD, SPAM["message"])
    assert {(thread.status, thread.turn, thread.remind_at) for thread in held.threads} == {
        (EnquiryStatus.SPAM, Turn.NOBODY, None)
    }
    page, usual = visitor.get(f"/enquiries/{token}").text, visitor.get(f"/enquiries/{honest}").text
    assert "spam" not in page.lower() and "held" not in re.sub("withheld", "", page.lower())
    for words in ("On its way", "<h1>Your enquiry</h1>"):
        assert (words in page) == (words in usual)
    while work_once(app):
        pass
    assert letters_to(post_office, SPAM["email"]) == 0
    assert letters_to(post_office, "light@example.org") == 1


def test_what_is_sent_on_goes_to_whoever_is_in_charge_by_then(
    app: Flask, visitor: Visitor, catalogue: Catalogue, post_office: PostOffice, desk: FlaskClient
) -> None:
    token = visitor.sent(catalogue.facility, **SPAM)
    with app.app_context():
        contact = db.session.scalars(sa.select(Contact).where(Contact.email == "light@example.org")).one()
        contact.away_from, contact.deputy_email = now().date() - timedelta(days=1), "deputy@example.org"
        db.session.commit()
    judge(desk, "release", stored(visitor, token).id)
    while work_once(app):
        pass
    assert (letters_to(post_office, "light@example.org"), letters_to(post_office, "deputy@example.org")) == (0, 1)


def test_the_desk_sees_why_and_sends_it_on(
    app: Flask, visitor: Visitor, catalogue: Catalogue, post_office: PostOffice, desk: FlaskClient
) -> None:
    token = visitor.sent(catalogue.facility, **SPAM)
    enquiry = stored(visitor, token)
    with app.app_context():
        db.session.execute(sa.update(Thread).values(asked_at=now() - timedelta(days=2)))
        db.session.commit()
        assert counts()[Queue.HELD] == 1
    assert "/moderate/held" in desk.get("/moderate/").text
    page = desk.get("/moderate/held").text
    assert "Growth Team" in page and "boost.example.top" in page and "seo" in page
    assert "https://boost.example.top/now" in desk.get(f"/moderate/held/{enquiry.id}").text
    assert "1 enquiry sent on" in judge(desk, "release", enquiry.id)
    released = stored(visitor, token)
    [thread] = released.threads
    assert (released.stage, thread.status, thread.turn) == (Stage.SENT, EnquiryStatus.NEW, Turn.OWNER)
    assert now() - thread.asked_at < timedelta(minutes=1) and thread.remind_at
    while work_once(app):
        pass
    assert letters_to(post_office, "light@example.org") == letters_to(post_office, SPAM["email"]) == 1
    assert "A colleague has decided" in judge(desk, "release", enquiry.id)
    while work_once(app):
        pass
    assert letters_to(post_office, "light@example.org") == 1
    with app.app_context():
        decision = db.session.scalars(sa.select(Decision)).one()
        assert (decision.act, decision.made_by) == (DecisionAct.ENQUIRY_RELEASED, "Mode Rator")
        assert "Light Lab" in decision.listing_name and "Growth" not in decision.listing_name


def test_spam_is_kept_unsent_with_its_sender_blocked_and_can_be_brought_back(
    app: Flask, visitor: Visitor, catalogue: Catalogue, desk: FlaskClient
) -> None:
    one, two = visitor.sent(catalogue.facility, **SPAM), visitor.sent(catalogue.service, **SPAM)
    ids = [stored(visitor, token).id for token in (one, two)]
    told = judge(desk, "block_domain", *ids)
    assert "2 enquiries kept back" in told
    assert "Enquiries from @boost.example.com are held from now on." in told and "is blocked already" not in told
    assert {stored(visitor, token).stage for token in (one, two)} == {Stage.DROPPED}
    assert visitor.count(Job) == 0
    with app.app_context():
        assert [each.pattern for each in db.session.scalars(sa.select(BlockedSender))] == ["@boost.example.com"]
    polite = {"message": "May we visit the microscope facility in May?", "email": "hi@news.boost.example.com"}
    assert stored(visitor, visitor.sent(catalogue.facility, **polite)).stage == Stage.HELD
    assert "spam" not in visitor.get(f"/enquiries/{one}").text.lower()
    assert "Growth Team" in desk.get("/moderate/held?show=spam").text
    judge(desk, "release", ids[0], show="spam")
    assert stored(visitor, one).stage == Stage.SENT
    assert visitor.count(Job) > 0


def test_a_domain_where_anybody_has_an_address_is_never_blocked_as_a_whole(
    app: Flask, visitor: Visitor, catalogue: Catalogue, desk: FlaskClient
) -> None:
    token = visitor.sent(catalogue.facility, **SPAM | {"email": "boost.me+2@gmail.com"})
    told = judge(desk, "block_domain", stored(visitor, token).id)
    assert "Enquiries from boost.me@gmail.com are held" in told
    assert "Anybody may have an address at gmail.com" in told
    with app.app_context():
        assert [each.pattern for each in db.session.scalars(sa.select(BlockedSender))] == ["boost.me@gmail.com"]


def test_what_a_held_sender_writes_next_reaches_nobody(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    from facilities.enquiries.threads.ending import decline
    from facilities.enquiries.threads.queries import thread_to_change
    from facilities.enquiries.threads.speakers import requester
    from facilities.enquiries.threads.speaking import Said, say

    thread_id = stored(visitor, visitor.sent(catalogue.facility, **SPAM)).threads[0].id
    with app.app_context():
        for act in ("say", "decline"):
            thread = thread_to_change(thread_id)
            assert thread is not None
            who = requester(thread.enquiry)
            say(thread, Said("Hello?"), by=who) if act == "say" else decline(thread, by=who, body="Never mind")
            assert (thread.status, thread.turn) == (EnquiryStatus.SPAM, Turn.NOBODY)
        assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 0


def test_who_is_held_withdraws_a_question_and_reads_that_it_is_withdrawn(
    visitor: Visitor, catalogue: Catalogue
) -> None:
    held, usual = visitor.sent(catalogue.facility, **SPAM), visitor.sent(catalogue.facility)
    for token in (held, usual):
        [thread] = stored(visitor, token).threads
        end(visitor, token, thread.id, "withdraw", body="Never mind")
        assert "You withdrew it" in visitor.get(f"/enquiries/{token}").text
    assert stored(visitor, held).threads[0].status == EnquiryStatus.SPAM


def test_an_owner_marks_one_thread_and_the_desk_can_undo_it(
    app: Flask, visitor: Visitor, catalogue: Catalogue, desk: FlaskClient
) -> None:
    token = visitor.sent(catalogue.facility, catalogue.service)
    before = visitor.count(Job)
    with app.app_context():
        thread = db.session.scalars(sa.select(Thread).where(Thread.listing_id == catalogue.facility)).one()
        mark_spam(thread, by=mailbox(thread.recipients[0]))
    first, second = stored(visitor, token).threads
    assert (first.status, second.status) == (EnquiryStatus.SPAM, EnquiryStatus.NEW)
    assert "spam" not in visitor.get(f"/enquiries/{token}").text.lower()
    page = desk.get("/moderate/held?show=marked").text
    assert "Anna Berg" in page
    judge(desk, "release", stored(visitor, token).id, show="marked")
    assert stored(visitor, token).threads[0].turn == Turn.OWNER
    assert visitor.count(Job) == before


def test_a_flood_of_spam_slows_nobody_else(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(limits, "MOST_TO_LISTING", 1)
    for number in range(3):
        visitor.sent(catalogue.facility, **SPAM | {"message": f"{SPAM['message']}/{number}"})
    visitor.sent(catalogue.facility)
    with app.app_context():
        job = db.session.scalars(sa.select(Job).where(Job.kind == JobKind.ENQUIRY_LETTER)).first()
        assert job is not None and job.due_at - job.created_at < timedelta(minutes=1)


def test_the_page_takes_as_many_statements_for_twenty_as_for_one(
    app: Flask, visitor: Visitor, catalogue: Catalogue, desk: FlaskClient
) -> None:
    numbers = []
    for fresh in (1, 7):
        for number in range(fresh):
            words = SPAM["message"] + "/x" * (fresh * 10 + number)
            visitor.sent(catalogue.facility, catalogue.service, **SPAM | {"message": words})
        desk.get("/moderate/held")
        with app.app_context(), statements() as sent:
            assert desk.get("/moderate/held").status_code == 200
        numbers.append(len(sent))
    assert numbers[0] == numbers[1] <= 14


def test_senders_are_blocked_seen_and_let_go_on_a_page(app: Flask, desk: FlaskClient) -> None:
    def send(**fields: str) -> Any:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', desk.get("/moderate/blocked-senders").text)
        return desk.post("/moderate/blocked-senders", data={"csrf_token": token[1] if token else ""} | fields)

    for wrong in ("", "nonsense", "a b@example.org", "@gmail.com"):
        answer = send(pattern=wrong)
        assert answer.status_code == 422 and "form-error" in answer.text
    assert send(pattern="Noise+1@Example.ORG", why="Sells noise").status_code == 303
    assert send(pattern="example.net").status_code == 303
    page = desk.get("/moderate/blocked-senders").text
    for words in ("noise@example.org", "Sells noise", "@example.net", "Mode Rator"):
        assert words in page
    with app.app_context():
        [first, _second] = db.session.scalars(sa.select(BlockedSender).order_by(BlockedSender.id))
        logged = " ".join(each.listing_name for each in db.session.scalars(sa.select(Decision)))
        assert "noise" not in logged and "@example.org" in logged
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    desk.post(f"/moderate/blocked-senders/{first.id}/remove", data={"csrf_token": token[1] if token else ""})
    assert "noise@example.org" not in desk.get("/moderate/blocked-senders").text.split("Blocked now")[1]
