"""Yearly editions of the facts: what was true when they were frozen, kept to be cited and compared with."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from facilities.db import Model, now


class Edition(Model):
    """The facts of one year about one scope. `scope` is `site`, `network/<slug>`, `hub/<network>/<slug>` or
    `place/<country>/<slug>`; `facts` holds every figure as it was shown, with definitions, coverage and suppression.

    An edition is never changed; one that was wrong is replaced by another with a higher `number`, and stays readable.
    """

    __tablename__ = "editions"
    __table_args__ = (sa.UniqueConstraint("scope", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(sa.String(200))
    year: Mapped[int]
    number: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(sa.String(300))
    facts: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    frozen_at: Mapped[datetime] = mapped_column(default=now)
    frozen_by: Mapped[str] = mapped_column(sa.String(120))
    frozen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
