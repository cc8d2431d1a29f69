"""What is read out of a letter: the writer's own words, no secrets of a quotation, and no letter that breaks it."""

import time
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.db import db
from facilities.enquiries.files import path_of
from facilities.enquiries.incoming.contents import attachments_of, plain, words_of
from facilities.enquiries.incoming.quoting import own_words
from facilities.enquiries.incoming.received import Unreadable, read_letter
from facilities.enquiries.models import Enquiry, EnquiryFile
from facilities.reply_address import Side
from tests.enquiries.arriving import Arrivals, letter

ABOVE = {
    "Gmail": "On Thu, 5 Mar 2026 at 10:00, Light Lab <reply+p1@x.org> wrote:",
    "Gmail in two lines": "On Thu, 5 Mar 2026 at 10:00, Light Lab\n<reply+p1@x.org> wrote:",
    "Swedish": "Den tors 5 mars 2026 kl 10:00 skrev Light Lab <reply@x.org>:",
    "Norwegian": "tor. 5. mars 2026 kl. 10:00 skrev Light Lab <reply@x.org>:",
    "Danish": "Den tor. 5. mar. 2026 kl. 10.00 skrev Light Lab <reply@x.org>:",
    "Finnish": "to 5. maalisk. 2026 klo 10.00 Light Lab (reply@x.org) kirjoitti:",
    "French": "Le jeu. 5 mars 2026 à 10:00, Light Lab <reply@x.org> a écrit :",
    "German": "Am Do., 5. März 2026 um 10:00 Uhr schrieb Light Lab <reply@x.org>:",
}
OUTLOOK = {
    "English": "From: Light Lab <reply@x.org>\nSent: Thursday, 5 March 2026 10:00\nTo: Per\nSubject: Enquiry",
    "Swedish": "Från: Light Lab <reply@x.org>\nSkickat: den 5 mars 2026 10:00\nTill: Per\nÄmne: Förfrågan",
    "Norwegian": "Fra: Light Lab <reply@x.org>\nSendt: torsdag 5. mars 2026 10:00\nTil: Per\nEmne: Forespørsel",
    "German": "Von: Light Lab <reply@x.org>\nGesendet: Donnerstag, 5. März 2026\nAn: Per\nBetreff: Anfrage",
}
OURS = "Can you image thick sections?\nWe have forty of them."
QUOTED = "\n".join(f"> {row}" for row in OURS.split("\n"))
MINE = "Yes, on Tuesday.\n\nBest regards\nPer Persson\n+46 8 123"


@pytest.mark.parametrize("line", ABOVE.values(), ids=ABOVE)
def test_the_quotation_below_an_answer_is_cut(line: str) -> None:
    assert own_words(f"{MINE}\n\n{line}\n\n{QUOTED}\n") == MINE


@pytest.mark.parametrize("line", ABOVE.values(), ids=ABOVE)
def test_an_answer_below_the_quotation_is_kept(line: str) -> None:
    assert own_words(f"{line}\n{QUOTED}\n\n{MINE}") == MINE


@pytest.mark.parametrize("head", OUTLOOK.values(), ids=OUTLOOK)
def test_a_quotation_without_signs_is_cut(head: str) -> None:
    assert own_words(f"{MINE}\n\n________________________________\n{head}\n\n{OURS}") == MINE


@pytest.mark.parametrize("head", OUTLOOK.values(), ids=OUTLOOK)
def test_an_answer_that_stands_within_a_quotation_without_signs_is_not_lost(head: str) -> None:
    within = f"{head}\n\nCan you image thick sections? YES\nWe have forty of them. FINE"
    for whole in (within, f"See my answers below.\n\n{within}"):
        assert own_words(whole) == whole


def test_answers_between_quotations_keep_what_they_answer() -> None:
    between = "Yes.\n> We have forty of them.\nThat is fine."
    assert own_words(f"{ABOVE['Gmail']}\n> Can you image thick sections?\n{between}\n> Anna") == between


def test_a_signature_below_the_quotation_is_kept_without_it() -> None:
    assert own_words(f"Yes.\n{QUOTED}\n-- \nPer") == "Yes.\n-- \nPer"


@pytest.mark.parametrize(
    "answer",
    [
        QUOTED,
        "We can do it\nFrom: Monday\nTo: Friday\nfor 100 SEK",
        "On Monday my colleague wrote:\n\nThe price is 100 SEK.",
        "Samples:\n- blood\n- plasma\n\nThanks,\nprice: 100 SEK",
        "",
    ],
)
def test_what_only_looks_like_a_quotation_stays(answer: str) -> None:
    assert own_words(answer) == answer


def test_a_letter_of_only_a_page_is_told_in_lines() -> None:
    page = (
        "<html><head><title>No</title><style>p {color: red}</style></head><body><p>Yes, on <b>Tuesday</b>.</p>"
        "<ul><li>100&nbsp;SEK</li><li>2 &lt; 3</li></ul><script>alert(1)</script><img src='https://x.org/seen.gif'>"
        f"<div>{ABOVE['Gmail'].replace('<', '&lt;')}<br><blockquote><p>Can you?</p></blockquote></div>"
    )
    message = EmailMessage()
    message.set_content(page, subtype="html")
    assert own_words(words_of(message)).replace("\xa0", " ") == "Yes, on Tuesday.\n\n- 100 SEK\n- 2 < 3"


def test_of_two_versions_the_plain_one_is_read_unless_it_is_empty() -> None:
    for said, expected in (("Plain words.", "Plain words."), (" ", "Page words.")):
        message = EmailMessage()
        message.set_content(said)
        message.add_alternative("<p>Page words.</p>", subtype="html")
        assert words_of(message).strip() == expected


