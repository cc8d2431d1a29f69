"""Letters: composed so that nothing can become a header, handed over or honestly not."""

import email
import smtplib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities import mail, smtp
from tests.post_office import PostOffice, free_port, open_post_office

LETTER = mail.Letter(
    name="enquiry",
    seed="seed",
    to="owner@example.org",
    words=mail.Words("Fråga: LSM 880", text="Hej!\n\nÄr den ledig?\n", html="<p>Hej!</p>"),
    written_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
)
HEADERS = {
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "mime-version",
    "content-type",
}
INJECTED = [
    "\r\nBcc: x@example.com",
    "\nCc: x@example.com\nContent-Type: text/html\n\n<h1>body</h1>",
    "\n\nbody",
    "\u2028Bcc: x",
]
"""Texts that would become headers or a body if they were written into a header as they are."""


def encoded(text: str, charset: str, by: str) -> str:
    """The text as an encoded word of RFC 2047, by quoted-printable or base64."""
    raw = text.encode(errors="replace")
    payload = b64encode(raw).decode() if by in "bB" else "".join(f"={byte:02x}" for byte in raw)
    return f"=?{charset}?{by}?{payload}?="


PLAIN = st.text(max_size=60) | st.sampled_from(INJECTED) | st.text('ab.,:;<>@()[]\\"=?_ å', min_size=70, max_size=120)
ENCODED = st.builds(
    encoded, PLAIN, st.sampled_from(["utf-8", "us-ascii", "utf-8*en", "no-such"]), st.sampled_from("qQbB")
)
HOSTILE = st.lists(PLAIN | ENCODED, max_size=5).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
)


@pytest.fixture
def office(app: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        app.config["SMTP_URL"] = office.url
        yield office


def read(message: EmailMessage) -> EmailMessage:
    """The message as a receiver's program reads its bytes."""
    return email.message_from_bytes(message.as_bytes(), policy=default)


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def test_a_letter_is_from_the_site_and_answered_to_the_requester(app: Flask) -> None:
    message = read(mail.compose(replace(LETTER, reply_to=mail.address("Åsa Öberg", "asa@example.net"))))
    assert message["From"] == f"{app.config['SITE_NAME']} <{app.config['MAIL_FROM']}>"
    assert message["Reply-To"] == "Åsa Öberg <asa@example.net>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == LETTER.written_at


def test_a_letter_has_text_and_html(app: Flask) -> None:
    message = read(mail.compose(LETTER))
    assert (body(message, "plain"), body(message, "html")) == (LETTER.words.text, LETTER.words.html + "\n")


def test_a_letter_composed_twice_is_the_same_letter(app: Flask) -> None:
    assert mail.compose(LETTER).as_bytes() == mail.compose(LETTER).as_bytes()


def test_letters_to_two_mailboxes_have_two_message_ids(app: Flask) -> None:
    ids = {mail.compose(replace(LETTER, seed=seed))["Message-ID"] for seed in ("a", "b")}
    assert len(ids) == 2


@pytest.mark.usefixtures("app")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200) | HOSTILE)
def test_no_text_ever_becomes_a_header(text: str) -> None:
    words, reply_to = replace(LETTER.words, subject=text), mail.address(text, "anna@example.net")
    letter = replace(LETTER, words=words, reply_to=reply_to)
    message = read(mail.compose(letter))
    assert sorted(name.lower() for name in message) == sorted(HEADERS)
    assert [address.addr_spec for address in message["Reply-To"].addresses] == ["anna@example.net"]
    assert [address.addr_spec for address in message["To"].addresses] == [LETTER.to]
    assert body(message, "plain") == LETTER.words.text


@pytest.mark.usefixtures("app")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["about", "Cytek", "Aurora", "Åsa", "Sørensen", "spektroskopi", "(MS)"]), min_size=9))
def test_a_subject_is_read_as_it_was_written_however_it_is_folded(subject_words: list[str]) -> None:
    subject = " ".join(subject_words)
    sent = mail.compose(replace(LETTER, words=replace(LETTER.words, subject=subject))).as_bytes()
    assert email.message_from_bytes(sent, policy=default)["Subject"] == subject
    unfolded = email.message_from_bytes(sent)["Subject"].replace("\r\n", "")
    assert str(make_header(decode_header(unfolded))) == subject


@pytest.mark.usefixtures("app")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=60)
    | st.sampled_from(["a@b.c, d@e.f", "a@b.c\r\nBcc: d@e.f", "<a@b.c>", "a@b@c", "å@b.c"])
    | ENCODED.map("{}@b.c".format)
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    try:
        message = read(mail.compose(replace(LETTER, to=text)))
    except mail.Refused:
        return
    assert len(message["To"].addresses) == 1
    assert {name.lower() for name in message} <= HEADERS


@pytest.mark.parametrize(
    "name",
    [
        "Al =?utf-8?q?=0aCc:_victim@evil.example=0aContent-Type:_text/html=0a=0a<h1>x:_<a_href=//evil.example>?=",
        "=?utf-8?q?x=0d=0aBcc:_x@y.example?=",
    ],
)
def test_an_encoded_word_stays_the_text_that_was_typed(app: Flask, name: str) -> None:
    words, reply_to = replace(LETTER.words, subject=name), mail.address(name, "al@example.net")
    message = read(mail.compose(replace(LETTER, words=words, reply_to=reply_to)))
    assert message["Subject"] == name.replace("=?", "= ?")
    assert message["Reply-To"].addresses[0].addr_spec == "al@example.net"
    assert message["Reply-To"].addresses[0].display_name.startswith(name.partition("?")[0])
    assert {name.lower() for name in message} == HEADERS


