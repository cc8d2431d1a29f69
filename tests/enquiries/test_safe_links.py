"""Links in the words of senders whose address nobody has confirmed are none: not on owners' pages, not in letters."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.db import db, now
from facilities.enquiries.models import Enquiry, Recipient, Thread
from facilities.enquiries.reminders.reminding import remind
from facilities.enquiries.spam.links import addresses_in, belongs_to, unlinked
from facilities.enquiries.spam.showing import said
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speakers import mailbox, requester
from facilities.enquiries.threads.speaking import Said, say
from facilities.outbox.models import StoredLetter
from facilities.outbox.worker import work_once
from tests.enquiry_cast import Catalogue, Visitor
from tests.post_office import PostOffice

WORDS = "See https://elsewhere.example/page?a=1&b=2\nand <b>www.elsewhere.example</b>, or ask x@else.se: samples."
ADDRESSES = st.from_regex(
    r"(https?://|ftp://|//|www\.|)([a-zåäö0-9-]{1,8}\.){1,3}(com|se|no|xyz|top|online)(/[a-z]{0,5})?", fullmatch=True
)
TEXTS = st.lists(st.text(max_size=12) | ADDRESSES | st.emails(), max_size=6).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS | st.lists(st.text(max_size=4) | ADDRESSES, max_size=4).map("".join))
def test_nothing_that_is_broken_up_is_a_link_any_more(text: str) -> None:
    assert list(addresses_in(unlinked(text))) == []
    assert "://" not in unlinked(text)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_words_on_a_page_are_escaped_and_lead_to_the_web_only(text: str) -> None:
    confirmed, unconfirmed = Enquiry(verified_at=now()), Enquiry()
    assert "<a" not in said(text + WORDS, unconfirmed)
    shown = said(text + WORDS, confirmed)
    links = r'<a href="(https?://[^"<>]*" rel="nofollow noopener noreferrer ugc|mailto:[^"<>]*)">|</a>|<br>'
    assert "<" not in re.sub(links, "", shown)
    assert 'rel="nofollow noopener noreferrer ugc"' in shown


def test_owners_see_links_once_the_requester_is_known_and_none_before(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    visitor.sent(catalogue.facility, message=WORDS)
    with app.app_context():
        path = db.session.scalars(sa.select(Recipient)).all()[0].path
    before = visitor.get(path).text
    assert "https://elsewhere.example/page" in before
    assert 'href="https://elsewhere.example' not in before and "<b>www" not in before
    with app.app_context():
        db.session.execute(sa.update(Enquiry).values(verified_at=now()))
        db.session.commit()
    assert 'href="https://elsewhere.example/page?a=1&amp;b=2" rel="nofollow' in visitor.get(path).text


def test_no_letter_to_owners_has_a_link_of_an_unknown_sender_and_each_says_why(
    app: Flask, visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    visitor.sent(catalogue.facility, message=WORDS, kind="quote", samples="See www.elsewhere.example/s", name="Eva")
    with app.app_context():
        thread = thread_to_change(db.session.scalars(sa.select(Thread.id)).one())
        assert thread is not None
        say(thread, Said(f"Once more: {WORDS}"), by=requester(thread.enquiry))
    while work_once(app):
        pass
    letters = post_office.letters_to("prices@example.org") or post_office.letters_to("light@example.org")
    assert len(letters) == 2
    for letter in letters:
        for kind in ("plain", "html"):
            part = letter.get_body((kind,))
            assert part is not None
            words = part.get_content()
            assert "elsewhere[.]example" in words and "written with [.]" in words
            strangers = [each.text for each in addresses_in(words) if not belongs_to(each.domain, "catalogue.test")]
            assert not [each for each in strangers if "elsewhere" in each or "else.se" in each]


def test_reminders_say_why_links_are_taken_apart_and_letters_keep_notes_and_facts_apart(
    app: Flask, visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    visitor.sent(catalogue.facility, message=WORDS, kind="quote", samples="Forty slides")
    while work_once(app):
        pass
    with app.app_context():
        assert remind(at=now() + timedelta(days=20)) == 1
        [reminder, *_others] = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "reminder_owner"))
    letters = post_office.letters_to("prices@example.org") or post_office.letters_to("light@example.org")
    first = letters[0].get_body(("plain",))
    assert first is not None
    for words in (reminder.text, reminder.html, first.get_content()):
        assert "elsewhere[.]example" in words and words.count("written with [.]") == 1
    paragraphs = first.get_content().replace("\r", "").split("\n\n")
    assert [each for each in paragraphs if "written with [.]" in each and "Samples" in each] == []
    assert [each for each in paragraphs if each.startswith("Samples: Forty slides")]


def test_neither_a_name_nor_a_receipt_carries_a_link_to_whom_did_not_ask_for_it(
    app: Flask, visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    visitor.sent(catalogue.facility, name="Eva elsewhere.com")
    visitor.sent(catalogue.service, message=f"Can you sequence forty samples of tissue? {WORDS}")
    while work_once(app):
        pass
    assert len(post_office.letters) == 4
    for letter in post_office.letters:
        for kind in ("plain", "html"):
            part = letter.get_body((kind,))
            assert part
            words = part.get_content()
            own = ("catalogue.test", "example.net")
            assert [each.text for each in addresses_in(words) if not any(belongs_to(each.domain, o) for o in own)] == []
        assert "elsewhere.com" not in letter["Subject"]


def test_what_an_owner_answers_keeps_its_links(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.facility)
    with app.app_context():
        thread = thread_to_change(db.session.scalars(sa.select(Thread.id)).one())
        assert thread is not None
        say(thread, Said("Our prices: https://light.example.org/prices"), by=mailbox(thread.recipients[0]))
        letter = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "answer")).one()
        assert "https://light.example.org/prices" in letter.text
    assert 'href="https://light.example.org/prices"' in visitor.get(f"/enquiries/{token}").text


@pytest.mark.parametrize("address", ["anna.berg@example.net", "ANNA.BERG@example.net"])
def test_the_address_to_answer_to_stays_readable(address: str) -> None:
    assert unlinked(f"E-mail: {address}", spare="anna.berg@example.net") == f"E-mail: {address}"
