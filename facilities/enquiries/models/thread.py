"""What is said about one listing in an enquiry: messages, quotes, times, bookings, files."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.db import Model, enum_column, now
from facilities.enquiries.models.words import Author, BookingState, EnquiryStatus, SlotState, Turn

if TYPE_CHECKING:
    from facilities.enquiries.models.enquiry import Enquiry, Recipient

MOST_REMINDERS = 3
"""To the owner, to the deputy, to the desk."""


class Thread(Model):
    """An enquiry as it concerns one listing. Rights, status and answers are a thread's, never a whole enquiry's.

    `remind_at` is when the next reminder is due while it is the owner's turn, `close_at` when silence ends it.
    `first_answered_at` is when an owner first said something to the requester: with `asked_at` the answer time.
    """

    __tablename__ = "threads"
    __table_args__ = (
        sa.Index("ix_threads_enquiry_id_listing_id", "enquiry_id", "listing_id"),
        sa.CheckConstraint(f"reminders BETWEEN 0 AND {MOST_REMINDERS}", name="reminders"),
        sa.Index("ix_threads_listing_id_status", "listing_id", "status"),
        sa.Index(
            "ix_threads_remind_at",
            "remind_at",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_threads_close_at",
            "close_at",
            sqlite_where=sa.text("close_at IS NOT NULL"),
            postgresql_where=sa.text("close_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("enquiries.id", ondelete="CASCADE"))
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"))
    listing_name: Mapped[str] = mapped_column(sa.String(600))
    status: Mapped[EnquiryStatus] = mapped_column(enum_column(EnquiryStatus), default=EnquiryStatus.NEW)
    turn: Mapped[Turn] = mapped_column(enum_column(Turn), default=Turn.OWNER)
    ended_by: Mapped[Author | None] = mapped_column(enum_column(Author))
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)

    asked_at: Mapped[datetime] = mapped_column(default=now, index=True)
    delivered_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    first_answered_at: Mapped[datetime | None]
    last_owner_at: Mapped[datetime | None]
    last_requester_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    reminders: Mapped[int] = mapped_column(default=0)
    remind_at: Mapped[datetime | None]
    close_at: Mapped[datetime | None]

    terms_accepted_at: Mapped[datetime | None]
    terms_accepted_by: Mapped[str] = mapped_column(sa.String(254), default="")

    enquiry: Mapped["Enquiry"] = relationship(back_populates="threads")
    listing: Mapped[Listing | None] = relationship()
    assigned_to: Mapped[User | None] = relationship()
    recipients: Mapped[list["Recipient"]] = relationship(
        back_populates="thread", cascade="all, delete-orphan", order_by="Recipient.id"
    )
    own_messages: Mapped[list["Message"]] = relationship(
        back_populates="thread", cascade="all, delete-orphan", order_by="Message.id"
    )
    booking: Mapped["Booking | None"] = relationship(back_populates="thread", cascade="all, delete-orphan")

    @property
    def messages(self) -> list["Message"]:
        """All that was said in it, in order: to all listings of the enquiry and to this one, internal notes too."""
        here = (message for message in self.enquiry.messages if message.thread_id in (None, self.id))
        return sorted(here, key=lambda message: (message.sent_at, message.id))

    @property
    def shows_withheld(self) -> bool:
        """Whether its owners may read what the requester holds back until the terms are accepted."""
        return not self.enquiry.terms or self.terms_accepted_at is not None

    @property
    def shown_status(self) -> EnquiryStatus:
        """What the requester reads: nobody is told that an enquiry is held as spam."""
        if self.status != EnquiryStatus.SPAM:
            return self.status
        if self.shown_end:
            return self.shown_end
        if self.first_answered_at:
            return EnquiryStatus.ANSWERED
        if self.opened_at:
            return EnquiryStatus.OPENED
        return EnquiryStatus.DELIVERED if self.delivered_at else EnquiryStatus.NEW

    @property
    def shown_end(self) -> EnquiryStatus | None:
        """How a thread that is held has ended for its requester: the last that was said agreed to a time, or was the
        requester's own end."""
        last = self.said_last
        if last is None:
            return None
        if any(slot.state == SlotState.CHOSEN for slot in last.slots):
            return EnquiryStatus.ACCEPTED
        if self.ended_by != Author.REQUESTER or last.sent_at != self.closed_at:
            return None
        agreed = any(slot.state == SlotState.CHOSEN for message in self.own_messages for slot in message.slots)
        return EnquiryStatus.ACCEPTED if agreed else EnquiryStatus.CLOSED

    @property
    def shown_ended_by(self) -> Author | None:
        """Who ended it, as the requester reads it: not whoever marked it as spam."""
        return self.said_last.author if self.said_last and self.status == EnquiryStatus.SPAM else self.ended_by

    @property
    def shown_closed_at(self) -> datetime | None:
        """When it ended, as the requester reads it; None while it goes on."""
        if not self.shown_status.ended:
            return None
        return self.said_last.sent_at if self.said_last and self.status == EnquiryStatus.SPAM else self.closed_at

    @property
    def said_last(self) -> "Message | None":
        """The newest message in this thread alone that the requester can read."""
        return next((message for message in reversed(self.own_messages) if not message.internal), None)

    @property
    def quote(self) -> "Quote | None":
        """The newest offer."""
        return next((message.quote for message in reversed(self.messages) if message.quote), None)


