"""The controlled vocabulary: techniques with their names in every language, and the browse tree of categories."""

from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.catalogue.models.terms import TermKind
from facilities.db import Model, enum_column


def label_in(labels: dict[str, Any]) -> str:
    """The label in the visitor's language, else in English, else any."""
    language = get_locale().language if get_locale() else "en"
    return labels.get(language) or labels.get("en") or next(iter(labels.values()), "")


class Category(Model):
    """A place in the coarse browse tree of two levels."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("categories.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    labels: Mapped[dict[str, Any]]
    descriptions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    aliases: Mapped[list[str]] = mapped_column(default=list)

    parent: Mapped["Category | None"] = relationship(remote_side=id, back_populates="children")
    children: Mapped[list["Category"]] = relationship(back_populates="parent", order_by="Category.position")

    @property
    def label(self) -> str:
        return label_in(self.labels)

    @property
    def description(self) -> str:
        return label_in(self.descriptions)


class Technique(Model):
    """A concept of the vocabulary: what an instrument, facility or service can do."""

    __tablename__ = "techniques"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("categories.id"), index=True)
    broader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("techniques.id", ondelete="SET NULL"), index=True)
    labels: Mapped[dict[str, Any]]
    same_as: Mapped[list[str]] = mapped_column(default=list)

    category: Mapped[Category] = relationship()
    broader: Mapped["Technique | None"] = relationship(remote_side=id, back_populates="narrower")
    narrower: Mapped[list["Technique"]] = relationship(back_populates="broader")
    terms: Mapped[list["TechniqueTerm"]] = relationship(back_populates="technique", cascade="all, delete-orphan")

    @property
    def label(self) -> str:
        return label_in(self.labels)


class TechniqueTerm(Model):
    """One text that names a technique. An ambiguous one counts only when written in exactly this case."""

    __tablename__ = "technique_terms"
    __table_args__ = (sa.UniqueConstraint("technique_id", "language", "kind", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    technique_id: Mapped[int] = mapped_column(sa.ForeignKey("techniques.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(sa.String(8))
    kind: Mapped[TermKind] = mapped_column(enum_column(TermKind))
    text: Mapped[str] = mapped_column(sa.String(200))
    ambiguous: Mapped[bool] = mapped_column(default=False)

    technique: Mapped[Technique] = relationship(back_populates="terms")
