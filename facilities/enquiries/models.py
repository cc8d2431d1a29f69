"""Enquiries: what a visitor asked, who receives it, what was said."""

import re
import secrets
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.catalogue.models import Contact, Listing, UserGroup
from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now


class EnquiryKind(Word):
    QUESTION = "question", _("Question")
    BOOKING = "booking", _("Booking request")
    QUOTE = "quote", _("Quote request")
    TRAINING = "training", _("Training request")


class EnquiryStatus(Word):
    NEW = "new", _("New")
    DELIVERED = "delivered", _("Delivered")
    OPENED = "opened", _("Opened")
    ANSWERED = "answered", _("Answered")
    WAITING = "waiting", _("Waiting for the requester")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Held as spam")


class Delivery(Word):
    """How far the letter to a recipient has come."""

    WAITING = "waiting", _("On its way")
    SENT = "sent", _("Delivered to the mail server")
    DEFERRED = "deferred", _("Delayed, will be tried again")
    FAILED = "failed", _("Could not be delivered")


class Route(Word):
    """Why a recipient was chosen: the nearest of these that has someone to receive it."""

    LISTING = "listing", _("contact of the listing")
    FACILITY = "facility", _("contact of its facility")
    ORGANISATION = "organisation", _("contact of its organisation")
    DESK = "desk", _("the catalogue's desk")


class Author(Word):
    REQUESTER = "requester", _("Requester")
    OWNER = "owner", _("Owner")
    DESK = "desk", _("Desk")


TOKEN_FORM = re.compile("[A-Za-z0-9_-]{43}")
"""What every token looks like."""


def new_token() -> str:
    """An unguessable part of a private link: 32 random bytes, written as 43 characters."""
    return secrets.token_urlsafe(32)


FRESH = timedelta(minutes=5)
"""Age up to which an enquiry's letters can be expected any moment."""


class Enquiry(Model):
    """A visitor's question, booking, quote or training request to one or several listings."""

    __tablename__ = "enquiries"
    __table_args__ = (
        sa.CheckConstraint("participants >= 1", name="participants"),
        sa.Index("ix_enquiries_requester_email_created_at", "requester_email", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True, default=new_token)
    form_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[EnquiryKind] = mapped_column(enum_column(EnquiryKind))
    status: Mapped[EnquiryStatus] = mapped_column(enum_column(EnquiryStatus), default=EnquiryStatus.NEW)
    locale: Mapped[str] = mapped_column(sa.String(8), default="en")
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)

    requester_name: Mapped[str] = mapped_column(sa.String(120))
    requester_email: Mapped[str] = mapped_column(sa.String(254))
    requester_organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    requester_group: Mapped[UserGroup | None] = mapped_column(enum_column(UserGroup))

    preferred_dates: Mapped[list[str]] = mapped_column(default=list)
    duration: Mapped[str] = mapped_column(sa.String(120), default="")
    samples: Mapped[str] = mapped_column(sa.String(500), default="")
    deadline_on: Mapped[date | None]
    budget: Mapped[str] = mapped_column(sa.String(120), default="")
    participants: Mapped[int | None]

    receipt: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.WAITING)
    receipt_detail: Mapped[str] = mapped_column(sa.String(500), default="")

    recipients: Mapped[list["Recipient"]] = relationship(
        back_populates="enquiry", cascade="all, delete-orphan", order_by="Recipient.id"
    )
    messages: Mapped[list["Message"]] = relationship(
        back_populates="enquiry", cascade="all, delete-orphan", order_by="Message.id"
    )

    @property
    def path(self) -> str:
        """The requester's private address below the site's root."""
        return f"/enquiries/{self.token}"

    @property
    def question(self) -> str:
        """What the requester wrote first."""
        return self.messages[0].body if self.messages else ""

    @property
    def dates(self) -> list[date]:
        """The preferred dates of a booking, the most wanted first."""
        return [date.fromisoformat(day) for day in self.preferred_dates]

    @property
    def deliveries(self) -> set[Delivery]:
        """The states its letters are in, the receipt's among them."""
        return {self.receipt, *(recipient.delivery for recipient in self.recipients)}

    @property
    def in_motion(self) -> bool:
        """Whether a letter of this enquiry has yet to be delivered or given up."""
        return bool(self.deliveries & {Delivery.WAITING, Delivery.DEFERRED})

    @property
    def seconds_to_look_again(self) -> int:
        """How soon to look for news: at once while the first letters go out, now and then while some wait long."""
        fresh = now() - self.created_at < FRESH and Delivery.WAITING in self.deliveries
        return 3 if fresh else 60

    @property
    def undelivered(self) -> list["Recipient"]:
        """The recipients whose letter has been given up."""
        return [recipient for recipient in self.recipients if recipient.delivery == Delivery.FAILED]


class Recipient(Model):
    """One role that receives an enquiry for one listing, with the state of its letter in the mail server's words."""

    __tablename__ = "recipients"
    __table_args__ = (sa.UniqueConstraint("enquiry_id", "listing_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("enquiries.id", ondelete="CASCADE"), index=True)
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"), index=True)
    listing_name: Mapped[str] = mapped_column(sa.String(600))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    role: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    route: Mapped[Route] = mapped_column(enum_column(Route))
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.WAITING)
    delivery_detail: Mapped[str] = mapped_column(sa.String(500), default="")
    delivered_at: Mapped[datetime | None]

    enquiry: Mapped[Enquiry] = relationship(back_populates="recipients")
    listing: Mapped[Listing | None] = relationship()
    contact: Mapped[Contact | None] = relationship()

    @property
    def mailbox(self) -> str:
        """The address as one mailbox: recipients of an enquiry that share it get one letter together."""
        return self.email.lower()


class Message(Model):
    """One thing said in an enquiry. `recipient` is the thread it belongs to; none means said to all."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("enquiries.id", ondelete="CASCADE"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recipients.id", ondelete="CASCADE"), index=True)
    author: Mapped[Author] = mapped_column(enum_column(Author))
    body: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[datetime] = mapped_column(default=now)

    enquiry: Mapped[Enquiry] = relationship(back_populates="messages")