@pytest.mark.parametrize("blank", ["", " "])
@pytest.mark.parametrize("comma", [",", ";", ":", "<x@evil.example>", "(", '"', "\\", "."])
def test_a_long_name_does_not_lead_replies_elsewhere(app: Flask, comma: str, blank: str) -> None:
    name = f"{'a' * 80}{comma}{blank}x@evil.example"
    message = read(mail.compose(replace(LETTER, reply_to=mail.address(name, "al@example.net"))))
    assert [address.addr_spec for address in message["Reply-To"].addresses] == ["al@example.net"]


def test_a_name_of_long_words_leaves_no_line_blank(app: Flask) -> None:
    name = f"{'a' * 90} {'b' * 90}"
    message = read(mail.compose(replace(LETTER, reply_to=mail.address(name, "al@example.net"))))
    assert message["Reply-To"].addresses[0].display_name == "a" * mail.LONGEST_NAME
    assert body(message, "plain") == LETTER.words.text


@pytest.mark.parametrize("text", INJECTED)
def test_an_encoded_word_is_no_address(text: str) -> None:
    with pytest.raises(mail.Refused, match="is not a mail address"):
        mail.address("", encoded(text, "utf-8", "q") + "@example.net")


@pytest.mark.parametrize("text", INJECTED[:3])
def test_a_letter_whose_headers_were_broken_all_the_same_is_refused(app: Flask, text: str) -> None:
    name = encoded(text, "utf-8", "b")
    with pytest.raises(mail.Refused, match="header"):
        mail.compose(replace(LETTER, reply_to=Address(name, addr_spec="al@example.net")))


def test_a_letter_reaches_the_mail_server(office: PostOffice) -> None:
    mail.send(mail.compose(LETTER))
    assert office.envelopes[0].rcpt_tos == [LETTER.to]
    assert office.letters[0]["Subject"] == LETTER.words.subject


@pytest.mark.parametrize("words", ["550 5.1.1 No such mailbox", "554 Not here"])
def test_a_refused_recipient_is_final_in_the_servers_words(office: PostOffice, words: str) -> None:
    office.to_recipient[LETTER.to] = words
    with pytest.raises(mail.Refused, match=words):
        mail.send(mail.compose(LETTER))


def test_a_recipient_that_is_busy_is_tried_later(office: PostOffice) -> None:
    office.to_recipient[LETTER.to] = "451 4.7.1 Greylisted"
    with pytest.raises(mail.Deferred, match=r"451 4\.7\.1 Greylisted"):
        mail.send(mail.compose(LETTER))


@pytest.mark.parametrize(("words", "error"), [("550 Spam", mail.Refused), ("452 Disk full", mail.Deferred)])
def test_the_answer_to_the_whole_letter_counts(office: PostOffice, words: str, error: type[Exception]) -> None:
    office.to_data = words
    with pytest.raises(error, match=words):
        mail.send(mail.compose(LETTER))


def test_a_server_that_hangs_up_after_the_letter_is_tried_later(office: PostOffice) -> None:
    office.hangs_up_after_data = True
    with pytest.raises(mail.Deferred):
        mail.send(mail.compose(LETTER))


def test_a_server_that_cannot_be_reached_is_tried_later(app: Flask) -> None:
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    with pytest.raises(mail.Deferred, match="refused"):
        mail.send(mail.compose(LETTER))


def test_a_wrong_password_does_not_condemn_the_letter(office: PostOffice, app: Flask) -> None:
    app.config["SMTP_URL"] = office.url.replace("smtp://", "smtp://user:wr%20ong@")
    with pytest.raises(mail.Deferred):
        mail.send(mail.compose(LETTER))
    assert office.letters == []


def test_a_server_without_encryption_is_not_written_to_when_it_is_asked_for(office: PostOffice, app: Flask) -> None:
    app.config["SMTP_URL"] = office.url + "?starttls=1"
    with pytest.raises(mail.Deferred):
        mail.send(mail.compose(LETTER))
    assert office.letters == []


def test_without_a_server_letters_become_files_once_each(app: Flask, tmp_path: Path) -> None:
    app.config["SMTP_URL"] = ""
    for _ in range(2):
        mail.send(mail.compose(LETTER))
    files = list((Path(app.config["INSTANCE_PATH"]) / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml"]
    assert email.message_from_bytes(files[0].read_bytes(), policy=default)["To"] == LETTER.to


def test_every_failure_has_words_for_the_desk() -> None:
    assert str(smtp.answer(550, b"5.1.1\r\nnobody \xff")) == "550 5.1.1 nobody \N{REPLACEMENT CHARACTER}"
    assert smtp.what_happened(smtplib.SMTPConnectError(421, b"busy")) == "421 busy"
    assert smtp.what_happened(TimeoutError()) == "TimeoutError"
