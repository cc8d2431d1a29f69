"""Applications for membership."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now
from facilities.networks.models.network import Hub, MemberCategory, Network


class ApplicationState(Word):
    """How far an application for membership has come."""

    WAITING = "waiting", _("Waiting for a decision")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OVERDUE = timedelta(days=14)
"""How long an application may wait before the desks' pages say that it is late."""


class Application(Model):
    """An organisation's wish to join a network: one of the catalogue, or one that it is to hold (`name` and on).

    `token` is in the applicant's private link. The address is never in page source. `reminded_at` is when the desk was
    told for the second time; `emptied_at` when the person and what they wrote were taken out of it.
    """

    __tablename__ = "applications"
    __table_args__ = (
        sa.CheckConstraint("length(country) = 2", name="country"),
        sa.Index("ix_applications_network_id_state", "network_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    form_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"), index=True)
    state: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState), default=ApplicationState.WAITING)
    locale: Mapped[str] = mapped_column(sa.String(8), default="en")
    name: Mapped[str] = mapped_column(sa.String(600))
    company_number: Mapped[str] = mapped_column(sa.String(20), default="")
    organisation_kind: Mapped[str] = mapped_column(sa.String(32), default="")
    url: Mapped[str] = mapped_column(sa.String(2000), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str | None] = mapped_column(sa.String(2))
    category_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("member_categories.id", ondelete="SET NULL"), index=True
    )
    hub_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hubs.id", ondelete="SET NULL"), index=True)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    contact_name: Mapped[str] = mapped_column(sa.String(120))
    contact_email: Mapped[str] = mapped_column(sa.String(254))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    applied_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    reminded_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]

    network: Mapped[Network] = relationship()
    organisation: Mapped[Listing | None] = relationship()
    category: Mapped[MemberCategory | None] = relationship()
    hub: Mapped[Hub | None] = relationship()
    user: Mapped[User | None] = relationship()

    def overdue(self, at: datetime | None = None) -> bool:
        """Whether it has waited for a decision longer than OVERDUE."""
        return self.state == ApplicationState.WAITING and self.applied_at < (at or now()) - OVERDUE
