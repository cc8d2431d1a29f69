"""How to get access to a listing and what it costs."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from facilities.catalogue.models.terms import (
    AccessMode,
    Agreement,
    Mode,
    PriceBasis,
    PriceGroup,
    Training,
    UserGroup,
)
from facilities.db import Model, enum_column


class AccessTerms(Model):
    """Who may use it, how, and on what conditions. `price_level` runs from 1 (low) to 4 (high)."""

    __tablename__ = "access_terms"
    __table_args__ = (
        sa.CheckConstraint("price_level BETWEEN 1 AND 4", name="price_level"),
        sa.CheckConstraint("training_hours >= 0", name="training_hours"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    groups: Mapped[list[str]] = mapped_column(default=list)
    modes: Mapped[list[str]] = mapped_column(default=list)
    access_mode: Mapped[AccessMode | None] = mapped_column(enum_column(AccessMode))
    training: Mapped[Training | None] = mapped_column(enum_column(Training))
    training_hours: Mapped[int | None]
    booking_required: Mapped[bool | None]
    safety_certificate: Mapped[str] = mapped_column(sa.String(300), default="")
    agreements: Mapped[list[str]] = mapped_column(default=list)
    insurance: Mapped[str] = mapped_column(sa.String(300), default="")
    conditions: Mapped[str] = mapped_column(sa.Text, default="")
    price_level: Mapped[int | None]

    @property
    def user_groups(self) -> list[UserGroup]:
        return [group for group in UserGroup if group in self.groups]

    @property
    def user_modes(self) -> list[Mode]:
        return [mode for mode in Mode if mode in self.modes]

    @property
    def needed_agreements(self) -> list[Agreement]:
        return [agreement for agreement in Agreement if agreement in self.agreements]


class Price(Model):
    """One line of a price list. Amounts are in `currency` (ISO 4217), without tax."""

    __tablename__ = "prices"
    __table_args__ = (
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("setup_fee >= 0", name="setup_fee"),
        sa.CheckConstraint("valid_until >= valid_from", name="valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    item: Mapped[str] = mapped_column(sa.String(200), default="")
    group: Mapped[PriceGroup] = mapped_column(enum_column(PriceGroup))
    basis: Mapped[PriceBasis] = mapped_column(enum_column(PriceBasis))
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    currency: Mapped[str] = mapped_column(sa.String(3))
    setup_fee: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    includes_operator: Mapped[bool | None]
    includes_analysis: Mapped[bool | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(300), default="")


class Certificate(Model):
    """A quality certificate or authorisation, for instance ISO/IEC 17025 or GMP."""

    __tablename__ = "certificates"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(sa.String(120))
    issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    number: Mapped[str] = mapped_column(sa.String(80), default="")
    scope: Mapped[str] = mapped_column(sa.String(400), default="")
    valid_until: Mapped[date | None]
