"""Who runs each network, and the log of what they did."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from facilities.accounts.models import User
from facilities.db import Model, now
from facilities.networks.models.network import Hub, Network


class NetworkGrant(Model):
    """That a user belongs to the desk of a network or, with `hub`, of that hub of it alone."""

    __tablename__ = "network_grants"
    __table_args__ = (sa.UniqueConstraint("user_id", "network_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"), index=True)
    hub_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hubs.id", ondelete="CASCADE"), index=True)
    granted_by: Mapped[str] = mapped_column(sa.String(120), default="")
    granted_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(
        backref=backref("network_grants", cascade="all, delete-orphan", order_by=lambda: NetworkGrant.id)
    )
    network: Mapped[Network] = relationship()
    hub: Mapped[Hub | None] = relationship()


class NetworkAct(Model):
    """What somebody did with a network's part: the log its desk and the site's can read."""

    __tablename__ = "network_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(sa.String(40))
    about: Mapped[str] = mapped_column(sa.String(600), default="")
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
