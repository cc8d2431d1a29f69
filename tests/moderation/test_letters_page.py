"""The desk's page of letters that do not arrive."""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask

from facilities.db import db
from facilities.enquiries.models import Delivery, Recipient
from facilities.moderation.queues import Queue, counts
from facilities.outbox.models import Job, JobStatus
from facilities.outbox.worker import work_once
from tests.counting import statements
from tests.enquiry_cast import enquiry_to
from tests.moderation.cast import cast
from tests.moderation.deciding import hidden_token
from tests.outbox.letters import dead, deferred, put
from tests.people import client_of


def see_to(client: Any, act: str, *ids: int) -> Any:
    return client.post(
        "/moderate/letters", data={"csrf_token": hidden_token(client), "letter": [*map(str, ids)], "act": act}
    )


def shown(client: Any) -> list[int]:
    """The letters on the page, in its order."""
    return [int(each) for each in re.findall(r'name="letter" value="(\d+)"', client.get("/moderate/letters").text)]


def test_letters_given_up_come_first_with_the_servers_words(app_on: Flask) -> None:
    client = client_of(app_on, cast().moderator)
    late, gone = deferred("late@example.org"), dead("gone@example.org", "550 5.1.1 <b>No such mailbox</b>")
    put("new@example.org")
    assert shown(client) == [gone, late]
    page = client.get("/moderate/letters").text
    assert "550 5.1.1 &lt;b&gt;No such mailbox" in page
    assert "451 Greylisted" in page
    assert counts()[Queue.LETTERS] == 1
    assert "Letters given up" in client.get("/moderate/").text


def test_an_empty_page_says_that_every_letter_arrived(app: Flask) -> None:
    put("new@example.org")
    assert "Every letter has arrived" in client_of(app, cast().moderator).get("/moderate/letters").text


def test_ticked_letters_are_tried_again(app_on: Flask) -> None:
    client = client_of(app_on, cast().moderator)
    late, gone, other = deferred("late@example.org"), dead("gone@example.org"), dead("other@example.org")
    answer = see_to(client, "retry", late, gone)
    assert (answer.status_code, answer.location) == (303, "/moderate/letters")
    assert "2 letters are tried again now." in client.get("/moderate/letters").text
    work_once(app_on)
    assert shown(client) == [other]


def test_a_letter_seen_to_leaves_the_page_and_is_never_sent(app: Flask) -> None:
    client = client_of(app, cast().moderator)
    gone, late = dead("gone@example.org"), deferred("late@example.org")
    see_to(client, "give_up", gone, late)
    assert shown(client) == []
    assert counts()[Queue.LETTERS] == 0
    assert db.session.scalars(sa.select(Job.status)).all() == [JobStatus.DONE] * 2


def test_an_enquiry_given_up_goes_to_the_next_in_charge(app: Flask) -> None:
    people = cast()
    db.session.add(enquiry_to(people.microscope))
    db.session.commit()
    first = db.session.query(Recipient).one()
    job = Job(kind="enquiry_letter", subject_id=first.id, attempts=3, error="451 Busy")
    db.session.add(job)
    db.session.commit()
    see_to(client_of(app, people.moderator), "give_up", job.id)
    db.session.expire_all()
    everyone = db.session.query(Recipient).order_by(Recipient.id).all()
    assert everyone[0].delivery == Delivery.FAILED
    assert [each.delivery for each in everyone[1:]] == [Delivery.WAITING]


def test_nothing_ticked_is_said_beside_the_list(app: Flask) -> None:
    client = client_of(app, cast().moderator)
    dead("gone@example.org")
    answer = see_to(client, "retry")
    assert answer.status_code == 422
    assert "tick at least one letter" in answer.text.lower()


def test_the_page_costs_the_same_however_many_letters_there_are(app: Flask) -> None:
    client = client_of(app, cast().moderator)
    dead("gone@example.org")
    client.get("/moderate/letters")
    spent = []
    for _ in range(2):
        with statements() as sent:
            client.get("/moderate/letters")
        spent.append(len(sent))
        for number in range(4):
            dead(f"gone{number}@example.org")
            deferred(f"late{number}@example.org")
    assert spent[0] == spent[1] <= 8
