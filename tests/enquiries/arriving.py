"""Letters as mail programs and servers send them, handed to the site."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.models import Contact, Listing
from facilities.db import db
from facilities.enquiries.incoming.outcomes import Outcome
from facilities.enquiries.incoming.receiving import receive
from facilities.enquiries.models import Enquiry, Message, Recipient
from facilities.outbox.models import StoredLetter
from facilities.reply_address import Side, reply_address
from tests.enquiry_cast import Catalogue, Visitor

FILE = b"sample,concentration\nA1,12\nA2,15\n"


@dataclass
class Arrivals:
    """The site's post box: `address` signs one of its addresses, `bring` hands it a letter."""

    app: Flask

    def address(self, side: Side, *ids: int) -> str:
        with self.app.app_context():
            return reply_address(side, *ids)

    def bring(self, letter: EmailMessage | bytes, *, at: datetime | None = None) -> Outcome:
        raw = letter if isinstance(letter, bytes) else letter.as_bytes()
        with self.app.app_context():
            return receive(raw, at=at)

    def said(self, *, internal: bool = False) -> list[Message]:
        """What has been said, the oldest first, without what enquiries began with."""
        with self.app.app_context():
            query = sa.select(Message).where(Message.internal == internal, Message.thread_id.is_not(None))
            return list(db.session.scalars(query.order_by(Message.id)))

    def recipients(self) -> list[Recipient]:
        with self.app.app_context():
            return list(db.session.scalars(sa.select(Recipient).order_by(Recipient.id)))

    def letters(self, name: str) -> list[str]:
        """Whom letters of this name go to."""
        with self.app.app_context():
            return list(db.session.scalars(sa.select(StoredLetter.to).where(StoredLetter.name == name)))


@pytest.fixture
def arrivals(app: Flask) -> Arrivals:
    app.config["REPLY_ADDRESS"] = "reply@catalogue.test"
    return Arrivals(app)


@pytest.fixture
def enquiry(arrivals: Arrivals, visitor: Visitor, catalogue: Catalogue) -> Enquiry:
    """Sent to the microscope, whose facility has two contacts; the second takes only quotes."""
    return visitor.enquiry(visitor.sent(catalogue.microscope))


def letter(
    to: str, body: str = "Yes, on Tuesday.", *, sender: str = "light@example.org", **headers: str
) -> EmailMessage:
    message = EmailMessage()
    for name, value in (
        {"From": sender, "To": to, "Subject": "Re: Enquiry", "Message-ID": "<1@example.org>"}
        | {name.replace("_", "-"): value for name, value in headers.items()}
    ).items():
        message[name] = value
    message.set_content(body)
    return message


def bounce(to: str, *, action: str = "failed", status: str = "5.1.1", words: str = "550 5.1.1 No such user") -> bytes:
    """A report as RFC 3464 has it."""
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <bounce@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

Your message could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; light@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--part
Content-Type: message/rfc822

Subject: Enquiry

Can you?

--part--
""".encode()


def contacts(app: Flask, listing: int) -> list[Contact]:
    with app.app_context():
        found = db.session.get_one(Listing, listing)
        return list(found.contacts)