class Message(Model):
    """One thing said in an enquiry: in `thread`, or to all listings asked if there is none.

    `internal` ones are notes between owners. `mail_id` is the Message-ID of the letter it came by: none comes twice.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("enquiries.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("threads.id", ondelete="CASCADE"), index=True)
    author: Mapped[Author] = mapped_column(enum_column(Author))
    author_name: Mapped[str] = mapped_column(sa.String(254), default="")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recipients.id", ondelete="SET NULL"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    internal: Mapped[bool] = mapped_column(default=False)
    withheld: Mapped[bool] = mapped_column(default=False)
    mail_id: Mapped[str | None] = mapped_column(sa.String(300))
    sent_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (sa.UniqueConstraint("thread_id", "mail_id"),)

    enquiry: Mapped["Enquiry"] = relationship(back_populates="messages")
    thread: Mapped[Thread | None] = relationship(back_populates="own_messages")
    quote: Mapped["Quote | None"] = relationship(back_populates="message", cascade="all, delete-orphan")
    slots: Mapped[list["Slot"]] = relationship(
        back_populates="message", cascade="all, delete-orphan", order_by="Slot.id"
    )
    files: Mapped[list["EnquiryFile"]] = relationship(back_populates="message", order_by="EnquiryFile.id")


class Quote(Model):
    """What an owner offers: `amount` of `currency` (ISO 4217) for `basis` ("sample", "the whole"), days until it is
    done, the day until which the offer holds, terms in words."""

    __tablename__ = "quotes"
    __table_args__ = (
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("lead_days >= 0", name="lead_days"),
    )

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    amount: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    currency: Mapped[str] = mapped_column(sa.String(3), default="")
    basis: Mapped[str] = mapped_column(sa.String(120), default="")
    lead_days: Mapped[int | None]
    valid_until: Mapped[date | None]
    terms: Mapped[str] = mapped_column(sa.String(2000), default="")

    message: Mapped[Message] = relationship(back_populates="quote")


class Slot(Model):
    """A time that somebody proposes, from `starts_at` to `ends_at`."""

    __tablename__ = "slots"
    __table_args__ = (sa.CheckConstraint("ends_at > starts_at", name="ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[SlotState] = mapped_column(enum_column(SlotState), default=SlotState.PROPOSED)

    message: Mapped[Message] = relationship(back_populates="slots")


class Booking(Model):
    """The one event of a thread's booking: UID and SEQUENCE as in RFC 5545, so that files change one event."""

    __tablename__ = "bookings"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_at"),
        sa.CheckConstraint("sequence >= 0", name="sequence"),
    )

    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(200), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[BookingState] = mapped_column(enum_column(BookingState), default=BookingState.TENTATIVE)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(default=now)

    thread: Mapped[Thread] = relationship(back_populates="booking")


class EnquiryFile(Model):
    """A file with an enquiry or a message, in `INSTANCE_PATH/enquiries` as `stored_as`; downloaded as `name`, only by
    who may read the thread (and, if `withheld`, has accepted the terms). `size` in bytes."""

    __tablename__ = "enquiry_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("enquiries.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    stored_as: Mapped[str] = mapped_column(sa.String(80), unique=True)
    withheld: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(default=now)

    enquiry: Mapped["Enquiry"] = relationship(back_populates="files")
    message: Mapped[Message | None] = relationship(back_populates="files")
