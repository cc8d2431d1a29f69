"""Answering by the link of a letter: whoever has the mailbox reads and answers, without an account."""

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from facilities.db import db, now
from facilities.enquiries.models import EnquiryStatus, Stage, Thread
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.speaking import note_internally
from tests.counting import statements
from tests.enquiries.answering import Lab, app, lab, letters, now_of, text_of, thread
from tests.manage.owner_pages import MARK

__all__ = ["app", "lab", "thread"]


@pytest.fixture
def visitor(lab: Lab) -> FlaskClient:
    """A browser that is signed in nowhere; forms sent with it are taken."""
    client = lab.app.test_client()
    with client.session_transaction() as session:
        session["csrf_token"] = MARK
    assert lab.app.secret_key
    token = URLSafeTimedSerializer(lab.app.secret_key, salt="wtf-csrf-token").dumps(MARK)
    client.environ_base["HTTP_X_CSRFTOKEN"] = str(token)
    return client


def link(thread: Thread) -> str:
    return thread.recipients[0].path


def test_the_link_opens_the_thread_and_nobody_keeps_a_copy(visitor: FlaskClient, thread: Thread) -> None:
    page = visitor.get(link(thread))
    assert "Is it free in May?" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert now_of(thread).status == EnquiryStatus.OPENED


def test_an_answer_by_link_is_said_by_the_role(visitor: FlaskClient, thread: Thread) -> None:
    answer = visitor.post(
        link(thread), data={"act": "answer", "body": "Yes, in May.", "amount": "100", "currency": "EUR"}
    )
    assert (answer.status_code, answer.location) == (303, link(thread))
    said = now_of(thread).messages[-1]
    assert (said.author_name, said.body, said.recipient_id) == ("Microscopist", "Yes, in May.", thread.recipients[0].id)
    assert said.quote is not None
    assert [letter.to for letter in letters("answer")] == ["rita@example.org"]
    assert "Your answer is on its way to Rita Researcher." in text_of(visitor.get(link(thread)))


@pytest.mark.parametrize("act", ["note", "assign", "spam"])
def test_what_needs_an_account_is_not_done_by_link(visitor: FlaskClient, thread: Thread, act: str) -> None:
    assert visitor.post(link(thread), data={"act": act, "note": "Hm", "colleague": "1"}).status_code == 400
    assert f'value="{act}"' not in visitor.get(link(thread)).text


def test_notes_of_colleagues_and_their_addresses_are_not_shown_by_link(
    visitor: FlaskClient, lab: Lab, thread: Thread
) -> None:
    note_internally(now_of(thread), "Do not trust her.", by=speakers.owner(lab.manager))
    page = visitor.get(link(thread)).text
    assert "Do not trust her." not in page
    assert "scope@example.org" not in page


def test_a_link_declines_with_words(visitor: FlaskClient, thread: Thread) -> None:
    visitor.post(link(thread), data={"act": "decline", "words": "Fully booked."})
    ended = now_of(thread)
    assert (ended.status, ended.messages[-1].body) == (EnquiryStatus.DECLINED, "Fully booked.")


def test_a_link_goes_on_working_when_the_listing_has_been_removed(visitor: FlaskClient, thread: Thread) -> None:
    thread.listing = None
    db.session.commit()
    assert "Zeiss LSM 880" in text_of(visitor.get(link(thread)))
    assert visitor.post(link(thread), data={"act": "answer", "body": "It is gone."}).status_code == 303


def test_a_link_shows_its_own_listings_thread_only(visitor: FlaskClient, lab: Lab) -> None:
    one, other = lab.ask(lab.microscope, lab.facility).threads
    visitor.post(link(other), data={"act": "answer", "body": "We of the facility say so."})
    assert "We of the facility say so." not in visitor.get(link(one)).text


def test_no_other_link_leads_anywhere(visitor: FlaskClient, lab: Lab, thread: Thread) -> None:
    tokens = [thread.enquiry.token, "a" * 43, "x", thread.recipients[0].token[:-1]]
    for token in tokens:
        assert visitor.get(f"/enquiries/answer/{token}").status_code == 404, token
        assert visitor.post(f"/enquiries/answer/{token}", data={"act": "decline"}).status_code == 404
    assert visitor.get(f"/enquiries/{thread.recipients[0].token}").status_code == 404


def test_the_link_of_an_enquiry_that_is_held_leads_nowhere(visitor: FlaskClient, thread: Thread) -> None:
    thread.enquiry.stage = Stage.HELD
    db.session.commit()
    assert visitor.get(link(thread)).status_code == 404


def test_the_page_of_an_emptied_enquiry_says_so(visitor: FlaskClient, thread: Thread) -> None:
    thread.enquiry.emptied_at = now()
    db.session.commit()
    page = visitor.get(link(thread))
    assert page.status_code == 410
    assert "This enquiry has been emptied" in text_of(page)
    assert "Is it free in May?" not in text_of(page)
    assert visitor.post(link(thread), data={"act": "answer", "body": "Yes"}).status_code == 410


def test_the_page_asks_the_database_a_few_things(visitor: FlaskClient, thread: Thread) -> None:
    visitor.get(link(thread))
    with statements() as sent:
        visitor.get(link(thread))
    assert len(sent) <= 20