def test_small_pictures_of_a_signature_are_left_out() -> None:
    message = letter("reply@x.org")
    for name, size in (("logo.png", 500), ("gel.png", 50_000)):
        message.add_attachment(
            b"\x89PNG" + b"x" * size, maintype="image", subtype="png", filename=name, cid=f"<{name}>"
        )
    assert [each.name for each in attachments_of(message)] == ["gel.png"]


def test_an_unknown_character_set_is_guessed() -> None:
    raw = b'Content-Type: text/plain; charset="x-nobody-knows"\n\n' + "Ja, på lördag går det så bra.".encode("latin-1")
    assert "lördag" in words_of(read_letter(raw).message)


def test_nothing_that_opens_a_page_or_speaks_for_others_passes_on(arrivals: Arrivals, enquiry: Enquiry) -> None:
    """The requester gets what owners write: a quoted letter of ours holds the owner's link and signed address."""
    recipient = enquiry.recipients[0]
    link = f"http://catalogue.test{recipient.path}"
    wrapped = f"{link[:-20]}\n> {link[-20:]}"
    address = arrivals.address(Side.RECIPIENT, recipient.id)
    arrivals.bring(
        letter(arrivals.address(Side.MAILBOX, recipient.id), f"> {wrapped}\n{address}\n{enquiry.token}\nYes")
    )
    (said,) = arrivals.said()
    for secret in (recipient.token[:20], recipient.token[-20:], address, enquiry.token):
        assert secret not in said.body
    assert "Yes" in said.body


def test_the_file_that_a_long_letter_becomes_holds_no_secrets_either(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    recipient = enquiry.recipients[0]
    to = arrivals.address(Side.MAILBOX, recipient.id)
    arrivals.bring(letter(to, "A long answer.\n" * 1500 + f"> http://catalogue.test{recipient.path}\n> {to}\n"))
    with app.app_context():
        (file,) = db.session.scalars(sa.select(EnquiryFile))
        text = path_of(file).read_text()
    assert text.startswith("A long answer.")
    for secret in (recipient.token, to):
        assert secret not in text


@pytest.mark.parametrize("nested", ["<div>", "<blockquote>", "<ul><li>x"])
def test_a_page_that_is_slow_to_read_does_not_keep_everybody_waiting(nested: str) -> None:
    started = time.monotonic()
    assert plain(f"<p>Yes, on Tuesday.</p>{nested * 40_000}<p>Per &amp; Eva</p>").startswith("Yes, on Tuesday.")
    assert "Per & Eva" in plain(f"{nested * 40_000}<p>Per &amp; Eva</p>")
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "raw",
    [
        b"To: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhello\n" * 100_000,
        b"A: b\n" * 2_000_000,
    ],
    ids=["parts", "headers"],
)
def test_a_letter_of_nothing_but_parts_or_headers_is_not_taken_apart(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_letter(raw)


def test_a_subject_that_is_slow_to_read_is_not_read_to_its_end() -> None:
    started = time.monotonic()
    letter = read_letter(b"From: =?utf-8?b?YQ==?= <a@b.c>\nSubject: " + b"=?utf-8?b?YQ==?= " * 100_000 + b"\n\nx")
    assert letter.subject.startswith("aaa")
    assert letter.sender == ("a", "a@b.c")
    assert time.monotonic() - started < 3


def test_character_sets_that_no_program_writes_are_not_tried() -> None:
    started = time.monotonic()
    raw = b"Content-Type: text/plain; charset=punycode\n\n-" + b"abk" * 500_000
    assert words_of(read_letter(raw).message).startswith("-abk")
    assert time.monotonic() - started < 3


HEADERS = st.sampled_from(
    ["From: a@b.c", "To: =?utf-8?q?=00?= <", "Content-Type: multipart/mixed; boundary=x", "Content-Type: text/html",
     "Content-Type: multipart/alternative", "Content-Transfer-Encoding: base64", "Content-Disposition: attachment",
     "Content-Type: message/rfc822", "Content-Type: multipart/report; boundary=x", "Auto-Submitted:",
     "Content-Type: message/delivery-status", "Content-Type: text/plain; charset=idna",
     "Subject: =?x?b?*?=", "Action: failed", "--x", "--x--", ""]
)  # fmt: skip
LETTERS = st.lists(HEADERS.map(str.encode) | st.binary(max_size=40)).map(b"\n".join)


@given(LETTERS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_letter_breaks_what_reads_it(app: Flask, raw: bytes) -> None:
    app.config["REPLY_ADDRESS"] = "reply@catalogue.test"
    with app.app_context():
        try:
            received = read_letter(raw)
        except Unreadable:
            return
        assert "\n" not in received.subject + received.sender[1]
        assert isinstance(own_words(plain(words_of(received.message))), str)
        assert not any("\n" in each.name for each in attachments_of(received.message))
        assert received.ours == []
        assert received.automatic in (True, False)


@given(LETTERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_broken_letter_to_a_signed_address_is_filed_or_refused(
    arrivals: Arrivals, enquiry: Enquiry, raw: bytes
) -> None:
    for side, ids in ((Side.MAILBOX, enquiry.recipients[0].id), (Side.BACK_RECIPIENT, enquiry.recipients[0].id)):
        to = arrivals.address(side, ids)
        assert arrivals.bring(f"Delivered-To: {to}\n".encode() + raw).code in (0, 65, 67, 75)


def test_a_letter_of_letters_without_end_is_refused(arrivals: Arrivals, enquiry: Enquiry) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    nested = f"Delivered-To: {to}\n".encode() + b"Content-Type: message/rfc822\n\n" * 5000
    assert arrivals.bring(nested).code in (0, 65)
