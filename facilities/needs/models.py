"""Public needs, what the search engine found for them, and who asked to be told of needs."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now
from facilities.networks.models import Network


class NeedState(Word):
    """Where a public need is in its life. Past its last day an open one is shown as ended."""

    WAITING = "waiting", _("Waiting for the desk")
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Not published")


class PublicNeed(Model):
    """What an organisation looks for, for all to see, until `ends_on` (its last day). Answers to it are enquiries to
    the organisation. `network` is where it was posted; a need of the whole site has none. `decided_at` is when a desk
    let it through (None while one that a desk posted itself is open) or, while it is refused, when it was refused."""

    __tablename__ = "public_needs"
    __table_args__ = (sa.Index("ix_public_needs_state_ends_on", "state", "ends_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    network_id: Mapped[int | None] = mapped_column(sa.ForeignKey("networks.id", ondelete="SET NULL"), index=True)
    state: Mapped[NeedState] = mapped_column(enum_column(NeedState), default=NeedState.WAITING)
    version: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    title: Mapped[str] = mapped_column(sa.String(160))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    ends_on: Mapped[date]
    posted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    posted_by: Mapped[str] = mapped_column(sa.String(120), default="")
    posted_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    matched_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    organisation: Mapped[Listing] = relationship()
    network: Mapped[Network | None] = relationship()
    author: Mapped[User | None] = relationship()
    matches: Mapped[list["NeedSuggestion"]] = relationship(
        cascade="all, delete-orphan", order_by="NeedSuggestion.position", back_populates="need"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def path(self) -> str:
        return f"/needs/{self.id}"


class NeedSuggestion(Model):
    """A listing that the search engine found for a public need, best first."""

    __tablename__ = "need_suggestions"
    __table_args__ = (sa.UniqueConstraint("need_id", "listing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("public_needs.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    found_at: Mapped[datetime] = mapped_column(default=now)
    told_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    need: Mapped[PublicNeed] = relationship(back_populates="matches")
    listing: Mapped[Listing] = relationship()


class NeedWatch(Model):
    """That a user wants letters about needs which match what belongs to a listing they answer for."""

    __tablename__ = "need_watches"
    __table_args__ = (sa.UniqueConstraint("user_id", "listing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()
    listing: Mapped[Listing] = relationship()
