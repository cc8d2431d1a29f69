"""The controlled vocabulary: techniques with their names in every language, and the browse tree of categories."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.catalogue.models.terms import TermKind, VocabularyAct
from facilities.db import Model, enum_column, now
from facilities.languages import text_of


def label_in(labels: Mapping[str, Any], language: str = "") -> str:
    """The label in a language, that of the visitor if none is named, else in one that its speakers read."""
    return labels.get(language) or text_of(labels, language)


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
    """A concept of the vocabulary: what an instrument, facility or service can do.

    `clues` are words that make an ambiguous term this technique's; `not_with` gives, by term, words that say it is not.
    """

    __tablename__ = "techniques"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("categories.id"), index=True)
    broader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("techniques.id", ondelete="SET NULL"), index=True)
    labels: Mapped[dict[str, Any]]
    same_as: Mapped[list[str]] = mapped_column(default=list)
    clues: Mapped[list[str]] = mapped_column(default=list)
    not_with: Mapped[dict[str, Any]] = mapped_column(default=dict)

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


class ActorRole(Model):
    """A role of organisations in the value chain. The desk keeps the list; a retired one is offered no longer, and what
    has it keeps it. `topics` are words that somebody with a question would use, in any language. `successor` is the
    role that organisations got instead when the two became one."""

    __tablename__ = "actor_roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    labels: Mapped[dict[str, Any]]
    descriptions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    topics: Mapped[list[str]] = mapped_column(default=list)
    retired_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor_roles.id", ondelete="SET NULL"))

    @property
    def label(self) -> str:
        return label_in(self.labels)

    @property
    def description(self) -> str:
        return label_in(self.descriptions)


class VocabularyChange(Model):
    """What a technique said before and after a change, in the form that the files have (docs/vocabulary.md).

    A change of the desk wins over the files until it is undone, or until the files say the same (`in_files_at`).
    """

    __tablename__ = "vocabulary_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    technique_id: Mapped[int | None] = mapped_column(sa.ForeignKey("techniques.id", ondelete="SET NULL"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(120))
    act: Mapped[VocabularyAct] = mapped_column(enum_column(VocabularyAct))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)
    undone_by: Mapped[str] = mapped_column(sa.String(120), default="")
    undone_at: Mapped[datetime | None]
    in_files_at: Mapped[datetime | None]

    technique: Mapped[Technique | None] = relationship()
