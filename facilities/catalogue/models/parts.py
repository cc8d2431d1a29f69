"""What belongs to a listing: its texts in other languages, contacts, attachments, specification, revisions, sources."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.catalogue.models.terms import AttachmentKind, Phase, RevisionAct
from facilities.db import Model, enum_column, now

if TYPE_CHECKING:
    from facilities.catalogue.models.listing import Listing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something: a name for the history and, for a person with an account, the user's id."""

    name: str
    user_id: int | None = None

    @classmethod
    def of(cls, who: "Actor | str") -> "Actor":
        return who if isinstance(who, Actor) else cls(who)


class ListingText(Model):
    """Name, summary and description of a listing in one more language."""

    __tablename__ = "listing_texts"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(600), default="")
    summary: Mapped[str] = mapped_column(sa.String(400), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")


class Contact(Model):
    """A named role at a listing that receives enquiries. No page source ever holds its address.

    It takes enquiries of the named kinds, user groups and languages; of all, where none are named. From `away_from` to
    `away_until`, both included, the deputy receives them. `left_at` is when an owner said that the person is gone,
    `bounced_at` when a letter to the address came back for good, with the mail server's words.
    """

    __tablename__ = "contacts"
    __table_args__ = (sa.CheckConstraint("away_until >= away_from", name="away_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(sa.String(120))
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254))
    orcid: Mapped[str | None] = mapped_column(sa.String(19))
    deputy_name: Mapped[str] = mapped_column(sa.String(120), default="")
    deputy_email: Mapped[str] = mapped_column(sa.String(254), default="")
    languages: Mapped[list[str]] = mapped_column(default=list)
    enquiry_kinds: Mapped[list[str]] = mapped_column(default=list)
    groups: Mapped[list[str]] = mapped_column(default=list)
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    left_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    bounce_words: Mapped[str] = mapped_column(sa.String(500), default="")

    listing: Mapped["Listing"] = relationship(back_populates="contacts")


class Attachment(Model):
    """An image, link or document. `url` is an http(s) address, or for a file of ours a path of this site."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[AttachmentKind] = mapped_column(enum_column(AttachmentKind))
    url: Mapped[str] = mapped_column(sa.String(2000))
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    credit: Mapped[str] = mapped_column(sa.String(200), default="")


class Specification(Model):
    """One line of the technical data of an instrument or service: "Lasers": "405, 488, 561 nm"."""

    __tablename__ = "specifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(sa.String(120))
    value: Mapped[str] = mapped_column(sa.String(500))


class Site(Model):
    """Another place where an organisation works, besides its own address. Coordinates are WGS 84 degrees."""

    __tablename__ = "sites"
    __table_args__ = (
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lng BETWEEN -180 AND 180", name="lng"),
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name="lat_lng"),
        sa.CheckConstraint("length(country) = 2", name="country"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    address: Mapped[str] = mapped_column(sa.String(400), default="")
    postal_code: Mapped[str] = mapped_column(sa.String(20), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str | None] = mapped_column(sa.String(2))
    lat: Mapped[float | None]
    lng: Mapped[float | None]


class PipelineProject(Model):
    """A project on its way to patients: what it is against, what it is (modality), how far it has come."""

    __tablename__ = "pipeline_projects"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(sa.String(200))
    phase: Mapped[Phase] = mapped_column(enum_column(Phase))
    indication: Mapped[str] = mapped_column(sa.String(200), default="")
    modality: Mapped[str] = mapped_column(sa.String(200), default="")
    year: Mapped[int | None]


class Revision(Model):
    """What a listing said before and after a change, who made it, when. `changes` is {field: [before, after]}.

    `version` is the listing's number after the change; `made_by` the name at that time.
    """

    __tablename__ = "revisions"
    __table_args__ = (sa.UniqueConstraint("listing_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"))
    version: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[str] = mapped_column(sa.String(120))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("imports.id", ondelete="SET NULL"), index=True)
    act: Mapped[RevisionAct] = mapped_column(enum_column(RevisionAct))
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(sa.Text, default="")

    listing: Mapped["Listing"] = relationship(back_populates="revisions")


class Source(Model):
    """Where records come from: a register, a portal, a file of an organisation."""

    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    url: Mapped[str] = mapped_column(sa.String(2000), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class SourceRecord(Model):
    """The record a listing was made from, as it was last imported, so that the next import changes only what changed
    there since. Identity is (source, source_id)."""

    __tablename__ = "source_records"
    __table_args__ = (sa.UniqueConstraint("source", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.ForeignKey("sources.name"))
    source_id: Mapped[str] = mapped_column(sa.String(200))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    licence: Mapped[str] = mapped_column(sa.String(80), default="")
    record: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    imported_at: Mapped[datetime] = mapped_column(default=now)

    listing: Mapped["Listing"] = relationship(back_populates="source_records")
