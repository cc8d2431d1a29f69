"""What a visitor asked, and who receives it."""

import re
import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import LazyString
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.catalogue.models import Contact, Kind, Listing, UserGroup
from facilities.db import Model, enum_column, now
from facilities.enquiries.models.words import EnquiryKind, EnquiryStatus, Route, Stage, called
from facilities.outbox.models import Delivery

if TYPE_CHECKING:
    from facilities.enquiries.models.thread import EnquiryFile, Message, Thread

TOKEN_FORM = re.compile("[A-Za-z0-9_-]{43}")
"""What every token looks like."""

FRESH = timedelta(minutes=5)
"""Age up to which an enquiry's letters can be expected any moment."""

LINK_KEPT = timedelta(days=365)
"""How long a private link opens its page, counted from the last thing that was said."""


def new_token() -> str:
    """An unguessable part of a private link: 32 random bytes, written as 43 characters."""
    return secrets.token_urlsafe(32)


def link_end() -> datetime:
    """When a private link made now expires."""
    return now() + LINK_KEPT


class Enquiry(Model):
    """A visitor's question, booking, quote or training request to one or several listings, one thread for each.

    What nobody may read before accepting `terms` is in messages and files that are `withheld`. After the time that
    enquiries are kept, what names a person or was said is emptied and `emptied_at` set.
    """

    __tablename__ = "enquiries"
    __table_args__ = (
        sa.CheckConstraint("participants >= 1", name="participants"),
        sa.Index("ix_enquiries_requester_email_created_at", "requester_email", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True, default=new_token)
    form_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[EnquiryKind] = mapped_column(enum_column(EnquiryKind))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), default=Stage.SENT, index=True)
    locale: Mapped[str] = mapped_column(sa.String(8), default="en")
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    link_expires_at: Mapped[datetime] = mapped_column(default=link_end)

    requester_name: Mapped[str] = mapped_column(sa.String(120))
    requester_email: Mapped[str] = mapped_column(sa.String(254))
    requester_organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    requester_group: Mapped[UserGroup | None] = mapped_column(enum_column(UserGroup))
    verified_at: Mapped[datetime | None]
    """When the requester was seen to receive mail at the address."""

    preferred_dates: Mapped[list[str]] = mapped_column(default=list)
    duration: Mapped[str] = mapped_column(sa.String(120), default="")
    samples: Mapped[str] = mapped_column(sa.String(500), default="")
    deadline_on: Mapped[date | None]
    budget: Mapped[str] = mapped_column(sa.String(120), default="")
    participants: Mapped[int | None]
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    """Where a need without a chosen listing should be met: a town, region or country."""
    terms: Mapped[str] = mapped_column(sa.Text, default="")

    receipt: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.WAITING)
    receipt_detail: Mapped[str] = mapped_column(sa.String(500), default="")

    spam_score: Mapped[int] = mapped_column(default=0)
    spam_signs: Mapped[list[str]] = mapped_column(default=list)
    emptied_at: Mapped[datetime | None]

    threads: Mapped[list["Thread"]] = relationship(
        back_populates="enquiry", cascade="all, delete-orphan", order_by="Thread.id"
    )
    recipients: Mapped[list["Recipient"]] = relationship(
        back_populates="enquiry", cascade="all, delete-orphan", order_by="Recipient.id"
    )
    messages: Mapped[list["Message"]] = relationship(
        back_populates="enquiry", cascade="all, delete-orphan", order_by="Message.id"
    )
    files: Mapped[list["EnquiryFile"]] = relationship(
        back_populates="enquiry", cascade="all, delete-orphan", order_by="EnquiryFile.id"
    )

    @property
    def path(self) -> str:
        """The requester's private address below the site's root."""
        return f"/enquiries/{self.token}"

    @property
    def label(self) -> LazyString:
        """Which kind of enquiry it is, in a word that fits what it is about."""
        booking = self.kind == EnquiryKind.BOOKING
        about = [each.listing for each in self.threads] if booking else []
        return called(self.kind, of_offers=bool(about) and all(each and each.kind == Kind.OFFER for each in about))

    @property
    def question(self) -> str:
        """What the requester wrote first."""
        return self.messages[0].body if self.messages else ""

    @property
    def dates(self) -> list[date]:
        """The preferred dates of a booking, the most wanted first."""
        return [date.fromisoformat(day) for day in self.preferred_dates]

    @property
    def status(self) -> EnquiryStatus:
        """How far the furthest of its threads has come that has not ended; if all have, how the first did."""
        living = [thread.status for thread in self.threads if not thread.status.ended]
        order = list(EnquiryStatus)
        return max(living or [each.status for each in self.threads[:1]] or [EnquiryStatus.NEW], key=order.index)

    @property
    def deliveries(self) -> set[Delivery]:
        """The states its letters are in, the receipt's among them."""
        return {self.receipt, *(recipient.delivery for recipient in self.recipients)}

    @property
    def in_motion(self) -> bool:
        """Whether a letter of this enquiry has yet to be delivered or given up."""
        return self.stage in (Stage.SENT, Stage.HELD) and bool(self.deliveries & {Delivery.WAITING, Delivery.DEFERRED})

    @property
    def seconds_to_look_again(self) -> int:
        """How soon to look for news: at once while the first letters go out, now and then while some wait long."""
        fresh = now() - self.created_at < FRESH and Delivery.WAITING in self.deliveries
        return 3 if fresh else 60

    @property
    def undelivered(self) -> list["Recipient"]:
        """The recipients whose letter has been given up or came back."""
        return [each for each in self.recipients if each.delivery in (Delivery.FAILED, Delivery.BOUNCED)]


class Recipient(Model):
    """One role that receives a thread, with the state of its first letter in the mail server's words.

    `reason` says which rule chose it and what the rule looked at (see `routing.explain`). `token` is the unguessable
    part of a link in its letters, with which whoever has the mailbox reads and answers the thread without an account.
    """

    __tablename__ = "recipients"
    __table_args__ = (sa.UniqueConstraint("thread_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("enquiries.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("threads.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True, default=new_token)
    role: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    route: Mapped[Route] = mapped_column(enum_column(Route))
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.WAITING)
    delivery_detail: Mapped[str] = mapped_column(sa.String(500), default="")
    delivered_at: Mapped[datetime | None]

    enquiry: Mapped[Enquiry] = relationship(back_populates="recipients")
    thread: Mapped["Thread"] = relationship(back_populates="recipients")
    contact: Mapped[Contact | None] = relationship()

    @property
    def mailbox(self) -> str:
        """The address as one mailbox: recipients of an enquiry that share it get one letter together."""
        return self.email.lower()

    @property
    def takes_a_place(self) -> bool:
        """Whether it was added because the first letter to another recipient did not arrive."""
        return "instead" in (self.reason or {})

    @property
    def has_left(self) -> bool:
        """Whether its owners said that the contact is gone; a deputy's mailbox stays."""
        left = self.contact is not None and self.contact.left_at is not None
        return left and self.contact is not None and self.contact.email.lower() == self.mailbox

    @property
    def listing(self) -> Listing | None:
        """The listing that the thread is about; None if it has been removed."""
        return self.thread.listing

    @property
    def listing_id(self) -> int | None:
        return self.thread.listing_id

    @property
    def listing_name(self) -> str:
        """What the listing was called when it was asked about."""
        return self.thread.listing_name

    @property
    def path(self) -> str:
        """Where whoever has the mailbox reads and answers the thread."""
        return f"/enquiries/answer/{self.token}"
