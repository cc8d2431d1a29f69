"""Networks, their hubs, the categories of their members, memberships, applications, and who runs each."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.catalogue.models.terms import Word
from facilities.catalogue.models.vocabulary import label_in
from facilities.db import Model, enum_column, now


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
    its desk and the site's only. `version` counts changes of the page: of two that start from the same the second
    raises StaleDataError.
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
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member_categories.id", ondelete="SET NULL"))
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
        """Whether it is in force on a day (UTC)."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class ApplicationState(Word):
    """How far an application for membership has come."""

    WAITING = "waiting", _("Waiting for a decision")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Application(Model):
    """An organisation's wish to join a network: one of the catalogue, or one that it is to hold (`name` and on).

    `token` is in the applicant's private link. The address is never in page source.
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
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member_categories.id", ondelete="SET NULL"))
    hub_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hubs.id", ondelete="SET NULL"))
    message: Mapped[str] = mapped_column(sa.Text, default="")
    contact_name: Mapped[str] = mapped_column(sa.String(120))
    contact_email: Mapped[str] = mapped_column(sa.String(254))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    applied_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    network: Mapped[Network] = relationship()
    organisation: Mapped[Listing | None] = relationship()
    category: Mapped[MemberCategory | None] = relationship()
    hub: Mapped[Hub | None] = relationship()
    user: Mapped[User | None] = relationship()


class NetworkGrant(Model):
    """That a user belongs to the desk of a network or, with `hub`, of that hub of it alone."""

    __tablename__ = "network_grants"
    __table_args__ = (sa.UniqueConstraint("user_id", "network_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"), index=True)
    hub_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hubs.id", ondelete="CASCADE"))
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
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(default=now)
