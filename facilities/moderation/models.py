"""What the desk decides about: proposals, claims, reports, duplicates, merges; and what it decided."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now


class ProposalState(Word):
    """How far a change that waits for a decision has come."""

    WAITING = "waiting", _("Waiting for a decision")
    SENT_BACK = "sent_back", _("Sent back")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    TAKEN_BACK = "taken_back", _("Taken back")


OPEN_PROPOSALS = sa.text("state IN ('waiting', 'sent_back')")


class Proposal(Model):
    """Changes of a published listing that wait: the public sees the old version until they are accepted.

    `changes` is {field: [what the listing said when the field was first changed here, what it is to say]}. A listing
    has at most one open proposal; later edits join it. `decided_by` decided last or, while it waits and nobody has
    changed it since `decided_at`, put it right for the decision.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        sa.Index(
            "uq_proposals_open", "listing_id", unique=True,
            sqlite_where=OPEN_PROPOSALS, postgresql_where=OPEN_PROPOSALS,
        ),
        sa.Index("ix_proposals_state", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState), default=ProposalState.WAITING)
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    listing: Mapped[Listing] = relationship()
    author: Mapped[User | None] = relationship()


class ReportReason(Word):
    OUTDATED = "outdated", _("Out of date")
    WRONG = "wrong", _("Something is wrong")
    CLOSED = "closed", _("No longer exists")
    DUPLICATE = "duplicate", _("Listed twice")
    OTHER = "other", _("Something else")


class CaseState(Word):
    """How far a report or claim has come."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class Report(Model):
    """A visitor's word that a listing is outdated or wrong."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    reason: Mapped[ReportReason] = mapped_column(enum_column(ReportReason))
    message: Mapped[str] = mapped_column(sa.Text, default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    locale: Mapped[str] = mapped_column(sa.String(8), default="en")
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState), default=CaseState.OPEN, index=True)
    reported_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    listing: Mapped[Listing] = relationship()


class Claim(Model):
    """A user's word that a listing is theirs to keep: proven by a letter to its known address, or by the desk."""

    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    mailed_to: Mapped[str] = mapped_column(sa.String(254), default="")
    mailed_at: Mapped[datetime | None]
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState), default=CaseState.OPEN, index=True)
    claimed_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    listing: Mapped[Listing] = relationship()
    user: Mapped[User] = relationship()


class PairState(Word):
    """What was made of two listings that look like the same thing."""

    OPEN = "open", _("Open")
    DIFFERENT = "different", _("Not the same")
    MERGED = "merged", _("Merged")


class Duplicate(Model):
    """Two listings that look like the same thing; `first_id` is the smaller id. `signs` says why."""

    __tablename__ = "duplicates"
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    signs: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[PairState] = mapped_column(enum_column(PairState), default=PairState.OPEN, index=True)
    found_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[datetime | None]

    first: Mapped[Listing] = relationship(foreign_keys=first_id)
    second: Mapped[Listing] = relationship(foreign_keys=second_id)


class Merge(Model):
    """One listing taken into another. `moved` names what moved along, so that the merge can be undone."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    merged_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    merged_by: Mapped[str] = mapped_column(sa.String(120))
    merged_at: Mapped[datetime] = mapped_column(default=now)
    undone_by: Mapped[str] = mapped_column(sa.String(120), default="")
    undone_at: Mapped[datetime | None]

    kept: Mapped[Listing] = relationship(foreign_keys=kept_id)
    merged: Mapped[Listing] = relationship(foreign_keys=merged_id)


class DecisionAct(Word):
    """What the desk or a manager decided."""

    ACCEPTED = "accepted", _("Accepted")
    ACCEPTED_EDITED = "accepted_edited", _("Accepted with changes")
    SENT_BACK = "sent_back", _("Sent back")
    REJECTED = "rejected", _("Rejected")
    MERGED = "merged", _("Merged")
    UNMERGED = "unmerged", _("Merge undone")
    NOT_DUPLICATE = "not_duplicate", _("Found not to be the same")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RESTORED = "restored", _("Restored")
    CLAIM_ACCEPTED = "claim_accepted", _("Claim accepted")
    CLAIM_REJECTED = "claim_rejected", _("Claim rejected")
    REPORT_ACCEPTED = "report_accepted", _("Report accepted")
    REPORT_REJECTED = "report_rejected", _("Report rejected")
    ENQUIRY_RELEASED = "enquiry_released", _("Held enquiry sent on")
    ENQUIRY_SPAM = "enquiry_spam", _("Held enquiry found to be spam")
    SENDER_BLOCKED = "sender_blocked", _("Sender blocked")
    SENDER_UNBLOCKED = "sender_unblocked", _("Sender no longer blocked")
    NEED_APPROVED = "need_approved", _("Need let through")
    NEED_DROPPED = "need_dropped", _("Need not let through")


class Decision(Model):
    """One decision about one listing, with its reason; what the desk does with enquiries has no listing, and
    `listing_name` says what they ask about. The public log prints the act, the listing, the day and
    `public_note`; never a name, nor the reason that was written to an owner."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"), index=True)
    listing_name: Mapped[str] = mapped_column(sa.String(600))
    act: Mapped[DecisionAct] = mapped_column(enum_column(DecisionAct))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    public_note: Mapped[str] = mapped_column(sa.String(400), default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)

    listing: Mapped[Listing | None] = relationship()


class Preferences(Model):
    """What the desk sets for the whole site: one row, with id 1."""

    __tablename__ = "preferences"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("confirmation_months BETWEEN 1 AND 60", name="confirmation_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    confirmation_months: Mapped[int] = mapped_column(default=12)
    decisions_public: Mapped[bool] = mapped_column(default=False)
    registration_open: Mapped[bool] = mapped_column(default=True)
