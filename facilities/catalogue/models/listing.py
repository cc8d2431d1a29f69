"""Listings: one table with what all kinds share, joined tables with what each adds."""

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.catalogue.models.access import AccessTerms, Certificate, Price
from facilities.catalogue.models.parts import (
    Attachment,
    Contact,
    ListingText,
    PipelineProject,
    Revision,
    Site,
    SourceRecord,
    Specification,
)
from facilities.catalogue.models.place import Place
from facilities.catalogue.models.terms import (
    AttachmentKind,
    InstrumentStatus,
    Kind,
    OfferKind,
    OrganisationKind,
    Review,
    Status,
)
from facilities.catalogue.models.vocabulary import Category, Technique
from facilities.catalogue.names import slug_of
from facilities.db import Model, enum_column, now

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 6

listing_techniques = sa.Table(
    "listing_techniques",
    Model.metadata,
    sa.Column("listing_id", sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("technique_id", sa.ForeignKey("techniques.id", ondelete="CASCADE"), primary_key=True, index=True),
)

listing_categories = sa.Table(
    "listing_categories",
    Model.metadata,
    sa.Column("listing_id", sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("category_id", sa.ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Listing(Model):
    """A published entry of one of five kinds: what search finds, what an enquiry is about, what an owner edits.

    `parent` is what it directly belongs to (an instrument's facility, a facility's organisation); `organisation` is the
    organisation at the top of that chain, kept beside it so that a page of mixed results needs one SELECT. `version`
    counts its revisions; of two changes that started from the same version the second raises StaleDataError.
    """

    __tablename__ = "listings"
    __table_args__: tuple[sa.schema.SchemaItem, ...] = (
        sa.CheckConstraint("length(name) > 0", name="name"),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lng BETWEEN -180 AND 180", name="lng"),
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name="lat_lng"),
        sa.CheckConstraint("length(country) = 2", name="country"),
        sa.CheckConstraint("parent_id <> id", name="parent"),
        sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        sa.CheckConstraint("established BETWEEN 800 AND 2200", name="established"),
        sa.Index("ix_listings_status_kind", "status", "kind"),
        sa.Index("ix_listings_name_key_country", "name_key", "country"),
        sa.Index("ix_listings_status_confirmed_at", "status", "confirmed_at"),
        sa.Index("ix_listings_places", "status", "country", "city", "lat", "lng"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    status: Mapped[Status] = mapped_column(enum_column(Status), default=Status.PUBLISHED)
    version: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"), index=True)

    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    name: Mapped[str] = mapped_column(sa.String(600))
    name_key: Mapped[str] = mapped_column(sa.String(600), default="")
    abbreviation: Mapped[str] = mapped_column(sa.String(80), default="")
    other_names: Mapped[list[str]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(sa.String(400), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    keywords: Mapped[list[str]] = mapped_column(default=list)

    department: Mapped[str] = mapped_column(sa.String(300), default="")
    address: Mapped[str] = mapped_column(sa.String(400), default="")
    postal_code: Mapped[str] = mapped_column(sa.String(20), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    region: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str | None] = mapped_column(sa.String(2))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    building: Mapped[str] = mapped_column(sa.String(120), default="")
    room: Mapped[str] = mapped_column(sa.String(120), default="")

    url: Mapped[str] = mapped_column(sa.String(2000), default="")
    ror: Mapped[str | None] = mapped_column(sa.String(9), unique=True)
    rrid: Mapped[str | None] = mapped_column(sa.String(80))
    doi: Mapped[str | None] = mapped_column(sa.String(200))
    established: Mapped[int | None]

    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(sa.String(120), default="")
    confirmation_asked_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    withdraw_on: Mapped[date | None] = mapped_column(index=True)
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="SET NULL"))

    parent: Mapped["Listing | None"] = relationship(foreign_keys=parent_id, remote_side=id, back_populates="children")
    children: Mapped[list["Listing"]] = relationship(
        foreign_keys=parent_id, back_populates="parent", order_by="Listing.name", passive_deletes=True
    )
    organisation: Mapped["Listing | None"] = relationship(foreign_keys=organisation_id, remote_side=id)
    successor: Mapped["Listing | None"] = relationship(foreign_keys=successor_id, remote_side=id)
    texts: Mapped[list[ListingText]] = relationship(cascade="all, delete-orphan")
    techniques: Mapped[list[Technique]] = relationship(secondary=listing_techniques, order_by=Technique.slug)
    categories: Mapped[list[Category]] = relationship(secondary=listing_categories, order_by=Category.position)
    access: Mapped[AccessTerms | None] = relationship(cascade="all, delete-orphan", single_parent=True)
    prices: Mapped[list[Price]] = relationship(cascade="all, delete-orphan", order_by=Price.position)
    certificates: Mapped[list[Certificate]] = relationship(cascade="all, delete-orphan", order_by=Certificate.position)
    contacts: Mapped[list[Contact]] = relationship(
        cascade="all, delete-orphan", order_by=Contact.position, back_populates="listing"
    )
    attachments: Mapped[list[Attachment]] = relationship(cascade="all, delete-orphan", order_by=Attachment.position)
    specifications: Mapped[list[Specification]] = relationship(
        cascade="all, delete-orphan", order_by=Specification.position
    )
    sites: Mapped[list[Site]] = relationship(cascade="all, delete-orphan", order_by=Site.position)
    pipeline: Mapped[list[PipelineProject]] = relationship(
        cascade="all, delete-orphan", order_by=PipelineProject.position
    )
    if TYPE_CHECKING:
        memberships: Mapped[list[Any]]
        """Of an organisation in networks; `facilities.networks.models` adds it."""
    revisions: Mapped[list[Revision]] = relationship(
        cascade="all, delete-orphan", order_by=Revision.id, back_populates="listing"
    )
    source_records: Mapped[list[SourceRecord]] = relationship(
        cascade="all, delete-orphan", order_by=SourceRecord.id, back_populates="listing"
    )

    __mapper_args__ = {
        "polymorphic_on": "kind",
        "with_polymorphic": "*",
        "version_id_col": version,
        "version_id_generator": False,
    }

    @property
    def slug(self) -> str:
        return slug_of(self.name) or self.kind.value

    @property
    def path(self) -> str:
        """The permanent address below the site's root."""
        return f"/{self.kind.path}/{self.id}-{self.slug}"

    @property
    def place(self) -> Place:
        """Where it is: its own place, else that of the nearest ancestor that has one."""
        for listing in self.lineage():
            if listing.city or listing.country or listing.lat is not None:
                return Place.of(listing)
        return Place.of(self)

    def lineage(self) -> "Iterator[Listing]":
        """This listing, its parent, the parent's parent, upwards, to DEEPEST at the most."""
        listing: Listing | None = self
        for _ in range(DEEPEST):
            if listing is None:
                return
            yield listing
            listing = listing.parent

    @property
    def terms(self) -> AccessTerms | None:
        """The access terms that hold here: its own, else the nearest ancestor's."""
        return next((listing.access for listing in self.lineage() if listing.access), None)

    def attached(self, kind: AttachmentKind) -> list[Attachment]:
        return [attachment for attachment in self.attachments if attachment.kind == kind]

    @property
    def images(self) -> list[Attachment]:
        return self.attached(AttachmentKind.IMAGE)

    @property
    def links(self) -> list[Attachment]:
        return self.attached(AttachmentKind.LINK)

    @property
    def documents(self) -> list[Attachment]:
        return self.attached(AttachmentKind.DOCUMENT)

    @cached_property
    def languages(self) -> list[str]:
        """The languages its texts exist in, the first being the one it was written in."""
        return [self.language, *(text.language for text in self.texts)]


class Organisation(Listing):
    """University, hospital, institute, company, science park, cluster, authority.

    `roles` are slugs of `ActorRole`. Employees are persons, turnover is in whole units of `turnover_currency`
    (ISO 4217); each has the year it is of and where the figure comes from.
    """

    __tablename__ = "organisations"
    __table_args__: tuple[sa.schema.SchemaItem, ...] = (
        sa.CheckConstraint("employees >= 0", name="employees"),
        sa.CheckConstraint("employees_year BETWEEN 1900 AND 2200", name="employees_year"),
        sa.CheckConstraint("turnover >= 0", name="turnover"),
        sa.CheckConstraint("turnover_year BETWEEN 1900 AND 2200", name="turnover_year"),
    )
    __mapper_args__ = {"polymorphic_identity": Kind.ORGANISATION}

    id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    organisation_kind: Mapped[OrganisationKind] = mapped_column(
        enum_column(OrganisationKind), default=OrganisationKind.OTHER
    )
    roles: Mapped[list[str]] = mapped_column(default=list)
    company_number: Mapped[str] = mapped_column(sa.String(20), default="")
    sector: Mapped[str] = mapped_column(sa.String(32), default="")
    activities: Mapped[list[str]] = mapped_column(default=list)
    customers: Mapped[list[str]] = mapped_column(default=list)
    specialties: Mapped[list[str]] = mapped_column(default=list)
    employees: Mapped[int | None]
    employees_year: Mapped[int | None]
    employees_source: Mapped[str] = mapped_column(sa.String(200), default="")
    turnover: Mapped[int | None] = mapped_column(sa.BigInteger)
    turnover_currency: Mapped[str] = mapped_column(sa.String(3), default="")
    turnover_year: Mapped[int | None]
    turnover_source: Mapped[str] = mapped_column(sa.String(200), default="")
    review: Mapped[Review] = mapped_column(enum_column(Review), default=Review.MANAGER)


class Facility(Listing):
    """A staffed unit of an organisation that offers access to instruments and services."""

    __tablename__ = "facilities"
    __mapper_args__ = {"polymorphic_identity": Kind.FACILITY}

    id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    siting: Mapped[str] = mapped_column(sa.String(40), default="")
    operation: Mapped[str] = mapped_column(sa.String(80), default="")


class Instrument(Listing):
    """One piece, or a set, of equipment. `idle_hours` is how many hours of a usual week it stands free."""

    __tablename__ = "instruments"
    __table_args__: tuple[sa.schema.SchemaItem, ...] = (
        sa.CheckConstraint("quantity >= 1", name="quantity"),
        sa.CheckConstraint("idle_hours BETWEEN 0 AND 168", name="idle_hours"),
    )
    __mapper_args__ = {"polymorphic_identity": Kind.INSTRUMENT}

    id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    manufacturer: Mapped[str] = mapped_column(sa.String(120), default="")
    model: Mapped[str] = mapped_column(sa.String(200), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    serial_number: Mapped[str] = mapped_column(sa.String(80), default="")
    inventory_number: Mapped[str] = mapped_column(sa.String(80), default="")
    acquired: Mapped[str] = mapped_column(sa.String(10), default="")
    available_until: Mapped[date | None]
    idle_hours: Mapped[int | None]
    instrument_status: Mapped[InstrumentStatus | None] = mapped_column(enum_column(InstrumentStatus))


class Service(Listing):
    """Something a facility or company does for customers. Lead times are working days, TRL runs from 1 to 9."""

    __tablename__ = "services"
    __table_args__: tuple[sa.schema.SchemaItem, ...] = (
        sa.CheckConstraint("lead_time_min >= 0 AND lead_time_max >= lead_time_min", name="lead_time"),
        sa.CheckConstraint("trl_min BETWEEN 1 AND 9 AND trl_max BETWEEN trl_min AND 9", name="trl"),
    )
    __mapper_args__ = {"polymorphic_identity": Kind.SERVICE}

    id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    sample_input: Mapped[str] = mapped_column(sa.Text, default="")
    deliverables: Mapped[str] = mapped_column(sa.Text, default="")
    capacity: Mapped[str] = mapped_column(sa.String(300), default="")
    lead_time_min: Mapped[int | None]
    lead_time_max: Mapped[int | None]
    trl_min: Mapped[int | None]
    trl_max: Mapped[int | None]


class Offer(Listing):
    """What an organisation offers besides instruments, facilities and services: premises, capital, advice, education,
    or a part in a common undertaking.

    `open_until` is the last day on which it can be asked for, a deadline. Of premises: areas are in square metres,
    `free_from` is the first day they are free. Of funding: `stages` are values of FundingStage, amounts are in whole
    units of `currency` (ISO 4217).
    """

    __tablename__ = "offers"
    __table_args__: tuple[sa.schema.SchemaItem, ...] = (
        sa.CheckConstraint("area_min >= 0 AND area_max >= area_min", name="area"),
        sa.CheckConstraint("amount_min >= 0 AND amount_max >= amount_min", name="amount"),
    )
    __mapper_args__ = {"polymorphic_identity": Kind.OFFER}

    id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    offer_kind: Mapped[OfferKind] = mapped_column(enum_column(OfferKind), default=OfferKind.KNOWLEDGE, index=True)
    open_until: Mapped[date | None]
    premises: Mapped[list[str]] = mapped_column(default=list)
    area_min: Mapped[int | None]
    area_max: Mapped[int | None]
    room_classes: Mapped[list[str]] = mapped_column(default=list)
    free_from: Mapped[date | None]
    stages: Mapped[list[str]] = mapped_column(default=list)
    amount_min: Mapped[int | None] = mapped_column(sa.BigInteger)
    amount_max: Mapped[int | None] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3), default="")


LISTINGS = cast("sa.Table", Listing.__table__)
"""The table itself, for statements that need none of the kinds' own columns."""
