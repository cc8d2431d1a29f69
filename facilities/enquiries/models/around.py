"""What owners and the desk keep around threads: templates of answers, blocked senders, who opened what, counts."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.db import Model, enum_column, now
from facilities.enquiries.models.enquiry import Enquiry
from facilities.enquiries.models.thread import Thread
from facilities.enquiries.models.words import MatchState


class AnswerTemplate(Model):
    """Words that an owner often answers with, kept at a listing and offered for all that belongs to it."""

    __tablename__ = "answer_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text)

    listing: Mapped[Listing] = relationship()


class BlockedSender(Model):
    """An address, or a whole domain written `@domain`, whose enquiries are held. In small letters."""

    __tablename__ = "blocked_senders"

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern: Mapped[str] = mapped_column(sa.String(254), unique=True)
    why: Mapped[str] = mapped_column(sa.String(300), default="")
    blocked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    blocked_by: Mapped[str] = mapped_column(sa.String(120), default="")
    blocked_at: Mapped[datetime] = mapped_column(default=now)


class ThreadOpening(Model):
    """That somebody of the desk opened a thread. `who` stays when the account is erased."""

    __tablename__ = "thread_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("threads.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(sa.String(120))
    opened_at: Mapped[datetime] = mapped_column(default=now, index=True)

    thread: Mapped[Thread] = relationship()
    user: Mapped[User | None] = relationship()


class NeedMatch(Model):
    """A listing that search found for a posted need, best first; the desk decides which are asked."""

    __tablename__ = "need_matches"
    __table_args__ = (sa.UniqueConstraint("enquiry_id", "listing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("enquiries.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[MatchState] = mapped_column(enum_column(MatchState), default=MatchState.OFFERED)

    enquiry: Mapped[Enquiry] = relationship()
    listing: Mapped[Listing] = relationship()


class DailyNumber(Model):
    """How often a listing's page was opened and the listing shown among results, on one day (UTC)."""

    __tablename__ = "daily_numbers"
    __table_args__ = (
        sa.CheckConstraint("views >= 0", name="views"),
        sa.CheckConstraint("found >= 0", name="found"),
        sa.Index("ix_daily_numbers_day", "day"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
