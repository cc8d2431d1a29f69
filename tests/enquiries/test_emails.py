"""The letters of an enquiry: short, the one thing to do first, in the requester's language, with every word escaped."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask_babel import format_date

from facilities.catalogue.models import UserGroup
from facilities.db import db
from facilities.enquiries.actions import send_enquiry
from facilities.enquiries.draft import Draft
from facilities.enquiries.emails import enquiry_letter, receipt_letter
from facilities.enquiries.models import Enquiry, EnquiryKind
from facilities.enquiries.queries import listings_to_ask, recipients_of_letter
from facilities.mail import Letter
from tests.enquiry_cast import Catalogue

DRAFT = Draft(
    kind=EnquiryKind.BOOKING,
    message="Two days <b>please</b>.\nWith an operator & training.",
    name="Anna Berg",
    email="anna@example.net",
    organisation="Silverbjörk University",
    group=UserGroup.ACADEMIA,
    preferred_dates=(date(2027, 3, 14), date(2027, 3, 21)),
    duration="2 days",
)


@pytest.fixture
def enquiry(app: Flask, catalogue: Catalogue) -> Enquiry:
    with app.app_context():
        listings = listings_to_ask([catalogue.microscope, catalogue.facility, catalogue.orphan])
        return send_enquiry(DRAFT, listings, form_id="form", desk_email="desk@example.org")


def letter_to(app: Flask, enquiry: Enquiry, number: int) -> Letter:
    with app.app_context():
        return enquiry_letter(recipients_of_letter(enquiry.recipients[number].id))


def test_a_recipient_reads_first_what_to_do(app: Flask, enquiry: Enquiry) -> None:
    letter = letter_to(app, enquiry, 2).words
    link = f"http://catalogue.test/enquiries/answer/{enquiry.recipients[2].token}"
    assert letter.text.startswith(f"Answer Anna Berg here, without an account:\n{link}\n")
    assert f'<p><a class="do" href="{link}">' in letter.html


def test_a_mailbox_that_several_listings_share_gets_a_link_for_each(app: Flask, enquiry: Enquiry) -> None:
    text = letter_to(app, enquiry, 0).words.text
    for recipient in enquiry.recipients[:2]:
        assert f"- {recipient.listing_name}\n  http://catalogue.test/enquiries/answer/{recipient.token}\n" in text


def test_a_letter_says_honestly_where_a_reply_goes(app: Flask, enquiry: Enquiry) -> None:
    assert "goes straight to the requester" in letter_to(app, enquiry, 0).words.text
    app.config["REPLY_ADDRESS"] = "reply@catalogue.test"
    assert "is filed there too" in letter_to(app, enquiry, 0).words.text


def test_a_recipient_reads_who_asks_what_about_which_listings(app: Flask, enquiry: Enquiry) -> None:
    text = letter_to(app, enquiry, 0).words.text
    for words in (
        "    Two days <b>please</b>.\n    With an operator & training.",
        "Preferred date: Sunday, 14 March 2027",
        "Or on: Sunday, 21 March 2027",
        "For how long: 2 days",
        "- LSM 880\n  http://catalogue.test/instruments/",
        "- Light Lab\n  http://catalogue.test/facilities/",
        "E-mail: anna@example.net",
        "Organisation: Silverbjörk University",
        "User group: Academia",
    ):
        assert words in text
    assert "Lone balance" not in text
    assert "desk@example.org" not in text


def test_the_desk_reads_why_it_is_asked(app: Flask, enquiry: Enquiry) -> None:
    assert "Please pass it on to someone who can answer." in letter_to(app, enquiry, 2).words.text


def test_subjects_say_what_and_who(app: Flask, enquiry: Enquiry) -> None:
    subjects = [letter_to(app, enquiry, number).words.subject.strip() for number in (0, 2)]
    assert subjects == [
        "Booking request to 2 of your listings, from Anna Berg",
        "Booking request: Lone balance, from Anna Berg",
    ]


def test_html_says_the_same_escaped(app: Flask, enquiry: Enquiry) -> None:
    html = letter_to(app, enquiry, 0).words.html
    assert "Two days &lt;b&gt;please&lt;/b&gt;.\nWith an operator &amp; training." in html
    assert "Sunday, 14 March 2027" in html


def test_the_receipt_starts_with_the_private_link_and_names_no_address(app: Flask, enquiry: Enquiry) -> None:
    with app.app_context():
        words = receipt_letter(db.session.get_one(Enquiry, enquiry.id)).words
    link = words.text.split("\n")[1]
    assert link.startswith(f"http://catalogue.test/enquiries/{enquiry.token}?mailed=")
    assert f'href="{link}"' in words.html
    assert "@example.org" not in words.text + words.html
    assert "- LSM 880: Manager" in words.text


def receipt_of(app: Flask, catalogue: Catalogue, draft: Draft) -> Letter:
    with app.app_context():
        listings = listings_to_ask([catalogue.orphan])
        return receipt_letter(send_enquiry(draft, listings, form_id="other", desk_email="desk@example.org"))


def test_the_receipt_quotes_the_beginning_of_a_long_answer(app: Flask, catalogue: Catalogue) -> None:
    draft = replace(DRAFT, kind=EnquiryKind.QUOTE, message="a" * 200 + "b" * 50, samples="c" * 200 + "d" * 50)
    words = receipt_of(app, catalogue, draft).words
    for part in (words.text, words.html):
        assert "a" * 200 + "…" in part
        assert "c" * 200 + "…" in part
        assert "The private page has all of it." in part


def test_the_receipt_quotes_the_whole_of_a_short_message(app: Flask, catalogue: Catalogue) -> None:
    words = receipt_of(app, catalogue, replace(DRAFT, message="a" * 200)).words
    for part in (words.text, words.html):
        assert "a" * 200 in part
        assert "…" not in part
        assert "The private page has all of it." not in part


def test_letters_speak_the_requesters_language(app: Flask, enquiry: Enquiry) -> None:
    with app.app_context():
        stored = db.session.get_one(Enquiry, enquiry.id)
        stored.locale = "sv"
        words = receipt_letter(stored).words
        db.session.rollback()
    assert 'lang="sv"' in words.html
    assert "söndag" in words.text
    with app.test_request_context():
        assert "March" in format_date(date(2027, 3, 14), "long"), "and the language of the site is as it was"


def test_no_line_of_a_text_part_is_left_blank_twice_over(app: Flask, enquiry: Enquiry) -> None:
    assert "\n\n\n" not in letter_to(app, enquiry, 0).words.text
