"""The letters of an enquiry, written from its saved rows, each in its reader's language."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from facilities import mail
from facilities.enquiries.booking.calendars import for_recipient, invitation
from facilities.enquiries.models import Enquiry, Recipient
from facilities.enquiries.reading_language import reading_language
from facilities.enquiries.spam.showing import said_plainly
from facilities.enquiries.summary import request_lines, requester_lines
from facilities.mail import Letter, Words
from facilities.reply_address import Side, reply_address

QUOTED = 200
"""Characters of each answer that a receipt quotes: it goes to an address that nobody has confirmed yet."""


def enquiry_letter(recipients: Sequence[Recipient]) -> Letter:
    """To those who can answer: one letter for all recipients of an enquiry that share a mailbox.

    Raises Refused if the requester's address cannot be written to.
    """
    first = recipients[0]
    enquiry = first.enquiry
    return Letter(
        name="enquiry",
        seed=f"{enquiry.form_id} {first.mailbox}" + (f" {first.id}" if first.takes_a_place else ""),
        to=first.email,
        written_at=enquiry.created_at,
        reply_to=mail.address(enquiry.requester_name, reply_address(Side.MAILBOX, first.id) or enquiry.requester_email),
        return_path=reply_address(Side.BACK_RECIPIENT, first.id),
        thread=f"thread {first.thread_id}",
        words=_words("enquiry", enquiry, reading_language(first), recipients=recipients),
        calendar=_hold(recipients),
    )


def _hold(recipients: Sequence[Recipient]) -> str:
    """The file that keeps the time free which is asked for, in a letter about one listing: a file is one event's."""
    only = recipients[0] if len({recipient.thread_id for recipient in recipients}) == 1 else None
    return invitation(only.thread, for_recipient(only)) if only else ""


def receipt_letter(enquiry: Enquiry) -> Letter:
    """To the requester: that the enquiry was received, and where to follow it. What it quotes has no links until the
    address is confirmed: anybody may have named it."""
    answers_to = reply_address(Side.REQUESTER_TO_ALL, enquiry.id)
    cut = any(len(text) > QUOTED for text in (enquiry.question, enquiry.samples))

    def quoted(text: str) -> str:
        return beginning(said_plainly(text, enquiry))

    return Letter(
        name="receipt",
        seed=enquiry.form_id,
        to=enquiry.requester_email,
        written_at=enquiry.created_at,
        reply_to=mail.address("", answers_to) if answers_to else None,
        return_path=reply_address(Side.BACK_RECEIPT, enquiry.id),
        words=_words("receipt", enquiry, enquiry.locale, recipients=enquiry.recipients, beginning=quoted, cut=cut),
    )


def beginning(text: str) -> str:
    """As much of an answer as a receipt quotes, with three dots where it goes on."""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _words(letter: str, enquiry: Enquiry, language: str, **words: Any) -> Words:
    """Subject, text and HTML of a letter in a language, from `templates/email/<letter>/`."""
    site = current_app.config["SITE_URL"].rstrip("/")
    with force_locale(language):
        words |= {"site": site, "asked": request_lines(enquiry), "asker": requester_lines(enquiry)}
        parts = (f"email/{letter}/{part}" for part in ("subject.txt", "body.txt", "body.html"))
        return Words(*(render_template(part, enquiry=enquiry, **words) for part in parts))
