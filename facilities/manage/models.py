"""What owners keep beside their listings: uploads, imports of spreadsheets, forms not yet saved, checked links."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.accounts.models import User
from facilities.catalogue.models import AttachmentKind, Listing
from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now


class Upload(Model):
    """A file that an owner sent, in INSTANCE_PATH/uploads under `name`; an attachment's url is `/media/<name>`."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[AttachmentKind] = mapped_column(enum_column(AttachmentKind))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    original_name: Mapped[str] = mapped_column(sa.String(200), default="")
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    uploaded_at: Mapped[datetime] = mapped_column(default=now)


class KeptForm(Model):
    """What was typed into a form that could not be taken: its session had ended. Kept for a few days, for whoever holds
    the token in their session cookie."""

    __tablename__ = "kept_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    path: Mapped[str] = mapped_column(sa.String(400))
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kept_at: Mapped[datetime] = mapped_column(default=now, index=True)


class ImportState(Word):
    """How far an import of a spreadsheet has come."""

    UPLOADED = "uploaded", _("Columns to be checked")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Waiting for your word")
    SAVING = "saving", _("Being saved")
    DONE = "done", _("Saved")
    FAILED = "failed", _("Not saved")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ImportRun(Model):
    """One spreadsheet on its way into the catalogue, for the listings below `listing`.

    `columns` is the mapping {column header: field}, `defaults` values for all rows; `report` what the check found and
    what the import did.
    """

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(sa.String(80))
    state: Mapped[ImportState] = mapped_column(enum_column(ImportState), default=ImportState.UPLOADED)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    stored_as: Mapped[str] = mapped_column(sa.String(80))
    sheet: Mapped[str] = mapped_column(sa.String(200), default="")
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    defaults: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    skip_errors: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[datetime] = mapped_column(default=now)
    saved_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    listing: Mapped[Listing] = relationship()
    author: Mapped[User | None] = relationship()


class ColumnMapping(Model):
    """A mapping of columns that an owner saved by name, for the next file of the same kind."""

    __tablename__ = "column_mappings"
    __table_args__ = (sa.UniqueConstraint("listing_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(120))
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    defaults: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime] = mapped_column(default=now)


class LinkCheck(Model):
    """What a web address of a listing answered when it was last looked at."""

    __tablename__ = "link_checks"
    __table_args__ = (sa.Index("ix_link_checks_due_at", "due_at"),)

    url: Mapped[str] = mapped_column(sa.String(2000), primary_key=True)
    checked_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(default=now)
    code: Mapped[int | None]
    problem: Mapped[str] = mapped_column(sa.String(300), default="")
    failures: Mapped[int] = mapped_column(default=0)
    broken_since: Mapped[datetime | None]
