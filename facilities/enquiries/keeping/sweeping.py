"""Files of enquiries on disk: removed with what they belonged to, and when they belong to nothing."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from facilities.db import db, now
from facilities.enquiries.models import EnquiryFile

LEFT_ALONE = timedelta(days=1)
"""Age up to which a file may belong to an enquiry that is just being stored."""


def remove_files(names: Iterable[str]) -> None:
    """Remove files by the names they have on disk; one that is gone already does no harm."""
    for name in names:
        with suppress(FileNotFoundError):
            (_folder() / name).unlink()


def sweep_files(*, at: datetime | None = None) -> int:
    """Remove the files that no enquiry has; gives their number."""
    cut = ((at or now()) - LEFT_ALONE).timestamp()
    if not _folder().is_dir():
        return 0
    old = {path.name for path in _folder().iterdir() if path.is_file() and path.stat().st_mtime < cut}
    orphans = old.difference(db.session.scalars(sa.select(EnquiryFile.stored_as)))
    remove_files(orphans)
    return len(orphans)


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "enquiries"
