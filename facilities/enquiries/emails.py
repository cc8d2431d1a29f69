"""The letters of an enquiry, written from its saved rows in the requester's language."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from facilities import mail
from facilities.enquiries.models import Enquiry, Recipient
from facilities.enquiries.summary import request_lines, requester_lines
from facilities.mail import Letter, Words

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
        seed=f"{enquiry.token} {first.mailbox}",
        to=first.email,
        written_at=enquiry.created_at,
        reply_to=mail.address(enquiry.requester_name, enquiry.requester_email),
        words=_words("enquiry", enquiry, recipients=recipients),
    )


def receipt_letter(enquiry: Enquiry) -> Letter:
    """To the requester: that the enquiry was received, and where to follow it."""
    cut = any(len(text) > QUOTED for text in (enquiry.question, enquiry.samples))
    return Letter(
        name="receipt",
        seed=enquiry.token,
        to=enquiry.requester_email,
        written_at=enquiry.created_at,
        words=_words("receipt", enquiry, recipients=enquiry.recipients, beginning=beginning, cut=cut),
    )


def beginning(text: str) -> str:
    """As much of an answer as a receipt quotes, with three dots where it goes on."""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _words(letter: str, enquiry: Enquiry, **words: Any) -> Words:
    """Subject, text and HTML of a letter, from `templates/email/<letter>/`."""
    site = current_app.config["SITE_URL"].rstrip("/")
    with force_locale(enquiry.locale):
        words |= {"site": site, "asked": request_lines(enquiry), "asker": requester_lines(enquiry)}
        parts = (f"email/{letter}/{part}" for part in ("subject.txt", "body.txt", "body.html"))
        return Words(*(render_template(part, enquiry=enquiry, **words) for part in parts))
