"""Networks, their hubs, the categories of their members, and memberships."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from facilities.catalogue.models import Listing, Status
from facilities.catalogue.models.terms import Word
from facilities.catalogue.models.vocabulary import label_in
from facilities.db import Model, enum_column, now
from facilities.formats import site_today


class NetworkKind(Word):
    """What brings the members together."""

    CLUSTER = "cluster", _("Cluster")
    ASSOCIATION = "association", _("Association")
    SCIENCE_PARK = "science_park", _("Science park")
    PROJECT = "project", _("Project")


class Network(Model):
    """Organisations that belong together. Names and texts are {language: text}.

    `organisation` is the network's own listing, whose contacts answer for it. `logo` is a path of this site or empty.
    `host` is the name under which the site shows this network alone, without a port. An unpublished network is seen by
    its desk and the site's only. From `closed_on` it has ended: its page and members can still be read, and nothing
    else leads to it. `version` counts changes of the page: of two that start from the same the second raises
    StaleDataError.
    """

    __tablename__ = "networks"
    __table_args__ = (
        sa.CheckConstraint("length(country) = 2", name="country"),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lng BETWEEN -180 AND 180", name="lng"),
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name="lat_lng"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[NetworkKind] = mapped_column(enum_column(NetworkKind))
    version: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, Any]]
    short_name: Mapped[str] = mapped_column(sa.String(40), default="")
    summaries: Mapped[dict[str, Any]] = mapped_column(default=dict)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    joining: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo: Mapped[str] = mapped_column(sa.String(200), default="")
    url: Mapped[str] = mapped_column(sa.String(2000), default="")
    host: Mapped[str | None] = mapped_column(sa.String(253), unique=True)
    region: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str | None] = mapped_column(sa.String(2))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    takes_applications: Mapped[bool] = mapped_column(default=True)
    published: Mapped[bool] = mapped_column(default=True)
    closed_on: Mapped[date | None]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"), index=True)
    source: Mapped[str] = mapped_column(sa.String(80), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Listing | None] = relationship()
    hubs: Mapped[list["Hub"]] = relationship(
        cascade="all, delete-orphan", order_by="Hub.position", back_populates="network"
    )
    categories: Mapped[list["MemberCategory"]] = relationship(
        cascade="all, delete-orphan", order_by="MemberCategory.position", back_populates="network"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        return label_in(self.names)

    @property
    def path(self) -> str:
        """Its address below the site's root."""
        return f"/networks/{self.slug}"

    @property
    def web_address(self) -> str:
        """That of its page, else of its own listing; nothing is entered twice."""
        own = self._shown_listing()
        return self.url or (own.url if own else "")

    @property
    def place(self) -> str:
        """The region of its page, else the region or town of its own listing."""
        own = self._shown_listing()
        return self.region or (own.region or own.city if own else "")

    def _shown_listing(self) -> Listing | None:
        """Its own listing as far as visitors see that."""
        own = self.organisation
        return own if own and own.status == Status.PUBLISHED else None

    def closed(self, day: date | None = None) -> bool:
        """Whether it has ended by a day, today unless named."""
        return self.closed_on is not None and self.closed_on <= (day or site_today())

    @property
    def listed(self) -> bool:
        """Whether visitors are led to it: to read it they may also have its address when it has ended."""
        return self.published and not self.closed()

    @property
    def can_be_joined(self) -> bool:
        return self.takes_applications and not self.closed()


def in_lists() -> sa.ColumnElement[bool]:
    """Networks that visitors are led to, as a condition; `Network.listed` says the same of one."""
    return sa.and_(Network.published, sa.or_(Network.closed_on.is_(None), Network.closed_on > site_today()))


class FormerSlug(Model):
    """What a network was called in its address before; the address leads to where it is now."""

    __tablename__ = "former_network_slugs"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"), index=True)

    network: Mapped[Network] = relationship()


class Hub(Model):
    """A regional part of a network with a page and a desk of its own. `radius_km` is how far its region reaches."""

    __tablename__ = "hubs"
    __table_args__ = (
        sa.UniqueConstraint("network_id", "slug"),
        sa.CheckConstraint("length(country) = 2", name="country"),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lng BETWEEN -180 AND 180", name="lng"),
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name="lat_lng"),
        sa.CheckConstraint("radius_km BETWEEN 1 AND 500", name="radius_km"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo: Mapped[str] = mapped_column(sa.String(200), default="")
    url: Mapped[str] = mapped_column(sa.String(2000), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    region: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str | None] = mapped_column(sa.String(2))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    radius_km: Mapped[int] = mapped_column(default=50)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"), index=True)

    network: Mapped[Network] = relationship(back_populates="hubs")
    organisation: Mapped[Listing | None] = relationship()

    @property
    def name(self) -> str:
        return label_in(self.names)

    @property
    def key(self) -> str:
        """What the index and addresses call it: uppsala of stockholm-uppsala is `stockholm-uppsala/uppsala`."""
        return f"{self.network.slug}/{self.slug}"

    @property
    def path(self) -> str:
        return f"{self.network.path}/hubs/{self.slug}"


class MemberCategory(Model):
    """A category of the members of a network, such as companies with up to ten employees. `fee` is what it costs, as
    the network words it; it is shown where one applies."""

    __tablename__ = "member_categories"
    __table_args__ = (sa.UniqueConstraint("network_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, Any]]
    fee: Mapped[str] = mapped_column(sa.String(120), default="")

    network: Mapped[Network] = relationship(back_populates="categories")

    @property
    def name(self) -> str:
        return label_in(self.names)


RUNNING = sa.text("until IS NULL")


class Membership(Model):
    """That an organisation belongs to a network, from `since` to `until`, both included; without `until` it goes on.

    Of one organisation in one network at most one goes on. `note` is for the network's desk alone.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        sa.CheckConstraint("until >= since", name="until"),
        sa.Index(
            "uq_memberships_running", "network_id", "organisation_id", unique=True,
            sqlite_where=RUNNING, postgresql_where=RUNNING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    category_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("member_categories.id", ondelete="SET NULL"), index=True
    )
    hub_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hubs.id", ondelete="SET NULL"), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    founder: Mapped[bool] = mapped_column(default=False)
    partner: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    made_by: Mapped[str] = mapped_column(sa.String(120), default="")
    made_at: Mapped[datetime] = mapped_column(default=now)

    network: Mapped[Network] = relationship()
    organisation: Mapped[Listing] = relationship(
        backref=backref("memberships", order_by=lambda: Membership.id, passive_deletes=True)
    )
    category: Mapped[MemberCategory | None] = relationship()
    hub: Mapped[Hub | None] = relationship()

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return holds(self.since, self.until, day)


def holds(since: date | None, until: date | None, day: date) -> bool:
    """Whether what began and ends on these days, both included, is in force on a day."""
    return (since is None or since <= day) and (until is None or day <= until)


def in_force(day: date) -> sa.ColumnElement[bool]:
    """The same of memberships, as a condition."""
    begun = sa.or_(Membership.since.is_(None), Membership.since <= day)
    return sa.and_(begun, sa.or_(Membership.until.is_(None), Membership.until >= day))
