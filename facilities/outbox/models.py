"""Jobs and letters saved with the change that caused them."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now


class JobKind(StrEnum):
    """What is to be done with the subject. Doing a job twice does no harm."""

    INDEX_LISTING = "index_listing"
    ENQUIRY_LETTER = "enquiry_letter"
    RECEIPT_LETTER = "receipt_letter"
    LETTER = "letter"
    IMPORT = "import"


class JobStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Delivery(Word):
    """How far a letter has come."""

    WAITING = "waiting", _("On its way")
    SENT = "sent", _("Delivered to the mail server")
    DEFERRED = "deferred", _("Delayed, will be tried again")
    FAILED = "failed", _("Could not be delivered")
    BOUNCED = "bounced", _("Came back")


class Job(Model):
    """Something to do after the commit: a kind and the id of its subject (listing, enquiry, letter ...)."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.Index(
            "ix_jobs_waiting",
            "kind",
            "due_at",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
        sa.Index("ix_jobs_done_at", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(enum_column(JobKind))
    subject_id: Mapped[int]
    status: Mapped[JobStatus] = mapped_column(enum_column(JobStatus), default=JobStatus.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    done_at: Mapped[datetime | None]


class StoredLetter(Model):
    """A letter as it was written, waiting to be sent. Once it is sent its words, which may hold a private link, are
    erased. `unsubscribe` is the path that ends letters of its sort, if they come again and again.

    A letter about a thread names it, and the recipient if it goes to one. `reply_to` is where its answer is sent,
    `calendar` an iCalendar file that goes with it. `mail_id` is the Message-ID it was sent with, `problem` what the
    mail server said, `bounced_at` when it came back.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    to: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(400))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    unsubscribe: Mapped[str] = mapped_column(sa.String(200), default="")
    written_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(sa.String(500), default="")
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("threads.id", ondelete="SET NULL"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recipients.id", ondelete="SET NULL"), index=True)
    reply_to: Mapped[str] = mapped_column(sa.String(400), default="")
    calendar: Mapped[str] = mapped_column(sa.Text, default="")
    mail_id: Mapped[str] = mapped_column(sa.String(200), default="")
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.WAITING)
    bounced_at: Mapped[datetime | None]
