"""The page of a thread: its owners and the desk read it, answer, note, leave it to each other and end it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import User
from facilities.db import db, now
from facilities.enquiries.models import (
    AnswerTemplate,
    Author,
    EnquiryStatus,
    Message,
    Stage,
    Thread,
    ThreadOpening,
    Turn,
)
from facilities.enquiries.spam.holding import mark_spam
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.speaking import Said, say
from tests.counting import statements
from tests.enquiries.answering import Lab, app, lab, letters, make_lab, now_of, text_of, thread
from tests.people import add_user

__all__ = ["app", "lab", "thread"]


def address(thread: Thread) -> str:
    return f"/manage/enquiries/{thread.id}"


def said_in(thread: Thread) -> list[str]:
    return [message.body for message in now_of(thread).messages]


def test_the_page_tells_who_asks_what_who_received_it_and_why(lab: Lab, thread: Thread) -> None:
    thread.recipients[0].delivery_detail = "250 2.0.0 queued as 4Bx"
    db.session.commit()
    page = text_of(lab.pages(lab.manager).get(address(thread)))
    for words in (
        "Rita Researcher",
        "rita@example.org",
        "Is it free in May?",
        "Microscopist",
        "250 2.0.0 queued as 4Bx",
    ):
        assert words in page, words


@pytest.mark.parametrize("person", ["stranger", "editor"])
def test_those_who_do_not_answer_for_the_listing_are_not_told_that_there_is_a_thread(
    lab: Lab, thread: Thread, person: str
) -> None:
    pages = lab.pages(getattr(lab, person))
    assert pages.get(address(thread)).status_code == 404
    assert pages.post(address(thread), data={"act": "answer", "body": "Hello"}).status_code == 404
    assert said_in(thread) == ["Is it free in May?"]


def test_an_editor_to_whom_it_is_left_may_read_and_answer(lab: Lab, thread: Thread) -> None:
    lab.pages(lab.manager).post(address(thread), data={"act": "assign", "colleague": lab.editor.id})
    assert [letter.to for letter in letters("assigned")] == [lab.editor.email]
    lab.pages(lab.editor).post(address(thread), data={"act": "answer", "body": "Yes."})
    assert now_of(thread).messages[-1].author_name == "Eva Editor"


def test_a_stranger_cannot_be_given_a_thread(lab: Lab, thread: Thread) -> None:
    lab.pages(lab.manager).post(address(thread), data={"act": "assign", "colleague": lab.stranger.id})
    assert now_of(thread).assigned_to is None


def test_opening_it_is_noted_once_and_only_for_its_owners(lab: Lab, thread: Thread) -> None:
    lab.pages(lab.moderator).get(address(thread))
    assert now_of(thread).opened_at is None
    pages = lab.pages(lab.manager)
    pages.get(address(thread))
    first = now_of(thread).opened_at
    assert first is not None
    pages.get(address(thread))
    assert (now_of(thread).opened_at, now_of(thread).status) == (first, EnquiryStatus.OPENED)


def test_the_desk_is_written_down_and_the_owners_see_it(lab: Lab, thread: Thread) -> None:
    desk = lab.pages(lab.moderator)
    for _visit in range(2):
        assert desk.get(address(thread)).status_code == 200
    assert db.session.scalars(sa.select(ThreadOpening.who)).all() == ["Mod Erator"]
    page = text_of(lab.pages(lab.manager).get(address(thread)))
    assert "Opened by the desk" in page
    assert "Mod Erator" in page


def test_an_answer_with_an_offer_reaches_the_requester(lab: Lab, thread: Thread) -> None:
    until = (now() + timedelta(days=30)).date()
    form = {
        "act": "answer", "body": "We can.", "amount": "1 250,50", "currency": "SEK", "basis": "sample",
        "lead_days": "14", "valid_until": until.isoformat(), "quote_terms": "Paid within 30 days.",
    }  # fmt: skip
    answer = lab.pages(lab.manager).post(address(thread), data=form)
    assert (answer.status_code, answer.location) == (303, address(thread))
    answered = now_of(thread)
    quote = answered.quote
    assert quote is not None
    assert (f"{quote.amount:.2f}", quote.currency, quote.basis, quote.lead_days) == ("1250.50", "SEK", "sample", 14)
    assert (quote.valid_until, quote.terms) == (until, "Paid within 30 days.")
    assert (answered.status, answered.turn) == (EnquiryStatus.ANSWERED, Turn.REQUESTER)
    assert [letter.to for letter in letters("answer")] == ["rita@example.org"]


def test_asking_back_waits_for_the_requester(lab: Lab, thread: Thread) -> None:
    lab.pages(lab.manager).post(address(thread), data={"act": "answer", "body": "How thick?", "asks_back": "y"})
    assert now_of(thread).status == EnquiryStatus.WAITING


def test_a_file_goes_with_the_answer(lab: Lab, thread: Thread) -> None:
    form = {"act": "answer", "body": "", "files": (BytesIO(b"Well,A,B\n1,2,3\n"), "plate.csv")}
    answer = lab.pages(lab.manager).post(address(thread), data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, text_of(answer)
    (file,) = now_of(thread).messages[-1].files
    page = lab.pages(lab.manager).get(address(thread)).text
    assert f'href="{address(thread)}/files/{file.id}">plate.csv' in page


BAD = {
    "nothing is written": {"body": ""},
    "the price is no number": {"body": "Hm", "amount": "a lot"},
    "the day has passed": {"body": "Hm", "valid_until": "2020-01-01"},
    "the lead time is no number": {"body": "Hm", "lead_days": "soon"},
    "the file is of no use": {"body": "Hm", "files": (BytesIO(b"MZ\x90\x00"), "tool.exe")},
}


@pytest.mark.parametrize("form", BAD.values(), ids=BAD.keys())
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(
    lab: Lab, thread: Thread, form: dict[str, object]
) -> None:
    page = lab.pages(lab.manager).post(
        address(thread), data={"act": "answer", **form}, content_type="multipart/form-data"
    )
    assert page.status_code == 422
    assert 'class="error-summary"' in page.text
    for typed in ("body", "amount", "lead_days"):
        assert str(form.get(typed, "")) in page.text
    assert said_in(thread) == ["Is it free in May?"]


def test_a_colleague_who_answered_meanwhile_is_seen_first_and_the_answer_can_still_be_sent(
    lab: Lab, thread: Thread
) -> None:
    pages = lab.pages(lab.manager)
    seen = re.search(r'name="seen" value="(\d+)"', pages.get(address(thread)).text)
    assert seen is not None
    say(now_of(thread), Said("I have answered."), by=speakers.mailbox(now_of(thread).recipients[0]))
    again = pages.post(address(thread), data={"act": "answer", "body": "My own words.", "seen": seen[1]})
    assert again.status_code == 409
    assert "while you were writing, Microscopist wrote something" in text_of(again)
    assert "My own words.</textarea>" in again.text
    assert said_in(thread) == ["Is it free in May?", "I have answered."]
    newer = re.search(r'name="seen" value="(\d+)"', again.text)
    assert newer is not None
    pages.post(address(thread), data={"act": "answer", "body": "My own words.", "seen": newer[1]})
    assert said_in(thread)[-1] == "My own words."


def test_of_two_who_answer_in_the_same_moment_the_second_is_asked_once_more(app_on: Flask) -> None:
    lab = make_lab(app_on)
    thread = lab.ask().threads[0]
    form = {"act": "answer", "body": "Yes.", "seen": thread.messages[-1].id}
    colleague = add_user("Carl Colleague", manager_of=lab.facility)
    browsers = [lab.pages(lab.manager), lab.pages(colleague)]
    db.session.close()
    together = Barrier(len(browsers))

    def send(pages: FlaskClient) -> int:
        together.wait()
        return pages.post(address(thread), data=form).status_code

    with ThreadPoolExecutor() as both:
        assert sorted(both.map(send, browsers)) == [303, 409]
    assert said_in(thread) == ["Is it free in May?", "Yes."]


def test_a_form_that_is_sent_twice_is_one_answer(lab: Lab, thread: Thread) -> None:
    pages = lab.pages(lab.manager)
    seen = thread.messages[-1].id
    for _press in range(2):
        assert pages.post(address(thread), data={"act": "answer", "body": "Yes.", "seen": seen}).status_code == 303
    assert said_in(thread) == ["Is it free in May?", "Yes."]


def test_another_offer_from_a_page_that_was_open_already_is_not_taken_for_the_same(lab: Lab, thread: Thread) -> None:
    pages = lab.pages(lab.manager)
    for amount in ("100", "90"):
        form = {"act": "answer", "amount": amount, "currency": "EUR", "seen": thread.messages[-1].id}
        assert pages.post(address(thread), data=form).status_code == 303
    assert [message.quote.amount for message in now_of(thread).messages if message.quote] == [100, 90]


def test_a_note_is_kept_from_the_requester(lab: Lab, thread: Thread) -> None:
    lab.pages(lab.manager).post(address(thread), data={"act": "note", "note": "Careful with <this> one."})
    (note,) = [message for message in now_of(thread).messages if message.internal]
    assert (note.body, note.author_name) == ("Careful with <this> one.", "Maja Manager")
    assert "Careful with &lt;this&gt; one." in lab.pages(lab.moderator).get(address(thread)).text
    assert letters("answer") == []


def test_a_template_fills_the_answer_in_and_keeps_what_was_typed(lab: Lab, thread: Thread) -> None:
    template = AnswerTemplate(listing=lab.facility, name="Welcome", body="Dear {name}, {listing} is free {today}.")
    elsewhere = AnswerTemplate(listing=lab.university, name="From above", body="Elsewhere")
    db.session.add_all([template, elsewhere])
    db.session.commit()
    form = {"act": "template", "template": template.id, "body": "PS", "amount": "12"}
    page = lab.pages(lab.manager).post(address(thread), data=form)
    assert page.status_code == 200
    assert "PS\n\nDear Rita Researcher, Zeiss LSM 880 is free {today}.</textarea>" in page.text.replace("\r\n", "\n")
    assert 'value="12"' in page.text
    assert "From above" in page.text
    assert said_in(thread) == ["Is it free in May?"]


ENDS = {"accept": EnquiryStatus.ACCEPTED, "decline": EnquiryStatus.DECLINED, "close": EnquiryStatus.CLOSED}


@pytest.mark.parametrize(("act", "status"), ENDS.items())
def test_a_thread_is_ended_with_words_and_opened_again(
    lab: Lab, thread: Thread, act: str, status: EnquiryStatus
) -> None:
    pages = lab.pages(lab.manager)
    pages.post(address(thread), data={"act": act, "words": "For now."})
    ended = now_of(thread)
    assert (ended.status, ended.turn, ended.messages[-1].body) == (status, Turn.NOBODY, "For now.")
    assert len(letters("answer")) == 1
    pages.post(address(thread), data={"act": "reopen"})
    assert now_of(thread).turn == Turn.OWNER


def test_spam_is_told_to_nobody_and_waits_for_nobody(lab: Lab, thread: Thread) -> None:
    lab.pages(lab.manager).post(address(thread), data={"act": "spam"})
    marked = now_of(thread)
    assert (marked.status, marked.remind_at) == (EnquiryStatus.SPAM, None)
    assert letters("answer") == []


def test_what_is_held_back_is_shown_to_whoever_accepts_the_terms(lab: Lab) -> None:
    enquiry = lab.ask(terms="Tell nobody.")
    secret = Message(
        author=Author.REQUESTER, author_name="Rita Researcher", body="The compound is X-17.", withheld=True
    )
    enquiry.messages.append(secret)
    db.session.commit()
    thread = enquiry.threads[0]
    pages = lab.pages(lab.manager)
    page = pages.get(address(thread)).text
    assert "X-17" not in page
    assert "Tell nobody." in page
    assert pages.post(address(thread), data={"act": "terms"}).status_code == 422
    assert now_of(thread).terms_accepted_at is None
    desk = lab.pages(lab.moderator)
    desk.post(address(thread), data={"act": "terms", "agree": "y"})
    assert "X-17" not in desk.get(address(thread)).text
    pages.post(address(thread), data={"act": "terms", "agree": "y"})
    accepted = now_of(thread)
    assert accepted.terms_accepted_by == "Maja Manager"
    assert "X-17" in pages.get(address(thread)).text


def test_an_enquiry_that_is_held_for_the_desk_is_the_desks_only(lab: Lab, thread: Thread) -> None:
    thread.enquiry.stage = Stage.HELD
    db.session.commit()
    assert lab.pages(lab.manager).get(address(thread)).status_code == 404
    assert lab.pages(lab.moderator).get(address(thread)).status_code == 200


def test_of_an_emptied_enquiry_only_its_times_are_left(lab: Lab, thread: Thread) -> None:
    thread.enquiry.emptied_at = now()
    db.session.commit()
    pages = lab.pages(lab.manager)
    page = pages.get(address(thread))
    assert page.status_code == 410
    assert "Is it free in May?" not in page.text
    assert pages.post(address(thread), data={"act": "answer", "body": "Late"}).status_code == 410


def test_an_act_that_there_is_none_of_is_refused(lab: Lab, thread: Thread) -> None:
    assert lab.pages(lab.manager).post(address(thread), data={"act": "sing"}).status_code == 400


def test_the_page_costs_as_much_for_a_long_conversation_as_for_a_short_one(lab: Lab, thread: Thread) -> None:
    pages = lab.pages(lab.manager)
    pages.get(address(thread))

    def cost(reader: User) -> int:
        with statements() as sent:
            assert lab.pages(reader).get(address(thread)).status_code == 200
        return len(sent)

    short = cost(lab.manager)
    for number in range(6):
        say(now_of(thread), Said(f"Word {number}"), by=speakers.owner(lab.manager))
    assert cost(lab.manager) == short <= 24


def test_who_has_left_the_team_neither_reads_nor_receives_what_was_left_to_them(lab: Lab, thread: Thread) -> None:
    lab.pages(lab.manager).post(address(thread), data={"act": "assign", "colleague": lab.editor.id})
    pages = lab.pages(lab.editor)
    assert pages.get(address(thread)).status_code == 200
    db.session.delete(lab.editor.grants[0])
    db.session.commit()
    db.session.expire_all()
    assert pages.get(address(thread)).status_code == 404
    assert "Rita Researcher" not in pages.get("/manage/enquiries?state=all").text
    asked = now_of(thread)
    say(asked, Said("And in June?"), by=speakers.requester(asked.enquiry))
    assert [letter.to for letter in letters("reply")] == ["scope@example.org"]


def test_the_desk_is_written_down_where_it_reads_by_sending_a_form(lab: Lab, thread: Thread) -> None:
    page = lab.pages(lab.moderator).post(address(thread), data={"act": "answer", "body": ""})
    assert "Is it free in May?" in page.text
    assert db.session.scalars(sa.select(ThreadOpening.who)).all() == ["Mod Erator"]


@pytest.mark.parametrize("act", ["reopen", "answer", "accept"])
def test_nothing_is_done_in_what_is_held_until_the_desk_has_decided(lab: Lab, thread: Thread, act: str) -> None:
    mark_spam(thread, by=speakers.THE_SITE)
    thread.enquiry.stage = Stage.HELD
    db.session.commit()
    answer = lab.pages(lab.moderator).post(address(thread), data={"act": act, "body": "Hello"})
    assert (answer.status_code, answer.location) == (303, f"/moderate/held/{thread.enquiry_id}")
    assert now_of(thread).status == EnquiryStatus.SPAM
    asked = now_of(thread)
    say(asked, Said("And in June?"), by=speakers.requester(asked.enquiry))
    assert letters("reply") == letters("answer") == []


def test_a_colleague_who_has_gone_meanwhile_takes_it_from_nobody(lab: Lab, thread: Thread) -> None:
    pages = lab.pages(lab.manager)
    pages.post(address(thread), data={"act": "assign", "colleague": lab.editor.id})
    pages.post(address(thread), data={"act": "assign", "colleague": lab.stranger.id})
    assert now_of(thread).assigned_to == lab.editor
